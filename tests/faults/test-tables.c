/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables and columns where memory ends. */
#include "operations.h"

#include <criterion/criterion.h>
#include <string.h>

#include "table/vc-arrow-ipc-private.h"
#include "../table/arrow-producer.h"

static const char text[] = "id,n,at,is,\"no\"\"te\",x,x\r\na,1,2025-01-02,true,\"two\r\nlines, \"\"quoted\"\"\",1,2\r\n"
                           "\xc3\xa9,-2,2025-01-02T03:04:05.678+02:00,false,,1,2\r\n,,,,plain,,\r\n";

static VcTable *
read_text (const char *content, gsize length, GError **error)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (content, (gssize) length, NULL);

  vc_csv_reader_add_column (reader, "id", VC_COLUMN_TYPE_TEXT, FALSE);
  vc_csv_reader_add_column (reader, "n", VC_COLUMN_TYPE_INT64, FALSE);
  vc_csv_reader_add_column (reader, "at", VC_COLUMN_TYPE_TIME, FALSE);
  vc_csv_reader_add_column (reader, "is", VC_COLUMN_TYPE_BOOLEAN, FALSE);
  return vc_csv_reader_read_stream (reader, stream, "some.csv", NULL, error);
}

static char *
read_csv (gconstpointer data, GError **error)
{
  return tell_table (read_text (data, strlen (data), error));
}

Test (faults_tables, csv_is_read)
{
  expect_no_harm (read_csv, text);
}

/* Labels outgrow their first room. */
Test (faults_tables, csv_of_many_rows_is_read)
{
  g_autoptr (GString) many = g_string_new ("id,n\n");

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (many, "some longer label %u,%u\n", i, i);
  expect_no_harm (read_csv, many->str);
}

static char *
read_gzip (gconstpointer data, GError **error)
{
  gsize size;
  gconstpointer content = g_bytes_get_data ((GBytes *) data, &size);

  return tell_table (read_text (content, size, error));
}

Test (faults_tables, gzip_is_read)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, packer);
  g_autoptr (GBytes) bytes = NULL;

  cr_assert (g_output_stream_write_all (stream, text, sizeof text - 1, NULL, NULL, NULL));
  cr_assert (g_output_stream_close (stream, NULL, NULL));
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  expect_no_harm (read_gzip, bytes);
}

static VcTable *
sample (void)
{
  VcTable *table = read_text (text, sizeof text - 1, NULL);

  cr_assert_not_null (table);
  return table;
}

/* There and back: what could not be exported is an error of the stream. */
static char *
pass_through_arrow (gconstpointer data, GError **error)
{
  struct ArrowArrayStream stream = { 0 };
  VcTable *table;

  vc_table_export_to_arrow ((VcTable *) data, &stream);
  table = vc_table_new_from_arrow_stream ("back", (guintptr) &stream, error);
  cr_assert_null (stream.release);
  return tell_table (table);
}

Test (faults_tables, arrow)
{
  g_autoptr (VcTable) table = sample ();

  expect_no_harm (pass_through_arrow, table);
}

/* Written as a file, and read again. */
static char *
pass_through_file (gconstpointer data, GError **error)
{
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (GInputStream) input_stream = NULL;
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_auto (VcInput) input = { 0 };

  if (!vc_arrow_ipc_write ((VcTable *) data, output, NULL, error))
    return NULL;
  cr_assert (g_output_stream_close (output, NULL, NULL));
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  input_stream = g_memory_input_stream_new_from_bytes (bytes);
  return vc_input_init (&input, input_stream, "x.arrow", limits, error)
           ? tell_table (vc_arrow_ipc_read ("back", &input, NULL, NULL, error))
           : NULL;
}

Test (faults_tables, arrow_files)
{
  g_autoptr (VcTable) table = sample ();

  expect_no_harm (pass_through_file, table);
}

static char *
read_decimals (gconstpointer data, GError **error)
{
  static const gint64 cents[] = { 12345, 0, -1, -1 };
  Producer producer;

  producer_init (&producer, "d:38,2", NULL);
  producer_add (&producer, 2, 2, NULL, cents, NULL);
  return tell_table (producer_read (&producer, error));
}

Test (faults_tables, decimals)
{
  expect_no_harm (read_decimals, NULL);
}

static char *
rename_columns (gconstpointer data, GError **error)
{
  const char *const names[] = { "key", "id2", NULL };
  const char *const columns[] = { "id", "id", NULL };

  return tell_table (vc_table_renamed ((VcTable *) data, names, columns, error));
}

Test (faults_tables, renamed)
{
  g_autoptr (VcTable) table = sample ();

  expect_no_harm (rename_columns, table);
}

static char *
show_text (gconstpointer data, GError **error)
{
  return vc_table_to_text ((VcTable *) data, 60, 2);
}

static char *
show_html (gconstpointer data, GError **error)
{
  return vc_table_to_html ((VcTable *) data, 2);
}

Test (faults_tables, shown)
{
  g_autoptr (VcTable) table = sample ();

  expect_no_harm_plain (show_text, table);
  expect_no_harm_plain (show_html, table);
}

static char *
write_table (VcTable *table, gboolean json, GError **error)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();

  if (!(json ? vc_table_write_json (table, stream, NULL, error)
             : vc_table_write_csv (table, stream, TRUE, NULL, error)))
    return NULL;
  cr_assert (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  cr_assert (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static char *
write_csv (gconstpointer data, GError **error)
{
  return write_table ((VcTable *) data, FALSE, error);
}

static char *
write_json (gconstpointer data, GError **error)
{
  return write_table ((VcTable *) data, TRUE, error);
}

Test (faults_tables, written)
{
  g_autoptr (VcTable) table = sample ();

  expect_no_harm (write_csv, table);
  expect_no_harm (write_json, table);
}

static const double doubles[] = { 1, 2.5, 3 };
static const gint64 integers[] = { 1, G_MININT64, 3 };
static const guint8 booleans[] = { 1, 0, 1 };
static const gint32 codes[] = { 1, 0, 1 }, codes_with_null[] = { 1, -1, 0 };
static const char *const labels[] = { "b", "a", NULL }, *const texts[] = { "b", "a", "b", NULL };

static VcColumn *
make_column (guint which, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (integers, sizeof integers);
  g_autoptr (GBytes) code_bytes = g_bytes_new_static (codes, sizeof codes);
  g_autoptr (GBytes) validity = g_bytes_new_static ("\5", 1);

  switch (which) {
    case 0:
      return vc_column_new_doubles ("x", doubles, 3, error);
    case 1:
      return vc_column_new_texts ("x", texts, error);
    case 2:
      return vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_INT64, bytes, validity, error);
    case 3:
      return vc_column_new_coded ("x", code_bytes, labels, validity, error);
    case 4:
      return vc_column_new_from_address ("x", VC_COLUMN_TYPE_BOOLEAN, (guintptr) booleans, 3, error);
    case 5:
      return vc_column_new_from_address ("x", VC_COLUMN_TYPE_TIME, (guintptr) integers, 3, error);
    default:
      return vc_column_new_coded_from_address ("x", (guintptr) codes_with_null, 3, labels, error);
  }
}

static char *
make_table (gconstpointer data, GError **error)
{
  g_autoptr (VcColumn) column = make_column (GPOINTER_TO_UINT (data), error);

  return column != NULL ? tell_table (vc_table_new ("x", &column, 1, error)) : NULL;
}

Test (faults_tables, columns)
{
  for (guint which = 0; which < 7; which++)
    expect_no_harm (make_table, GUINT_TO_POINTER (which));
}
