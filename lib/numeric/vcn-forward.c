/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-walk.h"

#include "vcn-bound.h"
#include "vcn-placed.h"

/* Of what arcs to lower blocks lead to. */
typedef struct {
  double least, most, worst; /* value; error */
} Range;

typedef struct {
  VcnWalk            *walk;
  guint32             first, n;
  const VcnIteration *iteration; /* see vcn_walk_iteration() */
  guint               n_parts;
  Range               range[VCN_WALK_PARTS][VCN_COLUMNS];
} Gather;

/* What a node's arcs to lower blocks lead to, and how wrong that may be. */
typedef struct {
  VcnSum sum[VCN_COLUMNS];
  double error[VCN_COLUMNS];
} Target;

static inline void
gather_arc (const VcnWalk *walk, guint32 to, double share, Target *target, Range *range)
{
  for (guint column = 0; column < walk->n_columns; column++) {
    const double x = walk->x[column][to], error = walk->error[column][to];

    vcn_sum_add (&target->sum[column], share * x);
    target->error[column] += share * error;
    range[column].least = MIN (range[column].least, x);
    range[column].most = MAX (range[column].most, x);
    range[column].worst = MAX (range[column].worst, error);
  }
}

/* Where its exits are not known. */
static inline void
gather_row (const Gather *gather, guint32 i, Target *target, Range *range)
{
  const VcnAbsorb *self = gather->walk->self;

  for (guint64 k = self->flows->start[i]; k < self->flows->start[i + 1]; k++)
    if (self->position[self->flows->column[k]] - gather->first >= gather->n)
      gather_arc (gather->walk, self->flows->column[k], vcn_absorb_share (self, i, k), target, range);
}

