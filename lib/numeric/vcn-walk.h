/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-absorb-private.h"
#include "vcn-sum.h"

G_BEGIN_DECLS

/* One walk over all blocks for one or two columns. Forward: from the lowest block up, each block's right-hand side is what its arcs to lower ones
 * lead to. Backward: from the highest down, each solved block hands on its flow. A coupled second column has the first as its source. */
typedef struct {
  VcnAbsorb        *self;
  gboolean          transposed;
  guint             n_columns;
  gboolean          coupled;
  const double     *source;    /* n, of the first column, or NULL */
  double           *x[2];      /* n: answers */
  VcnSum           *inflow[2]; /* n, backward only */
  double           *b[2];      /* largest block: right-hand sides */
  double           *y[2];      /* largest block: answers */
  VcnSum           *check;     /* largest block */
  double           *b_error[2], *y_error[2]; /* largest block: bounds of their errors */
  double           *error[2];  /* n: bounds of the errors of x, and backward of inflow */
  double           *r, *v, *one; /* largest block: residuals, and for bounds of eliminations */
  double            range[2][2]; /* between which the answers lie, of each column */
  double            worst[2];    /* error among what they come from */
  guint32           next_iteration;
  const VcnMonitor *monitor;
  VcnLook           look;
  guint64           done;        /* arcs since the last look */
  /* out */
  double            residual[2], largest[2];
  double            bound[2];
  guint             iterations;
  guint32           n_components, n_iterated;
} VcnWalk;

gboolean vcn_walk_init  (VcnWalk *walk, VcnAbsorb *self, guint n_columns, const VcnMonitor *monitor, GError **error);
void     vcn_walk_clear (VcnWalk *walk);
/* load fills b, or says that y is known already; store takes y. Both may stop short where a look says so. */
gboolean vcn_walk_run   (VcnWalk *walk, void (*load) (VcnWalk *walk, guint32 block, gboolean *trivial),
                         void (*store) (VcnWalk *walk, guint32 block), GError **error);
/* Fills in the proof; FALSE: the tolerance is not reached. */
gboolean vcn_walk_prove (const VcnWalk *walk, VcnProof *proof, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnWalk, vcn_walk_clear)

/* Before the arcs of node i. FALSE: stop. */
static inline gboolean
vcn_walk_look (VcnWalk *walk, guint32 i)
{
  const guint64 *start = walk->self->flows->start;

  return vcn_look (&walk->look, &walk->done, 1 + start[i + 1] - start[i]);
}

G_END_DECLS
