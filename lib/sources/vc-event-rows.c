/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-rows-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "table/vc-number-private.h"
#include "table/vc-table-private.h"

#define FIRST_ROWS ((gsize) 1024)

static VcEventValueResult
wrong (VcEventValueProblem *problem, VcImportError code, const char *what)
{
  *problem = (VcEventValueProblem) { code, what };
  return VC_EVENT_VALUE_WRONG;
}

static VcEventValueResult
read_boolean (VcEventValue *self, const char *text, gsize length, VcEventValueProblem *problem)
{
  gboolean is_true = (length == 4 && memcmp (text, "true", 4) == 0) || (length == 1 && *text == '1');
  gboolean is_false = (length == 5 && memcmp (text, "false", 5) == 0) || (length == 1 && *text == '0');

  self->boolean = is_true;
  return is_true || is_false ? VC_EVENT_VALUE_OK
                             : wrong (problem, VC_IMPORT_ERROR_VALUE, "this is neither true nor false");
}

static VcEventValueResult
judge (VcParseResult result, VcImportError syntax, const char *what, VcEventValueProblem *problem)
{
  if (result == VC_PARSE_OK)
    return VC_EVENT_VALUE_OK;
  return result == VC_PARSE_RANGE ? wrong (problem, VC_IMPORT_ERROR_RANGE, "this is outside what can be represented")
                                  : wrong (problem, syntax, what);
}

VcEventValueResult
vc_event_value_read (VcEventValue *self, VcColumnType type, const char *text, gsize length,
                     const VcEventMapping *mapping, VcEventValueProblem *problem)
{
  gboolean has_missing = mapping->missing != NULL && strlen (mapping->missing) == length;

  *self = (VcEventValue) { .text = text, .length = length };
  if (length == 0 || (has_missing && memcmp (mapping->missing, text, length) == 0))
    return VC_EVENT_VALUE_MISSING;
  switch (type) {
    case VC_COLUMN_TYPE_TEXT:
      return VC_EVENT_VALUE_OK;
    case VC_COLUMN_TYPE_BOOLEAN:
      return read_boolean (self, text, length, problem);
    case VC_COLUMN_TYPE_DOUBLE:
      return judge (vc_parse_double (text, length, &self->number), VC_IMPORT_ERROR_NUMBER, "this is no number",
                    problem);
    case VC_COLUMN_TYPE_INT64:
      return judge (vc_parse_int64 (text, length, &self->int64), VC_IMPORT_ERROR_NUMBER, "this is no whole number",
                    problem);
    case VC_COLUMN_TYPE_TIME:
    default:
      return judge (vc_parse_local_time (text, length, mapping->zone, &self->int64), VC_IMPORT_ERROR_TIME,
                    "this is no time", problem);
  }
}

gboolean
vc_event_rows_init (VcEventRows *self, const VcEventMapping *mapping)
{
  *self = (VcEventRows) { .room = FIRST_ROWS, .lines = vc_buffer_new (gint64, FIRST_ROWS) };
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    VcEventStore *store = &self->stores[i];
    gboolean is_text = vc_event_role_type (i) == VC_COLUMN_TYPE_TEXT;

    if (mapping->attributes[i] == NULL)
      continue;
    store->any = vc_buffer_alloc0 (vc_values_size (vc_event_role_type (i), FIRST_ROWS), 1);
    store->validity = vc_buffer_new0 (guint8, vc_bits_size (FIRST_ROWS));
    store->interner = is_text ? vc_interner_new () : NULL;
    if (store->any == NULL || store->validity == NULL || (is_text && store->interner == NULL))
      return FALSE;
  }
  return self->lines != NULL;
}

/* Enlarges what a pointer points to, with zeros behind. */
static gboolean
grow_to (gpointer where, gsize old_size, gsize new_size)
{
  gpointer grown = vc_buffer_realloc (*(gpointer *) where, old_size, new_size, 1);

  if (grown == NULL)
    return FALSE;
  memset ((char *) grown + old_size, 0, new_size - old_size);
  *(gpointer *) where = grown;
  return TRUE;
}

