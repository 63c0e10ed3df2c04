/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-flat-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"

void
vc_flat_writer_clear (VcFlatWriter *self)
{
  g_clear_pointer (&self->bytes, vc_buffer_free);
}

void
vc_flat_put_zeros (VcFlatWriter *self, gsize n)
{
  gsize size = MAX (self->size, 1024);
  guint8 *bytes;

  while (size - self->length < n && !__builtin_mul_overflow (size, 2, &size))
    continue;
  if (size > self->size && !self->failed) {
    bytes = vc_buffer_realloc (self->bytes, self->length, size, 1);
    self->failed = bytes == NULL;
    if (!self->failed) {
      self->bytes = bytes;
      self->size = size;
    }
  }
  if (self->failed)
    return;
  memset (self->bytes + self->length, 0, n);
  self->length += n;
}

static void
pad (VcFlatWriter *self, gsize align)
{
  vc_flat_put_zeros (self, (align - self->length % align) % align);
}

void
vc_flat_set (VcFlatWriter *self, gsize at, gsize width, gint64 value)
{
  for (gsize i = 0; i < width && !self->failed; i++)
    self->bytes[at + i] = (guint8) ((guint64) value >> (8 * i));
}

void
vc_flat_lead (VcFlatWriter *self, gsize from, gsize to)
{
  vc_flat_set (self, from, 4, (gint64) (to - from));
}

gsize
vc_flat_put_table (VcFlatWriter *self, const guint8 *sizes, guint n, gsize *slots)
{
  gsize vtable, at;

  pad (self, 2);
  vtable = self->length;
  vc_flat_put_zeros (self, 4 + 2 * n);
  pad (self, 8);
  at = self->length;
  vc_flat_put_zeros (self, 4);
  for (guint i = 0; i < n; i++) {
    if (sizes[i] == 0)
      continue;
    pad (self, sizes[i]);
    slots[i] = self->length;
    vc_flat_set (self, vtable + 4 + 2 * i, 2, (gint64) (self->length - at));
    vc_flat_put_zeros (self, sizes[i]);
  }
  vc_flat_set (self, vtable, 2, 4 + 2 * (gint64) n);
  vc_flat_set (self, vtable + 2, 2, (gint64) (self->length - at));
  vc_flat_set (self, at, 4, (gint64) (at - vtable));
  return at;
}

gsize
vc_flat_put_vector (VcFlatWriter *self, gsize n, gsize width, gsize align)
{
  gsize at;

  pad (self, 4);
  while (!self->failed && (self->length + 4) % align != 0)
    vc_flat_put_zeros (self, 4);
  at = self->length;
  vc_flat_put_zeros (self, 4 + n * width);
  vc_flat_set (self, at, 4, (gint64) n);
  return at;
}

gsize
vc_flat_put_text (VcFlatWriter *self, const char *text)
{
  const gsize length = strlen (text), at = vc_flat_put_vector (self, length + 1, 1, 4);

  vc_flat_set (self, at, 4, (gint64) length);
  if (!self->failed)
    memcpy (self->bytes + at + 4, text, length);
  return at;
}
