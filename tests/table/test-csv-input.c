/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "csv-helpers.h"

#include "../reference/slow-stream.h"

#include <glib/gstdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static void
expect_error (GError *error, GQuark domain, int code, const char *id)
{
  cr_expect (g_error_matches (error, domain, code), "%s: %s", id, error != NULL ? error->message : "no error");
}

/* Makes a folder that the test leaves empty and removes. */
static char *
make_folder (void)
{
  char *folder = g_dir_make_tmp ("csv-XXXXXX", NULL);

  cr_assert_not_null (folder);
  return folder;
}

static char *
write_file (const char *folder, const char *name, const char *text, gssize length)
{
  char *path = g_build_filename (folder, name, NULL);

  cr_assert (g_file_set_contents (path, text, length, NULL));
  return path;
}

Test (csv_input, F01_what_cannot_be_opened_keeps_its_error)
{
  g_autofree char *folder = make_folder ();
  const struct {
    const char *name;
    int code;
  } paths[]
    = { { "absent.csv", G_IO_ERROR_NOT_FOUND }, { "", G_IO_ERROR_IS_DIRECTORY }, { "\xff\xfe", G_IO_ERROR_NOT_FOUND } };
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *path = g_build_filename (folder, paths[i].name, NULL);
    g_autoptr (GError) error = NULL;

    cr_expect_null (vc_csv_reader_read_path (reader, path, NULL, NULL, &error));
    expect_error (error, G_IO_ERROR, paths[i].code, paths[i].name);
    cr_expect (g_utf8_validate (error->message, -1, NULL));
  }
  g_rmdir (folder);
}

Test (csv_input, F01_empty_path)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (GError) error = NULL;

  cr_expect_null (vc_csv_reader_read_path (reader, "", NULL, NULL, &error));
  expect_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "F01");
}

Test (csv_input, F01_no_permission)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = write_file (folder, "a.csv", "a\n", -1);
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (GError) error = NULL;
  const uid_t user = geteuid ();

  g_chmod (path, 0);
  g_chmod (folder, 0755);
  /* The superuser may read all: it becomes nobody for a while. */
  cr_assert (user != 0 || seteuid (65534) == 0);
  cr_expect_null (vc_csv_reader_read_path (reader, path, NULL, NULL, &error));
  expect_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "F01");
  cr_assert (user != 0 || seteuid (user) == 0);
  g_unlink (path);
  g_rmdir (folder);
}

Test (csv_input, F03_a_link_is_followed_and_the_table_is_called_as_the_file)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = write_file (folder, "a.csv", "a\nx\n", -1);
  g_autofree char *link = g_build_filename (folder, "flows.csv.gz", NULL);
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (VcTable) table = NULL;
  g_autofree char *shown = NULL;

  cr_assert_eq (symlink (path, link), 0);
  table = vc_csv_reader_read_path (reader, link, progress, NULL, NULL);
  cr_assert_not_null (table);
  shown = csv_show (table);
  cr_expect_str_eq (shown, "a\nx");
  cr_expect_str_eq (vc_table_get_name (table), "flows");
  cr_expect (vc_progress_get_fraction (progress) == 1.0);
  g_unlink (link);
  g_unlink (path);
  g_rmdir (folder);
}

/* The size is asked of the open file; one byte more or less is another file. */
Test (csv_input, F10_a_file_that_changes_is_refused)
{
  const char *text = "a\nx\n";

  for (int change = -1; change <= 1; change++) {
    g_autoptr (VcLimits) limits = vc_limits_new ();
    VcCsvJob job
      = { .plan = { .file = "in", .delimiter = ',', .max_field_size = 10, .max_columns = 10 }, .table_name = "in" };
    g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, 4, NULL);
    g_auto (VcInput) input = { 0 };
    g_autoptr (GError) error = NULL;
    g_autoptr (VcTable) table = NULL;

    job.limits = limits;
    cr_assert (vc_input_init (&input, stream, "in", limits, NULL)
               && vc_input_expect (&input, (guint64) (4 + change), NULL));
    table = vc_csv_job_run (&job, &input, &error);
    if (change == 0)
      cr_expect_not_null (table);
    else
      expect_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FAILED, "F10");
  }
}

