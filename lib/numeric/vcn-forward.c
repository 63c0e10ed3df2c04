/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-walk.h"

#include <math.h>

#include "vcn-bound.h"

/* What node i's arcs to lower blocks lead to, and how wrong that may be; the range of the values there, and their largest error. */
static double
gather (VcnWalk *walk, guint column, guint32 first, guint32 n, guint32 i, double *error)
{
  const VcnAbsorb *self = walk->self;
  const double *x = walk->x[column];
  double *range = walk->range[column];
  VcnSum sum = { 0, 0 };

  for (guint64 k = self->flows->start[i]; k < self->flows->start[i + 1]; k++) {
    const guint32 j = self->flows->column[k];

    if (self->position[j] - first < n)
      continue;
    vcn_sum_add (&sum, vcn_absorb_share (self, i, k) * x[j]);
    *error += vcn_absorb_share (self, i, k) * walk->error[column][j];
    walk->worst[column] = MAX (walk->worst[column], walk->error[column][j]);
    range[0] = MIN (range[0], x[j]);
    range[1] = MAX (range[1], x[j]);
  }
  return vcn_sum_total (&sum);
}

/* Without a source no answer is outside the range of what its arcs lead to, whatever rounding says (maximum principle). Where no source is and all ways lead to one and the same value, that is the answer: exactly 0, exactly 1. */
static void
load (VcnWalk *walk, guint32 block, gboolean *trivial)
{
  const VcnAbsorb *self = walk->self;
  const guint32 first = self->first[block], n = self->first[block + 1] - first;

  for (guint column = 0; column < walk->n_columns; column++) {
    const double *source = column == 0 ? walk->source : NULL;
    double *range = walk->range[column], most = 0;

    range[0] = G_MAXDOUBLE;
    range[1] = walk->worst[column] = 0;
    for (guint32 p = 0; p < n; p++) {
      const guint32 i = self->order[first + p];
      double error = 0;

      if (!vcn_walk_look (walk, i))
        return;
      walk->b[column][p] = gather (walk, column, first, n, i, &error) + (source != NULL ? source[i] : 0);
      walk->b_error[column][p] = error + 6 * VCN_ROUNDING * fabs (walk->b[column][p]);
      most = MAX (most, source != NULL ? fabs (source[i]) : 0);
    }
    if (column == 1 && walk->coupled)
      most = trivial[0] ? walk->y[0][0] + walk->y_error[0][0] : 1;
    trivial[column] = most == 0 && range[0] >= range[1];
    for (guint32 p = 0; trivial[column] && p < n; p++) {
      walk->y[column][p] = range[1];
      walk->y_error[column][p] = walk->worst[column];
    }
    if (most > 0) {
      range[0] = -G_MAXDOUBLE;
      range[1] = G_MAXDOUBLE;
    }
  }
}

static void
store (VcnWalk *walk, guint32 block)
{
  const VcnAbsorb *self = walk->self;

  for (guint column = 0; column < walk->n_columns; column++)
    for (guint32 p = self->first[block]; p < self->first[block + 1]; p++) {
      walk->x[column][self->order[p]]
        = CLAMP (walk->y[column][p - self->first[block]], walk->range[column][0], walk->range[column][1]);
      walk->error[column][self->order[p]] = walk->y_error[column][p - self->first[block]];
    }
}

/* Boundary where it counts, 0 elsewhere. */
static gboolean
begin (const VcnAbsorb *self, const double *boundary, double *x, GError **error)
{
  for (guint32 i = 0; i < self->flows->n; i++) {
    const gboolean fixed = self->classes[i] != VCN_LIVE;

    if (fixed && boundary != NULL && !vcn_is_weight (boundary[i]))
      return vcn_fail_value (error, "the boundary value of party", i);
    x[i] = fixed && boundary != NULL ? boundary[i] : 0;
  }
  return TRUE;
}

gboolean
vcn_absorb_forward (VcnAbsorb *self, const double *boundary, const double *source, double *x, VcnProof *proof,
                    const VcnMonitor *monitor, GError **error)
{
  g_auto (VcnWalk) walk = { .source = source, .x = { x } };

  for (guint32 i = 0; source != NULL && i < self->flows->n; i++)
    if (self->classes[i] == VCN_LIVE && !vcn_is_weight (source[i]))
      return vcn_fail_value (error, "the source of party", i);
  return begin (self, boundary, x, error) && vcn_walk_init (&walk, self, 1, monitor, error)
         && vcn_walk_run (&walk, load, store, error) && vcn_walk_prove (&walk, proof, error);
}

gboolean
vcn_absorb_forward2 (VcnAbsorb *self, const double *boundary0, const double *boundary1, double *x0, double *x1, VcnProof *proof,
                     const VcnMonitor *monitor, GError **error)
{
  g_auto (VcnWalk) walk = { .x = { x0, x1 } };

  return begin (self, boundary0, x0, error) && begin (self, boundary1, x1, error)
         && vcn_walk_init (&walk, self, 2, monitor, error) && vcn_walk_run (&walk, load, store, error)
         && vcn_walk_prove (&walk, proof, error);
}

gboolean
vcn_absorb_moments (VcnAbsorb *self, const double *boundary, double *x, double *steps, VcnProof *proof, const VcnMonitor *monitor,
                    GError **error)
{
  g_auto (VcnWalk) walk = { .coupled = TRUE, .x = { x, steps } };

  return begin (self, boundary, x, error) && begin (self, NULL, steps, error) && vcn_walk_init (&walk, self, 2, monitor, error)
         && vcn_walk_run (&walk, load, store, error) && vcn_walk_prove (&walk, proof, error);
}
