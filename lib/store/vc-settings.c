/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-settings-private.h"

#include "sources/vc-json-private.h"
#include "table/vc-json-writer-private.h"
#include "table/vc-number-private.h"

#include <math.h>

static gboolean
refuse (const char *what, VcImportError code, const char *how, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", what, how);
  return FALSE;
}

/* ---- to text ---- */

static void
put_printed (VcWriter *writer, GVariant *value, gboolean in_quotes)
{
  g_autofree char *text = g_variant_print (value, in_quotes);

  if (in_quotes)
    vc_json_text (writer, text);
  else
    vc_writer_text (writer, text);
}

/* What is not finite JSON cannot say, and -0 its readers may not tell from 0. */
static void
put_double (VcWriter *writer, GVariant *value)
{
  const double number = g_variant_get_double (value);

  if (isfinite (number) && !(number == 0 && signbit (number)))
    vc_json_double (writer, number);
  else
    put_printed (writer, value, TRUE);
}

static void
put_value (VcWriter *writer, GVariant *value)
{
  switch (g_variant_classify (value)) {
    case G_VARIANT_CLASS_STRING:
      vc_json_text (writer, g_variant_get_string (value, NULL));
      break;
    case G_VARIANT_CLASS_DOUBLE:
      put_double (writer, value);
      break;
    case G_VARIANT_CLASS_MAYBE:
      if (g_variant_n_children (value) == 0)
        vc_json_null (writer);
      else
        put_printed (writer, value, TRUE);
      break;
    case G_VARIANT_CLASS_BOOLEAN:
    case G_VARIANT_CLASS_INT16:
    case G_VARIANT_CLASS_UINT16:
    case G_VARIANT_CLASS_INT32:
    case G_VARIANT_CLASS_UINT32:
    case G_VARIANT_CLASS_INT64:
    case G_VARIANT_CLASS_UINT64:
      put_printed (writer, value, FALSE);
      break;
    default:
      put_printed (writer, value, TRUE);
  }
}

static void
put_settings (VcWriter *writer, GVariant *settings, GString *types)
{
  GVariantIter iter;
  const char *name, *between = "";
  GVariant *value;

  vc_writer_text (writer, "{");
  g_string_append_c (types, '(');
  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value)) {
    vc_writer_text (writer, between);
    vc_json_text (writer, name);
    vc_writer_text (writer, ": ");
    put_value (writer, value);
    g_string_append (types, g_variant_get_type_string (value));
    between = ", ";
  }
  g_string_append_c (types, ')');
  vc_writer_text (writer, "}");
  vc_writer_byte (writer, '\0');
}

gboolean
vc_settings_to_text (GVariant *settings, const char *what, char **json, char **types, GError **error)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (VcWriter) writer = vc_writer_new (stream, NULL);
  g_autoptr (GString) type = g_string_new (NULL);
  g_autoptr (GVariant) again = NULL;
  g_autofree char *text = NULL;

  if (writer == NULL)
    return refuse (what, VC_IMPORT_ERROR_NO_MEMORY, "no memory to write them", error);
  put_settings (writer, settings, type);
  if (!vc_writer_finish (writer, error) || !g_output_stream_close (stream, NULL, error))
    return FALSE;
  text = g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
  again = vc_settings_from_text (text, type->str, what, error);
  if (again == NULL)
    return FALSE;
  *json = g_steal_pointer (&text);
  *types = g_strdup (type->str);
  return TRUE;
}

/* ---- from text ---- */

/* GVariant's own reader refuses the smallest numbers. */
static GVariant *
read_double (const char *text, gsize length)
{
  double number;

  return vc_parse_double (text, length, &number) == VC_PARSE_OK ? g_variant_new_double (number) : NULL;
}

/* Whole numbers and words of JSON are ones of GVariant's text too. */
static GVariant *
read_value (const VcJson *json, guint32 value, const GVariantType *type)
{
  const VcJsonType kind = vc_json_get_type (json, value);
  g_autofree char *text = NULL;
  const char *bytes;
  gsize length;

  if (kind == VC_JSON_NULL)
    return g_variant_type_is_maybe (type) ? g_variant_new_maybe (g_variant_type_element (type), NULL) : NULL;
  if (kind == VC_JSON_ARRAY || kind == VC_JSON_OBJECT)
    return NULL;
  bytes = vc_json_peek_text (json, value, &length);
  if (memchr (bytes, '\0', length) != NULL)
    return NULL;
  if (kind == VC_JSON_NUMBER && g_variant_type_equal (type, G_VARIANT_TYPE_DOUBLE))
    return read_double (bytes, length);
  text = g_strndup (bytes, length);
  if (kind == VC_JSON_STRING && g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
    return g_variant_new_string (text);
  return g_variant_parse (type, text, NULL, NULL, NULL);
}

/* A name that stands twice fails. */
static gboolean
read_member (const VcJson *json, guint32 member, const GVariantType *type, GVariantBuilder *builder)
{
  gsize length;
  const char *bytes = vc_json_peek_name (json, member, &length);
  g_autofree char *name = g_strndup (bytes, length);
  g_autoptr (GVariant) value = NULL;
  guint32 found;

  if (strlen (name) != length || !vc_json_member (json, VC_JSON_ROOT, name, &found, NULL))
    return FALSE;
  value = read_value (json, member, type);
  if (value == NULL)
    return FALSE;
  /* Floating where it was made, not where it was parsed. */
  g_variant_take_ref (value);
  g_variant_builder_add (builder, "{sv}", name, value);
  return TRUE;
}

static gboolean
read_members (const VcJson *json, const GVariantType *types, GVariantBuilder *builder)
{
  const GVariantType *type = g_variant_type_first (types);
  guint32 member = vc_json_first (json, VC_JSON_ROOT);

  for (; member != VC_JSON_NONE && type != NULL; member = vc_json_next (json, member)) {
    if (!read_member (json, member, type, builder))
      return FALSE;
    type = g_variant_type_next (type);
  }
  return member == VC_JSON_NONE && type == NULL;
}

GVariant *
vc_settings_from_text (const char *json, const char *types, const char *what, GError **error)
{
  g_autoptr (VcJson) parsed = NULL;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (strlen (json) > VC_SETTINGS_MAX_SIZE || strlen (types) > VC_SETTINGS_MAX_SIZE) {
    refuse (what, VC_IMPORT_ERROR_LIMIT, "are larger than allowed", error);
    return NULL;
  }
  parsed = vc_json_parse (json, strlen (json), what, error);
  if (parsed == NULL)
    return NULL;
  if (vc_json_get_type (parsed, VC_JSON_ROOT) != VC_JSON_OBJECT || !g_variant_type_string_is_valid (types) ||
      !g_variant_type_is_tuple (G_VARIANT_TYPE (types)) || !g_variant_type_is_definite (G_VARIANT_TYPE (types)))
    refuse (what, VC_IMPORT_ERROR_FORMAT, "are no object of JSON with the types of its members", error);
  else if (g_variant_type_n_items (G_VARIANT_TYPE (types)) > VC_SETTINGS_MAX_MEMBERS)
    refuse (what, VC_IMPORT_ERROR_LIMIT, "are more than allowed", error);
  else if (!read_members (parsed, G_VARIANT_TYPE (types), &builder))
    refuse (what, VC_IMPORT_ERROR_FORMAT, "are not of the types that stand beside them", error);
  else
    return g_variant_ref_sink (g_variant_builder_end (&builder));
  return NULL;
}
