/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "measure/vc-measure-private.h"
#include "odd-measure.h"

static char *
cell (VcTable *table, const char *column, guint64 row)
{
  return vc_column_dup_text (vc_table_lookup_column (table, column), row);
}

static void
expect_cell (VcTable *table, const char *column, guint64 row, const char *expected)
{
  g_autofree char *text = cell (table, column, row);

  cr_expect (g_strcmp0 (text, expected) == 0, "row %u, %s: %s, not %s", (guint) row, column, text, expected);
}

Test (options, are_listed_in_the_order_of_their_declaration)
{
  static const char *const names[] = { "ratio", "rounds", "offset", "large", "deep", "strict", "label", "kind" };
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (VcTable) table = vc_measure_list_options (measure);

  cr_assert_eq (vc_table_get_n_rows (table), G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    expect_cell (table, "name", i, names[i]);
}

Test (options, have_types_ranges_defaults_and_descriptions)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (VcTable) table = NULL;

  cr_assert (vc_measure_set_option (measure, "ratio", "0.25", NULL));
  table = vc_measure_list_options (measure);
  expect_cell (table, "type", 0, "number");
  expect_cell (table, "default", 0, "0.1");
  expect_cell (table, "value", 0, "0.25");
  expect_cell (table, "minimum", 0, "0");
  expect_cell (table, "maximum", 0, "1");
  expect_cell (table, "description", 0, "a share");
  expect_cell (table, "maximum", 3, "18446744073709551615");
  expect_cell (table, "minimum", 4, "-9223372036854775808");
  expect_cell (table, "type", 5, "true, false");
  expect_cell (table, "default", 5, "true");
  expect_cell (table, "default", 6, NULL);
  expect_cell (table, "minimum", 6, NULL);
  expect_cell (table, "type", 7, "work, information, instruction");
  expect_cell (table, "value", 7, "work");
}

Test (options, of_a_measure_without_any)
{
  g_autoptr (VcMeasure) measure = g_object_new (odd_empty_get_type (), NULL);
  g_autoptr (VcTable) table = vc_measure_list_options (measure);
  g_autoptr (GVariant) options = g_variant_ref_sink (vc_measure_options_to_variant (measure));

  cr_assert_eq (vc_table_get_n_rows (table), 0u);
  cr_assert_eq (g_variant_n_children (options), 0u);
}

Test (options, are_set_from_text)
{
  static const char *const assignments[][2] = {
    { "ratio", "1e-12" },
    { "rounds", "1000" },
    { "offset", "-5" },
    { "large", "18446744073709551615" },
    { "deep", "-9223372036854775808" },
    { "strict", "false" },
    { "label", " ü " },
    { "kind", "instruction" },
  };
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (VcTable) table = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (assignments); i++) {
    g_autoptr (GError) error = NULL;

    cr_expect (vc_measure_set_option (measure, assignments[i][0], assignments[i][1], &error), "%s",
               error != NULL ? error->message : "");
  }
  table = vc_measure_list_options (measure);
  for (guint i = 0; i < G_N_ELEMENTS (assignments); i++)
    expect_cell (table, "value", i, assignments[i][1]);
}

Test (options, refuse_what_they_cannot_be_and_stay)
{
  static const char *const assignments[][2] = {
    { "ratio", "1.5" },  { "ratio", "nan" },       { "ratio", "0,5" },   { "ratio", "" },
    { "ratio", "0x1" },  { "rounds", "0" },        { "rounds", "1001" }, { "rounds", "-1" },
    { "rounds", " 3" },  { "rounds", "3.0" },      { "rounds", "010" },  { "rounds", "4294967299" },
    { "offset", "6" },   { "offset", "4294967296" }, { "large", "-1" },  { "large", "18446744073709551616" },
    { "strict", "yes" }, { "strict", "TRUE" },     { "kind", "Work" },   { "kind", "VC_FLOW_KIND_WORK" },
    { "label", "\xff" }, { "threads", "1025" },    { "threads", "two" },
  };
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (GVariant) before = g_variant_ref_sink (vc_measure_options_to_variant (measure));
  g_autoptr (GVariant) after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (assignments); i++) {
    g_autoptr (GError) error = NULL;

    cr_expect_not (vc_measure_set_option (measure, assignments[i][0], assignments[i][1], &error), "%s=%s",
                   assignments[i][0], assignments[i][1]);
    cr_expect (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));
    cr_expect_not_null (strstr (error->message, assignments[i][0]));
  }
  after = g_variant_ref_sink (vc_measure_options_to_variant (measure));
  cr_assert (g_variant_equal (before, after));
}

Test (options, that_are_not_there_name_those_that_are)
{
  static const char *const names[] = { "nothing", "read-only", "made-with", "", "Ratio", "\xff" };
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;

    cr_assert_not (vc_measure_set_option (measure, names[i], "1", &error));
    cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN));
    cr_assert_not_null (strstr (error->message, "threads, ratio, rounds"));
    cr_assert (g_utf8_validate (error->message, -1, NULL));
  }
}

Test (options, say_their_range)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (GError) range = NULL;
  g_autoptr (GError) words = NULL;

  cr_assert_not (vc_measure_set_option (measure, "rounds", "0", &range));
  cr_assert_not_null (strstr (range->message, "integer from 1 to 1000"));
  cr_assert_not (vc_measure_set_option (measure, "kind", "0", &words));
  cr_assert_not_null (strstr (words->message, "work, information, instruction"));
}

Test (options, threads_are_none)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (GVariant) options = NULL;

  cr_assert_eq (vc_measure_get_threads (measure), 0u);
  cr_assert (vc_measure_set_option (measure, "threads", "2", NULL));
  cr_assert_eq (vc_measure_get_threads (measure), 2u);
  options = g_variant_ref_sink (vc_measure_options_to_variant (measure));
  cr_assert_null (g_variant_lookup_value (options, "threads", NULL));
}

Test (options, as_a_dictionary)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (GVariant) options = g_variant_ref_sink (vc_measure_options_to_variant (measure));
  g_autoptr (GVariant) expected = g_variant_ref_sink (g_variant_new_parsed (
    "{'ratio': <0.1>, 'rounds': <uint64 3>, 'offset': <int64 0>, 'large': <uint64 7>, 'deep': <int64 -7>, "
    "'strict': <true>, 'label': <@ms nothing>, 'kind': <'work'>}"));

  cr_assert (g_variant_equal (options, expected), "%s", g_variant_print (options, TRUE));
}

Test (measure_list, makes_each_measure_that_it_names)
{
  g_auto (GStrv) names = vc_measure_list_names ();

  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr (VcMeasure) measure = vc_measure_for_name (names[i], NULL);

    cr_assert_not_null (measure);
    cr_assert_str_eq (vc_measure_get_name (measure), names[i]);
  }
}

Test (measure_list, says_what_there_is)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcMeasure) measure = vc_measure_for_name ("astrology", &error);

  cr_assert_null (measure);
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN));
  cr_assert_not_null (strstr (error->message, "astrology"));
}
