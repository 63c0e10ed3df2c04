/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-bound.h"

#include <math.h>

#include "vcn-private.h"

double
vcn_bound_ratio (const VcnBound *self, const double *r, guint stride, const double *b_error, const double *x)
{
  double most = 0;

  for (guint32 i = 0; i < self->n; i++) {
    const double size
      = fabs (r[(gsize) i * stride]) + (b_error != NULL ? b_error[i] : 0) + VCN_RESIDUAL_ROUNDING * fabs (x[i]);

    most = vcn_larger (most, size / self->w[i]);
  }
  return most;
}

double
vcn_bound_depth (const VcnBound *self)
{
  double most = 0;

  for (guint32 i = 0; i < self->n; i++)
    most = MAX (most, self->v[i] / self->w[i]);
  return most;
}

void
vcn_bound_apply (const VcnBound *self, double ratio, double *error)
{
  for (guint32 i = 0; i < self->n; i++)
    error[i] = ratio * self->v[i];
}
