/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrow IPC files of ours. That others read them, and we theirs, is tested with pyarrow and Polars in
 * tests/python/test_arrow_files.py. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "csv-helpers.h"
#include "table/vc-arrow-ipc-private.h"
#include "table/vc-table-private.h"
#include "valuechain/valuechain.h"

/* `size` rows of each type, some of them null. */
static VcTable *
sample (gsize size)
{
  g_autofree double *doubles = g_new (double, size + 1);
  g_autofree gint64 *integers = g_new (gint64, size + 1);
  g_autofree guint8 *booleans = g_new (guint8, size + 1);
  g_autofree gint32 *codes = g_new (gint32, size + 1);
  static const char *const labels[] = { "a", "", "nobody", "\xc3\xa9 longer than twelve", NULL };
  VcColumn *columns[5];

  for (gsize i = 0; i < size; i++) {
    doubles[i] = i % 5 == 3 ? NAN : 1.0 / (double) (i + 1);
    integers[i] = i % 2 == 0 ? G_MAXINT64 - (gint64) i : -(gint64) i;
    booleans[i] = i % 3 == 0;
    codes[i] = i % 7 == 6 ? -1 : i % 3 == 2 ? 3 : (gint32) (i % 3);
  }
  columns[0] = vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) doubles, size, NULL);
  columns[1] = vc_column_new_from_address ("n", VC_COLUMN_TYPE_INT64, (guintptr) integers, size, NULL);
  columns[2] = vc_column_new_from_address ("at", VC_COLUMN_TYPE_TIME, (guintptr) integers, size, NULL);
  columns[3] = vc_column_new_from_address ("is", VC_COLUMN_TYPE_BOOLEAN, (guintptr) booleans, size, NULL);
  columns[4] = vc_column_new_coded_from_address ("\xc3\xa9 id", (guintptr) codes, size, labels, NULL);
  return vc_table_new_take ("all", columns, G_N_ELEMENTS (columns));
}

static GBytes *
save (VcTable *table)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  cr_assert (vc_arrow_ipc_write (table, stream, NULL, &error), "%s", error != NULL ? error->message : "");
  cr_assert (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

static VcTable *
load_within (const void *bytes, gsize size, VcLimits *limits, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (bytes, (gssize) size, NULL);
  g_auto (VcInput) input = { 0 };

  cr_assert (vc_input_init (&input, stream, "x.arrow", limits, NULL));
  return vc_arrow_ipc_read ("all", &input, NULL, NULL, error);
}

static VcTable *
load (const void *bytes, gsize size, GError **error)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();

  return load_within (bytes, size, limits, error);
}

