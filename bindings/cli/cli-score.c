/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

static gboolean
is_known (GPtrArray *measures, const char *name)
{
  for (guint i = 0; i < measures->len; i++)
    if (g_str_equal (vc_measure_get_name (g_ptr_array_index (measures, i)), name))
      return TRUE;
  return FALSE;
}

static GPtrArray *
make_measures (const CliOptions *options, GError **error)
{
  g_autoptr (GPtrArray) measures = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) all = vc_measure_list_names ();
  char **names = options->measures != NULL ? options->measures : all;

  for (guint i = 0; names[i] != NULL; i++) {
    VcMeasure *measure = vc_measure_for_name (names[i], error);

    if (measure == NULL)
      return NULL;
    if (is_known (measures, names[i]))
      g_object_unref (measure);
    else
      g_ptr_array_add (measures, measure);
  }
  return g_steal_pointer (&measures);
}

static VcReport *
compute (CliSession *session, VcChain *chain, GPtrArray *measures, GError **error)
{
  g_autoptr (VcReport) report = vc_report_new (chain);

  for (guint i = 0; i < measures->len; i++) {
    VcMeasure *measure = g_ptr_array_index (measures, i);
    g_autoptr (VcScores) scores
      = vc_measure_run (measure, chain, cli_session_next (session), session->cancellable, error);

    if (scores == NULL)
      return NULL;
    vc_report_add_scores (report, scores);
  }
  return g_steal_pointer (&report);
}

static CliStatus
run (CliSession *session, GError **error)
{
  g_autoptr (GPtrArray) measures = make_measures (session->options, error);
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcReport) report = NULL;

  /* What was typed is looked at before anything is read. */
  if (measures == NULL || !cli_set_options (measures, session->options, error))
    return CLI_USAGE;
  chain = cli_load (session, error);
  if (chain == NULL)
    return CLI_FAILURE;
  report = compute (session, chain, measures, error);
  if (report == NULL)
    return CLI_FAILURE;
  return cli_write_report (session, report, error) ? CLI_OK : CLI_FAILURE;
}

const CliCommand cli_score = {
  .name = "score",
  .arguments = "CHAIN",
  .min_arguments = 1,
  .max_arguments = 1,
  .summary = "Computes measures of a chain folder: alignment, accountability.",
  .example = "valuechain score company -m alignment -t parties -f csv -o parties.csv",
  .run = run,
};
