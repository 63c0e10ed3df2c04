/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-deal.h"

#include "base/vc-parallel-private.h"
#include "vcn-look.h"
#include "vcn-stream.h"

/* Each arc goes to a row far from that of the last, and memory is slow that is met so. First arcs are dealt out to
 * hands, each of some rows that stand together, so many that no stream of writes is lost; then each hand is sorted into
 * its rows, which processors have at hand by then (as in a radix sort from the highest digit). What is dealt later
 * stays later, so that rows ascend. */

/* Arcs of a hand, about: what is done to them fits into what a processor keeps near. */
#define HAND 32768
#define MOST_HANDS 1024
/* Rows of a hand are counted by 16 bits. */
#define MOST_SHIFT 16
/* Parts of all arcs for each thread, as some take longer. */
#define PARTS 4
/* Arcs ahead whose columns' places are asked for. */
#define PLACES_AHEAD 64

typedef struct {
  guint64        n_arcs;
  const guint32 *key;    /* of each arc: the row it goes to, or n more; where rows get other numbers, its column */
  const guint32 *column; /* and of triples: the column; of others: */
  const guint64 *start;  /* where the rows begin that they come from, */
  const guint32 *place;  /* and the number that row i gets, and column i */
  const double  *value;
  const VcnCsr  *to;     /* arcs as they are dealt, then as they are sorted */
  guint          shift;  /* row j belongs to hand j >> shift, */
  guint16       *row;    /* and is its row so far from the first; of each arc that was dealt */
  guint          n_hands;
  guint          n_parts;
  guint64       *at;     /* of each part, by hand: number of arcs, then where the next is put */
  guint64       *begin;  /* of each hand, and the end */
  gint           failed; /* atomic: a hand was too much for memory */
  VcnLook        look;
} Deal;

static void
deal_clear (Deal *self)
{
  vc_buffer_free (self->at);
  vc_buffer_free (self->begin);
  vc_buffer_free (self->row);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deal, deal_clear)

static gboolean
deal_init (Deal *self, guint n_threads, GError **error)
{
  const guint64 n_hands = CLAMP (self->n_arcs / HAND, 1, MOST_HANDS);

  while (self->shift < MOST_SHIFT && self->to->n >> self->shift >= n_hands)
    self->shift++;
  self->n_hands = (self->to->n >> self->shift) + 1;
  self->n_parts = PARTS * vc_parallel_n_threads (n_threads);
  self->at = vc_buffer_new0 (guint64, (gsize) self->n_parts * self->n_hands);
  self->begin = vc_buffer_new (guint64, (gsize) self->n_hands + 1);
  self->row = vc_buffer_new (guint16, self->n_arcs);
  return (self->at != NULL && self->begin != NULL && self->row != NULL) || vcn_fail_memory (error);
}

/* Parts have about as many arcs each: the first of one, and the first row that begins there or later. */
static guint64
part_begin (const Deal *self, guint part)
{
  return part == self->n_parts ? self->n_arcs : (guint64) ((double) self->n_arcs * part / self->n_parts);
}

static guint32
part_begin_row (const Deal *self, guint part)
{
  const guint64 begin = part_begin (self, part);
  guint32 low = 0, high = self->to->n;

  while (low < high) {
    const guint32 middle = low + (high - low) / 2;

    if (self->start[middle] < begin)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static inline guint32
row_of (const Deal *self, guint32 key)
{
  return key < self->to->n ? key : key - self->to->n;
}

static void
count_arcs (Deal *self, guint part, guint64 begin, guint64 end)
{
  guint64 *count = self->at + (gsize) part * self->n_hands;
  guint64 done = VCN_LOOK_EVERY;

  for (guint64 k = begin; k < end; k++) {
    if (!vcn_look (&self->look, &done, 1))
      return;
    count[row_of (self, self->key[k]) >> self->shift]++;
  }
}

static void
count_triples (gpointer data, guint part)
{
  count_arcs (data, part, part_begin (data, part), part_begin (data, part + 1));
}

static void
count_transposed (gpointer data, guint part)
{
  const Deal *self = data;

  count_arcs (data, part, self->start[part_begin_row (self, part)], self->start[part_begin_row (self, part + 1)]);
}

/* All arcs of a row go to one hand. */
static void
count_renumbered (gpointer data, guint part)
{
  Deal *self = data;
  const guint32 end = part_begin_row (self, part + 1);
  guint64 *count = self->at + (gsize) part * self->n_hands;
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 i = part_begin_row (self, part); i < end && vcn_look (&self->look, &done, 1); i++)
    count[self->place[i] >> self->shift] += self->start[i + 1] - self->start[i];
}

/* From counts to places: hand by hand, and within each part by part. */
static void
add_up (Deal *self)
{
  guint64 total = 0;

  for (guint hand = 0; hand < self->n_hands; hand++) {
    self->begin[hand] = total;
    for (guint part = 0; part < self->n_parts; part++) {
      guint64 *at = self->at + (gsize) part * self->n_hands + hand;
      const guint64 count = *at;

      *at = total;
      total += count;
    }
  }
  self->begin[self->n_hands] = total;
}

static inline void
deal_arc (Deal *self, guint64 *at, guint64 k, guint32 row, guint32 column)
{
  const guint64 place = at[row >> self->shift]++;

  vcn_stream_ask_next (self->row + place);
  vcn_stream_ask_next (self->to->column + place);
  vcn_stream_ask_next (self->to->value + place);
  self->row[place] = (guint16) (row & ((1u << self->shift) - 1));
  self->to->column[place] = column;
  self->to->value[place] = self->value[k];
}

static void
deal_transposed (gpointer data, guint part)
{
  Deal *self = data;
  const guint32 n = self->to->n, end = part_begin_row (self, part + 1);
  guint64 *at = self->at + (gsize) part * self->n_hands;
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 i = part_begin_row (self, part); i < end; i++) {
    if (!vcn_look (&self->look, &done, 1 + self->start[i + 1] - self->start[i]))
      return;
    for (guint64 k = self->start[i]; k < self->start[i + 1]; k++) {
      const guint32 row = row_of (self, self->key[k]);

      deal_arc (self, at, k, row, row == self->key[k] ? i : i + n);
    }
  }
}

