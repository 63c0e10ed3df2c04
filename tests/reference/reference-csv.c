/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reference-csv.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const ReferenceCsv *options;
  const char *text;
  gsize length;
  gsize at;
  guint line;
  guint column;
  GString *out;
  GPtrArray *names;
  char *error;
} Reader;

typedef struct {
  GString *text;
  gboolean quoted;
  guint line;
  guint column;
} Cell;

static int
peek (const Reader *self, gsize ahead)
{
  return self->at + ahead < self->length ? (guint8) self->text[self->at + ahead] : -1;
}

static void
advance (Reader *self)
{
  int c = peek (self, 0);

  self->at++;
  self->column++;
  if (c == '\n' || (c == '\r' && peek (self, 0) != '\n')) {
    self->line++;
    self->column = 1;
  }
}

static gboolean
at_line_end (const Reader *self)
{
  return peek (self, 0) == '\n' || peek (self, 0) == '\r';
}

static void
skip_line_end (Reader *self)
{
  if (peek (self, 0) == '\r' && peek (self, 1) == '\n')
    advance (self);
  if (at_line_end (self))
    advance (self);
}

static gboolean
fail (Reader *self, const char *code, guint line, guint column)
{
  self->error = g_strdup_printf ("!%s in:%u:%u:", code, line, column);
  return FALSE;
}

static gboolean
read_quoted (Reader *self, Cell *cell)
{
  advance (self);
  for (;;) {
    if (peek (self, 0) < 0)
      return fail (self, "unclosed-quote", cell->line, cell->column);
    if (peek (self, 0) == '"') {
      advance (self);
      if (peek (self, 0) != '"')
        break;
    }
    g_string_append_c (cell->text, (char) peek (self, 0));
    advance (self);
  }
  return TRUE;
}

static gboolean
read_unquoted (Reader *self, Cell *cell)
{
  while (peek (self, 0) >= 0 && peek (self, 0) != self->options->delimiter && !at_line_end (self)
         && peek (self, 0) != '"') {
    g_string_append_c (cell->text, (char) peek (self, 0));
    advance (self);
  }
  return TRUE;
}

static gboolean
check_end (Reader *self, const Cell *cell)
{
  if (cell->text->len > self->options->max_field)
    return fail (self, "limit", cell->line, cell->column);
  return peek (self, 0) < 0 || peek (self, 0) == self->options->delimiter || at_line_end (self)
         || fail (self, "stray-quote", self->line, self->column);
}

/* Goes over the bytes of the cell once more. */
static gboolean
check_bytes (Reader *self, gsize start, Cell *cell)
{
  Reader again = *self;
  gsize bad = 0;
  const char *end;

  g_utf8_validate_len (self->text + start, self->at - start, &end);
  bad = (gsize) (end - self->text);
  if (bad == self->at)
    return TRUE;
  again.at = start;
  again.line = cell->line;
  again.column = cell->column;
  while (again.at < bad)
    advance (&again);
  return fail (self, self->text[bad] == '\0' ? "nul" : "encoding", again.line, again.column);
}

static gboolean
read_cell (Reader *self, Cell *cell)
{
  gsize start = self->at;

  g_string_truncate (cell->text, 0);
  cell->line = self->line;
  cell->column = self->column;
  cell->quoted = peek (self, 0) == '"';
  return (cell->quoted ? read_quoted (self, cell) : read_unquoted (self, cell)) && check_end (self, cell)
         && check_bytes (self, start, cell);
}

void
reference_csv_cell (GString *out, const char *kind, const char *value, gsize length)
{
  if (value == NULL) {
    g_string_append (out, "\t~");
    return;
  }
  g_string_append_printf (out, "\t%s%" G_GSIZE_FORMAT ":", kind, length);
  g_string_append_len (out, value, (gssize) length);
}

static gboolean
matches (const char *pattern, const GString *text)
{
  return g_regex_match_simple (pattern, text->str, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0);
}

static const char *
convert_double (const GString *text, char *out, gsize size)
{
  double value;

  if (!matches ("^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$", text))
    return "number";
  value = strtod (text->str, NULL);
  g_snprintf (out, (gulong) size, "%a", value == 0 ? 0 : value);
  return isfinite (value) ? NULL : "range";
}

static const char *
convert_int64 (const GString *text, char *out, gsize size)
{
  gint64 value;

  if (!matches ("^-?(0|[1-9][0-9]*)$", text))
    return "number";
  errno = 0;
  value = g_ascii_strtoll (text->str, NULL, 10);
  g_snprintf (out, (gulong) size, "%" G_GINT64_FORMAT, value);
  return errno == 0 ? NULL : "range";
}

