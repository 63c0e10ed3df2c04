/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-flat-private.h"

#include <string.h>

static gboolean
is_inside (VcFlat *self, gsize at, gsize size)
{
  if (self->damaged || at > self->size || size > self->size - at)
    self->damaged = TRUE;
  return !self->damaged;
}

static guint64
load (VcFlat *self, gsize at, gsize width)
{
  guint64 value = 0;

  for (gsize i = width; is_inside (self, at, width) && i-- > 0;)
    value = value << 8 | self->bytes[at + i];
  return value;
}

/* Where the offset at `at` leads; 0: nowhere. */
static gsize
follow (VcFlat *self, gsize at)
{
  const gsize offset = (gsize) load (self, at, 4);

  if (offset == 0 || !is_inside (self, at, offset))
    self->damaged = TRUE;
  return self->damaged ? 0 : at + offset;
}

static VcFlatTable
open_table (VcFlat *flat, gsize at)
{
  VcFlatTable self = { .flat = flat };
  const gint64 vtable = (gint64) at - (gint32) load (flat, at, 4);
  gsize size;

  if (flat->damaged || at == 0 || vtable < 0 || (guint64) vtable > flat->size) {
    flat->damaged = TRUE;
    return self;
  }
  size = (gsize) load (flat, (gsize) vtable, 2);
  self.size = (gsize) load (flat, (gsize) vtable + 2, 2);
  if (size < 4 || size % 2 != 0 || self.size < 4 || !is_inside (flat, (gsize) vtable, size)
      || !is_inside (flat, at, self.size)) {
    flat->damaged = TRUE;
    return self;
  }
  self.at = at;
  self.vtable = (gsize) vtable;
  self.n_slots = (guint) (size - 4) / 2;
  return self;
}

VcFlatTable
vc_flat_root (VcFlat *flat)
{
  return open_table (flat, follow (flat, 0));
}

/* Where a slot of `width` bytes stands; 0: it is absent. */
static gsize
find (const VcFlatTable *self, guint slot, gsize width)
{
  gsize offset;

  if (self->at == 0 || slot >= self->n_slots)
    return 0;
  offset = (gsize) load (self->flat, self->vtable + 4 + 2 * slot, 2);
  if (offset == 0)
    return 0;
  if (offset < 4 || offset + width > self->size)
    self->flat->damaged = TRUE;
  return self->flat->damaged ? 0 : self->at + offset;
}

gint64
vc_flat_integer (const VcFlatTable *self, guint slot, gsize width, gint64 otherwise)
{
  const gsize at = find (self, slot, width);
  const guint unused = (guint) (64 - 8 * width);

  return at != 0 ? (gint64) (load (self->flat, at, width) << unused) >> unused : otherwise;
}

VcFlatTable
vc_flat_table (const VcFlatTable *self, guint slot)
{
  const gsize at = find (self, slot, 4);

  return at != 0 ? open_table (self->flat, follow (self->flat, at)) : (VcFlatTable) { .flat = self->flat };
}

VcFlatVector
vc_flat_vector (const VcFlatTable *self, guint slot, gsize width)
{
  VcFlatVector vector = { .flat = self->flat };
  gsize at = find (self, slot, 4), n;

  if (at == 0 || (at = follow (self->flat, at)) == 0)
    return vector;
  n = (gsize) load (self->flat, at, 4);
  if (n > self->flat->size / width || !is_inside (self->flat, at + 4, n * width)) {
    self->flat->damaged = TRUE;
    return vector;
  }
  vector.at = at + 4;
  vector.n = n;
  return vector;
}

const char *
vc_flat_text (const VcFlatTable *self, guint slot)
{
  const VcFlatVector vector = vc_flat_vector (self, slot, 1);
  const char *text;

  if (vector.at == 0 || !is_inside (self->flat, vector.at, vector.n + 1))
    return NULL;
  text = (const char *) self->flat->bytes + vector.at;
  if (strnlen (text, vector.n + 1) == vector.n)
    return text;
  self->flat->damaged = TRUE;
  return NULL;
}

VcFlatTable
vc_flat_element (const VcFlatVector *self, gsize i)
{
  return open_table (self->flat, follow (self->flat, self->at + 4 * i));
}

gint64
vc_flat_peek (const VcFlatVector *self, gsize at)
{
  return (gint64) load (self->flat, self->at + at, 8);
}
