/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-gather-private.h"

#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "table/vc-number-private.h"
#include "vc-sort-private.h"

/* One field of all tables of a kind becomes one column: a pass over the labels of each table, where it has some, and
 * one over its rows. */

#define CHUNK ((gsize) 1 << 20)
/* Counts are below: up to there, doubles hold each whole number. */
#define COUNTS_END ((gint64) 1 << 53)

typedef struct {
  VcGather      *gather;
  const VcField *field;
  VcColumnType   type;
  union {
    gpointer any;
    double  *doubles;
    gint64  *int64s;
    gint32  *codes;
    guint8  *bits;
  } values;
  guint8        *validity; /* NULL: no null yet */
  VcStrings     *labels;
} Output;

VcPart *
vc_part_new (VcTable *table, const char *origin, gboolean patch)
{
  VcPart *self = g_new0 (VcPart, 1);

  self->table = g_object_ref (table);
  self->origin = g_strdup (origin);
  self->patch = patch;
  return self;
}

void
vc_part_free (gpointer part)
{
  VcPart *self = part;

  g_object_unref (self->table);
  g_free (self->origin);
  g_free (self);
}

VcPlace
vc_part_place (const VcPart *part, guint64 row, const char *field)
{
  return (VcPlace) {
    .origin = part->origin,
    .line = part->patch ? 0 : vc_table_get_line (part->table, row),
    .row = part->patch ? 0 : row + 1,
    .field = field,
  };
}

static void
wrong (Output *out, const VcPart *part, gsize row, VcImportError code, const char *message)
{
  VcPlace place = vc_part_place (part, row, out->field->name);

  vc_problems_add_error (out->gather->problems, &place, code, message);
}

static gboolean
is_stopped (const VcGather *self)
{
  return self->failed || g_cancellable_is_cancelled (self->cancellable);
}

/* ---- nulls ---- */

static void
set_null (Output *out, gsize row)
{
  gsize n = out->gather->n_rows;

  if (out->validity == NULL) {
    out->validity = vc_buffer_new0 (guint8, n / 8 + 1);
    if (out->validity == NULL) {
      out->gather->failed = TRUE;
      return;
    }
    memset (out->validity, 0xff, n / 8);
    out->validity[n / 8] = (guint8) ((1u << (n % 8)) - 1);
  }
  vc_bit_clear (out->validity, row);
}

/* Told once; its rows are null, so that nobody takes what stands there for values and tells of them as well. */
static gboolean
wrong_column (Output *out, const VcPart *part, VcImportError code, const char *message)
{
  const VcPlace place = { .origin = part->origin, .field = out->field->name };
  gsize n = vc_table_get_n_rows (part->table);

  vc_problems_add_error (out->gather->problems, &place, code, message);
  for (gsize row = 0; row < n && !out->gather->failed; row++)
    set_null (out, part->first_row + row);
  return !out->gather->failed;
}

/* The buffers start zeroed: word 0 and nulls need no value. */
static void
fill_missing (Output *out, const VcPart *part, gsize row)
{
  if (out->field->required && !part->patch)
    wrong (out, part, row, VC_IMPORT_ERROR_MISSING, "is missing");
  if (!out->field->has_default)
    set_null (out, part->first_row + row);
  else if (out->type == VC_COLUMN_TYPE_DOUBLE)
    out->values.doubles[part->first_row + row] = 1;
}

/* ---- a field of one part ---- */

static void
fill_number (Output *out, const VcPart *part, gsize row, double value)
{
  if (!isfinite (value))
    wrong (out, part, row, VC_IMPORT_ERROR_NUMBER, "is not finite");
  else if (value < 0 && out->field->role == VC_ROLE_AMOUNT)
    wrong (out, part, row, VC_IMPORT_ERROR_RANGE, "is negative");
  else
    out->values.doubles[part->first_row + row] = value + 0.0; /* -0 becomes 0 */
}

static void
fill_count (Output *out, const VcPart *part, gsize row, double value)
{
  if (!isfinite (value) || floor (value) != value)
    wrong (out, part, row, VC_IMPORT_ERROR_NUMBER, "is no whole number");
  else if (value < 0 || value >= (double) COUNTS_END)
    wrong (out, part, row, VC_IMPORT_ERROR_RANGE, "is negative or too large");
  else
    out->values.int64s[part->first_row + row] = (gint64) value;
}

