/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vc-parallel-private.h"
#include "vcn-bound.h"
#include "vcn-placed.h"
#include "vcn-walk.h"

/* Smaller blocks are not worth a second thread. */
#define SERIAL 16384

typedef struct {
  VcnWalk *walk;
  guint32  block;
  double   most[VCN_COLUMNS]; /* the largest right-hand side, and what it may lack */
} Columns;

static void
load_column (gpointer data, guint column)
{
  Columns *columns = data;
  VcnWalk *walk = columns->walk;
  const VcnAbsorb *self = walk->self;
  const guint32 first = self->first[columns->block], n = self->first[columns->block + 1] - first;
  double most = 0;

  for (guint32 p = 0; p < n; p++) {
    walk->b[column][p] = vcn_sum_total (&walk->inflow[column][self->order[first + p]]);
    walk->b_error[column][p] = walk->error[column][self->order[first + p]] + 6 * VCN_ROUNDING * walk->b[column][p];
    walk->y[column][p] = walk->y_error[column][p] = 0;
    /* What is 0 but not known to be is solved too: in a nearly closed loop little becomes much. */
    most = MAX (most, walk->b[column][p] + walk->b_error[column][p]);
  }
  columns->most[column] = most;
}

static void
load (VcnWalk *walk, guint32 block, gboolean *trivial)
{
  const guint32 n = walk->self->first[block + 1] - walk->self->first[block];
  Columns columns = { walk, block, { 0 } };

  if (n >= SERIAL)
    vc_parallel (walk->self->options.n_threads, walk->n_columns, load_column, &columns);
  for (guint column = 0; column < walk->n_columns && n < SERIAL; column++)
    load_column (&columns, column);
  for (guint column = 0; column < walk->n_columns; column++)
    trivial[column] = columns.most[column] == 0 && (column == 0 || trivial[0]);
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
hand_on_all (VcnWalk *walk, guint32 block)
{
  const VcnAbsorb *self = walk->self;
  const guint32 first = self->first[block], n = self->first[block + 1] - first;

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

/* Writes the answers and hands them on to lower blocks, ends and loops. */
static void
store (VcnWalk *walk, guint32 block)
{
  const VcnAbsorb *self = walk->self;
  const VcnIteration *iteration = vcn_walk_iteration (walk, block);

  for (guint column = 0; column < walk->n_columns && vcn_walk_look_at_block (walk, block); column++)
    for (guint32 p = self->first[block]; p < self->first[block + 1]; p++)
      walk->x[column][self->order[p]] = walk->y[column][p - self->first[block]];
  if (iteration == NULL) {
    hand_on_all (walk, block);
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
    walk.inflow[column] = vc_buffer_new0 (VcnSum, n);
    walk.x[column] = vcn_placed_add (&placed, asked[column]);
    if (walk.inflow[column] == NULL || walk.x[column] == NULL)
      return vcn_fail_memory (error);
    if (!vcn_monitor_step (monitor, 0, error))
      return FALSE;
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
