/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/vc-parallel-private.h"
#include "vcn-absorb-private.h"
#include "vcn-sum.h"

G_BEGIN_DECLS

/* Rows of a large block are read in so many parts at most. */
#define VCN_WALK_PARTS 64

/* One walk over all blocks for up to VCN_COLUMNS columns. Forward: from the lowest block up, each block's right-hand
 * side is what its arcs to lower ones lead to. Backward: from the highest down, each solved block hands on its flow. A
 * coupled second column has the first as its source. */
typedef struct {
  VcnAbsorb        *self;
  gboolean          transposed;
  guint             n_columns;
  gboolean          coupled;
  double           *x[VCN_COLUMNS];        /* n: answers */
  VcnSum           *inflow[VCN_COLUMNS];   /* n, backward only */
  double           *b[VCN_COLUMNS];        /* largest block: right-hand sides */
  double           *y[VCN_COLUMNS];        /* largest block: answers */
  VcnSum           *check;                 /* largest block that is eliminated, backward only */
  double           *b_error[VCN_COLUMNS], *y_error[VCN_COLUMNS]; /* largest block: bounds of their errors */
  double           *error[VCN_COLUMNS];    /* n: bounds of the errors of x, and backward of inflow */
  double           *r, *v, *one;           /* likewise: residuals, and for bounds of eliminations */
  guint32           block;                 /* the one at hand */
  guint32           bounded;               /* that of which v is known, */
  double            left;                  /* and how far it is off */
  double            range[VCN_COLUMNS][2]; /* of each column, between which its answers lie, or its right-hand sides */
  guint32           next_iteration;
  const VcnMonitor *monitor;
  VcnLook           look;
  guint64           done;        /* arcs since the last look */
  /* out */
  double            residual[VCN_COLUMNS], largest[VCN_COLUMNS];
  double            bound[VCN_COLUMNS];
  guint             iterations;
  guint32           n_components, n_iterated;
} VcnWalk;

/* n_columns, coupled, transposed and x are given. */
gboolean vcn_walk_init  (VcnWalk *walk, VcnAbsorb *self, const VcnMonitor *monitor, GError **error);
void     vcn_walk_clear (VcnWalk *walk);
/* Of the block at hand, load fills b, or says that y is known already; store takes y. Both may stop short where a look
 * says so. */
gboolean vcn_walk_run   (VcnWalk *walk, void (*load) (VcnWalk *walk, gboolean *trivial), void (*store) (VcnWalk *walk),
                         GError **error);
/* Adds what is proven to a proof, of which the worst counts; FALSE: the tolerance is not reached. */
gboolean vcn_walk_prove (const VcnWalk *walk, VcnProof *proof, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnWalk, vcn_walk_clear)

/* Before the arcs of node i; done: since the last look. FALSE: stop. */
static inline gboolean
vcn_walk_look (VcnWalk *walk, guint32 i, guint64 *done)
{
  const guint64 *start = walk->self->flows->start;

  return vcn_look (&walk->look, done, 1 + start[i + 1] - start[i]);
}

/* What solves the block at hand, and knows its exits; NULL where it is eliminated. */
static inline const VcnIteration *
vcn_walk_iteration (const VcnWalk *walk)
{
  return vcn_absorb_is_iterated (walk->self, walk->block) ? walk->self->iterations[walk->next_iteration] : NULL;
}

/* Where the block at hand begins, and how many nodes it has. */
static inline guint32
vcn_walk_first (const VcnWalk *walk)
{
  return walk->self->first[walk->block];
}

static inline guint32
vcn_walk_size (const VcnWalk *walk)
{
  return walk->self->first[walk->block + 1] - walk->self->first[walk->block];
}

/* In how many parts its rows are read. */
static inline guint
vcn_walk_n_parts (const VcnWalk *walk)
{
  return CLAMP (vcn_walk_size (walk) / VCN_SERIAL, 1, VCN_WALK_PARTS);
}

/* Before a pass over its nodes. FALSE: stop. */
static inline gboolean
vcn_walk_look_at_block (VcnWalk *walk)
{
  return vcn_look (&walk->look, &walk->done, vcn_walk_size (walk));
}

/* A pass over `n` nodes for each column by itself, all side by side where it is worth it. */
static inline void
vcn_walk_columns (VcnWalk *walk, guint32 n, void (*body) (gpointer walk, guint column))
{
  if (n >= VCN_SERIAL)
    vc_parallel (walk->self->options.n_threads, walk->n_columns, body, walk);
  for (guint column = 0; column < walk->n_columns && n < VCN_SERIAL; column++)
    body (walk, column);
}

/* The same for the nodes of the block at hand, unless told to stop. */
static inline void
vcn_walk_columns_of_block (VcnWalk *walk, void (*body) (gpointer walk, guint column))
{
  if (vcn_walk_look_at_block (walk))
    vcn_walk_columns (walk, vcn_walk_size (walk), body);
}

G_END_DECLS
