/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "table/vc-column-private.h"
#include "valuechain/valuechain.h"

#define LITERAL_BYTES(array) g_bytes_new_static ((array), sizeof (array))

static void
assert_refused (VcColumn *column, GError *error, VcImportError code)
{
  cr_assert_null (column);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, (int) code), "%s", error != NULL ? error->message : "no error");
  cr_assert_not_null (strstr (error->message, "column"));
  g_error_free (error);
}

Test (column, of_doubles_copies_and_aligns)
{
  double values[] = { 1, -2.5, 1e300 };
  g_autoptr (VcColumn) column = vc_column_new_doubles ("amount", values, 3, NULL);

  values[0] = 7;
  cr_assert_str_eq (vc_column_get_name (column), "amount");
  cr_assert_eq (vc_column_get_column_type (column), VC_COLUMN_TYPE_DOUBLE);
  cr_assert_eq (vc_column_get_n_rows (column), 3u);
  cr_assert_eq (vc_column_get_n_nulls (column), 0u);
  cr_assert_eq (vc_column_get_double (column, 0), 1);
  cr_assert_eq (vc_column_get_double (column, 2), 1e300);
  cr_assert_eq (vc_column_get_values_address (column) % 64, 0u);
  cr_assert_eq (((double *) (guintptr) vc_column_get_values_address (column))[1], -2.5);
  cr_assert_eq (vc_column_get_validity_address (column), 0u);
  cr_assert_null (vc_column_get_validity_bytes (column));
  cr_assert_null (vc_column_get_unit (column));
  cr_assert_eq (vc_column_get_n_labels (column), 0u);
  cr_assert_eq (vc_column_get_label_offsets_address (column), 0u);
}

Test (column, of_doubles_refuses_what_is_not_finite)
{
  const double bad[] = { NAN, INFINITY, -INFINITY };

  for (guint i = 0; i < 3; i++) {
    const double values[] = { 0, bad[i] };
    GError *error = NULL;
    VcColumn *column = vc_column_new_doubles ("amount", values, 2, &error);

    cr_assert_not_null (strstr (error->message, "\"amount\", row 1"));
    assert_refused (column, error, VC_IMPORT_ERROR_RANGE);
  }
}

Test (column, of_texts_shares_equal_labels_in_order_of_appearance)
{
  const char *const values[] = { "b", "", "b", "ä", NULL };
  g_autoptr (VcColumn) column = vc_column_new_texts ("id", values, NULL);
  g_autofree char *second = vc_column_dup_text (column, 1);
  g_autofree char *fourth = vc_column_dup_text (column, 3);
  g_autofree char *label = vc_column_dup_label (column, 0);
  const gint32 *offsets = (const gint32 *) (guintptr) vc_column_get_label_offsets_address (column);

  cr_assert_eq (vc_column_get_n_rows (column), 4u);
  cr_assert_eq (vc_column_get_n_labels (column), 3u);
  cr_assert_eq (vc_column_peek_codes (column)[2], 0);
  cr_assert_str_eq (second, "");
  cr_assert_str_eq (fourth, "ä");
  cr_assert_str_eq (label, "b");
  cr_assert_eq (offsets[3], 3);
  cr_assert_eq (memcmp ((const char *) (guintptr) vc_column_get_label_text_address (column), "bä", 3), 0);
}

Test (column, refuses_text_that_is_not_utf8)
{
  const char *const values[] = { "a", "\xff", NULL };
  const gint32 codes[] = { 0 };
  g_autoptr (GBytes) bytes = LITERAL_BYTES (codes);
  GError *error = NULL;
  VcColumn *column = vc_column_new_texts ("id", values, &error);

  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_ENCODING);
  column = vc_column_new_coded ("id", bytes, values, NULL, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_ENCODING);
  column = vc_column_new_doubles ("\xc0\x80", NULL, 0, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_ENCODING);
}

