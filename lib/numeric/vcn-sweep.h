/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-coarse.h"

G_BEGIN_DECLS

/* P or P' of one component by rows, and a sweep of Gauss and Seidel over it that does not depend on threads: rows are cut into blocks by n alone;
 * within a block new values are used at once, those of other blocks are the last sweep's. Vectors of a sweep are [new | old], 2 n elements, and the
 * column of an arc says by its size which of the two it reads. A hub's row takes b alone. An element is one or two floats: the columns of a task. */
#define VCN_SWEEP_BLOCKS 8

typedef struct {
  guint32          n;
  guint            n_blocks;
  gboolean         transposed;
  gboolean         descending; /* rows from the last to the first: most arcs then lead to what is new */
  guint64         *start;      /* n + 1 */
  guint32         *column;     /* j, or n + j */
  double          *share;
  float           *fast;       /* share, rounded */
  double          *stale;      /* groups squared: sums of the shares that read what is old */
  const VcnCoarse *coarse;
  guint            n_threads;
} VcnSweep;

typedef struct {
  guint    width;    /* 1 or 2 */
  gboolean is_plain; /* without correction */
  float    coupling; /* the second column is x1 = b1 + coupling x0 + P x1 */
  double   change[2][VCN_COARSE_HUB + 1]; /* out: what is to be added to each group; hubs: 0 */
} VcnSweepColumns;

/* Makes room; rows are then filled with columns j and shares. */
gboolean vcn_sweep_init   (VcnSweep *self, guint32 n, guint64 n_arcs, GError **error);
void     vcn_sweep_clear  (VcnSweep *self);
/* When rows are filled: the rest. */
gboolean vcn_sweep_finish (VcnSweep *self, const VcnCoarse *coarse, gboolean descending, GError **error);
/* One sweep over x for right-hand side b (or NULL: 0), and its correction. `x` new must equal old before. */
void     vcn_sweep_run    (const VcnSweep *self, VcnSweepColumns *columns, float *x, const float *b);

static inline guint32
vcn_sweep_block_begin (const VcnSweep *self, guint block)
{
  return (guint32) ((guint64) self->n * block / self->n_blocks);
}

static inline guint32
vcn_sweep_node (const VcnSweep *self, guint32 column)
{
  return column >= self->n ? column - self->n : column;
}

G_END_DECLS
