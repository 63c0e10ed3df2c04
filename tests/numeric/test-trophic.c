/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#define MAX_NODES 16

static double
levels (guint32 n, const double *flow, double *level)
{
  double diagonal[MAX_NODES];
  g_auto (VcnCsr) flows = test_csr (n, flow, diagonal);
  g_autoptr (GError) error = NULL;
  VcnTrophicProof proof;

  cr_assert (vcn_trophic (&flows, diagonal, 1e-12, 1000, 1, level, &proof, NULL, &error), "%s",
             error ? error->message : "");
  cr_assert_leq (proof.residual, 1e-12);
  return proof.incoherence;
}

static void
expect (guint32 n, const double *flow, const double *expected, double incoherence, double tolerance)
{
  double level[MAX_NODES];
  const double f0 = levels (n, flow, level);

  cr_expect (fabs (f0 - incoherence) <= tolerance, "F0: %.10g for %.10g", f0, incoherence);
  for (guint32 i = 0; expected != NULL && i < n; i++)
    cr_expect (fabs (level[i] - expected[i]) <= tolerance, "%u: %.10g for %.10g", i, level[i], expected[i]);
}

/* MacKay, Johnson, Sansom 2020, and the nets in their toolbox. */
Test (trophic, published_nets)
{
  const double shortcut[9] = { [0 * 3 + 1] = 1, [1 * 3 + 2] = 1, [0 * 3 + 2] = 1 };
  const double chain[16] = { [0 * 4 + 1] = 1, [1 * 4 + 2] = 1, [2 * 4 + 3] = 1 };
  const double cycle[9] = { [0 * 3 + 1] = 1, [1 * 3 + 2] = 1, [2 * 3 + 0] = 1 };
  const double fed[16] = { [0 * 4 + 1] = 1, [1 * 4 + 2] = 1, [2 * 4 + 0] = 1, [3 * 4 + 0] = 1 };
  double triangles[36] = { 0 };

  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      if (i != j)
        triangles[i * 6 + j] = triangles[(i + 3) * 6 + j + 3] = 1;
  triangles[2 * 6 + 3] = 1;
  expect (3, shortcut, (double[]) { 0, 2 / 3., 4 / 3. }, 1 / 9., 1e-13);
  expect (4, chain, (double[]) { 0, 1, 2, 3 }, 0, 1e-13);
  expect (3, cycle, (double[]) { 0, 0, 0 }, 1, 1e-13);
  expect (4, fed, (double[]) { 1, 1, 1, 0 }, 0.75, 1e-13);
  expect (6, triangles, (double[]) { 0, 0, 0, 1, 1, 1 }, 12 / 13., 1e-13);
}

/* Levine 1980, figure 5, by the measure of 2020. */
Test (trophic, levines_net)
{
  const double flow[25] = { [0 * 5 + 1] = 1,   [0 * 5 + 2] = .2, [0 * 5 + 3] = .8, [1 * 5 + 2] = .2,
                            [1 * 5 + 4] = .3, [3 * 5 + 2] = .6, [3 * 5 + 4] = .7, [4 * 5 + 3] = .2 };

  expect (5, flow, (double[]) { 0, .887324, 1.749541, .953460, 1.603593 }, 0.20249, 1e-5);
}

