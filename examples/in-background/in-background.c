/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scores a chain while the main loop goes on, shows how far it is, and stops a second run. in-background FOLDER */
#include <valuechain/valuechain.h>

typedef struct {
  GMainLoop *loop;
  VcScores  *scores;
  GError    *error;
} Answer;

static void
on_scored (GObject *measure, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->scores = vc_measure_run_finish (VC_MEASURE (measure), result, &answer->error);
  g_main_loop_quit (answer->loop);
}

static void
on_fraction (VcProgress *progress)
{
  g_autofree char *stage = vc_progress_dup_stage (progress);

  g_printerr ("%3.0f %% %s\n", 100 * vc_progress_get_fraction (progress), stage ? stage : "");
}

/* Runs the main loop until there are scores or an error. */
static Answer
score (VcChain *chain, GCancellable *cancellable)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (VcMeasure) alignment = VC_MEASURE (vc_alignment_new ());
  g_autoptr (VcProgress) progress = vc_progress_new ();
  Answer answer = { loop, NULL, NULL };

  g_signal_connect (progress, "notify::fraction", G_CALLBACK (on_fraction), NULL);
  vc_measure_run_async (alignment, chain, progress, cancellable, on_scored, &answer);
  g_main_loop_run (loop);
  return answer;
}

static void
print_answer (Answer *answer)
{
  if (answer->scores != NULL)
    g_print ("%" G_GUINT64_FORMAT " parties are scored\n",
             vc_table_get_n_rows (vc_scores_get_table (answer->scores, "parties")));
  else if (g_error_matches (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_print ("the second run is cancelled\n");
  else
    g_printerr ("%s\n", answer->error->message);
  g_clear_object (&answer->scores);
  g_clear_error (&answer->error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcSource) folder = vc_source_for_path (argc > 1 ? argv[1] : "examples/company", &error);
  g_autoptr (VcChain) chain = folder ? vc_source_load (folder, NULL, NULL, &error) : NULL;
  Answer answer;

  if (chain == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  answer = score (chain, cancellable);
  print_answer (&answer);
  g_cancellable_cancel (cancellable);
  answer = score (chain, cancellable);
  print_answer (&answer);
  return 0;
}
