/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

/* Against the reference twin: every class, loop, value, step, visit and level. */
typedef struct {
  guint32        n;
  const double  *flow;
  double         tolerance; /* relative */
  ReferenceChain twin;
  VcnCsr         flows;
  VcnAbsorb     *chain;
} Case;

static void
expect_close (const Case *c, const char *what, const double *got, const long double *expected)
{
  for (guint32 i = 0; i < c->n; i++)
    cr_assert (fabsl (got[i] - expected[i]) <= c->tolerance * fmaxl (1e-300, fabsl (expected[i])),
               "%s[%u]: %.17g, not %.17Lg", what, i, got[i], expected[i]);
}

/* The proof must hold: no answer is farther off than its bound. */
static void
expect_bounded (const Case *c, const VcnProof *proof, const double *got, const long double *expected,
                const double *other, const long double *other_expected)
{
  double largest[2] = { 1, 1 };

  for (guint32 i = 0; i < c->n; i++) {
    largest[0] = fmax (largest[0], got[i]);
    largest[1] = fmax (largest[1], other != NULL ? other[i] : 0);
  }
  for (guint32 i = 0; i < c->n; i++) {
    cr_assert (fabsl (got[i] - expected[i]) <= proof->bound * largest[0] * 1.001L, "%g > %g",
               (double) fabsl (got[i] - expected[i]), proof->bound);
    if (other != NULL)
      cr_assert (fabsl (other[i] - other_expected[i]) <= proof->bound * largest[1] * 1.001L, "%g > %g",
                 (double) fabsl (other[i] - other_expected[i]), proof->bound * largest[1]);
  }
}

static void
compare_classes (const Case *c)
{
  guint32 n_loops, names[REFERENCE_MAX];
  const guint32 *loops = vcn_absorb_loops (c->chain, &n_loops);

  for (guint32 i = 0; i < c->n; i++) {
    cr_assert_eq (vcn_absorb_classes (c->chain)[i], c->twin.class[i]);
    cr_assert_eq (loops[i] == G_MAXUINT32, c->twin.loop[i] < 0);
    if (loops[i] == G_MAXUINT32)
      continue;
    cr_assert_lt (loops[i], n_loops);
    if (c->twin.loop[i] == (int) i)
      names[loops[i]] = i;
    cr_assert_eq (names[loops[i]], (guint32) c->twin.loop[i]);
  }
}

/* Alone with its steps, and as one of more than are solved at once. */
static void
compare_forward (const Case *c, const double *boundary, const double *other)
{
  long double exact_boundary[REFERENCE_MAX], exact_other[REFERENCE_MAX], x[REFERENCE_MAX], y[REFERENCE_MAX],
    steps[REFERENCE_MAX];
  double got[6][REFERENCE_MAX], got_steps[REFERENCE_MAX];
  const double *const boundaries[] = { boundary, other, boundary, other, boundary, other };
  VcnProof proof;

  for (guint32 i = 0; i < c->n; i++) {
    exact_boundary[i] = boundary[i];
    exact_other[i] = other[i];
  }
  reference_chain_forward (&c->twin, exact_boundary, NULL, x);
  reference_chain_forward (&c->twin, NULL, x, steps);
  reference_chain_forward (&c->twin, exact_other, NULL, y);
  cr_assert (vcn_absorb_forward (c->chain, VCN_ONE_END (boundary, got[0], got_steps), &proof, NULL, NULL));
  cr_assert_leq (proof.residual, 1e-12);
  expect_close (c, "forward", got[0], x);
  expect_close (c, "steps", got_steps, steps);
  expect_bounded (c, &proof, got[0], x, got_steps, steps);

  cr_assert (vcn_absorb_forward (
    c->chain,
    &(VcnEnds) { 6, boundaries, (double *const[]) { got[0], got[1], got[2], got[3], got[4], got[5] }, got_steps },
    &proof, NULL, NULL));
  expect_close (c, "steps of several", got_steps, steps);
  for (guint k = 0; k < 6; k++)
    expect_close (c, "one of several", got[k], k % 2 == 0 ? x : y);
}

static void
compare_backward (const Case *c, const double *source)
{
  long double exact[REFERENCE_MAX], visits[REFERENCE_MAX], again[REFERENCE_MAX], sum = 0, out = 0;
  double got[REFERENCE_MAX], got_again[REFERENCE_MAX];
  VcnProof proof;

  for (guint32 i = 0; i < c->n; i++)
    exact[i] = source[i];
  reference_chain_visits (&c->twin, exact, exact, visits);
  reference_chain_visits (&c->twin, visits, NULL, again);
  g_autoptr (GError) error = NULL;
  cr_assert (vcn_absorb_visits (c->chain, source, got, got_again, &proof, NULL, &error), "%s", error->message);
  expect_close (c, "visits", got, visits);
  expect_close (c, "again", got_again, again);
  expect_bounded (c, &proof, got, visits, got_again, again);
  for (guint32 i = 0; i < c->n; i++) {
    sum += source[i];
    out += vcn_absorb_classes (c->chain)[i] != VCN_LIVE ? got[i] : 0;
  }
  cr_assert (fabsl (out - sum) <= c->tolerance * sum, "conservation: %.17Lg in, %.17Lg out", sum, out);
}

