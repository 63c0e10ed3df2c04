/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-poles.h"

#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"

#define NODES VCN_POLES_NODES
/* Terms added up before they join the sum: their roundings stay small. */
#define BLOCK 256u
/* What a term of all nodes costs, in additions. */
#define COST_OF_TERM 16
/* Poles whose polynomials are computed at a time. */
#define LANES 8u

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
  self->at = vc_buffer_new (double, (gsize) VCN_POLES_OCTAVES * NODES);
  self->weight = vc_buffer_new (double, (gsize) VCN_POLES_OCTAVES * NODES);
  self->octaves = vc_buffer_new (guint16, VCN_POLES_OCTAVES);
  return self->delta != NULL && self->coefficients != NULL && self->at != NULL && self->weight != NULL
         && self->octaves != NULL;
}

void
vcn_poles_clear (VcnPoles *self)
{
  vc_buffer_free (self->delta);
  vc_buffer_free (self->coefficients);
  vc_buffer_free (self->at);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->octaves);
  memset (self, 0, sizeof *self);
}

typedef struct {
  const VcnPoles *poles;
  VcnLook        *look;
} Fitting;

/* Of the Chebyshev nodes between -1 and 1. */
static double
node (guint k)
{
  return cos (G_PI * (k + 0.5) / NODES);
}

/* Octave 0 reaches from 0 to the least v, the next from there to twice as much, and so on: seen from all of them, -v is
 * as far away as it is from the pieces. */
static guint
octave_of (const VcnPoles *self, double delta)
{
  int exponent;

  (void) frexp (delta, &exponent);
  return delta > 0 ? (guint) MAX (exponent - self->first + 1, 0) : 0;
}

/* Adds T_m (x_j) many_j for all m: NODES of LANES each. */
static void
add_lanes (double sums[NODES], const double x[LANES], const double many[LANES])
{
  double before[LANES], now[LANES];

  for (guint lane = 0; lane < LANES; lane++) {
    before[lane] = many[lane] * x[lane];
    now[lane] = many[lane];
  }
  for (guint m = 0; m < NODES; m++) {
    double sum[LANES / 2];

    for (guint lane = 0; lane < LANES / 2; lane++)
      sum[lane] = now[lane] + now[lane + LANES / 2];
    sums[m] += (sum[0] + sum[2]) + (sum[1] + sum[3]);
    for (guint lane = 0; lane < LANES; lane++) {
      const double next = 2 * x[lane] * now[lane] - before[lane];

      before[lane] = now[lane];
      now[lane] = next;
    }
  }
}

typedef struct {
  double sums[NODES], part[NODES]; /* of T_m many; of the block */
  double x[LANES], many[LANES];
  guint  n_lanes, n_added;
} Octave;

static void
octave_flush (Octave *self)
{
  for (guint lane = self->n_lanes; lane < LANES; lane++)
    self->x[lane] = self->many[lane] = 0;
  add_lanes (self->part, self->x, self->many);
  self->n_lanes = 0;
}

static void
octave_end_block (Octave *self)
{
  for (guint m = 0; m < NODES; m++) {
    self->sums[m] += self->part[m];
    self->part[m] = 0;
  }
}

/* Poles at Chebyshev nodes instead of all in the octave, with such weights that each polynomial of delta whose degree
 * is less than NODES adds up to the same. */
static void
replace_octave (gpointer data, guint index)
{
  const Fitting *fitting = data;
  const VcnPoles *self = fitting->poles;
  const guint octave = self->octaves[index];
  const double high = ldexp (1, self->first - 1 + (int) octave), low = octave > 0 ? high / 2 : 0;
  const double half = octave > 0 ? low / 2 : high / 2, middle = low + half;
  Octave sum = { 0 };
  guint64 done = 0;

  for (guint32 j = 0; j < self->n; j++) {
    if (!vcn_look (fitting->look, &done, 1))
      return;
    if (!(self->delta[j] >= low && self->delta[j] < high))
      continue;
    sum.x[sum.n_lanes] = (self->delta[j] - middle) / half;
    sum.many[sum.n_lanes++] = self->many[j];
    done += COST_OF_TERM;
    if (sum.n_lanes == LANES)
      octave_flush (&sum);
    if (++sum.n_added % BLOCK == 0)
      octave_end_block (&sum);
  }
  octave_flush (&sum);
  octave_end_block (&sum);
  for (guint k = 0; k < NODES; k++) {
    double weight = sum.sums[0] / 2;

    for (guint m = 1; m < NODES; m++)
      weight += sum.sums[m] * cos (G_PI * m * (k + 0.5) / NODES);
    self->at[index * NODES + k] = middle + half * node (k);
    self->weight[index * NODES + k] = 2 * weight / NODES;
  }
}

static void
fit_piece (gpointer data, guint piece)
{
  const Fitting *fitting = data;
  const VcnPoles *self = fitting->poles;
  const gboolean is_replaced = self->n_octaves > 0;
  const double *at = is_replaced ? self->at : self->delta, *weight = is_replaced ? self->weight : self->many;
  const guint32 n = is_replaced ? self->n_octaves * NODES : self->n;
  guint64 done = 0;
  double v[NODES], sum[NODES] = { 0 };

  for (guint k = 0; k < NODES; k++)
    v[k] = ldexp (3 + node (k), self->first + (int) piece - 2);
  for (guint32 begin = 0; begin < n; begin += MIN (BLOCK, n - begin)) {
    const guint32 end = begin + MIN (BLOCK, n - begin);
    double part[NODES] = { 0 };

    if (!vcn_look (fitting->look, &done, (end - begin) * COST_OF_TERM))
      return;
    for (guint32 j = begin; j < end; j++)
      for (guint k = 0; k < NODES; k++)
        part[k] += weight[j] / (at[j] + v[k]);
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

/* Which octaves have poles; none where these are too few to be replaced. */
static void
find_octaves (VcnPoles *self, VcnLook *look)
{
  guint8 has_poles[VCN_POLES_OCTAVES] = { 0 };
  guint64 done = 0;

  self->n_octaves = 0;
  for (guint32 j = 0; j < self->n && vcn_look (look, &done, 1); j++)
    if (isfinite (self->delta[j]))
      has_poles[octave_of (self, self->delta[j])] = TRUE;
  for (guint octave = 0; octave < VCN_POLES_OCTAVES; octave++)
    if (has_poles[octave])
      self->octaves[self->n_octaves++] = (guint16) octave;
  if (self->n_octaves * NODES * 2 > self->n)
    self->n_octaves = 0;
}

void
vcn_poles_fit (VcnPoles *self, guint n_threads, VcnLook *look)
{
  Fitting fitting = { self, look };

  find_octaves (self, look);
  vc_parallel (n_threads, self->n_octaves, replace_octave, &fitting);
  vc_parallel (n_threads, self->n_pieces, fit_piece, &fitting);
}

/* Clenshaw's recurrence (1955), and its derivative. */
double
vcn_poles_sum (const VcnPoles *self, double v, double *slope)
{
  int exponent;
  const double t = 4 * frexp (v, &exponent) - 3;
  const guint piece = (guint) (exponent - self->first);
  const double *c = self->coefficients + (gsize) piece * NODES;
  double b = 0, b_before = 0, d = 0, d_before = 0;

  if (!(v > 0 && piece < self->n_pieces))
    return *slope = (double) NAN;

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
