/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The corner cases of the definition, one by one. */
#include "score-checks.h"

#include <criterion/criterion.h>
#include <math.h>

#include "test-helpers.h"
#include "valuechain/vc-error.h"

#define SCORE "measure=accountability"

static double
value (VcScores *scores, const char *name)
{
  return chains_figure (scores, "summary", name, "value");
}

static void
assert_summary (VcScores *scores, const char *const *names, const char *status)
{
  for (guint i = 0; names[i] != NULL; i++) {
    assert_null (scores, "summary", names[i], "value");
    assert_null (scores, "summary", names[i], "low");
    assert_null (scores, "summary", names[i], "high");
    assert_word (scores, "summary", names[i], "status", status);
  }
}

/* ---- nothing, and little ---- */

Test (accountability_corners, no_commitments_at_all)
{
  g_autoptr (VcScores) scores = chains_score ("party a person\nparty b person manager=a\nparty u unit\n", SCORE);
  const char *const empty[] = { "reciprocity",
                                "reciprocity_null",
                                "rho",
                                "kept",
                                "late",
                                "kept_down",
                                "kept_up",
                                "kept_difference",
                                "kept_difference_matched",
                                "kept_difference_p",
                                "two_way",
                                "only_down",
                                "only_up",
                                "neither",
                                "ties_down",
                                "ties_up",
                                "ties_difference",
                                "ties_difference_p",
                                "closed_by_owed",
                                "reopened",
                                "median_days",
                                NULL };

  assert_summary (scores, empty, "EMPTY");
  cr_assert (value (scores, "overdue") == 0);
  cr_assert (value (scores, "connectedness") == 1 && value (scores, "hierarchy") == 1);
  cr_assert_eq (count_rows (scores, "summary"), 26u);
  cr_assert_eq (count_rows (scores, "pairs"), 0u);
  cr_assert_eq (count_rows (scores, "functions"), 0u);
  cr_assert_eq (count_rows (scores, "parties"), 3u);
  assert_null (scores, "parties", "a", "kept");
  assert_null (scores, "parties", "a", "kept_low");
  assert_null (scores, "parties", "a", "kept_shrunk");
  assert_null (scores, "parties", "a", "reciprocity");
  assert_word (scores, "parties", "a", "kept_shrunk_status", "EMPTY");
  assert_word (scores, "parties", "a", "median_days_status", "EMPTY");
  cr_assert (chains_figure (scores, "parties", "a", "owes") == 0
             && chains_figure (scores, "parties", "a", "kept_n") == 0);
  assert_word (scores, "lines", "a", "relation", "none");
  assert_word (scores, "lines", "a", "status", "EMPTY");
}

Test (accountability_corners, no_parties_at_all)
{
  g_autoptr (VcScores) scores = chains_score ("", SCORE);

  cr_assert_eq (count_rows (scores, "parties"), 0u);
  assert_word (scores, "summary", "connectedness", "status", "TOO_FEW");
}

Test (accountability_corners, one_pair)
{
  g_autoptr (VcScores) scores = chains_score (
    "party a person\nparty b person\ncommitment a b state=kept made=2025-01-01 closed=2025-01-03\n", SCORE);

  cr_assert (chains_figure (scores, "pairs", "a", "kept_ab") == 1);
  cr_assert (fabs (chains_figure (scores, "pairs", "a", "kept_ab_low") - 0.2065493) < 1e-7,
             "one of one is no proof of 1");
  cr_assert (chains_figure (scores, "pairs", "a", "balance") == 1);
  assert_null (scores, "pairs", "a", "kept_ba");
  assert_null (scores, "pairs", "a", "kept_ba_high");
  assert_null (scores, "pairs", "a", "difference");
  assert_null (scores, "pairs", "a", "difference_high");
  assert_word (scores, "pairs", "a", "status", "EMPTY");
  cr_assert (value (scores, "reciprocity") == 0 && value (scores, "reciprocity_null") == 0
             && value (scores, "rho") == 0);
  cr_assert (chains_figure (scores, "parties", "a", "median_days") == 2);
  assert_null (scores, "parties", "a", "median_days_high");
  assert_word (scores, "parties", "a", "median_days_status", "TOO_FEW");
  assert_word (scores, "parties", "a", "kept_shrunk_status", "TOO_FEW");
  assert_null (scores, "parties", "b", "reciprocity");
}

