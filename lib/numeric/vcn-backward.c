/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-bound.h"
#include "vcn-placed.h"
#include "vcn-walk.h"

static void
load_column (gpointer data, guint column)
{
  VcnWalk *walk = data;
  const VcnAbsorb *self = walk->self;
  const guint32 first = vcn_walk_first (walk), n = vcn_walk_size (walk);
  double most = 0;

  for (guint32 p = 0; p < n; p++) {
    walk->b[column][p] = vcn_sum_total (&walk->inflow[column][self->order[first + p]]);
    walk->b_error[column][p] = walk->error[column][self->order[first + p]] + 6 * VCN_ROUNDING * walk->b[column][p];
    walk->y[column][p] = walk->y_error[column][p] = 0;
    /* What is 0 but not known to be is solved too: in a nearly closed loop little becomes much. */
    most = MAX (most, walk->b[column][p] + walk->b_error[column][p]);
  }
  walk->range[column][1] = most;
}

static void
load (VcnWalk *walk, gboolean *trivial)
{
  vcn_walk_columns_of_block (walk, load_column);
  for (guint column = 0; column < walk->n_columns; column++)
    trivial[column] = walk->range[column][1] == 0 && (column == 0 || trivial[0]);
}

/* What node p of a block gives to one of another. */
static inline void
hand_on (VcnWalk *walk, guint32 p, guint32 to, double share)
{
  for (guint column = 0; column < walk->n_columns; column++) {
    vcn_sum_add (&walk->inflow[column][to], share * walk->y[column][p]);
    walk->error[column][to] += share * walk->y_error[column][p];
  }
}

/* Where its exits are not known. */
static void
hand_on_all (VcnWalk *walk)
{
  const VcnAbsorb *self = walk->self;
  const guint32 first = vcn_walk_first (walk), n = vcn_walk_size (walk);

  for (guint32 p = 0; p < n; p++) {
    const guint32 i = self->order[first + p];
    double most = 0;

    if (!vcn_walk_look (walk, i, &walk->done))
      return;
    for (guint column = 0; column < walk->n_columns; column++)
      most = MAX (most, walk->y[column][p] + walk->y_error[column][p]);
    for (guint64 k = self->flows->start[i]; most > 0 && k < self->flows->start[i + 1]; k++)
      if (self->position[self->flows->column[k]] - first >= n)
        hand_on (walk, p, self->flows->column[k], vcn_absorb_share (self, i, k));
  }
}

static void
store_column (gpointer data, guint column)
{
  VcnWalk *walk = data;
  const VcnAbsorb *self = walk->self;
  const guint32 first = vcn_walk_first (walk), n = vcn_walk_size (walk);

  for (guint32 p = 0; p < n; p++)
    walk->x[column][self->order[first + p]] = walk->y[column][p];
}

/* Writes the answers and hands them on to lower blocks, ends and loops. */
static void
store (VcnWalk *walk)
{
  const VcnIteration *iteration = vcn_walk_iteration (walk);

  vcn_walk_columns_of_block (walk, store_column);
  if (iteration == NULL) {
    hand_on_all (walk);
    return;
  }
  for (guint64 k = 0; k < iteration->n_exits && vcn_look (&walk->look, &walk->done, 1); k++)
    hand_on (walk, iteration->exits[k].from, iteration->exits[k].to, iteration->exits[k].share);
}

static void
finish (VcnWalk *walk)
{
  const VcnAbsorb *self = walk->self;

  for (guint column = 0; column < walk->n_columns; column++)
    for (guint32 i = 0; i < self->flows->n; i++) {
      if (self->position[i] != G_MAXUINT32)
        continue;
      walk->x[column][i] = vcn_sum_total (&walk->inflow[column][i]);
      walk->largest[column] = vcn_larger (walk->largest[column], walk->x[column][i]);
      walk->bound[column]
        = vcn_larger (walk->bound[column], walk->error[column][i] + 6 * VCN_ROUNDING * walk->x[column][i]);
    }
}

gboolean
vcn_absorb_visits (VcnAbsorb *self, const double *source, double *visits, double *again, VcnProof *proof,
                   const VcnMonitor *monitor, GError **error)
{
  const guint32 n = self->flows->n;
  VcnProof unread;
  double *const asked[] = { visits, again };
  g_auto (VcnWalk) walk = { .transposed = TRUE, .n_columns = again != NULL ? 2 : 1, .coupled = again != NULL };
  g_auto (VcnPlaced) placed = { .absorb = self };

  if (!vcn_walk_init (&walk, self, monitor, error))
    return FALSE;
  for (guint column = 0; column < walk.n_columns; column++) {
    walk.x[column] = vcn_placed_add (&placed, asked[column]);
    if (walk.x[column] == NULL)
      return vcn_fail_memory (error);
  }
  for (guint32 i = 0; i < n; i++) {
    if (!vcn_is_weight (source[i]))
      return vcn_fail_value (error, "the source of party", i);
    walk.inflow[0][vcn_absorb_place (self, i)].sum = source[i];
  }
  if (!vcn_walk_run (&walk, load, store, error))
    return FALSE;
  finish (&walk);
  proof = proof != NULL ? proof : &unread;
  *proof = (VcnProof) { .method = "none" };
  if (!vcn_walk_prove (&walk, proof, error))
    return FALSE;
  vcn_placed_give (&placed);
  return TRUE;
}
