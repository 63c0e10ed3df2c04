/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-tables.h"

#include <math.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-status.h"

#define N_ROWS 12

/* A figure that is `part` of `whole`, undefined where there is no whole. */
typedef struct {
  const char *name;
  double      part, whole;
  const char *unit;
  guint64     n; /* parties, flows or receipts behind it */
} Row;

/* The flows that the levels rest on: pairs of parties, and self flows. */
static guint64
count_flows (const VcaNetwork *work)
{
  guint64 n = work->flows.start[work->flows.n];

  for (guint32 i = 0; i < work->flows.n; i++)
    n += work->self[i] > 0;
  return n;
}

static void
fill_rows (const VcaSolution *solution, const VcaUnits *units, Row rows[N_ROWS])
{
  const VcaTotals *t = &solution->totals;
  gboolean has_receipts = solution->receipts != NULL;
  guint64 n_flows = count_flows (&solution->work);
  const Row all[N_ROWS] = {
    { "reach", t->shares[VCA_END_CUSTOMER], t->effort, "share", t->n_effort },
    { "hierarchy", t->shares[VCA_END_MANAGER], t->effort, "share", t->n_effort },
    { "stranded", t->shares[VCA_END_OTHER], t->effort, "share", t->n_effort },
    { "loop", t->shares[VCA_END_LOOP], t->effort, "share", t->n_effort },
    { "undelivered", t->effort - t->delivered, t->effort, "share", t->n_effort },
    { "distance", t->steps, t->shares[VCA_END_CUSTOMER], "hand-overs", t->n_reaching },
    { "coherence", n_flows > 0 ? 1 - solution->levels.incoherence : 0, n_flows > 0 ? 1 : 0, "share", n_flows },
    { "pull", t->origins[VCA_END_CUSTOMER], t->instructions, "share", t->n_instructed },
    { "top_down", t->origins[VCA_END_MANAGER], t->instructions, "share", t->n_instructed },
    { "bottom_up", t->origins[VCA_END_OTHER], t->instructions, "share", t->n_instructed },
    { "revenue_attributed", t->attributed, has_receipts, units->money, t->n_attributed },
    { "revenue_unattributed", t->unattributed, has_receipts, units->money, t->n_unattributed },
  };

  for (guint i = 0; i < N_ROWS; i++)
    rows[i] = all[i];
}

/* Null in each row: the figures are exact, there is nothing that they could be uncertain about. */
static VcColumn *
column_of_nulls (const char *name, const char *description, GError **error)
{
  g_auto (VcmColumn) column = { 0 };

  if (!vcm_column_init (&column, N_ROWS, error))
    return NULL;
  for (guint i = 0; i < N_ROWS; i++)
    column.values[i] = NAN;
  vcm_column_seal (&column, 0, N_ROWS);
  return vcm_column_finish (&column, name, NULL, description, error);
}

static VcColumn *
column_of_values (const Row rows[N_ROWS], GError **error)
{
  g_auto (VcmColumn) column = { 0 };

  if (!vcm_column_init (&column, N_ROWS, error))
    return NULL;
  for (guint i = 0; i < N_ROWS; i++)
    column.values[i] = rows[i].whole > 0 ? rows[i].part / rows[i].whole : NAN;
  vcm_column_seal (&column, 0, N_ROWS);
  return vcm_column_finish (&column, "value", NULL, "the figure, in its unit", error);
}

static VcColumn *
column_of_counts (const Row rows[N_ROWS], GError **error)
{
  VC_BUFFER (gint64) counts = vc_buffer_new (gint64, N_ROWS);
  g_autoptr (VcColumn) column = NULL;

  if (counts == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  for (guint i = 0; i < N_ROWS; i++)
    counts[i] = (gint64) rows[i].n;
  column = vc_column_new_take ("n", VC_COLUMN_TYPE_INT64, N_ROWS, g_steal_pointer (&counts), NULL, NULL);
  return vc_column_described (column, NULL, NULL, "parties, flows or receipts behind the figure");
}

VcTable *
vca_table_of_summary (const VcaSolution *solution, const VcaUnits *units, GError **error)
{
  Row rows[N_ROWS];
  const char *names[N_ROWS], *row_units[N_ROWS], *statuses[N_ROWS];
  VcColumn *columns[7] = { NULL };

  fill_rows (solution, units, rows);
  for (guint i = 0; i < N_ROWS; i++) {
    names[i] = rows[i].name;
    row_units[i] = rows[i].unit;
    statuses[i] = vc_status_get_name (rows[i].whole > 0 ? VC_STATUS_OK : VC_STATUS_EMPTY);
  }
  columns[0] = vcm_column_of_words ("name", names, N_ROWS, "name of the figure", error);
  if (columns[0] != NULL)
    columns[1] = column_of_values (rows, error);
  if (columns[1] != NULL)
    columns[2] = vcm_column_of_words ("unit", row_units, N_ROWS, "what the figure is counted in", error);
  if (columns[2] != NULL)
    columns[3] = column_of_nulls ("low", "lower end of its interval; null where it has no sampling error", error);
  if (columns[3] != NULL)
    columns[4] = column_of_nulls ("high", "upper end of its interval; null where it has no sampling error", error);
  if (columns[4] != NULL)
    columns[5] = column_of_counts (rows, error);
  if (columns[5] != NULL)
    columns[6] = vcm_column_of_words ("status", statuses, N_ROWS, "OK, or why there is no figure", error);
  return vcm_table_of ("summary", columns, G_N_ELEMENTS (columns), error);
}
