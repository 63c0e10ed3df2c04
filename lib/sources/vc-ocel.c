/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-ocel-private.h"

#include "base/vc-buffer-private.h"
#include "vc-ocel-declared-private.h"

#include <string.h>

VcOcel *
vc_ocel_new (const char *name, VcLimits *limits, int zone, const char *const *kept, GError **error)
{
  g_autoptr (VcOcel) self = g_new0 (VcOcel, 1);
  gboolean ok;

  self->name = g_strdup (name);
  self->limits = limits;
  self->zone = zone;
  self->kept = kept;
  self->row = -1;
  self->problems = vc_problems_new ();
  self->names = vc_interner_new ();
  self->texts = vc_interner_new ();
  self->declarations = vc_ocel_declarations_new ();
  ok = self->names != NULL && self->texts != NULL && self->declarations != NULL;
  for (guint i = 0; i < VC_OCEL_N_SIDES; i++) {
    self->rows[i].ids = vc_interner_new ();
    self->rows[i].type_names = vc_interner_new ();
    ok &= self->rows[i].ids != NULL && self->rows[i].type_names != NULL;
  }
  if (!ok)
    return vc_ocel_no_memory (self, error), NULL;
  return g_steal_pointer (&self);
}

static void
clear_rows (VcOcelRows *rows)
{
  vc_interner_free (rows->ids);
  vc_interner_free (rows->type_names);
  vc_buffer_free (rows->types);
  vc_buffer_free (rows->times);
  vc_buffer_free (rows->mentions);
  vc_buffer_free (rows->relations.from);
  vc_buffer_free (rows->relations.to);
  vc_buffer_free (rows->relations.qualifiers);
  vc_buffer_free (rows->values.owners);
  vc_buffer_free (rows->values.names);
  vc_buffer_free (rows->values.values);
  vc_buffer_free (rows->values.times);
}

void
vc_ocel_free (VcOcel *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < VC_OCEL_N_SIDES; i++)
    clear_rows (&self->rows[i]);
  vc_interner_free (self->names);
  vc_interner_free (self->texts);
  vc_ocel_declarations_free (self->declarations);
  g_clear_pointer (&self->problems, vc_problems_free);
  g_free (self->name);
  g_free (self);
}

static gboolean
too_many (const VcOcel *self, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT,
               "%s:%" G_GUINT64_FORMAT ": %s are more than the %" G_GUINT64_FORMAT " rows allowed", self->name,
               self->place.line, what, vc_limits_get_max_rows (self->limits));
  return FALSE;
}

static gboolean
check_text (VcOcel *self, VcOcelText text, gboolean *ok, GError **error)
{
  *ok = TRUE;
  if (text.length > vc_limits_get_max_field_size (self->limits)) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT,
                 "%s:%" G_GUINT64_FORMAT ": field %s: a text is larger than allowed", self->name, self->place.line,
                 self->place.list);
    return FALSE;
  }
  if (text.length > 0 && memchr (text.text, '\0', text.length) != NULL) {
    vc_ocel_add_problem (self, VC_IMPORT_ERROR_NUL, "a NUL byte stands in a text");
    *ok = FALSE;
  }
  return TRUE;
}

gboolean
vc_ocel_intern (VcOcel *self, VcInterner *interner, VcOcelText text, gint32 *code, GError **error)
{
  gboolean ok;

  *code = -1;
  if (!check_text (self, text, &ok, error))
    return FALSE;
  if (!ok)
    return TRUE;
  *code = vc_interner_add (interner, text.text != NULL ? text.text : "", text.length);
  return *code >= 0 || vc_ocel_no_memory (self, error);
}

/* ---- types ---- */

gboolean
vc_ocel_declare_type (VcOcel *self, VcOcelSide side, VcOcelText name, gint32 *type, GError **error)
{
  if (!vc_ocel_intern (self, self->rows[side].type_names, name, type, error))
    return FALSE;
  return *type < 0 || vc_ocel_note_type (self, side, *type, TRUE, error);
}

/* ---- events and objects ---- */

static gboolean
make_room (VcOcel *self, VcOcelSide side, gint32 row, GError **error)
{
  VcOcelRows *rows = &self->rows[side];
  gsize room = MAX (2 * rows->room, 256);

  if ((gsize) row < rows->room)
    return TRUE;
  if ((guint64) row >= vc_limits_get_max_rows (self->limits))
    return too_many (self, side == VC_OCEL_EVENTS ? "events" : "objects", error);
  if (!vc_ocel_grow (&rows->types, rows->room, room, sizeof (gint32)) ||
      (side == VC_OCEL_EVENTS && !vc_ocel_grow (&rows->times, rows->room, room, sizeof (gint64))) ||
      !vc_ocel_grow (&rows->mentions, rows->room, room, sizeof (VcOcelMention)))
    return vc_ocel_no_memory (self, error);
  rows->room = room;
  return TRUE;
}

