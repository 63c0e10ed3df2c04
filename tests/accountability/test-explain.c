/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records behind the figures of one party. That they are the right ones is the business of compare_records.py. */
#include "score-checks.h"

#include <criterion/criterion.h>
#include <math.h>

#include "accountability/vc-accountability-private.h"
#include "valuechain/vc-error.h"

static const char firm[]
  = "party boss person\nparty u unit\nparty ann person manager=boss unit=u\nparty bo person manager=boss unit=u\n"
    "party c customer\nparty idle person\n"
    "commitment ann boss made=2025-01-01 due=2025-01-05 closed=2025-01-04 state=kept closed_by=boss\n"
    "commitment ann boss made=2025-01-02 due=2025-01-05 closed=2025-01-07 state=kept closed_by=ann reopened=1\n"
    "commitment ann bo made=2025-01-02 due=2025-01-05 closed=2025-01-06 state=broken weight=2\n"
    "commitment ann c made=2025-01-02 due=2025-01-03 state=open\n"
    "commitment ann c made=2025-01-08 due=2025-02-01 state=open\n"
    "commitment boss ann made=2025-01-03 closed=2025-01-04 state=withdrawn\n"
    "commitment bo ann made=2025-01-03 closed=2025-01-09 state=kept\n";

static VcScores *
explain (const char *party, const char *options, GError **error)
{
  g_autoptr (VcChain) chain = chains_new (firm);
  g_autoptr (VcMeasure) measure = chains_measure (options, error);

  return vc_measure_explain (measure, chain, party, NULL, NULL, error);
}

#define MEASURE "measure=accountability"

/* side outcome adds moves, a line each. */
static char *
tell (VcScores *scores)
{
  VcTable *records = vc_scores_get_table (scores, "records");
  g_autoptr (GString) told = g_string_new (NULL);

  for (guint64 row = 0; row < vc_table_get_n_rows (records); row++) {
    g_autofree char *side = vc_column_dup_text (vc_table_lookup_column (records, "side"), row);
    g_autofree char *outcome = vc_column_dup_text (vc_table_lookup_column (records, "outcome"), row);

    g_string_append_printf (told, "%s %s", side, outcome);
    for (guint i = 0; i < 2; i++) {
      VcColumn *column = vc_table_lookup_column (records, i == 0 ? "adds" : "moves");

      if (!vc_column_is_null (column, row))
        g_string_append_printf (told, " %.4g", vc_column_get_double (column, row));
    }
    g_string_append_c (told, '\n');
  }
  return g_string_free (g_steal_pointer (&told), FALSE);
}

/* Of 5 that are decided, 1 is kept: 0.2. Without the one that is broken and weighs 2, it were 1 of 3. */
Test (accountability_explain, each_record_moves_the_rate)
{
  g_autoptr (VcScores) found = explain ("ann", MEASURE, NULL);
  g_autofree char *told = tell (found);

  cr_assert_str_eq (told,
                    "owes broken 0 -0.1333\nowes overdue 0 -0.05\nowes late 0 -0.05\nowes kept 0.2 0.2\nowes open\n"
                    "owed kept 1\nowed withdrawn\n",
                    "%s", told);
  cr_expect (fabs (chains_figure (found, "summary", "kept", "value") - 0.2) < 1e-15);
  cr_expect (fabs (chains_figure (found, "summary", "broken", "value") - 0.4) < 1e-15);
  cr_expect (chains_figure (found, "summary", "open", "value") == 1);
  cr_expect (chains_figure (found, "summary", "owed_withdrawn", "n") == 1);
  cr_expect (chains_figure (found, "summary", "closed_by_owed", "value") == 0.5);
  cr_expect (chains_proof (found, "conservation_records") <= 1e-15);
  cr_expect_str_eq (vc_scores_get_party (found), "ann");
}

Test (accountability_explain, figures_are_those_of_the_table_of_parties)
{
  static const char *const names[] = { "owes", "owed", "kept", "late", "closed_by_owed", "reopened" };
  static const char *const options[]
    = { MEASURE, MEASURE " half-life=3.5", MEASURE " at=2025-01-08", MEASURE " group-by=unit" };

  for (guint k = 0; k < G_N_ELEMENTS (options); k++) {
    const char *party = k == 3 ? "u" : "ann";
    g_autoptr (VcScores) all = chains_score (firm, options[k]), found = explain (party, options[k], NULL);

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      cr_expect (chains_figure (found, "summary", names[i], "value") == chains_figure (all, "parties", party, names[i]),
                 "%s %s", options[k], names[i]);
    cr_expect (chains_figure (found, "summary", "kept", "low") == chains_figure (all, "parties", party, "kept_low"));
  }
}

