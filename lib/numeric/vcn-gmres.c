/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-gmres.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

/* Numbers of a chunk: sums depend on it. */
#define CHUNK ((gsize) 16384)
#define LANES 8

void
vcn_gmres_clear (VcnGmres *self)
{
  vcn_cycle_clear (&self->cycle);
  vc_buffer_free (self->x);
  vc_buffer_free (self->sums);
  for (guint k = 0; k <= VCN_GMRES_MAX; k++)
    vc_buffer_free (self->basis[k]);
  memset (self, 0, sizeof *self);
}

gboolean
vcn_gmres_init (VcnGmres *self, const VcnLate *late, guint pairs, GError **error)
{
  self->n = (gsize) late->sweep->n * pairs * 2;
  self->n_chunks = (guint) ((self->n + CHUNK - 1) / CHUNK);
  self->sums = vc_buffer_new (double, (gsize) self->n_chunks * (VCN_GMRES_MAX + 1));
  self->x = vc_buffer_new (VcnPair, 2 * (gsize) late->sweep->n * pairs);
  self->cycle = (VcnCycle) { .late = late, .pairs = pairs, .x = self->x };
  if (self->sums == NULL || self->x == NULL)
    return vcn_fail_memory (error);
  return vcn_cycle_init (&self->cycle, error);
}

/* The numbers of a chunk. */
static void
bounds (const VcnGmres *self, guint chunk, gsize *begin, gsize *n)
{
  *begin = chunk * CHUNK;
  *n = MIN (CHUNK, self->n - *begin);
}

/* In lanes, so that several can be done at a time and still in one order everywhere. */
static double
dot (const double *a, const double *b, gsize n)
{
  double lane[LANES] = { 0 };
  gsize i = 0;

  for (; i + LANES <= n; i += LANES)
    for (guint l = 0; l < LANES; l++)
      lane[l] += a[i + l] * b[i + l];
  for (; i < n; i++)
    lane[i % LANES] += a[i] * b[i];
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

static double
sum_of (const VcnGmres *self, guint k)
{
  double sum = 0;

  for (guint chunk = 0; chunk < self->n_chunks; chunk++)
    sum += self->sums[(gsize) chunk * (VCN_GMRES_MAX + 1) + k];
  return sum;
}

static void
run (VcnGmres *self, void (*kernel) (gpointer data, guint chunk))
{
  vc_parallel (self->cycle.late->sweep->n_threads, self->n_chunks, kernel, self);
}

static inline double *
values (const VcnGmres *self)
{
  return (double *) self->cycle.x;
}

static void
start_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  memcpy (self->basis[0] + begin, values (self) + begin, n * sizeof (double));
  self->sums[(gsize) chunk * (VCN_GMRES_MAX + 1)] = dot (values (self) + begin, values (self) + begin, n);
}

/* The last of the basis gets length 1, and is laid out for a sweep. */
static void
load_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  const double factor = self->factor[self->k];
  double *x = values (self), *last = self->basis[self->k];
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  for (gsize i = begin; i < begin + n; i++)
    x[i] = x[self->n + i] = last[i] *= factor;
}

/* The next of the basis: v - G v, and how much of it lies along those before. */
static void
image_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  const double *x = values (self), *last = self->basis[self->k];
  double *next = self->basis[self->k + 1];
  double *sums = self->sums + (gsize) chunk * (VCN_GMRES_MAX + 1);
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  for (gsize i = begin; i < begin + n; i++)
    next[i] = last[i] - x[i];
  for (guint j = 0; j <= self->k; j++)
    sums[j] = dot (self->basis[j] + begin, next + begin, n);
}

static void
subtract_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  double *next = self->basis[self->k + 1];
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  for (guint j = 0; j <= self->k; j++) {
    const double part = self->hessenberg[self->k][j];
    const double *basis = self->basis[j];

    for (gsize i = begin; i < begin + n; i++)
      next[i] -= part * basis[i];
  }
  self->sums[(gsize) chunk * (VCN_GMRES_MAX + 1)] = dot (next + begin, next + begin, n);
}

static void
combine_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  memset (self->z + begin, 0, n * sizeof (double));
  for (guint j = 0; j < self->k; j++)
    for (gsize i = begin; i < begin + n; i++)
      self->z[i] += self->rest[j] * self->basis[j][i];
}

/* Givens turns bring the new column to the triangle. */
static void
turn (VcnGmres *self)
{
  const guint k = self->k;
  double *column = self->hessenberg[k], length;

  for (guint j = 0; j < k; j++) {
    const double a = column[j], b = column[j + 1];

    column[j] = self->cosine[j] * a + self->sine[j] * b;
    column[j + 1] = self->cosine[j] * b - self->sine[j] * a;
  }
  length = sqrt (column[k] * column[k] + column[k + 1] * column[k + 1]);
  self->cosine[k] = length > 0 ? column[k] / length : 1;
  self->sine[k] = length > 0 ? column[k + 1] / length : 0;
  column[k] = length;
  self->rest[k + 1] = -self->sine[k] * self->rest[k];
  self->rest[k] *= self->cosine[k];
}

static void
solve_triangle (VcnGmres *self)
{
  for (guint k = self->k; k-- > 0;) {
    self->rest[k] = self->hessenberg[k][k] > 0 ? self->rest[k] / self->hessenberg[k][k] : 0;
    for (guint j = 0; j < k; j++)
      self->rest[j] -= self->hessenberg[k][j] * self->rest[k];
  }
}

static gboolean
grow (VcnGmres *self, guint k, GError **error)
{
  if (self->basis[k] == NULL)
    self->basis[k] = vc_buffer_new (double, self->n);
  return self->basis[k] != NULL || vcn_fail_memory (error);
}

/* One cycle. FALSE: the next of the basis vanished. */
static gboolean
extend (VcnGmres *self)
{
  const guint k = self->k;
  double length;

  run (self, load_chunk);
  vcn_cycle_run (&self->cycle, NULL);
  run (self, image_chunk);
  for (guint j = 0; j <= k; j++)
    self->hessenberg[k][j] = sum_of (self, j);
  run (self, subtract_chunk);
  length = sqrt (sum_of (self, 0));
  self->hessenberg[k][k + 1] = length;
  self->factor[k + 1] = length > 0 ? 1 / length : 0;
  turn (self);
  self->k++;
  return length > 0 && isfinite (self->factor[k + 1]);
}

gboolean
vcn_gmres_solve (VcnGmres *self, VcnPair *b, double goal, guint max_iterations, const VcnMonitor *monitor,
                 GError **error)
{
  double first;

  if (!grow (self, 0, error))
    return FALSE;
  memset (self->cycle.x, 0, 2 * self->n * sizeof (double));
  vcn_cycle_run (&self->cycle, b);
  self->z = (double *) b;
  run (self, start_chunk);
  self->k = self->iterations = 0;
  self->rest[0] = first = sqrt (sum_of (self, 0));
  self->factor[0] = first > 0 ? 1 / first : INFINITY;
  while (isfinite (self->factor[0]) && fabs (self->rest[self->k]) > first * goal && self->k < VCN_GMRES_MAX
         && self->iterations < max_iterations) {
    if (!vcn_monitor_step (monitor, 0.5, error) || !grow (self, self->k + 1, error))
      return FALSE;
    self->iterations++;
    if (!extend (self))
      break;
  }
  solve_triangle (self);
  run (self, combine_chunk);
  return TRUE;
}
