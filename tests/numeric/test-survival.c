/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#include "numeric/vcn-log-rank.h"
#include "numeric/vcn-special.h"
#include "numeric/vcn-survival.h"

#define Z (vcn_normal_within (0.95))

/* Acute myelogenous leukaemia (Miller 1997): weeks of remission with and without maintained chemotherapy. */
static const double maintained[] = { 9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161 };
static const guint8 maintained_end[] = { 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0 };
static const double other[] = { 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45 };
static const guint8 other_end[] = { 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1 };

/* Freireich and others 1963: weeks of remission under 6-MP. */
static const double six_mp[] = { 6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35 };
static const guint8 six_mp_end[] = { 1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0 };

#define SPELLS(times, ends) { G_N_ELEMENTS (times), times, ends, NULL }

static VcnSurvival
fit (guint64 n, const double *times, const guint8 *ends, const double *weights)
{
  const VcnSpells spells = { n, times, ends, weights };
  g_autoptr (GError) error = NULL;
  VcnSurvival survival;

  cr_assert (vcn_survival_fit (&survival, &spells, 1, TEST_NOBODY, &error), "%s", error ? error->message : "");
  return survival;
}

static void
expect_steps (const VcnSurvival *survival, guint n, const double (*expected)[3])
{
  cr_assert_eq (survival->n_steps, n);
  for (guint i = 0; i < n; i++) {
    cr_expect_eq (survival->steps[i].time, expected[i][0]);
    cr_expect (fabs (survival->steps[i].value - expected[i][1]) <= 5e-9, "%g: %.10g", expected[i][0],
               survival->steps[i].value);
    cr_expect (fabs (sqrt (survival->steps[i].variance) - expected[i][2]) <= 5e-9, "%g: %.10g", expected[i][0],
               sqrt (survival->steps[i].variance));
  }
}

Test (survival, maintained_published)
{
  g_auto (VcnSurvival) survival = fit (G_N_ELEMENTS (maintained), maintained, maintained_end, NULL);
  const double expected[][3]
    = { { 9, .90909091, .08667842 },  { 13, .81818182, .1162913 },  { 18, .71590909, .13966497 },
        { 23, .61363636, .15263233 }, { 31, .49090909, .16419327 }, { 34, .36818182, .16266889 },
        { 48, .18409091, .15349275 } };
  const VcnFigure mean = vcn_survival_mean (&survival, 48, Z), median = vcn_survival_median (&survival, Z, TEST_NOBODY);

  expect_steps (&survival, G_N_ELEMENTS (expected), expected);
  cr_expect (fabs (mean.value - 31.843182) <= 5e-7 && fabs ((mean.high - mean.value) / Z - 4.5278847) <= 5e-8);
  cr_expect (median.value == 31 && median.n == 11 && isinf (median.high));
  cr_expect (median.status == VC_STATUS_OK && vcn_survival_mean (&survival, 162, Z).status == VC_STATUS_TOO_FEW);
}

/* The last is an event: what is left is exactly 0, and the mean is known for any time. */
Test (survival, other_published)
{
  g_auto (VcnSurvival) survival = fit (G_N_ELEMENTS (other), other, other_end, NULL);
  const VcnFigure mean = vcn_survival_mean (&survival, 48, Z);
  double low, high;

  cr_expect (fabs (survival.steps[2].value - .58333333) <= 5e-9 && survival.steps[2].time == 12);
  cr_expect (vcn_survival_median (&survival, Z, TEST_NOBODY).value == 23);
  cr_expect (fabs (mean.value - 22.708333) <= 5e-7 && fabs ((mean.high - mean.value) / Z - 4.1809420) <= 5e-8);
  cr_expect (vcn_survival_mean (&survival, 1000, Z).value == mean.value);
  cr_expect_eq (survival.steps[survival.n_steps - 1].value, 0);
  vcn_step_limits (&survival.steps[survival.n_steps - 1], Z, &low, &high);
  cr_expect (isnan (low) && isnan (high));
}

