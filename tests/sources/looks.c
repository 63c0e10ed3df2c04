/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "looks.h"

#include <criterion/criterion.h>

#include "faults.h"

/* Looks after the one that stops it: what goes through columns one by one sees it with each that is left. */
#define MORE 8

guint
count_looks (Job job, gpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fault_cancel_at (cancellable, 0);
  cr_assert (job (data, cancellable, &error), "%s", error != NULL ? error->message : "");
  return fault_count_looks ();
}

void
stop_at_look (guint at, Job job, gpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fault_cancel_at (cancellable, at);
  cr_assert_not (job (data, cancellable, &error), "look %u", at);
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED), "look %u: %s", at, error->message);
  cr_assert_leq (fault_count_looks (), at + MORE, "%u looks after look %u", fault_count_looks () - at, at);
}

void
stop_at_every_look (Job job, gpointer data, guint at_least)
{
  const guint n = count_looks (job, data);

  cr_expect_geq (n, at_least, "%u looks", n);
  for (guint at = 1; at <= n; at++)
    stop_at_look (at, job, data);
}
