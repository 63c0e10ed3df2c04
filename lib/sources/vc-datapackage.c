/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-datapackage-private.h"

#include "chain/vc-window-private.h"
#include "valuechain/vc-error.h"

#include <string.h>

/* Reads what a chain needs of a Frictionless Data Package (specs.frictionlessdata.io/data-package): the standard
 * `title`, the `path` of each of the `resources`, and, under `valuechain`, what the standard has no word for. A package
 * with that property was made for a chain; of such a one, the types that a schema gives to attributes hold too. */

#define MAX_FIELDS 1024

void
vc_datapackage_clear (VcDatapackage *self)
{
  g_free (self->title);
  g_free (self->currency);
  g_free (self->effort_unit);
  vc_json_free (self->json);
  memset (self, 0, sizeof *self);
}

static gboolean
refuse (const VcJson *json, guint32 value, VcImportError code, const char *member, const char *what, GError **error)
{
  guint line, column;

  vc_json_locate (json, value, &line, &column);
  g_set_error (error, VC_IMPORT_ERROR, code, VC_DATAPACKAGE ":%u:%u: \"%s\" %s", line, column, member, what);
  return FALSE;
}

/* The text of a member; leaves `text` alone where there is no such member. */
static gboolean
read_text (const VcJson *json, guint32 object, const char *member, char **text, GError **error)
{
  guint32 value;
  gsize length;
  const char *found;

  if (!vc_json_member (json, object, member, &value, error))
    return FALSE;
  if (value == VC_JSON_NONE)
    return TRUE;
  if (vc_json_get_type (json, value) != VC_JSON_STRING)
    return refuse (json, value, VC_IMPORT_ERROR_FORMAT, member, "must be text", error);
  found = vc_json_peek_text (json, value, &length);
  if (memchr (found, '\0', length) != NULL)
    return refuse (json, value, VC_IMPORT_ERROR_NUL, member, "holds a NUL character", error);
  *text = g_try_malloc (length + 1);
  if (*text == NULL)
    return refuse (json, value, VC_IMPORT_ERROR_NO_MEMORY, member, "is too large for the memory", error);
  memcpy (*text, found, length);
  (*text)[length] = '\0';
  return TRUE;
}

static gboolean
read_window (VcDatapackage *self, const VcJson *json, guint32 object, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) problem = NULL;
  guint32 value;

  if (!read_text (json, object, "window", &text, error) || !vc_json_member (json, object, "window", &value, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  self->has_window = vc_window_parse (text, &self->start, &self->end, &problem);
  if (self->has_window)
    return TRUE;
  if (g_error_matches (problem, VC_IMPORT_ERROR, VC_IMPORT_ERROR_RANGE))
    return refuse (json, value, VC_IMPORT_ERROR_RANGE, "window", "must begin before it ends", error);
  return refuse (json, value, VC_IMPORT_ERROR_TIME, "window", "must be two ISO 8601 times with a slash between them",
                 error);
}

/* A member that is mistyped must not go unread. */
static gboolean
check_members (const VcJson *json, guint32 object, GError **error)
{
  static const char *const known[] = { "currency", "effort_unit", "window" };
  guint n_known = 0, n_members = 0;
  guint32 value;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (!vc_json_member (json, object, known[i], &value, error))
      return FALSE;
    n_known += value != VC_JSON_NONE;
  }
  for (value = vc_json_first (json, object); value != VC_JSON_NONE; value = vc_json_next (json, value))
    n_members++;
  return n_members == n_known
         || refuse (json, object, VC_IMPORT_ERROR_VALUE, "valuechain",
                    "has members beside currency, effort_unit and window", error);
}

static gboolean
read_properties (VcDatapackage *self, GError **error)
{
  const VcJson *json = self->json;
  guint32 object;

  if (!vc_json_member (json, VC_JSON_ROOT, "valuechain", &object, error))
    return FALSE;
  return object == VC_JSON_NONE
         || (check_members (json, object, error) && read_text (json, object, "currency", &self->currency, error)
             && read_text (json, object, "effort_unit", &self->effort_unit, error)
             && read_window (self, json, object, error));
}

/* A name of a file in this folder: nothing that climbs, roots, hides or names a host. */
static gboolean
is_plain_name (const char *name, gsize length)
{
  if (length == 0 || name[0] == '.')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if ((guchar) name[i] < 0x20 || strchr ("/\\:", name[i]) != NULL)
      return FALSE;
  return TRUE;
}

static gboolean
check_path (const VcJson *json, guint32 value, GError **error)
{
  gsize length;
  const char *name;

  if (vc_json_get_type (json, value) != VC_JSON_STRING)
    return refuse (json, value, VC_IMPORT_ERROR_FORMAT, "path", "must be text or a list of texts", error);
  name = vc_json_peek_text (json, value, &length);
  return is_plain_name (name, length) ||
         refuse (json, value, VC_IMPORT_ERROR_VALUE, "path", "must be the plain name of a file in this folder", error);
}

/* The records that stand in a file of that name, or VC_N_RECORDS. */
static VcRecordsKind
find_kind (const VcJson *json, guint32 path)
{
  gsize length;
  const char *text = vc_json_peek_text (json, path, &length);
  char name[VC_FILE_NAME_SIZE];

  for (guint i = 0; i < VC_N_RECORDS * VC_N_FOLDER_FORMATS; i++) {
    vc_folder_any_name (i, name);
    if (strlen (name) == length && memcmp (name, text, length) == 0)
      return i / VC_N_FOLDER_FORMATS;
  }
  return VC_N_RECORDS;
}

