/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-iteration.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-look.h"
#include "vcn-private.h"
#include "vcn-sum.h"
#include "vcn-transpose.h"

#define ROWS_PER_CHUNK 16384
/* Sweeps that find about how often each node is visited. */
#define WEIGHING 6
/* Mean length of arcs, of all nodes, in an order that puts neighbours together at all: chance gives a third, two parts
 * that have little to do with each other half as much. */
#define LOCAL 0.25
/* Components up to here are not worth a second thread. */
#define SERIAL 16384

typedef struct {
  VcnIteration *self;
  VcnComponent  from;
  double       *ahead;  /* by chunk: share of arcs to later nodes, less that to earlier ones; */
  double       *length; /* and over how many nodes they lead in all */
} Source;

void
vcn_workspace_clear (VcnWorkspace *self)
{
  vc_buffer_free (self->x);
  vc_buffer_free (self->b);
  vc_buffer_free (self->r);
  vc_buffer_free (self->answer);
  memset (self, 0, sizeof *self);
}

gboolean
vcn_workspace_init (VcnWorkspace *self, guint32 n, GError **error)
{
  self->x = vc_buffer_new (VcnPair, 2 * (gsize) n * VCN_PAIRS);
  self->b = vc_buffer_new (VcnPair, (gsize) n * VCN_PAIRS);
  self->r = vc_buffer_new (VcnPair, (gsize) n * VCN_PAIRS);
  self->answer = vc_buffer_new (VcnPair, (gsize) n * VCN_PAIRS);
  if (self->x != NULL && self->b != NULL && self->r != NULL && self->answer != NULL)
    return TRUE;
  vcn_workspace_clear (self);
  return vcn_fail_memory (error);
}

void
vcn_iteration_free (VcnIteration *self)
{
  if (self == NULL)
    return;
  vcn_coarse_clear (&self->coarse);
  vc_buffer_free (self->exit);
  vc_buffer_free (self->leaves);
  vcn_workspace_clear (&self->spare);
  for (guint k = 0; k < 2; k++) {
    vcn_sweep_clear (&self->sweep[k]);
    vcn_late_clear (&self->late[k]);
    vc_buffer_free (self->steps[k]);
    vc_buffer_free (self->weight[k]);
  }
  vc_buffer_free (self);
}

static void
count_rows (gpointer data, guint chunk)
{
  const Source *source = data;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;

  for (guint64 p = begin; p < MIN (begin + ROWS_PER_CHUNK, source->from.n); p++) {
    const guint32 i = source->from.order[p];
    guint64 n = 0;

    for (guint64 k = source->from.flows->start[i]; k < source->from.flows->start[i + 1]; k++)
      n += source->from.position[source->from.flows->column[k]] - source->from.first < source->from.n;
    source->self->sweep[0].start[p] = n;
  }
}

