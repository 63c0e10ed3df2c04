/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

static VcnTrophicProof
levels_of (const VcnCsr *flows, guint n_threads, double *level)
{
  g_autoptr (GError) error = NULL;
  VcnTrophicProof proof;

  cr_assert (vcn_trophic (flows, NULL, 1e-12, 5000, n_threads, level, &proof, NULL, &error), "%s",
             error ? error->message : "");
  cr_assert_leq (proof.residual, 1e-12);
  return proof;
}

/* A tree's levels are whole numbers, whatever its flows: each party but the first buys from or sells to an earlier one.
 */
Test (springs, trees_of_wide_weights)
{
  const double sizes[] = { 1e-9, 1, 1e9 };
  guint64 seed = 3;

  for (guint round = 0; round < 200; round++) {
    const guint32 n = 2 + test_below (&seed, round < 190 ? 60 : 20000);
    VC_BUFFER (gint32) from = vc_buffer_new (gint32, n - 1);
    VC_BUFFER (gint32) to = vc_buffer_new (gint32, n - 1);
    VC_BUFFER (double) value = vc_buffer_new (double, n - 1);
    VC_BUFFER (double) level = vc_buffer_new (double, n);
    VC_BUFFER (double) expected = vc_buffer_new0 (double, n);
    double least = 0;
    g_auto (VcnCsr) flows = { 0 };

    for (guint32 i = 1; i < n; i++) {
      const guint32 other = test_below (&seed, i);
      const gboolean up = test_below (&seed, 2);

      from[i - 1] = (gint32) (up ? other : i);
      to[i - 1] = (gint32) (up ? i : other);
      value[i - 1] = sizes[test_below (&seed, 3)];
      expected[i] = expected[other] + (up ? 1 : -1);
      least = MIN (least, expected[i]);
    }
    cr_assert (vcn_csr_from_triples (&flows, n, n - 1, from, to, value, NULL, 1, NULL, NULL));
    cr_assert (levels_of (&flows, 1, level).incoherence == 0);
    for (guint32 i = 0; i < n; i++)
      cr_assert (level[i] == expected[i] - least, "%u: %.17g", i, level[i]);
  }
}

/* Two triangles of large flows, tied by small ones: 0 -> 1 -> 2, 0 -> 2 gives 0, 2/3, 4/3; the second stands 1 above
 * where they are tied. */
Test (springs, small_flows_beside_large_ones)
{
  double level[6];
  const double flow[36] = { [0 * 6 + 1] = 1e9, [1 * 6 + 2] = 1e9, [0 * 6 + 2] = 1e9, [2 * 6 + 3] = 1e-9,
                            [3 * 6 + 4] = 1, [4 * 6 + 5] = 1, [3 * 6 + 5] = 1 };
  g_auto (VcnCsr) flows = test_csr (6, flow, NULL);

  levels_of (&flows, 1, level);
  for (guint i = 0; i < 6; i++)
    cr_expect (vc_test_close (level[i], i < 3 ? i * 2 / 3. : 4 / 3. + 1 + (i - 3) * 2 / 3., 1e-14), "%u: %.17g", i,
               level[i]);
}

/* A ring that is tied down by a shortcut: chains become single springs. Resistances: `n` steps up one side, `m` up the
 * other; each side is off by the same pull: a climb of h where (h - n) / n + (h - m) / m = 0. */
Test (springs, two_chains_side_by_side)
{
  const guint32 n = 100000, m = 300;
  const double climb = 2.0 * n * m / (n + m);
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, n + m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, n + m);
  VC_BUFFER (double) value = vc_buffer_new (double, n + m);
  VC_BUFFER (double) level = vc_buffer_new (double, n + m);
  g_auto (VcnCsr) flows = { 0 };

  /* 0 .. n, and 0, n + 1 .. n + m - 1, n */
  for (guint32 k = 0; k < n + m; k++) {
    from[k] = (gint32) (k == n ? 0 : k);
    to[k] = (gint32) (k == n + m - 1 ? n : k + 1);
    value[k] = 1;
  }
  cr_assert (vcn_csr_from_triples (&flows, n + m, n + m, from, to, value, NULL, 1, NULL, NULL));
  levels_of (&flows, 1, level);
  for (guint32 i = 0; i <= n; i++)
    cr_assert (fabs (level[i] - i * climb / n) <= 1e-10 * climb, "%u: %.17g", i, level[i]);
  for (guint32 i = n + 1; i < n + m; i++)
    cr_assert (fabs (level[i] - (i - n) * climb / m) <= 1e-10 * climb, "%u: %.17g", i, level[i]);
}

