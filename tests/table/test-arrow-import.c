/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrow streams of a producer made by hand: every type, every place where an array can be bent. */
#include "arrow-producer.h"

#include <math.h>

Test (arrow_import, takes_over_doubles_of_one_batch)
{
  static const double values[] __attribute__ ((aligned (64))) = { 1, 2, 3 };
  Producer producer;
  VcColumn *column;
  g_autoptr (GBytes) bytes = NULL;

  producer_init (&producer, "g", NULL);
  producer_add (&producer, 3, 2, NULL, values, NULL);
  column = producer_read_column (&producer);
  cr_assert_eq (vc_column_get_values_address (column), (guintptr) values, "not copied");
  cr_assert_eq (producer.columns_released, 0u, "kept alive");
  bytes = vc_column_get_values_bytes (column);
  g_object_unref (column);
  cr_assert_eq (producer.columns_released, 0u, "kept alive by the bytes");
  g_clear_pointer (&bytes, g_bytes_unref);
  producer_assert_released (&producer);
}

Test (arrow_import, copies_what_would_break_the_promises_of_a_column)
{
  static const double values[] __attribute__ ((aligned (64))) = { 1, NAN, 3 };
  static const guint8 validity[] = { 0x05 };
  Producer producer;
  g_autoptr (VcColumn) column = NULL;

  producer_init (&producer, "g", NULL);
  producer_add (&producer, 3, 2, validity, values, NULL);
  column = producer_read_column (&producer);
  producer_assert_released (&producer);
  cr_assert_eq (vc_column_get_n_nulls (column), 1u);
  cr_assert_eq (((const double *) (guintptr) vc_column_get_values_address (column))[1], 0);
}

Test (arrow_import, takes_nan_for_null_and_refuses_infinity)
{
  static const double missing[] = { NAN, 2, NAN };
  static const double infinite[] = { 1, -INFINITY };
  static const float narrow[] = { NAN, 1.5f };
  Producer producer;
  g_autoptr (VcColumn) column = NULL;
  g_autoptr (VcColumn) floats = NULL;

  producer_init (&producer, "g", NULL);
  producer_add (&producer, 3, 2, NULL, missing, NULL);
  column = producer_read_column (&producer);
  cr_assert (vc_column_is_null (column, 0) && vc_column_get_double (column, 1) == 2 && vc_column_is_null (column, 2));
  producer_init (&producer, "f", NULL);
  producer_add (&producer, 2, 2, NULL, narrow, NULL);
  floats = producer_read_column (&producer);
  cr_assert (vc_column_is_null (floats, 0) && vc_column_get_double (floats, 1) == 1.5);
  producer_init (&producer, "g", NULL);
  producer_add (&producer, 2, 2, NULL, infinite, NULL);
  producer_assert_refused (&producer, VC_IMPORT_ERROR_RANGE);
}

Test (arrow_import, widens_integers_of_any_size)
{
  static const gint8 c[] = { -128, 127 };
  static const guint8 C[] = { 0, 255 };
  static const gint16 s[] = { -32768, 32767 };
  static const guint16 S[] = { 0, 65535 };
  static const gint32 i[] = { G_MININT32, G_MAXINT32 };
  static const guint32 I[] = { 0, G_MAXUINT32 };
  static const gint64 l[] = { G_MININT64, G_MAXINT64 };
  static const guint64 L[] = { 0, G_MAXINT64 };
  const struct { const char *format; const void *values; gint64 low, high; } cases[] = {
    { "c", c, -128, 127 }, { "C", C, 0, 255 }, { "s", s, -32768, 32767 }, { "S", S, 0, 65535 },
    { "i", i, G_MININT32, G_MAXINT32 }, { "I", I, 0, G_MAXUINT32 }, { "l", l, G_MININT64, G_MAXINT64 },
    { "L", L, 0, G_MAXINT64 },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++) {
    g_autoptr (VcColumn) column = NULL;
    Producer producer;

    producer_init (&producer, cases[k].format, NULL);
    producer_add (&producer, 2, 2, NULL, cases[k].values, NULL);
    column = producer_read_column (&producer);
    cr_assert_eq (vc_column_get_column_type (column), VC_COLUMN_TYPE_INT64);
    cr_assert_eq (vc_column_get_int64 (column, 0), cases[k].low, "%s", cases[k].format);
    cr_assert_eq (vc_column_get_int64 (column, 1), cases[k].high, "%s", cases[k].format);
    g_clear_object (&column);
    producer_assert_released (&producer);
  }
}

