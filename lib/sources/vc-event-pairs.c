/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-pairs-private.h"

#include <unistd.h>

#include "base/vc-buffer-private.h"

#define FIRST_SLOTS ((gsize) 256)

/* Both halves of the product with a secret number: nobody can choose pairs that collide. */
static VcEventPair *
find (const VcEventPairs *self, gint32 from, gint32 to)
{
  unsigned __int128 product = (unsigned __int128) ((guint64) (guint32) from << 32 | (guint32) to) * self->secret;
  gsize i = (gsize) ((guint64) (product >> 64) ^ (guint64) product) & (self->n_slots - 1);

  while (self->slots[i].from >= 0 && (self->slots[i].from != from || self->slots[i].to != to))
    i = (i + 1) & (self->n_slots - 1);
  return &self->slots[i];
}

static gboolean
grow (VcEventPairs *self)
{
  VcEventPairs larger = { .n_slots = MAX (FIRST_SLOTS, 2 * self->n_slots), .n = self->n, .secret = self->secret };

  larger.slots = vc_buffer_new (VcEventPair, larger.n_slots);
  if (larger.slots == NULL || (self->secret == 0 && getentropy (&larger.secret, sizeof larger.secret) != 0)) {
    vc_buffer_free (larger.slots);
    return FALSE;
  }
  larger.secret |= 1;
  for (gsize i = 0; i < larger.n_slots; i++)
    larger.slots[i].from = -1;
  for (gsize i = 0; i < self->n_slots; i++)
    if (self->slots[i].from >= 0)
      *find (&larger, self->slots[i].from, self->slots[i].to) = self->slots[i];
  vc_buffer_free (self->slots);
  *self = larger;
  return TRUE;
}

gboolean
vc_event_pairs_add (VcEventPairs *self, gint32 from, gint32 to, double weight, guint32 in_case, gboolean *is_first)
{
  VcEventPair *pair;

  if (2 * self->n >= self->n_slots && !grow (self))
    return FALSE;
  pair = find (self, from, to);
  if (pair->from < 0) {
    *pair = (VcEventPair) { .from = from, .to = to };
    self->n++;
  }
  *is_first = pair->cases == 0 || pair->newest != in_case;
  pair->count += weight;
  pair->cases += *is_first;
  pair->newest = in_case;
  return TRUE;
}

void
vc_event_pairs_clear (VcEventPairs *self)
{
  vc_buffer_free (self->slots);
  *self = (VcEventPairs) { 0 };
}
