/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-format-private.h"

#include "base/vc-buffer-private.h"
#include "base/vc-progress-private.h"
#include "table/vc-table-private.h"
#include "valuechain/vc-error.h"
#include "vc-event-rows-private.h"
#include "vc-ocel-cells-private.h"
#include "vc-ocel-declared-private.h"
#include "vc-ocel-read-private.h"
#include "vc-source-private.h"

#include <string.h>

/* Object-centric logs as event logs: a case is an object, and an event is a step of each case that it is related to,
 * so that it stands in as many rows as it has cases. */

#define CANCEL_EVERY ((gsize) 65536) /* events, rows or relations */

typedef struct {
  const VcEventReading *reading;
  const VcOcel         *ocel;
  VcOcelCells           cells[VC_EVENT_N_ROLES];
  gsize                 n_rows;
  gsize                 room;
  gint32               *events; /* of each row */
  gint32               *cases;  /* of each row: an object, or -1 */
} Reader;

static gboolean
no_memory (const Reader *self, GError **error)
{
  return vc_ocel_no_memory (self->ocel, error);
}

/* Looks now and then. */
static gboolean
is_cancelled (const Reader *self, gsize i, GError **error)
{
  return i % CANCEL_EVERY == 0 && g_cancellable_set_error_if_cancelled (self->reading->cancellable, error);
}

/* ---- rows ---- */

/* The relations of each event, from `starts` of one to that of the next. */
static gboolean
gather_relations (const Reader *self, guint32 **starts, guint32 **order, GError **error)
{
  const VcOcelRelations *relations = &self->ocel->rows[VC_OCEL_EVENTS].relations;
  guint32 n = vc_interner_size (self->ocel->rows[VC_OCEL_EVENTS].ids);
  guint32 *at;

  *starts = vc_buffer_new0 (guint32, (gsize) n + 2);
  *order = vc_buffer_new (guint32, relations->n);
  if (*starts == NULL || *order == NULL)
    return no_memory (self, error);
  /* One further on, so that filling an event moves its start to where it belongs. */
  at = *starts + 1;
  for (gsize i = 0; i < relations->n; i++)
    at[relations->from[i] + 1]++;
  for (guint32 i = 0; i < n; i++)
    at[i + 1] += at[i];
  for (gsize i = 0; i < relations->n; i++) {
    if (is_cancelled (self, i, error))
      return FALSE;
    (*order)[at[relations->from[i]]++] = (guint32) i;
  }
  return TRUE;
}

static gboolean
append_row (Reader *self, gint32 event, gint32 object, GError **error)
{
  gsize room = MAX (2 * self->room, 256);

  if (self->n_rows == vc_limits_get_max_rows (self->ocel->limits)) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT,
                 "%s: events of all cases are more than the %" G_GSIZE_FORMAT " rows allowed", self->ocel->name,
                 self->n_rows);
    return FALSE;
  }
  if (self->n_rows == self->room) {
    if (!vc_ocel_grow (&self->events, self->room, room, sizeof (gint32))
        || !vc_ocel_grow (&self->cases, self->room, room, sizeof (gint32)))
      return no_memory (self, error);
    self->room = room;
  }
  self->events[self->n_rows] = event;
  self->cases[self->n_rows++] = object;
  return TRUE;
}

/* An event that names an object twice is one step of it. `latest`: the last event of each object. */
static gboolean
append_rows (Reader *self, gint32 event, const guint32 *order, gsize n, gint32 *latest, GError **error)
{
  const VcOcelRelations *relations = &self->ocel->rows[VC_OCEL_EVENTS].relations;
  const gint32 *types = self->ocel->rows[VC_OCEL_OBJECTS].types;
  gboolean has_case = FALSE;

  for (gsize i = 0; i < n; i++) {
    gint32 object = relations->to[order[i]];

    if (latest[object] == event
        || !vc_ocel_cells_has_type (&self->cells[VC_EVENT_ROLE_CASE], types[object], relations->qualifiers[order[i]]))
      continue;
    latest[object] = event;
    has_case = TRUE;
    if (!append_row (self, event, object, error))
      return FALSE;
  }
  return has_case || append_row (self, event, -1, error);
}

