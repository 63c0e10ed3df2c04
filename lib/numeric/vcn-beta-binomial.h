/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"
#include "vcn-rate.h"

G_BEGIN_DECLS

/* Rates of many groups, each of which has its own, drawn from Beta (a, b): what a few records of a group say is drawn
 * towards what all groups say. The prior is the one under which all that was kept is likeliest (marginal likelihood:
 * Griffiths 1973, Smith 1983). Weights count as Kish's numbers, as in VcnRate. */
typedef struct {
  double   a, b;           /* the prior; infinite where no spread can be seen: all groups have the mean */
  double   mean;
  VcnRate  pooled;
  double   log_likelihood; /* at (a, b), without binomial coefficients */
  double   residual;       /* what is left of the equations for a and b, relative to their terms */
  guint    iterations;
  VcStatus status; /* OK; EMPTY without records; TOO_FEW, all groups at the mean: with one group, or without one of two
                      records; NO_VARIANCE, all groups at the mean: their rates differ no more than by chance (the
                      likelihood grows as far as a + b does); NO_VARIANCE with Jeffreys's prior (1/2, 1/2): all was
                      kept, or nothing; SINGULAR with that prior: each group kept all or nothing; NOT_CONVERGED */
} VcnBetaBinomial;

/* Of n groups; the rate of `groups` is not used. O(n log n), and O(distinct numbers) for each iteration. Errors
 * (VC_MEASURE_ERROR): NOT_FINITE for sums that are negative or not finite, NO_MEMORY; being stopped. */
gboolean vcn_beta_binomial_fit (VcnBetaBinomial *self, guint64 n, const VcnSide *groups, guint n_threads,
                                const VcnMonitor *monitor, GError **error);

/* A group's rate, given the prior, between the quantiles that the level stands for: of its posterior, or Wilson's of
 * all groups together where all have the mean. The status is the prior's, and EMPTY for a group without records; the
 * figure is there unless the status is EMPTY or NOT_CONVERGED. */
VcnFigure vcn_beta_binomial_shrink (const VcnBetaBinomial *self, const VcnRate *rate, double level);

G_END_DECLS