/* Turned round, what was lowest is highest; a self flow moves no level and counts in F0; nothing at all has no F0. */
Test (trophic, reversal_self_flow_and_nothing)
{
  double flow[MAX_NODES * MAX_NODES], back[MAX_NODES * MAX_NODES], up[MAX_NODES], down[MAX_NODES];
  guint64 seed = 5;
  double f0, most = 0, total = 0;

  for (guint k = 0; k < MAX_NODES * MAX_NODES; k++)
    flow[k] = k % (MAX_NODES + 1) != 0 && (k / MAX_NODES + 1 == k % MAX_NODES || test_below (&seed, 4) == 0)
                ? test_uniform (&seed)
                : 0;
  for (guint i = 0; i < MAX_NODES; i++)
    for (guint j = 0; j < MAX_NODES; j++) {
      back[j * MAX_NODES + i] = flow[i * MAX_NODES + j];
      total += flow[i * MAX_NODES + j];
    }
  f0 = levels (MAX_NODES, flow, up);
  cr_expect (vc_test_close (levels (MAX_NODES, back, down), f0, 1e-12));
  for (guint i = 0; i < MAX_NODES; i++)
    most = fmax (most, up[i]);
  for (guint i = 0; i < MAX_NODES; i++)
    cr_expect (vc_test_close (down[i], most - up[i], 1e-11));
  flow[0] = 2;
  cr_expect (vc_test_close (levels (MAX_NODES, flow, down), (f0 * total + 2) / (total + 2), 1e-12));
  for (guint i = 0; i < MAX_NODES; i++)
    cr_expect (down[i] == up[i]);
  memset (flow, 0, sizeof flow);
  cr_expect (isnan (levels (MAX_NODES, flow, down)));
  cr_expect (down[3] == 0);
}

/* A line both ways, of each of whose parties two customers buy: hubs are found, and the equations hold. */
Test (trophic, band_with_hubs)
{
  const guint32 n = 3000;
  const guint64 m = 4 * (guint64) n;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) value = vc_buffer_new (double, m);
  VC_BUFFER (double) level = vc_buffer_new (double, n + 3);
  VC_BUFFER (double) left = vc_buffer_new0 (double, n + 3);
  guint64 seed = 8;
  VcnTrophicProof proof;
  g_auto (VcnCsr) flows = { 0 };

  for (guint64 k = 0; k < m; k++) {
    const guint32 i = (guint32) (k / 4);

    from[k] = (gint32) i;
    to[k] = (gint32) (k % 4 == 3 ? n + test_below (&seed, 3) : (i + k % 4 + 1) % n);
    value[k] = test_uniform (&seed) * (k % 4 == 3 ? 0.001 : 1);
  }
  cr_assert (vcn_csr_from_triples (&flows, n + 3, m, from, to, value, NULL, 1, NULL, NULL));
  cr_assert (vcn_trophic (&flows, NULL, 1e-12, 1000, 1, level, &proof, NULL, NULL));
  for (guint64 k = 0; k < m; k++) {
    const double pull = value[k] * (level[to[k]] - level[from[k]] - 1);

    left[from[k]] += pull;
    left[to[k]] -= pull;
  }
  for (guint32 i = 0; i < n + 3; i++)
    cr_assert (fabs (left[i]) <= 1e-9, "%u: %g", i, left[i]);
}

/* Two stars and next to nothing between them: a tree, whose levels hang by no rounding. */
Test (trophic, stars_that_hang_by_next_to_nothing)
{
  enum { SMALL = 300, LARGE = 400, N = SMALL + LARGE + 2 };
  gint32 from[N - 1], to[N - 1];
  double amount[N - 1], level[N];
  g_auto (VcnCsr) flows = { 0 };
  g_autoptr (GError) error = NULL;
  VcnTrophicProof proof;

  for (gint32 i = 0; i < SMALL + LARGE; i++) {
    from[i] = i + 2;
    to[i] = i < SMALL ? 0 : 1;
    amount[i] = 1;
  }
  from[N - 2] = 0;
  to[N - 2] = 1;
  amount[N - 2] = 1e-20;
  cr_assert (vcn_csr_from_triples (&flows, N, N - 1, from, to, amount, NULL, 1, NULL, NULL));
  cr_assert (vcn_trophic (&flows, NULL, 1e-12, 1000, 1, level, &proof, NULL, &error), "%s",
             error ? error->message : "");
  cr_expect (level[0] == 1 && level[1] == 2);
  for (gint32 i = 0; i < SMALL + LARGE; i++)
    cr_expect (level[i + 2] == (i < SMALL ? 0 : 1));
}
