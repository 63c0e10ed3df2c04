/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"
#include "vcn-springs-parts.h"

#define MAX_CHUNKS 64
#define MIN_ROWS 2048

/* Conjugate gradients (Hestenes, Stiefel 1952) on springs scaled so that each node's weights add up to 1, preconditioned by what VcnSpringsParts adds.
 * The scaled weights are kept in single precision, alike in both their rows: the springs of a network next to the true one, by 6e-8 of each weight,
 * which corrects the levels; what is left is then measured in the true network, in double precision, until it is small enough. */
typedef struct {
  const VcnSprings        *springs;
  const VcnSpringsOptions *options;
  guint                    n_chunks;
  guint64                  rows; /* in a chunk; all but the last */
  double                   most; /* the largest sum of a node's weights */
  double                  *root; /* n: square root of the sum of weights, by `most` */
  double                  *whole; /* n: sum of scaled weights */
  float                   *share;
  double                  *x, *r, *q;
  float                   *p; /* directions need not be accurate, only what is done along them */
  VcnSpringsParts          parts;
  double                   alpha, beta, before;
  double                   sum[MAX_CHUNKS], worst[MAX_CHUNKS];
} Large;

static void
large_clear (Large *self)
{
  vc_buffer_free (self->root);
  vc_buffer_free (self->whole);
  vc_buffer_free (self->share);
  vc_buffer_free (self->x);
  vc_buffer_free (self->r);
  vc_buffer_free (self->p);
  vc_buffer_free (self->q);
  vcn_springs_parts_clear (&self->parts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Large, large_clear)

#define EACH_ROW(self, chunk, i) \
  guint64 i = (chunk) * (self)->rows; i < MIN (((chunk) + 1) * (self)->rows, (self)->springs->n); i++

static void
run (Large *self, void (*body) (gpointer data, guint chunk))
{
  vc_parallel (self->options->n_threads, self->n_chunks, body, self);
}

static double
total (const Large *self)
{
  double all = 0;

  for (guint chunk = 0; chunk < self->n_chunks; chunk++)
    all += self->sum[chunk];
  return all;
}

static double
worst (const Large *self)
{
  double all = 0;

  for (guint chunk = 0; chunk < self->n_chunks; chunk++)
    all = vcn_larger (all, self->worst[chunk]);
  return all;
}

static void
measure_rows (gpointer data, guint chunk)
{
  Large *self = data;
  const VcnSprings *springs = self->springs;

  self->worst[chunk] = 0;
  for (EACH_ROW (self, chunk, i)) {
    double sum = 0;

    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++)
      sum += springs->weight[k];
    self->root[i] = sum;
    self->worst[chunk] = MAX (self->worst[chunk], sum);
  }
}

static void
root_rows (gpointer data, guint chunk)
{
  Large *self = data;

  for (EACH_ROW (self, chunk, i))
    self->root[i] = sqrt (self->root[i] / self->most);
}

static void
scale_rows (gpointer data, guint chunk)
{
  Large *self = data;
  const VcnSprings *springs = self->springs;

  for (EACH_ROW (self, chunk, i)) {
    double sum = 0;

    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++) {
      const double both = self->root[i] * self->root[springs->column[k]];

      self->share[k] = both > 0 ? (float) (springs->weight[k] / self->most / both) : 0;
      sum += self->share[k] * self->root[springs->column[k]];
    }
    self->whole[i] = self->root[i] > 0 ? sum / self->root[i] : 0;
  }
}

/* What row i's springs hold together, in four sums that do not wait for each other. */
static inline double
pull_of_row (const Large *self, guint64 i)
{
  const guint64 begin = self->springs->start[i], end = begin + self->springs->degree[i];
  const guint32 *column = self->springs->column;
  const float *share = self->share, *p = self->p;
  double a = 0, b = 0, c = 0, d = 0;
  guint64 k = begin;

  for (; k + 4 <= end; k += 4) {
    a += (double) share[k] * p[column[k]];
    b += (double) share[k + 1] * p[column[k + 1]];
    c += (double) share[k + 2] * p[column[k + 2]];
    d += (double) share[k + 3] * p[column[k + 3]];
  }
  for (; k < end; k++)
    a += (double) share[k] * p[column[k]];
  return self->whole[i] * p[i] - ((a + b) + (c + d));
}

static void
pull_rows (gpointer data, guint chunk)
{
  Large *self = data;
  double sum = 0;

  for (EACH_ROW (self, chunk, i)) {
    self->q[i] = pull_of_row (self, i);
    sum += self->p[i] * self->q[i];
  }
  self->sum[chunk] = sum;
}