Test (arrow_import, refuses_unsigned_integers_that_do_not_fit)
{
  static const guint64 values[] = { 0, (guint64) G_MAXINT64 + 1 };
  static const guint8 validity[] = { 0x01 };
  g_autoptr (VcColumn) column = NULL;
  Producer producer;

  producer_init (&producer, "L", NULL);
  producer_add (&producer, 2, 2, NULL, values, NULL);
  producer_assert_refused (&producer, VC_IMPORT_ERROR_RANGE);
  producer_init (&producer, "L", NULL);
  producer_add (&producer, 2, 2, validity, values, NULL);
  column = producer_read_column (&producer);
  cr_assert (vc_column_is_null (column, 1), "what stands under a null does not matter");
}

Test (arrow_import, converts_times)
{
  static const gint64 one[] = { -1 };
  static const gint64 nanoseconds[] = { -1001 };
  static const gint32 day[] = { -1 };
  const struct { const char *format; const void *values; gint64 expected; } cases[] = {
    { "tss:", one, -1000000 }, { "tsm:UTC", one, -1000 }, { "tsu:", one, -1 }, { "tsn:Europe/Berlin", nanoseconds, -2 },
    { "tsn:", one, -1 }, { "tdD", day, -G_GINT64_CONSTANT (86400000000) }, { "tdm", one, -1000 },
  };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++) {
    g_autoptr (VcColumn) column = NULL;
    Producer producer;

    producer_init (&producer, cases[k].format, NULL);
    producer_add (&producer, 1, 2, NULL, cases[k].values, NULL);
    column = producer_read_column (&producer);
    cr_assert_eq (vc_column_get_column_type (column), VC_COLUMN_TYPE_TIME);
    cr_assert_eq (vc_column_get_int64 (column, 0), cases[k].expected, "%s", cases[k].format);
  }
}

Test (arrow_import, refuses_times_that_overflow)
{
  static const gint64 late[] = { 0, G_MAXINT64 / 1000 };
  static const gint64 early[] = { G_MININT64 };
  Producer producer;

  producer_init (&producer, "tss:", NULL);
  producer_add (&producer, 2, 2, NULL, late, NULL);
  producer_assert_refused (&producer, VC_IMPORT_ERROR_RANGE);
  producer_init (&producer, "tsm:", NULL);
  producer_add (&producer, 1, 2, NULL, early, NULL);
  producer_assert_refused (&producer, VC_IMPORT_ERROR_RANGE);
}

Test (arrow_import, reads_batches_with_offsets_and_nulls)
{
  static const gint64 values[] = { 9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11 };
  static const guint8 validity[] = { 0xb7, 0x0f };
  struct ArrowArray *first;
  g_autoptr (VcColumn) column = NULL;
  Producer producer;
  const gint64 expected[] = { 0, 3, 4, 0, 9, 9, 1 };

  producer_init (&producer, "l", NULL);
  /* The batch starts at row 1 of a column that starts at value 2: values 3 to 6, of which 3 and 6 are null. */
  first = producer_add (&producer, 5, 2, validity, values, NULL);
  first->offset = 2;
  producer.batches[0].offset = 1;
  producer.batches[0].length = 4;
  producer_add (&producer, 0, 2, NULL, values, NULL);
  producer_add (&producer, 3, 2, NULL, values, NULL);
  column = producer_read_column (&producer);
  producer_assert_released (&producer);
  cr_assert_eq (vc_column_get_n_rows (column), 7u);
  for (guint i = 0; i < 7; i++)
    cr_assert_eq (vc_column_get_int64 (column, i), expected[i], "row %u", i);
  cr_assert (vc_column_is_null (column, 0) && vc_column_is_null (column, 3));
}

