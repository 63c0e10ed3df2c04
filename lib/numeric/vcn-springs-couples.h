/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-springs-scaled.h"

G_BEGIN_DECLS

/* Two nodes, each the other's nearest, that hold together by much of their weight: they are solved for together, as if
 * all others stood still. In doubles: of two that hold together by nearly all, what is left is in the last digits. */
typedef struct {
  guint32 node[2];  /* places */
  double  by[2];    /* what z of each has of its own r, beside the whole of it */
  double  across;   /* and of the other's */
  double  more[2];  /* z - r */
} VcnSpringsCouple;

typedef struct {
  guint32           n;
  VcnSpringsCouple *couples;
  guint             n_chunks;
  double           *sum;   /* by chunk */
} VcnSpringsCouples;

gboolean vcn_springs_couples_init  (VcnSpringsCouples *self, const VcnSpringsScaled *scaled, GError **error);
void     vcn_springs_couples_clear (VcnSpringsCouples *self);
/* From r, what is left of the pull, by place, to z - r, which is 0 of who is single; answers their product. */
double   vcn_springs_couples_solve (VcnSpringsCouples *self, const double *r, guint n_threads);
/* Adds that to p. */
void     vcn_springs_couples_add   (const VcnSpringsCouples *self, float *p, guint n_threads);

G_END_DECLS
