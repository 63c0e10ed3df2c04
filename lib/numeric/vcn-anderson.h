/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-look.h"

G_BEGIN_DECLS

/* Anderson's acceleration (1965) of a fixed-point iteration x -> g (x): of the combinations of the last images whose
 * weights add up to 1, the one whose steps g - x would leave least, in a norm that weighs each row. Where g is a
 * contraction that is close to linear, it does what GMRES would (Walker, Ni 2011); and where it is self-adjoint in that
 * norm as well, few differences do what all would: with three it was measured to take fewer rounds than with two, five
 * or twelve. */
#define VCN_ANDERSON_DEPTH 3
#define VCN_ANDERSON_KEPT (VCN_ANDERSON_DEPTH + 1)
/* Products of differences with each other and with the step; the step's with itself. */
#define VCN_ANDERSON_PRODUCTS (VCN_ANDERSON_DEPTH * (VCN_ANDERSON_DEPTH + 1) / 2 + VCN_ANDERSON_DEPTH + 1)

typedef struct {
  guint32 n;
  double *images, *steps; /* VCN_ANDERSON_KEPT of n each, round and round */
  double *parts;          /* products by part */
  guint   n_rounds;       /* since all was forgotten */
  guint   n_plain;        /* rounds to come without acceleration */
  guint   penalty;        /* how many after the next failure */
  double  before;         /* square of the norm of the last step */
} VcnAnderson;

/* FALSE: no memory. */
gboolean vcn_anderson_init  (VcnAnderson *self, guint32 n);
void     vcn_anderson_clear (VcnAnderson *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnAnderson, vcn_anderson_clear)

/* Puts the next iterate in x, which holds the one of the image; rows that are infinite stay so. Where steps grow, what
 * was kept is forgotten, and the plain iteration gets more rounds of its own each time, so that acceleration never
 * keeps an iteration from the end that it would come to. O(n). Where it was stopped, x says nothing. */
void     vcn_anderson_next  (VcnAnderson *self, const double *image, const double *weight, double *x, guint n_threads,
                             VcnLook *look);

G_END_DECLS