Test (arrow_import, reads_booleans)
{
  static const guint8 bits[] = { 0x6c };
  static const guint8 validity[] = { 0xf7 };
  g_autoptr (VcColumn) column = NULL;
  Producer producer;

  producer_init (&producer, "b", NULL);
  producer_add (&producer, 4, 2, validity, bits, NULL)->offset = 2;
  column = producer_read_column (&producer);
  cr_assert_eq (vc_column_get_column_type (column), VC_COLUMN_TYPE_BOOLEAN);
  cr_assert (vc_column_get_boolean (column, 0) && vc_column_is_null (column, 1));
  cr_assert (!vc_column_get_boolean (column, 2) && vc_column_get_boolean (column, 3));
}

static void
assert_texts (VcColumn *column, const char *const *expected, guint n)
{
  cr_assert_eq (vc_column_get_column_type (column), VC_COLUMN_TYPE_TEXT);
  cr_assert_eq (vc_column_get_n_rows (column), n);
  for (guint i = 0; i < n; i++) {
    g_autofree char *text = vc_column_dup_text (column, i);

    cr_assert_eq (g_strcmp0 (text, expected[i]), 0, "row %u", i);
  }
}

Test (arrow_import, reads_plain_text)
{
  static const gint32 offsets[] = { 0, 2, 2, 5, 7 };
  static const gint64 wide[] = { 0, 2, 2, 5, 7 };
  static const guint8 validity[] = { 0x0b };
  const char *const expected[] = { "ab", "", NULL, "ab" };
  g_autoptr (VcColumn) column = NULL;
  g_autoptr (VcColumn) large = NULL;
  Producer producer;

  producer_init (&producer, "u", NULL);
  producer_add (&producer, 4, 3, validity, offsets, "abxyzab");
  column = producer_read_column (&producer);
  producer_assert_released (&producer);
  assert_texts (column, expected, 4);
  cr_assert_eq (vc_column_get_n_labels (column), 2u);
  producer_init (&producer, "U", NULL);
  producer_add (&producer, 4, 3, validity, wide, "abxyzab");
  large = producer_read_column (&producer);
  assert_texts (large, expected, 4);
}

typedef struct { gint32 length; char text[12]; } ShortView;
typedef struct { gint32 length; char prefix[4]; gint32 buffer, offset; } LongView;

Test (arrow_import, reads_string_views)
{
  union { ShortView brief; LongView wordy; } views[] = {
    { .brief = { 12, "twelve bytes" } }, { .wordy = { 14, "four", 0, 2 } }, { .brief = { 0, "" } },
  };
  static const gint64 sizes[] = { 16 };
  const char *const expected[] = { "twelve bytes", "fourteen bytes", "" };
  g_autoptr (VcColumn) column = NULL;
  Producer producer;

  producer_init (&producer, "vu", NULL);
  producer_add (&producer, 3, 4, NULL, views, "..fourteen bytes");
  producer.buffers[0][3] = sizes;
  column = producer_read_column (&producer);
  assert_texts (column, expected, 3);
  for (guint bad = 0; bad < 4; bad++) {
    views[1].wordy = (LongView) { 14, "four", 0, 2 };
    views[0].brief.length = bad == 0 ? -1 : 12;
    views[1].wordy.buffer = bad == 1 ? 1 : 0;
    views[1].wordy.offset = bad == 2 ? 3 : bad == 3 ? -1 : 2;
    producer_init (&producer, "vu", NULL);
    producer_add (&producer, 3, 4, NULL, views, "..fourteen bytes");
    producer.buffers[0][3] = sizes;
    producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
  }
}

Test (arrow_import, takes_over_codes_of_one_batch)
{
  static const gint32 codes[] __attribute__ ((aligned (64))) = { 1, 0, 1 };
  static const gint32 offsets[] = { 0, 1, 2 };
  const char *const expected[] = { "b", "a", "b" };
  VcColumn *column;
  Producer producer;

  producer_init (&producer, "i", "u");
  producer_add (&producer, 3, 2, NULL, codes, NULL);
  producer_add_dictionary (&producer, 2, 3, NULL, offsets, "ab");
  column = producer_read_column (&producer);
  cr_assert_eq (vc_column_get_values_address (column), (guintptr) codes, "not copied");
  assert_texts (column, expected, 3);
  g_object_unref (column);
  producer_assert_released (&producer);
}

