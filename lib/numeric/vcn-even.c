/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-by-length.h"

/* Nodes that are put in order together, at most, and as part of the mean length of arcs. */
#define WINDOW 4096
#define PER_LENGTH 8
/* All that have as many arcs or more count alike. */
#define MANY 63
#define HALVES 2

typedef struct {
  VcnAbsorb *self;
  guint32    first, n, window;
  guint32   *out;         /* n: arcs within the block, from each node; */
  guint8    *in[HALVES];  /* n: and to it, from the first and from the second half; MANY at most */
  VcnLook   *look;
} Even;

static void
count_half (gpointer data, guint half)
{
  const Even *even = data;
  const VcnAbsorb *self = even->self;
  const guint32 begin = half == 0 ? 0 : even->n / 2, end = half == 0 ? even->n / 2 : even->n;
  guint8 *in = even->in[half];
  guint64 done = VCN_LOOK_EVERY;

  memset (in, 0, even->n);
  for (guint32 p = begin; p < end; p++) {
    const guint32 i = self->order[even->first + p];
    guint32 n_out = 0;

    if (!vcn_look (even->look, &done, 1 + self->flows->start[i + 1] - self->flows->start[i]))
      return;
    for (guint64 k = self->flows->start[i]; k < self->flows->start[i + 1]; k++) {
      const guint32 q = self->position[self->flows->column[k]] - even->first;

      if (q >= even->n)
        continue;
      n_out++;
      in[q] = (guint8) (in[q] + (in[q] < MANY));
    }
    even->out[p] = n_out;
  }
}

static void
sort_window (gpointer data, guint window)
{
  const Even *even = data;
  VcnAbsorb *self = even->self;
  const guint32 begin = window * even->window, n = MIN (even->window, even->n - begin);
  guint32 places[WINDOW] = { 0 }, sorted[WINDOW], nodes[WINDOW], n_out[WINDOW];
  guint8 in[WINDOW] = { 0 }, out[WINDOW] = { 0 };

  for (guint32 k = 0; k < n; k++) {
    places[k] = k;
    in[k] = (guint8) MIN (MANY, (guint) even->in[0][begin + k] + even->in[1][begin + k]);
    nodes[k] = self->order[even->first + begin + k];
    n_out[k] = even->out[begin + k];
    out[k] = (guint8) MIN (MANY, n_out[k]);
  }
  vcn_sort_by_length (in, n, places, sorted);
  vcn_sort_by_length (out, n, sorted, places);
  for (guint32 k = 0; k < n; k++) {
    self->order[even->first + begin + k] = nodes[places[k]];
    even->out[begin + k] = n_out[places[k]];
  }
}

static void
place_window (gpointer data, guint window)
{
  const Even *even = data;
  const guint32 begin = even->first + window * even->window, end = even->first + even->n;

  for (guint32 p = begin; p < MIN (begin + even->window, end); p++)
    even->self->position[even->self->order[p]] = p;
}

gboolean
vcn_absorb_even (VcnAbsorb *self, guint32 block, double length, VcnLook *look, GError **error)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  VC_BUFFER (guint8) in = vc_buffer_new (guint8, HALVES * (gsize) n);
  Even even = { self, first, n, (guint32) MIN (WINDOW, length / PER_LENGTH), self->low + first, { in, in + n }, look };

  if (in == NULL)
    return vcn_fail_memory (error);
  vc_parallel (n < VCN_SERIAL ? 1 : self->options.n_threads, HALVES, count_half, &even);
  if (!vcn_look_end (look, error))
    return FALSE;
  if (even.window < 2)
    return TRUE;
  vc_parallel (self->options.n_threads, (n + even.window - 1) / even.window, sort_window, &even);
  vc_parallel (self->options.n_threads, (n + even.window - 1) / even.window, place_window, &even);
  return TRUE;
}
