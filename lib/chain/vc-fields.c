/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-fields-private.h"

#include <string.h>

const char *const vc_party_kind_words[] = { "customer", "unit", "person", "supplier", NULL };
const char *const vc_flow_kind_words[] = { "work", "information", "instruction", NULL };
const char *const vc_state_words[] = { "open", "kept", "broken", "withdrawn", "late", NULL };

static const VcField party_fields[] = {
  { "id", VC_ROLE_ID, .required = TRUE, .description = "Id of the party" },
  { "kind", VC_ROLE_WORD, .required = TRUE, .words = vc_party_kind_words, .description = "What the party is" },
  { "name", VC_ROLE_TEXT, .description = "Name of the party" },
  { "unit", VC_ROLE_PARTY, .description = "Unit that the party belongs to" },
  { "manager", VC_ROLE_PARTY, .description = "Party that the party reports to" },
  { "effort", VC_ROLE_AMOUNT, .unit = VC_UNIT_EFFORT, .description = "Capacity in the window" },
};

static const VcField flow_fields[] = {
  { "from", VC_ROLE_PARTY, .required = TRUE, .description = "Party that delivers" },
  { "to", VC_ROLE_PARTY, .required = TRUE, .description = "Party that receives" },
  { "kind", VC_ROLE_WORD, .has_default = TRUE, .words = vc_flow_kind_words, .description = "What flows" },
  { "amount", VC_ROLE_AMOUNT, .has_default = TRUE, .unit = VC_UNIT_EFFORT, .description = "How much flows" },
  { "at", VC_ROLE_TIME, .lean = TRUE, .description = "When it arrived" },
  { "case", VC_ROLE_TEXT, .lean = TRUE, .description = "Case that it belongs to" },
};

static const VcField receipt_fields[] = {
  { "customer", VC_ROLE_PARTY, .required = TRUE, .description = "Customer that paid" },
  { "at", VC_ROLE_TIME, .description = "When it was paid" },
  { "amount", VC_ROLE_MONEY, .required = TRUE, .unit = VC_UNIT_CURRENCY,
    .description = "Money that the customer paid" },
};

static const VcField commitment_fields[] = {
  { "from", VC_ROLE_PARTY, .required = TRUE, .description = "Party that owes" },
  { "to", VC_ROLE_PARTY, .required = TRUE, .description = "Party that is owed" },
  { "what", VC_ROLE_TEXT, .description = "What is owed" },
  { "made", VC_ROLE_TIME, .description = "When the commitment was made" },
  { "due", VC_ROLE_TIME, .description = "When it is due" },
  { "closed", VC_ROLE_TIME, .description = "When it was closed" },
  { "state", VC_ROLE_WORD, .words = vc_state_words, .description = "How it stands" },
  { "closed_by", VC_ROLE_PARTY, .description = "Party that closed it" },
  { "reopened", VC_ROLE_COUNT, .description = "How often it was opened again" },
  { "weight", VC_ROLE_AMOUNT, .has_default = TRUE, .description = "How much it counts" },
  { "id", VC_ROLE_TEXT, .description = "Id of the commitment" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (commitment_fields) <= VC_MAX_FIELDS);

static const struct {
  const char *name;
  const VcField *fields;
  guint n_fields;
} records[VC_N_RECORDS] = {
  [VC_RECORDS_PARTIES] = { "parties", party_fields, G_N_ELEMENTS (party_fields) },
  [VC_RECORDS_FLOWS] = { "flows", flow_fields, G_N_ELEMENTS (flow_fields) },
  [VC_RECORDS_RECEIPTS] = { "receipts", receipt_fields, G_N_ELEMENTS (receipt_fields) },
  [VC_RECORDS_COMMITMENTS] = { "commitments", commitment_fields, G_N_ELEMENTS (commitment_fields) },
};

const VcField *
vc_fields_of (VcRecordsKind kind, guint *n_fields)
{
  *n_fields = records[kind].n_fields;
  return records[kind].fields;
}

const char *
vc_records_name (VcRecordsKind kind)
{
  return records[kind].name;
}

int
vc_fields_find (VcRecordsKind kind, const char *name)
{
  for (guint i = 0; i < records[kind].n_fields; i++)
    if (strcmp (records[kind].fields[i].name, name) == 0)
      return (int) i;
  return -1;
}

char **
vc_fields_list (VcRecordsKind kind)
{
  char **names = g_new0 (char *, VC_MAX_FIELDS + 1);
  guint n = 0;

  for (int required = TRUE; required >= FALSE; required--)
    for (guint i = 0; i < records[kind].n_fields; i++)
      if (records[kind].fields[i].required == required)
        names[n++] = g_strdup (records[kind].fields[i].name);
  return names;
}
