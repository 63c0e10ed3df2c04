/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-figures.h"
#include "vca-tables.h"

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"

typedef struct {
  const VcaSolution *solution;
  const VcmGroups   *groups;
  const guint32     *rows; /* the party that each row is about */
  guint64            n_rows;
  VcmColumn          columns[VCA_N_FIGURES];
  VcnLook            look;
} Parties;

static void
fill_chunk (gpointer data, guint chunk)
{
  Parties *self = data;
  guint64 first = chunk * VCM_CHUNK, last = MIN (first + VCM_CHUNK, self->n_rows);
  guint64 done = VCN_LOOK_EVERY;
  double figure[VCA_N_FIGURES];

  for (guint64 row = first; row < last; row++) {
    if (!vca_figures_of_row (self->solution, self->groups, self->rows[row], figure, &self->look, &done))
      return;
    for (guint i = 0; i < VCA_N_FIGURES; i++)
      self->columns[i].values[row] = figure[i];
  }
  for (guint i = 0; i < VCA_N_FIGURES; i++)
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
  VcColumn *columns[VCA_N_FIGURES + 2] = { NULL };

  columns[1] = column_of_kinds (self, error);
  columns[0] = vcm_column_of_parties (self->solution->chain, rows, self->n_rows, "party", "id of the party");
  for (guint i = 0; i < VCA_N_FIGURES && columns[i + 1] != NULL; i++) {
    const char *unit = i == VCA_EFFORT ? units->effort : i == VCA_REVENUE ? units->money : vca_figures[i].unit;

    columns[i + 2]
      = vcm_column_finish (&self->columns[i], vca_figures[i].name, unit, vca_figures[i].description, error);
  }
  return vcm_table_of ("parties", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vca_table_of_parties (const VcaSolution *solution, const VcmGroups *groups, const VcaUnits *units, VcmWatch *watch,
                      GError **error)
{
  VC_BUFFER (gint32) rows = vc_buffer_new (gint32, solution->chain->n_parties);
  Parties self = { .solution = solution, .groups = groups, .rows = (const guint32 *) rows,
                   .look = vcm_watch_look (watch, 0) };
  gboolean is_ready = rows != NULL || vca_no_memory (error);
  VcTable *table = NULL;

  if (is_ready)
    self.n_rows = list_rows (solution, groups, rows);
  for (guint i = 0; i < VCA_N_FIGURES && is_ready; i++)
    is_ready = vcm_column_init (&self.columns[i], self.n_rows, error);
  if (is_ready) {
    vc_parallel (solution->n_threads, vcm_n_chunks (self.n_rows), fill_chunk, &self);
    if (vcn_look_end (&self.look, error))
      table = finish (&self, g_steal_pointer (&rows), units, error);
  }
  for (guint i = 0; i < VCA_N_FIGURES; i++)
    vcm_column_clear (&self.columns[i]);
  return table;
}
