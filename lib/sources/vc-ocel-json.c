/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-ocel-read-private.h"

#include "vc-json-stream-private.h"

#include <string.h>

/* {"eventTypes": [], "objectTypes": [], "events": [], "objects": []}, in any order. A log may be far larger than
 * memory for its text: the lists are read one element at a time. */

#define ROWS_PER_UPDATE 4096

typedef struct {
  VcOcel       *ocel;
  const VcJson *json;
} Reader;

typedef struct {
  const char *name;
  gboolean  (*read) (Reader *self, VcOcelSide side, GError **error);
  VcOcelSide  side;
} List;

static gboolean
fail_at (Reader *self, guint32 value, const char *member, const char *what, GError **error)
{
  guint line, column;

  vc_json_locate (self->json, value, &line, &column);
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "%s:%u:%u: the member \"%s\" must be %s",
               self->ocel->name, line, column, member, what);
  return FALSE;
}

/* No text where there is no such member. */
static gboolean
get_text (Reader *self, guint32 object, const char *member, VcOcelText *text, GError **error)
{
  guint32 value;

  *text = (VcOcelText) { NULL, 0 };
  if (!vc_json_member (self->json, object, member, &value, error))
    return FALSE;
  if (value == VC_JSON_NONE)
    return TRUE;
  if (vc_json_get_type (self->json, value) != VC_JSON_STRING)
    return fail_at (self, value, member, "a string", error);
  text->text = vc_json_peek_text (self->json, value, &text->length);
  return TRUE;
}

/* Any scalar is a value, as its text; null is none. */
static gboolean
get_value (Reader *self, guint32 object, VcOcelText *text, GError **error)
{
  guint32 value;

  *text = (VcOcelText) { NULL, 0 };
  if (!vc_json_member (self->json, object, "value", &value, error))
    return FALSE;
  if (value == VC_JSON_NONE || vc_json_get_type (self->json, value) == VC_JSON_NULL)
    return TRUE;
  if (vc_json_get_type (self->json, value) >= VC_JSON_ARRAY)
    return fail_at (self, value, "value", "a string, a number or a truth value", error);
  text->text = vc_json_peek_text (self->json, value, &text->length);
  return TRUE;
}

/* The first element of a list; VC_JSON_NONE where it is empty or not there. */
static gboolean
get_list (Reader *self, guint32 object, const char *member, guint32 *first, GError **error)
{
  guint32 value;

  *first = VC_JSON_NONE;
  if (!vc_json_member (self->json, object, member, &value, error))
    return FALSE;
  if (value == VC_JSON_NONE)
    return TRUE;
  if (vc_json_get_type (self->json, value) != VC_JSON_ARRAY)
    return fail_at (self, value, member, "an array", error);
  *first = vc_json_first (self->json, value);
  return TRUE;
}

static void
count_ignored (Reader *self, guint32 object, const char *const *known)
{
  for (guint32 i = vc_json_first (self->json, object); i != VC_JSON_NONE; i = vc_json_next (self->json, i)) {
    gsize length;
    const char *name = vc_json_peek_name (self->json, i, &length);
    gboolean is_known = FALSE;

    for (guint k = 0; known[k] != NULL && !is_known; k++)
      is_known = strlen (known[k]) == length && memcmp (known[k], name, length) == 0;
    self->ocel->n_ignored += !is_known;
  }
}

static gboolean
read_type (Reader *self, VcOcelSide side, GError **error)
{
  static const char *const known[] = { "name", "attributes", NULL };
  static const char *const known_of_attribute[] = { "name", "type", NULL };
  VcOcelText name, kind;
  guint32 attribute;
  gint32 type;

  if (!get_text (self, VC_JSON_ROOT, "name", &name, error)
      || !get_list (self, VC_JSON_ROOT, "attributes", &attribute, error))
    return FALSE;
  count_ignored (self, VC_JSON_ROOT, known);
  if (name.length == 0) {
    vc_ocel_add_problem (self->ocel, VC_IMPORT_ERROR_MISSING, "the name is missing");
    return TRUE;
  }
  if (!vc_ocel_declare_type (self->ocel, side, name, &type, error))
    return FALSE;
  for (; attribute != VC_JSON_NONE && type >= 0; attribute = vc_json_next (self->json, attribute)) {
    if (!get_text (self, attribute, "name", &name, error) || !get_text (self, attribute, "type", &kind, error) ||
        !vc_ocel_declare_attribute (self->ocel, side, type, name, kind, error))
      return FALSE;
    count_ignored (self, attribute, known_of_attribute);
  }
  return TRUE;
}

static void
move_to (Reader *self, guint32 value)
{
  guint line, column;

  vc_json_locate (self->json, value, &line, &column);
  self->ocel->place.line = line;
}