static void
deal_renumbered (gpointer data, guint part)
{
  Deal *self = data;
  const guint32 end = part_begin_row (self, part + 1);
  guint64 *at = self->at + (gsize) part * self->n_hands;
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 i = part_begin_row (self, part); i < end; i++) {
    const guint32 row = self->place[i];

    if (!vcn_look (&self->look, &done, 1 + self->start[i + 1] - self->start[i]))
      return;
    for (guint64 k = self->start[i]; k < self->start[i + 1]; k++) {
      __builtin_prefetch (self->place + self->key[MIN (k + PLACES_AHEAD, self->n_arcs - 1)]);
      deal_arc (self, at, k, row, self->place[self->key[k]]);
    }
  }
}

static void
deal_triples (gpointer data, guint part)
{
  Deal *self = data;
  guint64 *at = self->at + (gsize) part * self->n_hands;
  guint64 done = VCN_LOOK_EVERY;

  for (guint64 k = part_begin (self, part); k < part_begin (self, part + 1); k++) {
    if (!vcn_look (&self->look, &done, 1))
      return;
    deal_arc (self, at, k, self->key[k], self->column[k]);
  }
}

typedef struct {
  double  value;
  guint32 column;
  guint16 row;
} Arc;

/* Takes up a hand and counts what is in each row. FALSE: stopped. */
static gboolean
take_up (Deal *self, guint hand, Arc *arcs, guint64 *start)
{
  const VcnCsr *to = self->to;
  guint64 done = VCN_LOOK_EVERY;

  for (guint64 k = self->begin[hand]; k < self->begin[hand + 1]; k++) {
    if (!vcn_look (&self->look, &done, 1))
      return FALSE;
    *arcs++ = (Arc) { to->value[k], to->column[k], self->row[k] };
    start[self->row[k]]++;
  }
  return TRUE;
}

/* From the last arc to the first: rows ascend, and their starts move to them from their ends. */
static void
sort_hand (gpointer data, guint hand)
{
  Deal *self = data;
  const VcnCsr *to = self->to;
  const guint32 first = hand << self->shift, n = MIN (1u << self->shift, to->n - first);
  guint64 *start = to->start + first, total = self->begin[hand], done = 0;
  gsize k = self->begin[hand + 1] - self->begin[hand];
  VC_BUFFER (Arc) arcs = vc_buffer_new (Arc, k);

  if (arcs == NULL) {
    g_atomic_int_set (&self->failed, TRUE);
    return;
  }
  for (guint32 j = 0; j < n; j++)
    start[j] = 0;
  if (!take_up (self, hand, arcs, start))
    return;
  for (guint32 j = 0; j < n; j++)
    total = start[j] += total;
  while (k-- > 0 && vcn_look (&self->look, &done, 1)) {
    const guint64 at = --start[arcs[k].row];

    to->column[at] = arcs[k].column;
    to->value[at] = arcs[k].value;
  }
}

typedef void (*DealPart) (gpointer data, guint part);

static gboolean
deal (Deal *self, DealPart count, DealPart hand_out, guint n_threads, GError **error)
{
  if (!deal_init (self, n_threads, error))
    return FALSE;
  vc_parallel (n_threads, self->n_parts, count, self);
  add_up (self);
  if (!vcn_look_is_stopped (&self->look))
    vc_parallel (n_threads, self->n_parts, hand_out, self);
  if (!vcn_look_is_stopped (&self->look))
    vc_parallel (n_threads, self->n_hands, sort_hand, self);
  self->to->start[self->to->n] = self->n_arcs;
  if (self->failed)
    return vcn_fail_memory (error);
  return vcn_look_end (&self->look, error);
}

gboolean
vcn_deal_triples (const VcnTriples *triples, const VcnCsr *to, guint n_threads, const VcnMonitor *monitor,
                  double fraction, GError **error)
{
  g_auto (Deal) self = { .n_arcs = triples->n_triples, .key = (const guint32 *) triples->from,
                         .column = (const guint32 *) triples->to, .value = triples->value, .to = to,
                         .look = { monitor, fraction, FALSE } };

  return deal (&self, count_triples, deal_triples, n_threads, error);
}

gboolean
vcn_deal_transposed (const VcnCsr *from, const VcnCsr *to, guint n_threads, const VcnMonitor *monitor, double fraction,
                     GError **error)
{
  g_auto (Deal) self = { .n_arcs = from->start[from->n], .key = from->column, .start = from->start,
                         .value = from->value, .to = to, .look = { monitor, fraction, FALSE } };

  return deal (&self, count_transposed, deal_transposed, n_threads, error);
}

gboolean
vcn_deal_renumbered (const VcnCsr *from, const guint32 *place, const VcnCsr *to, guint n_threads,
                     const VcnMonitor *monitor, double fraction, GError **error)
{
  g_auto (Deal) self = { .n_arcs = from->start[from->n], .key = from->column, .start = from->start,
                         .value = from->value, .place = place, .to = to, .look = { monitor, fraction, FALSE } };

  return deal (&self, count_renumbered, deal_renumbered, n_threads, error);
}