static void
step_rows (gpointer data, guint chunk)
{
  Large *self = data;
  double *load = vcn_springs_parts_load (&self->parts, chunk);
  double sum = 0, most = 0;

  memset (load, 0, self->parts.n * sizeof *load);
  for (EACH_ROW (self, chunk, i)) {
    const double r = self->r[i] -= self->alpha * self->q[i];

    self->x[i] += self->alpha * self->p[i];
    load[self->parts.part[i]] += self->root[i] * r;
    sum += r * r;
    if (self->root[i] > 0)
      most = vcn_larger (most, fabs (r) / self->root[i]);
  }
  self->sum[chunk] = sum;
  self->worst[chunk] = most;
}

static void
direct_rows (gpointer data, guint chunk)
{
  Large *self = data;
  const double *lift = self->parts.lift;

  for (EACH_ROW (self, chunk, i))
    self->p[i] = (float) (self->r[i] + self->root[i] * lift[self->parts.part[i]] + self->beta * self->p[i]);
}

/* From a pull to the scaled system's right side, and back from its solution. */
static void
begin_rows (gpointer data, guint chunk)
{
  Large *self = data;

  for (EACH_ROW (self, chunk, i)) {
    self->r[i] = self->root[i] > 0 ? self->r[i] / self->most / self->root[i] : 0;
    self->x[i] = self->q[i] = 0;
  }
}

/* Solves for x from r until the worst pull is below `enough`, or nothing moves any more. */
static gboolean
correct (Large *self, double enough, guint *iterations, GError **error)
{
  const VcnSpringsOptions *options = self->options;

  run (self, begin_rows);
  self->alpha = 0;
  run (self, step_rows);
  while (worst (self) > enough && *iterations < options->max_iterations) {
    const double square = total (self);
    double along, now;

    if (!vcn_monitor_step (options->monitor, 0, error))
      return FALSE;
    now = square + vcn_springs_parts_solve (&self->parts, self->n_chunks);
    self->beta = self->before > 0 ? now / self->before : 0;
    run (self, direct_rows);
    run (self, pull_rows);
    along = total (self);
    if (!(along > 0) || !(now > 0))
      break;
    self->alpha = now / along;
    self->before = now;
    run (self, step_rows);
    ++*iterations;
  }
  return TRUE;
}

static gboolean
large_init (Large *self, const VcnSprings *springs, const VcnSpringsOptions *options, GError **error)
{
  const guint32 n = springs->n;

  self->springs = springs;
  self->options = options;
  self->rows = MAX (MIN_ROWS, ((guint64) n + MAX_CHUNKS - 1) / MAX_CHUNKS);
  self->n_chunks = (guint) ((n + self->rows - 1) / self->rows);
  self->root = vc_buffer_new (double, n);
  self->whole = vc_buffer_new (double, n);
  self->share = vc_buffer_new (float, springs->start[n]);
  self->x = vc_buffer_new (double, n);
  self->r = vc_buffer_new (double, n);
  self->p = vc_buffer_new0 (float, n);
  self->q = vc_buffer_new (double, n);
  if (self->root == NULL || self->whole == NULL || self->share == NULL || self->x == NULL || self->r == NULL || self->p == NULL || self->q == NULL)
    return vcn_fail_memory (error);
  run (self, measure_rows);
  self->most = worst (self);
  run (self, root_rows);
  run (self, scale_rows);
  if (!vcn_monitor_step (options->monitor, 0, error))
    return FALSE;
  return vcn_springs_parts_init (&self->parts, springs, self->n_chunks, error);
}

gboolean
vcn_springs_solve_large (const VcnSprings *self, const VcnSpringsOptions *options, double *level, guint *iterations, GError **error)
{
  g_auto (Large) large = { 0 };
  double left, before = (double) INFINITY;

  if (!vcn_monitor_step (options->monitor, 0, error) || !large_init (&large, self, options, error)
      || !vcn_monitor_step (options->monitor, 0, error))
    return FALSE;
  while ((left = vcn_springs_residual (self, level, large.r, options->n_threads)) > options->tolerance / 2 && left < before / 2
         && *iterations < options->max_iterations) {
    before = left;
    if (!correct (&large, MAX (options->tolerance / 4, left * 0x1p-20), iterations, error))
      return FALSE;
    for (guint32 i = 0; i < self->n; i++)
      level[i] += large.root[i] > 0 ? large.x[i] / large.root[i] : 0;
  }
  return TRUE;
}
