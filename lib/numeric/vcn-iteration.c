/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-iteration.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-gmres.h"
#include "vcn-private.h"

/* Cycles that leave more than this of a change, on average over so many, are not enough. */
#define SLOW 0.1
#define WINDOW 8
/* Of what is allowed, the least change that is waited for. */
#define LEAST_GOAL 1e-3
/* Rounds of one effort that may leave too much. */
#define PATIENCE 2
/* What a round of GMRES is asked to leave, of a norm in which what is smooth counts most. */
#define ROUND 1e-12
/* Steps until work leaves: up to here rounding does not outweigh the tolerance. */
#define DEEP 1e3
/* A bound is not worth more. */
#define STEPS_ITERATIONS 100
#define ROWS_PER_CHUNK 8192

typedef struct {
  VcnIteration   *iteration;
  const VcnSweep *sweep;
  VcnTask        *task;
  guint           pairs;
  VcnWorkspace    work;   /* x is what is missing; to measure, the answer */
  double         *most;   /* by chunk: largest |r|, |x| */
  guint           n_chunks;
  VcnCycle        cycle;
  VcnGmres        gmres;  /* when first needed */
  guint           iterations;
} Refinement;

static void
refinement_clear (Refinement *self)
{
  if (self->iteration->spare.x != NULL)
    vcn_workspace_clear (&self->work);
  else
    self->iteration->spare = self->work;
  vc_buffer_free (self->most);
  vcn_cycle_clear (&self->cycle);
  vcn_gmres_clear (&self->gmres);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Refinement, refinement_clear)

static gboolean
refinement_init (Refinement *self, VcnTask *task, GError **error)
{
  self->sweep = &self->iteration->sweep[task->transposed];
  self->task = task;
  self->pairs = (task->n_columns + 1) / 2;
  self->n_chunks = self->sweep->n / ROWS_PER_CHUNK + 1;
  self->most = vc_buffer_new (double, 2 * VCN_COLUMNS * self->n_chunks);
  self->work = self->iteration->spare;
  memset (&self->iteration->spare, 0, sizeof self->work);
  if (self->work.x == NULL && !vcn_workspace_init (&self->work, self->sweep->n, error))
    return FALSE;
  if (self->most == NULL)
    return vcn_fail_memory (error);
  self->cycle = (VcnCycle) { .late = &self->iteration->late[task->transposed],
                            .pairs = self->pairs,
                            .coupling = task->coupled,
                            .x = self->work.x };
  return vcn_cycle_init (&self->cycle, error);
}

static void
run (Refinement *self, void (*body) (gpointer data, guint chunk))
{
  vc_parallel (self->sweep->n_threads, self->n_chunks, body, self);
}

/* The end of a chunk's rows. */
static inline gsize
chunk_end (const Refinement *self, guint chunk)
{
  return MIN (((gsize) chunk + 1) * ROWS_PER_CHUNK, self->sweep->n);
}

/* From 0, of which the residual is b. */
static void
lay_out_chunk (gpointer data, guint chunk)
{
  const Refinement *self = data;
  const VcnTask *task = self->task;

  for (gsize i = (gsize) chunk * ROWS_PER_CHUNK; i < chunk_end (self, chunk); i++)
    for (guint p = 0; p < self->pairs; p++) {
      const gsize at = i * self->pairs + p;
      const double second = 2 * p + 1 < task->n_columns ? task->b[2 * p + 1][i] : 0;

      self->work.b[at] = self->work.r[at] = (VcnPair) { task->b[2 * p][i], second };
      self->work.answer[at] = (VcnPair) { 0, 0 };
    }
}

/* r = b + P x - x by compensated sums. Forward, as what leaves and differences of what stays: all shares of a node are
 * 1, and that is not left to rounding, which would outweigh what leaves where this is little. */
