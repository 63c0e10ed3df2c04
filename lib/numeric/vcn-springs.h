/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* A network of springs: row i holds, for each neighbour column[k] with start[i] <= k < start[i] + degree[i], in any
 * order, the weight of the spring between them (> 0) and the step it wants: its neighbour's level less its own. Levels
 * that balance all springs minimise sum weight (h_j - h_i - step)^2. Each spring stands in both its rows. */
typedef struct {
  guint32  n;
  guint64 *start;  /* n + 1: rows have room up to the next */
  guint32 *degree; /* n */
  guint32 *column;
  double  *weight;
  double  *step;
  double  *worst;  /* a residual for each chunk of rows */
} VcnSprings;

typedef struct {
  double     tolerance;
  guint      max_iterations;
  guint      n_threads;
  const VcnMonitor *monitor;
} VcnSpringsOptions;

gboolean vcn_springs_init       (VcnSprings *self, guint32 n, guint64 room, GError **error);
void     vcn_springs_clear      (VcnSprings *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnSprings, vcn_springs_clear)
/* Flows as springs: parallel and opposite ones are one spring, whose step is the mean of 1 and -1 by their weights. O(m
 * + n). */
gboolean vcn_springs_from_flows (VcnSprings *self, const VcnCsr *flows, guint n_threads, const VcnMonitor *monitor,
                                 GError **error);

/* The lowest node of each node's component, and how many components there are. */
guint32  vcn_springs_components (const VcnSprings *self, guint32 *lowest);
/* What each node is still pulled by, sum weight (h_j - h_i - step), into pull (NULL: nowhere). Answers the largest,
 * relative to the sum of the node's weights and to 1 + |h| / 256: levels as high as that carry so much rounding. */
double   vcn_springs_residual   (const VcnSprings *self, const double *level, double *pull, guint n_threads);

/* Regions that hang together by next to nothing may stand anywhere, by the residual of their nodes: what pulls a whole
 * region, relative to the weights it hangs by. */
gboolean vcn_springs_check_ties (const VcnSprings *self, const double *level, guint n_threads, double *residual,
                                 GError **error);

/* Solves components of up to VCN_SPRINGS_SMALL nodes by elimination without any subtraction, so that weights may differ
 * as much as they like. */
#define VCN_SPRINGS_SMALL 48
gboolean vcn_springs_solve_small (const VcnSprings *self, const guint32 *lowest, double *level, gboolean *is_all,
                                  GError **error);
/* Solves all components by conjugate gradients, from the levels given. */
gboolean vcn_springs_solve_large (const VcnSprings *self, const VcnSpringsOptions *options, double *level,
                                  guint *iterations, GError **error);
/* Solves after trees and chains are eliminated. */
gboolean vcn_springs_solve (const VcnSprings *self, const VcnSpringsOptions *options, double *level, guint *iterations,
                            GError **error);

G_END_DECLS
