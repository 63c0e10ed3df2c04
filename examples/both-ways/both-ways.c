/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says who keeps what they owe, up and down the line and function by function: both-ways FOLDER */
#include <valuechain/valuechain.h>

static int
percent (VcTable *table, const char *column, guint64 row)
{
  return (int) (100 * vc_column_get_double (vc_table_lookup_column (table, column), row) + 0.5);
}

static int
percent_of_summary (VcTable *summary, const char *name)
{
  VcColumn *names = vc_table_lookup_column (summary, "name");

  for (guint64 row = 0; row < vc_table_get_n_rows (summary); row++) {
    g_autofree char *here = vc_column_dup_text (names, row);

    if (g_str_equal (here, name))
      return percent (summary, "value", row);
  }
  g_assert_not_reached ();
}

static void
print_functions (VcTable *functions)
{
  for (guint64 row = 0; row < vc_table_get_n_rows (functions); row++) {
    g_autofree char *unit = vc_column_dup_text (vc_table_lookup_column (functions, "unit"), row);

    g_print ("%-10s  %2d %% kept (%2d to %3d), %2d %% closed by who asked, %2d %% reopened\n", unit,
             percent (functions, "kept", row), percent (functions, "kept_low", row),
             percent (functions, "kept_high", row), percent (functions, "closed_by_owed", row),
             percent (functions, "reopened", row));
  }
}

static VcScores *
score_folder (const char *path, GError **error)
{
  g_autoptr (VcMeasure) accountability = vc_measure_for_name ("accountability", error);
  g_autoptr (VcSource) folder = vc_source_for_path (path, error);
  g_autoptr (VcChain) chain = folder ? vc_source_load (folder, NULL, NULL, error) : NULL;

  return chain ? vc_measure_run (accountability, chain, NULL, NULL, error) : NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = score_folder (argc > 1 ? argv[1] : "examples/company", &error);
  VcTable *summary;

  if (scores == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  summary = vc_scores_get_table (scores, "summary");
  g_print ("managers keep %d %% of what they owe to their people, who keep %d %%\n",
           percent_of_summary (summary, "kept_down"), percent_of_summary (summary, "kept_up"));
  print_functions (vc_scores_get_table (scores, "functions"));
  return 0;
}
