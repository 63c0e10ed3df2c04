/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-parallel-private.h"

#define MOST_THREADS 64

typedef struct {
  void (*body) (gpointer data, guint part);
  gpointer data;
  guint n_parts;
  guint next; /* atomic */
} Team;

static gpointer
work (gpointer data)
{
  Team *team = data;
  guint part;

  while ((part = (guint) g_atomic_int_add (&team->next, 1)) < team->n_parts)
    team->body (team->data, part);
  return NULL;
}

guint
vc_parallel_n_threads (guint n_threads)
{
  /* Asked once: CLAMP() would ask three times, and each time the C library opens a file. */
  const guint n = n_threads == 0 ? g_get_num_processors () : n_threads;

  return CLAMP (n, 1, MOST_THREADS);
}

void
vc_parallel (guint n_threads, guint n_parts, void (*body) (gpointer data, guint part), gpointer data)
{
  Team team = { .body = body, .data = data, .n_parts = n_parts };
  GThread *helpers[MOST_THREADS];
  guint n = n_parts > 1 ? MIN (vc_parallel_n_threads (n_threads), n_parts) : 1;
  guint n_helpers = 0;

  /* Threads are made anew each time: some 20 microseconds, and nothing that outlives the call. */
  while (n_helpers + 1 < n) {
    helpers[n_helpers] = g_thread_try_new ("vc-parallel", work, &team, NULL);
    if (helpers[n_helpers] == NULL)
      break;
    n_helpers++;
  }
  work (&team);
  while (n_helpers > 0)
    g_thread_join (helpers[--n_helpers]);
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
