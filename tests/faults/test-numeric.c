/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Solvers where memory ends: each of the methods, whatever the size that calls for it. */
#include "operations.h"

#include <criterion/criterion.h>
#include <string.h>

#include "numeric/vcn-absorb.h"
#include "numeric/vcn-beta-binomial.h"
#include "numeric/vcn-krackhardt.h"
#include "numeric/vcn-log-rank.h"
#include "numeric/vcn-reciprocity.h"
#include "numeric/vcn-survival.h"
#include "numeric/vcn-trophic.h"

#define N 60u
#define ITERATION 2

static void
append (GString *text, const double *values)
{
  for (guint i = 0; i < N; i++) {
    guint64 bits;

    memcpy (&bits, &values[i], sizeof bits);
    g_string_append_printf (text, "%" G_GINT64_MODIFIER "x ", bits);
  }
}

/* A ring with chords and one exit. */
static gboolean
make_flows (VcnCsr *flows, GError **error)
{
  gint32 from[3 * N], to[3 * N];
  double value[3 * N];

  for (guint i = 0; i < 3 * N; i++) {
    from[i] = (gint32) (1 + i % (N - 1));
    to[i] = i == 0 ? 0 : (gint32) (1 + (i % (N - 1) + (i < N ? 1 : i * i)) % (N - 1));
    value[i] = 1 + i % 7;
  }
  return vcn_csr_from_triples (flows, N, 3 * N, from, to, value, NULL, 1, NULL, error);
}

static char *
solve (gconstpointer data, GError **error)
{
  const VcnAbsorbOptions options = { 1e-12, 1000, 1, GPOINTER_TO_INT (data) };
  g_auto (VcnCsr) flows = { 0 };
  g_autoptr (VcnAbsorb) chain = NULL;
  double boundary[N] = { 1 }, source[N] = { 0, 1 }, x[N] = { 0 }, steps[N] = { 0 }, visits[N] = { 0 }, again[N] = { 0 };
  VcnProof proof;
  GString *text;

  if (!make_flows (&flows, error))
    return NULL;
  chain = vcn_absorb_new (&flows, &options, NULL, error);
  if (chain == NULL || !vcn_absorb_forward (chain, VCN_ONE_END (boundary, x, steps), &proof, NULL, error)
      || !vcn_absorb_visits (chain, source, visits, again, &proof, NULL, error))
    return NULL;
  text = g_string_new (NULL);
  append (text, x);
  append (text, steps);
  append (text, visits);
  append (text, again);
  return g_string_free (text, FALSE);
}

Test (faults_numeric, elimination)
{
  expect_no_harm (solve, NULL);
}

Test (faults_numeric, iteration)
{
  expect_no_harm (solve, GINT_TO_POINTER (ITERATION));
}

static char *
lift (gconstpointer data, GError **error)
{
  g_auto (VcnCsr) flows = { 0 };
  double level[N];
  VcnTrophicProof proof;
  GString *text;

  if (!make_flows (&flows, error)
      || !vcn_trophic (&flows, NULL, 1e-12, GPOINTER_TO_UINT (data), 1, level, &proof, NULL, error))
    return NULL;
  text = g_string_new (NULL);
  append (text, level);
  return g_string_free (text, FALSE);
}

Test (faults_numeric, levels)
{
  expect_no_harm (lift, GUINT_TO_POINTER (1000));
}

/* Where conjugate gradients do not get there. */
Test (faults_numeric, levels_by_elimination)
{
  expect_no_harm (lift, GUINT_TO_POINTER (1));
}

static char *
survive (gconstpointer data, GError **error)
{
  double time[N];
  guint8 end[N];
  const VcnSpells spells = { N, time, end, NULL },
                  halves[2] = { { N / 2, time, end, NULL }, { N / 2, time + N / 2, end + N / 2, NULL } };
  VcnLook look = { NULL, 0, FALSE };
  g_auto (VcnSurvival) survival = { 0 };
  VcnLogRank test;
  VcnFigure median;

  for (guint i = 0; i < N; i++) {
    time[i] = i * 7 % 31;
    end[i] = (guint8) (i % 3);
  }
  if (!vcn_survival_fit (&survival, &spells, 1, &look, error) || !vcn_log_rank (&test, halves, 1, NULL, error))
    return NULL;
  median = vcn_survival_median (&survival, 2, &look);
  return g_strdup_printf ("%a %a %a %a %a", median.value, median.low, median.high, test.chi_square, test.p);
}

Test (faults_numeric, survival)
{
  expect_no_harm (survive, NULL);
}

static char *
reciprocate (gconstpointer data, GError **error)
{
  const VcnConfigurationOptions options = { VCN_NULL_AMOUNTS, 1e-10, 1000, 1 };
  g_auto (VcnCsr) flows = { 0 };
  VcnReciprocity found;

  if (!make_flows (&flows, error) || !vcn_reciprocity (&found, &flows, &options, NULL, NULL, error))
    return NULL;
  return g_strdup_printf ("%a %a %a", found.r, found.null, found.residual);
}

Test (faults_numeric, reciprocity)
{
  expect_no_harm (reciprocate, NULL);
}

static char *
look_up (gconstpointer data, GError **error)
{
  g_auto (VcnCsr) flows = { 0 };
  VcnKrackhardt found;

  if (!make_flows (&flows, error) || !vcn_krackhardt (&found, &flows, 1, NULL, error))
    return NULL;
  return g_strdup_printf ("%a %a %a %a", found.connectedness.value, found.hierarchy.value, found.efficiency.value,
                          found.lub.value);
}

Test (faults_numeric, krackhardt)
{
  expect_no_harm (look_up, NULL);
}

static char *
estimate (gconstpointer data, GError **error)
{
  double kept[N], broken[N];
  const VcnSide groups = { kept, broken, NULL, { NULL, NULL, NULL } };
  VcnBetaBinomial found;

  for (guint i = 0; i < N; i++) {
    kept[i] = i % 11;
    broken[i] = i % 5;
  }
  if (!vcn_beta_binomial_fit (&found, N, &groups, 1, NULL, error))
    return NULL;
  return g_strdup_printf ("%a %a %a", found.a, found.b, found.log_likelihood);
}

Test (faults_numeric, beta_binomial)
{
  expect_no_harm (estimate, NULL);
}
