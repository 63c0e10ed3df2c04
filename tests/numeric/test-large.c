/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"
#include "numeric/vcn-absorb-private.h"
#include "numeric/vcn-scc.h"

/* Shapes that break single methods: they must be right, and end. */
typedef struct {
  guint32  n;
  guint64  m;
  gint32  *from, *to;
  double  *value;
} Arcs;

static Arcs
arcs_new (guint32 n, guint64 room)
{
  return (Arcs) { n, 0, vc_buffer_new (gint32, room), vc_buffer_new (gint32, room), vc_buffer_new (double, room) };
}

static void
add (Arcs *arcs, guint32 from, guint32 to, double value)
{
  arcs->from[arcs->m] = (gint32) from;
  arcs->to[arcs->m] = (gint32) to;
  arcs->value[arcs->m++] = value;
}

static VcnCsr
arcs_to_csr (Arcs *arcs)
{
  VcnCsr csr;

  cr_assert (vcn_csr_from_triples (&csr, arcs->n, arcs->m, arcs->from, arcs->to, arcs->value, NULL, 2, NULL, NULL));
  vc_buffer_free (arcs->from);
  vc_buffer_free (arcs->to);
  vc_buffer_free (arcs->value);
  return csr;
}

/* Marks what can be reached from `root`, by the arcs or against them. */
static void
reach (const VcnCsr *flows, guint32 root, gboolean ahead, guint8 *seen)
{
  gboolean more = TRUE;

  memset (seen, 0, flows->n);
  seen[root] = TRUE;
  while (more) {
    more = FALSE;
    for (guint32 i = 0; i < flows->n; i++)
      for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++) {
        const guint32 from = ahead ? i : flows->column[k], to = ahead ? flows->column[k] : i;

        if (seen[from] && !seen[to])
          more = seen[to] = TRUE;
      }
  }
}

/* Some arcs a node, so that there are components of all sizes, before and behind a large one: arcs lead to the same or
 * to a lower one, and who is in one with a node is whom it reaches and who reaches it. */
Test (large, components_of_random_networks)
{
  guint64 seed = 12;

  for (guint round = 0; round < 12; round++) {
    const guint32 n = 4000 + test_below (&seed, 3000), m = n + test_below (&seed, n);
    VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
    VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
    VC_BUFFER (double) value = vc_buffer_new (double, m);
    VC_BUFFER (guint32) component = vc_buffer_new (guint32, n);
    VC_BUFFER (guint8) ahead = vc_buffer_new (guint8, n);
    VC_BUFFER (guint8) behind = vc_buffer_new (guint8, n);
    g_auto (VcnCsr) flows = { 0 };
    guint32 n_components;

    for (guint32 k = 0; k < m; k++) {
      from[k] = (gint32) test_below (&seed, n);
      to[k] = (gint32) test_below (&seed, n);
      value[k] = 1;
    }
    cr_assert (vcn_csr_from_triples (&flows, n, m, from, to, value, NULL, 1, NULL, NULL));
    cr_assert (vcn_scc (&flows, component, &n_components, 1 + round % 3, NULL, NULL));
    for (guint32 i = 0; i < n; i++)
      for (guint64 k = flows.start[i]; k < flows.start[i + 1]; k++)
        cr_assert (component[flows.column[k]] <= component[i] && component[i] < n_components);
    for (guint sample = 0; sample < 8; sample++) {
      const guint32 root = test_below (&seed, n);

      reach (&flows, root, TRUE, ahead);
      reach (&flows, root, FALSE, behind);
      for (guint32 i = 0; i < n; i++)
        cr_assert_eq (component[i] == component[root], ahead[i] && behind[i], "%u, %u", root, i);
    }
  }
}

/* A directed line 0 -> 1 -> ... -> n - 1, or both ways with an end at either side. */
static VcnCsr
line (guint32 n, gboolean both_ways)
{
  Arcs arcs = arcs_new (n, 2 * (guint64) n);

  for (guint32 i = 0; i + 1 < n; i++) {
    if (i > 0 || !both_ways)
      add (&arcs, i, i + 1, 1);
    if (both_ways && i > 0)
      add (&arcs, i, i - 1, 1);
  }
  return arcs_to_csr (&arcs);
}

