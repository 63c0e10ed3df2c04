/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs-scaled.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-by-length.h"
#include "vcn-look.h"
#include "vcn-private.h"
#include "vcn-stream.h"

#define ROWS_PER_CHUNK 16384
/* Nodes looked at to see how far apart neighbours stand. */
#define SAMPLES 8192
#define ROWS_AHEAD 8

void
vcn_springs_scaled_clear (VcnSpringsScaled *self)
{
  vc_buffer_free (self->order);
  vc_buffer_free (self->place);
  vc_buffer_free (self->root);
  vc_buffer_free (self->whole);
  vc_buffer_free (self->of_row);
  vc_buffer_free (self->row);
  vc_buffer_free (self->start);
  vc_buffer_free (self->column);
  vc_buffer_free (self->share);
  memset (self, 0, sizeof *self);
}

static double
mean_distance (const VcnSpringsScaled *self, const VcnSprings *springs)
{
  const VcnCsr *rows = springs->side[0].rows;
  const guint32 stride = 1 + self->n / SAMPLES;
  double distance = 0, count = 0;

  for (guint64 i = 0; i < self->n; i += stride) {
    const double at = vcn_springs_scaled_place (self, (guint32) i);

    for (guint64 k = rows->start[i]; k < rows->start[i + 1]; k++)
      distance += fabs (at - vcn_springs_scaled_place (self, rows->column[k]));
    count += (double) (rows->start[i + 1] - rows->start[i]);
  }
  return distance / MAX (1, count);
}

/* Rows are far apart in memory: each is asked for some nodes before it is read. */
static inline void
prefetch (const VcnSpringsScaled *self, const VcnSprings *springs, guint32 next, guint32 n_queued)
{
  for (guint s = 0; s < springs->n_sides; s++) {
    const VcnCsr *rows = springs->side[s].rows;

    if (next + 2 * ROWS_AHEAD < n_queued)
      __builtin_prefetch (rows->start + self->order[next + 2 * ROWS_AHEAD]);
    if (next + ROWS_AHEAD < n_queued)
      __builtin_prefetch (rows->column + rows->start[self->order[next + ROWS_AHEAD]]);
  }
}

/* Puts the neighbours of a node on one side at the end of the queue. */
static inline guint32
visit (VcnSpringsScaled *self, const VcnCsr *rows, guint32 node, guint32 n_queued)
{
  for (guint64 k = rows->start[node]; k < rows->start[node + 1]; k++)
    if (self->place[rows->column[k]] == G_MAXUINT32) {
      self->place[rows->column[k]] = n_queued;
      self->order[n_queued++] = rows->column[k];
    }
  return n_queued;
}

/* Breadth first, from each component's lowest node. */
static gboolean
order_by_breadth (VcnSpringsScaled *self, const VcnSprings *springs, VcnLook *look, GError **error)
{
  guint64 done = VCN_LOOK_EVERY;
  guint32 n_queued = 0;

  self->order = vc_buffer_new (guint32, self->n);
  self->place = vc_buffer_new (guint32, self->n);
  if (self->order == NULL || self->place == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < self->n; i++)
    self->place[i] = G_MAXUINT32;
  for (guint32 i = 0, next = 0; i < self->n; i++) {
    if (self->place[i] != G_MAXUINT32)
      continue;
    self->place[i] = n_queued;
    self->order[n_queued++] = i;
    for (; next < n_queued; next++) {
      prefetch (self, springs, next, n_queued);
      if (!vcn_look (look, &done, 1 + springs->degree[self->order[next]]))
        return vcn_fail_cancelled (error);
      for (guint s = 0; s < springs->n_sides; s++)
        n_queued = visit (self, springs->side[s].rows, self->order[next], n_queued);
    }
  }
  return TRUE;
}

typedef struct {
  VcnSpringsScaled *self;
  const VcnSprings *springs;
  VcnLook          *look;
} Build;

#define EACH_PLACE(self, chunk, i) \
  guint64 i = (guint64) (chunk) * ROWS_PER_CHUNK; i < MIN ((guint64) ((chunk) + 1) * ROWS_PER_CHUNK, (self)->n); i++

static void
root_rows (gpointer data, guint chunk)
{
  const Build *build = data;
  VcnSpringsScaled *self = build->self;

  for (EACH_PLACE (self, chunk, i))
    self->root[i] = sqrt (build->springs->whole[vcn_springs_scaled_node (self, (guint32) i)] / self->most);
}

/* Rows are filled in order of places, here and there within a window: the front of each is asked for some places
 * before. */
static inline void
ask_for_row (const VcnSpringsScaled *self, guint64 place)
{
  if (place < self->n) {
    const guint64 at = vcn_springs_scaled_begin (self, (guint32) place);

    __builtin_prefetch (self->column + at, 1);
    __builtin_prefetch (self->column + at + 16, 1);
    __builtin_prefetch (self->share + at, 1);
    __builtin_prefetch (self->share + at + 16, 1);
  }
}

