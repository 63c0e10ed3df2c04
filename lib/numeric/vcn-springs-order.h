/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-springs-rows.h"

G_BEGIN_DECLS

/* In which order to take nodes out, so that few new springs come about, and which there will be: those who hang by the
 * k-th node when it goes are tied to each other from then on, a mesh in place of a star. Made once, for networks up to
 * a size, and filled anew for each. */
typedef struct {
  guint32  n;
  guint32 *node;     /* n: who goes k-th */
  guint32 *place;    /* n: when a node goes */
  guint64 *start;    /* n + 1 */
  guint32 *mesh;     /* from start[k] on, the places of those in the k-th mesh, ascending */
  double   pairs;    /* in all meshes */
  /* What it takes to find it. */
  guint64  room;     /* in mesh and in turned */
  guint32 *turned;
  guint64 *turn;     /* n + 1 */
  guint32 *lists;    /* as the rows of springs: neighbours from the front, places of meshes from the back */
  guint32 *n_near, *n_meshes; /* n */
  guint8  *is_gone;  /* n: the k-th mesh is part of a later one */
  guint32 *outside;  /* n: how many of the k-th mesh are not in the newest ... */
  guint32 *seen, *seen_mesh; /* n: ... as of this place */
  guint32 *degree;   /* n: no fewer neighbours than there are */
  guint32 *first, *next, *previous; /* n: nodes of a degree */
  guint32  least;    /* degree */
} VcnSpringsOrder;

/* For up to n nodes and room for so many springs in rows. */
gboolean vcn_springs_order_init  (VcnSpringsOrder *self, guint32 n, guint64 n_springs, GError **error);
void     vcn_springs_order_clear (VcnSpringsOrder *self);
/* *found: FALSE where meshes come to more than so many pairs, by what is seen of them before all are made, or to more
 * memory than is decent. O(pairs) at worst, mostly far less. */
gboolean vcn_springs_order_find  (VcnSpringsOrder *self, const VcnSpringsRows *rows, double most_pairs, gboolean *found,
                                  VcnLook *look, GError **error);

G_END_DECLS
