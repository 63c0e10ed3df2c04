/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the records behind the figures of a party add to them. */
#include "chains.h"

#include <criterion/criterion.h>
#include <math.h>

#include "valuechain/vc-column.h"

#define SCORE "measure=accountability"

static const char *const shares[] = { "kept", "late", "closed_by_owed", "reopened" };
static const char *const additions[] = { "adds", "adds_late", "adds_closed_by_owed", "adds_reopened" };

static VcScores *
explain (VcChain *chain, const char *party, const char *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcMeasure) measure = chains_measure (options, &error);
  VcScores *scores = vc_measure_explain (measure, chain, party, NULL, NULL, &error);

  if (scores == NULL)
    g_error ("%s", error->message);
  return scores;
}

static char *
word (VcTable *table, const char *column, guint64 row)
{
  return vc_column_dup_text (vc_table_lookup_column (table, column), row);
}

/* What all records of a side add to a share, in doubles, one after the other. */
static double
add_up (VcScores *explanation, const char *side, guint share, gboolean backwards)
{
  VcTable *records = vc_scores_get_table (explanation, "records");
  VcColumn *column = vc_table_lookup_column (records, additions[share]);
  guint64 n = vc_table_get_n_rows (records);
  double sum = NAN;

  for (guint64 i = 0; i < n; i++) {
    const guint64 row = backwards ? n - 1 - i : i;
    g_autofree char *found = word (records, "side", row);

    if (g_str_equal (found, side) && !vc_column_is_null (column, row))
      sum = (isnan (sum) ? 0 : sum) + vc_column_get_double (column, row);
  }
  return sum;
}

static gboolean
is_same (double a, double b)
{
  return isnan (a) ? isnan (b) : a == b;
}

/* Of each party: records add up to the figures of the table of parties to the bit, in any order. */
static void
check_all (const char *text, const char *options, gboolean is_grouped)
{
  g_autoptr (VcChain) chain = chains_new (text);
  g_autoptr (VcScores) scores = chains_score_chain (chain, options);
  VcTable *parties = vc_scores_get_table (scores, "parties");

  for (guint64 row = 0; row < vc_table_get_n_rows (parties); row++) {
    g_autofree char *party = word (parties, "party", row);
    g_autoptr (VcScores) explanation = explain (chain, party, options);

    for (guint i = 0; i < G_N_ELEMENTS (shares); i++) {
      const double share = chains_figure (scores, "parties", party, shares[i]);
      g_autofree char *owed = g_strconcat ("owed_", shares[i], NULL);

      cr_assert (is_same (chains_figure (explanation, "summary", shares[i], "value"), share), "%s of %s", shares[i],
                 party);
      cr_assert (is_same (add_up (explanation, "owes", i, FALSE), share), "%s of %s", shares[i], party);
      cr_assert (is_same (add_up (explanation, "owes", i, TRUE), share), "%s of %s", shares[i], party);
      cr_assert (is_same (add_up (explanation, "owed", i, TRUE), chains_figure (explanation, "summary", owed, "value")),
                 "%s of %s", owed, party);
    }
    cr_assert (chains_figure (explanation, "summary", "owes", "value")
                   == chains_figure (scores, "parties", party, "owes")
                 || is_grouped,
               "a group's is added up by party");
  }
  cr_assert (is_grouped || vc_table_get_n_rows (parties) == vc_chain_get_n_parties (chain));
}

static char *
some_chain (guint seed)
{
  static const char *const states[] = { "kept", "kept", "broken", "open", "withdrawn", "late" };
  static const char *const weights[] = { "1", "1", "0.1", "3", "1e6", "0", "0.7", "1e-200" };
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  g_autoptr (GString) text = g_string_new ("party u unit\nparty v unit unit=u\n");
  const gboolean is_weighted = seed % 3 > 0;

  for (guint i = 0; i < 5; i++)
    g_string_append_printf (text, "party p%u person unit=%s\n", i, i % 2 ? "u" : "v");
  for (guint i = 0; i < 60; i++) {
    const guint from = (guint) g_rand_int_range (dice, 0, 5), to = (from + (guint) g_rand_int_range (dice, 1, 5)) % 5;
    const char *state = states[g_rand_int_range (dice, 0, 6)];
    const gboolean is_open = g_str_equal (state, "open");

    g_string_append_printf (text, "commitment p%u p%u state=%s made=2025-01-%02u weight=%s reopened=%u", from, to,
                            state, 1 + i % 9, weights[is_weighted ? g_rand_int_range (dice, 0, 8) : 0], i % 4 == 0);
    if (!is_open)
      g_string_append_printf (text, " closed=2025-01-%02u closed_by=p%u", 10 + i % 20,
                              g_rand_boolean (dice) ? from : to);
    if (i % 3 == 0)
      g_string_append (text, g_str_equal (state, "late") ? " due=2025-01-09" : " due=2025-01-20");
    g_string_append_c (text, '\n');
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

Test (accountability_additions, records_add_up_to_the_shares_exactly)
{
  for (guint seed = 0; seed < 40; seed++) {
    g_autofree char *text = some_chain (seed);

    check_all (text, SCORE, FALSE);
    check_all (text, SCORE " group-by=unit", TRUE);
    check_all (text, SCORE " half-life=3.5 at=2025-01-22", FALSE);
  }
}

/* In the order of the table the weights add up to 1 + 2^-52; in that of the records, what was broken first, to 1. */
Test (accountability_additions, sums_that_depend_on_the_order)
{
  check_all ("party a person\nparty b person\n"
             "commitment a b state=kept made=2025-01-01 closed_by=b weight=6.162975822039155e-33\n"
             "commitment a b state=kept made=2025-01-01 closed_by=b weight=6.162975822039155e-33 what=x\n"
             "commitment a b state=kept made=2025-01-01 closed_by=b weight=6.162975822039155e-33 what=y\n"
             "commitment a b state=late made=2025-01-02 closed_by=b weight=1.1102230246251565e-16\n"
             "commitment a b state=broken made=2025-01-03 closed_by=b weight=1\n",
             SCORE, FALSE);
}

static const char desk[]
  = "party a person\nparty b person\nparty c person\n"
    "commitment a b id=one what=Salary state=kept\ncommitment b c id=two what=Secret state=kept\n";

/* What others have been promised is not in a column's labels either. */
Test (accountability_additions, texts_of_others_stay_where_they_are)
{
  g_autoptr (VcChain) chain = chains_new (desk);
  g_autoptr (VcScores) found = explain (chain, "a", SCORE);
  VcColumn *what = vc_table_lookup_column (vc_scores_get_table (found, "records"), "what");

  for (guint i = 0; i < vc_column_get_n_labels (what); i++) {
    g_autofree char *label = vc_column_dup_label (what, i);

    cr_assert_str_neq (label, "Secret");
  }
}
