/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-column-private.h"

#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "valuechain/vc-enum-types.h"
#include "valuechain/vc-error.h"
#include "vc-number-private.h"

/**
 * VcColumn:
 *
 * An immutable column of a table: a name, values of one type, and which of them are null.
 *
 * Values lie in memory as Arrow lays them out, each buffer in one piece: 8 bytes a row for doubles, integers and times
 * (microseconds since 1970 in UTC), a 32-bit code a row for text, a bit a row for booleans and for validity. Text is
 * kept as codes into a list of distinct labels. A whole column is read without a copy by the address of its buffers,
 * or as [struct@GLib.Bytes], which stay valid when the column is gone.
 *
 * A number is finite or null: there is no NaN in a column. Any thread may read any column.
 */

enum {
  PROP_0,
  PROP_NAME,
  PROP_COLUMN_TYPE,
  PROP_UNIT,
  PROP_DESCRIPTION,
  PROP_N_ROWS,
  PROP_N_NULLS,
  N_PROPS
};

struct _VcColumn
{
  GObject      parent_instance;

  char        *name;
  char        *unit;
  char        *description;
  VcColumnType type;
  gsize        n_rows;
  gsize        n_nulls;
  GBytes      *values;
  GBytes      *validity; /* NULL: all valid; then and only then is n_nulls 0 */
  VcStrings   *labels;   /* text only */
};

