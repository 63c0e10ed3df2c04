/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-progress.h"

G_BEGIN_DECLS

/* What a fraction of 0 and one of 1 mean of the whole. */
typedef struct {
  double start;
  double width;
} VcProgressSpan;

/* Work made of parts, each of which counts from 0 to 1: from here until vc_progress_leave(), 0 means `from` and 1 means
 * `to` of what they meant so far. Answers what vc_progress_leave() needs. `self` may be NULL. One part at a time. */
VcProgressSpan vc_progress_enter (VcProgress *self, double from, double to);
void           vc_progress_leave (VcProgress *self, VcProgressSpan outer);

G_END_DECLS
