/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vc-parallel-private.h"
#include "numeric/vcn-private.h"
#include "vcb-forest.h"
#include "vcb-tables.h"

enum { OWES, OWED, RECIPROCITY, OWED_RECIPROCITY, N_FIGURES };

typedef struct {
  const VcbContext *context;
  VcbForest         forest;
  gint32           *unit; /* of each row */
  guint64           n_rows;
  VcmColumn         figures[N_FIGURES];
  VcbSheet          made, received;
  VcnLook           look;
} Functions;

static void
functions_clear (Functions *self)
{
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_clear (&self->figures[i]);
  vcb_sheet_clear (&self->made);
  vcb_sheet_clear (&self->received);
  vcb_forest_clear (&self->forest);
  vc_buffer_free (self->unit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Functions, functions_clear)

/* Between those in a unit and those outside it. */
static VcbWalk
walk_across (const Functions *self, guint32 unit, gboolean is_owed)
{
  const VcbForest *forest = &self->forest;
  const guint32 low = forest->place[unit], n = forest->size[unit];
  VcbWalk walk = vcb_walk (self->context->arcs, is_owed, forest->at_place + low, n);

  walk.place = forest->place;
  walk.low = low;
  walk.high = low + n;
  return walk;
}

static VcbWalk
walk_made (gconstpointer data, guint64 row)
{
  const Functions *self = data;

  return walk_across (self, (guint32) self->unit[row], FALSE);
}

static VcbWalk
walk_received (gconstpointer data, guint64 row)
{
  const Functions *self = data;

  return walk_across (self, (guint32) self->unit[row], TRUE);
}

/* ---- rows ---- */

static gboolean
owes_others (Functions *self, guint32 unit, guint64 *done)
{
  VcbWalk walk = walk_across (self, unit, FALSE);
  guint32 arc;

  vcb_walk_look (&walk, &self->look, done);
  return vcb_walk_next (&walk, &arc);
}

typedef struct {
  Functions *functions;
  guint8    *owes; /* n */
} Survey;

#define PARTIES 256u

static void
survey (gpointer data, guint part)
{
  const Survey *self = data;
  Functions *functions = self->functions;
  const VcChainArrays *chain = functions->context->chain;
  const guint32 first = part * PARTIES, last = MIN (first + PARTIES, chain->n_parties);
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 i = first; i < last && vcn_look (&functions->look, &done, 1); i++) {
    self->owes[i] = chain->kind[i] == VC_PARTY_KIND_UNIT && owes_others (functions, i, &done);
    if (vcn_look_is_stopped (&functions->look))
      return;
  }
}

static gboolean
list_rows (Functions *self, GError **error)
{
  const guint32 n = self->context->chain->n_parties;
  VC_BUFFER (guint8) owes = vc_buffer_new0 (guint8, n);

  self->unit = vc_buffer_new (gint32, n);
  if (owes == NULL || self->unit == NULL)
    return vcn_fail_memory (error);
  vc_parallel (self->context->n_threads, (n + PARTIES - 1) / PARTIES, survey, &(Survey) { self, owes });
  if (!vcn_look_end (&self->look, error))
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    if (owes[i])
      self->unit[self->n_rows++] = (gint32) i;
  return TRUE;
}

/* ---- volumes ---- */

