/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-cycle.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

/* Nodes of a chunk, at least, and most chunks: sums depend on them. */
#define CHUNK 16384
#define MOST_CHUNKS 64

void
vcn_cycle_clear (VcnCycle *self)
{
  vc_buffer_free (self->part);
  memset (self, 0, sizeof *self);
}

gboolean
vcn_cycle_init (VcnCycle *self, GError **error)
{
  self->n_chunks = CLAMP (self->sweep->n / CHUNK, 1, MOST_CHUNKS);
  self->part = vc_buffer_new (double, self->n_chunks * (VCN_COARSE_GROUPS + 2) * VCN_COLUMNS);
  return self->part != NULL || vcn_fail_memory (error);
}

static inline guint32
chunk_begin (const VcnCycle *self, guint chunk)
{
  return (guint32) ((guint64) self->sweep->n * chunk / self->n_chunks);
}

static inline double *
part_of (const VcnCycle *self, guint chunk)
{
  return self->part + (gsize) chunk * (VCN_COARSE_GROUPS + 2) * VCN_COLUMNS;
}

/* What has changed, and what is left for that. */
static inline __attribute__ ((always_inline)) void
look (const VcnCycle *self, guint chunk, const guint pairs)
{
  const VcnSweep *sweep = self->sweep;
  const guint n_groups = self->is_plain ? 0 : self->coarse->n_groups;
  VcnPair *left = (VcnPair *) part_of (self, chunk), most[VCN_PAIRS] = { { 0, 0 } }, largest[VCN_PAIRS] = { { 0, 0 } };
  VcnPair sum[VCN_PAIRS] = { { 0, 0 } };
  guint group = 0; /* of sum: what goes to one several times is not written each time */

  memset (left, 0, n_groups * pairs * sizeof *left);
  for (gsize i = chunk_begin (self, chunk); i < chunk_begin (self, chunk + 1); i++) {
    VcnPair change[VCN_PAIRS];

    for (guint p = 0; p < pairs; p++) {
      const VcnPair value = self->x[i * pairs + p];

      change[p] = value - self->x[(sweep->n + i) * pairs + p];
      most[p] = vcn_pair_larger (most[p], vcn_pair_size (change[p]));
      largest[p] = vcn_pair_larger (largest[p], vcn_pair_size (value));
    }
    for (guint64 k = sweep->late_start[i]; n_groups > 0 && k < sweep->late_start[i + 1]; k++) {
      for (guint p = 0; sweep->late_group[k] != group && p < pairs; p++) {
        left[group * pairs + p] += sum[p];
        sum[p] = (VcnPair) { 0, 0 };
      }
      group = sweep->late_group[k];
      for (guint p = 0; p < pairs; p++)
        sum[p] += sweep->late[k] * change[p];
    }
  }
  for (guint p = 0; n_groups > 0 && p < pairs; p++)
    left[group * pairs + p] += sum[p];
  left += VCN_COARSE_GROUPS * VCN_PAIRS;
  memcpy (left, most, sizeof most);
  memcpy (left + VCN_PAIRS, largest, sizeof largest);
}

static void
look_chunk (gpointer data, guint chunk)
{
  const VcnCycle *self = data;

  if (self->pairs == 1)
    look (self, chunk, 1);
  else
    look (self, chunk, 2);
}

/* New becomes old, corrected. */
static inline __attribute__ ((always_inline)) void
shift (const VcnCycle *self, guint chunk, const guint pairs)
{
  const VcnCoarse *coarse = self->coarse;
  const gboolean transposed = self->sweep->transposed;

  for (gsize i = chunk_begin (self, chunk); i < chunk_begin (self, chunk + 1); i++) {
    const VcnPair *shift = self->shift + coarse->group[i] * pairs;
    const double weight = transposed ? coarse->weight[i] : 1;

    for (guint p = 0; p < pairs; p++) {
      VcnPair value = self->x[i * pairs + p];

      if (!self->is_plain)
        value += weight * shift[p];
      self->x[i * pairs + p] = self->x[(self->sweep->n + i) * pairs + p] = value;
    }
  }
}

static void
shift_chunk (gpointer data, guint chunk)
{
  const VcnCycle *self = data;

  if (self->pairs == 1)
    shift (self, chunk, 1);
  else
    shift (self, chunk, 2);
}

/* What each group lacks. */
static void
solve_groups (VcnCycle *self)
{
  const VcnCoarse *coarse = self->coarse;
  const guint width = 2 * self->pairs;
  double column[VCN_COARSE_GROUPS], first[VCN_COARSE_GROUPS] = { 0 };

  for (guint c = 0; c < width; c++) {
    for (guint g = 0; g < coarse->n_groups; g++) {
      column[g] = c == 1 ? self->coupling * coarse->size[g] * first[g] : 0;
      for (guint chunk = 0; chunk < self->n_chunks; chunk++)
        column[g] += part_of (self, chunk)[g * width + c];
    }
    vcn_coarse_solve (coarse, self->sweep->transposed, column);
    for (guint g = 0; g < coarse->n_groups; g++)
      self->shift[g * self->pairs + c / 2][c % 2] = column[g];
    if (c == 0)
      memcpy (first, column, sizeof first);
  }
}

void
vcn_cycle_run (VcnCycle *self, const VcnPair *b)
{
  vcn_sweep_run (self->sweep, self->pairs, self->coupling, self->x, b);
  vc_parallel (self->sweep->n_threads, self->n_chunks, look_chunk, self);
  memset (self->change, 0, sizeof self->change);
  memset (self->largest, 0, sizeof self->largest);
  for (guint chunk = 0; chunk < self->n_chunks; chunk++)
    for (guint c = 0; c < 2 * self->pairs; c++) {
      const double *most = part_of (self, chunk) + VCN_COARSE_GROUPS * VCN_COLUMNS;

      self->change[c] = vcn_larger (self->change[c], most[c]);
      self->largest[c] = vcn_larger (self->largest[c], most[VCN_COLUMNS + c]);
    }
  if (!self->is_plain)
    solve_groups (self);
  vc_parallel (self->sweep->n_threads, self->n_chunks, shift_chunk, self);
}
