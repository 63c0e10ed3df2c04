/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind the figures of one party. The order of the paths is the business of compare_paths.py. */
#include "score-checks.h"

#include <criterion/criterion.h>
#include <math.h>

#include "alignment/vc-alignment-private.h"
#include "valuechain/vc-error.h"

static VcScores *
explain_chain (VcChain *chain, const char *party, VcGrouping group_by, guint n_paths, GError **error)
{
  g_autoptr (VcAlignment) measure = g_object_new (VC_TYPE_ALIGNMENT, "group-by", group_by, "paths", n_paths, NULL);

  return vc_measure_explain (VC_MEASURE (measure), chain, party, NULL, NULL, error);
}

static VcScores *
explain (const char *text, const char *party)
{
  g_autoptr (VcChain) chain = chains_new (text);

  return explain_chain (chain, party, VC_GROUPING_NONE, 10, NULL);
}

static char *
dup_cell (VcColumn *column, guint64 row)
{
  if (vc_column_is_null (column, row))
    return g_strdup ("null");
  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_DOUBLE:
      return g_strdup_printf ("%g", vc_column_get_double (column, row));
    case VC_COLUMN_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, vc_column_get_int64 (column, row));
    default:
      return vc_column_dup_text (column, row);
  }
}

/* All paths, a line each: kind, end, hand-overs, share, path. */
static char *
tell (VcScores *scores)
{
  static const char *const names[] = { "kind", "end", "hand_overs", "share", "path" };
  VcTable *paths = vc_scores_get_table (scores, "paths");
  g_autoptr (GString) told = g_string_new (NULL);

  for (guint64 row = 0; row < vc_table_get_n_rows (paths); row++) {
    cr_assert_eq (vc_column_get_int64 (vc_table_lookup_column (paths, "rank"), row), (gint64) row + 1);
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
      g_autofree char *text = dup_cell (vc_table_lookup_column (paths, names[i]), row);

      g_string_append_printf (told, "%s%s", i > 0 ? "; " : "", text);
    }
    g_string_append_c (told, '\n');
  }
  return g_string_free (g_steal_pointer (&told), FALSE);
}

static void
expect_paths (const char *text, const char *party, const char *expected)
{
  g_autoptr (VcScores) scores = explain (text, party);
  g_autofree char *found = tell (scores);

  cr_expect_str_eq (found, expected, "%s", found);
}

/* Defourny and Thorbecke's reading of the drunkard's walk from the middle: pairs of ever longer ways to either side. */
Test (alignment_explain, drunkards_walk)
{
  static const char walk[] = "party x0 customer\nparty x4 person\nparty x1 person\nparty x2 person\nparty x3 person\n"
                             "work x1 x0 1\nwork x1 x2 1\nwork x2 x1 1\nwork x2 x3 1\nwork x3 x2 1\nwork x3 x4 1\n";
  g_autoptr (VcChain) chain = chains_new (walk);
  g_autoptr (VcScores) scores = explain_chain (chain, "x2", VC_GROUPING_NONE, 3, NULL);
  g_autofree char *found = tell (scores);

  cr_assert_str_eq (found, "customer; x0; 2; 0.25; x2 -> x1 -> x0\n"
                           "other; x4; 2; 0.25; x2 -> x3 -> x4\n"
                           "customer; x0; 4; 0.0625; x2 -> x1 -> x2 -> x1 -> x0\n");
  cr_assert (chains_figure (scores, "summary", "reach", "value") == 0.5);
  cr_assert (chains_figure (scores, "summary", "reach", "shown") == 0.3125);
  cr_assert (chains_figure (scores, "summary", "reach", "remainder") == 0.1875);
  cr_assert (chains_figure (scores, "summary", "stranded", "remainder") == 0.25);
  cr_assert (chains_figure (scores, "summary", "all", "value") == 1);
  cr_assert (chains_figure (scores, "summary", "all", "n") == 3);
}

static const char ends[]
  = "unit-of-effort hour\nparty c customer\nparty boss person\nparty a person effort=10\n"
    "party box person\nparty l1 person\nparty l2 person manager=boss\n"
    "work a c 1\nwork a boss 2\nwork a box 1.5\nwork a l2 0.5\nwork l1 l2 1\nwork l2 l1 1\nwork a a 7\n";

