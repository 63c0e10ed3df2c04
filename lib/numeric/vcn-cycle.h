/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-late.h"

G_BEGIN_DECLS

/* A sweep, and its correction by groups. */
typedef struct {
  const VcnLate   *late;     /* with its sweep and groups */
  guint            pairs;
  double           coupling; /* the second column is x1 = b1 + coupling x0 + P x1 */
  gboolean         is_plain; /* without correction */
  VcnPair         *x;        /* borrowed: new | old */
  VcnSweepChange   swept;
  VcnPair          shift[VCN_COARSE_GROUPS * VCN_PAIRS];
  /* out: of the sweep */
  double           change[VCN_COLUMNS];  /* largest */
  double           largest[VCN_COLUMNS]; /* largest |x| */
} VcnCycle;

/* late, pairs and x are given. */
gboolean vcn_cycle_init  (VcnCycle *self, GError **error);
void     vcn_cycle_clear (VcnCycle *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnCycle, vcn_cycle_clear)
/* x from x, of which new and old must be the same, for right-hand side b (NULL: 0). */
void     vcn_cycle_run   (VcnCycle *self, const VcnPair *b);

G_END_DECLS
