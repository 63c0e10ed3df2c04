/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "odd-measure.h"

#include <string.h>

static VcReport *
make_report (void)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcScores) scores = odd_scores_new ();
  VcReport *report = vc_report_new (chain);

  vc_report_add_scores (report, scores);
  return report;
}

static char *
to_string (VcReport *report, VcReportFormat format)
{
  g_autoptr (GError) error = NULL;
  char *text = vc_report_to_string (report, format, &error);

  cr_assert_null (error, "%s", error != NULL ? error->message : "");
  cr_assert (g_utf8_validate (text, -1, NULL));
  return text;
}

/* All of it but the digest, which is the chain's affair. */
static const char golden_head[] =
  "{\n"
  "  \"chain\": {\n"
  "    \"title\": \"Odd & \\\"even\\\"\",\n"
  "    \"currency\": \"EUR\",\n"
  "    \"effort_unit\": null,\n"
  "    \"window\": null,\n"
  "    \"parties\": 4,\n"
  "    \"customers\": 2,\n"
  "    \"flows\": 2,\n"
  "    \"receipts\": 1,\n"
  "    \"commitments\": 0,\n"
  "    \"digest\": \"";
static const char golden_scores[] =
  "\"\n"
  "  },\n"
  "  \"scores\": {\n"
  "    \"odd\": {\n"
  "      \"options\": {},\n"
  "      \"proof\": {\"alpha\": 18446744073709551615, \"byte\": 16, \"deep\": {\"a\": \"x\\\"y\", \"b\": true}, "
  "\"none\": null, \"ratios\": {\"a\": 0.25, \"b\": 0.5}, \"zeta\": [1.5, 2]},\n"
  "      \"tables\": {\n"
  "        \"summary\": [\n"
  "{\"name\":\"plain\",\"value\":1},\n"
  "{\"name\":\"=1+1\",\"value\":-2},\n"
  "{\"name\":\"a \\\"b\\\"\\n<c> & ü\",\"value\":0.3333333333333333}\n"
  "],\n"
  "        \"parties\": [\n"
  "{\"name\":\"plain\",\"value\":0.1},\n"
  "{\"name\":\"=1+1\",\"value\":1e300},\n"
  "{\"name\":\"a \\\"b\\\"\\n<c> & ü\",\"value\":5e-324}\n"
  "]\n"
  "      }\n"
  "    }\n"
  "  }\n"
  "}\n";

Test (report, json_is_golden)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcReport) report = make_report ();
  g_autofree char *json = to_string (report, VC_REPORT_FORMAT_JSON);
  g_autofree char *golden = g_strconcat (golden_head, vc_chain_get_digest (chain), golden_scores, NULL);

  cr_assert_str_eq (json, golden);
}

Test (report, json_has_the_window)
{
  g_autoptr (VcChain) whole = odd_chain_new ();
  g_autoptr (VcChain) chain = vc_chain_window (whole, 0, G_USEC_PER_SEC, NULL, NULL, NULL);
  g_autoptr (VcReport) report = vc_report_new (chain);
  g_autofree char *json = to_string (report, VC_REPORT_FORMAT_JSON);

  cr_assert_not_null (
    strstr (json, "\"window\": {\"start\": \"1970-01-01T00:00:00Z\", \"end\": \"1970-01-01T00:00:01Z\"}"));
  cr_assert_not_null (strstr (json, "\"scores\": {}\n}\n"));
}

Test (report, json_has_what_was_asked_for)
{
  const char *const tables[] = { "parties", NULL };
  g_autoptr (VcReport) report = make_report ();
  g_autofree char *some = NULL;
  g_autofree char *all = NULL;

  vc_report_set_tables (report, tables);
  some = to_string (report, VC_REPORT_FORMAT_JSON);
  cr_assert_null (strstr (some, "\"summary\""));
  cr_assert_not_null (strstr (some, "\"parties\": ["));
  vc_report_set_tables (report, NULL);
  all = to_string (report, VC_REPORT_FORMAT_JSON);
  cr_assert_not_null (strstr (all, "\"summary\": ["));
}

