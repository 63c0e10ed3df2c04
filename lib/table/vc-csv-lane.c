/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/vc-buffer-private.h"
#include "vc-csv-private.h"

#define NO_PLACE G_MAXSIZE

/* Where a lane's parser stands. */
typedef struct {
  VcCsvLane *lane;
  const char *p;
  const char *end;
  const char *line_start;
  char delimiter;
  gboolean check; /* the lane has bytes that are not plain ASCII */
} Scan;

/* A field as found: `raw` with its quotes, `text` within. */
typedef struct {
  const char *raw;
  const char *text;
  gsize length;
  gsize n_doubled; /* quotes written as two */
  gboolean quoted;
  guint64 line; /* of `raw` */
  guint64 column;
} Field;

static void
fail (Scan *scan, VcImportError code, const char *what, int field, const char *at)
{
  scan->lane->problem = (VcCsvProblem) {
    .found = TRUE,
    .code = code,
    .what = what,
    .field = field,
    .line = scan->lane->n_lines,
    .column = (guint64) (at - scan->line_start),
  };
}

static void
fail_field (Scan *scan, VcImportError code, const char *what, int field, const Field *place)
{
  scan->lane->problem = (VcCsvProblem) {
    .found = TRUE, .code = code, .what = what, .field = field, .line = place->line, .column = place->column
  };
}

/* The next delimiter, quote or line's end in an unquoted field. */
static inline const char *
find_special (const char *p, const char *end, char delimiter)
{
#ifdef __SSE2__
  const __m128i delimiters = _mm_set1_epi8 (delimiter);
  const __m128i quotes = _mm_set1_epi8 ('"');
  const __m128i feeds = _mm_set1_epi8 ('\n');
  const __m128i returns = _mm_set1_epi8 ('\r');

  for (; end - p >= 16; p += 16) {
    __m128i bytes = _mm_loadu_si128 ((const __m128i *) p);
    __m128i either = _mm_or_si128 (_mm_cmpeq_epi8 (bytes, delimiters), _mm_cmpeq_epi8 (bytes, feeds));
    __m128i other = _mm_or_si128 (_mm_cmpeq_epi8 (bytes, quotes), _mm_cmpeq_epi8 (bytes, returns));
    int mask = _mm_movemask_epi8 (_mm_or_si128 (either, other));

    if (mask != 0)
      return p + __builtin_ctz ((guint) mask);
  }
#endif
  while (p < end && *p != delimiter && *p != '\n' && *p != '\r' && *p != '"')
    p++;
  return p;
}

/* Steps over a line's end, if one stands here. */
static inline gboolean
skip_line_end (Scan *scan)
{
  if (scan->p == scan->end || (*scan->p != '\n' && *scan->p != '\r'))
    return FALSE;
  scan->p += *scan->p == '\r' && scan->p + 1 < scan->end && scan->p[1] == '\n' ? 2 : 1;
  scan->lane->n_lines++;
  scan->line_start = scan->p;
  return TRUE;
}

/* Counts the lines that end within a quoted field. */
static void
count_lines (Scan *scan, const char *from, const char *to)
{
  for (const char *p = from; p < to; p++) {
    if (*p == '\r' && p + 1 < to && p[1] == '\n')
      p++;
    else if (*p != '\n' && *p != '\r')
      continue;
    scan->lane->n_lines++;
    scan->line_start = p + 1;
  }
}

static gboolean
scan_quoted (Scan *scan, int index, Field *field)
{
  const char *p = scan->p + 1;
  const char *quote;

  field->quoted = TRUE;
  field->text = p;
  for (;; p = quote + 2) {
    quote = memchr (p, '"', (gsize) (scan->end - p));
    /* Before what is still to come, a quote at the end may be the first of two. */
    if (quote == NULL || (scan->lane->partial && quote + 1 == scan->end)) {
      scan->lane->open = (gsize) (field->raw - scan->lane->base);
      fail_field (scan, VC_IMPORT_ERROR_UNCLOSED_QUOTE, "a quote is opened here and never closed", index, field);
      scan->p = scan->end;
      return FALSE;
    }
    if (quote + 1 >= scan->end || quote[1] != '"')
      break;
    field->n_doubled++;
  }
  field->length = (gsize) (quote - field->text);
  count_lines (scan, field->text, quote);
  scan->p = quote + 1;
  return TRUE;
}

