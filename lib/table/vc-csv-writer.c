/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "valuechain/vc-table.h"
#include "vc-writer-private.h"

/* Whether a spreadsheet would take the text for a formula (CWE-1236), in ASCII or full width. */
static gboolean
looks_like_formula (const char *text, gsize length)
{
  static const char *const wide[] = { "\uff1d", "\uff0b", "\uff0d", "\uff20" };

  if (length == 0)
    return FALSE;
  if (memchr ("=+-@\t\r", text[0], 6) != NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (wide); i++)
    if (length >= 3 && memcmp (text, wide[i], 3) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
needs_quotes (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
      return TRUE;
  /* Empty text, which is not null; and what would be taken for a byte-order mark at the beginning of the file. */
  return length == 0 || (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0);
}

static void
write_quoted (VcWriter *writer, const char *text, gsize length)
{
  gsize start = 0;

  for (gsize i = 0; i < length; i++)
    if (text[i] == '"') {
      vc_writer_bytes (writer, text + start, i + 1 - start);
      start = i; /* the quote once more */
    }
  vc_writer_bytes (writer, text + start, length - start);
}

static void
write_text (VcWriter *writer, const char *text, gsize length, gboolean guard)
{
  const gboolean quotes = needs_quotes (text, length);

  if (quotes)
    vc_writer_byte (writer, '"');
  if (guard && looks_like_formula (text, length))
    vc_writer_byte (writer, '\'');
  write_quoted (writer, text, length);
  if (quotes)
    vc_writer_byte (writer, '"');
}

static void
write_cell (VcWriter *writer, const VcCells *cells, gsize row, gboolean guard)
{
  const char *text;
  gsize length;

  switch (cells->type) {
    case VC_COLUMN_TYPE_DOUBLE:
      vc_writer_double (writer, vc_cells_double (cells, row));
      break;
    case VC_COLUMN_TYPE_INT64:
      vc_writer_int64 (writer, vc_cells_int64 (cells, row));
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      vc_writer_text (writer, vc_cells_boolean (cells, row) ? "true" : "false");
      break;
    case VC_COLUMN_TYPE_TIME:
      vc_writer_time (writer, vc_cells_int64 (cells, row));
      break;
    case VC_COLUMN_TYPE_TEXT:
    default:
      text = vc_cells_text (cells, row, &length);
      write_text (writer, text, length, guard);
  }
}

static void
write_header (VcWriter *writer, VcTable *table, gboolean guard)
{
  for (guint i = 0; i < vc_table_get_n_columns (table); i++) {
    const char *name = vc_column_get_name (vc_table_get_column (table, i));

    if (i > 0)
      vc_writer_byte (writer, ',');
    write_text (writer, name, strlen (name), guard);
  }
  vc_writer_byte (writer, '\n');
}

static gboolean
write_rows (VcWriter *writer, VcTable *table, gboolean guard, GError **error)
{
  const guint n = vc_table_get_n_columns (table);
  const gsize n_rows = vc_table_get_n_rows (table);
  VC_BUFFER (VcCells) cells = vc_buffer_new (VcCells, n);

  if (cells == NULL) {
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory to write the table");
    return FALSE;
  }
  for (guint i = 0; i < n; i++)
    cells[i] = vc_cells_of (vc_table_get_column (table, i));
  for (gsize row = 0; row < n_rows && !vc_writer_failed (writer); row++) {
    for (guint i = 0; i < n; i++) {
      if (i > 0)
        vc_writer_byte (writer, ',');
      if (!vc_cells_is_null (&cells[i], row))
        write_cell (writer, &cells[i], row, guard);
      else if (n == 1)
        /* A line of nothing would be taken for no row. */
        vc_writer_text (writer, "\"\"");
    }
    vc_writer_byte (writer, '\n');
  }
  return TRUE;
}

/**
 * vc_table_write_csv:
 * @self: a table
 * @stream: where to; it stays open
 * @guard_formulas: whether text that a spreadsheet would take for a formula gets a leading apostrophe
 * @cancellable: (nullable): to stop it
 * @error: where an error is returned
 *
 * Writes a table as CSV (RFC 4180): a header row, then a row a line, fields in quotes where they must be.
 *
 * Lines end in a line feed, as the tools of a shell want it and every reader takes it. What is null is an empty field,
 * empty text a pair of quotes (so is the null of a table of one column, for a line of nothing would be no row). Numbers
 * are the shortest that read back to the same bits; times are ISO 8601, in UTC; booleans `true` and `false`. The same
 * table gives the same bytes in every locale.
 *
 * With @guard_formulas, text that begins with one of `=`, `+`, `-`, `@`, a tab or a carriage return, or with a
 * full-width form of them, gets a leading `'`. Numbers are never touched. Leave it off only where no spreadsheet will
 * open the file.
 *
 * Errors: those of the stream, %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether all was written
 */
gboolean
vc_table_write_csv (VcTable *self, GOutputStream *stream, gboolean guard_formulas, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (VcWriter) writer = NULL;

  g_return_val_if_fail (VC_IS_TABLE (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  writer = vc_writer_new (stream, cancellable);
  write_header (writer, self, guard_formulas);
  return write_rows (writer, self, guard_formulas, error) && vc_writer_finish (writer, error);
}
