/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#include "numeric/vcn-rate.h"
#include "numeric/vcn-special.h"

#define Z (vcn_normal_within (0.95))

static VcnFigure
rate (double kept, double n)
{
  return vcn_wilson (&(VcnRate) { kept, n - kept, n }, Z);
}

static void
expect_limits (VcnFigure figure, double low, double high, double tolerance)
{
  cr_expect_eq (figure.status, VC_STATUS_OK);
  cr_expect (fabs (figure.low - low) <= tolerance, "low: %.10g for %.10g", figure.low, low);
  cr_expect (fabs (figure.high - high) <= tolerance, "high: %.10g for %.10g", figure.high, high);
}

/* Newcombe 1998a, table I, recomputed to seven digits. */
Test (rate, wilson_published)
{
  expect_limits (rate (81, 263), .2552885, .3662096, 5e-8);
  expect_limits (rate (15, 148), .0623864, .1604872, 5e-8);
  expect_limits (rate (0, 20), 0, .1611252, 5e-8);
  cr_expect (rate (81, 263).value == 81 / 263. && rate (81, 263).n == 263);
}

static void
expect_betas (double kept, double n, double more, const double *limits, double tolerance)
{
  cr_expect (fabs (vcn_beta_quantile (kept + 1 - more, n - kept + more, 0.025) - limits[0]) <= tolerance);
  cr_expect (fabs (vcn_beta_quantile (kept + more, n - kept + 1 - more, 0.975) - limits[1]) <= tolerance);
}

/* The same rates: Clopper and Pearson's limits (1934) and Jeffreys's are quantiles of beta distributions. */
Test (rate, beta_quantiles_published)
{
  const double zero[2] = { 2.42e-5, .1166390 };

  expect_betas (81, 263, .5, (double[]) { .2545219, .3656475 }, 5e-8);
  expect_betas (15, 148, .5, (double[]) { .0604485, .1576431 }, 5e-8);
  expect_betas (0, 20, .5, zero, 5e-8);
  cr_expect (fabs (vcn_beta_quantile (81, 183, 0.025) - .2527367) <= 5e-8
             && fabs (vcn_beta_quantile (82, 182, 0.975) - .3676219) <= 5e-8);
  cr_expect (fabs (vcn_beta_quantile (15, 134, 0.025) - .0578440) <= 5e-8
             && fabs (vcn_beta_quantile (16, 133, 0.975) - .1616505) <= 5e-8);
  cr_expect (fabs (vcn_beta_quantile (1, 20, 0.975) - .1684335) <= 5e-8);
}

/* Where they have a closed form, and what is outside. */
Test (rate, special_functions)
{
  cr_expect (vc_test_close (Z, 1.959963984540054, 1e-15));
  cr_expect (vc_test_close (vcn_beta_quantile (1, 3, 0.271), 1 - cbrt (1 - 0.271), 1e-15));
  cr_expect (vcn_beta_quantile (2, 3, 0) == 0 && vcn_beta_quantile (2, 3, 1) == 1);
  cr_expect (vc_test_close (vcn_digamma (1), -0.57721566490153286, 1e-15));
  cr_expect (vc_test_close (vcn_trigamma (1), 1.6449340668482264, 1e-15));
  cr_expect (vc_test_close (vcn_log_gamma (171), 706.57306224578735, 1e-15));
  cr_expect (isnan (vcn_beta_quantile (-1, 1, 0.5)) && isnan (vcn_beta_quantile (1, 1, NAN))
             && isnan (vcn_normal_within (NAN)));
}

/* The ends are exact, no limit lies outside, the other outcome is the mirror image; nothing at all is EMPTY between 0
 * and 1. */
Test (rate, wilson_corners)
{
  const VcnFigure nothing = vcn_wilson (&(VcnRate) { 0, 0, 0 }, Z);

  cr_expect (nothing.status == VC_STATUS_EMPTY && isnan (nothing.value) && nothing.low == 0 && nothing.high == 1
             && nothing.n == 0);
  for (guint n = 1; n < 200; n++)
    for (guint kept = 0; kept <= n; kept++) {
      const VcnFigure ours = rate (kept, n), other = rate (n - kept, n);

      cr_assert (0 <= ours.low && ours.low <= ours.value && ours.value <= ours.high && ours.high <= 1);
      cr_assert ((ours.low == 0) == (kept == 0) && (ours.high == 1) == (kept == n));
      cr_assert (vc_test_close (ours.low, 1 - other.high, 1e-15));
    }
  cr_expect (vc_test_close (rate (1, 1e15).low * 1e15, 2 / (2 + Z * Z + Z * sqrt (Z * Z + 4)), 1e-9));
}

