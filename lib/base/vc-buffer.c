/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-buffer-private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGNMENT ((gsize) 64)
#define HUGE_PAGE ((gsize) 2 << 20)

static gboolean
size_in_bytes (gsize n, gsize size, gsize *bytes)
{
  gsize total;

  if (__builtin_mul_overflow (n, size, &total) || total > G_MAXSSIZE - ALIGNMENT)
    return FALSE;
  *bytes = MAX (ALIGNMENT, (total + ALIGNMENT - 1) & ~(ALIGNMENT - 1));
  return TRUE;
}

/* Large buffers are read here and there, and what a processor knows of 4 KiB pages by heart is soon used up. Only huge pages that lie wholly within
 * the buffer are asked for, so that none is wasted; an advice only, taken or not. */
static void
ask_for_huge_pages (gpointer buffer, gsize bytes)
{
  const guintptr start = ((guintptr) buffer + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
  const guintptr end = ((guintptr) buffer + bytes) & ~(HUGE_PAGE - 1);

  if (end > start)
    (void) madvise ((gpointer) start, end - start, MADV_HUGEPAGE);
}

gpointer
vc_buffer_alloc (gsize n, gsize size)
{
  gpointer buffer;
  gsize bytes;

  if (!size_in_bytes (n, size, &bytes))
    return NULL;
  buffer = aligned_alloc (ALIGNMENT, bytes);
  if (buffer != NULL && bytes >= HUGE_PAGE)
    ask_for_huge_pages (buffer, bytes);
  return buffer;
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
