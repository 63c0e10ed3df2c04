/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-event-log.h"

#include "base/vc-buffer-private.h"
#include "table/vc-number-private.h"
#include "valuechain/vc-error.h"

#include <string.h>

/* A key file says which column is what: its keys are the properties of the log, so that a new property is a new key. */

#define GROUP "log"
#define MAX_SIZE ((gsize) 65536)

typedef struct {
  VcEventLog *log;
  const char *name; /* of the file */
  const char *text;
  GKeyFile   *keys;
} Mapping;

/* The line, from 1, on which a key stands, or where `key` is NULL the first that is neither a key nor a group nor
 * empty; 0: none. */
static guint
find_line (const char *text, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip (lines[i]);
    const char *equals = strchr (line, '=');

    if (line[0] == '\0' || line[0] == '#' || line[0] == '[')
      continue;
    if (key == NULL && (equals == NULL || equals == line))
      return i + 1;
    if (key != NULL && g_str_has_prefix (line, key) && line[strlen (key) + strspn (line + strlen (key), " \t")] == '=')
      return i + 1;
  }
  return 0;
}

static gboolean
fail (const Mapping *self, VcImportError code, const char *key, const char *what, GError **error)
{
  guint line = find_line (self->text, key);
  g_autofree char *place = line > 0 ? g_strdup_printf (":%u", line) : g_strdup ("");
  g_autofree char *named = key != NULL ? g_strconcat (key, ": ", NULL) : g_strdup ("");

  g_set_error (error, VC_IMPORT_ERROR, code, "%s%s: %s%s", self->name, place, named, what);
  return FALSE;
}

/* `case` for case-column, and every other property by its own name. */
static GParamSpec *
find_property (VcEventLog *log, const char *key)
{
  g_autofree char *column = g_strconcat (key, "-column", NULL);
  GObjectClass *klass = G_OBJECT_GET_CLASS (log);
  GParamSpec *found = g_object_class_find_property (klass, column);

  if (found == NULL)
    found = g_object_class_find_property (klass, key);
  if (found == NULL || (found->owner_type != VC_TYPE_EVENT_LOG && strcmp (found->name, "lenient") != 0))
    return NULL;
  return found->flags & G_PARAM_CONSTRUCT_ONLY ? NULL : found;
}

static gboolean
parse_enum (GType type, const char *text, GValue *value)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (type);
  const GEnumValue *found = g_enum_get_value_by_nick (klass, text);

  if (found != NULL)
    g_value_set_enum (value, found->value);
  return found != NULL;
}

static gboolean
parse_boolean (const char *text, GValue *value)
{
  g_value_set_boolean (value, strcmp (text, "true") == 0);
  return strcmp (text, "true") == 0 || strcmp (text, "false") == 0;
}

static gboolean
parse_double (const char *text, GValue *value)
{
  double number = 0;
  gboolean ok = vc_parse_double (text, strlen (text), &number) == VC_PARSE_OK;

  g_value_set_double (value, number);
  return ok;
}

static gboolean
parse (const GParamSpec *spec, const char *text, GValue *value)
{
  g_value_init (value, spec->value_type);
  if (spec->value_type == G_TYPE_BOOLEAN)
    return parse_boolean (text, value);
  if (spec->value_type == G_TYPE_DOUBLE)
    return parse_double (text, value);
  if (G_TYPE_IS_ENUM (spec->value_type))
    return parse_enum (spec->value_type, text, value);
  g_value_set_string (value, text);
  return spec->value_type == G_TYPE_STRING;
}

/* Looks at a key and, where `is_sure`, sets what it says. */
static gboolean
apply_key (const Mapping *self, const char *key, gboolean is_sure, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *text = g_key_file_get_string (self->keys, GROUP, key, &reason);
  GParamSpec *spec = find_property (self->log, key);
  g_auto (GValue) value = G_VALUE_INIT;

  if (spec == NULL)
    return fail (self, VC_IMPORT_ERROR_VALUE, key, "is no key of a mapping", error);
  if (reason != NULL || !parse (spec, text, &value) || g_param_value_validate (spec, &value))
    return fail (self, VC_IMPORT_ERROR_VALUE, key, "has a value that it cannot have", error);
  if (is_sure)
    g_object_set_property (G_OBJECT (self->log), spec->name, &value);
  return TRUE;
}

static gboolean
check_groups (const Mapping *self, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (self->keys, NULL);

  if (g_strv_length (groups) == 1 && strcmp (groups[0], GROUP) == 0)
    return TRUE;
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "%s: a mapping has one group, [" GROUP "]", self->name);
  return FALSE;
}

/* All keys are looked at before any is set. */
static gboolean
apply (const Mapping *self, GError **error)
{
  g_auto (GStrv) keys = NULL;

  if (!check_groups (self, error))
    return FALSE;
  keys = g_key_file_get_keys (self->keys, GROUP, NULL, NULL);
  for (guint sure = 0; sure < 2; sure++)
    for (guint i = 0; keys[i] != NULL; i++)
      if (!apply_key (self, keys[i], sure == 1, error))
        return FALSE;
  return TRUE;
}

/* Spaces at the ends of lines cannot be seen, so they mean nothing; where one is meant it is written as \\s. */
static char *
trim_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_strchomp (lines[i]);
  return g_strjoinv ("\n", lines);
}

/* The text of the file. */
static char *
read_text (const char *path, const char *name, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *text = g_malloc (MAX_SIZE + 1);
  gsize length;

  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_SIZE + 1, &length, NULL, error)) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  if (length > MAX_SIZE) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: a mapping is not larger than 64 KiB", name);
    return NULL;
  }
  if (!g_utf8_validate (text, (gssize) length, NULL)) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_ENCODING, "%s: the text is not UTF-8", name);
    return NULL;
  }
  text[length] = '\0';
  return trim_lines (text);
}

/**
 * vc_event_log_load_mapping:
 * @self: an event log
 * @path: (type filename): a path in the encoding of file names
 * @error: return location for an error
 *
 * Sets properties to what a mapping file says: all of them or, where there is an error, none. What is set afterwards
 * wins.
 *
 * The file is a key file of UTF-8, with the keys of one group:
 *
 * ```ini
 * [log]
 * case = ticket
 * party = team
 * time = changed
 * time-format = %d/%m/%Y %H:%M
 * customer = caller
 * ```
 *
 * Each property of an event log is a key, and `lenient` is one; where the property's name ends in "-column" the key
 * does not need to. Words are those of the properties, truth is true or false, and a backslash is written twice. Lines
 * that begin with # are comments.
 *
 * Fails with %VC_IMPORT_ERROR_FORMAT where it is no such file, %VC_IMPORT_ERROR_VALUE for a key that does not exist or
 * that cannot have its value, and with what %VC_IMPORT_ERROR_LIMIT, %VC_IMPORT_ERROR_ENCODING and #GIOErrorEnum say.
 * The message names the file, the line and the key.
 *
 * Returns: %TRUE if all went well
 */
gboolean
vc_event_log_load_mapping (VcEventLog *self, const char *path, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  Mapping mapping = { self };

  g_return_val_if_fail (VC_IS_EVENT_LOG (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  name = g_filename_display_basename (path);
  text = read_text (path, name, error);
  if (text == NULL)
    return FALSE;
  mapping = (Mapping) { self, name, text, keys };
  if (!g_key_file_load_from_data (keys, text, strlen (text), G_KEY_FILE_NONE, NULL))
    return fail (&mapping, VC_IMPORT_ERROR_FORMAT, NULL, "this is no line of a key file", error);
  return apply (&mapping, error);
}
