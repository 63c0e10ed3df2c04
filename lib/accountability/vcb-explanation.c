/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-explanation.h"

#include "numeric/vcn-private.h"
#include "valuechain/vc-error.h"

/* What a record costs, in arcs. */
#define COST_OF_RECORD 4

/* What somebody asks about first. */
static const guint8 rank[VCB_N_OUTCOMES] = {
  [VCB_BROKEN] = 0, [VCB_OVERDUE] = 1, [VCB_LATE] = 2, [VCB_KEPT] = 3, [VCB_OPEN] = 4, [VCB_WITHDRAWN] = 5,
};

typedef struct {
  const VcbArcs   *arcs;
  const VcmGroups *groups;
  guint32          party;
  VcnLook          look;
  guint64          done;
} Reading;

/* In the order of the table of parties, so that its sums come out to the bit. FALSE: stopped. */
static gboolean
read_side (VcbExplanation *self, Reading *reading, gboolean is_owed)
{
  const VcbArcs *arcs = reading->arcs;
  const VcbVolumes *volumes = self->context->volumes;
  VcbSide *side = &self->sides[is_owed];
  VcbWalk walk = vcb_walk (arcs, is_owed, &reading->party, 1);
  guint32 arc;

  side->volume = vcb_volumes_of (is_owed ? volumes->owed : volumes->owes, reading->groups, reading->party);
  vcb_walk_look (&walk, &reading->look, &reading->done);
  while (vcb_walk_next (&walk, &arc))
    for (guint32 i = arcs->first[arc]; i < arcs->first[arc + 1]; i++) {
      const guint64 record = vcb_arcs_record (arcs, i);
      const VcbOutcome outcome = arcs->records->outcome[record];

      if (!vcn_look (&reading->look, &reading->done, COST_OF_RECORD))
        return FALSE;
      if (outcome == VCB_APART)
        continue;
      vcb_tally_add (&side->tally, arcs->records, record);
      vcn_sum_add (&side->weights[outcome], vcb_records_weigh (arcs->records, record));
      side->counts[outcome]++;
    }
  return !vcn_look_is_stopped (&reading->look);
}

/* Each record of a side to its place, in the chain's order; where those of a kind begin is known by then. */
static gboolean
list_side (VcbExplanation *self, Reading *reading, gboolean is_owed, guint64 next[VCB_N_OUTCOMES])
{
  const VcbRecords *records = reading->arcs->records;
  const gint32 *parties = is_owed ? records->given->to : records->given->from;

  for (guint64 record = 0; record < records->given->n; record++) {
    const VcbOutcome outcome = records->outcome[record];
    const guint32 party = (guint32) parties[record];

    if (!vcn_look (&reading->look, &reading->done, 1))
      return FALSE;
    if (outcome == VCB_APART || (reading->groups != NULL ? reading->groups->group[party] : party) != reading->party)
      continue;
    self->is_owed[next[rank[outcome]]] = is_owed ? 1 : 0;
    self->record[next[rank[outcome]]++] = (guint32) record;
  }
  return TRUE;
}

static gboolean
list_records (VcbExplanation *self, Reading *reading, GError **error)
{
  guint64 next[2][VCB_N_OUTCOMES];

  for (guint side = 0; side < 2; side++)
    for (guint k = 0; k < VCB_N_OUTCOMES; k++) {
      next[side][k] = self->n;
      for (VcbOutcome outcome = 0; outcome < VCB_N_OUTCOMES; outcome++)
        self->n += rank[outcome] == k ? self->sides[side].counts[outcome] : 0;
    }
  self->record = vc_buffer_new (guint32, self->n);
  self->is_owed = vc_buffer_new (guint8, self->n);
  if (self->record == NULL || self->is_owed == NULL)
    return vcn_fail_memory (error);
  return (list_side (self, reading, FALSE, next[0]) && list_side (self, reading, TRUE, next[1]))
         || vcn_fail_cancelled (error);
}

double
vcb_explanation_move (const VcbExplanation *self, guint64 place)
{
  const VcbRecords *records = self->context->records;
  const VcbSide *side = &self->sides[self->is_owed[place]];
  const double weight = vcb_records_weigh (records, self->record[place]), others = side->decided - weight;
  gboolean is_kept;

  if (!vcb_answer (records, self->record[place], VCB_KEPT_IN_TIME, &is_kept) || !(others > 0))
    return (double) NAN;
  /* kept / decided - (kept without it) / others, without a difference of what is nearly alike. */
  return weight / side->decided * ((is_kept ? side->decided - side->kept : -side->kept) / others) + 0.0;
}

/* All that counts for a share, in the order in which it is spread: the last record then comes to the whole to the bit.
 */
