/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-iteration.h"

#include <math.h>
#include <string.h>

#include "vcn-private.h"
#include "vcn-sum.h"

struct _VcnIteration {
  VcnCsr share;      /* P inside the component */
  VcnCsr transposed; /* made when first asked for */
  guint  n_threads;
};

void
vcn_iteration_free (VcnIteration *self)
{
  if (self == NULL)
    return;
  vcn_csr_clear (&self->share);
  vcn_csr_clear (&self->transposed);
  vc_buffer_free (self);
}

static guint64
fill (VcnCsr *share, const VcnCsr *flows, const double *outflow, const guint32 *order, const guint32 *position, guint32 first)
{
  guint64 at = 0;

  for (guint32 p = 0; p < share->n; p++) {
    const guint32 i = order[p];

    if (share->start != NULL)
      share->start[p] = at;
    for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++) {
      const guint32 q = position[flows->column[k]] - first;

      if (q >= share->n)
        continue;
      if (share->start != NULL) {
        share->column[at] = q;
        share->value[at] = flows->value[k] / outflow[i];
      }
      at++;
    }
  }
  return at;
}

VcnIteration *
vcn_iteration_new (const VcnCsr *flows, const double *outflow, const guint32 *order, guint32 n, const guint32 *position, guint32 first,
                   guint n_threads, GError **error)
{
  VcnIteration *self = vc_buffer_new0 (VcnIteration, 1);
  VcnCsr count = { .n = n };
  guint64 n_arcs;

  if (self == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  n_arcs = fill (&count, flows, outflow, order, position, first);
  self->n_threads = n_threads;
  self->share = (VcnCsr) { n, vc_buffer_new (guint64, (gsize) n + 1), vc_buffer_new (guint32, n_arcs), vc_buffer_new (double, n_arcs) };
  if (self->share.start == NULL || self->share.column == NULL || self->share.value == NULL) {
    vcn_fail_memory (error);
    vcn_iteration_free (self);
    return NULL;
  }
  self->share.start[n] = fill (&self->share, flows, outflow, order, position, first);
  return self;
}

/* y = x - P x */
static void
apply (const VcnCsr *share, const double *x, double *y)
{
  for (guint32 i = 0; i < share->n; i++) {
    double sum = 0;

    for (guint64 k = share->start[i]; k < share->start[i + 1]; k++)
      sum += share->value[k] * x[share->column[k]];
    y[i] = x[i] - sum;
  }
}

/* r = b + P x - x by compensated sums; its largest member. */
static double
residual (const VcnCsr *share, const double *b, const double *x, double *r)
{
  double most = 0;

  for (guint32 i = 0; i < share->n; i++) {
    VcnSum sum = { b[i], 0 };

    for (guint64 k = share->start[i]; k < share->start[i + 1]; k++)
      vcn_sum_add (&sum, share->value[k] * x[share->column[k]]);
    vcn_sum_add (&sum, -x[i]);
    r[i] = vcn_sum_total (&sum);
    if (!(fabs (r[i]) <= most))
      most = fabs (r[i]);
  }
  return most;
}

/* BiCGSTAB (van der Vorst 1992) on (I - P) z = r, to a hundredth of r; adds z to x. Vectors, n each: r, r0, p, v, t, z. */
static guint
bicgstab (const VcnCsr *share, double *x, double *vectors, guint max_iterations, const VcnMonitor *monitor, GError **error)
{
  const gsize n = share->n;
  double *r = vectors, *r0 = r + n, *p = r0 + n, *v = p + n, *t = v + n;
  double rho = vcn_dot (r, r, n);
  const double goal = rho * 1e-8;
  guint iterations = 0;

  memcpy (r0, r, n * sizeof *r);
  memcpy (p, r, n * sizeof *r);
  while (iterations < max_iterations && rho != 0) {
    double alpha, omega, next, tt;

    if (!vcn_monitor_step (monitor, 0.5, error))
      return 0;
    iterations++;
    apply (share, p, v);
    alpha = rho / vcn_dot (r0, v, n);
    for (gsize i = 0; i < n; i++)
      r[i] -= alpha * v[i];
    apply (share, r, t);
    tt = vcn_dot (t, t, n);
    omega = tt > 0 ? vcn_dot (t, r, n) / tt : 0;
    if (!isfinite (alpha) || !isfinite (omega))
      break;
    for (gsize i = 0; i < n; i++) {
      x[i] += alpha * p[i] + omega * r[i];
      r[i] -= omega * t[i];
    }
    next = vcn_dot (r0, r, n);
    if (vcn_dot (r, r, n) <= goal || omega == 0)
      break;
    for (gsize i = 0; i < n; i++)
      p[i] = r[i] + next / rho * alpha / omega * (p[i] - omega * v[i]);
    rho = next;
  }
  return MAX (1, iterations);
}

static gboolean
solve_column (const VcnCsr *share, VcnTask *task, guint column, double *vectors, const VcnMonitor *monitor, GError **error)
{
  double *x = task->x[column];
  guint used = 0;

  memset (x, 0, share->n * sizeof *x);
  for (;;) {
    guint iterations;

    task->residual[column] = residual (share, task->b[column], x, vectors);
    task->largest[column] = 0;
    for (guint32 i = 0; i < share->n; i++)
      task->largest[column] = MAX (task->largest[column], fabs (x[i]));
    if (task->residual[column] <= task->tolerance * MAX (1, task->largest[column]))
      break;
    if (used >= task->max_iterations || !isfinite (task->residual[column])) {
      g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE, "a residual of %g was left after %u iterations",
                   task->residual[column], used);
      return FALSE;
    }
    iterations = bicgstab (share, x, vectors, task->max_iterations - used, monitor, error);
    if (iterations == 0)
      return FALSE;
    used += iterations;
  }
  task->iterations = MAX (task->iterations, used);
  return TRUE;
}

gboolean
vcn_iteration_solve (VcnIteration *self, VcnTask *task, const VcnMonitor *monitor, GError **error)
{
  const gsize n = self->share.n;
  VC_BUFFER (double) vectors = vc_buffer_new (double, 5 * n);
  VC_BUFFER (double) source = vc_buffer_new (double, n);

  if (vectors == NULL || source == NULL)
    return vcn_fail_memory (error);
  if (task->transposed && self->transposed.start == NULL
      && !vcn_csr_transpose (&self->transposed, &self->share, self->n_threads, error))
    return FALSE;
  for (guint column = 0; column < task->n_columns; column++) {
    if (column == 1 && task->coupled) {
      for (gsize i = 0; i < n; i++)
        source[i] = task->b[1][i] + task->x[0][i];
      task->b[1] = source;
    }
    if (!solve_column (task->transposed ? &self->transposed : &self->share, task, column, vectors, monitor, error))
      return FALSE;
  }
  return TRUE;
}