/* The row of an id, a new one where it is new. */
static gboolean
find_row (VcOcel *self, VcOcelSide side, VcOcelText id, gint32 *row, GError **error)
{
  VcOcelRows *rows = &self->rows[side];
  guint32 n = vc_interner_size (rows->ids);

  if (!vc_ocel_intern (self, rows->ids, id, row, error))
    return FALSE;
  if (*row < 0 || (guint32) *row < n)
    return TRUE;
  if (!make_room (self, side, *row, error))
    return FALSE;
  rows->types[*row] = -1;
  if (side == VC_OCEL_EVENTS)
    rows->times[*row] = VC_OCEL_NO_TIME;
  rows->mentions[*row] = (VcOcelMention){ (guint32)MIN (self->place.line, G_MAXUINT32),
                                          (guint32)MIN (self->place.row, G_MAXUINT32), self->place.list };
  return TRUE;
}

gboolean
vc_ocel_begin (VcOcel *self, VcOcelSide side, VcOcelText id, VcOcelText type, GError **error)
{
  VcOcelRows *rows = &self->rows[side];
  gint32 row, code;

  self->side = side;
  self->row = -1;
  if (id.length == 0 || type.length == 0) {
    vc_ocel_add_problem (self, VC_IMPORT_ERROR_MISSING, id.length == 0 ? "the id is missing" : "the type is missing");
    return TRUE;
  }
  if (!find_row (self, side, id, &row, error) || !vc_ocel_intern (self, rows->type_names, type, &code, error))
    return FALSE;
  if (row < 0 || code < 0)
    return TRUE;
  if (!vc_ocel_note_type (self, side, code, FALSE, error))
    return FALSE;
  if (rows->types[row] >= 0) {
    vc_ocel_add_problem (self, VC_IMPORT_ERROR_DUPLICATE, "the id stands twice");
    return TRUE;
  }
  rows->types[row] = code;
  rows->n_defined++;
  self->row = row;
  return TRUE;
}

void
vc_ocel_resume (VcOcel *self, VcOcelSide side, VcOcelText id)
{
  VcOcelRows *rows = &self->rows[side];

  self->side = side;
  self->row = id.text != NULL ? vc_interner_lookup (rows->ids, id.text, id.length) : -1;
  if (self->row >= 0 && rows->types[self->row] >= 0)
    return;
  self->row = -1;
  vc_ocel_add_problem (self, VC_IMPORT_ERROR_REFERENCE,
                       side == VC_OCEL_EVENTS ? "it refers to an event that the log lacks"
                                              : "it refers to an object that the log lacks");
}

void
vc_ocel_set_time (VcOcel *self, VcOcelText text)
{
  gint64 *time;
  VcImportError code = VC_IMPORT_ERROR_TIME;
  const char *what = "the time is no time";

  if (self->row < 0)
    return;
  time = &self->rows[VC_OCEL_EVENTS].times[self->row];
  if (*time != VC_OCEL_NO_TIME)
    code = VC_IMPORT_ERROR_DUPLICATE, what = "the event has two times";
  else if (text.length == 0)
    code = VC_IMPORT_ERROR_MISSING, what = "the time is missing";
  else if (vc_ocel_parse_time (self, text, time))
    return;
  *time = 0; /* told here, and not again at the end */
  vc_ocel_add_problem (self, code, what);
}

/* ---- values ---- */

