/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#include "numeric/vcn-poles.h"
#include "numeric/vcn-sum.h"

/* Sums of few poles and of so many that others stand for them, over many orders of magnitude, are those that are added
 * up term by term; on any number of threads the same bits. */
Test (poles, sums_of_random_poles)
{
  static const guint32 sizes[] = { 1, 7, 300, 5000, 40000 };
  guint64 seed = 3;

  for (guint k = 0; k < 3 * G_N_ELEMENTS (sizes); k++) {
    const guint32 n = sizes[k % G_N_ELEMENTS (sizes)];
    const guint spread = 2 + 18 * (k / (guint) G_N_ELEMENTS (sizes));
    const double range[2] = { exp (-1. * spread) / 3, exp (spread) };
    VC_BUFFER (double) many = vc_buffer_new (double, n);
    g_auto (VcnPoles) poles = { 0 }, again = { 0 };

    cr_assert (vcn_poles_init (&poles, n, many, range) && vcn_poles_init (&again, n, many, range));
    for (guint32 j = 0; j < n; j++) {
      many[j] = 1 + test_below (&seed, 5);
      poles.delta[j] = j % 11 == 10  ? INFINITY
                       : j % 13 == 0 ? 0
                                     : exp (spread * (test_uniform (&seed) * 3 - 1.5));
      again.delta[j] = poles.delta[j];
    }
    vcn_poles_fit (&poles, 1, TEST_NOBODY);
    vcn_poles_fit (&again, 3, TEST_NOBODY);
    cr_expect (n == 5000 || (n > 5000) == (poles.n_octaves > 0), "%u poles, %u octaves", n, poles.n_octaves);
    for (guint i = 0; i < 60; i++) {
      const double part = i < 2 ? i : test_uniform (&seed);
      const double v = i == 1 ? range[1] : range[0] * pow (range[1] / range[0], part);
      double slope, other, squares = 0;
      VcnSum sum = { 0, 0 };

      for (guint32 j = 0; j < n; j++) {
        const double term = 1 / (poles.delta[j] + v);

        vcn_sum_add (&sum, many[j] * term);
        squares += many[j] * term * term;
      }
      cr_assert (vc_test_close (vcn_poles_sum (&poles, v, &slope), vcn_sum_total (&sum), 1e-14));
      cr_assert (fabs (slope + squares) <= 1e-11 * vcn_sum_total (&sum) / v);
      cr_assert (vcn_poles_sum (&again, v, &other) == vcn_poles_sum (&poles, v, &slope) && other == slope);
    }
  }
}

Test (poles, outside_of_the_range)
{
  const double range[2] = { 0.5, 3 }, many[2] = { 1, 1 };
  g_auto (VcnPoles) poles = { 0 };
  double slope;

  cr_assert (vcn_poles_init (&poles, 2, many, range));
  poles.delta[0] = 0;
  poles.delta[1] = 4;
  vcn_poles_fit (&poles, 1, TEST_NOBODY);
  cr_expect (vc_test_close (vcn_poles_sum (&poles, 1, &slope), 1.2, 1e-14) && vc_test_close (slope, -1.04, 1e-11));
  cr_expect (isnan (vcn_poles_sum (&poles, 0.01, &slope)) && isnan (slope));
  cr_expect (isnan (vcn_poles_sum (&poles, 100, &slope)) && isnan (vcn_poles_sum (&poles, 0, &slope))
             && isnan (vcn_poles_sum (&poles, -1, &slope)) && isnan (vcn_poles_sum (&poles, NAN, &slope)));
}