Test (report, of_two_measures_and_one_twice)
{
  g_autoptr (VcReport) report = make_report ();
  g_autoptr (VcScores) again = odd_scores_new ();
  g_autoptr (VcScores) other = vc_scores_new ("other", NULL, 0, NULL, NULL);
  g_autofree char *json = NULL;
  const char *first;

  vc_report_add_scores (report, again);
  vc_report_add_scores (report, other);
  json = to_string (report, VC_REPORT_FORMAT_JSON);
  first = strstr (json, "\"odd\": {");
  cr_assert_not_null (first);
  cr_assert_null (strstr (first + 1, "\"odd\": {"));
  cr_assert_not_null (strstr (first, "    },\n    \"other\": {"));
}

Test (report, csv_holds_one_table_and_guards_formulas)
{
  const char *const tables[] = { "summary", NULL };
  g_autoptr (VcReport) report = make_report ();
  g_autofree char *csv = NULL;

  vc_report_set_tables (report, tables);
  csv = to_string (report, VC_REPORT_FORMAT_CSV);
  cr_assert (g_str_has_prefix (csv, "name,value\nplain,1\n'=1+1,-2\n"), "%s", csv);
}

static void
expect_unknown (VcReport *report, VcReportFormat format, const char *part)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  cr_expect_not (vc_report_write (report, format, memory, NULL, &error));
  cr_expect (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN));
  cr_expect_not_null (strstr (error->message, part), "%s", error->message);
  g_output_stream_close (memory, NULL, NULL);
  cr_expect_eq (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)), 0u);
}

Test (report, refuses_tables_that_are_not_there)
{
  const char *const tables[] = { "summary", "pairs", NULL };
  g_autoptr (VcReport) report = make_report ();

  expect_unknown (report, VC_REPORT_FORMAT_CSV, "parties, summary");
  vc_report_set_tables (report, tables);
  for (VcReportFormat format = VC_REPORT_FORMAT_TEXT; format <= VC_REPORT_FORMAT_HTML; format++)
    expect_unknown (report, format, "parties, summary");
}

Test (report, text_fits_a_terminal)
{
  g_autoptr (VcReport) report = make_report ();
  g_autofree char *text = to_string (report, VC_REPORT_FORMAT_TEXT);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  cr_assert_str_eq (lines[0], "Odd & \"even\"");
  cr_assert_null (strchr (text, '\033'));
  for (guint i = 0; lines[i] != NULL; i++)
    cr_assert_leq (g_utf8_strlen (lines[i], -1), 80, "%s", lines[i]);
}

Test (report, text_has_colour_where_asked)
{
  g_autoptr (VcReport) report = make_report ();
  g_autofree char *text = NULL;

  g_object_set (report, "color", TRUE, NULL);
  text = to_string (report, VC_REPORT_FORMAT_TEXT);
  cr_assert_eq (strncmp (text, "\033[1mOdd & \"even\"\033[0m\n", 20), 0);
}

Test (report, html_escapes)
{
  g_autoptr (VcReport) report = make_report ();
  g_autofree char *html = to_string (report, VC_REPORT_FORMAT_HTML);

  cr_assert_not_null (strstr (html, "<caption>Odd &amp; &quot;even&quot;</caption>"));
  cr_assert_null (strstr (html, "<c>"));
  cr_assert_null (strstr (html, "<script"));
}

Test (report, writing_is_cancelled)
{
  g_autoptr (VcReport) report = make_report ();
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  cr_assert_not (vc_report_write (report, VC_REPORT_FORMAT_JSON, memory, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

/* A disk that is full after some bytes. */
Test (report, that_cannot_be_written_is_an_error)
{
  char room[100];

  for (VcReportFormat format = VC_REPORT_FORMAT_TEXT; format <= VC_REPORT_FORMAT_HTML; format += format == 1 ? 2 : 1) {
    g_autoptr (VcReport) report = make_report ();
    g_autoptr (GOutputStream) full = g_memory_output_stream_new (room, sizeof room, NULL, NULL);
    g_autoptr (GError) error = NULL;

    cr_expect_not (vc_report_write (report, format, full, NULL, &error));
    cr_expect (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE));
  }
}
