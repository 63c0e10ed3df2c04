/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#include "numeric/vcn-beta-binomial.h"
#include "numeric/vcn-special.h"

#define LEVEL 0.95

/* Rats with a tumour in 70 groups (Tarone 1982; Gelman and others, Bayesian Data Analysis, table 5.1). */
static const double tumours[]
  = { 0, 0, 0, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 1, 1, 1,  1, 1, 1, 1, 1,  3,  2, 2, 2, 2, 2, 2, 2, 2, 2,  1,  5,  2,
      5, 2, 7, 7, 3, 3, 2, 9, 10, 4, 4, 4, 4, 4, 4, 4, 10, 4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9 };
static const double rats[]
  = { 20, 20, 20, 20, 20, 20, 20, 19, 19, 19, 19, 18, 18, 17, 20, 20, 20, 20, 19, 19, 18, 18, 27, 25,
      24, 23, 20, 20, 20, 20, 20, 20, 10, 49, 19, 46, 17, 49, 47, 20, 20, 13, 48, 50, 20, 20, 20, 20,
      20, 20, 20, 48, 19, 19, 19, 22, 46, 49, 20, 20, 23, 19, 22, 20, 20, 20, 52, 46, 47, 24 };
/* Deaths by stomach cancer in cities of Missouri (Tsutakawa and others 1985). */
static const double deaths[] = { 0, 0, 2, 0, 1, 1, 0, 2, 1, 3, 0, 1, 1, 1, 54, 0, 0, 1, 3, 0 };
static const double people[]
  = { 1083, 855, 3461, 657, 1208, 1025, 527, 1668, 583, 582, 917, 857, 680, 917, 53637, 874, 395, 581, 588, 383 };

static VcnBetaBinomial
fit (guint n, const double *kept, const double *all)
{
  VC_BUFFER (double) broken = vc_buffer_new (double, n);
  const VcnSide groups = { kept, broken, NULL, { NULL, NULL, NULL } };
  g_autoptr (GError) error = NULL;
  VcnBetaBinomial found;

  for (guint i = 0; i < n; i++)
    broken[i] = all[i] - kept[i];
  cr_assert (vcn_beta_binomial_fit (&found, n, &groups, 1, NULL, &error), "%s", error ? error->message : "");
  return found;
}

static VcnFigure
shrink (const VcnBetaBinomial *prior, double kept, double all)
{
  return vcn_beta_binomial_shrink (prior, &(VcnRate) { kept, all - kept, all }, LEVEL);
}

/* The likelihood of the definition, by the standard library's function. */
static double
likelihood (guint n, const double *kept, const double *all, double a, double b)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += lgamma (a + kept[i]) + lgamma (b + all[i] - kept[i]) - lgamma (a + b + all[i]) - lgamma (a) - lgamma (b)
           + lgamma (a + b);
  return sum;
}

Test (beta_binomial, rats)
{
  const VcnBetaBinomial found = fit (G_N_ELEMENTS (rats), tumours, rats);
  const VcnBetaBinomial moments = { .a = 1.35614939103, .b = 8.61505789132, .status = VC_STATUS_OK };
  const VcnFigure figure = shrink (&found, 4, 14);

  cr_expect_eq (found.status, VC_STATUS_OK);
  cr_expect (fabs (found.a - 2.30478) <= 5e-6 && fabs (found.b - 14.07981) <= 5e-6, "%.8f %.8f", found.a, found.b);
  cr_expect (fabs (found.log_likelihood + 721.00102) <= 5e-6, "%.8f", found.log_likelihood);
  cr_expect (vc_test_close (found.log_likelihood, likelihood (70, tumours, rats, found.a, found.b), 1e-13));
  cr_expect_leq (found.residual, 1e-8);
  cr_expect (fabs (shrink (&moments, 4, 14).value - .22344) <= 5e-6);
  cr_expect (figure.status == VC_STATUS_OK && figure.n == 14);
  cr_expect (vc_test_close (figure.value, (found.a + 4) / (found.a + found.b + 14), 1e-15));
  cr_expect (vc_test_close (figure.low, vcn_beta_quantile (found.a + 4, found.b + 10, 0.025), 1e-14));
  cr_expect (vc_test_close (figure.high, vcn_beta_quantile (found.a + 4, found.b + 10, 0.975), 1e-14));
}

