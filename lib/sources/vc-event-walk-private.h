/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-event-log.h"
#include "vc-event-pairs-private.h"
#include "vc-events-private.h"

G_BEGIN_DECLS

/* How work is read from events. */
typedef struct {
  gboolean      breaks;    /* at events without a party */
  gboolean      causal;    /* only where the activities follow each other causally */
  VcEventWeight weight;
  double        decay;
  guint64       max_flows;
} VcEventRules;

/* Flows, and who takes part in them: one bit a code of a party and, after those, of a customer. */
typedef struct {
  gsize   n;
  gsize   room;
  gint32 *from;
  gint32 *to;
  gint64 *at;
  gint32 *cases;
  double *amounts; /* NULL: each is 1 */
  guint8 *seen;
} VcEventFlows;

void     vc_event_flows_clear (VcEventFlows *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventFlows, vc_event_flows_clear)

/* Who works with whom. */
typedef enum {
  VC_RELATION_HAND_OVER,
  VC_RELATION_SELF_HAND_OVER,
  VC_RELATION_SUBCONTRACTING,
  VC_RELATION_WORKING_TOGETHER,
  VC_N_RELATIONS
} VcRelation;

typedef struct {
  VcEventPairs pairs[VC_N_RELATIONS];
  double       n_possible[VC_N_RELATIONS]; /* what a share is of */
  guint64      n_cases;
} VcEventRelations;

void     vc_event_relations_clear (VcEventRelations *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventRelations, vc_event_relations_clear)
/* A table "relations" in canonical order. NULL: no memory or cancelled. */
VcTable *vc_event_relations_tabulate (const VcEventRelations *self, const VcStrings *parties,
                                      GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  guint64 cases;         /* with an event */
  guint64 no_party;      /* events */
  guint64 pairs;         /* of a start and a completion */
  guint64 hand_overs;
  guint64 reworks;
  guint64 repeated;      /* hand-overs of a pair after its first in the case */
  guint64 no_cause;      /* successions whose activities are in no causal order */
  guint64 no_activity;   /* events, where activities matter */
  guint64 no_amount;     /* hand-overs and deliveries left out */
  guint64 deliveries;
  guint64 no_customer;   /* cases that would deliver */
  guint64 no_deliverer;  /* cases without a party at their end */
  guint64 moved;         /* cases whose customer changed */
  guint64 ties;          /* events at the same time as the one before them in their case */
  gint64  first;         /* of all times */
  gint64  last;
} VcEventCounts;

/* Time and memory are linear in events but for what the rules ask: causes take time in the activities of a case for
 * each event, decay in the parties that are remembered; relations memory in the pairs and time in the square of the
 * parties of a case. Fails where it is cancelled, memory is out or a limit is passed. Amounts must not be negative.
 * `relations` may be NULL. */
gboolean vc_event_walk        (const VcEvents      *events,
                               const VcEventOrder  *order,
                               const VcEventRules  *rules,
                               VcEventFlows        *flows,
                               VcEventRelations    *relations,
                               VcEventCounts       *counts,
                               GCancellable        *cancellable,
                               GError             **error);

G_END_DECLS
