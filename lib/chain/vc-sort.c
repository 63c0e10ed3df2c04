/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-sort-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"

#define RUN 16
#define CHECK_EVERY ((gsize) 1 << 20)
/* Where each takes a comparison of items that stand anywhere. */
#define MERGED_PER_CHECK ((gsize) 1 << 16)

static void
sort_run (guint32 *items, gsize n, VcCompare compare, gconstpointer data)
{
  for (gsize i = 1; i < n; i++) {
    guint32 item = items[i];
    gsize j = i;

    for (; j > 0 && compare (items[j - 1], item, data) > 0; j--)
      items[j] = items[j - 1];
    items[j] = item;
  }
}

/* Two halves of a run on their way to one. */
typedef struct {
  const guint32 *from;
  gsize          a, middle;
  gsize          b, end;
} Merge;

static void
merge_some (Merge *self, guint32 *to, gsize n, VcCompare compare, gconstpointer data)
{
  const guint32 *from = self->from;
  gsize a = self->a, b = self->b;

  for (gsize i = 0; i < n; i++)
    if (a < self->middle && (b >= self->end || compare (from[a], from[b], data) <= 0))
      to[i] = from[a++];
    else
      to[i] = from[b++];
  self->a = a;
  self->b = b;
}

static gboolean
merge_pass (const guint32 *from, guint32 *to, gsize n, gsize width, VcCompare compare, gconstpointer data,
            GCancellable *cancellable)
{
  gsize since_check = 0;

  for (gsize start = 0; start < n; start += 2 * width) {
    const gsize middle = MIN (start + width, n), end = MIN (start + 2 * width, n);
    Merge merge = { from, start, middle, middle, end };

    for (gsize i = start; i < end;) {
      const gsize step = MIN (end - i, MERGED_PER_CHECK - since_check);

      merge_some (&merge, to + i, step, compare, data);
      i += step;
      since_check += step;
      if (since_check < MERGED_PER_CHECK)
        continue;
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
      since_check = 0;
    }
  }
  return TRUE;
}

gboolean
vc_sort_items (guint32 *items, guint32 *scratch, gsize n, VcCompare compare, gconstpointer data,
               GCancellable *cancellable)
{
  guint32 *from = items;
  guint32 *to = scratch;

  for (gsize start = 0; start < n; start += RUN) {
    if (start % CHECK_EVERY == 0 && g_cancellable_is_cancelled (cancellable))
      return FALSE;
    sort_run (items + start, MIN (RUN, n - start), compare, data);
  }
  for (gsize width = RUN; width < n; width *= 2) {
    guint32 *swap = from;

    if (!merge_pass (from, to, n, width, compare, data, cancellable))
      return FALSE;
    from = to;
    to = swap;
  }
  if (from != items)
    memcpy (items, from, n * sizeof *items);
  return TRUE;
}

/* ---- labels ---- */

typedef struct {
  guint64 key; /* eight bytes, the first in the highest place */
  guint32 code;
} Keyed;

/* Length of what all of these labels begin with. */
static gsize
common_prefix (const VcStrings *labels, const Keyed *items, guint32 n)
{
  gsize length;
  const char *first = vc_strings_peek (labels, items[0].code, &length);

  for (guint32 i = 1; i < n && length > 0; i++) {
    gsize other_length;
    const char *other = vc_strings_peek (labels, items[i].code, &other_length);
    gsize k = 0;

    while (k < length && k < other_length && first[k] == other[k])
      k++;
    length = k;
  }
  return length;
}

static guint64
key_of (const VcStrings *labels, guint32 code, gsize skip)
{
  gsize length;
  const char *text = vc_strings_peek (labels, code, &length);
  guint8 bytes[8] = { 0 };
  guint64 key;

  memcpy (bytes, text + skip, MIN (sizeof bytes, length - skip));
  memcpy (&key, bytes, sizeof key);
  return GUINT64_FROM_BE (key);
}

