/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "csv-helpers.h"

#include "../reference/slow-stream.h"

#include <gio/gio.h>
#include <locale.h>

/* "x" and an open quote, then letters. */
typedef struct {
  GInputStream parent_instance;

  guint64 length;
  guint64 at;
} EndlessStream;

typedef GInputStreamClass EndlessStreamClass;

GType endless_stream_get_type (void);
G_DEFINE_TYPE (EndlessStream, endless_stream, G_TYPE_INPUT_STREAM)

static gssize
endless_stream_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  EndlessStream *self = (EndlessStream *) stream;
  gsize n = (gsize) MIN (count, self->length - self->at);

  memset (buffer, 'a', n);
  if (self->at == 0)
    memcpy (buffer, "x\n\"", 3);
  self->at += n;
  return (gssize) n;
}

static void
endless_stream_class_init (EndlessStreamClass *klass)
{
  klass->read_fn = endless_stream_read;
}

static void
endless_stream_init (EndlessStream *self)
{
}

GInputStream *
csv_open_quote_stream_new (guint64 length)
{
  EndlessStream *self = g_object_new (endless_stream_get_type (), NULL);

  self->length = length;
  return G_INPUT_STREAM (self);
}

VcTable *
csv_read (VcCsvReader *reader, const char *text, gssize length, gsize block, guint threads, GError **error)
{
  g_autoptr (VcCsvReader) own = reader != NULL ? g_object_ref (reader) : vc_csv_reader_new ();
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  g_autoptr (GInputStream) stream = block > 0 ? slow_stream_new (text, size, block, NULL)
                                              : g_memory_input_stream_new_from_data (text, (gssize) size, NULL);

  vc_csv_reader_set_blocks (own, block, threads);
  return vc_csv_reader_read_stream (own, stream, "in", NULL, error);
}

char *
csv_show (VcTable *table)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint c = 0; c < vc_table_get_n_columns (table); c++)
    g_string_append_printf (text, "%s%s", c > 0 ? "|" : "", vc_column_get_name (vc_table_get_column (table, c)));
  for (guint64 row = 0; row < vc_table_get_n_rows (table); row++) {
    g_string_append_c (text, '\n');
    for (guint c = 0; c < vc_table_get_n_columns (table); c++) {
      VcColumn *column = vc_table_get_column (table, c);
      g_autofree char *cell = vc_column_is_null (column, row) ? g_strdup ("~") : vc_column_format (column, row);

      g_string_append_printf (text, "%s%s", c > 0 ? "|" : "", cell);
    }
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
csv_outcome (VcTable *table, const GError *error)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (VC_TYPE_IMPORT_ERROR);

  if (table != NULL)
    return csv_show (table);
  if (error->domain != VC_IMPORT_ERROR)
    return g_strdup_printf ("!%s", g_quark_to_string (error->domain));
  return g_strdup_printf ("!%s %s", g_enum_get_value (codes, error->code)->value_nick, error->message);
}

GBytes *
csv_gzip (const char *text, gsize length)
{
  g_autoptr (GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) packed = g_converter_output_stream_new (memory, packer);

  cr_assert (g_output_stream_write_all (packed, text, length, NULL, NULL, NULL));
  cr_assert (g_output_stream_close (packed, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* The locale's files are made where they are not installed. */
gboolean
csv_enter_locale (const char *language)
{
  g_autofree char *name = g_strconcat (language, ".UTF-8", NULL);
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  const char *argv[] = { "localedef", "-c", "-i", language, "-f", "UTF-8", NULL, NULL };

  if (setlocale (LC_ALL, name) != NULL)
    return TRUE;
  folder = g_build_filename (g_getenv ("VC_TEST_BUILD_DIR"), "locale", NULL);
  path = g_build_filename (folder, name, NULL);
  argv[6] = path;
  g_mkdir_with_parents (folder, 0755);
  if (!g_spawn_sync (NULL, (char **) argv, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                     NULL, NULL, NULL))
    return FALSE;
  g_setenv ("LOCPATH", folder, TRUE);
  return setlocale (LC_ALL, name) != NULL;
}
