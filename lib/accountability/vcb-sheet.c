/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-sheet.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "numeric/vcn-private.h"
#include "numeric/vcn-special.h"
#include "vcb-spells.h"
#include "vcb-tally.h"

#define N_STATUSES (VC_STATUS_NOT_CONVERGED + 1)

gboolean
vcb_columns_init (VcmColumn *columns, guint n_columns, guint64 n_rows, GError **error)
{
  for (guint i = 0; i < n_columns; i++)
    if (!vcm_column_init (&columns[i], n_rows, error))
      return FALSE;
  return TRUE;
}

VcColumn *
vcb_column_of_statuses (const char *name, gint32 *codes, guint64 n_rows, const char *description, GError **error)
{
  const char *words[N_STATUSES];

  for (VcStatus status = VC_STATUS_OK; status < N_STATUSES; status++)
    words[status] = vc_status_get_name (status);
  return vcm_column_of_codes (name, codes, n_rows, words, N_STATUSES, description, error);
}

static gboolean
sheet_init (VcbSheet *self, guint64 n_rows, GError **error)
{
  *self = (VcbSheet) { .n_rows = n_rows };
  self->shrunk_status = vc_buffer_new (gint32, n_rows);
  self->median_status = vc_buffer_new (gint32, n_rows);
  self->overdue = vc_buffer_new (gint64, n_rows);
  self->kept = vc_buffer_new (double, n_rows);
  self->broken = vc_buffer_new (double, n_rows);
  self->squares = vc_buffer_new (double, n_rows);
  if (self->shrunk_status == NULL || self->median_status == NULL || self->overdue == NULL || self->kept == NULL
      || self->broken == NULL || self->squares == NULL)
    return vcn_fail_memory (error);
  return vcb_columns_init (self->figures, VCB_SHEET_N_FIGURES, n_rows, error);
}

void
vcb_sheet_clear (VcbSheet *self)
{
  for (guint i = 0; i < VCB_SHEET_N_FIGURES; i++)
    vcm_column_clear (&self->figures[i]);
  vc_buffer_free (self->shrunk_status);
  vc_buffer_free (self->median_status);
  vc_buffer_free (self->overdue);
  vc_buffer_free (self->kept);
  vc_buffer_free (self->broken);
  vc_buffer_free (self->squares);
  memset (self, 0, sizeof *self);
}

/* ---- what each row's own records say ---- */

typedef struct {
  VcbSheet      *sheet;
  const VcbRows *rows;
  double         z;
  VcnLook        look;
  gint           failed; /* atomic: no memory */
} Filling;

/* What a record costs, in arcs. */
#define COST_OF_RECORD 4

/* What a row's records say, and room for it that goes from row to row. */
typedef struct {
  const VcbRecords *records;
  VcbTally          tally;
  gint64            oldest_due; /* of those overdue */
  VcbSpells         spells;
} Row;

