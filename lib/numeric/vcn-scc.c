/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-scc.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-look.h"

/* Pearce 2016, "A space-efficient algorithm for finding strongly connected components" (Information Processing Letters
 * 116). `rank` is 0 for what was not seen, the order of discovery for what is open, and n, n - 1, ... for the
 * components closed so far: these are larger than any open rank. Nodes on the way from the root stand at the front of
 * `stack`, those that wait for their component's root at its back: no node is in both. */
typedef struct {
  const VcnCsr *graph;
  guint32      *rank;
  guint32      *next; /* arcs looked at */
  guint32      *stack;
  guint8       *follows; /* a lower rank was reached: not the root of its component */
  guint32       depth, waiting;
  guint32       index, closed;
} Search;

static void
enter (Search *search, guint32 node)
{
  search->stack[search->depth++] = node;
  search->rank[node] = search->index++;
}

static void
leave (Search *search, guint32 node)
{
  search->depth--;
  if (search->follows[node]) {
    search->stack[--search->waiting] = node;
    return;
  }
  search->index--;
  while (search->waiting < search->graph->n && search->rank[node] <= search->rank[search->stack[search->waiting]]) {
    search->rank[search->stack[search->waiting++]] = search->closed;
    search->index--;
  }
  search->rank[node] = search->closed--;
}

/* Looks at the arcs of the node on top until one leads to something new. Answers how many these were. */
static guint32
advance (Search *search)
{
  const guint32 node = search->stack[search->depth - 1];
  const guint32 *columns = search->graph->column + search->graph->start[node];
  const guint32 n = (guint32) (search->graph->start[node + 1] - search->graph->start[node]);
  const guint32 begin = search->next[node];
  guint32 rank = search->rank[node];

  for (guint32 a = begin; a < n; a++) {
    guint32 other = search->rank[columns[a]];

    if (other == 0) {
      search->next[node] = a;
      search->rank[node] = rank;
      enter (search, columns[a]);
      return a - begin + 1;
    }
    if (other < rank) {
      rank = other;
      search->follows[node] = TRUE;
    }
  }
  search->rank[node] = rank;
  leave (search, node);
  return n - begin + 1;
}

/* From here on, a component is looked for that holds most of a network. */
#define LARGE 4096
/* Ways are looked for by rounds over all rows, in turn from the first and from the last: so many, or none. */
#define MAX_ROUNDS 16

enum { AHEAD = 1, BEHIND = 2, FOLLOWED = 4 };

typedef struct {
  const VcnCsr *graph;
  guint32       root;
  guint8       *ahead, *behind; /* marks: each is written by one thread */
  gboolean      is_all[2];      /* every way ahead was found; every way behind */
  VcnLook       look;
} Marking;

/* Rows of one round from the first to the last, of the next back again. */
static inline guint32
row_at (const Marking *self, guint round, guint32 p)
{
  return round % 2 == 0 ? p : self->graph->n - 1 - p;
}

/* What can be reached from the root. Answers whether that is all. */
static gboolean
mark_ahead (Marking *self)
{
  const VcnCsr *graph = self->graph;
  guint64 done = VCN_LOOK_EVERY;
  gboolean is_all = FALSE;

  self->ahead[self->root] |= AHEAD;
  for (guint round = 0; round < MAX_ROUNDS && !is_all; round++) {
    is_all = TRUE;
    for (guint32 p = 0; p < graph->n; p++) {
      const guint32 i = row_at (self, round, p);

      if ((self->ahead[i] & (AHEAD | FOLLOWED)) != AHEAD)
        continue;
      if (!vcn_look (&self->look, &done, 1 + graph->start[i + 1] - graph->start[i]))
        return FALSE;
      for (guint64 k = graph->start[i]; k < graph->start[i + 1]; k++)
        self->ahead[graph->column[k]] |= AHEAD;
      self->ahead[i] |= FOLLOWED;
      is_all = FALSE;
    }
  }
  return is_all;
}

static inline gboolean
leads_behind (const Marking *self, guint32 i)
{
  for (guint64 k = self->graph->start[i]; k < self->graph->start[i + 1]; k++)
    if (self->behind[self->graph->column[k]])
      return TRUE;
  return FALSE;
}

