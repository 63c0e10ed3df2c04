/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Error bounds by comparison: (I - P)^-1 is not negative, so that (I - P) v >= w > 0 and |r| <= ratio w prove |error|
 * <= ratio v. */
typedef struct {
  guint32       n;
  const double *v, *w;
} VcnBound;

/* Half a unit in the last place of 1. */
#define VCN_ROUNDING 0x1p-53
/* A residual b + P x - x is that far off by rounding, for each x: shares are quotients, their products with differences
 * of at most 2 x in all. */
#define VCN_RESIDUAL_ROUNDING (10 * VCN_ROUNDING)

/* Largest (|r| + error of b + rounding) / w; residuals are `stride` apart. b_error may be NULL. */
double   vcn_bound_ratio (const VcnBound *self, const double *r, guint stride, const double *b_error, const double *x);
/* Largest v / w. */
double   vcn_bound_depth (const VcnBound *self);
/* error = ratio v */
void     vcn_bound_apply (const VcnBound *self, double ratio, double *error);

G_END_DECLS
