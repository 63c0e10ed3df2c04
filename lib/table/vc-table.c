/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-table-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "valuechain/vc-row.h"

/**
 * VcTable:
 *
 * An immutable table: columns of equal length, each with its own name.
 *
 * It is the one shape of everything that comes in or goes out. To a list widget it is a [iface@Gio.ListModel] of
 * [class@Row]; to data frames it is an Arrow C stream; to people it is text or HTML. Any thread may read any table.
 */

enum {
  PROP_0,
  PROP_NAME,
  PROP_N_ROWS,
  PROP_N_COLUMNS,
  N_PROPS
};

struct _VcTable
{
  GObject    parent_instance;

  char      *name;
  gsize      n_rows;
  gsize      n_columns;
  VcColumn **columns;
  guint32   *by_name; /* indices of columns in the order of their names */

  /* Where rows were read from: see vc_table_set_lines(). */
  guint64    first_line;
  gsize      n_extra;
  guint64   *extra_rows;
  guint64   *extra_lines;
};

static void vc_table_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VcTable, vc_table, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, vc_table_list_model_init))

static GParamSpec *properties[N_PROPS];

static void
vc_table_finalize (GObject *object)
{
  VcTable *self = VC_TABLE (object);

  for (gsize i = 0; i < self->n_columns; i++)
    g_object_unref (self->columns[i]);
  vc_buffer_free (self->columns);
  vc_buffer_free (self->by_name);
  vc_buffer_free (self->extra_rows);
  vc_buffer_free (self->extra_lines);
  g_free (self->name);

  G_OBJECT_CLASS (vc_table_parent_class)->finalize (object);
}

