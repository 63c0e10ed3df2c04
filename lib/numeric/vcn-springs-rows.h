/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-look.h"
#include "vcn-springs.h"

G_BEGIN_DECLS

/* Springs by both their nodes: row i holds each neighbour once, column[k] with start[i] <= k < start[i] + degree[i].
 * Two springs side by side are one of both weights, whose step is the mean by their weights. */
typedef struct {
  guint32  n;
  guint64 *start;  /* n + 1: rows have room up to the next */
  guint32 *degree; /* n */
  guint32 *column;
  double  *weight;
  double  *step;
} VcnSpringsRows;

/* Of rows that ascend; but on one side, in any order. O(m + n). */
gboolean vcn_springs_rows_init   (VcnSpringsRows *self, const VcnSprings *springs, const VcnSpringsOptions *options,
                                  GError **error);
/* Room for n nodes and so many springs; and into that, again and again, the springs of one component, whose nodes
 * ascend. `local`: which of them a node is. */
gboolean vcn_springs_rows_make   (VcnSpringsRows *self, guint32 n, guint64 n_springs, GError **error);
gboolean vcn_springs_rows_gather (VcnSpringsRows *self, const VcnSprings *springs, const guint32 *nodes, guint32 n,
                                  const guint32 *local, VcnLook *look, GError **error);
void     vcn_springs_rows_clear  (VcnSpringsRows *self);

G_END_DECLS
