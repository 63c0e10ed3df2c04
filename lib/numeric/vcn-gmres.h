/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-sweep.h"

G_BEGIN_DECLS

/* GMRES (Saad, Schultz 1986) on z = G z + c, where G is a sweep with its correction and c the sweep of b from 0: sweeps alone are quick to remove all
 * but a few shapes of error, and those few it finds. In single precision, with sums in double precision in a fixed order. */
#define VCN_GMRES_MAX 20

typedef struct {
  const VcnSweep *sweep;
  VcnSweepColumns columns;
  gsize           n;       /* floats in a vector */
  guint           n_chunks;
  float          *b, *z;
  float          *x;       /* 2 n, what sweeps work on */
  float          *basis[VCN_GMRES_MAX + 1]; /* made when needed */
  double         *sums;    /* VCN_GMRES_MAX + 1 for each chunk */
  guint           k;       /* the last of the basis */
  double          factor[VCN_GMRES_MAX + 1];
  double          hessenberg[VCN_GMRES_MAX][VCN_GMRES_MAX + 1]; /* by columns, turned to a triangle */
  double          sine[VCN_GMRES_MAX], cosine[VCN_GMRES_MAX];
  double          rest[VCN_GMRES_MAX + 1];
  guint           iterations;
} VcnGmres;

gboolean vcn_gmres_init  (VcnGmres *self, const VcnSweep *sweep, guint width, GError **error);
void     vcn_gmres_clear (VcnGmres *self);
/* z from b, until the residual fell by the factor `goal`, the basis is full or iterations reach max_iterations. `effort`: 0, by sweeps alone; where these
 * are not enough it becomes 1, GMRES; 2: without the correction by groups. FALSE: cancelled, no memory. */
gboolean vcn_gmres_solve (VcnGmres *self, double goal, guint max_iterations, guint *effort, const VcnMonitor *monitor, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnGmres, vcn_gmres_clear)

G_END_DECLS
