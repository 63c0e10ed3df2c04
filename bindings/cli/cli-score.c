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
compute (CliSession *session, VcChain *chain, GPtrArray *measures, GPtrArray *all, GError **error)
{
  g_autoptr (VcReport) report = vc_report_new (chain);

  for (guint i = 0; i < measures->len; i++) {
    VcMeasure *measure = g_ptr_array_index (measures, i);
    g_autoptr (VcScores) scores
      = vc_measure_run (measure, chain, cli_session_next (session), session->cancellable, error);

    if (scores == NULL)
      return NULL;
    vc_report_add_scores (report, scores);
    g_ptr_array_add (all, g_steal_pointer (&scores));
  }
  return g_steal_pointer (&report);
}

/* Into the file that the chain came from, one after the other. */
static gboolean
keep (CliSession *session, VcChainFile *file, GPtrArray *all, VcChain *chain, GError **error)
{
  cli_session_set_saving (session);
  for (guint i = 0; i < all->len; i++)
    if (!vc_chain_file_save_scores (file, g_ptr_array_index (all, i), chain, cli_session_next (session),
                                    session->cancellable, error))
      return FALSE;
  return TRUE;
}

/* Whether there is a chain file to keep scores in, before anything is computed. */
static gboolean
can_keep (CliSession *session, VcChainFile *file, GError **error)
{
  g_autoptr (VcTable) kept = vc_chain_file_list_scores (file, NULL, session->cancellable, error);

  return kept != NULL;
}

static CliStatus
run (CliSession *session, GError **error)
{
  g_autoptr (GPtrArray) measures = make_measures (session->options, error);
  g_autoptr (VcChainFile) file = vc_chain_file_new (session->options->arguments[0]);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcReport) report = NULL;

  /* What was typed is looked at before anything is read. */
  if (measures == NULL || !cli_set_options (measures, session->options, error))
    return CLI_USAGE;
  if (session->options->save && !can_keep (session, file, error))
    return CLI_FAILURE;
  chain = cli_load (session, error);
  if (chain == NULL)
    return CLI_FAILURE;
  report = compute (session, chain, measures, all, error);
  if (report == NULL || (session->options->save && !keep (session, file, all, chain, error)))
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
