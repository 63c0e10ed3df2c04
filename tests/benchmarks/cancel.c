/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cancel [FLOWS [PARTIES [MOMENTS [THREADS [GROUP...]]]]]: of the group "chains", reads a CSV of flows, checks them,
 * builds a chain, cuts a window out of it and scores it; of "files", saves it to a chain file, keeps the scores there,
 * loads it, and appends the second half of the year to a file of the first; of "logs", reads as many events of five in
 * a case, with relations, and of one case; of "promises", scores as many commitments, of which one desk owes each
 * tenth, and explains that desk. Each is done a first time to its end and then MOMENTS times, cancelled at moments
 * spread over that duration. Prints for each the duration, and the longest time from cancelling to return with the
 * moment and the stage at which it was. Every other flow goes nearby, the rest anywhere: most parties are in one
 * component. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>
#include <valuechain/valuechain.h>

typedef struct {
  const char  *path, *events, *desk;
  VcTable     *parties, *flows;
  VcChain     *chain, *half; /* of a year, and of its second half */
  VcScores    *scores;
  VcChainFile *whole, *first, *grown; /* files of the year, of its first half, and of what is appended to that */
  guint        threads;
  guint        n_moments;
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

static FILE *
open_file (const char *path)
{
  FILE *file = fopen (path, "w");

  if (file == NULL)
    g_error ("cannot write %s", path);
  return file;
}

static void
write_flows (const char *path, guint64 n_flows, guint n_parties)
{
  FILE *file = open_file (path);
  guint64 seed = 1;

  fputs ("from,to,amount,at\n", file);
  for (guint64 i = 0; i < n_flows; i++) {
    guint64 from = n_parties / 20 + next (&seed) % (n_parties - n_parties / 20), random = next (&seed);
    guint64 to = random % 2 == 0 ? next (&seed) % n_parties : (from + 1 + random / 10 % 1000) % n_parties;

    fprintf (file, "party-%07u,party-%07u,%u.%02u,2025-%02u-%02u\n", (guint) from, (guint) to, (guint) (random % 1000),
             (guint) (random % 100), (guint) (1 + random / 1000 % 12), (guint) (1 + random / 12000 % 28));
  }
  fclose (file);
}

/* In no order. */
static void
write_events (const char *path, guint64 n_events, guint n_parties)
{
  FILE *file = open_file (path);
  guint64 seed = 2;

  fputs ("few,all,who,whom,at\n", file);
  for (guint64 i = 0; i < n_events; i++) {
    guint64 random = next (&seed), day = next (&seed);

    fprintf (file, "case-%07u,x,party-%07u,customer-%05u,2025-%02u-%02uT%02u:%02u:00Z\n",
             (guint) (random % (n_events / 5 + 1)), (guint) (next (&seed) % n_parties), (guint) (random % 50000),
             (guint) (1 + day % 12), (guint) (1 + day / 12 % 28), (guint) (day / 400 % 24), (guint) (day / 10000 % 60));
  }
  fclose (file);
}

static void
write_promises (const char *path, guint64 n_promises, guint n_parties)
{
  FILE *file = open_file (path);
  guint64 seed = 3;

  fputs ("from,to,made,due,closed,state\n", file);
  for (guint64 i = 0; i < n_promises; i++) {
    guint64 random = next (&seed), from = i % 10 == 0 ? n_parties - 1 : next (&seed) % (n_parties - 1);

    fprintf (file, "party-%07u,party-%07u,2025-%02u-%02u,2025-%02u-28,2025-%02u-%02u,kept\n", (guint) from,
             (guint) ((from + 1 + random % 1000) % n_parties), (guint) (1 + random % 5), (guint) (1 + random / 5 % 28),
             (guint) (6 + random / 200 % 6), (guint) (6 + random / 2000 % 7), (guint) (1 + random / 20000 % 28));
  }
  fclose (file);
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

static VcTable *
read_promises (const char *path)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (GError) error = NULL;
  VcTable *table;

  vc_csv_reader_add_column (reader, "made", VC_COLUMN_TYPE_TIME, TRUE);
  vc_csv_reader_add_column (reader, "due", VC_COLUMN_TYPE_TIME, TRUE);
  vc_csv_reader_add_column (reader, "closed", VC_COLUMN_TYPE_TIME, TRUE);
  table = vc_csv_reader_read_path (reader, path, NULL, NULL, &error);
  if (table == NULL)
    g_error ("%s", error->message);
  return table;
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

static VcMeasure *
make_accountability (const Input *input)
{
  VcMeasure *measure = VC_MEASURE (vc_accountability_new ());

  vc_measure_set_threads (measure, input->threads);
  return measure;
}

static GObject *
account (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcMeasure) measure = make_accountability (input);

  return (GObject *) vc_measure_run (measure, input->chain, progress, cancellable, error);
}

static GObject *
explain (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcMeasure) measure = make_accountability (input);

  return (GObject *) vc_measure_explain (measure, input->chain, input->desk, progress, cancellable, error);
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
  const Input  *input;
  VcProgress   *progress;
  GCancellable *cancellable;
  GError      **error;
} Reading;