/* What must end a field stands here. */
static inline gboolean
check_end (Scan *scan, int index, const Field *field)
{
  if (scan->p == scan->end || *scan->p == scan->delimiter || *scan->p == '\n' || *scan->p == '\r')
    return TRUE;
  fail (scan, VC_IMPORT_ERROR_STRAY_QUOTE,
        field->quoted ? "text stands after a closing quote"
                      : "a quote stands within a field that does not begin with one",
        index, scan->p);
  return FALSE;
}

/* The place of a bad byte is counted from the beginning of its field. */
static gboolean
check_bytes (Scan *scan, int index, const Field *field)
{
  const char *nul = memchr (field->text, '\0', field->length);
  const char *bad = nul;

  if (g_utf8_validate_len (field->text, nul != NULL ? (gsize) (nul - field->text) : field->length, &bad)) {
    if (nul == NULL)
      return TRUE;
    bad = nul;
  }
  scan->lane->n_lines = field->line;
  scan->line_start = field->raw - field->column;
  count_lines (scan, field->text, bad);
  if (bad == nul)
    fail (scan, VC_IMPORT_ERROR_NUL, "a NUL byte stands here", index, bad);
  else
    fail (scan, VC_IMPORT_ERROR_ENCODING, "the text is not valid UTF-8", index, bad);
  return FALSE;
}

/* The field that begins here; afterwards the scan stands at what ends it. */
static inline gboolean
scan_field (Scan *scan, int index, Field *field)
{
  field->raw = field->text = scan->p;
  field->n_doubled = 0;
  field->quoted = FALSE;
  field->line = scan->lane->n_lines;
  field->column = (guint64) (scan->p - scan->line_start);
  if (scan->p < scan->end && *scan->p == '"') {
    if (!scan_quoted (scan, index, field))
      return FALSE;
  } else {
    scan->p = find_special (scan->p, scan->end, scan->delimiter);
    field->length = (gsize) (scan->p - field->text);
  }
  if (field->length - field->n_doubled > scan->lane->plan->max_field_size) {
    fail_field (scan, VC_IMPORT_ERROR_LIMIT, "the field is longer than allowed", index, field);
    return FALSE;
  }
  if (!check_end (scan, index, field))
    return FALSE;
  if (!scan->check || (scan->lane->partial && scan->p == scan->end))
    return TRUE;
  return check_bytes (scan, index, field);
}

/* Makes two quotes one, in place: what is shorter fits. */
static void
unescape (Field *field)
{
  char *to = (char *) field->text;
  const char *from = field->text, *end = field->text + field->length;

  while (from < end) {
    const char *quote = memchr (from, '"', (gsize) (end - from));
    gsize n = (gsize) ((quote != NULL ? quote + 1 : end) - from);

    memmove (to, from, n);
    to += n;
    from += quote != NULL ? n + 1 : n;
  }
  field->length = (gsize) (to - field->text);
}

static inline gboolean
is_null (const VcCsvPlan *plan, const VcCsvField *kind, const Field *field)
{
  if (field->length == 0)
    return !field->quoted || kind->required || kind->type != VC_COLUMN_TYPE_TEXT;
  return plan->missing != NULL && field->length == plan->missing_length
         && memcmp (field->text, plan->missing, field->length) == 0;
}

