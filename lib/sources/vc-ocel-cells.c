/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-ocel-cells-private.h"

#include "base/vc-buffer-private.h"
#include "table/vc-column-private.h"
#include "valuechain/vc-error.h"
#include "vc-event-format-private.h"
#include "vc-ocel-declared-private.h"

#include <string.h>

#define CANCEL_EVERY ((gsize) 1 << 20)
#define ANY -2
#define NOTHING -3

/* ---- what there is to choose from ---- */

static void
append_name (GString *list, const VcInterner *names, guint32 code)
{
  gsize length;
  const char *name = vc_interner_peek (names, code, &length);
  g_autofree char *shown = g_utf8_make_valid (name, (gssize) MIN (length, 60));

  if (list->len > 1000)
    return;
  g_string_append_printf (list, "%s\"%s\"", list->len > 0 ? ", " : "", shown);
  if (list->len > 1000)
    g_string_append (list, ", ...");
}

/* Names of types and attributes are the log's design, and nobody's data. */
static char *
list_types (const VcOcel *ocel)
{
  const VcInterner *names = ocel->rows[VC_OCEL_OBJECTS].type_names;
  GString *list = g_string_new (NULL);

  for (guint32 i = 0; i < vc_interner_size (names); i++)
    append_name (list, names, i);
  return g_string_free (list, FALSE);
}

static char *
list_attributes (const VcOcel *ocel)
{
  GString *list = g_string_new (NULL);
  guint32 n = vc_interner_size (ocel->names);
  VC_BUFFER (guint8) declared = vc_buffer_new0 (guint8, vc_bits_size (n));

  if (declared != NULL)
    vc_ocel_mark_attributes (ocel, VC_OCEL_EVENTS, declared);
  for (guint32 i = 0; i < n && declared != NULL; i++)
    if (vc_bit_is_set (declared, i))
      append_name (list, ocel->names, i);
  return g_string_free (list, FALSE);
}

static gboolean
refuse (const VcOcel *ocel, VcEventRole role, VcImportError code, const char *what, GError **error)
{
  g_autofree char *types = list_types (ocel), *attributes = list_attributes (ocel);

  g_set_error (error, VC_IMPORT_ERROR, code,
               "%s: %s-column: %s; object types of the log: %s; attributes of its events: %s", ocel->name,
               vc_event_role_name (role), what, *types != '\0' ? types : "none",
               *attributes != '\0' ? attributes : "none");
  return FALSE;
}

static gboolean
no_memory (const VcOcel *ocel, GError **error)
{
  return vc_ocel_no_memory (ocel, error);
}

static gint32 *
new_codes (gsize n)
{
  gint32 *codes = vc_buffer_new (gint32, n);

  if (codes != NULL)
    memset (codes, -1, n * sizeof (gint32));
  return codes;
}

static gint32
look_up (const VcInterner *names, const char *name)
{
  return vc_interner_lookup (names, name, strlen (name));
}

/* ---- objects ---- */

gboolean
vc_ocel_cells_has_type (const VcOcelCells *self, gint32 type, gint32 qualifier)
{
  for (guint i = 0; self->role.names[i] != NULL; i++)
    if (self->types[i] == type && (self->qualifiers[i] == ANY || self->qualifiers[i] == qualifier))
      return TRUE;
  return FALSE;
}

static gboolean
resolve_types (const VcOcel *ocel, VcEventRole role, VcOcelCells *cells, GError **error)
{
  guint n = g_strv_length (cells->role.names);

  cells->types = vc_buffer_new (gint32, n);
  cells->qualifiers = vc_buffer_new (gint32, n);
  if (cells->types == NULL || cells->qualifiers == NULL)
    return no_memory (ocel, error);
  for (guint i = 0; i < n; i++) {
    const char *qualifier = cells->role.qualifiers[i];

    cells->types[i] = look_up (ocel->rows[VC_OCEL_OBJECTS].type_names, cells->role.names[i]);
    cells->qualifiers[i] = *qualifier == '\0' ? ANY : look_up (ocel->texts, qualifier);
    if (cells->qualifiers[i] == -1)
      cells->qualifiers[i] = NOTHING;
    if (cells->types[i] < 0)
      return refuse (ocel, role, VC_IMPORT_ERROR_HEADER, "the log has no such object type", error);
  }
  return TRUE;
}