/* What the root can be reached from. Answers whether that is all. */
static gboolean
mark_behind (Marking *self)
{
  const VcnCsr *graph = self->graph;
  guint64 done = VCN_LOOK_EVERY;
  gboolean is_all = FALSE;

  self->behind[self->root] = BEHIND;
  for (guint round = 0; round < MAX_ROUNDS && !is_all; round++) {
    is_all = TRUE;
    for (guint32 p = 0; p < graph->n; p++) {
      const guint32 i = row_at (self, round + 1, p);

      if (self->behind[i])
        continue;
      if (!vcn_look (&self->look, &done, 1 + graph->start[i + 1] - graph->start[i]))
        return FALSE;
      if (leads_behind (self, i)) {
        self->behind[i] = BEHIND;
        is_all = FALSE;
      }
    }
  }
  return is_all;
}

static void
mark_way (gpointer data, guint way)
{
  Marking *self = data;

  self->is_all[way] = way == 0 ? mark_ahead (self) : mark_behind (self);
}

/* Marks the component of the node with the most arcs, in most networks by far the largest: some rounds over the rows
 * are much faster than a search in depth (Fleischer, Hendrickson, Pinar 2000). *is_found: TRUE where that was quick.
 */
static gboolean
mark_largest (const VcnCsr *graph, guint8 *seen, gboolean *is_found, guint n_threads, const VcnMonitor *monitor,
              GError **error)
{
  VC_BUFFER (guint8) behind = vc_buffer_new0 (guint8, graph->n);
  Marking self = { .graph = graph, .ahead = seen, .behind = behind, .look = { monitor, 0.2, FALSE } };

  if (behind == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 1; i < graph->n; i++)
    if (graph->start[i + 1] - graph->start[i] > graph->start[self.root + 1] - graph->start[self.root])
      self.root = i;
  vc_parallel (n_threads, 2, mark_way, &self);
  for (guint32 i = 0; i < graph->n; i++)
    seen[i] |= behind[i];
  *is_found = self.is_all[0] && self.is_all[1];
  return vcn_look_end (&self.look, error);
}

/* Components of the nodes that are marked so, and of what they lead to. FALSE: stopped. */
static gboolean
search_all (Search *search, const guint8 *seen, guint8 mask, guint8 marks, VcnLook *look)
{
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 i = 0; i < search->graph->n; i++) {
    if (search->rank[i] != 0 || (seen[i] & mask) != marks)
      continue;
    enter (search, i);
    while (search->depth > 0)
      if (!vcn_look (look, &done, advance (search)))
        return FALSE;
  }
  return TRUE;
}

/* The component whose nodes are marked both ways: what it leads to is closed by now. */
static void
close_largest (Search *search, const guint8 *seen)
{
  for (guint32 i = 0; i < search->graph->n; i++)
    if ((seen[i] & (AHEAD | BEHIND)) == (AHEAD | BEHIND))
      search->rank[i] = search->closed;
  search->closed--;
}

gboolean
vcn_scc (const VcnCsr *graph, guint32 *component, guint32 *n_components, guint n_threads, const VcnMonitor *monitor,
         GError **error)
{
  const guint32 n = graph->n;
  VC_BUFFER (guint32) next = vc_buffer_new0 (guint32, n);
  VC_BUFFER (guint32) stack = vc_buffer_new (guint32, n);
  VC_BUFFER (guint8) follows = vc_buffer_new0 (guint8, n);
  VC_BUFFER (guint8) seen = vc_buffer_new0 (guint8, n);
  Search search = { graph, component, next, stack, follows, 0, n, 1, n };
  VcnLook look = { monitor, 0.2, FALSE };
  gboolean is_found = FALSE;

  if (next == NULL || stack == NULL || follows == NULL || seen == NULL)
    return vcn_fail_memory (error);

  memset (component, 0, (gsize) n * sizeof *component);
  if (n >= LARGE && !mark_largest (graph, seen, &is_found, n_threads, monitor, error))
    return FALSE;
  if (is_found) {
    if (!search_all (&search, seen, AHEAD | BEHIND, AHEAD, &look))
      return vcn_fail_cancelled (error);
    close_largest (&search, seen);
  }
  if (!search_all (&search, seen, 0, 0, &look))
    return vcn_fail_cancelled (error);
  for (guint32 i = 0; i < n; i++)
    component[i] = n - component[i];
  *n_components = n - search.closed;
  return TRUE;
}
