/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "table/vc-strings-private.h"
#include "valuechain/vc-chain-builder.h"
#include "vc-event-walk-private.h"

G_BEGIN_DECLS

/* The labels that the codes of events stand for. `customers` is NULL where the log has none. */
typedef struct {
  const VcStrings *cases;
  const VcStrings *parties;
  const VcStrings *customers;
} VcEventLabels;

/* Takes a reference to each list. */
void     vc_event_labels_hold  (VcEventLabels *self, const VcEvents *events);
void     vc_event_labels_clear (VcEventLabels *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventLabels, vc_event_labels_clear)

/* Gives the builder the parties, the customers and the flows. Takes the arrays of `flows`. */
gboolean vc_event_chain_add    (VcChainBuilder      *builder,
                                const VcEventLabels *labels,
                                VcEventFlows        *flows,
                                VcPartyKind          party_kind,
                                const char          *name,
                                GError             **error);

G_END_DECLS
