/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-status.h"
#include "vcn-configuration.h"

G_BEGIN_DECLS

/* How much of what flows comes back (Squartini, Picciolo, Ruzzenenti, Garlaschelli 2013, Sci. Rep. 3:2729): r = sum min
 * (w_ij, w_ji) / sum w_ij over i != j; what of it a network without preferences would show, which only sends and
 * receives as much; and rho = (r - null) / (1 - null), 0 by chance, 1 where all comes back, negative where less comes
 * back than by chance. */
typedef struct {
  double   total, mutual; /* sums over i != j of w_ij, of min (w_ij, w_ji) */
  double   r;
  VcStatus status;        /* of r: EMPTY where nothing flows */
  double   null, rho;
  VcStatus null_status;   /* of both: EMPTY; NOT_CONVERGED above the tolerance */
  double   residual;      /* of the null's equations */
  guint    iterations;
} VcnReciprocity;

/* Flows off the diagonal. `nodes`: n, r of what each sends, not a number where it sends nothing; or NULL. Errors
 * (VC_MEASURE_ERROR): OPTION for counts that are no whole numbers, NOT_FINITE where the total overflows, NO_MEMORY. */
gboolean vcn_reciprocity (VcnReciprocity *self, const VcnCsr *flows, const VcnConfigurationOptions *options,
                          double *nodes, const VcnMonitor *monitor, GError **error);

G_END_DECLS
