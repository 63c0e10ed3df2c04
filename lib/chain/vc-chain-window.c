/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-progress-private.h"
#include "vc-chain-builder-private.h"
#include "vc-fields-private.h"
#include "vc-window-private.h"
#include "valuechain/vc-error.h"

typedef struct {
  VcChain        *chain;
  VcChainBuilder *builder;
  gint64          start;
  gint64          end;
  GCancellable   *cancellable;
} Cut;

static gboolean
set_no_memory (GError **error)
{
  g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the window");
  return FALSE;
}

/* The rows whose time is inside; counts the others. */
static gsize
choose_rows (const Cut *cut, VcColumn *times, guint32 *rows, guint64 *n_without_time)
{
  const gint64 *values = vc_column_peek_int64s (times);
  const guint8 *validity = vc_column_peek_validity (times);
  guint64 n_rows = vc_column_get_n_rows (times);
  gsize n = 0;

  for (guint64 row = 0; row < n_rows; row++) {
    if (!vc_bit_is_set (validity, row)) {
      (*n_without_time)++;
    } else if (values[row] >= cut->start && values[row] < cut->end) {
      rows[n++] = (guint32) row;
    }
  }
  return n;
}

/* A table like another one. */
static VcTable *
new_table_take (VcTable *model, GPtrArray *columns, GError **error)
{
  VcTable *table = vc_table_new_take (vc_table_get_name (model), (VcColumn **) columns->pdata, columns->len);

  if (table == NULL)
    set_no_memory (error);
  return table;
}

static VcTable *
take_rows (const Cut *cut, VcTable *table, const guint32 *rows, gsize n, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < vc_table_get_n_columns (table); i++) {
    VcColumn *column = vc_column_take_rows (vc_table_get_column (table, i), rows, n, cut->cancellable, error);

    if (column == NULL)
      return NULL;
    g_ptr_array_add (columns, column);
  }
  g_ptr_array_set_free_func (columns, NULL);
  return new_table_take (table, columns, error);
}

static void
note_what_is_left_out (const Cut *cut, const char *name, guint64 n_without_time, guint64 n_outside)
{
  vc_chain_builder_add_note (cut->builder, name, "outside-window", n_outside,
                             "records outside the window are left out");
  vc_chain_builder_add_note (cut->builder, name, "no-time", n_without_time, "records without a time are left out");
}

/* Without times no record belongs to any window. */
static VcTable *
cut_table (const Cut *cut, VcTable *table, const char *time_name, GError **error)
{
  const char *name = vc_table_get_name (table);
  VcColumn *times = vc_table_lookup_column (table, time_name);
  guint64 n_rows = vc_table_get_n_rows (table);
  VC_BUFFER (guint32) rows = vc_buffer_new (guint32, n_rows);
  guint64 n_without_time = times != NULL ? 0 : n_rows;
  gsize n = 0;

  if (rows == NULL) {
    set_no_memory (error);
    return NULL;
  }
  if (times != NULL)
    n = choose_rows (cut, times, rows, &n_without_time);
  note_what_is_left_out (cut, name, n_without_time, n_rows - n_without_time - n);
  return take_rows (cut, table, rows, n, error);
}

/* ---- efforts ---- */

/* What the new window is of the old one, as capacities shrink with it. */
static double
share_of_window (const Cut *cut)
{
  const VcChainFrame *frame = vc_chain_peek_frame (cut->chain);

  if (!frame->has_window || !frame->effort_is_for_window || frame->start == G_MININT64 || frame->end == G_MAXINT64)
    return 1; /* of a window without end, nothing is a share */
  return ((double) cut->end - (double) cut->start) / ((double) frame->end - (double) frame->start);
}

static VcColumn *
scale (VcColumn *column, double factor)
{
  gsize n = vc_column_get_n_rows (column);
  const double *values = vc_column_peek_doubles (column);
  const guint8 *validity = vc_column_peek_validity (column);
  VC_BUFFER (double) scaled = vc_buffer_new0 (double, n);
  VC_BUFFER (guint8) copy = NULL;

  if (validity != NULL)
    copy = vc_buffer_new0 (guint8, n / 8 + 1);
  if (scaled == NULL || (validity != NULL && copy == NULL))
    return NULL;
  if (validity != NULL)
    memcpy (copy, validity, (n + 7) / 8);
  for (gsize i = 0; i < n; i++)
    if (vc_bit_is_set (validity, i))
      scaled[i] = values[i] * factor;
  return vc_column_new_take (vc_column_get_name (column), VC_COLUMN_TYPE_DOUBLE, n, g_steal_pointer (&scaled),
                             g_steal_pointer (&copy), NULL);
}

