/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-chain.h"
#include "table/vc-table-private.h"

G_BEGIN_DECLS

/* Values of a column, some of which may be null: then `validity` says which are not, else it is NULL. */
typedef struct {
  const gint64 *values;
  const guint8 *validity;
} VcWords;

typedef struct {
  const gint32 *codes;
  const guint8 *validity;
} VcCodes;

/* Ordered by from, to, made, due, closed, state, then the rest: a canonical order. Nulls stand first. */
typedef struct {
  guint64       n;
  const gint32 *from, *to;          /* who owes, who is owed: party indices */
  VcWords       made, due, closed;  /* microseconds since 1970 */
  VcCodes       state;              /* VC_STATE_OPEN, ... */
  VcCodes       closed_by;          /* party index */
  VcWords       reopened;
  const double *weight;             /* finite, at least 0 */
} VcCommitmentArrays;

/* Plain arrays over the chain's columns, borrowed, for measures. n = vc_chain_get_n_parties(). */
typedef struct {
  guint32         n_parties;
  const VcStrings *ids;          /* of parties, by index, in byte order */
  const guint8   *kind;          /* VcPartyKind */
  const gint32   *unit;          /* party index, or -1 */
  const gint32   *manager;       /* party index, or -1 */
  const guint8   *is_manager;    /* named in somebody's manager */
  const double   *effort;        /* NaN where not given (internal only) */

  /* Flows, ordered by kind, from, to, time (missing first), amount, then the bytes of case and attributes: a canonical
   * order. */
  guint64         n_flows;
  guint64         kind_start[4]; /* flows of VcFlowKind k are [kind_start[k], kind_start[k + 1]) */
  const gint32   *from;
  const gint32   *to;
  const double   *amount;

  guint64         n_receipts;    /* ordered by customer, time, amount */
  const gint32   *receipt_customer;
  const double   *receipt_amount;

  VcCommitmentArrays commitments;
} VcChainArrays;

const VcChainArrays *vc_chain_peek_arrays (VcChain *self);

/* What the records of a chain mean. Texts may be NULL. */
typedef struct {
  char    *title;
  char    *currency;
  char    *effort_unit;
  gboolean has_window;
  gint64   start;
  gint64   end;
  gboolean effort_is_for_window; /* given efforts are capacities in that window: they shrink with it */
} VcChainFrame;

void                 vc_chain_frame_copy  (VcChainFrame *to, const VcChainFrame *from);
void                 vc_chain_frame_clear (VcChainFrame *self);

/* Around tables in canonical order, as the assembly makes them: takes references to them. NULL: no memory. */
VcChain             *vc_chain_new         (const VcChainFrame *frame,
                                           VcTable *const      tables[4]) G_GNUC_WARN_UNUSED_RESULT;
/* Before anybody else has the chain. */
void                 vc_chain_set_check   (VcChain *self, VcTable *check);
const VcChainFrame  *vc_chain_peek_frame  (VcChain *self);
/* SHA-256 of the content, in hex. */
char                *vc_chain_compute_digest (VcChain *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
