/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <gio/gio.h>

#include <valuechain/vc-version-macros.h>

G_BEGIN_DECLS

/**
 * VcColumnType:
 * @VC_COLUMN_TYPE_DOUBLE: IEEE 754 binary64, always finite
 * @VC_COLUMN_TYPE_INT64: 64-bit signed integers
 * @VC_COLUMN_TYPE_TEXT: UTF-8 text, dictionary-coded: 32-bit signed codes into a list of labels
 * @VC_COLUMN_TYPE_BOOLEAN: one bit a row, least significant bit first
 * @VC_COLUMN_TYPE_TIME: microseconds since 1970-01-01T00:00:00Z, 64-bit signed
 *
 * The types that a column can have. Each is stored as Arrow stores it.
 */
typedef enum {
  VC_COLUMN_TYPE_DOUBLE,
  VC_COLUMN_TYPE_INT64,
  VC_COLUMN_TYPE_TEXT,
  VC_COLUMN_TYPE_BOOLEAN,
  VC_COLUMN_TYPE_TIME,
} VcColumnType;

#define VC_TYPE_COLUMN (vc_column_get_type ())

VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcColumn, vc_column, VC, COLUMN, GObject)

/* Making. All copy what they are given and refuse (NULL and a VC_IMPORT_ERROR) what is no column: sizes that disagree,
 * codes outside the labels, values that are not finite where they are valid.
 * In `values`: double, int64, time: 8 bytes a row; text: 4-byte codes; boolean: one byte a row. `validity`: one bit a
 * row, or NULL. */
VC_AVAILABLE_IN_ALL
VcColumn     *vc_column_new_doubles      (const char    *name,
                                          const double  *values,
                                          gsize          n_values,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
VcColumn     *vc_column_new_texts        (const char         *name,
                                          const char * const *values,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
VcColumn     *vc_column_new_from_bytes   (const char    *name,
                                          VcColumnType   type,
                                          GBytes        *values,
                                          GBytes        *validity,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
VcColumn     *vc_column_new_coded        (const char         *name,
                                          GBytes             *codes,
                                          const char * const *labels,
                                          GBytes             *validity,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* From memory of the caller's, for bindings; what data frames mark as missing (NaN, NaT, code -1) is null. Booleans: a
 * byte a row. */
VC_AVAILABLE_IN_ALL
VcColumn     *vc_column_new_from_address (const char    *name,
                                          VcColumnType   type,
                                          guint64        address,
                                          guint64        n_rows,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
VcColumn     *vc_column_new_coded_from_address (const char         *name,
                                                guint64             address,
                                                guint64             n_rows,
                                                const char * const *labels,
                                                GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same column (buffers shared) under another name, unit or description; NULL keeps what it has. */
VC_AVAILABLE_IN_ALL
VcColumn     *vc_column_described        (VcColumn      *self,
                                          const char    *name,
                                          const char    *unit,
                                          const char    *description) G_GNUC_WARN_UNUSED_RESULT;

VC_AVAILABLE_IN_ALL
const char   *vc_column_get_name         (VcColumn *self);
VC_AVAILABLE_IN_ALL
VcColumnType  vc_column_get_column_type  (VcColumn *self);
VC_AVAILABLE_IN_ALL
const char   *vc_column_get_unit         (VcColumn *self);
VC_AVAILABLE_IN_ALL
const char   *vc_column_get_description  (VcColumn *self);
VC_AVAILABLE_IN_ALL
guint64       vc_column_get_n_rows       (VcColumn *self);
VC_AVAILABLE_IN_ALL
guint64       vc_column_get_n_nulls      (VcColumn *self);

/* One cell. */
VC_AVAILABLE_IN_ALL
gboolean      vc_column_is_null          (VcColumn *self,
                                          guint64   row);
VC_AVAILABLE_IN_ALL
double        vc_column_get_double       (VcColumn *self,
                                          guint64   row);
VC_AVAILABLE_IN_ALL
gint64        vc_column_get_int64        (VcColumn *self,
                                          guint64   row);
VC_AVAILABLE_IN_ALL
gboolean      vc_column_get_boolean      (VcColumn *self,
                                          guint64   row);
VC_AVAILABLE_IN_ALL
char         *vc_column_dup_text         (VcColumn *self,
                                          guint64   row) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
char         *vc_column_format           (VcColumn *self,
                                          guint64   row) G_GNUC_WARN_UNUSED_RESULT;

/* Whole columns, without a copy: by address (as guint64, valid as long as the column lives; 0 where there is no such
 * buffer) and as GBytes. */
VC_AVAILABLE_IN_ALL
guint64       vc_column_get_values_address      (VcColumn *self);
VC_AVAILABLE_IN_ALL
guint64       vc_column_get_validity_address    (VcColumn *self);
VC_AVAILABLE_IN_ALL
GBytes       *vc_column_get_values_bytes        (VcColumn *self);
VC_AVAILABLE_IN_ALL
GBytes       *vc_column_get_validity_bytes      (VcColumn *self);

/* The labels of a text column. Addresses: n_labels + 1 32-bit offsets into the UTF-8 text of all labels. */
VC_AVAILABLE_IN_ALL
guint32       vc_column_get_n_labels            (VcColumn *self);
VC_AVAILABLE_IN_ALL
char         *vc_column_dup_label               (VcColumn *self,
                                                 guint32   code) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
guint64       vc_column_get_label_offsets_address (VcColumn *self);
VC_AVAILABLE_IN_ALL
guint64       vc_column_get_label_text_address    (VcColumn *self);

G_END_DECLS