G_DEFINE_FINAL_TYPE (VcColumn, vc_column, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
vc_column_finalize (GObject *object)
{
  VcColumn *self = VC_COLUMN (object);

  g_free (self->name);
  g_free (self->unit);
  g_free (self->description);
  g_bytes_unref (self->values);
  g_clear_pointer (&self->validity, g_bytes_unref);
  g_clear_pointer (&self->labels, vc_strings_unref);

  G_OBJECT_CLASS (vc_column_parent_class)->finalize (object);
}

static void
vc_column_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcColumn *self = VC_COLUMN (object);

  switch (prop_id) {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_COLUMN_TYPE:
      g_value_set_enum (value, self->type);
      break;
    case PROP_UNIT:
      g_value_set_string (value, self->unit);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case PROP_N_ROWS:
      g_value_set_uint64 (value, self->n_rows);
      break;
    case PROP_N_NULLS:
      g_value_set_uint64 (value, self->n_nulls);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * VcColumn:name:
   *
   * The name, unique within a table.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);

  /**
   * VcColumn:column-type:
   *
   * What the values are.
   */
  properties[PROP_COLUMN_TYPE] = g_param_spec_enum ("column-type", NULL, NULL, VC_TYPE_COLUMN_TYPE,
                                                    VC_COLUMN_TYPE_DOUBLE, flags);

  /**
   * VcColumn:unit:
   *
   * The unit of the values, if they have one.
   */
  properties[PROP_UNIT] = g_param_spec_string ("unit", NULL, NULL, NULL, flags);

  /**
   * VcColumn:description:
   *
   * What the column means, if it says so.
   */
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);

  /**
   * VcColumn:n-rows:
   *
   * The number of rows.
   */
  properties[PROP_N_ROWS] = g_param_spec_uint64 ("n-rows", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * VcColumn:n-nulls:
   *
   * The number of rows that are null.
   */
  properties[PROP_N_NULLS] = g_param_spec_uint64 ("n-nulls", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_column_class_init (VcColumnClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = vc_column_finalize;
  object_class->get_property = vc_column_get_property;
  install_properties (object_class);
}

static void
vc_column_init (VcColumn *self)
{
  self->name = g_strdup ("");
  self->values = g_bytes_new_static (NULL, 0);
}

static gsize
count_set (const guint8 *bits, gsize n)
{
  const gsize whole = n / 64;
  gsize count = 0;

  for (gsize i = 0; i < whole; i++) {
    guint64 word;

    memcpy (&word, bits + i * 8, sizeof word);
    count += (gsize) __builtin_popcountll (word);
  }
  for (gsize i = whole * 64; i < n; i++)
    count += vc_bit_is_set (bits, i);
  return count;
}

static VcColumn *
new_around (const char *name, VcColumnType type, gsize n_rows)
{
  VcColumn *self = g_object_new (VC_TYPE_COLUMN, NULL);

  g_free (self->name);
  self->name = g_strdup (name);
  self->type = type;
  self->n_rows = n_rows;
  return self;
}

/* Takes `values`, `validity` (may be NULL) and `labels` (NULL but for text), which are trusted as in
 * vc_column_new_take(). */
VcColumn *
vc_column_new_adopt (const char *name, VcColumnType type, gsize n_rows, GBytes *values, GBytes *validity,
                     VcStrings *labels)
{
  VcColumn *self = new_around (name, type, n_rows);

  g_bytes_unref (self->values);
  self->values = values;
  self->labels = labels;
  if (validity != NULL)
    self->n_nulls = n_rows - count_set (g_bytes_get_data (validity, NULL), n_rows);
  if (self->n_nulls > 0)
    self->validity = validity;
  else
    g_clear_pointer (&validity, g_bytes_unref);
  return self;
}

VcColumn *
vc_column_new_take (const char *name, VcColumnType type, gsize n_rows, gpointer values, guint8 *validity,
                    VcStrings *labels)
{
  GBytes *value_bytes = g_bytes_new_with_free_func (values, vc_values_size (type, n_rows), vc_buffer_free, values);
  GBytes *validity_bytes = NULL;

  if (validity != NULL)
    validity_bytes = g_bytes_new_with_free_func (validity, vc_bits_size (n_rows), vc_buffer_free, validity);
  return vc_column_new_adopt (name, type, n_rows, value_bytes, validity_bytes,
                              labels != NULL ? vc_strings_ref (labels) : NULL);
}

/**
 * vc_column_described:
 * @self: a column
 * @name: (nullable): a name, or %NULL to keep that of @self
 * @unit: (nullable): a unit, or %NULL to keep that of @self
 * @description: (nullable): what the column means, or %NULL to keep that of @self
 *
 * The same column under another name, unit or description. Its values are shared, not copied.
 *
 * Returns: (transfer full): a new column
 */
VcColumn *
vc_column_described (VcColumn *self, const char *name, const char *unit, const char *description)
{
  VcColumn *column;

  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);

  column = new_around (name != NULL ? name : self->name, self->type, self->n_rows);
  column->unit = g_strdup (unit != NULL ? unit : self->unit);
  column->description = g_strdup (description != NULL ? description : self->description);
  column->n_nulls = self->n_nulls;
  g_bytes_unref (column->values);
  column->values = g_bytes_ref (self->values);
  column->validity = self->validity != NULL ? g_bytes_ref (self->validity) : NULL;
  column->labels = self->labels != NULL ? vc_strings_ref (self->labels) : NULL;
  return column;
}

/* What rows are picked from, and where to. */
typedef struct {
  VcColumn *column;
  const guint32 *rows;
  gpointer values;
  guint8 *validity;
  GCancellable *cancellable;
} Picking;

/* Bits begin at a byte. */
static void
pick_bits (const Picking *self, const guint8 *source, guint8 *bits, gsize start, gsize end)
{
  memset (bits + start / 8, 0, vc_bits_size (end - start));
  for (gsize i = start; i < end; i++)
    if (vc_bit_is_set (source, self->rows[i]))
      vc_bit_set (bits, i);
}

static void
pick_values (const Picking *self, gsize start, gsize end)
{
  const VcColumnType type = self->column->type;
  gconstpointer source = g_bytes_get_data (self->column->values, NULL);

  if (type == VC_COLUMN_TYPE_BOOLEAN)
    pick_bits (self, source, self->values, start, end);
  else if (type == VC_COLUMN_TYPE_TEXT)
    for (gsize i = start; i < end; i++)
      ((gint32 *) self->values)[i] = ((const gint32 *) source)[self->rows[i]];
  else
    for (gsize i = start; i < end; i++)
      ((gint64 *) self->values)[i] = ((const gint64 *) source)[self->rows[i]];
}

static void
pick_range (gpointer data, gsize start, gsize end)
{
  const Picking *self = data;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  pick_values (self, start, end);
  if (self->validity != NULL)
    pick_bits (self, vc_column_peek_validity (self->column), self->validity, start, end);
}

VcColumn *
vc_column_take_rows_into (VcColumn *self, const guint32 *rows, gsize n_rows, gpointer room, GCancellable *cancellable)
{
  const gboolean has_nulls = self->validity != NULL;
  VC_BUFFER (guint8) values = room;
  VC_BUFFER (guint8) validity = has_nulls ? vc_buffer_alloc (vc_bits_size (n_rows), 1) : NULL;
  Picking picking = { self, rows, values, validity, cancellable };
  VcColumn *column;

  if (values == NULL || (has_nulls && validity == NULL))
    return NULL;
  vc_parallel_ranges (0, n_rows, pick_range, &picking);
  if (g_cancellable_is_cancelled (cancellable))
    return NULL;
  column = vc_column_new_take (self->name, self->type, n_rows, g_steal_pointer (&values), g_steal_pointer (&validity),
                               self->labels);
  column->unit = g_strdup (self->unit);
  column->description = g_strdup (self->description);
  return column;
}

/* O(n_rows). Labels are shared. */
VcColumn *
vc_column_take_rows (VcColumn *self, const guint32 *rows, gsize n_rows, GCancellable *cancellable, GError **error)
{
  gpointer room = vc_buffer_alloc (vc_values_size (self->type, n_rows), 1);
  VcColumn *column = vc_column_take_rows_into (self, rows, n_rows, room, cancellable);

  if (column == NULL && !g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for %" G_GSIZE_FORMAT " rows", n_rows);
  return column;
}

const double *
vc_column_peek_doubles (VcColumn *self)
{
  return g_bytes_get_data (self->values, NULL);
}

const gint64 *
vc_column_peek_int64s (VcColumn *self)
{
  return g_bytes_get_data (self->values, NULL);
}

const gint32 *
vc_column_peek_codes (VcColumn *self)
{
  return g_bytes_get_data (self->values, NULL);
}

const guint8 *
vc_column_peek_bits (VcColumn *self)
{
  return g_bytes_get_data (self->values, NULL);
}

const guint8 *
vc_column_peek_validity (VcColumn *self)
{
  return self->validity != NULL ? g_bytes_get_data (self->validity, NULL) : NULL;
}

const VcStrings *
vc_column_peek_strings (VcColumn *self)
{
  return self->labels;
}

/**
 * vc_column_get_name:
 * @self: a column
 *
 * The name.
 *
 * Returns: the name
 */
const char *
vc_column_get_name (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);

  return self->name;
}

/**
 * vc_column_get_column_type:
 * @self: a column
 *
 * What the values are.
 *
 * Returns: the type
 */
VcColumnType
vc_column_get_column_type (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), VC_COLUMN_TYPE_DOUBLE);

  return self->type;
}

