/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"
#include "numeric/vcn-absorb-private.h"

/* A line along which work moves on and back by up to 2,000, with two hubs everybody has to do with. Enough nodes that
 * there are blocks and bins. */
static VcnCsr
line_with_hubs (guint32 n)
{
  const guint32 hubs[] = { n / 3, n - 7 };
  const guint64 m = 8 * (guint64) n;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) value = vc_buffer_new (double, m);
  guint64 seed = 3;
  VcnCsr flows;

  for (guint64 k = 0; k < m; k++) {
    const guint32 i = (guint32) (k / 8), ahead = i + test_below (&seed, 4000);

    from[k] = (gint32) (k % 8 == 1 ? hubs[i % 2] : i);
    to[k] = (gint32) (k % 8 == 0 ? hubs[i % 2] : k % 80 == 2 ? n : CLAMP (ahead, 2000, n + 1999) - 2000);
    value[k] = test_uniform (&seed);
  }
  cr_assert (vcn_csr_from_triples (&flows, n + 1, m, from, to, value, NULL, 2, NULL, NULL));
  return flows;
}

/* What rows read of d before it is new, by groups, arc by arc. */
static void
leave (const VcnSweep *sweep, const VcnCoarse *coarse, const double *d, double *left)
{
  for (guint32 i = 0; i < sweep->n; i++)
    for (guint64 k = sweep->start[i]; k < sweep->start[i + 1]; k++) {
      const guint32 j = vcn_sweep_node (sweep, sweep->column[k]);
      const gboolean same = vcn_sweep_is_near (vcn_sweep_near (sweep, i), j);

      if (!same || (sweep->descending ? j < i : j > i))
        left[coarse->group[i]] += sweep->share[k] * d[j] * (sweep->transposed ? 1 : coarse->weight[i]);
    }
}

/* Where the nodes of a bin have all changed as what is smooth does, what is left is right. */
static void
check_smooth (const VcnLate *late, guint64 *seed)
{
  const VcnSweep *sweep = late->sweep;
  const VcnCoarse *coarse = late->coarse;
  const guint32 n = sweep->n;
  VC_BUFFER (double) d = vc_buffer_new (double, n);
  VC_BUFFER (VcnPair) x = vc_buffer_new0 (VcnPair, 2 * (gsize) n);
  VC_BUFFER (VcnPair) sum = vc_buffer_new0 (VcnPair, sweep->n_bins);
  VcnPair left[VCN_COARSE_GROUPS];
  double expected[VCN_COARSE_GROUPS] = { 0 };

  for (guint bin = 0; bin < sweep->n_bins; bin++) {
    const double change = test_uniform (seed) - 0.5;

    for (guint32 j = vcn_sweep_bin_begin (sweep, bin); j < vcn_sweep_bin_begin (sweep, bin + 1); j++) {
      d[j] = coarse->group[j] >= coarse->n_ranges ? 3 : change * (sweep->transposed ? coarse->weight[j] : 1);
      x[j] = (VcnPair) { d[j], -2 * d[j] };
      sum[bin] += late->weight[j] * x[j];
    }
  }
  leave (sweep, coarse, d, expected);
  vcn_late_sum (late, 1, x, sum, left);
  for (guint g = 0; g < coarse->n_groups; g++) {
    cr_assert (vc_test_close (left[g][0], expected[g], 1e-9), "%u: %.17g, not %.17g", g, left[g][0], expected[g]);
    cr_assert (vc_test_close (left[g][1], -2 * expected[g], 1e-9));
  }
}

/* And whatever has changed, by the sums that a sweep makes, on the whole. */
static void
check_whole (const VcnLate *late, guint64 *seed)
{
  const VcnSweep *sweep = late->sweep;
  const guint32 n = sweep->n;
  VC_BUFFER (double) d = vc_buffer_new (double, n);
  VC_BUFFER (VcnPair) x = vc_buffer_new (VcnPair, 2 * (gsize) n);
  VC_BUFFER (VcnPair) sum = vc_buffer_new (VcnPair, sweep->n_bins);
  VcnSweepChange change = { late->weight, sum };
  VcnPair left[VCN_COARSE_GROUPS];
  double expected[VCN_COARSE_GROUPS] = { 0 }, whole = 0, all = 0, most = 0, largest = 0;

  for (guint32 j = 0; j < n; j++)
    x[j] = x[n + j] = (VcnPair) { test_uniform (seed), 0 };
  vcn_sweep_run (sweep, 1, 0, x, NULL, &change);
  for (guint32 j = 0; j < n; j++) {
    d[j] = x[j][0] - x[n + j][0];
    most = fmax (most, fabs (d[j]));
    largest = fmax (largest, fabs (x[j][0]));
  }
  leave (sweep, late->coarse, d, expected);
  vcn_late_sum (late, 1, x, sum, left);
  for (guint g = 0; g < late->coarse->n_groups; g++) {
    whole += left[g][0];
    all += expected[g];
  }
  cr_assert (vc_test_close (whole, all, 1e-9), "%.17g, not %.17g", whole, all);
  for (guint block = 0; block < sweep->n_blocks; block++) {
    cr_assert_leq (change.most[block][0][0], most);
    cr_assert_leq (change.largest[block][0][0], largest);
    all = block == 0 ? 0 : all;
    all = fmax (all, change.most[block][0][0]);
  }
  cr_assert_eq (all, most);
}

Test (late, groups)
{
  g_auto (VcnCsr) flows = line_with_hubs (50000);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
  guint64 seed = 8;

  cr_assert_eq (chain->n_iterations, 1u);
  for (guint transposed = 0; transposed < 2; transposed++) {
    const VcnLate *late = &chain->iterations[0]->late[transposed];

    cr_assert_gt (late->sweep->n_blocks, 1u);
    cr_assert_gt (late->sweep->n_bins, late->sweep->n_blocks);
    cr_assert_geq (late->coarse->n_groups, late->coarse->n_ranges + 2);
    check_smooth (late, &seed);
    check_whole (late, &seed);
  }
}
