/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"
#include "numeric/vcn-scc.h"
#include "numeric/vcn-sum.h"

/* A ring with chords and an exit at node 0; dense enough that iteration has something to do. */
static VcnCsr
ring (guint32 n, double exit)
{
  VC_BUFFER (double) flow = vc_buffer_new0 (double, (gsize) (n + 2) * (n + 2));

  for (guint32 i = 0; i < n; i++) {
    flow[i * (n + 2) + (i + 1) % n] = 1;
    flow[i * (n + 2) + (i * 7 + 3) % n] += 1;
  }
  flow[n] = exit;
  flow[n + 1] = 2 * exit;
  return test_csr (n + 2, flow, NULL);
}

static void
expect_failure (const VcnCsr *flows, const VcnAbsorbOptions *options, const double *boundary, int code)
{
  g_autoptr (VcnAbsorb) chain = vcn_absorb_new (flows, options, NULL, NULL);
  g_autoptr (GError) error = NULL;
  double x[REFERENCE_MAX];

  cr_assert_not (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, NULL), NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, code), "%s", error->message);
}

Test (hostile, too_few_iterations)
{
  const VcnAbsorbOptions options = { 1e-12, 1, 1, 2 };
  g_auto (VcnCsr) flows = ring (50, 0.01);
  double boundary[52] = { 0 };

  boundary[51] = 1;
  expect_failure (&flows, &options, boundary, VC_MEASURE_ERROR_NO_CONVERGENCE);
}

Test (hostile, boundary_and_source)
{
  const VcnAbsorbOptions options = { 1e-12, 1000, 1, 0 };
  const double bad[] = { NAN, INFINITY, -INFINITY, -1 };
  g_auto (VcnCsr) flows = ring (10, 0.5);
  g_autoptr (VcnAbsorb) chain = vcn_absorb_new (&flows, &options, NULL, NULL);
  double boundary[12] = { 0 }, source[12] = { 0 }, x[12];

  for (guint k = 0; k < G_N_ELEMENTS (bad); k++) {
    g_autoptr (GError) error = NULL;

    boundary[11] = bad[k];
    expect_failure (&flows, &options, boundary, VC_MEASURE_ERROR_NOT_FINITE);
    boundary[11] = 1;
    boundary[3] = bad[k];
    cr_expect (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, NULL), NULL, NULL, NULL), "ignored at a live node");
    source[2] = bad[k];
    cr_expect_not (vcn_absorb_visits (chain, source, x, NULL, NULL, NULL, &error));
    cr_expect (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE));
  }
}

Test (hostile, no_node_and_one)
{
  const double flow = 3, zero = 0;

  for (guint32 n = 0; n < 2; n++) {
    g_auto (VcnCsr) flows = test_csr (n, &flow, NULL);
    g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
    double x[1] = { 5 }, steps[1] = { 5 };
    VcnTrophicProof trophic;
    VcnProof proof;

    cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (&flow, x, steps), &proof, NULL, NULL));
    cr_assert_str_eq (proof.method, "none");
    cr_assert (n == 0 || (x[0] == 3 && steps[0] == 0));
    cr_assert (vcn_absorb_visits (chain, n == 0 ? &zero : &flow, x, steps, &proof, NULL, NULL));
    cr_assert (vcn_trophic (&flows, NULL, 1e-12, 10, 1, x, &trophic, NULL, NULL));
    cr_assert_eq (trophic.n_components, n);
  }
}

/* From 1e-300 to 1e300: an answer that is right, or an error; never NaN. */
Test (hostile, amounts_of_all_sizes)
{
  const double sizes[] = { 1e-300, 1e-12, 1, 1e150, 1e300 };
  guint64 seed = 11;

  for (guint round = 0; round < 3000; round++) {
    const guint32 n = 3 + test_below (&seed, 6);
    double flow[81] = { 0 }, one[9] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, x[9], y[9];
    g_autoptr (GError) error = NULL;

    for (guint32 k = 0; k < n * n; k++)
      flow[k] = k >= n && k % (n + 1) != 0 && test_below (&seed, 3) == 0 ? sizes[test_below (&seed, 5)] : 0;
    g_auto (VcnCsr) flows = test_csr (n, flow, NULL);
    const VcnAbsorbOptions options = { 1e-12, 1000, 1, (int) (round % 3) };
    g_autoptr (VcnAbsorb) chain = vcn_absorb_new (&flows, &options, NULL, &error);

    if (chain == NULL || !vcn_absorb_forward (chain, VCN_ONE_END (one, x, y), NULL, NULL, &error)
        || !vcn_absorb_visits (chain, one, y, x, NULL, NULL, &error)) {
      cr_assert (error->domain == VC_MEASURE_ERROR);
      continue;
    }
    for (guint32 i = 0; i < n; i++)
      cr_assert (isfinite (x[i]) && x[i] >= 0 && isfinite (y[i]) && y[i] >= 0);
  }
}

Test (hostile, outflow_that_overflows)
{
  const double flow[9] = { 0, 1e308, 1e308, 0, 0, 1 };
  const VcnAbsorbOptions options = { 1e-12, 1000, 1, 0 };
  g_auto (VcnCsr) flows = test_csr (3, flow, NULL);
  g_autoptr (GError) error = NULL;

  cr_assert_null (vcn_absorb_new (&flows, &options, NULL, &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE));
}

static gboolean
everything (const VcnCsr *flows, int method, const VcnMonitor *monitor, GError **error)
{
  const VcnAbsorbOptions options = { 1e-12, 1000, 1, method };
  g_autoptr (VcnAbsorb) chain = vcn_absorb_new (flows, &options, monitor, error);
  double one[REFERENCE_MAX], x[REFERENCE_MAX], y[REFERENCE_MAX];
  VcnTrophicProof proof;

  for (guint i = 0; i < REFERENCE_MAX; i++)
    one[i] = 1 + i;
  return chain != NULL && vcn_absorb_forward (chain, VCN_ONE_END (one, x, y), NULL, monitor, error)
         && vcn_absorb_visits (chain, one, x, y, NULL, monitor, error)
         && vcn_trophic (flows, NULL, 1e-12, 1000, 1, x, &proof, monitor, error);
}

/* At each point where it asks. */
Test (hostile, cancelled_at_every_point)
{
  g_auto (VcnCsr) flows = ring (30, 0.1);

  for (int method = 1; method < 3; method++)
    for (guint n = 0;; n++) {
      TestFuse fuse = { n, 0 };
      const VcnMonitor monitor = { test_burn, &fuse };
      g_autoptr (GError) error = NULL;

      if (everything (&flows, method, &monitor, &error)) {
        cr_assert_gt (n, 6u);
        break;
      }
      cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED), "%s", error->message);
      cr_assert_eq (fuse.steps, n + 1, "it stops at once");
    }
}

Test (hostile, sums_are_compensated)
{
  double values[10001];
  double ones[10001];

  for (guint i = 0; i < 10001; i++) {
    values[i] = i == 0 ? 1e16 : i == 10000 ? -1e16 : 1;
    ones[i] = 1;
  }
  cr_assert (vcn_sum (values, 10001) == 9999);
  cr_assert (vcn_dot (values, ones, 10001) == 9999);
  cr_assert (vcn_sum (values, 0) == 0);
}

/* As money: a loop that adds one after the other ends at 999999.9998. */
Test (hostile, ten_million_dimes_are_a_million)
{
  const gsize n = 10000000;
  VC_BUFFER (double) dimes = vc_buffer_new (double, n);

  for (gsize i = 0; i < n; i++)
    dimes[i] = 0.1;
  cr_assert (vcn_sum (dimes, n) == 1000000);
}
