/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "numeric/vcn-rate.h"
#include "numeric/vcn-sum.h"
#include "vcb-records.h"

G_BEGIN_DECLS

/* A share of weights: what counts for it, what against it, and their squares. */
typedef struct {
  VcnSum yes, no, squares;
} VcbShare;

static inline void
vcb_share_add (VcbShare *self, gboolean is_yes, double weight)
{
  vcn_sum_add (is_yes ? &self->yes : &self->no, weight);
  vcn_sum_add (&self->squares, weight * weight);
}

static inline VcnRate
vcb_share_rate (const VcbShare *self)
{
  return (VcnRate) { vcn_sum_total (&self->yes), vcn_sum_total (&self->no), vcn_sum_total (&self->squares) };
}

/* What some records come to. */
typedef struct {
  VcbShare kept;    /* no: broken, late or overdue */
  VcnSum   late;
  VcbShare by_owed; /* of those that are closed, and by whom is known: closed by the one who was owed */
  VcbShare again;   /* of those that were ever closed, and where that is known: opened again */
  guint64  n_overdue;
  gint64   oldest_due; /* of those overdue */
} VcbTally;

void    vcb_tally_add   (VcbTally         *self,
                         const VcbRecords *records,
                         guint64           record);
void    vcb_tally_merge (VcbTally         *self,
                         const VcbTally   *other);
/* Late as a share of all that counts for or against kept. */
VcnRate vcb_tally_late  (const VcbTally   *self);

G_END_DECLS
