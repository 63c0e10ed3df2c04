/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two columns side by side: what the smallest vector registers hold, everywhere the same to the bit. */
#define VCN_PAIRS 2
#define VCN_COLUMNS (2 * VCN_PAIRS)

typedef double VcnPair __attribute__ ((vector_size (16)));
typedef gint64 VcnPairBits __attribute__ ((vector_size (16)));

static inline VcnPair
vcn_pair_size (VcnPair value)
{
  return (VcnPair) ((VcnPairBits) value & G_MAXINT64);
}

/* The larger, of equal ones the first; what is not a number where either is none. Said so that GCC 12 keeps it in
 * vector registers: by a mask that is no comparison it picks numbers one at a time. */
static inline VcnPair
vcn_pair_larger (VcnPair a, VcnPair b)
{
  const VcnPairBits first = (VcnPairBits) (a >= b), none = (VcnPairBits) (a != a);

  return (VcnPair) (none | (first & (VcnPairBits) a) | (~first & (VcnPairBits) b));
}

/* As VcnSum, for two columns, without a branch (Knuth 1969, 4.2.2). */
typedef struct {
  VcnPair sum, carry;
} VcnPairSum;

static inline void
vcn_pair_sum_add (VcnPairSum *self, VcnPair value)
{
  const VcnPair total = self->sum + value, part = total - self->sum;

  self->carry += (self->sum - (total - part)) + (value - part);
  self->sum = total;
}

G_END_DECLS
