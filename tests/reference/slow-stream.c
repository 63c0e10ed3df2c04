/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slow-stream.h"

#include <string.h>

typedef struct {
  GInputStream parent_instance;

  const char *text;
  gsize length;
  gsize at;
  gsize step;
  GCancellable *cancellable; /* cancelled when half is read; or NULL */
} SlowStream;

typedef GInputStreamClass SlowStreamClass;

GType slow_stream_get_type (void);
G_DEFINE_TYPE (SlowStream, slow_stream, G_TYPE_INPUT_STREAM)

static gssize
slow_stream_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  SlowStream *self = (SlowStream *) stream;
  gsize n = MIN (MIN (count, self->step), self->length - self->at);

  memcpy (buffer, self->text + self->at, n);
  self->at += n;
  if (self->cancellable != NULL && self->at >= self->length / 2)
    g_cancellable_cancel (self->cancellable);
  return (gssize) n;
}

static void
slow_stream_class_init (SlowStreamClass *klass)
{
  klass->read_fn = slow_stream_read;
}

static void
slow_stream_init (SlowStream *self)
{
}

GInputStream *
slow_stream_new (const char *text, gsize length, gsize step, GCancellable *cancellable)
{
  SlowStream *self = g_object_new (slow_stream_get_type (), NULL);

  self->text = text;
  self->length = length;
  self->step = step;
  self->cancellable = cancellable;
  return G_INPUT_STREAM (self);
}
