/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* benchmark-alignment FOLDER PEOPLE CUSTOMERS RUNS [THREADS]: scores the network in FOLDER (from.i32, to.i32,
 * amount.f64; customers are numbered before people), RUNS times; prints the best time as JSON and writes reach.f64, of
 * people. */
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <valuechain/valuechain.h>

static double
seconds_since (clockid_t clock, double start)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9 - start;
}

static GBytes *
read_bytes (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &error);

  if (file == NULL)
    g_error ("%s", error->message);
  return g_mapped_file_get_bytes (file);
}

static VcColumn *
column_of_ids (const char *name, GBytes *codes, char **ids)
{
  g_autoptr (GError) error = NULL;
  VcColumn *column = vc_column_new_coded (name, codes, (const char *const *) ids, NULL, &error);

  if (column == NULL)
    g_error ("%s", error->message);
  return column;
}

static VcColumn *
column_of_numbers (const char *name, GBytes *values)
{
  g_autoptr (GError) error = NULL;
  VcColumn *column = vc_column_new_from_bytes (name, VC_COLUMN_TYPE_DOUBLE, values, NULL, &error);

  if (column == NULL)
    g_error ("%s", error->message);
  return column;
}

static VcTable *
make_table (const char *name, VcColumn **columns, gsize n_columns)
{
  g_autoptr (GError) error = NULL;
  VcTable *table = vc_table_new (name, columns, n_columns, &error);

  if (table == NULL)
    g_error ("%s", error->message);
  for (gsize i = 0; i < n_columns; i++)
    g_object_unref (columns[i]);
  return table;
}

static char **
make_ids (guint n_people, guint n_customers)
{
  char **ids = g_new0 (char *, (gsize) n_people + n_customers + 1);

  for (guint i = 0; i < n_customers; i++)
    ids[i] = g_strdup_printf ("c%08u", i);
  for (guint i = 0; i < n_people; i++)
    ids[n_customers + i] = g_strdup_printf ("p%08u", i);
  return ids;
}

static VcTable *
make_parties (char **ids, guint n_people, guint n_customers)
{
  const char *kinds[] = { "customer", "person", NULL };
  gsize n = (gsize) n_people + n_customers;
  gint32 *rows = g_new (gint32, n), *codes = g_new (gint32, n);
  g_autoptr (GBytes) row_bytes = g_bytes_new_take (rows, n * sizeof (gint32));
  g_autoptr (GBytes) code_bytes = g_bytes_new_take (codes, n * sizeof (gint32));
  VcColumn *columns[2];

  for (gsize i = 0; i < n; i++) {
    rows[i] = (gint32) i;
    codes[i] = i >= n_customers;
  }
  columns[0] = column_of_ids ("id", row_bytes, ids);
  columns[1] = column_of_ids ("kind", code_bytes, (char **) kinds);
  return make_table ("parties", columns, 2);
}

static VcTable *
make_receipts (char **ids, guint n_customers)
{
  gint32 *rows = g_new (gint32, n_customers);
  double *amounts = g_new (double, n_customers);
  g_autoptr (GBytes) row_bytes = g_bytes_new_take (rows, n_customers * sizeof (gint32));
  g_autoptr (GBytes) amount_bytes = g_bytes_new_take (amounts, n_customers * sizeof (double));
  VcColumn *columns[2];

  for (guint i = 0; i < n_customers; i++) {
    rows[i] = (gint32) i;
    amounts[i] = 100 + i % 1000;
  }
  columns[0] = column_of_ids ("customer", row_bytes, ids);
  columns[1] = column_of_numbers ("amount", amount_bytes);
  return make_table ("receipts", columns, 2);
}

static VcChain *
make_chain (const char *folder, guint n_people, guint n_customers)
{
  g_auto (GStrv) ids = make_ids (n_people, n_customers);
  g_autoptr (GBytes) from = read_bytes (folder, "from.i32"), to = read_bytes (folder, "to.i32");
  g_autoptr (GBytes) amount = read_bytes (folder, "amount.f64");
  VcColumn *columns[]
    = { column_of_ids ("from", from, ids), column_of_ids ("to", to, ids), column_of_numbers ("amount", amount) };
  g_autoptr (VcTable) flows = make_table ("flows", columns, 3);
  g_autoptr (VcTable) parties = make_parties (ids, n_people, n_customers);
  g_autoptr (VcTable) receipts = make_receipts (ids, n_customers);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (GError) error = NULL;
  VcChain *chain;

  vc_chain_builder_add_parties (builder, parties, NULL);
  vc_chain_builder_add_flows (builder, flows, NULL);
  vc_chain_builder_add_receipts (builder, receipts, NULL);
  chain = vc_chain_builder_build (builder, NULL, NULL, &error);
  if (chain == NULL)
    g_error ("%s", error->message);
  return chain;
}

static void
write_reach (VcScores *scores, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "reach.f64", NULL);
  VcColumn *column = vc_table_lookup_column (vc_scores_get_table (scores, "parties"), "reach");
  g_autoptr (GBytes) bytes = vc_column_get_values_bytes (column);
  g_autoptr (GError) error = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (!g_file_set_contents (path, data, (gssize) size, &error))
    g_error ("%s", error->message);
}

int
main (int argc, char **argv)
{
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_alignment_new ());
  g_autoptr (VcScores) scores = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *proof = NULL;
  double best = G_MAXDOUBLE, cpu = G_MAXDOUBLE;
  struct rusage usage;

  if (argc < 5)
    return EXIT_FAILURE;
  chain = make_chain (argv[1], (guint) atoi (argv[2]), (guint) atoi (argv[3]));
  vc_measure_set_threads (measure, argc > 5 ? (guint) atoi (argv[5]) : 0);
  for (int run = 0; run < atoi (argv[4]); run++) {
    double start, cpu_start;

    g_clear_object (&scores);
    start = seconds_since (CLOCK_MONOTONIC, 0);
    cpu_start = seconds_since (CLOCK_PROCESS_CPUTIME_ID, 0);
    scores = vc_measure_run (measure, chain, NULL, NULL, &error);
    if (scores == NULL)
      g_error ("%s", error->message);
    best = MIN (best, seconds_since (CLOCK_MONOTONIC, start));
    cpu = MIN (cpu, seconds_since (CLOCK_PROCESS_CPUTIME_ID, cpu_start));
  }
  write_reach (scores, argv[1]);
  getrusage (RUSAGE_SELF, &usage);
  proof = g_variant_print (vc_scores_get_proof (scores), FALSE);
  g_print ("{\"seconds\": %.4f, \"cpu\": %.4f, \"peak_mb\": %ld, \"proof\": \"%s\"}\n", best, cpu,
           usage.ru_maxrss / 1024, proof);
  return EXIT_SUCCESS;
}
