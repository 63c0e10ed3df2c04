/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "table/vc-column-private.h"

G_BEGIN_DECLS

#define VC_MAX_LEADING 3

/* Columns by which rows are ordered, the most significant first. The first `n_leading` are codes without nulls, whose
 * bits fit into one word together: rows are sorted by that word by radix, O(rows). The others decide among rows that
 * agree in it, by merging. Nulls come first; text goes by code, so labels must be in order. Rows where `nonzero` is 0
 * or that have a bit in `dropped` are left out. */
typedef struct {
  VcColumn    **columns;
  guint         n_columns;
  guint         n_leading;
  guint64       n_rows;
  const double *nonzero; /* or NULL */
  const guint8 *dropped; /* or NULL */
  guint         n_threads; /* 0: as many as there are processors; what comes out is the same for any */
  guint         shifts[VC_MAX_LEADING];
  guint64       masks[VC_MAX_LEADING];
} VcOrder;

/* Rows, and the word of leading codes of each. */
typedef struct {
  guint32 *rows;
  guint64 *keys;
  gsize    n;
} VcRows;

void     vc_rows_clear    (VcRows *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcRows, vc_rows_clear)

/* The rows by their words; the leading columns are needed no more afterwards. FALSE: no memory or cancelled. */
gboolean vc_order_leading (VcOrder *self, VcRows *rows, GCancellable *cancellable);
/* Then, among rows of one word, by the other columns. */
gboolean vc_order_ties    (const VcOrder *self, VcRows *rows, GCancellable *cancellable);
/* The codes of a leading column, by row. NULL: no memory. */
gint32  *vc_order_unpack  (const VcOrder *self, guint leading, const VcRows *rows) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
