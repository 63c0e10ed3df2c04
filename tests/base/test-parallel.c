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
