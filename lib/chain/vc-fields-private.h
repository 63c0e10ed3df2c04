/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a field of a record is: decides which columns are accepted for it and what is wrong with a value. */
typedef enum {
  VC_ROLE_ID,        /* text of its own: the party's id */
  VC_ROLE_PARTY,     /* the id of a party */
  VC_ROLE_WORD,      /* one of a few words; the code is the place in the list */
  VC_ROLE_TEXT,
  VC_ROLE_TIME,
  VC_ROLE_AMOUNT,    /* finite, not negative */
  VC_ROLE_MONEY,     /* finite */
  VC_ROLE_COUNT,     /* whole, not negative */
  VC_ROLE_ATTRIBUTE, /* anything, of the column's own type */
} VcRole;

typedef enum {
  VC_UNIT_NONE,
  VC_UNIT_EFFORT,
  VC_UNIT_CURRENCY,
} VcFieldUnit;

typedef struct {
  const char        *name;
  VcRole             role;
  gboolean           required;
  gboolean           has_default; /* word 0, or the number 1 */
  gboolean           lean;        /* left out of the chain's table where no record has it */
  const char *const *words;
  VcFieldUnit        unit;
  const char        *description;
} VcField;

typedef enum {
  VC_RECORDS_PARTIES,
  VC_RECORDS_FLOWS,
  VC_RECORDS_RECEIPTS,
  VC_RECORDS_COMMITMENTS,
  VC_N_RECORDS,
} VcRecordsKind;

enum {
  VC_PARTY_ID,
  VC_PARTY_KIND,
  VC_PARTY_NAME,
  VC_PARTY_UNIT,
  VC_PARTY_MANAGER,
  VC_PARTY_EFFORT,
};

enum {
  VC_FLOW_FROM,
  VC_FLOW_TO,
  VC_FLOW_KIND,
  VC_FLOW_AMOUNT,
  VC_FLOW_AT,
  VC_FLOW_CASE,
};

enum {
  VC_RECEIPT_CUSTOMER,
  VC_RECEIPT_AT,
  VC_RECEIPT_AMOUNT,
};

enum {
  VC_COMMITMENT_FROM,
  VC_COMMITMENT_TO,
  VC_COMMITMENT_WHAT,
  VC_COMMITMENT_MADE,
  VC_COMMITMENT_DUE,
  VC_COMMITMENT_CLOSED,
  VC_COMMITMENT_STATE,
  VC_COMMITMENT_CLOSED_BY,
  VC_COMMITMENT_REOPENED,
  VC_COMMITMENT_WEIGHT,
  VC_COMMITMENT_ID,
};

/* Codes of VC_COMMITMENT_STATE. */
enum {
  VC_STATE_OPEN,
  VC_STATE_KEPT,
  VC_STATE_BROKEN,
  VC_STATE_WITHDRAWN,
  VC_STATE_LATE,
};

#define VC_MAX_FIELDS 11

extern const char *const vc_party_kind_words[];
extern const char *const vc_flow_kind_words[];
extern const char *const vc_state_words[];

const VcField *vc_fields_of    (VcRecordsKind kind, guint *n_fields);
const char    *vc_records_name (VcRecordsKind kind);
/* The place of `name` among the fields, or -1. */
int            vc_fields_find  (VcRecordsKind kind, const char *name);
/* The names of all, required ones first. */
char         **vc_fields_list  (VcRecordsKind kind) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