static VcnCsr
star (guint32 n_leaves, gboolean both_ways)
{
  Arcs arcs = arcs_new (n_leaves + 3, 2 * (guint64) n_leaves + 2);

  for (guint32 i = 1; i <= n_leaves; i++) {
    add (&arcs, i, 0, 1);
    if (both_ways)
      add (&arcs, 0, i, 1);
  }
  add (&arcs, 0, n_leaves + 1, 3);
  add (&arcs, 0, n_leaves + 2, 1);
  return arcs_to_csr (&arcs);
}

static VcnCsr
loops (guint32 n_loops)
{
  const guint32 n = 2 * n_loops;
  Arcs arcs = arcs_new (n + 2, 4 * (guint64) n_loops);

  for (guint32 i = 0; i < n; i += 2) {
    add (&arcs, i, i + 1, 1);
    add (&arcs, i + 1, i, 1);
    add (&arcs, i, n, 1e-14);
    add (&arcs, i + 1, n + 1, 0.6e-14);
  }
  return arcs_to_csr (&arcs);
}

Test (large, components_of_a_path)
{
  const guint32 n = 5000000;
  g_auto (VcnCsr) path = line (n, FALSE);
  VC_BUFFER (guint32) component = vc_buffer_new (guint32, n);
  guint32 n_components;

  cr_assert (vcn_scc (&path, component, &n_components, 1, NULL, NULL));
  cr_assert_eq (n_components, n);
  for (guint32 i = 0; i < n; i++)
    cr_assert_eq (component[i], n - 1 - i);
}

Test (large, path)
{
  const guint32 n = 5000000;
  g_auto (VcnCsr) path = line (n, FALSE);
  g_autoptr (VcnAbsorb) chain = test_absorb (&path, 0);
  VC_BUFFER (double) boundary = vc_buffer_new0 (double, n);
  VC_BUFFER (double) x = vc_buffer_new (double, n);
  VC_BUFFER (double) steps = vc_buffer_new (double, n);

  boundary[n - 1] = 1;
  cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, steps), NULL, NULL, NULL));
  for (guint32 i = 0; i < n; i++)
    cr_assert (x[i] == 1 && steps[i] == n - 1 - i);
}

/* Gambler's ruin: (i / n, i (n - i)). */
Test (large, walk)
{
  const guint32 n = 100001;
  g_auto (VcnCsr) walk = line (n, TRUE);
  g_autoptr (VcnAbsorb) chain = test_absorb (&walk, 0);
  VC_BUFFER (double) boundary = vc_buffer_new0 (double, n);
  VC_BUFFER (double) x = vc_buffer_new (double, n);

  boundary[n - 1] = 1;
  cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, NULL), NULL, NULL, NULL));
  for (guint32 i = 0; i < n; i++)
    cr_assert (fabs (x[i] - i / (n - 1.0)) <= 1e-12);
}

Test (large, stars)
{
  const guint32 n = 1000000;

  for (int both_ways = 0; both_ways < 2; both_ways++) {
    g_auto (VcnCsr) flows = star (n, both_ways);
    g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
    VC_BUFFER (double) boundary = vc_buffer_new0 (double, n + 3);
    VC_BUFFER (double) x = vc_buffer_new (double, n + 3);
    VC_BUFFER (double) y = vc_buffer_new0 (double, n + 3);

    boundary[n + 1] = 1;
    cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, NULL), NULL, NULL, NULL));
    for (guint32 i = 0; i <= n; i++)
      cr_assert (fabs (x[i] - 0.75) <= 1e-12, "%d %d %.17g", both_ways, (int) i, x[i]);
    boundary[n + 1] = 0;
    boundary[1] = 4; /* goes through the centre up to a million times, each with a residual of 1e-12 of that */
    cr_assert (vcn_absorb_visits (chain, boundary, y, NULL, NULL, NULL, NULL));
    cr_assert (fabs (y[n + 1] - 3) <= 1e-5 && fabs (y[n + 2] - 1) <= 1e-5);
  }
}

