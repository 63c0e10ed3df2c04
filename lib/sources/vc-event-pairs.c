/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-pairs-private.h"

#include <unistd.h>

#include "base/vc-buffer-private.h"

#define FIRST_SLOTS ((gsize) 16)

/* Both halves of a product. */
static inline guint64
mix (guint64 a, guint64 b)
{
  unsigned __int128 product = (unsigned __int128) a * b;

  return (guint64) (product >> 64) ^ (guint64) product;
}

/* With a secret number nobody can choose pairs that collide. The low bits choose the shard, the high ones the slot. */
static inline guint64
hash_pair (const VcEventPairs *self, gint32 from, gint32 to)
{
  guint64 pair = (guint64) (guint32) from << 32 | (guint32) to;

  return mix (mix (pair, self->secret) ^ self->secret, G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
}

static VcEventPair *
find (const VcEventPairShard *shard, guint64 hash, gint32 from, gint32 to)
{
  gsize i = (gsize) (((unsigned __int128) hash * shard->n_slots) >> 64);

  while (shard->slots[i].from >= 0 && (shard->slots[i].from != from || shard->slots[i].to != to))
    i = i + 1 < shard->n_slots ? i + 1 : 0;
  return &shard->slots[i];
}

/* By half: with doubling, half of what is there could stand empty. */
static gboolean
grow (const VcEventPairs *self, VcEventPairShard *shard)
{
  VcEventPairShard larger = { .n_slots = MAX (FIRST_SLOTS, shard->n_slots + shard->n_slots / 2), .n = shard->n };

  larger.slots = vc_buffer_new (VcEventPair, larger.n_slots);
  if (larger.slots == NULL)
    return FALSE;
  for (gsize i = 0; i < larger.n_slots; i++)
    larger.slots[i].from = -1;
  for (gsize i = 0; i < shard->n_slots; i++) {
    const VcEventPair *pair = &shard->slots[i];

    if (pair->from >= 0)
      *find (&larger, hash_pair (self, pair->from, pair->to), pair->from, pair->to) = *pair;
  }
  vc_buffer_free (shard->slots);
  *shard = larger;
  return TRUE;
}

gboolean
vc_event_pairs_add (VcEventPairs *self, gint32 from, gint32 to, double weight, guint32 in_case, gboolean *is_first)
{
  VcEventPairShard *shard;
  VcEventPair *pair;
  guint64 hash;

  if (self->secret == 0) {
    if (getentropy (&self->secret, sizeof self->secret) != 0)
      return FALSE;
    self->secret |= 1;
  }
  hash = hash_pair (self, from, to);
  shard = &self->shards[hash % VC_EVENT_PAIR_SHARDS];
  if (4 * (shard->n + 1) > 3 * shard->n_slots && !grow (self, shard))
    return FALSE;
  pair = find (shard, hash, from, to);
  if (pair->from < 0) {
    *pair = (VcEventPair) { .from = from, .to = to };
    shard->n++;
    self->n++;
  }
  *is_first = pair->cases == 0 || pair->newest != in_case;
  pair->count += weight;
  pair->cases += *is_first;
  pair->newest = in_case;
  return TRUE;
}

gboolean
vc_event_pairs_take (VcEventPairs *self, VcEventPair *pairs, GCancellable *cancellable)
{
  for (guint i = 0; i < VC_EVENT_PAIR_SHARDS; i++) {
    const VcEventPairShard *shard = &self->shards[i];

    if (g_cancellable_is_cancelled (cancellable))
      return FALSE;
    for (gsize k = 0; k < shard->n_slots; k++)
      if (shard->slots[k].from >= 0)
        *pairs++ = shard->slots[k];
  }
  vc_event_pairs_clear (self);
  return TRUE;
}

void
vc_event_pairs_clear (VcEventPairs *self)
{
  for (guint i = 0; i < VC_EVENT_PAIR_SHARDS; i++)
    vc_buffer_free (self->shards[i].slots);
  *self = (VcEventPairs) { 0 };
}