/* A weight says how much a record matters: its unit changes nothing, and equal ones count as one each. */
Test (rate, weights)
{
  const VcnFigure once = rate (7, 10), heavy = vcn_wilson (&(VcnRate) { 7 * 0.3, 3 * 0.3, 10 * 0.3 * 0.3 }, Z);
  const VcnFigure uneven = vcn_wilson (&(VcnRate) { 5 + 1 + 1, 1, 28 }, Z);

  cr_expect (vc_test_close (heavy.value, once.value, 1e-15) && vc_test_close (heavy.n, 10, 1e-15));
  expect_limits (heavy, once.low, once.high, 1e-15);
  cr_expect (uneven.value == 7 / 8. && vc_test_close (uneven.n, 64 / 28., 1e-15));
  expect_limits (uneven, rate (2, 64 / 28.).low, rate (2, 64 / 28.).high, 1e-15);
}

static void
expect_difference (const double *counts, double low, double high)
{
  const VcnFigure a = rate (counts[0], counts[1]), b = rate (counts[2], counts[3]);
  const VcnFigure difference = vcn_newcombe (&a, &b);

  expect_limits (difference, low, high, 5.1e-5);
  cr_expect (vc_test_close (difference.value, counts[0] / counts[1] - counts[2] / counts[3], 1e-15));
}

/* Newcombe 1998b, table II. */
Test (rate, newcombe_published)
{
  const VcnFigure some = rate (3, 4), nothing = rate (0, 0);

  expect_difference ((double[]) { 56, 70, 48, 80 }, .0524, .3339);
  expect_difference ((double[]) { 9, 10, 3, 10 }, .1705, .8090);
  expect_difference ((double[]) { 6, 7, 2, 7 }, .0582, .8062);
  expect_difference ((double[]) { 5, 56, 0, 29 }, -.0381, .1926);
  expect_difference ((double[]) { 0, 10, 0, 20 }, -.1611, .2775);
  expect_difference ((double[]) { 0, 10, 0, 10 }, -.2775, .2775);
  cr_expect (vcn_newcombe (&some, &nothing).status == VC_STATUS_EMPTY && isnan (vcn_newcombe (&nothing, &some).low));
}

static void
expect_paired (const VcnPairs *pairs, double value, double low, double high)
{
  const VcnFigure figure = vcn_newcombe_paired (pairs, Z);

  cr_expect (fabs (figure.value - value) <= 5e-5);
  expect_limits (figure, low, high, 5.1e-5);
}

/* Cavo and others 2012, in Fagerland, Lydersen, Laake 2017, chapter 8. */
Test (rate, newcombe_paired_published)
{
  expect_paired (&(VcnPairs) { 59, 6, 16, 80 }, -.0621, -.1186, -.0046);
  expect_paired (&(VcnPairs) { 1, 0, 0, 1 }, 0, -.5734, .5734);
}

/* No pair; pairs that never differ, whose correlation is undefined; pairs that always do; what is turned round. */
Test (rate, newcombe_paired_corners)
{
  const VcnFigure ours = vcn_newcombe_paired (&(VcnPairs) { 5, 4, 2, 9 }, Z),
                  turned = vcn_newcombe_paired (&(VcnPairs) { 5, 2, 4, 9 }, Z);
  const VcnFigure all = rate (10, 10), none = rate (0, 10), apart = vcn_newcombe (&all, &none);

  cr_expect (vcn_newcombe_paired (&(VcnPairs) { 0, 0, 0, 0 }, Z).status == VC_STATUS_EMPTY);
  expect_paired (&(VcnPairs) { 10, 0, 0, 0 }, 0, -.2775, .2775);
  expect_limits (vcn_newcombe_paired (&(VcnPairs) { 0, 10, 0, 0 }, Z), apart.low, apart.high, 1e-15);
  cr_expect (ours.value == -turned.value && vc_test_close (ours.low, -turned.high, 1e-15)
             && vc_test_close (ours.high, -turned.low, 1e-15));
  for (guint k = 0; k < 6 * 6 * 6 * 6; k++) {
    const VcnPairs pairs = { k % 6, k / 6 % 6, k / 36 % 6, k / 216 };
    const VcnFigure figure = vcn_newcombe_paired (&pairs, Z);

    cr_assert (k == 0
               || (-1 <= figure.low && figure.low <= figure.value && figure.value <= figure.high && figure.high <= 1));
  }
}

