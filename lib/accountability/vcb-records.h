/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-chain-private.h"
#include "measure/vcm-watch.h"

G_BEGIN_DECLS

/* What a commitment counts as at the reference time. */
typedef enum {
  VCB_KEPT,
  VCB_LATE,      /* kept, but after its due time: not kept */
  VCB_BROKEN,
  VCB_OVERDUE,   /* open after its due time: as broken, and yet it may still be closed */
  VCB_OPEN,
  VCB_WITHDRAWN,
  VCB_N_OUTCOMES,
  VCB_APART = VCB_N_OUTCOMES, /* owed to oneself, or not made yet: it counts nowhere */
} VcbOutcome;

typedef struct {
  const VcCommitmentArrays *given;
  guint8       *outcome;  /* n: VcbOutcome */
  const double *weight;   /* n */
  double       *decayed;  /* owned, or NULL where nothing decays */
  double scale; /* a power of two that takes the heaviest weight to [1, 2): rates do not depend on the unit, their
                   squares must not overflow */
  gboolean      has_at;
  gint64        at;       /* the reference time; without it nothing is overdue */
  guint64       counts[VCB_N_OUTCOMES + 1];
  guint         n_threads;
} VcbRecords;

/* `at` NULL: the latest time at which anything happened in the chain. `half_life` in days, 0: records do not decay.
 * Errors: OPTION where all records have faded, NO_MEMORY, being stopped. */
gboolean vcb_records_init  (VcbRecords   *self,
                            VcChain      *chain,
                            const gint64 *at,
                            double        half_life,
                            VcmWatch     *watch,
                            GError      **error);
void     vcb_records_clear (VcbRecords   *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbRecords, vcb_records_clear)

#define VCB_DAY (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/* Weights from here on, relative to the heaviest, still have squares; below it, they count as 0 in rates. */
#define VCB_LIGHTEST 0x1p-500

/* What a record weighs in rates and times. */
static inline double
vcb_records_weigh (const VcbRecords *self, guint64 record)
{
  double weight = self->weight[record] * self->scale;

  return weight >= VCB_LIGHTEST ? weight : 0;
}

static inline gboolean
vcb_is_closed (VcbOutcome outcome)
{
  return outcome == VCB_KEPT || outcome == VCB_LATE || outcome == VCB_BROKEN || outcome == VCB_WITHDRAWN;
}

/* How long a commitment took until it was kept, or what else came first: the days, and VCN_EVENT, VCN_COMPETING or
 * VCN_CENSORED. FALSE where its times do not say. */
gboolean vcb_records_time  (const VcbRecords *self,
                            guint64           record,
                            double           *days,
                            guint8           *end);

G_END_DECLS