Test (column, from_bytes_keeps_nulls_and_clears_what_is_under_them)
{
  const double values[] = { 1, NAN, 3 };
  const guint8 validity[] = { 0xfd };
  g_autoptr (GBytes) bytes = LITERAL_BYTES (values);
  g_autoptr (GBytes) valid = LITERAL_BYTES (validity);
  g_autoptr (VcColumn) column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_DOUBLE, bytes, valid, NULL);

  cr_assert_eq (vc_column_get_n_nulls (column), 1u);
  cr_assert (vc_column_is_null (column, 1));
  cr_assert_not (vc_column_is_null (column, 2));
  cr_assert (isnan (vc_column_get_double (column, 1)));
  cr_assert_eq (vc_column_peek_doubles (column)[1], 0);
  cr_assert_null (vc_column_format (column, 1));
  cr_assert_eq (vc_column_peek_validity (column)[0], 0x05, "bits behind the last row are clear");
}

Test (column, without_a_null_has_no_validity)
{
  const gint64 values[] = { G_MININT64, G_MAXINT64 };
  const guint8 validity[] = { 0x03 };
  g_autoptr (GBytes) bytes = LITERAL_BYTES (values);
  g_autoptr (GBytes) valid = LITERAL_BYTES (validity);
  g_autoptr (VcColumn) column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_INT64, bytes, valid, NULL);

  cr_assert_null (vc_column_peek_validity (column));
  cr_assert_eq (vc_column_get_int64 (column, 0), G_MININT64);
  cr_assert_eq (vc_column_get_int64 (column, 1), G_MAXINT64);
}

Test (column, from_bytes_refuses_sizes_that_disagree)
{
  const double values[20] = { 0 };
  const guint8 validity[] = { 0xff, 0xff };
  g_autoptr (GBytes) bytes = LITERAL_BYTES (values);
  g_autoptr (GBytes) odd = g_bytes_new_static (values, 15);
  g_autoptr (GBytes) valid = LITERAL_BYTES (validity);
  GError *error = NULL;
  VcColumn *column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_DOUBLE, bytes, valid, &error);

  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_FIELD_COUNT);
  column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_TIME, odd, NULL, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_FIELD_COUNT);
  column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_TEXT, bytes, NULL, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_VALUE);
}

Test (column, from_bytes_refuses_infinity_and_valid_nan)
{
  const double values[] = { 0, 1, NAN };
  const guint8 validity[] = { 0x07 };
  g_autoptr (GBytes) bytes = LITERAL_BYTES (values);
  g_autoptr (GBytes) valid = LITERAL_BYTES (validity);
  GError *error = NULL;
  VcColumn *column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_DOUBLE, bytes, valid, &error);

  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_RANGE);
  column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_DOUBLE, bytes, NULL, &error);
  assert_refused (column, error, VC_IMPORT_ERROR_RANGE);
}

Test (column, of_booleans_is_packed)
{
  const guint8 values[] = { 1, 0, 1, 2, 0, 0, 0, 0 };
  const guint8 validity[] = { 0xfe };
  g_autoptr (GBytes) bytes = LITERAL_BYTES (values);
  g_autoptr (GBytes) valid = LITERAL_BYTES (validity);
  g_autoptr (VcColumn) column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_BOOLEAN, bytes, valid, NULL);

  cr_assert_eq (vc_column_get_n_rows (column), 8u);
  cr_assert_eq (vc_column_get_n_nulls (column), 1u);
  cr_assert_not (vc_column_get_boolean (column, 0), "null, though its bit was set");
  cr_assert_eq (vc_column_peek_bits (column)[0], 0x0c);
  cr_assert (vc_column_get_boolean (column, 2));
  cr_assert_eq (vc_column_get_double (column, 3), 1);
}

