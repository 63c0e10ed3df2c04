/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-absorb-private.h"
#include "vcn-pair.h"

G_BEGIN_DECLS

/* Columns of answers as a solve writes them, by places; where these are the nodes' numbers, those asked for themselves.
 */
typedef struct {
  const VcnAbsorb *absorb;
  guint            n;
  double          *asked[VCN_COLUMNS], *x[VCN_COLUMNS];
} VcnPlaced;

/* The column for an answer, of 0; NULL: no memory. */
double *vcn_placed_add   (VcnPlaced *self, double *asked);
/* When all are known. */
void    vcn_placed_give  (const VcnPlaced *self);
void    vcn_placed_clear (VcnPlaced *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnPlaced, vcn_placed_clear)

G_END_DECLS
