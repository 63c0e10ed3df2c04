/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-absorb.h"
#include "vcn-envelope.h"
#include "vcn-iteration.h"
#include "vcn-look.h"

G_BEGIN_DECLS

/* The strongly connected components of the live nodes are BLOCKS: block c is order[first[c]] .. order[first[c + 1] -
 * 1], and arcs lead to the same or a lower block. A block of several nodes either has rows in the arena (its factors),
 * or is one of `iterations`, which ascend by block. */
struct _VcnAbsorb {
  const VcnCsr     *flows;
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

  guint32          *low;      /* n_live, see VcnEnvelope */
  guint64          *row;      /* n_live + 1 */
  double           *value;    /* row[n_live] */

  guint32           n_iterations;
  VcnIteration    **iterations;
};

/* Sorts the nodes into classes, the live ones into blocks. */
gboolean vcn_absorb_classify (VcnAbsorb *self, const VcnMonitor *monitor, GError **error);
/* Chooses each block's method and prepares it. */
gboolean vcn_absorb_plan     (VcnAbsorb *self, const VcnMonitor *monitor, GError **error);
/* Orders a block breadth first from one of its ends (Cuthill, McKee 1969), so that neighbours stand together. */
gboolean vcn_absorb_reorder  (VcnAbsorb *self, guint32 block, guint64 n_arcs, VcnLook *look, GError **error);

/* The share of i's outflow that an arc carries. */
static inline double
vcn_absorb_share (const VcnAbsorb *self, guint32 i, guint64 arc)
{
  return self->flows->value[arc] / self->outflow[i];
}

static inline gboolean
vcn_absorb_is_iterated (const VcnAbsorb *self, guint32 block)
{
  return self->row[self->first[block]] == self->row[self->first[block + 1]]
         && self->first[block + 1] - self->first[block] > 1;
}

G_END_DECLS