static VcParseResult
parse_boolean (const char *text, gsize length, guint8 *value)
{
  static const char *const words[] = { "false", "true", "0", "1", "FALSE", "TRUE", "False", "True" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    if (strlen (words[i]) == length && memcmp (words[i], text, length) == 0) {
      *value = i & 1;
      return VC_PARSE_OK;
    }
  }
  return VC_PARSE_SYNTAX;
}

static inline VcParseResult
parse_time (const VcCsvPlan *plan, const Field *field, gint64 *value)
{
  return plan->time_format != NULL ? vc_time_format_parse (plan->time_format, field->text, field->length, value)
                                   : vc_parse_local_time (field->text, field->length, plan->zone, value);
}

static gboolean
fail_value (Scan *scan, VcColumnType type, VcParseResult result, int index, const Field *field)
{
  static const struct {
    VcImportError code;
    const char *what;
  } problems[] = {
    [VC_COLUMN_TYPE_DOUBLE] = { VC_IMPORT_ERROR_NUMBER, "the field is no number" },
    [VC_COLUMN_TYPE_INT64] = { VC_IMPORT_ERROR_NUMBER, "the field is no whole number" },
    [VC_COLUMN_TYPE_BOOLEAN] = { VC_IMPORT_ERROR_VALUE, "the field is neither true nor false" },
    [VC_COLUMN_TYPE_TIME] = { VC_IMPORT_ERROR_TIME, "the field is no time of the expected format" },
  };

  if (result == VC_PARSE_RANGE)
    fail_field (scan, VC_IMPORT_ERROR_RANGE, "the value is out of range", index, field);
  else
    fail_field (scan, problems[type].code, problems[type].what, index, field);
  return FALSE;
}

/* Puts the field's value into row `row` of its scratch column. */
static inline gboolean
take_field (Scan *scan, int index, Field *field, gsize row)
{
  const VcCsvPlan *plan = scan->lane->plan;
  const VcCsvField *kind = &plan->fields[index];
  VcCsvScratch *scratch = &scan->lane->scratch[index];
  VcParseResult result = VC_PARSE_OK;
  gboolean null = is_null (plan, kind, field);

  if (null) {
    scratch->nulls[scratch->n_nulls++] = (guint32) row;
    if (kind->required)
      fail_field (scan, VC_IMPORT_ERROR_MISSING, "the field must not be empty", index, field);
    if (kind->required)
      return FALSE;
  }
  switch (kind->type) {
    case VC_COLUMN_TYPE_TEXT:
      if (!null)
        scratch->slices[row - scratch->n_nulls]
          = (VcSlice) { (guint32) ((guintptr) field->text - (guintptr) scan->lane->base), (guint32) field->length };
      return TRUE;
    case VC_COLUMN_TYPE_DOUBLE:
      scratch->doubles[row] = 0;
      if (!null)
        result = vc_parse_double (field->text, field->length, &scratch->doubles[row]);
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      scratch->bytes[row] = 0;
      if (!null)
        result = parse_boolean (field->text, field->length, &scratch->bytes[row]);
      break;
    case VC_COLUMN_TYPE_INT64:
    case VC_COLUMN_TYPE_TIME:
    default:
      scratch->int64s[row] = 0;
      if (!null)
        result = kind->type == VC_COLUMN_TYPE_INT64 ? vc_parse_int64 (field->text, field->length, &scratch->int64s[row])
                                                    : parse_time (plan, field, &scratch->int64s[row]);
  }
  return result == VC_PARSE_OK || fail_value (scan, kind->type, result, index, field);
}

/* A record that is not all there yet will be parsed again: it must stay as it is. What is taken here is never looked
 * at. */
