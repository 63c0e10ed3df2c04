/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* Trophic levels and incoherence (MacKay, Johnson, Sansom 2020, R. Soc. Open Sci. 7:201138): (diag(u) - W - W') h = v
 * with u = in + out, v = in - out, the lowest node of each weakly connected component at 0. Self flows (diagonal, may
 * be NULL) move no level and count in F0. */
typedef struct {
  guint32 n_components;    /* weakly connected, those of one node without flow included */
  double  incoherence;     /* F0 = sum w (h_j - h_i - 1)^2 / sum w; NaN where there is no flow */
  double residual; /* largest |v - (diag(u) - W - W') h| of a node, relative to its u (1 + h / 256): its own flow, and
                      how levels round */
  guint   iterations;
} VcnTrophicProof;

gboolean vcn_trophic (const VcnCsr *flows, const double *diagonal, double tolerance, guint max_iterations,
                      guint n_threads, double *level, VcnTrophicProof *proof, const VcnMonitor *monitor,
                      GError **error);

G_END_DECLS
