/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs-parts.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"
#include "vcn-stream.h"

/* Ranges in the mean distance of neighbours. */
#define PER_DISTANCE 4.0
#define MIN_PARTS 64
#define MAX_PARTS 448
#define MAX_HUBS 64
#define MIN_NODES 16

void
vcn_springs_parts_clear (VcnSpringsParts *self)
{
  vc_buffer_free (self->part);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->whole);
  vc_buffer_free (self->load);
  vc_buffer_free (self->lift);
  memset (self, 0, sizeof *self);
}

static inline guint32
range_begin (const VcnSpringsParts *self, guint32 n, guint range)
{
  return (guint32) (((guint64) range * n + self->ranges - 1) / self->ranges);
}

/* Ranges of places; a node with very many springs is a part of its own. */
static void
choose (VcnSpringsParts *self, const VcnSpringsScaled *scaled)
{
  const guint32 n = scaled->n, most = n / MIN_NODES + 1;

  self->ranges
    = (guint) CLAMP (PER_DISTANCE * n / MAX (1, scaled->distance), MIN (MIN_PARTS, most), MIN (MAX_PARTS, most));
  self->n = self->ranges;
  for (guint range = 0; range < self->ranges; range++)
    for (guint32 i = range_begin (self, n, range); i < range_begin (self, n, range + 1); i++) {
      const guint64 n_springs = vcn_springs_scaled_end (scaled, i) - vcn_springs_scaled_begin (scaled, i);

      self->part[i] = (guint16) range;
      if (n_springs > MAX (MIN_NODES, n / MAX_HUBS) && self->n < self->ranges + MAX_HUBS)
        self->part[i] = (guint16) self->n++;
    }
}

typedef struct {
  VcnSpringsParts        *self;
  const VcnSpringsScaled *scaled;
  const VcnCsr           *rows;
} Build;

/* Rows of a range and of the hubs in it, which are nobody else's. What vanishes in single precision ties no parts: it
 * may not tie their nodes either. */
static void
sum_range (gpointer data, guint range)
{
  const Build *build = data;
  const VcnSpringsScaled *scaled = build->scaled;
  const VcnCsr *rows = build->rows;
  VcnSpringsParts *self = build->self;

  for (guint32 i = range_begin (self, scaled->n, range); i < range_begin (self, scaled->n, range + 1); i++) {
    const guint32 node = vcn_springs_scaled_node (scaled, i);
    double *row = self->weight + (gsize) self->part[i] * self->n;

    vcn_stream_ask (rows->column + rows->start[node], FALSE);
    vcn_stream_ask (rows->value + rows->start[node], FALSE);
    for (guint64 k = rows->start[node]; k < rows->start[node + 1]; k++)
      row[self->part[vcn_springs_scaled_place (scaled, rows->column[k])]] += (float) (rows->value[k] / scaled->most);
  }
}

/* Of two sides, each spring stands on one of them in one of its rows; of one side, in both. */
static void
sum_sides (VcnSpringsParts *self, guint n_sides)
{
  for (guint i = 0; i < self->n; i++)
    for (guint j = 0; j < i; j++) {
      double *a = &self->weight[(gsize) i * self->n + j], *b = &self->weight[(gsize) j * self->n + i];

      *a = *b = (*a + *b) * (n_sides / 2.0);
    }
}

/* Gaussian elimination on a network's matrix, without subtraction (Grassmann, Taksar, Heyman 1985). */
static void
eliminate (VcnSpringsParts *self)
{
  const guint n = self->n;

  for (guint k = n; k-- > 0;) {
    double *row = self->weight + (gsize) k * n;
    double whole = 0;

    for (guint i = 0; i < k; i++)
      whole += row[i];
    self->whole[k] = whole;
    for (guint i = 0; whole > 0 && i < k; i++) {
      const double share = row[i] / whole;

      for (guint j = 0; share > 0 && j < k; j++)
        self->weight[(gsize) i * n + j] += share * row[j];
    }
    for (guint i = 0; whole > 0 && i < k; i++)
      row[i] /= whole;
  }
}

gboolean
vcn_springs_parts_init (VcnSpringsParts *self, const VcnSprings *springs, const VcnSpringsScaled *scaled,
                        guint n_chunks, GError **error)
{
  Build build = { self, scaled, springs->side[0].rows };

  self->part = vc_buffer_new (guint16, scaled->n);
  if (self->part == NULL)
    return vcn_fail_memory (error);
  choose (self, scaled);
  self->weight = vc_buffer_new0 (double, (gsize) self->n * self->n);
  self->whole = vc_buffer_new0 (double, self->n);
  self->load = vc_buffer_new0 (double, (gsize) self->n * n_chunks);
  self->lift = vc_buffer_new0 (double, self->n);
  if (self->weight == NULL || self->whole == NULL || self->load == NULL || self->lift == NULL)
    return vcn_fail_memory (error);
  vc_parallel (scaled->n_threads, self->ranges, sum_range, &build);
  sum_sides (self, springs->n_sides);
  eliminate (self);
  return TRUE;
}

double
vcn_springs_parts_solve (VcnSpringsParts *self, guint n_chunks)
{
  const guint n = self->n;
  double *load = self->load, product = 0;

  for (guint chunk = 1; chunk < n_chunks; chunk++)
    for (guint k = 0; k < n; k++)
      load[k] += vcn_springs_parts_load (self, chunk)[k];
  memcpy (self->lift, load, n * sizeof *load);
  for (guint k = n; k-- > 0;)
    for (guint i = 0; i < k; i++)
      self->lift[i] += self->weight[(gsize) k * n + i] * self->lift[k];
  for (guint k = 0; k < n; k++) {
    double level = self->whole[k] > 0 ? self->lift[k] / self->whole[k] : 0;

    for (guint i = 0; self->whole[k] > 0 && i < k; i++)
      level += self->weight[(gsize) k * n + i] * self->lift[i];
    self->lift[k] = level;
    product += level * load[k];
  }
  return product;
}