/**
 * vc_column_get_unit:
 * @self: a column
 *
 * The unit of the values.
 *
 * Returns: (nullable): the unit, or %NULL where there is none
 */
const char *
vc_column_get_unit (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);

  return self->unit;
}

/**
 * vc_column_get_description:
 * @self: a column
 *
 * What the column means.
 *
 * Returns: (nullable): a sentence, or %NULL
 */
const char *
vc_column_get_description (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);

  return self->description;
}

/**
 * vc_column_get_n_rows:
 * @self: a column
 *
 * The number of rows.
 *
 * Returns: the number
 */
guint64
vc_column_get_n_rows (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), 0);

  return self->n_rows;
}

/**
 * vc_column_get_n_nulls:
 * @self: a column
 *
 * The number of rows that are null.
 *
 * Returns: the number
 */
guint64
vc_column_get_n_nulls (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), 0);

  return self->n_nulls;
}

/**
 * vc_column_is_null:
 * @self: a column
 * @row: a row, from 0
 *
 * Whether a cell is null: missing, or undefined.
 *
 * Returns: whether it is
 */
gboolean
vc_column_is_null (VcColumn *self, guint64 row)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), TRUE);
  g_return_val_if_fail (row < self->n_rows, TRUE);

  return !vc_bit_is_set (vc_column_peek_validity (self), row);
}

