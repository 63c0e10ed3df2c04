/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/* A number of at least 0 with twice the digits of a double, as an unevaluated sum: `high` is the sum rounded to
 * double (Dekker 1971). Products of the same factors in another order, or grouped otherwise, agree to some 2^-100:
 * rounded with vcn_wide_round(), what is equal is equal. All operations are exactly rounded ones: the same bits
 * everywhere. Below VCN_WIDE_MIN the digits of `low` are lost. */
typedef struct {
  double high, low;
} VcnWide;

#define VCN_WIDE_MIN 0x1p-960

static inline VcnWide
vcn_wide_sum (double large, double small)
{
  const double high = large + small;

  return (VcnWide) { high, small - (high - large) };
}

static inline VcnWide
vcn_wide_ratio (double part, double whole)
{
  const double high = part / whole;

  return vcn_wide_sum (high, fma (-high, whole, part) / whole);
}

static inline VcnWide
vcn_wide_times (VcnWide a, VcnWide b)
{
  const double high = a.high * b.high;

  return vcn_wide_sum (high, fma (a.high, b.high, -high) + (a.high * b.low + a.low * b.high));
}

/* As a double. What is equal may lie on either side of the middle between two doubles, by its own rounding: up to 2^-90
 * of it on either side is the middle, and goes to the double that is even. */
static inline double
vcn_wide_round (VcnWide a)
{
  const union { double number; guint64 bits; } high = { .number = a.high };
  const union { guint64 bits; double number; } other = { .bits = a.low > 0 ? high.bits + 1 : high.bits - 1 };
  const double middle = (other.number - a.high) / 2;

  return fabs (a.low - middle) <= a.high * 0x1p-90 && high.bits % 2 == 1 ? other.number : a.high;
}

G_END_DECLS
