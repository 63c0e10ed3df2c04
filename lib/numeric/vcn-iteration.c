/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-iteration.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-gmres.h"
#include "vcn-private.h"
#include "vcn-sum.h"

/* Refinement goes on while each round halves what is left, at least once in so many. */
#define PATIENCE 3
/* One round of single precision can do no better. */
#define ROUND 1e-6
/* A bound is not worth more. */
#define STEPS_ITERATIONS 100
#define ROWS_PER_CHUNK 8192

typedef struct {
  VcnIteration   *iteration;
  const VcnSweep *sweep;
  VcnTask        *task;
  double         *r[2];    /* n: residuals */
  double         *most[2]; /* by chunk: largest |r|, |x| */
  guint           n_chunks;
} Refinement;

static void
refinement_clear (Refinement *self)
{
  for (guint k = 0; k < 2; k++) {
    vc_buffer_free (self->r[k]);
    vc_buffer_free (self->most[k]);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Refinement, refinement_clear)

static void
residual_chunk (gpointer data, guint chunk)
{
  const Refinement *self = data;
  const VcnSweep *sweep = self->sweep;
  const VcnTask *task = self->task;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK, end = MIN (begin + ROWS_PER_CHUNK, sweep->n);

  for (guint column = 0; column < task->n_columns; column++) {
    const double *x = task->x[column];
    double *most = self->most[column] + 2 * chunk;

    most[0] = most[1] = 0;
    for (guint64 i = begin; i < end; i++) {
      VcnSum sum = { task->b[column][i], 0 };

      for (guint64 k = sweep->start[i]; k < sweep->start[i + 1]; k++)
        vcn_sum_add (&sum, sweep->share[k] * x[vcn_sweep_node (sweep, sweep->column[k])]);
      if (column == 1 && task->coupled)
        vcn_sum_add (&sum, task->x[0][i]);
      vcn_sum_add (&sum, -x[i]);
      self->r[column][i] = vcn_sum_total (&sum);
      most[0] = vcn_larger (most[0], fabs (self->r[column][i]));
      most[1] = vcn_larger (most[1], fabs (x[i]));
    }
  }
}

/* How far the worst column is from what is asked: at most 1 when done. */
static double
measure (Refinement *self)
{
  VcnTask *task = self->task;
  double distance = 0;

  vc_parallel (self->sweep->n_threads, self->n_chunks, residual_chunk, self);
  for (guint column = 0; column < task->n_columns; column++) {
    task->residual[column] = task->largest[column] = 0;
    for (guint chunk = 0; chunk < self->n_chunks; chunk++) {
      task->residual[column] = vcn_larger (task->residual[column], self->most[column][2 * chunk]);
      task->largest[column] = vcn_larger (task->largest[column], self->most[column][2 * chunk + 1]);
    }
    distance = MAX (distance, task->residual[column] / (task->tolerance * (task->is_absolute ? 1 : MAX (1, task->largest[column]))));
  }
  return distance;
}

static void
add (const Refinement *self, const float *z, const double *scale)
{
  const VcnTask *task = self->task;
  const guint width = task->n_columns;

  for (guint column = 0; column < width; column++)
    for (gsize i = 0; i < self->sweep->n; i++) {
      double *x = &task->x[column][i];

      *x += scale[column] * (double) z[i * width + column];
      if (*x < 0)
        *x = 0;
    }
}

/* Sweeps, or GMRES where these are not enough, for hubs given as 0; then the hubs. */
static gboolean
solve_inner (const Refinement *self, VcnGmres *solver, double goal, const VcnMonitor *monitor, GError **error)
{
  const guint max_iterations = self->task->max_iterations;
  guint *effort = &self->iteration->effort[self->task->transposed];
  const VcnHubs *hubs = &self->iteration->hubs[self->task->transposed];
  double rest[2][VCN_COARSE_HUBS];

  vcn_hubs_take (hubs, solver->columns.width, solver->b, rest);
  if (!vcn_gmres_solve (solver, goal, max_iterations, effort, monitor, error))
    return FALSE;
  vcn_hubs_give (hubs, &solver->columns, solver->z, rest);
  return TRUE;
}

/* One round: what is missing, in single precision, each column scaled by its largest residual. */
static gboolean
improve (const Refinement *self, VcnGmres *solver, double distance, const VcnMonitor *monitor, GError **error)
{
  const VcnTask *task = self->task;
  const guint width = task->n_columns;
  double scale[2] = { task->residual[0], task->residual[1] };

  if (task->coupled)
    scale[1] = MAX (scale[1], 8 * scale[0]);
  for (guint column = 0; column < width; column++)
    for (gsize i = 0; i < self->sweep->n; i++)
      solver->b[i * width + column] = (float) (scale[column] > 0 ? self->r[column][i] / scale[column] : 0);
  solver->columns.coupling = task->coupled ? (float) (scale[0] / scale[1]) : 0;
  if (!solve_inner (self, solver, MAX (ROUND, 0.01 / distance), monitor, error))
    return FALSE;
  add (self, solver->z, scale);
  return TRUE;
}

/* Nothing is better than an answer that diverged; its residual is b. */
static void
forget (Refinement *self)
{
  for (guint column = 0; column < self->task->n_columns; column++)
    memset (self->task->x[column], 0, self->sweep->n * sizeof (double));
  measure (self);
}

static gboolean
refine (Refinement *self, VcnGmres *solver, const VcnMonitor *monitor, GError **error)
{
  VcnTask *task = self->task;
  guint *effort = &self->iteration->effort[task->transposed];
  double best = INFINITY;
  guint patience = PATIENCE;

  for (;;) {
    const double distance = measure (self);

    task->iterations = solver->iterations;
    if (distance <= 1)
      return TRUE;
    if (distance > 0.1 * best && *effort < 2)
      (*effort)++;
    else
      patience = distance <= 0.5 * best ? PATIENCE : patience - 1;
    if (!(distance <= 10 * best))
      forget (self);
    best = MIN (best, distance);
    if (patience == 0 || solver->iterations >= task->max_iterations)
      break;
    if (!improve (self, solver, distance, monitor, error))
      return FALSE;
  }
  return vcn_fail_residual (error, MAX (task->residual[0], task->residual[1]), solver->iterations);
}

/* What a bound needs, from steps that were found along with x, or found now as x = 1 + P x, to a tenth. */
static gboolean
find_steps (Refinement *self, VcnIteration *iteration, const VcnMonitor *monitor, GError **error)
{
  const gboolean transposed = self->task->transposed;
  const guint32 n = self->sweep->n;
  VC_BUFFER (double) ones = vc_buffer_new (double, n);
  VcnTask task = { .n_columns = 1, .transposed = transposed, .b = { ones }, .tolerance = 0.1, .is_absolute = TRUE,
                   .max_iterations = STEPS_ITERATIONS };

  if (iteration->steps[transposed] != NULL)
    return TRUE;
  iteration->steps[transposed] = vc_buffer_new (double, n);
  iteration->weight[transposed] = vc_buffer_new (double, n);
  if (ones == NULL || iteration->steps[transposed] == NULL || iteration->weight[transposed] == NULL)
    return vcn_fail_memory (error);
  if (self->task->coupled && vcn_bound_weigh (n, self->task->x[0], self->task->b[1], self->r[1], iteration->weight[transposed])) {
    memcpy (iteration->steps[transposed], self->task->x[1], n * sizeof (double));
    return TRUE;
  }
  for (guint32 i = 0; i < n; i++) {
    ones[i] = 1;
    iteration->weight[transposed][i] = 0.9 - 1e-9;
  }
  task.x[0] = iteration->steps[transposed];
  return vcn_iteration_solve (iteration, &task, monitor, error);
}

static gboolean
prove (Refinement *self, const VcnMonitor *monitor, GError **error)
{
  VcnIteration *iteration = self->iteration;
  const VcnTask *task = self->task;
  VcnBound bound = { self->sweep->n, NULL, NULL };
  g_autoptr (GError) problem = NULL;
  double ratio = 0;

  if (!iteration->is_unbounded[task->transposed] && !find_steps (self, iteration, monitor, &problem)) {
    g_clear_pointer (&iteration->steps[task->transposed], vc_buffer_free);
    g_clear_pointer (&iteration->weight[task->transposed], vc_buffer_free);
    if (!g_error_matches (problem, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE)) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
    iteration->is_unbounded[task->transposed] = TRUE;
  }
  for (guint column = 0; iteration->is_unbounded[task->transposed] && column < task->n_columns; column++)
    for (guint32 i = 0; i < self->sweep->n; i++)
      task->error[column][i] = G_MAXDOUBLE;
  if (iteration->is_unbounded[task->transposed])
    return TRUE;
  bound.v = iteration->steps[task->transposed];
  bound.w = iteration->weight[task->transposed];
  for (guint column = 0; column < task->n_columns; column++) {
    /* The first column's error, at most ratio v, is part of the second's source: ratio v <= ratio depth w. */
    ratio = task->coupled && column == 1 ? ratio * vcn_bound_depth (&bound) : 0;
    ratio += vcn_bound_ratio (&bound, self->r[column], task->b_error[column], task->x[column]);
    vcn_bound_apply (&bound, ratio, task->error[column]);
  }
  return TRUE;
}

gboolean
vcn_iteration_solve (VcnIteration *self, VcnTask *task, const VcnMonitor *monitor, GError **error)
{
  g_auto (Refinement) refinement = { .iteration = self, .sweep = &self->sweep[task->transposed], .task = task };
  g_auto (VcnGmres) solver = { 0 };
  const guint32 n = self->sweep[0].n;

  if (task->transposed && !vcn_iteration_transpose (self, error))
    return FALSE;
  refinement.n_chunks = n / ROWS_PER_CHUNK + 1;
  for (guint column = 0; column < task->n_columns; column++) {
    refinement.r[column] = vc_buffer_new (double, n);
    refinement.most[column] = vc_buffer_new (double, 2 * refinement.n_chunks);
    if (refinement.r[column] == NULL || refinement.most[column] == NULL)
      return vcn_fail_memory (error);
    memset (task->x[column], 0, n * sizeof (double));
  }
  return vcn_hubs_init (&self->hubs[task->transposed], refinement.sweep, &self->effort[task->transposed], monitor, error)
         && vcn_gmres_init (&solver, refinement.sweep, task->n_columns, error) && refine (&refinement, &solver, monitor, error)
         && (task->error[0] == NULL || prove (&refinement, monitor, error));
}
