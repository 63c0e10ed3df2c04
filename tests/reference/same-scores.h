/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/valuechain.h"

/* Where two scores differ first, in words; NULL: nowhere. Numbers are compared bit by bit. */
char *difference_of_scores (VcScores *a, VcScores *b);
