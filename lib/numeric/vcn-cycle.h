/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-sweep.h"

G_BEGIN_DECLS

/* A sweep, and its correction by groups. What is left after a sweep is what it took from old values, times their
 * change: known exactly for each group, at a third of the cost of a residual. */
typedef struct {
  const VcnSweep  *sweep;
  const VcnCoarse *coarse;
  guint            pairs;
  double           coupling; /* the second column is x1 = b1 + coupling x0 + P x1 */
  gboolean         is_plain; /* without correction */
  VcnPair         *x;        /* borrowed: new | old */
  guint            n_chunks;
  double *part; /* of each chunk: what is left in each group, by column; then the largest changes and values */
  VcnPair          shift[VCN_COARSE_GROUPS * VCN_PAIRS];
  /* out: of the sweep */
  double           change[VCN_COLUMNS];  /* largest */
  double           largest[VCN_COLUMNS]; /* largest |x| */
} VcnCycle;

/* sweep, coarse, pairs and x are given. */
gboolean vcn_cycle_init  (VcnCycle *self, GError **error);
void     vcn_cycle_clear (VcnCycle *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnCycle, vcn_cycle_clear)
/* x from x, of which new and old must be the same, for right-hand side b (NULL: 0). */
void     vcn_cycle_run   (VcnCycle *self, const VcnPair *b);

G_END_DECLS
