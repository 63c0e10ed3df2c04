/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* What starts at a node: part / whole of all that is followed. It is passed on, or stays where it is. */
typedef struct {
  guint32  node;
  gboolean stays;
  double   part, whole;
} VcnStart;

/* All walks from the starts to an end, through a chain that passes on P_ij = flow_ij / outflow_i. There may be
 * infinitely many. */
typedef struct {
  const VcnCsr   *flows;    /* off-diagonal; from nodes that are no ends */
  const double   *outflow;  /* n: row sums */
  const guint8   *is_end;   /* n */
  const VcnStart *starts;
  guint32         n_starts;
  guint32         n_paths;  /* how many are asked for */
  guint32         max_steps; /* most steps that may be remembered while searching */
} VcnWalks;

/* The walks of largest share: the largest first, then the shorter, then by the numbers of their nodes. Shares are
 * products of ratios with twice the digits of a double, rounded once, and that by vcn_wide_round(), so that equal
 * shares are ties in whatever order and groups their factors come. The order is one of the walks alone, whatever is
 * found first. Path p has the nodes node[first[p]] .. node[first[p + 1] - 1]. */
typedef struct {
  guint32   n;
  guint64  *first;    /* n + 1 */
  guint32  *node;
  guint32  *start;    /* n: which start it comes from */
  double   *share;    /* n */
  gboolean  is_whole; /* there are no others. Shares that are hardly above 0 (2^-960) are not looked for */
} VcnPaths;

/* Best-first search whose bound of an open walk is the share of the best way to end it, found beforehand by Dijkstra's
 * algorithm backwards from the ends (Hart, Nilsson, Raphael 1968): only what a walk of the answer starts with is ever
 * opened, and of each node's neighbours only as many as are needed. O(m log n) time for that, O(1) memory for each step
 * of the answer, and 8 bytes m for the reversed flows beside 40 n. Errors: LIMIT, NO_MEMORY, and being stopped. */
gboolean vcn_paths_find  (VcnPaths         *self,
                          const VcnWalks   *walks,
                          const VcnMonitor *monitor,
                          GError          **error);
void     vcn_paths_clear (VcnPaths         *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnPaths, vcn_paths_clear)

G_END_DECLS
