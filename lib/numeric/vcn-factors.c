/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include "vcn-sum.h"

/* What the arena holds of a twig: all that leaves it when it is taken out, and the share of that which goes back to the
 * node it hangs on. */
enum { PIVOT, BACK };

typedef struct {
  const VcnAbsorb *self;
  guint32          first, n, n_twigs, n_leaves;
  VcnEnvelope      core;
} Factors;

static Factors
factors_of (const VcnAbsorb *self, guint32 block)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first, n_twigs = self->twigs[block].n,
                core = first + n_twigs;

  return (Factors) { self, first, n, n_twigs, self->twigs[block].n_leaves,
                     { n - n_twigs, self->low + core, self->row + core, self->value } };
}

static inline double *
twig (const Factors *factors, guint32 p)
{
  return factors->self->value + factors->self->row[factors->first + p];
}

/* Where the arcs of node p of the block begin and end. FALSE: stop. */
static inline gboolean
row_of (const Factors *factors, guint32 p, guint64 *begin, guint64 *end, VcnLook *look, guint64 *done)
{
  const guint32 i = factors->self->order[factors->first + p];

  *begin = factors->self->flows->start[i];
  *end = factors->self->flows->start[i + 1];
  return vcn_look (look, done, 1 + *end - *begin);
}

/* Fills rows from flows, and takes out the twigs: what went to one goes back, or out. exits[p] (n, out): what leaves
 * the block at a node of the core; of a twig, the share of its pivot that does. */
static gboolean
fill_rows (const Factors *factors, double *exits, VcnLook *look, GError **error)
{
  const VcnAbsorb *self = factors->self;
  guint64 begin, end, done = 0;

  for (guint32 p = 0; p < factors->n; p++) {
    const guint32 i = self->order[factors->first + p], n_taken = MIN (p, factors->n_twigs);
    double *row = twig (factors, p), back = 0;
    VcnSum exit = { 0, 0 };

    if (!row_of (factors, p, &begin, &end, look, &done))
      return vcn_fail_cancelled (error);
    for (guint64 k = begin; k < end; k++) {
      const guint32 q = self->position[self->flows->column[k]] - factors->first;
      const double share = vcn_absorb_share (self, i, k);

      if (q >= factors->n)
        vcn_sum_add (&exit, share);
      else if (q < n_taken)
        vcn_sum_add (&exit, share * exits[q]);
      else if (p < factors->n_twigs)
        back = share;
      else
        row[q - factors->n_twigs - self->low[factors->first + p]] = share;
    }
    exits[p] = vcn_sum_total (&exit);
    if (p >= factors->n_twigs)
      continue;
    row[PIVOT] = back + exits[p];
    if (!(row[PIVOT] > 0))
      return vcn_fail_vanished (error);
    row[BACK] = back / row[PIVOT];
    exits[p] /= row[PIVOT];
  }
  return TRUE;
}

gboolean
vcn_absorb_factorize (const VcnAbsorb *self, guint32 block, double *exits, VcnLook *look, GError **error)
{
  const Factors factors = factors_of (self, block);

  return fill_rows (&factors, exits, look, error)
         && vcn_envelope_factorize (&factors.core, exits + factors.n_twigs, look->monitor, error);
}

/* Each node gets what its twigs pass on, in compensated sums: there may be millions. Leaves have none. */
static gboolean
gather (const Factors *factors, gboolean transposed, double *y, VcnLook *look, guint64 *done)
{
  const VcnAbsorb *self = factors->self;
  guint64 begin, end;

  for (guint32 p = 0; !transposed && p < factors->n_leaves; p++)
    y[p] /= twig (factors, p)[PIVOT];
  for (guint32 p = factors->n_leaves; p < factors->n; p++) {
    const guint32 i = self->order[factors->first + p], n_taken = MIN (p, factors->n_twigs);
    VcnSum sum = { y[p], 0 };

    if (!row_of (factors, p, &begin, &end, look, done))
      return FALSE;
    for (guint64 k = begin; k < end; k++) {
      const guint32 q = self->position[self->flows->column[k]] - factors->first;

      if (q < n_taken)
        vcn_sum_add (&sum, y[q] * (transposed ? twig (factors, q)[BACK] : vcn_absorb_share (self, i, k)));
    }
    y[p] = vcn_sum_total (&sum);
    if (!transposed && p < factors->n_twigs)
      y[p] /= twig (factors, p)[PIVOT];
  }
  return TRUE;
}

/* Each node hands on to its twigs. */
static gboolean
scatter (const Factors *factors, gboolean transposed, double *y, VcnLook *look, guint64 *done)
{
  const VcnAbsorb *self = factors->self;
  guint64 begin, end;

  for (guint32 p = factors->n; p-- > factors->n_leaves;) {
    const guint32 i = self->order[factors->first + p], n_taken = MIN (p, factors->n_twigs);

    if (!row_of (factors, p, &begin, &end, look, done))
      return FALSE;
    if (transposed && p < factors->n_twigs)
      y[p] /= twig (factors, p)[PIVOT];
    for (guint64 k = begin; k < end; k++) {
      const guint32 q = self->position[self->flows->column[k]] - factors->first;

      if (q < n_taken)
        y[q] += y[p] * (transposed ? vcn_absorb_share (self, i, k) : twig (factors, q)[BACK]);
    }
  }
  for (guint32 p = 0; transposed && p < factors->n_leaves; p++)
    y[p] /= twig (factors, p)[PIVOT];
  return TRUE;
}

void
vcn_absorb_eliminate (const VcnAbsorb *self, guint32 block, gboolean transposed, double *y, VcnLook *look)
{
  const Factors factors = factors_of (self, block);
  double *core = y + factors.n_twigs;
  guint64 done = 0;

  if (factors.n_twigs > 0 && !gather (&factors, transposed, y, look, &done))
    return;
  if (transposed)
    vcn_envelope_solve_t (&factors.core, core);
  else
    vcn_envelope_solve (&factors.core, core);
  if (factors.n_twigs > 0)
    (void) scatter (&factors, transposed, y, look, &done);
}