static inline __attribute__ ((always_inline)) void
residual_rows (const Refinement *self, guint chunk, const guint pairs)
{
  const VcnSweep *sweep = self->sweep;
  const VcnPair *x = self->work.x;
  VcnPair most[VCN_PAIRS] = { { 0, 0 } }, largest[VCN_PAIRS] = { { 0, 0 } };

  for (gsize i = (gsize) chunk * ROWS_PER_CHUNK; i < chunk_end (self, chunk); i++) {
    const double leaves = sweep->transposed ? 1 : self->iteration->exit[i];
    VcnPairSum sum[VCN_PAIRS];
    VcnPair base[VCN_PAIRS];

    for (guint p = 0; p < pairs; p++) {
      sum[p] = (VcnPairSum) { self->work.b[i * pairs + p], { 0, 0 } };
      base[p] = sweep->transposed ? (VcnPair) { 0, 0 } : x[i * pairs + p];
    }
    for (guint64 k = sweep->start[i]; k < sweep->start[i + 1]; k++) {
      __builtin_prefetch (x + (gsize) sweep->column[k + VCN_SWEEP_AHEAD] * pairs);
      for (guint p = 0; p < pairs; p++)
        vcn_pair_sum_add (&sum[p], sweep->share[k] * (x[(gsize) sweep->column[k] * pairs + p] - base[p]));
    }
    if (self->task->coupled)
      vcn_pair_sum_add (&sum[0], (VcnPair) { 0, x[i * pairs][0] });
    for (guint p = 0; p < pairs; p++) {
      vcn_pair_sum_add (&sum[p], -leaves * x[i * pairs + p]);
      self->work.r[i * pairs + p] = sum[p].sum + sum[p].carry;
      most[p] = vcn_pair_larger (most[p], vcn_pair_size (self->work.r[i * pairs + p]));
      largest[p] = vcn_pair_larger (largest[p], vcn_pair_size (x[i * pairs + p]));
    }
  }
  memcpy (self->most + 2 * VCN_COLUMNS * chunk, most, sizeof most);
  memcpy (self->most + 2 * VCN_COLUMNS * chunk + VCN_COLUMNS, largest, sizeof largest);
}

static void
residual_chunk (gpointer data, guint chunk)
{
  const Refinement *self = data;

  if (self->pairs == 1)
    residual_rows (self, chunk, 1);
  else
    residual_rows (self, chunk, 2);
}

/* How large a residual of a column may be. */
static double
allowed (const VcnTask *task, double largest)
{
  return task->tolerance * (task->is_absolute ? 1 : MAX (1, largest));
}

/* How far the worst column is from what is asked: at most 1 when done. */
static double
measure (Refinement *self)
{
  VcnTask *task = self->task;
  double distance = 0;

  run (self, residual_chunk);
  for (guint column = 0; column < task->n_columns; column++) {
    task->residual[column] = task->largest[column] = 0;
    for (guint chunk = 0; chunk < self->n_chunks; chunk++) {
      const double *most = self->most + 2 * VCN_COLUMNS * chunk;

      task->residual[column] = vcn_larger (task->residual[column], most[column]);
      task->largest[column] = vcn_larger (task->largest[column], most[VCN_COLUMNS + column]);
    }
    distance = vcn_larger (distance, task->residual[column] / allowed (task, task->largest[column]));
  }
  return distance;
}

/* Cycles for what is missing until the next would change it by no more than `goal` of what is allowed, as far as the
 * last two tell: forward, no residual is then larger. FALSE: cancelled. */
static gboolean
relax (Refinement *self, double goal, const VcnMonitor *monitor, GError **error)
{
  const VcnTask *task = self->task;
  double distance = INFINITY, before[WINDOW], rate[2] = { 1, 1 };

  for (guint k = 0; distance * MAX (rate[0], rate[1]) > goal && self->iterations < task->max_iterations; k++) {
    if (!vcn_monitor_step (monitor, 0.5, error))
      return FALSE;
    self->iterations++;
    vcn_cycle_run (&self->cycle, self->work.r);
    distance = 0;
    for (guint column = 0; column < task->n_columns; column++)
      distance = vcn_larger (distance, self->cycle.change[column]
                                         / allowed (task, MAX (task->largest[column], self->cycle.largest[column])));
    if (!isfinite (distance) || (k >= WINDOW && distance > SLOW * before[k % WINDOW]))
      break;
    if (k > 0)
      rate[k % 2] = MIN (1, distance / before[(k - 1) % WINDOW]);
    before[k % WINDOW] = distance;
  }
  return TRUE;
}

/* GMRES for what is missing, each column scaled by its largest residual. */
static gboolean
minimize (Refinement *self, const VcnMonitor *monitor, GError **error)
{
  const VcnTask *task = self->task;
  const guint pairs = self->pairs;
  const gsize n = (gsize) self->sweep->n * pairs;
  VcnPair scale[VCN_PAIRS];

  if (self->gmres.sums == NULL && !vcn_gmres_init (&self->gmres, self->cycle.late, pairs, error))
    return FALSE;
  for (guint column = 0; column < 2 * pairs; column++)
    scale[column / 2][column % 2] = column < task->n_columns && task->residual[column] > 0 ? task->residual[column] : 1;
  if (task->coupled)
    scale[0][1] = MAX (scale[0][1], 8 * scale[0][0]);
  for (gsize i = 0; i < n; i++)
    self->work.r[i] /= scale[i % pairs];
  self->gmres.cycle.coupling = task->coupled ? scale[0][0] / scale[0][1] : 0;
  self->gmres.cycle.is_plain = self->iteration->effort[task->transposed] == 2;
  if (!vcn_gmres_solve (&self->gmres, self->work.r, ROUND, task->max_iterations - self->iterations, monitor, error))
    return FALSE;
  self->iterations += MAX (1, self->gmres.iterations);
  for (gsize i = 0; i < n; i++)
    self->work.x[i] = scale[i % pairs] * self->work.r[i];
  return TRUE;
}

