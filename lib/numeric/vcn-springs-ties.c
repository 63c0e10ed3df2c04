/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs.h"

#include "base/vc-parallel-private.h"
#include "vcn-lowest.h"
#include "vcn-private.h"

#define ROWS_PER_CHUNK 16384
/* Springs below this part of all weights of either of their nodes are ties. */
#define TIE 0x1p-20

typedef struct {
  const VcnSprings *springs;
  guint8           *loose; /* each chunk's: there are ties */
} Ties;

static inline gboolean
is_tie (const VcnSprings *springs, guint32 i, guint64 k)
{
  const VcnCsr *rows = springs->side[0].rows;

  return rows->value[k] < TIE * springs->whole[i] && rows->value[k] < TIE * springs->whole[rows->column[k]];
}

static void
look_for_ties (gpointer data, guint chunk)
{
  const Ties *ties = data;
  const VcnCsr *rows = ties->springs->side[0].rows;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  gboolean any = FALSE;

  for (guint64 i = begin; !any && i < MIN (begin + ROWS_PER_CHUNK, rows->n); i++)
    for (guint64 k = rows->start[i]; k < rows->start[i + 1]; k++)
      any = any || is_tie (ties->springs, (guint32) i, k);
  ties->loose[chunk] = (guint8) any;
}

/* Nodes that hang together without ties, by the lowest. */
static void
find_clusters (const VcnSprings *springs, guint32 *lowest)
{
  const VcnCsr *rows = springs->side[0].rows;

  for (guint32 i = 0; i < rows->n; i++)
    lowest[i] = i;
  for (guint32 i = 0; i < rows->n; i++)
    for (guint64 k = rows->start[i]; k < rows->start[i + 1]; k++)
      if (!is_tie (springs, i, k))
        vcn_lowest_join (lowest, i, rows->column[k]);
}

/* A cluster's weights are those of the springs that leave it. `pull` and `whole`: at 0. */
static double
worst_cluster (const VcnSprings *springs, guint32 *lowest, const double *level, double *pull, double *whole)
{
  double worst = 0;

  for (guint s = 0; s < springs->n_sides; s++) {
    const VcnSpringsSide *side = &springs->side[s];
    const VcnCsr *rows = side->rows;

    for (guint32 i = 0; i < springs->n; i++) {
      const guint32 cluster = vcn_lowest_find (lowest, i);

      for (guint64 k = rows->start[i]; k < rows->start[i + 1]; k++)
        if (vcn_lowest_find (lowest, rows->column[k]) != cluster) {
          pull[cluster] += rows->value[k] * (level[rows->column[k]] - level[i] - vcn_springs_step (side, k));
          whole[cluster] += rows->value[k];
        }
    }
  }
  for (guint32 i = 0; i < springs->n; i++)
    if (whole[i] > 0)
      worst = vcn_larger (worst, fabs (pull[i]) / whole[i]);
  return worst;
}

gboolean
vcn_springs_check_ties (const VcnSprings *self, const double *level, guint n_threads, double *residual, GError **error)
{
  const guint32 n = self->n;
  const guint n_chunks = n / ROWS_PER_CHUNK + 1;
  VC_BUFFER (double) whole = NULL;
  VC_BUFFER (double) pull = NULL;
  VC_BUFFER (guint32) lowest = NULL;
  VC_BUFFER (guint8) loose = vc_buffer_new0 (guint8, n_chunks);
  Ties ties = { self, loose };
  gboolean any = FALSE;

  if (loose == NULL)
    return vcn_fail_memory (error);
  vc_parallel (n_threads, n_chunks, look_for_ties, &ties);
  for (guint chunk = 0; chunk < n_chunks; chunk++)
    any = any || loose[chunk];
  *residual = 0;
  if (!any)
    return TRUE;
  whole = vc_buffer_new0 (double, n);
  pull = vc_buffer_new0 (double, n);
  lowest = vc_buffer_new (guint32, n);
  if (whole == NULL || pull == NULL || lowest == NULL)
    return vcn_fail_memory (error);
  find_clusters (self, lowest);
  *residual = worst_cluster (self, lowest, level, pull, whole);
  return TRUE;
}
