/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What commands that compute have in common: options of measures, the chain, the report. */
#include "cli.h"

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

gboolean
cli_set_options (GPtrArray *measures, const CliOptions *options, GError **error)
{
  for (guint i = 0; options->options != NULL && options->options[i] != NULL; i++)
    if (!set_named_option (measures, options->options[i], error))
      return FALSE;
  return (options->group_by == NULL || set_option (measures, "group-by", options->group_by, error)) &&
         (options->at == NULL || set_option (measures, "at", options->at, error)) &&
         (options->threads == NULL || set_option (measures, "threads", options->threads, error));
}

VcChain *
cli_load (CliSession *session, GError **error)
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
  windowed
    = vc_chain_window_text (chain, session->options->window, cli_session_next (session), session->cancellable, error);
  if (windowed == NULL)
    cli_blame_usage (error);
  return windowed;
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

gboolean
cli_write_report (CliSession *session, VcReport *report, GError **error)
{
  ReportJob job = { report, session->format };

  g_object_set (report, "width", cli_width (), "max-rows", session->max_rows, "color", cli_has_color (session), NULL);
  vc_report_set_tables (report, (const char *const *) session->options->tables);
  return cli_write (session, write_report, &job, error);
}