Test (accountability_corners, weights_of_nothing)
{
  g_autoptr (VcScores) scores = chains_score ("party a person\nparty b person manager=a\ncommitment a b state=kept "
                                              "weight=0\ncommitment b a state=open due=2025-01-01 weight=0\n"
                                              "commitment b a made=2025-02-01 weight=0 state=open\n",
                                              SCORE);
  const char *const empty[] = { "reciprocity", "reciprocity_null", "rho",
                                "kept",        "kept_down",        "kept_difference",
                                "median_days", "two_way",          "only_down",
                                "only_up",     "neither",          "ties_down",
                                "ties_up",     "ties_difference",  "ties_difference_p",
                                NULL };

  assert_summary (scores, empty, "EMPTY");
  assert_null (scores, "pairs", "a", "balance");
  assert_null (scores, "pairs", "a", "kept_ab");
  cr_assert (chains_figure (scores, "pairs", "a", "owed_ab") == 0);
  assert_word (scores, "lines", "a", "relation", "none");
  cr_assert (chains_figure (scores, "parties", "b", "overdue") == 1, "it is overdue whatever it weighs");
}

/* ---- outcomes ---- */

static const char two[] = "party a person\nparty b person\n";

static VcScores *
score_of_two (const char *commitments, const char *options)
{
  g_autofree char *text = g_strconcat (two, commitments, NULL);

  return chains_score (text, options);
}

Test (accountability_corners, what_counts_as_what)
{
  g_autoptr (VcScores) scores
    = score_of_two ("commitment a b state=kept due=2025-01-05 closed=2025-01-05\n" /* in time to the last instant */
                    "commitment a b state=kept due=2025-01-05 closed=2025-01-05T00:00:00.000001Z\n"
                    "commitment a b state=kept\n"
                    "commitment a b state=late closed=2025-01-05\n" /* nobody knows when it was due */
                    "commitment a b state=broken due=2025-02-01\n"
                    "commitment a b state=open due=2025-01-09\n"
                    "commitment a b state=open due=2025-01-10\n"
                    "commitment a b state=open\n"
                    "commitment a b state=withdrawn due=2025-01-02\n"
                    "commitment a b closed=2025-01-10\n"
                    "commitment a b\n",
                    SCORE);

  cr_assert (chains_proof (scores, "records_kept") == 3);
  cr_assert (chains_proof (scores, "records_late") == 2);
  cr_assert (chains_proof (scores, "records_broken") == 1);
  cr_assert (chains_proof (scores, "records_overdue") == 1);
  cr_assert (chains_proof (scores, "records_open") == 3);
  cr_assert (chains_proof (scores, "records_withdrawn") == 1);
  cr_assert (value (scores, "kept") == 3 / 7. && chains_figure (scores, "summary", "kept", "n") == 7);
  cr_assert (value (scores, "late") == 2 / 7.);
  cr_assert (chains_figure (scores, "parties", "a", "owes") == 11);
  cr_assert (chains_figure (scores, "parties", "a", "oldest_overdue_days") == 1);
}

Test (accountability_corners, everyone_perfect)
{
  g_autoptr (VcScores) scores = chains_score (
    "party a person\nparty b person manager=a\nparty c person manager=a\n"
    "commitment a b state=kept\ncommitment a b state=kept\ncommitment b a state=kept\ncommitment c a state=kept\n",
    SCORE);

  cr_assert (value (scores, "kept") == 1 && chains_figure (scores, "summary", "kept", "high") == 1);
  cr_assert (fabs (chains_figure (scores, "summary", "kept", "low") - 0.5101) < 1e-4);
  cr_assert (value (scores, "kept_difference") == 0);
  cr_assert (chains_figure (scores, "summary", "kept_difference", "low") < -0.3, "no proof that there is none");
  assert_word (scores, "parties", "a", "kept_shrunk_status", "NO_VARIANCE");
  /* Jeffreys's prior: (1/2 + 2) / (1 + 2). */
  cr_assert (fabs (chains_figure (scores, "parties", "a", "kept_shrunk") - 2.5 / 3) < 1e-15);
}

