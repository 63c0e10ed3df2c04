/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables for notebooks. */
#include "base/vc-buffer-private.h"
#include "vc-render-private.h"

/* Nothing but the inherited colour and half-transparent grey, so that it is readable on light and on dark. */
static const char style[]
  = "<style>\n"
    ".vc-table{overflow-x:auto;margin:.5em 0 1em}\n"
    ".vc-table "
    "table{border-collapse:collapse;border:0;margin:0;color:inherit;background:transparent;font-size:.92em;line-height:"
    "1.35}\n"
    ".vc-table caption{caption-side:top;text-align:left;padding:0 .7em "
    ".35em;color:inherit;font-weight:600;white-space:nowrap}\n"
    ".vc-table caption span,.vc-table .u,.vc-table .z,.vc-table .g td{font-weight:400;opacity:.62}\n"
    ".vc-table caption span{margin-left:.8em}\n"
    ".vc-table .u{display:block;font-size:.88em}\n"
    ".vc-table tr{background:transparent}\n"
    ".vc-table th,.vc-table td{padding:.22em .7em;border:0;text-align:left;vertical-align:top;white-space:pre;"
    "font-variant-numeric:tabular-nums lining-nums}\n"
    ".vc-table th{font-weight:600;border-bottom:1px solid rgba(128,128,128,.7)}\n"
    ".vc-table th[title]{text-decoration:underline dotted "
    "rgba(128,128,128,.8);text-underline-offset:.25em;cursor:help}\n"
    ".vc-table td{border-bottom:1px solid rgba(128,128,128,.18)}\n"
    ".vc-table .n{text-align:right}\n"
    ".vc-table .i{padding-left:0;opacity:.75}\n"
    ".vc-table .g td{text-align:center}\n"
    ".vc-table tbody tr:hover{background:rgba(128,128,128,.12)}\n"
    "</style>\n";

static void
put_piece (VcWriter *writer, const char *piece, gsize size)
{
  switch (size == 1 ? piece[0] : '\0') {
    case '&':
      vc_writer_text (writer, "&amp;");
      break;
    case '<':
      vc_writer_text (writer, "&lt;");
      break;
    case '>':
      vc_writer_text (writer, "&gt;");
      break;
    case '"':
      vc_writer_text (writer, "&quot;");
      break;
    case '\'':
      vc_writer_text (writer, "&#39;");
      break;
    default:
      vc_writer_bytes (writer, piece, size);
  }
}

/* Escaped, and cut after `width` columns of characters; 0: whole. */
static void
put_escaped (VcWriter *writer, const char *text, gsize length, guint width)
{
  const char *end = text + length;
  char piece[VC_RENDER_PIECE];
  guint taken = 0, next;

  while (text < end) {
    const gsize size = vc_render_next (&text, end, piece, &next);

    if (width > 0 && taken + next > width) {
      vc_writer_text (writer, "\u2026");
      return;
    }
    put_piece (writer, piece, size);
    taken += next;
  }
}

static void
put_caption (VcWriter *writer, VcTable *table)
{
  const char *name = vc_table_get_name (table);
  char shape[96];
  const gsize n_rows = vc_table_get_n_rows (table);
  const guint n_columns = vc_table_get_n_columns (table);

  g_snprintf (shape, sizeof shape, "<span>%" G_GSIZE_FORMAT " row%s \u00d7 %u column%s</span></caption>\n", n_rows,
              n_rows == 1 ? "" : "s", n_columns, n_columns == 1 ? "" : "s");
  vc_writer_text (writer, "<caption>");
  put_escaped (writer, name, strlen (name), VC_RENDER_CELL_WIDTH);
  vc_writer_text (writer, shape);
}

static void
put_head (VcWriter *writer, const VcRenderColumn *columns, guint n)
{
  vc_writer_text (writer, "<thead><tr>");
  for (guint i = 0; i < n; i++) {
    vc_writer_text (writer, columns[i].is_number ? "<th scope=\"col\" class=\"n\"" : "<th scope=\"col\"");
    if (columns[i].has_interval)
      vc_writer_text (writer, " colspan=\"2\"");
    if (columns[i].description != NULL) {
      vc_writer_text (writer, " title=\"");
      put_escaped (writer, columns[i].description, strlen (columns[i].description), 0);
      vc_writer_byte (writer, '"');
    }
    vc_writer_byte (writer, '>');
    put_escaped (writer, columns[i].name, strlen (columns[i].name), VC_RENDER_CELL_WIDTH);
    if (columns[i].unit != NULL) {
      vc_writer_text (writer, "<span class=\"u\">");
      put_escaped (writer, columns[i].unit, strlen (columns[i].unit), VC_RENDER_CELL_WIDTH);
      vc_writer_text (writer, "</span>");
    }
    vc_writer_text (writer, "</th>");
  }
  vc_writer_text (writer, "</tr></thead>\n");
}

/* Spaces as wide as a decimal point and as digits, so that numbers stand one below the other by their points. */
static void
put_padding (VcWriter *writer, gsize part, gsize widest)
{
  if (part == 0 && widest > 0) {
    vc_writer_text (writer, "\u2008");
    part = 1;
  }
  for (; part < widest; part++)
    vc_writer_text (writer, "\u2007");
}

