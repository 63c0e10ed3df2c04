/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"
#include "numeric/vcn-absorb-private.h"

/* Trees and what is nearly one, under names at random: their envelopes are wide, but twig by twig they are taken out.
 */
#define MOST 1000
#define MOST_MORE 8

typedef struct {
  guint32 n_nodes, n_more; /* arcs between any two nodes, in one direction */
  double  spread;          /* decades of amounts */
  double  reach;           /* how far back a node may hang: 1 at the node before, a path */
  double  leave;           /* amount that leaves at a tenth of the nodes, to two ends */
} Shape;

static void
shuffle (guint32 n, guint32 *name, guint64 *seed)
{
  for (guint32 i = 0; i < n; i++) {
    const guint32 other = test_below (seed, i + 1);

    name[i] = name[other];
    name[other] = i;
  }
}

static VcnCsr
near_tree (const Shape *shape, guint64 seed)
{
  const guint32 n = shape->n_nodes;
  gint32 from[3 * MOST + MOST_MORE], to[3 * MOST + MOST_MORE];
  double value[3 * MOST + MOST_MORE];
  guint32 name[MOST];
  guint64 m = 0;
  VcnCsr flows;

  shuffle (n, name, &seed);
  for (guint32 i = 1; i < n; i++) {
    const guint32 stem = i - 1 - test_below (&seed, (guint32) fmin (i, shape->reach));

    for (guint way = 0; way < 2; way++) {
      from[m] = (gint32) name[way == 0 ? i : stem];
      to[m] = (gint32) name[way == 0 ? stem : i];
      value[m++] = pow (10, shape->spread * (test_uniform (&seed) - 0.5));
    }
  }
  for (guint32 k = 0; k < shape->n_more; k++) {
    from[m] = (gint32) test_below (&seed, n);
    to[m] = (gint32) test_below (&seed, n);
    value[m] = 1;
    m += from[m] != to[m];
  }
  for (guint32 i = 0; i < n; i++) {
    if (i > 0 && test_below (&seed, 10) > 0)
      continue;
    from[m] = (gint32) name[i];
    to[m] = (gint32) (n + test_below (&seed, 2));
    value[m++] = shape->leave;
  }
  cr_assert (vcn_csr_from_triples (&flows, n + 2, m, from, to, value, NULL, 1, NULL, NULL));
  return flows;
}

typedef struct {
  double   x[4][MOST + 2]; /* reach, steps, visits, again */
  VcnProof proof[2];
} Answer;

static void
solve (VcnAbsorb *chain, guint32 n, Answer *answer)
{
  double boundary[MOST + 2] = { 0 };
  const double *outflow = vcn_absorb_outflow (chain);
  double **x = (double *[]) { answer->x[0], answer->x[1], answer->x[2], answer->x[3] };

  boundary[n - 1] = 1;
  cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, x[0], x[1]), &answer->proof[0], NULL, NULL));
  cr_assert (vcn_absorb_visits (chain, outflow, x[2], x[3], &answer->proof[1], NULL, NULL));
}

/* Against an elimination in the order of the names. Both are right to some roundings of each number, not of the largest
 * alone; and no farther apart than both prove. */
static void
compare (const Shape *shape, guint64 seed, guint32 least_twigs)
{
  g_auto (VcnCsr) flows = near_tree (shape, seed);
  g_autoptr (VcnAbsorb) by_twigs = test_absorb (&flows, 0), by_names = test_absorb (&flows, 1);
  Answer answer, other;

  cr_assert_eq (by_twigs->n_blocks, 1u);
  cr_assert_geq (by_twigs->twigs[0].n, least_twigs);
  cr_assert_eq (by_names->twigs[0].n, 0u);
  solve (by_twigs, flows.n, &answer);
  solve (by_names, flows.n, &other);
  for (guint k = 0; k < 4; k++) {
    const double bound = answer.proof[k / 2].bound + other.proof[k / 2].bound;
    double largest = 1;

    for (guint32 i = 0; i < flows.n; i++)
      largest = fmax (largest, other.x[k][i]);
    for (guint32 i = 0; i < flows.n; i++) {
      cr_assert (fabs (answer.x[k][i] - other.x[k][i]) <= 1e-11 * other.x[k][i], "%d: %u[%u]: %.17g, not %.17g",
                 (int) seed, k, i, answer.x[k][i], other.x[k][i]);
      cr_assert (fabs (answer.x[k][i] - other.x[k][i]) <= bound * largest);
    }
  }
}

Test (twigs, trees)
{
  const double leave[] = { 1, 1e-6, 1e-14 };

  for (guint64 seed = 0; seed < 30; seed++) {
    const guint32 n = 600 + 10 * (guint32) seed;

    compare (&(Shape) { n, 0, (double) (seed % 4), 1 + 200.0 * (double) (seed % 5), leave[seed % 3] }, seed, n - 1);
  }
}

/* The core is small beside its twigs. */
Test (twigs, near_trees)
{
  for (guint64 seed = 0; seed < 30; seed++)
    compare (&(Shape) { 700, 1 + (guint32) seed % MOST_MORE, (double) (seed % 3), 700, 0.01 }, seed, 500);
}

/* Of a tree that is not high each number is right to some roundings, however seldom work leaves; and that is proven. */
Test (twigs, bound_is_by_height)
{
  g_auto (VcnCsr) flows = near_tree (&(Shape) { MOST, 0, 2, MOST, 1e-12 }, 1);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
  Answer answer;

  cr_assert_leq (chain->twigs[0].height, 40u);
  solve (chain, flows.n, &answer);
  cr_assert_leq (fmax (answer.proof[0].bound, answer.proof[1].bound), 1e-11);
}
