/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-ocel-read-private.h"

#include "base/vc-buffer-private.h"
#include "vc-ocel-declared-private.h"
#include "vc-xml-private.h"

#include <string.h>

typedef enum {
  NOWHERE,
  LOG,
  EVENT_TYPES,
  OBJECT_TYPES,
  EVENTS,
  OBJECTS,
  N_LISTS, /* from EVENT_TYPES on: what a log consists of */
  TYPE = N_LISTS,
  DECLARATIONS,
  DECLARATION,
  ROW,
  VALUES,
  VALUE,
  RELATIONS,
  RELATION,
} Place;

/* Which element may stand where. */
static const struct {
  Place       inside;
  const char *name;
  Place       place;
} grammar[] = {
  { NOWHERE, "log", LOG },
  { LOG, "event-types", EVENT_TYPES },
  { LOG, "object-types", OBJECT_TYPES },
  { LOG, "events", EVENTS },
  { LOG, "objects", OBJECTS },
  { EVENT_TYPES, "event-type", TYPE },
  { OBJECT_TYPES, "object-type", TYPE },
  { TYPE, "attributes", DECLARATIONS },
  { DECLARATIONS, "attribute", DECLARATION },
  { EVENTS, "event", ROW },
  { OBJECTS, "object", ROW },
  { ROW, "attributes", VALUES },
  { VALUES, "attribute", VALUE },
  { ROW, "objects", RELATIONS },
  { RELATIONS, "relationship", RELATION },
};

/* An attribute of XML that must outlive its element's beginning. */
typedef struct {
  char *text;
  gsize length;
  gsize room;
  gboolean is_there;
} Held;

#define MAX_PLACES 8

typedef struct {
  VcOcel    *ocel;
  Place      places[MAX_PLACES]; /* of the elements that are open, from NOWHERE on */
  guint      depth;
  gboolean   seen[N_LISTS];
  VcOcelSide side;
  gint32     type; /* that is being declared; -1: none */
  Held       name;
  Held       time;
} Reader;

static VcOcelText
get_text (const char *const *attributes, const char *name)
{
  const char *text = vc_xml_get_attribute (attributes, name);

  return (VcOcelText) { text, text != NULL ? strlen (text) : 0 };
}

static gboolean
hold (Reader *self, Held *held, VcOcelText text, GError **error)
{
  held->is_there = text.text != NULL;
  held->length = text.length;
  if (text.length > held->room) {
    if (!vc_ocel_grow (&held->text, 0, text.length, 1))
      return vc_ocel_no_memory (self->ocel, error);
    held->room = text.length;
  }
  if (text.length > 0)
    memcpy (held->text, text.text, text.length);
  return TRUE;
}

static VcOcelText
held_text (const Held *held)
{
  return (VcOcelText) { held->is_there ? held->text : NULL, held->length };
}

/* ---- what stands where ---- */

static gboolean
begin_list (Reader *self, VcXml *xml, Place list, GError **error)
{
  static const char *const names[N_LISTS]
    = { [EVENT_TYPES] = "event-types", [OBJECT_TYPES] = "object-types", [EVENTS] = "events", [OBJECTS] = "objects" };

  if (self->seen[list])
    return vc_xml_fail (xml, VC_IMPORT_ERROR_DUPLICATE, "this part of a log stands twice", error);
  self->seen[list] = TRUE;
  self->side = list == EVENT_TYPES || list == EVENTS ? VC_OCEL_EVENTS : VC_OCEL_OBJECTS;
  self->ocel->place = (VcOcelPlace) { .list = names[list] };
  return TRUE;
}

static gboolean
begin_type (Reader *self, const char *const *attributes, GError **error)
{
  VcOcelText name = get_text (attributes, "name");

  self->ocel->place.row++;
  self->type = -1;
  if (name.length > 0)
    return vc_ocel_declare_type (self->ocel, self->side, name, &self->type, error);
  vc_ocel_add_problem (self->ocel, VC_IMPORT_ERROR_MISSING, "the name is missing");
  return TRUE;
}

static gboolean
begin_row (Reader *self, const char *const *attributes, GError **error)
{
  self->ocel->place.row++;
  if (!vc_ocel_begin (self->ocel, self->side, get_text (attributes, "id"), get_text (attributes, "type"), error))
    return FALSE;
  if (self->side == VC_OCEL_EVENTS)
    vc_ocel_set_time (self->ocel, get_text (attributes, "time"));
  return TRUE;
}