Test (arrow_import, unites_dictionaries_of_batches)
{
  static const guint8 first[] = { 0, 1 };
  static const guint8 second[] = { 0, 1, 2 };
  static const gint32 one[] = { 0, 1, 2 };
  static const gint32 two[] = { 0, 1, 1, 2 };
  static const guint8 validity[] = { 0x05 };
  const char *const expected[] = { "a", "b", "b", NULL, "c" };
  g_autoptr (VcColumn) column = NULL;
  Producer producer;

  producer_init (&producer, "C", "u");
  producer_add (&producer, 2, 2, NULL, first, NULL);
  producer_add_dictionary (&producer, 2, 3, NULL, one, "ab");
  producer_add (&producer, 3, 2, NULL, second, NULL);
  producer_add_dictionary (&producer, 3, 3, validity, two, "bc");
  column = producer_read_column (&producer);
  assert_texts (column, expected, 5);
  cr_assert_eq (vc_column_get_n_labels (column), 3u);
}

Test (arrow_import, reads_indices_of_any_type)
{
  static const gint64 wide[] = { 1, 0 };
  static const gint32 narrow[] = { 1, 0 };
  static const gint16 shorter[] = { 1, 0 };
  static const gint8 shortest[] = { 1, 0 };
  static const gint64 offsets[] = { 0, 1, 2 };
  const struct { const char *format; const void *values; } cases[] = {
    { "c", shortest }, { "C", shortest }, { "s", shorter }, { "S", shorter }, { "i", narrow }, { "I", narrow },
    { "l", wide }, { "L", wide },
  };
  const char *const expected[] = { "b", "a" };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++) {
    g_autoptr (VcColumn) column = NULL;
    Producer producer;

    producer_init (&producer, cases[k].format, "U");
    producer_add (&producer, 2, 2, NULL, cases[k].values, NULL);
    producer_add_dictionary (&producer, 2, 3, NULL, offsets, "ab");
    column = producer_read_column (&producer);
    assert_texts (column, expected, 2);
  }
}

Test (arrow_import, reads_a_dictionary_with_a_repeated_label)
{
  static const gint32 codes[] __attribute__ ((aligned (64))) = { 2, 1, 0 };
  static const gint32 offsets[] = { 0, 1, 2, 3 };
  const char *const expected[] = { "a", "b", "a" };
  g_autoptr (VcColumn) column = NULL;
  Producer producer;

  producer_init (&producer, "i", "u");
  producer_add (&producer, 3, 2, NULL, codes, NULL);
  producer_add_dictionary (&producer, 3, 3, NULL, offsets, "aba");
  column = producer_read_column (&producer);
  assert_texts (column, expected, 3);
  cr_assert_eq (vc_column_get_n_labels (column), 2u);
}

Test (arrow_import, reads_a_column_of_nothing_as_text)
{
  const char *const expected[] = { NULL, NULL };
  g_autoptr (VcColumn) column = NULL;
  Producer producer;

  producer_init (&producer, "n", NULL);
  producer_add (&producer, 2, 0, NULL, NULL, NULL)->null_count = 2;
  column = producer_read_column (&producer);
  assert_texts (column, expected, 2);
}

Test (arrow_import, reads_a_stream_without_batches)
{
  g_autoptr (VcColumn) column = NULL;
  Producer producer;

  producer_init (&producer, "g", NULL);
  column = producer_read_column (&producer);
  cr_assert_eq (vc_column_get_n_rows (column), 0u);
}

Test (arrow_import, keeps_unit_and_description)
{
  static const double values[] = { 1 };
  static const struct {
    gint32 n, a;
    char unit[4];
    gint32 b;
    char h[4];
    gint32 c;
    char other[8];
    gint32 d;
  } metadata = {
    2, 4, "unit", 4, "h/wk", 8, "whatever", 0,
  };
  g_autoptr (VcColumn) column = NULL;
  Producer producer;

  producer_init (&producer, "g", NULL);
  producer.field.metadata = (const char *) &metadata;
  producer_add (&producer, 1, 2, NULL, values, NULL);
  column = producer_read_column (&producer);
  cr_assert_str_eq (vc_column_get_unit (column), "h/wk");
  cr_assert_null (vc_column_get_description (column));
}

static char *
put_pair (char *to, const char *key, const char *value)
{
  const char *const texts[] = { key, value };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const gint32 length = (gint32) strlen (texts[i]);

    memcpy (to, &length, sizeof length);
    memcpy (to + sizeof length, texts[i], (gsize) length);
    to += sizeof length + (gsize) length;
  }
  return to;
}

