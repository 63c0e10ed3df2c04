/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-coarse.h"
#include "vcn-sweep.h"

G_BEGIN_DECLS

/* What a sweep leaves in each group. It is what the sweep read while that was old, times how it has changed since. The
 * nodes of a bin share one guess of the groups in which their changes are left: it is right on the whole, and what it
 * misses of a node is as often more as less. So sums that a sweep makes in passing are all that is needed. Hubs are
 * known by themselves. */
typedef struct {
  const VcnSweep  *sweep;
  const VcnCoarse *coarse;
  double          *weight; /* n: of a node's change, what is left anywhere, as it counts for groups; 0 of hubs */
  guint32         *start;  /* by bin, then by hub: groups in which something is left, */
  guint8          *group;
  double          *part;   /* and which part */
} VcnLate;

/* `sweep`, `coarse` and `other`, the rows of the other direction, are complete. */
gboolean vcn_late_init  (VcnLate *self, const VcnSweep *sweep, const VcnSweep *other, const VcnCoarse *coarse,
                         GError **error);
void     vcn_late_clear (VcnLate *self);
/* What is left in each group, `pairs` for each, after a sweep of x, [new | old], that summed up changes of bins. */
void     vcn_late_sum   (const VcnLate *self, guint pairs, const VcnPair *x, const VcnPair *sum, VcnPair *left);

G_END_DECLS