static gboolean
is_kept (const VcOcel *self, VcOcelText name)
{
  if (self->kept == NULL)
    return TRUE;
  for (guint i = 0; self->kept[i] != NULL; i++)
    if (strlen (self->kept[i]) == name.length && memcmp (self->kept[i], name.text, name.length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
append_value (VcOcel *self, gint32 name, gint32 text, gint64 time, GError **error)
{
  VcOcelValues *values = &self->rows[self->side].values;
  gsize room = MAX (2 * values->room, 256);

  if (values->n >= vc_limits_get_max_rows (self->limits))
    return too_many (self, "values of attributes", error);
  if (values->n == values->room) {
    if (!vc_ocel_grow (&values->owners, values->n, room, sizeof (gint32))
        || !vc_ocel_grow (&values->names, values->n, room, sizeof (gint32))
        || !vc_ocel_grow (&values->values, values->n, room, sizeof (gint32))
        || (self->side == VC_OCEL_OBJECTS && !vc_ocel_grow (&values->times, values->n, room, sizeof (gint64))))
      return vc_ocel_no_memory (self, error);
    values->room = room;
  }
  values->owners[values->n] = self->row;
  values->names[values->n] = name;
  values->values[values->n] = text;
  if (self->side == VC_OCEL_OBJECTS)
    values->times[values->n] = time;
  values->n++;
  return TRUE;
}

gboolean
vc_ocel_add_value (VcOcel *self, VcOcelText name, VcOcelText value, VcOcelText time, GError **error)
{
  gint64 moment = 0;
  gint32 code, text;

  if (self->row < 0)
    return TRUE;
  if (name.length == 0) {
    vc_ocel_add_problem (self, VC_IMPORT_ERROR_MISSING, "the name of an attribute is missing");
    return TRUE;
  }
  if (!vc_ocel_intern (self, self->names, name, &code, error))
    return FALSE;
  if (code < 0 || value.text == NULL)
    return TRUE;
  if (self->side == VC_OCEL_OBJECTS && (time.length == 0 || !vc_ocel_parse_time (self, time, &moment)))
    vc_ocel_add_problem (self, time.length == 0 ? VC_IMPORT_ERROR_MISSING : VC_IMPORT_ERROR_TIME,
                         time.length == 0 ? "the time of a value is missing" : "the time of a value is no time");
  if (!vc_ocel_note_value (self, self->side, self->rows[self->side].types[self->row], code, value, error))
    return FALSE;
  if (!is_kept (self, name))
    return TRUE;
  if (!vc_ocel_intern (self, self->texts, value, &text, error))
    return FALSE;
  return text < 0 || append_value (self, code, text, moment, error);
}

/* ---- relations ---- */

gboolean
vc_ocel_relate (VcOcel *self, VcOcelText target, VcOcelText qualifier, GError **error)
{
  VcOcelRelations *relations = &self->rows[self->side].relations;
  gsize room = MAX (2 * relations->room, 256);
  gint32 to, text = -1;

  if (self->row < 0)
    return TRUE;
  if (target.length == 0) {
    vc_ocel_add_problem (self, VC_IMPORT_ERROR_MISSING, "the object of a relation is missing");
    return TRUE;
  }
  if (!find_row (self, VC_OCEL_OBJECTS, target, &to, error)
      || (qualifier.length > 0 && !vc_ocel_intern (self, self->texts, qualifier, &text, error)))
    return FALSE;
  if (to < 0)
    return TRUE;
  if (relations->n >= vc_limits_get_max_rows (self->limits))
    return too_many (self, "relations", error);
  if (relations->n == relations->room) {
    if (!vc_ocel_grow (&relations->from, relations->n, room, sizeof (gint32))
        || !vc_ocel_grow (&relations->to, relations->n, room, sizeof (gint32))
        || !vc_ocel_grow (&relations->qualifiers, relations->n, room, sizeof (gint32)))
      return vc_ocel_no_memory (self, error);
    relations->room = room;
  }
  relations->from[relations->n] = self->row;
  relations->to[relations->n] = to;
  relations->qualifiers[relations->n++] = text;
  return TRUE;
}

/* ---- the end ---- */

void
vc_ocel_finish (VcOcel *self)
{
  const VcOcelRows *events = &self->rows[VC_OCEL_EVENTS], *objects = &self->rows[VC_OCEL_OBJECTS];
  const VcOcelMention *mentions = objects->mentions;

  vc_ocel_settle (self);
  for (guint32 i = 0; i < vc_interner_size (objects->ids); i++) {
    VcOcelPlace place = { mentions[i].list, mentions[i].line, mentions[i].row };

    if (objects->types[i] < 0)
      vc_ocel_add_problem_at (self, &place, VC_IMPORT_ERROR_REFERENCE, "it refers to an object that the log lacks");
  }
  for (guint32 i = 0; i < vc_interner_size (events->ids); i++)
    if (events->times[i] == VC_OCEL_NO_TIME) {
      VcOcelPlace place = { "event", 0, i + 1 }; /* only tables of SQLite keep the time elsewhere */

      vc_ocel_add_problem_at (self, &place, VC_IMPORT_ERROR_MISSING, "the table of its type does not have the event");
    }
}
