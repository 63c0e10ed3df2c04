/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Compensated sums (Neumaier 1974) in a fixed order: chunks of 4,096, then a fixed tree; the bits never depend on
 * threads. */
typedef struct {
  double sum;
  double carry;
} VcnSum;

static inline void
vcn_sum_add (VcnSum *self, double value)
{
  double total = self->sum + value;

  if ((self->sum < 0 ? -self->sum : self->sum) >= (value < 0 ? -value : value))
    self->carry += (self->sum - total) + value;
  else
    self->carry += (value - total) + self->sum;
  self->sum = total;
}

static inline double
vcn_sum_total (const VcnSum *self)
{
  return self->sum + self->carry;
}

double vcn_sum (const double *values, gsize n);
double vcn_dot (const double *a, const double *b, gsize n);

G_END_DECLS
