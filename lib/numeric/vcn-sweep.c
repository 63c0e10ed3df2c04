/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-sweep.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

/* Below, blocks would be cut more often than it helps. */
#define MIN_CUT 32768

gboolean
vcn_sweep_init (VcnSweep *self, guint32 n, guint64 n_arcs, GError **error)
{
  self->n = n;
  self->n_blocks = n < MIN_CUT ? 1 : VCN_SWEEP_BLOCKS;
  self->start = vc_buffer_new (guint64, (gsize) n + 1);
  self->column = vc_buffer_new (guint32, n_arcs);
  self->share = vc_buffer_new (double, n_arcs);
  self->fast = vc_buffer_new (float, n_arcs);
  if (self->start == NULL || self->column == NULL || self->share == NULL || self->fast == NULL)
    return vcn_fail_memory (error);
  return TRUE;
}

void
vcn_sweep_clear (VcnSweep *self)
{
  vc_buffer_free (self->start);
  vc_buffer_free (self->column);
  vc_buffer_free (self->share);
  vc_buffer_free (self->fast);
  vc_buffer_free (self->stale);
  memset (self, 0, sizeof *self);
}

/* A chunk is a group: its row of `stale` is its own. */
static void
finish_range (gpointer data, guint chunk)
{
  VcnSweep *self = data;
  const VcnCoarse *coarse = self->coarse;
  const guint32 end = vcn_coarse_range_begin (coarse, chunk + 1);
  guint block = 0;

  for (guint32 i = vcn_coarse_range_begin (coarse, chunk); i < end; i++) {
    const gboolean is_hub = coarse->group[i] == VCN_COARSE_HUB;
    double *stale = self->stale + (gsize) chunk * coarse->n_groups;

    while (i >= vcn_sweep_block_begin (self, block + 1))
      block++;
    for (guint64 k = self->start[i]; k < self->start[i + 1]; k++) {
      const guint32 j = self->column[k];
      const gboolean near = j >= vcn_sweep_block_begin (self, block) && j < vcn_sweep_block_begin (self, block + 1);

      self->fast[k] = is_hub ? 0 : (float) self->share[k];
      if (!near)
        self->column[k] = self->n + j;
      if (!is_hub && coarse->group[j] != VCN_COARSE_HUB && (!near || (self->descending ? j < i : j > i)))
        stale[coarse->group[j]] += self->share[k];
    }
  }
}

gboolean
vcn_sweep_finish (VcnSweep *self, const VcnCoarse *coarse, gboolean descending, GError **error)
{
  self->coarse = coarse;
  self->descending = descending;
  self->stale = vc_buffer_new0 (double, (gsize) coarse->n_groups * coarse->n_groups);
  if (self->stale == NULL)
    return vcn_fail_memory (error);
  vc_parallel (self->n_threads, coarse->n_groups, finish_range, self);
  return TRUE;
}

typedef struct {
  const VcnSweep  *self;
  VcnSweepColumns *columns;
  float           *x;
  const float     *b;
} Run;

static inline __attribute__ ((always_inline)) void
sweep_row (const VcnSweep *self, guint32 i, float *x, const float *b, const guint width, float coupling)
{
  float sum0 = b != NULL ? b[(gsize) i * width] : 0;
  float sum1 = b != NULL && width == 2 ? b[(gsize) i * width + 1] : 0;

  for (guint64 k = self->start[i]; k < self->start[i + 1]; k++) {
    const float *from = x + (gsize) self->column[k] * width;
    const float share = self->fast[k];

    sum0 += share * from[0];
    if (width == 2)
      sum1 += share * from[1];
  }
  x[(gsize) i * width] = sum0;
  if (width == 2)
    x[(gsize) i * width + 1] = sum1 + coupling * sum0;
}

static inline __attribute__ ((always_inline)) void
sweep_block (const Run *run, guint block, const guint width)
{
  const VcnSweep *self = run->self;
  const guint32 begin = vcn_sweep_block_begin (self, block), end = vcn_sweep_block_begin (self, block + 1);
  const float coupling = run->columns->coupling;

  if (self->descending)
    for (guint32 i = end; i-- > begin;)
      sweep_row (self, i, run->x, run->b, width, coupling);
  else
    for (guint32 i = begin; i < end; i++)
      sweep_row (self, i, run->x, run->b, width, coupling);
}

static void
sweep_chunk (gpointer data, guint chunk)
{
  const Run *run = data;

  if (run->columns->width == 1)
    sweep_block (run, chunk, 1);
  else
    sweep_block (run, chunk, 2);
}

/* The mean change in each group. */
static void
sum_range (gpointer data, guint chunk)
{
  const Run *run = data;
  const VcnCoarse *coarse = run->self->coarse;
  const guint width = run->columns->width;
  const guint32 end = vcn_coarse_range_begin (coarse, chunk + 1);
  const float *old = run->x + (gsize) run->self->n * width;

  for (guint column = 0; column < width; column++) {
    double sum = 0;

    for (guint32 i = vcn_coarse_range_begin (coarse, chunk); i < end; i++)
      if (coarse->group[i] == chunk)
        sum += (double) (run->x[(gsize) i * width + column] - old[(gsize) i * width + column]);
    run->columns->change[column][chunk] = coarse->size[chunk] > 0 ? sum / coarse->size[chunk] : 0;
  }
}

/* After a sweep, what is left is what it took from the old values, times their change; where the change is the same within a group, that is
 * known without another look at the arcs. */
static void
correct (const Run *run)
{
  const VcnSweep *self = run->self;
  const guint32 n = self->coarse->n_groups;
  double residual[VCN_COARSE_RANGES];

  for (guint column = 0; column < run->columns->width; column++) {
    double *change = run->columns->change[column];

    for (guint32 a = 0; a < n; a++) {
      residual[a] = column == 1 ? (double) run->columns->coupling * self->coarse->size[a] * run->columns->change[0][a] : 0;
      for (guint32 b = 0; b < n; b++)
        residual[a] += self->stale[(gsize) a * n + b] * change[b];
    }
    vcn_coarse_solve (self->coarse, self->transposed, residual);
    memcpy (change, residual, n * sizeof *change);
  }
}

void
vcn_sweep_run (const VcnSweep *self, VcnSweepColumns *columns, float *x, const float *b)
{
  Run run = { self, columns, x, b };

  vc_parallel (self->n_threads, self->n_blocks, sweep_chunk, &run);
  if (columns->is_plain) {
    memset (columns->change, 0, sizeof columns->change);
    return;
  }
  vc_parallel (self->n_threads, self->coarse->n_groups, sum_range, &run);
  correct (&run);
}