Test (column, coded_refuses_codes_without_label_and_labels_that_stand_twice)
{
  const gint32 codes[] = { 0, 2, -1 };
  const char *const labels[] = { "a", "b", NULL };
  const char *const twice[] = { "a", "b", "a", NULL };
  g_autoptr (GBytes) one = g_bytes_new_static (codes, 4);
  g_autoptr (GBytes) two = g_bytes_new_static (codes, 8);
  g_autoptr (GBytes) negative = g_bytes_new_static (codes + 2, 4);
  g_autoptr (GBytes) odd = g_bytes_new_static (codes, 7);
  GError *error = NULL;
  VcColumn *column = vc_column_new_coded ("x", two, labels, NULL, &error);

  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_RANGE);
  column = vc_column_new_coded ("x", negative, labels, NULL, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_RANGE);
  column = vc_column_new_coded ("x", one, twice, NULL, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_DUPLICATE);
  column = vc_column_new_coded ("x", odd, labels, NULL, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_FIELD_COUNT);
}

Test (column, coded_does_not_look_at_codes_of_nulls)
{
  const gint32 codes[] = { 1, 99, -1 };
  const char *const labels[] = { "a", "b", NULL };
  const guint8 validity[] = { 0x01 };
  g_autoptr (GBytes) bytes = LITERAL_BYTES (codes);
  g_autoptr (GBytes) valid = LITERAL_BYTES (validity);
  g_autoptr (VcColumn) column = vc_column_new_coded ("x", bytes, labels, valid, NULL);
  g_autofree char *text = vc_column_dup_text (column, 0);

  cr_assert_str_eq (text, "b");
  cr_assert_null (vc_column_dup_text (column, 1));
  cr_assert_eq (vc_column_peek_codes (column)[1], 0);
  cr_assert_eq (vc_column_get_n_nulls (column), 2u);
}

Test (column, from_address_takes_what_data_frames_mark_as_missing_for_null)
{
  const double doubles[] = { NAN, 2 };
  const gint64 times[] = { 5, G_MININT64 };
  const guint8 bytes[] = { 0, 255, 1 };
  const gint32 codes[] = { 1, -1, 0 };
  const char *const labels[] = { "a", "b", NULL };
  g_autoptr (VcColumn) x = vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) doubles, 2, NULL);
  g_autoptr (VcColumn) at = vc_column_new_from_address ("at", VC_COLUMN_TYPE_TIME, (guintptr) times, 2, NULL);
  g_autoptr (VcColumn) n = vc_column_new_from_address ("n", VC_COLUMN_TYPE_INT64, (guintptr) times, 2, NULL);
  g_autoptr (VcColumn) is = vc_column_new_from_address ("is", VC_COLUMN_TYPE_BOOLEAN, (guintptr) bytes, 3, NULL);
  g_autoptr (VcColumn) id = vc_column_new_coded_from_address ("id", (guintptr) codes, 3, labels, NULL);

  cr_assert (vc_column_is_null (x, 0) && vc_column_get_double (x, 1) == 2);
  cr_assert (vc_column_get_int64 (at, 0) == 5 && vc_column_is_null (at, 1));
  cr_assert_eq (vc_column_get_int64 (n, 1), G_MININT64, "an integer has no value for missing");
  cr_assert (!vc_column_get_boolean (is, 0) && vc_column_get_boolean (is, 1) && vc_column_get_boolean (is, 2));
  cr_assert (vc_column_is_null (id, 1) && vc_column_peek_codes (id)[0] == 1 && vc_column_get_n_nulls (id) == 1);
}

Test (column, from_address_refuses_the_rest)
{
  const double infinite[] = { INFINITY };
  const gint32 codes[] = { -2 };
  const char *const labels[] = { "a", NULL };
  GError *error = NULL;
  VcColumn *column = vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) infinite, 1, &error);

  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_RANGE);
  column = vc_column_new_from_address ("x", VC_COLUMN_TYPE_TEXT, (guintptr) codes, 1, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_VALUE);
  column = vc_column_new_coded_from_address ("x", (guintptr) codes, 1, labels, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_RANGE);
  column = vc_column_new_from_address ("x", VC_COLUMN_TYPE_INT64, (guintptr) codes, G_MAXUINT64 / 4, &error);
  assert_refused (column, g_steal_pointer (&error), VC_IMPORT_ERROR_NO_MEMORY);
}