Test (accountability_corners, rates_that_differ_by_chance_only)
{
  g_autoptr (GString) text = g_string_new ("party z person\n");
  g_autoptr (VcScores) scores = NULL;

  for (guint i = 0; i < 20; i++)
    g_string_append_printf (text, "party p%u person\n", i);
  for (guint i = 0; i < 200; i++)
    g_string_append_printf (text, "commitment p%u z state=%s\n", i % 20, i < 100 ? "kept" : "broken");
  scores = chains_score (text->str, SCORE);
  assert_word (scores, "parties", "p0", "kept_shrunk_status", "NO_VARIANCE");
  cr_assert (chains_figure (scores, "parties", "p3", "kept_shrunk") == 0.5);
}

Test (accountability_corners, all_open)
{
  g_autoptr (VcScores) scores
    = score_of_two ("commitment a b state=open made=2025-01-01\ncommitment b a state=open made=2025-01-02\n", SCORE);
  const char *const empty[] = { "kept", "late", "closed_by_owed", "reopened", NULL };

  assert_summary (scores, empty, "EMPTY");
  assert_null (scores, "summary", "median_days", "value");
  assert_word (scores, "summary", "median_days", "status", "TOO_FEW");
  cr_assert (chains_figure (scores, "summary", "median_days", "n") == 2);
  cr_assert (value (scores, "reciprocity") == 1);
}

Test (accountability_corners, due_before_made)
{
  g_autoptr (VcScores) scores
    = score_of_two ("commitment a b state=kept made=2025-01-05 due=2025-01-01 closed=2025-01-06\n"
                    "commitment b a state=open made=2025-01-05 due=2025-01-01\n",
                    SCORE);

  cr_assert (chains_figure (scores, "parties", "a", "late") == 1);
  cr_assert (chains_figure (scores, "parties", "b", "overdue") == 1);
  cr_assert (chains_figure (scores, "parties", "b", "oldest_overdue_days") == 5);
}

/* ---- times ---- */

Test (accountability_corners, events_come_before_what_is_censored_with_them)
{
  /* Two kept after a day, of four: exactly a half then, as the two open ones of that day were still at risk. */
  g_autoptr (VcScores) scores
    = score_of_two ("commitment a b state=kept made=2025-01-01 closed=2025-01-02\n"
                    "commitment a b state=kept made=2025-01-01 closed=2025-01-02\n"
                    "commitment a b state=open made=2025-01-01\ncommitment a b state=open made=2025-01-01\n",
                    SCORE);

  cr_assert (value (scores, "median_days") == 1);
}

Test (accountability_corners, what_is_withdrawn_is_never_kept)
{
  const char *commitments = "commitment a b state=withdrawn made=2025-01-01 closed=2025-01-02\n"
                            "commitment a b state=withdrawn made=2025-01-01 closed=2025-01-02\n"
                            "commitment a b state=kept made=2025-01-01 closed=2025-01-03\n";
  g_autoptr (VcScores) scores = score_of_two (commitments, SCORE);

  /* Had they been censored, the median would be 2 days; of three, one was kept. */
  assert_null (scores, "summary", "median_days", "value");
  assert_word (scores, "summary", "median_days", "status", "TOO_FEW");
}

Test (accountability_corners, as_it_was_then)
{
  const char *commitments = "commitment a b state=kept made=2025-01-01 due=2025-01-09 closed=2025-01-05\n"
                            "commitment a b state=kept made=2025-01-04 closed=2025-01-06 closed_by=b\n"
                            "commitment b a state=broken made=2025-01-01 due=2025-01-02 closed=2025-01-05\n";
  g_autoptr (VcScores) now = score_of_two (commitments, SCORE);
  g_autoptr (VcScores) then = score_of_two (commitments, SCORE " at=2025-01-03");
  g_autoptr (VcScores) later = score_of_two (commitments, SCORE " at=2026-01-01T00:00:00Z");

  cr_assert (value (now, "kept") == 2 / 3. && value (later, "kept") == 2 / 3.);
  cr_assert (value (then, "kept") == 0, "one was open, one was not there, one was overdue");
  cr_assert (chains_figure (then, "parties", "a", "owes") == 1);
  cr_assert (chains_figure (then, "parties", "b", "overdue") == 1);
  cr_assert (chains_proof (then, "records_apart") == 1);
  assert_word (then, "summary", "closed_by_owed", "status", "EMPTY");
}

/* Whether what was closed later had been opened again by then, nobody knows: that half of it was, at some time, does
 * not say that all were. */
