/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "numeric/vcn-private.h"
#include "vcb-tables.h"

static const char *const relations[] = { "both", "down", "up", "none" };

typedef enum { BOTH, DOWN, UP, NONE } Relation;

static gboolean
is_tie (const VcChainArrays *chain, guint32 report)
{
  const gint32 manager = chain->manager[report];

  return manager >= 0 && (guint32) manager != report && chain->kind[report] != VC_PARTY_KIND_CUSTOMER
         && chain->kind[manager] != VC_PARTY_KIND_CUSTOMER;
}

/* Ties by manager, then by report. */
static gboolean
list_ties (VcbLines *self, const VcbContext *context, GError **error)
{
  const VcChainArrays *chain = context->chain;
  VcnLook look = vcm_watch_look (context->watch, 0);
  guint64 done = 0;
  VC_BUFFER (guint32) start = vc_buffer_new0 (guint32, (gsize) chain->n_parties + 1);
  guint32 n = 0;

  if (start == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < chain->n_parties && vcn_look (&look, &done, 1); i++)
    if (is_tie (chain, i))
      start[chain->manager[i] + 1]++;
  for (guint32 i = 0; i < chain->n_parties; i++)
    start[i + 1] += start[i];
  self->n = n = start[chain->n_parties];
  self->manager = vc_buffer_new (gint32, n);
  self->report = vc_buffer_new (gint32, n);
  if (self->manager == NULL || self->report == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < chain->n_parties && vcn_look (&look, &done, 1); i++)
    if (is_tie (chain, i)) {
      const guint32 place = start[chain->manager[i]]++;

      self->manager[place] = chain->manager[i];
      self->report[place] = (gint32) i;
    }
  return vcn_look_end (&look, error);
}

static gboolean
find_arcs (VcbLines *self, const VcbContext *context, GError **error)
{
  VcnLook look = vcm_watch_look (context->watch, 0.1);
  guint64 done = 0;

  for (guint64 i = 0; i < self->n && vcn_look (&look, &done, 8); i++) {
    const guint32 manager = (guint32) self->manager[i], report = (guint32) self->report[i];

    self->duels.first[i] = vcb_arcs_find (context->arcs, manager, report);
    self->duels.second[i] = vcb_arcs_find (context->arcs, report, manager);
  }
  return vcn_look_end (&look, error);
}

static Relation
relation_of (const VcbDuels *duels, guint64 row)
{
  const gboolean is_down = vcb_arc_volume (duels->arcs, duels->first[row]) > 0,
                 is_up = vcb_arc_volume (duels->arcs, duels->second[row]) > 0;

  return is_down ? (is_up ? BOTH : DOWN) : (is_up ? UP : NONE);
}

static void
add_rate (VcbShare *share, const VcnRate *rate)
{
  vcn_sum_add (&share->yes, rate->kept);
  vcn_sum_add (&share->no, rate->broken);
  vcn_sum_add (&share->squares, rate->squares);
}

/* Shares that differ by less differ for their rounding. */
#define SAME 1e-12

/* A tie on which both sides have something decided is one pair, however much that is: drawn from each side, a
 * commitment is kept with the side's share. */
static void
match (VcbLines *self, const VcnRate *down, const VcnRate *up)
{
  const double all_down = down->kept + down->broken, all_up = up->kept + up->broken;
  const double d = vcb_part (down->kept, all_down), u = vcb_part (up->kept, all_up);

  if (!(all_down > 0 && all_up > 0))
    return;
  self->n_matched++;
  vcn_sum_add (&self->matched[0], d * u);
  vcn_sum_add (&self->matched[1], d * (up->broken / all_up));
  vcn_sum_add (&self->matched[2], down->broken / all_down * u);
  vcn_sum_add (&self->matched[3], down->broken / all_down * (up->broken / all_up));
  self->n_better_down += d - u > SAME;
  self->n_better_up += u - d > SAME;
}

static VcnRate
rate_of (const VcbSums *sums, guint64 row)
{
  return (VcnRate) { sums->kept[row], sums->broken[row], sums->squares[row] };
}

static gboolean
sum_up (VcbLines *self, const VcbContext *context, GError **error)
{
  VcnLook look = vcm_watch_look (context->watch, 0.5);
  guint64 *counts[] = { &self->n_both, &self->n_down, &self->n_up, &self->n_none };
  guint64 done = 0;

  for (guint64 i = 0; i < self->n && vcn_look (&look, &done, 8); i++) {
    const VcnRate down = rate_of (&self->duels.sums[0], i), up = rate_of (&self->duels.sums[1], i);

    (*counts[relation_of (&self->duels, i)])++;
    add_rate (&self->down, &down);
    add_rate (&self->up, &up);
    match (self, &down, &up);
  }
  return vcn_look_end (&look, error);
}

