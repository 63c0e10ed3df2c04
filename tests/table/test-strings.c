/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>

#include "base/vc-buffer-private.h"
#include "table/vc-strings-private.h"

Test (strings, are_counted_in_order_of_first_appearance)
{
  static const char *const texts[]
    = { "b", "a", "", "b", "a longer text than a slot", "a", "a longer text than a slot", "" };
  static const gint32 expected[] = { 0, 1, 2, 0, 3, 1, 3, 2 };
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) strings = NULL;
  gsize length;

  cr_assert_eq (vc_interner_lookup (interner, "b", 1), -1);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    cr_expect_eq (vc_interner_add (interner, texts[i], strlen (texts[i])), expected[i], "%u", i);
  cr_assert_eq (vc_interner_size (interner), 4u);
  cr_assert_eq (vc_interner_lookup (interner, "a", 1), 1);
  cr_assert_eq (vc_interner_lookup (interner, "c", 1), -1);
  cr_assert_eq (memcmp (vc_interner_peek (interner, 3, &length), texts[4], strlen (texts[4])), 0);
  strings = vc_interner_finish (interner);
  cr_assert_eq (vc_interner_size (interner), 0u);
  cr_assert_eq (strings->n_labels, 4u);
  vc_strings_peek (strings, 3, &length);
  cr_assert_eq (length, strlen (texts[4]));
  cr_assert_eq (vc_interner_add (interner, "anew", 4), 0, "can be used again");
}

Test (strings, of_an_empty_interner)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) strings = vc_interner_finish (interner);

  cr_assert_eq (strings->n_labels, 0u);
  cr_assert_eq (strings->offsets[0], 0);
}

Test (strings, compare_as_bytes)
{
  static const char *const texts[] = { "a", "ab", "b", "", "\xc3\xa9" };
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) strings = NULL;
  g_autofree char *copy = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    vc_interner_add (interner, texts[i], strlen (texts[i]));
  strings = vc_interner_finish (interner);
  for (guint32 i = 0; i < 5; i++)
    for (guint32 j = 0; j < 5; j++) {
      int order = vc_strings_compare (strings, i, j);
      int expected = strcmp (texts[i], texts[j]);

      cr_expect_eq ((order > 0) - (order < 0), (expected > 0) - (expected < 0));
    }
  copy = vc_strings_dup (strings, 4);
  cr_assert_str_eq (copy, texts[4]);
}

Test (strings, are_found_where_they_are_shared)
{
  static const char *const texts[] = { "a", "a longer text than a slot", "", "b" };
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcInterner) other = NULL;
  g_autoptr (VcStrings) strings = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    vc_interner_add (interner, texts[i], strlen (texts[i]));
  strings = vc_interner_share (interner);
  other = vc_interner_new_of (strings);
  for (gint32 i = 0; i < (gint32) G_N_ELEMENTS (texts); i++) {
    cr_assert_eq (vc_interner_lookup (interner, texts[i], strlen (texts[i])), i);
    cr_assert_eq (vc_interner_lookup (other, texts[i], strlen (texts[i])), i);
  }
  cr_assert_eq (vc_interner_lookup (interner, "c", 1), -1);
  cr_assert_eq (vc_interner_lookup (other, "c", 1), -1);
  cr_assert_eq (strings->n_labels, 4u);
}

Test (strings, none_are_shared_too)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) strings = vc_interner_share (interner);
  g_autoptr (VcInterner) other = vc_interner_new_of (strings);

  cr_assert_eq (strings->n_labels, 0u);
  cr_assert_eq (vc_interner_lookup (interner, "a", 1), -1);
  cr_assert_eq (vc_interner_lookup (other, "a", 1), -1);
}

/* Against GHashTable, over texts of all lengths around a slot's, one by one and in batches, with room from the first on
 * and without. */
Test (strings, agree_with_a_hash_table)
{
  const gsize n = 200000;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (VcInterner) one = vc_interner_new ();
  g_autoptr (VcInterner) many = vc_interner_new ();
  g_autoptr (VcInterner) roomy = vc_interner_new ();
  g_autofree VcSlice *slices = g_new (VcSlice, n);
  g_autofree gint32 *expected = g_new (gint32, n);
  g_autofree gint32 *codes = g_new (gint32, n);

  for (gsize i = 0; i < n; i++) {
    g_autofree char *label
      = g_strdup_printf ("%0*d", g_rand_int_range (rand, 1, 20), g_rand_int_range (rand, 0, 20000));
    gpointer code;

    if (!g_hash_table_lookup_extended (table, label, NULL, &code)) {
      code = GINT_TO_POINTER (g_hash_table_size (table));
      g_hash_table_insert (table, g_strdup (label), code);
    }
    expected[i] = GPOINTER_TO_INT (code);
    slices[i] = (VcSlice) { (guint32) text->len, (guint32) strlen (label) };
    g_string_append (text, label);
    cr_assert_eq (vc_interner_add (one, label, strlen (label)), expected[i]);
  }
  vc_interner_lookup_many (many, text->str, slices, n, codes);
  for (gsize i = 0; i < n; i++)
    cr_assert_eq (codes[i], -1, "nothing is known yet");
  cr_assert (vc_interner_add_many (many, text->str, slices, n, codes));
  cr_assert_eq (memcmp (codes, expected, n * sizeof (gint32)), 0);
  memset (codes, 0, n * sizeof (gint32));
  vc_interner_lookup_many (many, text->str, slices, n, codes);
  cr_assert_eq (memcmp (codes, expected, n * sizeof (gint32)), 0);
  cr_assert (vc_interner_reserve (roomy, g_hash_table_size (table)));
  cr_assert (vc_interner_add_many (roomy, text->str, slices, n, codes));
  cr_assert_eq (memcmp (codes, expected, n * sizeof (gint32)), 0);
}