/* Numbers and counts, out of doubles or whole numbers. */
static void
fill_numbers (Output *out, const VcPart *part, VcColumn *column, gsize start, gsize end)
{
  const guint8 *validity = vc_column_peek_validity (column);
  gboolean whole = vc_column_get_column_type (column) == VC_COLUMN_TYPE_INT64;
  const gint64 *int64s = whole ? vc_column_peek_int64s (column) : NULL;
  const double *doubles = whole ? NULL : vc_column_peek_doubles (column);
  void (*fill) (Output *, const VcPart *, gsize, double) = out->field->role == VC_ROLE_COUNT ? fill_count : fill_number;

  for (gsize row = start; row < end; row++)
    if (!vc_bit_is_set (validity, row))
      fill_missing (out, part, row);
    else
      fill (out, part, row, whole ? (double) int64s[row] : doubles[row]);
}

static void
fill_int64s (Output *out, const VcPart *part, VcColumn *column, gsize start, gsize end)
{
  const guint8 *validity = vc_column_peek_validity (column);
  const gint64 *values = vc_column_peek_int64s (column);

  for (gsize row = start; row < end; row++)
    if (!vc_bit_is_set (validity, row))
      fill_missing (out, part, row);
    else if (out->type == VC_COLUMN_TYPE_TIME && !vc_time_can_be_text (values[row]))
      wrong (out, part, row, VC_IMPORT_ERROR_RANGE, "is outside the years 1 to 9999");
    else
      out->values.int64s[part->first_row + row] = values[row];
}

static void
fill_bits (Output *out, const VcPart *part, VcColumn *column, gsize start, gsize end)
{
  const guint8 *validity = vc_column_peek_validity (column);
  const guint8 *values = vc_column_peek_bits (column);

  for (gsize row = start; row < end; row++)
    if (!vc_bit_is_set (validity, row))
      fill_missing (out, part, row);
    else if (vc_bit_is_set (values, row))
      vc_bit_set (out->values.bits, part->first_row + row);
}

/* Codes through a map of labels: the rows that have none. What the map says is wrong is told row by row. */
static void
fill_unmapped (Output *out, const VcPart *part, VcColumn *column, const gint32 *map, gsize start, gsize end)
{
  const guint8 *validity = vc_column_peek_validity (column);
  const gint32 *codes = vc_column_peek_codes (column);
  gboolean party = out->field->role == VC_ROLE_PARTY;

  for (gsize row = start; row < end; row++) {
    gint32 code;

    if (!vc_bit_is_set (validity, row) || (code = map[codes[row]]) == -2) {
      fill_missing (out, part, row);
    } else if (code < 0) {
      wrong (out, part, row, party ? VC_IMPORT_ERROR_REFERENCE : VC_IMPORT_ERROR_VALUE,
             party ? "names no known party" : "is none of the words allowed there");
      set_null (out, part->first_row + row);
    }
  }
}

/* The rows that have a code, by all threads. Ranges with others are left to fill_unmapped(), which tells of them in
 * order: `odd` has a place for each range. */
typedef struct {
  const guint8 *validity;
  const gint32 *codes;
  const gint32 *map;
  gint32       *to;
  guint8       *odd;
} Mapped;

static void
map_range (gpointer data, gsize start, gsize end)
{
  const Mapped *self = data;
  gboolean odd = FALSE;

  for (gsize row = start; row < end; row++) {
    gint32 code = vc_bit_is_set (self->validity, row) ? self->map[self->codes[row]] : -1;

    self->to[row] = MAX (code, 0);
    odd |= code < 0;
  }
  self->odd[start / VC_PARALLEL_RANGE] = (guint8) odd;
}

static gboolean
fill_mapped (Output *out, const VcPart *part, VcColumn *column, const gint32 *map)
{
  gsize n = vc_column_get_n_rows (column);
  VC_BUFFER (guint8) odd = vc_buffer_new0 (guint8, n / VC_PARALLEL_RANGE + 1);
  Mapped mapped = {
    .validity = vc_column_peek_validity (column),
    .codes = vc_column_peek_codes (column),
    .map = map,
    .to = out->values.codes + part->first_row,
    .odd = odd,
  };

  if (odd == NULL)
    return FALSE;
  vc_parallel_ranges (0, n, map_range, &mapped);
  for (gsize start = 0; start < n && !is_stopped (out->gather); start += VC_PARALLEL_RANGE)
    if (odd[start / VC_PARALLEL_RANGE])
      fill_unmapped (out, part, column, map, start, MIN (n, start + VC_PARALLEL_RANGE));
  return !is_stopped (out->gather);
}

