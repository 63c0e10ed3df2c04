/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "numeric/vcn-rate.h"
#include "numeric/vcn-sum.h"
#include "vcb-records.h"

G_BEGIN_DECLS

/* What is asked of each record, to be answered by a share of weights. */
typedef enum {
  VCB_KEPT_IN_TIME,    /* of those decided */
  VCB_KEPT_LATE,       /* of the same */
  VCB_CLOSED_BY_OWED,  /* of those that are closed, and by whom is known: whether by the one who was owed */
  VCB_OPENED_AGAIN,    /* of those that were ever closed by then, and where that is known */
  VCB_N_QUESTIONS,
} VcbQuestion;

/* TRUE: the record counts; then *is_yes says for what. */
static inline gboolean
vcb_answer (const VcbRecords *records, guint64 record, VcbQuestion question, gboolean *is_yes)
{
  const VcCommitmentArrays *given = records->given;
  const VcbOutcome outcome = records->outcome[record];

  switch (question) {
    case VCB_KEPT_IN_TIME:
    case VCB_KEPT_LATE:
      *is_yes = outcome == (question == VCB_KEPT_LATE ? VCB_LATE : VCB_KEPT);
      return outcome <= VCB_OVERDUE;
    case VCB_CLOSED_BY_OWED:
      if (!vcb_is_closed (outcome) || !vc_bit_is_set (given->closed_by.validity, record))
        return FALSE;
      *is_yes = given->closed_by.codes[record] == given->to[record];
      return TRUE;
    case VCB_OPENED_AGAIN:
    case VCB_N_QUESTIONS:
    default:
      if (outcome == VCB_APART || !vc_bit_is_set (given->reopened.validity, record))
        return FALSE;
      /* What was closed after the reference time may have been opened again after it, too. */
      if (!vcb_is_closed (outcome) && vc_bit_is_set (given->closed.validity, record))
        return FALSE;
      *is_yes = given->reopened.values[record] > 0;
      return *is_yes || vcb_is_closed (outcome);
  }
}

/* What counts for it, what against it, and the squares of both. */
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

/* Not a number where there is no whole. */
static inline double
vcb_part (double part, double whole)
{
  return whole > 0 ? part / whole : (double) NAN;
}

static inline double
vcb_share_value (const VcbShare *self)
{
  const VcnRate rate = vcb_share_rate (self);

  return vcb_part (rate.kept, rate.kept + rate.broken);
}

/* With its interval. */
static inline VcnFigure
vcb_share_figure (const VcbShare *self, double z)
{
  const VcnRate rate = vcb_share_rate (self);

  return vcn_wilson (&rate, z);
}

/* What some records come to. */
typedef struct {
  VcbShare shares[VCB_N_QUESTIONS];
  guint64  n_overdue;
} VcbTally;

void vcb_tally_add   (VcbTally         *self,
                      const VcbRecords *records,
                      guint64           record);
void vcb_tally_merge (VcbTally         *self,
                      const VcbTally   *other);

G_END_DECLS