Test (accountability_corners, what_was_closed_later_says_nothing_about_opening_again)
{
  const char *commitments = "commitment a b state=kept made=2025-01-01 closed=2025-01-05 reopened=1\n"
                            "commitment a b state=kept made=2025-01-01 due=2025-01-02 closed=2025-01-05 reopened=0\n"
                            "commitment b a state=open made=2025-01-01 reopened=1\ncommitment b a state=kept "
                            "made=2025-01-01 closed=2025-01-02 reopened=0\n";
  g_autoptr (VcScores) now = score_of_two (commitments, SCORE);
  g_autoptr (VcScores) then = score_of_two (commitments, SCORE " at=2025-01-03");

  cr_assert (chains_figure (now, "parties", "a", "reopened") == 0.5);
  assert_null (then, "parties", "a", "reopened");
  cr_assert (chains_figure (then, "parties", "b", "reopened") == 0.5,
             "what is open still has been closed, where it was opened again");
  cr_assert (value (then, "reopened") == 0.5 && chains_figure (then, "summary", "reopened", "n") == 2);
}

Test (accountability_corners, reference_time_that_is_none)
{
  static const char *const wrong[] = { "yesterday", "2025-13-01", "2025-01-01T", "1735689600" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (VcChain) chain = chains_new (two);
    g_autofree char *options = g_strconcat (SCORE " at=", wrong[i], NULL);
    g_autoptr (VcMeasure) measure = chains_measure (options, NULL);
    g_autoptr (GError) error = NULL;

    cr_assert_null (vc_measure_run (measure, chain, NULL, NULL, &error));
    cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));
    cr_assert_null (strstr (error->message, wrong[i]));
  }
}

Test (accountability_corners, old_records_decay)
{
  const char *commitments = "commitment a b state=kept made=2025-01-11 closed=2025-01-21\n"
                            "commitment a b state=broken made=2025-01-01 closed=2025-01-02\n";
  g_autoptr (VcScores) scores = score_of_two (commitments, SCORE " half-life=10");

  /* A half and a quarter. */
  cr_assert (fabs (value (scores, "kept") - 2 / 3.) < 1e-15);
  cr_assert (fabs (chains_figure (scores, "parties", "a", "owes") - 0.75) < 1e-15);
  cr_assert (fabs (chains_figure (scores, "summary", "kept", "n") - 1.8) < 1e-14, "(3/4)^2 / (5/16)");
}

/* What has faded to nothing is no rate of nothing: the run says why it has none. */
Test (accountability_corners, all_has_faded)
{
  g_autoptr (VcChain) chain = chains_new ("party a person\nparty b person\n"
                                          "commitment a b state=kept made=2025-01-01 closed=2025-01-02\n"
                                          "commitment a b state=broken made=2025-01-02\n");
  g_autoptr (VcMeasure) late = chains_measure (SCORE " half-life=1 at=2028-01-01", NULL);
  g_autoptr (VcMeasure) in_time = chains_measure (SCORE " half-life=1 at=2027-08-01", NULL);
  g_autoptr (VcScores) none = NULL, some = NULL;
  g_autoptr (GError) error = NULL;

  none = vc_measure_run (late, chain, NULL, NULL, &error);
  cr_assert (none == NULL && g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));
  cr_assert_not_null (strstr (error->message, "half-life"));
  cr_assert_not_null (strstr (error->message, "2028-01-01"));
  g_clear_error (&error);
  none = vc_measure_explain (late, chain, "a", NULL, NULL, &error);
  cr_assert (none == NULL && g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));

  some = vc_measure_run (in_time, chain, NULL, NULL, NULL);
  cr_assert (fabs (value (some, "kept") - 1 / 3.) < 1e-15, "the older one weighs half as much");
}

/* ---- lines ---- */

Test (accountability_corners, two_who_are_each_others_managers)
{
  g_autoptr (VcScores) scores = chains_score ("party a person manager=b\nparty b person manager=a\n"
                                              "commitment a b state=kept\ncommitment b a state=broken\n",
                                              SCORE);

  cr_assert_eq (count_rows (scores, "lines"), 2u);
  cr_assert (chains_figure (scores, "lines", "a", "difference") == 1);
  cr_assert (chains_figure (scores, "lines", "b", "difference") == -1);
  cr_assert (value (scores, "kept_difference") == 0 && value (scores, "two_way") == 1);
  cr_assert (value (scores, "hierarchy") == 0);
}