static void
row_clear (Row *self)
{
  vcb_spells_clear (&self->spells);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static void
add_record (Row *self, guint64 record)
{
  vcb_tally_add (&self->tally, self->records, record);
  vcb_spells_add (&self->spells, self->records, record);
  if (self->records->outcome[record] == VCB_OVERDUE)
    self->oldest_due = MIN (self->oldest_due, self->records->given->due.values[record]);
}

/* Goes through a row's records once. FALSE: stopped, or no memory. */
static gboolean
read_row (Filling *filling, guint64 number, Row *row, guint64 *done)
{
  VcbWalk walk = filling->rows->walk (filling->rows->data, number);
  const VcbArcs *arcs = walk.arcs;
  guint32 arc;

  row->records = arcs->records;
  row->tally = (VcbTally) { 0 };
  row->oldest_due = G_MAXINT64;
  row->spells.n = 0;
  vcb_walk_look (&walk, &filling->look, done);
  while (vcb_walk_next (&walk, &arc)) {
    const guint32 first = arcs->first[arc], last = arcs->first[arc + 1];

    if (!vcb_spells_reserve (&row->spells, last - first)) {
      g_atomic_int_set (&filling->failed, TRUE);
      return FALSE;
    }
    for (guint32 i = first; i < last; i++) {
      if (!vcn_look (&filling->look, done, COST_OF_RECORD))
        return FALSE;
      add_record (row, vcb_arcs_record (arcs, i));
    }
  }
  return !vcn_look_is_stopped (&filling->look);
}

static void
put_share (const Filling *filling, VcbSheetFigure figure, guint64 row, const VcbShare *share)
{
  const VcnRate rate = vcb_share_rate (share);
  const VcnFigure found = vcn_wilson (&rate, filling->z);

  vcb_put_figure (&filling->sheet->figures[figure], row, &found);
}

static void
put_row (const Filling *filling, guint64 row, const Row *found)
{
  VcbSheet *sheet = filling->sheet;
  const VcbTally *tally = &found->tally;
  const VcnRate kept = vcb_share_rate (&tally->shares[VCB_KEPT_IN_TIME]);

  sheet->kept[row] = kept.kept;
  sheet->broken[row] = kept.broken;
  sheet->squares[row] = kept.squares;
  sheet->overdue[row] = (gint64) tally->n_overdue;
  put_share (filling, VCB_SHEET_KEPT, row, &tally->shares[VCB_KEPT_IN_TIME]);
  put_share (filling, VCB_SHEET_LATE, row, &tally->shares[VCB_KEPT_LATE]);
  put_share (filling, VCB_SHEET_BY_OWED, row, &tally->shares[VCB_CLOSED_BY_OWED]);
  put_share (filling, VCB_SHEET_REOPENED, row, &tally->shares[VCB_OPENED_AGAIN]);
  sheet->figures[VCB_SHEET_OLDEST].values[row]
    = tally->n_overdue > 0 ? ((double) found->records->at - (double) found->oldest_due) / (double) VCB_DAY
                           : (double) NAN;
}

static gboolean
fill_row (Filling *filling, guint64 row, Row *found, guint64 *done)
{
  VcbSheet *sheet = filling->sheet;
  VcnFigure median;

  if (!read_row (filling, row, found, done))
    return FALSE;
  if (!vcb_spells_median (&found->spells, filling->z, 1, &filling->look, &median, NULL)) {
    if (!vcn_look_is_stopped (&filling->look))
      g_atomic_int_set (&filling->failed, TRUE);
    return FALSE;
  }
  put_row (filling, row, found);
  vcb_put_figure (&sheet->figures[VCB_SHEET_MEDIAN], row, &median);
  sheet->median_status[row] = (gint32) median.status;
  return TRUE;
}

static void
fill_chunk (gpointer data, guint chunk)
{
  Filling *filling = data;
  const guint64 first = (guint64) chunk * filling->rows->chunk,
                last = MIN (first + filling->rows->chunk, filling->rows->n);
  g_auto (Row) found = { 0 };
  guint64 done = VCN_LOOK_EVERY;

  if (!vcn_look (&filling->look, &done, 0) || g_atomic_int_get (&filling->failed))
    return;
  for (guint64 row = first; row < last; row++)
    if (!vcn_look (&filling->look, &done, 16) || !fill_row (filling, row, &found, &done))
      return;
  for (guint i = 0; i < VCB_SHEET_N_FIGURES; i++)
    if (i < VCB_SHEET_SHRUNK || i > VCB_SHEET_SHRUNK_N)
      vcm_column_seal (&filling->sheet->figures[i], first, last);
}

/* ---- what all rows say about each ---- */

/* Most rows have few records, and so a few rates between them. */
#define MEMORY 1024u

typedef struct {
  gboolean  is_set;
  VcnRate   rate;
  VcnFigure figure;
} Known;

static Known *
recall (Known *memory, const VcnRate *rate)
{
  const guint64 key = vcn_bits (rate->kept) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)
                      ^ vcn_bits (rate->broken) * G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f);

  return &memory[key >> 54];
}

static const VcnFigure *
shrink (const VcnBetaBinomial *prior, const VcnRate *rate, double level, Known *memory)
{
  Known *known = recall (memory, rate);

  if (!known->is_set || known->rate.kept != rate->kept || known->rate.broken != rate->broken
      || known->rate.squares != rate->squares)
    *known = (Known) { TRUE, *rate, vcn_beta_binomial_shrink (prior, rate, level) };
  return &known->figure;
}

