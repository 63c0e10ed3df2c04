/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* Rows of springs: those of row i lead from i to the neighbours in its columns (in any order) and have its values for
 * weights (> 0). Each wants a step: its neighbour's level less that of i. */
typedef struct {
  const VcnCsr *rows;
  const double *steps; /* of each spring; NULL: all are `step` */
  double        step;
} VcnSpringsSide;

/* A network of springs, each of which stands in the rows of both its nodes, and there on the same side or on either.
 * Levels that balance all springs minimise sum weight (h_j - h_i - step)^2. */
typedef struct {
  guint32        n;
  guint          n_sides;
  VcnSpringsSide side[2];
  double        *whole;  /* n: the sum of all weights at a node */
  double        *rest;   /* n: what pulls it while all levels are 0 */
  guint32       *degree; /* n: how many springs */
  double         most;   /* the largest weight */
  double        *worst;  /* a residual for each chunk of rows */
  VcnCsr         back;   /* of flows: where they come from */
} VcnSprings;

typedef struct {
  double     tolerance;
  guint      max_iterations;
  guint      n_threads;
  const VcnMonitor *monitor;
} VcnSpringsOptions;

/* Who goes through rows asks for what neighbours have some springs before it is read. */
#define VCN_SPRINGS_AHEAD_OF_LEVELS 128

/* On one side. What they are built from must outlive them. */
gboolean vcn_springs_init       (VcnSprings *self, const VcnCsr *rows, const double *steps,
                                 const VcnSpringsOptions *options, GError **error);
/* Flows as springs of a step of 1, and of -1 from who receives them: two between who delivers to each other. */
gboolean vcn_springs_from_flows (VcnSprings *self, const VcnCsr *flows, const VcnSpringsOptions *options,
                                 GError **error);
void     vcn_springs_clear      (VcnSprings *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnSprings, vcn_springs_clear)

static inline double
vcn_springs_step (const VcnSpringsSide *side, guint64 spring)
{
  return side->steps != NULL ? side->steps[spring] : side->step;
}

/* The lowest node of each node's component, and how many components there are. */
gboolean vcn_springs_components (const VcnSprings *self, guint n_threads, guint32 *lowest, guint32 *n_components,
                                 GError **error);
/* What each node is still pulled by, sum weight (h_j - h_i - step), into pull, which has that of sides before `side`
 * already. Answers the largest, relative to the sum of the node's weights and to 1 + |h| / 256: levels as high as that
 * carry so much rounding. */
double   vcn_springs_residual   (const VcnSprings *self, guint side, const double *level, double *pull,
                                 guint n_threads);

/* Regions that hang together by next to nothing may stand anywhere, by the residual of their nodes: what pulls a whole
 * region, relative to the weights it hangs by. So much may, where each node is held to the tolerance. */
#define VCN_SPRINGS_TIES 1e-6
gboolean vcn_springs_check_ties (const VcnSprings *self, const double *level, guint n_threads, double *residual,
                                 GError **error);

/* Solves by elimination without any subtraction, so that weights may differ as much as they like. `quickly`: only
 * components for which that takes about as long as conjugate gradients or less; else all but those that would take
 * minutes or too much memory. Others are left alone. */
gboolean vcn_springs_eliminate   (const VcnSprings *self, const VcnSpringsOptions *options, const guint32 *lowest,
                                  gboolean quickly, double *level, gboolean *is_all, GError **error);
/* Solves all components by conjugate gradients, from the levels given. *left: the residual. */
gboolean vcn_springs_solve_large (const VcnSprings *self, const VcnSpringsOptions *options, double *level,
                                  guint *iterations, double *left, GError **error);
/* Solves after trees and chains are eliminated. `lowest`: see vcn_springs_components(); *ties: see
 * vcn_springs_check_ties(), of what conjugate gradients found: nothing else leaves any. */
gboolean vcn_springs_solve (const VcnSprings *self, const VcnSpringsOptions *options, const guint32 *lowest,
                            double *level, guint *iterations, double *ties, GError **error);

G_END_DECLS
