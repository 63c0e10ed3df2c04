/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-column.h"
#include "vc-strings-private.h"

G_BEGIN_DECLS

/* Makes a column around buffers (vc-buffer-private.h) without a copy and takes them, and a reference to `labels`
 * (transfer none; text only). `validity` NULL: all valid. Values are trusted: doubles finite where valid, codes in
 * range. Nulls have value 0 (code -1 for text is NOT used: code 0 where null, or any valid code). */
VcColumn        *vc_column_new_take     (const char    *name,
                                         VcColumnType   type,
                                         gsize          n_rows,
                                         gpointer       values,
                                         guint8        *validity,
                                         VcStrings     *labels) G_GNUC_WARN_UNUSED_RESULT;
/* The same around bytes; takes `values`, `validity` and `labels` (transfer full). */
VcColumn        *vc_column_new_adopt    (const char    *name,
                                         VcColumnType   type,
                                         gsize          n_rows,
                                         GBytes        *values,
                                         GBytes        *validity,
                                         VcStrings     *labels) G_GNUC_WARN_UNUSED_RESULT;
/* Rows picked by index (`rows` of n_rows), which must be in range; labels are shared. */
VcColumn        *vc_column_take_rows    (VcColumn      *self,
                                         const guint32 *rows,
                                         gsize          n_rows,
                                         GCancellable  *cancellable,
                                         GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with a buffer for the values, which it takes: at least as large as they are, or NULL where there was no
 * memory for it. NULL: no memory or cancelled. */
VcColumn        *vc_column_take_rows_into (VcColumn      *self,
                                           const guint32 *rows,
                                           gsize          n_rows,
                                           gpointer       room,
                                           GCancellable  *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* For what makes columns of strangers' values. Finds what data frames mark as missing in the values (NaN, NaT, code
 * -1), making *validity where it must; and refuses doubles that are not finite, setting those that are null to 0. */
gboolean         vc_column_find_missing   (const char    *name,
                                           VcColumnType   type,
                                           const void    *values,
                                           gsize          n,
                                           guint8       **validity,
                                           GError       **error);
gboolean         vc_column_settle_doubles (const char    *name,
                                           double        *values,
                                           gsize          n,
                                           const guint8  *validity,
                                           GError       **error);

/* Borrowed; live as long as the column. */
const double    *vc_column_peek_doubles  (VcColumn *self);
const gint64    *vc_column_peek_int64s   (VcColumn *self); /* int64 and time */
const gint32    *vc_column_peek_codes    (VcColumn *self);
const guint8    *vc_column_peek_bits     (VcColumn *self); /* boolean */
const guint8    *vc_column_peek_validity (VcColumn *self); /* NULL: all valid */
const VcStrings *vc_column_peek_strings  (VcColumn *self);

/* Bytes that n bits take. */
static inline gsize
vc_bits_size (gsize n)
{
  return n / 8 + (n % 8 != 0);
}

/* Bytes that n values take, of which there are no more than memory holds. */
static inline gsize
vc_values_size (VcColumnType type, gsize n)
{
  switch (type) {
    case VC_COLUMN_TYPE_TEXT:
      return n * sizeof (gint32);
    case VC_COLUMN_TYPE_BOOLEAN:
      return vc_bits_size (n);
    case VC_COLUMN_TYPE_DOUBLE:
    case VC_COLUMN_TYPE_INT64:
    case VC_COLUMN_TYPE_TIME:
    default:
      return n * sizeof (gint64);
  }
}

static inline gboolean
vc_bit_is_set (const guint8 *bits, gsize i)
{
  return bits == NULL || (bits[i >> 3] >> (i & 7) & 1);
}

static inline void
vc_bit_set (guint8 *bits, gsize i)
{
  bits[i >> 3] |= (guint8) (1u << (i & 7));
}

static inline void
vc_bit_clear (guint8 *bits, gsize i)
{
  bits[i >> 3] &= (guint8) ~(1u << (i & 7));
}

G_END_DECLS
