/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-absorb.h"
#include "vcn-envelope.h"
#include "vcn-iteration.h"
#include "vcn-look.h"

G_BEGIN_DECLS

/* Of a block, see below. */
typedef struct {
  guint32 n;
  guint32 n_leaves; /* the first ones, which have no twigs of their own */
  guint32 height;   /* the longest way by twigs alone */
} VcnTwigs;

/* Numbers in the arena for each. */
#define VCN_TWIG 2

/* Where the numbers of nodes are scattered over a large block, they get others, their places: all counts by these then,
 * flows too, but for classes, loops and outflow.
 *
 * The strongly connected components of the live nodes are BLOCKS: block c is order[first[c]] .. order[first[c + 1] -
 * 1], and arcs lead to the same or a lower block. A block of several nodes either has rows in the arena (its factors),
 * or is one of `iterations`, which ascend by block.
 *
 * In a block a node is a TWIG that gives flow to but one other, and gets some from that one alone. Taken out, what it
 * passes on goes back or out, and no arc is new; what is left may have twigs again. Of a tree one node remains, of what
 * is nearly one a small core. Twigs stand first in their block, as they are taken out: a node's own are those that its
 * arcs lead to and that come before it. */
struct _VcnAbsorb {
  const VcnCsr     *flows;
  VcnCsr            renumbered;
  guint32          *place, *node; /* n: of a node, at a place; NULL where both are the same */
  double           *row_sum;  /* n: outflow by place, where that is another */
  VcnAbsorbOptions  options;

  guint8           *classes;  /* n */
  guint32          *loops;    /* n */
  guint32           n_loops;
  double           *outflow;  /* n */

  guint32           n_live;
  guint32          *order;    /* n_live: node at a position */
  guint32          *position; /* n: position of a live node, G_MAXUINT32 of others */
  guint32           n_blocks;
  guint32          *first;    /* n_blocks + 1 */

  VcnTwigs         *twigs;    /* n_blocks */
  guint32          *low;      /* n_live, see VcnEnvelope; not of twigs. Where a block is iterated, how many of a
                                 row's arcs lead to nodes of the same */
  guint64          *row;      /* n_live + 1 */
  double           *value;    /* row[n_live] */

  guint32           n_iterations;
  VcnIteration    **iterations;
};

/* Sorts the nodes into classes, the live ones into blocks. */
gboolean vcn_absorb_classify (VcnAbsorb *self, const VcnMonitor *monitor, GError **error);
/* Chooses each block's method and prepares it. */
gboolean vcn_absorb_plan     (VcnAbsorb *self, const VcnMonitor *monitor, GError **error);
/* Puts a block's twigs first, where it has few arcs and no more nodes than `largest_core` remain. */
gboolean vcn_absorb_strip    (VcnAbsorb *self, guint32 block, guint64 n_arcs, double largest_core, VcnLook *look,
                              GError **error);
/* Orders a wide block by layers and means; *is_wide: it is one. */
gboolean vcn_absorb_arrange  (VcnAbsorb *self, guint32 block, gboolean *is_wide, VcnLook *look, GError **error);
/* Counts the arcs within a block that is iterated, into `low`; and puts nodes with as many as each other together, over
 * distances that are short beside `length`, that of arcs: where the length of a loop changes each time, processors
 * guess it wrong each time. */
gboolean vcn_absorb_even     (VcnAbsorb *self, guint32 block, double length, VcnLook *look, GError **error);
/* Once all is in order but for vcn_absorb_even(): from here on nodes are numbered by it, so that what is near is near
 * in memory too. */
gboolean vcn_absorb_renumber (VcnAbsorb *self, const VcnMonitor *monitor, GError **error);
/* Orders a block breadth first from one of its ends (Cuthill, McKee 1969), so that neighbours stand together. But not
 * where a first look shows that no order makes arcs shorter than `longest`, and neighbours stand together already
 * (`is_local`) or cannot. */
gboolean vcn_absorb_reorder  (VcnAbsorb *self, guint32 block, guint64 n_arcs, double longest, gboolean is_local,
                              VcnLook *look, GError **error);

/* Fills in and makes the factors of a block; exits (its nodes): used up. */
gboolean vcn_absorb_factorize (const VcnAbsorb *self, guint32 block, double *exits, VcnLook *look, GError **error);
/* In place, by factors: y = b + P y; y = b + P' y. Stops short where `look` says so. */
void     vcn_absorb_eliminate (const VcnAbsorb *self, guint32 block, gboolean transposed, double *y, VcnLook *look);

/* Of rows. */
static inline const double *
vcn_absorb_row_sums (const VcnAbsorb *self)
{
  return self->row_sum != NULL ? self->row_sum : self->outflow;
}

/* The share of i's outflow that an arc carries. */
static inline double
vcn_absorb_share (const VcnAbsorb *self, guint32 i, guint64 arc)
{
  return self->flows->value[arc] / vcn_absorb_row_sums (self)[i];
}

static inline guint32
vcn_absorb_place (const VcnAbsorb *self, guint32 node)
{
  return self->place != NULL ? self->place[node] : node;
}

/* Which of n parts of least .. most a key falls into. In doubles, as the difference of two floats may be rounded up,
 * out of the last part. */
static inline guint32
vcn_absorb_part (float key, float least, float most, guint32 n)
{
  return most > least ? (guint32) (((double) key - least) / ((double) most - least) * (n - 1)) : 0;
}

static inline gboolean
vcn_absorb_is_iterated (const VcnAbsorb *self, guint32 block)
{
  return self->row[self->first[block]] == self->row[self->first[block + 1]]
         && self->first[block + 1] - self->first[block] > 1;
}

G_END_DECLS
