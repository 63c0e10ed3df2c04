/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-ocel-declared-private.h"

#include "base/vc-buffer-private.h"
#include "table/vc-column-private.h"
#include "table/vc-number-private.h"

#include <string.h>

#define MOST 65536 /* types of events or objects; attributes of all types of either */

typedef struct {
  gboolean    declared;
  gboolean    used;
  VcOcelPlace place; /* of the first use, before it was declared */
} Type;

/* A name that a type's events or objects have a value of. */
typedef struct {
  gint32      type;
  gint32      name;
  gboolean    declared;
  VcOcelKind  kind;
  gboolean    used;
  gint32      latest;                  /* event with a value of it; -1: none */
  VcOcelPlace place;                   /* of the first use, before it was declared */
  VcOcelPlace misfit[VC_OCEL_N_KINDS]; /* of the first value before the declaration that does not fit; row 0: none */
} Attribute;

typedef struct {
  Type       *types; /* by code */
  gsize       n_types;
  gsize       types_room;
  VcInterner *keys; /* of attributes: the codes of type and name */
  Attribute  *attributes;
  gsize       n_attributes;
  gsize       attributes_room;
} Declared;

struct _VcOcelDeclarations
{
  Declared sides[VC_OCEL_N_SIDES];
};

static const char *const side_names[VC_OCEL_N_SIDES] = { "events", "objects" };
static const char *const kind_names[VC_OCEL_N_KINDS] = { "string", "time", "integer", "float", "boolean" };

VcOcelDeclarations *
vc_ocel_declarations_new (void)
{
  VcOcelDeclarations *self = g_new0 (VcOcelDeclarations, 1);

  for (guint i = 0; i < VC_OCEL_N_SIDES; i++)
    self->sides[i].keys = vc_interner_new ();
  if (self->sides[0].keys != NULL && self->sides[1].keys != NULL)
    return self;
  vc_ocel_declarations_free (self);
  return NULL;
}

void
vc_ocel_declarations_free (VcOcelDeclarations *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < VC_OCEL_N_SIDES; i++) {
    vc_interner_free (self->sides[i].keys);
    vc_buffer_free (self->sides[i].types);
    vc_buffer_free (self->sides[i].attributes);
  }
  g_free (self);
}

gboolean
vc_ocel_grow (gpointer buffer, gsize n, gsize room, gsize size)
{
  gpointer *place = buffer;
  gpointer grown = vc_buffer_realloc (*place, n, room, size);

  if (grown == NULL)
    return FALSE;
  *place = grown;
  return TRUE;
}

gboolean
vc_ocel_no_memory (const VcOcel *self, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory for the log", self->name);
  return FALSE;
}

void
vc_ocel_add_problem_at (VcOcel *self, const VcOcelPlace *place, VcImportError code, const char *what)
{
  VcPlace where = { .origin = self->name, .line = place->line, .field = place->list };
  g_autofree char *message = g_strdup_printf ("row %" G_GUINT64_FORMAT ": %s", place->row, what);

  vc_problems_add_error (self->problems, &where, code, place->row > 0 ? message : what);
}

void
vc_ocel_add_problem (VcOcel *self, VcImportError code, const char *what)
{
  vc_ocel_add_problem_at (self, &self->place, code, what);
}

/* ---- kinds ---- */

static gboolean
is_word (VcOcelText text, const char *word)
{
  return text.length == strlen (word) && memcmp (text.text, word, text.length) == 0;
}

/* The five of the standard, and what exporters write for them. */
static VcOcelKind
find_kind (VcOcelText text)
{
  static const struct {
    const char *name;
    VcOcelKind  kind;
  } others[] = {
    { "date", VC_OCEL_TIME },    { "datetime", VC_OCEL_TIME },  { "timestamp", VC_OCEL_TIME },
    { "int", VC_OCEL_INTEGER },  { "double", VC_OCEL_FLOAT },   { "real", VC_OCEL_FLOAT },
    { "number", VC_OCEL_FLOAT }, { "numeric", VC_OCEL_FLOAT },  { "bool", VC_OCEL_BOOLEAN },
    { "text", VC_OCEL_STRING },  { "varchar", VC_OCEL_STRING },
  };
  char lower[16];

  if (text.length >= sizeof lower)
    return VC_OCEL_N_KINDS;
  for (gsize i = 0; i < text.length; i++)
    lower[i] = g_ascii_tolower (text.text[i]);
  text.text = lower;
  for (guint i = 0; i < VC_OCEL_N_KINDS; i++)
    if (is_word (text, kind_names[i]))
      return (VcOcelKind) i;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (is_word (text, others[i].name))
      return others[i].kind;
  return VC_OCEL_N_KINDS;
}