Test (accountability_corners, reporting_lines_in_a_circle)
{
  g_autoptr (VcScores) scores
    = chains_score ("party a person manager=c\nparty b person manager=a\nparty c person manager=b\n", SCORE);

  cr_assert_eq (count_rows (scores, "lines"), 3u);
  cr_assert (value (scores, "connectedness") == 1 && value (scores, "hierarchy") == 0
             && value (scores, "efficiency") == 0.75 && value (scores, "lub") == 1);
}

Test (accountability_corners, who_manages_itself_is_in_no_line)
{
  g_autoptr (VcScores) scores = chains_score ("party a person manager=a\n", SCORE);

  cr_assert_eq (count_rows (scores, "lines"), 0u);
}

Test (accountability_corners, customers_are_in_pairs_but_in_no_line)
{
  g_autoptr (VcScores) scores
    = chains_score ("party k customer\nparty a person manager=k\nparty l customer manager=a\n"
                    "commitment a k state=kept\ncommitment k a state=broken\ncommitment a l state=broken\n",
                    SCORE);

  cr_assert_eq (count_rows (scores, "lines"), 0u);
  cr_assert_eq (count_rows (scores, "pairs"), 2u);
  cr_assert (chains_figure (scores, "parties", "a", "kept") == 0.5);
  cr_assert (chains_figure (scores, "parties", "k", "owes") == 1);
  assert_word (scores, "summary", "kept_down", "status", "EMPTY");
  assert_word (scores, "summary", "two_way", "status", "EMPTY");
}

Test (accountability_corners, a_tie_counts_once_among_matched_ones)
{
  /* Down 1 of 1 and 0 of 1; up 3 of 4 and 0 of 1. */
  g_autoptr (VcScores) scores
    = chains_score ("party m person\nparty a person manager=m\nparty b person manager=m\nparty c person manager=m\n"
                    "commitment m a state=kept\ncommitment m b state=broken\ncommitment m c state=kept\n"
                    "commitment a m state=kept\ncommitment a m state=kept\ncommitment a m state=kept\n"
                    "commitment a m state=broken\ncommitment b m state=broken\n",
                    SCORE);

  cr_assert (value (scores, "kept_down") == 2 / 3. && value (scores, "kept_up") == 3 / 5.);
  cr_assert (value (scores, "kept_difference_matched") == 0.125);
  cr_assert (chains_figure (scores, "summary", "kept_difference_matched", "n") == 2);
  cr_assert (chains_figure (scores, "summary", "kept_difference_p", "n") == 1
             && value (scores, "kept_difference_p") == 0.5);
}

/* ---- reciprocity ---- */

Test (accountability_corners, counts_and_amounts_have_different_nulls)
{
  const char *parties = "party a person\nparty b person\nparty c person\n";
  g_autofree char *counts
    = g_strconcat (parties, "commitment a b weight=2\ncommitment b c weight=2\ncommitment c a weight=2\n", NULL);
  g_autofree char *amounts
    = g_strconcat (parties, "commitment a b weight=0.5\ncommitment b c weight=0.5\ncommitment c a weight=0.5\n", NULL);
  g_autoptr (VcScores) whole = chains_score (counts, SCORE);
  g_autoptr (VcScores) parts = chains_score (amounts, SCORE);

  /* Mean weight m = 1 of each ordered pair: m / (1 + 2 m) for counts, 1 / 2 for amounts, in any unit. */
  cr_assert (fabs (value (whole, "reciprocity_null") - 1 / 3.) < 1e-9);
  cr_assert (fabs (value (parts, "reciprocity_null") - 1 / 2.) < 1e-9);
  cr_assert (fabs (value (parts, "rho") + 1) < 1e-9);
}

/* ---- units ---- */

static const char desk[]
  = "party k customer\nparty top unit\nparty desk unit unit=top\nparty x person unit=desk\nparty y person unit=desk\n"
    "party z person unit=top\nparty w person\n"
    "commitment x z state=kept closed_by=x\n"   /* out of the desk, within top */
    "commitment x w state=broken closed_by=w\n" /* out of both */
    "commitment x y state=kept\n"               /* within the desk */
    "commitment y k state=kept closed_by=k\n"   /* to a customer */
    "commitment z x state=kept weight=2\n"      /* back into the desk */
    "commitment w y state=broken\n";

