/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-springs.h"

G_BEGIN_DECLS

/* Springs scaled so that each node's weights add up to 1: A = D - W, where D is what a row of W adds up to. Scaled
 * weights are kept in single precision, alike in both their rows: the springs of a network next to the true one, by
 * 6e-8 of each weight. Nodes go by places in an order in which neighbours are near. */
typedef struct {
  guint32  n;
  guint    n_threads;
  guint32 *order;    /* n: the node at a place; NULL: the order as it is */
  guint32 *place;    /* n: the place of a node; NULL likewise */
  double   distance; /* about how far apart neighbours stand */
  double   most;     /* the largest sum of a node's weights */
  double  *root;     /* n: square root of the sum of weights, by `most`; 0 of a node without springs */
  double  *whole;    /* n: D, about 1 */
  guint64 *start;    /* n + 1 */
  guint32 *column;   /* VCN_SPRINGS_AHEAD more than springs */
  float   *share;
} VcnSpringsScaled;

/* Values are asked for some springs before they are read. */
#define VCN_SPRINGS_AHEAD 256

gboolean vcn_springs_scaled_init (VcnSpringsScaled *self, const VcnSprings *springs, const VcnSpringsOptions *options,
                                  GError **error);
void     vcn_springs_scaled_clear (VcnSpringsScaled *self);

static inline guint32
vcn_springs_scaled_node (const VcnSpringsScaled *self, guint32 place)
{
  return self->order != NULL ? self->order[place] : place;
}

static inline guint32
vcn_springs_scaled_place (const VcnSpringsScaled *self, guint32 node)
{
  return self->place != NULL ? self->place[node] : node;
}

G_END_DECLS
