/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-format-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "vc-event-rows-private.h"
#include "vc-xes-private.h"

/* XES, IEEE 1849: traces of events, each with attributes that are typed by the name of their element. What a role
 * is, the event says; for roles of the case the trace may; where the mapping asks for case:NAME, only the trace.
 * Attributes of attributes, lists, extensions and the defaults of globals are read over: a default such as "UNKNOWN"
 * is no party. Values of attributes that nobody asked for are not judged. */

#define BLOCK_SIZE ((gssize) 256 * 1024)
#define CASE_PREFIX "case:"

typedef enum {
  KIND_STRING,
  KIND_DATE,
  KIND_INT,
  KIND_FLOAT,
  KIND_BOOLEAN,
  KIND_ID,
  N_SIMPLE, /* the kinds above have a value */
  KIND_LIST = N_SIMPLE,
  KIND_CONTAINER,
  N_ATTRIBUTES, /* the kinds above are attributes */
  KIND_VALUES = N_ATTRIBUTES,
  KIND_LOG,
  KIND_EXTENSION,
  KIND_GLOBAL,
  KIND_CLASSIFIER,
  KIND_TRACE,
  KIND_EVENT,
  N_KINDS,
  KIND_NONE = N_KINDS
} Kind;

#define BIT(kind) (1u << (kind))
#define ANY_ATTRIBUTE (BIT (N_ATTRIBUTES) - 1)

/* `inside`: where an element may stand. */
static const struct {
  const char *name;
  guint       inside;
} kinds[N_KINDS] = {
#define EVERYWHERE (BIT (KIND_LOG) | BIT (KIND_GLOBAL) | BIT (KIND_TRACE) | BIT (KIND_EVENT) | BIT (KIND_VALUES) | ANY_ATTRIBUTE)
  [KIND_STRING] = { "string", EVERYWHERE },
  [KIND_DATE] = { "date", EVERYWHERE },
  [KIND_INT] = { "int", EVERYWHERE },
  [KIND_FLOAT] = { "float", EVERYWHERE },
  [KIND_BOOLEAN] = { "boolean", EVERYWHERE },
  [KIND_ID] = { "id", EVERYWHERE },
  [KIND_LIST] = { "list", EVERYWHERE },
  [KIND_CONTAINER] = { "container", EVERYWHERE },
  [KIND_VALUES] = { "values", BIT (KIND_LIST) },
  [KIND_LOG] = { "log", BIT (KIND_NONE) },
  [KIND_EXTENSION] = { "extension", BIT (KIND_LOG) },
  [KIND_GLOBAL] = { "global", BIT (KIND_LOG) },
  [KIND_CLASSIFIER] = { "classifier", BIT (KIND_LOG) },
  [KIND_TRACE] = { "trace", BIT (KIND_LOG) },
  [KIND_EVENT] = { "event", BIT (KIND_TRACE) | BIT (KIND_LOG) },
};

/* What a role has in the trace; `text` owns what `value` points to. */
typedef struct {
  gboolean     is_set;
  VcEventValue value;
  VcXesText    text;
} TraceValue;

typedef struct {
  const VcEventReading *reading;
  VcXml          *xml;
  GError        **error;                      /* of the handler that is called */
  VcEventRows     rows;
  Kind            open[VC_XML_MAX_DEPTH + 1]; /* the elements that are open; the first is none */
  guint           depth;
  gsize           trace_start;                /* the first row of the trace */
  TraceValue      trace[VC_EVENT_N_ROLES];
  const char     *trace_names[VC_EVENT_N_ROLES];
  const char     *event_names[VC_EVENT_N_ROLES];
  VcXesClassifier classifiers[VC_EVENT_N_ROLES];
  gboolean        has_classifiers;
  guint64         n_traces;
  guint64         n_empty;
  guint64         n_again;   /* traces with the name of another */
  guint64         n_twice;   /* attributes */
  guint64         n_no_zone; /* times */
} Xes;

