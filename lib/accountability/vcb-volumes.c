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

/* FALSE: stopped. */
static gboolean
add_node (Adding *adding, guint32 node, guint64 *done)
{
  VcbBoth both = vcb_both (adding->arcs, node);
  VcbVolume volume = { 0 };
  VcbTie tie;

  while (vcb_both_next (&both, &tie)) {
    if (!vcn_look (&adding->look, done, 1))
      return FALSE;
    vcb_volume_add (&volume, adding->arcs, &tie);
  }
  adding->volumes->owes[node] = vcn_sum_total (&volume.owes);
  adding->volumes->owed[node] = vcn_sum_total (&volume.owed);
  adding->volumes->mutual[node] = vcn_sum_total (&volume.mutual);
  return TRUE;
}

static void
add_nodes (gpointer data, guint part)
{
  Adding *adding = data;
  const guint32 first = part * NODES, last = MIN (first + NODES, adding->arcs->n);
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 node = first; node < last; node++)
    if (!vcn_look (&adding->look, &done, 1) || !add_node (adding, node, &done))
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

double
vcb_volumes_of (const double *volume, const VcmGroups *groups, guint32 party)
{
  VcnSum sum = { 0, 0 };

  if (groups == NULL)
    return volume[party];
  for (guint32 k = groups->start[party]; k < groups->start[party + 1]; k++)
    vcn_sum_add (&sum, volume[groups->members[k]]);
  return vcn_sum_total (&sum);
}

void
vcb_volumes_clear (VcbVolumes *self)
{
  vc_buffer_free (self->owes);
  vc_buffer_free (self->owed);
  vc_buffer_free (self->mutual);
  memset (self, 0, sizeof *self);
}