static gboolean
make_rows (Reader *self, GError **error)
{
  const VcOcelRows *events = &self->ocel->rows[VC_OCEL_EVENTS];
  guint32 n_objects = vc_interner_size (self->ocel->rows[VC_OCEL_OBJECTS].ids);
  VC_BUFFER (guint32) starts = NULL;
  VC_BUFFER (guint32) order = NULL;
  VC_BUFFER (gint32) latest = vc_buffer_new (gint32, n_objects);

  if (latest == NULL)
    return no_memory (self, error);
  memset (latest, -1, n_objects * sizeof (gint32));
  if (!gather_relations (self, &starts, &order, error))
    return FALSE;
  for (guint32 i = 0; i < vc_interner_size (events->ids); i++) {
    if (is_cancelled (self, i, error))
      return FALSE;
    if (!append_rows (self, (gint32) i, order + starts[i], starts[i + 1] - starts[i], latest, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- columns ---- */

/* The code of a row in a role; -1: it has none. */
static gint32
code_of (const Reader *self, VcEventRole role, gsize row)
{
  const VcOcelCells *cells = &self->cells[role];
  gint32 event = self->events[row], object = self->cases[row];

  if (role == VC_EVENT_ROLE_CASE)
    return object;
  if (cells->role.kind == VC_OCEL_ROLE_TYPE)
    return self->ocel->rows[VC_OCEL_EVENTS].types[event];
  if (cells->of_event[event] >= 0 || cells->of_object == NULL || object < 0)
    return cells->of_event[event];
  return cells->of_object[object];
}

static VcEventValueResult
value_of (const Reader *self, VcEventRole role, gsize row, VcEventValue *value, VcEventValueProblem *problem)
{
  gint32 code = code_of (self, role, row);
  const char *text;
  gsize length;

  if (code < 0)
    return VC_EVENT_VALUE_MISSING;
  text = vc_interner_peek (self->cells[role].labels, (guint32) code, &length);
  return vc_event_value_read (value, vc_event_role_type (role), text, length, self->reading->mapping, problem);
}

/* Labels that no row has are left behind. */
static VcColumn *
make_texts (Reader *self, VcEventRole role, GError **error)
{
  guint32 n_old = vc_interner_size (self->cells[role].labels);
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) labels = NULL;
  VC_BUFFER (gint32) renamed = vc_buffer_new (gint32, n_old);
  VC_BUFFER (gint32) codes = vc_buffer_new0 (gint32, self->n_rows);
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, vc_bits_size (self->n_rows));

  if (interner == NULL || renamed == NULL || codes == NULL || validity == NULL)
    return NULL;
  memset (renamed, -1, n_old * sizeof (gint32));
  for (gsize row = 0; row < self->n_rows; row++) {
    VcEventValue value;
    VcEventValueProblem problem;
    gint32 *code;

    if (is_cancelled (self, row, error))
      return NULL;
    if (value_of (self, role, row, &value, &problem) != VC_EVENT_VALUE_OK)
      continue;
    code = &renamed[code_of (self, role, row)];
    if (*code < 0)
      *code = vc_interner_add (interner, value.text, value.length);
    if (*code < 0)
      return NULL;
    codes[row] = *code;
    vc_bit_set (validity, row);
  }
  labels = vc_interner_finish (interner);
  if (labels == NULL)
    return NULL;
  return vc_column_new_take (vc_event_role_name (role), VC_COLUMN_TYPE_TEXT, self->n_rows, g_steal_pointer (&codes),
                             g_steal_pointer (&validity), labels);
}

static VcColumn *
make_event_times (Reader *self, VcEventRole role)
{
  VC_BUFFER (gint64) times = vc_buffer_new (gint64, self->n_rows);

  if (times == NULL)
    return NULL;
  for (gsize row = 0; row < self->n_rows; row++)
    times[row] = self->ocel->rows[VC_OCEL_EVENTS].times[self->events[row]];
  return vc_column_new_take (vc_event_role_name (role), VC_COLUMN_TYPE_TIME, self->n_rows, g_steal_pointer (&times),
                             NULL, NULL);
}

static gboolean
refuse_cell (const Reader *self, VcEventRole role, gsize row, const VcEventValueProblem *problem, GError **error)
{
  const VcOcelMention *mention = &self->ocel->rows[VC_OCEL_EVENTS].mentions[self->events[row]];
  g_autofree char *line = mention->line > 0 ? g_strdup_printf (":%u", mention->line) : g_strdup ("");

  g_set_error (error, VC_IMPORT_ERROR, problem->code, "%s%s: field %s: row %u: %s (%s-column)", self->ocel->name, line,
               mention->list, mention->row, problem->what, vc_event_role_name (role));
  return FALSE;
}

static void
put_value (VcColumnType type, const VcEventValue *value, gpointer values, gsize row)
{
  if (type == VC_COLUMN_TYPE_DOUBLE)
    ((double *) values)[row] = value->number;
  else if (type != VC_COLUMN_TYPE_BOOLEAN)
    ((gint64 *) values)[row] = value->int64;
  else if (value->boolean)
    vc_bit_set (values, row);
}

static VcColumn *
make_values (Reader *self, VcEventRole role, GError **error)
{
  VcColumnType type = vc_event_role_type (role);
  VC_BUFFER (guint8) values = vc_buffer_new0 (guint8, vc_values_size (type, self->n_rows));
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, vc_bits_size (self->n_rows));

  if (values == NULL || validity == NULL)
    return NULL;
  for (gsize row = 0; row < self->n_rows; row++) {
    VcEventValue value;
    VcEventValueProblem problem;
    VcEventValueResult result = value_of (self, role, row, &value, &problem);

    if (is_cancelled (self, row, error))
      return NULL;
    if (result == VC_EVENT_VALUE_MISSING)
      continue;
    if (result == VC_EVENT_VALUE_WRONG) {
      refuse_cell (self, role, row, &problem, error);
      return NULL;
    }
    put_value (type, &value, values, row);
    vc_bit_set (validity, row);
  }
  return vc_column_new_take (vc_event_role_name (role), type, self->n_rows, g_steal_pointer (&values),
                             g_steal_pointer (&validity), NULL);
}

static VcColumn *
make_column (Reader *self, VcEventRole role, GError **error)
{
  if (self->cells[role].role.kind == VC_OCEL_ROLE_TIME)
    return make_event_times (self, role);
  return vc_event_role_type (role) == VC_COLUMN_TYPE_TEXT ? make_texts (self, role, error)
                                                          : make_values (self, role, error);
}

/* 0: unknown, as everywhere in SQLite. */
static VcColumn *
make_lines (Reader *self)
{
  VC_BUFFER (gint64) lines = vc_buffer_new (gint64, self->n_rows);

  if (lines == NULL)
    return NULL;
  for (gsize row = 0; row < self->n_rows; row++)
    lines[row] = self->ocel->rows[VC_OCEL_EVENTS].mentions[self->events[row]].line;
  return vc_column_new_take (VC_EVENT_LINE, VC_COLUMN_TYPE_INT64, self->n_rows, g_steal_pointer (&lines), NULL, NULL);
}

static VcTable *
make_table (Reader *self, GError **error)
{
  VcColumn *columns[VC_EVENT_N_ROLES + 1];
  gsize n = 0;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (VcTable) table = NULL;

  for (guint i = 0; i < VC_EVENT_N_ROLES && wrong == NULL; i++)
    if (self->cells[i].text != NULL)
      columns[n++] = make_column (self, i, &wrong);
  columns[n++] = wrong == NULL ? make_lines (self) : NULL;
  table = vc_table_new_take ("events", columns, n);
  if (table == NULL && wrong == NULL)
    no_memory (self, &wrong);
  if (wrong != NULL) {
    g_propagate_error (error, g_steal_pointer (&wrong));
    return NULL;
  }
  return g_steal_pointer (&table);
}

/* ---- the log ---- */

static gboolean
count_idle_objects (const Reader *self, guint64 *n_idle, GError **error)
{
  const VcOcelRelations *relations = &self->ocel->rows[VC_OCEL_EVENTS].relations;
  guint32 n = vc_interner_size (self->ocel->rows[VC_OCEL_OBJECTS].ids);
  VC_BUFFER (guint8) busy = vc_buffer_new0 (guint8, vc_bits_size (n));

  if (busy == NULL)
    return no_memory (self, error);
  *n_idle = n;
  for (gsize i = 0; i < relations->n; i++) {
    *n_idle -= !vc_bit_is_set (busy, (gsize) relations->to[i]);
    vc_bit_set (busy, (gsize) relations->to[i]);
  }
  return TRUE;
}

static void
report_if_any (const Reader *self, const char *what, guint64 count, const char *note)
{
  if (count > 0)
    vc_source_add_report (self->reading->source, what, count, note);
}

static gboolean
report (const Reader *self, GError **error)
{
  guint64 n_several = 0, n_idle = 0;

  if (!count_idle_objects (self, &n_idle, error))
    return FALSE;
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    n_several += self->cells[i].n_several;
  vc_source_add_report (self->reading->source, "events of the log",
                        vc_interner_size (self->ocel->rows[VC_OCEL_EVENTS].ids),
                        "each counts once for each object that is its case");
  vc_source_add_report (self->reading->source, "objects of the log",
                        vc_interner_size (self->ocel->rows[VC_OCEL_OBJECTS].ids), NULL);
  report_if_any (self, "objects without events", n_idle, NULL);
  report_if_any (self, "events or cases with several objects to choose from", n_several,
                 "the first in order of their ids");
  report_if_any (self, "members that the format does not have", self->ocel->n_ignored, "left out");
  return TRUE;
}

/* Wrong logs are told of with all that is wrong in them. */
static gboolean
check_problems (const VcEventReading *reading, VcOcel *ocel, GError **error)
{
  if (vc_problems_n_errors (ocel->problems) == 0)
    return TRUE;
  vc_problems_set_error (ocel->problems, error);
  vc_source_take_problems (reading->source, g_steal_pointer (&ocel->problems));
  return FALSE;
}

/* Names of the attributes that any role needs. */
static char **
list_kept (const VcEventMapping *mapping)
{
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();

  for (guint i = VC_EVENT_ROLE_CASE + 1; i < VC_EVENT_N_ROLES; i++) {
    g_auto (VcOcelRole) role = { 0 };

    if (mapping->attributes[i] != NULL && vc_ocel_role_parse (&role, mapping->attributes[i], VC_OCEL_ROLE_ATTRIBUTE)
        && role.kind == VC_OCEL_ROLE_ATTRIBUTE)
      g_strv_builder_addv (kept, (const char **) role.names);
  }
  return g_strv_builder_end (kept);
}

static VcTable *
make_events (const VcEventReading *reading, const VcOcel *ocel, GError **error)
{
  Reader self = { .reading = reading, .ocel = ocel };
  VcTable *table = NULL;

  if (vc_ocel_cells_find (ocel, reading->mapping, self.cells, reading->cancellable, error) && make_rows (&self, error))
    table = make_table (&self, error);
  if (table != NULL && !report (&self, error))
    g_clear_object (&table);
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    vc_ocel_cells_clear (&self.cells[i]);
  vc_buffer_free (self.events);
  vc_buffer_free (self.cases);
  return table;
}

typedef gboolean (*ReadFormat) (VcOcel *ocel, const VcEventReading *reading, GError **error);

static VcTable *
read_events (const VcEventReading *reading, ReadFormat read, GError **error)
{
  g_auto (GStrv) kept = list_kept (reading->mapping);
  g_autoptr (VcOcel) ocel = vc_ocel_new (reading->input->file, reading->input->limits, reading->mapping->zone,
                                         (const char *const *) kept, error);

  if (ocel == NULL || !read (ocel, reading, error) || !check_problems (reading, ocel, error))
    return NULL;
  return make_events (reading, ocel, error);
}

/* ---- the formats ---- */

/* The first byte that is no space, after a byte-order mark. */
static char
first_byte (const char *head, gsize length)
{
  gsize i = length >= 3 && memcmp (head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

  while (i < length && strchr (" \t\r\n", head[i]) != NULL && head[i] != '\0')
    i++;
  return i < length ? head[i] : '\0';
}

static gboolean
has_any (const char *head, gsize length, const char *const *words)
{
  for (; *words != NULL; words++)
    if (g_strstr_len (head, (gssize) length, *words) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
knows_json (const char *head, gsize length)
{
  return first_byte (head, length) == '{';
}

static gboolean
knows_xml (const char *head, gsize length)
{
  static const char *const parts[] = { "<event-types", "<object-types", "<events", "<objects", NULL };

  return first_byte (head, length) == '<' && has_any (head, length, parts);
}

static gboolean
knows_sqlite (const char *head, gsize length)
{
  return length >= 16 && memcmp (head, "SQLite format 3", 16) == 0;
}

static gboolean
run_json (VcOcel *ocel, const VcEventReading *reading, GError **error)
{
  return vc_ocel_read_json (ocel, reading, VC_OCEL_WINDOW, error);
}

static gboolean
run_xml (VcOcel *ocel, const VcEventReading *reading, GError **error)
{
  return vc_ocel_read_xml (ocel, reading, VC_OCEL_WINDOW, error);
}

static VcTable *
read_json (const VcEventReading *reading, GError **error)
{
  return read_events (reading, run_json, error);
}

static VcTable *
read_xml (const VcEventReading *reading, GError **error)
{
  return read_events (reading, run_xml, error);
}

static VcTable *
read_sqlite (const VcEventReading *reading, GError **error)
{
  return read_events (reading, vc_ocel_read_sqlite, error);
}

#define DEFAULTS                                                                                                       \
  {                                                                                                                    \
    [VC_EVENT_ROLE_CASE] = "object", [VC_EVENT_ROLE_PARTY] = "attribute:org:resource|resource",                        \
    [VC_EVENT_ROLE_TIME] = "event:time", [VC_EVENT_ROLE_ACTIVITY] = "event:type"                                       \
  }

const VcEventFormat vc_event_format_ocel_json
  = { .name = "OCEL 2.0 (JSON)", .knows = knows_json, .defaults = DEFAULTS, .read = read_json };
const VcEventFormat vc_event_format_ocel_xml
  = { .name = "OCEL 2.0 (XML)", .knows = knows_xml, .defaults = DEFAULTS, .read = read_xml };
const VcEventFormat vc_event_format_ocel_sqlite
  = { .name = "OCEL 2.0 (SQLite)", .knows = knows_sqlite, .defaults = DEFAULTS, .read = read_sqlite };
