/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-late.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

void
vcn_late_clear (VcnLate *self)
{
  vc_buffer_free (self->weight);
  vc_buffer_free (self->start);
  vc_buffer_free (self->group);
  vc_buffer_free (self->part);
  memset (self, 0, sizeof *self);
}

typedef struct {
  const VcnLate  *self;
  const VcnSweep *other;
  double         *part; /* n_groups for each bin and hub */
} Build;

/* Rows that a sweep visits before node j, and rows of other blocks, read its old value: whether that of an arc does, by
 * the arc's column among those into j. */
static inline gboolean
is_late (const VcnSweep *self, guint32 j, guint32 column)
{
  return self->descending ? column > j : column < j || column >= self->n;
}

/* Adds to the parts what is left of a change of node j, `scale` times. Answers how much that is. */
static double
add_node (const Build *build, guint32 j, double scale, double *part)
{
  const VcnSweep *sweep = build->self->sweep, *other = build->other;
  const VcnCoarse *coarse = build->self->coarse;
  double sum = 0;

  for (guint64 k = other->start[j]; k < other->start[j + 1]; k++) {
    const guint32 i = vcn_sweep_node (other, other->column[k]);
    /* By a mask, not a branch: nobody could guess. */
    const double counts = is_late (sweep, j, other->column[k]) * (sweep->transposed ? 1 : coarse->weight[i]);

    if (!sweep->transposed)
      __builtin_prefetch (coarse->weight + vcn_sweep_node (other, other->column[k + VCN_SWEEP_AHEAD]));
    part[coarse->group[i]] += scale * other->share[k] * counts;
    sum += other->share[k] * counts;
  }
  return sum;
}

static void
fill_bin (gpointer data, guint bin)
{
  const Build *build = data;
  const VcnLate *self = build->self;
  const VcnCoarse *coarse = self->coarse;
  double *part = build->part + (gsize) bin * coarse->n_groups, total = 0;

  for (guint32 j = vcn_sweep_bin_begin (self->sweep, bin); j < vcn_sweep_bin_begin (self->sweep, bin + 1); j++)
    /* As what is smooth changes. */
    self->weight[j] = coarse->group[j] >= coarse->n_ranges
                        ? 0
                        : add_node (build, j, self->sweep->transposed ? coarse->weight[j] : 1, part);
  for (guint g = 0; g < coarse->n_groups; g++)
    total += part[g];
  for (guint g = 0; total > 0 && g < coarse->n_groups; g++)
    part[g] /= total;
}

static guint32
count_parts (const Build *build, guint n_rows)
{
  guint32 n = 0;

  for (gsize k = 0; k < (gsize) n_rows * build->self->coarse->n_groups; k++)
    n += build->part[k] > 0;
  return n;
}

/* Most bins reach few groups. */
static gboolean
keep_parts (VcnLate *self, const Build *build, guint n_rows, GError **error)
{
  const guint n_groups = self->coarse->n_groups;
  const guint32 n = count_parts (build, n_rows);
  guint32 at = 0;

  self->start = vc_buffer_new (guint32, (gsize) n_rows + 1);
  self->group = vc_buffer_new (guint8, n);
  self->part = vc_buffer_new (double, n);
  if (self->start == NULL || self->group == NULL || self->part == NULL)
    return vcn_fail_memory (error);
  for (guint row = 0; row < n_rows; row++) {
    self->start[row] = at;
    for (guint g = 0; g < n_groups; g++)
      if (build->part[(gsize) row * n_groups + g] > 0) {
        self->group[at] = (guint8) g;
        self->part[at++] = build->part[(gsize) row * n_groups + g];
      }
  }
  self->start[n_rows] = at;
  return TRUE;
}

gboolean
vcn_late_init (VcnLate *self, const VcnSweep *sweep, const VcnSweep *other, const VcnCoarse *coarse, GError **error)
{
  const guint n_hubs = coarse->n_groups - coarse->n_ranges, n_rows = sweep->n_bins + n_hubs;
  VC_BUFFER (double) part = vc_buffer_new0 (double, (gsize) n_rows * coarse->n_groups);
  Build build = { self, other, part };

  *self = (VcnLate) { .sweep = sweep, .coarse = coarse, .weight = vc_buffer_new (double, sweep->n) };
  if (part == NULL || self->weight == NULL)
    return vcn_fail_memory (error);
  vc_parallel (sweep->n_threads, sweep->n_bins, fill_bin, &build);
  for (guint hub = 0; hub < n_hubs; hub++)
    add_node (&build, coarse->hub[hub], 1, part + (gsize) (sweep->n_bins + hub) * coarse->n_groups);
  return keep_parts (self, &build, n_rows, error);
}

/* What is left of a bin or a hub. */
static inline void
spread (const VcnLate *self, guint row, guint pairs, const VcnPair *sum, VcnPair *left)
{
  for (guint32 k = self->start[row]; k < self->start[row + 1]; k++)
    for (guint p = 0; p < pairs; p++)
      left[self->group[k] * pairs + p] += self->part[k] * sum[p];
}

void
vcn_late_sum (const VcnLate *self, guint pairs, const VcnPair *x, const VcnPair *sum, VcnPair *left)
{
  const VcnCoarse *coarse = self->coarse;
  const guint n_bins = self->sweep->n_bins;

  memset (left, 0, coarse->n_groups * pairs * sizeof *left);
  for (guint bin = 0; bin < n_bins; bin++)
    spread (self, bin, pairs, sum + (gsize) bin * pairs, left);
  for (guint hub = 0; hub < coarse->n_groups - coarse->n_ranges; hub++) {
    const gsize i = coarse->hub[hub];
    VcnPair change[VCN_PAIRS];

    for (guint p = 0; p < pairs; p++)
      change[p] = x[i * pairs + p] - x[(self->sweep->n + i) * pairs + p];
    spread (self, n_bins + hub, pairs, change, left);
  }
}
