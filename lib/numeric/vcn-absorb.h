/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* The absorbing chain P of a network of flows: P_ij = W_ij / sum_j W_ij. Nodes without outflow are ENDS. A strongly
 * connected component of several nodes that no arc leaves is a closed LOOP. All others are LIVE: from each, an end or a
 * loop can be reached, so that (I - P_live) has an inverse N >= 0.
 *
 * Kemeny & Snell 1960, ch. III; Norris 1997, theorem 1.3.2 (minimal solution); Grassmann, Taksar, Heyman 1985
 * (elimination without subtraction). Exits are flows, never 1 minus a sum. */
typedef struct _VcnAbsorb VcnAbsorb;

typedef struct {
  double  tolerance;      /* on the normalised residual, see VcnProof; 1e-12 */
  guint   max_iterations; /* of an iterative method in one component */
  guint   n_threads;      /* 0: all processors; never changes a bit of the result */
  int     method;         /* 0 chosen automatically; 1 elimination; 2 iteration (for tests and benchmarks) */
} VcnAbsorbOptions;

typedef struct {
  /* Max over nodes and right-hand sides of |b + P x - x| / max(1, largest |x|), recomputed after the solve in
   * compensated arithmetic. */
  double      residual;
  /* Proven bound of the error of x in the same norm: from a supersolution v of (I - P) v >= w > 0, |error| <=
   * max (|r| / w) v, for iterations; of eliminations that or the sum of their roundings. G_MAXDOUBLE: none could be
   * proven. */
  double      bound;
  guint       iterations; /* most iterations any component took; 0: all by elimination */
  guint32     n_components, n_iterated; /* components solved in all; by iteration */
  const char *method;     /* "elimination", "iteration", "both", "none" */
} VcnProof;

VcnAbsorb *vcn_absorb_new       (const VcnCsr           *flows, /* borrowed; must outlive this; off-diagonal only */
                                 const VcnAbsorbOptions *options,
                                 const VcnMonitor       *monitor,
                                 GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void       vcn_absorb_free      (VcnAbsorb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcnAbsorb, vcn_absorb_free)

/* Gives back what only solving needs. */
void       vcn_absorb_finish    (VcnAbsorb *self);

/* The network as it is solved: the one given (*node: NULL), or one whose rows are in an order in which neighbours are
 * near, with node[row] of the one given. */
const VcnCsr  *vcn_absorb_renumbered (const VcnAbsorb *self, const guint32 **node);

enum { VCN_LIVE, VCN_END, VCN_LOOP };
const guint8  *vcn_absorb_classes (const VcnAbsorb *self); /* n */
/* Loop number of each node in a closed loop (0 .. n_loops - 1), G_MAXUINT32 elsewhere. */
const guint32 *vcn_absorb_loops   (const VcnAbsorb *self, guint32 *n_loops);
const double  *vcn_absorb_outflow (const VcnAbsorb *self); /* n: f_i, row sums */

/* What is asked of vcn_absorb_forward(): n answers x for as many boundaries (each of as many numbers as nodes). */
typedef struct {
  guint                n;
  const double *const *boundary;
  double *const       *x;
  double              *steps; /* or NULL: of the first answer */
} VcnEnds;

/* For one answer. */
#define VCN_ONE_END(boundary, x, steps) (&(VcnEnds) { 1, (const double *const[]) { boundary }, (double *const[]) { x }, steps })

/* Forward: x = P x on live nodes, x = boundary at ends and loop members. Entries of a boundary at live nodes are
 * ignored. The answer is the minimal non-negative solution: exactly 0 where no non-zero boundary can be reached,
 * exactly 1 where every way leads to a boundary of 1. steps = x + P steps on live nodes, 0 elsewhere; so steps_i / x_i
 * is the expected number of steps from i to absorption given that it is absorbed where the boundary is 1: (N^2 R) / (N
 * R). Four columns are found in little more time than one. */
gboolean vcn_absorb_forward (VcnAbsorb *self, const VcnEnds *ends, VcnProof *proof, const VcnMonitor *monitor,
                             GError **error);
/* Backward: visits y = source + P' y on live nodes; at ends and loop members the inflow: sum over live j of y_j P_ji
 * plus their own source. again = y + P' again on live nodes, inflow of it elsewhere (so that again / visits at an end
 * is the mean number of steps of what arrives there, where source itself counts no step): again may be NULL. */
gboolean vcn_absorb_visits (VcnAbsorb *self, const double *source, double *visits, double *again, VcnProof *proof,
                            const VcnMonitor *monitor, GError **error);

G_END_DECLS