/* Parties on a line, each with flows to others near or anywhere, beside two that all know: what each is left pulled by
 * is nothing, whatever threads. */
static void
check_random (guint32 n, guint32 reach, guint64 seed)
{
  const guint64 m = 6 * (guint64) n;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) value = vc_buffer_new (double, m);
  VC_BUFFER (double) level = vc_buffer_new (double, n);
  VC_BUFFER (double) other = vc_buffer_new (double, n);
  VC_BUFFER (double) pull = vc_buffer_new0 (double, n);
  g_auto (VcnCsr) flows = { 0 };

  for (guint64 k = 0; k < m; k++) {
    from[k] = (gint32) (k / 6);
    to[k] = (gint32) (k % 6 == 5 ? test_below (&seed, 2) : ((guint32) from[k] + 1 + test_below (&seed, reach)) % n);
    value[k] = from[k] == to[k] ? 0 : 0.01 + test_uniform (&seed);
  }
  cr_assert (vcn_csr_from_triples (&flows, n, m, from, to, value, NULL, 1, NULL, NULL));
  cr_assert_eq (levels_of (&flows, 1, level).n_components, 1);
  levels_of (&flows, 3, other);
  cr_assert_arr_eq (level, other, n * sizeof *level);
  for (guint64 k = 0; k < m; k++) {
    const double held = value[k] * (level[to[k]] - level[from[k]] - 1);

    pull[from[k]] += held;
    pull[to[k]] -= held;
  }
  for (guint32 i = 2; i < n; i++)
    cr_assert (fabs (pull[i]) <= 1e-10, "%u: %g", i, pull[i]);
}

Test (springs, random_networks)
{
  check_random (60, 59, 1);
  check_random (5000, 20, 2);
  check_random (50000, 49999, 3);
}

/* A ring with shortcuts and amounts of ten orders: what is left of two who hold together by nearly all is in digits
 * that single precision does not have. */
Test (springs, couples_of_wide_weights)
{
  const guint32 n = 485;
  const guint64 m = 1271;
  guint64 seed = 372194;
  double spread;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) value = vc_buffer_new (double, m);
  VC_BUFFER (double) level = vc_buffer_new (double, n);
  g_auto (VcnCsr) flows = { 0 };

  test_random (&seed);
  test_random (&seed);
  spread = 14 * test_uniform (&seed);
  for (guint64 k = 0; k < m; k++) {
    guint32 party = (guint32) (test_uniform (&seed) * n), next = (party + 1) % n;

    if (test_uniform (&seed) < 0.1)
      next = (guint32) (test_uniform (&seed) * n);
    from[k] = (gint32) party;
    to[k] = (gint32) (party == next ? (party + 1) % n : next);
    value[k] = exp2 (spread * (test_uniform (&seed) - 0.5) * 3);
  }
  cr_assert (vcn_csr_from_triples (&flows, n, m, from, to, value, NULL, 1, NULL, NULL));
  levels_of (&flows, 2, level);
}

