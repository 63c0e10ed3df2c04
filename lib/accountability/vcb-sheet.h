/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "measure/vcm-column.h"
#include "numeric/vcn-beta-binomial.h"
#include "vcb-arcs.h"

G_BEGIN_DECLS

/* Whose commitments stand in each row of a sheet. */
typedef struct {
  guint64       n;
  guint         chunk;   /* rows for a thread at a time, a multiple of 8 */
  VcbWalk     (*walk) (gconstpointer data, guint64 row);
  gconstpointer data;
  double        confidence;
} VcbRows;

/* The columns that say how promises were kept, a row for each of some: kept, late, kept_shrunk, median_days, overdue,
 * oldest_overdue_days, closed_by_owed, reopened; with intervals. */
typedef enum {
  VCB_SHEET_KEPT,
  VCB_SHEET_KEPT_LOW,
  VCB_SHEET_KEPT_HIGH,
  VCB_SHEET_KEPT_N,
  VCB_SHEET_LATE,
  VCB_SHEET_LATE_LOW,
  VCB_SHEET_LATE_HIGH,
  VCB_SHEET_LATE_N,
  VCB_SHEET_SHRUNK,
  VCB_SHEET_SHRUNK_LOW,
  VCB_SHEET_SHRUNK_HIGH,
  VCB_SHEET_SHRUNK_N,
  VCB_SHEET_MEDIAN,
  VCB_SHEET_MEDIAN_LOW,
  VCB_SHEET_MEDIAN_HIGH,
  VCB_SHEET_MEDIAN_N,
  VCB_SHEET_OLDEST,
  VCB_SHEET_BY_OWED,
  VCB_SHEET_BY_OWED_LOW,
  VCB_SHEET_BY_OWED_HIGH,
  VCB_SHEET_BY_OWED_N,
  VCB_SHEET_REOPENED,
  VCB_SHEET_REOPENED_LOW,
  VCB_SHEET_REOPENED_HIGH,
  VCB_SHEET_REOPENED_N,
  VCB_SHEET_N_FIGURES,
} VcbSheetFigure;

#define VCB_SHEET_N_COLUMNS (VCB_SHEET_N_FIGURES + 3) /* statuses of the shrunk rate and the median; overdue */

typedef struct {
  guint64         n_rows;
  VcmColumn       figures[VCB_SHEET_N_FIGURES];
  gint32         *shrunk_status, *median_status;
  gint64         *overdue;
  double         *kept, *broken, *squares; /* behind the rates */
  VcnBetaBinomial prior;
} VcbSheet;

gboolean vcb_sheet_fill   (VcbSheet      *self,
                           const VcbRows *rows,
                           guint          n_threads,
                           VcmWatch      *watch,
                           GError       **error);
/* Puts VCB_SHEET_N_COLUMNS columns, whose names begin with `prefix`. FALSE: one of them failed. */
gboolean vcb_sheet_finish (VcbSheet      *self,
                           const char    *prefix,
                           VcColumn     **columns,
                           GError       **error);
void     vcb_sheet_clear  (VcbSheet      *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbSheet, vcb_sheet_clear)

/* Codes of statuses, in a column of their names. Takes `codes`. */
VcColumn *vcb_column_of_statuses (const char *name,
                                  gint32     *codes,
                                  guint64     n_rows,
                                  const char *description,
                                  GError    **error) G_GNUC_WARN_UNUSED_RESULT;
/* Room for `n_columns` columns of `n_rows` rows. */
gboolean  vcb_columns_init       (VcmColumn  *columns,
                                  guint       n_columns,
                                  guint64     n_rows,
                                  GError    **error);

/* Where a figure has no value it has no interval either; without an upper end, that is null. */
static inline void
vcb_put_figure (VcmColumn columns[4], guint64 row, const VcnFigure *figure)
{
  const gboolean is_null = isnan (figure->value);

  columns[0].values[row] = figure->value;
  columns[1].values[row] = is_null ? (double) NAN : figure->low;
  columns[2].values[row] = is_null || isinf (figure->high) ? (double) NAN : figure->high;
  columns[3].values[row] = figure->n;
}

G_END_DECLS
