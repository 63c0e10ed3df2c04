/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-absorb.h"

G_BEGIN_DECLS

/* Solves x = b + P x and y = b + P' y in one large component by iteration. */
typedef struct _VcnIteration VcnIteration;

/* What is asked: one or two right-hand sides b, answers x, each of n numbers. Where `coupled`, b[1] lacks the first answer, which is added to it. */
typedef struct {
  guint         n_columns;
  gboolean      coupled;
  gboolean      transposed;
  const double *b[2];
  double       *x[2];
  double        tolerance;
  guint         max_iterations;
  /* out */
  double        residual[2]; /* largest |b + P x - x|, compensated */
  double        largest[2];  /* largest |x| */
  guint         iterations;
} VcnTask;

/* `order` (n): the component's nodes; `position` (of all nodes) says where they stand, counted from `first`. */
VcnIteration *vcn_iteration_new   (const VcnCsr *flows, const double *outflow, const guint32 *order, guint32 n,
                                   const guint32 *position, guint32 first, guint n_threads, GError **error);
void          vcn_iteration_free  (VcnIteration *self);
gboolean      vcn_iteration_solve (VcnIteration *self, VcnTask *task, const VcnMonitor *monitor, GError **error);

G_END_DECLS