static const char *
convert_boolean (const GString *text, char *out, gsize size)
{
  if (!matches ("^(true|false|TRUE|FALSE|True|False|0|1)$", text))
    return "value";
  g_snprintf (out, (gulong) size, "%d", strchr ("tT1", text->str[0]) != NULL);
  return NULL;
}

static int
number_at (const GString *text, gsize at)
{
  return text->len > at + 1 ? (text->str[at] - '0') * 10 + text->str[at + 1] - '0' : 0;
}

static const char *
convert_time (const GString *text, char *out, gsize size)
{
  const char *zone = strpbrk (text->str + MIN (text->len, 11), "+-Z");
  const char *fraction = strchr (text->str, '.');
  gboolean has_seconds = text->len > 16 && text->str[16] == ':';
  g_autoptr (GDateTime) local = NULL;
  g_autoptr (GDateTime) utc = NULL;
  gint64 microsecond = 0;
  int hours = 0, minutes = 0, sign;

  if (!matches ("^[0-9]{4}-[0-9][0-9]-[0-9][0-9]([T "
                "][0-9][0-9]:[0-9][0-9](:[0-9][0-9]([.][0-9]{1,9})?)?(Z|[+-][0-9][0-9](:[0-9][0-9])?)?)?$",
                text))
    return "time";
  for (int i = 1; i <= 6; i++) {
    fraction = fraction != NULL && g_ascii_isdigit (fraction[1]) ? fraction + 1 : NULL;
    microsecond = microsecond * 10 + (fraction != NULL ? *fraction - '0' : 0);
  }
  sign = zone != NULL && *zone == '-' ? -1 : 1;
  if (zone != NULL && *zone != 'Z') {
    hours = number_at (text, (gsize) (zone + 1 - text->str));
    minutes = zone[3] == ':' ? number_at (text, (gsize) (zone + 4 - text->str)) : 0;
  }
  local
    = g_date_time_new_utc (number_at (text, 0) * 100 + number_at (text, 2), number_at (text, 5), number_at (text, 8),
                           number_at (text, 11), number_at (text, 14), has_seconds ? number_at (text, 17) : 0);
  if (local == NULL || hours > 23 || minutes > 59)
    return "range";
  utc = g_date_time_add_minutes (local, -sign * (hours * 60 + minutes));
  if (utc == NULL)
    return "range";
  g_snprintf (out, (gulong) size, "%" G_GINT64_FORMAT, g_date_time_to_unix (utc) * 1000000 + microsecond);
  return NULL;
}

static gboolean
is_null (const ReferenceCsv *options, const char *name, const Cell *cell)
{
  gboolean text = strchr ("nibt", name[0]) == NULL || name[1] != '\0';

  if (options->missing != '\0' && cell->text->len == 1 && cell->text->str[0] == options->missing)
    return TRUE;
  return cell->text->len == 0 && (!cell->quoted || !text || (options->require && g_str_equal (name, "r")));
}

static gboolean
is_declared (const char *name)
{
  return name[0] != '\0' && name[1] == '\0' && strchr ("nibtxr", name[0]) != NULL;
}

static gboolean
take_cell (Reader *self, guint index, const Cell *cell)
{
  static const char *(*const converters[]) (const GString *, char *, gsize)
    = { convert_double, convert_int64, convert_boolean, convert_time };
  const char *name = g_ptr_array_index (self->names, index);
  const char *kinds = "nibt";
  const char *kind = is_declared (name) ? strchr (kinds, name[0]) : NULL;
  const char *code;
  char out[64] = "";

  if (self->options->skip_undeclared && !is_declared (name))
    return TRUE;
  if (is_null (self->options, name, cell)) {
    if (self->options->require && g_str_equal (name, "r"))
      return fail (self, "missing", cell->line, cell->column);
    reference_csv_cell (self->out, NULL, NULL, 0);
    return TRUE;
  }
  if (kind == NULL) {
    reference_csv_cell (self->out, "x", cell->text->str, cell->text->len);
    return TRUE;
  }
  code = converters[kind - kinds](cell->text, out, sizeof out);
  if (code != NULL)
    return fail (self, code, cell->line, cell->column);
  reference_csv_cell (self->out, (const char[]) { *kind, '\0' }, out, strlen (out));
  return TRUE;
}

