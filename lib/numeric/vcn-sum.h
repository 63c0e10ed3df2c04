/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Compensated sums (Neumaier 1974; without a branch as Knuth 1969, 4.2.2) in a fixed order: chunks of 4,096, then a
 * fixed tree; the bits never depend on threads. */
typedef struct {
  double sum;
  double carry;
} VcnSum;

static inline void
vcn_sum_add (VcnSum *self, double value)
{
  const double total = self->sum + value, part = total - self->sum;

  self->carry += (self->sum - (total - part)) + (value - part);
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
