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

/* Of all measures that have the option; one of them must. */
static gboolean
set_option (GPtrArray *measures, const char *name, const char *value, GError **error)
{
  g_autoptr (GError) unknown = NULL;
  gboolean is_set = FALSE;

  for (guint i = 0; i < measures->len; i++) {
    g_autoptr (GError) failure = NULL;

    if (vc_measure_set_option (g_ptr_array_index (measures, i), name, value, &failure)) {
      is_set = TRUE;
    } else if (!g_error_matches (failure, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    } else if (unknown == NULL) {
      unknown = g_steal_pointer (&failure);
    }
  }
  if (!is_set && unknown != NULL)
    g_propagate_error (error, g_steal_pointer (&unknown));
  return is_set;
}

static gboolean
set_named_option (GPtrArray *measures, const char *assignment, GError **error)
{
  const char *equals = strchr (assignment, '=');
  g_autofree char *name = NULL;

  if (equals == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--option must be NAME=VALUE");
    return FALSE;
  }
  name = g_strndup (assignment, (gsize) (equals - assignment));
  return set_option (measures, name, equals + 1, error);
}

static gboolean
set_options (GPtrArray *measures, const CliOptions *options, GError **error)
{
  for (guint i = 0; options->options != NULL && options->options[i] != NULL; i++)
    if (!set_named_option (measures, options->options[i], error))
      return FALSE;
  return (options->group_by == NULL || set_option (measures, "group-by", options->group_by, error)) &&
         (options->threads == NULL || set_option (measures, "threads", options->threads, error));
}

static VcChain *
load (CliSession *session, GError **error)
{
  g_autoptr (VcSource) source = cli_open (session, error);
  g_autoptr (VcChain) chain = NULL;
  VcChain *windowed;

  if (source == NULL)
    return NULL;
  chain = vc_source_load (source, cli_session_next (session), session->cancellable, error);
  cli_say_report (session, source, "commitments left out");
  if (chain == NULL || session->options->window == NULL)
    return g_steal_pointer (&chain);
  windowed = vc_chain_window_text (chain, session->options->window, cli_session_next (session), session->cancellable, error);
  if (windowed == NULL)
    cli_blame_usage (error);
  return windowed;
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

typedef struct {
  VcReport      *report;
  VcReportFormat format;
} ReportJob;

static gboolean
write_report (GOutputStream *stream, gpointer data, GCancellable *cancellable, GError **error)
{
  ReportJob *job = data;

  return vc_report_write (job->report, job->format, stream, cancellable, error);
}

static CliStatus
run (CliSession *session, GError **error)
{
  g_autoptr (GPtrArray) measures = make_measures (session->options, error);
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcReport) report = NULL;
  ReportJob job;

  /* What was typed is looked at before anything is read. */
  if (measures == NULL || !set_options (measures, session->options, error))
    return CLI_USAGE;
  chain = load (session, error);
  if (chain == NULL)
    return CLI_FAILURE;
  report = compute (session, chain, measures, error);
  if (report == NULL)
    return CLI_FAILURE;
  g_object_set (report, "width", cli_width (), "max-rows", session->max_rows, "color", cli_has_color (session), NULL);
  vc_report_set_tables (report, (const char *const *) session->options->tables);
  job = (ReportJob) { report, session->format };
  return cli_write (session, write_report, &job, error) ? CLI_OK : CLI_FAILURE;
}

const CliCommand cli_score = {
  .name = "score",
  .arguments = "CHAIN",
  .min_arguments = 1,
  .max_arguments = 1,
  .summary = "Computes measures of a chain folder: how much of the work reaches a customer.",
  .example = "valuechain score company --table parties --format csv --output parties.csv",
  .run = run,
};
