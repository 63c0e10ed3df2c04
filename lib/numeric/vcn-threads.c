/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-threads.h"

#define MAX_THREADS 64

typedef struct {
  void (*body) (gpointer data, guint chunk);
  gpointer data;
  guint    n_chunks;
  guint    next; /* atomic */
} Team;

static gpointer
work (gpointer data)
{
  Team *team = data;

  for (;;) {
    guint chunk = g_atomic_int_add (&team->next, 1);

    if (chunk >= team->n_chunks)
      return NULL;
    team->body (team->data, chunk);
  }
}

guint
vcn_n_threads (guint n_threads)
{
  return MIN (MAX_THREADS, n_threads == 0 ? g_get_num_processors () : n_threads);
}

/* Threads are made for each call: some 20 microseconds, and no state that outlives it. */
void
vcn_parallel (guint n_threads, guint n_chunks, void (*body) (gpointer data, guint chunk), gpointer data)
{
  Team team = { body, data, n_chunks, 0 };
  GThread *helpers[MAX_THREADS];
  guint n = MIN (vcn_n_threads (n_threads), n_chunks);
  guint n_helpers = 0;

  while (n_helpers + 1 < n) {
    helpers[n_helpers] = g_thread_try_new ("vcn", work, &team, NULL);
    if (helpers[n_helpers] == NULL)
      break;
    n_helpers++;
  }
  work (&team);
  while (n_helpers > 0)
    g_thread_join (helpers[--n_helpers]);
}