/* Klein, Moeschberger 2003, tables 4.1 and 4.3: estimate and error to three digits, log-log limits of the median. */
Test (survival, six_mp_published)
{
  g_auto (VcnSurvival) survival = fit (G_N_ELEMENTS (six_mp), six_mp, six_mp_end, NULL);
  const double expected[][2] = { { .857, .076 }, { .807, .087 }, { .753, .096 }, { .690, .107 },
                                 { .627, .114 }, { .538, .128 }, { .448, .135 } };
  const VcnFigure median = vcn_survival_median (&survival, Z, TEST_NOBODY);

  cr_assert_eq (survival.n_steps, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    cr_expect (fabs (survival.steps[i].value - expected[i][0]) <= 5e-4);
    cr_expect (fabs (sqrt (survival.steps[i].variance) - expected[i][1]) <= 5.1e-4);
  }
  cr_expect (median.value == 23 && median.low == 13 && isinf (median.high));
}

Test (survival, log_rank_published)
{
  const VcnSpells samples[2] = { SPELLS (maintained, maintained_end), SPELLS (other, other_end) };
  const VcnSpells turned[2] = { samples[1], samples[0] };
  VcnLogRank test, again;

  cr_assert (vcn_log_rank (&test, samples, 1, NULL, NULL) && vcn_log_rank (&again, turned, 1, NULL, NULL));
  cr_expect (fabs (test.chi_square - 3.39638869898) <= 5e-12 && fabs (test.p - .0653393) <= 5e-8);
  cr_expect (test.observed[0] == 7 && test.observed[1] == 11);
  cr_expect (fabs (test.expected[0] - 10.689336) <= 5e-7 && fabs (test.expected[1] - 7.310664) <= 5e-7);
  cr_expect (again.chi_square == test.chi_square);
}

Test (survival, log_rank_corners)
{
  const double times[] = { 1, 2 }, late[] = { 5, 6 }, none[] = { 0, 0 };
  const guint8 over[] = { 1, 1 }, open[] = { 0, 0 }, withdrawn[] = { 2, 2 };
  const VcnSpells cases[][2] = {
    { SPELLS (times, over), { 0, NULL, NULL, NULL } }, { { 2, times, over, none }, SPELLS (late, over) },
    { SPELLS (times, open), SPELLS (late, open) },     { SPELLS (times, withdrawn), SPELLS (late, open) },
    { SPELLS (times, open), SPELLS (late, over) },
  };
  const VcStatus expected[]
    = { VC_STATUS_EMPTY, VC_STATUS_EMPTY, VC_STATUS_NO_VARIANCE, VC_STATUS_NO_VARIANCE, VC_STATUS_NO_VARIANCE };
  VcnLogRank test;

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++) {
    cr_assert (vcn_log_rank (&test, cases[k], 1, NULL, NULL));
    cr_expect (test.status == expected[k] && isnan (test.chi_square) && isnan (test.p), "case %u", k);
  }
}

/* Nothing; all open; exactly half for a while; half by rounding; one alone; an event at time 0. */
Test (survival, corners)
{
  const double times[] = { 1, 2, 3, 4 }, zeros[] = { 0, 0, 5, 5 };
  const guint8 open[] = { 0, 0, 0, 0 }, over[] = { 1, 1, 1, 1 };
  double hundred[98];
  guint8 ends[98];
  g_auto (VcnSurvival) nothing = fit (0, NULL, NULL, NULL), all_open = fit (4, times, open, NULL),
                       half = fit (4, times, over, NULL);
  g_auto (VcnSurvival) one = fit (1, times, over, NULL), early = fit (4, zeros, over, NULL), many = { 0 };
  VcnFigure median = vcn_survival_median (&nothing, Z, TEST_NOBODY);

  cr_expect (median.status == VC_STATUS_EMPTY && isnan (median.value)
             && vcn_survival_mean (&nothing, 1, Z).status == VC_STATUS_EMPTY);
  median = vcn_survival_median (&all_open, Z, TEST_NOBODY);
  cr_expect (median.status == VC_STATUS_TOO_FEW && isnan (median.value) && median.low == 0 && isinf (median.high)
             && all_open.n_steps == 0);
  cr_expect (vcn_survival_mean (&all_open, 4, Z).value == 4
             && vcn_survival_mean (&all_open, 4.5, Z).status == VC_STATUS_TOO_FEW);
  cr_expect (vcn_survival_median (&half, Z, TEST_NOBODY).value == 2.5 && half.steps[3].value == 0);
  median = vcn_survival_median (&one, Z, TEST_NOBODY);
  cr_expect (median.value == 1 && median.low == 0 && isinf (median.high));
  cr_expect (vcn_survival_median (&early, Z, TEST_NOBODY).value == 2.5 && early.steps[0].time == 0
             && early.steps[0].value == 0.5);
  for (guint i = 0; i < G_N_ELEMENTS (hundred); i++) {
    hundred[i] = i + 1;
    ends[i] = 1;
  }
  many = fit (G_N_ELEMENTS (hundred), hundred, ends, NULL);
  cr_expect_eq (vcn_survival_median (&many, Z, TEST_NOBODY).value, 49.5);
}

