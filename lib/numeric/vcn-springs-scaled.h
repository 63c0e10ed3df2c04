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
  guint32 *of_row;   /* n: places, in the order in which their rows are stored: those near each other by their length */
  guint32 *row;      /* n: the row of a place */
  double  *whole;    /* n: D by row, about 1 */
  guint64 *start;    /* n + 1, by row */
  guint32 *column;   /* VCN_SPRINGS_AHEAD more than springs */
  float   *share;
} VcnSpringsScaled;

/* Values are asked for some springs before they are read. */
#define VCN_SPRINGS_AHEAD 256
/* Rows that are put in order together. */
#define VCN_SPRINGS_WINDOW 1024

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

static inline guint64
vcn_springs_scaled_begin (const VcnSpringsScaled *self, guint32 place)
{
  return self->start[self->row[place]];
}

static inline guint64
vcn_springs_scaled_end (const VcnSpringsScaled *self, guint32 place)
{
  return self->start[self->row[place] + 1];
}

G_END_DECLS
