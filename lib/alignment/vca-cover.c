/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The summary of an explanation: the shares, what the paths show of them, and what is left. */
#include "vca-explanation.h"

#include <math.h>

#include "numeric/vcn-sum.h"
#include "valuechain/vc-status.h"

/* The effort, its five shares, and their sum. */
#define N_ROWS (VCA_N_KINDS + 2)
#define ALL (N_ROWS - 1)

enum {
  VALUE,
  SHOWN,
  REMAINDER,
  N_FIGURES,
};

typedef struct {
  double  figures[N_FIGURES]; /* NaN: null */
  guint64 n; /* paths that are shown */
} Row;

static Row
row_of_all (const Row *shares)
{
  VcnSum sums[N_FIGURES] = { { 0 } };
  Row all = { { 0 }, 0 };

  for (guint kind = 0; kind < VCA_N_KINDS; kind++) {
    for (guint i = 0; i < N_FIGURES; i++)
      vcn_sum_add (&sums[i], shares[kind].figures[i]);
    all.n += shares[kind].n;
  }
  for (guint i = 0; i < N_FIGURES; i++)
    all.figures[i] = vcn_sum_total (&sums[i]);
  return all;
}

static void
fill_rows (const VcaExplanation *self, Row rows[N_ROWS])
{
  const double effort = self->figures[VCA_EFFORT];
  const gboolean is_defined = effort > 0;

  for (guint kind = 0; kind < VCA_N_KINDS; kind++) {
    const VcaCover *cover = &self->cover[kind];

    rows[1 + kind] = (Row) { { self->figures[VCA_REACH + kind], is_defined ? cover->shown : NAN,
                               is_defined ? cover->remainder : NAN }, cover->n };
  }
  rows[ALL] = row_of_all (rows + 1);
  rows[0] = (Row) { { effort, effort * rows[ALL].figures[SHOWN], effort * rows[ALL].figures[REMAINDER] }, rows[ALL].n };
}

VcTable *
vca_table_of_cover (const VcaExplanation *explanation, const VcaUnits *units, GError **error)
{
  Row rows[N_ROWS];
  const char *names[N_ROWS], *row_units[N_ROWS], *statuses[N_ROWS];
  double figures[N_FIGURES][N_ROWS];
  guint64 counts[N_ROWS];
  VcColumn *columns[7] = { NULL };

  fill_rows (explanation, rows);
  for (guint i = 0; i < N_ROWS; i++) {
    names[i] = i == ALL ? "all" : i == 0 ? "effort" : vca_figures[VCA_REACH + i - 1].name;
    row_units[i] = i == 0 ? units->effort : "share";
    for (guint k = 0; k < N_FIGURES; k++)
      figures[k][i] = rows[i].figures[k];
    counts[i] = rows[i].n;
    statuses[i] = vc_status_get_name (isnan (rows[i].figures[VALUE]) ? VC_STATUS_EMPTY : VC_STATUS_OK);
  }
  columns[0] = vcm_column_of_words ("name", names, N_ROWS, "name of the figure, as in the table of parties", error);
  if (columns[0] != NULL)
    columns[1] = vcm_column_of_few ("value", figures[VALUE], N_ROWS, "the figure, in its unit", error);
  if (columns[1] != NULL)
    columns[2] = vcm_column_of_few ("shown", figures[SHOWN], N_ROWS, "what the paths that are shown add up to", error);
  if (columns[2] != NULL)
    columns[3] = vcm_column_of_few ("remainder", figures[REMAINDER], N_ROWS, "what all other paths add up to", error);
  if (columns[3] != NULL)
    columns[4] = vcm_column_of_words ("unit", row_units, N_ROWS, "what the figure is counted in", error);
  if (columns[4] != NULL)
    columns[5] = vcm_column_of_few_counts ("n", counts, N_ROWS, "paths that are shown", error);
  if (columns[5] != NULL)
    columns[6] = vcm_column_of_words ("status", statuses, N_ROWS, "OK, or why there is no figure", error);
  return vcm_table_of ("summary", columns, G_N_ELEMENTS (columns), error);
}
