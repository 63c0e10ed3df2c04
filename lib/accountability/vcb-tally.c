/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-tally.h"

void
vcb_tally_add (VcbTally *self, const VcbRecords *records, guint64 record)
{
  const double weight = vcb_records_weigh (records, record);
  gboolean is_yes;

  for (VcbQuestion question = 0; question < VCB_N_QUESTIONS; question++)
    if (vcb_answer (records, record, question, &is_yes))
      vcb_share_add (&self->shares[question], is_yes, weight);
  self->n_overdue += records->outcome[record] == VCB_OVERDUE;
}

static void
merge_sums (VcnSum *sum, const VcnSum *other)
{
  vcn_sum_add (sum, other->sum);
  sum->carry += other->carry;
}

void
vcb_tally_merge (VcbTally *self, const VcbTally *other)
{
  for (guint i = 0; i < VCB_N_QUESTIONS; i++) {
    merge_sums (&self->shares[i].yes, &other->shares[i].yes);
    merge_sums (&self->shares[i].no, &other->shares[i].no);
    merge_sums (&self->shares[i].squares, &other->shares[i].squares);
  }
  self->n_overdue += other->n_overdue;
}