static void
shrink_chunk (gpointer data, guint chunk)
{
  Filling *filling = data;
  VcbSheet *sheet = filling->sheet;
  const guint64 first = (guint64) chunk * VCM_CHUNK, last = MIN (first + VCM_CHUNK, sheet->n_rows);
  VC_BUFFER (Known) memory = vc_buffer_new0 (Known, MEMORY);
  guint64 done = VCN_LOOK_EVERY;

  if (memory == NULL) {
    g_atomic_int_set (&filling->failed, TRUE);
    return;
  }
  for (guint64 row = first; row < last; row++) {
    const VcnRate rate = { sheet->kept[row], sheet->broken[row], sheet->squares[row] };
    const VcnFigure *figure;

    if (!vcn_look (&filling->look, &done, 256))
      return;
    figure = shrink (&sheet->prior, &rate, filling->rows->confidence, memory);
    vcb_put_figure (&sheet->figures[VCB_SHEET_SHRUNK], row, figure);
    sheet->shrunk_status[row] = (gint32) figure->status;
  }
  for (guint i = VCB_SHEET_SHRUNK; i <= VCB_SHEET_SHRUNK_N; i++)
    vcm_column_seal (&sheet->figures[i], first, last);
}

static gboolean
end (Filling *filling, GError **error)
{
  if (filling->failed)
    return vcn_fail_memory (error);
  return vcn_look_end (&filling->look, error);
}

gboolean
vcb_sheet_fill (VcbSheet *self, const VcbRows *rows, guint n_threads, VcmWatch *watch, GError **error)
{
  Filling filling
    = { .sheet = self, .rows = rows, .z = vcn_normal_within (rows->confidence), .look = vcm_watch_look (watch, 0) };
  VcnSide side;

  if (!sheet_init (self, rows->n, error))
    return FALSE;
  vc_parallel (n_threads, (guint) ((rows->n + rows->chunk - 1) / rows->chunk), fill_chunk, &filling);
  if (!end (&filling, error))
    return FALSE;
  side = (VcnSide) { self->kept, self->broken, self->squares, { NULL, NULL, NULL } };
  if (!vcn_beta_binomial_fit (&self->prior, rows->n, &side, n_threads, &watch->monitor, error))
    return FALSE;
  filling.look = vcm_watch_look (watch, 0.6);
  vc_parallel (n_threads, vcm_n_chunks (rows->n), shrink_chunk, &filling);
  return end (&filling, error);
}

/* ---- columns ---- */

typedef enum {
  IS_FIGURE,
  IS_SHRUNK_STATUS,
  IS_MEDIAN_STATUS,
  IS_COUNT,
} Kind;

static const char share[] = "share", days[] = "days";
static const char wilson_low[] = "lower end of its interval (Wilson)",
                  wilson_high[] = "upper end of its interval (Wilson)";