static gint32
code_of_word (const char *const *words, const char *text, gsize length)
{
  for (gint32 i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) == length && memcmp (words[i], text, length) == 0)
      return i;
  return -1;
}

/* For each label the code it stands for: -1 if none, -2 if the empty label, which is a missing value. */
static gint32 *
map_labels (Output *out, const VcStrings *labels)
{
  VC_BUFFER (gint32) map = vc_buffer_new (gint32, labels->n_labels);
  gboolean party = out->field->role == VC_ROLE_PARTY;

  if (map == NULL || (party && !vc_party_index_map (out->gather->parties, labels, map, out->gather->cancellable)))
    return NULL;
  for (guint32 i = 0; i < labels->n_labels; i++) {
    gsize length;
    const char *text = vc_strings_peek (labels, i, &length);

    if (length == 0)
      map[i] = -2;
    else if (!party)
      map[i] = code_of_word (out->field->words, text, length);
  }
  return g_steal_pointer (&map);
}

static gboolean
is_empty (const VcStrings *labels, gint32 code)
{
  return labels->offsets[code] == labels->offsets[code + 1];
}

static gboolean
has_empty (const VcStrings *labels)
{
  for (guint32 i = 0; i < labels->n_labels; i++)
    if (is_empty (labels, (gint32) i))
      return TRUE;
  return FALSE;
}

/* Text moved up by the number of labels of the parts before it. `empties`: the labels, where one of them is empty and
 * stands for a missing value. */
static void
fill_codes (Output *out, const VcPart *part, VcColumn *column, const VcStrings *empties, gint32 shift, gsize start,
            gsize end)
{
  const guint8 *validity = vc_column_peek_validity (column);
  const gint32 *codes = vc_column_peek_codes (column);

  for (gsize row = start; row < end; row++)
    if (!vc_bit_is_set (validity, row) || (empties != NULL && is_empty (empties, codes[row])))
      fill_missing (out, part, row);
    else
      out->values.codes[part->first_row + row] = codes[row] + shift;
}

typedef struct {
  gint64 *times;
  guint8 *bad;
} ParsedTimes;

static void
fill_parsed (Output *out, const VcPart *part, VcColumn *column, const ParsedTimes *parsed, gsize start, gsize end)
{
  const guint8 *validity = vc_column_peek_validity (column);
  const gint32 *codes = vc_column_peek_codes (column);

  for (gsize row = start; row < end; row++)
    if (!vc_bit_is_set (validity, row) || parsed->bad[codes[row]] == 2)
      fill_missing (out, part, row);
    else if (parsed->bad[codes[row]] == 1)
      wrong (out, part, row, VC_IMPORT_ERROR_TIME, "is no time of ISO 8601");
    else
      out->values.int64s[part->first_row + row] = parsed->times[codes[row]];
}

static void
parse_labels (const VcStrings *labels, const ParsedTimes *parsed)
{
  for (guint32 i = 0; i < labels->n_labels; i++) {
    gsize length;
    const char *text = vc_strings_peek (labels, i, &length);

    if (length == 0)
      parsed->bad[i] = 2;
    else
      parsed->bad[i] = vc_parse_time (text, length, &parsed->times[i]) != VC_PARSE_OK;
  }
}

VcStrings *
vc_words_to_labels (const char *const *words)
{
  guint32 n = g_strv_length ((char **) words);
  VC_BUFFER (gint32) offsets = vc_buffer_new0 (gint32, n + 1);
  g_autofree char *text = g_strjoinv (NULL, (char **) words);
  VC_BUFFER (char) copy = vc_buffer_new (char, strlen (text));

  if (offsets == NULL || copy == NULL)
    return NULL;
  memcpy (copy, text, strlen (text));
  for (guint32 i = 0; i < n; i++)
    offsets[i + 1] = offsets[i] + (gint32) strlen (words[i]);
  return vc_strings_new_take (n, g_steal_pointer (&offsets), g_steal_pointer (&copy));
}

