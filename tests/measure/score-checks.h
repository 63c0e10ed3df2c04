/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chains.h"
#include "measure/vcm-watch.h"

/* What the tests of every measure ask of its scores. */

void    assert_null   (VcScores *scores, const char *table, const char *row, const char *column);
void    assert_word   (VcScores *scores, const char *table, const char *row, const char *column, const char *expected);
guint64 count_rows    (VcScores *scores, const char *table);
/* These tables, in this order, and each of their columns says what it is. `names` ends with NULL. */
void    assert_tables (VcScores *scores, const char *const *names);

/* With these options, which say nothing of threads, any number of threads gives the same bits. */
void    assert_same_bits_for_any_threads (VcChain *chain, const char *options);

/* Scores of the chain, or of one of its parties, while `watch` looks on. */
typedef VcScores *(*WatchedRun) (gpointer measure, VcChain *chain, VcmWatch *watch, GError **error);

/* Stops at the first look, at the second, and so on until the run comes through; a checker of leaks sees that nothing
 * is left behind. First, at every fifth look, with two threads; then with one, which after a look that says stop must
 * not look again. Answers how many looks that took. */
guint   stop_at_every_look (WatchedRun run, gpointer measure, VcChain *chain);
