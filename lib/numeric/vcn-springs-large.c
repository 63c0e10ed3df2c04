/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"
#include "vcn-springs-couples.h"
#include "vcn-springs-parts.h"
#include "vcn-stream.h"

#define MAX_CHUNKS 64
#define MIN_ROWS 2048
/* What is left of a pull before it is measured anew in the true network. */
#define REFRESH 0x1p-16
/* Of the tolerance: what is good enough, and what a correction is to come to. */
#define ENOUGH 0.9
#define AIM 0.7

/* Conjugate gradients (Hestenes, Stiefel 1952) on VcnSpringsScaled, preconditioned by what couples are solved for
 * together and what VcnSpringsParts adds. What is left is measured in the true network, in double precision, again and
 * again without giving up the direction (van der Vorst, Ye 2000), until it is small enough. */
typedef struct {
  const VcnSpringsOptions *options;
  VcnSpringsScaled         scaled;
  VcnSpringsParts          parts;
  VcnSpringsCouples        couples;
  guint                    n_chunks;
  guint64                  rows;  /* in a chunk; all but the last */
  double                  *level; /* n, by node */
  double                  *pull;  /* n, by node: what is left in the true network */
  double                  *x, *r; /* n: the correction; what is left of the pull */
  float                   *p;     /* n: directions need not be accurate, only what is done along them */
  double                  *q;     /* n: what the direction pulls */
  double                   alpha, beta, before;
  double                   sum[MAX_CHUNKS], worst[MAX_CHUNKS];
} Large;

static void
large_clear (Large *self)
{
  vc_buffer_free (self->pull);
  vc_buffer_free (self->x);
  vc_buffer_free (self->r);
  vc_buffer_free (self->p);
  vc_buffer_free (self->q);
  vcn_springs_couples_clear (&self->couples);
  vcn_springs_parts_clear (&self->parts);
  vcn_springs_scaled_clear (&self->scaled);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Large, large_clear)

#define EACH_ROW(self, chunk, i) \
  guint64 i = (chunk) * (self)->rows; i < MIN (((chunk) + 1) * (self)->rows, (self)->scaled.n); i++

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

/* What the springs of a row hold together. */
static inline double
sum_of_row (const Large *self, guint64 row)
{
  const VcnSpringsScaled *scaled = &self->scaled;
  double sum = 0;

  vcn_stream_ask (scaled->column + scaled->start[row], FALSE);
  vcn_stream_ask (scaled->share + scaled->start[row], FALSE);
  for (guint64 k = scaled->start[row]; k < scaled->start[row + 1]; k++) {
    __builtin_prefetch (self->p + scaled->column[k + VCN_SPRINGS_AHEAD], 0, 2);
    sum += (double) scaled->share[k] * self->p[scaled->column[k]];
  }
  return sum;
}

static void
pull_rows (gpointer data, guint chunk)
{
  Large *self = data;
  double sum = 0;

  for (EACH_ROW (self, chunk, row)) {
    const guint32 i = self->scaled.of_row[row];
    double pull;

    /* Within a window rows go by length, not by place: each window is asked for while the one before it is at work. */
    __builtin_prefetch (self->q + row + VCN_SPRINGS_WINDOW, 1);
    __builtin_prefetch (self->p + row + VCN_SPRINGS_WINDOW);
    pull = self->scaled.whole[row] * self->p[i] - sum_of_row (self, row);
    sum += self->p[i] * pull;
    self->q[i] = pull;
  }
  self->sum[chunk] = sum;
}

static void
step_rows (gpointer data, guint chunk)
{
  Large *self = data;
  double *load = vcn_springs_parts_load (&self->parts, chunk);
  double sum = 0, most = 0, here = 0;
  guint part = 0;

  memset (load, 0, self->parts.n * sizeof *load);
  for (EACH_ROW (self, chunk, i)) {
    const double root = self->scaled.root[i];
    const double r = self->r[i] -= self->alpha * self->q[i];

    self->x[i] += self->alpha * self->p[i];
    if (self->parts.part[i] != part) {
      load[part] += here;
      part = self->parts.part[i];
      here = 0;
    }
    here += root * r;
    sum += r * r;
    if (root > 0)
      most = vcn_larger (most, fabs (r) / root);
  }
  load[part] += here;
  self->sum[chunk] = sum;
  self->worst[chunk] = most;
}

