/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-scc.h"

#include <string.h>

#include "vcn-look.h"

/* Pearce 2016, "A space-efficient algorithm for finding strongly connected components" (Information Processing Letters 116). `rank` is 0 for
 * what was not seen, the order of discovery for what is open, and n, n - 1, ... for the components closed so far: these are larger than any open
 * rank. Nodes on the way from the root stand at the front of `stack`, those that wait for their component's root at its back: no node is in both. */
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

gboolean
vcn_scc (const VcnCsr *graph, guint32 *component, guint32 *n_components, const VcnMonitor *monitor, GError **error)
{
  const guint32 n = graph->n;
  VC_BUFFER (guint32) next = vc_buffer_new0 (guint32, n);
  VC_BUFFER (guint32) stack = vc_buffer_new (guint32, n);
  VC_BUFFER (guint8) follows = vc_buffer_new0 (guint8, n);
  Search search = { graph, component, next, stack, follows, 0, n, 1, n };
  VcnLook look = { monitor, 0.2, FALSE };
  guint64 done = VCN_LOOK_EVERY;

  if (next == NULL || stack == NULL || follows == NULL)
    return vcn_fail_memory (error);

  memset (component, 0, (gsize) n * sizeof *component);
  for (guint32 i = 0; i < n; i++) {
    if (component[i] != 0)
      continue;
    enter (&search, i);
    while (search.depth > 0)
      if (!vcn_look (&look, &done, advance (&search)))
        return vcn_fail_cancelled (error);
  }
  for (guint32 i = 0; i < n; i++)
    component[i] = n - component[i];
  *n_components = n - search.closed;
  return TRUE;
}
