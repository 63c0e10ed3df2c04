/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-order-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "vc-sort-private.h"

#define CHUNK ((gsize) 1 << 20)

typedef struct {
  VcColumnType  type;
  gconstpointer values;
  const guint8 *validity;
} Key;

typedef struct {
  Key  *keys;
  guint n_keys;
} Keys;

static void
key_init (Key *key, VcColumn *column)
{
  key->type = vc_column_get_column_type (column);
  key->validity = vc_column_peek_validity (column);
  switch (key->type) {
    case VC_COLUMN_TYPE_DOUBLE:
      key->values = vc_column_peek_doubles (column);
      break;
    case VC_COLUMN_TYPE_TEXT:
      key->values = vc_column_peek_codes (column);
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      key->values = vc_column_peek_bits (column);
      break;
    default:
      key->values = vc_column_peek_int64s (column);
  }
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int
compare_values (const Key *key, guint32 a, guint32 b)
{
  switch (key->type) {
    case VC_COLUMN_TYPE_DOUBLE:
      return ORDER (((const double *) key->values)[a], ((const double *) key->values)[b]);
    case VC_COLUMN_TYPE_TEXT:
      return ORDER (((const gint32 *) key->values)[a], ((const gint32 *) key->values)[b]);
    case VC_COLUMN_TYPE_BOOLEAN:
      return vc_bit_is_set (key->values, a) - vc_bit_is_set (key->values, b);
    default:
      return ORDER (((const gint64 *) key->values)[a], ((const gint64 *) key->values)[b]);
  }
}

static int
compare_key (const Key *key, guint32 a, guint32 b)
{
  gboolean valid_a = vc_bit_is_set (key->validity, a);
  gboolean valid_b = vc_bit_is_set (key->validity, b);

  if (!valid_a || !valid_b)
    return valid_a - valid_b;
  return compare_values (key, a, b);
}

static int
compare_rows (guint32 a, guint32 b, gconstpointer data)
{
  const Keys *keys = data;

  for (guint i = 0; i < keys->n_keys; i++) {
    int order = compare_key (&keys->keys[i], a, b);

    if (order != 0)
      return order;
  }
  return 0;
}

static Key *
make_keys (const VcOrder *self)
{
  Key *keys = g_new (Key, self->n_columns + 1);

  for (guint i = 0; i < self->n_columns; i++)
    key_init (&keys[i], self->columns[i]);
  return keys;
}

gboolean
vc_order_is_sorted (const VcOrder *self, const guint32 *rows, gsize n)
{
  g_autofree Key *keys = make_keys (self);
  const Keys all = { keys, self->n_columns };

  for (gsize i = 1; i < n; i++)
    if (compare_rows (rows != NULL ? rows[i - 1] : (guint32) i - 1, rows != NULL ? rows[i] : (guint32) i, &all) > 0)
      return FALSE;
  return TRUE;
}

/* One stable counting sort by the codes of a column: `from` to `to`. */
static gboolean
counting_pass (VcColumn *column, const guint32 *from, guint32 *to, gsize n, GCancellable *cancellable)
{
  const gint32 *codes = vc_column_peek_codes (column);
  gsize n_codes = vc_column_get_n_labels (column);
  VC_BUFFER (guint32) starts = vc_buffer_new0 (guint32, n_codes + 1);

  if (starts == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    starts[codes[from[i]] + 1]++;
  for (gsize code = 0; code < n_codes; code++)
    starts[code + 1] += starts[code];
  for (gsize start = 0; start < n; start += CHUNK) {
    gsize end = MIN (n, start + CHUNK);

    if (g_cancellable_is_cancelled (cancellable))
      return FALSE;
    for (gsize i = start; i < end; i++)
      to[starts[codes[from[i]]]++] = from[i];
  }
  return TRUE;
}

static gboolean
agree (const Keys *keys, guint32 a, guint32 b)
{
  for (guint i = 0; i < keys->n_keys; i++)
    if (((const gint32 *) keys->keys[i].values)[a] != ((const gint32 *) keys->keys[i].values)[b])
      return FALSE;
  return TRUE;
}

/* Rows that agree in the leading columns stand together now. */
static gboolean
sort_runs (const Keys *leading, const Keys *others, guint32 *rows, guint32 *scratch, gsize n, GCancellable *cancellable)
{
  for (gsize start = 0, end, checked = 0; start < n; start = end) {
    for (end = start + 1; end < n && agree (leading, rows[start], rows[end]);)
      end++;
    if (end - start > 1 && !vc_sort_items (rows + start, scratch, end - start, compare_rows, others, cancellable))
      return FALSE;
    if (end - checked > CHUNK) {
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
      checked = end;
    }
  }
  return TRUE;
}

gboolean
vc_order_sort (const VcOrder *self, guint32 *rows, gsize n, GCancellable *cancellable)
{
  VC_BUFFER (guint32) scratch = vc_buffer_new (guint32, n);
  g_autofree Key *keys = make_keys (self);
  const Keys leading = { keys, self->n_leading };
  const Keys others = { keys + self->n_leading, self->n_columns - self->n_leading };
  guint32 *from = rows;
  guint32 *to = scratch;

  if (scratch == NULL)
    return FALSE;
  for (guint i = self->n_leading; i-- > 0;) {
    guint32 *swap = from;

    if (!counting_pass (self->columns[i], from, to, n, cancellable))
      return FALSE;
    from = to;
    to = swap;
  }
  if (from != rows)
    memcpy (rows, from, n * sizeof *rows);
  return sort_runs (&leading, &others, rows, scratch, n, cancellable);
}
