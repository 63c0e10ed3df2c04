/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain-helpers.h"

#include <stdlib.h>

#include "base/vc-buffer-private.h"
#include "chain/vc-circles-private.h"
#include "chain/vc-order-private.h"
#include "chain/vc-sort-private.h"

static guint64
next (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  return z ^ (z >> 27);
}

static int
by_last_digit (guint32 a, guint32 b, gconstpointer data)
{
  return (int) (a % 10) - (int) (b % 10);
}

Test (sort, merging_is_stable_for_every_length)
{
  for (guint n = 0; n < 200; n++) {
    guint32 items[200];
    guint32 scratch[200];

    for (guint i = 0; i < n; i++)
      items[i] = i * 7 % 200;
    cr_assert (vc_sort_items (items, scratch, n, by_last_digit, NULL, NULL));
    for (guint i = 1; i < n; i++) {
      cr_assert_leq (items[i - 1] % 10, items[i] % 10);
      if (items[i - 1] % 10 == items[i] % 10) /* 7 i mod 200 has inverse 143 */
        cr_assert_lt (items[i - 1] * 143 % 200, items[i] * 143 % 200);
    }
  }
}

/* Labels from a small alphabet after a prefix that all, or all but one, have. */
static VcStrings *
random_labels (guint n, const char *prefix, guint longest, guint64 *state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint32 *offsets = vc_buffer_new (gint32, n + 1);
  char *copy;

  offsets[0] = 0;
  for (guint i = 0; i < n; i++) {
    guint length = (guint) (next (state) >> 30) % (longest + 1);

    g_string_append (text, prefix);
    for (guint k = 0; k < length; k++)
      g_string_append_c (text, (char) ('a' + (next (state) >> 40) % 2));
    offsets[i + 1] = (gint32) text->len;
  }
  copy = vc_buffer_new (char, text->len);
  memcpy (copy, text->str, text->len);
  return vc_strings_new_take (n, offsets, copy);
}

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

