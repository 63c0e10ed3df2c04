/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-limits.h>
#include <valuechain/vc-progress.h>
#include <valuechain/vc-table.h>

G_BEGIN_DECLS

#define VC_TYPE_CSV_READER (vc_csv_reader_get_type ())

/* Properties: delimiter (string of one ASCII character, ","), missing (string: fields equal to it are null beside the
 * empty field, or NULL), time-format (string, NULL = ISO 8601), limits (VcLimits). Columns that were not declared are
 * read as text. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcCsvReader, vc_csv_reader, VC, CSV_READER, GObject)

VC_AVAILABLE_IN_ALL
VcCsvReader *vc_csv_reader_new           (void) G_GNUC_WARN_UNUSED_RESULT;
/* Declares a column; `required`: the header must have it and no field of it may be missing. */
VC_AVAILABLE_IN_ALL
void         vc_csv_reader_add_column    (VcCsvReader   *self,
                                          const char    *name,
                                          VcColumnType   type,
                                          gboolean       required);
/* Only declared columns are kept. Default FALSE. */
VC_AVAILABLE_IN_ALL
void         vc_csv_reader_set_skip_undeclared (VcCsvReader *self,
                                                gboolean     skip_undeclared);
VC_AVAILABLE_IN_ALL
VcTable     *vc_csv_reader_read_path     (VcCsvReader   *self,
                                          const char    *path,
                                          VcProgress    *progress,
                                          GCancellable  *cancellable,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* `name`: what messages call the stream. Gzip is known by content. */
VC_AVAILABLE_IN_ALL
VcTable     *vc_csv_reader_read_stream   (VcCsvReader   *self,
                                          GInputStream  *stream,
                                          const char    *name,
                                          GCancellable  *cancellable,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
