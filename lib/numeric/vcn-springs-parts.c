/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs-parts.h"

#include <string.h>

#include "vcn-private.h"

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

/* How far apart neighbours stand on average. */
static double
mean_distance (const VcnSprings *springs)
{
  double distance = 0, count = 0;

  for (guint32 i = 0; i < springs->n; i++) {
    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++)
      distance += springs->column[k] > i ? springs->column[k] - i : i - springs->column[k];
    count += springs->degree[i];
  }
  return distance / MAX (1, count);
}

/* Breadth first, from each component's lowest node: where nodes stand in that order. */
static gboolean
place_by_breadth (const VcnSprings *springs, guint32 *place, GError **error)
{
  VC_BUFFER (guint32) queue = vc_buffer_new (guint32, springs->n);
  guint32 n_queued = 0;

  if (queue == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < springs->n; i++)
    place[i] = G_MAXUINT32;
  for (guint32 i = 0, next = 0; i < springs->n; i++) {
    if (place[i] != G_MAXUINT32)
      continue;
    place[i] = n_queued;
    queue[n_queued++] = i;
    for (; next < n_queued; next++) {
      const guint64 start = springs->start[queue[next]];

      for (guint64 k = start; k < start + springs->degree[queue[next]]; k++)
        if (place[springs->column[k]] == G_MAXUINT32) {
          place[springs->column[k]] = n_queued;
          queue[n_queued++] = springs->column[k];
        }
    }
  }
  return TRUE;
}

/* Ranges of nodes, in the given order where neighbours are near in it; a node with very many springs is a part of its own. */
static gboolean
choose (VcnSpringsParts *self, const VcnSprings *springs, GError **error)
{
  const guint32 n = springs->n;
  const double distance = mean_distance (springs);
  const gboolean is_local = distance < n / 8.0;
  const guint ranges = (guint) CLAMP (is_local ? 4 * n / MAX (1, distance) : MAX_PARTS, MIN (MIN_PARTS, n / MIN_NODES + 1), MIN (MAX_PARTS, n / MIN_NODES + 1));
  VC_BUFFER (guint32) place = is_local ? NULL : vc_buffer_new (guint32, n);

  if (!is_local && (place == NULL || !place_by_breadth (springs, place, error)))
    return place != NULL ? FALSE : vcn_fail_memory (error);
  self->n = ranges;
  for (guint32 i = 0; i < n; i++) {
    self->part[i] = (guint16) ((guint64) (is_local ? i : place[i]) * ranges / n);
    if (springs->degree[i] > MAX (MIN_NODES, n / MAX_HUBS) && self->n < ranges + MAX_HUBS)
      self->part[i] = (guint16) self->n++;
  }
  return TRUE;
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
vcn_springs_parts_init (VcnSpringsParts *self, const VcnSprings *springs, guint n_chunks, GError **error)
{
  double most = 0;

  self->part = vc_buffer_new (guint16, springs->n);
  if (self->part == NULL || !choose (self, springs, error))
    return self->part != NULL ? FALSE : vcn_fail_memory (error);
  self->weight = vc_buffer_new0 (double, (gsize) self->n * self->n);
  self->whole = vc_buffer_new0 (double, self->n);
  self->load = vc_buffer_new0 (double, (gsize) self->n * n_chunks);
  self->lift = vc_buffer_new0 (double, self->n);
  if (self->weight == NULL || self->whole == NULL || self->load == NULL || self->lift == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < springs->n; i++) {
    double sum = 0;

    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++)
      sum += springs->weight[k];
    most = MAX (most, sum);
  }
  for (guint32 i = 0; i < springs->n; i++) {
    double *row = self->weight + (gsize) self->part[i] * self->n;

    for (guint64 k = springs->start[i]; k < springs->start[i] + springs->degree[i]; k++)
      row[self->part[springs->column[k]]] += springs->weight[k] / most;
  }
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
