/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vc-parallel-private.h"
#include "numeric/vcn-private.h"
#include "numeric/vcn-special.h"
#include "vcb-figures.h"
#include "vcb-spells.h"
#include "vcb-tables.h"

#define N_ROWS 26

static const char share[] = "share", probability[] = "probability", days[] = "days";

/* ---- all records ---- */

/* Records that are summed by themselves: a fixed number, so that the sums are the same for any number of threads. */
#define RECORDS ((guint64) 65536)

typedef struct {
  const VcbRecords *records;
  VcbTally         *tallies;
  VcnLook           look;
} Counting;

static void
tally_chunk (gpointer data, guint chunk)
{
  Counting *counting = data;
  const guint64 first = chunk * RECORDS, last = MIN (first + RECORDS, counting->records->given->n);
  guint64 done = VCN_LOOK_EVERY;

  if (!vcn_look (&counting->look, &done, 0))
    return;
  for (guint64 i = first; i < last; i++)
    vcb_tally_add (&counting->tallies[chunk], counting->records, i);
}

static gboolean
tally_all (const VcbContext *context, VcbTally *tally, GError **error)
{
  const guint n_chunks = (guint) ((context->records->given->n + RECORDS - 1) / RECORDS);
  VC_BUFFER (VcbTally) tallies = vc_buffer_new0 (VcbTally, n_chunks);
  Counting counting = { context->records, tallies, vcm_watch_look (context->watch, 0.1) };

  *tally = (VcbTally) { 0 };
  if (tallies == NULL)
    return vcn_fail_memory (error);
  vc_parallel (context->n_threads, n_chunks, tally_chunk, &counting);
  for (guint chunk = 0; chunk < n_chunks; chunk++)
    vcb_tally_merge (tally, &tallies[chunk]);
  return vcn_look_end (&counting.look, error);
}

static gboolean
find_median (const VcbContext *context, double z, VcnFigure *median, GError **error)
{
  const VcbRecords *records = context->records;
  VcnLook look = vcm_watch_look (context->watch, 0.2);
  g_auto (VcbSpells) spells = { 0 };
  guint64 done = 0;

  if (!vcb_spells_reserve (&spells, records->given->n))
    return vcn_fail_memory (error);
  for (guint64 i = 0; i < records->given->n && vcn_look (&look, &done, 1); i++)
    vcb_spells_add (&spells, records, i);
  return vcn_look_end (&look, error) && vcb_spells_median (&spells, z, context->n_threads, &look, median, error);
}

/* ---- reciprocity ---- */

/* Numbers of things are whole; other weights are amounts, for which the unit must not matter. */
static VcnNull
choose_null (const VcbArcs *arcs, VcnLook *look)
{
  guint64 done = 0;

  for (guint32 arc = 0; arc < arcs->n_arcs && vcn_look (look, &done, 1); arc++)
    if (arcs->volume[arc] != floor (arcs->volume[arc]))
      return VCN_NULL_AMOUNTS;
  return VCN_NULL_COUNTS;
}

#define TOLERANCE 1e-10
#define MAX_ITERATIONS 10000

static gboolean
compare_with_chance (const VcbContext *context, VcbFindings *findings, GError **error)
{
  const VcbArcs *arcs = context->arcs;
  VcnLook look = vcm_watch_look (context->watch, 0.4);
  const VcnConfigurationOptions options = { choose_null (arcs, &look), TOLERANCE, MAX_ITERATIONS, context->n_threads };
  VC_BUFFER (guint64) start = vc_buffer_new (guint64, (gsize) arcs->n + 1);
  const VcnCsr flows = { arcs->n, start, arcs->to, arcs->volume };

  if (start == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i <= arcs->n; i++)
    start[i] = arcs->out_start[i];
  findings->null = options.null;
  return vcn_look_end (&look, error)
         && vcn_reciprocity (&findings->reciprocity, &flows, &options, NULL, &context->watch->monitor, error);
}

/* ---- rows ---- */

static VcnFigure
share_of (double part, double whole, double z)
{
  return vcn_wilson (&(VcnRate) { part, whole - part, whole }, z);
}

static VcnFigure
matched_difference (const VcbLines *lines, double z)
{
  const VcnSum *cells = lines->matched;
  const VcnPairs pairs
    = { vcn_sum_total (&cells[0]), vcn_sum_total (&cells[1]), vcn_sum_total (&cells[2]), vcn_sum_total (&cells[3]) };
  VcnFigure figure = vcn_newcombe_paired (&pairs, z);

  figure.n = (double) lines->n_matched;
  return figure;
}

static VcnFigure
test (double first, double second, double n)
{
  return n > 0 ? vcb_figure_plain (vcn_mid_p (first, second), first + second, VC_STATUS_OK)
               : vcn_figure_undefined (0, VC_STATUS_EMPTY);
}