/* Ends come before what is censored at their time; what weighs nothing is not there; only the proportions of weights
 * count. */
Test (survival, ties_and_weights)
{
  const double times[] = { 1, 1, 2, 3, 3 }, weights[] = { 2, 2, 0, 2, 2 }, single[] = { 1, 1, 3, 3 };
  const guint8 ends[] = { 0, 1, 1, 1, 0 }, single_ends[] = { 1, 0, 1, 0 };
  g_auto (VcnSurvival) weighted = fit (5, times, ends, weights), plain = fit (4, single, single_ends, NULL);

  cr_assert (weighted.n_steps == 2 && plain.n_steps == 2);
  cr_expect (plain.steps[0].at_risk == 4 && plain.steps[0].value == 0.75 && plain.steps[1].value == 0.375);
  cr_expect (weighted.n == 4 && weighted.longest == 3);
  for (guint i = 0; i < 2; i++) {
    cr_expect (weighted.steps[i].value == plain.steps[i].value && weighted.steps[i].alike == plain.steps[i].alike);
    cr_expect_eq (weighted.steps[i].variance, plain.steps[i].variance);
  }
}

/* What competes takes its share for good: 1 - Aalen-Johansen, by hand. */
Test (survival, competing_events)
{
  const double times[] = { 1, 2, 3, 4, 5 };
  const guint8 ends[] = { VCN_EVENT, VCN_COMPETING, VCN_EVENT, VCN_CENSORED, VCN_EVENT },
               mirrored[] = { 2, 1, 2, 0, 2 }, any[] = { 1, 1, 1, 0, 1 };
  g_auto (VcnSurvival) survival = fit (5, times, ends, NULL), other_way = fit (5, times, mirrored, NULL),
                       all = fit (5, times, any, NULL);
  const double expected[] = { 0.8, 0.8, 0.6, 0.2 };

  cr_assert_eq (survival.n_steps, 4);
  for (guint i = 0; i < 4; i++) {
    cr_expect (vc_test_close (survival.steps[i].value, expected[i], 1e-15));
    /* What happened of each kind and what is left make up all. */
    cr_expect (
      vc_test_close (1 - survival.steps[i].value + 1 - other_way.steps[i].value + all.steps[i].value, 1, 1e-15));
  }
  cr_expect (vc_test_close (survival.steps[0].variance, 0.8 * 0.2 / 5, 1e-15));
  cr_expect_eq (vcn_survival_median (&survival, Z, TEST_NOBODY).value, 5);
}

static void
shuffle (double *times, guint8 *ends, double *weights, guint n, guint64 *seed)
{
  for (guint i = n - 1; i > 0; i--) {
    const guint k = test_below (seed, i + 1);
    const double time = times[i], weight = weights[i];
    const guint8 end = ends[i];

    times[i] = times[k];
    weights[i] = weights[k];
    ends[i] = ends[k];
    times[k] = time;
    weights[k] = weight;
    ends[k] = end;
  }
}

/* Neither the order of the rows nor the number of threads shows in any bit, whether times are all alike, few, or many.
 */
