/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <math.h>

#include "table/vc-table-private.h"
#include "valuechain/valuechain.h"

static VcTable *
small_table (void)
{
  const char *const ids[] = { "a", "b", "c", NULL };
  const double values[] = { 1, NAN, 3 };
  g_autoptr (VcColumn) id = vc_column_new_texts ("id", ids, NULL);
  g_autoptr (VcColumn) x = vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) values, 3, NULL);
  VcColumn *columns[] = { id, x };

  return vc_table_new ("parties", columns, 2, NULL);
}

Test (table, has_columns_by_place_and_by_name)
{
  g_autoptr (VcTable) table = small_table ();

  cr_assert_str_eq (vc_table_get_name (table), "parties");
  cr_assert_eq (vc_table_get_n_rows (table), 3u);
  cr_assert_eq (vc_table_get_n_columns (table), 2u);
  cr_assert_eq (vc_table_lookup_column (table, "x"), vc_table_get_column (table, 1));
  cr_assert_eq (vc_table_lookup_column (table, "id"), vc_table_get_column (table, 0));
  cr_assert_null (vc_table_lookup_column (table, "X"));
}

Test (table, finds_each_of_many_columns)
{
  VcColumn *columns[100];
  g_autoptr (VcTable) table = NULL;

  for (guint i = 0; i < 100; i++) {
    g_autofree char *name = g_strdup_printf ("c%u", i * 37 % 100);

    columns[i] = vc_column_new_doubles (name, NULL, 0, NULL);
  }
  table = vc_table_new_take (NULL, columns, 100);
  cr_assert_str_eq (vc_table_get_name (table), "");
  for (guint i = 0; i < 100; i++)
    cr_assert_eq (vc_table_lookup_column (table, vc_column_get_name (columns[i])), columns[i]);
}

Test (table, refuses_columns_of_different_length_and_names_that_stand_twice)
{
  const double values[] = { 1, 2 };
  g_autoptr (VcColumn) x = vc_column_new_doubles ("x", values, 2, NULL);
  g_autoptr (VcColumn) y = vc_column_new_doubles ("y", values, 1, NULL);
  VcColumn *unequal[] = { x, y };
  VcColumn *twice[] = { x, x };
  g_autoptr (GError) length = NULL;
  g_autoptr (GError) name = NULL;

  cr_assert_null (vc_table_new ("t", unequal, 2, &length));
  cr_assert (g_error_matches (length, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FIELD_COUNT));
  cr_assert_null (vc_table_new ("t", twice, 2, &name));
  cr_assert (g_error_matches (name, VC_IMPORT_ERROR, VC_IMPORT_ERROR_HEADER));
}

Test (table, may_have_no_columns)
{
  g_autoptr (VcTable) table = vc_table_new ("empty", NULL, 0, NULL);
  g_autoptr (VcTable) bare = g_object_new (VC_TYPE_TABLE, NULL);

  cr_assert_eq (vc_table_get_n_rows (table), 0u);
  cr_assert_eq (vc_table_get_n_columns (bare), 0u);
  cr_assert_null (vc_table_lookup_column (bare, "x"));
}

Test (table, shares_its_columns_and_lets_them_go)
{
  VcTable *table = small_table ();
  g_autoptr (VcColumn) kept = g_object_ref (vc_table_get_column (table, 1));
  gpointer id = vc_table_get_column (table, 0);

  g_object_add_weak_pointer (G_OBJECT (id), &id);
  g_object_unref (table);
  cr_assert_null (id);
  cr_assert_eq (vc_column_get_double (kept, 2), 3);
}

Test (table, is_a_list_model_of_rows)
{
  g_autoptr (VcTable) table = small_table ();
  GListModel *model = G_LIST_MODEL (table);
  g_autoptr (VcRow) row = g_list_model_get_item (model, 2);

  cr_assert_eq (g_list_model_get_item_type (model), VC_TYPE_ROW);
  cr_assert_eq (g_list_model_get_n_items (model), 3u);
  cr_assert_null (g_list_model_get_item (model, 3));
  cr_assert_null (g_list_model_get_item (model, G_MAXUINT));
  cr_assert_eq (vc_row_get_table (row), table);
  cr_assert_eq (vc_row_get_position (row), 2u);
}

Test (table, with_more_rows_than_a_list_model_counts)
{
  static const guint8 bits[1]; /* never read: only the count matters here */
  g_autoptr (GBytes) bytes = g_bytes_new_static (bits, 1);
  VcColumn *column = vc_column_new_adopt ("x", VC_COLUMN_TYPE_BOOLEAN, (gsize) G_MAXUINT + 10, g_steal_pointer (&bytes),
                                          NULL, NULL);
  g_autoptr (VcTable) table = vc_table_new_take ("long", &column, 1);

  cr_assert_eq (vc_table_get_n_rows (table), (guint64) G_MAXUINT + 10);
  cr_assert_eq (g_list_model_get_n_items (G_LIST_MODEL (table)), G_MAXUINT);
}

Test (row, reads_cells_and_keeps_its_table_alive)
{
  VcTable *table = small_table ();
  g_autoptr (VcRow) first = g_list_model_get_item (G_LIST_MODEL (table), 0);
  g_autoptr (VcRow) second = g_list_model_get_item (G_LIST_MODEL (table), 1);
  g_autofree char *text = NULL;
  g_autofree char *formatted = NULL;

  g_object_unref (table);
  text = vc_row_dup_text (first, "id");
  formatted = vc_row_format (first, "x");
  cr_assert_str_eq (text, "a");
  cr_assert_str_eq (formatted, "1");
  cr_assert_eq (vc_row_get_double (first, "x"), 1);
  cr_assert (vc_row_is_null (second, "x"));
  cr_assert_null (vc_row_format (second, "x"));
}

