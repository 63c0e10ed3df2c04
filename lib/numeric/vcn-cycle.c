/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-cycle.h"

#include <math.h>
#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

#define ROWS_PER_CHUNK 16384

void
vcn_cycle_clear (VcnCycle *self)
{
  vc_buffer_free (self->swept.sum);
  memset (self, 0, sizeof *self);
}

gboolean
vcn_cycle_init (VcnCycle *self, GError **error)
{
  self->swept.weight = self->late->weight;
  self->swept.sum = vc_buffer_new (VcnPair, self->late->sweep->n_bins * self->pairs);
  return self->swept.sum != NULL || vcn_fail_memory (error);
}

/* New becomes old, corrected. */
static inline __attribute__ ((always_inline)) void
shift (const VcnCycle *self, guint chunk, const guint pairs)
{
  const VcnSweep *sweep = self->late->sweep;
  const VcnCoarse *coarse = self->late->coarse;

  for (gsize i = (gsize) chunk * ROWS_PER_CHUNK; i < MIN (((gsize) chunk + 1) * ROWS_PER_CHUNK, sweep->n); i++) {
    const VcnPair *shift = self->shift + coarse->group[i] * pairs;
    const double weight = sweep->transposed ? coarse->weight[i] : 1;

    for (guint p = 0; p < pairs; p++) {
      VcnPair value = self->x[i * pairs + p];

      if (!self->is_plain)
        value += weight * shift[p];
      self->x[i * pairs + p] = self->x[(sweep->n + i) * pairs + p] = value;
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
  const VcnCoarse *coarse = self->late->coarse;
  const guint pairs = self->pairs;
  double column[VCN_COARSE_GROUPS], first[VCN_COARSE_GROUPS] = { 0 };

  vcn_late_sum (self->late, pairs, self->x, self->swept.sum, self->shift);
  for (guint c = 0; c < 2 * pairs; c++) {
    for (guint g = 0; g < coarse->n_groups; g++)
      column[g] = self->shift[g * pairs + c / 2][c % 2] + (c == 1 ? self->coupling * coarse->size[g] * first[g] : 0);
    vcn_coarse_solve (coarse, self->late->sweep->transposed, column);
    for (guint g = 0; g < coarse->n_groups; g++)
      self->shift[g * pairs + c / 2][c % 2] = column[g];
    if (c == 0)
      memcpy (first, column, sizeof first);
  }
}

void
vcn_cycle_run (VcnCycle *self, const VcnPair *b)
{
  const VcnSweep *sweep = self->late->sweep;

  vcn_sweep_run (sweep, self->pairs, self->coupling, self->x, b, &self->swept);
  for (guint c = 0; c < 2 * self->pairs; c++) {
    self->change[c] = self->largest[c] = 0;
    for (guint block = 0; block < sweep->n_blocks; block++) {
      self->change[c] = vcn_larger (self->change[c], self->swept.most[block][c / 2][c % 2]);
      self->largest[c] = vcn_larger (self->largest[c], self->swept.largest[block][c / 2][c % 2]);
    }
  }
  if (!self->is_plain)
    solve_groups (self);
  vc_parallel (sweep->n_threads, sweep->n / ROWS_PER_CHUNK + 1, shift_chunk, self);
}