Test (large, nearly_closed_loops)
{
  const guint32 n = 1000000;
  g_auto (VcnCsr) flows = loops (n);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
  VC_BUFFER (double) first = vc_buffer_new0 (double, 2 * n + 2);
  VC_BUFFER (double) second = vc_buffer_new0 (double, 2 * n + 2);
  VC_BUFFER (double) x = vc_buffer_new (double, 2 * n + 2);
  VC_BUFFER (double) y = vc_buffer_new (double, 2 * n + 2);
  const VcnEnds ends = { 2, (const double *const[]) { first, second }, (double *const[]) { x, y }, NULL };
  VcnProof proof;

  first[2 * n] = second[2 * n + 1] = 1;
  cr_assert (vcn_absorb_forward (chain, &ends, &proof, NULL, NULL));
  cr_assert_leq (proof.bound, 1e-12);
  for (guint32 i = 0; i < 2 * n; i++)
    cr_assert (fabs (x[i] - 0.625) <= 1e-12 && fabs (y[i] - 0.375) <= 1e-12);
}

/* Ends of single precision whose difference it cannot say, among as many nodes as no test can have. */
Test (large, no_key_is_past_the_last_part)
{
  guint64 state = 7;

  for (guint round = 0; round < 10000; round++) {
    const guint32 n = 200000000 + test_below (&state, 200000000);
    const float least = (float) test_uniform (&state), most = least + (float) (100 * test_uniform (&state));
    const float between = least + (most - least) * (float) test_uniform (&state);

    cr_assert_eq (vcn_absorb_part (least, least, most, n), 0);
    cr_assert_eq (vcn_absorb_part (most, least, most, n), most > least ? n - 1 : 0);
    cr_assert_lt (vcn_absorb_part (MIN (between, most), least, most, n), n);
  }
}

/* The same walk under names at random: put in order again, it is eliminated, not iterated. */
Test (large, shuffled_walk)
{
  const guint32 n = 50001;
  Arcs arcs = arcs_new (n, 2 * (guint64) n);
  VC_BUFFER (guint32) name = vc_buffer_new (guint32, n);
  VC_BUFFER (double) boundary = vc_buffer_new0 (double, n);
  VC_BUFFER (double) x = vc_buffer_new (double, n);
  guint64 seed = 2;
  VcnProof proof;

  for (guint32 i = 0; i < n; i++) {
    const guint32 other = test_below (&seed, i + 1);

    name[i] = name[other];
    name[other] = i;
  }
  for (guint32 i = 1; i + 1 < n; i++) {
    add (&arcs, name[i], name[i - 1], 1);
    add (&arcs, name[i], name[i + 1], 1);
  }
  g_auto (VcnCsr) walk = arcs_to_csr (&arcs);
  g_autoptr (VcnAbsorb) chain = test_absorb (&walk, 0);

  boundary[name[n - 1]] = 1;
  cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, NULL), &proof, NULL, NULL));
  cr_assert_str_eq (proof.method, "elimination");
  for (guint32 i = 0; i < n; i++)
    cr_assert (fabs (x[name[i]] - i / (n - 1.0)) <= 1e-12);
}

/* A line with noise, clipped at its ends, as large organisations are: two hubs, one component, 2 % to two customers. */
static VcnCsr
organisation (guint32 n)
{
  Arcs arcs = arcs_new (n + 2, 10 * (guint64) n);
  guint64 seed = 9;

  for (guint32 k = 0; k < 10 * n; k++) {
    const guint32 i = test_below (&seed, n);
    const double step = (test_uniform (&seed) + test_uniform (&seed) - 0.7) * 0.2 * n;
    const double to = fmin (fmax (floor (i + step), 0), n - 1);

    add (&arcs, i, test_below (&seed, 50) == 0 ? n + (k & 1) : (guint32) to, test_uniform (&seed));
  }
  return arcs_to_csr (&arcs);
}