static gboolean
is_taken (const VcOcelCells *cells, gint32 type)
{
  if (cells->text == NULL || cells->types == NULL)
    return FALSE;
  for (guint i = 0; cells->role.names[i] != NULL; i++)
    if (cells->types[i] == type)
      return TRUE;
  return FALSE;
}

/* "object": the type that no other role has, where there is one only. */
static gboolean
resolve_only_type (const VcOcel *ocel, VcEventRole role, VcOcelCells cells[VC_EVENT_N_ROLES], GError **error)
{
  const VcInterner *names = ocel->rows[VC_OCEL_OBJECTS].type_names;
  VcOcelCells *self = &cells[role];
  gint32 only = -1;

  for (guint32 type = 0; type < vc_interner_size (names); type++) {
    gboolean taken = FALSE;

    for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
      taken |= is_taken (&cells[i], (gint32) type);
    if (taken)
      continue;
    if (only >= 0)
      return refuse (ocel, role, VC_IMPORT_ERROR_MISSING, "the log has several object types: say object:TYPE", error);
    only = (gint32) type;
  }
  if (only < 0)
    return refuse (ocel, role, VC_IMPORT_ERROR_MISSING, "the log has no object type for it: say object:TYPE", error);
  self->role.kind = VC_OCEL_ROLE_OBJECT;
  self->role.names = g_new0 (char *, 2);
  self->role.names[0] = g_strdup ("");
  self->types = vc_buffer_new (gint32, 1);
  self->qualifiers = vc_buffer_new (gint32, 1);
  if (self->types == NULL || self->qualifiers == NULL)
    return no_memory (ocel, error);
  self->types[0] = only;
  self->qualifiers[0] = ANY;
  return TRUE;
}

/* Of several objects the one whose id is the first in order of its bytes, so that no order of a file counts. */
static void
offer (const VcInterner *ids, gint32 *place, gint32 object, guint8 *several, gsize of)
{
  const char *a, *b;
  gsize a_length, b_length;
  int order;

  if (*place < 0 || *place == object) {
    *place = object;
    return;
  }
  vc_bit_set (several, of);
  a = vc_interner_peek (ids, (guint32) object, &a_length);
  b = vc_interner_peek (ids, (guint32) *place, &b_length);
  order = memcmp (a, b, MIN (a_length, b_length));
  if (order < 0 || (order == 0 && a_length < b_length))
    *place = object;
}

static guint64
count_bits (const guint8 *bits, gsize n)
{
  guint64 count = 0;

  for (gsize i = 0; i < n; i++)
    count += vc_bit_is_set (bits, i);
  return count;
}

