/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cancel [FLOWS [PARTIES [MOMENTS [THREADS]]]]: reads a CSV of flows, checks them, builds a chain, cuts a window out of
 * it, scores it, saves it to a chain file, keeps the scores there, loads it, and appends the second half of the year to
 * a file of the first; each a first time to its end and then MOMENTS times, cancelled at moments spread over that
 * duration. Prints for each the duration, and the longest time from cancelling to return with the moment and the stage
 * at which it was. Every other flow goes nearby, the rest anywhere: most parties are in one component. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>
#include <valuechain/valuechain.h>

typedef struct {
  const char *path;
  VcTable    *parties, *flows;
  VcChain    *chain, *half; /* of a year, and of its second half */
  VcScores   *scores;
  VcChainFile *whole, *first, *grown; /* files of the year, of its first half, and of what is appended to that */
  guint       threads;
} Input;

typedef GObject *(*Operation) (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error);

static guint64
next (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static char *
write_flows (guint64 n_flows, guint n_parties)
{
  g_autofree char *folder = g_dir_make_tmp ("valuechain-cancel-XXXXXX", NULL);
  char *path = g_build_filename (folder, "flows.csv", NULL);
  FILE *file = fopen (path, "w");
  guint64 seed = 1;

  if (file == NULL)
    g_error ("cannot write %s", path);
  fputs ("from,to,amount,at\n", file);
  for (guint64 i = 0; i < n_flows; i++) {
    guint64 from = n_parties / 20 + next (&seed) % (n_parties - n_parties / 20), random = next (&seed);
    guint64 to = random % 2 == 0 ? next (&seed) % n_parties : (from + 1 + random / 10 % 1000) % n_parties;

    fprintf (file, "party-%07u,party-%07u,%u.%02u,2025-%02u-%02u\n", (guint) from, (guint) to, (guint) (random % 1000),
             (guint) (random % 100), (guint) (1 + random / 1000 % 12), (guint) (1 + random / 12000 % 28));
  }
  fclose (file);
  return path;
}

static VcTable *
make_parties (guint n)
{
  g_autofree const char **kinds = g_new0 (const char *, n + 1);
  g_auto (GStrv) ids = g_new0 (char *, n + 1);
  VcColumn *columns[2];
  VcTable *table;

  for (guint i = 0; i < n; i++) {
    ids[i] = g_strdup_printf ("party-%07u", i);
    kinds[i] = i < n / 20 ? "customer" : "person";
  }
  columns[0] = vc_column_new_texts ("id", (const char *const *) ids, NULL);
  columns[1] = vc_column_new_texts ("kind", kinds, NULL);
  table = vc_table_new ("parties", columns, 2, NULL);
  g_object_unref (columns[0]);
  g_object_unref (columns[1]);
  return table;
}

static GObject *
read_flows (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();

  vc_csv_reader_add_column (reader, "amount", VC_COLUMN_TYPE_DOUBLE, TRUE);
  vc_csv_reader_add_column (reader, "at", VC_COLUMN_TYPE_TIME, TRUE);
  return (GObject *) vc_csv_reader_read_path (reader, input->path, progress, cancellable, error);
}

static VcChainBuilder *
make_builder (const Input *input)
{
  VcChainBuilder *builder = vc_chain_builder_new ();

  vc_chain_builder_add_parties (builder, input->parties, NULL);
  vc_chain_builder_add_flows (builder, input->flows, NULL);
  return builder;
}

static GObject *
check (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcChainBuilder) builder = make_builder (input);

  return (GObject *) vc_chain_builder_check (builder, progress, cancellable, error);
}

static GObject *
build (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcChainBuilder) builder = make_builder (input);

  return (GObject *) vc_chain_builder_build (builder, progress, cancellable, error);
}

static GObject *
cut (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  return (GObject *) vc_chain_window_text (input->chain, "2025-02/2025-12", progress, cancellable, error);
}

static GObject *
score (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_alignment_new ());

  vc_measure_set_threads (measure, input->threads);
  return (GObject *) vc_measure_run (measure, input->chain, progress, cancellable, error);
}

static GObject *
save (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  return vc_chain_file_save (input->whole, input->chain, progress, cancellable, error)
           ? g_object_ref (G_OBJECT (input->whole))
           : NULL;
}

static GObject *
keep (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  return vc_chain_file_save_scores (input->whole, input->scores, input->chain, progress, cancellable, error)
           ? g_object_ref (G_OBJECT (input->whole))
           : NULL;
}

static GObject *
load (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  return (GObject *) vc_source_load (VC_SOURCE (input->whole), progress, cancellable, error);
}

