/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-chain-builder.h>
#include <valuechain/vc-flow-kind.h>
#include <valuechain/vc-party-kind.h>
#include <valuechain/vc-table.h>

G_BEGIN_DECLS

#define VC_TYPE_CHAIN (vc_chain_get_type ())

/* Immutable; any number of threads may read it. Parties are ordered by the bytes of their ids; the index of a party is
 * its row in the parties table and its code in every column that names parties. Records are in canonical order,
 * whatever order they came in. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcChain, vc_chain, VC, CHAIN, GObject)

/* Tables, with the columns of a chain folder (doc/chain-folder.md); attributes that were not asked for follow. Never
 * NULL; without rows where the chain has none. */
VC_AVAILABLE_IN_ALL
VcTable        *vc_chain_get_parties      (VcChain *self);
VC_AVAILABLE_IN_ALL
VcTable        *vc_chain_get_flows        (VcChain *self);
VC_AVAILABLE_IN_ALL
VcTable        *vc_chain_get_receipts     (VcChain *self);
VC_AVAILABLE_IN_ALL
VcTable        *vc_chain_get_commitments  (VcChain *self);

VC_AVAILABLE_IN_ALL
guint           vc_chain_get_n_parties    (VcChain *self);
VC_AVAILABLE_IN_ALL
guint64         vc_chain_get_n_flows      (VcChain *self);
/* Row of a party, or -1. */
VC_AVAILABLE_IN_ALL
gint64          vc_chain_lookup_party     (VcChain *self, const char *id);
VC_AVAILABLE_IN_ALL
char           *vc_chain_dup_party_id     (VcChain *self, guint party) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
VcPartyKind     vc_chain_get_party_kind   (VcChain *self, guint party);
/* Whether somebody's `manager` is this party. */
VC_AVAILABLE_IN_ALL
gboolean        vc_chain_is_manager       (VcChain *self, guint party);

VC_AVAILABLE_IN_ALL
const char     *vc_chain_get_title        (VcChain *self);
VC_AVAILABLE_IN_ALL
const char     *vc_chain_get_currency     (VcChain *self);
VC_AVAILABLE_IN_ALL
const char     *vc_chain_get_effort_unit  (VcChain *self);
/* The half-open time window, microseconds since 1970; FALSE where the chain has none. */
VC_AVAILABLE_IN_ALL
gboolean        vc_chain_get_window       (VcChain *self, gint64 *start, gint64 *end);
/* SHA-256 of the canonical content, in hex: the same for the same chain, in any row order, from any source. */
VC_AVAILABLE_IN_ALL
const char     *vc_chain_get_digest       (VcChain *self);

/* What is odd though allowed (table "check": severity, file, line, field, code, count, message). */
VC_AVAILABLE_IN_ALL
VcTable        *vc_chain_check            (VcChain *self) G_GNUC_WARN_UNUSED_RESULT;
/* The records of [start, end). */
VC_AVAILABLE_IN_ALL
VcChain        *vc_chain_window           (VcChain *self, gint64 start, gint64 end, VcProgress *progress,
                                           GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with ISO 8601 text "A/B"; either side may be empty. */
VC_AVAILABLE_IN_ALL
VcChain        *vc_chain_window_text      (VcChain *self, const char *window, VcProgress *progress,
                                           GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
VcChainBuilder *vc_chain_edit             (VcChain *self) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
char           *vc_chain_to_text          (VcChain *self) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
char           *vc_chain_to_html          (VcChain *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
