/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-hubs.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-gmres.h"
#include "vcn-private.h"
#include "vcn-sum.h"

#define RESPONSE_GOAL 1e-7
#define RESPONSE_ITERATIONS 60
#define CHUNK ((gsize) 16384)

void
vcn_hubs_clear (VcnHubs *self)
{
  for (guint h = 0; h < VCN_COARSE_HUBS; h++)
    vc_buffer_free (self->response[h]);
  memset (self, 0, sizeof *self);
}

/* What a hub's own row takes from z. */
static double
inflow (const VcnHubs *self, guint hub, const float *z, guint width, guint column)
{
  const VcnSweep *sweep = self->sweep;
  const guint32 i = sweep->coarse->hub[hub];
  VcnSum sum = { 0, 0 };

  for (guint64 k = sweep->start[i]; k < sweep->start[i + 1]; k++)
    vcn_sum_add (&sum, sweep->share[k] * (double) z[(gsize) vcn_sweep_node (sweep, sweep->column[k]) * width + column]);
  return vcn_sum_total (&sum);
}

static gboolean
respond (VcnHubs *self, VcnGmres *solver, guint hub, guint *effort, const VcnMonitor *monitor, GError **error)
{
  self->response[hub] = vc_buffer_new (float, solver->n);
  if (self->response[hub] == NULL)
    return vcn_fail_memory (error);
  memset (solver->b, 0, solver->n * sizeof (float));
  solver->b[2 * self->sweep->coarse->hub[hub]] = 1;
  solver->columns.coupling = 1;
  solver->iterations = 0;
  if (!vcn_gmres_solve (solver, RESPONSE_GOAL, RESPONSE_ITERATIONS, effort, monitor, error))
    return FALSE;
  memcpy (self->response[hub], solver->z, solver->n * sizeof (float));
  for (guint other = 0; other < self->n; other++) {
    self->loop[other][hub] = inflow (self, other, self->response[hub], 2, 0);
    self->again[other][hub] = inflow (self, other, self->response[hub], 2, 1);
  }
  return TRUE;
}

gboolean
vcn_hubs_init (VcnHubs *self, const VcnSweep *sweep, guint *effort, const VcnMonitor *monitor, GError **error)
{
  g_auto (VcnGmres) solver = { 0 };

  if (self->is_ready)
    return TRUE;
  vcn_hubs_clear (self);
  self->sweep = sweep;
  self->n = sweep->coarse->n_hubs;
  if (self->n > 0 && !vcn_gmres_init (&solver, sweep, 2, error))
    return FALSE;
  for (guint hub = 0; hub < self->n; hub++)
    if (!respond (self, &solver, hub, effort, monitor, error))
      return FALSE;
  self->is_ready = TRUE;
  return TRUE;
}

void
vcn_hubs_take (const VcnHubs *self, guint width, float *b, double rest[2][VCN_COARSE_HUBS])
{
  for (guint hub = 0; hub < self->n; hub++)
    for (guint column = 0; column < width; column++) {
      float *entry = b + (gsize) self->sweep->coarse->hub[hub] * width + column;

      rest[column][hub] = (double) *entry;
      *entry = 0;
    }
}

/* x = right + loop x, in place, for n hubs; rows of `loop` are VCN_COARSE_HUBS long. I - loop is an M-matrix: Gauss as it is, without pivots. */
static void
eliminate (guint n, const double *loop, double *x)
{
  double a[VCN_COARSE_HUBS][VCN_COARSE_HUBS];

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      a[i][j] = (i == j) - loop[i * VCN_COARSE_HUBS + j];
  for (guint k = 0; k < n; k++)
    for (guint i = k + 1; i < n; i++) {
      const double part = a[i][k] / a[k][k];

      for (guint j = k; j < n; j++)
        a[i][j] -= part * a[k][j];
      x[i] -= part * x[k];
    }
  for (guint k = n; k-- > 0;) {
    for (guint j = k + 1; j < n; j++)
      x[k] -= a[k][j] * x[j];
    x[k] /= a[k][k];
  }
}

typedef struct {
  const VcnHubs *self;
  float         *z;
  guint          width;
  double         part[2][VCN_COARSE_HUBS]; /* of the response's first column, and for z's second column, of its second */
  double         coupling;
} Give;

static void
give_chunk (gpointer data, guint chunk)
{
  const Give *give = data;
  const guint width = give->width;
  const gsize begin = chunk * CHUNK, end = MIN (begin + CHUNK, give->self->sweep->n);

  for (guint hub = 0; hub < give->self->n; hub++) {
    const float *response = give->self->response[hub];
    const float first = (float) give->part[0][hub], second = (float) give->part[1][hub];
    const float coupled = (float) (give->coupling * give->part[0][hub]);

    for (gsize i = begin; i < end; i++) {
      give->z[i * width] += first * response[2 * i];
      if (width == 2)
        give->z[i * 2 + 1] += second * response[2 * i] + coupled * response[2 * i + 1];
    }
  }
}

void
vcn_hubs_give (const VcnHubs *self, const VcnSweepColumns *columns, float *z, double rest[2][VCN_COARSE_HUBS])
{
  Give give = { .self = self, .z = z, .width = columns->width, .coupling = (double) columns->coupling };

  if (self->n == 0)
    return;
  for (guint column = 0; column < columns->width; column++) {
    double *part = give.part[column];

    for (guint hub = 0; hub < self->n; hub++) {
      part[hub] = rest[column][hub] + inflow (self, hub, z, columns->width, column);
      for (guint other = 0; column == 1 && other < self->n; other++)
        part[hub] += give.coupling * self->again[hub][other] * give.part[0][other];
    }
    eliminate (self->n, self->loop[0], part);
  }
  vc_parallel (self->sweep->n_threads, (guint) ((self->sweep->n + CHUNK - 1) / CHUNK), give_chunk, &give);
}