static gboolean
find_objects_of_events (const VcOcel *ocel, VcOcelCells *cells, GCancellable *cancellable, GError **error)
{
  const VcOcelRelations *relations = &ocel->rows[VC_OCEL_EVENTS].relations;
  const VcOcelRows *objects = &ocel->rows[VC_OCEL_OBJECTS];
  gsize n = vc_interner_size (ocel->rows[VC_OCEL_EVENTS].ids);
  VC_BUFFER (guint8) several = vc_buffer_new0 (guint8, vc_bits_size (n));

  if (several == NULL)
    return no_memory (ocel, error);
  for (gsize i = 0; i < relations->n; i++) {
    gint32 to = relations->to[i];

    if (i % CANCEL_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (vc_ocel_cells_has_type (cells, objects->types[to], relations->qualifiers[i]))
      offer (objects->ids, &cells->of_event[relations->from[i]], to, several, (gsize) relations->from[i]);
  }
  cells->n_several += count_bits (several, n);
  return TRUE;
}

/* A relation between objects says the same of both of its ends. */
static gboolean
find_objects_of_objects (const VcOcel *ocel, VcOcelCells *cells, GCancellable *cancellable, GError **error)
{
  const VcOcelRows *objects = &ocel->rows[VC_OCEL_OBJECTS];
  const VcOcelRelations *relations = &objects->relations;
  VC_BUFFER (guint8) several = vc_buffer_new0 (guint8, vc_bits_size (vc_interner_size (objects->ids)));

  if (several == NULL)
    return no_memory (ocel, error);
  for (gsize i = 0; i < relations->n; i++) {
    gint32 from = relations->from[i], to = relations->to[i], qualifier = relations->qualifiers[i];

    if (i % CANCEL_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (vc_ocel_cells_has_type (cells, objects->types[to], qualifier))
      offer (objects->ids, &cells->of_object[from], to, several, (gsize) from);
    if (vc_ocel_cells_has_type (cells, objects->types[from], qualifier))
      offer (objects->ids, &cells->of_object[to], from, several, (gsize) to);
  }
  cells->n_several += count_bits (several, vc_interner_size (objects->ids));
  return TRUE;
}

/* ---- attributes ---- */

/* Where each name of an attribute stands in the role's list, for all names of the log; -1: it does not. */
static gint32 *
rank_names (const VcOcel *ocel, VcOcelCells *cells, VcEventRole role, GError **error)
{
  gint32 *ranks = new_codes (vc_interner_size (ocel->names));
  gboolean found = FALSE;

  if (ranks == NULL)
    return no_memory (ocel, error), NULL;
  for (gint32 i = (gint32) g_strv_length (cells->role.names) - 1; i >= 0; i--) {
    gint32 name = look_up (ocel->names, cells->role.names[i]);

    if (name < 0)
      continue;
    ranks[name] = i;
    found |= vc_ocel_has_attribute (ocel, VC_OCEL_EVENTS, name) ||
             (cells->of_object != NULL && vc_ocel_has_attribute (ocel, VC_OCEL_OBJECTS, name));
  }
  if (found)
    return ranks;
  vc_buffer_free (ranks);
  refuse (ocel, role, VC_IMPORT_ERROR_HEADER, "the log has no such attribute", error);
  return NULL;
}

/* The value of the first attribute of the list that an owner has; of an object its last one. */
static gboolean
find_values (const VcOcel *ocel, VcOcelSide side, const gint32 *ranks, gint32 *codes, GCancellable *cancellable,
             GError **error)
{
  const VcOcelValues *values = &ocel->rows[side].values;
  gsize n = vc_interner_size (ocel->rows[side].ids);
  VC_BUFFER (gint32) best = new_codes (n);
  VC_BUFFER (gint64) times = vc_buffer_new0 (gint64, side == VC_OCEL_OBJECTS ? n : 0);

  if (best == NULL || times == NULL)
    return no_memory (ocel, error);
  for (gsize i = 0; i < values->n; i++) {
    gint32 owner = values->owners[i], rank = ranks[values->names[i]];
    gint64 time = side == VC_OCEL_OBJECTS ? values->times[i] : 0;

    if (i % CANCEL_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (rank < 0
        || (best[owner] >= 0
            && (rank > best[owner] || (rank == best[owner] && (side == VC_OCEL_EVENTS || time < times[owner])))))
      continue;
    best[owner] = rank;
    codes[owner] = values->values[i];
    if (side == VC_OCEL_OBJECTS)
      times[owner] = time;
  }
  return TRUE;
}

static gboolean
find_attributes (const VcOcel *ocel, VcOcelCells *cells, VcEventRole role, GCancellable *cancellable, GError **error)
{
  VC_BUFFER (gint32) ranks = rank_names (ocel, cells, role, error);

  return ranks != NULL && find_values (ocel, VC_OCEL_EVENTS, ranks, cells->of_event, cancellable, error) &&
         (cells->of_object == NULL || find_values (ocel, VC_OCEL_OBJECTS, ranks, cells->of_object, cancellable, error));
}

/* ---- roles ---- */

/* Whom a case is for and what was promised is true of the case, so its object can say it too. */
static gboolean
is_of_case (VcEventRole role)
{
  return role == VC_EVENT_ROLE_CUSTOMER || role >= VC_EVENT_ROLE_MADE;
}

static gboolean
find_role (const VcOcel *ocel, VcEventRole role, VcOcelCells *cells, GCancellable *cancellable, GError **error)
{
  gsize n_events = vc_interner_size (ocel->rows[VC_OCEL_EVENTS].ids);
  gboolean of_case = is_of_case (role);

  if (cells->role.kind == VC_OCEL_ROLE_TIME)
    return TRUE;
  if (cells->role.kind == VC_OCEL_ROLE_TYPE) {
    cells->labels = ocel->rows[VC_OCEL_EVENTS].type_names;
    return TRUE;
  }
  cells->labels = cells->role.kind == VC_OCEL_ROLE_OBJECT ? ocel->rows[VC_OCEL_OBJECTS].ids : ocel->texts;
  if (role == VC_EVENT_ROLE_CASE)
    return TRUE;
  cells->of_event = new_codes (n_events);
  cells->of_object = of_case ? new_codes (vc_interner_size (ocel->rows[VC_OCEL_OBJECTS].ids)) : NULL;
  if (cells->of_event == NULL || (of_case && cells->of_object == NULL))
    return no_memory (ocel, error);
  if (cells->role.kind == VC_OCEL_ROLE_ATTRIBUTE)
    return find_attributes (ocel, cells, role, cancellable, error);
  return find_objects_of_events (ocel, cells, cancellable, error)
         && (!of_case || find_objects_of_objects (ocel, cells, cancellable, error));
}

static gboolean
check_kind (const VcOcel *ocel, VcEventRole role, const VcOcelCells *cells, GError **error)
{
  VcColumnType type = vc_event_role_type (role);
  gboolean is_object = cells->role.kind == VC_OCEL_ROLE_OBJECT || cells->role.kind == VC_OCEL_ROLE_ONLY;

  if (role == VC_EVENT_ROLE_CASE && !is_object)
    return refuse (ocel, role, VC_IMPORT_ERROR_VALUE, "a case must be an object", error);
  if (is_object ? type != VC_COLUMN_TYPE_TEXT : cells->role.kind == VC_OCEL_ROLE_TIME && type != VC_COLUMN_TYPE_TIME)
    return refuse (ocel, role, VC_IMPORT_ERROR_VALUE, "this cannot be what the column is", error);
  return TRUE;
}

static gboolean
parse_roles (const VcOcel *ocel, const VcEventMapping *mapping, VcOcelCells cells[VC_EVENT_N_ROLES], GError **error)
{
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    cells[i].text = mapping->attributes[i];
    if (cells[i].text == NULL)
      continue;
    if (!vc_ocel_role_parse (&cells[i].role, cells[i].text,
                             i == VC_EVENT_ROLE_CASE ? VC_OCEL_ROLE_OBJECT : VC_OCEL_ROLE_ATTRIBUTE))
      return refuse (ocel, i, VC_IMPORT_ERROR_VALUE, "a name is empty", error);
    if (!check_kind (ocel, i, &cells[i], error)
        || (cells[i].role.kind == VC_OCEL_ROLE_OBJECT && !resolve_types (ocel, i, &cells[i], error)))
      return FALSE;
  }
  return TRUE;
}

gboolean
vc_ocel_cells_find (const VcOcel *ocel, const VcEventMapping *mapping, VcOcelCells cells[VC_EVENT_N_ROLES],
                    GCancellable *cancellable, GError **error)
{
  if (!parse_roles (ocel, mapping, cells, error))
    return FALSE;
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (cells[i].text != NULL && cells[i].role.kind == VC_OCEL_ROLE_ONLY && !resolve_only_type (ocel, i, cells, error))
      return FALSE;
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (cells[i].text != NULL && !find_role (ocel, i, &cells[i], cancellable, error))
      return FALSE;
  return TRUE;
}

void
vc_ocel_cells_clear (VcOcelCells *self)
{
  vc_ocel_role_clear (&self->role);
  vc_buffer_free (self->types);
  vc_buffer_free (self->qualifiers);
  vc_buffer_free (self->of_event);
  vc_buffer_free (self->of_object);
}
