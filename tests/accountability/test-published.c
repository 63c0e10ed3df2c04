/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers that others have printed, through the measure. */
#include "chains.h"

#include <criterion/criterion.h>
#include <math.h>

#define SCORE "measure=accountability"

static void
append (GString *text, const char *from, const char *to, guint kept, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "commitment %s %s state=%s\n", from, to, i < kept ? "kept" : "broken");
}

static void
assert_near (VcScores *scores, const char *table, const char *row, const char *column, double expected)
{
  const double found = chains_figure (scores, table, row, column);

  cr_assert (fabs (found - expected) <= 5e-5 + 1e-12, "%s %s %s is %.6f, not %.4f", table, row, column, found,
             expected);
}

/* Newcombe 1998, Stat. Med. 17:873, table II, method 10. */
Test (accountability_published, differences_of_rates)
{
  static const struct {
    guint first, of_first, second, of_second;
    double low, high;
  } table[] = {
    { 56, 70, 48, 80, .0524, .3339 },
    { 9, 10, 3, 10, .1705, .8090 },
    { 6, 7, 2, 7, .0582, .8062 },
    { 0, 10, 0, 20, -.1611, .2775 },
    { 0, 10, 0, 10, -.2775, .2775 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GString) text = g_string_new ("party m person\nparty r person manager=m\n");
    g_autoptr (VcScores) scores = NULL;

    append (text, "m", "r", table[i].first, table[i].of_first);
    append (text, "r", "m", table[i].second, table[i].of_second);
    scores = chains_score (text->str, SCORE);
    assert_near (scores, "lines", "m", "difference_low", table[i].low);
    assert_near (scores, "lines", "m", "difference_high", table[i].high);
    assert_near (scores, "summary", "kept_difference", "low", table[i].low);
    assert_near (scores, "pairs", "m", "difference_high", table[i].high);
  }
}

/* Each tie with a commitment either way. */
static VcScores *
score_ties (const guint cells[4])
{
  g_autoptr (GString) text = g_string_new ("party m person\n");
  guint n = 0;

  for (guint cell = 0; cell < 4; cell++)
    for (guint i = 0; i < cells[cell]; i++, n++)
      g_string_append_printf (text,
                              "party r%u person manager=m\ncommitment m r%u state=%s\ncommitment r%u m state=%s\n", n,
                              n, cell < 2 ? "kept" : "broken", n, cell % 2 == 0 ? "kept" : "broken");
  return chains_score (text->str, SCORE);
}

/* Fagerland, Lydersen, Laake 2013, BMC Med. Res. Methodol. 13:91: airway hyper-responsiveness before and after
 * transplantation, 1 1 / 7 12: the mid-p value is 0.039, where the exact conditional test gives 0.070. */
Test (accountability_published, mid_p_of_matched_ties)
{
  g_autoptr (VcScores) scores = score_ties ((const guint[]) { 1, 1, 7, 12 });

  cr_assert (fabs (chains_figure (scores, "summary", "kept_difference_p", "value") - 10 / 256.) < 1e-15);
  cr_assert (fabs (chains_figure (scores, "summary", "kept_difference_matched", "value") + 6 / 21.) < 1e-15);
  cr_assert (chains_figure (scores, "summary", "kept_difference_matched", "n") == 21);
}

/* Newcombe 1998, Stat. Med. 17:2635, table III, method 10: 36 12 / 2 0. */
Test (accountability_published, paired_difference)
{
  g_autoptr (VcScores) scores = score_ties ((const guint[]) { 36, 12, 2, 0 });

  assert_near (scores, "summary", "kept_difference_matched", "value", .2);
  assert_near (scores, "summary", "kept_difference_matched", "low", .0569);
  assert_near (scores, "summary", "kept_difference_matched", "high", .3404);
}

/* Krackhardt 1994: an out-tree has 1 everywhere. */
Test (accountability_published, an_out_tree)
{
  g_autoptr (VcScores) scores
    = chains_score ("party a person\nparty b person manager=a\nparty c person manager=a\nparty d person manager=b\n"
                    "party e person manager=b\nparty f person manager=c\nparty g person manager=c\n"
                    "party k customer\nparty u unit\n",
                    SCORE);
  static const char *const names[] = { "connectedness", "hierarchy", "efficiency", "lub" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    cr_assert (chains_figure (scores, "summary", names[i], "value") == 1, "%s", names[i]);
    cr_assert (chains_figure (scores, "summary", names[i], "n") == 7);
  }
}

/* A ring of three: r 0, null m / (1 + 2 m) with m = 1/2. */
Test (accountability_published, reciprocity_of_a_ring)
{
  g_autoptr (VcScores) scores = chains_score ("party a person\nparty b person\nparty c person\n"
                                              "commitment a b\ncommitment b c\ncommitment c a\n",
                                              SCORE);

  cr_assert (chains_figure (scores, "summary", "reciprocity", "value") == 0);
  cr_assert (fabs (chains_figure (scores, "summary", "reciprocity_null", "value") - 0.25) < 1e-10);
  cr_assert (fabs (chains_figure (scores, "summary", "rho", "value") + 1 / 3.) < 1e-10);
  cr_assert (chains_proof (scores, "null_residual") <= 1e-10);
}

/* The maintained group of `aml` (Miller 1997; in days for weeks): median 31. */
Test (accountability_published, median_of_leukaemia)
{
  static const int days[] = { 9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161 };
  g_autoptr (GString) text = g_string_new ("party a person\nparty b person\n");
  g_autoptr (GDateTime) end = g_date_time_new_utc (2025, 12, 31, 0, 0, 0);
  g_autoptr (VcScores) scores = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (days); i++) {
    g_autoptr (GDateTime) made = g_date_time_add_days (end, days[i] < 0 ? days[i] : -161);
    g_autoptr (GDateTime) closed = g_date_time_add_days (made, days[i]);
    g_autofree char *from = g_date_time_format (made, "%Y-%m-%d"), *to = g_date_time_format (closed, "%Y-%m-%d");

    if (days[i] < 0)
      g_string_append_printf (text, "commitment a b state=open made=%s\n", from);
    else
      g_string_append_printf (text, "commitment a b state=kept made=%s closed=%s\n", from, to);
  }
  scores = chains_score (text->str, SCORE " at=2025-12-31");
  cr_assert (chains_figure (scores, "summary", "median_days", "value") == 31);
  cr_assert (chains_figure (scores, "parties", "a", "median_days") == 31);
  cr_assert (chains_figure (scores, "parties", "a", "median_days_low") == 13);
  cr_assert (isnan (chains_figure (scores, "parties", "a", "median_days_high")));
  cr_assert (chains_figure (scores, "summary", "median_days", "n") == 11);
}