/* Of the attribute of the log that has the role. */
static gboolean
refuse (Xes *self, VcEventRole role, VcImportError code, const char *what)
{
  g_autofree char *message = g_strdup_printf ("field %s: %s", self->reading->mapping->attributes[role], what);

  return vc_xml_fail (self->xml, code, message, self->error);
}

static gboolean
refuse_element (Xes *self, VcImportError code, const char *what)
{
  return vc_xml_fail (self->xml, code, what, self->error);
}

static gboolean
no_memory (Xes *self)
{
  return refuse_element (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the events");
}

static Kind
find_kind (const char *name)
{
  for (guint i = 0; i < N_KINDS; i++)
    if (kinds[i].name[0] == name[0] && strcmp (kinds[i].name, name) == 0)
      return i;
  return KIND_NONE;
}

/* Whether the text is what the element says that it is. */
static VcEventValueResult
check_kind (Kind kind, const char *text, gsize length, const VcEventMapping *mapping, VcEventValueProblem *problem)
{
  static const VcColumnType types[N_SIMPLE] = {
    [KIND_STRING] = VC_COLUMN_TYPE_TEXT,   [KIND_DATE] = VC_COLUMN_TYPE_TIME,       [KIND_INT] = VC_COLUMN_TYPE_INT64,
    [KIND_FLOAT] = VC_COLUMN_TYPE_DOUBLE,  [KIND_BOOLEAN] = VC_COLUMN_TYPE_BOOLEAN, [KIND_ID] = VC_COLUMN_TYPE_TEXT,
  };
  VcEventValue value;

  if (kind == KIND_ID && length > 0 && !g_uuid_string_is_valid (text)) {
    *problem = (VcEventValueProblem) { VC_IMPORT_ERROR_VALUE, "this is no UUID" };
    return VC_EVENT_VALUE_WRONG;
  }
  return vc_event_value_read (&value, types[kind], text, length, mapping, problem);
}

static gboolean
has_zone (const char *text, gsize length)
{
  return length > 10 && (text[length - 1] == 'Z' || strpbrk (text + 10, "+-") != NULL);
}

static VcEventValueResult
read_value (Xes *self, VcEventRole role, Kind kind, const char *text, VcEventValue *value, VcEventValueProblem *problem)
{
  const VcEventMapping *mapping = self->reading->mapping;
  VcColumnType type = vc_event_role_type (role);
  gsize length = strlen (text);
  VcEventValueResult result = VC_EVENT_VALUE_OK;

  if (kind != KIND_STRING && !(kind == KIND_DATE && type == VC_COLUMN_TYPE_TIME))
    result = check_kind (kind, text, length, mapping, problem);
  if (result == VC_EVENT_VALUE_OK)
    result = vc_event_value_read (value, type, text, length, mapping, problem);
  if (result == VC_EVENT_VALUE_OK && role == VC_EVENT_ROLE_TIME)
    self->n_no_zone += !has_zone (text, length);
  return result;
}

static gboolean
set_in_trace (Xes *self, VcEventRole role, const VcEventValue *value)
{
  TraceValue *own = &self->trace[role];

  self->n_twice += own->is_set;
  if (!vc_xes_text_set (&own->text, value->text, value->length))
    return no_memory (self);
  own->value = *value;
  own->value.text = own->text.text;
  own->is_set = TRUE;
  return TRUE;
}

static gboolean
set_in_event (Xes *self, VcEventRole role, const VcEventValue *value)
{
  gsize row = self->rows.n_rows - 1;

  self->n_twice += vc_event_rows_has (&self->rows, role, row);
  return vc_event_rows_set (&self->rows, role, row, value) || no_memory (self);
}

/* What is said of a case as a whole may stand in each event or once in the trace. */
static gboolean
is_of_case (VcEventRole role)
{
  return role == VC_EVENT_ROLE_CASE || role == VC_EVENT_ROLE_CUSTOMER || role >= VC_EVENT_ROLE_MADE;
}

/* The name of the attribute as traces or events have it; NULL: they are not asked. */
static const char *
name_in_trace (VcEventRole role, const char *attribute)
{
  if (g_str_has_prefix (attribute, CASE_PREFIX))
    return attribute + strlen (CASE_PREFIX);
  return is_of_case (role) ? attribute : NULL;
}

static const char *
name_in_event (VcEventRole role, const char *attribute)
{
  return g_str_has_prefix (attribute, CASE_PREFIX) || role == VC_EVENT_ROLE_CASE ? NULL : attribute;
}

/* A classifier stands in the name's place. */
static void
set_names (Xes *self)
{
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    const char *attribute = self->reading->mapping->attributes[i];

    if (attribute == NULL)
      continue;
    if (g_str_has_prefix (attribute, VC_XES_CLASSIFIER) && vc_event_role_type (i) == VC_COLUMN_TYPE_TEXT
        && i != VC_EVENT_ROLE_CASE) {
      self->classifiers[i].name = attribute + strlen (VC_XES_CLASSIFIER);
      self->has_classifiers = TRUE;
    } else {
      self->trace_names[i] = name_in_trace (i, attribute);
      self->event_names[i] = name_in_event (i, attribute);
    }
  }
}

