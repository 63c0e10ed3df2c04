/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-order-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
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

void
vc_rows_clear (VcRows *self)
{
  g_clear_pointer (&self->rows, vc_buffer_free);
  g_clear_pointer (&self->keys, vc_buffer_free);
}

/* ---- words ---- */

static guint
bits_of (guint32 n_codes)
{
  return n_codes > 1 ? 32 - (guint) __builtin_clz (n_codes - 1) : 0;
}

static void
lay_out (VcOrder *self)
{
  guint shift = 0;

  for (guint i = self->n_leading; i-- > 0;) {
    guint bits = bits_of (vc_column_get_n_labels (self->columns[i]));

    self->shifts[i] = shift;
    self->masks[i] = (G_GUINT64_CONSTANT (1) << bits) - 1;
    shift += bits;
  }
  g_assert (shift <= 64);
}

typedef struct {
  const VcRows *rows;
  guint shift;
  guint64 mask;
  gint32 *codes;
} Unpacking;

static void
unpack (gpointer data, gsize start, gsize end)
{
  const Unpacking *self = data;

  for (gsize i = start; i < end; i++)
    self->codes[i] = (gint32) (self->rows->keys[i] >> self->shift & self->mask);
}

gint32 *
vc_order_unpack (const VcOrder *self, guint leading, const VcRows *rows)
{
  Unpacking unpacking = { rows, self->shifts[leading], self->masks[leading], vc_buffer_new (gint32, rows->n) };

  if (unpacking.codes != NULL)
    vc_parallel_ranges (self->n_threads, rows->n, unpack, &unpacking);
  return unpacking.codes;
}

/* The words of a run of rows, column by column, so that each is read in order. */
static void
pack (const VcOrder *self, gsize start, gsize end, guint64 *keys)
{
  memset (keys, 0, (end - start) * sizeof *keys);
  for (guint k = 0; k < self->n_leading; k++) {
    const gint32 *codes = vc_column_peek_codes (self->columns[k]);

    for (gsize i = start; i < end; i++)
      keys[i - start] |= (guint64) codes[i] << self->shifts[k];
  }
}

/* ---- radix ---- */

/* First the rows are dealt out by the highest bits that differ, in one pass over memory; then each hand is sorted by
 * the lower bits, mostly inside the cache (most significant digit first, then least significant first). Each thread
 * deals a range of rows, and in each hand the rows of the first range come before those of the second: what comes out
 * is the same for any number of them. */

#define DIGIT_BITS 8
#define N_DIGITS (1 << DIGIT_BITS)
#define DEAL_BITS 11
#define N_HANDS (1 << DEAL_BITS)
#define GROUP 32 /* hands that one thread sorts before it takes more */
#define BLOCK 1024
/* Rows between two looks at the cancellable: a few milliseconds. */
#define LOOK_EVERY ((gsize) BLOCK * 256)
/* Less is not worth a thread. */
#define LEAST_RANGE ((gsize) BLOCK * 32)

/* Rows that one thread deals, and what it found there. */
typedef struct {
  gsize   start;
  gsize   end;
  gsize   n;               /* rows that stay */
  guint64 any;
  guint64 all;
  guint64 first;
  guint64 last;
  gboolean sorted;
  guint32 places[N_HANDS]; /* the number of rows of each hand, and then where the next one goes */
} Range;

typedef struct {
  const VcOrder *order;
  GCancellable  *cancellable;
  VcRows        *rows;
  Range         *ranges;
  guint          n_ranges;
  guint          shift; /* of the highest bits that differ */
  guint32        starts[N_HANDS + 1];
  gint           failed; /* atomic */
} Deal;

static void
deal_clear (Deal *self)
{
  g_free (self->ranges);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deal, deal_clear)

static gboolean
is_left_out (const VcOrder *self, gsize row)
{
  return (self->nonzero != NULL && self->nonzero[row] == 0) ||
         (self->dropped != NULL && vc_bit_is_set (self->dropped, row));
}

static gboolean
is_stopped (const Deal *self, gsize done)
{
  return done % LOOK_EVERY == 0 && g_cancellable_is_cancelled (self->cancellable);
}

/* The bits in which words differ, how many rows stay, and whether their words are in order. */
static void
survey (gpointer data, guint part)
{
  const Deal *self = data;
  Range *range = &self->ranges[part];
  guint64 keys[BLOCK];

  for (gsize start = range->start; start < range->end && !is_stopped (self, start - range->start); start += BLOCK) {
    gsize end = MIN (range->end, start + BLOCK);

    pack (self->order, start, end, keys);
    for (gsize i = start; i < end; i++) {
      guint64 key = keys[i - start];

      if (is_left_out (self->order, i))
        continue;
      if (range->n++ == 0)
        range->first = range->last = key;
      range->sorted &= range->last <= key;
      range->last = key;
      range->any |= key;
      range->all &= key;
    }
  }
}

