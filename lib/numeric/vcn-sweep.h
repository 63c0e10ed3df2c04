/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"
#include "vcn-pair.h"

G_BEGIN_DECLS

/* P or P' of one component by rows, and a sweep of Gauss and Seidel over it that does not depend on threads: rows are
 * cut into blocks by n alone; within a block new values are used at once, those of other blocks are the last sweep's.
 * Vectors of a sweep are [new | old], and the column of an arc says by its size which of the two it reads. Two columns
 * of a task stand side by side for each node, a VcnPair; one or two pairs are swept at once. */
#define VCN_SWEEP_BLOCKS 4
/* Arcs ahead of the sweep whose values are asked for, and room for as many before and after all columns. */
#define VCN_SWEEP_AHEAD 256

typedef struct {
  guint32          n;
  guint            n_blocks;
  guint            n_bins;      /* in all blocks: runs of rows of which changes are summed up */
  gboolean         transposed;
  gboolean         descending;  /* rows from the last to the first: most arcs then lead to what is new */
  guint64         *start;       /* n + 1 */
  guint32         *column;      /* j, or n + j; VCN_SWEEP_AHEAD more on both sides */
  double          *share;
  guint            n_threads;
} VcnSweep;

/* What a sweep changed: what is new less what was old. */
typedef struct {
  const double    *weight; /* n: what the change of a node counts in sums; NULL: no sums */
  VcnPair         *sum;    /* of each bin, pairs side by side */
  VcnPair          most[VCN_SWEEP_BLOCKS][VCN_PAIRS];    /* the largest change of each block, */
  VcnPair          largest[VCN_SWEEP_BLOCKS][VCN_PAIRS]; /* and |x| */
} VcnSweepChange;

/* Makes room; rows are then filled with columns, see vcn_sweep_column(), and shares. */
gboolean vcn_sweep_init   (VcnSweep *self, guint32 n, guint64 n_arcs, GError **error);
void     vcn_sweep_clear  (VcnSweep *self);
/* When rows are filled. */
void     vcn_sweep_finish (VcnSweep *self, gboolean descending);
/* One sweep over `pairs` pairs of columns, x = b + P x (b NULL: 0); `coupling` times the first column is added to the
 * second. */
void     vcn_sweep_run    (const VcnSweep *self, guint pairs, double coupling, VcnPair *x, const VcnPair *b,
                           VcnSweepChange *change);

static inline guint32
vcn_sweep_block_begin (const VcnSweep *self, guint block)
{
  return (guint32) ((guint64) self->n * block / self->n_blocks);
}

/* Each bin lies in one block. */
static inline guint32
vcn_sweep_bin_begin (const VcnSweep *self, guint bin)
{
  return (guint32) ((guint64) self->n * bin / self->n_bins);
}

/* The rows of one block, which read each other's new values. */
typedef struct {
  guint32 first, n;
} VcnSweepNear;

static inline VcnSweepNear
vcn_sweep_near (const VcnSweep *self, guint32 node)
{
  guint block = 0;

  while (node >= vcn_sweep_block_begin (self, block + 1))
    block++;
  return (VcnSweepNear) { vcn_sweep_block_begin (self, block),
                          vcn_sweep_block_begin (self, block + 1) - vcn_sweep_block_begin (self, block) };
}

static inline gboolean
vcn_sweep_is_near (VcnSweepNear near, guint32 node)
{
  return node - near.first < near.n;
}

/* The column of an arc to a node from a row of which these are near. */
static inline guint32
vcn_sweep_column (const VcnSweep *self, VcnSweepNear near, guint32 node)
{
  return vcn_sweep_is_near (near, node) ? node : node + self->n;
}

static inline guint32
vcn_sweep_node (const VcnSweep *self, guint32 column)
{
  return column >= self->n ? column - self->n : column;
}

G_END_DECLS