Test (survival, order_and_threads)
{
  enum { N = 20000 };
  VC_BUFFER (double) times = vc_buffer_new (double, N);
  VC_BUFFER (double) weights = vc_buffer_new (double, N);
  VC_BUFFER (guint8) ends = vc_buffer_new (guint8, N);
  guint64 seed = 11;

  for (guint kind = 0; kind < 4; kind++) {
    const VcnSpells spells = { N, times, ends, weights };
    g_auto (VcnSurvival) first = { 0 }, second = { 0 };

    for (guint i = 0; i < N; i++) {
      times[i] = kind == 0   ? 7
                 : kind == 1 ? test_below (&seed, 5)
                 : kind == 2 ? test_below (&seed, 3000)
                             : -log (1 - test_uniform (&seed));
      weights[i] = test_below (&seed, 3) * 0.1 + (kind == 0 ? test_uniform (&seed) : 0);
      ends[i] = (guint8) test_below (&seed, 3);
    }
    cr_assert (vcn_survival_fit (&first, &spells, 1, TEST_NOBODY, NULL));
    shuffle (times, ends, weights, N, &seed);
    cr_assert (vcn_survival_fit (&second, &spells, 4, TEST_NOBODY, NULL));
    cr_assert (first.n_steps == second.n_steps && first.n == second.n);
    cr_assert_eq (memcmp (first.steps, second.steps, first.n_steps * sizeof *first.steps), 0);
    for (guint64 i = 1; i < first.n_steps; i++)
      cr_assert (first.steps[i].time > first.steps[i - 1].time && first.steps[i].value <= first.steps[i - 1].value);
  }
}

static gboolean
refuse (gpointer data, double fraction)
{
  return fraction < *(double *) data;
}

Test (survival, errors)
{
  const double times[][2] = { { 1, -1 }, { 1, NAN }, { 1, INFINITY } }, good[] = { 1, 2 }, weights[] = { 1, -2 };
  const guint8 ends[] = { 1, 1 };
  double limit = 0;
  const VcnMonitor monitor = { refuse, &limit };

  for (guint k = 0; k <= G_N_ELEMENTS (times); k++) {
    const VcnSpells spells = { 2, k < 3 ? times[k] : good, ends, k < 3 ? NULL : weights };
    g_autoptr (GError) error = NULL;
    g_auto (VcnSurvival) survival = { 0 };

    cr_expect (!vcn_survival_fit (&survival, &spells, 1, TEST_NOBODY, &error));
    cr_expect (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE));
  }
  for (; limit <= 0.5; limit += 0.25) {
    const VcnSpells spells = { 2, good, ends, NULL }, samples[2] = { spells, spells };
    g_autoptr (GError) error = NULL;
    VcnLogRank test;

    cr_expect (!vcn_log_rank (&test, samples, 1, &monitor, &error));
    cr_expect (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  }
}

typedef struct {
  guint limit, n; /* looks that say go on; looks */
} Looks;

static gboolean
count_looks (gpointer data, double fraction)
{
  Looks *looks = data;

  return looks->n++ < looks->limit;
}

/* Every loop over many spells looks, however few threads there are: loading, each pass of the sort, what is at risk,
 * what that comes to, and the limits, which one weight far above all others lets no step be spared. */
Test (survival, looks_in_every_loop)
{
  enum { N = 1 << 20, LOOKS = N / VCN_LOOK_EVERY };
  VC_BUFFER (double) times = vc_buffer_new (double, N);
  VC_BUFFER (double) weights = vc_buffer_new (double, N);
  VC_BUFFER (guint8) ends = vc_buffer_new (guint8, N);
  const VcnSpells spells = { N, times, ends, weights };
  Looks looks = { G_MAXUINT, 0 };
  const VcnMonitor monitor = { count_looks, &looks };
  VcnLook look = { &monitor, 0, FALSE };
  g_auto (VcnSurvival) survival = { 0 };
  guint n_fit, n_all;

  for (guint i = 0; i < N; i++) {
    times[i] = 1 + i;
    weights[i] = i == N - 1 ? 1.5 * N : 1;
    ends[i] = VCN_EVENT;
  }
  cr_assert (vcn_survival_fit (&survival, &spells, 1, &look, NULL));
  n_fit = looks.n;
  cr_expect_eq (vcn_survival_median (&survival, Z, &look).value, N);
  n_all = looks.n;
  cr_expect_geq (n_fit, 7u * LOOKS, "%u", n_fit);
  cr_expect_geq (n_all - n_fit, 8u * LOOKS, "%u", n_all - n_fit);

  for (looks.limit = 0; looks.limit < n_fit; looks.limit++) {
    VcnLook stopped = { &monitor, 0, FALSE };
    g_auto (VcnSurvival) none = { 0 };
    g_autoptr (GError) error = NULL;

    looks.n = 0;
    cr_assert_not (vcn_survival_fit (&none, &spells, 1, &stopped, &error));
    cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  }
}