/* One stable pass over one byte of the keys; bytes that all have in common cost a count only. */
static gboolean
radix_pass (const Keyed *from, Keyed *to, guint32 n, guint shift)
{
  guint32 starts[257] = { 0 };

  for (guint32 i = 0; i < n; i++)
    starts[((from[i].key >> shift) & 255) + 1]++;
  for (guint digit = 0; digit < 256; digit++)
    if (starts[digit + 1] == n)
      return FALSE;
  for (guint digit = 0; digit < 256; digit++)
    starts[digit + 1] += starts[digit];
  for (guint32 i = 0; i < n; i++)
    to[starts[(from[i].key >> shift) & 255]++] = from[i];
  return TRUE;
}

static Keyed *
radix_sort (Keyed *items, Keyed *scratch, guint32 n, GCancellable *cancellable)
{
  Keyed *from = items;
  Keyed *to = scratch;

  for (guint shift = 0; shift < 64; shift += 8) {
    if (g_cancellable_is_cancelled (cancellable))
      return NULL;
    if (radix_pass (from, to, n, shift)) {
      Keyed *swap = from;

      from = to;
      to = swap;
    }
  }
  return from;
}

static int
compare_labels (guint32 a, guint32 b, gconstpointer labels)
{
  return vc_strings_compare (labels, a, b);
}

/* Labels with the same key differ after those eight bytes, or are equal. */
static gboolean
sort_equal_keys (const VcStrings *labels, const Keyed *items, guint32 *order, guint32 n, GCancellable *cancellable)
{
  VC_BUFFER (guint32) scratch = NULL;

  for (guint32 start = 0, end; start < n; start = end) {
    for (end = start + 1; end < n && items[end].key == items[start].key;)
      end++;
    if (end - start == 1)
      continue;
    if (scratch == NULL)
      scratch = vc_buffer_new (guint32, n);
    if (scratch == NULL ||
        !vc_sort_items (order + start, scratch, end - start, compare_labels, labels, cancellable))
      return FALSE;
  }
  return TRUE;
}

static guint32
collect (const VcStrings *labels, const guint8 *used, Keyed *items)
{
  guint32 n = 0;

  for (guint32 code = 0; code < labels->n_labels; code++)
    if (vc_bit_is_set (used, code))
      items[n++].code = code;
  return n;
}

static gboolean
are_in_order (const VcStrings *labels, const Keyed *items, guint32 n)
{
  for (guint32 i = 1; i < n; i++)
    if (vc_strings_compare (labels, items[i - 1].code, items[i].code) > 0)
      return FALSE;
  return TRUE;
}

/* By the keys, and where these are the same by the rest. */
static gboolean
sort_keyed (const VcStrings *labels, Keyed *items, guint32 n, guint32 *order, GCancellable *cancellable)
{
  VC_BUFFER (Keyed) scratch = vc_buffer_new (Keyed, n);
  gsize skip = common_prefix (labels, items, n);
  const Keyed *sorted;

  if (scratch == NULL)
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    items[i].key = key_of (labels, items[i].code, skip);
  sorted = radix_sort (items, scratch, n, cancellable);
  for (guint32 i = 0; sorted != NULL && i < n; i++)
    order[i] = sorted[i].code;
  return sorted != NULL && sort_equal_keys (labels, sorted, order, n, cancellable);
}

/* Ids often come in order already. */
guint32 *
vc_sort_labels (const VcStrings *labels, const guint8 *used, guint32 *n_order, GCancellable *cancellable)
{
  VC_BUFFER (Keyed) items = vc_buffer_new (Keyed, labels->n_labels);
  VC_BUFFER (guint32) order = vc_buffer_new (guint32, labels->n_labels);
  guint32 n;

  if (items == NULL || order == NULL)
    return NULL;
  n = collect (labels, used, items);
  if (are_in_order (labels, items, n)) {
    for (guint32 i = 0; i < n; i++)
      order[i] = items[i].code;
  } else if (!sort_keyed (labels, items, n, order, cancellable)) {
    return NULL;
  }
  *n_order = n;
  return g_steal_pointer (&order);
}

