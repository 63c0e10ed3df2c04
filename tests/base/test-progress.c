/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "valuechain/valuechain.h"
#include "base/vc-progress-private.h"

static void
count (VcProgress *progress, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
spin (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gpointer
update_from_worker (gpointer data)
{
  for (guint i = 1; i <= 100; i++)
    vc_progress_update (data, i / 100.0, "working");
  return NULL;
}

Test (progress, is_read_at_once_and_never_falls)
{
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autofree char *stage = NULL;

  vc_progress_update (progress, 0.5, "first");
  vc_progress_update (progress, 0.25, NULL);
  cr_assert (vc_progress_get_fraction (progress) == 0.5);
  stage = vc_progress_dup_stage (progress);
  cr_assert_str_eq (stage, "first");
  spin ();
}

Test (progress, many_updates_from_a_thread_are_one_notification_here)
{
  g_autoptr (VcProgress) progress = vc_progress_new ();
  gpointer weak = progress;
  guint n = 0;

  g_object_add_weak_pointer (G_OBJECT (progress), &weak);
  g_signal_connect (progress, "notify::fraction", G_CALLBACK (count), &n);
  g_thread_join (g_thread_new ("worker", update_from_worker, progress));
  cr_assert_eq (n, 0u);
  spin ();
  cr_assert_eq (n, 1u);
  cr_assert (vc_progress_get_fraction (progress) == 1.0);

  vc_progress_update (progress, 1, NULL);
  spin ();
  cr_assert_eq (n, 2u);
  g_clear_object (&progress);
  cr_assert_null (weak, "finalized");
}

Test (progress, parts_of_parts_add_up)
{
  g_autoptr (VcProgress) progress = vc_progress_new ();
  VcProgressSpan whole = vc_progress_enter (progress, 0, 0.5);
  VcProgressSpan half = vc_progress_enter (progress, 0.5, 1);

  vc_progress_update (progress, 0.5, NULL);
  cr_assert (vc_progress_get_fraction (progress) == 0.375);
  vc_progress_leave (progress, half);
  vc_progress_update (progress, 1, NULL);
  cr_assert (vc_progress_get_fraction (progress) == 0.5);
  vc_progress_leave (progress, whole);
  vc_progress_update (progress, 0.75, NULL);
  cr_assert (vc_progress_get_fraction (progress) == 0.75);
  vc_progress_leave (NULL, vc_progress_enter (NULL, 0, 1));
  spin ();
}