VcColumn *
vc_gather_as_text (VcColumn *column)
{
  gsize n = vc_column_get_n_rows (column);
  g_autoptr (VcInterner) interner = NULL;
  g_autoptr (VcStrings) labels = NULL;
  VC_BUFFER (gint32) codes = NULL;
  VC_BUFFER (guint8) validity = NULL;

  if (vc_column_get_column_type (column) == VC_COLUMN_TYPE_TEXT)
    return g_object_ref (column);
  interner = vc_interner_new ();
  codes = vc_buffer_new0 (gint32, n);
  validity = vc_buffer_new0 (guint8, n / 8 + 1);
  if (interner == NULL || codes == NULL || validity == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++) {
    char text[24];

    if (!vc_bit_is_set (vc_column_peek_validity (column), i))
      continue;
    vc_bit_set (validity, i);
    codes[i] = vc_interner_add (interner, text, (gsize) g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT,
                                                                   vc_column_peek_int64s (column)[i]));
    if (codes[i] < 0)
      return NULL;
  }
  labels = vc_interner_finish (interner);
  if (labels == NULL)
    return NULL;
  return vc_column_new_take (vc_column_get_name (column), VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&codes),
                             g_steal_pointer (&validity), labels);
}

/* Labels of one part after those of the parts before it. */
static gboolean
append_labels (Output *out, VcStrings *labels)
{
  const VcStrings *old = out->labels;
  guint64 n = (guint64) (old != NULL ? old->n_labels : 0) + labels->n_labels;
  guint64 old_size = old != NULL ? (guint64) old->offsets[old->n_labels] : 0;
  guint64 size = old_size + (guint64) labels->offsets[labels->n_labels];
  VC_BUFFER (gint32) offsets = NULL;
  VC_BUFFER (char) text = NULL;

  if (old == NULL) {
    out->labels = vc_strings_ref (labels);
    return TRUE;
  }
  if (n >= G_MAXINT32 || size > G_MAXINT32)
    return FALSE;
  offsets = vc_buffer_new (gint32, n + 1);
  text = vc_buffer_new (char, size);
  if (offsets == NULL || text == NULL)
    return FALSE;
  memcpy (offsets, old->offsets, old->n_labels * sizeof *offsets);
  memcpy (text, old->text, old_size);
  memcpy (text + old_size, labels->text, size - old_size);
  for (guint32 i = 0; i <= labels->n_labels; i++)
    offsets[old->n_labels + i] = (gint32) old_size + labels->offsets[i];
  vc_strings_unref (out->labels);
  out->labels = vc_strings_new_take ((guint32) n, g_steal_pointer (&offsets), g_steal_pointer (&text));
  return out->labels != NULL;
}

typedef struct {
  gint32          *map;
  gint32           shift;
  const VcStrings *empties; /* borrowed */
  ParsedTimes      parsed;
} Preparation;

static void
preparation_clear (Preparation *self)
{
  vc_buffer_free (self->map);
  vc_buffer_free (self->parsed.times);
  vc_buffer_free (self->parsed.bad);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Preparation, preparation_clear)

static gboolean
prepare (Output *out, VcColumn *column, Preparation *preparation)
{
  VcStrings *labels = (VcStrings *) vc_column_peek_strings (column);

  switch (out->field->role) {
    case VC_ROLE_PARTY:
    case VC_ROLE_WORD:
      preparation->map = map_labels (out, labels);
      return preparation->map != NULL;
    case VC_ROLE_TIME:
      if (vc_column_get_column_type (column) != VC_COLUMN_TYPE_TEXT)
        return TRUE;
      preparation->parsed.times = vc_buffer_new0 (gint64, labels->n_labels);
      preparation->parsed.bad = vc_buffer_new0 (guint8, labels->n_labels);
      if (preparation->parsed.times == NULL || preparation->parsed.bad == NULL)
        return FALSE;
      parse_labels (labels, &preparation->parsed);
      return TRUE;
    default:
      if (out->type != VC_COLUMN_TYPE_TEXT)
        return TRUE;
      preparation->empties = has_empty (labels) ? labels : NULL;
      preparation->shift = out->labels != NULL ? (gint32) out->labels->n_labels : 0;
      return append_labels (out, labels);
  }
}

static void
fill_chunk (Output *out, const VcPart *part, VcColumn *column, const Preparation *preparation, gsize start, gsize end)
{
  if (preparation->parsed.times != NULL)
    fill_parsed (out, part, column, &preparation->parsed, start, end);
  else if (out->type == VC_COLUMN_TYPE_TEXT)
    fill_codes (out, part, column, preparation->empties, preparation->shift, start, end);
  else if (out->type == VC_COLUMN_TYPE_DOUBLE || out->field->role == VC_ROLE_COUNT)
    fill_numbers (out, part, column, start, end);
  else if (out->type == VC_COLUMN_TYPE_BOOLEAN)
    fill_bits (out, part, column, start, end);
  else
    fill_int64s (out, part, column, start, end);
}