static void
solve_with (const VcnCsr *flows, guint n_threads, double *result[4], VcnProof *proof)
{
  const guint32 n = flows->n;
  const VcnAbsorbOptions options = { 1e-12, 1000, n_threads, 2 };
  g_autoptr (VcnAbsorb) chain = vcn_absorb_new (flows, &options, NULL, NULL);
  VC_BUFFER (double) boundary = vc_buffer_new0 (double, n);

  boundary[n - 1] = 1;
  cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, result[0], result[1]), proof, NULL, NULL));
  cr_assert_leq (proof->residual, 1e-12);
  cr_assert (vcn_absorb_visits (chain, vcn_absorb_outflow (chain), result[2], result[3], proof, NULL, NULL));
  cr_assert_leq (proof->residual, 1e-12);
}

/* A line that is left seldom, with steps at random and amounts of all sizes; the first nodes take much of all flow, as
 * hubs do. */
static VcnCsr
random_line (guint64 seed)
{
  const guint32 n = 600 + test_below (&seed, 1500), degree = 2 + test_below (&seed, 6), n_hubs = test_below (&seed, 4);
  const double reach = 5 + test_below (&seed, n), spread = 1 + test_below (&seed, 6),
               leave = pow (10, -1.0 - test_below (&seed, 6));
  Arcs arcs = arcs_new (n + 2, (guint64) n * (degree + 2));

  for (guint32 i = 0; i < n; i++) {
    add (&arcs, i, (i + 1) % n, 1);
    for (guint32 k = 0; k < degree; k++) {
      const double to = i + (test_uniform (&seed) - 0.45) * reach,
                   amount = pow (10, spread * (test_uniform (&seed) - 0.5));

      add (&arcs, i, test_below (&seed, 4) == 0 ? test_below (&seed, n_hubs + 1) : (guint32) fmin (fmax (to, 0), n - 1),
           amount);
    }
    if (test_below (&seed, 10) == 0 || i == 0)
      add (&arcs, i, n + test_below (&seed, 2), leave);
  }
  return arcs_to_csr (&arcs);
}

static void
expect_same (const double *x, const double *y, guint32 n, double tolerance)
{
  double largest = 0;

  for (guint32 i = 0; i < n; i++)
    largest = fmax (largest, fabs (y[i]));
  for (guint32 i = 0; i < n; i++)
    cr_assert (fabs (x[i] - y[i]) <= tolerance * largest, "[%u]: %.17g and %.17g, at most %g", i, x[i], y[i], largest);
}

/* Iterations in several groups, with hubs and nearly closed, against eliminations; neither may be further off than both
 * proofs allow. */
Test (large, iterations_and_eliminations)
{
  double result[2][4][2200];
  VcnProof proof[2][2];

  for (guint64 seed = 0; seed < 25; seed++) {
    g_auto (VcnCsr) flows = random_line (seed);
    double boundary[2200] = { 0 };

    boundary[flows.n - 1] = 1;
    for (int method = 1; method <= 2; method++) {
      g_autoptr (VcnAbsorb) chain = test_absorb (&flows, method);
      double (*x)[2200] = result[method - 1];
      VcnProof *proven = proof[method - 1];
      g_autoptr (GError) error = NULL;

      cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x[0], x[1]), &proven[0], NULL, &error), "%d: %s",
                 (int) seed, error->message);
      cr_assert (vcn_absorb_visits (chain, vcn_absorb_outflow (chain), x[2], x[3], &proven[1], NULL, &error), "%d: %s",
                 (int) seed, error->message);
      cr_assert_str_eq (proven[0].method, method == 1 ? "elimination" : "iteration");
      cr_assert (fmax (proven[0].residual, proven[1].residual) <= 1e-12);
    }
    for (guint k = 0; k < 4; k++)
      expect_same (result[1][k], result[0][k], flows.n, proof[0][k / 2].bound + proof[1][k / 2].bound);
  }
}

/* By iteration, whose answer no thread count changes in any bit; what is put in comes out; from either side the same
 * reach. */
