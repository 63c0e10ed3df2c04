/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "table/vc-column-private.h"

G_BEGIN_DECLS

/* Negative, zero or positive as item `a` comes before, with or after `b`. */
typedef int (*VcCompare) (guint32 a, guint32 b, gconstpointer data);

/* Stable merge sort without recursion: O(n log n), `scratch` as large as `items`. FALSE: cancelled, and the order is
 * lost. */
gboolean   vc_sort_items   (guint32 *items, guint32 *scratch, gsize n, VcCompare compare, gconstpointer data,
                            GCancellable *cancellable);

/* The codes with a bit in `used` (NULL: all), by the bytes of their labels; equal labels in order of code. `n_order`
 * gets their number. Radix sort of eight bytes after the prefix that all have, then comparisons where these are the
 * same. NULL: no memory or cancelled. */
guint32   *vc_sort_labels  (const VcStrings *labels, const guint8 *used, guint32 *n_order, GCancellable *cancellable);

/* Rewrites codes so that the labels are exactly the ones in use, each once, by their bytes; codes of nulls become 0.
 * NULL: no memory or cancelled; the codes are lost then. */
VcStrings *vc_labels_canonical (VcStrings *labels, gint32 *codes, const guint8 *validity, gsize n,
                                GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* The labels with these codes, in this order. */
VcStrings *vc_labels_pick  (const VcStrings *labels, const guint32 *codes, guint32 n) G_GNUC_WARN_UNUSED_RESULT;
/* The texts of an interner by code; it lives on, unlike with vc_interner_finish(). */
VcStrings *vc_labels_of_interner (const VcInterner *interner) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