static void
expect_outcome (VcCsvReader *reader, const void *text, gsize length, gsize block, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) table = csv_read (reader, text, (gssize) length, block, 2, &error);
  g_autofree char *outcome = csv_outcome (table, error);

  cr_expect_str_eq (outcome, expected);
}

Test (csv_input, gzip_is_known_by_content)
{
  const char *text = "a,b\nx,\"y\nz\"\n";
  g_autoptr (GBytes) packed = csv_gzip (text, strlen (text));
  g_autoptr (GByteArray) twice = g_byte_array_new ();
  g_autoptr (GBytes) more = csv_gzip ("u,v\n", 4);
  gsize length;
  const guint8 *data = g_bytes_get_data (packed, &length);

  g_byte_array_append (twice, data, (guint) length);
  g_byte_array_append (twice, g_bytes_get_data (more, NULL), (guint) g_bytes_get_size (more));
  for (gsize block = 0; block < 20; block += 4) {
    expect_outcome (NULL, data, length, block, "a|b\nx|y\nz");
    expect_outcome (NULL, twice->data, twice->len, block, "a|b\nx|y\nz\nu|v");
  }
}

Test (csv_input, gzip_that_is_damaged_is_refused)
{
  const char *text = "a,b\nx,y\nx,y\nx,y\n";
  g_autoptr (GBytes) packed = csv_gzip (text, strlen (text));
  gsize length;
  const char *data = g_bytes_get_data (packed, &length);
  g_autofree char *longer = g_malloc (length + 1);

  for (gsize n = 2; n < length; n++)
    expect_outcome (NULL, data, n, 0, "!format in: the gzip data ends too early");
  memcpy (longer, data, length);
  longer[length] = 'x';
  expect_outcome (NULL, longer, length + 1, 0, "!format in: there is something after the end of the gzip data");
  longer[length - 5] ^= 1; /* the checksum */
  expect_outcome (NULL, longer, length, 0, "!format in: the gzip data is damaged");
}

Test (csv_input, gzip_bombs_are_refused)
{
  g_autofree char *text = g_strnfill (30000000, '\n');
  g_autoptr (GBytes) packed = csv_gzip (text, 30000000);
  g_autoptr (VcLimits) limits = g_object_new (VC_TYPE_LIMITS, "max-decompressed-size", (guint64) 1000, NULL);
  g_autoptr (VcCsvReader) reader = g_object_new (VC_TYPE_CSV_READER, "limits", limits, NULL);

  expect_outcome (NULL, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed), 0,
                  "!limit in: the file unpacks to a larger multiple of its size than allowed");
  expect_outcome (reader, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed), 0,
                  "!limit in: the file unpacks to more than allowed");
}

static void
expect_limited (const char *limit, guint64 value, const char *text, const char *expected)
{
  g_autoptr (VcLimits) limits = g_object_new (VC_TYPE_LIMITS, limit, value, NULL);
  g_autoptr (VcCsvReader) reader = g_object_new (VC_TYPE_CSV_READER, "limits", limits, NULL);

  for (gsize block = 0; block < 12; block += 4)
    expect_outcome (reader, text, strlen (text), block, expected);
}

