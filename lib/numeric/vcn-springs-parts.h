/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-springs-scaled.h"

G_BEGIN_DECLS

/* Nodes that stand together as one, part by part: the network of parts is small enough to be solved as it is, and moves
 * whole regions at once. */
typedef struct {
  guint    n;      /* parts: ranges, then hubs */
  guint    ranges; /* range k: places from k over `ranges` times all */
  guint16 *part;   /* of each place */
  double  *weight; /* n x n: below the diagonal what elimination left: shares of the eliminated part's whole weight */
  double  *whole;  /* n: weight of a part when it was eliminated */
  double  *load;   /* one row of n a chunk */
  double  *lift;   /* n */
} VcnSpringsParts;

gboolean vcn_springs_parts_init (VcnSpringsParts *self, const VcnSprings *springs, const VcnSpringsScaled *scaled,
                                 guint n_chunks, GError **error);
void     vcn_springs_parts_clear (VcnSpringsParts *self);
/* From all chunks' loads to lifts; answers their product. */
double   vcn_springs_parts_solve (VcnSpringsParts *self, guint n_chunks);

static inline double *
vcn_springs_parts_load (const VcnSpringsParts *self, guint chunk)
{
  return self->load + (gsize) chunk * self->n;
}

G_END_DECLS