static char *
tell (VcTable *table)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();

  cr_assert (vc_table_write_csv (table, stream, FALSE, NULL, NULL));
  cr_assert (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  cr_assert (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static gsize
stream_size (const guint8 *file, gsize size)
{
  guint32 footer;

  memcpy (&footer, file + size - 10, sizeof footer);
  return size - 10 - GUINT32_FROM_LE (footer) - 8;
}

Test (arrow_ipc, comes_back)
{
  for (gsize size = 0; size < 40; size++) {
    g_autoptr (VcTable) table = sample (size), back = NULL, streamed = NULL;
    g_autoptr (GBytes) bytes = save (table);
    g_autofree char *expected = tell (table), *found = NULL, *found_too = NULL;
    gsize length;
    const guint8 *data = g_bytes_get_data (bytes, &length);

    back = load (data, length, NULL);
    cr_assert_not_null (back);
    found = tell (back);
    cr_assert_str_eq (found, expected);
    for (guint i = 0; i < 5; i++)
      cr_assert_eq (vc_column_get_column_type (vc_table_get_column (back, i)),
                    vc_column_get_column_type (vc_table_get_column (table, i)));
    /* Between the magic words stands a stream. */
    streamed = load (data + 8, stream_size (data, length), NULL);
    cr_assert_not_null (streamed);
    found_too = tell (streamed);
    cr_assert_str_eq (found_too, expected);
  }
}

Test (arrow_ipc, tells_nothing_of_other_rows)
{
  g_autoptr (VcTable) table = sample (20);
  g_autoptr (GBytes) bytes = save (table);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  cr_assert_null (memmem (data, length, "nobody", 6));
  cr_assert_not_null (memmem (data, length, "longer than twelve", 18));
}

Test (arrow_ipc, cut_off_anywhere)
{
  g_autoptr (VcTable) table = sample (9);
  g_autoptr (GBytes) bytes = save (table);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const gsize stream_length = stream_size (data, length);

  for (gsize n = 0; n < length; n++) {
    g_autofree guint8 *part = g_memdup2 (data, n);
    g_autoptr (GError) error = NULL;

    cr_assert_null (load (part, n, &error), "%zu bytes of the file", n);
    cr_assert_eq (error->domain, VC_IMPORT_ERROR);
    cr_assert (g_str_has_prefix (error->message, "x.arrow: "), "%s", error->message);
  }
  for (gsize n = 0; n < stream_length; n++) {
    g_autofree guint8 *part = g_memdup2 (data + 8, n);

    cr_assert_null (load (part, n, NULL), "%zu bytes of the stream", n);
  }
}

/* Refused, or read as something that can be written and read again. */
static gboolean
try (const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) table = load (bytes, length, &error), again = NULL;
  g_autoptr (GBytes) saved = NULL;
  g_autofree char *expected = NULL, *found = NULL;
  gsize size;
  const void *data;

  cr_assert ((table == NULL) == (error != NULL));
  if (table == NULL) {
    cr_assert_eq (error->domain, VC_IMPORT_ERROR);
    cr_assert (g_str_has_prefix (error->message, "x.arrow: "), "%s", error->message);
    return FALSE;
  }
  saved = save (table);
  data = g_bytes_get_data (saved, &size);
  again = load (data, size, NULL);
  cr_assert_not_null (again);
  expected = tell (table);
  found = tell (again);
  cr_assert_str_eq (found, expected);
  return TRUE;
}

/* A file with one byte after the other wrong; answers how many of those were refused, and in *n_read of the others. */
static guint
try_wrong_bytes (GBytes *bytes, guint *n_read)
{
  static const guint8 flips[] = { 0x01, 0x80, 0xff };
  guint n_refused = 0;
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  *n_read = 0;
  for (gsize i = 0; i < length; i++)
    for (guint k = 0; k < G_N_ELEMENTS (flips); k++) {
      g_autofree guint8 *bent = g_memdup2 (data, length);

      bent[i] ^= flips[k];
      if (try (bent, length))
        ++*n_read;
      else
        n_refused++;
    }
  return n_refused;
}

Test (arrow_ipc, any_byte_may_be_wrong)
{
  g_autoptr (VcTable) table = sample (9);
  g_autoptr (GBytes) bytes = save (table);
  guint n_read;

  cr_assert_gt (try_wrong_bytes (bytes, &n_read), 500);
  cr_assert_gt (n_read, 0);
}

static void
expect_code (const void *bytes, gsize length, VcLimits *limits, int code, const char *message)
{
  g_autoptr (GError) error = NULL;

  cr_assert_null (load_within (bytes, length, limits, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s", error->message);
  cr_assert_str_eq (error->message, message);
}

Test (arrow_ipc, limits_hold)
{
  g_autoptr (VcTable) table = sample (9);
  g_autoptr (GBytes) bytes = save (table);
  static const struct { const char *name; guint64 value; const char *message; } limits[] = {
    { "max-rows", 8, "x.arrow: there are more rows than allowed" },
    { "max-columns", 4, "x.arrow: there are more columns than allowed" },
    { "max-file-size", 1000, "x.arrow: the file is larger than allowed" },
  };
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  g_autoptr (VcLimits) narrow = g_object_new (VC_TYPE_LIMITS, "max-field-size", G_GUINT64_CONSTANT (15), NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++) {
    g_autoptr (VcLimits) given = g_object_new (VC_TYPE_LIMITS, limits[i].name, limits[i].value, NULL);

    expect_code (data, length, given, VC_IMPORT_ERROR_LIMIT, limits[i].message);
  }
  cr_assert_null (load_within (data, length, narrow, &error));
  cr_assert (g_str_has_suffix (error->message, "a text is longer than allowed"), "%s", error->message);
}

Test (arrow_ipc, what_is_something_else)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();

  expect_code ("", 0, limits, VC_IMPORT_ERROR_EMPTY, "x.arrow: the file is empty");
  expect_code ("id,kind\na,unit\n", 15, limits, VC_IMPORT_ERROR_FORMAT, "x.arrow: this is no Arrow file");
  expect_code ("\xff\xff\xff\xff\0\0\0\0", 8, limits, VC_IMPORT_ERROR_CORRUPT,
               "x.arrow: the Arrow data are damaged or cut off");
}

Test (arrow_ipc, stops_where_it_is_told)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (VcTable) table = sample (9);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancelled);
  cr_assert_not (vc_arrow_ipc_write (table, stream, cancelled, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

/* ---- units and descriptions ---- */

static VcColumn *
described (const char *name, const char *unit, const char *description)
{
  const double values[] = { 1, 2 };
  g_autoptr (VcColumn) plain = vc_column_new_doubles (name, values, 2, NULL);

  return vc_column_described (plain, NULL, unit, description);
}

Test (arrow_ipc, units_and_descriptions_travel)
{
  g_autofree char *longest = g_strnfill (G_MAXINT16, 'x'), *longer = g_strnfill (G_MAXINT16 + 1, 'x');
  const char *const texts[][2] = {
    { NULL, NULL },    { "hours", NULL },       { NULL, "what \"it\" is" }, { "EUR", "\xc3\xa9 and more" },
    { "", "" },        { longest, "is kept" }, { longer, "is not" },
  };
  VcColumn *columns[G_N_ELEMENTS (texts)];
  g_autoptr (VcTable) table = NULL, back = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize length;
  const void *data;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    columns[i] = described (&"a\0b\0c\0d\0e\0f\0g"[2 * i], texts[i][0], texts[i][1]);
  table = vc_table_new_take ("all", columns, G_N_ELEMENTS (columns));
  bytes = save (table);
  data = g_bytes_get_data (bytes, &length);
  back = load (data, length, NULL);
  cr_assert_not_null (back);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    VcColumn *column = vc_table_get_column (back, i);
    const char *unit = texts[i][0] == longer ? NULL : texts[i][0];

    cr_expect_eq (g_strcmp0 (vc_column_get_unit (column), unit), 0, "%u", i);
    cr_expect_eq (g_strcmp0 (vc_column_get_description (column), texts[i][1]), 0, "%u", i);
  }
}

/* More than 16 MiB of them. */
Test (arrow_ipc, many_long_descriptions_travel)
{
  g_autofree char *longest = g_strnfill (G_MAXINT16, 'x');
  VcColumn *columns[260];
  g_autoptr (VcTable) table = NULL, back = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  const void *data;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);

    columns[i] = described (name, longest, longest);
  }
  table = vc_table_new_take ("all", columns, G_N_ELEMENTS (columns));
  bytes = save (table);
  data = g_bytes_get_data (bytes, &length);
  cr_assert_gt (length, (gsize) 16 << 20);
  back = load (data, length, &error);
  cr_assert_not_null (back, "%s", error != NULL ? error->message : "");
  cr_assert_str_eq (vc_column_get_unit (vc_table_get_column (back, 259)), longest);
}

