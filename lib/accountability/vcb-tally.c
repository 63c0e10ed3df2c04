/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-tally.h"

static void
add_closing (VcbTally *self, const VcbRecords *records, guint64 record, double weight)
{
  const VcCommitmentArrays *given = records->given;
  gboolean is_closed = vcb_is_closed (records->outcome[record]);

  if (is_closed && vc_bit_is_set (given->closed_by.validity, record))
    vcb_share_add (&self->by_owed, given->closed_by.codes[record] == given->to[record], weight);
  if (!vc_bit_is_set (given->reopened.validity, record))
    return;
  if (is_closed || given->reopened.values[record] > 0)
    vcb_share_add (&self->again, given->reopened.values[record] > 0, weight);
}

void
vcb_tally_add (VcbTally *self, const VcbRecords *records, guint64 record)
{
  const VcbOutcome outcome = records->outcome[record];
  double weight;

  if (outcome == VCB_APART)
    return;
  weight = vcb_records_weigh (records, record);
  if (outcome != VCB_OPEN && outcome != VCB_WITHDRAWN)
    vcb_share_add (&self->kept, outcome == VCB_KEPT, weight);
  if (outcome == VCB_LATE)
    vcn_sum_add (&self->late, weight);
  if (outcome == VCB_OVERDUE) {
    const gint64 due = records->given->due.values[record];

    self->oldest_due = self->n_overdue++ > 0 ? MIN (self->oldest_due, due) : due;
  }
  add_closing (self, records, record, weight);
}

static void
merge_sums (VcnSum *sum, const VcnSum *other)
{
  vcn_sum_add (sum, other->sum);
  sum->carry += other->carry;
}

static void
merge_shares (VcbShare *share, const VcbShare *other)
{
  merge_sums (&share->yes, &other->yes);
  merge_sums (&share->no, &other->no);
  merge_sums (&share->squares, &other->squares);
}

void
vcb_tally_merge (VcbTally *self, const VcbTally *other)
{
  merge_shares (&self->kept, &other->kept);
  merge_sums (&self->late, &other->late);
  merge_shares (&self->by_owed, &other->by_owed);
  merge_shares (&self->again, &other->again);
  if (other->n_overdue > 0)
    self->oldest_due = self->n_overdue > 0 ? MIN (self->oldest_due, other->oldest_due) : other->oldest_due;
  self->n_overdue += other->n_overdue;
}

VcnRate
vcb_tally_late (const VcbTally *self)
{
  const VcnRate all = vcb_share_rate (&self->kept);
  const double late = vcn_sum_total (&self->late);

  return (VcnRate) { late, MAX (all.kept + all.broken - late, 0), all.squares };
}