static VcbFigure *
add_reciprocity (VcbFigure *row, const VcnReciprocity *found, double n)
{
  row = vcb_figure_add (row, "reciprocity", vcb_figure_plain (found->r, n, found->status), share);
  row = vcb_figure_add (row, "reciprocity_null", vcb_figure_plain (found->null, n, found->null_status), share);
  return vcb_figure_add (row, "rho", vcb_figure_plain (found->rho, n, found->null_status), NULL);
}

static VcbFigure *
add_lines (VcbFigure *row, const VcbLines *lines, gboolean is_owed, double z)
{
  /* Where nobody owes anybody anything, be it that all weighs nothing, no line carries nothing. */
  const double n = is_owed ? (double) lines->n : 0;
  const double both = (double) lines->n_both, down = (double) lines->n_down, up = (double) lines->n_up;
  const VcnPairs ties = { both, down, up, n - both - down - up };
  const VcnFigure kept_down = vcb_share_figure (&lines->down, z), kept_up = vcb_share_figure (&lines->up, z);

  row = vcb_figure_add (row, "kept_down", kept_down, share);
  row = vcb_figure_add (row, "kept_up", kept_up, share);
  row = vcb_figure_add (row, "kept_difference", vcn_newcombe (&kept_down, &kept_up), share);
  row = vcb_figure_add (row, "kept_difference_matched", matched_difference (lines, z), share);
  row = vcb_figure_add (row, "kept_difference_p",
                        test ((double) lines->n_better_down, (double) lines->n_better_up, (double) lines->n_matched),
                        probability);
  row = vcb_figure_add (row, "two_way", share_of (both, n, z), share);
  row = vcb_figure_add (row, "only_down", share_of (down, n, z), share);
  row = vcb_figure_add (row, "only_up", share_of (up, n, z), share);
  row = vcb_figure_add (row, "neither", share_of (ties.neither, n, z), share);
  row = vcb_figure_add (row, "ties_down", share_of (both + down, n, z), share);
  row = vcb_figure_add (row, "ties_up", share_of (both + up, n, z), share);
  row = vcb_figure_add (row, "ties_difference", vcn_newcombe_paired (&ties, z), share);
  return vcb_figure_add (row, "ties_difference_p", test (down, up, n), probability);
}

static VcbFigure *
add_shape (VcbFigure *row, const VcnKrackhardt *shape)
{
  row = vcb_figure_add (row, "connectedness", shape->connectedness, share);
  row = vcb_figure_add (row, "hierarchy", shape->hierarchy, share);
  row = vcb_figure_add (row, "efficiency", shape->efficiency, share);
  return vcb_figure_add (row, "lub", shape->lub, share);
}

static gboolean
fill_rows (const VcbContext *context, const VcbLines *lines, VcbFindings *findings, VcbFigure rows[N_ROWS],
           GError **error)
{
  const VcbRecords *records = context->records;
  const double z = vcn_normal_within (context->confidence);
  VcnFigure median;
  VcbTally tally;
  VcbFigure *row;

  if (!tally_all (context, &tally, error) || !find_median (context, z, &median, error)
      || !compare_with_chance (context, findings, error))
    return FALSE;
  row = add_reciprocity (rows, &findings->reciprocity, context->arcs->n_arcs);
  row = vcb_figure_add (row, "kept", vcb_share_figure (&tally.shares[VCB_KEPT_IN_TIME], z), share);
  row = vcb_figure_add (row, "late", vcb_share_figure (&tally.shares[VCB_KEPT_LATE], z), share);
  row = add_lines (row, lines, findings->reciprocity.total > 0, z);
  row = vcb_figure_add (row, "closed_by_owed", vcb_share_figure (&tally.shares[VCB_CLOSED_BY_OWED], z), share);
  row = vcb_figure_add (row, "reopened", vcb_share_figure (&tally.shares[VCB_OPENED_AGAIN], z), share);
  row = vcb_figure_add (row, "median_days", median, days);
  row = vcb_figure_add (row, "overdue",
                        vcb_figure_plain ((double) tally.n_overdue,
                                          (double) (records->given->n - records->counts[VCB_APART]), VC_STATUS_OK),
                        "commitments");
  row = add_shape (row, &lines->shape);
  g_assert (row == rows + N_ROWS);
  return TRUE;
}

VcTable *
vcb_table_of_summary (const VcbContext *context, const VcbLines *lines, VcbFindings *findings, GError **error)
{
  VcbFigure rows[N_ROWS];

  return fill_rows (context, lines, findings, rows, error) ? vcb_table_of_figures (rows, N_ROWS, error) : NULL;
}
