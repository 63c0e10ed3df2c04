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