Test (sort, labels_are_sorted_as_strcmp_sorts_them)
{
  static const char *const prefixes[] = { "", "a", "party-number-", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9" };
  guint64 state = 4;

  for (guint run = 0; run < 80; run++) {
    guint n = 1 + (guint) (next (&state) >> 30) % (run < 40 ? 20 : 2000);
    g_autoptr (VcStrings) labels = random_labels (n, prefixes[run % 4], run % 3 == 0 ? 4 : 20, &state);
    g_autoptr (GPtrArray) expected = g_ptr_array_new_with_free_func (g_free);
    guint32 n_order = 0;
    VC_BUFFER (guint32) order = vc_sort_labels (labels, NULL, &n_order, NULL);

    cr_assert_eq (n_order, n);
    for (guint i = 0; i < n; i++)
      g_ptr_array_add (expected, vc_strings_dup (labels, i));
    qsort (expected->pdata, n, sizeof (char *), compare_texts);
    for (guint i = 0; i < n; i++) {
      g_autofree char *found = vc_strings_dup (labels, order[i]);

      cr_assert_str_eq (found, expected->pdata[i]);
      if (i > 0 && vc_strings_compare (labels, order[i - 1], order[i]) == 0)
        cr_assert_lt (order[i - 1], order[i], "equal labels by code");
    }
  }
}

Test (sort, canonical_labels_are_in_use_once_and_in_order)
{
  guint64 state = 5;

  for (guint run = 0; run < 40; run++) {
    g_autoptr (VcStrings) labels = random_labels (50, "x", 3, &state);
    g_autoptr (VcStrings) canonical = NULL;
    gint32 codes[100];
    gint32 before[100];
    guint8 validity[13];
    guint8 used[50] = { 0 };

    for (guint i = 0; i < 13; i++)
      validity[i] = (guint8) (next (&state) >> 50);
    for (guint i = 0; i < 100; i++)
      codes[i] = before[i] = (gint32) (next (&state) % 50);
    canonical = vc_labels_canonical (labels, codes, validity, 100, NULL);
    for (guint i = 1; i < canonical->n_labels; i++)
      cr_assert_lt (vc_strings_compare (canonical, i - 1, i), 0);
    for (guint i = 0; i < 100; i++) {
      g_autofree char *old = vc_strings_dup (labels, (guint32) before[i]);
      g_autofree char *new = NULL;

      if (!vc_bit_is_set (validity, i)) {
        cr_assert_eq (codes[i], 0);
        continue;
      }
      new = vc_strings_dup (canonical, (guint32) codes[i]);
      cr_assert_str_eq (old, new);
      used[codes[i]] = 1;
    }
    for (guint i = 0; i < canonical->n_labels; i++)
      cr_assert (used[i]);
  }
}

/* ---- rows ---- */

static VcColumn *
codes_column (gint32 *codes, gsize n, guint32 n_labels)
{
  gint32 *offsets = vc_buffer_new0 (gint32, (gsize) n_labels + 1);
  gint32 *copy = vc_buffer_new (gint32, n);
  g_autoptr (VcStrings) labels = vc_strings_new_take (n_labels, offsets, vc_buffer_new (char, 0));

  for (gsize i = 0; i < n; i++)
    copy[i] = codes[i];
  return vc_column_new_take ("codes", VC_COLUMN_TYPE_TEXT, n, copy, NULL, labels);
}

/* Rows by two columns of codes and then a number, for every shape of codes: even, a star, all alike, in order. Each
 * thread has ranges of its own where there are enough rows. */
static void
check_order (guint n, guint32 n_labels, guint shape, guint n_threads)
{
  guint64 state = n + shape;
  g_autofree gint32 *a = g_new (gint32, n);
  g_autofree gint32 *b = g_new (gint32, n);
  g_autofree double *amount = g_new (double, n);
  g_autofree guint8 *seen = g_new0 (guint8, n);
  VcColumn *columns[3];
  VcOrder order = { .columns = columns, .n_columns = 3, .n_leading = 2, .n_rows = n, .n_threads = n_threads };
  g_auto (VcRows) rows = { NULL };

  for (guint i = 0; i < n; i++) {
    a[i] = shape == 1 ? 0 : shape == 2 ? (gint32) n_labels - 1 : (gint32) (next (&state) % n_labels);
    b[i] = shape == 2 ? 1 : (gint32) (next (&state) % n_labels);
    if (shape == 3)
      a[i] = (gint32) ((guint64) i * n_labels / n), b[i] = 0;
    amount[i] = (double) (next (&state) % 4);
  }
  columns[0] = codes_column (a, n, n_labels);
  columns[1] = codes_column (b, n, n_labels);
  columns[2] = doubles ("amount", amount, n);
  order.nonzero = amount;
  cr_assert (vc_order_leading (&order, &rows, NULL));
  cr_assert (vc_order_ties (&order, &rows, NULL));
  for (guint i = 0; i < rows.n; i++) {
    guint32 row = rows.rows[i];
    guint32 last = i > 0 ? rows.rows[i - 1] : row;

    cr_assert (amount[row] != 0 && !seen[row]);
    seen[row] = 1;
    cr_assert (a[last] < a[row]
               || (a[last] == a[row] && (b[last] < b[row] || (b[last] == b[row] && amount[last] <= amount[row]))));
    cr_assert (a[last] != a[row] || b[last] != b[row] || amount[last] != amount[row] || last <= row,
               "equals stay in order");
  }
  for (guint i = 0; i < n; i++)
    cr_assert (seen[i] || amount[i] == 0);
  {
    VC_BUFFER (gint32) from = vc_order_unpack (&order, 0, &rows);
    VC_BUFFER (gint32) to = vc_order_unpack (&order, 1, &rows);

    for (guint i = 0; i < rows.n; i++)
      cr_assert (from[i] == a[rows.rows[i]] && to[i] == b[rows.rows[i]]);
  }
  for (guint i = 0; i < 3; i++)
    g_object_unref (columns[i]);
}

Test (sort, rows_by_codes_then_by_the_rest)
{
  static const guint sizes[] = { 0, 1, 2, 33, 1000, 70000, 170000 };
  static const guint32 labels[] = { 2, 3, 300, 70000, 100000000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < (sizes[i] > 1000 ? 4 : sizes[i] == 1000 ? 5 : 4); j++)
      for (guint shape = 0; shape < 4; shape++)
        check_order (sizes[i], labels[j], shape, 1 + (i + j) % 3);
}

/* ---- circles ---- */

static void
collect (guint32 party, gpointer data)
{
  g_array_append_val ((GArray *) data, party);
}

/* Each circle once, by its first member; the witness follows every party n times and then once round. */
Test (sort, circles_are_found_once)
{
  guint64 state = 8;

  for (guint run = 0; run < 300; run++) {
    guint n = 1 + (guint) (next (&state) >> 40) % 12;
    gint32 next_of[12];
    VcColumn *column;
    g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint32));
    guint expected = 0;

    for (guint i = 0; i < n; i++)
      next_of[i] = (gint32) ((next (&state) >> 40) % n);
    column = codes_column (next_of, n, n);
    cr_assert (vc_find_circles (column, collect, found));
    for (guint i = 0; i < n; i++) {
      gint32 at = next_of[i];
      gint32 first = at;

      for (guint step = 0; step < n && at != (gint32) i; step++, at = next_of[at])
        first = MIN (first, at);
      expected += at == (gint32) i && first >= (gint32) i;
    }
    cr_assert_eq (found->len, expected);
    g_object_unref (column);
  }
}