Test (row, reads_integers_and_booleans)
{
  const gint64 integers[] = { 41, 42 };
  const guint8 bytes[] = { 0, 1 };
  VcColumn *columns[] = {
    vc_column_new_from_address ("n", VC_COLUMN_TYPE_INT64, (guintptr) integers, 2, NULL),
    vc_column_new_from_address ("is", VC_COLUMN_TYPE_BOOLEAN, (guintptr) bytes, 2, NULL),
  };
  g_autoptr (VcTable) table = vc_table_new_take ("t", columns, 2);
  g_autoptr (VcRow) row = g_list_model_get_item (G_LIST_MODEL (table), 1);

  cr_assert_eq (vc_row_get_int64 (row, "n"), 42);
  cr_assert (vc_row_get_boolean (row, "is"));
}

Test (table, knows_the_lines_of_its_rows)
{
  /* Row 1 spans three lines, row 4 two. */
  const guint64 rows[] = { 1, 4 };
  const guint64 lines[] = { 2, 3 };
  const guint64 expected[] = { 2, 3, 6, 7, 8, 10, 11 };
  g_autoptr (VcTable) table = small_table ();

  cr_assert_eq (vc_table_get_line (table, 1), 0u);
  vc_table_set_lines (table, 2, rows, lines, 2);
  for (guint64 i = 0; i < G_N_ELEMENTS (expected); i++)
    cr_assert_eq (vc_table_get_line (table, i), expected[i], "row %u", (guint) i);
}

/* The names of the columns, joined. */
static char *
names_of (VcTable *table)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < vc_table_get_n_columns (table); i++)
    g_string_append_printf (names, "%s ", vc_column_get_name (vc_table_get_column (table, i)));
  return g_string_free (g_steal_pointer (&names), FALSE);
}

Test (table, renamed_has_other_names_for_the_same_memory)
{
  static const struct { const char *names[4], *columns[4], *expected; } cases[] = {
    { { NULL }, { NULL }, "id x " },
    { { "from" }, { "id" }, "from x " },
    { { "id", "x" }, { "x", "id" }, "x id " },
    { { "from", "to" }, { "id", "id" }, "from to x " },
    { { "x" }, { "" }, "id " },
    { { "x" }, { "id" }, "x " },
    { { "y" }, { "" }, "id x " },
    { { "x", "x2" }, { "x", "x" }, "id x x2 " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (VcTable) table = small_table ();
    g_autoptr (GError) error = NULL;
    g_autoptr (VcTable) renamed = vc_table_renamed (table, cases[i].names, cases[i].columns, &error);
    g_autofree char *names = names_of (renamed);
    g_autofree char *before = names_of (table);

    cr_assert_str_eq (names, cases[i].expected);
    cr_assert_str_eq (before, "id x ");
    for (guint k = 0; cases[i].names[k] != NULL; k++) {
      VcColumn *column = vc_table_lookup_column (renamed, cases[i].names[k]);

      cr_assert_eq (column == NULL, cases[i].columns[k][0] == '\0');
      if (column != NULL)
        cr_assert_eq (vc_column_get_values_address (column),
                      vc_column_get_values_address (vc_table_lookup_column (table, cases[i].columns[k])));
    }
  }
}

Test (table, renamed_refuses_what_is_not_there_and_names_that_stand_twice)
{
  const char *const name[] = { "from", NULL };
  const char *const nobody[] = { "sender", NULL };
  const char *const twice[] = { "a", "a", NULL };
  const char *const both[] = { "id", "x", NULL };
  g_autoptr (VcTable) table = small_table ();
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) header = NULL;

  cr_assert_null (vc_table_renamed (table, name, nobody, &missing));
  cr_assert (g_error_matches (missing, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING));
  cr_assert (strstr (missing->message, "sender") != NULL && strstr (missing->message, "from") != NULL);
  cr_assert_null (vc_table_renamed (table, twice, both, &header));
  cr_assert (g_error_matches (header, VC_IMPORT_ERROR, VC_IMPORT_ERROR_HEADER));
}

/* As a data frame that was read from a file with an index may have one. */
Test (table, renamed_leaves_a_nameless_column_alone)
{
  const char *const names[] = { "kind", NULL };
  const char *const nobody[] = { "", NULL };
  g_autoptr (VcTable) table = NULL;
  g_autoptr (VcTable) renamed = NULL;
  g_autofree char *found = NULL;
  VcColumn *columns[2];

  columns[0] = vc_column_new_doubles ("", NULL, 0, NULL);
  columns[1] = vc_column_new_doubles ("kind", NULL, 0, NULL);
  table = vc_table_new_take (NULL, columns, 2);
  renamed = vc_table_renamed (table, names, nobody, NULL);
  found = names_of (renamed);
  cr_assert_str_eq (found, " ");
}

Test (table, renamed_knows_the_lines_of_its_rows)
{
  const char *const names[] = { "from", NULL };
  const char *const columns[] = { "id", NULL };
  const guint64 extra_row = 0, extra_line = 2;
  g_autoptr (VcTable) table = small_table ();
  g_autoptr (VcTable) renamed = NULL;

  vc_table_set_lines (table, 2, &extra_row, &extra_line, 1);
  renamed = vc_table_renamed (table, names, columns, NULL);
  for (guint64 row = 0; row < 3; row++)
    cr_assert_eq (vc_table_get_line (renamed, row), vc_table_get_line (table, row));
}