Test (large, organisation)
{
  const guint32 n = 60000;
  g_auto (VcnCsr) flows = organisation (n);
  double *first[4], *other[4], sum = 0, out = 0, reach = 0;
  VcnProof proof;

  for (guint k = 0; k < 4; k++) {
    first[k] = vc_buffer_new (double, n + 2);
    other[k] = vc_buffer_new (double, n + 2);
  }
  solve_with (&flows, 1, first, &proof);
  cr_assert_eq (proof.n_iterated, 1u);
  for (guint k = 0; k < 3; k++) {
    solve_with (&flows, (guint[]) { 2, 3, 7 }[k], other, &proof);
    for (guint column = 0; column < 4; column++)
      cr_assert_arr_eq (first[column], other[column], (n + 2) * sizeof (double));
  }
  for (guint32 i = 0; i < n; i++)
    for (guint64 k = flows.start[i]; k < flows.start[i + 1]; k++) {
      sum += flows.value[k];
      reach += flows.value[k] * first[0][i];
    }
  for (guint32 i = 0; i < n + 2; i++)
    out += flows.start[i] == flows.start[i + 1] ? first[2][i] : 0;
  cr_expect (vc_test_close (out, sum, 1e-9), "%.17g in, %.17g out", sum, out);
  cr_expect (vc_test_close (first[2][n + 1], reach, 1e-9));
  for (guint k = 0; k < 4; k++) {
    vc_buffer_free (first[k]);
    vc_buffer_free (other[k]);
  }
}

/* Where anybody may know anybody, no order brings neighbours together: none is made, and one range does for all. From
 * either side the same reach. */
Test (large, random_digraph)
{
  const guint32 n = 10000;
  Arcs arcs = arcs_new (n + 2, 9 * (guint64) n);
  VC_BUFFER (double) boundary = vc_buffer_new0 (double, n + 2);
  VC_BUFFER (double) x = vc_buffer_new (double, n + 2);
  VC_BUFFER (double) visits = vc_buffer_new (double, n + 2);
  guint64 seed = 5;
  double reach = 0;
  VcnProof proof[2];

  for (guint32 i = 0; i < n; i++) {
    for (guint k = 0; k < 8; k++)
      add (&arcs, i, test_below (&seed, n), 0.1);
    add (&arcs, i, n + i % 2, 0.2);
  }
  g_auto (VcnCsr) flows = arcs_to_csr (&arcs);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);

  cr_assert_eq (chain->n_iterations, 1u);
  cr_assert_eq (chain->iterations[0]->coarse.n_ranges, 1u);
  for (guint32 c = 0; c < chain->n_blocks; c++)
    for (guint32 p = chain->first[c] + 1; p < chain->first[c + 1]; p++)
      cr_assert_gt (chain->order[p], chain->order[p - 1]);
  boundary[n] = 1;
  cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, NULL), &proof[0], NULL, NULL));
  cr_assert (vcn_absorb_visits (chain, vcn_absorb_outflow (chain), visits, NULL, &proof[1], NULL, NULL));
  cr_assert_leq (fmax (proof[0].residual, proof[1].residual), 1e-12);
  for (guint32 i = 0; i < n; i++)
    reach += vcn_absorb_outflow (chain)[i] * x[i];
  cr_assert (vc_test_close (visits[n], reach, 1e-11), "%.17g, not %.17g", visits[n], reach);
}

/* The same network under other names. */
static VcnCsr
rename_nodes (const VcnCsr *flows, const guint32 *name)
{
  Arcs arcs = arcs_new (flows->n, flows->start[flows->n]);

  for (guint32 i = 0; i < flows->n; i++)
    for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++)
      add (&arcs, name[i], name[flows->column[k]], flows->value[k]);
  return arcs_to_csr (&arcs);
}

/* One that is large, with ends, loops of two and idle nodes among its live ones. */
static VcnCsr
large_organisation (guint32 n)
{
  const guint32 step = n / 20, n_loops = 50;
  Arcs arcs = arcs_new (n + 3 * n_loops + 2, 4 * (guint64) n + 2 * n_loops);
  guint64 seed = 21;

  for (guint32 i = 0; i < n; i++) {
    add (&arcs, i, i + 1 < n ? i + 1 : 0, 1);
    for (guint k = 0; k < 2; k++) {
      const gint32 to = (gint32) (i + test_below (&seed, 2 * step) + 1000) - (gint32) step;

      add (&arcs, i, (guint32) CLAMP (to, 0, (gint32) n - 1), test_uniform (&seed));
    }
    if (test_below (&seed, 20) == 0)
      add (&arcs, i, n + test_below (&seed, n_loops + 2), test_uniform (&seed));
  }
  for (guint32 k = 0; k < n_loops; k++) {
    add (&arcs, n + 2 + k, n + 2 + n_loops + k, 1);
    add (&arcs, n + 2 + n_loops + k, n + 2 + k, 2);
  }
  return arcs_to_csr (&arcs);
}

