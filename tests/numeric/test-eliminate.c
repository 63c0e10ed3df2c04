/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vc-parallel-private.h"
#include "numeric-helpers.h"
#include "numeric/vcn-lowest.h"
#include "numeric/vcn-springs.h"
#include "reference/reference-levels.h"

/* Flows in the order in which they were drawn. */
typedef struct {
  guint32 n;
  guint64 m;
  gint32 *from, *to;
  double *amount;
  VcnCsr  flows;
} Network;

static void
network_clear (Network *self)
{
  vc_buffer_free (self->from);
  vc_buffer_free (self->to);
  vc_buffer_free (self->amount);
  vcn_csr_clear (&self->flows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Network, network_clear)

/* From anybody to one of the next `reach` parties; amounts from 10^-spread to 10^spread. */
static void
draw (Network *self, guint32 n, guint64 m, guint32 reach, double spread, guint64 seed)
{
  *self = (Network) { n, m, vc_buffer_new (gint32, m), vc_buffer_new (gint32, m), vc_buffer_new (double, m), { 0 } };
  for (guint64 k = 0; k < m; k++) {
    self->from[k] = (gint32) test_below (&seed, n);
    self->to[k] = (gint32) (((guint32) self->from[k] + 1 + test_below (&seed, reach)) % n);
    self->amount[k] = self->from[k] == self->to[k] ? 0 : pow (10, spread * (2 * test_uniform (&seed) - 1));
  }
  cr_assert (vcn_csr_from_triples (&self->flows, n, m, self->from, self->to, self->amount, NULL, 1, NULL, NULL));
}

static void
expect_levels (const Network *network, const double *level, double tolerance)
{
  VC_BUFFER (long double) expected = vc_buffer_new (long double, network->n);

  cr_assert (reference_wide_levels ((int) network->n, (long) network->m, network->from, network->to, network->amount,
                                    expected));
  for (guint32 i = 0; i < network->n; i++)
    cr_assert (fabsl (level[i] - expected[i]) <= tolerance * fmaxl (1, expected[i]), "%u of %u: %.17g, not %.17Lg", i,
               network->n, level[i], expected[i]);
}

static VcnTrophicProof
solve (const Network *network, guint max_iterations, guint n_threads, double *level)
{
  g_autoptr (GError) error = NULL;
  VcnTrophicProof proof;

  cr_assert (
    vcn_trophic (&network->flows, NULL, 1e-12, max_iterations, n_threads, level, &proof, NULL, &error), "%u: %s",
    network->n, error != NULL ? error->message : "");
  cr_assert_leq (proof.residual, 1e-12);
  return proof;
}

/* Sparse, and sixteen orders of amounts: mostly conjugate gradients do not get there. Each level that is eliminated is
 * right to some roundings. */
Test (eliminate, amounts_of_sixteen_orders)
{
  double level[400];
  guint n_hard = 0;

  for (guint64 seed = 0; seed < 12; seed++) {
    g_auto (Network) network = { 0 };
    const guint32 n = 250 + 10 * (guint32) seed;
    gboolean is_hard;

    draw (&network, n, n * 5 / 2, n - 1, 8, seed);
    is_hard = solve (&network, 1000, 1, level).iterations == 1000;
    expect_levels (&network, level, is_hard ? 1e-14 : 1e-9);
    n_hard += is_hard;
  }
  cr_expect_gt (n_hard, 5u);
}

/* As many as a company has, and the same bits by any number of threads. */
Test (eliminate, thousands_of_parties)
{
  for (guint64 seed = 0; seed < 4; seed++) {
    g_auto (Network) network = { 0 };
    const guint32 n = 500 + 500 * (guint32) seed;
    VC_BUFFER (double) level = vc_buffer_new (double, n);
    VC_BUFFER (double) other = vc_buffer_new (double, n);

    draw (&network, n, n * 5 / 2, n - 1, 8, ~seed);
    cr_expect_eq (solve (&network, 1000, 1, level).iterations, 1000, "or it was no trouble");
    solve (&network, 1000, 3, other);
    cr_assert_arr_eq (level, other, n * sizeof *level);
  }
}

/* Levels of tens of thousands, which round: they are right once what was left of each step is solved for, too. */
Test (eliminate, long_lines)
{
  for (guint64 seed = 0; seed < 4; seed++) {
    g_auto (Network) network = { 0 };
    const guint32 n = 100000;
    VC_BUFFER (double) level = vc_buffer_new (double, n);

    draw (&network, n, 3 * n, 5, 3, seed);
    cr_expect_eq (solve (&network, 100, 1, level).iterations, 0);
  }
}

/* All components by elimination alone, trees and rings and all. */
static void
compare (guint32 n, guint64 m, double spread, guint64 seed)
{
  const VcnSpringsOptions options = { 1e-12, 1, 1, NULL };
  g_auto (Network) network = { 0 };
  g_auto (VcnSprings) springs = { 0 };
  double level[120] = { 0 }, least[120];
  guint32 lowest[120], n_components;
  gboolean is_all;

  draw (&network, n, m, n - 1, spread, seed);
  cr_assert (vcn_springs_from_flows (&springs, &network.flows, &options, NULL));
  cr_assert (vcn_springs_components (&springs, 2, lowest, &n_components, NULL));
  cr_assert (vcn_springs_eliminate (&springs, &options, lowest, FALSE, level, &is_all, NULL));
  cr_assert (is_all);
  memcpy (least, level, sizeof least);
  for (guint32 i = 0; i < n; i++)
    least[lowest[i]] = fmin (least[lowest[i]], level[i]);
  for (guint32 i = 0; i < n; i++)
    level[i] -= least[lowest[i]];
  expect_levels (&network, level, 2e-14);
}

/* Up to all that a double holds. */
Test (eliminate, random_networks)
{
  const double spreads[] = { 0, 3, 12, 40, 300 };

  for (guint64 seed = 0; seed < 6000; seed++) {
    guint64 state = seed;
    const guint32 n = 2 + test_below (&state, seed % 20 == 0 ? 118 : 24);

    compare (n, 1 + test_below (&state, 3 * n), spreads[seed % G_N_ELEMENTS (spreads)], state);
  }
}

/* What neither way can solve is refused. */
Test (eliminate, too_many_pairs)
{
  const guint32 n = 40000;
  g_auto (Network) network = { 0 };
  g_autoptr (GError) error = NULL;
  VC_BUFFER (double) level = vc_buffer_new (double, n);
  VcnTrophicProof proof;

  draw (&network, n, 8 * n, n - 1, 1, 1);
  cr_assert_not (vcn_trophic (&network.flows, NULL, 1e-12, 3, 1, level, &proof, NULL, &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE));
}

/* Wherever it is stopped while it eliminates, it stops at once. */
Test (eliminate, cancelled)
{
  const guint32 n = 1000;
  g_auto (Network) network = { 0 };
  TestFuse fuse = { G_MAXUINT, 0 };
  const VcnMonitor monitor = { test_burn, &fuse };
  VC_BUFFER (double) level = vc_buffer_new (double, n);
  VcnTrophicProof proof;
  guint n_steps;

  draw (&network, n, 3 * n, n - 1, 8, 1);
  cr_assert (vcn_trophic (&network.flows, NULL, 1e-12, 1, 1, level, &proof, &monitor, NULL));
  n_steps = fuse.steps;
  cr_assert_gt (n_steps, 30u);
  for (guint k = 0; k < n_steps; k += k < n_steps - 25 ? 1 + n_steps / 20 : 1) {
    g_autoptr (GError) error = NULL;

    fuse = (TestFuse) { k, 0 };
    cr_assert_not (vcn_trophic (&network.flows, NULL, 1e-12, 1, 1, level, &proof, &monitor, &error), "%u", k);
    cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    cr_assert_eq (fuse.steps, k + 1);
  }
}

/* By the plainest of ways: the lower label of two that are tied, until nothing changes. */
static void
spread_labels (const Network *network, guint32 *label)
{
  gboolean changed = TRUE;

  for (guint32 i = 0; i < network->n; i++)
    label[i] = i;
  while (changed) {
    changed = FALSE;
    for (guint64 k = 0; k < network->m; k++) {
      const guint32 a = (guint32) network->from[k], b = (guint32) network->to[k], low = MIN (label[a], label[b]);

      changed = changed || label[a] != low || label[b] != low;
      label[a] = label[b] = low;
    }
  }
}

/* Some nodes alone, some in small trees, many in one: whichever thread comes first. */
Test (eliminate, components_are_the_same_by_any_number_of_threads)
{
  const guint32 n = 150000;
  VC_BUFFER (guint32) lowest = vc_buffer_new (guint32, n);
  VC_BUFFER (guint32) label = vc_buffer_new (guint32, n);

  for (guint round = 0; round < 6; round++) {
    const VcnSpringsOptions options = { 1e-12, 1, 1 + round % 3, NULL };
    g_auto (Network) network = { 0 };
    g_auto (VcnSprings) springs = { 0 };
    guint32 n_components, n_labels = 0;

    draw (&network, n, n / 4 * (2 + round % 3), n - 1, 1, 71 + round);
    cr_assert (vcn_springs_from_flows (&springs, &network.flows, &options, NULL));
    spread_labels (&network, label);
    for (guint32 i = 0; i < n; i++)
      n_labels += label[i] == i;
    cr_assert (n_labels > 1000);
    cr_assert (vcn_springs_components (&springs, options.n_threads, lowest, &n_components, NULL));
    cr_assert_eq (n_components, n_labels);
    cr_assert (memcmp (lowest, label, n * sizeof *label) == 0);
  }
}

#define TRIPLES 2048
/* Looks for the other, some milliseconds of them: there may be no second processor. */
#define PATIENCE 1000000

typedef struct {
  guint32 lowest[3 * TRIPLES];
  gint    n_here;
} Triples;

static void
join_last_of_triples (gpointer data, guint part)
{
  Triples *triples = data;

  g_atomic_int_inc (&triples->n_here);
  for (guint look = 0; look < PATIENCE && g_atomic_int_get (&triples->n_here) < 2; look++)
    continue;
  for (guint32 k = 0; k < TRIPLES; k++)
    vcn_lowest_join (triples->lowest, 3 * k + 2, 3 * k + part);
}

/* Two at the same nodes at once, which are to get a link to another one by each. */
Test (eliminate, no_tie_is_lost_between_threads)
{
  g_auto (VcParallelScope) threads = { 0 };
  Triples triples;

  vc_parallel_scope_open (&threads);
  for (guint round = 0; round < 1000; round++) {
    triples.n_here = 0;
    for (guint32 i = 0; i < 3 * TRIPLES; i++)
      triples.lowest[i] = i;
    vc_parallel (2, 2, join_last_of_triples, &triples);
    for (guint32 i = 0; i < 3 * TRIPLES; i++)
      cr_assert_eq (vcn_lowest_find (triples.lowest, i), i / 3 * 3, "round %u, node %u", round, i);
  }
}
