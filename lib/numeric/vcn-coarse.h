/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* The second level of an iteration. What sweeps are slow to remove is smooth: neighbours in the order of the rows are
 * one group, and between groups I - P is solved exactly, by flows and without a subtraction. A node counts by its
 * weight, about how often it is visited: then the groups are a lumped chain (Takahashi 1975; Koury, McAllister, Stewart
 * 1984), forward and backward are transposes of each other, and what is weighed right is a mean over visits. Hubs, of
 * so much weight that they are like none of their neighbours, are groups of their own. */
#define VCN_COARSE_RANGES 128
#define VCN_COARSE_HUBS 96
#define VCN_COARSE_GROUPS (VCN_COARSE_RANGES + VCN_COARSE_HUBS)

typedef struct {
  guint32  n;
  guint32  n_ranges; /* range i: nodes from i over n_ranges times n */
  guint32  n_groups; /* ranges without their hubs, then hubs */
  guint8  *group;    /* n */
  guint32 *hub;      /* n_groups - n_ranges: the nodes that are groups of their own */
  double  *weight;   /* n */
  double  *size;     /* n_groups: sums of weights */
  double  *flow;     /* n_groups squared: sums of P, weighted; then the factors */
  double  *leave;    /* n_groups: what leaves the component; then all that leaves the group */
  double   depth;    /* steps until work leaves the component, at most, as groups have it */
  guint32 *low;
  guint64 *row;
} VcnCoarse;

/* Takes `weight` (n, positive). Where rows are not local, neighbours in their order have nothing in common: one range
 * will do. */
gboolean vcn_coarse_init      (VcnCoarse *self, guint32 n, double *weight, gboolean is_local, GError **error);
/* When size, flow and leave are summed up. */
gboolean vcn_coarse_factorize (VcnCoarse *self, GError **error);
void     vcn_coarse_clear     (VcnCoarse *self);
/* In place: from the residual of each group what its nodes lack. Forward, residuals are summed up by weight, and all
 * nodes of a group lack the same; transposed, they are summed up as they are, and each node lacks its weight times the
 * answer. */
void     vcn_coarse_solve     (const VcnCoarse *self, gboolean transposed, double *residual);

static inline guint32
vcn_coarse_range_begin (const VcnCoarse *self, guint32 range)
{
  return (guint32) (((guint64) range * self->n + self->n_ranges - 1) / self->n_ranges);
}

G_END_DECLS