/* Whatever byte of a file with metadata is wrong. */
Test (arrow_ipc, any_byte_of_metadata_may_be_wrong)
{
  VcColumn *columns[] = { described ("a", "hours", "how long"), described ("b", "EUR", "how much") };
  g_autoptr (VcTable) table = vc_table_new_take ("all", columns, 2);
  g_autoptr (GBytes) bytes = save (table);
  guint n_read;

  cr_assert_gt (try_wrong_bytes (bytes, &n_read), 0);
  cr_assert_gt (n_read, 0);
}

/* ---- what is packed, or of another machine ---- */

Test (arrow_ipc, gzip_is_unpacked_and_limited)
{
  g_autoptr (VcTable) table = sample (20), back = NULL;
  g_autoptr (GBytes) bytes = save (table), packed = NULL, bomb = NULL;
  g_autofree char *zeros = g_malloc0 (30000000), *expected = tell (table), *found = NULL;
  g_autoptr (VcLimits) limits = vc_limits_new ();
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  packed = csv_gzip (data, length);
  data = g_bytes_get_data (packed, &length);
  back = load (data, length, NULL);
  cr_assert_not_null (back);
  found = tell (back);
  cr_assert_str_eq (found, expected);
  expect_code (data, length - 9, limits, VC_IMPORT_ERROR_FORMAT, "x.arrow: the gzip data ends too early");
  bomb = csv_gzip (zeros, 30000000);
  data = g_bytes_get_data (bomb, &length);
  expect_code (data, length, limits, VC_IMPORT_ERROR_LIMIT,
               "x.arrow: the file unpacks to a larger multiple of its size than allowed");
}

