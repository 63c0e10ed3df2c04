/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-tables.h"

#include <math.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "numeric/vcn-sum.h"

enum {
  EFFORT,
  REACH,
  HIERARCHY,
  STRANDED,
  LOOP,
  UNDELIVERED,
  REWORK,
  DISTANCE,
  LEVEL,
  PULL,
  TOP_DOWN,
  BOTTOM_UP,
  ORIGIN_LOOP,
  REVENUE,
  N_FIGURES,
};

static const char share[] = "share", hand_overs[] = "hand-overs", levels[] = "levels";

static const struct {
  const char *name;
  const char *unit; /* NULL: that of the chain */
  const char *description;
} figures[N_FIGURES] = {
  [EFFORT] = { "effort", NULL, "effort, given or else what was delivered" },
  [REACH] = { "reach", share, "share of the effort that ends at a customer" },
  [HIERARCHY] = { "hierarchy", share, "share of the effort that ends at a manager who passes nothing on" },
  [STRANDED] = { "stranded", share, "share of the effort that ends at any other party that passes nothing on" },
  [LOOP] = { "loop", share, "share of the effort that is caught in a closed loop" },
  [UNDELIVERED] = { "undelivered", share, "share of the effort that was delivered to nobody" },
  [REWORK] = { "rework", share, "work delivered to oneself as a share of all work delivered" },
  [DISTANCE] = { "distance", hand_overs, "expected number of hand-overs until the customer, of what gets there" },
  [LEVEL] = { "level", levels, "trophic level in the work network, the lowest party of each component at 0" },
  [PULL] = { "pull", share, "share of the instructions received that goes back to a customer" },
  [TOP_DOWN] = { "top_down", share, "share of the instructions received that goes back to a manager" },
  [BOTTOM_UP] = { "bottom_up", share, "share of the instructions received that goes back to anybody else" },
  [ORIGIN_LOOP] = { "origin_loop", share, "share of the instructions received that goes back to a closed loop" },
  [REVENUE] = { "revenue", NULL, "receipts that the effort supports" },
};

typedef struct {
  const VcaSolution *solution;
  const VcmGroups   *groups;
  const guint32     *rows; /* the party that each row is about */
  guint64            n_rows;
  VcmColumn          columns[N_FIGURES];
  VcnLook            look;
} Parties;

/* NaN: null. */
static void
figures_of_effort (const VcaSolution *self, guint32 party, double *figure)
{
  double effort = self->effort[party], delivered = self->work.outflow[party];
  double passed = effort > 0 ? delivered / effort : NAN;
  double reach = self->shares[VCA_END_CUSTOMER][party];
  gboolean has_effort = vca_solution_has_effort (self, party);

  figure[EFFORT] = has_effort ? effort : NAN;
  figure[REACH] = passed * reach;
  figure[HIERARCHY] = passed * self->shares[VCA_END_MANAGER][party];
  figure[STRANDED] = passed * self->shares[VCA_END_OTHER][party];
  figure[LOOP] = passed * self->shares[VCA_END_LOOP][party];
  figure[UNDELIVERED] = effort > 0 ? (effort - delivered) / effort : NAN;
  figure[DISTANCE] = delivered > 0 && reach > 0 ? self->steps[party] / reach : NAN;
  /* No minus zero, where the receipts are below it. */
  figure[REVENUE] = has_effort && self->support != NULL ? delivered * self->support[party] + 0.0 : NAN;
}

static void
figures_of (const VcaSolution *self, guint32 party, double figure[N_FIGURES])
{
  double work = self->work.outflow[party] + self->work.self[party];
  gboolean is_instructed = self->has_instructions && self->instructions.outflow[party] > 0;

  figures_of_effort (self, party, figure);
  figure[REWORK] = work > 0 ? self->work.self[party] / work : NAN;
  figure[LEVEL] = vca_solution_has_work (self, party) ? self->level[party] : NAN;
  for (VcaEnd end = 0; end < VCA_N_ENDS; end++)
    figure[PULL + end] = is_instructed ? self->origins[end][party] : NAN;
}

/* What each figure of a party weighs in that of its unit. */
static double
weight_of (const VcaSolution *self, guint32 party, guint figure)
{
  switch (figure) {
    case REWORK:
      return self->work.outflow[party] + self->work.self[party];
    case DISTANCE:
      return self->work.outflow[party] * self->shares[VCA_END_CUSTOMER][party];
    case PULL:
    case TOP_DOWN:
    case BOTTOM_UP:
    case ORIGIN_LOOP:
      return self->has_instructions ? self->instructions.outflow[party] : 0;
    default:
      return self->effort[party];
  }
}

typedef struct {
  VcnSum  weighted[N_FIGURES], weights[N_FIGURES], sums[N_FIGURES];
  guint32 n[N_FIGURES]; /* that are defined */
} Mixture;

static double
mix (const Mixture *self, guint figure)
{
  double sum = vcn_sum_total (&self->sums[figure]), weight = vcn_sum_total (&self->weights[figure]);

  if (self->n[figure] == 0)
    return NAN;
  if (figure == EFFORT || figure == REVENUE)
    return sum;
  if (weight > 0)
    return vcn_sum_total (&self->weighted[figure]) / weight;
  return figure == LEVEL ? sum / self->n[figure] : NAN;
}

