/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-events-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "table/vc-table-private.h"
#include "valuechain/vc-error.h"
#include "vc-event-format-private.h"

#define LOOK_EVERY ((gsize) 65536) /* events between two looks at the cancellable */

static VcEventField
peek_field (VcColumn *column)
{
  VcEventField field = { .validity = vc_column_peek_validity (column) };

  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_TEXT:
      field.codes = vc_column_peek_codes (column);
      field.labels = vc_column_peek_strings (column);
      break;
    case VC_COLUMN_TYPE_DOUBLE:
      field.doubles = vc_column_peek_doubles (column);
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      field.bits = vc_column_peek_bits (column);
      break;
    case VC_COLUMN_TYPE_INT64:
    case VC_COLUMN_TYPE_TIME:
    default:
      field.int64s = vc_column_peek_int64s (column);
  }
  return field;
}

void
vc_events_init (VcEvents *self, VcTable *table)
{
  *self = (VcEvents) { .table = table, .n_rows = (gsize) vc_table_get_n_rows (table) };
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    VcColumn *column = vc_table_lookup_column (table, vc_event_role_name (i));

    if (column != NULL)
      self->fields[i] = peek_field (column);
  }
}

guint64
vc_events_get_line (const VcEvents *self, gsize row)
{
  VcColumn *lines = vc_table_lookup_column (self->table, VC_EVENT_LINE);

  return lines != NULL ? (guint64) vc_column_peek_int64s (lines)[row] : vc_table_get_line (self->table, row);
}

char *
vc_events_dup_place (const VcEvents *self, gsize row, const char *name)
{
  guint64 line = vc_events_get_line (self, row);

  return line > 0 ? g_strdup_printf ("%s:%" G_GUINT64_FORMAT, name, line) : g_strdup (name);
}

static gboolean
has_place (const VcEvents *self, gsize row)
{
  return vc_bit_is_set (self->fields[VC_EVENT_ROLE_CASE].validity, row) &&
         vc_bit_is_set (self->fields[VC_EVENT_ROLE_TIME].validity, row);
}

/* FALSE, here and below: cancelled. */
static gboolean
count_rows (VcEventOrder *self, const VcEvents *events, guint32 *starts, GCancellable *cancellable)
{
  const VcEventField *cases = &events->fields[VC_EVENT_ROLE_CASE];

  for (gsize row = 0; row < events->n_rows; row++) {
    if (row % LOOK_EVERY == 0 && g_cancellable_is_cancelled (cancellable))
      return FALSE;
    if (!vc_bit_is_set (cases->validity, row))
      self->n_no_case++;
    else if (!vc_bit_is_set (events->fields[VC_EVENT_ROLE_TIME].validity, row))
      self->n_no_time++;
    else
      starts[cases->codes[row] + 1]++;
  }
  for (guint32 i = 0; i < self->n_cases; i++)
    starts[i + 1] += starts[i];
  return TRUE;
}

/* A counting sort, which keeps the order of the file within a case. */
static gboolean
gather_cases (VcEventOrder *self, const VcEvents *events, GCancellable *cancellable)
{
  const gint32 *cases = events->fields[VC_EVENT_ROLE_CASE].codes;

  /* One further on, so that filling a case moves its start to where it belongs. */
  if (!count_rows (self, events, self->starts + 1, cancellable))
    return FALSE;
  for (gsize row = 0; row < events->n_rows; row++) {
    if (row % LOOK_EVERY == 0 && g_cancellable_is_cancelled (cancellable))
      return FALSE;
    if (has_place (events, row))
      self->rows[self->starts[cases[row] + 1]++] = (guint32) row;
  }
  return TRUE;
}

static gboolean
is_sorted (const gint64 *times, const guint32 *rows, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (times[rows[i]] < times[rows[i - 1]])
      return FALSE;
  return TRUE;
}

