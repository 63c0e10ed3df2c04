/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"
#include "vcn-figure.h"

G_BEGIN_DECLS

/* How near lines from superiors to subordinates are to an out-tree, in which all four dimensions are 1 (Krackhardt
 * 1994, in Carley, Prietula: Computational Organization Theory): of a network's directed lines, pooled over its weak
 * components. No intervals; n is the number of nodes. */
typedef struct {
  /* Pairs that hang together by any lines, of all pairs. TOO_FEW below two nodes. */
  VcnFigure connectedness;
  /* 1 - pairs that reach each other, of pairs of which one reaches the other. EMPTY without lines. */
  VcnFigure hierarchy;
  /* 1 - lines more than hold the components together, of all more that there could be. EMPTY without lines. */
  VcnFigure efficiency;
  /* 1 - pairs of a component without a least upper bound, of all but those along a tree. TOO_FEW without a component of
   * three. */
  VcnFigure lub;
} VcnKrackhardt;

/* An upper bound of two reaches both, or is one of them; the least is reached by all others. O(n + m) as long as nobody
 * has two superiors. Beyond that k^2 / 16 bytes, k being the number of strongly connected components of which somebody
 * below has two, and O(k^2) to O(k^3 / 384) operations. Errors (VC_MEASURE_ERROR): LIMIT, NO_MEMORY. */
gboolean vcn_krackhardt (VcnKrackhardt *self, const VcnCsr *lines, guint n_threads, const VcnMonitor *monitor,
                         GError **error);

G_END_DECLS
