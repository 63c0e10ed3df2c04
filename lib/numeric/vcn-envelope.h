/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* The factors of I - P for one component of n nodes, made without a subtraction (Grassmann, Taksar, Heyman 1985): node
 * after node is taken out and its flow is handed on to those that are left; what leaves the component is kept as a flow
 * of its own. All numbers are sums, products and quotients of non-negative ones, so each is right to a few roundings,
 * however nearly closed the component is (O'Cinneide 1993).
 *
 * Row i holds columns low[i] .. high(i) = the last node whose low is not past i, with what fills in: left of the
 * diagonal the share that went to each earlier node when that was taken out; on the diagonal the pivot, all that leaves
 * the node then; right of it how that was divided. A view on memory that the caller owns. */
typedef struct {
  guint32        n;
  const guint32 *low;   /* n; low[i] <= i, for the pattern of P + P' */
  const guint64 *row;   /* n + 1: where rows begin in value */
  double        *value;
} VcnEnvelope;

/* Fills row (n + 1) from low, beginning at `begin`; answers the multiplications that factorising will take. */
double   vcn_envelope_lay_out   (guint32 n, const guint32 *low, guint64 begin, guint64 *row);
/* From P in value and what leaves the component from each node in exits (n; used up). FALSE: some pivot vanished, or
 * cancelled. */
gboolean vcn_envelope_factorize (const VcnEnvelope *self, double *exits, const VcnMonitor *monitor, GError **error);
/* In place: x = b + P x; x = b + P' x. O(values). */
void     vcn_envelope_solve     (const VcnEnvelope *self, double *x);
void     vcn_envelope_solve_t   (const VcnEnvelope *self, double *x);

static inline double *
vcn_envelope_row (const VcnEnvelope *self, guint32 i)
{
  return self->value + self->row[i];
}

static inline guint32
vcn_envelope_high (const VcnEnvelope *self, guint32 i)
{
  return self->low[i] + (guint32) (self->row[i + 1] - self->row[i]) - 1;
}

G_END_DECLS
