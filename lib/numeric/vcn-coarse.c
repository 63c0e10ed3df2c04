/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-coarse.h"

#include <string.h>

#include "vcn-envelope.h"
#include "vcn-private.h"

/* Ranges, by the root of how many nodes there are: few leave more cycles to do, many take longer in each. */
#define RANGES_PER_ROOT 0.7
/* A hub has more than this part of its range's weight. */
#define HUB 0.05

void
vcn_coarse_clear (VcnCoarse *self)
{
  vc_buffer_free (self->group);
  vc_buffer_free (self->hub);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->size);
  vc_buffer_free (self->flow);
  vc_buffer_free (self->leave);
  vc_buffer_free (self->low);
  vc_buffer_free (self->row);
  memset (self, 0, sizeof *self);
}

static guint32
count_hubs (const VcnCoarse *self, const double *total, double part)
{
  guint32 count = 0;

  for (guint32 range = 0; range < self->n_ranges; range++)
    for (guint32 i = vcn_coarse_range_begin (self, range); i < vcn_coarse_range_begin (self, range + 1); i++)
      count += self->weight[i] > part * total[range];
  return count;
}

/* Where there are too many hubs, none but the heaviest are. */
static gboolean
assign (VcnCoarse *self, GError **error)
{
  guint32 n_hubs;
  double total[VCN_COARSE_RANGES] = { 0 }, part = HUB;
  const guint32 most = self->n_ranges * VCN_COARSE_HUBS / VCN_COARSE_RANGES;

  for (guint32 range = 0; range < self->n_ranges; range++)
    for (guint32 i = vcn_coarse_range_begin (self, range); i < vcn_coarse_range_begin (self, range + 1); i++)
      total[range] += self->weight[i];
  while ((n_hubs = count_hubs (self, total, part)) > most)
    part *= 2;
  self->hub = vc_buffer_new (guint32, n_hubs);
  if (self->hub == NULL)
    return vcn_fail_memory (error);
  self->n_groups = self->n_ranges;
  for (guint32 range = 0; range < self->n_ranges; range++)
    for (guint32 i = vcn_coarse_range_begin (self, range); i < vcn_coarse_range_begin (self, range + 1); i++) {
      const gboolean is_hub = self->weight[i] > part * total[range];

      if (is_hub)
        self->hub[self->n_groups - self->n_ranges] = i;
      self->group[i] = (guint8) (is_hub ? self->n_groups++ : range);
    }
  return TRUE;
}

gboolean
vcn_coarse_init (VcnCoarse *self, guint32 n, double *weight, gboolean is_local, GError **error)
{
  self->n = n;
  self->n_ranges = is_local ? CLAMP ((guint32) (RANGES_PER_ROOT * sqrt (n)), 1, VCN_COARSE_RANGES) : 1;
  self->weight = weight;
  self->group = vc_buffer_new (guint8, n);
  if (self->group == NULL)
    return vcn_fail_memory (error);
  if (!assign (self, error))
    return FALSE;
  self->size = vc_buffer_new0 (double, self->n_groups);
  self->leave = vc_buffer_new0 (double, self->n_groups);
  self->flow = vc_buffer_new0 (double, self->n_groups * self->n_groups);
  self->low = vc_buffer_new0 (guint32, self->n_groups);
  self->row = vc_buffer_new (guint64, self->n_groups + 1);
  if (self->size == NULL || self->leave == NULL || self->flow == NULL || self->low == NULL || self->row == NULL)
    return vcn_fail_memory (error);
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
  double steps[VCN_COARSE_GROUPS];

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
      exits[a] = leave > 0 ? self->leave[a] / leave : 0;
    for (guint32 b = 0; b < n; b++)
      row[b] = leave > 0 ? row[b] / leave : 0;
    self->leave[a] = leave;
  }
  if (!vcn_envelope_factorize (&envelope, exits, NULL, error))
    return FALSE;
  memcpy (steps, self->size, n * sizeof *steps);
  vcn_coarse_solve (self, FALSE, steps);
  self->depth = 0;
  for (guint32 a = 0; a < n; a++)
    self->depth = vcn_larger (self->depth, steps[a]);
  return TRUE;
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
