/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "table/vc-column-private.h"

G_BEGIN_DECLS

/* Columns by which rows are ordered, the most significant first. The first `n_leading` are text without nulls: these are sorted by counting,
 * O(rows + labels) each; the others decide among rows that agree in these. Nulls come first; text goes by code, so that labels must be in order. */
typedef struct {
  VcColumn **columns;
  guint      n_columns;
  guint      n_leading;
} VcOrder;

/* Whether these rows (NULL: the first n) are in order already. */
gboolean vc_order_is_sorted (const VcOrder *self, const guint32 *rows, gsize n);
/* FALSE: no memory or cancelled; the order of `rows` is lost then. */
gboolean vc_order_sort      (const VcOrder *self, guint32 *rows, gsize n, GCancellable *cancellable);

G_END_DECLS
