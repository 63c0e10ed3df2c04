/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrow streams that contradict themselves: each is refused, and everything is released once. */
#include "arrow-producer.h"

static const double doubles[] = { 1, 2, 3 };

Test (arrow_hostile, types_that_are_not_supported)
{
  const char *const formats[]
    = { "d:10", "d:,2", "d:10,2,127", "d:10,2,64,", "d:0,0", "d:10,2x", "d:1,9999", "d:1,-9223372036854775808",
        "+l",   "+s",   "+ud:0",      "+r",         "z",     "Z",       "w:4",      "e",
        "ttu",  "tDn",  "tiM",        "vz",         "",      "q",       "gg",       "ts",
        "tsx:", "u8" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    Producer producer;

    producer_init (&producer, formats[i], NULL);
    producer_add (&producer, 3, 2, NULL, doubles, NULL);
    producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
    cr_assert_eq (producer.n_given, 0u, "refused before any batch was asked for");
  }
}

Test (arrow_hostile, schemas)
{
  for (guint i = 0; i < 9; i++) {
    Producer producer;

    producer_init (&producer, i == 0 ? "tsu:" : i == 1 ? "u" : "i", i < 2 ? "u" : i == 2 ? "l" : NULL);
    producer_add (&producer, 3, 2, NULL, doubles, NULL);
    if (i == 3)
      producer.schema.format = "g";
    if (i == 4)
      producer.schema.n_children = -1;
    if (i == 5)
      producer.schema.format = NULL;
    if (i == 6)
      producer.field.format = NULL;
    if (i == 7)
      producer.field.n_children = 1;
    if (i == 8)
      producer.schema.children = NULL;
    producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
  }
}

Test (arrow_hostile, name_that_is_not_utf8)
{
  Producer producer;

  producer_init (&producer, "g", NULL);
  producer.field.name = "\xc0\x80";
  producer_assert_refused (&producer, VC_IMPORT_ERROR_ENCODING);
}

/* Bends one number of an otherwise sound array. */
static void
bend (struct ArrowArray *array, guint i)
{
  static const gint64 numbers[] = { -1, G_MININT64, G_MAXINT64, 4, 2 };
  const gint64 number = numbers[i % 5];

  switch (i / 5) {
    case 0:
      array->length = number;
      break;
    case 1:
      array->offset = i % 5 < 3 ? number : -number;
      break;
    case 2:
      array->null_count = i % 5 == 0 ? -2 : number;
      break;
    case 3:
      array->n_buffers = i % 5 == 4 ? 1 : number;
      break;
    default:
      array->n_children = number;
  }
}

Test (arrow_hostile, numbers_of_columns)
{
  for (guint i = 0; i < 25; i++) {
    Producer producer;

    if (i == 3)
      continue; /* a column longer than its batch is allowed */
    producer_init (&producer, "g", NULL);
    producer_add (&producer, 3, 2, NULL, doubles, NULL);
    bend (&producer.columns[0], i);
    producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
  }
}

Test (arrow_hostile, numbers_of_batches)
{
  static const guint8 nothing[] = { 0 };

  for (guint i = 0; i < 8; i++) {
    Producer producer;

    producer_init (&producer, "g", NULL);
    producer_add (&producer, 3, 2, NULL, doubles, NULL);
    if (i < 2)
      producer.batches[0].length = i == 0 ? -1 : 4;
    else if (i < 4)
      producer.batches[0].offset = i == 2 ? -1 : 1;
    else if (i == 4)
      producer.batches[0].null_count = 1;
    else if (i == 5)
      producer.batches[0].null_count = -1, producer.batch_buffers[0][0] = nothing;
    else if (i == 6)
      producer.batches[0].length = G_MAXINT64;
    else
      producer.batches[0].dictionary = &producer.columns[0];
    producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
  }
}

