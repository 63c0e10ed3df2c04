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

/* Large buffers are read here and there, and what a processor knows of 4 KiB pages by heart is soon used up. Only huge
 * pages that lie wholly within the buffer are asked for, so that none is wasted; an advice only, taken or not. */
static void
ask_for_huge_pages (gpointer buffer, gsize bytes)
{
  const guintptr start = ((guintptr) buffer + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
  const guintptr end = ((guintptr) buffer + bytes) & ~(HUGE_PAGE - 1);

  if (end > start)
    (void) madvise ((gpointer) start, end - start, MADV_HUGEPAGE);
}

/* The thread's open scope. */
static _Thread_local VcBufferScope *scope;

void
vc_buffer_scope_open (VcBufferScope *self)
{
  self->n = 0;
  self->is_open = scope == NULL;
  if (self->is_open)
    scope = self;
}

void
vc_buffer_scope_close (VcBufferScope *self)
{
  if (!self->is_open)
    return;
  scope = NULL;
  self->is_open = FALSE;
  for (guint i = 0; i < self->n; i++)
    if (self->blocks[i].is_free)
      free (self->blocks[i].block);
}

/* The smallest block kept that is large enough, by no more than half. */
static gpointer
scope_take (VcBufferScope *self, gsize bytes)
{
  VcBufferBlock *best = NULL;

  for (guint i = 0; i < self->n; i++) {
    VcBufferBlock *block = &self->blocks[i];

    if (block->is_free && block->bytes >= bytes && block->bytes - bytes <= bytes / 2
        && (best == NULL || block->bytes < best->bytes))
      best = block;
  }
  if (best == NULL)
    return NULL;
  best->is_free = FALSE;
  return best->block;
}

static gboolean
is_better (gsize a, gsize b, gsize enough)
{
  return a >= enough && b >= enough ? a < b : a > b;
}

/* Before more is asked for, as much is given back: the smallest that is enough, or else the largest. */
static void
scope_give_back (VcBufferScope *self, gsize bytes)
{
  gsize given = 0;

  while (given < bytes) {
    VcBufferBlock *best = NULL;

    for (guint i = 0; i < self->n; i++) {
      VcBufferBlock *block = &self->blocks[i];

      if (block->is_free && (best == NULL || is_better (block->bytes, best->bytes, bytes - given)))
        best = block;
    }
    if (best == NULL)
      return;
    free (best->block);
    given += best->bytes;
    *best = self->blocks[--self->n];
  }
}

/* What another thread freed may come again at the same place. */
static void
scope_note (VcBufferScope *self, gpointer block, gsize bytes)
{
  for (guint i = 0; i < self->n; i++)
    if (self->blocks[i].block == block)
      self->blocks[i] = self->blocks[--self->n];
  if (self->n < G_N_ELEMENTS (self->blocks))
    self->blocks[self->n++] = (VcBufferBlock) { block, bytes, FALSE };
}

/* FALSE: not one of the scope's. */
static gboolean
scope_keep (VcBufferScope *self, gconstpointer block)
{
  for (guint i = 0; i < self->n; i++)
    if (self->blocks[i].block == block && !self->blocks[i].is_free)
      return self->blocks[i].is_free = TRUE;
  return FALSE;
}

/* What is asked for a little larger the next time is to fit too. Of what nobody writes to there are no pages. */
static gsize
round_up (gsize bytes)
{
  const gsize step = (gsize) 1 << (g_bit_storage (bytes) - 5);

  return (bytes + step - 1) & ~(step - 1);
}

static gpointer
alloc_large (gsize bytes)
{
  gpointer buffer;

  if (scope != NULL) {
    bytes = round_up (bytes);
    buffer = scope_take (scope, bytes);
    if (buffer != NULL)
      return buffer;
    scope_give_back (scope, bytes);
  }
  buffer = aligned_alloc (ALIGNMENT, bytes);
  if (buffer == NULL)
    return NULL;
  ask_for_huge_pages (buffer, bytes);
  if (scope != NULL)
    scope_note (scope, buffer, bytes);
  return buffer;
}

gpointer
vc_buffer_alloc (gsize n, gsize size)
{
  gsize bytes;

  if (!size_in_bytes (n, size, &bytes))
    return NULL;
  return bytes >= HUGE_PAGE ? alloc_large (bytes) : aligned_alloc (ALIGNMENT, bytes);
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
  if (scope == NULL || !scope_keep (scope, buffer))
    free (buffer);
}
