/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-chain-builder.h"
#include "vc-event-walk-private.h"

G_BEGIN_DECLS

/* What ids are told apart by, where a log numbers its teams, customers and people each from 1. */
typedef enum {
  VC_EVENT_SPACE_PARTY,    /* as in the log */
  VC_EVENT_SPACE_CUSTOMER, /* "customer:" */
  VC_EVENT_SPACE_PERSON,   /* "person:" */
  VC_EVENT_N_SPACES
} VcEventSpace;

#define VC_EVENT_CUSTOMER_PREFIX "customer:"

/* Ids of parties, made as they are asked for, and who of them is not in the chain yet. */
typedef struct {
  VcInterner *ids;
  guint8     *spaces;   /* of each id 1 + its space */
  gsize       capacity;
  gboolean    clash;    /* one id would be two parties of different spaces */
  gint32     *codes[VC_EVENT_N_ROLES]; /* by role and label: 1 + the id's code; 0: not asked for yet */
} VcEventNames;

gboolean   vc_event_names_init   (VcEventNames       *self,
                                  const VcEvents     *events);
void       vc_event_names_clear  (VcEventNames       *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventNames, vc_event_names_clear)

/* The code of an id; -1: no memory. */
gint32     vc_event_names_add    (VcEventNames       *self,
                                  VcEventSpace        space,
                                  const char         *text,
                                  gsize               length);
/* The same for what stands in a row of a field that has something there. */
gint32     vc_event_names_of_row (VcEventNames       *self,
                                  const VcEvents     *events,
                                  VcEventRole         role,
                                  VcEventSpace        space,
                                  gsize               row);
/* Labels that the codes stand for, and a table "parties" of those that flows do not name already; nothing can be added
 * afterwards. NULL: no memory. */
VcStrings *vc_event_names_finish (VcEventNames       *self,
                                  const VcEvents     *events,
                                  const VcEventFlows *flows,
                                  VcPartyKind         party_kind,
                                  VcTable           **parties) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
