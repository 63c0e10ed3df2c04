/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-loops.h"
#include "vca-tables.h"

#include <math.h>
#include <stdlib.h>

#include "base/vc-buffer-private.h"
#include "numeric/vcn-sum.h"
#include "valuechain/vc-error.h"

static const char *const kinds[] = {
  [VCA_END_MANAGER - VCA_END_MANAGER] = "manager",
  [VCA_END_OTHER - VCA_END_MANAGER] = "other",
  [VCA_END_LOOP - VCA_END_MANAGER] = "loop",
};

typedef struct {
  double  effort;
  guint32 first; /* member */
  guint32 end;   /* VcaEnd */
} Sink;

typedef struct {
  const VcaSolution *solution;
  Sink              *sinks;
  guint32            n_sinks;
  VcaLoops           loops;
  VcnLook            look;
  guint64            done;
} Sinks;

static Sink
sink_of_loop (const Sinks *self, guint32 first)
{
  VcnSum effort = { 0 };

  for (guint32 i = first; i != G_MAXUINT32; i = self->loops.next[i])
    vcn_sum_add (&effort, self->solution->visits[i]);
  return (Sink) { vcn_sum_total (&effort), first, VCA_END_LOOP };
}

/* Largest first, then by id. */
static int
compare (const void *a, const void *b)
{
  const Sink *one = a, *other = b;

  if (one->effort != other->effort)
    return one->effort > other->effort ? -1 : 1;
  return one->first < other->first ? -1 : one->first > other->first;
}

static gboolean
merge (Sinks *self, const Sink *a, guint64 n_a, guint64 n_b, Sink *merged)
{
  const Sink *b = a + n_a, *end_a = b, *end_b = b + n_b;

  while (a < end_a || b < end_b) {
    if (!vcn_look (&self->look, &self->done, 1))
      return FALSE;
    *merged++ = b == end_b || (a < end_a && compare (a, b) < 0) ? *a++ : *b++;
  }
  return TRUE;
}

/* Sorted at once by qsort(), which cannot be stopped. */
#define RUN ((guint64) 32768)
/* What that costs of each sink, in arcs. */
#define COST_OF_SORTING 16

static gboolean
sort_sinks (Sinks *self, GError **error)
{
  const guint64 n = self->n_sinks;
  VC_BUFFER (Sink) scratch = vc_buffer_new (Sink, n);

  if (scratch == NULL)
    return vca_no_memory (error);
  for (guint64 first = 0; first < n; first += RUN) {
    if (!vcn_look (&self->look, &self->done, COST_OF_SORTING * RUN))
      return vcn_fail_cancelled (error);
    qsort (self->sinks + first, MIN (RUN, n - first), sizeof (Sink), compare);
  }
  for (guint64 width = RUN; width < n; width *= 2) {
    Sink *sorted = self->sinks;

    for (guint64 first = 0; first < n; first += 2 * width) {
      const guint64 n_a = MIN (width, n - first), n_b = MIN (width, n - first - n_a);

      if (!merge (self, sorted + first, n_a, n_b, scratch + first))
        return vcn_fail_cancelled (error);
    }
    self->sinks = scratch;
    scratch = sorted;
  }
  return TRUE;
}

static gboolean
find_sinks (Sinks *self, GError **error)
{
  const VcaSolution *solution = self->solution;
  const VcaNetwork *work = &solution->work;
  guint32 n_ends = 0;

  for (guint32 i = 0; i < solution->chain->n_parties; i++)
    n_ends += work->end[i] == VCA_END_MANAGER || work->end[i] == VCA_END_OTHER;
  self->sinks = vc_buffer_new (Sink, (gsize) n_ends + work->n_loops);
  if (self->sinks == NULL)
    return vca_no_memory (error);
  if (!vca_loops_init (&self->loops, work, error))
    return FALSE;

  for (guint32 i = 0; i < solution->chain->n_parties; i++)
    if ((work->end[i] == VCA_END_MANAGER || work->end[i] == VCA_END_OTHER) && solution->visits[i] > 0)
      self->sinks[self->n_sinks++] = (Sink) { solution->visits[i], i, work->end[i] };
  for (guint32 loop = 0; loop < work->n_loops; loop++)
    self->sinks[self->n_sinks++] = sink_of_loop (self, self->loops.first[loop]);
  return sort_sinks (self, error);
}

