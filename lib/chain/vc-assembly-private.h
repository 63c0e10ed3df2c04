/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-limits.h"
#include "valuechain/vc-progress.h"
#include "vc-chain-private.h"
#include "vc-gather-private.h"
#include "vc-problems-private.h"

G_BEGIN_DECLS

/* What a builder has been given. */
typedef struct {
  VcChainFrame frame;
  VcLimits    *limits;
  gboolean     lenient;             /* commitments that contradict themselves are left out */
  guint64     *n_dropped;           /* by VcContradiction, counted up */
  GPtrArray   *parts[VC_N_RECORDS]; /* of VcPart */
} VcChainInput;

/* From tables as they came to a chain in canonical order. Everything wrong or odd goes into `problems`; where something
 * is wrong there is no chain, and where `error` is set (cancelled, no memory) the problems are not complete. O(records)
 * but for equal leading keys. */
VcChain *vc_assemble (const VcChainInput *input,
                      VcProblems         *problems,
                      VcProgress         *progress,
                      GCancellable       *cancellable,
                      GError            **error) G_GNUC_WARN_UNUSED_RESULT;

/* The state in between, for the parts that the work is split into. */
typedef struct {
  const VcChainInput *input;
  VcProblems         *problems;
  VcProgress         *progress;
  GCancellable       *cancellable;
  gboolean            failed; /* no memory, or cancelled */
  guint64             n_rows[VC_N_RECORDS];
  VcPartyIndex       *index;
  guint32            *party_rows; /* row of each party, by index */
  VcColumn           *fields[VC_N_RECORDS][VC_MAX_FIELDS];
  GPtrArray          *attributes[VC_N_RECORDS]; /* of VcColumn, by name */
  guint8             *dropped; /* a bit for each row of commitments that is left out; NULL: none is */
} VcAssembly;

VcPlace  vc_assembly_place       (const VcAssembly *self, VcRecordsKind kind, guint64 row, const char *field);
/* Of all records of a kind: the table's own name where there is one. */
VcPlace  vc_assembly_whole_place (const VcAssembly *self, VcRecordsKind kind, const char *field);
VcPlace  vc_assembly_party_place (const VcAssembly *self, guint32 party, const char *field);
/* Commitments that contradict themselves or each other: errors, or with `lenient` left out and told as warnings. */
void     vc_assembly_check_commitments (VcAssembly *self);
/* Errors that only the whole shows: circles, sums, receipts of those who are no customers. */
void     vc_assembly_check_whole (VcAssembly *self);
/* The tables in canonical order; NULL: failed. */
VcTable *vc_assembly_settle      (VcAssembly *self, VcRecordsKind kind) G_GNUC_WARN_UNUSED_RESULT;
/* Brings the party fields into the order of the index, later settings over earlier ones. */
void     vc_assembly_settle_parties (VcAssembly *self);
/* What is odd though allowed. */
void     vc_assembly_find_oddities (VcAssembly *self, VcChain *chain);

G_END_DECLS
