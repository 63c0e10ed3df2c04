/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-walk.h"

#include <math.h>
#include <string.h>

#define NODES_PER_STEP 65536

gboolean
vcn_walk_init (VcnWalk *walk, VcnAbsorb *self, guint n_columns, const VcnMonitor *monitor, GError **error)
{
  guint32 largest = 0;

  for (guint32 c = 0; c < self->n_blocks; c++)
    largest = MAX (largest, self->first[c + 1] - self->first[c]);
  walk->self = self;
  walk->n_columns = n_columns;
  walk->monitor = monitor;
  walk->check = vc_buffer_new (VcnSum, largest);
  if (walk->check == NULL)
    return vcn_fail_memory (error);
  for (guint k = 0; k < n_columns; k++) {
    walk->b[k] = vc_buffer_new (double, largest);
    walk->y[k] = vc_buffer_new (double, largest);
    if (walk->b[k] == NULL || walk->y[k] == NULL)
      return vcn_fail_memory (error);
  }
  return TRUE;
}

void
vcn_walk_clear (VcnWalk *walk)
{
  for (guint k = 0; k < 2; k++) {
    vc_buffer_free (walk->b[k]);
    vc_buffer_free (walk->y[k]);
    vc_buffer_free (walk->inflow[k]);
  }
  vc_buffer_free (walk->check);
}

static void
note (VcnWalk *walk, guint column, double residual, double x)
{
  walk->residual[column] = MAX (walk->residual[column], fabs (residual));
  walk->largest[column] = MAX (walk->largest[column], fabs (x));
}

/* |b + P y - y|, or with P', by compensated sums. */
static void
check_block (VcnWalk *walk, guint32 block, guint column)
{
  const VcnAbsorb *self = walk->self;
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  const double *y = walk->y[column];

  for (guint32 p = 0; p < n; p++)
    walk->check[p] = (VcnSum) { walk->b[column][p], 0 };
  for (guint32 p = 0; p < n; p++) {
    const guint32 i = self->order[first + p];

    for (guint64 k = self->flows->start[i]; k < self->flows->start[i + 1]; k++) {
      const guint32 q = self->position[self->flows->column[k]] - first;

      if (q >= n)
        continue;
      if (walk->transposed)
        vcn_sum_add (&walk->check[q], vcn_absorb_share (self, i, k) * y[p]);
      else
        vcn_sum_add (&walk->check[p], vcn_absorb_share (self, i, k) * y[q]);
    }
  }
  for (guint32 p = 0; p < n; p++) {
    vcn_sum_add (&walk->check[p], -y[p]);
    note (walk, column, vcn_sum_total (&walk->check[p]), y[p]);
  }
}

static void
eliminate (VcnWalk *walk, guint32 block, guint column)
{
  const VcnAbsorb *self = walk->self;
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  const VcnEnvelope envelope = { n, self->low + first, self->row + first, self->value };

  memcpy (walk->y[column], walk->b[column], n * sizeof (double));
  if (n == 1) {
    note (walk, column, 0, walk->y[column][0]);
    return;
  }
  if (walk->transposed)
    vcn_envelope_solve_t (&envelope, walk->y[column]);
  else
    vcn_envelope_solve (&envelope, walk->y[column]);
  check_block (walk, block, column);
}

static gboolean
iterate (VcnWalk *walk, guint begin, guint end, GError **error)
{
  const VcnAbsorb *self = walk->self;
  VcnTask task = { .n_columns = end - begin, .coupled = walk->coupled && end - begin == 2, .transposed = walk->transposed, .is_signed = walk->is_signed,
                   .tolerance = self->options.tolerance, .max_iterations = self->options.max_iterations };

  for (guint k = begin; k < end; k++) {
    task.b[k - begin] = walk->b[k];
    task.x[k - begin] = walk->y[k];
  }
  if (!vcn_iteration_solve (self->iterations[walk->next_iteration], &task, walk->monitor, error))
    return FALSE;
  for (guint k = begin; k < end; k++)
    note (walk, k, task.residual[k - begin], task.largest[k - begin]);
  walk->iterations = MAX (walk->iterations, task.iterations);
  return TRUE;
}

static gboolean
solve_block (VcnWalk *walk, guint32 block, const gboolean *trivial, GError **error)
{
  const VcnAbsorb *self = walk->self;
  const guint32 n = self->first[block + 1] - self->first[block];
  const gboolean iterated = vcn_absorb_is_iterated (self, block);

  if (iterated && walk->n_columns == 2 && !trivial[0] && !trivial[1])
    return iterate (walk, 0, 2, error);
  for (guint column = 0; column < walk->n_columns; column++) {
    if (trivial[column])
      continue;
    if (walk->coupled && column == 1)
      for (guint32 p = 0; p < n; p++)
        walk->b[1][p] += walk->y[0][p];
    if (!iterated)
      eliminate (walk, block, column);
    else if (!iterate (walk, column, column + 1, error))
      return FALSE;
  }
  return TRUE;
}

/* Iterations ascend by block. */
static void
count (VcnWalk *walk, guint32 block, const gboolean *trivial)
{
  const gboolean solved = !trivial[0] || (walk->n_columns == 2 && !trivial[1]);

  walk->n_components += solved;
  if (!vcn_absorb_is_iterated (walk->self, block))
    return;
  walk->n_iterated += solved;
  walk->next_iteration += walk->transposed ? G_MAXUINT32 : 1;
}

gboolean
vcn_walk_run (VcnWalk *walk, void (*load) (VcnWalk *walk, guint32 block, gboolean *trivial),
              void (*store) (VcnWalk *walk, guint32 block), GError **error)
{
  const VcnAbsorb *self = walk->self;
  guint32 nodes = 0;

  walk->next_iteration = walk->transposed ? self->n_iterations - 1 : 0;
  for (guint32 c = 0; c < self->n_blocks; c++) {
    const guint32 block = walk->transposed ? self->n_blocks - 1 - c : c;
    gboolean trivial[2] = { FALSE, FALSE };

    nodes += self->first[block + 1] - self->first[block];
    if (c == 0 || nodes > NODES_PER_STEP) {
      nodes = 0;
      if (!vcn_monitor_step (walk->monitor, (double) c / self->n_blocks, error))
        return FALSE;
    }
    load (walk, block, trivial);
    if (!solve_block (walk, block, trivial, error))
      return FALSE;
    count (walk, block, trivial);
    store (walk, block);
  }
  return TRUE;
}

gboolean
vcn_walk_prove (const VcnWalk *walk, VcnProof *proof, GError **error)
{
  const guint32 n_eliminated = walk->n_components - walk->n_iterated;
  double residual = 0, bound = 0;

  for (guint k = 0; k < walk->n_columns; k++) {
    residual = MAX (residual, walk->residual[k] / MAX (1, walk->largest[k]));
    bound = MAX (bound, walk->bound[k] / MAX (1, walk->largest[k]));
    if (walk->residual[k] <= walk->self->options.tolerance * MAX (1, walk->largest[k]) && walk->largest[k] <= G_MAXDOUBLE)
      continue;
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE, "a residual of %g was left, more than the tolerance", residual);
    return FALSE;
  }
  if (proof != NULL)
    *proof = (VcnProof) { residual, bound, walk->iterations, walk->n_components, walk->n_iterated,
                          walk->n_components == 0   ? "none"
                          : walk->n_iterated == 0   ? "elimination"
                          : n_eliminated == 0       ? "iteration"
                                                    : "both" };
  return TRUE;
}
