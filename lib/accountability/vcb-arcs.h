/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcb-records.h"

G_BEGIN_DECLS

/* Who owes whom: an arc from each node to each other (or, where nodes are groups, also to itself) that it made
 * commitments to, with its records in a row. The same from the other end, too. */
typedef struct {
  const VcbRecords *records;
  guint32  n;          /* nodes: the parties of the chain, of which those that stand for no group have no arcs */
  guint32  n_arcs;
  guint32 *order;      /* the records that count, by arc; NULL: all, as they are */
  guint32 *first;      /* n_arcs + 1: where the records of each arc begin in that order */
  guint32 *out_start;  /* n + 1: arcs of node i are out_start[i] .. out_start[i + 1] - 1, by whom they lead to */
  guint32 *to;         /* n_arcs */
  double  *volume;     /* n_arcs: weight that is owed in all */
  guint32 *in_start;   /* n + 1 */
  guint32 *in_arc;     /* n_arcs: arcs that lead to a node, by whom they come from */
  guint32 *in_from;    /* n_arcs */
} VcbArcs;

/* `group`: the node of each party, or NULL where each is one. O(n + records). All weights of a chain have a finite sum.
 * Errors (VC_MEASURE_ERROR): LIMIT, NO_MEMORY. */
gboolean vcb_arcs_init  (VcbArcs          *self,
                         const VcbRecords *records,
                         guint32           n,
                         const guint32    *group,
                         VcmWatch         *watch,
                         GError          **error);
void     vcb_arcs_clear (VcbArcs          *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbArcs, vcb_arcs_clear)

static inline guint64
vcb_arcs_record (const VcbArcs *self, guint32 place)
{
  return self->order != NULL ? self->order[place] : place;
}

/* The arc from one to another, or n_arcs. O(log n). */
guint32  vcb_arcs_find  (const VcbArcs    *self,
                         guint32           from,
                         guint32           to);

/* Both sides of a node: whom it owes and who owes it, each once, ascending. */
typedef struct {
  const VcbArcs *arcs;
  guint32        out, out_end, in, in_end;
} VcbBoth;

typedef struct {
  guint32 other;
  guint32 out, in; /* arcs, or n_arcs */
} VcbTie;

VcbBoth  vcb_both       (const VcbArcs    *arcs,
                         guint32           node);
gboolean vcb_both_next  (VcbBoth          *self,
                         VcbTie           *tie);

/* The records of some nodes' arcs, run by run. */
typedef struct {
  const VcbArcs *arcs;
  gboolean       is_owed;   /* what is owed to them, not what they owe */
  const guint32 *members, *end;
  const guint32 *place;     /* where given: whoever has a place in [low, high) is no counterpart */
  guint32        low, high;
  guint32        arc, arc_end; /* of the member under way */
  VcnLook       *look;      /* counts members and arcs in `done` */
  guint64       *done;
} VcbWalk;

VcbWalk  vcb_walk       (const VcbArcs    *arcs,
                         gboolean          is_owed,
                         const guint32    *members,
                         guint32           n_members);
/* Before the first arc is asked for. */
static inline void
vcb_walk_look (VcbWalk *self, VcnLook *look, guint64 *done)
{
  self->look = look;
  self->done = done;
}

/* The next arc; FALSE: there is none, or it was stopped. */
gboolean vcb_walk_next  (VcbWalk          *self,
                         guint32          *arc);

G_END_DECLS
