/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include <string.h>

#define AHEAD 8

/* A layer of more than this part of all nodes has no neighbours in line. */
#define WIDE 0.3

/* Arcs into each node of a block, by position in it. */
typedef struct {
  VcnAbsorb *self;
  guint32    first, n;
  guint64   *start; /* n + 2; */
  guint32   *from;  /* NULL before they are found */
  guint32   *queue; /* n */
  guint8    *seen;  /* n */
  /* Of the last walk: */
  guint32    widest;  /* layer */
  double     longest; /* in any order, some arc is as long */
} Search;

static void
search_clear (Search *search)
{
  vc_buffer_free (search->start);
  vc_buffer_free (search->from);
  vc_buffer_free (search->queue);
  vc_buffer_free (search->seen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static inline guint32
target (const Search *search, guint64 arc)
{
  return search->self->position[search->self->flows->column[arc]] - search->first;
}

static gboolean
find_arcs_in (Search *search, guint64 n_arcs, VcnLook *look, GError **error)
{
  const VcnCsr *flows = search->self->flows;
  const guint32 *order = search->self->order + search->first;
  guint64 done = 0;

  search->start = vc_buffer_new0 (guint64, (gsize) search->n + 2);
  search->from = vc_buffer_new (guint32, n_arcs);
  if (search->start == NULL || search->from == NULL)
    return vcn_fail_memory (error);
  for (guint32 p = 0; p < search->n; p++) {
    if (!vcn_look (look, &done, 1 + flows->start[order[p] + 1] - flows->start[order[p]]))
      return vcn_fail_cancelled (error);
    for (guint64 k = flows->start[order[p]]; k < flows->start[order[p] + 1]; k++)
      if (target (search, k) < search->n)
        search->start[target (search, k) + 2]++;
  }
  for (guint32 p = 0; p < search->n; p++)
    search->start[p + 2] += search->start[p + 1];
  for (guint32 p = 0; p < search->n; p++) {
    if (!vcn_look (look, &done, 1 + flows->start[order[p] + 1] - flows->start[order[p]]))
      return vcn_fail_cancelled (error);
    for (guint64 k = flows->start[order[p]]; k < flows->start[order[p] + 1]; k++)
      if (target (search, k) < search->n)
        search->from[search->start[target (search, k) + 1]++] = p;
  }
  return TRUE;
}

static inline guint32
visit (Search *search, guint32 p, guint32 end)
{
  if (p >= search->n || search->seen[p])
    return end;
  search->seen[p] = TRUE;
  search->queue[end] = p;
  return end + 1;
}

/* Rows are far apart in memory: each is asked for some nodes before it is read. */
static inline void
prefetch (const Search *search, guint32 k, guint32 end)
{
  const VcnCsr *flows = search->self->flows;

  if (k + 2 * AHEAD < end) {
    const guint32 q = search->queue[k + 2 * AHEAD];

    if (search->from != NULL)
      __builtin_prefetch (search->start + q);
    __builtin_prefetch (flows->start + search->self->order[search->first + q]);
  }
  if (k + AHEAD < end) {
    const guint32 q = search->queue[k + AHEAD];

    if (search->from != NULL)
      __builtin_prefetch (search->from + search->start[q]);
    __builtin_prefetch (flows->column + flows->start[search->self->order[search->first + q]]);
  }
}

/* Nodes from `begin` to `end` of the queue are `depth` steps from the root: so many within so few steps are not all
 * nearer to it, on either side, than that many times the longest arc. */
static void
note_layer (Search *search, guint32 depth, guint32 begin, guint32 end)
{
  search->widest = MAX (search->widest, end - begin);
  if (depth > 0)
    search->longest = MAX (search->longest, (end - 1) / (2.0 * depth));
}

/* Breadth first, by arcs ahead, and those against them where they are known. A component of P is strongly connected, so
 * that all are found, but where it is stopped. */
static guint32
walk (Search *search, guint32 root, VcnLook *look)
{
  const VcnCsr *flows = search->self->flows;
  guint64 done = 0;
  guint32 end, layer_end = 0, depth = 0;

  memset (search->seen, 0, search->n);
  search->widest = 0;
  search->longest = 0;
  end = visit (search, root, 0);
  for (guint32 k = 0; k < end; k++) {
    const guint32 p = search->queue[k], i = search->self->order[search->first + p];

    if (k == layer_end) {
      note_layer (search, depth++, k, end);
      layer_end = end;
    }
    prefetch (search, k, end);
    if (!vcn_look (look, &done, 1 + flows->start[i + 1] - flows->start[i]))
      break;
    for (guint64 arc = flows->start[i]; arc < flows->start[i + 1]; arc++)
      end = visit (search, target (search, arc), end);
    if (search->from == NULL)
      continue;
    if (!vcn_look (look, &done, search->start[p + 1] - search->start[p]))
      break;
    for (guint64 arc = search->start[p]; arc < search->start[p + 1]; arc++)
      end = visit (search, search->from[arc], end);
  }
  return end;
}

gboolean
vcn_absorb_reorder (VcnAbsorb *self, guint32 block, guint64 n_arcs, double longest, gboolean is_local, VcnLook *look,
                    GError **error)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  g_auto (Search) search = { .self = self, .first = first, .n = n };

  search.queue = vc_buffer_new (guint32, n);
  search.seen = vc_buffer_new (guint8, n);
  if (search.queue == NULL || search.seen == NULL)
    return vcn_fail_memory (error);
  /* From one end: what is found last from anywhere. */
  if (!vcn_look_now (look) || walk (&search, 0, look) < n)
    return vcn_look_end (look, error);
  if (search.longest > longest && (is_local || search.widest > WIDE * n))
    return TRUE;
  if (!find_arcs_in (&search, n_arcs, look, error))
    return FALSE;
  if (!vcn_look_now (look) || walk (&search, search.queue[n - 1], look) < n)
    return vcn_look_end (look, error);
  for (guint32 p = 0; p < n; p++)
    search.queue[p] = self->order[first + search.queue[p]];
  memcpy (self->order + first, search.queue, n * sizeof *self->order);
  for (guint32 p = 0; p < n; p++)
    self->position[self->order[first + p]] = first + p;
  return TRUE;
}
