/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#define MAX_NODES 8

typedef struct {
  double x[MAX_NODES], steps[MAX_NODES], visits[MAX_NODES], again[MAX_NODES];
} Answer;

static void
solve (guint32 n, const double *flow, const double *boundary, const double *source, int method, Answer *answer)
{
  g_auto (VcnCsr) flows = test_csr (n, flow, NULL);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, method);
  VcnProof proof;

  cr_assert (vcn_absorb_forward (chain, VCN_ONE_END (boundary, answer->x, answer->steps), &proof, NULL, NULL));
  cr_assert_leq (proof.residual, 1e-12);
  cr_assert_leq (proof.bound, 1e-9);
  cr_assert (vcn_absorb_visits (chain, source, answer->visits, answer->again, &proof, NULL, NULL));
  cr_assert_leq (proof.residual, 1e-12);
}

static void
expect (const double *value, const double *expected, guint n)
{
  for (guint i = 0; i < n; i++)
    cr_expect (vc_test_close (value[i], expected[i], 1e-12), "%u: %.17g for %.17g", i, value[i], expected[i]);
}

/* Grinstead & Snell 1997, chapter 11: N = [3/2 1 1/2; 1 2 1; 1/2 1 3/2], t = (3, 4, 3); mean steps given the end d =
 * [7/3 5; 4 4; 5 7/3]. */
Test (absorb, drunkards_walk)
{
  const double flow[25]
    = { [1 * 5 + 0] = 1, [1 * 5 + 2] = 1, [2 * 5 + 1] = 1, [2 * 5 + 3] = 1, [3 * 5 + 2] = 1, [3 * 5 + 4] = 1 };
  const double left[5] = { 1, 0, 0, 0, 0 }, start[5] = { 0, 1, 0, 0, 0 };

  for (int method = 0; method < 3; method++) {
    Answer answer;

    solve (5, flow, left, start, method, &answer);
    expect (answer.x, (double[]) { 1, 0.75, 0.5, 0.25, 0 }, 5);
    expect (answer.steps, (double[]) { 0, 0.75 * 7 / 3, 0.5 * 4, 0.25 * 5, 0 }, 5);
    expect (answer.visits, (double[]) { 0.75, 1.5, 1, 0.5, 0.25 }, 5);
    expect (answer.again, (double[]) { 0.75 * 7 / 3, 3.5, 4, 2.5, 0.25 * 5 }, 5);
  }
}

/* Right 2/3, left 1/3: N = [7/5 6/5 4/5; 3/5 9/5 6/5; 1/5 3/5 7/5]. */
Test (absorb, leaning_walk)
{
  const double flow[25]
    = { [1 * 5 + 0] = 1, [1 * 5 + 2] = 2, [2 * 5 + 1] = 1, [2 * 5 + 3] = 2, [3 * 5 + 2] = 1, [3 * 5 + 4] = 2 };
  const double right[5] = { 0, 0, 0, 0, 1 }, start[5] = { 0, 0, 1, 0, 0 };

  for (int method = 0; method < 3; method++) {
    Answer answer;

    solve (5, flow, right, start, method, &answer);
    expect (answer.x, (double[]) { 0, 8 / 15., 4 / 5., 14 / 15., 1 }, 5);
    expect (answer.steps, (double[]) { 0, 8 / 15. * 23 / 5, 4 / 5. * 18 / 5, 14 / 15. * 71 / 35, 0 }, 5);
    expect (answer.visits, (double[]) { 1 / 5., 3 / 5., 9 / 5., 6 / 5., 4 / 5. }, 5);
  }
}

/* 2 gives half to the closed loop of 0 and 1, half to the customer 3. */
Test (absorb, closed_loop)
{
  const double flow[16] = { [0 * 4 + 1] = 1, [1 * 4 + 0] = 3, [2 * 4 + 0] = 5, [2 * 4 + 3] = 5 };
  const double customer[4] = { 0, 0, 0, 1 }, start[4] = { 1, 0, 4, 0 };
  g_auto (VcnCsr) flows = test_csr (4, flow, NULL);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
  guint32 n_loops;
  const guint32 *loops = vcn_absorb_loops (chain, &n_loops);
  Answer answer;

  cr_assert_eq (n_loops, 1u);
  cr_assert (loops[0] == 0 && loops[1] == 0 && loops[2] == G_MAXUINT32 && loops[3] == G_MAXUINT32);
  cr_assert_arr_eq (vcn_absorb_classes (chain), ((guint8[]) { VCN_LOOP, VCN_LOOP, VCN_LIVE, VCN_END }), 4);
  solve (4, flow, customer, start, 0, &answer);
  expect (answer.x, (double[]) { 0, 0, 0.5, 1 }, 4);
  expect (answer.steps, (double[]) { 0, 0, 0.5, 0 }, 4);
  expect (answer.visits, (double[]) { 3, 0, 4, 2 }, 4);
}

/* Two that pass work to and fro, with an exit of 1e-14 of it: (0.625, 0.375), and nothing lost. */
Test (absorb, nearly_closed_loop)
{
  const double flow[16] = { [0 * 4 + 1] = 1, [1 * 4 + 0] = 1, [0 * 4 + 2] = 1e-14, [1 * 4 + 3] = 0.6e-14 };
  const double first[4] = { 0, 0, 1, 0 }, second[4] = { 0, 0, 0, 1 };
  g_auto (VcnCsr) flows = test_csr (4, flow, NULL);
  g_autoptr (VcnAbsorb) chain = test_absorb (&flows, 0);
  double x[4], y[4];
  const VcnEnds ends = { 2, (const double *const[]) { first, second }, (double *const[]) { x, y }, NULL };
  VcnProof proof;

  cr_assert (vcn_absorb_forward (chain, &ends, &proof, NULL, NULL));
  expect (x, (double[]) { 0.625, 0.625 }, 2);
  expect (y, (double[]) { 0.375, 0.375 }, 2);
  cr_assert_leq (proof.bound, 1e-12);
  cr_assert (vc_test_close (x[0] + y[0], 1, 4e-16) && vc_test_close (x[1] + y[1], 1, 4e-16));
}

/* From 1 one goes to any lower number with equal chance: t = (1, 3/2, 11/6, 25/12) (Sheldon Ross's list example). All
 * ways lead to 0. */
Test (absorb, exactly_one_without_a_solve)
{
  double flow[25] = { 0 };
  const double boundary[5] = { 1, 0, 0, 0, 0 }, start[5] = { 0, 0, 0, 0, 1 };
  Answer answer;

  for (int i = 1; i < 5; i++)
    for (int j = 0; j < i; j++)
      flow[i * 5 + j] = 0.1;
  solve (5, flow, boundary, start, 0, &answer);
  for (int i = 0; i < 5; i++)
    cr_expect (answer.x[i] == 1);
  expect (answer.steps, (double[]) { 0, 1, 1.5, 11 / 6., 25 / 12. }, 5);
}
