/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include "base/vc-parallel-private.h"

/* Live nodes first, as they are in order; then all others. */
static void
number (VcnAbsorb *self)
{
  guint32 next = self->n_live;

  for (guint32 i = 0; i < self->flows->n; i++) {
    const guint32 place = self->classes[i] == VCN_LIVE ? self->position[i] : next++;

    self->place[i] = place;
    self->node[place] = i;
  }
}

gboolean
vcn_absorb_renumber (VcnAbsorb *self, const VcnMonitor *monitor, GError **error)
{
  const guint32 n = self->flows->n;

  self->place = vc_buffer_new (guint32, n);
  self->node = vc_buffer_new (guint32, n);
  self->row_sum = vc_buffer_new (double, n);
  if (self->place == NULL || self->node == NULL || self->row_sum == NULL)
    return vcn_fail_memory (error);
  number (self);
  if (!vcn_csr_renumber (&self->renumbered, self->flows, self->place, self->options.n_threads, monitor, error))
    return FALSE;
  self->flows = &self->renumbered;
  for (guint32 p = 0; p < n; p++) {
    self->row_sum[p] = self->outflow[self->node[p]];
    self->position[p] = p < self->n_live ? p : G_MAXUINT32;
  }
  for (guint32 p = 0; p < self->n_live; p++)
    self->order[p] = p;
  return TRUE;
}

const VcnCsr *
vcn_absorb_renumbered (const VcnAbsorb *self, const guint32 **node)
{
  *node = self->node;
  return self->flows;
}