static gboolean
offer_to_role (Xes *self, VcEventRole role, Kind kind, Kind parent, const char *const *attributes)
{
  const char *value = vc_xml_get_attribute (attributes, "value");
  VcEventValue read;
  VcEventValueProblem problem;

  if (value == NULL)
    return refuse (self, role, VC_IMPORT_ERROR_MISSING, "the attribute has no value");
  switch (read_value (self, role, kind, value, &read, &problem)) {
    case VC_EVENT_VALUE_OK:
      return parent == KIND_TRACE ? set_in_trace (self, role, &read) : set_in_event (self, role, &read);
    case VC_EVENT_VALUE_MISSING:
      return TRUE;
    case VC_EVENT_VALUE_WRONG:
    default:
      return refuse (self, role, problem.code, problem.what);
  }
}

static gboolean
offer_to_classifiers (Xes *self, const char *key, const char *value)
{
  for (guint i = 0; value != NULL && i < VC_EVENT_N_ROLES; i++)
    if (self->classifiers[i].name != NULL && !vc_xes_classifier_offer (&self->classifiers[i], key, value))
      return no_memory (self);
  return TRUE;
}

/* An attribute of a trace or an event. */
static gboolean
take_attribute (Xes *self, Kind kind, Kind parent, const char *const *attributes)
{
  const char *const *names = parent == KIND_TRACE ? self->trace_names : self->event_names;
  const char *key = vc_xml_get_attribute (attributes, "key");

  if (key == NULL)
    return refuse_element (self, VC_IMPORT_ERROR_MISSING, "the attribute has no key");
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (names[i] != NULL && strcmp (names[i], key) == 0 && !offer_to_role (self, i, kind, parent, attributes))
      return FALSE;
  if (parent != KIND_EVENT || !self->has_classifiers)
    return TRUE;
  return offer_to_classifiers (self, key, vc_xml_get_attribute (attributes, "value"));
}

/* A default must be of its type, though it is not used. */
static gboolean
check_global (Xes *self, Kind kind, const char *const *attributes)
{
  const VcEventMapping none = { 0 };
  const char *value = vc_xml_get_attribute (attributes, "value");
  VcEventValueProblem problem;

  if (value == NULL || check_kind (kind, value, strlen (value), &none, &problem) != VC_EVENT_VALUE_WRONG)
    return TRUE;
  return refuse_element (self, problem.code, problem.what);
}

static gboolean
take_classifier (Xes *self, const char *const *attributes)
{
  const char *name = vc_xml_get_attribute (attributes, "name"), *keys = vc_xml_get_attribute (attributes, "keys");

  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (self->classifiers[i].name != NULL && g_strcmp0 (self->classifiers[i].name, name) == 0 &&
        !vc_xes_classifier_set_keys (&self->classifiers[i], keys != NULL ? keys : "", self->xml, self->error))
      return FALSE;
  return TRUE;
}