static gboolean
begin (Reader *self, VcXml *xml, Place place, const char *const *attributes, GError **error)
{
  switch (place) {
    case EVENT_TYPES:
    case OBJECT_TYPES:
    case EVENTS:
    case OBJECTS:
      return begin_list (self, xml, place, error);
    case TYPE:
      return begin_type (self, attributes, error);
    case DECLARATION:
      return self->type < 0
             || vc_ocel_declare_attribute (self->ocel, self->side, self->type, get_text (attributes, "name"),
                                           get_text (attributes, "type"), error);
    case ROW:
      return begin_row (self, attributes, error);
    case VALUE:
      return hold (self, &self->name, get_text (attributes, "name"), error)
             && hold (self, &self->time, get_text (attributes, "time"), error);
    case RELATION:
      return vc_ocel_relate (self->ocel, get_text (attributes, "object-id"), get_text (attributes, "qualifier"), error);
    case NOWHERE:
    case LOG:
    case DECLARATIONS:
    case VALUES:
    case RELATIONS:
    default:
      return TRUE;
  }
}

static gboolean
on_start (VcXml *xml, const char *name, const char *const *attributes, gpointer data, GError **error)
{
  Reader *self = data;
  Place inside = self->places[self->depth];

  for (guint i = 0; i < G_N_ELEMENTS (grammar); i++) {
    if (grammar[i].inside != inside || strcmp (grammar[i].name, name) != 0)
      continue;
    self->places[++self->depth] = grammar[i].place;
    self->ocel->place.line = vc_xml_get_line (xml);
    return begin (self, xml, grammar[i].place, attributes, error);
  }
  return vc_xml_fail (xml, VC_IMPORT_ERROR_FORMAT,
                      inside == NOWHERE ? "this is no OCEL 2.0 log" : "OCEL 2.0 has no such element here", error);
}

static gboolean
on_end (VcXml *xml, const char *name, const char *text, gpointer data, GError **error)
{
  Reader *self = data;
  Place place = self->places[self->depth--];
  VcOcelText value = { text, strlen (text) };

  if (place == VALUE)
    return vc_ocel_add_value (self->ocel, held_text (&self->name), value, held_text (&self->time), error);
  for (; place != LOG && *text != '\0'; text++)
    if (strchr (" \t\r\n", *text) == NULL)
      return vc_xml_fail (xml, VC_IMPORT_ERROR_FORMAT, "OCEL 2.0 has no text here", error);
  return TRUE;
}

static gboolean
feed (VcXml *xml, const VcEventReading *reading, gsize window, GError **error)
{
  VC_BUFFER (char) buffer = vc_buffer_new (char, window);
  gssize n;

  if (buffer == NULL) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory to read", reading->input->file);
    return FALSE;
  }
  do {
    n = vc_input_fill (reading->input, buffer, window, reading->cancellable, error);
    if (n < 0 || !vc_xml_feed (xml, buffer, (gsize) n, (gsize) n < window, error))
      return FALSE;
    if (reading->progress != NULL)
      vc_progress_update (reading->progress, vc_input_get_fraction (reading->input), NULL);
  } while ((gsize) n == window);
  return vc_input_finish (reading->input, error);
}

static gboolean
check_seen (Reader *self, GError **error)
{
  for (guint list = EVENT_TYPES; list < N_LISTS; list++)
    if (!self->seen[list]) {
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s: the log has no element \"%s\"",
                   self->ocel->name, grammar[list - EVENT_TYPES + 1].name);
      return FALSE;
    }
  return TRUE;
}

gboolean
vc_ocel_read_xml (VcOcel *ocel, const VcEventReading *reading, gsize window, GError **error)
{
  static const VcXmlHandler handler = { on_start, on_end };
  Reader self = { .ocel = ocel, .type = -1 };
  g_autoptr (VcXml) xml = vc_xml_new (reading->input->file, &handler, &self, ocel->limits, error);
  gboolean ok = xml != NULL && feed (xml, reading, window, error) && check_seen (&self, error);

  vc_buffer_free (self.name.text);
  vc_buffer_free (self.time.text);
  if (ok)
    vc_ocel_finish (ocel);
  return ok;
}
