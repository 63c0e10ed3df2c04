/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-sweep.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"
#include "vcn-stream.h"

/* Below, blocks would be cut more often than it helps. */
#define MIN_CUT 32768
/* Rows of a bin, at least, and most bins of a block. */
#define ROWS_PER_BIN 512
#define MOST_BINS 512

gboolean
vcn_sweep_init (VcnSweep *self, guint32 n, guint64 n_arcs, GError **error)
{
  guint32 *column = vc_buffer_new (guint32, n_arcs + 2 * VCN_SWEEP_AHEAD);

  self->n = n;
  self->n_blocks = n < MIN_CUT ? 1 : VCN_SWEEP_BLOCKS;
  self->n_bins = self->n_blocks * CLAMP (n / self->n_blocks / ROWS_PER_BIN, 1, MOST_BINS);
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
  memset (self, 0, sizeof *self);
}

void
vcn_sweep_finish (VcnSweep *self, gboolean descending)
{
  self->descending = descending;
  memset (self->column + self->start[self->n], 0, VCN_SWEEP_AHEAD * sizeof *self->column);
}

typedef struct {
  const VcnSweep *self;
  VcnPair        *x;
  const VcnPair  *b;
  double          coupling;
  guint           pairs;
  VcnSweepChange *change;
} Run;

static inline __attribute__ ((always_inline)) void
ask_below (const Run *run, guint32 i, const guint pairs)
{
  vcn_stream_ask_below (run->self->start + i);
  vcn_stream_ask_below (run->x + (gsize) i * pairs);
  if (run->b != NULL)
    vcn_stream_ask_below (run->b + (gsize) i * pairs);
  if (run->change->weight != NULL)
    vcn_stream_ask_below (run->change->weight + i);
}

/* What is new of a row. Values are far apart in memory: each is asked for some arcs, `ahead`, before it is read; 0: all
 * are near. */
static inline __attribute__ ((always_inline)) void
sweep_row (const Run *run, guint32 i, VcnPair *sum, const guint pairs, const gint64 ahead)
{
  const VcnSweep *self = run->self;

  for (guint p = 0; p < pairs; p++)
    sum[p] = run->b != NULL ? run->b[(gsize) i * pairs + p] : (VcnPair) { 0, 0 };
  if (ahead < 0)
    ask_below (run, i, pairs);
  if (ahead != 0) {
    vcn_stream_ask (self->column + self->start[i], ahead < 0);
    vcn_stream_ask (self->share + self->start[i], ahead < 0);
  }
  for (guint64 k = self->start[i]; k < self->start[i + 1]; k++) {
    const VcnPair *from = run->x + (gsize) self->column[k] * pairs;
    const VcnPair share = { self->share[k], self->share[k] };

    if (ahead != 0)
      __builtin_prefetch (run->x + (gsize) self->column[(gint64) k + ahead] * pairs, 0, 2);
    for (guint p = 0; p < pairs; p++)
      sum[p] += share * from[p];
  }
  sum[0] += (VcnPair) { 0, run->coupling * sum[0][0] };
}

static inline __attribute__ ((always_inline)) void
sweep_bin (const Run *run, guint block, guint bin, const guint pairs, const gboolean descending, const gint64 ahead)
{
  const VcnSweep *self = run->self;
  const guint32 begin = vcn_sweep_bin_begin (self, bin), end = vcn_sweep_bin_begin (self, bin + 1);
  VcnSweepChange *change = run->change;
  VcnPair total[VCN_PAIRS] = { { 0, 0 } }, most[VCN_PAIRS] = { { 0, 0 } }, largest[VCN_PAIRS] = { { 0, 0 } };

  for (guint32 step = 0; step < end - begin; step++) {
    const guint32 i = descending ? end - 1 - step : begin + step;
    const double weight = change->weight != NULL ? change->weight[i] : 0;
    VcnPair value[VCN_PAIRS];

    sweep_row (run, i, value, pairs, descending ? -ahead : ahead);
    for (guint p = 0; p < pairs; p++) {
      /* Until it is swept, a row's new value is the old one. */
      const VcnPair more = value[p] - run->x[(gsize) i * pairs + p];

      run->x[(gsize) i * pairs + p] = value[p];
      total[p] += weight * more;
      most[p] = vcn_pair_larger (most[p], vcn_pair_size (more));
      largest[p] = vcn_pair_larger (largest[p], vcn_pair_size (value[p]));
    }
  }
  for (guint p = 0; p < pairs; p++) {
    change->most[block][p] = vcn_pair_larger (change->most[block][p], most[p]);
    change->largest[block][p] = vcn_pair_larger (change->largest[block][p], largest[p]);
  }
  for (guint p = 0; change->weight != NULL && p < pairs; p++)
    change->sum[(gsize) bin * pairs + p] = total[p];
}

static inline __attribute__ ((always_inline)) void
sweep_block (const Run *run, guint block, const guint pairs, const gint64 ahead)
{
  const guint n_bins = run->self->n_bins / run->self->n_blocks, begin = block * n_bins;

  for (guint p = 0; p < pairs; p++)
    run->change->most[block][p] = run->change->largest[block][p] = (VcnPair) { 0, 0 };
  if (run->self->descending)
    for (guint bin = begin + n_bins; bin-- > begin;)
      sweep_bin (run, block, bin, pairs, TRUE, ahead);
  else
    for (guint bin = begin; bin < begin + n_bins; bin++)
      sweep_bin (run, block, bin, pairs, FALSE, ahead);
}

static void
sweep_chunk (gpointer data, guint chunk)
{
  const Run *run = data;

  if (run->self->n_blocks == 1)
    run->pairs == 1 ? sweep_block (run, chunk, 1, 0) : sweep_block (run, chunk, 2, 0);
  else
    run->pairs == 1 ? sweep_block (run, chunk, 1, VCN_SWEEP_AHEAD) : sweep_block (run, chunk, 2, VCN_SWEEP_AHEAD);
}

void
vcn_sweep_run (const VcnSweep *self, guint pairs, double coupling, VcnPair *x, const VcnPair *b,
               VcnSweepChange *change)
{
  Run run = { self, x, b, coupling, pairs, change };

  vc_parallel (self->n_threads, self->n_blocks, sweep_chunk, &run);
}
