/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "table/vc-column-private.h"

G_BEGIN_DECLS

/* Calls `tell` once for each circle in a column by which parties point to parties (row i names its code), with the
 * first party of the circle. O(parties). FALSE: no memory. */
gboolean vc_find_circles (VcColumn *pointers, void (*tell) (guint32 party, gpointer data), gpointer data);

G_END_DECLS
