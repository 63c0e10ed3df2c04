/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "odd-measure.h"

static VcScores *
explain (GType type, OddBehaviour behaviour, const char *party, GError **error)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcMeasure) measure = odd_measure_new (type, behaviour);

  return vc_measure_explain (measure, chain, party, NULL, NULL, error);
}

Test (explain, is_about_the_party_that_was_asked_for)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) found = explain (ODD_TYPE_MEASURE, ODD_GIVES_SCORES, "ann", &error);
  g_autoptr (VcScores) all = odd_scores_new ();
  g_autofree char *asked = NULL;

  cr_assert_null (error);
  asked = vc_column_dup_text (vc_table_get_column (vc_scores_get_table (found, "asked"), 0), 0);
  cr_expect_str_eq (asked, "ann");
  cr_expect_str_eq (vc_scores_get_party (found), "ann");
  cr_expect_str_eq (vc_scores_get_measure (found), "odd");
  cr_expect (g_variant_equal (vc_scores_get_proof (found), vc_scores_get_proof (all)), "nothing is lost on the way");
  cr_expect_null (vc_scores_get_party (all), "scores of all are about nobody");
}

Test (explain, shows_whom_it_is_about)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcScores) found = explain (ODD_TYPE_MEASURE, ODD_GIVES_SCORES, "ann", NULL);
  g_autoptr (VcReport) report = vc_report_new (chain);
  g_autofree char *text = vc_scores_to_text (found, 80, 0);
  g_autofree char *html = vc_scores_to_html (found, 0);
  g_autofree char *json = NULL;

  vc_report_add_scores (report, found);
  json = vc_report_to_string (report, VC_REPORT_FORMAT_JSON, NULL);
  cr_expect (g_str_has_prefix (text, "odd: ann\n"), "%s", text);
  cr_expect_not_null (strstr (html, "<h3>odd: ann</h3>"));
  cr_expect_not_null (strstr (html, "<details open=\"open\"><summary>asked</summary>"), "%s", html);
  cr_expect_not_null (strstr (json, "\"odd\": {\n      \"party\": \"ann\",\n      \"options\": {"), "%s", json);
}

static void
expect_failure (GType type, OddBehaviour behaviour, const char *party, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) found = explain (type, behaviour, party, &error);

  cr_expect_null (found);
  cr_expect (g_error_matches (error, VC_MEASURE_ERROR, code), "behaviour %d, %s", behaviour, party);
}

Test (explain, gives_either_an_explanation_or_an_error)
{
  expect_failure (ODD_TYPE_MEASURE, ODD_GIVES_NOTHING, "ann", VC_MEASURE_ERROR_FAILED);
  expect_failure (ODD_TYPE_MEASURE, ODD_FAILS, "ann", VC_MEASURE_ERROR_NO_CONVERGENCE);
  expect_failure (ODD_TYPE_MEASURE, ODD_GIVES_BOTH, "ann", VC_MEASURE_ERROR_NO_CONVERGENCE);
}

Test (explain, of_a_party_that_is_not_there_fails)
{
  const char *const unknown[] = { "nobody", "", "Ann", "ann ", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    expect_failure (ODD_TYPE_MEASURE, ODD_GIVES_SCORES, unknown[i], VC_MEASURE_ERROR_UNKNOWN);
}

Test (explain, is_refused_by_a_measure_that_cannot)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcMeasure) measure = g_object_new (odd_empty_get_type (), NULL);
  g_autoptr (GError) error = NULL;

  cr_assert_null (vc_measure_explain (measure, chain, "ann", NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNSUPPORTED));
}

Test (explain, cancelled_before_it_starts_does_not_run)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  cr_assert_null (vc_measure_explain (measure, chain, "ann", NULL, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  cr_assert_null (odd_measure_thread (measure));
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

static VcScores *
explain_to_the_end (VcMeasure *measure, const char *asked, GCancellable *cancellable, gboolean cancel, GError **error)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *party = g_strdup (asked);

  g_main_context_push_thread_default (context);
  vc_measure_explain_async (measure, chain, party, NULL, cancellable, keep_result, &result);
  memset (party, 'x', strlen (party));
  cr_assert_null (result, "never before explain_async() has returned");
  if (cancel)
    g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return vc_measure_explain_finish (measure, result, error);
}

Test (explain_async, runs_where_run_async_runs)
{
  const GType types[] = { ODD_TYPE_MEASURE, odd_threaded_get_type () };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (VcMeasure) measure = odd_measure_new (types[i], ODD_GIVES_SCORES);
    g_autoptr (GError) error = NULL;
    g_autoptr (VcScores) found = explain_to_the_end (measure, "ann", NULL, FALSE, &error);

    cr_assert_null (error);
    cr_assert_str_eq (vc_scores_get_party (found), "ann");
    cr_assert_eq (odd_measure_thread (measure) == g_thread_self (), i == 0);
  }
}

Test (explain_async, passes_errors_on)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (odd_threaded_get_type (), ODD_GIVES_SCORES);
  g_autoptr (GError) error = NULL;

  cr_assert_null (explain_to_the_end (measure, "nobody", NULL, FALSE, &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN));
}

Test (explain_async, is_cancelled_while_it_runs, .timeout = 60)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (odd_threaded_get_type (), ODD_WAITS_FOR_CANCEL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  cr_assert_null (explain_to_the_end (measure, "ann", cancellable, TRUE, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
