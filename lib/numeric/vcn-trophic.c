/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-trophic.h"

#include <math.h>

#include "base/vc-parallel-private.h"
#include "vcn-look.h"
#include "vcn-springs.h"
#include "vcn-stream.h"
#include "vcn-sum.h"

#define ROWS_PER_CHUNK 16384

#define EACH_ROW(n, chunk, i) \
  guint64 i = (guint64) (chunk) * ROWS_PER_CHUNK; i < MIN ((guint64) ((chunk) + 1) * ROWS_PER_CHUNK, n); i++

typedef struct {
  guint32  n;
  double  *level;
  double  *least; /* by chunk; in the end the first is that of all */
} Shift;

static void
find_least (gpointer data, guint chunk)
{
  const Shift *self = data;
  double least = INFINITY;

  for (EACH_ROW (self->n, chunk, i))
    least = MIN (least, self->level[i]);
  self->least[chunk] = least;
}

static void
shift_chunk (gpointer data, guint chunk)
{
  const Shift *self = data;

  for (EACH_ROW (self->n, chunk, i))
    self->level[i] -= self->least[0];
}

/* The lowest of each component at 0. `least`: n doubles to work in. */
static void
shift (guint32 n, guint32 n_components, const guint32 *lowest, double *least, double *level, guint n_threads)
{
  const guint n_chunks = (guint) (((guint64) n + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK);
  Shift all = { n, level, least };

  if (n_components == 1) {
    vc_parallel (n_threads, n_chunks, find_least, &all);
    for (guint chunk = 1; chunk < n_chunks; chunk++)
      least[0] = MIN (least[0], least[chunk]);
    vc_parallel (n_threads, n_chunks, shift_chunk, &all);
    return;
  }
  for (guint32 i = 0; i < n; i++)
    least[i] = level[i];
  for (guint32 i = 0; i < n; i++)
    least[lowest[i]] = MIN (least[lowest[i]], level[i]);
  for (guint32 i = 0; i < n; i++)
    level[i] -= least[lowest[i]];
}

typedef struct {
  VcnSum above, below;
} Incoherence;

typedef struct {
  const VcnCsr *flows;
  const double *diagonal;
  const double *level;
  double       *pull;  /* of what parties deliver */
  double        most;  /* the largest flow */
  Incoherence  *sums;  /* by chunk */
  VcnLook      *look;
} Summing;

/* Of the flows of some parties, divided by the largest of all; and what these pull: to meet the levels of both ends is
 * what takes long. */
static void
sum_chunk (gpointer data, guint chunk)
{
  const Summing *self = data;
  const VcnCsr *flows = self->flows;
  const guint64 last = flows->start[flows->n] - 1;
  guint64 done = VCN_LOOK_EVERY;
  Incoherence sums = { { 0, 0 }, { 0, 0 } };

  for (EACH_ROW (flows->n, chunk, i)) {
    const double self_flow = self->diagonal != NULL && self->diagonal[i] > 0 ? self->diagonal[i] / self->most : 0;
    double pull = 0;

    if (!vcn_look (self->look, &done, 1 + flows->start[i + 1] - flows->start[i]))
      return;
    vcn_sum_add (&sums.above, self_flow);
    vcn_sum_add (&sums.below, self_flow);
    vcn_stream_ask (flows->column + flows->start[i], FALSE);
    vcn_stream_ask (flows->value + flows->start[i], FALSE);
    for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++) {
      const double step = self->level[flows->column[k]] - self->level[i] - 1, weight = flows->value[k] / self->most;

      __builtin_prefetch (self->level + flows->column[MIN (k + VCN_SPRINGS_AHEAD_OF_LEVELS, last)]);
      pull += flows->value[k] * step;
      vcn_sum_add (&sums.above, weight * step * step);
      vcn_sum_add (&sums.below, weight);
    }
    self->pull[i] = pull;
  }
  self->sums[chunk] = sums;
}

/* F0, with all flows divided by the largest so that no sum overflows. */
static gboolean
find_incoherence (Summing *self, guint n_threads, double *incoherence, GError **error)
{
  const guint n_chunks = self->flows->n / ROWS_PER_CHUNK + 1;
  VC_BUFFER (Incoherence) sums = vc_buffer_new (Incoherence, n_chunks);
  VcnSum above = { 0, 0 }, below = { 0, 0 };

  self->sums = sums;
  if (sums == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; self->diagonal != NULL && i < self->flows->n; i++)
    self->most = MAX (self->most, self->diagonal[i]);
  vc_parallel (n_threads, n_chunks, sum_chunk, self);
  if (!vcn_look_end (self->look, error))
    return FALSE;
  for (guint chunk = 0; chunk < n_chunks; chunk++) {
    vcn_sum_add (&above, vcn_sum_total (&sums[chunk].above));
    vcn_sum_add (&below, vcn_sum_total (&sums[chunk].below));
  }
  *incoherence = vcn_sum_total (&below) > 0 ? vcn_sum_total (&above) / vcn_sum_total (&below) : NAN;
  return TRUE;
}

gboolean
vcn_trophic (const VcnCsr *flows, const double *diagonal, double tolerance, guint max_iterations, guint n_threads,
             double *level, VcnTrophicProof *proof, const VcnMonitor *monitor, GError **error)
{
  const VcnSpringsOptions options = { tolerance, max_iterations, n_threads, monitor };
  VC_BUFFER (guint32) lowest = vc_buffer_new (guint32, flows->n);
  VC_BUFFER (double) work = vc_buffer_new (double, flows->n);
  VcnLook look = { monitor, 1, FALSE };
  double ties = 0;
  g_auto (VcnSprings) springs = { 0 };

  if (lowest == NULL || work == NULL)
    return vcn_fail_memory (error);
  if (!vcn_monitor_step (monitor, 0, error) || !vcn_springs_from_flows (&springs, flows, &options, error)
      || !vcn_springs_components (&springs, n_threads, lowest, &proof->n_components, error)
      || !vcn_springs_solve (&springs, &options, lowest, level, &proof->iterations, &ties, error)
      || !vcn_monitor_step (monitor, 1, error))
    return FALSE;
  shift (flows->n, proof->n_components, lowest, work, level, n_threads);
  if (!find_incoherence (&(Summing) { flows, diagonal, level, work, springs.most, NULL, &look }, n_threads,
                         &proof->incoherence, error))
    return FALSE;
  proof->residual = vcn_springs_residual (&springs, 1, level, work, n_threads);
  if (!(proof->residual <= tolerance))
    return vcn_fail_residual (error, proof->residual, proof->iterations);
  if (!(ties <= VCN_SPRINGS_TIES))
    return vcn_fail_residual (error, ties, proof->iterations);
  return vcn_monitor_step (monitor, 1, error);
}