static void
expect_renumbered (const VcnAbsorb *chain, const VcnCsr *flows)
{
  const guint32 *node;
  const VcnCsr *rows = vcn_absorb_renumbered (chain, &node);
  VC_BUFFER (guint32) place = vc_buffer_new (guint32, flows->n);

  cr_assert_not_null (node);
  for (guint32 p = 0; p < flows->n; p++)
    place[node[p]] = p;
  for (guint32 i = 0; i < flows->n; i++) {
    const guint64 begin = rows->start[place[i]], n = rows->start[place[i] + 1] - begin;
    double sum = 0, other = 0;

    cr_assert_eq (node[place[i]], i);
    cr_assert_eq (n, flows->start[i + 1] - flows->start[i]);
    for (guint64 k = 0; k < n; k++) {
      sum += rows->value[begin + k] * node[rows->column[begin + k]];
      other += flows->value[flows->start[i] + k] * flows->column[flows->start[i] + k];
      cr_assert (k == 0 || rows->column[begin + k - 1] < rows->column[begin + k]);
    }
    cr_assert (vc_test_close (sum, other, 1e-12));
  }
}

/* Each node is in the block still and not far from where it was, and most rows, of the block and transposed, are as
 * long as the one before. */
Test (large, rows_of_a_length_stand_together)
{
  const guint32 n = 210000;
  g_auto (VcnCsr) flows = large_organisation (n);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
  guint32 block = 0, as_long[2] = { 0 };

  while (chain->first[block + 1] - chain->first[block] < n / 2)
    block++;
  for (guint32 p = chain->first[block]; p < chain->first[block + 1]; p++) {
    cr_assert_eq (chain->position[chain->order[p]], p);
    cr_assert_lt (fabs ((double) chain->order[p] - (double) (p - chain->first[block])), 4096.0 + n / 1000.0);
  }
  for (guint transposed = 0; transposed < 2; transposed++) {
    const VcnSweep *sweep = &chain->iterations[0]->sweep[transposed];

    for (guint32 p = 1; p + 1 < sweep->n; p++)
      as_long[transposed]
        += sweep->start[p + 1] - sweep->start[p] == sweep->start[p] - sweep->start[p - 1];
    cr_assert_gt (as_long[transposed], sweep->n * 0.8, "%u: %u", transposed, as_long[transposed]);
  }
}

/* A line that no order makes short enough to be eliminated is swept in the order at hand, but for rows of a length. */
Test (large, what_is_in_line_stays)
{
  const guint32 n = 60000;
  g_auto (VcnCsr) flows = large_organisation (n);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
  guint32 block = 0;

  while (chain->first[block + 1] - chain->first[block] < n / 2)
    block++;
  cr_assert_eq (chain->n_iterations, 1u);
  for (guint32 p = chain->first[block]; p < chain->first[block + 1]; p++)
    cr_assert_lt (fabs ((double) chain->order[p] - (double) (p - chain->first[block])), 4096.0 + n / 1000.0);
}

/* Scattered names: solved in an order of their own, the answers are those of the network whose names are in line, to
 * the bit on any number of threads; what is not live is found again under its name. */
