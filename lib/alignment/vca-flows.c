/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-tables.h"

#include <math.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"

enum {
  AMOUNT,
  CARRIED,
  REACHING,
  N_FIGURES,
};

/* Flows that a thread takes at a time; a multiple of 8. */
#define CHUNK ((guint64) 65536)

typedef struct {
  const VcaSolution *solution;
  gint32            *from;
  VcmColumn          figures[N_FIGURES];
  VcnLook            look;
} Flows;

/* The party that flow `flow` comes from: the last whose flows do not start after it. */
static guint32
find_row (const VcnCsr *flows, guint64 flow)
{
  guint32 low = 0, high = flows->n;

  while (high - low > 1) {
    guint32 middle = low + (high - low) / 2;

    if (flows->start[middle] <= flow)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* Inside a closed loop the same effort passes again and again without end, and none of it reaches a customer. */
static void
fill_loop (Flows *self, guint32 from, guint64 first, guint64 last)
{
  for (guint64 k = first; k < last; k++) {
    self->from[k] = (gint32) from;
    self->figures[CARRIED].values[k] = NAN;
    self->figures[REACHING].values[k] = 0;
  }
}

static void
fill_row (Flows *self, guint32 from, guint64 first, guint64 last)
{
  const VcaSolution *solution = self->solution;
  const VcnCsr *flows = &solution->work.flows;
  const double *reach = solution->shares[VCA_END_CUSTOMER];
  double outflow = solution->work.outflow[from], visits = solution->visits[from];

  for (guint64 k = first; k < last; k++) {
    double carried = vca_carried (flows->value[k], outflow, visits);

    self->from[k] = (gint32) from;
    self->figures[CARRIED].values[k] = carried;
    self->figures[REACHING].values[k] = carried * reach[flows->column[k]];
  }
}

static void
fill_chunk (gpointer data, guint chunk)
{
  Flows *self = data;
  const VcaNetwork *work = &self->solution->work;
  guint64 first = chunk * CHUNK, last = MIN (first + CHUNK, work->flows.start[work->flows.n]);
  guint32 row = find_row (&work->flows, first);
  guint64 done = VCN_LOOK_EVERY;

  if (!vcn_look (&self->look, &done, 0))
    return;
  for (guint64 k = first; k < last; row++) {
    guint64 end = MIN (last, work->flows.start[row + 1]);

    if (work->end[row] == VCA_END_LOOP)
      fill_loop (self, row, k, end);
    else
      fill_row (self, row, k, end);
    k = end;
  }
  /* Only a loop makes nulls, and what passes along a flow is a part of the visits, which are finite. */
  if (work->n_loops > 0)
    vcm_column_seal (&self->figures[CARRIED], first, last);
}

VcTable *
vca_flows_finish (const VcaSolution *solution, gint32 *from, gint32 *to, VcmColumn figures[N_FIGURES],
                  const VcaUnits *units, GError **error)
{
  static const char *const names[N_FIGURES] = { "amount", "carried", "reaching" };
  static const char *const descriptions[N_FIGURES] = {
    "work delivered in all",
    "effort that passes in all, the sender's own and what came from further up; null inside a closed loop",
    "the part of it that ends at a customer",
  };
  guint64 n_rows = figures[0].n_rows;
  VcColumn *columns[N_FIGURES + 2] = { NULL };

  columns[0] = vcm_column_of_parties (solution->chain, from, n_rows, "from", "id of the party that delivers");
  columns[1] = vcm_column_of_parties (solution->chain, to, n_rows, "to", "id of the party to which it delivers");
  for (guint i = 0; i < N_FIGURES && columns[i + 1] != NULL; i++)
    columns[i + 2] = vcm_column_finish (&figures[i], names[i], units->effort, descriptions[i], error);
  return vcm_table_of ("flows", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vca_table_of_flows (VcaSolution *solution, const VcaUnits *units, VcmWatch *watch, GError **error)
{
  VcnCsr *flows = &solution->work.flows;
  guint64 n_flows = flows->start[flows->n];
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, n_flows);
  Flows self = { .solution = solution, .from = from, .look = vcm_watch_look (watch, 0.5) };
  VcTable *table = NULL;

  if ((from != NULL || vca_no_memory (error))
      && vcm_column_init (&self.figures[CARRIED], n_flows, error)
      && vcm_column_init (&self.figures[REACHING], n_flows, error)) {
    vc_parallel (solution->n_threads, (guint) ((n_flows + CHUNK - 1) / CHUNK), fill_chunk, &self);
    if (vcn_look_end (&self.look, error)) {
      self.figures[AMOUNT] = (VcmColumn) { .values = g_steal_pointer (&flows->value), .n_rows = n_flows };
      table = vca_flows_finish (solution, g_steal_pointer (&from), (gint32 *) g_steal_pointer (&flows->column),
                                self.figures, units, error);
    }
  }
  for (guint i = 0; i < N_FIGURES; i++)
    vcm_column_clear (&self.figures[i]);
  return table;
}