/* Where it may end, and what was not delivered; what is delivered to oneself is no way. */
Test (alignment_explain, every_kind_of_end)
{
  expect_paths (ends, "a",
                "undelivered; null; 0; 0.5; a\nmanager; boss; 1; 0.2; a -> boss\nother; box; 1; 0.15; a -> box\n"
                "customer; c; 1; 0.1; a -> c\nloop; l1 l2; 1; 0.05; a -> l2\n");
  expect_paths (ends, "l1", "loop; l1 l2; 0; 1; l1\n");
}

/* Each loop has its own end, whichever of the paths comes there first. */
Test (alignment_explain, several_ways_into_loops)
{
  expect_paths ("party a person\nparty l1 person\nparty l2 person\nparty o1 person\nparty o2 person\n"
                "work a l1 4\nwork a o2 3\nwork a l2 2\nwork a o1 1\n"
                "work l1 l2 1\nwork l2 l1 1\nwork o1 o2 1\nwork o2 o1 1\n",
                "a",
                "loop; l1 l2; 1; 0.4; a -> l1\nloop; o1 o2; 1; 0.3; a -> o2\n"
                "loop; l1 l2; 1; 0.2; a -> l2\nloop; o1 o2; 1; 0.1; a -> o1\n");
}

/* The ids of a loop are as long as the loop: written for each of as many ways, they would grow as its square. */
Test (alignment_explain, very_many_ways_into_a_very_large_loop, .timeout = 60)
{
  enum { N = 5000 };
  g_autoptr (GString) text = g_string_new ("party a person\n");
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcScores) scores = NULL;
  VcColumn *ends_of_paths;

  for (guint i = 0; i < N; i++)
    g_string_append_printf (text,
                            "party l%u person\nparty m%u person\nwork a m%u 1\nwork m%u l%u 1\nwork l%u l%u 1\n",
                            i, i, i, i, i, i, (i + 1) % N);
  chain = chains_new (text->str);
  scores = explain_chain (chain, "a", VC_GROUPING_NONE, N, NULL);
  ends_of_paths = vc_table_lookup_column (vc_scores_get_table (scores, "paths"), "end");
  cr_assert_eq (vc_column_get_n_rows (ends_of_paths), (guint64) N);
  /* Null has a label, too. */
  cr_assert_eq (vc_column_get_n_labels (ends_of_paths), 2u);
}

Test (alignment_explain, shares_are_those_of_the_table_of_parties)
{
  g_autoptr (VcScores) scores = chains_score (ends, NULL), found = explain (ends, "a");
  static const char *const names[] = { "effort", "reach", "hierarchy", "stranded", "loop", "undelivered" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const double share = chains_figure (scores, "parties", "a", names[i]);

    cr_expect (chains_figure (found, "summary", names[i], "value") == share);
    cr_expect (fabs (chains_figure (found, "summary", names[i], "shown") - share) <= 1e-15 * share);
    cr_expect (chains_figure (found, "summary", names[i], "remainder") == 0, "%s", names[i]);
  }
  cr_expect (chains_proof (found, "conservation_paths") <= 1e-15);
  cr_expect_str_eq (vc_column_get_unit (vc_table_lookup_column (vc_scores_get_table (found, "paths"), "effort")),
                    "hour");
}

/* Undefined is null; effort that is given as 0 is there, and has no shares all the same. */
Test (alignment_explain, without_effort_there_is_nothing_to_explain)
{
  static const char text[] = "party a person\nparty b person effort=0\nparty c customer\n";
  static const char *const parties[] = { "a", "b" };

  for (guint i = 0; i < 2; i++) {
    g_autoptr (VcScores) found = explain (text, parties[i]);

    cr_expect_eq (vc_table_get_n_rows (vc_scores_get_table (found, "paths")), 0u);
    cr_expect (isnan (chains_figure (found, "summary", "reach", "value")));
    cr_expect (isnan (chains_figure (found, "summary", "all", "shown")));
    cr_expect (isnan (chains_figure (found, "summary", "effort", "value")) == (i == 0));
  }
}

/* All effort given and none delivered. */
Test (alignment_explain, what_is_not_delivered_stays)
{
  expect_paths ("party a person effort=3\nparty c customer\n", "a", "undelivered; null; 0; 1; a\n");
}

