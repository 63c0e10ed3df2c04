/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* benchmark-csv make ROWS FILE: writes flows between a million parties (columns from, to, amount).
 * benchmark-csv read FILE: reads them and prints seconds, rows and the peak of memory in bytes a row, as JSON. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <valuechain/valuechain.h>

#define N_PARTIES 1000000

static int
make (guint64 n_rows, const char *path)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  FILE *file = fopen (path, "w");

  if (file == NULL)
    return 1;
  fputs ("from,to,amount\n", file);
  for (guint64 i = 0; i < n_rows; i++) {
    gint32 from = g_rand_int_range (rand, 0, N_PARTIES), to = g_rand_int_range (rand, 0, N_PARTIES);
    gint32 cents = g_rand_int_range (rand, 1, 100000);

    fprintf (file, "p%07d,p%07d,%d.%02d\n", from, to, cents / 100, cents % 100);
  }
  return fclose (file) == 0 ? 0 : 1;
}

static int
read_file (const char *path)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) table = NULL;
  struct rusage before, after;
  gint64 start, stop;
  double n_rows;

  vc_csv_reader_add_column (reader, "from", VC_COLUMN_TYPE_TEXT, TRUE);
  vc_csv_reader_add_column (reader, "to", VC_COLUMN_TYPE_TEXT, TRUE);
  vc_csv_reader_add_column (reader, "amount", VC_COLUMN_TYPE_DOUBLE, FALSE);
  getrusage (RUSAGE_SELF, &before);
  start = g_get_monotonic_time ();
  table = vc_csv_reader_read_path (reader, path, NULL, NULL, &error);
  stop = g_get_monotonic_time ();
  getrusage (RUSAGE_SELF, &after);
  if (table == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  n_rows = (double) vc_table_get_n_rows (table);
  g_print ("{\"seconds\": %.3f, \"rows\": %.0f, \"peak_bytes_per_row\": %.1f}\n", (double) (stop - start) / 1e6, n_rows,
           (double) (after.ru_maxrss - before.ru_maxrss) * 1024 / n_rows);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "make") == 0)
    return make (g_ascii_strtoull (argv[2], NULL, 10), argv[3]);
  if (argc == 3 && strcmp (argv[1], "read") == 0)
    return read_file (argv[2]);
  g_printerr ("usage: %s make ROWS FILE | read FILE\n", argv[0]);
  return 2;
}