static void
direct_rows (gpointer data, guint chunk)
{
  Large *self = data;
  const double *lift = self->parts.lift;

  for (EACH_ROW (self, chunk, i))
    self->p[i]
      = (float) (self->r[i] + self->scaled.root[i] * lift[self->parts.part[i]] + self->beta * self->p[i]);
}

/* From a pull to the scaled system's right side. */
static void
begin_rows (gpointer data, guint chunk)
{
  Large *self = data;

  for (EACH_ROW (self, chunk, i)) {
    const double root = self->scaled.root[i];

    self->r[i]
      = root > 0 ? self->pull[vcn_springs_scaled_node (&self->scaled, (guint32) i)] / self->scaled.most / root : 0;
    self->x[i] = 0;
  }
}

/* What was found to `level`. */
static void
add_rows (gpointer data, guint chunk)
{
  const Large *self = data;

  for (EACH_ROW (self, chunk, i))
    if (self->scaled.root[i] > 0)
      self->level[vcn_springs_scaled_node (&self->scaled, (guint32) i)] += self->x[i] / self->scaled.root[i];
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
    now = square + vcn_springs_parts_solve (&self->parts, self->n_chunks)
          + vcn_springs_couples_solve (&self->couples, self->r, options->n_threads);
    self->beta = self->before > 0 ? now / self->before : 0;
    run (self, direct_rows);
    vcn_springs_couples_add (&self->couples, self->p, options->n_threads);
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

  self->options = options;
  self->rows = MAX (MIN_ROWS, ((guint64) n + MAX_CHUNKS - 1) / MAX_CHUNKS);
  self->n_chunks = (guint) ((n + self->rows - 1) / self->rows);
  self->pull = vc_buffer_new (double, n);
  self->x = vc_buffer_new (double, n);
  self->r = vc_buffer_new (double, n);
  self->p = vc_buffer_new0 (float, n);
  self->q = vc_buffer_new0 (double, n);
  if (self->pull == NULL || self->x == NULL || self->r == NULL || self->p == NULL || self->q == NULL)
    return vcn_fail_memory (error);
  return vcn_springs_scaled_init (&self->scaled, springs, options, error)
         && vcn_springs_parts_init (&self->parts, springs, &self->scaled, self->n_chunks, error)
         && vcn_monitor_step (options->monitor, 0, error)
         && vcn_springs_couples_init (&self->couples, &self->scaled, error);
}

/* The first side whose pull must be found: while all levels are 0, that of all is known. */
static guint
begin (const VcnSprings *springs, const double *level, double *pull)
{
  guint32 i = 0;

  while (i < springs->n && level[i] == 0)
    i++;
  if (i < springs->n)
    return 0;
  memcpy (pull, springs->rest, springs->n * sizeof *pull);
  return springs->n_sides;
}

gboolean
vcn_springs_solve_large (const VcnSprings *self, const VcnSpringsOptions *options, double *level, guint *iterations,
                         double *left, GError **error)
{
  g_auto (Large) large = { .level = level };
  double before = (double) INFINITY;
  guint side;

  if (!vcn_monitor_step (options->monitor, 0, error) || !large_init (&large, self, options, error)
      || !vcn_monitor_step (options->monitor, 0, error))
    return FALSE;
  side = begin (self, level, large.pull);
  while ((*left = vcn_springs_residual (self, side, level, large.pull, options->n_threads))
           > ENOUGH * options->tolerance
         && *left < before / 2 && *iterations < options->max_iterations) {
    before = *left;
    side = 0;
    if (!correct (&large, MAX (AIM * options->tolerance, *left * REFRESH), iterations, error))
      return FALSE;
    run (&large, add_rows);
  }
  return TRUE;
}