/* C23: texts of two-letter blocks that g_str_hash() cannot tell apart. */
Test (strings, crafted_collisions_cost_nothing, .timeout = 5)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  guint hash = 0;

  for (guint i = 0; i < 65536; i++) {
    char text[33] = { 0 };

    for (guint bit = 0; bit < 16; bit++)
      memcpy (text + 2 * bit, i >> bit & 1 ? "bA" : "ab", 2); /* 33 'b' + 'A' = 33 'a' + 'b' */
    cr_assert (i == 0 || g_str_hash (text) == hash);
    hash = g_str_hash (text);
    cr_assert_eq (vc_interner_add (interner, text, 32), (gint32) i);
  }
}

/* What would collide without the secret: words that are multiples of a power of two, so that a product with any number
 * has the same low bits, or that agree in the bits of their upper half; and with each bit of the word as the lowest of
 * the count. A table that they flood would take two thousand million steps. */
Test (strings, chosen_short_texts_cost_nothing)
{
  const gint32 n = 65536;

  for (guint shift = 0; shift <= 48; shift += 4) {
    g_autoptr (VcInterner) interner = vc_interner_new ();

    for (gint32 i = 0; i < n; i++) {
      const guint64 word = GUINT64_TO_LE ((guint64) i << shift);

      cr_assert_eq (vc_interner_add (interner, (const char *) &word, 8), i);
    }
  }
}

/* Texts that differ in a few letters only, at either end: as words they are evenly spaced, or differ in their highest
 * bits. */
Test (strings, short_texts_alike_cost_nothing, .timeout = 5)
{
  for (gsize place = 0; place < 8; place += 4) {
    g_autoptr (VcInterner) interner = vc_interner_new ();
    const gint32 n = 26 * 26 * 26 * 26;
    char text[] = "aaaaaaaa";

    for (gint32 i = 0; i < 2 * n; i++) {
      for (gint32 k = 0, rest = i % n; k < 4; k++, rest /= 26)
        text[place + (gsize) k] = (char) ('a' + rest % 26);
      cr_assert_eq (vc_interner_add (interner, text, 8), i % n);
    }
  }
}

/* What others read must not be moved, and nothing is given away twice. */
Test (strings, shared_labels_stay_as_they_are)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) strings = NULL;
  g_autoptr (VcInterner) other = NULL;
  VcInterner *both[2];

  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  vc_interner_add (interner, "a", 1);
  strings = vc_interner_share (interner);
  other = vc_interner_new_of (strings);
  both[0] = interner;
  both[1] = other;
  for (guint i = 0; i < G_N_ELEMENTS (both); i++) {
    VcInterner *one = both[i];

    cr_assert_eq (vc_interner_add (one, "a", 1), 0, "it is there already");
    g_test_expect_message ("Valuechain", G_LOG_LEVEL_CRITICAL, "make_room*");
    cr_assert_eq (vc_interner_add (one, "b", 1), -1);
    g_test_expect_message ("Valuechain", G_LOG_LEVEL_CRITICAL, "vc_interner_share*");
    cr_assert_null (vc_interner_share (one));
    g_test_expect_message ("Valuechain", G_LOG_LEVEL_CRITICAL, "vc_interner_finish*");
    cr_assert_null (vc_interner_finish (one));
    g_test_assert_expected_messages ();
    cr_assert_eq (vc_interner_size (one), 1u);
    cr_assert_eq (vc_interner_lookup (one, "a", 1), 0);
    cr_assert_eq (vc_interner_lookup (one, "b", 1), -1);
  }
  cr_assert_eq (strings->n_labels, 1u);
}

Test (strings, labels_that_stand_twice_are_no_set)
{
  VcStrings *twice = vc_strings_new_take (3, vc_buffer_new0 (gint32, 4), vc_buffer_new0 (char, 1));

  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_test_expect_message ("Valuechain", G_LOG_LEVEL_CRITICAL, "place_labels*");
  cr_assert_null (vc_interner_new_of (twice));
  g_test_assert_expected_messages ();
  vc_strings_unref (twice);
}
