/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs-rows.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

#define ROWS_PER_CHUNK 16384

void
vcn_springs_rows_clear (VcnSpringsRows *self)
{
  vc_buffer_free (self->start);
  vc_buffer_free (self->degree);
  vc_buffer_free (self->column);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->step);
  memset (self, 0, sizeof *self);
}

typedef struct {
  VcnSpringsRows   *self;
  const VcnSprings *springs;
  VcnLook           look;
} Merge;

/* A place in a row of one side. */
typedef struct {
  const VcnSpringsSide *side;
  guint64 at, end;
} Cursor;

static Cursor
cursor (const VcnSprings *springs, guint side, guint32 i)
{
  const VcnCsr *rows = springs->side[side].rows;

  return side < springs->n_sides ? (Cursor) { &springs->side[side], rows->start[i], rows->start[i + 1] }
                                 : (Cursor) { NULL, 0, 0 };
}

static inline guint32
cursor_column (const Cursor *self)
{
  return self->at < self->end ? self->side->rows->column[self->at] : G_MAXUINT32;
}

static void
merge_row (VcnSpringsRows *self, const VcnSprings *springs, guint32 node, guint32 i)
{
  Cursor a = cursor (springs, 0, node), b = cursor (springs, 1, node);
  guint64 at = self->start[i];

  while (a.at < a.end || b.at < b.end) {
    const guint32 p = cursor_column (&a), q = cursor_column (&b);
    const double to = p <= q ? a.side->rows->value[a.at] : 0, from = q <= p ? b.side->rows->value[b.at] : 0;
    const double up = p <= q ? vcn_springs_step (a.side, a.at++) : 0;
    const double down = q <= p ? vcn_springs_step (b.side, b.at++) : 0;

    self->column[at] = MIN (p, q);
    self->weight[at] = to + from;
    self->step[at++] = from == 0 ? up : to == 0 ? down : (up * to + down * from) / (to + from);
  }
  self->degree[i] = (guint32) (at - self->start[i]);
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
    merge_row (merge->self, merge->springs, (guint32) i, (guint32) i);
}

gboolean
vcn_springs_rows_make (VcnSpringsRows *self, guint32 n, guint64 room, GError **error)
{
  *self = (VcnSpringsRows) { n,
                             vc_buffer_new (guint64, (gsize) n + 1),
                             vc_buffer_new (guint32, n),
                             vc_buffer_new (guint32, room),
                             vc_buffer_new (double, room),
                             vc_buffer_new (double, room) };
  if (self->start == NULL || self->degree == NULL || self->column == NULL || self->weight == NULL || self->step == NULL)
    return vcn_fail_memory (error);
  self->start[0] = 0;
  return TRUE;
}

gboolean
vcn_springs_rows_init (VcnSpringsRows *self, const VcnSprings *springs, const VcnSpringsOptions *options,
                       GError **error)
{
  const guint32 n = springs->n;
  guint64 room = 0;
  Merge merge = { self, springs, { options->monitor, 0, FALSE } };

  for (guint s = 0; s < springs->n_sides; s++)
    room += springs->side[s].rows->start[n];
  if (!vcn_springs_rows_make (self, n, room, error))
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    self->start[i + 1] = self->start[i] + springs->degree[i];
  vc_parallel (options->n_threads, n / ROWS_PER_CHUNK + 1, merge_rows, &merge);
  return vcn_look_end (&merge.look, error);
}

gboolean
vcn_springs_rows_gather (VcnSpringsRows *self, const VcnSprings *springs, const guint32 *nodes, guint32 n,
                         const guint32 *local, VcnLook *look, GError **error)
{
  guint64 done = 0;

  self->n = n;
  for (guint32 i = 0; i < n; i++) {
    if (!vcn_look (look, &done, 1 + springs->degree[nodes[i]]))
      return vcn_fail_cancelled (error);
    self->start[i + 1] = self->start[i] + springs->degree[nodes[i]];
    merge_row (self, springs, nodes[i], i);
    for (guint64 k = self->start[i]; k < self->start[i] + self->degree[i]; k++)
      self->column[k] = local[self->column[k]];
  }
  return TRUE;
}
