/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memory.h"

#include <stdlib.h>

/* All but `armed` are counted by several threads at once. */
static gint armed;
static MemoryFault fault;
static guint first;
static guint n_asked;
static guint n_failed;
static gint n_alive;

void *__real_aligned_alloc (size_t alignment, size_t size);
void *__wrap_aligned_alloc (size_t alignment, size_t size);
void  __real_free (void *block);
void  __wrap_free (void *block);

void
memory_arm (MemoryFault what, guint n)
{
  fault = what;
  first = n;
  g_atomic_int_set (&n_asked, 0);
  g_atomic_int_set (&n_failed, 0);
  g_atomic_int_set (&armed, TRUE);
}

void
memory_disarm (void)
{
  g_atomic_int_set (&armed, FALSE);
}

guint
memory_n_asked (void)
{
  return (guint) g_atomic_int_get (&n_asked);
}

guint
memory_n_failed (void)
{
  return (guint) g_atomic_int_get (&n_failed);
}

gint
memory_n_alive (void)
{
  return g_atomic_int_get (&n_alive);
}

static gboolean
fails (void)
{
  guint at;

  if (!g_atomic_int_get (&armed))
    return FALSE;
  at = (guint) g_atomic_int_add (&n_asked, 1);
  return (fault == MEMORY_ONCE && at == first) || (fault == MEMORY_FOREVER && at >= first);
}

void *
__wrap_aligned_alloc (size_t alignment, size_t size)
{
  void *block;

  if (fails ()) {
    g_atomic_int_inc (&n_failed);
    return NULL;
  }
  block = __real_aligned_alloc (alignment, size);
  if (block != NULL)
    g_atomic_int_inc (&n_alive);
  return block;
}

/* Only buffers come by here: g_free() is another library's. */
void
__wrap_free (void *block)
{
  if (block != NULL)
    g_atomic_int_add (&n_alive, -1);
  __real_free (block);
}
