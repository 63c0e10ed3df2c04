/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-iteration.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-deal.h"
#include "vcn-look.h"
#include "vcn-private.h"
#include "vcn-sum.h"

#define ROWS_PER_CHUNK 16384
#define ROWS_AHEAD 8
/* Sweeps that find about how often each node is visited. */
#define WEIGHING 6
/* Mean length of arcs, of all nodes, in an order that puts neighbours together at all: chance gives a third, two parts
 * that have little to do with each other half as much. */
#define LOCAL 0.25

/* Of some rows. */
typedef struct {
  guint64 n_arcs, n_exits; /* how many there are, then how many are in rows before */
  double  ahead;           /* share of arcs to later nodes, less that to earlier ones; */
  double  length;          /* and over how many nodes they lead in all */
} Chunk;

typedef struct {
  VcnIteration *self;
  VcnComponent  from;
  guint         n_chunks;
  Chunk        *chunks;
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
  vc_buffer_free (self->exits);
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
count_chunk (gpointer data, guint chunk)
{
  const Source *source = data;
  const VcnComponent *from = &source->from;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  guint64 n = 0, n_arcs = 0;

  for (guint64 p = begin; p < MIN (begin + ROWS_PER_CHUNK, from->n); p++) {
    n += from->flows->start[from->order[p] + 1] - from->flows->start[from->order[p]];
    n_arcs += from->n_within[p];
  }
  source->chunks[chunk] = (Chunk) { .n_arcs = n_arcs, .n_exits = n - n_arcs };
}

/* Rows that do not follow each other in memory are asked for some rows before they are read. */
static inline void
ask_for_row (const VcnComponent *from, guint64 p)
{
  if (p < from->n) {
    const guint64 at = from->flows->start[from->order[p]];

    __builtin_prefetch (from->flows->column + at);
    __builtin_prefetch (from->flows->value + at);
    __builtin_prefetch (from->flows->value + at + 8);
  }
}

/* From counts to where chunks begin, and room for all. */
static gboolean
lay_out (const Source *source, GError **error)
{
  VcnIteration *self = source->self;
  guint64 n_arcs = 0, n_exits = 0;

  for (guint chunk = 0; chunk < source->n_chunks; chunk++) {
    Chunk *at = &source->chunks[chunk];
    const Chunk count = *at;

    *at = (Chunk) { .n_arcs = n_arcs, .n_exits = n_exits };
    n_arcs += count.n_arcs;
    n_exits += count.n_exits;
  }
  if (!vcn_sweep_init (&self->sweep[0], source->from.n, n_arcs, error))
    return FALSE;
  self->sweep[0].start[source->from.n] = n_arcs;
  self->n_exits = n_exits;
  self->exits = vc_buffer_new (VcnExit, n_exits);
  self->exit = vc_buffer_new (double, source->from.n);
  return (self->exits != NULL && self->exit != NULL) || vcn_fail_memory (error);
}

static void
fill_chunk (gpointer data, guint number)
{
  const Source *source = data;
  const VcnComponent *from = &source->from;
  VcnSweep *sweep = &source->self->sweep[0];
  Chunk *chunk = &source->chunks[number];
  const guint64 begin = (guint64) number * ROWS_PER_CHUNK;
  VcnExit *next = source->self->exits + chunk->n_exits;
  VcnSweepNear near = { 0, 0 };
  guint64 at = chunk->n_arcs;
  double ahead = 0, length = 0;

  for (guint64 p = begin; p < MIN (begin + ROWS_PER_CHUNK, from->n); p++) {
    const guint32 i = from->order[p];
    VcnSum exit = { 0, 0 };

    if (!vcn_sweep_is_near (near, (guint32) p))
      near = vcn_sweep_near (sweep, (guint32) p);
    ask_for_row (from, p + ROWS_AHEAD);
    sweep->start[p] = at;
    for (guint64 k = from->flows->start[i]; k < from->flows->start[i + 1]; k++) {
      const guint32 j = from->flows->column[k], q = from->position[j] - from->first;
      const double share = from->flows->value[k] / from->outflow[i], distance = (double) q - (double) p;

      if (q >= from->n) {
        vcn_sum_add (&exit, share);
        *next++ = (VcnExit) { share, (guint32) p, j };
        continue;
      }
      /* By its sign, not by a branch: nobody could guess. */
      ahead += copysign (share, distance);
      length += fabs (distance);
      sweep->column[at] = vcn_sweep_column (sweep, near, q);
      sweep->share[at++] = share;
    }
    source->self->exit[p] = vcn_sum_total (&exit);
  }
  chunk->ahead = ahead;
  chunk->length = length;
}

static gboolean
transpose (const VcnSweep *from, VcnSweep *to, const VcnMonitor *monitor, GError **error)
{
  const VcnCsr rows = { from->n, from->start, from->column, from->share };

  if (!vcn_sweep_init (to, from->n, from->start[from->n], error)
      || !vcn_deal_transposed (&rows, &(VcnCsr) { to->n, to->start, to->column, to->share }, from->n_threads, monitor,
                               0.5, error))
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

/* Rows of one range of the coarse level: their weights, and sums of their flows between groups. */
static void
sum_range (gpointer data, guint range)
{
  const Source *source = data;
  VcnCoarse *coarse = &source->self->coarse;
  const VcnSweep *sweep = &source->self->sweep[0];

  for (guint32 p = vcn_coarse_range_begin (coarse, range); p < vcn_coarse_range_begin (coarse, range + 1); p++) {
    double *flow = coarse->flow + (gsize) coarse->group[p] * coarse->n_groups;

    coarse->size[coarse->group[p]] += coarse->weight[p];
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
  const VcnMonitor *monitor = source->from.monitor;
  VC_BUFFER (Chunk) chunks = vc_buffer_new (Chunk, source->n_chunks);
  double ahead = 0, length = 0;

  if (chunks == NULL)
    return vcn_fail_memory (error);
  source->chunks = chunks;
  sweep[0].n_threads = source->self->n_threads;
  vc_parallel (sweep[0].n_threads, source->n_chunks, count_chunk, source);
  if (!vcn_monitor_step (monitor, 0.5, error) || !lay_out (source, error))
    return FALSE;
  vc_parallel (sweep[0].n_threads, source->n_chunks, fill_chunk, source);
  if (!vcn_monitor_step (monitor, 0.5, error) || !transpose (&sweep[0], &sweep[1], monitor, error)
      || !vcn_monitor_step (monitor, 0.5, error))
    return FALSE;
  for (guint chunk = 0; chunk < source->n_chunks; chunk++) {
    ahead += chunks[chunk].ahead;
    length += chunks[chunk].length;
  }
  vcn_sweep_finish (&sweep[0], ahead >= 0);
  vcn_sweep_finish (&sweep[1], ahead < 0);
  return build_groups (source, length <= LOCAL * (double) sweep[0].start[n] * n, error);
}

VcnIteration *
vcn_iteration_new (const VcnComponent *component, GError **error)
{
  VcnIteration *self = vc_buffer_new0 (VcnIteration, 1);
  Source source = { self, *component, component->n / ROWS_PER_CHUNK + 1, NULL };

  if (self == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  self->n_threads = component->n < VCN_SERIAL ? 1 : component->n_threads;
  if (build (&source, error))
    return self;
  vcn_iteration_free (self);
  return NULL;
}