static void
compare_levels (const Case *c, const double *diagonal)
{
  long double level[REFERENCE_MAX], incoherence;
  double got[REFERENCE_MAX];
  VcnTrophicProof proof;
  const bool defined = reference_levels ((int) c->n, c->flow, level, &incoherence);

  cr_assert (vcn_trophic (&c->flows, diagonal, 1e-12, 1000, 1, got, &proof, NULL, NULL));
  for (guint32 i = 0; i < c->n; i++)
    cr_assert (fabsl (got[i] - level[i]) <= 1e-9L * fmaxl (1, level[i]), "level[%u]: %.17g, not %.17Lg", i, got[i],
               level[i]);
  cr_assert_eq (defined, !isnan (proof.incoherence));
  cr_assert (!defined || fabsl (proof.incoherence - incoherence) <= 1e-10L);
}

/* Levels are a small difference of large sums where amounts differ by more than what a double holds. */
static gboolean
is_moderate (guint32 n, const double *flow)
{
  double least = INFINITY, most = 0;

  for (guint32 k = 0; k < n * n; k++) {
    most = fmax (most, flow[k]);
    least = flow[k] > 0 ? fmin (least, flow[k]) : least;
  }
  return most <= 1e3 * least;
}

static void
compare (guint32 n, const double *flow, int method, double tolerance, guint64 seed)
{
  Case c = { n, flow, tolerance };
  double diagonal[REFERENCE_MAX], boundary[REFERENCE_MAX], source[REFERENCE_MAX];

  for (guint32 i = 0; i < n; i++) {
    boundary[i] = test_below (&seed, 3) / 2.0;
    source[i] = test_below (&seed, 3);
  }
  reference_chain_init (&c.twin, (int) n, flow);
  c.flows = test_csr (n, flow, diagonal);
  c.chain = test_absorb (&c.flows, method);
  compare_classes (&c);
  compare_forward (&c, boundary, source);
  compare_backward (&c, source);
  if (method == 0 && is_moderate (n, flow))
    compare_levels (&c, diagonal);
  vcn_absorb_free (c.chain);
  vcn_csr_clear (&c.flows);
}

/* All networks of up to 3 parties over weights 0, 1, 2, self flows included for 2, and of 4 over 0, 1. */
static void
compare_all (guint32 n, guint32 n_weights, gboolean diagonal)
{
  double flow[16] = { 0 };
  guint64 n_cases = 1;

  for (guint32 k = 0; k < n * n; k++)
    n_cases *= diagonal || k % (n + 1) != 0 ? n_weights : 1;
  for (guint64 code = 0; code < n_cases; code++) {
    guint64 digits = code;

    for (guint32 k = 0; k < n * n; k++) {
      flow[k] = diagonal || k % (n + 1) != 0 ? (double) (digits % n_weights) : 0;
      if (diagonal || k % (n + 1) != 0)
        digits /= n_weights;
    }
    for (int method = 0; method < 3; method++)
      compare (n, flow, method, 1e-9, code);
  }
}

Test (twin, all_networks_of_up_to_three)
{
  compare_all (0, 1, TRUE);
  compare_all (1, 3, TRUE);
  compare_all (2, 3, TRUE);
  compare_all (3, 3, FALSE);
}

Test (twin, all_networks_of_four)
{
  compare_all (4, 2, FALSE);
}

static void
random_flow (guint64 *seed, guint32 n, double spread, double *flow)
{
  const double density = (1 + 4 * test_uniform (seed)) / n;

  for (guint32 k = 0; k < n * n; k++)
    flow[k] = test_uniform (seed) < density ? pow (10, spread * (2 * test_uniform (seed) - 1)) : 0;
}

/* Elimination is right to a few roundings even where exits are a billionth of a billionth. */
Test (twin, random_networks_by_elimination)
{
  const double spreads[] = { 0, 1, 12 };

  for (guint64 seed = 0; seed < 4000; seed++) {
    guint64 state = seed;
    const guint32 n = 1 + test_below (&state, seed % 10 == 0 ? 60 : 14);
    double flow[REFERENCE_MAX * REFERENCE_MAX];

    random_flow (&state, n, spreads[seed % 3], flow);
    compare (n, flow, (int) (seed & 1), 1e-13 * n, seed);
  }
}

Test (twin, random_networks_by_iteration)
{
  for (guint64 seed = 0; seed < 2000; seed++) {
    guint64 state = ~seed;
    const guint32 n = 1 + test_below (&state, 40);
    double flow[REFERENCE_MAX * REFERENCE_MAX];

    random_flow (&state, n, 0.5, flow);
    compare (n, flow, 2, 1e-8, seed);
  }
}