/* As much one way as the other: nobody stands above anybody. */
Test (springs, symmetric)
{
  const guint32 n = 30000;
  const guint64 m = 6 * (guint64) n;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) value = vc_buffer_new (double, m);
  VC_BUFFER (double) level = vc_buffer_new (double, n);
  g_auto (VcnCsr) flows = { 0 };
  guint64 seed = 4;

  for (guint64 k = 0; k < m; k += 2) {
    from[k] = to[k + 1] = (gint32) (k / 6);
    to[k] = from[k + 1] = (gint32) test_below (&seed, n);
    value[k] = value[k + 1] = test_uniform (&seed);
  }
  cr_assert (vcn_csr_from_triples (&flows, n, m, from, to, value, NULL, 1, NULL, NULL));
  cr_assert (vc_test_close (levels_of (&flows, 1, level).incoherence, 1, 1e-13));
  for (guint32 i = 0; i < n; i++)
    cr_assert (level[i] == 0);
}

Test (springs, long_path_and_large_star)
{
  const guint32 n = 5000000;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, n);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, n);
  VC_BUFFER (double) value = vc_buffer_new (double, n);
  VC_BUFFER (double) level = vc_buffer_new (double, n);

  for (int star = 0; star < 2; star++) {
    const guint32 size = star ? n / 5 : n;
    g_auto (VcnCsr) flows = { 0 };

    for (guint32 i = 0; i + 1 < size; i++) {
      from[i] = (gint32) (star ? 0 : i);
      to[i] = (gint32) (i + 1);
      value[i] = 1;
    }
    cr_assert (vcn_csr_from_triples (&flows, size, size - 1, from, to, value, NULL, 2, NULL, NULL));
    cr_assert (levels_of (&flows, 2, level).incoherence == 0);
    for (guint32 i = 0; i < size; i++)
      cr_assert (level[i] == (star ? i > 0 : i));
  }
}

Test (springs, cancelled_at_every_point)
{
  const guint32 n = 90;
  double *flow = vc_buffer_new0 (double, n * n);
  double level[90];
  guint steps = 0;

  for (guint32 i = 0; i < n; i++)
    for (guint32 k = 1; k < 4; k++)
      flow[i * n + (i * k + 7) % n] = k;
  g_auto (VcnCsr) flows = test_csr (n, flow, NULL);
  vc_buffer_free (flow);
  for (gboolean done = FALSE; !done; steps++) {
    TestFuse fuse = { steps, 0 };
    const VcnMonitor monitor = { test_burn, &fuse };
    g_autoptr (GError) error = NULL;
    VcnTrophicProof proof;

    done = vcn_trophic (&flows, NULL, 1e-12, 1000, 1, level, &proof, &monitor, &error);
    cr_assert (done || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  }
  cr_assert_gt (steps, 6u);
}

/* Two dense regions, and one flow of `tie` between them. */
Test (springs, regions_tied_by_little)
{
  enum { HALF = 400, FLOWS = 2 * 8 * HALF + 1 };
  const double sizes[] = { 1, 1e-3, 1e-9, 1e-20 };
  gint32 from[FLOWS], to[FLOWS];
  double value[FLOWS], level[2 * HALF];
  guint64 seed = 6;

  for (guint32 k = 0; k + 1 < FLOWS; k++) {
    const guint32 own = k / 8, other = own / HALF * HALF + test_below (&seed, HALF);

    from[k] = (gint32) own;
    to[k] = (gint32) other;
    value[k] = own == other ? 0 : 1;
  }
  for (guint k = 0; k < G_N_ELEMENTS (sizes); k++) {
    g_auto (VcnCsr) flows = { 0 };
    g_autoptr (GError) error = NULL;
    VcnTrophicProof proof;

    from[FLOWS - 1] = 5;
    to[FLOWS - 1] = HALF + 7;
    value[FLOWS - 1] = sizes[k];
    cr_assert (vcn_csr_from_triples (&flows, 2 * HALF, FLOWS, from, to, value, NULL, 1, NULL, NULL));
    cr_assert (vcn_trophic (&flows, NULL, 1e-12, 1000, 1, level, &proof, NULL, &error), "%g: %s", sizes[k],
               error != NULL ? error->message : "");
    cr_assert (fabs (level[HALF + 7] - level[5] - 1) <= 1e-6, "%g: %g", sizes[k], level[HALF + 7] - level[5]);
  }
}
