/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vc-parallel-private.h"
#include "numeric/vcn-private.h"
#include "vcb-tables.h"

/* Nodes that a thread takes at a time. */
#define NODES 4096u

typedef struct {
  VcbVolumes    *volumes;
  const VcbArcs *arcs;
  VcnLook        look;
} Adding;

static guint64
add_node (const Adding *adding, guint32 node)
{
  const VcbArcs *arcs = adding->arcs;
  VcbBoth both = vcb_both (arcs, node);
  VcnSum owes = { 0, 0 }, owed = { 0, 0 }, mutual = { 0, 0 };
  guint64 n = 1;
  VcbTie tie;

  for (; vcb_both_next (&both, &tie); n++) {
    const double there = vcb_arc_volume (arcs, tie.out), back = vcb_arc_volume (arcs, tie.in);

    vcn_sum_add (&owes, there);
    vcn_sum_add (&owed, back);
    vcn_sum_add (&mutual, MIN (there, back));
  }
  adding->volumes->owes[node] = vcn_sum_total (&owes);
  adding->volumes->owed[node] = vcn_sum_total (&owed);
  adding->volumes->mutual[node] = vcn_sum_total (&mutual);
  return n;
}

static void
add_nodes (gpointer data, guint part)
{
  Adding *adding = data;
  const guint32 first = part * NODES, last = MIN (first + NODES, adding->arcs->n);
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 node = first; node < last; node++)
    if (!vcn_look (&adding->look, &done, add_node (adding, node)))
      return;
}

gboolean
vcb_volumes_init (VcbVolumes *self, const VcbContext *context, GError **error)
{
  const guint32 n = context->arcs->n;
  Adding adding = { self, context->arcs, vcm_watch_look (context->watch, 0.9) };

  self->owes = vc_buffer_new (double, n);
  self->owed = vc_buffer_new (double, n);
  self->mutual = vc_buffer_new (double, n);
  if (self->owes == NULL || self->owed == NULL || self->mutual == NULL)
    return vcn_fail_memory (error);
  vc_parallel (context->n_threads, (n + NODES - 1) / NODES, add_nodes, &adding);
  return vcn_look_end (&adding.look, error);
}

void
vcb_volumes_clear (VcbVolumes *self)
{
  vc_buffer_free (self->owes);
  vc_buffer_free (self->owed);
  vc_buffer_free (self->mutual);
  memset (self, 0, sizeof *self);
}
