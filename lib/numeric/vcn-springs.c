/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-look.h"
#include "vcn-private.h"
#include "vcn-sum.h"

#define ROWS_PER_CHUNK 16384

static guint
n_chunks (guint32 n)
{
  return (guint) (((guint64) n + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK);
}

gboolean
vcn_springs_init (VcnSprings *self, guint32 n, guint64 room, GError **error)
{
  *self = (VcnSprings) { n,
                        vc_buffer_new (guint64, (gsize) n + 1),
                        vc_buffer_new0 (guint32, n),
                        vc_buffer_new (guint32, room),
                        vc_buffer_new (double, room),
                        vc_buffer_new (double, room),
                        vc_buffer_new0 (double, n_chunks (n)) };
  if (self->start != NULL && self->degree != NULL && self->column != NULL && self->weight != NULL && self->step != NULL
      && self->worst != NULL)
    return TRUE;
  vcn_springs_clear (self);
  return vcn_fail_memory (error);
}

void
vcn_springs_clear (VcnSprings *self)
{
  vc_buffer_free (self->start);
  vc_buffer_free (self->degree);
  vc_buffer_free (self->column);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->step);
  vc_buffer_free (self->worst);
  memset (self, 0, sizeof *self);
}

typedef struct {
  VcnSprings   *self;
  const VcnCsr *out, *in;
  guint64      *failed; /* each chunk's lowest row whose weights overflow, from 1, or 0 */
  VcnLook          look;
} Merge;

/* Row i of both, which ascend. Answers the sum of its weights. */
static double
merge_row (VcnSprings *self, const VcnCsr *out, const VcnCsr *in, guint32 i)
{
  guint64 k = out->start[i], l = in->start[i], at = k + l;
  double sum = 0;

  self->start[i] = at;
  while (k < out->start[i + 1] || l < in->start[i + 1]) {
    const guint32 p = k < out->start[i + 1] ? out->column[k] : G_MAXUINT32;
    const guint32 q = l < in->start[i + 1] ? in->column[l] : G_MAXUINT32;
    const double to = p <= q ? out->value[k++] : 0;
    const double from = q <= p ? in->value[l++] : 0;
    const double weight = to + from;

    sum += weight;
    self->column[at] = MIN (p, q);
    self->weight[at] = weight;
    self->step[at++] = from == 0 ? 1 : to == 0 ? -1 : (to - from) / weight;
  }
  self->degree[i] = (guint32) (at - self->start[i]);
  return sum;
}

static void
merge_rows (gpointer data, guint chunk)
{
  Merge *merge = data;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  guint64 done = VCN_LOOK_EVERY;

  if (!vcn_look (&merge->look, &done, 0))
    return;
  for (guint64 i = begin; i < MIN (begin + ROWS_PER_CHUNK, merge->self->n); i++)
    if (!vcn_is_weight (merge_row (merge->self, merge->out, merge->in, (guint32) i)) && merge->failed[chunk] == 0)
      merge->failed[chunk] = i + 1;
}

gboolean
vcn_springs_from_flows (VcnSprings *self, const VcnCsr *flows, guint n_threads, const VcnMonitor *monitor,
                        GError **error)
{
  g_auto (VcnCsr) transposed = { 0 };
  const guint64 n_flows = flows->start[flows->n];
  VC_BUFFER (guint64) failed = vc_buffer_new0 (guint64, n_chunks (flows->n));
  Merge merge = { self, flows, &transposed, failed, { monitor, 0, FALSE } };

  if (failed == NULL)
    return vcn_fail_memory (error);
  if (!vcn_csr_transpose (&transposed, flows, n_threads, monitor, error)
      || !vcn_springs_init (self, flows->n, 2 * n_flows, error))
    return FALSE;
  self->start[flows->n] = 2 * n_flows;
  vc_parallel (n_threads, n_chunks (flows->n), merge_rows, &merge);
  if (!vcn_look_end (&merge.look, error))
    return FALSE;
  for (guint chunk = 0; chunk < n_chunks (flows->n); chunk++)
    if (failed[chunk] > 0)
      return vcn_fail_value (error, "the flow in and out of party", failed[chunk] - 1);
  return TRUE;
}

/* The end of a path of links to lower nodes, which is halved on the way. */
static guint32
find (guint32 *lowest, guint32 i)
{
  while (lowest[i] != i)
    i = lowest[i] = lowest[lowest[i]];
  return i;
}

guint32
vcn_springs_components (const VcnSprings *self, guint32 *lowest)
{
  guint32 n_components = 0;

  for (guint32 i = 0; i < self->n; i++)
    lowest[i] = i;
  for (guint32 i = 0; i < self->n; i++) {
    guint32 root = find (lowest, i);

    for (guint64 k = self->start[i]; k < self->start[i] + self->degree[i]; k++) {
      const guint32 j = self->column[k];
      guint32 other;

      if (j > i || lowest[j] == root)
        continue;
      other = find (lowest, j);
      lowest[MAX (root, other)] = MIN (root, other);
      root = MIN (root, other);
    }
  }
  for (guint32 i = 0; i < self->n; i++) {
    n_components += lowest[i] == i;
    lowest[i] = lowest[lowest[i]];
  }
  return n_components;
}

typedef struct {
  const VcnSprings *self;
  const double     *level;
  double           *pull;
} Residual;

static void
residual_of_rows (gpointer data, guint chunk)
{
  const Residual *residual = data;
  const VcnSprings *self = residual->self;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  const double *level = residual->level;
  double worst = 0;

  for (guint64 i = begin; i < MIN (begin + ROWS_PER_CHUNK, self->n); i++) {
    const guint64 end = self->start[i] + self->degree[i];
    double pull = 0, sum = 0;

    for (guint64 k = self->start[i]; k < end; k++) {
      pull += self->weight[k] * (level[self->column[k]] - level[i] - self->step[k]);
      sum += self->weight[k];
    }
    if (sum > 0)
      worst = vcn_larger (worst, fabs (pull) / sum / (1 + fabs (level[i]) * 0x1p-8));
    if (residual->pull != NULL)
      residual->pull[i] = pull;
  }
  self->worst[chunk] = worst;
}

double
vcn_springs_residual (const VcnSprings *self, const double *level, double *pull, guint n_threads)
{
  Residual residual = { self, level, pull };
  double all = 0;

  vc_parallel (n_threads, n_chunks (self->n), residual_of_rows, &residual);
  for (guint chunk = 0; chunk < n_chunks (self->n); chunk++)
    all = vcn_larger (all, self->worst[chunk]);
  return all;
}
