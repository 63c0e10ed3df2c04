/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads a chain folder and names the parties that are farthest from the customer: far-from-customer FOLDER */
#include <valuechain/valuechain.h>

static int
compare_distance (gconstpointer a, gconstpointer b, gpointer distance)
{
  double first = vc_column_get_double (distance, *(const guint64 *) a);
  double second = vc_column_get_double (distance, *(const guint64 *) b);

  return (first < second) - (first > second);
}

/* The rows that have a distance, farthest first; parties of one distance stay in the order of their ids. */
static GArray *
rows_by_distance (VcColumn *distance)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint64 row = 0; row < vc_column_get_n_rows (distance); row++)
    if (!vc_column_is_null (distance, row))
      g_array_append_val (rows, row);
  g_array_sort_with_data (rows, compare_distance, distance);
  return rows;
}

static double
number (VcTable *table, const char *column, guint64 row)
{
  return vc_column_get_double (vc_table_lookup_column (table, column), row);
}

static void
print_farthest (VcTable *parties, guint n)
{
  g_autoptr (GArray) rows = rows_by_distance (vc_table_lookup_column (parties, "distance"));

  for (guint i = 0; i < MIN (n, rows->len); i++) {
    guint64 row = g_array_index (rows, guint64, i);
    g_autofree char *party = vc_column_dup_text (vc_table_lookup_column (parties, "party"), row);

    g_print ("%s: %.2f hand-overs, %.0f %% of the work gets there, receipts of %.0f rest on it\n", party,
             number (parties, "distance", row), 100 * number (parties, "reach", row), number (parties, "revenue", row));
  }
}

static VcScores *
score_folder (const char *path, GError **error)
{
  g_autoptr (VcMeasure) alignment = VC_MEASURE (vc_alignment_new ());
  g_autoptr (VcSource) folder = vc_source_for_path (path, error);
  g_autoptr (VcChain) chain = folder ? vc_source_load (folder, NULL, NULL, error) : NULL;

  return chain ? vc_measure_run (alignment, chain, NULL, NULL, error) : NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = score_folder (argc > 1 ? argv[1] : "examples/company", &error);

  if (scores == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  print_farthest (vc_scores_get_table (scores, "parties"), 6);
  return 0;
}
