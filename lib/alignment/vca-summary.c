/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-tables.h"

#include <math.h>

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

VcTable *
vca_table_of_summary (const VcaSolution *solution, const VcaUnits *units, GError **error)
{
  Row rows[N_ROWS];
  const char *names[N_ROWS], *row_units[N_ROWS], *statuses[N_ROWS];
  /* The figures are exact: there is nothing that they could be uncertain about. */
  double values[N_ROWS], ends[N_ROWS];
  guint64 counts[N_ROWS];
  VcColumn *columns[7] = { NULL };

  fill_rows (solution, units, rows);
  for (guint i = 0; i < N_ROWS; i++) {
    names[i] = rows[i].name;
    row_units[i] = rows[i].unit;
    values[i] = rows[i].whole > 0 ? rows[i].part / rows[i].whole : NAN;
    ends[i] = NAN;
    counts[i] = rows[i].n;
    statuses[i] = vc_status_get_name (rows[i].whole > 0 ? VC_STATUS_OK : VC_STATUS_EMPTY);
  }
  columns[0] = vcm_column_of_words ("name", names, N_ROWS, "name of the figure", error);
  if (columns[0] != NULL)
    columns[1] = vcm_column_of_few ("value", values, N_ROWS, "the figure, in its unit", error);
  if (columns[1] != NULL)
    columns[2] = vcm_column_of_words ("unit", row_units, N_ROWS, "what the figure is counted in", error);
  if (columns[2] != NULL)
    columns[3] = vcm_column_of_few ("low", ends, N_ROWS,
                                    "lower end of its interval; null where it has no sampling error", error);
  if (columns[3] != NULL)
    columns[4] = vcm_column_of_few ("high", ends, N_ROWS,
                                    "upper end of its interval; null where it has no sampling error", error);
  if (columns[4] != NULL)
    columns[5] = vcm_column_of_few_counts ("n", counts, N_ROWS, "parties, flows or receipts behind the figure", error);
  if (columns[5] != NULL)
    columns[6] = vcm_column_of_words ("status", statuses, N_ROWS, "OK, or why there is no figure", error);
  return vcm_table_of ("summary", columns, G_N_ELEMENTS (columns), error);
}
