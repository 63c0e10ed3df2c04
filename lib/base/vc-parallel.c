/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-parallel-private.h"

/* Looks at what another thread does before it is waited for asleep: some tens of microseconds, about what waking up
 * takes. */
#define LOOKS 1000

struct _VcParallelWork {
  void (*body) (gpointer data, guint part);
  gpointer data;
  guint n_parts;
  guint next; /* atomic */
};

/* The thread's open scope. */
static _Thread_local VcParallelScope *open_scope;

static gpointer
work (gpointer data)
{
  VcParallelWork *self = data;
  guint part;

  while ((part = (guint) g_atomic_int_add (&self->next, 1)) < self->n_parts)
    self->body (self->data, part);
  return NULL;
}

guint
vc_parallel_n_threads (guint n_threads)
{
  /* Asked once: CLAMP() would ask three times, and each time the C library opens a file. */
  const guint n = n_threads == 0 ? g_get_num_processors () : n_threads;

  return CLAMP (n, 1, VC_PARALLEL_MOST_THREADS);
}

/* Gives way to what shares the core. */
static inline void
breathe (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile ("yield");
#endif
}

/* The next work that a helper takes part in. NULL: the scope closes. */
static VcParallelWork *
next_work (VcParallelHelper *self)
{
  VcParallelScope *scope = self->scope;
  VcParallelWork *next;
  gboolean is_closing;

  do {
    for (guint look = 0; look < LOOKS && g_atomic_int_get (&scope->turn) == self->turn; look++)
      breathe ();
    g_mutex_lock (&scope->mutex);
    while (g_atomic_int_get (&scope->turn) == self->turn)
      g_cond_wait (&scope->wake, &scope->mutex);
    self->turn = g_atomic_int_get (&scope->turn);
    next = self->index < scope->n_wanted ? scope->work : NULL;
    is_closing = scope->is_closing;
    g_mutex_unlock (&scope->mutex);
  } while (next == NULL && !is_closing);
  return next;
}

static gpointer
help (gpointer data)
{
  VcParallelHelper *self = data;
  VcParallelScope *scope = self->scope;

  for (VcParallelWork *next = next_work (self); next != NULL; next = next_work (self)) {
    work (next);
    if (g_atomic_int_dec_and_test (&scope->n_left)) {
      g_mutex_lock (&scope->mutex);
      g_cond_signal (&scope->done);
      g_mutex_unlock (&scope->mutex);
    }
  }
  return NULL;
}

static void
call (VcParallelScope *scope, VcParallelWork *next, guint n_wanted)
{
  g_mutex_lock (&scope->mutex);
  scope->work = next;
  scope->n_wanted = n_wanted;
  scope->is_closing = next == NULL;
  g_atomic_int_set (&scope->n_left, (gint) n_wanted);
  g_atomic_int_inc (&scope->turn);
  g_cond_broadcast (&scope->wake);
  g_mutex_unlock (&scope->mutex);
}

void
vc_parallel_scope_open (VcParallelScope *self)
{
  self->is_open = open_scope == NULL;
  if (!self->is_open)
    return;
  self->is_busy = FALSE;
  self->n_helpers = 0;
  self->turn = 0;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  g_cond_init (&self->done);
  open_scope = self;
}

void
vc_parallel_scope_close (VcParallelScope *self)
{
  if (!self->is_open)
    return;
  open_scope = NULL;
  self->is_open = FALSE;
  call (self, NULL, 0);
  while (self->n_helpers > 0)
    g_thread_join (self->helpers[--self->n_helpers].thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->wake);
  g_cond_clear (&self->done);
}

static gboolean
add_helper (VcParallelScope *scope)
{
  VcParallelHelper *helper = &scope->helpers[scope->n_helpers];

  *helper = (VcParallelHelper) { scope, NULL, scope->n_helpers, scope->turn };
  helper->thread = g_thread_try_new ("vc-parallel", help, helper, NULL);
  scope->n_helpers += helper->thread != NULL;
  return helper->thread != NULL;
}

static void
work_in_scope (VcParallelScope *scope, VcParallelWork *self, guint n_helpers)
{
  while (scope->n_helpers < n_helpers && add_helper (scope))
    continue;
  scope->is_busy = TRUE;
  call (scope, self, MIN (n_helpers, scope->n_helpers));
  work (self);
  for (guint look = 0; look < LOOKS && g_atomic_int_get (&scope->n_left) > 0; look++)
    breathe ();
  g_mutex_lock (&scope->mutex);
  while (g_atomic_int_get (&scope->n_left) > 0)
    g_cond_wait (&scope->done, &scope->mutex);
  g_mutex_unlock (&scope->mutex);
  scope->is_busy = FALSE;
}

static void
work_with_new_threads (VcParallelWork *self, guint n_helpers)
{
  GThread *helpers[VC_PARALLEL_MOST_THREADS];
  guint n = 0;

  while (n < n_helpers && (helpers[n] = g_thread_try_new ("vc-parallel", work, self, NULL)) != NULL)
    n++;
  work (self);
  while (n > 0)
    g_thread_join (helpers[--n]);
}

void
vc_parallel (guint n_threads, guint n_parts, void (*body) (gpointer data, guint part), gpointer data)
{
  VcParallelWork self = { body, data, n_parts, 0 };
  const guint n = n_parts > 1 ? MIN (vc_parallel_n_threads (n_threads), n_parts) : 1;

  if (n == 1)
    work (&self);
  else if (open_scope != NULL && !open_scope->is_busy)
    work_in_scope (open_scope, &self, n - 1);
  else
    work_with_new_threads (&self, n - 1);
}

typedef struct {
  void (*body) (gpointer data, gsize start, gsize end);
  gpointer data;
  gsize n;
} Ranges;

static void
do_range (gpointer data, guint part)
{
  const Ranges *self = data;
  const gsize start = part * VC_PARALLEL_RANGE;

  self->body (self->data, start, MIN (self->n, start + VC_PARALLEL_RANGE));
}

void
vc_parallel_ranges (guint n_threads, gsize n, void (*body) (gpointer data, gsize start, gsize end), gpointer data)
{
  Ranges ranges = { body, data, n };

  g_return_if_fail (n / VC_PARALLEL_RANGE < G_MAXUINT);
  vc_parallel (n_threads, (guint) (n / VC_PARALLEL_RANGE + (n % VC_PARALLEL_RANGE != 0)), do_range, &ranges);
}