/* Between two of a unit, a record is owed and owing. */
Test (accountability_explain, within_a_unit_a_record_stands_on_both_sides)
{
  g_autoptr (VcScores) found = explain ("u", MEASURE " group-by=unit", NULL);
  g_autofree char *told = tell (found);

  cr_assert_str_eq (told,
                    "owes broken 0 -0.1667\nowes overdue 0 -0.06667\nowes late 0 -0.06667\nowes kept 0.1667 "
                    "0.1333\nowes kept 0.1667 0.1333\nowes open\n"
                    "owed broken 0 -0.6667\nowed kept 0.3333 0.3333\nowed withdrawn\n",
                    "%s", told);
}

Test (accountability_explain, of_who_owes_nothing_is_empty)
{
  g_autoptr (VcScores) found = explain ("idle", MEASURE, NULL);

  cr_expect_eq (vc_table_get_n_rows (vc_scores_get_table (found, "records")), 0u);
  cr_expect (isnan (chains_figure (found, "summary", "kept", "value")));
  cr_expect (chains_figure (found, "summary", "owes", "value") == 0);
}

static void
expect_refusal (const char *party, const char *options, int code)
{
  g_autoptr (GError) error = NULL;

  cr_expect_null (explain (party, options, &error));
  cr_expect (g_error_matches (error, VC_MEASURE_ERROR, code), "%s", party);
}

Test (accountability_explain, who_has_no_row_is_not_explained)
{
  expect_refusal ("ann", MEASURE " group-by=unit", VC_MEASURE_ERROR_UNSUPPORTED);
  expect_refusal ("nobody", MEASURE, VC_MEASURE_ERROR_UNKNOWN);
  expect_refusal ("ann", MEASURE " at=yesterday", VC_MEASURE_ERROR_OPTION);
}

/* Weights that no double has exactly: whoever adds them in another order, or by another way, gets other last digits. */
static char *
weighty (guint n, guint seed)
{
  GString *text = g_string_new ("party u unit\nparty v unit\n");
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);

  for (guint i = 0; i < 9; i++)
    g_string_append_printf (text, "party p%u person%s\n", i, i < 4 ? " unit=u" : i < 8 ? " unit=v" : "");
  for (guint row = 0; row < n; row++) {
    const guint from = (guint) g_rand_int_range (dice, 0, 9), to = (from + (guint) g_rand_int_range (dice, 1, 9)) % 9;

    g_string_append_printf (text, "commitment p%u p%u state=%s weight=%d.%d\n", from, to,
                            g_rand_boolean (dice) ? "kept" : "broken", g_rand_int_range (dice, 0, 50),
                            g_rand_int_range (dice, 0, 1000));
  }
  return g_string_free (text, FALSE);
}

/* What is explained is the table's row to the last bit, of units too. */
Test (accountability_explain, the_row_of_the_table_to_the_bit)
{
  static const char *const options[] = { MEASURE, MEASURE " group-by=unit" };
  static const char *const asked[] = { "u", "v", "p8", "p0" };
  static const char *const figures[] = { "owes", "owed", "kept", "late" };

  for (guint seed = 0; seed < 100; seed++) {
    g_autofree char *text = weighty (120, seed);
    g_autoptr (VcChain) chain = chains_new (text);

    for (guint k = 0; k < G_N_ELEMENTS (options); k++) {
      g_autoptr (VcScores) scores = chains_score_chain (chain, options[k]);
      g_autoptr (VcMeasure) measure = chains_measure (options[k], NULL);

      for (guint i = k == 0 ? 2 : 0; i < (k == 0 ? 4 : 3); i++) {
        g_autoptr (VcScores) explained = vc_measure_explain (measure, chain, asked[i], NULL, NULL, NULL);

        for (guint j = 0; j < G_N_ELEMENTS (figures); j++)
          cr_assert_eq (chains_figure (explained, "summary", figures[j], "value"),
                        chains_figure (scores, "parties", asked[i], figures[j]), "%u: %s of %s by %s", seed, figures[j],
                        asked[i], options[k]);
      }
    }
  }
}

static VcScores *
explain_unit (gpointer measure, VcChain *chain, VcmWatch *watch, GError **error)
{
  return vc_accountability_explain_watched (measure, chain, "u", watch, error);
}

Test (accountability_explain, stops_wherever_it_is_cancelled)
{
  g_autoptr (VcChain) chain = chains_new (firm);
  g_autoptr (VcAccountability) measure
    = g_object_new (VC_TYPE_ACCOUNTABILITY, "group-by", VC_GROUPING_UNIT, NULL);

  cr_assert_gt (stop_at_every_look (explain_unit, measure, chain), 2u);
}
