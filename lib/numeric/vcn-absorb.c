/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include <stdlib.h>

void
vcn_absorb_finish (VcnAbsorb *self)
{
  for (guint32 k = 0; k < self->n_iterations; k++)
    vcn_iteration_free (self->iterations[k]);
  self->n_iterations = 0;
  g_clear_pointer (&self->iterations, vc_buffer_free);
  g_clear_pointer (&self->order, vc_buffer_free);
  g_clear_pointer (&self->position, vc_buffer_free);
  g_clear_pointer (&self->first, vc_buffer_free);
  g_clear_pointer (&self->twigs, vc_buffer_free);
  g_clear_pointer (&self->low, vc_buffer_free);
  g_clear_pointer (&self->row, vc_buffer_free);
  g_clear_pointer (&self->value, vc_buffer_free);
}

void
vcn_absorb_free (VcnAbsorb *self)
{
  if (self == NULL)
    return;
  vcn_absorb_finish (self);
  vc_buffer_free (self->classes);
  vc_buffer_free (self->loops);
  vc_buffer_free (self->outflow);
  vcn_csr_clear (&self->renumbered);
  vc_buffer_free (self->place);
  vc_buffer_free (self->node);
  vc_buffer_free (self->row_sum);
  vc_buffer_free (self);
}

VcnAbsorb *
vcn_absorb_new (const VcnCsr *flows, const VcnAbsorbOptions *options, const VcnMonitor *monitor, GError **error)
{
  g_autoptr (VcnAbsorb) self = vc_buffer_new0 (VcnAbsorb, 1);

  if (self == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  self->flows = flows;
  self->options = *options;
  if (!vcn_monitor_step (monitor, 0, error) || !vcn_absorb_classify (self, monitor, error)
      || !vcn_monitor_step (monitor, 0.5, error) || !vcn_absorb_plan (self, monitor, error))
    return NULL;
  return g_steal_pointer (&self);
}

const guint8 *
vcn_absorb_classes (const VcnAbsorb *self)
{
  return self->classes;
}

const guint32 *
vcn_absorb_loops (const VcnAbsorb *self, guint32 *n_loops)
{
  *n_loops = self->n_loops;
  return self->loops;
}

const double *
vcn_absorb_outflow (const VcnAbsorb *self)
{
  return self->outflow;
}
