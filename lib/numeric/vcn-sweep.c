/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-sweep.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"
#include "vcn-stream.h"

/* Below, blocks would be cut more often than it helps. */
#define MIN_CUT 32768

gboolean
vcn_sweep_init (VcnSweep *self, guint32 n, guint64 n_arcs, GError **error)
{
  guint32 *column = vc_buffer_new (guint32, n_arcs + 2 * VCN_SWEEP_AHEAD);

  self->n = n;
  self->n_blocks = n < MIN_CUT ? 1 : VCN_SWEEP_BLOCKS;
  self->start = vc_buffer_new (guint64, (gsize) n + 1);
  self->share = vc_buffer_new (double, n_arcs);
  if (column != NULL) {
    memset (column, 0, VCN_SWEEP_AHEAD * sizeof *column);
    self->column = column + VCN_SWEEP_AHEAD;
  }
  return (self->start != NULL && self->column != NULL && self->share != NULL) || vcn_fail_memory (error);
}

void
vcn_sweep_clear (VcnSweep *self)
{
  vc_buffer_free (self->start);
  vc_buffer_free (self->column != NULL ? self->column - VCN_SWEEP_AHEAD : NULL);
  vc_buffer_free (self->share);
  vc_buffer_free (self->late_start);
  vc_buffer_free (self->late_group);
  vc_buffer_free (self->late);
  memset (self, 0, sizeof *self);
}

void
vcn_sweep_finish (VcnSweep *self, gboolean descending)
{
  self->descending = descending;
  memset (self->column + self->start[self->n], 0, VCN_SWEEP_AHEAD * sizeof *self->column);
}

typedef struct {
  VcnSweep        *self;
  const VcnSweep  *other;
  const VcnCoarse *coarse;
} Watch;

/* Rows that a sweep visits before node j, and rows of other blocks, read its old value: whether that of an arc does, by
 * the arc's column among those into j. */
static inline gboolean
is_late (const VcnSweep *self, guint32 j, guint32 column)
{
  return self->descending ? column > j : column < j || column >= self->n;
}

/* How many groups read node j late, where arcs of one group stand together at once. */
static guint64
count_groups (const Watch *watch, guint32 j)
{
  const VcnSweep *other = watch->other;
  guint last = VCN_COARSE_GROUPS;
  guint64 count = 0;

  for (guint64 k = other->start[j]; k < other->start[j + 1]; k++) {
    const guint group = watch->coarse->group[vcn_sweep_node (other, other->column[k])];
    const gboolean late = is_late (watch->self, j, other->column[k]);

    /* In one way, whatever it is: nobody could guess. */
    count += (guint) late & (guint) (group != last);
    last = late ? group : last;
  }
  return count;
}

static void
fill_groups (const Watch *watch, guint32 j)
{
  VcnSweep *self = watch->self;
  const VcnSweep *other = watch->other;
  guint64 at = self->late_start[j];
  guint last = VCN_COARSE_GROUPS;
  double sum = 0;

  for (guint64 k = other->start[j]; k < other->start[j + 1]; k++) {
    const guint32 i = vcn_sweep_node (other, other->column[k]);
    const guint group = watch->coarse->group[i];

    if (!is_late (self, j, other->column[k]))
      continue;
    at += group != last;
    sum = (group != last ? 0 : sum) + other->share[k] * (self->transposed ? 1 : watch->coarse->weight[i]);
    self->late_group[at - 1] = (guint8) group;
    self->late[at - 1] = sum;
    last = group;
  }
}

static void
count_late (gpointer data, guint block)
{
  const Watch *watch = data;
  VcnSweep *self = watch->self;

  for (guint32 j = vcn_sweep_block_begin (self, block); j < vcn_sweep_block_begin (self, block + 1); j++)
    self->late_start[j + 1] = count_groups (watch, j);
}

static void
fill_late (gpointer data, guint block)
{
  const Watch *watch = data;
  const VcnSweep *self = watch->self;

  for (guint32 j = vcn_sweep_block_begin (self, block); j < vcn_sweep_block_begin (self, block + 1); j++)
    fill_groups (watch, j);
}

gboolean
vcn_sweep_watch (VcnSweep *self, const VcnSweep *other, const VcnCoarse *coarse, GError **error)
{
  Watch watch = { self, other, coarse };

  self->late_start = vc_buffer_new (guint64, (gsize) self->n + 1);
  if (self->late_start == NULL)
    return vcn_fail_memory (error);
  vc_parallel (self->n_threads, self->n_blocks, count_late, &watch);
  self->late_start[0] = 0;
  for (guint32 j = 0; j < self->n; j++)
    self->late_start[j + 1] += self->late_start[j];
  self->late_group = vc_buffer_new (guint8, self->late_start[self->n]);
  self->late = vc_buffer_new (double, self->late_start[self->n]);
  if (self->late_group == NULL || self->late == NULL)
    return vcn_fail_memory (error);
  vc_parallel (self->n_threads, self->n_blocks, fill_late, &watch);
  return TRUE;
}

typedef struct {
  const VcnSweep *self;
  VcnPair        *x;
  const VcnPair  *b;
  guint           pairs;
  double          coupling;
} Run;

/* Values are far apart in memory: each is asked for some arcs before it is read. */
static inline __attribute__ ((always_inline)) void
sweep_row (const Run *run, guint32 i, const guint pairs, const gint64 ahead)
{
  const VcnSweep *self = run->self;
  VcnPair sum[VCN_PAIRS] = { { 0, 0 } };

  for (guint p = 0; run->b != NULL && p < pairs; p++)
    sum[p] = run->b[(gsize) i * pairs + p];
  vcn_stream_ask (self->column + self->start[i], ahead < 0);
  vcn_stream_ask (self->share + self->start[i], ahead < 0);
  for (guint64 k = self->start[i]; k < self->start[i + 1]; k++) {
    const VcnPair *from = run->x + (gsize) self->column[k] * pairs;
    const VcnPair share = { self->share[k], self->share[k] };

    __builtin_prefetch (run->x + (gsize) self->column[(gint64) k + ahead] * pairs);
    for (guint p = 0; p < pairs; p++)
      sum[p] += share * from[p];
  }
  sum[0][1] += run->coupling * sum[0][0];
  for (guint p = 0; p < pairs; p++)
    run->x[(gsize) i * pairs + p] = sum[p];
}

static inline __attribute__ ((always_inline)) void
sweep_block (const Run *run, guint block, const guint pairs)
{
  const guint32 begin = vcn_sweep_block_begin (run->self, block), end = vcn_sweep_block_begin (run->self, block + 1);

  if (run->self->descending)
    for (guint32 i = end; i-- > begin;)
      sweep_row (run, i, pairs, -VCN_SWEEP_AHEAD);
  else
    for (guint32 i = begin; i < end; i++)
      sweep_row (run, i, pairs, VCN_SWEEP_AHEAD);
}

static void
sweep_chunk (gpointer data, guint chunk)
{
  const Run *run = data;

  if (run->pairs == 1)
    sweep_block (run, chunk, 1);
  else
    sweep_block (run, chunk, 2);
}

void
vcn_sweep_run (const VcnSweep *self, guint pairs, double coupling, VcnPair *x, const VcnPair *b)
{
  Run run = { self, x, b, pairs, coupling };

  vc_parallel (self->n_threads, self->n_blocks, sweep_chunk, &run);
}
