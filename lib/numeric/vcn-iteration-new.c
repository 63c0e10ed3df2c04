/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-iteration.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

/* Of rows looked at to find hubs and the direction of the flow: each, or in large components each 8th. */
#define SAMPLE_ALL 65536
#define STRIDE 8
#define ROWS_PER_CHUNK 16384

typedef struct {
  VcnIteration  *self;
  const VcnCsr  *flows;
  const double  *outflow;
  const guint32 *order, *position;
  guint32        first, n;
  float         *weight;
  gboolean       descending;
} Source;

void
vcn_iteration_free (VcnIteration *self)
{
  if (self == NULL)
    return;
  vcn_coarse_clear (&self->coarse);
  vcn_sweep_clear (&self->sweep[0]);
  vcn_sweep_clear (&self->sweep[1]);
  for (guint k = 0; k < 2; k++) {
    vcn_hubs_clear (&self->hubs[k]);
    vc_buffer_free (self->steps[k]);
    vc_buffer_free (self->weight[k]);
  }
  vc_buffer_free (self);
}

static void
sample (Source *source)
{
  const guint32 stride = source->n < SAMPLE_ALL ? 1 : STRIDE;
  double ahead = 0, back = 0;

  for (guint32 p = 0; p < source->n; p += MIN (stride, source->n - p)) {
    const guint32 i = source->order[p];

    for (guint64 k = source->flows->start[i]; k < source->flows->start[i + 1]; k++) {
      const guint32 q = source->position[source->flows->column[k]] - source->first;
      const double share = source->flows->value[k] / source->outflow[i];

      if (q >= source->n)
        continue;
      source->weight[q] += (float) (share * stride);
      *(q > p ? &ahead : &back) += share;
    }
  }
  source->descending = ahead >= back;
}

static void
count_rows (gpointer data, guint chunk)
{
  const Source *source = data;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;

  for (guint64 p = begin; p < MIN (begin + ROWS_PER_CHUNK, source->n); p++) {
    const guint32 i = source->order[p];
    guint64 n = 0;

    for (guint64 k = source->flows->start[i]; k < source->flows->start[i + 1]; k++)
      n += source->position[source->flows->column[k]] - source->first < source->n;
    source->self->sweep[0].start[p] = n;
  }
}

static guint64
count_arcs (const Source *source)
{
  guint64 n = 0;

  for (guint32 p = 0; p < source->n; p++) {
    const guint32 i = source->order[p];

    n += source->flows->start[i + 1] - source->flows->start[i];
  }
  return n;
}

/* From counts to where rows begin. */
static void
add_up (guint64 *start, guint32 n)
{
  guint64 total = 0;

  for (guint32 i = 0; i < n; i++) {
    const guint64 count = start[i];

    start[i] = total;
    total += count;
  }
  start[n] = total;
}

/* Rows of one group of the coarse level, and their sums there. */
static void
fill_range (gpointer data, guint chunk)
{
  const Source *source = data;
  VcnCoarse *coarse = &source->self->coarse;
  VcnSweep *sweep = &source->self->sweep[0];
  const guint32 end = vcn_coarse_range_begin (coarse, chunk + 1);

  for (guint32 p = vcn_coarse_range_begin (coarse, chunk); p < end; p++) {
    const guint32 i = source->order[p];
    const gboolean is_hub = coarse->group[p] == VCN_COARSE_HUB;
    double *flow = coarse->flow + (gsize) chunk * coarse->n_groups;
    guint64 at = sweep->start[p];

    for (guint64 k = source->flows->start[i]; k < source->flows->start[i + 1]; k++) {
      const guint32 q = source->position[source->flows->column[k]] - source->first;
      const double share = source->flows->value[k] / source->outflow[i];

      if (!is_hub && (q >= source->n || coarse->group[q] == VCN_COARSE_HUB))
        coarse->leave[chunk] += share;
      else if (!is_hub)
        flow[coarse->group[q]] += share;
      if (q >= source->n)
        continue;
      sweep->column[at] = q;
      sweep->share[at++] = share;
    }
  }
}

static gboolean
build (Source *source, GError **error)
{
  VcnIteration *self = source->self;
  VC_BUFFER (float) weight = vc_buffer_new0 (float, source->n);

  if (weight == NULL)
    return vcn_fail_memory (error);
  source->weight = weight;
  sample (source);
  if (!vcn_coarse_init (&self->coarse, source->n, weight, error)
      || !vcn_sweep_init (&self->sweep[0], source->n, count_arcs (source), error))
    return FALSE;
  vc_parallel (self->n_threads, source->n / ROWS_PER_CHUNK + 1, count_rows, source);
  add_up (self->sweep[0].start, source->n);
  vc_parallel (self->n_threads, self->coarse.n_groups, fill_range, source);
  self->sweep[0].n_threads = self->n_threads;
  return vcn_coarse_factorize (&self->coarse, error) && vcn_sweep_finish (&self->sweep[0], &self->coarse, source->descending, error);
}

VcnIteration *
vcn_iteration_new (const VcnCsr *flows, const double *outflow, const guint32 *order, guint32 n, const guint32 *position, guint32 first,
                   guint n_threads, GError **error)
{
  VcnIteration *self = vc_buffer_new0 (VcnIteration, 1);
  Source source = { self, flows, outflow, order, position, first, n, NULL, FALSE };

  if (self == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  self->n_threads = n_threads;
  if (build (&source, error))
    return self;
  vcn_iteration_free (self);
  return NULL;
}

gboolean
vcn_iteration_transpose (VcnIteration *self, GError **error)
{
  const VcnSweep *from = &self->sweep[0];
  VcnSweep *to = &self->sweep[1];
  const guint32 n = from->n;

  if (to->start != NULL)
    return TRUE;
  if (!vcn_sweep_init (to, n, from->start[n], error)) {
    vcn_sweep_clear (to);
    return FALSE;
  }
  memset (to->start, 0, ((gsize) n + 1) * sizeof *to->start);
  for (guint64 k = 0; k < from->start[n]; k++)
    to->start[vcn_sweep_node (from, from->column[k]) + 1]++;
  for (guint32 i = 0; i < n; i++)
    to->start[i + 1] += to->start[i];
  /* Each row is filled in ascending order while its start is moved to its end: then starts move back by one row. */
  for (guint32 i = 0; i < n; i++)
    for (guint64 k = from->start[i]; k < from->start[i + 1]; k++) {
      const guint64 at = to->start[vcn_sweep_node (from, from->column[k])]++;

      to->column[at] = i;
      to->share[at] = from->share[k];
    }
  memmove (to->start + 1, to->start, n * sizeof *to->start);
  to->start[0] = 0;
  to->transposed = TRUE;
  to->n_threads = self->n_threads;
  if (vcn_sweep_finish (to, &self->coarse, !from->descending, error))
    return TRUE;
  vcn_sweep_clear (to);
  return FALSE;
}