/* What a party costs, in arcs. */
#define COST_OF_PARTY 16

/* FALSE: stopped. */
static gboolean
figures_of_group (Parties *self, guint32 group, double figure[N_FIGURES], guint64 *done)
{
  const VcmGroups *groups = self->groups;
  Mixture mixture = { 0 };

  for (guint32 k = groups->start[group]; k < groups->start[group + 1]; k++) {
    guint32 member = groups->members[k];

    if (!vcn_look (&self->look, done, COST_OF_PARTY))
      return FALSE;
    figures_of (self->solution, member, figure);
    for (guint i = 0; i < N_FIGURES; i++) {
      double weight = weight_of (self->solution, member, i);

      if (isnan (figure[i]))
        continue;
      vcn_sum_add (&mixture.sums[i], figure[i]);
      vcn_sum_add (&mixture.weights[i], weight);
      vcn_sum_add (&mixture.weighted[i], weight * figure[i]);
      mixture.n[i]++;
    }
  }
  for (guint i = 0; i < N_FIGURES; i++)
    figure[i] = mix (&mixture, i);
  return TRUE;
}

static void
fill_chunk (gpointer data, guint chunk)
{
  Parties *self = data;
  guint64 first = chunk * VCM_CHUNK, last = MIN (first + VCM_CHUNK, self->n_rows);
  guint64 done = VCN_LOOK_EVERY;
  double figure[N_FIGURES];

  for (guint64 row = first; row < last; row++) {
    guint32 party = self->rows[row];

    if (!vcn_look (&self->look, &done, COST_OF_PARTY))
      return;
    /* Alone, a party has the same figures as without groups, to the last bit. */
    if (self->groups == NULL || self->groups->start[party + 1] - self->groups->start[party] == 1)
      figures_of (self->solution, party, figure);
    else if (!figures_of_group (self, party, figure, &done))
      return;
    for (guint i = 0; i < N_FIGURES; i++)
      self->columns[i].values[row] = figure[i];
  }
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_seal (&self->columns[i], first, last);
}

static guint64
list_rows (const VcaSolution *solution, const VcmGroups *groups, gint32 *rows)
{
  guint64 n = 0;

  for (guint32 i = 0; i < solution->chain->n_parties; i++)
    if (!vca_solution_is_customer (solution, i) && (groups == NULL || groups->group[i] == i))
      rows[n++] = (gint32) i;
  return n;
}

static VcColumn *
column_of_kinds (const Parties *self, GError **error)
{
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, self->n_rows);
  const char *words[VC_PARTY_KIND_SUPPLIER + 1];

  if (codes == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  for (VcPartyKind kind = 0; kind <= VC_PARTY_KIND_SUPPLIER; kind++)
    words[kind] = vc_party_kind_get_name (kind);
  for (guint64 row = 0; row < self->n_rows; row++)
    codes[row] = self->solution->chain->kind[self->rows[row]];
  return vcm_column_of_codes ("kind", g_steal_pointer (&codes), self->n_rows, words, G_N_ELEMENTS (words),
                              "what the party is", error);
}

/* Takes `rows`. */
static VcTable *
finish (Parties *self, gint32 *rows, const VcaUnits *units, GError **error)
{
  VcColumn *columns[N_FIGURES + 2] = { NULL };

  columns[1] = column_of_kinds (self, error);
  columns[0] = vcm_column_of_parties (self->solution->chain, rows, self->n_rows, "party", "id of the party");
  for (guint i = 0; i < N_FIGURES && columns[i + 1] != NULL; i++) {
    const char *unit = i == EFFORT ? units->effort : i == REVENUE ? units->money : figures[i].unit;

    columns[i + 2] = vcm_column_finish (&self->columns[i], figures[i].name, unit, figures[i].description, error);
  }
  return vcm_table_of ("parties", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vca_table_of_parties (const VcaSolution *solution, const VcmGroups *groups, const VcaUnits *units, VcmWatch *watch, GError **error)
{
  VC_BUFFER (gint32) rows = vc_buffer_new (gint32, solution->chain->n_parties);
  Parties self = { .solution = solution, .groups = groups, .rows = (const guint32 *) rows,
                   .look = vcm_watch_look (watch, 0) };
  gboolean is_ready = rows != NULL || vca_no_memory (error);
  VcTable *table = NULL;

  if (is_ready)
    self.n_rows = list_rows (solution, groups, rows);
  for (guint i = 0; i < N_FIGURES && is_ready; i++)
    is_ready = vcm_column_init (&self.columns[i], self.n_rows, error);
  if (is_ready) {
    vc_parallel (solution->n_threads, vcm_n_chunks (self.n_rows), fill_chunk, &self);
    if (vcn_look_end (&self.look, error))
      table = finish (&self, g_steal_pointer (&rows), units, error);
  }
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_clear (&self.columns[i]);
  return table;
}