static void
add_chunk (gpointer data, guint chunk)
{
  const Refinement *self = data;
  const gsize n = (gsize) self->sweep->n * self->pairs;
  VcnPair *x = self->work.x;

  for (gsize i = (gsize) chunk * ROWS_PER_CHUNK * self->pairs; i < chunk_end (self, chunk) * self->pairs; i++)
    self->work.answer[i] = x[i] = x[n + i] = vcn_pair_larger ((VcnPair) { 0, 0 }, self->work.answer[i] + x[i]);
}

/* Adds what was missing and looks how far that is from what is asked. */
static double
add (Refinement *self)
{
  run (self, add_chunk);
  return measure (self);
}

static void
start_chunk (gpointer data, guint chunk)
{
  const Refinement *self = data;
  const gsize n = (gsize) self->sweep->n * self->pairs, begin = (gsize) chunk * ROWS_PER_CHUNK * self->pairs;
  const gsize size = (chunk_end (self, chunk) * self->pairs - begin) * sizeof (VcnPair);

  memset (self->work.x + begin, 0, size);
  memset (self->work.x + n + begin, 0, size);
}

/* What is missing is looked for from 0 on. */
static void
start (Refinement *self)
{
  run (self, start_chunk);
}

/* Nothing is better than an answer that diverged. */
static double
forget (Refinement *self)
{
  run (self, lay_out_chunk);
  for (guint column = 0; column < self->task->n_columns; column++) {
    self->task->largest[column] = 0;
    self->task->residual[column] = 1;
  }
  return INFINITY;
}

static void
give_chunk (gpointer data, guint chunk)
{
  const Refinement *self = data;

  for (gsize i = (gsize) chunk * ROWS_PER_CHUNK; i < chunk_end (self, chunk); i++)
    for (guint column = 0; column < self->task->n_columns; column++)
      self->task->x[column][i] = self->work.answer[i * self->pairs + column / 2][column % 2];
}

static void
give (Refinement *self)
{
  run (self, give_chunk);
}

static void
take_back_chunk (gpointer data, guint chunk)
{
  const Refinement *self = data;
  const gsize n = (gsize) self->sweep->n * self->pairs;

  for (gsize i = (gsize) chunk * ROWS_PER_CHUNK; i < chunk_end (self, chunk); i++)
    for (guint column = 0; column < self->task->n_columns; column++) {
      const gsize at = i * self->pairs + column / 2;

      self->work.x[at][column % 2] = self->work.x[n + at][column % 2] = self->task->x[column][i];
    }
}

static void
take_back (Refinement *self)
{
  run (self, take_back_chunk);
  measure (self);
}

/* One more cycle for what is left. Where little leaves, rounding stands still before the answer is right; what is left,
 * a small number of its own, is known all the same. */
static void
polish (Refinement *self)
{
  start (self);
  vcn_cycle_run (&self->cycle, self->work.r);
  if (add (self) <= 1)
    give (self);
  else
    take_back (self);
}

static gboolean
refine (Refinement *self, const VcnMonitor *monitor, GError **error)
{
  /* What a round of each effort may leave before it counts against patience. */
  static const double enough[] = { 0.1, 0.1, 0.9 };
  VcnTask *task = self->task;
  guint *effort = &self->iteration->effort[task->transposed], patience = PATIENCE;
  double goal = 0.5, distance = forget (self), best = INFINITY;

  while (distance > 1 && self->iterations < task->max_iterations && patience > 0) {
    best = MIN (best, distance);
    start (self);
    if (!(*effort == 0 ? relax (self, goal, monitor, error) : minimize (self, monitor, error)))
      return FALSE;
    distance = add (self);
    task->iterations = self->iterations;
    goal = MAX (LEAST_GOAL, goal / MAX (1, distance));
    if (!isfinite (distance) || distance > 10 * best) {
      distance = forget (self);
      best = INFINITY;
      patience = 0;
    } else {
      patience = distance <= enough[*effort] * best ? PATIENCE : patience - 1;
    }
    if (patience == 0 && *effort < 2) {
      (*effort)++;
      patience = PATIENCE;
    }
  }
  if (!(distance <= 1)) {
    double residual = 0;

    for (guint column = 0; column < task->n_columns; column++)
      residual = vcn_larger (residual, task->residual[column]);
    return vcn_fail_residual (error, residual, self->iterations);
  }
  give (self);
  if (!task->transposed && *effort == 0 && self->iteration->coarse.depth > DEEP)
    polish (self);
  return TRUE;
}

