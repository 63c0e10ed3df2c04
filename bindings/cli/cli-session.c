/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH   30
#define BAR_AFTER   (1 * G_TIME_SPAN_SECOND)
#define BAR_EVERY   100 /* ms */
#define GRACE       60  /* ms */

typedef struct {
  const CliCommand *command;
  CliSession       *session;
  GMainLoop        *loop;
  CliStatus         status;
  GError           *error;
  gint64            started;
  gboolean          bar_shown;
} Job;

static gboolean
quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static gpointer
run_in_thread (gpointer data)
{
  Job *job = data;

  job->status = job->command->run (job->session, &job->error);
  g_idle_add (quit, job->loop);
  return NULL;
}

/* What a mapping is for is an event log. */
static VcSource *
open_log (const CliOptions *options, GError **error)
{
  g_autoptr (VcEventLog) log = g_object_new (VC_TYPE_EVENT_LOG, "path", options->arguments[0], NULL);

  return vc_event_log_load_mapping (log, options->mapping, error) ? VC_SOURCE (g_steal_pointer (&log)) : NULL;
}

void
cli_session_set_saving (CliSession *session)
{
  g_mutex_lock (&session->lock);
  session->saving = TRUE;
  g_mutex_unlock (&session->lock);
}

VcSource *
cli_open (CliSession *session, GError **error)
{
  const CliOptions *options = session->options;
  g_autoptr (GError) failure = NULL;
  VcSource *source
    = options->mapping != NULL ? open_log (options, &failure) : vc_source_for_path (options->arguments[0], &failure);

  if (options->mapping == NULL && g_error_matches (failure, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT))
    g_set_error (error, failure->domain, failure->code, "%s; see valuechain import --help", failure->message);
  else if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  if (source != NULL && options->lenient)
    vc_source_set_lenient (source, TRUE);
  return source;
}

/* "events: 141712 (from 2016-02-29 to 2017-02-18)". */
static void
say_row (VcTable *report, guint64 row, const char *what)
{
  VcColumn *note = vc_table_lookup_column (report, "note");
  g_autofree char *count = vc_column_format (vc_table_lookup_column (report, "count"), row);
  g_autofree char *about = vc_column_is_null (note, row) ? NULL : vc_column_dup_text (note, row);
  g_autofree char *line = g_strdup_printf ("%s: %s%s%s%s", what, count, about != NULL ? " (" : "",
                                           about != NULL ? about : "", about != NULL ? ")" : "");
  g_autofree char *safe = cli_safe (line);

  fprintf (stderr, "%s\n", safe);
}

void
cli_say_report (CliSession *session, VcSource *source, const char *what)
{
  g_autoptr (VcTable) report = vc_source_get_report (source);

  for (guint64 i = 0; report != NULL && !session->options->quiet && i < vc_table_get_n_rows (report); i++) {
    g_autofree char *name = vc_column_dup_text (vc_table_lookup_column (report, "what"), i);

    if (g_str_has_prefix (name, what))
      say_row (report, i, name);
  }
}

/* Work that does not stop soon is left behind, and with it the file that it was writing. */
static gboolean
give_up (gpointer data)
{
  Job *job = data;

  g_mutex_lock (&job->session->lock);
  if (!job->session->saving) {
    if (job->session->temporary != NULL)
      g_unlink (job->session->temporary);
    if (job->bar_shown)
      fprintf (stderr, "\r\033[K");
    cli_say ("interrupted");
    _exit (CLI_INTERRUPTED);
  }
  g_mutex_unlock (&job->session->lock);
  return G_SOURCE_REMOVE;
}

/* The second signal of a kind finds its default action again, in case that the first one helps nothing. */
static gboolean
cancel (gpointer data)
{
  Job *job = data;

  g_cancellable_cancel (job->session->cancellable);
  g_timeout_add (GRACE, give_up, job);
  return G_SOURCE_REMOVE;
}

static gboolean
show_bar (gpointer data)
{
  Job *job = data;
  VcProgress *progress = g_atomic_pointer_get (&job->session->progress);
  double fraction = progress != NULL ? vc_progress_get_fraction (progress) : 0;
  g_autofree char *stage = progress != NULL ? vc_progress_dup_stage (progress) : NULL;
  int filled = (int) (fraction * BAR_WIDTH);

  if (g_get_monotonic_time () - job->started < BAR_AFTER)
    return G_SOURCE_CONTINUE;
  fprintf (stderr, "\r[%.*s%*s] %3d %% %s\033[K", filled, "##############################", BAR_WIDTH - filled, "",
           (int) (fraction * 100), stage != NULL ? stage : "");
  fflush (stderr);
  job->bar_shown = TRUE;
  return G_SOURCE_CONTINUE;
}

VcProgress *
cli_session_next (CliSession *session)
{
  VcProgress *progress = vc_progress_new ();

  g_ptr_array_add (session->parts, progress);
  g_atomic_pointer_set (&session->progress, progress);
  return progress;
}

static gboolean
wants_bar (const CliOptions *options)
{
  return !options->quiet && g_strcmp0 (options->progress, "never") != 0 && isatty (STDERR_FILENO) &&
         g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

static void
run_job (Job *job)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GThread) thread = NULL;

  job->loop = loop;
  job->started = g_get_monotonic_time ();
  g_unix_signal_add (SIGINT, cancel, job);
  g_unix_signal_add (SIGTERM, cancel, job);
  if (wants_bar (job->session->options))
    g_timeout_add (BAR_EVERY, show_bar, job);
  thread = g_thread_new (job->command->name, run_in_thread, job);
  g_main_loop_run (loop);
  g_thread_join (g_steal_pointer (&thread));
  if (job->bar_shown)
    fprintf (stderr, "\r\033[K");
}

static gboolean
parse_max_rows (const char *text, guint *max_rows, GError **error)
{
  guint64 number = 20;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &number, NULL)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--max-rows must be an integer from 0 to %u",
                 G_MAXUINT);
    return FALSE;
  }
  *max_rows = (guint) number;
  return TRUE;
}

static gboolean
check_words (const CliOptions *options, VcReportFormat *format, GError **error)
{
  static const char *const whens[] = { "auto", "always", "never", NULL };
  static const char *const progresses[] = { "auto", "never", NULL };
  static const char *const formats[] = { "text", "json", "csv", "html", NULL };
  int picked = cli_pick_word ("format", options->format, formats, error);

  if (picked < 0)
    return FALSE;
  *format = (VcReportFormat) picked;
  return cli_pick_word ("color", options->color, whens, error) >= 0 &&
         cli_pick_word ("progress", options->progress, progresses, error) >= 0;
}

CliStatus
cli_session_run (const CliCommand *command, const CliOptions *options, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_object_unref);
  CliSession session = { .options = options, .cancellable = cancellable, .parts = parts };
  Job job = { .command = command, .session = &session };

  if (!check_words (options, &session.format, error) || !parse_max_rows (options->max_rows, &session.max_rows, error))
    return CLI_USAGE;
  g_mutex_init (&session.lock);
  run_job (&job);
  g_mutex_clear (&session.lock);
  if (job.error == NULL)
    return job.status;
  job.status = cli_status_of (job.error);
  g_propagate_error (error, job.error);
  return job.status;
}
