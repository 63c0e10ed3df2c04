/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-render-private.h"

#include <math.h>
#include <string.h>

#define SIGNIFICANT_DIGITS 4
#define DIGITS_OF_BOUNDS 3
#define DAY G_GINT64_CONSTANT (86400000000)
#define MINUTE G_GINT64_CONSTANT (60000000)

static gboolean
turns_direction (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* What must not reach a terminal or hide in a page as it is. */
static gboolean
is_unsafe (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || turns_direction (c);
}

static gsize
escape (gunichar c, char piece[VC_RENDER_PIECE])
{
  if (c == '\n' || c == '\r' || c == '\t') {
    piece[0] = '\\';
    piece[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
    return 2;
  }
  return (gsize) g_snprintf (piece, VC_RENDER_PIECE, "\\u%04x", c);
}

gsize
vc_render_next (const char **text, const char *end, char piece[VC_RENDER_PIECE], guint *width)
{
  const gunichar c = g_utf8_get_char (*text);
  const gsize size = (gsize) (g_utf8_next_char (*text) - *text);

  if (is_unsafe (c)) {
    *text += size;
    *width = (guint) escape (c, piece);
    return *width;
  }
  memcpy (piece, *text, size);
  *text += size;
  *width = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
  return size;
}

/* Stops once it is beyond what any cell may take. */
guint
vc_render_width (const char *text, gsize length)
{
  const char *end = text + length;
  char piece[VC_RENDER_PIECE];
  guint total = 0, width;

  while (text < end && total <= VC_RENDER_CELL_WIDTH) {
    vc_render_next (&text, end, piece, &width);
    total += width;
  }
  return total;
}

/* Digits that the shortest text of a number has, without leading and trailing zeros. */
static guint
count_digits (const char *text)
{
  guint n = 0, zeros = 0;

  for (; *text != '\0' && *text != 'e'; text++) {
    if (!g_ascii_isdigit (*text) || (n == 0 && *text == '0'))
      continue;
    zeros = *text == '0' ? zeros + 1 : 0;
    n++;
  }
  return n - zeros;
}

/* "1.235e-07" to "1.235e-7". */
static void
tidy_exponent (char *text)
{
  char *digits = strchr (text, 'e') + 1;
  char *first;

  if (*digits == '-')
    digits++;
  first = digits + (*digits == '+');
  while (*first == '0' && first[1] != '\0')
    first++;
  memmove (digits, first, strlen (first) + 1);
}

/* So many significant digits, but all those before the decimal point. Where the number has fewer, no zeros are added:
 * "0.5" is a half, "0.5000" is about a half. */
static void
format_number (double value, guint most, char buffer[VC_NUMBER_SIZE])
{
  const char scientific_formats[SIGNIFICANT_DIGITS][5] = { "%.0e", "%.1e", "%.2e", "%.3e" };
  char scientific[VC_NUMBER_SIZE];
  guint n_digits;
  int exponent, decimals;

  buffer[vc_format_double (value, buffer)] = '\0';
  n_digits = MIN (count_digits (buffer), most);
  if (value == 0)
    return;
  g_ascii_formatd (scientific, sizeof scientific, scientific_formats[most - 1], value);
  exponent = atoi (strchr (scientific, 'e') + 1);
  decimals = MAX (0, (int) n_digits - 1 - exponent);
  if (exponent >= 15 || exponent < -4) {
    g_ascii_formatd (buffer, VC_NUMBER_SIZE, scientific_formats[n_digits - 1], value);
    tidy_exponent (buffer);
  } else {
    const char formats[][5] = { "%.0f", "%.1f", "%.2f", "%.3f", "%.4f", "%.5f", "%.6f", "%.7f" };

    g_ascii_formatd (buffer, VC_NUMBER_SIZE, formats[decimals], value);
  }
}

/* "2024-05-01T08:30:00Z" to "2024-05-01 08:30"; years of more digits stay as they are. */
static gsize
format_time (gint64 value, VcTimeShape shape, char buffer[VC_NUMBER_SIZE])
{
  const gsize length = vc_format_time (value, buffer);

  if (length < 20 || buffer[10] != 'T' || buffer[length - 1] != 'Z')
    return length;
  buffer[10] = ' ';
  return shape == VC_TIME_SHAPE_DAY ? 10 : shape == VC_TIME_SHAPE_MINUTE ? 16 : length - 1;
}

static void
set_number (VcRenderCell *self, double value)
{
  const char *point;

  format_number (value, SIGNIFICANT_DIGITS, self->buffer);
  self->length = strlen (self->buffer);
  point = strpbrk (self->buffer, ".e");
  self->part = point != NULL ? self->length - (gsize) (point - self->buffer) : 0;
}

/* An end that is null is open. */
static void
format_bound (const VcCells *cells, gsize row, char buffer[VC_NUMBER_SIZE])
{
  if (vc_cells_is_null (cells, row))
    strcpy (buffer, "-");
  else
    format_number (vc_cells_double (cells, row), DIGITS_OF_BOUNDS, buffer);
}

/* " [0.12, 0.34]" behind the number, below those of other rows. */
static void
add_interval (VcRenderCell *self, const VcRenderColumn *column, gsize row)
{
  const guint gap = column->number_width - MIN (column->number_width, (guint) self->part);
  char low[VC_NUMBER_SIZE], high[VC_NUMBER_SIZE];
  gsize size;

  if (!column->has_interval || (vc_cells_is_null (&column->low, row) && vc_cells_is_null (&column->high, row)))
    return;
  format_bound (&column->low, row, low);
  format_bound (&column->high, row, high);
  size = (gsize) g_snprintf (self->buffer + self->length, sizeof self->buffer - self->length, "%*s [%s, %s]", (int) gap,
                             "", low, high);
  self->length += size;
  self->part += size;
  self->interval = size - gap - 1;
}

void
vc_render_cell_init (VcRenderCell *self, const VcRenderColumn *column, gsize row)
{
  const VcCells *cells = &column->cells;

  self->text = self->buffer;
  self->part = self->interval = 0;
  self->is_null = vc_cells_is_null (cells, row);
  if (self->is_null) {
    self->text = "\u2013";
    self->length = 3;
    return;
  }
  switch (cells->type) {
    case VC_COLUMN_TYPE_DOUBLE:
      set_number (self, vc_cells_double (cells, row));
      add_interval (self, column, row);
      break;
    case VC_COLUMN_TYPE_INT64:
      self->length
        = (gsize) g_snprintf (self->buffer, VC_NUMBER_SIZE, "%" G_GINT64_FORMAT, vc_cells_int64 (cells, row));
      break;
    case VC_COLUMN_TYPE_TIME:
      self->length = format_time (vc_cells_int64 (cells, row), column->time_shape, self->buffer);
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      self->text = vc_cells_boolean (cells, row) ? "yes" : "no";
      self->length = strlen (self->text);
      break;
    case VC_COLUMN_TYPE_TEXT:
    default:
      self->text = vc_cells_text (cells, row, &self->length);
  }
}

static VcTimeShape
find_time_shape (const VcCells *cells, const VcShownRows *rows)
{
  VcTimeShape shape = VC_TIME_SHAPE_DAY;

  for (gsize i = 0; i < vc_shown_rows_count (rows); i++) {
    const gsize row = vc_shown_rows_get (rows, i);

    if (vc_cells_is_null (cells, row))
      continue;
    if (vc_cells_int64 (cells, row) % MINUTE != 0)
      return VC_TIME_SHAPE_FULL;
    if (vc_cells_int64 (cells, row) % DAY != 0)
      shape = VC_TIME_SHAPE_MINUTE;
  }
  return shape;
}

static void
measure_cells (VcRenderColumn *self, const VcShownRows *rows)
{
  self->whole_width = self->part_width = 0;
  for (gsize i = 0; i < vc_shown_rows_count (rows); i++) {
    VcRenderCell cell;

    vc_render_cell_init (&cell, self, vc_shown_rows_get (rows, i));
    self->whole_width = MAX (self->whole_width, vc_render_width (cell.text, cell.length - cell.part));
    self->part_width = MAX (self->part_width, (guint) cell.part);
  }
}

static void
column_init (VcRenderColumn *self, VcColumn *column, const VcShownRows *rows)
{
  const VcColumnType type = vc_column_get_column_type (column);

  *self = (VcRenderColumn) {
    .cells = vc_cells_of (column),
    .name = vc_column_get_name (column),
    .unit = vc_column_get_unit (column),
    .description = vc_column_get_description (column),
    .is_number = type == VC_COLUMN_TYPE_DOUBLE || type == VC_COLUMN_TYPE_INT64,
  };
  if (self->unit != NULL && self->unit[0] == '\0')
    self->unit = NULL;
  if (type == VC_COLUMN_TYPE_TIME)
    self->time_shape = find_time_shape (&self->cells, rows);
  if (type == VC_COLUMN_TYPE_TIME && self->time_shape != VC_TIME_SHAPE_DAY && self->unit == NULL)
    self->unit = "UTC";
  measure_cells (self, rows);
}

static gboolean
is_bound (VcColumn *column, const char *name, const char *which)
{
  const char *own = vc_column_get_name (column);

  return vc_column_get_column_type (column) == VC_COLUMN_TYPE_DOUBLE && g_str_has_prefix (own, name)
         && g_str_equal (own + strlen (name), which);
}

/* The interval of column `i` stands in the two after it. */
static gboolean
has_interval (VcTable *table, guint i)
{
  VcColumn *column = vc_table_get_column (table, i);

  return i + 2 < vc_table_get_n_columns (table) && vc_column_get_column_type (column) == VC_COLUMN_TYPE_DOUBLE
         && is_bound (vc_table_get_column (table, i + 1), vc_column_get_name (column), "_low")
         && is_bound (vc_table_get_column (table, i + 2), vc_column_get_name (column), "_high");
}

guint
vc_render_columns_init (VcRenderColumn *self, VcTable *table, const VcShownRows *rows)
{
  guint n = 0;

  for (guint i = 0; i < vc_table_get_n_columns (table); i++) {
    VcRenderColumn *column = &self[n++];

    column_init (column, vc_table_get_column (table, i), rows);
    if (!has_interval (table, i))
      continue;
    column->has_interval = TRUE;
    column->number_width = column->part_width;
    column->low = vc_cells_of (vc_table_get_column (table, ++i));
    column->high = vc_cells_of (vc_table_get_column (table, ++i));
    measure_cells (column, rows);
  }
  return n;
}

VcWriter *
vc_render_writer_new (GOutputStream **memory)
{
  *memory = g_memory_output_stream_new (NULL, 0, g_try_realloc, g_free);
  return vc_writer_new (*memory, NULL);
}

/* NULL: no memory. */
char *
vc_render_writer_finish (VcWriter *writer, GOutputStream *memory)
{
  vc_writer_byte (writer, '\0');
  if (!vc_writer_finish (writer, NULL) || !g_output_stream_close (memory, NULL, NULL))
    return NULL;
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (memory));
}
