/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "csv-helpers.h"
#include "table/vc-json-writer-private.h"
#include "table/vc-table-private.h"
#include "valuechain/valuechain.h"

typedef enum { CSV, GUARDED_CSV, JSON } Format;

static char *
written (VcTable *table, Format format)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) bytes = NULL;
  gboolean done = format == JSON ? vc_table_write_json (table, stream, NULL, NULL)
                                 : vc_table_write_csv (table, stream, format == GUARDED_CSV, NULL, NULL);

  cr_assert (done);
  cr_assert_not (g_output_stream_is_closed (stream));
  g_output_stream_close (stream, NULL, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
  return g_strndup (g_bytes_get_size (bytes) > 0 ? g_bytes_get_data (bytes, NULL) : "", g_bytes_get_size (bytes));
}

static void
assert_written (VcTable *table, Format format, const char *expected)
{
  g_autofree char *text = written (table, format);

  cr_assert_str_eq (text, expected);
}

static VcTable *
table_of_all_types (void)
{
  static const double doubles[] = { 0.1, NAN, -2.5e-300 };
  static const gint64 integers[] = { G_MININT64, 0, G_MAXINT64 };
  static const gint64 times[] = { 0, G_MININT64, 1700000000500000 };
  static const guint8 booleans[] = { 1, 0, 1 };
  static const gint32 codes[] = { 1, 0, -1 };
  static const char *const labels[] = { "", "ä, \"b\"\n", NULL };
  VcColumn *columns[] = {
    vc_column_new_coded_from_address ("id", (guintptr) codes, 3, labels, NULL),
    vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) doubles, 3, NULL),
    vc_column_new_from_address ("n", VC_COLUMN_TYPE_INT64, (guintptr) integers, 3, NULL),
    vc_column_new_from_address ("at", VC_COLUMN_TYPE_TIME, (guintptr) times, 3, NULL),
    vc_column_new_from_address ("is, it", VC_COLUMN_TYPE_BOOLEAN, (guintptr) booleans, 3, NULL),
  };

  return vc_table_new_take ("all", columns, G_N_ELEMENTS (columns));
}

static const char all_csv[] =
  "id,x,n,at,\"is, it\"\n"
  "\"ä, \"\"b\"\"\n\",0.1,-9223372036854775808,1970-01-01T00:00:00Z,true\n"
  "\"\",,0,,false\n"
  ",-2.5e-300,9223372036854775807,2023-11-14T22:13:20.500Z,true\n";
static const char all_json[] =
  "[\n"
  "{\"id\":\"ä, \\\"b\\\"\\n\",\"x\":0.1,\"n\":-9223372036854775808,\"at\":\"1970-01-01T00:00:00Z\",\"is, it\":true},\n"
  "{\"id\":\"\",\"x\":null,\"n\":0,\"at\":null,\"is, it\":false},\n"
  "{\"id\":null,\"x\":-2.5e-300,\"n\":9223372036854775807,\"at\":\"2023-11-14T22:13:20.500Z\",\"is, it\":true}\n"
  "]\n";

Test (writers, write_every_type)
{
  g_autoptr (VcTable) table = table_of_all_types ();

  assert_written (table, CSV, all_csv);
  assert_written (table, JSON, all_json);
}

Test (writers, know_no_locale)
{
  g_autoptr (VcTable) table = table_of_all_types ();
  g_autofree char *text = vc_table_to_text (table, 0, 0);
  g_autofree char *again = NULL;

  if (!csv_enter_locale ("de_DE"))
    cr_skip_test ("no locale with a decimal comma is installed or can be made");
  assert_written (table, CSV, all_csv);
  assert_written (table, JSON, all_json);
  again = vc_table_to_text (table, 0, 0);
  cr_assert_str_eq (again, text);
}

/* Numbers of every size, and text that tries the quoting, come back with the same bits. */
Test (writers, csv_is_read_back_to_the_bit)
{
  static const double doubles[] = { 0.1, 1e-300, 5e-324, 1.7976931348623157e308, 1.0 / 3, 123456789012345680.0, NAN };
  static const gint64 integers[] = { G_MININT64, -1, 0, 1, G_MAXINT64, 42, 7 };
  static const gint64 times[] = { 0, -1, 1700000000123456, 1, 999, G_MININT64, 86400000000 };
  static const char *const texts[] = { "a,b", "\"", "line\r\nline", " spaced ", "'", "=1", "ö", NULL };
  VcColumn *columns[] = {
    vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) doubles, 7, NULL),
    vc_column_new_from_address ("n", VC_COLUMN_TYPE_INT64, (guintptr) integers, 7, NULL),
    vc_column_new_from_address ("at", VC_COLUMN_TYPE_TIME, (guintptr) times, 7, NULL),
    vc_column_new_texts ("t", texts, NULL),
  };
  g_autoptr (VcTable) table = vc_table_new_take ("all", columns, G_N_ELEMENTS (columns));
  g_autofree char *csv = written (table, CSV);
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (VcTable) back = NULL;
  g_autofree char *again = NULL;

  vc_csv_reader_add_column (reader, "x", VC_COLUMN_TYPE_DOUBLE, FALSE);
  vc_csv_reader_add_column (reader, "n", VC_COLUMN_TYPE_INT64, FALSE);
  vc_csv_reader_add_column (reader, "at", VC_COLUMN_TYPE_TIME, FALSE);
  back = csv_read (reader, csv, -1, 0, 0, NULL);
  cr_assert_not_null (back);
  for (guint i = 0; i < 2; i++)
    cr_assert_eq (memcmp (vc_column_peek_int64s (vc_table_get_column (back, i)),
                          vc_column_peek_int64s (vc_table_get_column (table, i)), 7 * 8), 0);
  again = written (back, CSV);
  cr_assert_str_eq (again, csv);
}