/* A classifier must be known before the first event. */
static gboolean
check_classifiers (Xes *self)
{
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (self->classifiers[i].name != NULL && self->classifiers[i].n_keys == 0)
      return refuse (self, i, VC_IMPORT_ERROR_MISSING, "the log has no such classifier");
  return TRUE;
}

static gboolean
start_event (Xes *self)
{
  if (self->rows.n_rows == 0 && !check_classifiers (self))
    return FALSE;
  if (self->rows.n_rows >= vc_limits_get_max_rows (self->reading->input->limits))
    return refuse_element (self, VC_IMPORT_ERROR_LIMIT, "the log has more events than allowed");
  return vc_event_rows_add (&self->rows, vc_xml_get_line (self->xml)) || no_memory (self);
}

static gboolean
end_event (Xes *self)
{
  for (guint i = 0; i < VC_EVENT_N_ROLES && self->has_classifiers; i++) {
    VcXesClassifier *classifier = &self->classifiers[i];
    VcEventValue value = { 0 };

    if (classifier->name == NULL)
      continue;
    if (!vc_xes_classifier_identify (classifier))
      return no_memory (self);
    value.text = classifier->identity.text;
    value.length = classifier->identity.length;
    if (classifier->identity.is_set && !set_in_event (self, i, &value))
      return FALSE;
  }
  return TRUE;
}

static void
start_trace (Xes *self)
{
  self->n_traces++;
  self->trace_start = self->rows.n_rows;
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    self->trace[i].is_set = FALSE;
}

/* Attributes of the trace may stand behind its events. */
static gboolean
end_trace (Xes *self)
{
  const VcInterner *cases = self->rows.stores[VC_EVENT_ROLE_CASE].interner;
  guint32 n_cases = vc_interner_size (cases);

  self->n_empty += self->trace_start == self->rows.n_rows;
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (self->trace[i].is_set && !vc_event_rows_fill (&self->rows, i, self->trace_start, &self->trace[i].value))
      return no_memory (self);
  self->n_again += self->trace[VC_EVENT_ROLE_CASE].is_set && self->trace_start < self->rows.n_rows &&
                   n_cases == vc_interner_size (cases);
  return TRUE;
}

static gboolean
start_element (VcXml *xml, const char *name, const char *const *attributes, gpointer data, GError **error)
{
  Xes *self = data;
  Kind kind = find_kind (name), parent = self->open[self->depth];

  self->error = error;
  if (parent == KIND_NONE && kind != KIND_LOG)
    return refuse_element (self, VC_IMPORT_ERROR_FORMAT, "this is not XES: the first element is no log");
  if (kind == KIND_NONE || (kinds[kind].inside & BIT (parent)) == 0)
    return refuse_element (self, VC_IMPORT_ERROR_FORMAT, "XES has no such element here");
  self->open[++self->depth] = kind;
  if (kind < N_SIMPLE && (parent == KIND_EVENT || parent == KIND_TRACE))
    return take_attribute (self, kind, parent, attributes);
  if (kind < N_SIMPLE && parent == KIND_GLOBAL)
    return check_global (self, kind, attributes);
  if (kind == KIND_CLASSIFIER)
    return take_classifier (self, attributes);
  if (kind == KIND_TRACE)
    start_trace (self);
  return kind != KIND_EVENT || start_event (self);
}

static gboolean
end_element (VcXml *xml, const char *name, const char *text, gpointer data, GError **error)
{
  Xes *self = data;
  Kind kind = self->open[self->depth--];

  self->error = error;
  if (*text != '\0' && text[strspn (text, " \t\r\n")] != '\0')
    return refuse_element (self, VC_IMPORT_ERROR_FORMAT, "text stands where XES has none");
  if (kind == KIND_EVENT)
    return end_event (self);
  return kind != KIND_TRACE || end_trace (self);
}

static void
add_report (Xes *self, const char *what, guint64 count, const char *note)
{
  if (count > 0)
    vc_source_add_report (self->reading->source, what, count, note);
}