/* The bit that says so is one of those that are wrong in turn. */
Test (arrow_ipc, numbers_of_the_other_byte_order_are_refused)
{
  g_autoptr (VcTable) table = sample (3);
  g_autoptr (GBytes) bytes = save (table);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint n_found = 0;

  for (gsize i = 8; i < stream_size (data, length); i++) {
    g_autofree guint8 *other = g_memdup2 (data + 8, stream_size (data, length));
    g_autoptr (GError) error = NULL;
    g_autoptr (VcTable) found = NULL;

    other[i - 8] ^= 1;
    found = load (other, stream_size (data, length), &error);
    n_found += found == NULL
               && strcmp (error->message,
                          "x.arrow: the numbers have another byte order than this machine's") == 0
               && g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT);
  }
  cr_assert_geq (n_found, 1u);
}

/* ---- who waits ---- */

/* On a busy machine the thread that cancels may not have its turn in time. */
#define TRIES 20

typedef struct {
  VcProgress   *progress;
  GCancellable *cancellable;
  double        at; /* of the progress, where it is cancelled */
} Wait;

static gpointer
cancel_at (gpointer data)
{
  const Wait *wait = data;

  while (vc_progress_get_fraction (wait->progress) < wait->at)
    g_thread_yield ();
  g_cancellable_cancel (wait->cancellable);
  return NULL;
}

/* Reads it, and cancels where the progress has come to `place`. Whether it was stopped: whoever cancels may come too
 * late. */
static gboolean
is_stopped_at (GBytes *bytes, double place)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_auto (VcInput) input = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) back = NULL;
  Wait wait = { progress, cancellable, place };
  GThread *thread = place <= 1 ? g_thread_new ("cancel", cancel_at, &wait) : NULL;

  cr_assert (vc_input_init (&input, stream, "x.arrow", limits, NULL)
             && vc_input_expect (&input, g_bytes_get_size (bytes), NULL));
  back = vc_arrow_ipc_read ("all", &input, progress, cancellable, &error);
  if (back == NULL) {
    cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED), "%s", error->message);
    cr_assert (vc_progress_get_fraction (progress) < 1);
  } else {
    cr_assert_eq (vc_table_get_n_rows (back), 1000000u);
    cr_assert (vc_progress_get_fraction (progress) > 0.95, "%g", vc_progress_get_fraction (progress));
  }
  if (thread != NULL)
    g_thread_join (thread);
  return back == NULL;
}

/* One file of one batch, cancelled while it is read, checked and made a table of; and not at all. */
Test (arrow_ipc, reading_tells_how_far_it_is_and_stops, .timeout = 60)
{
  static const double places[] = { 0.01, 0.2, 0.31, 0.4, 0.6, 0.8, 0.95 };
  g_autoptr (VcTable) table = sample (1000000);
  g_autoptr (GBytes) bytes = save (table);
  guint n_stopped = 0;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    gboolean is_stopped = FALSE;

    for (guint k = 0; k < TRIES && !is_stopped; k++)
      is_stopped = is_stopped_at (bytes, places[i]);
    n_stopped += is_stopped;
  }
  cr_assert_not (is_stopped_at (bytes, 2));
  cr_assert_geq (n_stopped, 4u);
}