static guint32
hand_of (const Deal *deal, guint64 key)
{
  return (guint32) (key >> deal->shift) & (N_HANDS - 1);
}

static void
count_hands (gpointer data, guint part)
{
  const Deal *self = data;
  Range *range = &self->ranges[part];
  guint64 keys[BLOCK];

  memset (range->places, 0, sizeof range->places);
  for (gsize start = range->start; start < range->end && !is_stopped (self, start - range->start); start += BLOCK) {
    gsize end = MIN (range->end, start + BLOCK);

    pack (self->order, start, end, keys);
    for (gsize i = start; i < end; i++)
      if (!is_left_out (self->order, i))
        range->places[hand_of (self, keys[i - start])]++;
  }
}

static void
find_places (Deal *self)
{
  guint32 place = 0;

  for (guint hand = 0; hand < N_HANDS; hand++) {
    self->starts[hand] = place;
    for (guint i = 0; i < self->n_ranges; i++) {
      guint32 n = self->ranges[i].places[hand];

      self->ranges[i].places[hand] = place;
      place += n;
    }
  }
  self->starts[N_HANDS] = place;
}

static void
deal_out (gpointer data, guint part)
{
  const Deal *self = data;
  Range *range = &self->ranges[part];
  guint64 keys[BLOCK];

  for (gsize start = range->start; start < range->end && !is_stopped (self, start - range->start); start += BLOCK) {
    gsize end = MIN (range->end, start + BLOCK);

    pack (self->order, start, end, keys);
    for (gsize i = start; i < end; i++) {
      guint32 place;

      if (is_left_out (self->order, i))
        continue;
      place = range->places[hand_of (self, keys[i - start])]++;
      self->rows->keys[place] = keys[i - start];
      self->rows->rows[place] = (guint32) i;
    }
  }
}

/* One stable pass by one digit. Digits that all have in common cost a count only: FALSE then. */
static gboolean
radix_pass (const VcRows *from, VcRows *to, guint shift)
{
  guint32 starts[N_DIGITS + 1] = { 0 };

  for (gsize i = 0; i < from->n; i++)
    starts[(from->keys[i] >> shift & (N_DIGITS - 1)) + 1]++;
  for (guint digit = 0; digit < N_DIGITS; digit++)
    if (starts[digit + 1] == from->n)
      return FALSE;
  for (guint digit = 0; digit < N_DIGITS; digit++)
    starts[digit + 1] += starts[digit];
  for (gsize i = 0; i < from->n; i++) {
    guint32 place = starts[from->keys[i] >> shift & (N_DIGITS - 1)]++;

    to->keys[place] = from->keys[i];
    to->rows[place] = from->rows[i];
  }
  return TRUE;
}

static void
insertion_sort (VcRows *hand)
{
  for (gsize i = 1; i < hand->n; i++) {
    guint64 key = hand->keys[i];
    guint32 row = hand->rows[i];
    gsize j = i;

    for (; j > 0 && hand->keys[j - 1] > key; j--) {
      hand->keys[j] = hand->keys[j - 1];
      hand->rows[j] = hand->rows[j - 1];
    }
    hand->keys[j] = key;
    hand->rows[j] = row;
  }
}

/* By the bits below `bits`. `scratch` has room for the hand. */
static gboolean
sort_hand (VcRows *hand, VcRows *scratch, guint bits, GCancellable *cancellable)
{
  VcRows from = *hand;
  VcRows to = *scratch;

  if (hand->n <= 32) {
    insertion_sort (hand);
    return TRUE;
  }
  to.n = from.n;
  for (guint shift = 0; shift < bits; shift += DIGIT_BITS) {
    VcRows swap = from;

    if (hand->n > CHUNK && g_cancellable_is_cancelled (cancellable))
      return FALSE;
    if (!radix_pass (&from, &to, shift))
      continue;
    from = to;
    to = swap;
  }
  if (from.keys == hand->keys)
    return TRUE;
  memcpy (hand->keys, from.keys, hand->n * sizeof *hand->keys);
  memcpy (hand->rows, from.rows, hand->n * sizeof *hand->rows);
  return TRUE;
}

static gboolean
alloc_rows (VcRows *rows, gsize n)
{
  rows->n = n;
  rows->rows = vc_buffer_new (guint32, n);
  rows->keys = vc_buffer_new (guint64, n);
  return rows->rows != NULL && rows->keys != NULL;
}

