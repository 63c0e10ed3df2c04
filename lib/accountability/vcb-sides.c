/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The summary of an explanation: what a party owes, what it is owed, and what became of it. */
#include "numeric/vcn-special.h"
#include "vcb-explanation.h"
#include "vcb-figures.h"

enum { VOLUME, KEPT, LATE, BROKEN, OVERDUE, OPEN, WITHDRAWN, BY_OWED, REOPENED, N_OF_SIDE };

static const char *const names[2][N_OF_SIDE] = {
  { "owes", "kept", "late", "broken", "overdue", "open", "withdrawn", "closed_by_owed", "reopened" },
  { "owed", "owed_kept", "owed_late", "owed_broken", "owed_overdue", "owed_open", "owed_withdrawn",
    "owed_closed_by_owed", "owed_reopened" },
};

/* Of what is decided: kept, late, broken and overdue add up to 1. */
static VcnFigure
part_of (const VcbSide *side, VcbOutcome outcome, double z)
{
  const VcnRate all = vcb_share_rate (&side->tally.shares[VCB_KEPT_IN_TIME]);
  const double part = vcn_sum_total (&side->weights[outcome]);

  return vcn_wilson (&(VcnRate) { part, MAX (side->decided - part, 0), all.squares }, z);
}

/* What stands apart from the rates, in the unit of the weights. */
static VcnFigure
left_of (const VcbSide *side, VcbOutcome outcome, double scale)
{
  return vcb_figure_plain (vcn_sum_total (&side->weights[outcome]) / scale, (double) side->counts[outcome],
                           VC_STATUS_OK);
}

static guint64
count (const VcbSide *side)
{
  guint64 n = 0;

  for (VcbOutcome outcome = 0; outcome < VCB_N_OUTCOMES; outcome++)
    n += side->counts[outcome];
  return n;
}

static void
fill_side (const VcbSide *side, double scale, double z, VcnFigure rows[N_OF_SIDE])
{
  rows[VOLUME] = vcb_figure_plain (side->volume, (double) count (side), VC_STATUS_OK);
  rows[KEPT] = vcb_share_figure (&side->tally.shares[VCB_KEPT_IN_TIME], z);
  rows[LATE] = vcb_share_figure (&side->tally.shares[VCB_KEPT_LATE], z);
  rows[BROKEN] = part_of (side, VCB_BROKEN, z);
  rows[OVERDUE] = part_of (side, VCB_OVERDUE, z);
  rows[OPEN] = left_of (side, VCB_OPEN, scale);
  rows[WITHDRAWN] = left_of (side, VCB_WITHDRAWN, scale);
  rows[BY_OWED] = vcb_share_figure (&side->tally.shares[VCB_CLOSED_BY_OWED], z);
  rows[REOPENED] = vcb_share_figure (&side->tally.shares[VCB_OPENED_AGAIN], z);
}

VcTable *
vcb_table_of_sides (const VcbExplanation *self, GError **error)
{
  const double z = vcn_normal_within (self->context->confidence), scale = self->context->records->scale;
  VcbFigure figures[2 * N_OF_SIDE], *next = figures;

  for (guint side = 0; side < 2; side++) {
    VcnFigure rows[N_OF_SIDE];

    fill_side (&self->sides[side], scale, z, rows);
    for (guint i = 0; i < N_OF_SIDE; i++)
      next
        = vcb_figure_add (next, names[side][i], rows[i], i == VOLUME || i == OPEN || i == WITHDRAWN ? NULL : "share");
  }
  return vcb_table_of_figures (figures, G_N_ELEMENTS (figures), error);
}