Test (column, of_nothing_is_a_column)
{
  const char *const none[] = { NULL };
  g_autoptr (VcColumn) doubles = vc_column_new_doubles ("", NULL, 0, NULL);
  g_autoptr (VcColumn) texts = vc_column_new_texts ("t", none, NULL);
  g_autoptr (VcColumn) bare = g_object_new (VC_TYPE_COLUMN, NULL);
  g_autoptr (GBytes) bytes = vc_column_get_values_bytes (bare);

  cr_assert_eq (vc_column_get_n_rows (doubles), 0u);
  cr_assert_eq (vc_column_get_n_rows (texts), 0u);
  cr_assert_eq (vc_column_get_n_labels (texts), 0u);
  cr_assert_str_eq (vc_column_get_name (bare), "");
  cr_assert_eq (g_bytes_get_size (bytes), 0u);
}

Test (column, buffers_outlive_it)
{
  const double values[] = { 1, 2, 3 };
  const guint8 bits[] = { 0x05 };
  g_autoptr (GBytes) source = LITERAL_BYTES (values);
  g_autoptr (GBytes) source_bits = LITERAL_BYTES (bits);
  VcColumn *column = vc_column_new_from_bytes ("x", VC_COLUMN_TYPE_DOUBLE, source, source_bits, NULL);
  g_autoptr (GBytes) kept = vc_column_get_values_bytes (column);
  g_autoptr (GBytes) valid = vc_column_get_validity_bytes (column);
  gpointer watched = column;

  g_object_add_weak_pointer (G_OBJECT (column), &watched);
  g_object_unref (column);
  cr_assert_null (watched);
  cr_assert_eq (((const double *) g_bytes_get_data (kept, NULL))[2], 3);
  cr_assert_eq (((const guint8 *) g_bytes_get_data (valid, NULL))[0], 0x05);
}

Test (column, described_shares_buffers)
{
  const double values[] = { 1, 2 };
  VcColumn *column = vc_column_new_doubles ("x", values, 2, NULL);
  g_autoptr (VcColumn) named = vc_column_described (column, "effort", "h", "Hours worked.");
  g_autoptr (VcColumn) again = vc_column_described (named, NULL, NULL, NULL);

  cr_assert_eq (vc_column_get_values_address (named), vc_column_get_values_address (column));
  g_object_unref (column);
  cr_assert_str_eq (vc_column_get_name (again), "effort");
  cr_assert_str_eq (vc_column_get_unit (again), "h");
  cr_assert_str_eq (vc_column_get_description (again), "Hours worked.");
  cr_assert_eq (vc_column_get_double (again, 1), 2);
}

Test (column, takes_rows_of_every_type)
{
  const double doubles[] = { 1, NAN, 3 };
  const gint32 codes[] = { 0, 1, -1 };
  const guint8 bytes[] = { 0, 1, 1 };
  const char *const labels[] = { "a", "b", NULL };
  const guint32 rows[] = { 2, 0, 1, 1 };
  g_autoptr (VcColumn) x = vc_column_new_from_address ("x", VC_COLUMN_TYPE_DOUBLE, (guintptr) doubles, 3, NULL);
  g_autoptr (VcColumn) id = vc_column_new_coded_from_address ("id", (guintptr) codes, 3, labels, NULL);
  g_autoptr (VcColumn) is = vc_column_new_from_address ("is", VC_COLUMN_TYPE_BOOLEAN, (guintptr) bytes, 3, NULL);
  g_autoptr (VcColumn) described = vc_column_described (x, NULL, "h", NULL);
  g_autoptr (VcColumn) taken_x = vc_column_take_rows (described, rows, 4, NULL, NULL);
  g_autoptr (VcColumn) taken_id = vc_column_take_rows (id, rows, 4, NULL, NULL);
  g_autoptr (VcColumn) taken_is = vc_column_take_rows (is, rows, 4, NULL, NULL);
  g_autofree char *text = vc_column_dup_text (taken_id, 1);

  cr_assert_eq (vc_column_get_n_rows (taken_x), 4u);
  cr_assert_eq (vc_column_get_n_nulls (taken_x), 2u);
  cr_assert (vc_column_get_double (taken_x, 0) == 3 && vc_column_is_null (taken_x, 3));
  cr_assert_str_eq (vc_column_get_unit (taken_x), "h");
  cr_assert (vc_column_is_null (taken_id, 0));
  cr_assert_str_eq (text, "a");
  cr_assert_eq (vc_column_peek_strings (taken_id), vc_column_peek_strings (id));
  cr_assert_eq (vc_column_peek_bits (taken_is)[0], 0x0d);
}