/* At least as many as there are. */
static guint64
count_arcs (const Source *source)
{
  guint64 n = 0;

  for (guint32 p = 0; p < source->from.n; p++) {
    const guint32 i = source->from.order[p];

    n += source->from.flows->start[i + 1] - source->from.flows->start[i];
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

static void
fill_rows (gpointer data, guint chunk)
{
  const Source *source = data;
  VcnSweep *sweep = &source->self->sweep[0];
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  double ahead = 0, length = 0;

  for (guint64 p = begin; p < MIN (begin + ROWS_PER_CHUNK, source->from.n); p++) {
    const guint32 i = source->from.order[p];
    const guint block = vcn_sweep_block_of (sweep, (guint32) p);
    guint64 at = sweep->start[p];
    VcnSum exit = { 0, 0 };

    source->self->leaves[p] = FALSE;
    for (guint64 k = source->from.flows->start[i]; k < source->from.flows->start[i + 1]; k++) {
      const guint32 q = source->from.position[source->from.flows->column[k]] - source->from.first;
      const double share = source->from.flows->value[k] / source->from.outflow[i];

      if (q >= source->from.n) {
        vcn_sum_add (&exit, share);
        source->self->leaves[p] = TRUE;
        continue;
      }
      ahead += q > p ? share : -share;
      length += fabs ((double) q - (double) p);
      sweep->column[at] = vcn_sweep_column (sweep, block, q);
      sweep->share[at++] = share;
    }
    source->self->exit[p] = vcn_sum_total (&exit);
  }
  source->ahead[chunk] = ahead;
  source->length[chunk] = length;
}

static gboolean
transpose (const VcnSweep *from, VcnSweep *to, const VcnMonitor *monitor, GError **error)
{
  const VcnCsr rows = { from->n, from->start, from->column, from->share };

  if (!vcn_sweep_init (to, from->n, from->start[from->n], error)
      || !vcn_transpose (&rows, &(VcnCsr) { to->n, to->start, to->column, to->share }, from->n_threads, monitor, 0.5,
                         error))
    return FALSE;
  to->transposed = TRUE;
  to->n_threads = from->n_threads;
  return TRUE;
}

typedef struct {
  const VcnWorkspace *work;
  double             *weight;
  guint32             n;
} Weighing;

static gsize
rows_of_chunk (const Weighing *self, guint chunk)
{
  return MIN (ROWS_PER_CHUNK, self->n - (gsize) chunk * ROWS_PER_CHUNK);
}

static void
start_chunk (gpointer data, guint chunk)
{
  const Weighing *self = data;
  const gsize begin = (gsize) chunk * ROWS_PER_CHUNK, size = rows_of_chunk (self, chunk) * sizeof (VcnPair);

  for (gsize i = begin; i < begin + rows_of_chunk (self, chunk); i++)
    self->work->b[i] = (VcnPair) { 1, 0 };
  memset (self->work->x + begin, 0, size);
  memset (self->work->x + self->n + begin, 0, size);
}

/* New becomes old. */
static void
age_chunk (gpointer data, guint chunk)
{
  const Weighing *self = data;
  VcnPair *x = self->work->x + (gsize) chunk * ROWS_PER_CHUNK;

  memcpy (x + self->n, x, rows_of_chunk (self, chunk) * sizeof *x);
}

static void
take_chunk (gpointer data, guint chunk)
{
  const Weighing *self = data;
  const gsize begin = (gsize) chunk * ROWS_PER_CHUNK;

  for (gsize i = begin; i < begin + rows_of_chunk (self, chunk); i++)
    self->weight[i] = self->work->x[i][0];
}

/* About how often each node is visited if work starts at all of them alike. NULL: no memory, or stopped. */
static double *
weigh (const VcnSweep *sweep, const VcnWorkspace *work, const VcnMonitor *monitor, GError **error)
{
  const guint n_chunks = (sweep->n + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK;
  VC_BUFFER (double) weight = vc_buffer_new (double, sweep->n);
  Weighing self = { work, weight, sweep->n };
  VcnSweepChange change = { NULL };

  if (weight == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  vc_parallel (sweep->n_threads, n_chunks, start_chunk, &self);
  for (guint k = 0; k < WEIGHING; k++) {
    if (!vcn_monitor_step (monitor, 0.5, error))
      return NULL;
    vcn_sweep_run (sweep, 1, 0, work->x, work->b, &change);
    vc_parallel (sweep->n_threads, n_chunks, age_chunk, &self);
  }
  vc_parallel (sweep->n_threads, n_chunks, take_chunk, &self);
  return g_steal_pointer (&weight);
}

/* Rows of one range of the coarse level: sums of their flows between groups. */
static void
sum_range (gpointer data, guint range)
{
  const Source *source = data;
  VcnCoarse *coarse = &source->self->coarse;
  const VcnSweep *sweep = &source->self->sweep[0];

  for (guint32 p = vcn_coarse_range_begin (coarse, range); p < vcn_coarse_range_begin (coarse, range + 1); p++) {
    double *flow = coarse->flow + (gsize) coarse->group[p] * coarse->n_groups;

    coarse->leave[coarse->group[p]] += coarse->weight[p] * source->self->exit[p];
    for (guint64 k = sweep->start[p]; k < sweep->start[p + 1]; k++)
      flow[coarse->group[vcn_sweep_node (sweep, sweep->column[k])]] += coarse->weight[p] * sweep->share[k];
  }
}

static gboolean
build_groups (Source *source, gboolean is_local, GError **error)
{
  VcnIteration *self = source->self;
  const VcnMonitor *monitor = source->from.monitor;
  double *weight;

  if (!vcn_workspace_init (&self->spare, source->from.n, error))
    return FALSE;
  weight = weigh (&self->sweep[1], &self->spare, monitor, error);
  if (weight == NULL)
    return FALSE;
  if (!vcn_coarse_init (&self->coarse, source->from.n, weight, is_local, error)
      || !vcn_monitor_step (monitor, 0.5, error))
    return FALSE;
  vc_parallel (self->n_threads, self->coarse.n_ranges, sum_range, source);
  return vcn_coarse_factorize (&self->coarse, error) && vcn_monitor_step (monitor, 0.5, error)
         && vcn_late_init (&self->late[0], &self->sweep[0], &self->sweep[1], &self->coarse, error)
         && vcn_monitor_step (monitor, 0.5, error)
         && vcn_late_init (&self->late[1], &self->sweep[1], &self->sweep[0], &self->coarse, error);
}

static gboolean
build (Source *source, GError **error)
{
  VcnSweep *sweep = source->self->sweep;
  const guint32 n = source->from.n;
  const guint n_chunks = n / ROWS_PER_CHUNK + 1;
  const VcnMonitor *monitor = source->from.monitor;
  VC_BUFFER (double) ahead = vc_buffer_new (double, n_chunks);
  VC_BUFFER (double) length = vc_buffer_new (double, n_chunks);
  double more_ahead = 0, total = 0;

  source->ahead = ahead;
  source->length = length;
  source->self->exit = vc_buffer_new (double, n);
  source->self->leaves = vc_buffer_new (guint8, n);
  if (source->self->exit == NULL || source->self->leaves == NULL || ahead == NULL || length == NULL)
    return vcn_fail_memory (error);
  sweep[0].n_threads = source->self->n_threads;
  if (!vcn_sweep_init (&sweep[0], n, count_arcs (source), error))
    return FALSE;
  vc_parallel (sweep[0].n_threads, n_chunks, count_rows, source);
  add_up (sweep[0].start, n);
  if (!vcn_monitor_step (monitor, 0.5, error))
    return FALSE;
  vc_parallel (sweep[0].n_threads, n_chunks, fill_rows, source);
  if (!vcn_monitor_step (monitor, 0.5, error) || !transpose (&sweep[0], &sweep[1], monitor, error)
      || !vcn_monitor_step (monitor, 0.5, error))
    return FALSE;
  for (guint chunk = 0; chunk < n_chunks; chunk++) {
    more_ahead += ahead[chunk];
    total += length[chunk];
  }
  vcn_sweep_finish (&sweep[0], more_ahead >= 0);
  vcn_sweep_finish (&sweep[1], more_ahead < 0);
  return build_groups (source, total <= LOCAL * (double) sweep[0].start[n] * n, error);
}

VcnIteration *
vcn_iteration_new (const VcnComponent *component, GError **error)
{
  VcnIteration *self = vc_buffer_new0 (VcnIteration, 1);
  Source source = { self, *component, NULL, NULL };

  if (self == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  self->n_threads = component->n < SERIAL ? 1 : component->n_threads;
  if (build (&source, error))
    return self;
  vcn_iteration_free (self);
  return NULL;
}
