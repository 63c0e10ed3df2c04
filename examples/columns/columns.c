/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole columns at once, without a copy: whose effort do half of the receipts rest on? columns FOLDER */
#include <valuechain/valuechain.h>

static int
compare_falling (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first < second) - (first > second);
}

/* The numbers of a column where they are, in order; what stands under a null means nothing. */
static GArray *
sorted_numbers (VcColumn *column)
{
  g_autoptr (GBytes) bytes = vc_column_get_values_bytes (column);
  const double *numbers = g_bytes_get_data (bytes, NULL);
  GArray *sorted = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint64 row = 0; row < vc_column_get_n_rows (column); row++) {
    double number = vc_column_is_null (column, row) ? 0 : numbers[row];

    g_array_append_val (sorted, number);
  }
  g_array_sort (sorted, compare_falling);
  return sorted;
}

static void
print_half (VcTable *parties)
{
  g_autoptr (GArray) falling = sorted_numbers (vc_table_lookup_column (parties, "revenue"));
  double total = 0, sum = 0;
  guint n = 0;

  for (guint i = 0; i < falling->len; i++)
    total += g_array_index (falling, double, i);
  while (sum < total / 2)
    sum += g_array_index (falling, double, n++);
  g_print ("%u of %u parties support half of %.0f\n", n, falling->len, total);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcMeasure) alignment = VC_MEASURE (vc_alignment_new ());
  g_autoptr (VcSource) folder = vc_source_for_path (argc > 1 ? argv[1] : "examples/company", &error);
  g_autoptr (VcChain) chain = folder ? vc_source_load (folder, NULL, NULL, &error) : NULL;
  g_autoptr (VcScores) scores = chain ? vc_measure_run (alignment, chain, NULL, NULL, &error) : NULL;

  if (scores == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  print_half (vc_scores_get_table (scores, "parties"));
  return 0;
}
