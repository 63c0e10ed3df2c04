/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-buffer-private.h"

#include <stdlib.h>
#include <string.h>

#define ALIGNMENT ((gsize) 64)

static gboolean
size_in_bytes (gsize n, gsize size, gsize *bytes)
{
  gsize total;

  if (__builtin_mul_overflow (n, size, &total) || total > G_MAXSSIZE - ALIGNMENT)
    return FALSE;
  *bytes = MAX (ALIGNMENT, (total + ALIGNMENT - 1) & ~(ALIGNMENT - 1));
  return TRUE;
}

gpointer
vc_buffer_alloc (gsize n, gsize size)
{
  gsize bytes;

  return size_in_bytes (n, size, &bytes) ? aligned_alloc (ALIGNMENT, bytes) : NULL;
}

gpointer
vc_buffer_alloc0 (gsize n, gsize size)
{
  gpointer buffer = vc_buffer_alloc (n, size);
  gsize bytes;

  if (buffer != NULL && size_in_bytes (n, size, &bytes))
    memset (buffer, 0, bytes);
  return buffer;
}

gpointer
vc_buffer_realloc (gpointer buffer, gsize old_n, gsize new_n, gsize size)
{
  gpointer moved = vc_buffer_alloc (new_n, size);

  if (moved == NULL)
    return NULL;
  if (buffer != NULL)
    memcpy (moved, buffer, MIN (old_n, new_n) * size);
  vc_buffer_free (buffer);
  return moved;
}

void
vc_buffer_free (gpointer buffer)
{
  free (buffer);
}