VcStrings *
vc_labels_pick (const VcStrings *labels, const guint32 *codes, guint32 n)
{
  VC_BUFFER (gint32) offsets = vc_buffer_new (gint32, (gsize) n + 1);
  VC_BUFFER (char) text = NULL;
  guint64 total = 0;
  gsize length;

  for (guint32 i = 0; i < n; i++) {
    vc_strings_peek (labels, codes[i], &length);
    total += length;
  }
  if (total > G_MAXINT32)
    return NULL;
  text = vc_buffer_new (char, total);
  if (offsets == NULL || text == NULL)
    return NULL;
  offsets[0] = 0;
  for (guint32 i = 0; i < n; i++) {
    const char *label = vc_strings_peek (labels, codes[i], &length);

    memcpy (text + offsets[i], label, length);
    offsets[i + 1] = offsets[i] + (gint32) length;
  }
  return vc_strings_new_take (n, g_steal_pointer (&offsets), g_steal_pointer (&text));
}

VcStrings *
vc_labels_of_interner (const VcInterner *interner)
{
  guint32 n = vc_interner_size (interner);
  VC_BUFFER (gint32) offsets = vc_buffer_new0 (gint32, (gsize) n + 1);
  VC_BUFFER (char) text = NULL;
  guint64 total = 0;
  gsize length;

  if (offsets == NULL)
    return NULL;
  for (guint32 i = 0; i < n; i++) {
    vc_interner_peek (interner, i, &length);
    total += length;
    if (total > G_MAXINT32)
      return NULL;
    offsets[i + 1] = (gint32) total;
  }
  text = vc_buffer_new (char, total);
  if (text == NULL)
    return NULL;
  for (guint32 i = 0; i < n; i++) {
    const char *label = vc_interner_peek (interner, i, &length);

    memcpy (text + offsets[i], label, length);
  }
  return vc_strings_new_take (n, g_steal_pointer (&offsets), g_steal_pointer (&text));
}

static guint8 *
mark_used (const VcStrings *labels, gint32 *codes, const guint8 *validity, gsize n)
{
  guint8 *used = vc_buffer_new0 (guint8, labels->n_labels / 8 + 1);

  if (used == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    if (vc_bit_is_set (validity, i))
      vc_bit_set (used, (gsize) codes[i]);
    else
      codes[i] = 0;
  return used;
}

static gboolean
is_canonical (const VcStrings *labels, const guint8 *used)
{
  for (guint32 code = 0; code < labels->n_labels; code++)
    if (!vc_bit_is_set (used, code) || (code > 0 && vc_strings_compare (labels, code - 1, code) >= 0))
      return FALSE;
  return TRUE;
}

/* Fills the new code of each old one and moves one code of each distinct label to the front of `order`. */
static guint32
rank (const VcStrings *labels, guint32 *order, guint32 n, gint32 *ranks)
{
  guint32 n_distinct = 0;

  for (guint32 i = 0; i < n; i++) {
    if (n_distinct == 0 || vc_strings_compare (labels, order[n_distinct - 1], order[i]) != 0)
      order[n_distinct++] = order[i];
    ranks[order[i]] = (gint32) n_distinct - 1;
  }
  return n_distinct;
}

VcStrings *
vc_labels_canonical (VcStrings *labels, gint32 *codes, const guint8 *validity, gsize n, GCancellable *cancellable)
{
  VC_BUFFER (guint8) used = mark_used (labels, codes, validity, n);
  VC_BUFFER (guint32) order = NULL;
  VC_BUFFER (gint32) ranks = NULL;
  guint32 n_used = 0;

  if (used == NULL)
    return NULL;
  if (is_canonical (labels, used))
    return vc_strings_ref (labels);
  order = vc_sort_labels (labels, used, &n_used, cancellable);
  ranks = vc_buffer_new0 (gint32, labels->n_labels);
  if (order == NULL || ranks == NULL)
    return NULL;
  n_used = rank (labels, order, n_used, ranks);
  for (gsize i = 0; i < n; i++)
    if (vc_bit_is_set (validity, i))
      codes[i] = ranks[codes[i]];
  return vc_labels_pick (labels, order, n_used);
}
