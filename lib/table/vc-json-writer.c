/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-json-writer-private.h"

#include <math.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "vc-render-private.h"

static void
write_escape (VcWriter *writer, guint8 byte)
{
  static const char hex[] = "0123456789abcdef";
  static const char brief[256] = {
    ['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
  };
  const char plain[] = { '\\', brief[byte] };
  const char coded[] = { '\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15] };

  if (brief[byte] != '\0')
    vc_writer_bytes (writer, plain, sizeof plain);
  else
    vc_writer_bytes (writer, coded, sizeof coded);
}

void
vc_json_string (VcWriter *writer, const char *text, gsize length)
{
  gsize start = 0;

  vc_writer_byte (writer, '"');
  for (gsize i = 0; i < length; i++) {
    const guint8 byte = (guint8) text[i];

    if (byte >= 0x20 && byte != '"' && byte != '\\')
      continue;
    vc_writer_bytes (writer, text + start, i - start);
    write_escape (writer, byte);
    start = i + 1;
  }
  vc_writer_bytes (writer, text + start, length - start);
  vc_writer_byte (writer, '"');
}

void
vc_json_double (VcWriter *writer, double value)
{
  if (isfinite (value))
    vc_writer_double (writer, value);
  else
    vc_json_null (writer);
}

void
vc_json_int64 (VcWriter *writer, gint64 value)
{
  vc_writer_int64 (writer, value);
}

void
vc_json_boolean (VcWriter *writer, gboolean value)
{
  vc_writer_text (writer, value ? "true" : "false");
}

void
vc_json_time (VcWriter *writer, gint64 value)
{
  vc_writer_byte (writer, '"');
  vc_writer_time (writer, value);
  vc_writer_byte (writer, '"');
}

void
vc_json_null (VcWriter *writer)
{
  vc_writer_bytes (writer, "null", 4);
}

static void
write_cell (VcWriter *writer, const VcCells *cells, gsize row)
{
  const char *text;
  gsize length;

  if (vc_cells_is_null (cells, row)) {
    vc_json_null (writer);
    return;
  }
  switch (cells->type) {
    case VC_COLUMN_TYPE_DOUBLE:
      vc_writer_double (writer, vc_cells_double (cells, row));
      break;
    case VC_COLUMN_TYPE_INT64:
      vc_writer_int64 (writer, vc_cells_int64 (cells, row));
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      vc_json_boolean (writer, vc_cells_boolean (cells, row));
      break;
    case VC_COLUMN_TYPE_TIME:
      vc_json_time (writer, vc_cells_int64 (cells, row));
      break;
    case VC_COLUMN_TYPE_TEXT:
    default:
      text = vc_cells_text (cells, row, &length);
      vc_json_string (writer, text, length);
  }
}

/* What stands before each value of a row, ready to be copied: `{"first":`, `,"second":` ... */
typedef struct {
  char    *text;
  guint64 *ends;
} Keys;

static void
keys_clear (Keys *self)
{
  g_free (self->text);
  vc_buffer_free (self->ends);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keys, keys_clear)

static gboolean
keys_init (Keys *self, VcTable *table)
{
  const guint n = vc_table_get_n_columns (table);
  g_autoptr (GOutputStream) memory = NULL;
  g_autoptr (VcWriter) writer = vc_render_writer_new (&memory);

  self->ends = vc_buffer_new (guint64, n);
  if (self->ends == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    vc_writer_byte (writer, i == 0 ? '{' : ',');
    vc_json_text (writer, vc_column_get_name (vc_table_get_column (table, i)));
    vc_writer_byte (writer, ':');
    self->ends[i] = vc_writer_position (writer);
  }
  self->text = vc_render_writer_finish (writer, memory);
  return self->text != NULL;
}

static void
write_row (VcWriter *writer, const VcCells *cells, const Keys *keys, guint n_columns, gsize row)
{
  guint64 start = 0;

  for (guint i = 0; i < n_columns; i++) {
    vc_writer_bytes (writer, keys->text + start, keys->ends[i] - start);
    start = keys->ends[i];
    write_cell (writer, &cells[i], row);
  }
  vc_writer_byte (writer, '}');
}

gboolean
vc_json_table (VcWriter *writer, VcTable *table, GError **error)
{
  const guint n = vc_table_get_n_columns (table);
  const gsize n_rows = vc_table_get_n_rows (table);
  VC_BUFFER (VcCells) cells = vc_buffer_new (VcCells, n);
  g_auto (Keys) keys = { NULL };

  if (cells == NULL || !keys_init (&keys, table)) {
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory to write the table");
    return FALSE;
  }
  for (guint i = 0; i < n; i++)
    cells[i] = vc_cells_of (vc_table_get_column (table, i));
  vc_writer_byte (writer, '[');
  for (gsize row = 0; row < n_rows && !vc_writer_failed (writer); row++) {
    vc_writer_text (writer, row > 0 ? ",\n" : "\n");
    write_row (writer, cells, &keys, n, row);
  }
  vc_writer_text (writer, n_rows > 0 ? "\n]" : "]");
  return TRUE;
}

/**
 * vc_table_write_json:
 * @self: a table
 * @stream: where to; it stays open
 * @cancellable: (nullable): to stop it
 * @error: where an error is returned
 *
 * Writes a table as JSON: an array of objects, one a row and one a line, with the names of the columns as keys.
 *
 * What is null is `null`; numbers are the shortest that read back to the same bits; times are text in ISO 8601, in UTC.
 * Integers are written in full, also beyond the 2^53 that some readers stop at. The same table gives the same bytes in
 * every locale.
 *
 * Errors: those of the stream, %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether all was written
 */
gboolean
vc_table_write_json (VcTable *self, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcWriter) writer = NULL;

  g_return_val_if_fail (VC_IS_TABLE (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  writer = vc_writer_new (stream, cancellable);
  if (!vc_json_table (writer, self, error))
    return FALSE;
  vc_writer_byte (writer, '\n');
  return vc_writer_finish (writer, error);
}
