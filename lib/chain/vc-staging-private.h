/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-flow-kind.h"
#include "valuechain/vc-party-kind.h"
#include "vc-gather-private.h"

G_BEGIN_DECLS

/* Records that come one at a time, until they become tables. What cannot be kept is counted and told later: nothing
 * here fails. */
typedef struct _VcStaging VcStaging;

VcStaging *vc_staging_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void       vc_staging_free        (VcStaging *self);
void       vc_staging_add_party   (VcStaging *self, const char *id, VcPartyKind kind);
/* `field` is VC_PARTY_NAME, _UNIT or _MANAGER. */
void       vc_staging_set_text    (VcStaging *self, const char *id, guint field, const char *value);
void       vc_staging_set_effort  (VcStaging *self, const char *id, double effort);
void       vc_staging_add_flow    (VcStaging *self, const char *from, const char *to, VcFlowKind kind, double amount);
void       vc_staging_add_receipt (VcStaging *self, const char *customer, double amount);
/* The number of the commitment. */
guint      vc_staging_add_commitment        (VcStaging *self, const char *from, const char *to);
guint      vc_staging_get_n_commitments     (const VcStaging *self);
/* `field` is one of VC_COMMITMENT_; texts for all but _REOPENED and _WEIGHT. */
void       vc_staging_set_commitment_text   (VcStaging *self, guint commitment, guint field, const char *value);
void       vc_staging_set_commitment_number (VcStaging *self, guint commitment, guint field, double value);

/* Adds what there is to the parts of each kind, as tables of no origin. What could not be kept goes into `problems`.
 * FALSE: no memory. */
gboolean   vc_staging_append      (VcStaging *self, GPtrArray *parts[VC_N_RECORDS], VcProblems *problems);

G_END_DECLS