/* ---- which columns are accepted ---- */

static VcColumnType
type_of (const VcField *field, VcColumnType own)
{
  switch (field->role) {
    case VC_ROLE_TIME:
      return VC_COLUMN_TYPE_TIME;
    case VC_ROLE_AMOUNT:
    case VC_ROLE_MONEY:
      return VC_COLUMN_TYPE_DOUBLE;
    case VC_ROLE_COUNT:
      return VC_COLUMN_TYPE_INT64;
    case VC_ROLE_ATTRIBUTE:
      return own;
    default:
      return VC_COLUMN_TYPE_TEXT;
  }
}

static gboolean
accepts (VcRole role, VcColumnType wanted, VcColumnType type)
{
  switch (role) {
    case VC_ROLE_ID:
    case VC_ROLE_PARTY:
    case VC_ROLE_TEXT:
      return type == VC_COLUMN_TYPE_TEXT || type == VC_COLUMN_TYPE_INT64;
    case VC_ROLE_TIME:
      return type == VC_COLUMN_TYPE_TIME || type == VC_COLUMN_TYPE_TEXT;
    case VC_ROLE_AMOUNT:
    case VC_ROLE_MONEY:
    case VC_ROLE_COUNT:
      return type == VC_COLUMN_TYPE_DOUBLE || type == VC_COLUMN_TYPE_INT64;
    default:
      return type == wanted;
  }
}

static gboolean
is_all_null (VcColumn *column)
{
  return column == NULL || vc_column_get_n_nulls (column) == vc_column_get_n_rows (column);
}

static gboolean
fill_part (Output *out, const VcPart *part)
{
  VcColumn *column = vc_table_lookup_column (part->table, out->field->name);
  g_autoptr (VcColumn) text = NULL;
  g_auto (Preparation) preparation = { NULL };
  gsize n = vc_table_get_n_rows (part->table);

  if (column == NULL && out->field->required && !part->patch)
    return wrong_column (out, part, VC_IMPORT_ERROR_MISSING, "is a column that the table lacks");
  if (is_all_null (column)) {
    for (gsize row = 0; row < n; row++)
      fill_missing (out, part, row);
    return !out->gather->failed;
  }
  if (!accepts (out->field->role, out->type, vc_column_get_column_type (column)))
    return wrong_column (out, part, VC_IMPORT_ERROR_FORMAT, "is a column of the wrong type");
  if (out->type == VC_COLUMN_TYPE_TEXT)
    column = text = vc_gather_as_text (column);
  if (column == NULL || !prepare (out, column, &preparation))
    return FALSE;
  if (preparation.map != NULL)
    return fill_mapped (out, part, column, preparation.map);
  for (gsize start = 0; start < n && !is_stopped (out->gather); start += CHUNK)
    fill_chunk (out, part, column, &preparation, start, MIN (n, start + CHUNK));
  return !is_stopped (out->gather);
}

/* ---- the whole column ---- */

static gboolean
are_good_times (VcColumn *column)
{
  const gint64 *values = vc_column_peek_int64s (column);
  gsize n = vc_column_get_n_rows (column);
  gboolean good = TRUE;

  for (gsize i = 0; i < n; i++)
    good &= vc_time_can_be_text (values[i]);
  return good;
}

static gboolean
are_good_amounts (VcColumn *column, VcRole role)
{
  const double *values = vc_column_peek_doubles (column);
  gsize n = vc_column_get_n_rows (column);
  gboolean dirty = FALSE;

  for (gsize i = 0; i < n; i++)
    dirty |= !isfinite (values[i]) || (signbit (values[i]) && (role == VC_ROLE_AMOUNT || values[i] == 0));
  return !dirty;
}

static gboolean
are_good_counts (VcColumn *column)
{
  const gint64 *values = vc_column_peek_int64s (column);
  gsize n = vc_column_get_n_rows (column);
  gboolean good = TRUE;

  for (gsize i = 0; i < n; i++)
    good &= values[i] >= 0 && values[i] < COUNTS_END;
  return good;
}

/* Whether a column is what would be made of it; under a null stands 0 in either. */
static gboolean
is_as_gathered (VcColumn *column, VcRole role)
{
  const gboolean attribute = role == VC_ROLE_ATTRIBUTE;

  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_TIME:
      return (attribute || role == VC_ROLE_TIME) && are_good_times (column);
    case VC_COLUMN_TYPE_DOUBLE:
      return (attribute || role == VC_ROLE_AMOUNT || role == VC_ROLE_MONEY) && are_good_amounts (column, role);
    case VC_COLUMN_TYPE_INT64:
      return attribute || (role == VC_ROLE_COUNT && are_good_counts (column));
    case VC_COLUMN_TYPE_TEXT:
      return (attribute || role == VC_ROLE_TEXT) && vc_column_get_n_labels (column) == 0;
    default:
      return FALSE;
  }
}

