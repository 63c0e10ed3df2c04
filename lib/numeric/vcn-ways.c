/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-ways.h"

#include <string.h>

/* A binary heap of nodes, the best on top, that knows where each node is. */
typedef struct {
  VcnWays *ways;
  guint32 *heap;
  guint32 *place; /* n: where it is in the heap; G_MAXUINT32: nowhere */
  guint32  n;
} Queue;

static gboolean
is_better (VcnWide a, guint32 a_steps, VcnWide b, guint32 b_steps)
{
  const double round_a = vcn_wide_round (a), round_b = vcn_wide_round (b);

  if (round_a != round_b)
    return round_a > round_b;
  if (a_steps == b_steps && a.high != b.high)
    return a.high > b.high;
  return a_steps != b_steps ? a_steps < b_steps : a.low > b.low;
}

static gboolean
comes_first (const VcnWays *ways, guint32 a, guint32 b)
{
  return is_better (ways->share[a], ways->steps[a], ways->share[b], ways->steps[b]);
}

static void
put (Queue *self, guint32 at, guint32 node)
{
  self->heap[at] = node;
  self->place[node] = at;
}

static void
rise (Queue *self, guint32 at)
{
  const guint32 node = self->heap[at];

  while (at > 0 && comes_first (self->ways, node, self->heap[(at - 1) / 2])) {
    put (self, at, self->heap[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  put (self, at, node);
}

static guint32
take_first (Queue *self)
{
  const guint32 first = self->heap[0], last = self->heap[--self->n];
  guint32 at = 0;

  self->place[first] = G_MAXUINT32;
  while (2 * (guint64) at + 1 < self->n) {
    guint32 child = 2 * at + 1;

    if (child + 1 < self->n && comes_first (self->ways, self->heap[child + 1], self->heap[child]))
      child++;
    if (!comes_first (self->ways, self->heap[child], last))
      break;
    put (self, at, self->heap[child]);
    at = child;
  }
  if (self->n > 0)
    put (self, at, last);
  return first;
}

/* A node that passes on may do so along one more way. */
static void
offer (Queue *self, guint32 node, VcnWide share, guint32 steps)
{
  VcnWays *ways = self->ways;

  if (share.high < VCN_WIDE_MIN || !is_better (share, steps, ways->share[node], ways->steps[node]))
    return;
  ways->share[node] = share;
  ways->steps[node] = steps;
  if (self->place[node] == G_MAXUINT32)
    put (self, self->n++, node);
  rise (self, self->place[node]);
}

/* What a place in a heap costs, in arcs. */
#define COST_OF_PLACE 8

static gboolean
find_ways (Queue *self, const VcnCsr *reversed, const VcnMonitor *monitor, GError **error)
{
  const VcnWalks *walks = self->ways->walks;
  VcnLook look = { monitor, 0.2, FALSE };
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 i = 0; i < reversed->n; i++)
    if (walks->is_end[i])
      offer (self, i, (VcnWide) { 1, 0 }, 0);
  while (self->n > 0) {
    const guint32 node = take_first (self);
    const VcnWide share = self->ways->share[node];

    if (!vcn_look (&look, &done, COST_OF_PLACE))
      return vcn_fail_cancelled (error);
    for (guint64 k = reversed->start[node]; k < reversed->start[node + 1]; k++) {
      const guint32 from = reversed->column[k];

      if (!vcn_look (&look, &done, 1))
        return vcn_fail_cancelled (error);
      if (!walks->is_end[from])
        offer (self, from, vcn_wide_times (vcn_wide_ratio (reversed->value[k], walks->outflow[from]), share),
               self->ways->steps[node] + 1);
    }
  }
  return TRUE;
}

static gboolean
allocate (VcnWays *self, Queue *queue)
{
  const VcnCsr *flows = self->walks->flows;

  self->share = vc_buffer_new0 (VcnWide, flows->n);
  self->steps = vc_buffer_new0 (guint32, flows->n);
  self->n_left = vc_buffer_new (guint32, flows->n);
  self->order = vc_buffer_new (guint32, flows->start[flows->n]);
  queue->heap = vc_buffer_new (guint32, flows->n);
  queue->place = vc_buffer_new (guint32, flows->n);
  if (self->share == NULL || self->steps == NULL || self->n_left == NULL || self->order == NULL || queue->heap == NULL
      || queue->place == NULL)
    return FALSE;
  memset (self->n_left, 0xff, flows->n * sizeof (guint32));
  memset (queue->place, 0xff, flows->n * sizeof (guint32));
  return TRUE;
}

gboolean
vcn_ways_init (VcnWays *self, const VcnWalks *walks, const VcnMonitor *monitor, GError **error)
{
  Queue queue = { .ways = self };
  g_auto (VcnCsr) reversed = { 0 };
  gboolean is_found;

  *self = (VcnWays) { .walks = walks };
  is_found = (allocate (self, &queue) || vcn_fail_memory (error))
             && vcn_csr_transpose (&reversed, walks->flows, 1, monitor, error)
             && find_ways (&queue, &reversed, monitor, error);
  vc_buffer_free (queue.heap);
  vc_buffer_free (queue.place);
  return is_found;
}

void
vcn_ways_clear (VcnWays *self)
{
  g_clear_pointer (&self->share, vc_buffer_free);
  g_clear_pointer (&self->steps, vc_buffer_free);
  g_clear_pointer (&self->order, vc_buffer_free);
  g_clear_pointer (&self->n_left, vc_buffer_free);
}

/* The flows of a row by the best way on behind each; columns ascend, so that the number of a flow settles the rest. */
static gboolean
leads_better (const VcnWays *self, guint32 node, guint32 a, guint32 b)
{
  const VcnCsr *flows = self->walks->flows;
  const guint64 start = flows->start[node];
  const guint32 to_a = flows->column[start + a], to_b = flows->column[start + b];
  const double share_a = vcn_wide_round (vcn_wide_times (vcn_ways_ratio (self, node, start + a), self->share[to_a]));
  const double share_b = vcn_wide_round (vcn_wide_times (vcn_ways_ratio (self, node, start + b), self->share[to_b]));

  if (share_a != share_b)
    return share_a > share_b;
  return self->steps[to_a] != self->steps[to_b] ? self->steps[to_a] < self->steps[to_b] : a < b;
}

static void
sink (const VcnWays *self, guint32 node, guint32 *heap, guint32 n, guint32 at)
{
  const guint32 flow = heap[at];

  while (2 * (guint64) at + 1 < n) {
    guint32 child = 2 * at + 1;

    if (child + 1 < n && leads_better (self, node, heap[child + 1], heap[child]))
      child++;
    if (!leads_better (self, node, heap[child], flow))
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = flow;
}

gboolean
vcn_ways_open (VcnWays *self, guint32 node, VcnLook *look, guint64 *done)
{
  const guint64 start = self->walks->flows->start[node];
  const guint32 n = (guint32) (self->walks->flows->start[node + 1] - start);
  guint32 *heap = self->order + start;

  if (self->n_left[node] != G_MAXUINT32)
    return TRUE;
  for (guint32 i = 0; i < n; i++)
    heap[i] = i;
  for (guint32 i = n / 2; i-- > 0;) {
    if (!vcn_look (look, done, COST_OF_PLACE))
      return FALSE;
    sink (self, node, heap, n, i);
  }
  self->n_left[node] = n;
  return TRUE;
}

guint64
vcn_ways_flow (VcnWays *self, guint32 node, guint32 rank)
{
  const guint64 start = self->walks->flows->start[node];
  const guint32 n = (guint32) (self->walks->flows->start[node + 1] - start);
  guint32 *heap = self->order + start;

  if (rank >= n)
    return G_MAXUINT64;
  while (n - self->n_left[node] <= rank) {
    const guint32 best = heap[0], last = --self->n_left[node];

    heap[0] = heap[last];
    sink (self, node, heap, last, 0);
    heap[last] = best;
  }
  return start + heap[n - 1 - rank];
}
