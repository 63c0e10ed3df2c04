/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "table/vc-table-private.h"
#include "valuechain/valuechain.h"
#include "table/vc-arrow-abi-private.h"

static VcTable *
table_of_all_types (void)
{
  static const double doubles[] = { 1.5, NAN, 3 };
  static const gint64 integers[] = { 1, -2, 3 };
  static const gint64 times[] = { 0, G_MININT64, 5 };
  static const guint8 booleans[] = { 1, 0, 1 };
  static const gint32 codes[] = { 1, 0, -1 };
  static const char *const labels[] = { "a", "bc", NULL };
  g_autoptr (VcColumn) x = vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) doubles, 3, NULL);
  VcColumn *columns[] = {
    vc_column_described (x, NULL, "h", "Hours worked."),
    vc_column_new_from_address ("n", VC_COLUMN_TYPE_INT64, (guintptr) integers, 3, NULL),
    vc_column_new_from_address ("at", VC_COLUMN_TYPE_TIME, (guintptr) times, 3, NULL),
    vc_column_new_from_address ("is", VC_COLUMN_TYPE_BOOLEAN, (guintptr) booleans, 3, NULL),
    vc_column_new_coded_from_address ("id", (guintptr) codes, 3, labels, NULL),
  };

  return vc_table_new_take ("all", columns, G_N_ELEMENTS (columns));
}

Test (arrow_export, says_what_it_gives)
{
  const char *const formats[] = { "g", "l", "tsu:UTC", "b", "i" };
  g_autoptr (VcTable) table = table_of_all_types ();
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;

  vc_table_export_to_arrow (table, &stream);
  cr_assert_eq (stream.get_schema (&stream, &schema), 0);
  cr_assert_str_eq (schema.format, "+s");
  cr_assert_eq (schema.n_children, 5);
  for (guint i = 0; i < 5; i++) {
    cr_assert_str_eq (schema.children[i]->format, formats[i]);
    cr_assert_str_eq (schema.children[i]->name, vc_column_get_name (vc_table_get_column (table, i)));
    cr_assert (schema.children[i]->flags & ARROW_FLAG_NULLABLE);
    cr_assert_eq (schema.children[i]->dictionary != NULL, i == 4);
  }
  cr_assert_str_eq (schema.children[4]->dictionary->format, "u");
  cr_assert_eq (memcmp (schema.children[0]->metadata,
                        "\2\0\0\0\4\0\0\0unit\1\0\0\0h\13\0\0\0description\15\0\0\0Hours worked.", 49),
                0);
  cr_assert_null (schema.children[1]->metadata);
  schema.release (&schema);
  cr_assert_null (schema.release);
  stream.release (&stream);
  cr_assert_null (stream.release);
}

Test (arrow_export, shares_memory_that_outlives_the_table)
{
  VcTable *table = table_of_all_types ();
  const guint64 address = vc_column_get_values_address (vc_table_get_column (table, 0));
  gpointer watched = table;
  struct ArrowArrayStream stream;
  struct ArrowArray batch, end, moved;

  g_object_add_weak_pointer (G_OBJECT (table), &watched);
  vc_table_export_arrow_stream (table, (guintptr) &stream);
  g_object_unref (table);
  cr_assert_eq (stream.get_next (&stream, &batch), 0);
  cr_assert_eq (stream.get_next (&stream, &end), 0);
  cr_assert_null (end.release);
  stream.release (&stream);
  cr_assert_null (watched);

  cr_assert_eq (batch.length, 3);
  cr_assert_eq (batch.children[0]->null_count, 1);
  cr_assert_eq (batch.children[0]->offset, 0);
  cr_assert_eq ((guintptr) batch.children[0]->buffers[1], address);
  cr_assert_null (batch.children[1]->buffers[0]);
  /* A child is moved out, the rest is let go. */
  moved = *batch.children[4];
  batch.children[4]->release = NULL;
  batch.release (&batch);
  cr_assert_null (batch.release);
  cr_assert_eq (((const gint32 *) moved.buffers[1])[0], 1);
  cr_assert_eq (memcmp (moved.dictionary->buffers[2], "abc", 3), 0);
  cr_assert_eq (((const gint32 *) moved.dictionary->buffers[1])[2], 3);
  moved.release (&moved);
  cr_assert_null (moved.release);
}

static void
assert_equal_columns (VcColumn *a, VcColumn *b)
{
  cr_assert_str_eq (vc_column_get_name (a), vc_column_get_name (b));
  cr_assert_eq (vc_column_get_column_type (a), vc_column_get_column_type (b));
  cr_assert_eq (g_strcmp0 (vc_column_get_unit (a), vc_column_get_unit (b)), 0);
  cr_assert_eq (g_strcmp0 (vc_column_get_description (a), vc_column_get_description (b)), 0);
  cr_assert_eq (vc_column_get_n_nulls (a), vc_column_get_n_nulls (b));
  for (guint i = 0; i < vc_column_get_n_rows (a); i++) {
    g_autofree char *left = vc_column_format (a, i);
    g_autofree char *right = vc_column_format (b, i);

    cr_assert_eq (g_strcmp0 (left, right), 0);
  }
}

Test (arrow_export, is_repeatable_and_reads_back)
{
  g_autoptr (VcTable) table = table_of_all_types ();

  for (guint round = 0; round < 3; round++) {
    struct ArrowArrayStream stream;
    g_autoptr (VcTable) back = NULL;

    vc_table_export_to_arrow (table, &stream);
    back = vc_table_new_from_arrow_stream ("all", (guintptr) &stream, NULL);
    cr_assert_null (stream.release);
    cr_assert_eq (vc_table_get_n_columns (back), 5u);
    for (guint i = 0; i < 5; i++)
      assert_equal_columns (vc_table_get_column (back, i), vc_table_get_column (table, i));
    cr_assert_eq (vc_column_get_values_address (vc_table_get_column (back, 1)),
                  vc_column_get_values_address (vc_table_get_column (table, 1)), "shared, not copied");
  }
}

Test (arrow_export, of_a_table_without_rows_or_columns)
{
  const char *const none[] = { NULL };
  VcColumn *columns[] = { vc_column_new_texts ("id", none, NULL), vc_column_new_doubles ("x", NULL, 0, NULL) };
  g_autoptr (VcTable) rowless = vc_table_new_take ("t", columns, 2);
  g_autoptr (VcTable) empty = vc_table_new ("t", NULL, 0, NULL);
  VcTable *tables[] = { rowless, empty };

  for (guint i = 0; i < 2; i++) {
    struct ArrowArrayStream stream;
    g_autoptr (VcTable) back = NULL;

    vc_table_export_to_arrow (tables[i], &stream);
    back = vc_table_new_from_arrow_stream (NULL, (guintptr) &stream, NULL);
    cr_assert_eq (vc_table_get_n_rows (back), 0u);
    cr_assert_eq (vc_table_get_n_columns (back), i == 0 ? 2u : 0u);
  }
}
