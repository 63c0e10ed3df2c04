/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

typedef struct {
  CliSession *session;
  VcTable    *problems;
} Job;

static char *
cell (VcTable *table, const char *column, guint64 row)
{
  VcColumn *found = vc_table_lookup_column (table, column);

  return vc_column_is_null (found, row) ? NULL : vc_column_format (found, row);
}

static guint64
count_of (VcTable *problems, const char *severity)
{
  guint64 n = 0;

  for (guint64 i = 0; i < vc_table_get_n_rows (problems); i++) {
    g_autofree char *word = cell (problems, "severity", i);

    n += g_strcmp0 (word, severity) == 0;
  }
  return n;
}

/* "error: flows.csv:3: field "amount": is no number (4 times)": what editors and people know how to read. */
static char *
describe (VcTable *problems, guint64 row, gboolean color)
{
  g_autofree char *severity = cell (problems, "severity", row);
  g_autofree char *file = cell (problems, "file", row);
  g_autofree char *line = cell (problems, "line", row);
  g_autofree char *field = cell (problems, "field", row);
  g_autofree char *message = cell (problems, "message", row);
  gint64 count = vc_column_get_int64 (vc_table_lookup_column (problems, "count"), row);
  g_autofree char *plain =
    g_strdup_printf ("%s%s%s%s%s%s%s", file != NULL ? file : "", line != NULL ? ":" : "", line != NULL ? line : "",
                     file != NULL ? ": " : "", field != NULL ? field : "", field != NULL ? ": " : "", message);
  g_autofree char *safe = cli_safe (plain);
  g_autofree char *times = count > 1 ? g_strdup_printf (" (%" G_GINT64_FORMAT " times)", count) : g_strdup ("");

  return g_strdup_printf ("%s%s:%s %s%s\n", color ? CLI_BOLD : "", severity, color ? CLI_NORMAL : "", safe, times);
}

static gboolean
put_rows (Job *job, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  guint64 n_rows = vc_table_get_n_rows (job->problems);
  guint64 n_shown = job->session->max_rows > 0 ? MIN (n_rows, job->session->max_rows) : n_rows;

  for (guint64 i = 0; i < n_shown; i++) {
    g_autofree char *text = describe (job->problems, i, cli_has_color (job->session));

    if (!g_output_stream_write_all (stream, text, strlen (text), NULL, cancellable, error))
      return FALSE;
  }
  return n_shown == n_rows || g_output_stream_printf (stream, NULL, cancellable, error,
                                                      "\u2026 %" G_GUINT64_FORMAT " more rows\n", n_rows - n_shown);
}

static gboolean
put_counts (Job *job, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  static const char *const severities[] = { "error", "warning", "note" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (severities); i++) {
    guint64 n = count_of (job->problems, severities[i]);

    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s%s", i > 0 ? ", " : "", n, severities[i],
                            n == 1 ? "" : "s");
  }
  g_string_append_c (text, '\n');
  return g_output_stream_write_all (stream, text->str, text->len, NULL, cancellable, error);
}

static gboolean
write_text (GOutputStream *stream, gpointer data, GCancellable *cancellable, GError **error)
{
  return put_rows (data, stream, cancellable, error) && put_counts (data, stream, cancellable, error);
}

static gboolean
write_problems (CliSession *session, VcTable *problems, GError **error)
{
  Job job = { session, problems };

  if (session->format == VC_REPORT_FORMAT_TEXT)
    return cli_write (session, write_text, &job, error);
  return cli_write_table (session, problems, error);
}

static CliStatus
run (CliSession *session, GError **error)
{
  g_autoptr (VcSource) source = cli_open (session, error);
  g_autoptr (VcTable) problems = NULL;

  if (source == NULL)
    return CLI_FAILURE;
  problems = vc_source_check (source, cli_session_next (session), session->cancellable, error);
  if (problems == NULL || !write_problems (session, problems, error))
    return CLI_FAILURE;
  return count_of (problems, "error") > 0 ? CLI_INPUT : CLI_OK;
}

const CliCommand cli_check = {
  .name = "check",
  .arguments = "CHAIN",
  .min_arguments = 1,
  .max_arguments = 1,
  .summary = "Lists what is wrong or odd in a chain folder. Exit status 3: something is wrong.",
  .example = "valuechain check company --format csv",
  .run = run,
};