static void
vc_table_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcTable *self = VC_TABLE (object);

  switch (prop_id) {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_N_ROWS:
      g_value_set_uint64 (value, self->n_rows);
      break;
    case PROP_N_COLUMNS:
      g_value_set_uint (value, vc_table_get_n_columns (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_table_class_init (VcTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = vc_table_finalize;
  object_class->get_property = vc_table_get_property;

  /**
   * VcTable:name:
   *
   * The name.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);

  /**
   * VcTable:n-rows:
   *
   * The number of rows.
   */
  properties[PROP_N_ROWS] = g_param_spec_uint64 ("n-rows", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * VcTable:n-columns:
   *
   * The number of columns.
   */
  properties[PROP_N_COLUMNS] = g_param_spec_uint ("n-columns", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_table_init (VcTable *self)
{
  self->name = g_strdup ("");
}

static GType
vc_table_get_item_type (GListModel *model)
{
  return VC_TYPE_ROW;
}

static guint
vc_table_get_n_items (GListModel *model)
{
  return (guint) MIN (VC_TABLE (model)->n_rows, (gsize) G_MAXUINT);
}

static gpointer
vc_table_get_item (GListModel *model, guint position)
{
  if (position >= vc_table_get_n_items (model))
    return NULL;
  return g_object_new (VC_TYPE_ROW, "table", model, "position", (guint64) position, NULL);
}

static void
vc_table_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = vc_table_get_item_type;
  iface->get_n_items = vc_table_get_n_items;
  iface->get_item = vc_table_get_item;
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer columns)
{
  VcColumn *const *all = columns;

  return strcmp (vc_column_get_name (all[*(const guint32 *) a]), vc_column_get_name (all[*(const guint32 *) b]));
}

/* Sorted rather than hashed: names may come from a stranger. NULL: no memory. */
static guint32 *
order_by_name (VcColumn **columns, gsize n_columns)
{
  guint32 *order = vc_buffer_new (guint32, n_columns);

  for (gsize i = 0; order != NULL && i < n_columns; i++)
    order[i] = (guint32) i;
  if (order != NULL && n_columns > 1)
    qsort_r (order, n_columns, sizeof *order, compare_names, columns);
  return order;
}

/* Takes everything. */
static VcTable *
new_around (const char *name, VcColumn **columns, gsize n_columns, guint32 *by_name)
{
  VcTable *self = g_object_new (VC_TYPE_TABLE, NULL);

  g_free (self->name);
  self->name = g_strdup (name != NULL ? name : "");
  self->n_columns = n_columns;
  self->n_rows = n_columns > 0 ? vc_column_get_n_rows (columns[0]) : 0;
  self->columns = columns;
  self->by_name = by_name;
  return self;
}

VcTable *
vc_table_new_take (const char *name, VcColumn **columns, gsize n_columns)
{
  VC_BUFFER (VcColumn *) copy = vc_buffer_new (VcColumn *, n_columns);
  VC_BUFFER (guint32) by_name = NULL;
  gboolean complete = copy != NULL;

  for (gsize i = 0; complete && i < n_columns; i++) {
    copy[i] = columns[i];
    complete = columns[i] != NULL;
  }
  by_name = complete ? order_by_name (columns, n_columns) : NULL;
  if (by_name != NULL)
    return new_around (name, g_steal_pointer (&copy), n_columns, g_steal_pointer (&by_name));
  for (gsize i = 0; i < n_columns; i++)
    g_clear_object (&columns[i]);
  return NULL;
}

static gboolean
check_shape (VcColumn **columns, gsize n_columns, const guint32 *by_name, GError **error)
{
  for (gsize i = 1; i < n_columns; i++) {
    if (vc_column_get_n_rows (columns[i]) != vc_column_get_n_rows (columns[0])) {
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FIELD_COUNT,
                   "column \"%s\" has %" G_GUINT64_FORMAT " rows, column \"%s\" has %" G_GUINT64_FORMAT,
                   vc_column_get_name (columns[i]), vc_column_get_n_rows (columns[i]),
                   vc_column_get_name (columns[0]), vc_column_get_n_rows (columns[0]));
      return FALSE;
    }
    if (compare_names (&by_name[i - 1], &by_name[i], columns) == 0) {
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_HEADER, "two columns have the name \"%s\"",
                   vc_column_get_name (columns[by_name[i]]));
      return FALSE;
    }
  }
  return TRUE;
}

/**
 * vc_table_new:
 * @name: (nullable): a name, or %NULL for an empty one
 * @columns: (array length=n_columns) (transfer none): columns of equal length, no two with the same name
 * @n_columns: how many
 * @error: where an error is returned
 *
 * Makes a table of columns, which it shares.
 *
 * Errors: %VC_IMPORT_ERROR_FIELD_COUNT where lengths differ, %VC_IMPORT_ERROR_HEADER where a name stands twice,
 * %VC_IMPORT_ERROR_NO_MEMORY.
 *
 * Returns: (transfer full): a new table, or %NULL
 */
VcTable *
vc_table_new (const char *name, VcColumn **columns, gsize n_columns, GError **error)
{
  VC_BUFFER (VcColumn *) copy = NULL;
  VC_BUFFER (guint32) by_name = NULL;

  g_return_val_if_fail (columns != NULL || n_columns == 0, NULL);
  g_return_val_if_fail (n_columns <= G_MAXINT32, NULL);
  for (gsize i = 0; i < n_columns; i++)
    g_return_val_if_fail (VC_IS_COLUMN (columns[i]), NULL);

  copy = vc_buffer_new (VcColumn *, n_columns);
  by_name = order_by_name (columns, n_columns);
  if (copy == NULL || by_name == NULL) {
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the table");
    return NULL;
  }
  if (!check_shape (columns, n_columns, by_name, error))
    return NULL;
  for (gsize i = 0; i < n_columns; i++)
    copy[i] = g_object_ref (columns[i]);
  return new_around (name, g_steal_pointer (&copy), n_columns, g_steal_pointer (&by_name));
}

/**
 * vc_table_get_name:
 * @self: a table
 *
 * The name.
 *
 * Returns: the name, which may be empty
 */
const char *
vc_table_get_name (VcTable *self)
{
  g_return_val_if_fail (VC_IS_TABLE (self), NULL);

  return self->name;
}

/**
 * vc_table_get_n_rows:
 * @self: a table
 *
 * The number of rows. As a list model, a table shows no more than %G_MAXUINT of them.
 *
 * Returns: the number
 */
guint64
vc_table_get_n_rows (VcTable *self)
{
  g_return_val_if_fail (VC_IS_TABLE (self), 0);

  return self->n_rows;
}

/**
 * vc_table_get_n_columns:
 * @self: a table
 *
 * The number of columns.
 *
 * Returns: the number
 */
guint
vc_table_get_n_columns (VcTable *self)
{
  g_return_val_if_fail (VC_IS_TABLE (self), 0);

  return (guint) self->n_columns;
}

/**
 * vc_table_get_column:
 * @self: a table
 * @index: which column, from 0, below [method@Table.get_n_columns]
 *
 * A column by its place.
 *
 * Returns: (transfer none): the column
 */
VcColumn *
vc_table_get_column (VcTable *self, guint index)
{
  g_return_val_if_fail (VC_IS_TABLE (self), NULL);
  g_return_val_if_fail (index < self->n_columns, NULL);

  return self->columns[index];
}

/**
 * vc_table_lookup_column:
 * @self: a table
 * @name: a name
 *
 * A column by its name. Takes logarithmic time in the number of columns.
 *
 * Returns: (transfer none) (nullable): the column, or %NULL where there is none of that name
 */
VcColumn *
vc_table_lookup_column (VcTable *self, const char *name)
{
  gsize low = 0, high;

  g_return_val_if_fail (VC_IS_TABLE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  high = self->n_columns;
  while (low < high) {
    const gsize middle = low + (high - low) / 2;
    VcColumn *column = self->columns[self->by_name[middle]];
    const int order = strcmp (name, vc_column_get_name (column));

    if (order == 0)
      return column;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

/* Appends what `column` is in the renamed table: itself, the same under one or more names, or nothing. An empty text in
 * `columns` is no column's name, not even that of a column without one. */
static void
append_renamed (VcColumn **renamed, gsize *n, VcColumn *column, const char *const *names, const char *const *columns)
{
  const char *own = vc_column_get_name (column);
  const gsize before = *n;

  for (gsize i = 0; names[i] != NULL; i++)
    if (columns[i][0] != '\0' && strcmp (columns[i], own) == 0)
      renamed[(*n)++] = vc_column_described (column, names[i], NULL, NULL);
  if (*n == before && !g_strv_contains (names, own))
    renamed[(*n)++] = g_object_ref (column);
}

/**
 * vc_table_renamed:
 * @self: a table
 * @names: (array zero-terminated=1): names that columns are to have, no two the same
 * @columns: (array zero-terminated=1): for each, the name that the column has now, or an empty text where no column is
 * to have that name
 * @error: where an error is returned
 *
 * Makes a table of the same columns under other names, as the fields of a record have: its columns share the memory of
 * this one's.
 *
 * What is not mentioned stays as it is. All is renamed at once, so that two columns can swap their names. One column
 * can serve several names. A column that has one of @names already, without being asked for, is left out, for its name
 * now is another's: `kind` in @names and an empty text in @columns leave out a column `kind` that means something else.
 * Takes O(columns × names).
 *
 * Errors: %VC_IMPORT_ERROR_MISSING where a column is not there, %VC_IMPORT_ERROR_HEADER where a name stands twice,
 * %VC_IMPORT_ERROR_NO_MEMORY.
 *
 * Returns: (transfer full): a new table, or %NULL
 */
VcTable *
vc_table_renamed (VcTable *self, const char *const *names, const char *const *columns, GError **error)
{
  VC_BUFFER (VcColumn *) renamed = NULL;
  VcTable *table = NULL;
  gsize n = 0;

  g_return_val_if_fail (VC_IS_TABLE (self), NULL);
  g_return_val_if_fail (names != NULL && columns != NULL, NULL);
  g_return_val_if_fail (g_strv_length ((char **) names) == g_strv_length ((char **) columns), NULL);

  for (gsize i = 0; columns[i] != NULL; i++)
    if (columns[i][0] != '\0' && vc_table_lookup_column (self, columns[i]) == NULL) {
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING,
                   "table \"%s\" has no column \"%s\", which is to be \"%s\"", self->name, columns[i], names[i]);
      return NULL;
    }
  renamed = vc_buffer_new (VcColumn *, self->n_columns + g_strv_length ((char **) names));
  if (renamed == NULL) {
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the table");
    return NULL;
  }
  for (gsize i = 0; i < self->n_columns; i++)
    append_renamed (renamed, &n, self->columns[i], names, columns);
  table = vc_table_new (self->name, renamed, n, error);
  for (gsize i = 0; i < n; i++)
    g_object_unref (renamed[i]);
  if (table != NULL)
    vc_table_set_lines (table, self->first_line, self->extra_rows, self->extra_lines, self->n_extra);
  return table;
}

static guint64 *
copy_numbers (const guint64 *numbers, gsize n)
{
  guint64 *copy = vc_buffer_new (guint64, n);

  if (copy != NULL && n > 0)
    memcpy (copy, numbers, n * sizeof *numbers);
  return copy;
}

/* Called once, before the table is shared. Where memory is short, lines are unknown: only messages suffer. */
void
vc_table_set_lines (VcTable *self, guint64 first_line, const guint64 *extra_rows, const guint64 *extra_lines,
                    gsize n_extra)
{
  vc_buffer_free (self->extra_rows);
  vc_buffer_free (self->extra_lines);
  self->extra_rows = copy_numbers (extra_rows, n_extra);
  self->extra_lines = copy_numbers (extra_lines, n_extra);
  self->n_extra = n_extra;
  self->first_line = self->extra_rows != NULL && self->extra_lines != NULL ? first_line : 0;
}

/* O(log n_extra). */
void
vc_table_move_lines (VcTable *self, VcTable *from)
{
  vc_buffer_free (self->extra_rows);
  vc_buffer_free (self->extra_lines);
  self->extra_rows = g_steal_pointer (&from->extra_rows);
  self->extra_lines = g_steal_pointer (&from->extra_lines);
  self->n_extra = from->n_extra;
  self->first_line = from->first_line;
  from->n_extra = 0;
  from->first_line = 0;
}

guint64
vc_table_get_line (VcTable *self, guint64 row)
{
  gsize low = 0, high = self->n_extra;

  if (self->first_line == 0)
    return 0;
  /* How many of the long rows stand before this one? */
  while (low < high) {
    const gsize middle = low + (high - low) / 2;

    if (self->extra_rows[middle] < row)
      low = middle + 1;
    else
      high = middle;
  }
  return self->first_line + row + (low > 0 ? self->extra_lines[low - 1] : 0);
}