/* Those of one side stand behind those of the side before, `whole` holds sums until the last is done. */
static void
scale_side (const Build *build, guint s, guint chunk)
{
  VcnSpringsScaled *self = build->self;
  const VcnCsr *rows = build->springs->side[s].rows;
  const guint64 last = rows->start[self->n] - 1;
  guint64 done = VCN_LOOK_EVERY;

  for (EACH_PLACE (self, chunk, i)) {
    const guint32 node = vcn_springs_scaled_node (self, (guint32) i);
    const guint64 n_here = rows->start[node + 1] - rows->start[node];
    const guint32 row = self->row[i];
    guint64 at = s > 0 ? self->start[row + 1] - n_here : self->start[row];
    double sum = 0;

    if (!vcn_look (build->look, &done, 1 + n_here))
      return;
    ask_for_row (self, i + ROWS_AHEAD);
    vcn_stream_ask (rows->column + rows->start[node], FALSE);
    vcn_stream_ask (rows->value + rows->start[node], FALSE);
    for (guint64 k = rows->start[node]; k < rows->start[node + 1]; k++, at++) {
      const guint32 j = vcn_springs_scaled_place (self, rows->column[k]);
      const double both = self->root[i] * self->root[j];

      /* Of no use where places are not nodes, but no harm. */
      __builtin_prefetch (self->root + rows->column[MIN (k + VCN_SPRINGS_AHEAD_OF_LEVELS, last)]);
      self->column[at] = j;
      self->share[at] = both > 0 ? (float) (rows->value[k] / (both * self->most)) : 0;
      sum += self->share[at] * self->root[j];
    }
    self->whole[row] = s > 0 ? self->whole[row] + sum : sum;
  }
}

static void
scale_rows (gpointer data, guint chunk)
{
  const Build *build = data;
  VcnSpringsScaled *self = build->self;

  for (guint s = 0; s < build->springs->n_sides; s++)
    scale_side (build, s, chunk);
  for (EACH_PLACE (self, chunk, i))
    self->whole[self->row[i]] = self->root[i] > 0 ? self->whole[self->row[i]] / self->root[i] : 0;
}

static void
sort_window (gpointer data, guint window)
{
  const Build *build = data;
  VcnSpringsScaled *self = build->self;
  const guint32 begin = window * VCN_SPRINGS_WINDOW, n = MIN (VCN_SPRINGS_WINDOW, self->n - begin);
  guint32 places[VCN_SPRINGS_WINDOW], sorted[VCN_SPRINGS_WINDOW];
  guint8 length[VCN_SPRINGS_WINDOW];

  for (guint32 k = 0; k < n; k++) {
    places[k] = k;
    length[k] = (guint8) MIN (VCN_LONG, build->springs->degree[vcn_springs_scaled_node (self, begin + k)]);
  }
  vcn_sort_by_length (length, n, places, sorted);
  for (guint32 k = 0; k < n; k++) {
    self->of_row[begin + k] = begin + sorted[k];
    self->row[begin + sorted[k]] = begin + k;
  }
}

/* Where rows begin, and how large the largest is. */
static gboolean
lay_out (VcnSpringsScaled *self, Build *build, GError **error)
{
  guint64 n_springs = 0;

  self->root = vc_buffer_new (double, self->n);
  self->whole = vc_buffer_new (double, self->n);
  self->row = vc_buffer_new (guint32, self->n);
  self->of_row = vc_buffer_new (guint32, self->n);
  self->start = vc_buffer_new (guint64, (gsize) self->n + 1);
  if (self->root == NULL || self->whole == NULL || self->row == NULL || self->of_row == NULL || self->start == NULL)
    return vcn_fail_memory (error);
  vc_parallel (self->n_threads, self->n / VCN_SPRINGS_WINDOW + 1, sort_window, build);
  for (guint32 k = 0; k < self->n; k++) {
    self->start[k] = n_springs;
    n_springs += build->springs->degree[vcn_springs_scaled_node (self, self->of_row[k])];
    self->most = MAX (self->most, build->springs->whole[k]);
  }
  self->start[self->n] = n_springs;
  self->column = vc_buffer_new (guint32, n_springs + VCN_SPRINGS_AHEAD);
  self->share = vc_buffer_new (float, n_springs);
  if (self->column == NULL || self->share == NULL)
    return vcn_fail_memory (error);
  memset (self->column + n_springs, 0, VCN_SPRINGS_AHEAD * sizeof *self->column);
  return TRUE;
}

static gboolean
choose_order (VcnSpringsScaled *self, const VcnSprings *springs, VcnLook *look, GError **error)
{
  self->distance = mean_distance (self, springs);
  if (self->distance <= self->n / 8.0)
    return TRUE;
  if (!order_by_breadth (self, springs, look, error))
    return FALSE;
  self->distance = mean_distance (self, springs);
  return TRUE;
}

gboolean
vcn_springs_scaled_init (VcnSpringsScaled *self, const VcnSprings *springs, const VcnSpringsOptions *options,
                         GError **error)
{
  const guint n_chunks = springs->n / ROWS_PER_CHUNK + 1;
  VcnLook look = { options->monitor, 0, FALSE };
  Build build = { self, springs, &look };

  *self = (VcnSpringsScaled) { .n = springs->n, .n_threads = options->n_threads };
  if (!choose_order (self, springs, &look, error) || !lay_out (self, &build, error)
      || !vcn_monitor_step (options->monitor, 0, error))
    return FALSE;
  vc_parallel (self->n_threads, n_chunks, root_rows, &build);
  vc_parallel (self->n_threads, n_chunks, scale_rows, &build);
  return vcn_look_end (&look, error);
}
