/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-poles.h"

#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"

#define NODES 22
/* Terms added up before they join the sum: their roundings stay small. */
#define BLOCK 256u
/* What a term of all nodes costs, in additions. */
#define COST_OF_TERM 16

gboolean
vcn_poles_init (VcnPoles *self, guint32 n, const double *many, const double range[2])
{
  int last;

  /* What lies outside by rounding is inside. */
  (void) frexp (range[0] * 0.75, &self->first);
  (void) frexp (range[1] * 1.5, &last);
  self->n = n;
  self->many = many;
  self->n_pieces = (guint) (last - self->first + 1);
  self->delta = vc_buffer_new (double, n);
  self->coefficients = vc_buffer_new (double, (gsize) self->n_pieces * NODES);
  return self->delta != NULL && self->coefficients != NULL;
}

void
vcn_poles_clear (VcnPoles *self)
{
  vc_buffer_free (self->delta);
  vc_buffer_free (self->coefficients);
  memset (self, 0, sizeof *self);
}

typedef struct {
  const VcnPoles *poles;
  VcnLook        *look;
} Fitting;

static void
fit_piece (gpointer data, guint piece)
{
  const Fitting *fitting = data;
  const VcnPoles *self = fitting->poles;
  guint64 done = 0;
  double v[NODES], sum[NODES] = { 0 };

  for (guint k = 0; k < NODES; k++)
    v[k] = ldexp (3 + cos (G_PI * (k + 0.5) / NODES), self->first + (int) piece - 2);
  for (guint32 begin = 0; begin < self->n; begin += MIN (BLOCK, self->n - begin)) {
    const guint32 end = begin + MIN (BLOCK, self->n - begin);
    double part[NODES] = { 0 };

    if (!vcn_look (fitting->look, &done, (end - begin) * COST_OF_TERM))
      return;
    for (guint32 j = begin; j < end; j++)
      for (guint k = 0; k < NODES; k++)
        part[k] += self->many[j] / (self->delta[j] + v[k]);
    for (guint k = 0; k < NODES; k++)
      sum[k] += part[k];
  }
  for (guint m = 0; m < NODES; m++) {
    double coefficient = 0;

    for (guint k = 0; k < NODES; k++)
      coefficient += sum[k] * cos (G_PI * m * (k + 0.5) / NODES);
    self->coefficients[piece * NODES + m] = coefficient * (m == 0 ? 1. : 2.) / NODES;
  }
}

void
vcn_poles_fit (VcnPoles *self, guint n_threads, VcnLook *look)
{
  vc_parallel (n_threads, self->n_pieces, fit_piece, &(Fitting) { self, look });
}

/* Clenshaw's recurrence (1955), and its derivative. */
double
vcn_poles_sum (const VcnPoles *self, double v, double *slope)
{
  int exponent;
  const double t = 4 * frexp (v, &exponent) - 3;
  const double *c = self->coefficients + CLAMP (exponent - self->first, 0, (int) self->n_pieces - 1) * NODES;
  double b = 0, b_before = 0, d = 0, d_before = 0;

  for (guint m = NODES - 1; m > 0; m--) {
    const double d_next = 2 * (b + t * d) - d_before, b_next = c[m] + 2 * t * b - b_before;

    d_before = d;
    d = d_next;
    b_before = b;
    b = b_next;
  }
  *slope = ldexp (b + t * d - d_before, 2 - exponent);
  return c[0] + t * b - b_before;
}

double
vcn_poles_add (const VcnPoles *self, const double *delta, double v, double *slope)
{
  double sum = 0;

  *slope = 0;
  for (guint32 begin = 0; begin < self->n; begin += MIN (BLOCK, self->n - begin)) {
    const guint32 end = begin + MIN (BLOCK, self->n - begin);
    double part = 0, part_slope = 0;

    for (guint32 j = begin; j < end; j++) {
      const double term = 1 / (delta[j] + v);

      part += self->many[j] * term;
      part_slope += self->many[j] * term * term;
    }
    sum += part;
    *slope -= part_slope;
  }
  return sum;
}
