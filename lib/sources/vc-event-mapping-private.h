/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-column.h"

G_BEGIN_DECLS

/* What an attribute of an event, or of its case, means to the chain. The first three each log must have. */
typedef enum {
  VC_EVENT_ROLE_CASE,
  VC_EVENT_ROLE_PARTY,
  VC_EVENT_ROLE_TIME,
  VC_EVENT_ROLE_CUSTOMER,
  VC_EVENT_ROLE_ACTIVITY,
  VC_EVENT_ROLE_LIFECYCLE,
  VC_EVENT_ROLE_AMOUNT,
  /* Of a case that was promised to its customer. */
  VC_EVENT_ROLE_MADE,
  VC_EVENT_ROLE_DUE,
  VC_EVENT_ROLE_CLOSED,
  VC_EVENT_ROLE_KEPT,
  VC_EVENT_ROLE_CLOSED_BY,
  VC_EVENT_ROLE_REOPENED,
  VC_EVENT_ROLE_OWED_TO,
  VC_EVENT_N_ROLES
} VcEventRole;

#define VC_EVENT_N_REQUIRED (VC_EVENT_ROLE_TIME + 1)

/* "case", "party", ...: the column of a table of events is called so, and a property NAME-column says which
 * attribute it is. */
const char  *vc_event_role_name (VcEventRole role);
VcColumnType vc_event_role_type (VcEventRole role);

/* Which attribute of the log has which role, in the log's own words, and how its values are written. Borrowed. */
typedef struct {
  const char *attributes[VC_EVENT_N_ROLES]; /* NULL: none */
  const char *time_format;                  /* of CSV; NULL: ISO 8601 */
  int         zone;                         /* minutes east of UTC, of times that do not say */
  const char *missing;                      /* text that stands for a missing value, or NULL */
  const char *delimiter;                    /* of CSV */
} VcEventMapping;

G_END_DECLS
