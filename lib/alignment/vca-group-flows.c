/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "numeric/vcn-sum.h"

enum {
  AMOUNT,
  CARRIED,
  REACHING,
  N_FIGURES,
};

/* Flows between two looks at whether to stop. */
#define CHECK_EVERY ((guint64) 1 << 20)

/* Row by row, as in Gustavson's product of sparse matrices (1978): what one group delivers is gathered by the group it
 * goes to. O(m) and a sort of each group's partners. */
typedef struct {
  const VcaSolution *solution;
  const VcmGroups   *groups;
  guint32           *seen;     /* n: the group that met it last, and one more */
  guint32           *partners; /* n: of the group under way */
  guint32            n_partners;
  VcnSum            *sums;     /* n times N_FIGURES */

  guint64            n_rows;
  gint32            *from, *to;
  VcmColumn          figures[N_FIGURES];
} GroupFlows;

static void
clear (GroupFlows *self)
{
  g_clear_pointer (&self->seen, vc_buffer_free);
  g_clear_pointer (&self->partners, vc_buffer_free);
  g_clear_pointer (&self->sums, vc_buffer_free);
  g_clear_pointer (&self->from, vc_buffer_free);
  g_clear_pointer (&self->to, vc_buffer_free);
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_clear (&self->figures[i]);
}

/* TRUE where the group under way meets `partner` for the first time. */
static gboolean
meet (GroupFlows *self, guint32 group, guint32 partner)
{
  if (self->seen[partner] == group + 1)
    return FALSE;
  self->seen[partner] = group + 1;
  self->partners[self->n_partners++] = partner;
  return TRUE;
}

static guint64
gather_partners (GroupFlows *self, guint32 group)
{
  const VcnCsr *flows = &self->solution->work.flows;
  guint64 n_flows = 0;

  self->n_partners = 0;
  for (guint32 m = self->groups->start[group]; m < self->groups->start[group + 1]; m++) {
    guint32 member = self->groups->members[m];

    for (guint64 k = flows->start[member]; k < flows->start[member + 1]; k++)
      meet (self, group, self->groups->group[flows->column[k]]);
    n_flows += flows->start[member + 1] - flows->start[member];
  }
  self->n_rows += self->n_partners;
  return n_flows;
}

static void
gather_member (GroupFlows *self, guint32 group, guint32 member)
{
  const VcaSolution *solution = self->solution;
  const VcnCsr *flows = &solution->work.flows;
  gboolean is_loop = solution->work.end[member] == VCA_END_LOOP;

  for (guint64 k = flows->start[member]; k < flows->start[member + 1]; k++) {
    guint32 partner = self->groups->group[flows->column[k]];
    VcnSum *sums = self->sums + (gsize) partner * N_FIGURES;
    double carried = vca_carried (flows->value[k], solution->work.outflow[member], solution->visits[member]);

    if (meet (self, group, partner))
      memset (sums, 0, N_FIGURES * sizeof (VcnSum));
    vcn_sum_add (&sums[AMOUNT], flows->value[k]);
    vcn_sum_add (&sums[CARRIED], is_loop ? NAN : carried);
    vcn_sum_add (&sums[REACHING], is_loop ? 0 : carried * solution->shares[VCA_END_CUSTOMER][flows->column[k]]);
  }
}

static int
compare (const void *a, const void *b)
{
  guint32 one = *(const guint32 *) a, other = *(const guint32 *) b;

  return one < other ? -1 : one > other;
}

static guint64
gather_sums (GroupFlows *self, guint32 group)
{
  const VcnCsr *flows = &self->solution->work.flows;
  guint64 n_flows = 0;

  self->n_partners = 0;
  for (guint32 m = self->groups->start[group]; m < self->groups->start[group + 1]; m++) {
    guint32 member = self->groups->members[m];

    gather_member (self, group, member);
    n_flows += flows->start[member + 1] - flows->start[member];
  }
  qsort (self->partners, self->n_partners, sizeof (guint32), compare);
  for (guint32 i = 0; i < self->n_partners; i++, self->n_rows++) {
    self->from[self->n_rows] = (gint32) group;
    self->to[self->n_rows] = (gint32) self->partners[i];
    for (guint k = 0; k < N_FIGURES; k++)
      self->figures[k].values[self->n_rows] = vcn_sum_total (&self->sums[(gsize) self->partners[i] * N_FIGURES + k]);
  }
  return n_flows;
}

static gboolean
for_each_group (GroupFlows *self, guint64 (*gather) (GroupFlows *self, guint32 group), VcmWatch *watch, GError **error)
{
  guint32 n = self->solution->chain->n_parties;
  guint64 n_flows = 0;

  self->n_rows = 0;
  memset (self->seen, 0, n * sizeof (guint32));
  for (guint32 group = 0; group < n; group++) {
    n_flows += gather (self, group);
    if (n_flows < CHECK_EVERY)
      continue;
    if (!vcm_watch_check (watch, 0.5, error))
      return FALSE;
    n_flows = 0;
  }
  return TRUE;
}

static gboolean
allocate (GroupFlows *self, GError **error)
{
  guint32 n = self->solution->chain->n_parties;

  self->seen = vc_buffer_new (guint32, n);
  self->partners = vc_buffer_new (guint32, n);
  self->sums = vc_buffer_new (VcnSum, (gsize) n * N_FIGURES);
  return (self->seen != NULL && self->partners != NULL && self->sums != NULL) || vca_no_memory (error);
}

static gboolean
allocate_rows (GroupFlows *self, GError **error)
{
  self->from = vc_buffer_new (gint32, self->n_rows);
  self->to = vc_buffer_new (gint32, self->n_rows);
  if (self->from == NULL || self->to == NULL)
    return vca_no_memory (error);
  for (guint i = 0; i < N_FIGURES; i++)
    if (!vcm_column_init (&self->figures[i], self->n_rows, error))
      return FALSE;
  return TRUE;
}

VcTable *
vca_table_of_group_flows (const VcaSolution *solution, const VcmGroups *groups, const VcaUnits *units, VcmWatch *watch,
                          GError **error)
{
  GroupFlows self = { .solution = solution, .groups = groups };
  VcTable *table = NULL;

  if (allocate (&self, error)
      && for_each_group (&self, gather_partners, watch, error)
      && allocate_rows (&self, error)
      && for_each_group (&self, gather_sums, watch, error)) {
    for (guint i = 0; i < N_FIGURES; i++)
      vcm_column_seal (&self.figures[i], 0, self.n_rows);
    table = vca_flows_finish (solution, g_steal_pointer (&self.from), g_steal_pointer (&self.to), self.figures, units,
                              error);
  }
  clear (&self);
  return table;
}
