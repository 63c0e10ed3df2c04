/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-datapackage-private.h"

#include "chain/vc-window-private.h"
#include "vc-folder-private.h"

#include <string.h>

/* The first error stops all writing, so that no caller needs to ask after each piece. */
typedef struct {
  GOutputStream *stream;
  GCancellable  *cancellable;
  GError       **error;
  gboolean       ok;
} Writer;

static void
put_bytes (Writer *writer, const char *bytes, gsize length)
{
  writer->ok
    = writer->ok && g_output_stream_write_all (writer->stream, bytes, length, NULL, writer->cancellable, writer->error);
}

static void
put (Writer *writer, const char *text)
{
  put_bytes (writer, text, strlen (text));
}

/* Text in quotes. RFC 8259, section 7: quotes, backslashes and control characters are escaped. */
static void
put_text (Writer *writer, const char *text)
{
  char escape[8];

  put (writer, "\"");
  while (*text != '\0') {
    gsize plain = 0;

    while ((guchar) text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\')
      plain++;
    put_bytes (writer, text, plain);
    text += plain;
    if (*text == '\0')
      break;
    g_snprintf (escape, sizeof escape, "\\u%04x", (guint) (guchar) *text++);
    put (writer, escape);
  }
  put (writer, "\"");
}

/* A member of an object, with a comma before it but for the first. */
static void
put_member (Writer *writer, const char **separator, const char *name, const char *text)
{
  if (text == NULL)
    return;
  put (writer, *separator);
  put_text (writer, name);
  put (writer, ": ");
  put_text (writer, text);
  *separator = ", ";
}

static void
put_window (Writer *writer, VcChain *chain, const char **separator)
{
  g_autofree char *text = NULL;
  gint64 start, end;

  if (!vc_chain_get_window (chain, &start, &end))
    return;
  text = vc_window_format (start, end);
  put_member (writer, separator, "window", text);
}

static void
put_properties (Writer *writer, VcChain *chain)
{
  const char *separator = "";

  put (writer, "  \"valuechain\": {");
  put_member (writer, &separator, "currency", vc_chain_get_currency (chain));
  put_member (writer, &separator, "effort_unit", vc_chain_get_effort_unit (chain));
  put_window (writer, chain, &separator);
  put (writer, "},\n");
}

static const char *
type_name (VcColumnType type)
{
  switch (type) {
    case VC_COLUMN_TYPE_DOUBLE:
      return "number";
    case VC_COLUMN_TYPE_INT64:
      return "integer";
    case VC_COLUMN_TYPE_BOOLEAN:
      return "boolean";
    case VC_COLUMN_TYPE_TIME:
      return "datetime";
    case VC_COLUMN_TYPE_TEXT:
    default:
      return "string";
  }
}

static void
put_field (Writer *writer, VcRecordsKind kind, VcColumn *column)
{
  const char *name = vc_column_get_name (column);
  int place = vc_fields_find (kind, name);
  guint n_fields;
  const char *separator = "";

  put (writer, "{");
  put_member (writer, &separator, "name", name);
  put_member (writer, &separator, "type", type_name (vc_column_get_column_type (column)));
  if (vc_column_get_column_type (column) == VC_COLUMN_TYPE_TIME)
    put_member (writer, &separator, "format", "any");
  put_member (writer, &separator, "description", vc_column_get_description (column));
  if (place >= 0 && vc_fields_of (kind, &n_fields)[place].required)
    put (writer, ", \"constraints\": {\"required\": true}");
  put (writer, "}");
}

static void
put_fields (Writer *writer, VcRecordsKind kind, VcTable *table)
{
  put (writer, "        \"fields\": [\n");
  for (guint i = 0; i < vc_table_get_n_columns (table); i++) {
    put (writer, i == 0 ? "          " : ",\n          ");
    put_field (writer, kind, vc_table_get_column (table, i));
  }
  put (writer, "\n        ],\n");
}

/* Which columns name parties; "" is the standard's word for the file itself. */
static void
put_keys (Writer *writer, VcRecordsKind kind, VcTable *table)
{
  gboolean is_parties = kind == VC_RECORDS_PARTIES;
  const char *separator = "";
  guint n_fields;
  const VcField *fields = vc_fields_of (kind, &n_fields);

  if (is_parties)
    put (writer, "        \"primaryKey\": \"id\",\n");
  put (writer, "        \"foreignKeys\": [\n");
  for (guint i = 0; i < n_fields; i++) {
    if (fields[i].role != VC_ROLE_PARTY || vc_table_lookup_column (table, fields[i].name) == NULL)
      continue;
    put (writer, separator);
    put (writer, "          {\"fields\": ");
    put_text (writer, fields[i].name);
    put (writer, ", \"reference\": {\"resource\": ");
    put_text (writer, is_parties ? "" : "parties");
    put (writer, ", \"fields\": \"id\"}}");
    separator = ",\n";
  }
  put (writer, "\n        ],\n        \"missingValues\": [\"\"]\n");
}

static void
put_resource (Writer *writer, VcRecordsKind kind, VcTable *table, VcFolderFormat format)
{
  const gboolean is_arrow = format == VC_FOLDER_ARROW;
  char path[VC_FILE_NAME_SIZE];
  const char *separator = "";

  vc_folder_file_name (kind, format, path);

  put (writer, "    {\n      ");
  put_member (writer, &separator, "name", vc_records_name (kind));
  put_member (writer, &separator, "path", path);
  put_member (writer, &separator, "profile", "tabular-data-resource");
  put_member (writer, &separator, "format", is_arrow ? "arrow" : "csv");
  put_member (writer, &separator, "mediatype", is_arrow ? "application/vnd.apache.arrow.file" : "text/csv");
  put_member (writer, &separator, "encoding", "utf-8");
  put (writer, ",\n      \"schema\": {\n");
  put_fields (writer, kind, table);
  put_keys (writer, kind, table);
  put (writer, "      }\n    }");
}

gboolean
vc_datapackage_write (VcChain *chain, VcFolderFormat format, GOutputStream *stream, GCancellable *cancellable,
                      GError **error)
{
  Writer writer = { .stream = stream, .cancellable = cancellable, .error = error, .ok = TRUE };
  const char *separator = "\n";

  put (&writer, "{\n  \"profile\": \"tabular-data-package\",\n  \"name\": \"chain\",\n");
  if (vc_chain_get_title (chain) != NULL) {
    put (&writer, "  \"title\": ");
    put_text (&writer, vc_chain_get_title (chain));
    put (&writer, ",\n");
  }
  put_properties (&writer, chain);
  put (&writer, "  \"resources\": [");
  for (guint i = 0; i < VC_N_RECORDS; i++) {
    VcTable *table = vc_folder_files[i].get (chain);

    if (!vc_folder_writes (i, table))
      continue;
    put (&writer, separator);
    put_resource (&writer, i, table, format);
    separator = ",\n";
  }
  put (&writer, "\n  ]\n}\n");
  return writer.ok;
}