/* More rows than are taken between two looks at whether to stop. */
Test (column, takes_many_rows_or_stops)
{
  const gsize n = 600000;
  VC_BUFFER (guint8) bytes = vc_buffer_new (guint8, n);
  VC_BUFFER (guint32) rows = vc_buffer_new (guint32, n);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcColumn) is = NULL, turned = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n; i++) {
    bytes[i] = i % 7 == 0 || i % 3 == 0;
    rows[i] = (guint32) (n - 1 - i);
  }
  is = vc_column_new_from_address ("is", VC_COLUMN_TYPE_BOOLEAN, (guintptr) bytes, n, NULL);
  turned = vc_column_take_rows (is, rows, n, cancellable, NULL);
  for (gsize i = 0; i < n; i++)
    cr_assert_eq (vc_bit_is_set (vc_column_peek_bits (turned), i), bytes[n - 1 - i]);
  g_cancellable_cancel (cancellable);
  cr_assert_null (vc_column_take_rows (is, rows, n, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

Test (column, counts_nulls_over_many_words)
{
  const gsize n = 1003;
  guint8 *validity = vc_buffer_new0 (guint8, vc_bits_size (n));
  double *values = vc_buffer_new0 (double, n);
  g_autoptr (VcColumn) column = NULL;
  gsize n_valid = 0;

  for (gsize i = 0; i < n; i += 3, n_valid++)
    vc_bit_set (validity, i);
  column = vc_column_new_take ("x", VC_COLUMN_TYPE_DOUBLE, n, values, validity, NULL);
  cr_assert_eq (vc_column_get_n_nulls (column), n - n_valid);
}

Test (column, formats_every_type)
{
  const gint64 integers[] = { -7, 0 };
  const double doubles[] = { 0.1 };
  const guint8 bytes[] = { 1 };
  const char *const texts[] = { "ä", NULL };
  g_autoptr (VcColumn) n = vc_column_new_from_address ("n", VC_COLUMN_TYPE_INT64, (guintptr) integers, 1, NULL);
  g_autoptr (VcColumn) at = vc_column_new_from_address ("at", VC_COLUMN_TYPE_TIME, (guintptr) (integers + 1), 1, NULL);
  g_autoptr (VcColumn) x = vc_column_new_doubles ("x", doubles, 1, NULL);
  g_autoptr (VcColumn) is = vc_column_new_from_address ("is", VC_COLUMN_TYPE_BOOLEAN, (guintptr) bytes, 1, NULL);
  g_autoptr (VcColumn) t = vc_column_new_texts ("t", texts, NULL);
  VcColumn *columns[] = { n, at, x, is, t };
  const char *const expected[] = { "-7", "1970-01-01T00:00:00Z", "0.1", "true", "ä" };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    g_autofree char *text = vc_column_format (columns[i], 0);

    cr_assert_str_eq (text, expected[i]);
  }
}

Test (column, has_properties)
{
  const double values[] = { 1 };
  g_autoptr (VcColumn) column = vc_column_new_doubles ("x", values, 1, NULL);
  g_autofree char *name = NULL;
  g_autofree char *unit = NULL;
  VcColumnType type;
  guint64 n_rows, n_nulls;

  g_object_get (column, "name", &name, "unit", &unit, "column-type", &type, "n-rows", &n_rows, "n-nulls", &n_nulls,
                NULL);
  cr_assert_str_eq (name, "x");
  cr_assert_null (unit);
  cr_assert (type == VC_COLUMN_TYPE_DOUBLE && n_rows == 1 && n_nulls == 0);
}
