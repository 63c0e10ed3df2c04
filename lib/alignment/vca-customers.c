/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-tables.h"

#include <math.h>

#include "base/vc-buffer-private.h"

enum {
  EFFORT,
  RECEIPTS,
  RECEIPTS_PER_EFFORT,
  DISTANCE,
  N_FIGURES,
};

/* NaN: null. */
static void
figures_of (const VcaSolution *self, guint32 customer, double figure[N_FIGURES])
{
  double effort = self->visits[customer];

  figure[EFFORT] = effort;
  figure[RECEIPTS] = self->receipts != NULL ? self->receipts[customer] : NAN;
  figure[RECEIPTS_PER_EFFORT] = effort > 0 ? figure[RECEIPTS] / effort : NAN;
  figure[DISTANCE] = effort > 0 ? self->again[customer] / effort : NAN;
}

static guint64
list_rows (const VcaSolution *solution, gint32 *rows)
{
  guint64 n = 0;

  for (guint32 i = 0; i < solution->chain->n_parties; i++)
    if (vca_solution_is_customer (solution, i))
      rows[n++] = (gint32) i;
  return n;
}

static void
fill (const VcaSolution *solution, const gint32 *rows, VcmColumn figures[N_FIGURES])
{
  double figure[N_FIGURES];

  for (guint64 row = 0; row < figures[0].n_rows; row++) {
    figures_of (solution, (guint32) rows[row], figure);
    for (guint i = 0; i < N_FIGURES; i++)
      figures[i].values[row] = figure[i];
  }
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_seal (&figures[i], 0, figures[i].n_rows);
}

/* Takes `rows`. */
static VcTable *
finish (const VcaSolution *solution, gint32 *rows, VcmColumn figures[N_FIGURES], const VcaUnits *units, GError **error)
{
  const struct {
    const char *name, *unit, *description;
  } texts[N_FIGURES] = {
    [EFFORT] = { "effort", units->effort, "effort that ends at the customer" },
    [RECEIPTS] = { "receipts", units->money, "what the customer paid" },
    [RECEIPTS_PER_EFFORT]
    = { "receipts_per_effort", units->money_per_effort, "what the customer paid for a unit of effort" },
    [DISTANCE] = { "distance", "hand-overs", "mean number of hand-overs of the effort that ends at the customer" },
  };
  VcColumn *columns[N_FIGURES + 1] = { NULL };

  columns[0] = vcm_column_of_parties (solution->chain, rows, figures[0].n_rows, "customer", "id of the customer");
  for (guint i = 0; i < N_FIGURES && columns[i] != NULL; i++)
    columns[i + 1] = vcm_column_finish (&figures[i], texts[i].name, texts[i].unit, texts[i].description, error);
  return vcm_table_of ("customers", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vca_table_of_customers (const VcaSolution *solution, const VcaUnits *units, GError **error)
{
  VC_BUFFER (gint32) rows = vc_buffer_new (gint32, solution->chain->n_parties);
  VcmColumn figures[N_FIGURES] = { 0 };
  gboolean is_ready = rows != NULL || vca_no_memory (error);
  guint64 n = is_ready ? list_rows (solution, rows) : 0;
  VcTable *table = NULL;

  for (guint i = 0; i < N_FIGURES && is_ready; i++)
    is_ready = vcm_column_init (&figures[i], n, error);
  if (is_ready) {
    fill (solution, rows, figures);
    table = finish (solution, g_steal_pointer (&rows), figures, units, error);
  }
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_clear (&figures[i]);
  return table;
}
