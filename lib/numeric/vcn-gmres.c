/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-gmres.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

/* Sweeps that go on this slowly, on average, are not enough. */
#define SLOW 0.6
#define TRIAL 8
/* Nodes of a chunk: sums depend on it. */
#define CHUNK ((gsize) 4096)
#define LANES 8

void
vcn_gmres_clear (VcnGmres *self)
{
  vc_buffer_free (self->b);
  vc_buffer_free (self->z);
  vc_buffer_free (self->x);
  vc_buffer_free (self->sums);
  for (guint k = 0; k <= VCN_GMRES_MAX; k++)
    vc_buffer_free (self->basis[k]);
  memset (self, 0, sizeof *self);
}

gboolean
vcn_gmres_init (VcnGmres *self, const VcnSweep *sweep, guint width, GError **error)
{
  self->sweep = sweep;
  self->columns.width = width;
  self->n = (gsize) sweep->n * width;
  self->n_chunks = (guint) ((sweep->n + CHUNK - 1) / CHUNK);
  self->b = vc_buffer_new (float, self->n);
  self->z = vc_buffer_new (float, self->n);
  self->x = vc_buffer_new (float, 2 * self->n);
  self->sums = vc_buffer_new (double, (gsize) self->n_chunks * (VCN_GMRES_MAX + 1));
  if (self->b == NULL || self->z == NULL || self->x == NULL || self->sums == NULL)
    return vcn_fail_memory (error);
  return TRUE;
}

/* The floats of a chunk. */
static void
bounds (const VcnGmres *self, guint chunk, gsize *begin, gsize *n)
{
  *begin = chunk * CHUNK * self->columns.width;
  *n = MIN (CHUNK * self->columns.width, self->n - *begin);
}

/* In lanes, so that several can be done at a time and still in one order everywhere. */
static double
dot (const float *a, const float *b, gsize n)
{
  double lane[LANES] = { 0 };
  gsize i = 0;

  for (; i + LANES <= n; i += LANES)
    for (guint l = 0; l < LANES; l++)
      lane[l] += (double) a[i + l] * (double) b[i + l];
  for (; i < n; i++)
    lane[i % LANES] += (double) a[i] * (double) b[i];
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
  vc_parallel (self->sweep->n_threads, self->n_chunks, kernel, self);
}

/* Adds the correction to a sweep's work. */
static void
correct (const VcnGmres *self, guint chunk)
{
  const guint8 *group = self->sweep->coarse->group;
  const guint width = self->columns.width;
  const gsize end = MIN ((chunk + 1) * CHUNK, self->sweep->n);

  for (guint column = 0; column < width; column++)
    for (gsize i = chunk * CHUNK; i < end; i++)
      self->x[i * width + column] += (float) self->columns.change[column][group[i]];
}

static void
start_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  correct (self, chunk);
  memcpy (self->basis[0] + begin, self->x + begin, n * sizeof (float));
  self->sums[(gsize) chunk * (VCN_GMRES_MAX + 1)] = dot (self->x + begin, self->x + begin, n);
}

/* The last of the basis gets length 1, and is laid out for a sweep. */
static void
load_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  const float factor = (float) self->factor[self->k];
  float *last = self->basis[self->k];
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  for (gsize i = begin; i < begin + n; i++)
    self->x[i] = self->x[self->n + i] = last[i] *= factor;
}

/* The next of the basis: v - G v, and how much of it lies along those before. */
static void
image_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  float *next = self->basis[self->k + 1];
  double *sums = self->sums + (gsize) chunk * (VCN_GMRES_MAX + 1);
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  correct (self, chunk);
  for (gsize i = begin; i < begin + n; i++)
    next[i] = self->x[self->n + i] - self->x[i];
  for (guint j = 0; j <= self->k; j++)
    sums[j] = dot (self->basis[j] + begin, next + begin, n);
}

static void
subtract_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  float *next = self->basis[self->k + 1];
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  for (guint j = 0; j <= self->k; j++) {
    const float part = (float) self->hessenberg[self->k][j];
    const float *basis = self->basis[j];

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
  memset (self->z + begin, 0, n * sizeof (float));
  for (guint j = 0; j < self->k; j++) {
    const float part = (float) self->rest[j];

    for (gsize i = begin; i < begin + n; i++)
      self->z[i] += part * self->basis[j][i];
  }
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
    self->basis[k] = vc_buffer_new (float, self->n);
  return self->basis[k] != NULL || vcn_fail_memory (error);
}

/* One sweep. FALSE: the next of the basis vanished. */
static gboolean
extend (VcnGmres *self)
{
  const guint k = self->k;
  double length;

  run (self, load_chunk);
  vcn_sweep_run (self->sweep, &self->columns, self->x, NULL);
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

static gboolean
minimize (VcnGmres *self, double goal, guint max_iterations, const VcnMonitor *monitor, GError **error)
{
  double first;

  if (!grow (self, 0, error))
    return FALSE;
  memset (self->x, 0, 2 * self->n * sizeof *self->x);
  vcn_sweep_run (self->sweep, &self->columns, self->x, self->b);
  run (self, start_chunk);
  self->k = 0;
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

static void
relax_chunk (gpointer data, guint chunk)
{
  VcnGmres *self = data;
  float *old = self->x + self->n;
  gsize begin, n;

  bounds (self, chunk, &begin, &n);
  correct (self, chunk);
  for (gsize i = begin; i < begin + n; i++) {
    self->z[i] = self->x[i] - old[i];
    old[i] = self->x[i];
  }
  self->sums[(gsize) chunk * (VCN_GMRES_MAX + 1)] = dot (self->z + begin, self->z + begin, n);
}

static gboolean
relax (VcnGmres *self, double goal, guint max_iterations, guint *effort, const VcnMonitor *monitor, GError **error)
{
  double first = 0, size = 0, slow = 1;

  memset (self->x, 0, 2 * self->n * sizeof *self->x);
  for (guint k = 0; (k == 0 || size > first * goal) && self->iterations < max_iterations; k++) {
    if (!vcn_monitor_step (monitor, 0.5, error))
      return FALSE;
    self->iterations++;
    vcn_sweep_run (self->sweep, &self->columns, self->x, self->b);
    run (self, relax_chunk);
    size = sqrt (sum_of (self, 0));
    first = MAX (first, size);
    slow *= SLOW;
    if ((k > TRIAL && !(size <= first * slow)) || !isfinite (size)) {
      *effort = 1;
      break;
    }
  }
  memcpy (self->z, self->x, self->n * sizeof *self->x);
  return TRUE;
}

gboolean
vcn_gmres_solve (VcnGmres *self, double goal, guint max_iterations, guint *effort, const VcnMonitor *monitor, GError **error)
{
  self->columns.is_plain = *effort == 2;
  if (*effort == 0 && !relax (self, goal, max_iterations, effort, monitor, error))
    return FALSE;
  return *effort == 0 || minimize (self, goal, max_iterations, monitor, error);
}
