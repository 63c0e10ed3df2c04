/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-row.h"

#include <math.h>

/**
 * VcRow:
 *
 * One row of a table.
 *
 * Rows are made when a list model is asked for them and hold no values themselves: they look into their table, which
 * they keep alive. They are for list widgets; loops over many rows go over columns instead.
 */

enum {
  PROP_0,
  PROP_TABLE,
  PROP_POSITION,
  N_PROPS
};

struct _VcRow
{
  GObject  parent_instance;

  VcTable *table;
  guint64  position;
};

G_DEFINE_FINAL_TYPE (VcRow, vc_row, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
vc_row_finalize (GObject *object)
{
  g_clear_object (&VC_ROW (object)->table);

  G_OBJECT_CLASS (vc_row_parent_class)->finalize (object);
}

static void
vc_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcRow *self = VC_ROW (object);

  switch (prop_id) {
    case PROP_TABLE:
      g_value_set_object (value, self->table);
      break;
    case PROP_POSITION:
      g_value_set_uint64 (value, self->position);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcRow *self = VC_ROW (object);

  switch (prop_id) {
    case PROP_TABLE:
      self->table = g_value_dup_object (value);
      break;
    case PROP_POSITION:
      self->position = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_row_class_init (VcRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = vc_row_finalize;
  object_class->get_property = vc_row_get_property;
  object_class->set_property = vc_row_set_property;

  /**
   * VcRow:table:
   *
   * The table that the row is of.
   */
  properties[PROP_TABLE] = g_param_spec_object ("table", NULL, NULL, VC_TYPE_TABLE, flags);

  /**
   * VcRow:position:
   *
   * Which row it is, from 0.
   */
  properties[PROP_POSITION] = g_param_spec_uint64 ("position", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_row_init (VcRow *self)
{
}

/* The column, or NULL (and a critical) where the table has none of that name or no such row. */
static VcColumn *
find_column (VcRow *self, const char *name)
{
  VcColumn *column;

  g_return_val_if_fail (VC_IS_ROW (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (self->table != NULL && self->position < vc_table_get_n_rows (self->table), NULL);

  column = vc_table_lookup_column (self->table, name);
  if (column == NULL)
    g_critical ("The table has no column \"%s\"", name);
  return column;
}

/**
 * vc_row_get_table:
 * @self: a row
 *
 * The table that the row is of.
 *
 * Returns: (transfer none): the table
 */
VcTable *
vc_row_get_table (VcRow *self)
{
  g_return_val_if_fail (VC_IS_ROW (self), NULL);

  return self->table;
}

/**
 * vc_row_get_position:
 * @self: a row
 *
 * Which row it is.
 *
 * Returns: the position, from 0
 */
guint64
vc_row_get_position (VcRow *self)
{
  g_return_val_if_fail (VC_IS_ROW (self), 0);

  return self->position;
}

/**
 * vc_row_is_null:
 * @self: a row
 * @column: the name of a column of the table
 *
 * Whether a cell is null.
 *
 * Returns: whether it is
 */
gboolean
vc_row_is_null (VcRow *self, const char *column)
{
  VcColumn *found = find_column (self, column);

  return found == NULL || vc_column_is_null (found, self->position);
}

/**
 * vc_row_get_double:
 * @self: a row
 * @column: the name of a column of the table: doubles, integers, times or booleans
 *
 * A cell as a number.
 *
 * Returns: the number, NaN where it is null; see [method@Column.get_double]
 */
double
vc_row_get_double (VcRow *self, const char *column)
{
  VcColumn *found = find_column (self, column);

  return found != NULL ? vc_column_get_double (found, self->position) : NAN;
}

/**
 * vc_row_get_int64:
 * @self: a row
 * @column: the name of a column of the table: integers, times or booleans
 *
 * A cell as an integer.
 *
 * Returns: the integer, 0 where it is null; see [method@Column.get_int64]
 */
gint64
vc_row_get_int64 (VcRow *self, const char *column)
{
  VcColumn *found = find_column (self, column);

  return found != NULL ? vc_column_get_int64 (found, self->position) : 0;
}

/**
 * vc_row_get_boolean:
 * @self: a row
 * @column: the name of a column of the table: booleans
 *
 * A cell as a boolean.
 *
 * Returns: the boolean, %FALSE where it is null
 */
gboolean
vc_row_get_boolean (VcRow *self, const char *column)
{
  VcColumn *found = find_column (self, column);

  return found != NULL && vc_column_get_boolean (found, self->position);
}

/**
 * vc_row_dup_text:
 * @self: a row
 * @column: the name of a column of the table: text
 *
 * A cell as text.
 *
 * Returns: (transfer full) (nullable): a copy of the text, or %NULL where it is null
 */
char *
vc_row_dup_text (VcRow *self, const char *column)
{
  VcColumn *found = find_column (self, column);

  return found != NULL ? vc_column_dup_text (found, self->position) : NULL;
}

/**
 * vc_row_format:
 * @self: a row
 * @column: the name of a column of the table, of any type
 *
 * A cell as text, whatever its type: what a label of a list widget shows.
 *
 * Returns: (transfer full) (nullable): new text, or %NULL where it is null; see [method@Column.format]
 */
char *
vc_row_format (VcRow *self, const char *column)
{
  VcColumn *found = find_column (self, column);

  return found != NULL ? vc_column_format (found, self->position) : NULL;
}
