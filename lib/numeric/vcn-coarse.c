/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-coarse.h"

#include <string.h>

#include "vcn-envelope.h"
#include "vcn-private.h"

#define NODES_PER_RANGE 8
#define HUB 32.0f

void
vcn_coarse_clear (VcnCoarse *self)
{
  vc_buffer_free (self->group);
  vc_buffer_free (self->size);
  vc_buffer_free (self->flow);
  vc_buffer_free (self->leave);
  vc_buffer_free (self->low);
  vc_buffer_free (self->row);
  memset (self, 0, sizeof *self);
}

static guint32
count_above (const float *weight, guint32 n, float limit)
{
  guint32 count = 0;

  for (guint32 i = 0; i < n; i++)
    count += weight[i] > limit;
  return count;
}

static void
assign (VcnCoarse *self, const float *weight)
{
  float limit = HUB;

  while (count_above (weight, self->n, limit) > VCN_COARSE_HUBS)
    limit *= 2;
  for (guint32 range = 0; range < self->n_groups; range++)
    for (guint32 i = vcn_coarse_range_begin (self, range); i < vcn_coarse_range_begin (self, range + 1); i++) {
      self->group[i] = (guint8) (weight[i] > limit ? VCN_COARSE_HUB : range);
      if (weight[i] > limit)
        self->hub[self->n_hubs++] = i;
    }
}

gboolean
vcn_coarse_init (VcnCoarse *self, guint32 n, const float *weight, GError **error)
{
  self->n = n;
  self->n_groups = CLAMP (n / NODES_PER_RANGE, 1, VCN_COARSE_RANGES);
  self->group = vc_buffer_new (guint8, n);
  if (self->group == NULL)
    return vcn_fail_memory (error);
  assign (self, weight);
  self->size = vc_buffer_new0 (double, self->n_groups);
  self->leave = vc_buffer_new0 (double, self->n_groups);
  self->flow = vc_buffer_new0 (double, self->n_groups * self->n_groups);
  self->low = vc_buffer_new0 (guint32, self->n_groups);
  self->row = vc_buffer_new (guint64, self->n_groups + 1);
  if (self->size == NULL || self->leave == NULL || self->flow == NULL || self->low == NULL || self->row == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < n; i++)
    if (self->group[i] != VCN_COARSE_HUB)
      self->size[self->group[i]]++;
  return TRUE;
}

static VcnEnvelope
factors (const VcnCoarse *self)
{
  return (VcnEnvelope) { self->n_groups, self->low, self->row, self->flow };
}

gboolean
vcn_coarse_factorize (VcnCoarse *self, GError **error)
{
  const guint32 n = self->n_groups;
  const VcnEnvelope envelope = factors (self);
  VC_BUFFER (double) exits = vc_buffer_new (double, n);

  if (exits == NULL)
    return vcn_fail_memory (error);
  vcn_envelope_lay_out (n, self->low, 0, self->row);
  for (guint32 a = 0; a < n; a++) {
    double *row = self->flow + (gsize) a * n;
    double leave = self->leave[a];

    for (guint32 b = 0; b < n; b++)
      leave += a == b ? 0 : row[b];
    /* A range whose nodes are all hubs is empty. */
    if (self->size[a] == 0)
      leave = exits[a] = 1;
    else
      exits[a] = self->leave[a] / leave;
    for (guint32 b = 0; b < n; b++)
      row[b] /= leave;
    self->leave[a] = leave;
  }
  return vcn_envelope_factorize (&envelope, exits, NULL, error);
}

void
vcn_coarse_solve (const VcnCoarse *self, gboolean transposed, double *residual)
{
  const VcnEnvelope envelope = factors (self);

  for (guint32 a = 0; a < self->n_groups && !transposed; a++)
    residual[a] /= self->leave[a];
  if (transposed)
    vcn_envelope_solve_t (&envelope, residual);
  else
    vcn_envelope_solve (&envelope, residual);
  for (guint32 a = 0; a < self->n_groups && transposed; a++)
    residual[a] /= self->leave[a];
}
