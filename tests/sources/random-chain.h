/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/valuechain.h"

/* A chain with up to `size` parties and records of every kind, and with attributes of every type; the same for the same
 * numbers. */
VcChain *random_chain (guint32 seed, guint size);
