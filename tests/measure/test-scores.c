/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "odd-measure.h"

static VcTable *
make_table (const char *name)
{
  const double value = 1;
  g_autoptr (VcColumn) column = vc_column_new_doubles ("value", &value, 1, NULL);

  return vc_table_new (name, &column, 1, NULL);
}

Test (scores, keep_tables_options_and_proof)
{
  g_autoptr (VcTable) parties = make_table ("parties");
  g_autoptr (VcTable) summary = make_table ("summary");
  g_autoptr (VcScores) scores
    = vc_scores_new ("odd", (VcTable *[]){ parties, summary }, 2, g_variant_new_parsed ("{'a': <1>}"),
                     g_variant_new_parsed ("{'b': <2>}"));
  g_auto (GStrv) names = vc_scores_list_tables (scores);
  gint32 a = 0, b = 0;

  cr_assert_str_eq (vc_scores_get_measure (scores), "odd");
  cr_assert_eq (g_strv_length (names), 2u);
  cr_assert_str_eq (names[0], "parties");
  cr_assert_eq (vc_scores_get_table (scores, "summary"), summary);
  cr_assert_null (vc_scores_get_table (scores, "pairs"));
  cr_assert (g_variant_lookup (vc_scores_get_options (scores), "a", "i", &a));
  cr_assert (g_variant_lookup (vc_scores_get_proof (scores), "b", "i", &b));
  cr_assert_eq (a + b, 3);
}

Test (scores, may_have_nothing)
{
  g_autoptr (VcScores) scores = vc_scores_new ("odd", NULL, 0, NULL, NULL);
  g_auto (GStrv) names = vc_scores_list_tables (scores);

  cr_assert_null (names[0]);
  cr_assert (g_variant_is_of_type (vc_scores_get_options (scores), G_VARIANT_TYPE_VARDICT));
  cr_assert_eq (g_variant_n_children (vc_scores_get_proof (scores)), 0u);
}

Test (scores, take_floating_and_keep_full_references)
{
  GVariant *options = g_variant_ref_sink (g_variant_new_parsed ("{'a': <1>}"));
  VcScores *scores = vc_scores_new ("odd", NULL, 0, options, NULL);

  g_object_unref (scores);
  cr_assert_eq (g_variant_n_children (options), 1u);
  g_variant_unref (options);
}

Test (scores, let_tables_go)
{
  VcTable *table = make_table ("summary");
  VcScores *scores = vc_scores_new ("odd", &table, 1, NULL, NULL);
  gpointer weak = table;

  g_object_add_weak_pointer (G_OBJECT (table), &weak);
  g_object_unref (table);
  cr_assert_not_null (weak);
  g_object_unref (scores);
  cr_assert_null (weak);
}

static void
expect_refusal (VcTable **tables, gsize n_tables, GVariant *options)
{
  g_autoptr (VcScores) scores = NULL;

  g_test_expect_message ("Valuechain", G_LOG_LEVEL_CRITICAL, "*vc_scores_new*");
  scores = vc_scores_new ("odd", tables, n_tables, options, NULL);
  g_test_assert_expected_messages ();
  cr_assert_null (scores);
}

Test (scores, refuse_duplicates_and_what_is_no_dictionary)
{
  g_autoptr (VcTable) table = make_table ("summary");
  g_autoptr (VcTable) again = make_table ("summary");
  g_autoptr (GVariant) number = g_variant_ref_sink (g_variant_new_int32 (1));

  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  expect_refusal ((VcTable *[]){ table, again }, 2, NULL);
  expect_refusal ((VcTable *[]){ table, NULL }, 2, NULL);
  expect_refusal (&table, 1, number);
}