static const struct {
  const char *name;
  Kind        kind;
  guint       figure;
  const char *unit;
  const char *description;
} plan[VCB_SHEET_N_COLUMNS] = {
  { "kept", IS_FIGURE, VCB_SHEET_KEPT, share, "share of the commitments decided that were kept in time" },
  { "kept_low", IS_FIGURE, VCB_SHEET_KEPT_LOW, share, wilson_low },
  { "kept_high", IS_FIGURE, VCB_SHEET_KEPT_HIGH, share, wilson_high },
  { "kept_n", IS_FIGURE, VCB_SHEET_KEPT_N, NULL, "commitments decided, as many alike as say as much" },
  { "late", IS_FIGURE, VCB_SHEET_LATE, share, "share of the commitments decided that were kept after their due time" },
  { "late_low", IS_FIGURE, VCB_SHEET_LATE_LOW, share, wilson_low },
  { "late_high", IS_FIGURE, VCB_SHEET_LATE_HIGH, share, wilson_high },
  { "late_n", IS_FIGURE, VCB_SHEET_LATE_N, NULL, "commitments decided, as many alike as say as much" },
  { "kept_shrunk", IS_FIGURE, VCB_SHEET_SHRUNK, share,
    "kept, drawn towards all rows the more, the fewer records it has (beta-binomial)" },
  { "kept_shrunk_low", IS_FIGURE, VCB_SHEET_SHRUNK_LOW, share, "lower end of its interval" },
  { "kept_shrunk_high", IS_FIGURE, VCB_SHEET_SHRUNK_HIGH, share, "upper end of its interval" },
  { "kept_shrunk_n", IS_FIGURE, VCB_SHEET_SHRUNK_N, NULL, "commitments decided, as many alike as say as much" },
  { "kept_shrunk_status", IS_SHRUNK_STATUS, 0, NULL, "OK, or why all rows have one rate, or why there is none" },
  { "median_days", IS_FIGURE, VCB_SHEET_MEDIAN, days,
    "time until half of the commitments made were kept (Aalen-Johansen)" },
  { "median_days_low", IS_FIGURE, VCB_SHEET_MEDIAN_LOW, days, "lower end of its interval" },
  { "median_days_high", IS_FIGURE, VCB_SHEET_MEDIAN_HIGH, days,
    "upper end of its interval; null where it was not reached" },
  { "median_days_n", IS_FIGURE, VCB_SHEET_MEDIAN_N, NULL,
    "commitments whose times are known, as many alike as say as much" },
  { "median_days_status", IS_MEDIAN_STATUS, 0, NULL,
    "OK; TOO_FEW where the median or its upper end was not reached; EMPTY" },
  { "overdue", IS_COUNT, 0, "commitments", "commitments open after their due time" },
  { "oldest_overdue_days", IS_FIGURE, VCB_SHEET_OLDEST, days, "how long the oldest of them has been due" },
  { "closed_by_owed", IS_FIGURE, VCB_SHEET_BY_OWED, share,
    "share of the commitments closed that the one who was owed closed" },
  { "closed_by_owed_low", IS_FIGURE, VCB_SHEET_BY_OWED_LOW, share, wilson_low },
  { "closed_by_owed_high", IS_FIGURE, VCB_SHEET_BY_OWED_HIGH, share, wilson_high },
  { "closed_by_owed_n", IS_FIGURE, VCB_SHEET_BY_OWED_N, NULL,
    "commitments closed by who is known, as many alike as say as much" },
  { "reopened", IS_FIGURE, VCB_SHEET_REOPENED, share, "share of the commitments ever closed that were opened again" },
  { "reopened_low", IS_FIGURE, VCB_SHEET_REOPENED_LOW, share, wilson_low },
  { "reopened_high", IS_FIGURE, VCB_SHEET_REOPENED_HIGH, share, wilson_high },
  { "reopened_n", IS_FIGURE, VCB_SHEET_REOPENED_N, NULL, "commitments ever closed, as many alike as say as much" },
};

static VcColumn *
finish_column (VcbSheet *self, guint i, const char *name, GError **error)
{
  switch (plan[i].kind) {
    case IS_FIGURE:
      return vcm_column_finish (&self->figures[plan[i].figure], name, plan[i].unit, plan[i].description, error);
    case IS_SHRUNK_STATUS:
      return vcb_column_of_statuses (name, g_steal_pointer (&self->shrunk_status), self->n_rows, plan[i].description,
                                     error);
    case IS_MEDIAN_STATUS:
      return vcb_column_of_statuses (name, g_steal_pointer (&self->median_status), self->n_rows, plan[i].description,
                                     error);
    case IS_COUNT:
    default:
      return vcm_column_of_counts (name, g_steal_pointer (&self->overdue), self->n_rows, plan[i].unit,
                                   plan[i].description);
  }
}

gboolean
vcb_sheet_finish (VcbSheet *self, const char *prefix, VcColumn **columns, GError **error)
{
  for (guint i = 0; i < VCB_SHEET_N_COLUMNS; i++) {
    g_autofree char *name = g_strconcat (prefix, plan[i].name, NULL);

    columns[i] = finish_column (self, i, name, error);
    if (columns[i] == NULL)
      return FALSE;
  }
  return TRUE;
}
