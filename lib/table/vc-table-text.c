/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables for terminals. */
#include "base/vc-buffer-private.h"
#include "vc-render-private.h"

#define GAP 2
/* Columns of text are not made narrower than this to let more columns stand beside them. */
#define NARROW 12

typedef struct {
  VcWriter       *writer;
  VcRenderColumn *columns;
  guint          *widths;
  guint           n_columns; /* that are shown */
  guint           width;     /* of a line; G_MAXUINT: no limit */
  guint           owed;      /* spaces */
} Page;

/* Spaces are owed and paid when something follows, so that no line ends in them. */
static void
pay (Page *page)
{
  for (; page->owed > 0; page->owed--)
    vc_writer_byte (page->writer, ' ');
}

/* Text in at most `width` columns of characters, cut with an ellipsis where it takes more; returns how many it took. */
static guint
put_text (Page *page, const char *text, gsize length, guint width)
{
  const gboolean cut = vc_render_width (text, length) > width;
  const guint room = cut ? width - MIN (width, 1) : width;
  const char *end = text + length;
  char piece[VC_RENDER_PIECE];
  guint taken = 0, next;

  if (width == 0 || length == 0)
    return 0;
  pay (page);
  while (text < end) {
    const gsize size = vc_render_next (&text, end, piece, &next);

    if (taken + next > room)
      break;
    vc_writer_bytes (page->writer, piece, size);
    taken += next;
  }
  if (cut) {
    vc_writer_text (page->writer, "\u2026");
    taken++;
  }
  return taken;
}

static void
end_line (Page *page)
{
  vc_writer_byte (page->writer, '\n');
  page->owed = 0;
}

/* A cell of the head; over numbers it stands to the right. */
static void
put_title (Page *page, guint i, const char *title)
{
  const guint width = page->widths[i];
  const guint taken = MIN (vc_render_width (title, strlen (title)), width);
  const guint before = page->columns[i].is_number ? width - taken : 0;

  page->owed += before;
  page->owed += width - before - put_text (page, title, strlen (title), width);
}

static void
put_cell (Page *page, guint i, gsize row)
{
  const VcRenderColumn *column = &page->columns[i];
  const guint width = page->widths[i];
  VcRenderCell cell;
  guint before = 0, taken;

  vc_render_cell_init (&cell, column, row);
  if (column->is_number) {
    const guint used = vc_render_width (cell.text, cell.length) + column->part_width - (guint) cell.part;

    before = width - MIN (width, used);
  }
  page->owed += before;
  taken = put_text (page, cell.text, cell.length, width - before);
  page->owed += width - before - taken;
}

static void
put_rule (Page *page, guint i)
{
  pay (page);
  for (guint k = 0; k < page->widths[i]; k++)
    vc_writer_text (page->writer, "\u2500");
}

static gboolean
has_units (const Page *page)
{
  for (guint i = 0; i < page->n_columns; i++)
    if (page->columns[i].unit != NULL)
      return TRUE;
  return FALSE;
}

static void
put_head (Page *page)
{
  for (guint i = 0; i < page->n_columns; i++, page->owed += GAP)
    put_title (page, i, page->columns[i].name);
  end_line (page);
  for (guint i = 0; i < page->n_columns && has_units (page); i++, page->owed += GAP)
    put_title (page, i, page->columns[i].unit != NULL ? page->columns[i].unit : "");
  if (has_units (page))
    end_line (page);
  for (guint i = 0; i < page->n_columns; i++, page->owed += GAP)
    put_rule (page, i);
  end_line (page);
}

static void
put_note (Page *page, const char *note)
{
  put_text (page, note, strlen (note), page->width);
  end_line (page);
}

/* As many names of the columns that are left out as the line holds. */
static void
put_names (Page *page, guint n_columns)
{
  const guint n_hidden = n_columns - page->n_columns;
  char note[64];
  guint taken;

  g_snprintf (note, sizeof note, "\u2026 %u more column%s:", n_hidden, n_hidden == 1 ? "" : "s");
  taken = put_text (page, note, strlen (note), page->width);
  for (guint i = page->n_columns; i < n_columns && page->width - taken >= 3; i++) {
    const char *name = page->columns[i].name;
    const guint comma = i + 1 < n_columns;

    page->owed = 1;
    taken += 1 + put_text (page, name, strlen (name), page->width - taken - 1 - comma);
    taken += put_text (page, ",", 1, comma);
  }
  end_line (page);
}