Test (csv_input, limits)
{
  expect_limited ("max-file-size", 6, "a\nx\ny\n", "a\nx\ny");
  expect_limited ("max-file-size", 5, "a\nx\ny\n", "!limit in: the file is larger than allowed");
  expect_limited ("max-rows", 2, "a\nx\ny\n", "a\nx\ny");
  expect_limited ("max-rows", 1, "a\n\"x\n\"\ny\nz\n", "!limit in:4:1: the file has more rows than allowed");
  expect_limited ("max-rows", 0, "a,b\n\nx,y\n", "!limit in:3:1: the file has more rows than allowed");
  expect_limited ("max-columns", 2, "a,b\n1,2\n", "a|b\n1|2");
  expect_limited ("max-columns", 1, "a,b\n1,2\n", "!limit in:1:3: the header has more or longer names than allowed");
  expect_limited ("max-field-size", 3, "a\nabc\n\"a\"\"b\"\n", "a\nabc\na\"b");
  expect_limited ("max-field-size", 3, "a\nabcd\n", "!limit in:2:1: field 1: the field is longer than allowed");
  expect_limited ("max-field-size", 3, "a,b\nx,\"a\"\"bc\"\n",
                  "!limit in:2:3: field 2: the field is longer than allowed");
  expect_limited ("max-field-size", 3, "a\n\"abcdefghijklmnop\nq\n",
                  "!unclosed-quote in:2:1: field 1: a quote is opened here and never closed");
  expect_limited ("max-field-size", 3, "a\n\"abcdefghijklmnop\"\nq\n",
                  "!limit in:2:1: field 1: the field is longer than allowed");
}

/* As many columns and as long names as there may be, all alike, which makes each name look for one that is free; then
 * one more. */
Test (csv_input, C27_columns_and_names_that_are_many_and_long, .timeout = 20)
{
  g_autofree char *name = g_strnfill (1024, 'n'), *longer = g_strnfill (1025, 'n');
  g_autoptr (GString) header = g_string_new (name);
  g_autoptr (VcTable) table = NULL, refused = NULL;
  clock_t start;

  for (guint i = 1; i < 1024; i++)
    g_string_append_printf (header, ",%s", name);
  start = clock ();
  table = csv_read (NULL, header->str, -1, 0, 1, NULL);
  cr_assert_not_null (table);
  cr_assert_eq (vc_table_get_n_columns (table), 1024u);
  cr_assert (g_str_has_suffix (vc_column_get_name (vc_table_get_column (table, 1023)), "n_1024"));
  cr_assert_lt (clock () - start, CLOCKS_PER_SEC);
  g_string_append (header, ",x");
  refused = csv_read (NULL, header->str, -1, 0, 1, NULL);
  cr_assert_null (refused);
  expect_outcome (NULL, header->str, header->len, 0,
                  "!limit in:1:1049601: the header has more or longer names than allowed");
  expect_outcome (NULL, longer, 1025, 0, "!limit in:1:1: the header has more or longer names than allowed");
}

Test (csv_input, a_file_that_is_too_large_is_not_read)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = write_file (folder, "a.csv", "a\n\"", -1);
  g_autoptr (VcLimits) limits = g_object_new (VC_TYPE_LIMITS, "max-file-size", (guint64) 2, NULL);
  g_autoptr (VcCsvReader) reader = g_object_new (VC_TYPE_CSV_READER, "limits", limits, NULL);
  g_autoptr (GError) error = NULL;

  cr_expect_null (vc_csv_reader_read_path (reader, path, NULL, NULL, &error));
  expect_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "limit");
  g_unlink (path);
  g_rmdir (folder);
}

/* C07: 256 MiB after an open quote take no more memory than one long field. */
Test (csv_input, C07_unclosed_quote_in_bounded_memory, .timeout = 60)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (GInputStream) stream = csv_open_quote_stream_new (G_GUINT64_CONSTANT (1) << 28);
  g_autoptr (GError) error = NULL;
  struct rusage before, after;

  getrusage (RUSAGE_SELF, &before);
  cr_expect_null (vc_csv_reader_read_stream (reader, stream, "in", NULL, &error));
  getrusage (RUSAGE_SELF, &after);
  expect_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_UNCLOSED_QUOTE, "C07");
  cr_expect (g_str_has_prefix (error->message, "in:2:1: "), "%s", error->message);
  cr_expect_lt (after.ru_maxrss - before.ru_maxrss, 64L * 1024, "%ld KiB", after.ru_maxrss - before.ru_maxrss);
}

