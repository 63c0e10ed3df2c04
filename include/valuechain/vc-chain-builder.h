/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <gio/gio.h>

#include <valuechain/vc-flow-kind.h>
#include <valuechain/vc-limits.h>
#include <valuechain/vc-party-kind.h>
#include <valuechain/vc-progress.h>
#include <valuechain/vc-table.h>

G_BEGIN_DECLS

typedef struct _VcChain VcChain;

#define VC_TYPE_CHAIN_BUILDER (vc_chain_builder_get_type ())

/* Properties: title, currency, effort-unit (strings or NULL), limits (VcLimits), lenient (boolean). */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcChainBuilder, vc_chain_builder, VC, CHAIN_BUILDER, GObject)

VC_AVAILABLE_IN_ALL
VcChainBuilder *vc_chain_builder_new           (void) G_GNUC_WARN_UNUSED_RESULT;

/* One record at a time. */
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_add_party     (VcChainBuilder *self,
                                                const char     *id,
                                                VcPartyKind     kind);
/* `field`: "name", "unit" or "manager". The party may be added before or later, and in any way. */
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_set_party_field (VcChainBuilder *self,
                                                  const char     *id,
                                                  const char     *field,
                                                  const char     *value);
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_set_effort    (VcChainBuilder *self,
                                                const char     *id,
                                                double          effort);
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_add_flow      (VcChainBuilder *self,
                                                const char     *from,
                                                const char     *to,
                                                VcFlowKind      kind,
                                                double          amount);
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_add_receipt   (VcChainBuilder *self,
                                                const char     *customer,
                                                double          amount);

/* The number of the commitment, for what else there is to say about it. */
VC_AVAILABLE_IN_ALL
guint           vc_chain_builder_add_commitment (VcChainBuilder *self,
                                                 const char     *from,
                                                 const char     *to);
/* `field`: "what", "made", "due", "closed" (times in ISO 8601), "state", "closed_by" or "id". */
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_set_commitment_field (VcChainBuilder *self,
                                                       guint           commitment,
                                                       const char     *field,
                                                       const char     *value);
/* `field`: "weight" or "reopened". */
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_set_commitment_number (VcChainBuilder *self,
                                                        guint           commitment,
                                                        const char     *field,
                                                        double          value);

/* Whole tables with the columns of a chain folder. Several tables of a kind add up. `origin` is what messages call them
 * (a file name) or NULL. */
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_add_parties     (VcChainBuilder *self,
                                                  VcTable        *table,
                                                  const char     *origin);
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_add_flows       (VcChainBuilder *self,
                                                  VcTable        *table,
                                                  const char     *origin);
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_add_receipts    (VcChainBuilder *self,
                                                  VcTable        *table,
                                                  const char     *origin);
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_add_commitments (VcChainBuilder *self,
                                                  VcTable        *table,
                                                  const char     *origin);
/* What columns such a table may have, the required ones first: of "parties", "flows", "receipts" or "commitments". */
VC_AVAILABLE_IN_ALL
char          **vc_chain_builder_list_fields     (const char     *records) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
void            vc_chain_builder_set_window      (VcChainBuilder *self,
                                                  gint64          start,
                                                  gint64          end);

/* All that is wrong or odd, as a table "check": severity (error, warning, note), file, line, field, code, count,
 * message. */
VC_AVAILABLE_IN_ALL
VcTable        *vc_chain_builder_check         (VcChainBuilder *self,
                                                VcProgress     *progress,
                                                GCancellable   *cancellable,
                                                GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fails where check() has an error: the message is that of the first and says how many more there are. The builder can
 * be used again. */
VC_AVAILABLE_IN_ALL
VcChain        *vc_chain_builder_build         (VcChainBuilder *self,
                                                VcProgress     *progress,
                                                GCancellable   *cancellable,
                                                GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