static void
put_notes (Page *page, VcTable *table, gsize n_shown)
{
  const guint n_columns = vc_table_get_n_columns (table);
  const gsize n_rows = vc_table_get_n_rows (table);
  char note[64];

  if (n_rows == 0)
    put_note (page, "(no rows)");
  if (n_shown < n_rows) {
    g_snprintf (note, sizeof note, "\u2026 %" G_GSIZE_FORMAT " more row%s", n_rows - n_shown, n_rows - n_shown == 1 ? "" : "s");
    put_note (page, note);
  }
  if (page->n_columns < n_columns)
    put_names (page, n_columns);
}

static guint
natural_width (const VcRenderColumn *column)
{
  const guint unit = column->unit != NULL ? vc_render_width (column->unit, strlen (column->unit)) : 0;
  const guint name = vc_render_width (column->name, strlen (column->name));

  return CLAMP (MAX (MAX (name, unit), column->whole_width + column->part_width), 1, VC_RENDER_CELL_WIDTH);
}

static gboolean
is_text (const VcRenderColumn *column)
{
  return column->cells.type == VC_COLUMN_TYPE_TEXT;
}

/* Gives what room is left to the columns of text, one place each in turn. */
static void
widen_texts (Page *page, guint64 room)
{
  gboolean more = TRUE;

  while (more && room > 0) {
    more = FALSE;
    for (guint i = 0; i < page->n_columns && room > 0; i++)
      if (is_text (&page->columns[i]) && page->widths[i] < natural_width (&page->columns[i])) {
        page->widths[i]++;
        room--;
        more = TRUE;
      }
  }
}

/* Chooses the columns that fit, at least one, leaving out from the right. Nothing but text is ever made narrower than it is, save a first
 * column that is wider than the line. */
static void
fit (Page *page)
{
  guint64 total = 0;
  guint n = 0;

  for (; n < page->n_columns; n++) {
    const guint natural = natural_width (&page->columns[n]);

    page->widths[n] = is_text (&page->columns[n]) ? MIN (natural, NARROW) : natural;
    if (n > 0 && total + GAP + page->widths[n] > page->width)
      break;
    total += page->widths[n] + (n > 0 ? GAP : 0);
  }
  page->n_columns = n;
  if (total > page->width)
    page->widths[0] = page->width;
  else
    widen_texts (page, page->width - total);
}

static gboolean
page_init (Page *page, VcTable *table, const VcShownRows *rows)
{
  page->n_columns = vc_table_get_n_columns (table);
  page->columns = vc_buffer_new (VcRenderColumn, page->n_columns);
  page->widths = vc_buffer_new (guint, page->n_columns);
  if (page->columns == NULL || page->widths == NULL)
    return FALSE;
  for (guint i = 0; i < page->n_columns; i++)
    vc_render_column_init (&page->columns[i], vc_table_get_column (table, i), rows);
  fit (page);
  return TRUE;
}

static void
page_clear (Page *page)
{
  vc_buffer_free (page->columns);
  vc_buffer_free (page->widths);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

/**
 * vc_table_to_text:
 * @self: a table
 * @width: how many columns of characters a line may take; 0: no limit
 * @max_rows: how many rows to show; 0: all
 *
 * A table as text for a terminal: a head with units, numbers aligned on the decimal point, and the rows.
 *
 * Numbers are shown with four significant digits, or all those before the decimal point; [method@Table.write_csv] has
 * them in full. What is null is a dash. What does not fit the width is left out, columns from the right, and a line at
 * the end says so; a cell takes at most 72 columns of characters. Wide characters count as two. Control characters, and
 * those that turn the direction of writing, are written as escapes: nothing in a table can steer a terminal.
 *
 * Returns: (transfer full) (nullable): new text of whole lines, or %NULL where there is no memory for it
 */
char *
vc_table_to_text (VcTable *self, guint width, guint max_rows)
{
  g_autoptr (GOutputStream) memory = NULL;
  g_autoptr (VcWriter) writer = NULL;
  g_auto (Page) page = { .width = width > 0 ? width : G_MAXUINT };
  VcShownRows rows = { 0 };

  g_return_val_if_fail (VC_IS_TABLE (self), NULL);

  rows.n_rows = vc_table_get_n_rows (self);
  rows.n_head = max_rows > 0 ? MIN (rows.n_rows, max_rows) : rows.n_rows;
  page.writer = writer = vc_render_writer_new (&memory);
  if (!page_init (&page, self, &rows))
    return NULL;
  if (page.n_columns > 0)
    put_head (&page);
  for (gsize i = 0; i < rows.n_head && !vc_writer_failed (writer); i++) {
    for (guint k = 0; k < page.n_columns; k++, page.owed += GAP)
      put_cell (&page, k, i);
    end_line (&page);
  }
  put_notes (&page, self, rows.n_head);
  return vc_render_writer_finish (writer, memory);
}