static gboolean
read_row (Reader *self, guint row)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Cell cell = { .text = text };
  guint first_line = self->line;

  g_string_append_printf (self->out, "\n%u", self->line);
  for (guint i = 0;; i++) {
    if (i == self->names->len)
      return fail (self, "field-count", self->line, self->column);
    if (!read_cell (self, &cell) || !take_cell (self, i, &cell))
      return FALSE;
    if (peek (self, 0) == self->options->delimiter) {
      advance (self);
      continue;
    }
    if (i + 1 < self->names->len)
      return fail (self, "field-count", self->line, self->column);
    break;
  }
  skip_line_end (self);
  return row < self->options->max_rows || fail (self, "limit", first_line, 1);
}

static char *
skeleton (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = g_utf8_casefold (normal, -1);
  g_autoptr (GRegex) unseen = g_regex_new ("[\\p{Cf}\\p{Z}\\t\\n\\f\\r]", 0, 0, NULL);
  g_autofree char *seen = g_regex_replace_literal (unseen, folded, -1, 0, "", 0, NULL);

  return g_utf8_normalize (seen, -1, G_NORMALIZE_ALL_COMPOSE);
}

static gboolean
check_name (Reader *self, const Cell *cell)
{
  g_autofree char *seen = skeleton (cell->text->str);

  if ((cell->text->len == 0 && !self->options->skip_undeclared)
      || (!is_declared (cell->text->str) && is_declared (seen)))
    return fail (self, "header", cell->line, cell->column);
  for (guint i = 0; i < self->names->len && is_declared (cell->text->str); i++)
    if (g_str_equal (g_ptr_array_index (self->names, i), cell->text->str))
      return fail (self, "header", cell->line, cell->column);
  return TRUE;
}

static gboolean
has_name (const Reader *self, const char *name)
{
  return g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, NULL);
}

static void
show_names (Reader *self)
{
  g_autoptr (GPtrArray) shown = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->names->len; i++) {
    const char *name = g_ptr_array_index (self->names, i);
    g_autofree char *unique = g_strdup (name);

    if (g_ptr_array_find_with_equal_func (shown, name, g_str_equal, NULL))
      for (guint n = 2; has_name (self, unique) || g_ptr_array_find_with_equal_func (shown, unique, g_str_equal, NULL);
           n++) {
        g_free (unique);
        unique = g_strdup_printf ("%s_%u", name, n);
      }
    if (!self->options->skip_undeclared || is_declared (name))
      reference_csv_cell (self->out, "", unique, strlen (unique));
    g_ptr_array_add (shown, g_steal_pointer (&unique));
  }
}

/* All bytes of the header are looked at before its names are. */
static gboolean
read_header (Reader *self)
{
  Reader start = *self;

  for (guint pass = 0; pass < 2; pass++) {
    self->at = start.at, self->line = start.line, self->column = start.column;
    for (;; advance (self)) {
      g_autoptr (GString) text = g_string_new (NULL);
      Cell cell = { .text = text };

      if (!read_cell (self, &cell))
        return FALSE;
      if (pass == 0 && (self->names->len == self->options->max_columns || text->len > 1024))
        return fail (self, "limit", cell.line, cell.column);
      if (pass == 1 && !check_name (self, &cell))
        return FALSE;
      g_ptr_array_add (self->names, g_strdup (text->str));
      if (peek (self, 0) != self->options->delimiter)
        break;
    }
    if (pass == 0)
      g_ptr_array_set_size (self->names, 0);
  }
  if (self->options->require && !has_name (self, "r"))
    return fail (self, "missing", start.line, 1);
  skip_line_end (self);
  show_names (self);
  return TRUE;
}

static gboolean
read_all (Reader *self)
{
  if (self->length >= 3 && memcmp (self->text, "\xef\xbb\xbf", 3) == 0)
    self->at = 3;
  while (at_line_end (self))
    skip_line_end (self);
  if (peek (self, 0) < 0) {
    self->error = g_strdup ("!empty in:");
    return FALSE;
  }
  if (!read_header (self))
    return FALSE;
  for (guint row = 0; peek (self, 0) >= 0;) {
    if (self->names->len > 1 && at_line_end (self))
      skip_line_end (self);
    else if (!read_row (self, row++))
      return FALSE;
  }
  return TRUE;
}

char *
reference_csv_read (const ReferenceCsv *self, const char *text, gsize length)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) out = g_string_new (NULL);
  Reader reader
    = { .options = self, .text = text, .length = length, .line = 1, .column = 1, .out = out, .names = names };

  return read_all (&reader) ? g_string_free (g_steal_pointer (&out), FALSE) : reader.error;
}