static gboolean
note_fields (VcDatapackage *self, guint32 resource, guint32 path, GError **error)
{
  VcRecordsKind kind = find_kind (self->json, path);
  guint32 schema, fields;

  if (kind == VC_N_RECORDS)
    return TRUE;
  if (!vc_json_member (self->json, resource, "schema", &schema, error))
    return FALSE;
  /* A schema may also be the name of a file, which is not followed. */
  if (schema == VC_JSON_NONE || vc_json_get_type (self->json, schema) != VC_JSON_OBJECT)
    return TRUE;
  if (!vc_json_member (self->json, schema, "fields", &fields, error))
    return FALSE;
  if (fields != VC_JSON_NONE && vc_json_get_type (self->json, fields) != VC_JSON_ARRAY)
    return refuse (self->json, fields, VC_IMPORT_ERROR_FORMAT, "fields", "must be a list", error);
  self->fields[kind] = fields;
  return TRUE;
}

static gboolean
read_resource (VcDatapackage *self, guint32 resource, GError **error)
{
  const VcJson *json = self->json;
  guint32 path;

  if (!vc_json_member (json, resource, "path", &path, error))
    return FALSE;
  if (path == VC_JSON_NONE)
    return TRUE;
  if (vc_json_get_type (json, path) != VC_JSON_ARRAY)
    return check_path (json, path, error) && note_fields (self, resource, path, error);
  for (guint32 value = vc_json_first (json, path); value != VC_JSON_NONE; value = vc_json_next (json, value))
    if (!check_path (json, value, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_resources (VcDatapackage *self, GError **error)
{
  const VcJson *json = self->json;
  guint32 resources;

  if (!vc_json_member (json, VC_JSON_ROOT, "resources", &resources, error))
    return FALSE;
  if (resources == VC_JSON_NONE)
    return TRUE;
  if (vc_json_get_type (json, resources) != VC_JSON_ARRAY)
    return refuse (json, resources, VC_IMPORT_ERROR_FORMAT, "resources", "must be a list", error);
  for (guint32 value = vc_json_first (json, resources); value != VC_JSON_NONE; value = vc_json_next (json, value))
    if (!read_resource (self, value, error))
      return FALSE;
  return TRUE;
}

gboolean
vc_datapackage_parse (VcDatapackage *self, const char *text, gsize length, GError **error)
{
  memset (self, 0, sizeof *self);
  for (guint i = 0; i < VC_N_RECORDS; i++)
    self->fields[i] = VC_JSON_NONE;
  self->json = vc_json_parse (text, length, VC_DATAPACKAGE, error);
  if (self->json != NULL && read_text (self->json, VC_JSON_ROOT, "title", &self->title, error) &&
      read_resources (self, error) && read_properties (self, error))
    return TRUE;
  vc_datapackage_clear (self);
  return FALSE;
}

static gboolean
has_text (const VcJson *json, guint32 value, const char *expected)
{
  gsize length;
  const char *text = vc_json_peek_text (json, value, &length);

  return vc_json_get_type (json, value) == VC_JSON_STRING && strlen (expected) == length
         && memcmp (text, expected, length) == 0;
}

/* The types that vc_folder_save() writes. TEXT for all others, and for those that are written in another way than ours.
 */
static gboolean
find_type (const VcJson *json, guint32 field, VcColumnType *type, GError **error)
{
  static const char *const names[] = { "number", "integer", "boolean", "datetime" };
  static const VcColumnType types[]
    = { VC_COLUMN_TYPE_DOUBLE, VC_COLUMN_TYPE_INT64, VC_COLUMN_TYPE_BOOLEAN, VC_COLUMN_TYPE_TIME };
  static const char *const others[] = { "decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues" };
  guint32 member;

  *type = VC_COLUMN_TYPE_TEXT;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    if (!vc_json_member (json, field, others[i], &member, error))
      return FALSE;
    if (member != VC_JSON_NONE)
      return TRUE;
  }
  if (!vc_json_member (json, field, "format", &member, error))
    return FALSE;
  if (member != VC_JSON_NONE && !has_text (json, member, "any") && !has_text (json, member, "default"))
    return TRUE;
  if (!vc_json_member (json, field, "type", &member, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names) && member != VC_JSON_NONE; i++)
    if (has_text (json, member, names[i]))
      *type = types[i];
  return TRUE;
}

static gboolean
declare_field (const VcJson *json, VcRecordsKind kind, guint32 field, VcCsvReader *reader, GError **error)
{
  g_autofree char *name = NULL;
  VcColumnType type;

  if (!read_text (json, field, "name", &name, error) || !find_type (json, field, &type, error))
    return FALSE;
  if (name != NULL && type != VC_COLUMN_TYPE_TEXT && vc_fields_find (kind, name) < 0)
    vc_csv_reader_add_column (reader, name, type, FALSE);
  return TRUE;
}

gboolean
vc_datapackage_declare (const VcDatapackage *self, VcRecordsKind kind, VcCsvReader *reader, GError **error)
{
  guint32 properties;
  guint n = 0;

  if (self->json == NULL || self->fields[kind] == VC_JSON_NONE)
    return TRUE;
  if (!vc_json_member (self->json, VC_JSON_ROOT, "valuechain", &properties, error) || properties == VC_JSON_NONE)
    return properties == VC_JSON_NONE;
  for (guint32 i = vc_json_first (self->json, self->fields[kind]); i != VC_JSON_NONE;
       i = vc_json_next (self->json, i)) {
    if (++n > MAX_FIELDS)
      return refuse (self->json, i, VC_IMPORT_ERROR_LIMIT, "fields", "has more than 1,024 members", error);
    if (!declare_field (self->json, kind, i, reader, error))
      return FALSE;
  }
  return TRUE;
}