static GObject *
read_log (const Reading *reading, const char *in_case, gboolean relations)
{
  g_autoptr (VcEventLog) log = vc_event_log_new (reading->input->events, in_case, "who", "at");

  g_object_set (log, "customer-column", "whom", "relations", relations, NULL);
  return (GObject *) vc_source_load (VC_SOURCE (log), reading->progress, reading->cancellable, reading->error);
}

static GObject *
read_cases (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  return read_log (&(Reading) { input, progress, cancellable, error }, "few", FALSE);
}

static GObject *
read_relations (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  return read_log (&(Reading) { input, progress, cancellable, error }, "few", TRUE);
}

static GObject *
read_one_case (const Input *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  return read_log (&(Reading) { input, progress, cancellable, error }, "all", FALSE);
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
measure (const char *name, Operation operation, const Input *input)
{
  const guint n_moments = input->n_moments;
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
  printf ("%-9s %7.3f s, cancelled within %6.1f ms (the longest at %.3f s, stage %s)\n", name, (double) duration / 1e6,
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
measure_files (Input *input, const char *folder)
{
  g_autoptr (VcChain) early = vc_chain_window_text (input->chain, "2025-01/2025-07", NULL, NULL, NULL);
  VcChainFile **files[] = { &input->whole, &input->first, &input->grown };

  input->half = vc_chain_window_text (input->chain, "2025-07/2026-01", NULL, NULL, NULL);
  input->whole = file_in (folder, "whole.vchain");
  input->first = file_in (folder, "first.vchain");
  input->grown = file_in (folder, "grown.vchain");
  if (!vc_chain_file_save (input->first, early, NULL, NULL, NULL))
    g_error ("cannot write in %s", folder);
  g_object_unref (measure ("save", save, input));
  g_object_unref (measure ("keep", keep, input));
  g_object_unref (measure ("load", load, input));
  g_object_unref (measure ("append", append, input));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_remove (vc_source_get_path (VC_SOURCE (*files[i])));
    g_clear_object (files[i]);
  }
  g_clear_object (&input->half);
}

static void
measure_logs (const Input *input)
{
  g_object_unref (measure ("cases", read_cases, input));
  g_object_unref (measure ("relations", read_relations, input));
  g_object_unref (measure ("one case", read_one_case, input));
}

static void
measure_promises (Input *input, const char *path, guint n_parties)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) promises = read_promises (path);
  g_autofree char *desk = g_strdup_printf ("party-%07u", n_parties - 1);
  g_autoptr (GError) error = NULL;

  vc_chain_builder_add_parties (builder, input->parties, NULL);
  vc_chain_builder_add_commitments (builder, promises, NULL);
  input->chain = vc_chain_builder_build (builder, NULL, NULL, &error);
  if (input->chain == NULL)
    g_error ("%s", error->message);
  input->desk = desk;
  g_object_unref (measure ("account", account, input));
  g_object_unref (measure ("explain", explain, input));
  g_clear_object (&input->chain);
}

/* Files need the chain and its scores, which nobody has to stop then. */
static void
measure_chains (Input *input, const char *folder, gboolean chains, gboolean files)
{
  const guint n_moments = input->n_moments;

  input->n_moments = chains ? n_moments : 0;
  input->flows = VC_TABLE (measure ("read", read_flows, input));
  g_object_unref (measure ("check", check, input));
  input->chain = VC_CHAIN (measure ("build", build, input));
  g_object_unref (measure ("window", cut, input));
  input->scores = VC_SCORES (measure ("score", score, input));
  input->n_moments = n_moments;
  if (files)
    measure_files (input, folder);
  g_object_unref (input->scores);
  g_object_unref (input->chain);
  g_object_unref (input->flows);
}

static gboolean
asks_for (int argc, char **argv, const char *group)
{
  for (int i = 5; i < argc; i++)
    if (strcmp (argv[i], group) == 0)
      return TRUE;
  return argc <= 5;
}

int
main (int argc, char **argv)
{
  guint64 n_flows = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 10000000;
  guint n_parties = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 1000000;
  gboolean chains = asks_for (argc, argv, "chains"), files = asks_for (argc, argv, "files");
  g_autofree char *folder = g_dir_make_tmp ("valuechain-cancel-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "flows.csv", NULL);
  g_autofree char *events = g_build_filename (folder, "events.csv", NULL);
  g_autofree char *promises = g_build_filename (folder, "promises.csv", NULL);
  Input input = { .path = path,
                  .events = events,
                  .parties = make_parties (n_parties),
                  .n_moments = argc > 3 ? (guint) g_ascii_strtoull (argv[3], NULL, 10) : 20,
                  .threads = argc > 4 ? (guint) g_ascii_strtoull (argv[4], NULL, 10) : 0 };

  if (chains || files) {
    write_flows (path, n_flows, n_parties);
    measure_chains (&input, folder, chains, files);
  }
  if (asks_for (argc, argv, "logs")) {
    write_events (events, n_flows, n_parties);
    measure_logs (&input);
  }
  if (asks_for (argc, argv, "promises")) {
    write_promises (promises, n_flows, n_parties);
    measure_promises (&input, promises, n_parties);
  }
  g_object_unref (input.parties);
  g_remove (path);
  g_remove (events);
  g_remove (promises);
  g_rmdir (folder);
  return EXIT_SUCCESS;
}
