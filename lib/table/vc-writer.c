/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-writer-private.h"

#include "vc-number-private.h"

VcWriter *
vc_writer_new (GOutputStream *stream, GCancellable *cancellable)
{
  VcWriter *self = g_new (VcWriter, 1);

  self->stream = g_object_ref (stream);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->error = NULL;
  self->n_written = 0;
  self->used = 0;
  return self;
}

void
vc_writer_free (VcWriter *self)
{
  g_object_unref (self->stream);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self);
}

static void
write_out (VcWriter *self, const char *bytes, gsize n)
{
  /* Not every stream looks at the cancellable. */
  if (self->error == NULL && !g_cancellable_set_error_if_cancelled (self->cancellable, &self->error))
    g_output_stream_write_all (self->stream, bytes, n, NULL, self->cancellable, &self->error);
  self->n_written += n;
}

static void
empty (VcWriter *self)
{
  write_out (self, self->buffer, self->used);
  self->used = 0;
}

gboolean
vc_writer_finish (VcWriter *self, GError **error)
{
  empty (self);
  if (self->error == NULL)
    g_output_stream_flush (self->stream, self->cancellable, &self->error);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* Room for a number, to be written in place. */
static char *
reserve (VcWriter *self)
{
  if (self->used + VC_NUMBER_SIZE > VC_WRITER_SIZE)
    empty (self);
  return self->buffer + self->used;
}

void
vc_writer_overflow (VcWriter *self, const char *bytes, gsize n)
{
  empty (self);
  if (n > VC_WRITER_SIZE)
    write_out (self, bytes, n);
  else if (n > 0)
    vc_writer_bytes (self, bytes, n);
}

void
vc_writer_double (VcWriter *self, double value)
{
  self->used += vc_format_double (value, reserve (self));
}

void
vc_writer_time (VcWriter *self, gint64 value)
{
  self->used += vc_format_time (value, reserve (self));
}

void
vc_writer_int64 (VcWriter *self, gint64 value)
{
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;
  char digits[20];
  gsize n = 0;

  if (value < 0)
    vc_writer_byte (self, '-');
  do
    digits[sizeof digits - ++n] = (char) ('0' + rest % 10);
  while ((rest /= 10) != 0);
  vc_writer_bytes (self, digits + sizeof digits - n, n);
}
