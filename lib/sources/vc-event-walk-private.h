/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-event-log.h"
#include "vc-event-company-private.h"
#include "vc-event-pairs-private.h"
#include "vc-events-private.h"

G_BEGIN_DECLS

/* How work is read from events. */
typedef struct {
  gboolean      breaks;    /* at events without a party */
  gboolean      causal;    /* only where the activities follow each other causally */
  VcEventWeight weight;
  double        decay;
  const char   *name;      /* of the log */
  guint64       size;      /* of the log, in bytes */
  guint64       max_flows; /* and pairs of each relation */
} VcEventRules;

/* What a log may make of its events: a flow for each, and else a flow for each so many bytes of the log, and some more.
 * A pair of a relation counts as two flows. So whatever may still be wrong with a log, refusing it costs no more than
 * eight times its size and 16 MiB: a flow takes up to 60 bytes until a chain is made of it, and a pair up to 92. */
#define VC_EVENT_BYTES_PER_FLOW 10
#define VC_EVENT_FREE_FLOWS     131072

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
  VcEventPairs   pairs[VC_RELATION_WORKING_TOGETHER]; /* of the relations before it */
  VcEventCompany company;
  guint64        n_together;                          /* pairs that it makes */
  double         n_possible[VC_N_RELATIONS];          /* what a share is of */
  guint64        n_cases;
} VcEventRelations;

void     vc_event_relations_clear (VcEventRelations *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventRelations, vc_event_relations_clear)
/* A table "relations" in canonical order. Takes the pairs. NULL: no memory or cancelled. */
VcTable *vc_event_relations_tabulate (VcEventRelations *self, const VcStrings *parties,
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

/* Memory is linear in the size of the log: one that makes more of its events than that is refused
 * (VC_IMPORT_ERROR_LIMIT) at the event with which it does, or as a whole where only all of its cases together make too
 * many pairs that work together. Time is linear in events, flows and pairs, but that causes take time in the activities
 * of a case for each event, and relations in the pairs of parties of each case. Fails where it is cancelled, memory is
 * out or a limit is passed. Amounts must not be negative. `relations` may be NULL. */
gboolean vc_event_walk        (const VcEvents      *events,
                               const VcEventOrder  *order,
                               const VcEventRules  *rules,
                               VcEventFlows        *flows,
                               VcEventRelations    *relations,
                               VcEventCounts       *counts,
                               GCancellable        *cancellable,
                               GError             **error);

G_END_DECLS