Test (large, shuffled_organisation)
{
  const guint32 n_line = 210000, n = n_line + 152;
  g_auto (VcnCsr) line = large_organisation (n_line);
  VC_BUFFER (guint32) name = vc_buffer_new (guint32, n);
  VC_BUFFER (double) boundary = vc_buffer_new0 (double, n);
  double *x[3][4];
  VcnProof proof[3][2];
  guint64 seed = 22;

  for (guint32 i = 0; i < n; i++) {
    const guint32 other = test_below (&seed, i + 1);

    name[i] = name[other];
    name[other] = i;
  }
  g_auto (VcnCsr) scattered = rename_nodes (&line, name);
  for (guint k = 0; k < 3; k++) {
    const VcnCsr *flows = k == 0 ? &line : &scattered;
    const VcnAbsorbOptions options = { 1e-12, 1000, 1 + k, 0 };
    g_autoptr (VcnAbsorb) chain = vcn_absorb_new (flows, &options, NULL, NULL);
    const guint32 *node;

    for (guint column = 0; column < 4; column++)
      x[k][column] = vc_buffer_new (double, n);
    memset (boundary, 0, n * sizeof *boundary);
    boundary[k == 0 ? n_line : name[n_line]] = 1;
    boundary[k == 0 ? n_line + 3 : name[n_line + 3]] = 0.5;
    cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x[k][0], x[k][1]), &proof[k][0], NULL, NULL));
    cr_assert (vcn_absorb_visits (chain, vcn_absorb_outflow (chain), x[k][2], x[k][3], &proof[k][1], NULL, NULL));
    cr_assert_eq (proof[k][0].n_iterated, 1u);
    cr_assert_leq (fmax (proof[k][0].residual, proof[k][1].residual), 1e-12);
    vcn_absorb_renumbered (chain, &node);
    cr_assert_eq (node != NULL, k > 0);
    if (k > 0)
      expect_renumbered (chain, flows);
  }
  for (guint column = 0; column < 4; column++) {
    const double tolerance = proof[0][column / 2].bound + proof[1][column / 2].bound;
    double largest = 1;

    cr_assert_arr_eq (x[1][column], x[2][column], n * sizeof (double));
    for (guint32 i = 0; i < n; i++)
      largest = fmax (largest, x[0][column][i]);
    for (guint32 i = 0; i < n; i++)
      cr_assert (fabs (x[1][column][name[i]] - x[0][column][i]) <= fmin (tolerance, 1e-8) * largest, "%u: [%u]", column,
                 i);
    for (guint k = 0; k < 3; k++)
      vc_buffer_free (x[k][column]);
  }
}

/* Stops at one look; counts them all. */
typedef struct {
  guint at, n;
} Stop;

static gboolean
look_and_stop (gpointer data, double fraction)
{
  Stop *stop = data;

  return stop->n++ != stop->at;
}

typedef gboolean (*Work) (const Arcs *arcs, const VcnCsr *flows, const VcnMonitor *monitor, GError **error);

static gboolean
sort_arcs (const Arcs *arcs, const VcnCsr *flows, const VcnMonitor *monitor, GError **error)
{
  g_auto (VcnCsr) csr = { 0 };

  return vcn_csr_from_triples (&csr, arcs->n, arcs->m, arcs->from, arcs->to, arcs->value, NULL, 1, monitor, error);
}

static gboolean
transpose (const Arcs *arcs, const VcnCsr *flows, const VcnMonitor *monitor, GError **error)
{
  g_auto (VcnCsr) csr = { 0 };

  return vcn_csr_transpose (&csr, flows, 1, monitor, error);
}

static gboolean
find_components (const Arcs *arcs, const VcnCsr *flows, const VcnMonitor *monitor, GError **error)
{
  VC_BUFFER (guint32) component = vc_buffer_new (guint32, flows->n);
  guint32 n_components;

  return vcn_scc (flows, component, &n_components, 1, monitor, error);
}

static gboolean
classify (const Arcs *arcs, const VcnCsr *flows, const VcnMonitor *monitor, GError **error)
{
  const VcnAbsorbOptions options = { 1e-12, 1000, 1, 0 };
  g_autoptr (VcnAbsorb) chain = vcn_absorb_new (flows, &options, monitor, error);

  return chain != NULL;
}

/* Backwards. */
static gboolean
renumber (const Arcs *arcs, const VcnCsr *flows, const VcnMonitor *monitor, GError **error)
{
  VC_BUFFER (guint32) other = vc_buffer_new (guint32, flows->n);
  g_auto (VcnCsr) csr = { 0 };

  for (guint32 i = 0; i < flows->n; i++)
    other[i] = flows->n - 1 - i;
  return vcn_csr_renumber (&csr, flows, other, 1, monitor, error);
}

