/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-look.h"
#include "vcn-paths.h"
#include "vcn-wide.h"

G_BEGIN_DECLS

/* The best way from each node to an end, and the neighbours of each node from the best to the worst. */
typedef struct {
  const VcnWalks *walks;
  VcnWide        *share;  /* n: of what is at the node, the share that takes the best way to an end; 0: there is none */
  guint32        *steps;  /* n: of that way; of several alike, the shortest */
  guint32 *order; /* m: numbers of flows within their row, a heap from which the best are taken to its far end */
  guint32        *n_left; /* n: in that heap; G_MAXUINT32: not made yet */
} VcnWays;

/* Errors: NO_MEMORY and being stopped. */
gboolean vcn_ways_init  (VcnWays          *self,
                         const VcnWalks   *walks,
                         const VcnMonitor *monitor,
                         GError          **error);
void     vcn_ways_clear (VcnWays          *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnWays, vcn_ways_clear)

/* Before the flows of a node are first asked for: O(its flows), later nothing. FALSE: stopped. */
gboolean vcn_ways_open  (VcnWays          *self,
                         guint32           node,
                         VcnLook          *look,
                         guint64          *done);
/* The flow to the neighbour of that rank (0: the best; each asked for after the one before it); G_MAXUINT64: there are
 * no more. */
guint64  vcn_ways_flow  (VcnWays          *self,
                         guint32           node,
                         guint32           rank);

/* What passes along a flow, of what its node passes on. */
static inline VcnWide
vcn_ways_ratio (const VcnWays *self, guint32 node, guint64 flow)
{
  return vcn_wide_ratio (self->walks->flows->value[flow], self->walks->outflow[node]);
}

G_END_DECLS
