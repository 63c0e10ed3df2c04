/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-table.h>

G_BEGIN_DECLS

#define VC_TYPE_ROW (vc_row_get_type ())

/* One row of a table, made when a list model is asked for it. Properties: table, position. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcRow, vc_row, VC, ROW, GObject)

VC_AVAILABLE_IN_ALL
VcTable    *vc_row_get_table    (VcRow      *self);
VC_AVAILABLE_IN_ALL
guint64     vc_row_get_position (VcRow      *self);
VC_AVAILABLE_IN_ALL
gboolean    vc_row_is_null      (VcRow      *self,
                                 const char *column);
VC_AVAILABLE_IN_ALL
double      vc_row_get_double   (VcRow      *self,
                                 const char *column);
VC_AVAILABLE_IN_ALL
gint64      vc_row_get_int64    (VcRow      *self,
                                 const char *column);
VC_AVAILABLE_IN_ALL
gboolean    vc_row_get_boolean  (VcRow      *self,
                                 const char *column);
VC_AVAILABLE_IN_ALL
char       *vc_row_dup_text     (VcRow      *self,
                                 const char *column) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
char       *vc_row_format       (VcRow      *self,
                                 const char *column) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
