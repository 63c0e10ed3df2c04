/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "table/vc-column-private.h"
#include "valuechain/vc-event-log.h"

G_BEGIN_DECLS

/* A column of codes or times, borrowed. */
typedef struct {
  const gint32 *codes;
  const gint64 *times;
  const guint8 *validity; /* NULL: all valid */
} VcEventField;

/* The events of a log, a row each, as they stand in the file. */
typedef struct {
  gsize        n_rows;
  guint32      n_cases;   /* labels */
  guint32      n_parties; /* labels: the code of customer c is n_parties + c from here on */
  guint32      n_customers;
  VcEventField cases;
  VcEventField parties;
  VcEventField times;
  VcEventField customers; /* `codes` is NULL where the log has none */
} VcEvents;

typedef struct {
  guint64 cases;         /* with an event */
  guint64 no_case;       /* events left out */
  guint64 no_time;       /* events left out */
  guint64 no_party;      /* events */
  guint64 hand_overs;
  guint64 reworks;
  guint64 deliveries;
  guint64 no_customer;   /* cases that would deliver */
  guint64 no_deliverer;  /* cases without a party at their end */
  guint64 moved;         /* cases whose customer changed */
  guint64 ties;          /* events at the same time as the one before them in their case */
  guint64 unordered;     /* cases whose events stood out of order */
  gint64  first;         /* of all times */
  gint64  last;
} VcEventCounts;

/* Flows, and who takes part in them: one bit a code of a party and, after those, of a customer. */
typedef struct {
  gsize   n;
  gint32 *from;
  gint32 *to;
  gint64 *at;
  gint32 *cases;
  guint8 *seen;
} VcEventFlows;

void     vc_event_flows_clear (VcEventFlows *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventFlows, vc_event_flows_clear)

/* Time O(n log of the events of a case), memory 28 bytes an event beside the columns. Fails where it is cancelled or memory is out. */
gboolean vc_events_walk       (const VcEvents  *self,
                               gboolean         breaks, /* at events without a party */
                               VcEventFlows    *flows,
                               VcEventCounts   *counts,
                               GCancellable    *cancellable,
                               GError         **error);

G_END_DECLS
