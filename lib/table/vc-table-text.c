/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables for terminals. */
#include "base/vc-buffer-private.h"
#include "vc-render-private.h"

#include <string.h>

#define GAP 2
/* Columns of text are not made narrower than this to let more columns stand beside them. */
#define NARROW 12

typedef struct {
  VcWriter       *writer;
  VcRenderColumn *columns;
  guint          *widths;
  guint           n_columns;
  guint          *shown;     /* the columns of the block at hand */
  guint           n_shown;
  guint           n_leading; /* columns that say what a row is about */
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
  for (guint k = 0; k < page->n_shown; k++)
    if (page->columns[page->shown[k]].unit != NULL)
      return TRUE;
  return FALSE;
}

static void
put_units (Page *page)
{
  for (guint k = 0; k < page->n_shown; k++, page->owed += GAP) {
    const char *unit = page->columns[page->shown[k]].unit;

    put_title (page, page->shown[k], unit != NULL ? unit : "");
  }
  end_line (page);
}

static void
put_head (Page *page)
{
  for (guint k = 0; k < page->n_shown; k++, page->owed += GAP)
    put_title (page, page->shown[k], page->columns[page->shown[k]].name);
  end_line (page);
  if (has_units (page))
    put_units (page);
  for (guint k = 0; k < page->n_shown; k++, page->owed += GAP)
    put_rule (page, page->shown[k]);
  end_line (page);
}

static void
put_note (Page *page, const char *note)
{
  put_text (page, note, strlen (note), page->width);
  end_line (page);
}

static void
put_notes (Page *page, gsize n_rows, gsize n_shown)
{
  char note[64];

  if (n_rows == 0)
    put_note (page, "(no rows)");
  if (n_shown < n_rows) {
    g_snprintf (note, sizeof note, "\u2026 %" G_GSIZE_FORMAT " more row%s", n_rows - n_shown,
                n_rows - n_shown == 1 ? "" : "s");
    put_note (page, note);
  }
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
    for (guint k = 0; k < page->n_shown && room > 0; k++) {
      const guint i = page->shown[k];

      if (is_text (&page->columns[i]) && page->widths[i] < natural_width (&page->columns[i])) {
        page->widths[i]++;
        room--;
        more = TRUE;
      }
    }
  }
}

static guint
least_width (const VcRenderColumn *column)
{
  const guint natural = natural_width (column);

  return is_text (column) ? MIN (natural, NARROW) : natural;
}

static void
show (Page *page, guint i, guint64 *total)
{
  page->widths[i] = least_width (&page->columns[i]);
  *total += page->widths[i] + (page->n_shown > 0 ? GAP : 0);
  page->shown[page->n_shown++] = i;
}

/* Shows the columns from `from` to before `end`, as many as fit, at least one, behind those that say what a row is
 * about, as far as there is room for both. Returns the first column that is not shown. */
static guint
show_columns (Page *page, guint from, guint end)
{
  const guint64 behind = GAP + least_width (&page->columns[from]);
  guint64 total = 0;
  guint i = from;

  page->n_shown = 0;
  for (guint k = 0; k < MIN (from, page->n_leading); k++)
    if (total + (k > 0 ? GAP : 0) + least_width (&page->columns[k]) + behind <= page->width)
      show (page, k, &total);
  for (; i < end; i++) {
    if (i > from && total + GAP + least_width (&page->columns[i]) > page->width)
      break;
    show (page, i, &total);
  }
  if (total > page->width)
    page->widths[from] = page->width;
  else
    widen_texts (page, page->width - total);
  return i;
}

/* Chooses the columns of the block that starts with column `from`. Nothing but text is ever made narrower than it is,
 * save a column that is alone and wider than the line; and text of which more than half would be cut stands in a block
 * of its own, if it comes last. Returns the first column of the next block. */
static guint
fit_block (Page *page, guint from)
{
  const guint next = show_columns (page, from, page->n_columns), last = next - 1;

  if (next < page->n_columns || last <= from || !is_text (&page->columns[last])
      || 2 * page->widths[last] >= natural_width (&page->columns[last]))
    return next;
  return show_columns (page, from, last);
}

/* Whether rows in a row have the same text in the first column, as flows that come from one party. */
static gboolean
repeats (const Page *page, const VcShownRows *rows)
{
  VcRenderCell before, here;

  for (gsize i = 1; i < vc_shown_rows_count (rows); i++) {
    vc_render_cell_init (&before, &page->columns[0], vc_shown_rows_get (rows, i - 1));
    vc_render_cell_init (&here, &page->columns[0], vc_shown_rows_get (rows, i));
    if (here.length == before.length && memcmp (here.text, before.text, here.length) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The first column; where it is text that does not tell rows apart, the second one too, if it is text. */
static guint
count_leading (const Page *page, const VcShownRows *rows)
{
  return page->n_columns > 1 && is_text (&page->columns[0]) && is_text (&page->columns[1]) && repeats (page, rows) ? 2
                                                                                                                   : 1;
}

static gboolean
page_init (Page *page, VcTable *table, const VcShownRows *rows)
{
  page->n_columns = vc_table_get_n_columns (table);
  page->columns = vc_buffer_new (VcRenderColumn, page->n_columns);
  page->widths = vc_buffer_new (guint, page->n_columns);
  page->shown = vc_buffer_new (guint, page->n_columns);
  if (page->columns == NULL || page->widths == NULL || page->shown == NULL)
    return FALSE;
  page->n_columns = vc_render_columns_init (page->columns, table, rows);
  page->n_leading = count_leading (page, rows);
  return TRUE;
}

static void
page_clear (Page *page)
{
  vc_buffer_free (page->columns);
  vc_buffer_free (page->widths);
  vc_buffer_free (page->shown);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

static void
put_block (Page *page, gsize n_rows)
{
  put_head (page);
  for (gsize row = 0; row < n_rows && !vc_writer_failed (page->writer); row++) {
    for (guint k = 0; k < page->n_shown; k++, page->owed += GAP)
      put_cell (page, page->shown[k], row);
    end_line (page);
  }
}

/**
 * vc_table_to_text:
 * @self: a table
 * @width: how many columns of characters a line may take; 0: no limit
 * @max_rows: how many rows to show; 0: all
 *
 * A table as text for a terminal: a head with units, numbers aligned on the decimal point, and the rows.
 *
 * Numbers are shown with four significant digits, or all those before the decimal point; [method@Table.write_csv] has
 * them in full. A figure NAME and its interval NAME_low and NAME_high, beside each other, are shown as one column. What
 * is null is a dash. Columns that do not fit beside each other follow in blocks below, each led by the first column,
 * and by the second where the first does not tell rows apart; so does text in the last one of which more than half
 * would be cut; a line at the end says how many rows are left out; a cell takes at most 72 columns of characters. Wide
 * characters count as two. Control characters, and those that turn the direction of writing, are written as escapes:
 * nothing in a table can steer a terminal.
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
  for (guint from = 0, next; from < page.n_columns; from = next) {
    next = fit_block (&page, from);
    if (from > 0)
      end_line (&page);
    put_block (&page, rows.n_head);
  }
  put_notes (&page, rows.n_rows, rows.n_head);
  return vc_render_writer_finish (writer, memory);
}
