/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-bound.h"
#include "vcn-late.h"

G_BEGIN_DECLS

/* What a solve works on, VCN_PAIRS for each node. Memory that is new is slow: one is kept for the next. */
typedef struct {
  VcnPair *x;         /* 2 n: new | old */
  VcnPair *b, *r;     /* n: right-hand sides; residuals */
  VcnPair *answer;    /* n */
} VcnWorkspace;

/* An arc out of a component. */
typedef struct {
  double  share;
  guint32 from; /* of the component's nodes */
  guint32 to;   /* of all nodes */
} VcnExit;

/* Solves x = b + P x and y = b + P' y in one large component, by sweeps that are corrected by groups; where these are
 * not enough, by GMRES on them. */
typedef struct {
  VcnCoarse coarse;
  VcnSweep  sweep[2];  /* of P; of P' */
  VcnLate   late[2];
  double   *exit;      /* n: the share that leaves the component, */
  guint64   n_exits;   /* and the arcs that it leaves by, in order of nodes */
  VcnExit  *exits;
  guint effort[2]; /* for P and P': 0 cycles alone; 1 GMRES on cycles; 2 on sweeps alone, safe where groups mislead */
  double   *steps[2];  /* v of a bound for P and P', made when first needed, */
  double   *weight[2]; /* and its w; */
  gboolean  is_unbounded[2]; /* none could be found */
  VcnWorkspace spare;
  guint     n_threads;
} VcnIteration;

/* What is asked: up to VCN_COLUMNS right-hand sides b, answers x, each of n numbers. Where `coupled`, the first answer
 * is added to b[1]. */
typedef struct {
  guint         n_columns;
  gboolean      coupled;
  gboolean      transposed;
  gboolean      is_absolute;           /* tolerance on the residual itself, not relative to the largest answer */
  const double *b[VCN_COLUMNS];
  double       *x[VCN_COLUMNS];
  const double *b_error[VCN_COLUMNS];  /* bounds of the errors of b, and where those of x go; NULL for none */
  double       *error[VCN_COLUMNS];
  double        tolerance;
  guint         max_iterations;
  /* out */
  double        residual[VCN_COLUMNS]; /* largest |b + P x - x| */
  double        largest[VCN_COLUMNS];  /* largest |x| */
  guint         iterations;
} VcnTask;

gboolean      vcn_workspace_init  (VcnWorkspace *self, guint32 n, GError **error);
void          vcn_workspace_clear (VcnWorkspace *self);
/* `order` (n): the component's nodes; `position` (of all nodes) says where they stand, counted from `first`. */
typedef struct {
  const VcnCsr     *flows;
  const double     *outflow;
  const guint32    *order, *position;
  const guint32    *n_within;  /* n: arcs of a row to nodes of the component */
  guint32           first, n;
  guint             n_threads;
  const VcnMonitor *monitor;
} VcnComponent;

VcnIteration *vcn_iteration_new   (const VcnComponent *component, GError **error);
void          vcn_iteration_free  (VcnIteration *self);
gboolean      vcn_iteration_solve (VcnIteration *self, VcnTask *task, const VcnMonitor *monitor, GError **error);

G_END_DECLS
