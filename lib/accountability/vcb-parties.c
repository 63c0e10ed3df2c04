/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric/vcn-private.h"
#include "vcb-tables.h"

enum { OWES, OWED, RECIPROCITY, N_FIGURES };

typedef struct {
  const VcbContext *context;
  const VcbArcs    *arcs;
  const VcmGroups  *groups;
  gint32           *party; /* of each row */
  guint64           n_rows;
  VcmColumn         figures[N_FIGURES];
  VcbSheet          sheet;
} Parties;

static void
parties_clear (Parties *self)
{
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_clear (&self->figures[i]);
  vcb_sheet_clear (&self->sheet);
  vc_buffer_free (self->party);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parties, parties_clear)

static VcbWalk
walk (gconstpointer data, guint64 row)
{
  const Parties *self = data;

  return vcb_walk (self->arcs, FALSE, (const guint32 *) &self->party[row], 1);
}

static gboolean
list_rows (Parties *self, GError **error)
{
  self->party = vc_buffer_new (gint32, self->arcs->n);
  if (self->party == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < self->arcs->n; i++)
    if (self->groups == NULL || self->groups->group[i] == i)
      self->party[self->n_rows++] = (gint32) i;
  return TRUE;
}

static gboolean
fill_volumes (Parties *self, GError **error)
{
  const VcbVolumes *volumes = self->context->volumes;
  VcnLook look = vcm_watch_look (self->context->watch, 0.05);
  guint64 done = 0;

  if (!vcb_columns_init (self->figures, N_FIGURES, self->n_rows, error))
    return FALSE;
  for (guint64 row = 0; row < self->n_rows && vcn_look (&look, &done, 4); row++) {
    const guint32 party = (guint32) self->party[row];
    const double owes = vcb_volumes_of (volumes->owes, self->groups, party);

    self->figures[OWES].values[row] = owes;
    self->figures[OWED].values[row] = vcb_volumes_of (volumes->owed, self->groups, party);
    self->figures[RECIPROCITY].values[row]
      = vcb_part (vcb_volumes_of (volumes->mutual, self->groups, party), owes);
  }
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_seal (&self->figures[i], 0, self->n_rows);
  return vcn_look_end (&look, error);
}

static VcTable *
finish (Parties *self, GError **error)
{
  VcColumn *columns[1 + N_FIGURES + VCB_SHEET_N_COLUMNS] = { NULL };

  columns[0] = vcm_column_of_parties (self->context->chain, g_steal_pointer (&self->party), self->n_rows, "party",
                                      "id of the party");
  columns[1] = vcm_column_finish (&self->figures[OWES], "owes", NULL, "weight of what it owes others", error);
  if (columns[1] != NULL)
    columns[2] = vcm_column_finish (&self->figures[OWED], "owed", NULL, "weight of what others owe it", error);
  if (columns[2] != NULL && vcb_sheet_finish (&self->sheet, "", columns + 3, error))
    columns[3 + VCB_SHEET_N_COLUMNS] = vcm_column_finish (&self->figures[RECIPROCITY], "reciprocity", "share",
                                                          "share of what it owes that the same others owe it", error);
  return vcm_table_of ("parties", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vcb_table_of_parties (const VcbContext *context, const VcbArcs *arcs, const VcmGroups *groups,
                      VcbFindings *findings, GError **error)
{
  g_auto (Parties) self = { context, arcs, groups };
  VcbRows rows = { 0, 512, walk, &self, context->confidence };

  if (!list_rows (&self, error) || !fill_volumes (&self, error))
    return NULL;
  rows.n = self.n_rows;
  if (!vcb_sheet_fill (&self.sheet, &rows, context->n_threads, context->watch, error))
    return NULL;
  findings->parties = self.sheet.prior;
  return finish (&self, error);
}
