/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-look.h"

G_BEGIN_DECLS

typedef struct {
  guint64 key;
  double  value; /* a number */
} VcnKeyed;

/* By key, then by value, so that the order in which they came never shows. `spare`: room for as many. O(n), in some
 * passes over the bits in which they differ. FALSE: stopped; then they stand in no order, and some more than once. */
gboolean vcn_keyed_sort (VcnKeyed *items, VcnKeyed *spare, guint64 n, guint n_threads, VcnLook *look);

/* Bits of a number of at least 0, in which such numbers compare as they do. */
static inline guint64
vcn_bits (double number)
{
  const union { double number; guint64 bits; } both = { .number = number + 0.0 };

  return both.bits;
}

static inline double
vcn_from_bits (guint64 bits)
{
  const union { guint64 bits; double number; } both = { .bits = bits };

  return both.number;
}

G_END_DECLS
