/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <string.h>

#include "vc-column-private.h"

G_BEGIN_DECLS

/* A buffer in front of a stream. A failure is kept: what is written after it goes nowhere, and vc_writer_finish()
 * tells. Cancellation is looked at whenever the buffer is full. */
#define VC_WRITER_SIZE ((gsize) 1 << 16)

typedef struct {
  GOutputStream *stream;
  GCancellable  *cancellable;
  GError        *error;
  guint64        n_written; /* to the stream, or lost after a failure */
  gsize          used;
  char           buffer[VC_WRITER_SIZE];
} VcWriter;

VcWriter *vc_writer_new    (GOutputStream *stream, GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void      vc_writer_free   (VcWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcWriter, vc_writer_free)
/* Hands what is left to the stream, which stays open. FALSE: something failed since vc_writer_new(). */
gboolean  vc_writer_finish (VcWriter *self, GError **error);
/* Whether there is no use in writing on. */
static inline gboolean
vc_writer_failed (const VcWriter *self)
{
  return self->error != NULL;
}

/* Bytes written so far. */
static inline guint64
vc_writer_position (const VcWriter *self)
{
  return self->n_written + self->used;
}

/* For what does not fit. */
void      vc_writer_overflow (VcWriter *self, const char *bytes, gsize n);

static inline void
vc_writer_bytes (VcWriter *self, const char *bytes, gsize n)
{
  if (n > VC_WRITER_SIZE - self->used) {
    vc_writer_overflow (self, bytes, n);
    return;
  }
  memcpy (self->buffer + self->used, bytes, n);
  self->used += n;
}

static inline void
vc_writer_byte (VcWriter *self, char byte)
{
  if (self->used == VC_WRITER_SIZE)
    vc_writer_overflow (self, NULL, 0);
  self->buffer[self->used++] = byte;
}

static inline void
vc_writer_text (VcWriter *self, const char *text)
{
  vc_writer_bytes (self, text, strlen (text));
}

/* As vc_column_format() has them. */
void      vc_writer_double (VcWriter *self, double value);
void      vc_writer_int64  (VcWriter *self, gint64 value);
void      vc_writer_time   (VcWriter *self, gint64 value);

/* What a loop over cells needs of a column, borrowed. */
typedef struct {
  VcColumnType     type;
  gsize            n_rows;
  const void      *values;
  const guint8    *validity;
  const VcStrings *labels;
} VcCells;

static inline VcCells
vc_cells_of (VcColumn *column)
{
  return (VcCells) {
    vc_column_get_column_type (column),   vc_column_get_n_rows (column),   vc_column_peek_bits (column),
    vc_column_peek_validity (column),     vc_column_peek_strings (column),
  };
}

static inline gboolean
vc_cells_is_null (const VcCells *self, gsize row)
{
  return !vc_bit_is_set (self->validity, row);
}

static inline double
vc_cells_double (const VcCells *self, gsize row)
{
  return ((const double *) self->values)[row];
}

static inline gint64
vc_cells_int64 (const VcCells *self, gsize row)
{
  return ((const gint64 *) self->values)[row];
}

static inline gboolean
vc_cells_boolean (const VcCells *self, gsize row)
{
  return vc_bit_is_set (self->values, row);
}

static inline const char *
vc_cells_text (const VcCells *self, gsize row, gsize *length)
{
  return vc_strings_peek (self->labels, (guint32) ((const gint32 *) self->values)[row], length);
}

G_END_DECLS
