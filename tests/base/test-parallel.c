/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "base/vc-parallel-private.h"

static void
visit (gpointer data, guint part)
{
  g_atomic_int_inc (&((gint *) data)[part]);
}

Test (parallel, each_part_is_done_once)
{
  for (guint threads = 0; threads <= 100; threads += 20) {
    gint visits[1000] = { 0 };

    vc_parallel (threads, 999, visit, visits);
    for (guint i = 0; i < 999; i++)
      cr_assert_eq (visits[i], 1, "part %u on %u threads", i, threads);
    cr_assert_eq (visits[999], 0);
  }
}

typedef struct {
  GMutex      mutex;
  GHashTable *threads; /* that took a part */
  gint        n_parts;
} Roll;

/* Until two are there, nobody goes on. */
static void
sign (gpointer data, guint part)
{
  Roll *roll = data;
  const gint64 end = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&roll->mutex);
  g_hash_table_add (roll->threads, g_thread_self ());
  g_mutex_unlock (&roll->mutex);
  g_atomic_int_inc (&roll->n_parts);
  while (g_atomic_int_get (&roll->n_parts) < 2 && g_get_monotonic_time () < end)
    g_thread_yield ();
}

/* Calls one after the other, on more threads and fewer, soon and after a pause, are all done, by the same threads. */
Test (parallel, threads_of_a_scope_stay)
{
  g_auto (VcParallelScope) scope = { 0 }, inner = { 0 };
  g_autoptr (GHashTable) threads = g_hash_table_new (NULL, NULL);
  Roll roll = { .threads = threads };

  g_mutex_init (&roll.mutex);
  vc_parallel_scope_open (&scope);
  vc_parallel_scope_open (&inner);
  for (guint round = 0; round < 3000; round++) {
    gint visits[40] = { 0 };

    vc_parallel (1 + round % 5, 39, visit, visits);
    for (guint i = 0; i < 39; i++)
      cr_assert_eq (visits[i], 1, "part %u of round %u", i, round);
    if (round % 1000 == 999)
      g_usleep (20000);
  }
  for (guint round = 0; round < 20; round++) {
    roll.n_parts = 0;
    vc_parallel (2, 2, sign, &roll);
    cr_assert_eq (roll.n_parts, 2);
  }
  cr_assert_eq (g_hash_table_size (threads), 2u);
  vc_parallel_scope_close (&inner);
  cr_assert_eq (scope.n_helpers, 4u);
  g_mutex_clear (&roll.mutex);
}

static void
visit_within (gpointer data, guint part)
{
  vc_parallel (3, 100, visit, (gint *) data + 100 * (gsize) part);
}

Test (parallel, calls_within_calls)
{
  g_auto (VcParallelScope) scope = { 0 };
  gint visits[1000] = { 0 };

  vc_parallel_scope_open (&scope);
  vc_parallel (2, 10, visit_within, visits);
  for (guint i = 0; i < 1000; i++)
    cr_assert_eq (visits[i], 1);
}

Test (parallel, no_part_is_nothing)
{
  vc_parallel (4, 0, visit, NULL);
}

Test (parallel, there_is_always_a_thread)
{
  cr_assert_geq (vc_parallel_n_threads (0), 1u);
  cr_assert_eq (vc_parallel_n_threads (3), 3u);
}

static void
count_items (gpointer data, gsize start, gsize end)
{
  cr_assert_eq (start % 64, 0);
  for (gsize i = start; i < end; i++)
    ((guint8 *) data)[i]++;
}

Test (parallel, ranges_have_each_item_once)
{
  static const gsize sizes[]
    = { 0, 1, VC_PARALLEL_RANGE - 1, VC_PARALLEL_RANGE, VC_PARALLEL_RANGE + 1, 5 * VC_PARALLEL_RANGE + 77 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint threads = 1; threads < 5; threads++) {
      g_autofree guint8 *visits = g_new0 (guint8, sizes[i] + 1);

      vc_parallel_ranges (threads, sizes[i], count_items, visits);
      for (gsize k = 0; k < sizes[i]; k++)
        cr_assert_eq (visits[k], 1);
      cr_assert_eq (visits[sizes[i]], 0);
    }
}