static void
sort_group (gpointer data, guint group)
{
  Deal *self = data;
  const guint32 *starts = &self->starts[group * GROUP];
  g_auto (VcRows) scratch = { NULL };
  guint32 largest = 0;

  for (guint i = 0; i < GROUP; i++)
    largest = MAX (largest, starts[i + 1] - starts[i]);
  if (g_atomic_int_get (&self->failed) || !alloc_rows (&scratch, largest)) {
    g_atomic_int_set (&self->failed, TRUE);
    return;
  }
  for (guint i = 0; i < GROUP; i++) {
    VcRows hand = { self->rows->rows + starts[i], self->rows->keys + starts[i], starts[i + 1] - starts[i] };

    if (!sort_hand (&hand, &scratch, self->shift, self->cancellable))
      g_atomic_int_set (&self->failed, TRUE);
  }
}

static gboolean
is_failed (Deal *self)
{
  return self->failed || g_cancellable_is_cancelled (self->cancellable);
}

static void
cut_into_ranges (Deal *self)
{
  gsize n = self->order->n_rows;
  guint n_threads = vc_parallel_n_threads (self->order->n_threads);

  self->n_ranges = (guint) CLAMP (n / LEAST_RANGE, 1, n_threads);
  self->ranges = g_new0 (Range, self->n_ranges);
  for (guint i = 0; i < self->n_ranges; i++) {
    self->ranges[i].start = n / self->n_ranges * i;
    self->ranges[i].end = i + 1 < self->n_ranges ? n / self->n_ranges * (i + 1) : n;
    self->ranges[i].all = G_MAXUINT64;
    self->ranges[i].sorted = TRUE;
  }
}

/* What all ranges found together: the bits in which words differ. */
static guint64
sum_up (Deal *self, gsize *n, gboolean *sorted)
{
  guint64 any = 0, all = G_MAXUINT64, last = 0;

  *n = 0;
  *sorted = TRUE;
  for (guint i = 0; i < self->n_ranges; i++) {
    const Range *range = &self->ranges[i];

    if (range->n == 0)
      continue;
    *n += range->n;
    *sorted &= range->sorted && last <= range->first;
    last = range->last;
    any |= range->any;
    all &= range->all;
  }
  return *n > 0 ? any ^ all : 0;
}

gboolean
vc_order_leading (VcOrder *self, VcRows *rows, GCancellable *cancellable)
{
  g_auto (Deal) deal = { .order = self, .cancellable = cancellable, .rows = rows };
  gboolean sorted;
  guint64 differ;
  guint highest;
  gsize n;

  lay_out (self);
  cut_into_ranges (&deal);
  vc_parallel (self->n_threads, deal.n_ranges, survey, &deal);
  differ = sum_up (&deal, &n, &sorted);
  highest = differ != 0 ? 64 - (guint) __builtin_clzll (differ) : 0;
  deal.shift = highest > DEAL_BITS ? highest - DEAL_BITS : 0;
  if (!alloc_rows (rows, n) || is_failed (&deal))
    return FALSE;
  if (sorted)
    deal.shift = 63; /* one hand, as it is */
  vc_parallel (self->n_threads, deal.n_ranges, count_hands, &deal);
  if (is_failed (&deal))
    return FALSE;
  find_places (&deal);
  vc_parallel (self->n_threads, deal.n_ranges, deal_out, &deal);
  if (!sorted && !is_failed (&deal))
    vc_parallel (self->n_threads, N_HANDS / GROUP, sort_group, &deal);
  return !is_failed (&deal);
}

/* ---- ties ---- */

static gboolean
sort_ties (const Keys *keys, VcRows *rows, guint32 *scratch, GCancellable *cancellable)
{
  for (gsize start = 0, end, checked = 0; start < rows->n; start = end) {
    for (end = start + 1; end < rows->n && rows->keys[start] == rows->keys[end];)
      end++;
    if (end - start > 1 && !vc_sort_items (rows->rows + start, scratch, end - start, compare_rows, keys, cancellable))
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
vc_order_ties (const VcOrder *self, VcRows *rows, GCancellable *cancellable)
{
  guint n_others = self->n_columns - self->n_leading;
  VC_BUFFER (guint32) scratch = vc_buffer_new (guint32, rows->n);
  g_autofree Key *others = g_new (Key, n_others + 1);
  const Keys keys = { others, n_others };

  for (guint i = 0; i < n_others; i++)
    key_init (&others[i], self->columns[self->n_leading + i]);
  return scratch != NULL && sort_ties (&keys, rows, scratch, cancellable);
}