static gboolean
read_values (Reader *self, guint32 value, GError **error)
{
  static const char *const known[] = { "name", "value", "time", NULL };
  VcOcelText name, text, time;

  for (; value != VC_JSON_NONE; value = vc_json_next (self->json, value)) {
    if (!get_text (self, value, "name", &name, error) || !get_value (self, value, &text, error)
        || !get_text (self, value, "time", &time, error))
      return FALSE;
    move_to (self, value);
    if (!vc_ocel_add_value (self->ocel, name, text, time, error))
      return FALSE;
    count_ignored (self, value, known);
  }
  return TRUE;
}

static gboolean
read_relations (Reader *self, guint32 value, GError **error)
{
  static const char *const known[] = { "objectId", "qualifier", NULL };
  VcOcelText target, qualifier;

  for (; value != VC_JSON_NONE; value = vc_json_next (self->json, value)) {
    if (!get_text (self, value, "objectId", &target, error) || !get_text (self, value, "qualifier", &qualifier, error))
      return FALSE;
    move_to (self, value);
    if (!vc_ocel_relate (self->ocel, target, qualifier, error))
      return FALSE;
    count_ignored (self, value, known);
  }
  return TRUE;
}

static gboolean
read_row (Reader *self, VcOcelSide side, GError **error)
{
  static const char *const known[] = { "id", "type", "attributes", "relationships", "time", NULL };
  VcOcelText id, type, time;
  guint32 values, relations;

  if (!get_text (self, VC_JSON_ROOT, "id", &id, error) || !get_text (self, VC_JSON_ROOT, "type", &type, error)
      || !get_list (self, VC_JSON_ROOT, "attributes", &values, error)
      || !get_list (self, VC_JSON_ROOT, "relationships", &relations, error))
    return FALSE;
  if (!vc_ocel_begin (self->ocel, side, id, type, error))
    return FALSE;
  if (side == VC_OCEL_EVENTS) {
    if (!get_text (self, VC_JSON_ROOT, "time", &time, error))
      return FALSE;
    vc_ocel_set_time (self->ocel, time);
  }
  count_ignored (self, VC_JSON_ROOT, known);
  return read_values (self, values, error) && read_relations (self, relations, error);
}

static const List lists[] = {
  { "eventTypes", read_type, VC_OCEL_EVENTS },
  { "objectTypes", read_type, VC_OCEL_OBJECTS },
  { "events", read_row, VC_OCEL_EVENTS },
  { "objects", read_row, VC_OCEL_OBJECTS },
};

static const List *
find_list (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (strcmp (lists[i].name, name) == 0)
      return &lists[i];
  return NULL;
}

/* A list begins, or another member. */
static gboolean
see_member (Reader *self, const VcJsonItem *item, gboolean seen[G_N_ELEMENTS (lists)], GError **error)
{
  const List *list = find_list (item->member);

  if (list == NULL) {
    self->ocel->n_ignored++;
    return TRUE;
  }
  if (item->type == VC_JSON_ITEM_MEMBER)
    return fail_at (self, VC_JSON_ROOT, list->name, "an array", error);
  if (seen[list - lists]) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_DUPLICATE, "%s: the member \"%s\" stands twice",
                 self->ocel->name, list->name);
    return FALSE;
  }
  seen[list - lists] = TRUE;
  return TRUE;
}

static gboolean
read_element (Reader *self, const VcJsonItem *item, GError **error)
{
  const List *list = find_list (item->member);

  if (list == NULL)
    return TRUE;
  self->ocel->place = (VcOcelPlace) { .list = list->name, .row = item->row };
  move_to (self, VC_JSON_ROOT);
  return list->read (self, list->side, error);
}

static gboolean
check_seen (Reader *self, const gboolean seen[G_N_ELEMENTS (lists)], GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (!seen[i]) {
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s: the log has no member \"%s\"",
                   self->ocel->name, lists[i].name);
      return FALSE;
    }
  return TRUE;
}

gboolean
vc_ocel_read_json (VcOcel *ocel, const VcEventReading *reading, gsize window, GError **error)
{
  g_autoptr (VcJsonStream) stream = vc_json_stream_new (reading->input, window, reading->cancellable, error);
  gboolean seen[G_N_ELEMENTS (lists)] = { FALSE };
  Reader self = { ocel, NULL };
  VcJsonItem item;

  if (stream == NULL)
    return FALSE;
  do {
    if (!vc_json_stream_next (stream, &item, error))
      return FALSE;
    self.json = item.json;
    if (item.type == VC_JSON_ITEM_ELEMENT ? !read_element (&self, &item, error)
                                          : item.type != VC_JSON_ITEM_END && !see_member (&self, &item, seen, error))
      return FALSE;
    if (reading->progress != NULL && item.row % ROWS_PER_UPDATE == 0)
      vc_progress_update (reading->progress, vc_input_get_fraction (reading->input), NULL);
  } while (item.type != VC_JSON_ITEM_END);
  if (!check_seen (&self, seen, error) || !vc_input_finish (reading->input, error))
    return FALSE;
  vc_ocel_finish (ocel);
  return TRUE;
}