/* The input's column itself, where it is the only one and holds what the chain would. */
static VcColumn *
share (VcGather *self, const VcField *field)
{
  const VcPart *part = self->parts->len == 1 ? self->parts->pdata[0] : NULL;
  VcColumn *column = part != NULL ? vc_table_lookup_column (part->table, field->name) : NULL;

  if (column == NULL || (vc_column_get_n_nulls (column) > 0 && (field->required || field->has_default)))
    return NULL;
  return is_as_gathered (column, field->role) ? g_object_ref (column) : NULL;
}

static VcColumn *
first_column (VcGather *self, const VcField *field)
{
  VcColumn *found = NULL;

  for (guint i = 0; i < self->parts->len && (found == NULL || is_all_null (found)); i++) {
    VcColumn *column = vc_table_lookup_column (((VcPart *) self->parts->pdata[i])->table, field->name);

    if (column != NULL)
      found = column;
  }
  return found;
}

static void
clear_range (gpointer data, gsize start, gsize end)
{
  memset ((guint8 *) data + start, 0, end - start);
}

/* Zeroed by all threads: the first who touches a page waits for it. */
static gpointer
alloc_values (VcColumnType type, gsize n)
{
  const gsize size = vc_values_size (type, n);
  gpointer values = vc_buffer_alloc (size, 1);

  if (values != NULL)
    vc_parallel_ranges (0, size, clear_range, values);
  return values;
}

static VcStrings *
finish_labels (Output *out)
{
  static const char *const none[] = { NULL };
  g_autoptr (VcStrings) all = NULL;

  if (out->type != VC_COLUMN_TYPE_TEXT)
    return NULL;
  if (out->field->role == VC_ROLE_WORD)
    return vc_words_to_labels (out->field->words);
  if (out->field->role == VC_ROLE_PARTY)
    return vc_strings_ref (vc_party_index_ids (out->gather->parties));
  all = out->labels != NULL ? vc_strings_ref (out->labels) : vc_words_to_labels (none);
  if (all == NULL)
    return NULL;
  return vc_labels_canonical (all, out->values.codes, out->validity, out->gather->n_rows, out->gather->cancellable);
}

static VcColumn *
finish (Output *out)
{
  g_autoptr (VcStrings) labels = finish_labels (out);

  if (out->type == VC_COLUMN_TYPE_TEXT && labels == NULL)
    return NULL;
  return vc_column_new_take (out->field->name, out->type, out->gather->n_rows, g_steal_pointer (&out->values.any),
                             g_steal_pointer (&out->validity), labels);
}

/* Unit and description are those of the first table that has the column. Takes `column`. */
static VcColumn *
described_as (VcColumn *column, VcColumn *first)
{
  const char *unit = first != NULL ? vc_column_get_unit (first) : NULL;
  const char *description = first != NULL ? vc_column_get_description (first) : NULL;
  g_autoptr (VcColumn) plain = column;

  return unit == NULL && description == NULL ? g_steal_pointer (&plain)
                                             : vc_column_described (plain, NULL, unit, description);
}

VcColumn *
vc_gather_field (VcGather *self, const VcField *field)
{
  VcColumn *first = first_column (self, field);
  VcColumn *column = first != NULL ? share (self, field) : NULL;
  Output out = { .gather = self, .field = field };

  if (column != NULL || (first == NULL && !field->required))
    return column;
  out.type = type_of (field, first != NULL ? vc_column_get_column_type (first) : VC_COLUMN_TYPE_TEXT);
  out.values.any = alloc_values (out.type, self->n_rows);
  self->failed = self->failed || out.values.any == NULL;
  for (guint i = 0; i < self->parts->len && !self->failed; i++)
    if (!fill_part (&out, self->parts->pdata[i]))
      self->failed = TRUE;
  if (!self->failed)
    column = finish (&out);
  self->failed = self->failed || column == NULL;
  vc_buffer_free (out.values.any);
  vc_buffer_free (out.validity);
  g_clear_pointer (&out.labels, vc_strings_unref);
  return column != NULL ? described_as (column, first) : NULL;
}