static char *
large_file (guint n_rows, gsize *length)
{
  g_autoptr (GString) file = g_string_new ("from,to,amount,note\n");
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < n_rows; i++) {
    g_string_append_printf (file, "p%d,%d,%d.5,", g_rand_int_range (rand, 0, 5000), g_rand_int_range (rand, 0, 5000),
                            i);
    if (i % 7 == 0)
      g_string_append (file, "\"a \"\"note\"\",\nof two lines\"");
    g_string_append (file, i % 11 == 0 ? "\n\n" : "\r\n");
  }
  *length = file->len;
  return g_string_free (g_steal_pointer (&file), FALSE);
}

/* Blocks of their usual size, on one thread and on several: the same labels in the same order, the same lines. */
Test (csv_input, a_large_file_is_the_same_on_any_number_of_threads, .timeout = 60)
{
  gsize length;
  g_autofree char *text = large_file (120000, &length);
  g_autoptr (VcTable) one = NULL;
  guint64 expected = 2;

  for (guint threads = 1; threads <= 4; threads++) {
    g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
    g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
    g_autoptr (VcTable) table = NULL;

    vc_csv_reader_add_column (reader, "amount", VC_COLUMN_TYPE_DOUBLE, TRUE);
    vc_csv_reader_set_blocks (reader, 0, threads);
    table = vc_csv_reader_read_stream (reader, stream, "in", NULL, NULL);
    cr_assert_eq (vc_table_get_n_rows (table), 120000u);
    if (one == NULL)
      one = g_steal_pointer (&table);
    for (guint c = 0; table != NULL && c < 4; c++) {
      g_autoptr (GBytes) ours = vc_column_get_values_bytes (vc_table_get_column (table, c));
      g_autoptr (GBytes) theirs = vc_column_get_values_bytes (vc_table_get_column (one, c));

      cr_expect (g_bytes_equal (ours, theirs), "column %u on %u threads", c, threads);
    }
  }
  for (guint row = 0; row < 120000; row++) {
    cr_assert_eq (vc_table_get_line (one, row), expected, "row %u", row);
    cr_assert (vc_column_get_double (vc_table_get_column (one, 2), row) == row + 0.5);
    cr_assert_eq (vc_column_is_null (vc_table_get_column (one, 3), row), row % 7 != 0);
    expected += 1 + (row % 7 == 0) + (row % 11 == 0);
  }
}

/* C23: ids that the usual hash of GLib cannot tell apart. */
Test (csv_input, C23_ids_that_collide_cost_nothing, .timeout = 5)
{
  g_autoptr (GString) file = g_string_new ("id\n");
  g_autoptr (VcTable) table = NULL;
  clock_t start;

  for (guint i = 0; i < 65536; i++) {
    for (guint bit = 0; bit < 16; bit++)
      g_string_append (file, i >> bit & 1 ? "bA" : "ab");
    g_string_append_c (file, '\n');
  }
  start = clock ();
  table = csv_read (NULL, file->str, (gssize) file->len, 0, 2, NULL);
  cr_expect_lt (clock () - start, CLOCKS_PER_SEC);
  cr_expect_eq (vc_column_get_n_labels (vc_table_get_column (table, 0)), 65536u);
}

Test (csv_input, cancelled_is_cancelled)
{
  gsize length;
  g_autofree char *text = large_file (120000, &length);

  for (guint before = 0; before <= 1; before++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GInputStream) stream = slow_stream_new (text, length, 1000, cancellable);
    g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
    g_autoptr (GError) error = NULL;

    if (before)
      g_cancellable_cancel (cancellable);
    cr_expect_null (vc_csv_reader_read_stream (reader, stream, "in", cancellable, &error));
    expect_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  }
}