#define MANY 70001u

static void
compare (const double *cells, gboolean weighted, double *answers, guint n_threads)
{
  const VcnComparison comparison = {
    MANY,
    Z,
    { cells, cells + MANY, weighted ? cells + 4 * MANY : NULL, { answers, answers + MANY, answers + 2 * MANY } },
    { cells + 2 * MANY,
      cells + 3 * MANY,
      weighted ? cells + 5 * MANY : NULL,
      { answers + 3 * MANY, answers + 4 * MANY, answers + 5 * MANY } },
    { answers + 6 * MANY, answers + 7 * MANY, answers + 8 * MANY },
  };

  vcn_compare (&comparison, n_threads);
}

static gboolean
is_figure (const double *band, guint i, VcnFigure figure)
{
  return figure.status == VC_STATUS_OK
           ? band[i] == figure.value && band[i + MANY] == figure.low && band[i + 2 * MANY] == figure.high
           : isnan (band[i]);
}

/* Many at once are as one by one, to the last bit and on any number of threads. */
Test (rate, many_at_once)
{
  VC_BUFFER (double) cells = vc_buffer_new (double, 6 * MANY);
  VC_BUFFER (double) answers = vc_buffer_new (double, 9 * MANY);
  VC_BUFFER (double) again = vc_buffer_new (double, 9 * MANY);
  guint64 seed = 3;

  for (guint k = 0; k < 4 * MANY; k++)
    cells[k] = test_below (&seed, 4) * (k % 2 == 0 ? 1 : 0.7);
  for (guint i = 0; i < MANY; i++) {
    cells[4 * MANY + i] = (cells[i] + cells[MANY + i]) * 1.5;
    cells[5 * MANY + i] = cells[2 * MANY + i] + cells[3 * MANY + i];
  }
  for (guint weighted = 0; weighted < 2; weighted++) {
    compare (cells, weighted == 1, answers, 1);
    compare (cells, weighted == 1, again, 3);
    cr_assert_eq (memcmp (answers, again, 9 * MANY * sizeof *answers), 0);
    for (guint i = 0; i < MANY; i++) {
      const double n[2] = { cells[i] + cells[MANY + i], cells[2 * MANY + i] + cells[3 * MANY + i] };
      const VcnFigure a
        = vcn_wilson (&(VcnRate) { cells[i], cells[MANY + i], weighted == 1 ? cells[4 * MANY + i] : n[0] }, Z);
      const VcnFigure b = vcn_wilson (&(VcnRate) { cells[2 * MANY + i], cells[3 * MANY + i], n[1] }, Z);

      cr_assert (is_figure (answers, i, a) && is_figure (answers + 3 * MANY, i, b));
      cr_assert (is_figure (answers + 6 * MANY, i, vcn_newcombe (&a, &b)));
    }
  }
}

/* Fagerland, Lydersen, Laake 2013: 1 and 7 that differ have 0.039; the rest by adding up binomial chances. */
Test (rate, mid_p)
{
  cr_expect (fabs (vcn_mid_p (1, 7) - 10 / 256.) <= 1e-16 && vcn_mid_p (7, 1) == vcn_mid_p (1, 7));
  cr_expect (fabs (vcn_mid_p (0, 10) - 1 / 1024.) <= 1e-18);
  cr_expect (fabs (vcn_mid_p (4, 6) - (2 * (1 + 10 + 45 + 120) + 210) / 1024.) <= 1e-15);
  cr_expect (vcn_mid_p (0, 0) == 1 && vcn_mid_p (5, 5) == 1);
  cr_expect (vcn_mid_p (400000, 600000) == 0 && vcn_mid_p (499000, 501000) > 0.04 && vcn_mid_p (499000, 501000) < 0.05);
}
