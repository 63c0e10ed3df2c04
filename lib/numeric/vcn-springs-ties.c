/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs.h"

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

#define ROWS_PER_CHUNK 16384
/* Springs below this part of all weights of either of their nodes are ties. */
#define TIE 0x1p-20

typedef struct {
  const VcnSprings *springs;
  double           *whole; /* n */
  guint8           *loose; /* each chunk's: there may be ties */
} Ties;

static void
measure_rows (gpointer data, guint chunk)
{
  const Ties *ties = data;
  const VcnSprings *springs = ties->springs;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;

  for (guint64 i = begin; i < MIN (begin + ROWS_PER_CHUNK, springs->n); i++) {
    double sum = 0, least = (double) INFINITY;

    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++) {
      sum += springs->weight[k];
      least = MIN (least, springs->weight[k]);
    }
    ties->whole[i] = sum;
    if (least < sum * TIE)
      ties->loose[chunk] = TRUE;
  }
}

static inline gboolean
is_tie (const Ties *ties, guint32 i, guint64 k)
{
  return ties->springs->weight[k] < TIE * MIN (ties->whole[i], ties->whole[ties->springs->column[k]]);
}

/* Small beside the weights of one node is not yet small beside those of the other: the springs of a hub are no ties. */
static void
look_closer (gpointer data, guint chunk)
{
  const Ties *ties = data;
  const VcnSprings *springs = ties->springs;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK, end = MIN (begin + ROWS_PER_CHUNK, springs->n);
  const gboolean may_be = ties->loose[chunk];
  gboolean any = FALSE;

  for (guint64 i = begin; may_be && !any && i < end; i++)
    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++)
      any = any || is_tie (ties, (guint32) i, k);
  ties->loose[chunk] = (guint8) any;
}

static guint32
find (guint32 *lowest, guint32 i)
{
  while (lowest[i] != i)
    i = lowest[i] = lowest[lowest[i]];
  return i;
}

/* Nodes that hang together without ties, by the lowest. */
static void
find_clusters (const Ties *ties, guint32 *lowest)
{
  const VcnSprings *springs = ties->springs;

  for (guint32 i = 0; i < springs->n; i++)
    lowest[i] = i;
  for (guint32 i = 0; i < springs->n; i++)
    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++) {
      const guint32 a = find (lowest, i), b = find (lowest, springs->column[k]);

      if (a != b && !is_tie (ties, i, k))
        lowest[MAX (a, b)] = MIN (a, b);
    }
}

/* Takes `whole` for the clusters' weights: those of the springs that leave them. */
static double
worst_cluster (const Ties *ties, guint32 *lowest, const double *level, double *pull)
{
  const VcnSprings *springs = ties->springs;
  double worst = 0;

  for (guint32 i = 0; i < springs->n; i++)
    ties->whole[i] = 0;
  for (guint32 i = 0; i < springs->n; i++) {
    const guint32 cluster = find (lowest, i);

    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++)
      if (find (lowest, springs->column[k]) != cluster) {
        pull[cluster] += springs->weight[k] * (level[springs->column[k]] - level[i] - springs->step[k]);
        ties->whole[cluster] += springs->weight[k];
      }
  }
  for (guint32 i = 0; i < springs->n; i++)
    if (ties->whole[i] > 0)
      worst = vcn_larger (worst, fabs (pull[i]) / ties->whole[i]);
  return worst;
}

gboolean
vcn_springs_check_ties (const VcnSprings *self, const double *level, guint n_threads, double *residual, GError **error)
{
  const guint n_chunks = (guint) (((guint64) self->n + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK);
  VC_BUFFER (double) whole = vc_buffer_new (double, self->n);
  VC_BUFFER (double) pull = vc_buffer_new0 (double, self->n);
  VC_BUFFER (guint32) lowest = vc_buffer_new (guint32, self->n);
  VC_BUFFER (guint8) loose = vc_buffer_new0 (guint8, n_chunks);
  Ties ties = { self, whole, loose };
  gboolean any = FALSE;

  if (whole == NULL || pull == NULL || lowest == NULL || loose == NULL)
    return vcn_fail_memory (error);
  vc_parallel (n_threads, n_chunks, measure_rows, &ties);
  vc_parallel (n_threads, n_chunks, look_closer, &ties);
  for (guint chunk = 0; chunk < n_chunks; chunk++)
    any = any || loose[chunk];
  *residual = 0;
  if (any) {
    find_clusters (&ties, lowest);
    *residual = worst_cluster (&ties, lowest, level, pull);
  }
  return TRUE;
}