static void
report (Xes *self)
{
  guint64 n_idle = 0;

  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    for (guint k = 0; k < self->classifiers[i].n_keys; k++)
      n_idle += !self->classifiers[i].found[k];
  vc_source_add_report (self->reading->source, "traces", self->n_traces, NULL);
  add_report (self, "traces without events", self->n_empty, "they are no cases");
  add_report (self, "traces with the name of another", self->n_again, "together they are one case");
  add_report (self, "attributes given twice", self->n_twice, "the last one counts");
  add_report (self, "times without zone", self->n_no_zone,
              self->reading->mapping->zone == 0 ? "taken as UTC" : "taken as those of the zone given");
  add_report (self, "classifier keys that no event has", n_idle, NULL);
}

static void
clear (Xes *self)
{
  vc_event_rows_clear (&self->rows);
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    vc_xes_text_clear (&self->trace[i].text);
    vc_xes_classifier_clear (&self->classifiers[i]);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Xes, clear)

/* Spaces, a byte-order mark, and then what only XML begins with; or the same in UTF-16. */
static gboolean
knows (const char *head, gsize length)
{
  static const char *const beginnings[] = { "<?xml", "<!--", "<!doctype", "<log" };
  gsize start = length >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  if (length >= 4 && (memcmp (head, "\xff\xfe<", 4) == 0 || memcmp (head, "\xfe\xff\0<", 4) == 0))
    return TRUE;
  while (start < length && g_ascii_isspace (head[start]))
    start++;
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (length - start >= strlen (beginnings[i])
        && g_ascii_strncasecmp (head + start, beginnings[i], strlen (beginnings[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Time is linear in the size of the file. */
static gboolean
read_log (Xes *self, GError **error)
{
  static const VcXmlHandler handler = { start_element, end_element };
  const VcEventReading *reading = self->reading;
  gssize size = reading->piece_size > 0 ? (gssize) reading->piece_size : BLOCK_SIZE;
  VC_BUFFER (char) block = vc_buffer_new (char, (gsize) size);
  g_autoptr (VcXml) xml = vc_xml_new (reading->input->file, &handler, self, reading->input->limits, error);

  self->xml = xml;
  if (xml == NULL || block == NULL)
    return FALSE;
  for (gssize n = size; n == size;) {
    n = vc_input_fill (reading->input, block, (gsize) size, reading->cancellable, error);
    if (n < 0 || !vc_xml_feed (xml, block, (gsize) n, n < size, error) ||
        g_cancellable_set_error_if_cancelled (reading->cancellable, error))
      return FALSE;
    if (reading->progress != NULL && reading->input->size > 0)
      vc_progress_update (reading->progress, vc_input_get_fraction (reading->input), NULL);
  }
  return vc_input_finish (reading->input, error);
}

static VcTable *
read_events (const VcEventReading *reading, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_auto (Xes) self = { .reading = reading, .open = { KIND_NONE } };
  VcTable *table = NULL;

  set_names (&self);
  if (vc_event_rows_init (&self.rows, reading->mapping) && read_log (&self, &reason) &&
      vc_event_rows_check (&self.rows, reading, vc_event_format_xes.defaults, &reason)) {
    report (&self);
    table = vc_event_rows_finish (&self.rows);
  }
  if (table == NULL && reason == NULL)
    g_set_error (&reason, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory for the events",
                 reading->input->file);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return table;
}

const VcEventFormat vc_event_format_xes = {
  .name = "XES",
  .knows = knows,
  .defaults = {
    [VC_EVENT_ROLE_CASE] = "concept:name",
    [VC_EVENT_ROLE_PARTY] = "org:resource",
    [VC_EVENT_ROLE_TIME] = "time:timestamp",
    [VC_EVENT_ROLE_ACTIVITY] = "concept:name",
    [VC_EVENT_ROLE_LIFECYCLE] = "lifecycle:transition",
  },
  .read = read_events,
};
