/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-look.h"

G_BEGIN_DECLS

/* sum_j many_j / (delta_j + v), delta_j >= 0, at many v > 0 at once. Between one power of 2 and the next stands the
 * polynomial through 24 Chebyshev nodes: by the formula of the error for a simple pole it differs from each term by
 * less than 1 / T_24 (3) < 1e-18 of that term, so from their sum by less than that part of it (Trefethen 2013, chapter
 * 8). Each v then takes O(1), where the sum itself would take O(n). As a function of delta a term is the same, so many
 * poles between one power of 2 and the next are first replaced by 24 at Chebyshev nodes, whose weights may be negative:
 * as these add up to less than 3 times their sum, all of it is within 1e-17. */
#define VCN_POLES_NODES 24
/* So many powers of 2 there are. */
#define VCN_POLES_OCTAVES 2100

typedef struct {
  guint32       n;
  double       *delta;        /* n, to be filled in; infinite: no pole */
  const double *many;         /* n, borrowed */
  int           first;        /* exponent of the lowest piece */
  guint         n_pieces;
  double       *coefficients; /* of each piece */
  double       *at, *weight;  /* NODES of each octave of delta: what stands for the poles in it */
  guint16      *octaves;      /* those that have poles */
  guint         n_octaves;
} VcnPoles;

/* For v between both ends of the range. FALSE: no memory. */
gboolean vcn_poles_init  (VcnPoles *self, guint32 n, const double *many, const double range[2]);
void     vcn_poles_clear (VcnPoles *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnPoles, vcn_poles_clear)

/* After `delta` was changed. O(n n_octaves) comparisons and O(n) additions; where there are few poles in many octaves
 * O(n n_pieces). Where it was stopped, sums say nothing. */
void     vcn_poles_fit   (VcnPoles *self, guint n_threads, VcnLook *look);
/* The sum and its derivative; not a number outside the range. */
double   vcn_poles_sum   (const VcnPoles *self, double v, double *slope);
/* The same term by term, with other poles; v may be negative as long as all terms are positive. */
double   vcn_poles_add   (const VcnPoles *self, const double *delta, double v, double *slope);

G_END_DECLS