gboolean
vc_ocel_knows_kind (VcOcelText name)
{
  return find_kind (name) != VC_OCEL_N_KINDS;
}

gboolean
vc_ocel_parse_time (const VcOcel *self, VcOcelText text, gint64 *time)
{
  return vc_parse_local_time (text.text, text.length, self->zone, time) == VC_PARSE_OK;
}

static gboolean
is_integer (VcOcelText text)
{
  gint64 whole;
  double value;

  return vc_parse_int64 (text.text, text.length, &whole) == VC_PARSE_OK
         || (vc_parse_double (text.text, text.length, &value) == VC_PARSE_OK
             && value == (double) (gint64) CLAMP (value, -9e15, 9e15));
}

static gboolean
fits (const VcOcel *self, VcOcelText text, VcOcelKind kind)
{
  gint64 time;
  double value;

  switch (kind) {
    case VC_OCEL_TIME:
      return vc_ocel_parse_time (self, text, &time);
    case VC_OCEL_INTEGER:
      return is_integer (text);
    case VC_OCEL_FLOAT:
      return vc_parse_double (text.text, text.length, &value) == VC_PARSE_OK;
    case VC_OCEL_BOOLEAN:
      return is_word (text, "true") || is_word (text, "false") || is_word (text, "True") || is_word (text, "False")
             || is_word (text, "1") || is_word (text, "0");
    case VC_OCEL_STRING:
    case VC_OCEL_N_KINDS:
    default:
      return TRUE;
  }
}

/* ---- types ---- */

static gboolean
find_type (VcOcel *self, VcOcelSide side, gint32 code, Type **type, GError **error)
{
  Declared *declared = &self->declarations->sides[side];
  gsize room = 2 * declared->types_room + 64;

  if (code >= MOST) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: %s have more than 65,536 types", self->name,
                 side_names[side]);
    return FALSE;
  }
  if ((gsize) code >= declared->types_room) {
    if (!vc_ocel_grow (&declared->types, declared->types_room, room, sizeof (Type)))
      return vc_ocel_no_memory (self, error);
    declared->types_room = room;
  }
  for (; declared->n_types <= (gsize) code; declared->n_types++)
    declared->types[declared->n_types] = (Type) { .declared = FALSE };
  *type = &declared->types[code];
  return TRUE;
}

gboolean
vc_ocel_note_type (VcOcel *self, VcOcelSide side, gint32 code, gboolean declared, GError **error)
{
  Type *type = NULL;

  if (!find_type (self, side, code, &type, error))
    return FALSE;
  if (declared && type->declared)
    vc_ocel_add_problem (self, VC_IMPORT_ERROR_DUPLICATE, "the type is declared twice");
  if (!declared && !type->declared && !type->used)
    type->place = self->place;
  type->declared |= declared;
  type->used |= !declared;
  return TRUE;
}

/* ---- attributes ---- */

static gboolean
find_attribute (VcOcel *self, VcOcelSide side, const gint32 key[2], Attribute **attribute, GError **error)
{
  Declared *declared = &self->declarations->sides[side];
  gint32 code = vc_interner_add (declared->keys, (const char *) key, 2 * sizeof (gint32));
  gsize room = 2 * declared->attributes_room + 64;

  if (code >= MOST) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: %s have more than 65,536 attributes", self->name,
                 side_names[side]);
    return FALSE;
  }
  if (code < 0)
    return vc_ocel_no_memory (self, error);
  if ((gsize) code >= declared->attributes_room) {
    if (!vc_ocel_grow (&declared->attributes, declared->attributes_room, room, sizeof (Attribute)))
      return vc_ocel_no_memory (self, error);
    declared->attributes_room = room;
  }
  if ((gsize) code == declared->n_attributes)
    declared->attributes[declared->n_attributes++] = (Attribute) { .type = key[0], .name = key[1], .latest = -1 };
  *attribute = &declared->attributes[code];
  return TRUE;
}

/* What is declared is the log's design, and named. Any other name may be content that stands in the wrong place. */
static void
add_attribute_problem (VcOcel *self, const Attribute *attribute, const VcOcelPlace *place, VcImportError code,
                       const char *what)
{
  gsize length;
  const char *name = vc_interner_peek (self->names, (guint32) attribute->name, &length);
  g_autofree char *shown = g_utf8_make_valid (name, (gssize) MIN (length, 60));
  g_autofree char *message = attribute->declared ? g_strdup_printf ("the attribute \"%s\" %s", shown, what)
                                                 : g_strconcat ("an attribute ", what, NULL);

  vc_ocel_add_problem_at (self, place, code, message);
}

