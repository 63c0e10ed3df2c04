/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-keyed.h"

#include <string.h>

#include "base/vc-parallel-private.h"

#define DIGIT 11
#define BUCKETS (1u << DIGIT)
#define FEW 24
#define PARTS 64u

/* Bits in which values compare as they do: negative ones are turned round. */
static guint64
value_bits (double value)
{
  const union { double value; guint64 bits; } both = { .value = value };

  return both.bits >> 63 ? ~both.bits : both.bits | G_GUINT64_CONSTANT (1) << 63;
}

static guint64
word (const VcnKeyed *item, gboolean by_value)
{
  return by_value ? value_bits (item->value) : item->key;
}

static void
insert (VcnKeyed *items, guint64 n)
{
  for (guint64 i = 1; i < n; i++) {
    const VcnKeyed item = items[i];
    guint64 k = i;

    for (; k > 0 && (items[k - 1].key > item.key || (items[k - 1].key == item.key && items[k - 1].value > item.value)); k--)
      items[k] = items[k - 1];
    items[k] = item;
  }
}

/* One pass from the front (radix exchange, Hildebrandt, Isbitz 1959), on the digits in which the words really differ: bucket k ends up at
 * there[start[k]] .. there[start[k + 1] - 1]. FALSE: all words are alike. */
static gboolean
distribute (const VcnKeyed *here, VcnKeyed *there, guint64 n, gboolean by_value, guint64 *start)
{
  guint64 least = G_MAXUINT64, most = 0, total = 0;
  guint shift = 0;

  for (guint64 i = 0; i < n; i++) {
    const guint64 bits = word (&here[i], by_value);

    least = MIN (least, bits);
    most = MAX (most, bits);
  }
  if (least == most)
    return FALSE;
  while ((most - least) >> shift >= BUCKETS)
    shift++;
  memset (start, 0, (BUCKETS + 1) * sizeof *start);
  for (guint64 i = 0; i < n; i++)
    start[(word (&here[i], by_value) - least) >> shift]++;
  for (guint k = 0; k < BUCKETS; k++) {
    const guint64 size = start[k];

    start[k] = total;
    total += size;
  }
  for (guint64 i = 0; i < n; i++)
    there[start[(word (&here[i], by_value) - least) >> shift]++] = here[i];
  memmove (start + 1, start, BUCKETS * sizeof *start);
  start[0] = 0;
  return TRUE;
}

/* At most seven deep: each time eleven bits of 64 are settled. What is sorted ends up there or stays here. */
static void
sort (VcnKeyed *here, VcnKeyed *there, guint64 n, gboolean by_value, gboolean move)
{
  guint64 start[BUCKETS + 1];

  if (n <= FEW) {
    insert (here, n);
  } else if (distribute (here, there, n, by_value, start)) {
    for (guint k = 0; k < BUCKETS; k++)
      sort (there + start[k], here + start[k], start[k + 1] - start[k], by_value, !move);
    return;
  } else if (!by_value) {
    sort (here, there, n, TRUE, move);
    return;
  }
  if (move)
    memcpy (there, here, n * sizeof *here);
}

typedef struct {
  VcnKeyed *items, *spare;
  guint64   start[BUCKETS + 1];
} Buckets;

static void
sort_part (gpointer data, guint part)
{
  Buckets *buckets = data;

  for (guint k = part * (BUCKETS / PARTS); k < (part + 1) * (BUCKETS / PARTS); k++) {
    const guint64 start = buckets->start[k];

    sort (buckets->spare + start, buckets->items + start, buckets->start[k + 1] - start, FALSE, TRUE);
  }
}

void
vcn_keyed_sort (VcnKeyed *items, VcnKeyed *spare, guint64 n, guint n_threads)
{
  Buckets buckets;

  buckets.items = items;
  buckets.spare = spare;
  if (n <= BUCKETS || !distribute (items, spare, n, FALSE, buckets.start))
    sort (items, spare, n, FALSE, FALSE);
  else
    vc_parallel (n_threads, PARTS, sort_part, &buckets);
}