/* A number, and in a cell of its own its interval, since neither spaces nor brackets are as wide as digits. */
static void
put_number_and_interval (VcWriter *writer, const VcRenderColumn *column, const VcRenderCell *cell)
{
  const char *interval = cell->text + cell->length - cell->interval;
  gsize length = cell->length - cell->interval, part = cell->part - cell->interval;

  for (; cell->interval > 0 && length > 0 && cell->text[length - 1] == ' '; length--)
    part--;
  put_escaped (writer, cell->text, length, VC_RENDER_CELL_WIDTH);
  put_padding (writer, part, column->number_width);
  vc_writer_text (writer, "</td><td class=\"i\">");
  put_escaped (writer, interval, cell->interval, VC_RENDER_CELL_WIDTH);
}

static void
put_row (VcWriter *writer, const VcRenderColumn *columns, guint n, gsize row)
{
  static const char *const cell_tags[2][2]
    = { { "<td>", "<td class=\"z\">" }, { "<td class=\"n\">", "<td class=\"n z\">" } };

  vc_writer_text (writer, "<tr>");
  for (guint i = 0; i < n; i++) {
    VcRenderCell cell;

    vc_render_cell_init (&cell, &columns[i], row);
    vc_writer_text (writer, cell_tags[columns[i].is_number ? 1 : 0][cell.is_null ? 1 : 0]);
    if (columns[i].has_interval) {
      put_number_and_interval (writer, &columns[i], &cell);
    } else {
      put_escaped (writer, cell.text, cell.length, VC_RENDER_CELL_WIDTH);
      if (columns[i].is_number)
        put_padding (writer, cell.part, columns[i].part_width);
    }
    vc_writer_text (writer, "</td>");
  }
  vc_writer_text (writer, "</tr>\n");
}

static guint
count_cells (const VcRenderColumn *columns, guint n)
{
  guint n_cells = n;

  for (guint i = 0; i < n; i++)
    n_cells += columns[i].has_interval ? 1 : 0;
  return n_cells;
}

static void
put_gap (VcWriter *writer, gsize n_hidden, guint n_cells)
{
  char row[128];

  g_snprintf (row, sizeof row,
              "<tr class=\"g\"><td colspan=\"%u\">\u2026 %" G_GSIZE_FORMAT " more row%s \u2026</td></tr>\n", n_cells,
              n_hidden, n_hidden == 1 ? "" : "s");
  vc_writer_text (writer, row);
}

static void
put_body (VcWriter *writer, const VcRenderColumn *columns, guint n, const VcShownRows *rows)
{
  const gsize n_hidden = rows->n_rows - vc_shown_rows_count (rows);

  vc_writer_text (writer, "<tbody>\n");
  for (gsize i = 0; i < vc_shown_rows_count (rows) && !vc_writer_failed (writer); i++) {
    if (i == rows->n_head && n_hidden > 0)
      put_gap (writer, n_hidden, count_cells (columns, n));
    put_row (writer, columns, n, vc_shown_rows_get (rows, i));
  }
  if (rows->n_tail == 0 && n_hidden > 0)
    put_gap (writer, n_hidden, count_cells (columns, n));
  vc_writer_text (writer, "</tbody>\n");
}

/* The first half of `max_rows`, rounded up, and the last. */
static VcShownRows
choose_rows (gsize n_rows, gsize max_rows)
{
  if (max_rows == 0 || n_rows <= max_rows)
    return (VcShownRows) { n_rows, 0, n_rows };
  return (VcShownRows) { max_rows - max_rows / 2, max_rows / 2, n_rows };
}

/**
 * vc_table_to_html:
 * @self: a table
 * @max_rows: how many rows to show; 0: all
 *
 * A table as HTML for a notebook or a web view: name and shape, a head with units, the first rows and the last.
 *
 * It stands alone: no script, nothing to load, no id, and its style is limited to its class, `vc-table`. Colours are
 * those of the page around it, light or dark. Descriptions of columns show up under the pointer. Numbers are shown as
 * in [method@Table.to_text]; everything that comes from the data is escaped.
 *
 * Returns: (transfer full) (nullable): new HTML, or %NULL where there is no memory for it
 */
char *
vc_table_to_html (VcTable *self, guint max_rows)
{
  g_autoptr (GOutputStream) memory = NULL;
  g_autoptr (VcWriter) writer = NULL;
  VC_BUFFER (VcRenderColumn) columns = NULL;
  VcShownRows rows;
  guint n;

  g_return_val_if_fail (VC_IS_TABLE (self), NULL);

  n = vc_table_get_n_columns (self);
  rows = choose_rows (vc_table_get_n_rows (self), max_rows);
  columns = vc_buffer_new (VcRenderColumn, n);
  if (columns == NULL)
    return NULL;
  n = vc_render_columns_init (columns, self, &rows);
  writer = vc_render_writer_new (&memory);
  vc_writer_text (writer, "<div class=\"vc-table\">\n");
  vc_writer_text (writer, style);
  vc_writer_text (writer, "<table>\n");
  put_caption (writer, self);
  put_head (writer, columns, n);
  put_body (writer, columns, n, &rows);
  vc_writer_text (writer, "</table>\n</div>\n");
  return vc_render_writer_finish (writer, memory);
}