/* Whatever it is worth: files and streams say the same. */
Test (arrow_import, the_first_pair_of_a_key_holds)
{
  static const double values[] = { 1 };
  g_autofree char *longer = g_strnfill (G_MAXINT16 + 1, 'x'), *metadata = g_malloc (2 * G_MAXINT16);
  const struct { const char *first, *held; } cases[] = { { "days", "days" }, { longer, NULL }, { "\xff", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const gint32 n = 3;
    g_autoptr (VcColumn) column = NULL;
    Producer producer;

    memcpy (metadata, &n, sizeof n);
    put_pair (put_pair (put_pair (metadata + sizeof n, "unit", cases[i].first), "unit", "hours"), "description", "why");
    producer_init (&producer, "g", NULL);
    producer.field.metadata = metadata;
    producer_add (&producer, 1, 2, NULL, values, NULL);
    column = producer_read_column (&producer);
    cr_expect_eq (g_strcmp0 (vc_column_get_unit (column), cases[i].held), 0, "%u: %s", i, vc_column_get_unit (column));
    cr_expect_str_eq (vc_column_get_description (column), "why");
  }
}

/* Little-endian words of up to 256 bits. */
Test (arrow_import, takes_decimals_for_the_nearest_doubles)
{
  static const guint64 narrow[] = { 12345, G_MAXUINT64 };
  static const guint64 wide[] = { 12345, 0, G_MAXUINT64, G_MAXUINT64 };
  static const guint64 largest[] = { G_MAXUINT64, G_MAXINT64, 0, G_GUINT64_CONSTANT (1) << 63 };
  static const guint64 widest[] = { 0, 0, 0, G_GUINT64_CONSTANT (1) << 63, 1, 0, 0, 0 };
  static const guint32 narrowest[] = { 5, G_MAXUINT32 };
  const struct { const char *format; const void *values; double first, second; } cases[] = {
    { "d:9,1,32", narrowest, 0.5, -0.1 },
    { "d:18,3,64", narrow, 12.345, -0.001 },
    { "d:38,2", wide, 123.45, -0.01 },
    { "d:38,2,128", wide, 123.45, -0.01 },
    { "d:38,-3", wide, 12345000, -1000 },
    { "d:38,38", largest, 1.7014118346046923, -1.7014118346046923 },
    { "d:76,1,256", widest, -0x1p255 / 10, 0.1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases) && G_BYTE_ORDER == G_LITTLE_ENDIAN; i++) {
    g_autoptr (VcColumn) column = NULL;
    Producer producer;

    producer_init (&producer, cases[i].format, NULL);
    producer_add (&producer, 2, 2, NULL, cases[i].values, NULL);
    column = producer_read_column (&producer);
    cr_assert_eq (vc_column_get_column_type (column), VC_COLUMN_TYPE_DOUBLE);
    cr_assert_eq (vc_column_get_double (column, 0), cases[i].first, "%s: %.17g", cases[i].format,
                  vc_column_get_double (column, 0));
    cr_assert_eq (vc_column_get_double (column, 1), cases[i].second, "%s: %.17g", cases[i].format,
                  vc_column_get_double (column, 1));
  }
}

Test (arrow_import, takes_decimals_without_a_fraction_for_integers)
{
  static const guint64 values[] = { G_MAXINT64, 0, G_GUINT64_CONSTANT (1) << 63, G_MAXUINT64, G_MAXUINT64, G_MAXINT64 };
  static const guint8 validity[] = { 0x03 };
  Producer producer;
  g_autoptr (VcColumn) column = NULL;

  if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
    return;
  producer_init (&producer, "d:20,0", NULL);
  producer_add (&producer, 3, 2, validity, values, NULL);
  column = producer_read_column (&producer);
  cr_assert_eq (vc_column_get_int64 (column, 0), G_MAXINT64);
  cr_assert_eq (vc_column_get_int64 (column, 1), G_MININT64);
  cr_assert (vc_column_is_null (column, 2), "what stands under a null does not matter");
  producer_init (&producer, "d:20,0", NULL);
  producer_add (&producer, 3, 2, NULL, values, NULL);
  producer_assert_refused (&producer, VC_IMPORT_ERROR_RANGE);
}