static gboolean
intern_sink (const Sinks *self, const Sink *sink, VcInterner *interner, gint32 *code)
{
  gsize length;
  const char *id;

  if (sink->end == VCA_END_LOOP)
    return vca_loops_intern (&self->loops, self->solution->chain->ids, sink->first, interner, code);
  id = vc_strings_peek (self->solution->chain->ids, sink->first, &length);
  *code = vc_interner_add (interner, id, length);
  return *code >= 0;
}

/* What a text costs, in arcs. */
#define COST_OF_TEXT 16

static VcColumn *
column_of_sinks (Sinks *self, GError **error)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) labels = NULL;
  g_autoptr (VcColumn) column = NULL;
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, self->n_sinks);
  gboolean is_whole = interner != NULL && codes != NULL;

  for (guint32 i = 0; i < self->n_sinks && is_whole; i++) {
    if (!vcn_look (&self->look, &self->done, COST_OF_TEXT)) {
      vcn_fail_cancelled (error);
      return NULL;
    }
    is_whole = intern_sink (self, &self->sinks[i], interner, &codes[i]);
  }
  if (is_whole)
    labels = vc_interner_finish (interner);
  if (labels == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  column = vc_column_new_take ("party", VC_COLUMN_TYPE_TEXT, self->n_sinks, g_steal_pointer (&codes), NULL, labels);
  return vc_column_described (column, NULL, NULL, "id of the party, or of all members of the loop");
}

static VcColumn *
column_of_kinds (const Sinks *self, GError **error)
{
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, self->n_sinks);

  if (codes == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  for (guint32 i = 0; i < self->n_sinks; i++)
    codes[i] = (gint32) (self->sinks[i].end - VCA_END_MANAGER);
  return vcm_column_of_codes ("kind", g_steal_pointer (&codes), self->n_sinks, kinds, G_N_ELEMENTS (kinds),
                              "what the work ends at: a manager, a loop, or any other party", error);
}

static VcColumn *
column_of_efforts (const Sinks *self, double whole, const char *name, const char *unit, const char *description,
                   GError **error)
{
  g_auto (VcmColumn) column = { 0 };

  if (!vcm_column_init (&column, self->n_sinks, error))
    return NULL;
  for (guint32 i = 0; i < self->n_sinks; i++)
    column.values[i] = self->sinks[i].effort / whole;
  vcm_column_seal (&column, 0, self->n_sinks);
  return vcm_column_finish (&column, name, unit, description, error);
}

VcTable *
vca_table_of_sinks (const VcaSolution *solution, const VcaUnits *units, VcmWatch *watch, GError **error)
{
  Sinks self = { .solution = solution, .look = vcm_watch_look (watch, 0.2), .done = VCN_LOOK_EVERY };
  VcColumn *columns[4] = { NULL };
  VcTable *table = NULL;

  if (find_sinks (&self, error)) {
    columns[0] = column_of_sinks (&self, error);
    if (columns[0] != NULL)
      columns[1] = column_of_kinds (&self, error);
    if (columns[1] != NULL)
      columns[2] = column_of_efforts (&self, 1, "effort", units->effort, "effort that ends there", error);
    if (columns[2] != NULL)
      columns[3] = column_of_efforts (&self, solution->totals.effort, "share", "share",
                                      "the same as a share of all effort", error);
    table = vcm_table_of ("sinks", columns, G_N_ELEMENTS (columns), error);
  }
  vc_buffer_free (self.sinks);
  vca_loops_clear (&self.loops);
  return table;
}