Test (accountability_corners, functions_are_what_units_owe_outside)
{
  g_autoptr (VcScores) scores = chains_score (desk, SCORE);

  cr_assert_eq (count_rows (scores, "functions"), 2u);
  cr_assert (chains_figure (scores, "functions", "desk", "owes") == 3);
  cr_assert (chains_figure (scores, "functions", "desk", "kept") == 2 / 3.);
  cr_assert (chains_figure (scores, "functions", "desk", "closed_by_owed") == 2 / 3.);
  cr_assert (chains_figure (scores, "functions", "desk", "owed") == 3);
  cr_assert (chains_figure (scores, "functions", "desk", "owed_kept") == 2 / 3.);
  cr_assert (chains_figure (scores, "functions", "desk", "reciprocity") == 1 / 3.);
  cr_assert (chains_figure (scores, "functions", "desk", "owed_reciprocity") == 1 / 3.);
  cr_assert (chains_figure (scores, "functions", "top", "owes") == 2);
  cr_assert (chains_figure (scores, "functions", "top", "kept") == 0.5);
  cr_assert (chains_figure (scores, "functions", "top", "owed_kept") == 0);
}

Test (accountability_corners, people_are_rolled_up)
{
  g_autoptr (VcScores) scores = chains_score (desk, SCORE " group-by=unit");
  g_autoptr (VcScores) plain = chains_score (desk, SCORE);

  /* k, top (with z), desk (with x and y), and w, who is in no unit. */
  cr_assert_eq (count_rows (scores, "parties"), 4u);
  cr_assert (chains_figure (scores, "parties", "desk", "owes") == 4);
  cr_assert (chains_figure (scores, "parties", "desk", "kept") == 0.75);
  cr_assert (chains_figure (scores, "parties", "top", "owes") == 2);
  cr_assert (chains_figure (scores, "parties", "w", "kept") == 0);
  /* Between parties, not between groups: x and z, 1 of the 4. */
  cr_assert (chains_figure (scores, "parties", "desk", "reciprocity") == 0.25);
  cr_assert_eq (count_rows (scores, "pairs"), 3u);
  cr_assert (chains_figure (scores, "pairs", "desk", "owed_ab") == 1, "to k, who comes first by id, or to top");
  cr_assert (value (scores, "kept") == value (plain, "kept"));
}

Test (accountability_corners, a_unit_within_itself_is_refused)
{
  static const char *const texts[] = { "party u unit unit=u\n", "party u unit unit=v\nparty v unit unit=u\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (VcChainBuilder) builder = chains_read_builder (texts[i]);
    g_autoptr (GError) error = NULL;

    cr_assert_null (vc_chain_builder_build (builder, NULL, NULL, &error));
    cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CYCLE));
  }
}

/* ---- weights ---- */

Test (accountability_corners, weights_at_the_ends_of_what_numbers_can_be)
{
  static const char *const units[] = { "1e-300", "1", "1e300" };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    g_autofree char *commitments = g_strdup_printf (
      "commitment a b state=kept weight=%s\ncommitment a b state=broken weight=%s\n", units[i], units[i]);
    g_autoptr (VcScores) scores = score_of_two (commitments, SCORE);

    cr_assert (value (scores, "kept") == 0.5 && fabs (chains_figure (scores, "summary", "kept", "n") - 2) < 1e-14, "%s",
               units[i]);
    cr_assert (fabs (chains_figure (scores, "summary", "kept", "low") - 0.0945312) < 1e-6);
  }
}

Test (accountability_corners, doubled_weights_change_no_rate)
{
  g_autoptr (VcScores) once
    = score_of_two ("commitment a b state=kept weight=3\ncommitment a b state=broken weight=1\n", SCORE);
  g_autoptr (VcScores) twice
    = score_of_two ("commitment a b state=kept weight=6\ncommitment a b state=broken weight=2\n", SCORE);

  cr_assert (value (once, "kept") == 0.75 && value (twice, "kept") == 0.75);
  cr_assert (chains_figure (once, "summary", "kept", "low") == chains_figure (twice, "summary", "kept", "low"));
  cr_assert (fabs (chains_figure (once, "summary", "kept", "n") - 1.6) < 1e-14);
}