Test (writers, csv_guards_against_formulas)
{
  const char *const texts[] = { "=1+1",    "+1",      "-1",      "@x",  "\tx", "\rx",    "\uff1dx",
                                "\uff0bx", "\uff0dx", "\uff20x", "a=b", "'",   "=\"x\"", NULL };
  const double negative[] = { -1 };
  VcColumn *column = vc_column_new_texts ("=id", texts, NULL);
  VcColumn *number = vc_column_new_doubles ("x", negative, 1, NULL);
  g_autoptr (VcTable) table = vc_table_new_take ("t", &column, 1);
  g_autoptr (VcTable) numbers = vc_table_new_take ("t", &number, 1);

  assert_written (
    table, GUARDED_CSV,
    "'=id\n'=1+1\n'+1\n'-1\n'@x\n'\tx\n\"'\rx\"\n'\uff1dx\n'\uff0bx\n'\uff0dx\n'\uff20x\na=b\n'\n\"'=\"\"x\"\"\"\n");
  assert_written (table, CSV,
                  "=id\n=1+1\n+1\n-1\n@x\n\tx\n\"\rx\"\n\uff1dx\n\uff0bx\n\uff0dx\n\uff20x\na=b\n'\n\"=\"\"x\"\"\"\n");
  assert_written (numbers, GUARDED_CSV, "x\n-1\n");
}

Test (writers, csv_of_one_column_has_no_empty_lines)
{
  const double values[] = { NAN, 1 };
  VcColumn *column = vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) values, 2, NULL);
  g_autoptr (VcTable) table = vc_table_new_take ("t", &column, 1);

  assert_written (table, CSV, "x\n\"\"\n1\n");
}

Test (writers, write_tables_without_rows)
{
  VcColumn *column = vc_column_new_doubles ("x", NULL, 0, NULL);
  g_autoptr (VcTable) table = vc_table_new_take ("t", &column, 1);

  assert_written (table, CSV, "x\n");
  assert_written (table, JSON, "[]\n");
}

Test (writers, json_escapes_control_characters)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (VcWriter) writer = vc_writer_new (stream, NULL);

  vc_json_string (writer, "\x01\x1f\b\f\n\r\t\"\\/\x7f\0é", 14);
  vc_json_double (writer, INFINITY);
  cr_assert (vc_writer_finish (writer, NULL));
  vc_writer_byte (writer, '\0');
  cr_assert (vc_writer_finish (writer, NULL));
  cr_assert_str_eq (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                    "\"\\u0001\\u001f\\b\\f\\n\\r\\t\\\"\\\\/\x7f\\u0000é\"null");
}

/* Long enough to fill the buffer many times, in pieces of every size, one of them larger than the buffer. */
Test (writers, keep_order_across_full_buffers)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (VcWriter) writer = vc_writer_new (stream, NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *long_text = g_strnfill (200000, 'y');

  for (guint i = 0; i < 40000; i++) {
    g_autofree char *piece = g_strnfill (i % 41, (char) ('a' + i % 26));

    vc_writer_text (writer, piece);
    vc_writer_int64 (writer, i);
    g_string_append_printf (expected, "%s%u", piece, i);
    if (i == 777) {
      vc_writer_text (writer, long_text);
      g_string_append (expected, long_text);
    }
  }
  cr_assert (vc_writer_finish (writer, NULL));
  cr_assert_eq (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), expected->len);
  cr_assert_eq (
    memcmp (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)), expected->str, expected->len), 0);
}

Test (writers, tell_of_a_stream_that_fails)
{
  char memory[10];
  g_autoptr (VcTable) table = table_of_all_types ();
  g_autoptr (GOutputStream) small = g_memory_output_stream_new (memory, sizeof memory, NULL, NULL);
  g_autoptr (GError) csv = NULL;
  g_autoptr (GError) json = NULL;

  cr_assert_not (vc_table_write_csv (table, small, TRUE, NULL, &csv));
  cr_assert (g_error_matches (csv, G_IO_ERROR, G_IO_ERROR_NO_SPACE));
  cr_assert_not (vc_table_write_json (table, small, NULL, &json));
  cr_assert (g_error_matches (json, G_IO_ERROR, G_IO_ERROR_NO_SPACE));
}

Test (writers, stop_when_cancelled)
{
  g_autoptr (VcTable) table = table_of_all_types ();
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) csv = NULL;
  g_autoptr (GError) json = NULL;

  g_cancellable_cancel (cancellable);
  cr_assert_not (vc_table_write_csv (table, stream, TRUE, cancellable, &csv));
  cr_assert (g_error_matches (csv, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  cr_assert_not (vc_table_write_json (table, stream, cancellable, &json));
  cr_assert (g_error_matches (json, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  cr_assert_eq (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), 0u);
}