/* By half: less is copied than by tenths, and less stands empty than by doubling. */
static gboolean
grow (VcEventRows *self)
{
  gsize room = self->room + self->room / 2;

  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    VcEventStore *store = &self->stores[i];
    VcColumnType type = vc_event_role_type (i);

    if (store->any != NULL && (!grow_to (&store->any, vc_values_size (type, self->room), vc_values_size (type, room)) ||
                               !grow_to (&store->validity, vc_bits_size (self->room), vc_bits_size (room))))
      return FALSE;
  }
  if (!grow_to (&self->lines, self->room * sizeof (gint64), room * sizeof (gint64)))
    return FALSE;
  self->room = room;
  return TRUE;
}

gboolean
vc_event_rows_add (VcEventRows *self, guint64 line)
{
  if (self->n_rows == self->room && !grow (self))
    return FALSE;
  self->lines[self->n_rows++] = (gint64) line;
  return TRUE;
}

gboolean
vc_event_rows_set (VcEventRows *self, VcEventRole role, gsize row, const VcEventValue *value)
{
  VcEventStore *store = &self->stores[role];

  switch (vc_event_role_type (role)) {
    case VC_COLUMN_TYPE_TEXT:
      store->codes[row] = vc_interner_add (store->interner, value->text, value->length);
      if (store->codes[row] < 0)
        return FALSE;
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      if (value->boolean)
        vc_bit_set (store->bits, row);
      else
        vc_bit_clear (store->bits, row);
      break;
    case VC_COLUMN_TYPE_DOUBLE:
      store->doubles[row] = value->number;
      break;
    case VC_COLUMN_TYPE_INT64:
    case VC_COLUMN_TYPE_TIME:
    default:
      store->int64s[row] = value->int64;
  }
  vc_bit_set (store->validity, row);
  store->has_values = TRUE;
  return TRUE;
}

gboolean
vc_event_rows_fill (VcEventRows *self, VcEventRole role, gsize start, const VcEventValue *value)
{
  VcEventStore *store = &self->stores[role];
  gsize first = self->n_rows;

  for (gsize row = start; row < self->n_rows; row++) {
    if (vc_bit_is_set (store->validity, row))
      continue;
    if (first == self->n_rows || vc_event_role_type (role) != VC_COLUMN_TYPE_TEXT) {
      if (!vc_event_rows_set (self, role, row, value))
        return FALSE;
      first = row;
    } else {
      store->codes[row] = store->codes[first];
      vc_bit_set (store->validity, row);
    }
  }
  return TRUE;
}

gboolean
vc_event_rows_check (const VcEventRows *self, const VcEventReading *reading, const char *const *defaults,
                     GError **error)
{
  for (guint i = 0; i < VC_EVENT_N_ROLES && self->n_rows > 0; i++) {
    const char *attribute = reading->mapping->attributes[i];
    gboolean is_wanted = i < VC_EVENT_N_REQUIRED || g_strcmp0 (attribute, defaults[i]) != 0;

    if (!is_wanted || self->stores[i].any == NULL || self->stores[i].has_values)
      continue;
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s: field %s: no event has it (%s-column)",
                 reading->input->file, attribute, vc_event_role_name (i));
    return FALSE;
  }
  return TRUE;
}

static VcColumn *
finish_store (VcEventStore *self, VcEventRole role, gsize n_rows)
{
  g_autoptr (VcStrings) labels = self->interner != NULL ? vc_interner_finish (self->interner) : NULL;

  if (self->interner != NULL && labels == NULL)
    return NULL;
  return vc_column_new_take (vc_event_role_name (role), vc_event_role_type (role), n_rows, g_steal_pointer (&self->any),
                             g_steal_pointer (&self->validity), labels);
}

VcTable *
vc_event_rows_finish (VcEventRows *self)
{
  VcColumn *columns[VC_EVENT_N_ROLES + 1];
  gsize n = 0;

  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (self->stores[i].any != NULL)
      columns[n++] = finish_store (&self->stores[i], i, self->n_rows);
  columns[n++] = vc_column_new_take (VC_EVENT_LINE, VC_COLUMN_TYPE_INT64, self->n_rows, g_steal_pointer (&self->lines),
                                     NULL, NULL);
  return vc_table_new_take ("events", columns, n);
}

void
vc_event_rows_clear (VcEventRows *self)
{
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    vc_buffer_free (self->stores[i].any);
    vc_buffer_free (self->stores[i].validity);
    vc_interner_free (self->stores[i].interner);
  }
  vc_buffer_free (self->lines);
  *self = (VcEventRows) { 0 };
}