static double
add_yes (const VcbExplanation *self, guint is_owed, VcbQuestion question, VcnLook *look)
{
  const VcbRecords *records = self->context->records;
  VcnSum sum = { 0, 0 };
  guint64 done = 0;

  for (guint64 i = 0; i < self->n && vcn_look (look, &done, COST_OF_RECORD); i++) {
    gboolean is_yes;

    if (self->is_owed[i] == is_owed && vcb_answer (records, self->record[i], question, &is_yes) && is_yes)
      vcn_sum_add (&sum, vcb_records_weigh (records, self->record[i]));
  }
  return vcn_sum_total (&sum);
}

/* A share is so many units in its last place, no more than 2^53. What was counted so far is a part of them, rounded:
 * each record adds the difference, a whole number of units, and doubles hold every sum of such numbers up to the share.
 * So each is its weight as a part of the whole to one such unit, and all add up to the share exactly, in any order. */
static void
spread (VcbExplanation *self, guint is_owed, VcbQuestion question, VcnLook *look)
{
  const VcbRecords *records = self->context->records;
  const VcbShare *share = &self->sides[is_owed].tally.shares[question];
  const double value = vcb_share_value (share), all = add_yes (self, is_owed, question, look);
  double *adds = self->adds[question].values, before = 0;
  VcnSum so_far = { 0, 0 };
  guint64 done = 0;
  int exponent;

  frexp (value, &exponent);
  for (guint64 i = 0; i < self->n && vcn_look (look, &done, COST_OF_RECORD); i++) {
    gboolean is_yes;

    if (self->is_owed[i] != is_owed)
      continue;
    adds[i] = (double) NAN;
    if (!vcb_answer (records, self->record[i], question, &is_yes) || isnan (value))
      continue;
    adds[i] = 0;
    if (is_yes && all > 0) {
      double now;

      vcn_sum_add (&so_far, vcb_records_weigh (records, self->record[i]));
      now = rint (vcn_sum_total (&so_far) / all * ldexp (value, 53 - exponent));
      adds[i] = ldexp (now - before, exponent - 53);
      before = now;
    }
  }
}

/* By how much what the records add misses the share; a plain sum, as anybody would add them. */
static double
miss (const VcbExplanation *self, guint is_owed, VcbQuestion question, VcnLook *look)
{
  const double value = vcb_share_value (&self->sides[is_owed].tally.shares[question]);
  double sum = 0;
  guint64 done = 0;

  for (guint64 i = 0; i < self->n && vcn_look (look, &done, 1); i++)
    if (self->is_owed[i] == is_owed && !isnan (self->adds[question].values[i]))
      sum += self->adds[question].values[i];
  return isnan (value) ? 0 : fabs (sum - value);
}

static gboolean
add_up (VcbExplanation *self, VcnLook *look, GError **error)
{
  if (!vcb_columns_init (self->adds, VCB_N_QUESTIONS, self->n, error))
    return FALSE;
  for (guint side = 0; side < 2; side++) {
    const VcnRate rate = vcb_share_rate (&self->sides[side].tally.shares[VCB_KEPT_IN_TIME]);

    self->sides[side].kept = rate.kept;
    self->sides[side].decided = rate.kept + rate.broken;
    for (VcbQuestion question = 0; question < VCB_N_QUESTIONS; question++) {
      spread (self, side, question, look);
      self->error = MAX (self->error, miss (self, side, question, look));
      if (!vcn_look_now (look))
        return vcn_fail_cancelled (error);
    }
  }
  for (VcbQuestion question = 0; question < VCB_N_QUESTIONS; question++)
    vcm_column_seal (&self->adds[question], 0, self->n);
  if (self->error == 0)
    return TRUE;
  g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_CONSERVATION,
                       "the records do not add up to the share");
  return FALSE;
}

gboolean
vcb_explanation_init (VcbExplanation *self, const VcbContext *context, const VcbArcs *arcs, const VcmGroups *groups,
                      guint32 party, GError **error)
{
  Reading reading = { arcs, groups, party, vcm_watch_look (context->watch, 0.2), VCN_LOOK_EVERY };
  VcnLook look = vcm_watch_look (context->watch, 0.5);

  *self = (VcbExplanation) { .context = context };
  if (!read_side (self, &reading, FALSE) || !read_side (self, &reading, TRUE))
    return vcn_fail_cancelled (error);
  return list_records (self, &reading, error) && add_up (self, &look, error);
}

void
vcb_explanation_clear (VcbExplanation *self)
{
  g_clear_pointer (&self->record, vc_buffer_free);
  g_clear_pointer (&self->is_owed, vc_buffer_free);
  for (guint i = 0; i < VCB_N_QUESTIONS; i++)
    vcm_column_clear (&self->adds[i]);
}
