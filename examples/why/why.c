/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says what is behind a figure: where the work of one person goes, and how: why FOLDER PARTY */
#include <valuechain/valuechain.h>

static char *
text (VcTable *table, const char *column, guint64 row)
{
  return vc_column_dup_text (vc_table_lookup_column (table, column), row);
}

/* In percent, of the row of that name. */
static double
percent (VcTable *summary, const char *name, const char *column)
{
  for (guint64 row = 0; row < vc_table_get_n_rows (summary); row++) {
    g_autofree char *here = text (summary, "name", row);

    if (g_str_equal (here, name))
      return 100 * vc_column_get_double (vc_table_lookup_column (summary, column), row);
  }
  g_assert_not_reached ();
}

static void
print_paths (VcTable *paths)
{
  VcColumn *shares = vc_table_lookup_column (paths, "share");

  for (guint64 row = 0; row < vc_table_get_n_rows (paths); row++) {
    g_autofree char *kind = text (paths, "kind", row), *path = text (paths, "path", row);

    g_print ("%5.1f %%  %-11s  %s\n", 100 * vc_column_get_double (shares, row), kind, path);
  }
}

static VcScores *
explain (const char *folder, const char *party, GError **error)
{
  g_autoptr (VcMeasure) alignment = g_object_new (VC_TYPE_ALIGNMENT, "paths", 8, NULL);
  g_autoptr (VcSource) source = vc_source_for_path (folder, error);
  g_autoptr (VcChain) chain = source ? vc_source_load (source, NULL, NULL, error) : NULL;

  return chain ? vc_measure_explain (alignment, chain, party, NULL, NULL, error) : NULL;
}

int
main (int argc, char **argv)
{
  const char *party = argc > 2 ? argv[2] : "nils.foss";
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) why = explain (argc > 2 ? argv[1] : "examples/company", party, &error);
  VcTable *summary;

  if (why == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  summary = vc_scores_get_table (why, "summary");
  g_print ("%.1f %% of the work of %s reaches a customer\n", percent (summary, "reach", "value"), party);
  print_paths (vc_scores_get_table (why, "paths"));
  g_print ("%5.1f %%  by all other ways\n", percent (summary, "all", "remainder"));
  return 0;
}