Test (arrow_hostile, buffers_that_are_missing)
{
  static const gint32 offsets[] = { 0, 1, 2, 3 };
  const struct { const char *format; gint64 n_buffers; const void *values, *text; gint64 null_count; } cases[] = {
    { "g", 2, NULL, NULL, 0 }, { "b", 2, NULL, NULL, 0 }, { "l", 2, doubles, NULL, 1 }, { "u", 3, NULL, "abc", 0 },
    { "u", 3, offsets, NULL, 0 }, { "u", 2, offsets, "abc", 0 }, { "vu", 2, offsets, NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Producer producer;

    producer_init (&producer, cases[i].format, NULL);
    producer_add (&producer, 3, cases[i].n_buffers, NULL, cases[i].values, cases[i].text)->null_count
      = cases[i].null_count;
    producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
  }
}

Test (arrow_hostile, a_column_without_buffers_at_all)
{
  Producer producer;

  producer_init (&producer, "g", NULL);
  producer_add (&producer, 3, 2, NULL, doubles, NULL)->buffers = NULL;
  producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
}

Test (arrow_hostile, text_outside_its_buffer)
{
  static const gint32 cases[][4]
    = { { 0, 2, 1, 3 }, { -1, 1, 2, 3 }, { 0, 4, 2, 3 }, { 0, 1, 2, 1 }, { 1, G_MAXINT32, 2, 3 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Producer producer;

    producer_init (&producer, "u", NULL);
    producer_add (&producer, 3, 3, NULL, cases[i], "abc");
    producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
  }
}

Test (arrow_hostile, text_that_is_not_utf8)
{
  static const gint32 offsets[] = { 0, 1, 2, 3 };
  static const gint32 codes[] = { 0, 0, 0 };
  const char *const bad[] = { "a\xff" "b", "ab\xc3" };
  Producer producer;

  for (guint i = 0; i < 2; i++) {
    producer_init (&producer, "u", NULL);
    producer_add (&producer, 3, 3, NULL, offsets, bad[i]);
    producer_assert_refused (&producer, VC_IMPORT_ERROR_ENCODING);
  }
  producer_init (&producer, "u", NULL);
  producer_add (&producer, 3, 3, NULL, offsets, "a\0b");
  producer_assert_refused (&producer, VC_IMPORT_ERROR_NUL);
  producer_init (&producer, "i", "u");
  producer_add (&producer, 3, 2, NULL, codes, NULL);
  producer_add_dictionary (&producer, 3, 3, NULL, offsets, bad[0]);
  producer_assert_refused (&producer, VC_IMPORT_ERROR_ENCODING);
}

Test (arrow_hostile, indices_outside_the_dictionary)
{
  static const gint32 offsets[] = { 0, 1, 2 };
  const gint32 indices[] = { -1, 2, G_MININT32, G_MAXINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (indices); i++) {
    const gint32 codes[] __attribute__ ((aligned (64))) = { 0, indices[i] };
    Producer producer;

    producer_init (&producer, "i", "u");
    producer_add (&producer, 2, 2, NULL, codes, NULL);
    producer_add_dictionary (&producer, 2, 3, NULL, offsets, "ab");
    producer_assert_refused (&producer, VC_IMPORT_ERROR_RANGE);
  }
}

Test (arrow_hostile, dictionaries)
{
  static const gint32 offsets[] = { 0, 1, 2 };
  static const gint32 codes[] = { 0, 1 };

  for (guint i = 0; i < 5; i++) {
    struct ArrowArray *dictionary;
    Producer producer;

    producer_init (&producer, "i", "u");
    producer_add (&producer, 2, 2, NULL, codes, NULL);
    dictionary = producer_add_dictionary (&producer, 2, 3, NULL, offsets, "ab");
    if (i == 0)
      producer.columns[0].dictionary = NULL;
    else if (i == 1)
      dictionary->length = -1;
    else if (i == 2)
      dictionary->offset = -1;
    else if (i == 3)
      dictionary->buffers = NULL;
    else
      dictionary->release = NULL;
    producer_assert_refused (&producer, VC_IMPORT_ERROR_FORMAT);
  }
}

Test (arrow_hostile, a_column_that_is_not_there)
{
  Producer producer;
  g_autoptr (GError) error = NULL;

  producer_init (&producer, "g", NULL);
  producer_add (&producer, 3, 2, NULL, doubles, NULL);
  producer.children[0][0] = NULL;
  cr_assert_null (producer_read (&producer, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT));
  cr_assert_eq (producer.batches_released, 1u);
}

Test (arrow_hostile, failure_of_the_producer_carries_its_words)
{
  Producer producer;
  g_autoptr (GError) error = NULL;

  producer_init (&producer, "g", NULL);
  producer_add (&producer, 3, 2, NULL, doubles, NULL);
  producer_add (&producer, 3, 2, NULL, doubles, NULL);
  producer.fail_at = 2;
  cr_assert_null (producer_read (&producer, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FAILED));
  cr_assert_not_null (strstr (error->message, "the disk is on fire"));
  cr_assert (g_utf8_validate (error->message, -1, NULL));
  producer_assert_released (&producer);
}

Test (arrow_hostile, a_stream_that_is_released_already)
{
  struct ArrowArrayStream stream = { .release = NULL };
  g_autoptr (GError) error = NULL;

  cr_assert_null (vc_table_new_from_arrow_stream ("t", (guintptr) &stream, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT));
}

Test (arrow_hostile, rows_that_cannot_be_counted)
{
  Producer producer;

  producer_init (&producer, "f", NULL);
  producer_add (&producer, G_MAXINT64 / 64, 2, NULL, doubles, NULL);
  producer_add (&producer, G_MAXINT64 / 64, 2, NULL, doubles, NULL);
  producer_assert_refused (&producer, VC_IMPORT_ERROR_LIMIT);
}