/* Two halves on their way to one. */
typedef struct {
  const gint64  *times;
  const guint32 *left;
  const guint32 *middle;
  const guint32 *right;
  const guint32 *end;
  guint32       *out;
} Merge;

static void
merge_until (Merge *self, const guint32 *stop)
{
  const gint64 *times = self->times;
  const guint32 *a = self->left, *b = self->right;
  guint32 *out = self->out;

  while (out < stop && a < self->middle && b < self->end)
    *out++ = times[*b] < times[*a] ? *b++ : *a++;
  while (out < stop && a < self->middle)
    *out++ = *a++;
  while (out < stop && b < self->end)
    *out++ = *b++;
  self->left = a;
  self->right = b;
  self->out = out;
}

static gboolean
merge_pass (const gint64 *times, const guint32 *from, guint32 *to, gsize n, gsize width, GCancellable *cancellable)
{
  gsize n_since = 0;

  for (gsize i = 0; i < n; i += 2 * width) {
    const guint32 *end = from + MIN (i + 2 * width, n), *middle = from + MIN (i + width, n);
    Merge merge = { times, from + i, middle, middle, end, to + i };
    gsize left = (gsize) (end - (from + i));

    while (left > 0) {
      const gsize step = MIN (left, LOOK_EVERY - n_since);

      merge_until (&merge, merge.out + step);
      left -= step;
      n_since += step;
      if (n_since < LOOK_EVERY)
        continue;
      n_since = 0;
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
    }
  }
  return TRUE;
}

/* Bottom-up merge sort: stable, so that ties keep the order of the file. vc_sort_items() would do, but that calls its
 * comparison by a pointer, and reading a log of unordered cases takes a quarter longer with it. */
static gboolean
sort_case (const gint64 *times, guint32 *rows, guint32 *scratch, gsize n, GCancellable *cancellable)
{
  guint32 *from = rows, *to = scratch, *other;

  for (gsize width = 1; width < n; width *= 2) {
    if (!merge_pass (times, from, to, n, width, cancellable))
      return FALSE;
    other = from;
    from = to;
    to = other;
  }
  if (from != rows)
    memcpy (rows, from, n * sizeof *rows);
  return TRUE;
}

static gboolean
sort_cases (VcEventOrder *self, const gint64 *times, guint32 *scratch, GCancellable *cancellable)
{
  gsize n_since = 0;

  for (guint32 i = 0; i < self->n_cases; i++) {
    guint32 *rows = self->rows + self->starts[i];
    gsize n = self->starts[i + 1] - self->starts[i];

    self->longest = MAX (self->longest, n);
    n_since += n + 1;
    if (n_since >= LOOK_EVERY) {
      n_since = 0;
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
    }
    if (is_sorted (times, rows, n))
      continue;
    self->n_unordered++;
    if (!sort_case (times, rows, scratch, n, cancellable))
      return FALSE;
  }
  return TRUE;
}

gboolean
vc_event_order_init (VcEventOrder *self, const VcEvents *events, GCancellable *cancellable, GError **error)
{
  guint32 n_cases = vc_event_field_n_labels (&events->fields[VC_EVENT_ROLE_CASE]);
  VC_BUFFER (guint32) scratch = vc_buffer_new (guint32, events->n_rows);

  *self = (VcEventOrder) {
    .n_cases = n_cases,
    .starts = vc_buffer_new0 (guint32, (gsize) n_cases + 2),
    .rows = vc_buffer_new (guint32, events->n_rows),
  };
  if (self->starts == NULL || self->rows == NULL || scratch == NULL) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the events");
    return FALSE;
  }
  return (gather_cases (self, events, cancellable)
          && sort_cases (self, events->fields[VC_EVENT_ROLE_TIME].int64s, scratch, cancellable))
         || !g_cancellable_set_error_if_cancelled (cancellable, error);
}

void
vc_event_order_clear (VcEventOrder *self)
{
  vc_buffer_free (self->starts);
  vc_buffer_free (self->rows);
  *self = (VcEventOrder) { 0 };
}
