/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "sources/vc-events-private.h"

#define MANY      150000 /* more than are sorted between two looks at the cancellable */
#define MAX_CASES 6

/* Events without a table: of few times, so that many are at the same. */
typedef struct {
  VcEvents   events;
  VcStrings *labels;
  gint32    *cases;
  gint64    *times;
} Log;

static Log *
make_log (gsize n, guint32 n_times, GRand *random)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  Log *self = g_new0 (Log, 1);

  for (char name = 'a'; name < 'a' + MAX_CASES; name++)
    cr_assert_geq (vc_interner_add (interner, &name, 1), 0);
  self->labels = vc_interner_finish (interner);
  self->cases = g_new (gint32, n);
  self->times = g_new (gint64, n);
  self->events.n_rows = n;
  self->events.fields[VC_EVENT_ROLE_CASE] = (VcEventField) { .codes = self->cases, .labels = self->labels };
  self->events.fields[VC_EVENT_ROLE_TIME] = (VcEventField) { .int64s = self->times };
  for (gsize i = 0; i < n; i++) {
    const gint32 in_case = g_rand_int_range (random, -40, MAX_CASES);

    self->cases[i] = MAX (0, in_case); /* most are of one */
    self->times[i] = g_rand_int_range (random, 0, (gint32) n_times);
  }
  return self;
}

static void
free_log (Log *self)
{
  vc_strings_unref (self->labels);
  g_free (self->cases);
  g_free (self->times);
  g_free (self);
}

static void
expect_order (gsize n, guint32 n_times, GRand *random)
{
  Log *log = make_log (n, n_times, random);
  g_auto (VcEventOrder) order = { 0 };
  gsize longest = 0, n_wrong = 0;

  cr_assert (vc_event_order_init (&order, &log->events, NULL, NULL));
  cr_assert_eq (order.starts[0], 0u);
  cr_assert_eq (order.starts[MAX_CASES], n);
  for (guint32 i = 0; i < MAX_CASES; i++) {
    longest = MAX (longest, (gsize) (order.starts[i + 1] - order.starts[i]));
    for (guint32 k = order.starts[i]; k < order.starts[i + 1]; k++) {
      const guint32 row = order.rows[k], before = k > order.starts[i] ? order.rows[k - 1] : row;

      n_wrong += log->cases[row] != (gint32) i;
      n_wrong += before != row && log->times[before] > log->times[row];
      n_wrong += before > row && log->times[before] == log->times[row];
    }
  }
  cr_assert_eq (n_wrong, 0u);
  cr_assert_eq (order.longest, longest);
  free_log (log);
}

/* Each row stands after all that come before it, so each is there once. */
Test (event_order, is_that_of_time_and_then_of_the_file)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (6);

  for (gsize n = 0; n < 300; n++)
    expect_order (n, 1 + (guint32) n / 3, random);
  expect_order (MANY, 1, random);
  expect_order (MANY, 1000, random);
  expect_order (MANY, G_MAXINT32, random);
}

Test (event_order, stops_where_it_is_cancelled)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (VcEventOrder) order = { 0 };
  Log *log = make_log (1, 1, random);

  g_cancellable_cancel (cancellable);
  cr_assert_not (vc_event_order_init (&order, &log->events, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  free_log (log);
}