static gboolean
fill_volumes_of (Functions *self, guint64 row, guint64 *done)
{
  const VcbForest *forest = &self->forest;
  const VcbArcs *arcs = self->context->arcs;
  const guint32 low = forest->place[self->unit[row]], high = low + forest->size[self->unit[row]];
  VcbVolume volume = { 0 };
  double owes, owed, mutual;

  for (guint32 place = low; place < high; place++) {
    VcbBoth both = vcb_both (arcs, forest->at_place[place]);
    VcbTie tie;

    while (vcb_both_next (&both, &tie)) {
      if (!vcn_look (&self->look, done, 1))
        return FALSE;
      if (forest->place[tie.other] < low || forest->place[tie.other] >= high)
        vcb_volume_add (&volume, arcs, &tie);
    }
    if (!vcn_look (&self->look, done, 1))
      return FALSE;
  }
  self->figures[OWES].values[row] = owes = vcn_sum_total (&volume.owes);
  self->figures[OWED].values[row] = owed = vcn_sum_total (&volume.owed);
  mutual = vcn_sum_total (&volume.mutual);
  self->figures[RECIPROCITY].values[row] = vcb_part (mutual, owes);
  self->figures[OWED_RECIPROCITY].values[row] = vcb_part (mutual, owed);
  return TRUE;
}

/* Rows that a thread takes at a time: units can be large. */
#define ROWS 8u

static void
fill_rows (gpointer data, guint part)
{
  Functions *self = data;
  const guint64 first = (guint64) part * ROWS, last = MIN (first + ROWS, self->n_rows);
  guint64 done = VCN_LOOK_EVERY;

  for (guint64 row = first; row < last; row++)
    if (!fill_volumes_of (self, row, &done))
      return;
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_seal (&self->figures[i], first, last);
}

static gboolean
fill_volumes (Functions *self, GError **error)
{
  if (!vcb_columns_init (self->figures, N_FIGURES, self->n_rows, error))
    return FALSE;
  vc_parallel (self->context->n_threads, (guint) ((self->n_rows + ROWS - 1) / ROWS), fill_rows, self);
  return vcn_look_end (&self->look, error);
}

/* ---- the table ---- */

static gboolean
fill_sheets (Functions *self, GError **error)
{
  const VcbContext *context = self->context;
  const VcbRows made = { self->n_rows, ROWS, walk_made, self, context->confidence };
  const VcbRows received = { self->n_rows, ROWS, walk_received, self, context->confidence };

  return vcb_sheet_fill (&self->made, &made, context->n_threads, context->watch, error)
         && vcb_sheet_fill (&self->received, &received, context->n_threads, context->watch, error);
}

static VcTable *
finish (Functions *self, GError **error)
{
  VcColumn *columns[1 + N_FIGURES + 2 * VCB_SHEET_N_COLUMNS] = { NULL };
  VcColumn **made = columns + 3, **received = made + VCB_SHEET_N_COLUMNS + 1;

  columns[0] = vcm_column_of_parties (self->context->chain, g_steal_pointer (&self->unit), self->n_rows, "unit",
                                      "id of the unit");
  columns[1]
    = vcm_column_finish (&self->figures[OWES], "owes", NULL, "weight of what those in it owe others outside it", error);
  if (columns[1] != NULL)
    columns[2] = vcm_column_finish (&self->figures[OWED], "owed", NULL,
                                    "weight of what others outside it owe those in it", error);
  if (columns[2] != NULL && vcb_sheet_finish (&self->made, "", made, error))
    made[VCB_SHEET_N_COLUMNS] = vcm_column_finish (&self->figures[RECIPROCITY], "reciprocity", "share",
                                                   "share of what they owe that the same others owe them", error);
  if (made[VCB_SHEET_N_COLUMNS] != NULL && vcb_sheet_finish (&self->received, "owed_", received, error))
    received[VCB_SHEET_N_COLUMNS]
      = vcm_column_finish (&self->figures[OWED_RECIPROCITY], "owed_reciprocity", "share",
                           "share of what they are owed that they owe the same others", error);
  return vcm_table_of ("functions", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vcb_table_of_functions (const VcbContext *context, VcbFindings *findings, GError **error)
{
  g_auto (Functions) self = { .context = context, .look = vcm_watch_look (context->watch, 0.1) };

  if (!vcb_forest_init (&self.forest, context->chain, error) || !list_rows (&self, error)
      || !fill_volumes (&self, error) || !fill_sheets (&self, error))
    return NULL;
  findings->functions = self.made.prior;
  return finish (&self, error);
}