/* No spread beyond chance: the likelihood has no highest point, and all are at the pooled rate. */
Test (beta_binomial, missouri)
{
  const VcnBetaBinomial found = fit (G_N_ELEMENTS (people), deaths, people);
  const VcnFigure figure = shrink (&found, 3, 582);

  cr_expect (found.status == VC_STATUS_NO_VARIANCE && isinf (found.a) && isinf (found.b));
  cr_expect (fabs (found.mean - .000993312627662) <= 5e-16);
  cr_expect (figure.value == found.mean && figure.status == VC_STATUS_NO_VARIANCE && figure.low > 0
             && figure.high < 0.0013 && figure.n == 582);
  for (double m = 1; m < 1e6; m *= 10)
    cr_expect_gt (found.log_likelihood, likelihood (20, deaths, people, m * found.mean, m * (1 - found.mean)));
}

static void
expect_prior (guint n, const double *kept, const double *all, VcStatus status, double a)
{
  const VcnBetaBinomial found = fit (n, kept, all);

  cr_expect (found.status == status, "%s", vc_status_get_name (found.status));
  cr_expect ((isnan (a) && isnan (found.a)) || found.a == a, "%g for %g", found.a, a);
}

/* Nothing; one group; single records only; all or nothing at all; all or nothing in each group. */
Test (beta_binomial, corners)
{
  const double zeros[] = { 0, 0, 0 }, ones[] = { 1, 1, 1 }, some[] = { 1, 0, 1 }, five[] = { 5, 5, 5 },
               one_group[] = { 0, 7, 0 }, apart[] = { 5, 0, 5 };
  const VcnBetaBinomial one = fit (3, (double[]) { 1, 0, 0 }, (double[]) { 4, 0, 0 }), nothing = fit (0, NULL, NULL),
                        all = fit (3, five, five);
  VcnFigure figure = shrink (&one, 1, 4), alone = vcn_wilson (&(VcnRate) { 1, 3, 4 }, vcn_normal_within (LEVEL));

  expect_prior (3, zeros, zeros, VC_STATUS_EMPTY, NAN);
  expect_prior (3, zeros, one_group, VC_STATUS_TOO_FEW, INFINITY);
  expect_prior (3, some, ones, VC_STATUS_TOO_FEW, INFINITY);
  expect_prior (3, zeros, five, VC_STATUS_NO_VARIANCE, 0.5);
  expect_prior (3, five, five, VC_STATUS_NO_VARIANCE, 0.5);
  expect_prior (3, apart, five, VC_STATUS_SINGULAR, 0.5);
  cr_expect (figure.status == VC_STATUS_TOO_FEW && figure.value == 0.25 && figure.low == alone.low
             && figure.high == alone.high);
  figure = shrink (&nothing, 0, 0);
  cr_expect (figure.status == VC_STATUS_EMPTY && isnan (figure.value) && isnan (figure.low));
  figure = shrink (&all, 5, 5);
  cr_expect (vc_test_close (figure.value, 5.5 / 6, 1e-15) && figure.high < 1
             && vc_test_close (figure.low, vcn_beta_quantile (5.5, 0.5, 0.025), 1e-14));
  cr_expect_eq (shrink (&all, 0, 0).status, VC_STATUS_EMPTY);
}

/* Higher than anywhere near, whatever the spread; what is kept and what is broken are mirror images; the order of
 * groups does not show. */
Test (beta_binomial, random_groups)
{
  enum { N = 60 };
  guint64 seed = 8;
  guint n_spread = 0;

  for (guint k = 0; k < 200; k++) {
    const double centre = test_uniform (&seed), spread = test_uniform (&seed);
    double kept[N], all[N], broken[N], turned_kept[N], turned_all[N];
    VcnBetaBinomial found, mirrored, turned;

    for (guint i = 0; i < N; i++) {
      const double chance = CLAMP (centre + spread * (test_uniform (&seed) - 0.5), 0.02, 0.98);

      all[i] = test_below (&seed, k % 10 == 0 ? 500 : 20);
      kept[i] = 0;
      for (guint r = 0; r < all[i]; r++)
        kept[i] += test_uniform (&seed) < chance;
      broken[i] = all[i] - kept[i];
      turned_kept[N - 1 - i] = kept[i];
      turned_all[N - 1 - i] = all[i];
    }
    found = fit (N, kept, all);
    mirrored = fit (N, broken, all);
    turned = fit (N, turned_kept, turned_all);
    cr_assert (turned.a == found.a && turned.b == found.b && turned.log_likelihood == found.log_likelihood);
    cr_assert_eq (mirrored.status, found.status);
    if (found.status != VC_STATUS_OK)
      continue;
    n_spread++;
    cr_assert (vc_test_close (mirrored.a, found.b, 1e-6) && vc_test_close (mirrored.b, found.a, 1e-6));
    for (guint d = 0; d < 8; d++) {
      const double near
        = likelihood (N, kept, all, found.a * exp (0.3 * cos (d * G_PI / 4)), found.b * exp (0.3 * sin (d * G_PI / 4)));

      cr_assert (found.log_likelihood >= near - 1e-9 * fabs (near));
    }
  }
  cr_expect_gt (n_spread, 100u);
}