static const char units[]
  = "party c customer\nparty u unit\nparty v unit unit=u\nparty a person unit=u effort=6\nparty b person unit=u\n"
    "party d person unit=v\nwork a c 2\nwork b c 3\nwork b a 1\nwork d a 1\n";

/* a passes 2 of 6 on and b passes 4 of 4; d belongs to the inner unit. */
Test (alignment_explain, a_unit_by_those_who_count_to_it)
{
  g_autoptr (VcChain) chain = chains_new (units);
  g_autoptr (VcScores) scores = chains_score_chain (chain, "group-by=unit");
  g_autoptr (VcScores) found = explain_chain (chain, "u", VC_GROUPING_UNIT, 10, NULL);
  g_autofree char *told = tell (found);

  cr_expect_str_eq (told, "undelivered; null; 0; 0.4; a\ncustomer; c; 1; 0.3; b -> c\ncustomer; c; 1; 0.2; a -> c\n"
                          "customer; c; 2; 0.1; b -> a -> c\n");
  cr_expect (chains_figure (found, "summary", "reach", "value") == chains_figure (scores, "parties", "u", "reach"));
  cr_expect (chains_figure (found, "summary", "effort", "value") == 10);
  cr_expect (chains_figure (found, "summary", "all", "remainder") == 0);
}

static void
expect_refusal (const char *text, const char *party, VcGrouping group_by, int code)
{
  g_autoptr (VcChain) chain = chains_new (text);
  g_autoptr (GError) error = NULL;

  cr_expect_null (explain_chain (chain, party, group_by, 10, &error));
  cr_expect (g_error_matches (error, VC_MEASURE_ERROR, code), "%s", party);
}

Test (alignment_explain, who_has_no_row_is_not_explained)
{
  expect_refusal (units, "c", VC_GROUPING_NONE, VC_MEASURE_ERROR_UNSUPPORTED);
  expect_refusal (units, "c", VC_GROUPING_UNIT, VC_MEASURE_ERROR_UNSUPPORTED);
  expect_refusal (units, "d", VC_GROUPING_UNIT, VC_MEASURE_ERROR_UNSUPPORTED);
  expect_refusal (units, "nobody", VC_GROUPING_NONE, VC_MEASURE_ERROR_UNKNOWN);
}

/* A field holds no more than can be read back. */
Test (alignment_explain, a_path_longer_than_a_field_is_too_much)
{
  g_autoptr (GString) text = g_string_new ("party z customer\n");

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "party p%06u person\nwork p%06u %c%06u 1\n", i, i, i + 1 < 100000 ? 'p' : 'q', i + 1);
  g_string_append (text, "party q100000 customer\n");
  expect_refusal (text->str, "p000000", VC_GROUPING_NONE, VC_MEASURE_ERROR_LIMIT);
}

static VcScores *
explain_unit (gpointer measure, VcChain *chain, VcmWatch *watch, GError **error)
{
  return vc_alignment_explain_watched (measure, chain, "u", watch, error);
}

Test (alignment_explain, stops_wherever_it_is_cancelled)
{
  g_autoptr (VcChain) chain = chains_new (units);
  g_autoptr (VcAlignment) measure = g_object_new (VC_TYPE_ALIGNMENT, "group-by", VC_GROUPING_UNIT, NULL);

  cr_assert_gt (stop_at_every_look (explain_unit, measure, chain), 2u);
}

Test (alignment_explain, same_bits_for_any_number_of_threads)
{
  g_autoptr (VcChain) chain = chains_new (ends);
  g_autofree char *expected = NULL;

  for (guint threads = 1; threads < 5; threads++) {
    g_autoptr (VcAlignment) measure = g_object_new (VC_TYPE_ALIGNMENT, "threads", threads, NULL);
    g_autoptr (VcProgress) progress = vc_progress_new ();
    g_autoptr (VcScores) found = vc_measure_explain (VC_MEASURE (measure), chain, "a", progress, NULL, NULL);
    g_autofree char *told = chains_dump (found);

    cr_assert (expected == NULL || g_str_equal (told, expected));
    cr_assert (vc_progress_get_fraction (progress) == 1);
    g_free (expected);
    expected = g_steal_pointer (&told);
  }
}
