/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* The second level of an iteration: neighbours in the order of the rows are one group. What sweeps are slow to remove is smooth within groups; between
 * groups I - P is solved exactly, by flows and without a subtraction. Aggregation: Takahashi 1975; Koury, McAllister, Stewart 1984. Hubs, nodes that
 * much of all flow goes through, are like none of their neighbours: they belong to no group, and to sweeps they are given (see VcnHubs). */
#define VCN_COARSE_RANGES 128
#define VCN_COARSE_HUBS 8
#define VCN_COARSE_HUB 255 /* as group */

typedef struct {
  guint32  n;
  guint32  n_groups;
  guint8  *group;    /* n: n_groups times i over n, or VCN_COARSE_HUB */
  guint32  n_hubs;
  guint32  hub[VCN_COARSE_HUBS];
  double  *size;     /* n_groups */
  double  *flow;     /* n_groups squared: sums of P; then the factors */
  double  *leave;    /* n_groups: what leaves the component; then all that leaves the group */
  guint32 *low;
  guint64 *row;
} VcnCoarse;

/* `weight` (n): how much flow goes through each node, 1 on average. */
gboolean vcn_coarse_init      (VcnCoarse *self, guint32 n, const float *weight, GError **error);
/* When flow and leave are summed up. */
gboolean vcn_coarse_factorize (VcnCoarse *self, GError **error);
void     vcn_coarse_clear     (VcnCoarse *self);
/* In place: what has to be added to each node of a group, from the sum of the residuals in it. */
void     vcn_coarse_solve     (const VcnCoarse *self, gboolean transposed, double *residual);

static inline guint32
vcn_coarse_range_begin (const VcnCoarse *self, guint32 range)
{
  return (guint32) (((guint64) range * self->n + self->n_groups - 1) / self->n_groups);
}

G_END_DECLS
