/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The summary of an explanation: what a party owes, what it is owed, and what became of it. */
#include "numeric/vcn-private.h"
#include "numeric/vcn-special.h"
#include "vcb-explanation.h"

enum { VOLUME, KEPT, LATE, BROKEN, OVERDUE, OPEN, WITHDRAWN, BY_OWED, REOPENED, N_OF_SIDE };
#define N_ROWS (2 * N_OF_SIDE)

static const char *const names[2][N_OF_SIDE] = {
  { "owes", "kept", "late", "broken", "overdue", "open", "withdrawn", "closed_by_owed", "reopened" },
  { "owed", "owed_kept", "owed_late", "owed_broken", "owed_overdue", "owed_open", "owed_withdrawn", "owed_closed_by_owed", "owed_reopened" },
};

/* A weight, of so many records. */
static VcnFigure
weight_of (double weight, guint64 n)
{
  return (VcnFigure) { weight, (double) NAN, (double) NAN, (double) n, VC_STATUS_OK };
}

static VcnFigure
rate_of (const VcbShare *share, double z)
{
  const VcnRate rate = vcb_share_rate (share);

  return vcn_wilson (&rate, z);
}

/* Of what is decided: kept, late, broken and overdue add up to 1. */
static VcnFigure
part_of (const VcbSide *side, VcbOutcome outcome, double z)
{
  const VcnRate all = vcb_share_rate (&side->tally.kept);
  const double part = vcn_sum_total (&side->weights[outcome]);

  return vcn_wilson (&(VcnRate) { part, MAX (side->decided - part, 0), all.squares }, z);
}

/* What stands apart from the rates, in the unit of the weights. */
static VcnFigure
left_of (const VcbSide *side, VcbOutcome outcome, double scale)
{
  return weight_of (vcn_sum_total (&side->weights[outcome]) / scale, side->counts[outcome]);
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
  rows[VOLUME] = weight_of (vcn_sum_total (&side->volume), count (side));
  rows[KEPT] = rate_of (&side->tally.kept, z);
  rows[LATE] = part_of (side, VCB_LATE, z);
  rows[BROKEN] = part_of (side, VCB_BROKEN, z);
  rows[OVERDUE] = part_of (side, VCB_OVERDUE, z);
  rows[OPEN] = left_of (side, VCB_OPEN, scale);
  rows[WITHDRAWN] = left_of (side, VCB_WITHDRAWN, scale);
  rows[BY_OWED] = rate_of (&side->tally.by_owed, z);
  rows[REOPENED] = rate_of (&side->tally.again, z);
}

static VcTable *
finish (const VcnFigure rows[N_ROWS], VcmColumn figures[4], GError **error)
{
  const char *words[N_ROWS], *units[N_ROWS], *statuses[N_ROWS];
  VcColumn *columns[7] = { NULL };

  for (guint i = 0; i < N_ROWS; i++) {
    const guint kind = i % N_OF_SIDE;

    words[i] = names[i / N_OF_SIDE][kind];
    units[i] = kind == VOLUME || kind == OPEN || kind == WITHDRAWN ? NULL : "share";
    statuses[i] = vc_status_get_name (rows[i].status);
    vcb_put_figure (figures, i, &rows[i]);
  }
  for (guint i = 0; i < 4; i++)
    vcm_column_seal (&figures[i], 0, N_ROWS);
  columns[0] = vcm_column_of_words ("name", words, N_ROWS, "name of the figure: of what it owes, then of what it is owed", error);
  if (columns[0] != NULL)
    columns[1] = vcm_column_finish (&figures[0], "value", NULL, "the figure: a share of what is decided, or a weight", error);
  if (columns[1] != NULL)
    columns[2] = vcm_column_of_words ("unit", units, N_ROWS, "what the figure is counted in; null: weight", error);
  if (columns[2] != NULL)
    columns[3] = vcm_column_finish (&figures[1], "low", NULL, "lower end of its interval; null where it has none", error);
  if (columns[3] != NULL)
    columns[4] = vcm_column_finish (&figures[2], "high", NULL, "upper end of its interval; null where it has none", error);
  if (columns[4] != NULL)
    columns[5] = vcm_column_finish (&figures[3], "n", NULL, "commitments behind the figure, as many alike as say as much", error);
  if (columns[5] != NULL)
    columns[6] = vcm_column_of_words ("status", statuses, N_ROWS, "OK, or why there is no figure", error);
  return vcm_table_of ("summary", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vcb_table_of_sides (const VcbExplanation *self, GError **error)
{
  const double z = vcn_normal_within (self->context->confidence), scale = self->context->records->scale;
  VcmColumn figures[4] = { { 0 } };
  VcnFigure rows[N_ROWS];
  VcTable *table = NULL;

  fill_side (&self->sides[0], scale, z, rows);
  fill_side (&self->sides[1], scale, z, rows + N_OF_SIDE);
  if (vcb_columns_init (figures, 4, N_ROWS, error))
    table = finish (rows, figures, error);
  for (guint i = 0; i < 4; i++)
    vcm_column_clear (&figures[i]);
  return table;
}
