/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "score-checks.h"

#include <criterion/criterion.h>
#include <math.h>

void
assert_null (VcScores *scores, const char *table, const char *row, const char *column)
{
  cr_assert (isnan (chains_figure (scores, table, row, column)), "%s %s %s is not null", table, row, column);
}

void
assert_word (VcScores *scores, const char *table, const char *row, const char *column, const char *expected)
{
  g_autofree char *found = chains_word (scores, table, row, column);

  cr_assert_str_eq (found, expected, "%s %s %s is %s", table, row, column, found);
}

guint64
count_rows (VcScores *scores, const char *table)
{
  return vc_table_get_n_rows (vc_scores_get_table (scores, table));
}

void
assert_tables (VcScores *scores, const char *const *names)
{
  g_auto (GStrv) found = vc_scores_list_tables (scores);

  cr_assert (g_strv_equal ((const char *const *) found, names));
  for (guint i = 0; names[i] != NULL; i++) {
    VcTable *table = vc_scores_get_table (scores, names[i]);

    for (guint k = 0; k < vc_table_get_n_columns (table); k++)
      cr_assert_not_null (vc_column_get_description (vc_table_get_column (table, k)), "%s %u", names[i], k);
  }
}

void
assert_same_bits_for_any_threads (VcChain *chain, const char *options)
{
  static const guint n_threads[] = { 1, 2, 3, 7, 0 };
  g_autofree char *alone = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (n_threads); i++) {
    g_autofree char *words = g_strdup_printf ("%s threads=%u", options, n_threads[i]);
    g_autoptr (VcScores) scores = chains_score_chain (chain, words);
    g_autofree char *found = chains_dump (scores);

    if (alone == NULL)
      alone = g_steal_pointer (&found);
    else
      cr_assert (g_str_equal (found, alone), "%s", words);
  }
}

/* Any thread may look. */
typedef struct {
  gint n, limit, is_outside;
} Looks;

static gboolean
look (gpointer data, double fraction, const char *stage)
{
  Looks *looks = data;

  if (!(fraction >= 0 && fraction <= 1) || stage == NULL)
    g_atomic_int_set (&looks->is_outside, TRUE);
  return g_atomic_int_add (&looks->n, 1) < looks->limit;
}

static guint
stop_with_threads (WatchedRun run, gpointer measure, VcChain *chain, guint n_threads, gint step)
{
  g_object_set (measure, "threads", n_threads, NULL);
  for (gint limit = 0;; limit += step) {
    Looks looks = { .limit = limit };
    g_autoptr (GError) error = NULL;
    g_autoptr (VcScores) scores = NULL;
    VcmWatch watch;

    vcm_watch_init (&watch, look, &looks);
    scores = run (measure, chain, &watch, &error);
    cr_assert_not (looks.is_outside);
    if (scores != NULL)
      return (guint) limit;
    cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    cr_assert (n_threads > 1 || looks.n == limit + 1, "%d looks after one that said stop", looks.n - limit - 1);
    cr_assert_lt (limit, 10000);
  }
}

guint
stop_at_every_look (WatchedRun run, gpointer measure, VcChain *chain)
{
  stop_with_threads (run, measure, chain, 2, 5);
  return stop_with_threads (run, measure, chain, 1, 1);
}
