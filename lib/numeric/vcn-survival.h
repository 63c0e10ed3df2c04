/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-figure.h"
#include "vcn-spells.h"

G_BEGIN_DECLS

/* The share to which the event has not happened yet, by time: Kaplan and Meier's estimate (1958), or where other events
 * compete 1 - Aalen and Johansen's (1978): what was withdrawn is no longer at risk, and yet it never happened, which
 * calling it censored would deny. Variances are Greenwood's (1926), for competing events as in Allignol, Schumacher,
 * Beyersmann 2010; those at risk count as as many as would say as much (Xie, Liu 2005), so that the unit of the weights
 * changes nothing. */
typedef struct {
  double time;
  double at_risk;           /* weight of what had not ended before */
  double alike;             /* Kish's number of it */
  double events, competing; /* weight of what ended at this time */
  double value;             /* share from this time on */
  double variance;
} VcnStep;

typedef struct {
  guint64  n_steps;
  VcnStep *steps;    /* of each time at which something ended, ascending */
  VcnStep *room;     /* in which they stand, at its end */
  double   n;        /* Kish's number of all */
  double   longest;  /* time that was seen */
} VcnSurvival;

/* O(n log n). Errors (VC_MEASURE_ERROR): NOT_FINITE for times or weights that are negative or not finite, NO_MEMORY;
 * being stopped. */
gboolean vcn_survival_fit (VcnSurvival *self, const VcnSpells *spells, guint n_threads, VcnLook *look, GError **error);
void      vcn_survival_clear  (VcnSurvival *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnSurvival, vcn_survival_clear)

/* Limits of a step by the logarithm of its own logarithm (Kalbfleisch, Prentice 1980): never outside 0 and 1. NaN where
 * the share is 0 or 1. */
void      vcn_step_limits     (const VcnStep *step, double z, double *low, double *high);

/* When half has happened; in the middle where it is exactly half for a while. Limits by inversion (Brookmeyer, Crowley
 * 1982): low is 0 and high is infinite where no limit crosses a half. EMPTY without spells; TOO_FEW where half never
 * happened, with limits all the same. Where it was stopped, which `look` says, the figure says nothing. */
VcnFigure vcn_survival_median (const VcnSurvival *self, double z, VcnLook *look);
/* Mean time spent without the event until a time. EMPTY without spells; TOO_FEW where nothing was seen so long and
 * something is left. */
VcnFigure vcn_survival_mean   (const VcnSurvival *self, double until, double z);

G_END_DECLS