static gboolean
arrange (const Arcs *arcs, const VcnCsr *flows, const VcnMonitor *monitor, GError **error)
{
  VC_BUFFER (guint32) order = vc_buffer_new (guint32, flows->n);
  VC_BUFFER (guint32) position = vc_buffer_new (guint32, flows->n);
  guint32 first[] = { 0, flows->n };
  VcnAbsorb block = { .flows = flows, .options = { 1e-12, 1000, 1, 0 }, .n_live = flows->n, .order = order,
                      .position = position, .n_blocks = 1, .first = first };
  VcnLook look = { monitor, 0.5, FALSE };
  gboolean is_wide;

  for (guint32 i = 0; i < flows->n; i++)
    order[i] = position[i] = i;
  return vcn_absorb_arrange (&block, 0, &is_wide, &look, error);
}

/* It looks `at_least` times, and once stopped it looks no more. */
static void
stop_at_every_look (Work work, const Arcs *arcs, const VcnCsr *flows, guint at_least)
{
  Stop all = { G_MAXUINT, 0 };
  const VcnMonitor never = { look_and_stop, &all };

  cr_assert (work (arcs, flows, &never, NULL));
  cr_assert_geq (all.n, at_least);
  for (guint at = 0; at < all.n; at++) {
    Stop stop = { at, 0 };
    const VcnMonitor monitor = { look_and_stop, &stop };
    g_autoptr (GError) error = NULL;

    cr_assert_not (work (arcs, flows, &monitor, &error));
    cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    cr_assert_eq (stop.n, at + 1);
  }
}

/* A million arcs are four looks in each walk over them; a row that is long, parallel and out of order, even more. */
Test (large, looks_often)
{
  const guint32 n = 1000, m = 1 << 20, m_parallel = 1 << 18;
  Arcs many = arcs_new (n, m), parallel = arcs_new (n, m_parallel);
  guint64 seed = 11;
  g_auto (VcnCsr) flows = { 0 };

  for (guint32 k = 0; k < m; k++)
    add (&many, k % n, test_below (&seed, n), 1);
  for (guint32 k = 0; k < m_parallel; k++)
    add (&parallel, 0, 1, 1 + test_below (&seed, 1000));
  stop_at_every_look (sort_arcs, &many, NULL, 12);
  stop_at_every_look (sort_arcs, &parallel, NULL, 12);
  cr_assert (vcn_csr_from_triples (&flows, n, m, many.from, many.to, many.value, NULL, 1, NULL, NULL));
  stop_at_every_look (transpose, NULL, &flows, 4);
  stop_at_every_look (renumber, NULL, &flows, 4);
  stop_at_every_look (arrange, NULL, &flows, 8);
  stop_at_every_look (find_components, NULL, &flows, 3);
  stop_at_every_look (classify, NULL, &flows, 6);
  vc_buffer_free (many.from);
  vc_buffer_free (many.to);
  vc_buffer_free (many.value);
  vc_buffer_free (parallel.from);
  vc_buffer_free (parallel.to);
  vc_buffer_free (parallel.value);
}

static gboolean
solve_both_ways (const Arcs *arcs, const VcnCsr *flows, const VcnMonitor *monitor, GError **error)
{
  const VcnAbsorbOptions options = { 1e-12, 1000, 1, 0 };
  g_autoptr (VcnAbsorb) chain = vcn_absorb_new (flows, &options, monitor, error);
  VC_BUFFER (double) boundary = vc_buffer_new0 (double, flows->n);
  VC_BUFFER (double) x = vc_buffer_new (double, flows->n);
  VC_BUFFER (double) steps = vc_buffer_new (double, flows->n);

  boundary[flows->n - 1] = 1;
  return chain != NULL && vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, steps), NULL, monitor, error)
         && vcn_absorb_visits (chain, vcn_absorb_outflow (chain), x, steps, NULL, monitor, error);
}

/* All of it is one block, taken out twig by twig. */
Test (large, looks_often_at_a_star)
{
  g_auto (VcnCsr) flows = star (200000, TRUE);

  stop_at_every_look (solve_both_ways, NULL, &flows, 20);
}
