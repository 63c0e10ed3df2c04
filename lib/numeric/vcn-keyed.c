/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-keyed.h"

#include <string.h>

#include "base/vc-parallel-private.h"

#define MOST_BUCKETS 2048u
#define FEW 24
#define MANY 65536u
#define CHUNKS 8u
#define PARTS 64u
/* Items between two looks. */
#define BLOCK ((guint64) 1 << 16)
/* Items on a page of memory, and what each new one counts for: systems give them out cleared, two megabytes at once. */
#define ON_PAGE (4096 / sizeof (VcnKeyed))
#define NEW_PAGE (VCN_LOOK_EVERY / 1024)

/* One thread's part of the looking. */
typedef struct {
  VcnLook *look;
  guint64  done;
} Watch;

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

    for (; k > 0 && (items[k - 1].key > item.key || (items[k - 1].key == item.key && items[k - 1].value > item.value));
         k--)
      items[k] = items[k - 1];
    items[k] = item;
  }
}

/* Digits in which words really differ: a bucket for each. */
typedef struct {
  gboolean by_value;
  guint64  least, most;
  guint    shift, n_buckets;
} Digits;

/* This, and what follows: FALSE where it was stopped. */
static gboolean
measure (const VcnKeyed *items, guint64 n, Digits *digits, Watch *watch)
{
  digits->least = G_MAXUINT64;
  digits->most = 0;
  for (guint64 begin = 0; begin < n; begin += BLOCK) {
    const guint64 end = MIN (begin + BLOCK, n);

    if (!vcn_look (watch->look, &watch->done, end - begin))
      return FALSE;
    for (guint64 i = begin; i < end; i++) {
      const guint64 bits = word (&items[i], digits->by_value);

      digits->least = MIN (digits->least, bits);
      digits->most = MAX (digits->most, bits);
    }
  }
  return TRUE;
}

/* No more buckets than items. */
static void
choose_digits (Digits *digits, guint64 n)
{
  for (digits->n_buckets = MOST_BUCKETS; digits->n_buckets > n;)
    digits->n_buckets /= 2;
  for (digits->shift = 0; (digits->most - digits->least) >> digits->shift >= digits->n_buckets;)
    digits->shift++;
}

static guint
bucket (const Digits *digits, const VcnKeyed *item)
{
  return (guint) ((word (item, digits->by_value) - digits->least) >> digits->shift);
}

static gboolean
count (const Digits *digits, const VcnKeyed *items, guint64 n, guint64 *counts, Watch *watch)
{
  memset (counts, 0, digits->n_buckets * sizeof *counts);
  for (guint64 begin = 0; begin < n; begin += BLOCK) {
    const guint64 end = MIN (begin + BLOCK, n);

    if (!vcn_look (watch->look, &watch->done, end - begin))
      return FALSE;
    for (guint64 i = begin; i < end; i++)
      counts[bucket (digits, &items[i])]++;
  }
  return TRUE;
}

static gboolean
scatter (const Digits *digits, const VcnKeyed *items, guint64 n, guint64 *next, VcnKeyed *there, Watch *watch)
{
  for (guint64 begin = 0; begin < n; begin += BLOCK) {
    const guint64 end = MIN (begin + BLOCK, n);

    if (!vcn_look (watch->look, &watch->done, end - begin))
      return FALSE;
    for (guint64 i = begin; i < end; i++)
      there[next[bucket (digits, &items[i])]++] = items[i];
  }
  return TRUE;
}

/* One pass from the front (radix exchange, Hildebrandt, Isbitz 1959). Bucket k begins at start[k] and ends where the
 * next begins. */
static gboolean
distribute (const Digits *digits, const VcnKeyed *here, VcnKeyed *there, guint64 n, guint64 *start, Watch *watch)
{
  guint64 total = 0;

  if (!count (digits, here, n, start, watch))
    return FALSE;
  for (guint k = 0; k < digits->n_buckets; k++) {
    total += start[k];
    start[k] = total - start[k];
  }
  if (!scatter (digits, here, n, start, there, watch))
    return FALSE;
  memmove (start + 1, start, digits->n_buckets * sizeof *start);
  start[0] = 0;
  return TRUE;
}

/* What is sorted ends up there or stays here. Each pass settles at least four bits. */
static void
sort (VcnKeyed *here, VcnKeyed *there, guint64 n, gboolean by_value, gboolean move, Watch *watch)
{
  Digits digits = { by_value, 0, 0, 0, 0 };

  if (vcn_look_is_stopped (watch->look) || (n > FEW && !measure (here, n, &digits, watch)))
    return;
  if (digits.least < digits.most) {
    guint64 start[MOST_BUCKETS + 1];

    choose_digits (&digits, n);
    if (!distribute (&digits, here, there, n, start, watch))
      return;
    for (guint k = 0; k < digits.n_buckets; k++)
      sort (there + start[k], here + start[k], start[k + 1] - start[k], by_value, !move, watch);
    return;
  }
  if (n > FEW && !by_value) {
    sort (here, there, n, TRUE, move, watch);
    return;
  }
  if (n <= FEW)
    insert (here, n);
  if (move)
    memcpy (there, here, n * sizeof *here);
}