static gboolean
take_copy (Scan *scan, int index, const Field *field, gsize row)
{
  VC_BUFFER (char) copy = vc_buffer_new (char, field->length);
  Field mine = *field;

  if (copy == NULL) {
    fail_field (scan, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the field", index, field);
    return FALSE;
  }
  memcpy (copy, field->text, field->length);
  mine.text = copy;
  unescape (&mine);
  return take_field (scan, index, &mine, row);
}

static inline gboolean
take (Scan *scan, int index, Field *field, gsize row)
{
  if (!scan->lane->plan->fields[index].kept)
    return TRUE;
  if (field->n_doubled == 0)
    return take_field (scan, index, field, row);
  if (scan->lane->partial)
    return take_copy (scan, index, field, row);
  unescape (field);
  return take_field (scan, index, field, row);
}

/* One record, with the line's end after it. FALSE: a problem, or the end of what there is of it. */
static gboolean
scan_record (Scan *scan, gsize row)
{
  const VcCsvPlan *plan = scan->lane->plan;

  for (guint i = 0;; i++) {
    Field field;

    if (i == plan->n_fields) {
      fail (scan, VC_IMPORT_ERROR_FIELD_COUNT, "the row has more fields than the header", -1, scan->p);
      return FALSE;
    }
    if (!scan_field (scan, (int) i, &field))
      return FALSE;
    if (scan->lane->partial && scan->p == scan->end)
      return FALSE;
    if (!take (scan, (int) i, &field, row))
      return FALSE;
    if (scan->p < scan->end && *scan->p == scan->delimiter) {
      scan->p++;
      continue;
    }
    if (i + 1 < plan->n_fields) {
      fail (scan, VC_IMPORT_ERROR_FIELD_COUNT, "the row has fewer fields than the header", -1, scan->p);
      return FALSE;
    }
    skip_line_end (scan);
    return TRUE;
  }
}

/* Rows and lines part company after quoted line ends and at empty lines. */
static inline gboolean
note_shift (VcCsvLane *self)
{
  guint32 lines = (guint32) (self->n_lines - self->n_rows);

  if (lines == (self->n_shifts > 0 ? self->shifts[self->n_shifts - 1].lines : 0))
    return TRUE;
  if (self->n_shifts == self->shifts_room) {
    gsize room = 2 * self->shifts_room + 16;
    VcCsvShift *shifts = vc_buffer_realloc (self->shifts, self->n_shifts, room, sizeof *shifts);

    if (shifts == NULL) {
      self->problem = (VcCsvProblem) { .found = TRUE,
                                      .code = VC_IMPORT_ERROR_NO_MEMORY,
                                      .what = "no memory for the lines",
                                      .field = -1,
                                      .line = self->n_lines };
      return FALSE;
    }
    self->shifts = shifts;
    self->shifts_room = room;
  }
  self->shifts[self->n_shifts++] = (VcCsvShift) { (guint32) self->n_rows, lines };
  return TRUE;
}

/* Bytes with the high bit, or NUL: only then fields must be looked into. */
static gboolean
is_plain (const char *text, gsize length)
{
  guint8 high = 0, nul = 0; /* of a byte each, so that as many as a vector holds are done at once */

  for (gsize i = 0; i < length; i++) {
    high |= (guint8) text[i];
    nul |= (guint8) (text[i] == '\0');
  }
  return high < 0x80 && nul == 0;
}

static Scan
begin (VcCsvLane *self)
{
  const char *start = self->base + self->start;

  return (Scan) {
    .lane = self,
    .p = start,
    .end = self->base + self->end,
    .line_start = start,
    .delimiter = self->plan->delimiter,
    .check = !is_plain (start, self->end - self->start),
  };
}

void
vc_csv_lane_parse (VcCsvLane *self)
{
  Scan scan = begin (self);
  gboolean skip_empty = self->plan->n_fields > 1; /* with one field, an empty line is a row whose field is null */

  while (scan.p < scan.end) {
    if (skip_empty && skip_line_end (&scan))
      continue;
    if (!note_shift (self) || !scan_record (&scan, self->n_rows))
      return;
    self->n_rows++;
  }
}

/* Names are kept in memory that may abort: they are few and short. */
#define LONGEST_NAME ((gsize) 1024)

static gboolean
add_name (Scan *scan, VcCsvHeader *header, Field *field)
{
  if (header->n == scan->lane->plan->max_columns || field->length > LONGEST_NAME) {
    fail_field (scan, VC_IMPORT_ERROR_LIMIT, "the header has more or longer names than allowed", -1, field);
    return FALSE;
  }
  if (field->n_doubled > 0 && !scan->lane->partial)
    unescape (field);
  header->names[header->n++] = (VcCsvName) { g_strndup (field->text, field->length), field->line, field->column };
  return TRUE;
}

gboolean
vc_csv_lane_read_header (VcCsvLane *self, VcCsvHeader *header)
{
  Scan scan = begin (self);
  Field field;

  *header = (VcCsvHeader) { 0 };
  while (skip_line_end (&scan))
    ;
  self->start = (gsize) (scan.p - self->base);
  if (scan.p == scan.end)
    return FALSE;
  header->names = g_new0 (VcCsvName, self->plan->max_columns + 1);
  for (;; scan.p++) {
    if (!scan_field (&scan, -1, &field) || (self->partial && scan.p == scan.end) || !add_name (&scan, header, &field))
      return FALSE;
    if (scan.p == scan.end || *scan.p != scan.delimiter)
      break;
  }
  skip_line_end (&scan);
  self->start = (gsize) (scan.p - self->base);
  return TRUE;
}

void
vc_csv_header_clear (VcCsvHeader *self)
{
  for (guint i = 0; i < self->n; i++)
    g_free (self->names[i].text);
  g_clear_pointer (&self->names, g_free);
  self->n = 0;
}

static void
free_scratch (VcCsvLane *self)
{
  for (guint i = 0; i < self->n_scratch; i++) {
    vc_buffer_free (self->scratch[i].any);
    vc_buffer_free (self->scratch[i].nulls);
  }
  g_clear_pointer (&self->scratch, vc_buffer_free);
  self->n_scratch = 0;
  self->room = 0;
}

/* A row takes at least a byte for each field, but for the last, which may lack its line's end: room for all that can
 * come. Pages that are not written cost nothing. */
static gboolean
make_room (VcCsvLane *self, gsize length)
{
  gsize room = length / MAX (self->plan->n_fields, 1) + 1;

  if (self->room >= room && self->n_scratch == self->plan->n_fields)
    return TRUE;
  free_scratch (self);
  self->scratch = vc_buffer_new0 (VcCsvScratch, self->plan->n_fields);
  if (self->scratch == NULL)
    return FALSE;
  self->n_scratch = self->plan->n_fields;
  for (guint i = 0; i < self->n_scratch; i++) {
    if (!self->plan->fields[i].kept)
      continue;
    self->scratch[i].any = vc_buffer_alloc (room, sizeof (gint64));
    self->scratch[i].nulls = vc_buffer_new (guint32, room);
    if (self->scratch[i].any == NULL || self->scratch[i].nulls == NULL)
      return FALSE;
  }
  self->room = room;
  return TRUE;
}

gboolean
vc_csv_lane_prepare (VcCsvLane *self, const VcCsvPlan *plan, char *base, gsize start, gsize end)
{
  self->plan = plan;
  self->base = base;
  self->start = start;
  self->end = end;
  self->partial = FALSE;
  self->n_rows = self->n_shifts = 0;
  self->n_lines = 0;
  self->open = NO_PLACE;
  self->problem = (VcCsvProblem) { 0 };
  if (!make_room (self, end - start))
    return FALSE;
  for (guint i = 0; i < self->n_scratch; i++)
    self->scratch[i].n_nulls = 0;
  return TRUE;
}

void
vc_csv_lane_clear (VcCsvLane *self)
{
  free_scratch (self);
  g_clear_pointer (&self->shifts, vc_buffer_free);
}
