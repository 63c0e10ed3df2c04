/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-chain-builder.h"
#include "valuechain/vc-source.h"
#include "vc-event-walk-private.h"

G_BEGIN_DECLS

/* Cases that were promised to somebody. */
typedef struct {
  const VcEvents       *events;
  const VcEventOrder   *order;
  const VcEventFlows   *flows;      /* tell who is in the chain already */
  const VcEventMapping *mapping;
  VcSource             *source;     /* takes what there is to report */
  const char           *name;       /* what messages call the log */
  const char           *unknown;    /* who stands in for who is not named; NULL: nobody, and no commitment is made */
  VcPartyKind           party_kind;
  gboolean              breaks;     /* an event without a party has nobody, instead of the one before */
} VcEventPromises;

/* Whether the mapping says anything about promises. */
gboolean vc_event_promises_are_there (const VcEventMapping *mapping);
/* Whether it says enough. */
gboolean vc_event_promises_check     (const VcEventMapping *mapping,
                                      const char           *name,
                                      GError              **error);
/* Gives the builder a commitment for each case, and the parties that only commitments name. Time O(n), and less where
 * the last events of the cases say it all; memory 80 bytes a case. Fails where it is cancelled or memory is out. */
gboolean vc_event_promises_add       (const VcEventPromises *self,
                                      VcChainBuilder        *builder,
                                      GCancellable          *cancellable,
                                      GError               **error);

G_END_DECLS