/* The first pass of many, cut into as many chunks for any number of threads; then each bucket by itself. */
typedef struct {
  VcnKeyed *items, *spare;
  guint64   n;
  VcnLook  *look;
  Digits    digits, of[CHUNKS];
  guint64   next[CHUNKS][MOST_BUCKETS];
  guint64   start[MOST_BUCKETS + 1];
} Team;

static const VcnKeyed *
chunk_of (const Team *team, guint chunk, guint64 *n)
{
  const guint64 size = team->n / CHUNKS, first = chunk * size;

  *n = chunk + 1 < CHUNKS ? size : team->n - first;
  return team->items + first;
}

static void
measure_chunk (gpointer data, guint chunk)
{
  Team *team = data;
  guint64 n;
  const VcnKeyed *items = chunk_of (team, chunk, &n);

  team->of[chunk].by_value = FALSE;
  measure (items, n, &team->of[chunk], &(Watch) { team->look, VCN_LOOK_EVERY });
}

static void
count_chunk (gpointer data, guint chunk)
{
  Team *team = data;
  guint64 n;
  const VcnKeyed *items = chunk_of (team, chunk, &n);

  count (&team->digits, items, n, team->next[chunk], &(Watch) { team->look, VCN_LOOK_EVERY });
}

/* The first few items meet all pages of the spare, which may take most of a second to get: that is done before, page
 * by page, with looks. */
static void
touch_chunk (gpointer data, guint chunk)
{
  Team *team = data;
  guint64 n, done = VCN_LOOK_EVERY;
  const guint64 first = (guint64) (chunk_of (team, chunk, &n) - team->items);

  for (guint64 i = first; i < first + n && vcn_look (team->look, &done, NEW_PAGE); i += ON_PAGE)
    team->spare[i].key = 0;
}

static void
scatter_chunk (gpointer data, guint chunk)
{
  Team *team = data;
  guint64 n;
  const VcnKeyed *items = chunk_of (team, chunk, &n);

  scatter (&team->digits, items, n, team->next[chunk], team->spare, &(Watch) { team->look, VCN_LOOK_EVERY });
}

static void
sort_part (gpointer data, guint part)
{
  Team *team = data;
  Watch watch = { team->look, 0 };

  for (guint k = part * (MOST_BUCKETS / PARTS); k < (part + 1) * (MOST_BUCKETS / PARTS); k++)
    sort (team->spare + team->start[k], team->items + team->start[k], team->start[k + 1] - team->start[k], FALSE, TRUE,
          &watch);
}

static void
sort_together (Team *team, guint n_threads)
{
  guint64 total = 0;

  vc_parallel (n_threads, CHUNKS, measure_chunk, team);
  if (vcn_look_is_stopped (team->look))
    return;
  team->digits = team->of[0];
  for (guint chunk = 1; chunk < CHUNKS; chunk++) {
    team->digits.least = MIN (team->digits.least, team->of[chunk].least);
    team->digits.most = MAX (team->digits.most, team->of[chunk].most);
  }
  choose_digits (&team->digits, team->n);
  vc_parallel (n_threads, CHUNKS, count_chunk, team);
  if (vcn_look_is_stopped (team->look))
    return;
  for (guint k = 0; k < MOST_BUCKETS; k++) {
    team->start[k] = total;
    for (guint chunk = 0; chunk < CHUNKS; chunk++) {
      total += team->next[chunk][k];
      team->next[chunk][k] = total - team->next[chunk][k];
    }
  }
  team->start[MOST_BUCKETS] = total;
  vc_parallel (n_threads, CHUNKS, touch_chunk, team);
  if (vcn_look_is_stopped (team->look))
    return;
  vc_parallel (n_threads, CHUNKS, scatter_chunk, team);
  if (!vcn_look_is_stopped (team->look))
    vc_parallel (n_threads, PARTS, sort_part, team);
}

gboolean
vcn_keyed_sort (VcnKeyed *items, VcnKeyed *spare, guint64 n, guint n_threads, VcnLook *look)
{
  Team team;

  if (n < MANY) {
    sort (items, spare, n, FALSE, FALSE, &(Watch) { look, 0 });
  } else {
    team.items = items;
    team.spare = spare;
    team.n = n;
    team.look = look;
    sort_together (&team, n_threads);
  }
  return !vcn_look_is_stopped (look);
}
