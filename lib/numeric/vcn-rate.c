/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-rate.h"

#include "base/vc-parallel-private.h"
#include "vcn-special.h"

/* Rows whose columns fit the processor's nearest cache. */
#define BLOCK 512
#define BLOCKS_PER_PART 32

typedef struct {
  double value, low, high;
} Interval;

/* Wilson's limits as roots of a quadratic, each in the form without cancellation, so that they are exactly 0 and 1
 * where nothing was kept or broken. The value of nothing is 0, its limits 0 and 1. */
static inline Interval
wilson (double kept, double broken, double z)
{
  const double n = kept + broken > 0 ? kept + broken : 1;
  const double p = kept / n, q = 1 - p;
  const double spread = z * z + z * sqrt (z * z + 4 * p * broken);

  return (Interval) { p, 2 * p * kept / (2 * kept + spread), 1 - 2 * q * broken / (2 * broken + spread) };
}

/* The limits of a - b by the distances of each from its own limits; NaN goes through. */
static inline Interval
newcombe (const Interval *a, const Interval *b)
{
  const double below_a = a->value - a->low, above_a = a->high - a->value;
  const double below_b = b->value - b->low, above_b = b->high - b->value;
  const double d = a->value - b->value;

  return (Interval) { d, d - sqrt (below_a * below_a + above_b * above_b),
                     d + sqrt (above_a * above_a + below_b * below_b) };
}

VcnFigure
vcn_wilson (const VcnRate *rate, double z)
{
  const double n = rate->kept + rate->broken;
  double alike, scale;
  Interval found;

  if (!(n > 0))
    return (VcnFigure) { (double) NAN, 0, 1, 0, VC_STATUS_EMPTY };
  scale = n / rate->squares;
  alike = n * scale;
  found = wilson (rate->kept * scale, rate->broken * scale, z);
  return (VcnFigure) { rate->kept / n, found.low, found.high, alike, VC_STATUS_OK };
}

VcnFigure
vcn_newcombe (const VcnFigure *a, const VcnFigure *b)
{
  Interval found;

  if (a->status != VC_STATUS_OK || b->status != VC_STATUS_OK)
    return vcn_figure_undefined (a->n + b->n, VC_STATUS_EMPTY);
  found = newcombe (&(Interval) { a->value, a->low, a->high }, &(Interval) { b->value, b->low, b->high });
  return (VcnFigure) { found.value, found.low, found.high, a->n + b->n, VC_STATUS_OK };
}

/* The correlation of both sides, brought nearer to 0 where it is positive; 0 where a side never differs. */
static double
phi (const VcnPairs *pairs, double n)
{
  const double first = pairs->both + pairs->first, second = pairs->both + pairs->second;
  const double margins = sqrt (first * (n - first)) * sqrt (second * (n - second));
  double covariance = pairs->both * pairs->neither - pairs->first * pairs->second;

  if (!(margins > 0))
    return 0;
  if (covariance > 0)
    covariance = MAX (covariance - n / 2, 0);
  return covariance / margins;
}

/* sqrt (a^2 - 2 r a b + b^2) for |r| <= 1, which no rounding makes negative. */
static double
third_side (double a, double b, double r)
{
  return sqrt ((a - b) * (a - b) + 2 * MAX (1 - r, 0) * a * b);
}

VcnFigure
vcn_newcombe_paired (const VcnPairs *pairs, double z)
{
  const double n = pairs->both + pairs->first + pairs->second + pairs->neither;
  const Interval a = wilson (pairs->both + pairs->first, pairs->second + pairs->neither, z);
  const Interval b = wilson (pairs->both + pairs->second, pairs->first + pairs->neither, z);
  double d, r;

  if (!(n > 0))
    return vcn_figure_undefined (0, VC_STATUS_EMPTY);
  d = (pairs->first - pairs->second) / n;
  r = phi (pairs, n);
  return (VcnFigure) { d, d - third_side (a.value - a.low, b.high - b.value, r),
                      d + third_side (a.high - a.value, b.value - b.low, r), n, VC_STATUS_OK };
}

/* P(X <= k) for X ~ Binomial(n, 1/2), 0 <= k < n. */
static double
at_most (double k, double n)
{
  return vcn_beta_share (n - k, k + 1, 0.5);
}

double
vcn_mid_p (double first, double second)
{
  const double fewer = MIN (first, second), n = first + second;

  if (first == second)
    return 1;
  return at_most (fewer, n) + (fewer > 0 ? at_most (fewer - 1, n) : 0);
}

static void
rate_side (const VcnSide *side, guint64 begin, guint64 end, double z)
{
  const double *restrict kept = side->kept, *restrict broken = side->broken, *restrict squares = side->squares;
  double *restrict value = side->rate.value, *restrict low = side->rate.low, *restrict high = side->rate.high;

  for (guint64 i = begin; i < end; i++) {
    const double n = kept[i] + broken[i];
    const double scale = squares == NULL ? 1 : n / (squares[i] > 0 ? squares[i] : 1);
    const Interval found = wilson (kept[i] * scale, broken[i] * scale, z);

    value[i] = n > 0 ? kept[i] / n : (double) NAN;
    low[i] = found.low;
    high[i] = found.high;
  }
  for (guint64 i = begin; i < end && side->rate.n != NULL; i++) {
    const double n = kept[i] + broken[i];

    side->rate.n[i] = squares == NULL ? n : n > 0 ? n / squares[i] * n : 0;
  }
}

static void
subtract_sides (const VcnComparison *comparison, guint64 begin, guint64 end)
{
  const VcnBand a = comparison->a.rate, b = comparison->b.rate;
  double *restrict value = comparison->difference.value, *restrict low = comparison->difference.low;
  double *restrict high = comparison->difference.high;

  for (guint64 i = begin; i < end; i++) {
    const Interval found
      = newcombe (&(Interval) { a.value[i], a.low[i], a.high[i] }, &(Interval) { b.value[i], b.low[i], b.high[i] });

    value[i] = found.value;
    low[i] = found.low;
    high[i] = found.high;
  }
  for (guint64 i = begin; i < end && comparison->difference.n != NULL; i++)
    comparison->difference.n[i] = a.n[i] + b.n[i];
}

static void
compare_part (gpointer data, guint part)
{
  const VcnComparison *comparison = data;
  const guint64 first = (guint64) part * BLOCKS_PER_PART * BLOCK;
  const guint64 last = MIN (first + BLOCKS_PER_PART * BLOCK, comparison->n);

  for (guint64 begin = first; begin < last; begin += BLOCK) {
    const guint64 end = MIN (begin + BLOCK, last);

    rate_side (&comparison->a, begin, end, comparison->z);
    rate_side (&comparison->b, begin, end, comparison->z);
    subtract_sides (comparison, begin, end);
  }
}

void
vcn_compare (const VcnComparison *comparison, guint n_threads)
{
  const guint64 n_parts = (comparison->n + BLOCKS_PER_PART * BLOCK - 1) / (BLOCKS_PER_PART * BLOCK);

  vc_parallel (n_threads, (guint) n_parts, compare_part, (gpointer) comparison);
}