/* Once it has been appended it would be refused: each time it goes to a copy. */
static GObject *
append (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) from = g_file_new_for_path (vc_source_get_path (VC_SOURCE (input->first)));
  g_autoptr (GFile) to = g_file_new_for_path (vc_source_get_path (VC_SOURCE (input->grown)));

  return g_file_copy (from, to, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL, error)
             && vc_chain_file_append (input->grown, input->half, progress, cancellable, error)
           ? g_object_ref (G_OBJECT (input->grown))
           : NULL;
}

typedef struct {
  GCancellable *cancellable;
  VcProgress   *progress;
  gint64        after, at; /* microseconds */
  char         *stage;
} Interrupt;

static gpointer
interrupt (gpointer data)
{
  Interrupt *self = data;

  g_usleep ((gulong) self->after);
  self->stage = vc_progress_dup_stage (self->progress);
  self->at = g_get_monotonic_time ();
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

/* Seconds from cancelling to return; below 0 where the operation was ready before. */
static double
cancel_after (Operation operation, const Input *input, gint64 after, char **stage)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) result = NULL;
  Interrupt self = { cancellable, progress, after, 0, NULL };
  GThread *thread = g_thread_new ("interrupt", interrupt, &self);
  gint64 end;

  result = operation (input, progress, cancellable, &error);
  end = g_get_monotonic_time ();
  g_thread_join (thread);
  *stage = self.stage;
  return result != NULL ? -1 : (double) (end - self.at) / 1e6;
}

static GObject *
measure (const char *name, Operation operation, const Input *input, guint n_moments)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time (), duration;
  GObject *result = operation (input, NULL, NULL, &error);
  double worst = 0, at = 0;
  g_autofree char *worst_stage = NULL;

  if (result == NULL)
    g_error ("%s", error->message);
  duration = g_get_monotonic_time () - start;
  for (guint i = 0; i < n_moments; i++) {
    gint64 after = duration * (2 * i + 1) / (2 * n_moments);
    char *stage = NULL;
    double latency = cancel_after (operation, input, after, &stage);

    if (latency > worst) {
      worst = latency;
      at = (double) after / 1e6;
      g_free (worst_stage);
      worst_stage = g_steal_pointer (&stage);
    }
    g_free (stage);
  }
  printf ("%-6s %7.3f s, cancelled within %6.1f ms (the longest at %.3f s, stage %s)\n", name, (double) duration / 1e6,
          worst * 1e3, at, worst_stage != NULL ? worst_stage : "none");
  fflush (stdout);
  return result;
}

static VcChainFile *
file_in (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return vc_chain_file_new (path);
}

static void
measure_files (Input *input, const char *folder, guint n_moments)
{
  g_autoptr (VcChain) early = vc_chain_window_text (input->chain, "2025-01/2025-07", NULL, NULL, NULL);
  VcChainFile **files[] = { &input->whole, &input->first, &input->grown };

  input->half = vc_chain_window_text (input->chain, "2025-07/2026-01", NULL, NULL, NULL);
  input->whole = file_in (folder, "whole.vchain");
  input->first = file_in (folder, "first.vchain");
  input->grown = file_in (folder, "grown.vchain");
  if (!vc_chain_file_save (input->first, early, NULL, NULL, NULL))
    g_error ("cannot write in %s", folder);
  g_object_unref (measure ("save", save, input, n_moments));
  g_object_unref (measure ("keep", keep, input, n_moments));
  g_object_unref (measure ("load", load, input, n_moments));
  g_object_unref (measure ("append", append, input, n_moments));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_remove (vc_source_get_path (VC_SOURCE (*files[i])));
    g_clear_object (files[i]);
  }
  g_clear_object (&input->half);
}

int
main (int argc, char **argv)
{
  guint64 n_flows = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 10000000;
  guint n_parties = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 1000000;
  guint n_moments = argc > 3 ? (guint) g_ascii_strtoull (argv[3], NULL, 10) : 20;
  g_autofree char *path = write_flows (n_flows, n_parties);
  g_autofree char *folder = g_path_get_dirname (path);
  Input input = { .path = path,
                  .parties = make_parties (n_parties),
                  .threads = argc > 4 ? (guint) g_ascii_strtoull (argv[4], NULL, 10) : 0 };

  input.flows = VC_TABLE (measure ("read", read_flows, &input, n_moments));
  g_object_unref (measure ("check", check, &input, n_moments));
  input.chain = VC_CHAIN (measure ("build", build, &input, n_moments));
  g_object_unref (measure ("window", cut, &input, n_moments));
  input.scores = VC_SCORES (measure ("score", score, &input, n_moments));
  measure_files (&input, folder, n_moments);
  g_object_unref (input.scores);
  g_object_unref (input.chain);
  g_object_unref (input.flows);
  g_object_unref (input.parties);
  g_remove (path);
  g_rmdir (folder);
  return EXIT_SUCCESS;
}
