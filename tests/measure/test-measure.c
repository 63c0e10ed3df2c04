/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "odd-measure.h"

Test (measure, gives_scores_and_progress)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = vc_measure_run (measure, chain, progress, NULL, &error);

  cr_assert_null (error);
  cr_assert_not_null (scores);
  cr_assert_str_eq (vc_measure_get_name (measure), "odd");
  cr_assert (vc_progress_get_fraction (progress) == 1);
}

static void
expect_failure (GType type, OddBehaviour behaviour, int code)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcMeasure) measure = odd_measure_new (type, behaviour);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = vc_measure_run (measure, chain, NULL, NULL, &error);

  cr_expect_null (scores);
  cr_expect (g_error_matches (error, VC_MEASURE_ERROR, code), "behaviour %d", behaviour);
}

Test (measure, gives_either_scores_or_an_error)
{
  expect_failure (ODD_TYPE_MEASURE, ODD_GIVES_NOTHING, VC_MEASURE_ERROR_FAILED);
  expect_failure (ODD_TYPE_MEASURE, ODD_FAILS, VC_MEASURE_ERROR_NO_CONVERGENCE);
  expect_failure (ODD_TYPE_MEASURE, ODD_GIVES_BOTH, VC_MEASURE_ERROR_NO_CONVERGENCE);
}

Test (measure, that_overrides_nothing_has_a_name_and_fails)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcMeasure) measure = g_object_new (odd_empty_get_type (), NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = vc_measure_run (measure, chain, NULL, NULL, &error);

  cr_assert_null (scores);
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_FAILED));
  cr_assert_str_eq (vc_measure_get_name (measure), "OddEmpty");
}

Test (measure, cancelled_before_it_starts_does_not_run)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = NULL;

  g_cancellable_cancel (cancellable);
  scores = vc_measure_run (measure, chain, NULL, cancellable, &error);
  cr_assert_null (scores);
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  cr_assert_null (odd_measure_thread (measure));
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

/* Runs in a main context of its own, where the callback must come too. */
static VcScores *
run_to_the_end (VcMeasure *measure, GCancellable *cancellable, gboolean cancel, GError **error)
{
  g_autoptr (VcChain) chain = odd_chain_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_main_context_push_thread_default (context);
  vc_measure_run_async (measure, chain, NULL, cancellable, keep_result, &result);
  cr_assert_null (result, "never before run_async() has returned");
  if (cancel)
    g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return vc_measure_run_finish (measure, result, error);
}

Test (measure_async, runs_in_the_caller_s_context)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = run_to_the_end (measure, NULL, FALSE, &error);

  cr_assert_null (error);
  cr_assert_not_null (scores);
  cr_assert_eq (odd_measure_thread (measure), g_thread_self ());
}

Test (measure_async, runs_in_a_thread_where_the_class_says_so)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (odd_threaded_get_type (), ODD_GIVES_SCORES);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = run_to_the_end (measure, NULL, FALSE, &error);

  cr_assert_null (error);
  cr_assert_not_null (scores);
  cr_assert_neq (odd_measure_thread (measure), g_thread_self ());
}

Test (measure_async, passes_errors_on)
{
  const GType types[] = { ODD_TYPE_MEASURE, odd_threaded_get_type () };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (VcMeasure) measure = odd_measure_new (types[i], ODD_FAILS);
    g_autoptr (GError) error = NULL;
    g_autoptr (VcScores) scores = run_to_the_end (measure, NULL, FALSE, &error);

    cr_assert_null (scores);
    cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE));
  }
}

Test (measure_async, is_cancelled_while_it_runs, .timeout = 60)
{
  g_autoptr (VcMeasure) measure = odd_measure_new (odd_threaded_get_type (), ODD_WAITS_FOR_CANCEL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = run_to_the_end (measure, cancellable, TRUE, &error);

  cr_assert_null (scores);
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

Test (measure_async, holds_what_it_needs)
{
  VcMeasure *measure = odd_measure_new (ODD_TYPE_MEASURE, ODD_GIVES_SCORES);
  VcChain *chain = odd_chain_new ();
  gpointer weak_measure = measure, weak_chain = chain;
  g_autoptr (GAsyncResult) result = NULL;

  g_object_add_weak_pointer (G_OBJECT (measure), &weak_measure);
  g_object_add_weak_pointer (G_OBJECT (chain), &weak_chain);
  vc_measure_run_async (measure, chain, NULL, NULL, keep_result, &result);
  g_object_unref (chain);
  g_object_unref (measure);
  cr_assert_not_null (weak_measure);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&result);
  cr_assert_null (weak_measure);
  cr_assert_null (weak_chain);
}