/**
 * vc_column_get_double:
 * @self: a column of doubles, integers, times or booleans
 * @row: a row, from 0
 *
 * One cell as a number. Integers and times beyond 2^53 are rounded; true is 1.
 *
 * Returns: the number; NaN where the cell is null, which no cell that has a value ever is
 */
double
vc_column_get_double (VcColumn *self, guint64 row)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), NAN);
  g_return_val_if_fail (self->type != VC_COLUMN_TYPE_TEXT, NAN);
  g_return_val_if_fail (row < self->n_rows, NAN);

  if (vc_column_is_null (self, row))
    return NAN;
  if (self->type == VC_COLUMN_TYPE_DOUBLE)
    return vc_column_peek_doubles (self)[row];
  return (double) vc_column_get_int64 (self, row);
}

/**
 * vc_column_get_int64:
 * @self: a column of integers, times or booleans
 * @row: a row, from 0
 *
 * One cell as an integer: a time is in microseconds since 1970, true is 1.
 *
 * Returns: the integer; 0 where the cell is null (ask [method@Column.is_null] first)
 */
gint64
vc_column_get_int64 (VcColumn *self, guint64 row)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), 0);
  g_return_val_if_fail (self->type != VC_COLUMN_TYPE_TEXT && self->type != VC_COLUMN_TYPE_DOUBLE, 0);
  g_return_val_if_fail (row < self->n_rows, 0);

  if (vc_column_is_null (self, row))
    return 0;
  if (self->type == VC_COLUMN_TYPE_BOOLEAN)
    return vc_bit_is_set (vc_column_peek_bits (self), row);
  return vc_column_peek_int64s (self)[row];
}

/**
 * vc_column_get_boolean:
 * @self: a column of booleans
 * @row: a row, from 0
 *
 * One cell as a boolean.
 *
 * Returns: the boolean; %FALSE where the cell is null (ask [method@Column.is_null] first)
 */
gboolean
vc_column_get_boolean (VcColumn *self, guint64 row)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), FALSE);
  g_return_val_if_fail (self->type == VC_COLUMN_TYPE_BOOLEAN, FALSE);
  g_return_val_if_fail (row < self->n_rows, FALSE);

  return !vc_column_is_null (self, row) && vc_bit_is_set (vc_column_peek_bits (self), row);
}

/**
 * vc_column_dup_text:
 * @self: a column of text
 * @row: a row, from 0
 *
 * One cell as text.
 *
 * Returns: (transfer full) (nullable): a copy of the text, or %NULL where the cell is null
 */
char *
vc_column_dup_text (VcColumn *self, guint64 row)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);
  g_return_val_if_fail (self->type == VC_COLUMN_TYPE_TEXT, NULL);
  g_return_val_if_fail (row < self->n_rows, NULL);

  if (vc_column_is_null (self, row))
    return NULL;
  return vc_strings_dup (self->labels, (guint32) vc_column_peek_codes (self)[row]);
}

/**
 * vc_column_format:
 * @self: a column
 * @row: a row, from 0
 *
 * One cell of any type as text, the same in every locale: the shortest decimal number that reads back to the same
 * bits, an ISO 8601 time in UTC, "true" or "false".
 *
 * Returns: (transfer full) (nullable): new text, or %NULL where the cell is null
 */