static void
add_misfit (VcOcel *self, const Attribute *attribute, const VcOcelPlace *place)
{
  static const VcImportError codes[VC_OCEL_N_KINDS]
    = { VC_IMPORT_ERROR_VALUE, VC_IMPORT_ERROR_TIME, VC_IMPORT_ERROR_NUMBER, VC_IMPORT_ERROR_NUMBER,
        VC_IMPORT_ERROR_VALUE };
  char what[64];

  g_snprintf (what, sizeof what, "has a value that is no %s", kind_names[attribute->kind]);
  add_attribute_problem (self, attribute, place, codes[attribute->kind], what);
}

gboolean
vc_ocel_declare_attribute (VcOcel *self, VcOcelSide side, gint32 type, VcOcelText name, VcOcelText kind, GError **error)
{
  gint32 key[2] = { type, -1 };
  VcOcelKind found = find_kind (kind);
  Attribute *attribute = NULL;
  gboolean again;

  if (name.length == 0) {
    vc_ocel_add_problem (self, VC_IMPORT_ERROR_MISSING, "the name of an attribute is missing");
    return TRUE;
  }
  if (!vc_ocel_intern (self, self->names, name, &key[1], error))
    return FALSE;
  if (key[1] < 0)
    return TRUE;
  if (!find_attribute (self, side, key, &attribute, error))
    return FALSE;
  again = attribute->declared;
  attribute->declared = TRUE;
  if (again)
    add_attribute_problem (self, attribute, &self->place, VC_IMPORT_ERROR_DUPLICATE, "is declared twice");
  else if (found == VC_OCEL_N_KINDS)
    add_attribute_problem (self, attribute, &self->place, VC_IMPORT_ERROR_VALUE, "is of a type that the format lacks");
  attribute->kind = found == VC_OCEL_N_KINDS ? VC_OCEL_STRING : found;
  return TRUE;
}

gboolean
vc_ocel_note_value (VcOcel *self, VcOcelSide side, gint32 type, gint32 name, VcOcelText value, GError **error)
{
  const gint32 key[2] = { type, name };
  Attribute *attribute = NULL;

  if (!find_attribute (self, side, key, &attribute, error))
    return FALSE;
  if (side == VC_OCEL_EVENTS && attribute->latest == self->row)
    add_attribute_problem (self, attribute, &self->place, VC_IMPORT_ERROR_DUPLICATE, "has two values");
  attribute->latest = self->row;
  if (attribute->declared) {
    if (!fits (self, value, attribute->kind))
      add_misfit (self, attribute, &self->place);
    return TRUE;
  }
  if (!attribute->used)
    attribute->place = self->place;
  attribute->used = TRUE;
  for (guint kind = 0; kind < VC_OCEL_N_KINDS; kind++)
    if (attribute->misfit[kind].row == 0 && !fits (self, value, (VcOcelKind) kind))
      attribute->misfit[kind] = self->place;
  return TRUE;
}

gboolean
vc_ocel_has_attribute (const VcOcel *self, VcOcelSide side, gint32 name)
{
  const Declared *declared = &self->declarations->sides[side];

  for (gsize i = 0; i < declared->n_attributes; i++)
    if (declared->attributes[i].name == name && declared->attributes[i].declared)
      return TRUE;
  return FALSE;
}

void
vc_ocel_mark_attributes (const VcOcel *self, VcOcelSide side, guint8 *bits)
{
  const Declared *declared = &self->declarations->sides[side];

  for (gsize i = 0; i < declared->n_attributes; i++)
    if (declared->attributes[i].declared)
      vc_bit_set (bits, (gsize) declared->attributes[i].name);
}

static void
settle_attribute (VcOcel *self, VcOcelSide side, const Attribute *attribute)
{
  /* Of a type that is not declared, the type is what is told. */
  if (!attribute->used || !self->declarations->sides[side].types[attribute->type].declared)
    return;
  if (!attribute->declared)
    add_attribute_problem (self, attribute, &attribute->place, VC_IMPORT_ERROR_REFERENCE,
                           "is not declared for its type");
  else if (attribute->misfit[attribute->kind].row > 0)
    add_misfit (self, attribute, &attribute->misfit[attribute->kind]);
}

void
vc_ocel_settle (VcOcel *self)
{
  for (guint side = 0; side < VC_OCEL_N_SIDES; side++) {
    const Declared *declared = &self->declarations->sides[side];

    for (gsize i = 0; i < declared->n_types; i++)
      if (declared->types[i].used && !declared->types[i].declared)
        vc_ocel_add_problem_at (self, &declared->types[i].place, VC_IMPORT_ERROR_REFERENCE, "the type is not declared");
    for (gsize i = 0; i < declared->n_attributes; i++)
      settle_attribute (self, (VcOcelSide) side, &declared->attributes[i]);
  }
}
