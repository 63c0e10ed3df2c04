/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-figure.h"

G_BEGIN_DECLS

/* Rates and their differences. Limits come from scores (Wilson 1927), never from the rate alone: 10 of 10 is no proof
 * of 1. `z` is vcn_normal_within() of the level. Weights say how much a record matters, not how often it was seen:
 * doubling all of them changes nothing. */
typedef struct {
  double kept, broken; /* sums of weights, none negative */
  double squares;      /* sum of squared weights: kept + broken where each record weighs 1 */
} VcnRate;

/* EMPTY where nothing weighs anything; the limits are 0 and 1 then. */
VcnFigure vcn_wilson          (const VcnRate *rate, double z);
/* a - b of independent samples (Newcombe 1998, Stat. Med. 17:873, method 10). EMPTY where either is. */
VcnFigure vcn_newcombe        (const VcnFigure *a, const VcnFigure *b);

/* Matched pairs, counted by what both of their sides did. */
typedef struct {
  double both, first, second, neither;
} VcnPairs;

/* The first's rate - the second's (Newcombe 1998, Stat. Med. 17:2635, method 10: the correlation phi is corrected for
 * continuity). EMPTY without pairs. */
VcnFigure vcn_newcombe_paired (const VcnPairs *pairs, double z);

/* How likely it is, were both sides alike, that pairs which differ fall to one side at least as unevenly: McNemar's
 * test (1947) with mid-p values (Fagerland, Lydersen, Laake 2013, BMC Med. Res. Methodol. 13:91), two-sided. Of numbers
 * of pairs; 1 where none differs. */
double    vcn_mid_p           (double first, double second);

/* Both sides of many pairs and their independent differences at once. The number behind a difference is wanted only
 * where those behind both sides are. */
typedef struct {
  const double *kept, *broken;
  const double *squares; /* NULL: each record weighs 1 */
  VcnBand       rate;
} VcnSide;

typedef struct {
  guint64 n;
  double  z;
  VcnSide a, b;
  VcnBand difference;
} VcnComparison;

void      vcn_compare         (const VcnComparison *comparison, guint n_threads);

G_END_DECLS