/* The weights w = (I - P) v of a bound whose steps v are the second of coupled answers: what they come from, less all
 * that may be wrong with it. */
static void
weigh_chunk (gpointer data, guint chunk)
{
  const Refinement *self = data;
  const VcnTask *task = self->task;
  double *weight = self->iteration->weight[task->transposed], *steps = self->iteration->steps[task->transposed];
  gboolean positive = TRUE;

  for (gsize i = (gsize) chunk * ROWS_PER_CHUNK; i < chunk_end (self, chunk); i++) {
    const double source = task->x[0][i] + task->b[1][i], wrong = fabs (self->work.r[i * self->pairs][1]);

    weight[i] = source - 2 * (wrong + VCN_RESIDUAL_ROUNDING * (task->x[1][i] + source));
    positive = positive && weight[i] > 0;
    steps[i] = task->x[1][i];
  }
  self->most[2 * VCN_COLUMNS * chunk] = positive;
}

/* FALSE: some are not positive. */
static gboolean
weigh (Refinement *self)
{
  gboolean positive = TRUE;

  run (self, weigh_chunk);
  for (guint chunk = 0; chunk < self->n_chunks; chunk++)
    positive = positive && self->most[2 * VCN_COLUMNS * chunk] > 0;
  return positive;
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

  iteration->steps[transposed] = vc_buffer_new (double, n);
  iteration->weight[transposed] = vc_buffer_new (double, n);
  if (ones == NULL || iteration->steps[transposed] == NULL || iteration->weight[transposed] == NULL)
    return vcn_fail_memory (error);
  if (self->task->coupled && weigh (self))
    return TRUE;
  for (guint32 i = 0; i < n; i++)
    ones[i] = 1;
  task.x[0] = iteration->steps[transposed];
  if (!vcn_iteration_solve (iteration, &task, monitor, error))
    return FALSE;
  for (guint32 i = 0; i < n; i++) {
    iteration->weight[transposed][i] = 0.9 - VCN_RESIDUAL_ROUNDING * (1 + iteration->steps[transposed][i]);
    if (!(iteration->weight[transposed][i] > 0))
      return vcn_fail_residual (error, task.residual[0], task.iterations);
  }
  return TRUE;
}

typedef struct {
  const Refinement *refinement;
  VcnBound          bound;
  double            ratio[VCN_COLUMNS]; /* the errors of a column are at most its ratio times v */
} Bounds;

static void
find_ratio (gpointer data, guint column)
{
  Bounds *bounds = data;
  const Refinement *self = bounds->refinement;
  const VcnTask *task = self->task;

  bounds->ratio[column] = vcn_bound_ratio (&bounds->bound, (const double *) self->work.r + column, 2 * self->pairs,
                                           task->b_error[column], task->x[column]);
}

static void
apply_ratio (gpointer data, guint column)
{
  const Bounds *bounds = data;

  vcn_bound_apply (&bounds->bound, bounds->ratio[column], bounds->refinement->task->error[column]);
}

static void
find_bounds (const Refinement *self, const double *steps, const double *weight)
{
  const guint n_threads = self->sweep->n_threads, n_columns = self->task->n_columns;
  Bounds bounds = { self, { self->sweep->n, steps, weight }, { 0 } };

  vc_parallel (n_threads, n_columns, find_ratio, &bounds);
  /* The first column's error is part of the second's source: ratio v <= ratio depth w. */
  if (self->task->coupled)
    bounds.ratio[1] += bounds.ratio[0] * vcn_bound_depth (&bounds.bound);
  vc_parallel (n_threads, n_columns, apply_ratio, &bounds);
}

static gboolean
prove (Refinement *self, const VcnMonitor *monitor, GError **error)
{
  VcnIteration *iteration = self->iteration;
  const VcnTask *task = self->task;
  g_autoptr (GError) problem = NULL;

  if (!iteration->is_unbounded[task->transposed] && iteration->steps[task->transposed] == NULL
      && !find_steps (self, iteration, monitor, &problem)) {
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
  if (!iteration->is_unbounded[task->transposed])
    find_bounds (self, iteration->steps[task->transposed], iteration->weight[task->transposed]);
  return TRUE;
}

gboolean
vcn_iteration_solve (VcnIteration *self, VcnTask *task, const VcnMonitor *monitor, GError **error)
{
  g_auto (Refinement) refinement = { .iteration = self };

  if (!refinement_init (&refinement, task, error) || !refine (&refinement, monitor, error))
    return FALSE;
  return task->error[0] == NULL || prove (&refinement, monitor, error);
}
