/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-source.h>

G_BEGIN_DECLS

/**
 * VcMissingPolicy:
 * @VC_MISSING_POLICY_SKIP: leave the event out: the one before it hands over to the one after it
 * @VC_MISSING_POLICY_BREAK: nobody hands over to the event or from it
 * @VC_MISSING_POLICY_ERROR: refuse the log
 *
 * What to do with an event that names no party.
 */
typedef enum {
  VC_MISSING_POLICY_SKIP,
  VC_MISSING_POLICY_BREAK,
  VC_MISSING_POLICY_ERROR,
} VcMissingPolicy;

/**
 * VcEventWeight:
 * @VC_EVENT_WEIGHT_COUNT: each hand-over counts
 * @VC_EVENT_WEIGHT_CASE: each pair of parties counts once in a case, at its first hand-over
 * @VC_EVENT_WEIGHT_DECAY: parties hand over to all who come after them in the case, by the factor
 * [property@EventLog:decay] less for each step in between
 *
 * What hand-overs within a case weigh.
 */
typedef enum {
  VC_EVENT_WEIGHT_COUNT,
  VC_EVENT_WEIGHT_CASE,
  VC_EVENT_WEIGHT_DECAY,
} VcEventWeight;

#define VC_TYPE_EVENT_LOG (vc_event_log_get_type ())

/* An event log in CSV, XES or OCEL 2.0. Properties: case-column, party-column, time-column, customer-column,
 * activity-column, lifecycle-column, amount-column (NULL: what the format's standard says, or none), time-format (NULL
 * = ISO 8601), time-zone (of times that do not say theirs; NULL = UTC), missing (text that stands for a missing value,
 * or NULL), delimiter, missing-policy, party-kind, causal, weight, decay, relations; for commitments made-column,
 * due-column, closed-column, kept-column, closed-by-column, reopened-column, owed-to-column and unknown (each NULL:
 * none). */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcEventLog, vc_event_log, VC, EVENT_LOG, VcSource)

VC_AVAILABLE_IN_ALL
VcEventLog *vc_event_log_new (const char *path,
                              const char *case_column,
                              const char *party_column,
                              const char *time_column) G_GNUC_WARN_UNUSED_RESULT;
/* Sets the properties that a mapping file has under [log]: `case = ticket`, `time-format = %d.%m.%Y` ... */
VC_AVAILABLE_IN_ALL
gboolean    vc_event_log_load_mapping (VcEventLog  *self,
                                       const char  *path,
                                       GError     **error);
/* Who works with whom, of the last load. NULL: `relations` is not set. */
VC_AVAILABLE_IN_ALL
VcTable    *vc_event_log_get_relations (VcEventLog *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
