/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <gio/gio.h>

#include <valuechain/vc-column.h>

G_BEGIN_DECLS

struct ArrowArrayStream;

#define VC_TYPE_TABLE (vc_table_get_type ())

/* A GListModel of VcRow, made lazily. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcTable, vc_table, VC, TABLE, GObject)

VC_AVAILABLE_IN_ALL
VcTable    *vc_table_new                   (const char  *name,
                                            VcColumn   **columns,
                                            gsize        n_columns,
                                            GError     **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
const char *vc_table_get_name              (VcTable     *self);
VC_AVAILABLE_IN_ALL
guint64     vc_table_get_n_rows            (VcTable     *self);
VC_AVAILABLE_IN_ALL
guint       vc_table_get_n_columns         (VcTable     *self);
VC_AVAILABLE_IN_ALL
VcColumn   *vc_table_get_column            (VcTable     *self,
                                            guint        index);
VC_AVAILABLE_IN_ALL
VcColumn   *vc_table_lookup_column         (VcTable     *self,
                                            const char  *name);
/* The same table (columns shared) with other names: names[i] for the column columns[i], which is empty where there is
 * to be none of that name. */
VC_AVAILABLE_IN_ALL
VcTable    *vc_table_renamed               (VcTable            *self,
                                            const char * const *names,
                                            const char * const *columns,
                                            GError            **error) G_GNUC_WARN_UNUSED_RESULT;

/* Arrow C stream (https://arrow.apache.org/docs/format/CStreamInterface.html), by address, repeatable. */
VC_AVAILABLE_IN_ALL
void        vc_table_export_arrow_stream   (VcTable     *self,
                                            guint64      address);
VC_AVAILABLE_IN_ALL
void        vc_table_export_to_arrow       (VcTable                 *self,
                                            struct ArrowArrayStream *stream);
VC_AVAILABLE_IN_ALL
VcTable    *vc_table_new_from_arrow_stream (const char  *name,
                                            guint64      address,
                                            GError     **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sinks. Text: at most `width` columns of characters (0: no limit) and `max_rows` rows (0: no limit). */
VC_AVAILABLE_IN_ALL
char       *vc_table_to_text               (VcTable     *self,
                                            guint        width,
                                            guint        max_rows) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
char       *vc_table_to_html               (VcTable     *self,
                                            guint        max_rows) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
gboolean    vc_table_write_csv             (VcTable       *self,
                                            GOutputStream *stream,
                                            gboolean       guard_formulas,
                                            GCancellable  *cancellable,
                                            GError       **error);
VC_AVAILABLE_IN_ALL
gboolean    vc_table_write_json            (VcTable       *self,
                                            GOutputStream *stream,
                                            GCancellable  *cancellable,
                                            GError       **error);

G_END_DECLS
