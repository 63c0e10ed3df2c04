/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-anderson.h"

#include <string.h>

#include "base/vc-parallel-private.h"

#define ROWS_PER_PART 4096u
/* What is left of a difference beside newer ones: less is rounding. */
#define INDEPENDENT 1e-12
/* Squared norms may grow that much before it is a failure. */
#define GROWTH 4.

gboolean
vcn_anderson_init (VcnAnderson *self, guint32 n)
{
  const gsize n_parts = (n + ROWS_PER_PART - 1) / ROWS_PER_PART;

  self->n = n;
  self->penalty = 1;
  self->images = vc_buffer_new (double, (gsize) n * VCN_ANDERSON_KEPT);
  self->steps = vc_buffer_new (double, (gsize) n * VCN_ANDERSON_KEPT);
  self->parts = vc_buffer_new (double, n_parts * VCN_ANDERSON_PRODUCTS);
  return self->images != NULL && self->steps != NULL && self->parts != NULL;
}

void
vcn_anderson_clear (VcnAnderson *self)
{
  vc_buffer_free (self->images);
  vc_buffer_free (self->steps);
  vc_buffer_free (self->parts);
  memset (self, 0, sizeof *self);
}

typedef struct {
  VcnAnderson  *anderson;
  const double *image, *weight;
  double       *x;
  const double *images[VCN_ANDERSON_KEPT], *steps[VCN_ANDERSON_KEPT]; /* the newest first */
  double       *new_image, *new_step;
  guint         n_differences;
  double        factors[VCN_ANDERSON_DEPTH];
  VcnLook      *look;
} Round;

/* Keeps this round's rows and adds up the products of theirs. */
static void
multiply_part (gpointer data, guint part)
{
  const Round *round = data;
  const guint32 begin = part * ROWS_PER_PART, end = begin + MIN (ROWS_PER_PART, round->anderson->n - begin);
  double *sums = round->anderson->parts + (gsize) part * VCN_ANDERSON_PRODUCTS;

  memset (sums, 0, VCN_ANDERSON_PRODUCTS * sizeof *sums);
  if (!vcn_look_now (round->look))
    return;
  for (guint32 i = begin; i < end; i++) {
    const double weight = round->weight[i];
    double difference[VCN_ANDERSON_DEPTH];
    guint at = 0;

    round->new_image[i] = isfinite (round->image[i]) ? round->image[i] : 0;
    round->new_step[i] = isfinite (round->image[i]) ? round->image[i] - round->x[i] : 0;
    for (guint k = 0; k < round->n_differences; k++) {
      difference[k] = round->steps[k][i] - round->steps[k + 1][i];
      for (guint l = 0; l <= k; l++)
        sums[at++] += weight * difference[k] * difference[l];
    }
    for (guint k = 0; k < round->n_differences; k++)
      sums[at++] += weight * difference[k] * round->new_step[i];
    sums[at] += weight * round->new_step[i] * round->new_step[i];
  }
}

static void
combine_part (gpointer data, guint part)
{
  const Round *round = data;
  const guint32 begin = part * ROWS_PER_PART, end = begin + MIN (ROWS_PER_PART, round->anderson->n - begin);

  if (!vcn_look_now (round->look))
    return;
  for (guint32 i = begin; i < end; i++) {
    double change = 0;

    for (guint k = 0; k < round->n_differences; k++)
      change += round->factors[k] * (round->images[k][i] - round->images[k + 1][i]);
    round->x[i] = round->image[i] - change;
  }
}

/* Least squares by Cholesky's decomposition of the products, differences scaled to 1, the newest first: from the first
 * that says nothing new on, none counts. */
static void
find_factors (Round *round, const double *products)
{
  const guint n = round->n_differences;
  const double *right = products + n * (n + 1) / 2;
  double l[VCN_ANDERSON_DEPTH][VCN_ANDERSON_DEPTH], scale[VCN_ANDERSON_DEPTH], y[VCN_ANDERSON_DEPTH];
  guint rank = 0;

  for (; rank < n; rank++) {
    double left = 1;

    scale[rank] = sqrt (products[rank * (rank + 1) / 2 + rank]);
    if (!(scale[rank] > 0))
      break;
    y[rank] = right[rank] / scale[rank];
    for (guint k = 0; k < rank; k++) {
      l[rank][k] = products[rank * (rank + 1) / 2 + k] / scale[rank] / scale[k];
      for (guint m = 0; m < k; m++)
        l[rank][k] -= l[rank][m] * l[k][m];
      l[rank][k] /= l[k][k];
      left -= l[rank][k] * l[rank][k];
      y[rank] -= l[rank][k] * y[k];
    }
    if (!(left > INDEPENDENT))
      break;
    l[rank][rank] = sqrt (left);
    y[rank] /= l[rank][rank];
  }
  round->n_differences = rank;
  for (guint k = rank; k-- > 0;) {
    for (guint m = k + 1; m < rank; m++)
      y[k] -= l[m][k] * y[m];
    y[k] /= l[k][k];
    round->factors[k] = y[k] / scale[k];
  }
}

/* FALSE: the plain image is next. */
static gboolean
judge (VcnAnderson *self, double step)
{
  const gboolean failed = self->n_rounds > 0 && !(step <= GROWTH * self->before);

  self->before = step;
  if (failed) {
    self->n_rounds = 0;
    self->n_plain = self->penalty;
    self->penalty = MIN (2 * self->penalty, 1u << 16);
  } else if (self->n_plain > 0) {
    self->n_plain--;
  }
  return self->n_plain == 0 && !failed;
}

void
vcn_anderson_next (VcnAnderson *self, const double *image, const double *weight, double *x, guint n_threads,
                   VcnLook *look)
{
  const guint n_parts = (self->n + ROWS_PER_PART - 1) / ROWS_PER_PART;
  double products[VCN_ANDERSON_PRODUCTS] = { 0 };
  Round round = { self, image, weight, x, .look = look };
  guint n_products;

  round.n_differences = MIN (self->n_rounds, VCN_ANDERSON_DEPTH);
  n_products = round.n_differences * (round.n_differences + 1) / 2 + round.n_differences + 1;
  for (guint k = 0; k <= round.n_differences; k++) {
    const gsize at = (self->n_rounds - k) % VCN_ANDERSON_KEPT;

    round.images[k] = self->images + at * self->n;
    round.steps[k] = self->steps + at * self->n;
  }
  round.new_image = self->images + (gsize) (self->n_rounds % VCN_ANDERSON_KEPT) * self->n;
  round.new_step = self->steps + (gsize) (self->n_rounds % VCN_ANDERSON_KEPT) * self->n;
  vc_parallel (n_threads, n_parts, multiply_part, &round);
  for (guint part = 0; part < n_parts; part++)
    for (guint k = 0; k < n_products; k++)
      products[k] += self->parts[(gsize) part * VCN_ANDERSON_PRODUCTS + k];
  if (judge (self, products[n_products - 1]))
    find_factors (&round, products);
  else
    round.n_differences = 0;
  self->n_rounds++;
  vc_parallel (n_threads, n_parts, combine_part, &round);
}