/* The unit of the weights changes nothing; fractions are no harm. */
Test (beta_binomial, weights)
{
  enum { N = 70 };
  double broken[N], kept[N], lost[N], squares[N];
  const VcnSide plain = { tumours, broken, NULL, { NULL, NULL, NULL } },
                weighted = { kept, lost, squares, { NULL, NULL, NULL } };
  VcnBetaBinomial found, other;

  for (guint i = 0; i < N; i++) {
    broken[i] = rats[i] - tumours[i];
    kept[i] = tumours[i] * 0.7;
    lost[i] = broken[i] * 0.7;
    squares[i] = rats[i] * 0.7 * 0.7;
  }
  cr_assert (vcn_beta_binomial_fit (&found, N, &plain, 1, NULL, NULL)
             && vcn_beta_binomial_fit (&other, N, &weighted, 1, NULL, NULL));
  cr_expect (vc_test_close (other.a, found.a, 1e-7) && vc_test_close (other.b, found.b, 1e-7), "%g %g", other.a,
             other.b);
  for (guint i = 0; i < N; i++)
    squares[i] *= 1.3;
  cr_assert (vcn_beta_binomial_fit (&other, N, &weighted, 1, NULL, NULL));
  cr_expect (other.status == VC_STATUS_OK && other.a > 0 && fabs (other.mean - found.mean) < 0.01);
  lost[3] = -1;
  cr_expect_not (vcn_beta_binomial_fit (&other, N, &weighted, 1, NULL, NULL));
}

static gboolean
refuse (gpointer data, double fraction)
{
  return fraction < *(double *) data;
}

Test (beta_binomial, cancellation)
{
  const double some[] = { 1, 2 };
  const VcnSide groups = { some, some, NULL, { NULL, NULL, NULL } };

  for (double limit = 0; limit <= 0.5; limit += 0.5) {
    const VcnMonitor monitor = { refuse, &limit };
    g_autoptr (GError) error = NULL;
    VcnBetaBinomial found;

    cr_expect (!vcn_beta_binomial_fit (&found, 2, &groups, 1, &monitor, &error));
    cr_expect (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  }
}

/* A likelihood like a ridge, on which steps along the slope alone get nowhere; the prior by another program's search.
 */
Test (beta_binomial, a_ridge)
{
  static const double kept[] = { 0, 0, 0, 2 }, all[] = { 3, 3, 6, 8 };
  const VcnBetaBinomial found = fit (4, kept, all);

  cr_expect_eq (found.status, VC_STATUS_OK);
  cr_expect (fabs (found.a - 2.06055109) <= 1e-6 && fabs (found.b - 20.28252794) <= 1e-5, "%.9f %.9f", found.a,
             found.b);
  cr_expect_lt (found.iterations, 50u);
}

/* So many records of rates that are all alike that slopes are rounding before steps are short: a prior all the same, or
 * none that can be told from no spread. */
Test (beta_binomial, many_groups_alike)
{
  enum { N = 20000, ALL = 400 };
  VC_BUFFER (double) kept = vc_buffer_new (double, N);
  VC_BUFFER (double) all = vc_buffer_new (double, N);
  guint64 seed = 3;
  guint n_found = 0;

  for (guint k = 0; k < 2; k++) {
    VcnBetaBinomial found;

    for (guint i = 0; i < N; i++) {
      kept[i] = 0;
      all[i] = ALL + test_below (&seed, 200);
      for (guint j = 0; j < all[i]; j++)
        kept[i] += test_random (&seed) >> 63 ? 1 : 0;
    }
    found = fit (N, kept, all);
    cr_expect (found.status == VC_STATUS_NO_VARIANCE || found.status == VC_STATUS_OK, "%u: %d", k, found.status);
    cr_expect (vc_test_close (found.mean, 0.5, 1e-3));
    cr_expect (found.status == VC_STATUS_NO_VARIANCE || found.residual < 1e-9);
    n_found += found.status == VC_STATUS_OK;
  }
  cr_expect_gt (n_found, 0u);
}