/* What a line costs, in arcs. */
#define COST_OF_LINE 2

/* The lines' own shape, from superior to subordinate: of all persons, and of whoever else stands at an end of a line.
 */
static gboolean
measure_shape (VcbLines *self, const VcbContext *context, GError **error)
{
  const VcChainArrays *chain = context->chain;
  VC_BUFFER (guint32) number = vc_buffer_new0 (guint32, chain->n_parties);
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, self->n);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, self->n);
  VC_BUFFER (double) one = vc_buffer_new (double, self->n);
  VcnLook look = vcm_watch_look (context->watch, 0.7);
  g_auto (VcnCsr) lines = { 0 };
  guint64 done = 0;
  guint32 n = 0;

  if (number == NULL || from == NULL || to == NULL || one == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < chain->n_parties; i++)
    number[i] = chain->kind[i] == VC_PARTY_KIND_PERSON;
  for (guint64 i = 0; i < self->n && vcn_look (&look, &done, COST_OF_LINE); i++)
    number[self->manager[i]] = number[self->report[i]] = 1;
  for (guint32 i = 0; i < chain->n_parties; i++)
    n += number[i] > 0 ? (number[i] = n, 1) : 0;
  for (guint64 i = 0; i < self->n && vcn_look (&look, &done, COST_OF_LINE); i++) {
    from[i] = (gint32) number[self->manager[i]];
    to[i] = (gint32) number[self->report[i]];
    one[i] = 1;
  }
  return vcn_look_end (&look, error)
         && vcn_csr_from_triples (&lines, n, self->n, from, to, one, NULL, context->n_threads, &context->watch->monitor,
                               error)
         && vcn_krackhardt (&self->shape, &lines, context->n_threads, &context->watch->monitor, error);
}

gboolean
vcb_lines_init (VcbLines *self, const VcbContext *context, GError **error)
{
  return list_ties (self, context, error) && vcb_duels_init (&self->duels, context->arcs, self->n, TRUE, error)
         && find_arcs (self, context, error)
         && vcb_duels_fill (&self->duels, context->confidence, context->watch, error) && sum_up (self, context, error)
         && measure_shape (self, context, error);
}

void
vcb_lines_clear (VcbLines *self)
{
  vc_buffer_free (self->manager);
  vc_buffer_free (self->report);
  vcb_duels_clear (&self->duels);
  memset (self, 0, sizeof *self);
}

static VcColumn *
column_of_volumes (const VcbDuels *duels, const guint32 *arcs, const char *name, const char *description,
                   GError **error)
{
  g_auto (VcmColumn) column = { 0 };

  if (!vcm_column_init (&column, duels->n_rows, error))
    return NULL;
  for (guint64 row = 0; row < duels->n_rows; row++)
    column.values[row] = vcb_arc_volume (duels->arcs, arcs[row]);
  vcm_column_seal (&column, 0, duels->n_rows);
  return vcm_column_finish (&column, name, NULL, description, error);
}

static VcColumn *
column_of_relations (const VcbDuels *duels, GError **error)
{
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, duels->n_rows);

  if (codes == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  for (guint64 row = 0; row < duels->n_rows; row++)
    codes[row] = (gint32) relation_of (duels, row);
  return vcm_column_of_codes (
    "relation", g_steal_pointer (&codes), duels->n_rows, relations, G_N_ELEMENTS (relations),
    "who owes something along the line: both, down (the manager only), up (the report only), none", error);
}

VcTable *
vcb_table_of_lines (const VcbContext *context, VcbLines *lines, GError **error)
{
  const char *names[2] = { "kept_down", "kept_up" };
  VcColumn *columns[5 + VCB_DUELS_N_COLUMNS] = { NULL };

  columns[0] = vcm_column_of_parties (context->chain, g_steal_pointer (&lines->manager), lines->n, "manager",
                                      "id of the manager");
  columns[1] = vcm_column_of_parties (context->chain, g_steal_pointer (&lines->report), lines->n, "report",
                                      "id of the party that reports to it");
  columns[2] = column_of_volumes (&lines->duels, lines->duels.first, "owed_down",
                                  "weight of what the manager owes the report", error);
  if (columns[2] != NULL)
    columns[3] = column_of_volumes (&lines->duels, lines->duels.second, "owed_up",
                                    "weight of what the report owes the manager", error);
  if (columns[3] != NULL)
    columns[4] = column_of_relations (&lines->duels, error);
  if (columns[4] != NULL)
    vcb_duels_finish (&lines->duels, names, columns + 5, error);
  return vcm_table_of ("lines", columns, G_N_ELEMENTS (columns), error);
}
