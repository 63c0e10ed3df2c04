/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-status.h"
#include "vcn-spells.h"

G_BEGIN_DECLS

/* Whether events come equally fast in two samples (Mantel 1966; of weighted spells Xie, Liu 2005). What competes counts
 * as censored. */
typedef struct {
  double   observed[2], expected[2]; /* weights of events */
  double   variance;                 /* of observed - expected */
  double   chi_square, p;            /* one degree of freedom */
  VcStatus status; /* EMPTY: a sample has no spells; NO_VARIANCE: there is no event while both are at risk */
} VcnLogRank;

/* O(n log n). Errors as of vcn_spells_sort(). */
gboolean vcn_log_rank (VcnLogRank *self, const VcnSpells samples[2], guint n_threads, const VcnMonitor *monitor,
                       GError **error);

G_END_DECLS