/* The first exit of node p or one after it. */
static guint64
find_exit (const VcnIteration *iteration, guint32 p)
{
  guint64 low = 0, high = iteration->n_exits;

  while (low < high) {
    const guint64 middle = low + (high - low) / 2;

    if (iteration->exits[middle].from < p)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
gather_part (gpointer data, guint part)
{
  Gather *gather = data;
  VcnWalk *walk = gather->walk;
  const VcnIteration *iteration = gather->iteration;
  const guint32 begin = (guint32) ((guint64) gather->n * part / gather->n_parts);
  const guint32 end = (guint32) ((guint64) gather->n * (part + 1) / gather->n_parts);
  Range *range = gather->range[part];
  guint64 done = 0, *count = gather->n_parts == 1 ? &walk->done : &done;
  guint64 k = iteration != NULL ? find_exit (iteration, begin) : 0;

  for (guint column = 0; column < walk->n_columns; column++)
    range[column] = (Range) { G_MAXDOUBLE, 0, 0 };
  for (guint32 p = begin; p < end; p++) {
    const guint32 i = walk->self->order[gather->first + p];
    Target target = { { { 0, 0 } }, { 0 } };

    if (!vcn_walk_look (walk, i, count))
      return;
    if (iteration == NULL)
      gather_row (gather, i, &target, range);
    else
      for (; k < iteration->n_exits && iteration->exits[k].from == p; k++)
        gather_arc (walk, iteration->exits[k].to, iteration->exits[k].share, &target, range);
    for (guint column = 0; column < walk->n_columns; column++) {
      walk->b[column][p] = vcn_sum_total (&target.sum[column]);
      walk->b_error[column][p] = target.error[column] + 6 * VCN_ROUNDING * walk->b[column][p];
    }
  }
}

static Range
join_ranges (const Gather *gather, guint column)
{
  Range all = gather->range[0][column];

  for (guint part = 1; part < gather->n_parts; part++) {
    const Range *range = &gather->range[part][column];

    all.least = MIN (all.least, range->least);
    all.most = MAX (all.most, range->most);
    all.worst = MAX (all.worst, range->worst);
  }
  return all;
}

/* Without a source no answer is outside the range of what its arcs lead to, whatever rounding says (maximum principle).
 * Where all ways lead to one and the same value, that is the answer: exactly 0, exactly 1. */
static void
load (VcnWalk *walk, gboolean *trivial)
{
  const VcnAbsorb *self = walk->self;
  const guint32 first = vcn_walk_first (walk), n = vcn_walk_size (walk);
  Gather gather; /* nothing in vain: there may be as many blocks as nodes */

  gather.walk = walk;
  gather.first = first;
  gather.n = n;
  gather.iteration = vcn_walk_iteration (walk);
  gather.n_parts = vcn_walk_n_parts (walk);
  if (gather.n_parts == 1)
    gather_part (&gather, 0);
  else
    vc_parallel (self->options.n_threads, gather.n_parts, gather_part, &gather);
  if (vcn_look_is_stopped (&walk->look))
    return;
  for (guint column = 0; column < walk->n_columns; column++) {
    const Range range = join_ranges (&gather, column);
    /* Of a coupled column the first is the source: where that is known, it is the same everywhere. */
    const gboolean has_source
      = column == 1 && walk->coupled && (!trivial[0] || walk->y[0][0] + walk->y_error[0][0] > 0);

    trivial[column] = !has_source && range.least >= range.most;
    for (guint32 p = 0; trivial[column] && p < n; p++) {
      walk->y[column][p] = range.most;
      walk->y_error[column][p] = range.worst;
    }
    walk->range[column][0] = has_source ? -G_MAXDOUBLE : range.least;
    walk->range[column][1] = has_source ? G_MAXDOUBLE : range.most;
  }
}

static void
store_column (gpointer data, guint column)
{
  VcnWalk *walk = data;
  const VcnAbsorb *self = walk->self;
  const guint32 first = vcn_walk_first (walk), n = vcn_walk_size (walk);

  for (guint32 p = 0; p < n; p++) {
    walk->x[column][self->order[first + p]]
      = CLAMP (walk->y[column][p], walk->range[column][0], walk->range[column][1]);
    walk->error[column][self->order[first + p]] = walk->y_error[column][p];
  }
}

static void
store (VcnWalk *walk)
{
  vcn_walk_columns_of_block (walk, store_column);
}

/* Boundary where it counts, 0 elsewhere. */
static gboolean
begin (const VcnAbsorb *self, const double *boundary, double *x, GError **error)
{
  for (guint32 i = 0; i < self->flows->n; i++) {
    if (self->classes[i] == VCN_LIVE)
      continue;
    if (!vcn_is_weight (boundary[i]))
      return vcn_fail_value (error, "the boundary value of party", i);
    x[vcn_absorb_place (self, i)] = boundary[i];
  }
  return TRUE;
}

/* The next answer that is asked for, and with it its steps. */
static gboolean
add_column (VcnWalk *walk, VcnPlaced *placed, const VcnEnds *ends, guint k, GError **error)
{
  double *x = vcn_placed_add (placed, ends->x[k]);

  if (x == NULL)
    return vcn_fail_memory (error);
  if (!begin (placed->absorb, ends->boundary[k], x, error))
    return FALSE;
  walk->x[walk->n_columns++] = x;
  if (k > 0 || ends->steps == NULL)
    return TRUE;
  walk->coupled = TRUE;
  walk->x[walk->n_columns] = vcn_placed_add (placed, ends->steps);
  return walk->x[walk->n_columns++] != NULL || vcn_fail_memory (error);
}

gboolean
vcn_absorb_forward (VcnAbsorb *self, const VcnEnds *ends, VcnProof *proof, const VcnMonitor *monitor, GError **error)
{
  VcnProof unread;
  guint k = 0;

  proof = proof != NULL ? proof : &unread;
  *proof = (VcnProof) { .method = "none" };
  while (k < ends->n) {
    g_auto (VcnWalk) walk = { 0 };
    g_auto (VcnPlaced) placed = { .absorb = self };

    while (k < ends->n && walk.n_columns < VCN_COLUMNS)
      if (!add_column (&walk, &placed, ends, k++, error))
        return FALSE;
    if (!vcn_walk_init (&walk, self, monitor, error) || !vcn_walk_run (&walk, load, store, error)
        || !vcn_walk_prove (&walk, proof, error))
      return FALSE;
    vcn_placed_give (&placed);
  }
  return TRUE;
}
