/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-figures.h"

#include <math.h>

#include "numeric/vcn-sum.h"

static const char share[] = "share", hand_overs[] = "hand-overs", levels[] = "levels";

const VcaFigure vca_figures[VCA_N_FIGURES] = {
  [VCA_EFFORT] = { "effort", NULL, "effort, given or else what was delivered" },
  [VCA_REACH] = { "reach", share, "share of the effort that ends at a customer" },
  [VCA_HIERARCHY] = { "hierarchy", share, "share of the effort that ends at a manager who passes nothing on" },
  [VCA_STRANDED] = { "stranded", share, "share of the effort that ends at any other party that passes nothing on" },
  [VCA_LOOP] = { "loop", share, "share of the effort that is caught in a closed loop" },
  [VCA_UNDELIVERED] = { "undelivered", share, "share of the effort that was delivered to nobody" },
  [VCA_REWORK] = { "rework", share, "work delivered to oneself as a share of all work delivered" },
  [VCA_DISTANCE] = { "distance", hand_overs, "expected number of hand-overs until the customer, of what gets there" },
  [VCA_LEVEL] = { "level", levels, "trophic level in the work network, the lowest party of each component at 0" },
  [VCA_PULL] = { "pull", share, "share of the instructions received that goes back to a customer" },
  [VCA_TOP_DOWN] = { "top_down", share, "share of the instructions received that goes back to a manager" },
  [VCA_BOTTOM_UP] = { "bottom_up", share, "share of the instructions received that goes back to anybody else" },
  [VCA_ORIGIN_LOOP] = { "origin_loop", share, "share of the instructions received that goes back to a closed loop" },
  [VCA_REVENUE] = { "revenue", NULL, "receipts that the effort supports" },
};

/* NaN: null. */
static void
figures_of_effort (const VcaSolution *self, guint32 party, double *figure)
{
  double effort = self->effort[party], delivered = self->work.outflow[party];
  double passed = effort > 0 ? delivered / effort : NAN;
  double reach = self->shares[VCA_END_CUSTOMER][party];
  gboolean has_effort = vca_solution_has_effort (self, party);

  figure[VCA_EFFORT] = has_effort ? effort : NAN;
  figure[VCA_REACH] = passed * reach;
  figure[VCA_HIERARCHY] = passed * self->shares[VCA_END_MANAGER][party];
  figure[VCA_STRANDED] = passed * self->shares[VCA_END_OTHER][party];
  figure[VCA_LOOP] = passed * self->shares[VCA_END_LOOP][party];
  figure[VCA_UNDELIVERED] = effort > 0 ? (effort - delivered) / effort : NAN;
  figure[VCA_DISTANCE] = delivered > 0 && reach > 0 ? self->steps[party] / reach : NAN;
  /* No minus zero, where the receipts are below it. */
  figure[VCA_REVENUE] = has_effort && self->support != NULL ? delivered * self->support[party] + 0.0 : NAN;
}

static void
figures_of (const VcaSolution *self, guint32 party, double figure[VCA_N_FIGURES])
{
  double work = self->work.outflow[party] + self->work.self[party];
  gboolean is_instructed = self->has_instructions && self->instructions.outflow[party] > 0;

  figures_of_effort (self, party, figure);
  figure[VCA_REWORK] = work > 0 ? self->work.self[party] / work : NAN;
  figure[VCA_LEVEL] = vca_solution_has_work (self, party) ? self->level[party] : NAN;
  for (VcaEnd end = 0; end < VCA_N_ENDS; end++)
    figure[VCA_PULL + end] = is_instructed ? self->origins[end][party] : NAN;
}

/* What each figure of a party weighs in that of its unit. */
static double
weight_of (const VcaSolution *self, guint32 party, guint figure)
{
  switch (figure) {
    case VCA_REWORK:
      return self->work.outflow[party] + self->work.self[party];
    case VCA_DISTANCE:
      return self->work.outflow[party] * self->shares[VCA_END_CUSTOMER][party];
    case VCA_PULL:
    case VCA_TOP_DOWN:
    case VCA_BOTTOM_UP:
    case VCA_ORIGIN_LOOP:
      return self->has_instructions ? self->instructions.outflow[party] : 0;
    default:
      return self->effort[party];
  }
}

typedef struct {
  VcnSum  weighted[VCA_N_FIGURES], weights[VCA_N_FIGURES], sums[VCA_N_FIGURES];
  guint32 n[VCA_N_FIGURES]; /* that are defined */
} Mixture;

static double
mix (const Mixture *self, guint figure)
{
  double sum = vcn_sum_total (&self->sums[figure]), weight = vcn_sum_total (&self->weights[figure]);

  if (self->n[figure] == 0)
    return NAN;
  if (figure == VCA_EFFORT || figure == VCA_REVENUE)
    return sum;
  if (weight > 0)
    return vcn_sum_total (&self->weighted[figure]) / weight;
  return figure == VCA_LEVEL ? sum / self->n[figure] : NAN;
}

/* FALSE: stopped. */
static gboolean
figures_of_group (const VcaSolution *self, const VcmGroups *groups, guint32 group, double figure[VCA_N_FIGURES],
                  VcnLook *look, guint64 *done)
{
  Mixture mixture = { 0 };

  for (guint32 k = groups->start[group]; k < groups->start[group + 1]; k++) {
    guint32 member = groups->members[k];

    if (!vcn_look (look, done, VCA_COST_OF_PARTY))
      return FALSE;
    figures_of (self, member, figure);
    for (guint i = 0; i < VCA_N_FIGURES; i++) {
      double weight = weight_of (self, member, i);

      if (isnan (figure[i]))
        continue;
      vcn_sum_add (&mixture.sums[i], figure[i]);
      vcn_sum_add (&mixture.weights[i], weight);
      vcn_sum_add (&mixture.weighted[i], weight * figure[i]);
      mixture.n[i]++;
    }
  }
  for (guint i = 0; i < VCA_N_FIGURES; i++)
    figure[i] = mix (&mixture, i);
  return TRUE;
}

gboolean
vca_figures_of_row (const VcaSolution *solution, const VcmGroups *groups, guint32 party, double figures[VCA_N_FIGURES],
                    VcnLook *look, guint64 *done)
{
  /* Alone, a party has the same figures as without groups, to the last bit. */
  if (groups != NULL && groups->start[party + 1] - groups->start[party] != 1)
    return figures_of_group (solution, groups, party, figures, look, done);
  figures_of (solution, party, figures);
  return vcn_look (look, done, VCA_COST_OF_PARTY);
}
