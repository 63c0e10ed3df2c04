/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-chain.h"
#include "vc-table-private.h"

G_BEGIN_DECLS

/* Plain arrays over the chain's columns, borrowed, for measures. n = vc_chain_get_n_parties(). */
typedef struct {
  guint32         n_parties;
  const VcStrings *ids;          /* of parties, by index, in byte order */
  const guint8   *kind;          /* VcPartyKind */
  const gint32   *unit;          /* party index, or -1 */
  const gint32   *manager;       /* party index, or -1 */
  const guint8   *is_manager;    /* named in somebody's manager */
  const double   *effort;        /* NaN where not given (internal only) */

  /* Flows, ordered by kind, from, to, time (missing first), amount, then the bytes of case and attributes: a canonical order. */
  guint64         n_flows;
  guint64         kind_start[4]; /* flows of VcFlowKind k are [kind_start[k], kind_start[k + 1]) */
  const gint32   *from;
  const gint32   *to;
  const double   *amount;

  guint64         n_receipts;    /* ordered by customer, time, amount */
  const gint32   *receipt_customer;
  const double   *receipt_amount;
} VcChainArrays;

const VcChainArrays *vc_chain_peek_arrays (VcChain *self);

G_END_DECLS