char *
vc_column_format (VcColumn *self, guint64 row)
{
  char buffer[VC_NUMBER_SIZE];

  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);
  g_return_val_if_fail (row < self->n_rows, NULL);

  if (vc_column_is_null (self, row))
    return NULL;
  switch (self->type) {
    case VC_COLUMN_TYPE_DOUBLE:
      return g_strndup (buffer, vc_format_double (vc_column_peek_doubles (self)[row], buffer));
    case VC_COLUMN_TYPE_TIME:
      return g_strndup (buffer, vc_format_time (vc_column_peek_int64s (self)[row], buffer));
    case VC_COLUMN_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, vc_column_peek_int64s (self)[row]);
    case VC_COLUMN_TYPE_BOOLEAN:
      return g_strdup (vc_bit_is_set (vc_column_peek_bits (self), row) ? "true" : "false");
    case VC_COLUMN_TYPE_TEXT:
    default:
      return vc_column_dup_text (self, row);
  }
}

/**
 * vc_column_get_values_address:
 * @self: a column
 *
 * Where the values lie: 8 bytes a row (double, int64, time), 4-byte codes (text) or a bit a row (boolean).
 *
 * The memory is read-only and lives as long as the column.
 *
 * Returns: the address, or 0 where there is none
 */
guint64
vc_column_get_values_address (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), 0);

  return (guintptr) g_bytes_get_data (self->values, NULL);
}

/**
 * vc_column_get_validity_address:
 * @self: a column
 *
 * Where the validity lies: a bit a row, least significant first, set where the row has a value.
 *
 * The memory is read-only and lives as long as the column.
 *
 * Returns: the address, or 0 where no row is null
 */
guint64
vc_column_get_validity_address (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), 0);

  return (guintptr) vc_column_peek_validity (self);
}

/**
 * vc_column_get_values_bytes:
 * @self: a column
 *
 * The values, not copied, as [method@Column.get_values_address] lays them out.
 *
 * Returns: (transfer full): bytes that may outlive the column
 */
GBytes *
vc_column_get_values_bytes (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);

  return g_bytes_ref (self->values);
}

/**
 * vc_column_get_validity_bytes:
 * @self: a column
 *
 * The validity, not copied, as [method@Column.get_validity_address] lays it out.
 *
 * Returns: (transfer full) (nullable): bytes that may outlive the column, or %NULL where no row is null
 */
GBytes *
vc_column_get_validity_bytes (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);

  return self->validity != NULL ? g_bytes_ref (self->validity) : NULL;
}

/**
 * vc_column_get_n_labels:
 * @self: a column
 *
 * The number of distinct labels that codes of a column of text point into. Not every label need be in use.
 *
 * Returns: the number; 0 for other columns
 */
guint32
vc_column_get_n_labels (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), 0);

  return self->labels != NULL ? self->labels->n_labels : 0;
}

/**
 * vc_column_dup_label:
 * @self: a column of text
 * @code: a code, below [method@Column.get_n_labels]
 *
 * The label that a code stands for.
 *
 * Returns: (transfer full): a copy of the label
 */
char *
vc_column_dup_label (VcColumn *self, guint32 code)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), NULL);
  g_return_val_if_fail (code < vc_column_get_n_labels (self), NULL);

  return vc_strings_dup (self->labels, code);
}

/**
 * vc_column_get_label_offsets_address:
 * @self: a column
 *
 * Where the offsets of the labels lie: one 32-bit integer more than there are labels. Label i is what stands from byte
 * offset i up to byte offset i + 1 of the text at [method@Column.get_label_text_address].
 *
 * Returns: the address, or 0 for a column that is not text
 */
guint64
vc_column_get_label_offsets_address (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), 0);

  return self->labels != NULL ? (guintptr) self->labels->offsets : 0;
}

/**
 * vc_column_get_label_text_address:
 * @self: a column
 *
 * Where the text of all labels lies: UTF-8, one label after the other, nothing in between.
 *
 * Returns: the address, or 0 for a column that is not text
 */
guint64
vc_column_get_label_text_address (VcColumn *self)
{
  g_return_val_if_fail (VC_IS_COLUMN (self), 0);

  return self->labels != NULL ? (guintptr) self->labels->text : 0;
}
