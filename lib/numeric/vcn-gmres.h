/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-cycle.h"

G_BEGIN_DECLS

/* GMRES (Saad, Schultz 1986) on z = G z + c, where G is a cycle and c the cycle of b from 0: cycles alone are quick to
 * remove all but a few shapes of error, and those few it finds. Sums are in a fixed order. */
#define VCN_GMRES_MAX 20

typedef struct {
  VcnCycle  cycle;
  VcnPair  *x;       /* of the cycle */
  gsize     n;       /* numbers in a vector */
  guint     n_chunks;
  double   *basis[VCN_GMRES_MAX + 1]; /* made when needed */
  double   *sums;    /* VCN_GMRES_MAX + 1 for each chunk */
  double   *z;
  guint     k;       /* the last of the basis */
  double    factor[VCN_GMRES_MAX + 1];
  double    hessenberg[VCN_GMRES_MAX][VCN_GMRES_MAX + 1]; /* by columns, turned to a triangle */
  double    sine[VCN_GMRES_MAX], cosine[VCN_GMRES_MAX];
  double    rest[VCN_GMRES_MAX + 1];
  guint     iterations; /* out */
} VcnGmres;

gboolean vcn_gmres_init  (VcnGmres *self, const VcnLate *late, guint pairs, GError **error);
void     vcn_gmres_clear (VcnGmres *self);
/* z from b, in place, until the residual fell by the factor `goal`, the basis is full or iterations reach
 * max_iterations. FALSE: cancelled, no memory. */
gboolean vcn_gmres_solve (VcnGmres *self, VcnPair *b, double goal, guint max_iterations, const VcnMonitor *monitor,
                          GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnGmres, vcn_gmres_clear)

G_END_DECLS
