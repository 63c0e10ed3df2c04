/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-look.h"
#include "vcn-lowest.h"
#include "vcn-private.h"
#include "vcn-stream.h"

#define ROWS_PER_CHUNK 16384
/* Springs of each node that are followed before all others: most nodes hang together by these. */
#define FIRST 2

#define EACH_ROW(self, chunk, i) \
  guint64 i = (guint64) (chunk) * ROWS_PER_CHUNK; i < MIN ((guint64) ((chunk) + 1) * ROWS_PER_CHUNK, (self)->n); i++

static guint
n_chunks (guint32 n)
{
  return (guint) (((guint64) n + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK);
}

typedef struct {
  VcnSprings *self;
  guint64    *failed; /* each chunk's lowest node whose weights overflow, from 1, or 0 */
  VcnLook     look;
} Measure;

/* Answers the largest weight. */
static double
add_side (VcnSprings *self, guint s, guint chunk)
{
  const VcnSpringsSide *side = &self->side[s];
  const VcnCsr *rows = side->rows;
  double most = 0;

  for (EACH_ROW (self, chunk, i)) {
    double sum = 0, rest = 0;

    for (guint64 k = rows->start[i]; k < rows->start[i + 1]; k++) {
      sum += rows->value[k];
      rest -= rows->value[k] * vcn_springs_step (side, k);
      most = MAX (most, rows->value[k]);
    }
    self->whole[i] = s > 0 ? self->whole[i] + sum : sum;
    self->rest[i] = s > 0 ? self->rest[i] + rest : rest;
    self->degree[i] = (guint32) (rows->start[i + 1] - rows->start[i]) + (s > 0 ? self->degree[i] : 0);
  }
  return most;
}

static void
measure_rows (gpointer data, guint chunk)
{
  Measure *measure = data;
  VcnSprings *self = measure->self;
  guint64 done = VCN_LOOK_EVERY;
  double most = 0;

  if (!vcn_look (&measure->look, &done, 0))
    return;
  /* Rows of one side before those of the other: two short loops by turns are what processors guess worst. */
  for (guint s = 0; s < self->n_sides; s++)
    most = vcn_larger (most, add_side (self, s, chunk));
  for (EACH_ROW (self, chunk, i))
    if (!vcn_is_weight (self->whole[i]) && measure->failed[chunk] == 0)
      measure->failed[chunk] = i + 1;
  self->worst[chunk] = most;
}

static gboolean
measure (VcnSprings *self, const VcnSpringsOptions *options, GError **error)
{
  VC_BUFFER (guint64) failed = vc_buffer_new0 (guint64, n_chunks (self->n));
  Measure measure = { self, failed, { options->monitor, 0, FALSE } };

  self->whole = vc_buffer_new (double, self->n);
  self->rest = vc_buffer_new (double, self->n);
  self->degree = vc_buffer_new (guint32, self->n);
  self->worst = vc_buffer_new (double, n_chunks (self->n));
  if (failed == NULL || self->whole == NULL || self->rest == NULL || self->degree == NULL || self->worst == NULL)
    return vcn_fail_memory (error);
  vc_parallel (options->n_threads, n_chunks (self->n), measure_rows, &measure);
  if (!vcn_look_end (&measure.look, error))
    return FALSE;
  for (guint chunk = 0; chunk < n_chunks (self->n); chunk++) {
    if (failed[chunk] > 0)
      return vcn_fail_value (error, "the flow in and out of party", failed[chunk] - 1);
    self->most = MAX (self->most, self->worst[chunk]);
  }
  return TRUE;
}

gboolean
vcn_springs_init (VcnSprings *self, const VcnCsr *rows, const double *steps, const VcnSpringsOptions *options,
                  GError **error)
{
  *self = (VcnSprings) { .n = rows->n, .n_sides = 1, .side = { { rows, steps, 0 } } };
  return measure (self, options, error);
}

gboolean
vcn_springs_from_flows (VcnSprings *self, const VcnCsr *flows, const VcnSpringsOptions *options, GError **error)
{
  *self = (VcnSprings) { .n = flows->n, .n_sides = 2, .side = { { flows, NULL, 1 }, { &self->back, NULL, -1 } } };
  return vcn_csr_transpose (&self->back, flows, options->n_threads, options->monitor, error)
         && measure (self, options, error);
}

void
vcn_springs_clear (VcnSprings *self)
{
  vc_buffer_free (self->whole);
  vc_buffer_free (self->rest);
  vc_buffer_free (self->degree);
  vc_buffer_free (self->worst);
  vcn_csr_clear (&self->back);
  memset (self, 0, sizeof *self);
}

typedef struct {
  const VcnSprings *self;
  guint32          *lowest;
  guint32          *n_lowest; /* of each chunk's nodes */
} Components;

static void
stand_alone (gpointer data, guint chunk)
{
  const Components *components = data;

  for (EACH_ROW (components->self, chunk, i))
    components->lowest[i] = (guint32) i;
}

static void
join_row (const VcnCsr *rows, guint32 i, guint64 end, guint32 *lowest)
{
  guint32 root = vcn_lowest_find (lowest, i);

  for (guint64 k = rows->start[i]; k < end; k++)
    if (vcn_lowest_link (lowest, rows->column[k]) != root)
      root = vcn_lowest_join (lowest, root, rows->column[k]);
}

static void
join_first (gpointer data, guint chunk)
{
  const Components *components = data;
  const VcnCsr *rows = components->self->side[0].rows;

  for (EACH_ROW (components->self, chunk, i))
    join_row (rows, (guint32) i, MIN (rows->start[i] + FIRST, rows->start[i + 1]), components->lowest);
}

/* Whoever hangs together with the node in the middle by first springs need not look at the others: each spring to
 * another node is seen from there (as in Sutton, Ben-Nun, Barak 2018). */
static void
join_others (gpointer data, guint chunk)
{
  const Components *components = data;
  const VcnSprings *self = components->self;
  guint32 *lowest = components->lowest;

  for (EACH_ROW (self, chunk, i))
    for (guint s = 0;
         s < self->n_sides && vcn_lowest_find (lowest, (guint32) i) != vcn_lowest_find (lowest, self->n / 2); s++)
      join_row (self->side[s].rows, (guint32) i, self->side[s].rows->start[i + 1], lowest);
}

static void
settle (gpointer data, guint chunk)
{
  const Components *components = data;
  guint32 n = 0;

  for (EACH_ROW (components->self, chunk, i)) {
    const guint32 root = vcn_lowest_find (components->lowest, (guint32) i);

    vcn_lowest_set_link (components->lowest, (guint32) i, root);
    n += root == i;
  }
  components->n_lowest[chunk] = n;
}

gboolean
vcn_springs_components (const VcnSprings *self, guint n_threads, guint32 *lowest, guint32 *n_components, GError **error)
{
  static void (*const passes[]) (gpointer data, guint chunk) = { stand_alone, join_first, join_others, settle };
  VC_BUFFER (guint32) n_lowest = vc_buffer_new (guint32, n_chunks (self->n));
  Components components = { self, lowest, n_lowest };

  if (n_lowest == NULL)
    return vcn_fail_memory (error);
  for (guint pass = 0; pass < G_N_ELEMENTS (passes); pass++)
    vc_parallel (n_threads, n_chunks (self->n), passes[pass], &components);
  *n_components = 0;
  for (guint chunk = 0; chunk < n_chunks (self->n); chunk++)
    *n_components += n_lowest[chunk];
  return TRUE;
}

typedef struct {
  const VcnSprings *self;
  guint             side; /* the first */
  const double     *level;
  double           *pull;
} Residual;

/* What balances leaves nothing: each side is summed up by itself. */
static void
pull_by_side (const VcnSprings *self, guint s, guint chunk, const double *level, double *pull)
{
  const VcnSpringsSide *side = &self->side[s];
  const VcnCsr *rows = side->rows;
  const guint64 last = rows->start[self->n] - 1;

  for (EACH_ROW (self, chunk, i)) {
    double sum = 0;

    vcn_stream_ask (rows->column + rows->start[i], FALSE);
    vcn_stream_ask (rows->value + rows->start[i], FALSE);
    for (guint64 k = rows->start[i]; k < rows->start[i + 1]; k++) {
      __builtin_prefetch (level + rows->column[MIN (k + VCN_SPRINGS_AHEAD_OF_LEVELS, last)]);
      sum += rows->value[k] * (level[rows->column[k]] - level[i] - vcn_springs_step (side, k));
    }
    pull[i] = s > 0 ? pull[i] + sum : sum;
  }
}

static void
residual_of_rows (gpointer data, guint chunk)
{
  const Residual *residual = data;
  const VcnSprings *self = residual->self;
  double worst = 0;

  for (guint s = residual->side; s < self->n_sides; s++)
    pull_by_side (self, s, chunk, residual->level, residual->pull);
  for (EACH_ROW (self, chunk, i))
    if (self->whole[i] > 0)
      worst = vcn_larger (worst, fabs (residual->pull[i]) / self->whole[i]
                                   / (1 + fabs (residual->level[i]) * 0x1p-8));
  self->worst[chunk] = worst;
}

double
vcn_springs_residual (const VcnSprings *self, guint side, const double *level, double *pull, guint n_threads)
{
  Residual residual = { self, side, level, pull };
  double all = 0;

  vc_parallel (n_threads, n_chunks (self->n), residual_of_rows, &residual);
  for (guint chunk = 0; chunk < n_chunks (self->n); chunk++)
    all = vcn_larger (all, self->worst[chunk]);
  return all;
}
