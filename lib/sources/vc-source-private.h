/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-problems-private.h"
#include "valuechain/vc-source.h"

G_BEGIN_DECLS

/* For a read() that fails: all that is wrong, of which its error is the first. A check lists them instead of
 * failing. Takes `problems`. */
void vc_source_take_problems (VcSource *self, VcProblems *problems);

G_END_DECLS
