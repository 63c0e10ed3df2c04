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

#define VC_TYPE_EVENT_LOG (vc_event_log_get_type ())

/* An event log in CSV. Properties: case-column, party-column, time-column, time-format (NULL = ISO 8601), customer-column (NULL: none),
 * missing (text that stands for a missing value, or NULL), missing-policy, delimiter; for commitments made-column, due-column,
 * closed-column, kept-column, closed-by-column, reopened-column, owed-to-column and unknown (each NULL: none). */
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

G_END_DECLS
