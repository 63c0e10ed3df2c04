/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#include "numeric/vcn-anderson.h"

#define N 5000u

/* How many rounds it takes until no step is longer than the tolerance. */
static guint
iterate (void (*map) (const double *x, double *image), double *x, guint most, guint n_threads)
{
  VC_BUFFER (double) image = vc_buffer_new (double, N);
  VC_BUFFER (double) weight = vc_buffer_new (double, N);
  g_auto (VcnAnderson) anderson = { 0 };

  cr_assert (vcn_anderson_init (&anderson, N));
  for (guint32 i = 0; i < N; i++)
    weight[i] = 1 + i % 3;
  for (guint round = 0; round < most; round++) {
    double longest = 0;

    map (x, image);
    for (guint32 i = 0; i < N && isfinite (image[i]); i++)
      longest = MAX (longest, fabs (image[i] - x[i]));
    if (longest <= 1e-12)
      return round;
    vcn_anderson_next (&anderson, image, weight, x, n_threads, TEST_NOBODY);
  }
  return most;
}

/* Three ways to rest, the slowest of which takes thousands of rounds by itself: one round for each, and a few for what
 * rounding leaves. */
static void
contract (const double *x, double *image)
{
  static const double rates[] = { 0.99, 0.7, -0.3 };

  for (guint32 i = 0; i < N - 1; i++)
    image[i] = 1 + rates[i % G_N_ELEMENTS (rates)] * (x[i] - 1);
  image[N - 1] = INFINITY;
}

Test (anderson, linear)
{
  VC_BUFFER (double) x = vc_buffer_new (double, N);
  VC_BUFFER (double) again = vc_buffer_new (double, N);
  guint64 seed = 8;

  for (guint32 i = 0; i < N; i++)
    again[i] = x[i] = i < N - 1 ? test_uniform (&seed) : INFINITY;
  cr_expect_leq (iterate (contract, x, 20, 1), 8u);
  iterate (contract, again, 20, 3);
  for (guint32 i = 0; i < N - 1; i++)
    cr_assert (fabs (x[i] - 1) <= 1e-9 && x[i] == again[i]);
  cr_expect (isinf (x[N - 1]));
}

/* Bent at each step, so that what steps were says little of what they will be. */
static void
fold (const double *x, double *image)
{
  for (guint32 i = 0; i < N; i++)
    image[i] = 0.9 * fabs (x[(i + 7) % N]) - (i % 2 == 0 ? 0.05 * fabs (x[i]) : 0);
}

Test (anderson, does_not_keep_from_the_end)
{
  VC_BUFFER (double) x = vc_buffer_new (double, N);
  guint64 seed = 8;

  for (guint32 i = 0; i < N; i++)
    x[i] = test_uniform (&seed) - 0.5;
  cr_expect_lt (iterate (fold, x, 1000, 1), 1000u);
  for (guint32 i = 0; i < N; i++)
    cr_assert_leq (fabs (x[i]), 1e-10);
}