static VcTable *
scale_efforts (const Cut *cut, GError **error)
{
  VcTable *parties = vc_chain_get_parties (cut->chain);
  double factor = share_of_window (cut);
  g_autoptr (GPtrArray) columns = NULL;

  if (factor == 1)
    return g_object_ref (parties);
  columns = g_ptr_array_new ();
  for (guint i = 0; i < vc_table_get_n_columns (parties); i++) {
    VcColumn *column = vc_table_get_column (parties, i);

    g_ptr_array_add (columns, i == VC_PARTY_EFFORT ? scale (column, factor) : g_object_ref (column));
  }
  return new_table_take (parties, columns, error);
}

/* ---- the window ---- */

static gboolean
intersect (const VcChainFrame *frame, Cut *cut, GError **error)
{
  if (frame->has_window) {
    cut->start = MAX (cut->start, frame->start);
    cut->end = MIN (cut->end, frame->end);
  }
  if (cut->start < cut->end)
    return TRUE;
  g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_RANGE,
                       "the window is empty, or outside the window of the chain");
  return FALSE;
}

static void
set_frame (const Cut *cut)
{
  VcChainFrame frame = *vc_chain_peek_frame (cut->chain);

  frame.has_window = TRUE;
  frame.start = cut->start;
  frame.end = cut->end;
  vc_chain_builder_set_frame (cut->builder, &frame);
}

static gboolean
fill (const Cut *cut, GError **error)
{
  g_autoptr (VcTable) parties = scale_efforts (cut, error);
  g_autoptr (VcTable) flows = NULL;
  g_autoptr (VcTable) receipts = NULL;
  g_autoptr (VcTable) commitments = NULL;

  if (parties != NULL)
    flows = cut_table (cut, vc_chain_get_flows (cut->chain), "at", error);
  if (flows != NULL)
    receipts = cut_table (cut, vc_chain_get_receipts (cut->chain), "at", error);
  if (receipts != NULL)
    commitments = cut_table (cut, vc_chain_get_commitments (cut->chain), "made", error);
  if (commitments == NULL)
    return FALSE;
  vc_chain_builder_add_parties (cut->builder, parties, "parties");
  vc_chain_builder_add_flows (cut->builder, flows, "flows");
  vc_chain_builder_add_receipts (cut->builder, receipts, "receipts");
  vc_chain_builder_add_commitments (cut->builder, commitments, "commitments");
  return TRUE;
}

/**
 * vc_chain_window:
 * @self: a chain
 * @start: the first microsecond since 1970-01-01T00:00:00Z, %G_MININT64 for an open side
 * @end: the first microsecond after the window, %G_MAXINT64 for an open side
 * @progress: (nullable): is told how far the work has come
 * @cancellable: (nullable): stops it, within a tenth of a second
 * @error: where to put an error
 *
 * Makes the chain of what happened in the half-open window [@start, @end).
 *
 * Flows and receipts belong to it by `at`, commitments by `made`; records without a time belong to no window.
 * [method@Chain.check] of the new chain counts what was left out. All parties stay. Where this chain was built with a
 * window, given efforts are capacities in that one and are multiplied by the share of it that the new one covers;
 * otherwise, or where a side of it is open, they stay as they are. The new chain's window is the part of this chain's
 * that lies in [@start, @end), so windows of windows are windows.
 *
 * Returns: (transfer full): a new chain, or %NULL with a #VcImportError where the window is empty or outside the
 *   chain's own, or with %G_IO_ERROR_CANCELLED
 */
VcChain *
vc_chain_window (VcChain *self, gint64 start, gint64 end, VcProgress *progress, GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (VcChainBuilder) builder = NULL;
  Cut cut = { .chain = self, .start = start, .end = end, .cancellable = cancellable };
  VcProgressSpan outer;
  VcChain *chain;

  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  cut.builder = builder = vc_chain_builder_new ();
  if (!intersect (vc_chain_peek_frame (self), &cut, error))
    return NULL;
  set_frame (&cut);
  if (!fill (&cut, error))
    return NULL;
  outer = vc_progress_enter (progress, 0.3, 1);
  chain = vc_chain_builder_build (builder, progress, cancellable, error);
  vc_progress_leave (progress, outer);
  return chain;
}

/**
 * vc_chain_window_text:
 * @self: a chain
 * @window: two times of ISO 8601 with a slash between them: dates, dates with times, months ("2025-04") or years, each
 * of which stands for its first instant; without a zone they are UTC; an empty side is open
 * @progress: (nullable): is told how far the work has come
 * @cancellable: (nullable): stops it, within a tenth of a second
 * @error: where to put an error
 *
 * Makes the chain of what happened in a window, as [method@Chain.window] does: "2025-01/2025-04" is the first quarter.
 *
 * Returns: (transfer full): a new chain, or %NULL with a #VcImportError
 */
VcChain *
vc_chain_window_text (VcChain *self, const char *window, VcProgress *progress, GCancellable *cancellable,
                      GError **error)
{
  gint64 start;
  gint64 end;

  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);
  g_return_val_if_fail (window != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!vc_window_parse (window, &start, &end, error))
    return NULL;
  return vc_chain_window (self, start, end, progress, cancellable, error);
}
