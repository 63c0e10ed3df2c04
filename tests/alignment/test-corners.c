/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The corner cases of the definition, one by one. */
#include "score-checks.h"

#include <criterion/criterion.h>
#include <math.h>

#include "valuechain/vc-error.h"

static const char *const shares[] = { "reach", "hierarchy", "stranded", "loop", "undelivered" };

static void
assert_shares (VcScores *scores, const char *party, const double expected[5])
{
  for (guint i = 0; i < 5; i++) {
    double found = chains_figure (scores, "parties", party, shares[i]);

    cr_assert (isnan (expected[i]) ? isnan (found) : found == expected[i], "%s of %s is %g", shares[i], party, found);
  }
}

Test (alignment_corners, chain_without_anything)
{
  g_autoptr (VcScores) scores = chains_score ("party a person\n", NULL);
  static const char *const names[]
    = { "reach",     "hierarchy", "stranded", "loop",      "undelivered",        "distance",
        "coherence", "pull",      "top_down", "bottom_up", "revenue_attributed", "revenue_unattributed" };

  cr_assert_eq (count_rows (scores, "summary"), G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    cr_assert_eq (chains_find (scores, "summary", names[i], NULL), i);
    assert_null (scores, "summary", names[i], "value");
    assert_null (scores, "summary", names[i], "low");
    assert_word (scores, "summary", names[i], "status", "EMPTY");
    cr_assert (chains_figure (scores, "summary", names[i], "n") == 0);
  }
  cr_assert_eq (count_rows (scores, "flows"), 0u);
  cr_assert_eq (count_rows (scores, "sinks"), 0u);
  cr_assert_eq (count_rows (scores, "customers"), 0u);
  assert_shares (scores, "a", (double[]) { NAN, NAN, NAN, NAN, NAN });
}

Test (alignment_corners, chain_without_parties)
{
  g_autoptr (VcScores) scores = chains_score ("", NULL);

  cr_assert_eq (count_rows (scores, "parties"), 0u);
  cr_assert_eq (count_rows (scores, "summary"), 12u);
}

Test (alignment_corners, effort_given_and_not)
{
  g_autoptr (VcScores) scores
    = chains_score ("party k customer\n"
                    "party more person effort=4\nparty less person effort=1\nparty none person\n"
                    "party idle person effort=3\nparty zero person effort=0\nparty nothing person\n"
                    "work more k 1\nwork less k 2\nwork none k 3\n",
                    NULL);

  cr_assert (chains_figure (scores, "parties", "more", "effort") == 4);
  assert_shares (scores, "more", (double[]) { 0.25, 0, 0, 0, 0.75 });
  cr_assert (chains_figure (scores, "parties", "less", "effort") == 2);
  assert_shares (scores, "less", (double[]) { 1, 0, 0, 0, 0 });
  cr_assert (chains_figure (scores, "parties", "none", "effort") == 3);
  assert_shares (scores, "none", (double[]) { 1, 0, 0, 0, 0 });
  cr_assert (chains_figure (scores, "parties", "idle", "effort") == 3);
  assert_shares (scores, "idle", (double[]) { 0, 0, 0, 0, 1 });
  assert_null (scores, "parties", "idle", "distance");
  cr_assert (chains_figure (scores, "parties", "zero", "effort") == 0);
  assert_shares (scores, "zero", (double[]) { NAN, NAN, NAN, NAN, NAN });
  assert_null (scores, "parties", "nothing", "effort");
  assert_shares (scores, "nothing", (double[]) { NAN, NAN, NAN, NAN, NAN });
  cr_assert (chains_figure (scores, "summary", "undelivered", "value") == 0.5);
  cr_assert (chains_figure (scores, "summary", "reach", "n") == 4);
}

Test (alignment_corners, ends_by_kind)
{
  g_autoptr (VcScores) scores
    = chains_score ("party k customer\nparty boss person\nparty other person manager=boss\nparty firm supplier\n"
                    "party a person\n"
                    "work a k 1\nwork a boss 1\nwork a other 1\nwork a firm 1\n",
                    NULL);

  assert_shares (scores, "a", (double[]) { 0.25, 0.25, 0.5, 0, 0 });
  assert_word (scores, "sinks", "boss", "kind", "manager");
  assert_word (scores, "sinks", "other", "kind", "other");
  assert_word (scores, "sinks", "firm", "kind", "other");
  cr_assert (chains_figure (scores, "sinks", "boss", "share") == 0.25);
  /* Equally large: in order of their ids. */
  cr_assert_eq (chains_find (scores, "sinks", "boss", NULL), 0);
  cr_assert_eq (chains_find (scores, "sinks", "firm", NULL), 1);
  cr_assert_eq (chains_find (scores, "sinks", "other", NULL), 2);
}

Test (alignment_corners, customer_who_manages_is_a_customer)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person manager=k\nwork a k 1\n", NULL);

  assert_shares (scores, "a", (double[]) { 1, 0, 0, 0, 0 });
}

Test (alignment_corners, self_flows_are_rework)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person\nparty b person\n"
                                              "work a b 3\nwork a a 1\nwork b k 1\nwork b b 1\n",
                                              NULL);

  assert_shares (scores, "a", (double[]) { 1, 0, 0, 0, 0 });
  cr_assert (chains_figure (scores, "parties", "a", "rework") == 0.25);
  cr_assert (chains_figure (scores, "parties", "a", "distance") == 2);
  cr_assert (chains_figure (scores, "parties", "a", "effort") == 3);
  cr_assert_eq (count_rows (scores, "flows"), 2u);
}

Test (alignment_corners, who_delivers_only_to_itself_is_an_end)
{
  g_autoptr (VcScores) scores = chains_score ("party a person\nparty b person\nwork a b 1\nwork b b 5\n", NULL);

  assert_shares (scores, "a", (double[]) { 0, 0, 1, 0, 0 });
  assert_null (scores, "parties", "b", "effort");
  cr_assert (chains_figure (scores, "parties", "b", "rework") == 1);
  assert_word (scores, "sinks", "b", "kind", "other");
}

Test (alignment_corners, what_flows_out_of_customers_is_not_followed)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person\nparty b person\nparty l customer\n"
                                              "work a k 1\nwork k b 1\nwork k l 1\nwork k k 1\nwork b l 2\n",
                                              NULL);

  assert_shares (scores, "a", (double[]) { 1, 0, 0, 0, 0 });
  cr_assert (chains_figure (scores, "parties", "a", "distance") == 1);
  cr_assert (chains_figure (scores, "customers", "l", "effort") == 2);
  cr_assert_eq (count_rows (scores, "flows"), 2u);
  cr_assert (chains_figure (scores, "parties", "b", "level") == 0, "nor does it lift anybody");
}

Test (alignment_corners, parallel_flows_add_up)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person\nparty b person\n"
                                              "work a k 1\nwork a b 1\nwork a k 2\nwork b k 1\n",
                                              NULL);

  cr_assert_eq (count_rows (scores, "flows"), 3u);
  cr_assert (chains_flow (scores, "a", "k", "amount") == 3);
  cr_assert (chains_figure (scores, "parties", "a", "distance") == 1.25);
}

Test (alignment_corners, other_kinds_of_flow_do_not_count)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person\nparty b person\n"
                                              "work a k 1\ninformation a b 9\ninstruction a b 9\n",
                                              NULL);

  assert_shares (scores, "a", (double[]) { 1, 0, 0, 0, 0 });
  assert_null (scores, "parties", "b", "effort");
  assert_null (scores, "parties", "b", "level");
}

Test (alignment_corners, flows_inside_a_closed_loop)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person\nparty b person\nparty c person\n"
                                              "work a b 1\nwork b a 2\nwork c a 4\nwork c k 4\n",
                                              NULL);

  assert_null (scores, "flows", "b", "carried");
  cr_assert (chains_flow (scores, "b", "a", "amount") == 2);
  cr_assert (chains_flow (scores, "b", "a", "reaching") == 0);
  cr_assert (chains_flow (scores, "c", "a", "carried") == 4);
  cr_assert (chains_flow (scores, "c", "k", "reaching") == 4);
  assert_word (scores, "sinks", "a b", "kind", "loop");
  /* Its members' own 1 and 2, and the 4 that come in, of 11. */
  cr_assert (chains_figure (scores, "sinks", "a b", "effort") == 7);
  cr_assert (chains_figure (scores, "sinks", "a b", "share") == 7.0 / 11);
}

Test (alignment_corners, flows_carry_what_comes_from_further_up)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person\nparty b person\nparty z person\n"
                                              "work a b 2\nwork b k 3\nwork b z 1\n",
                                              NULL);

  cr_assert (chains_flow (scores, "a", "b", "carried") == 2);
  cr_assert (chains_flow (scores, "a", "b", "reaching") == 1.5);
  cr_assert (chains_flow (scores, "b", "k", "carried") == 4.5);
  cr_assert (chains_flow (scores, "b", "z", "carried") == 1.5);
  cr_assert (chains_flow (scores, "b", "z", "reaching") == 0);
}

Test (alignment_corners, receipts)
{
  g_autoptr (VcScores) scores
    = chains_score ("currency EUR\nunit-of-effort hour\n"
                    "party k customer\nparty l customer\nparty m customer\nparty a person\nparty b person\n"
                    "party c person effort=0\nparty d person\n"
                    "work a k 3\nwork b k 1\nwork b m 1\n"
                    "receipt k 100\nreceipt k -20\nreceipt l 7\n",
                    NULL);

  cr_assert (chains_figure (scores, "parties", "a", "revenue") == 60);
  cr_assert (chains_figure (scores, "parties", "b", "revenue") == 20);
  cr_assert (chains_figure (scores, "parties", "c", "revenue") == 0);
  assert_null (scores, "parties", "d", "revenue");
  cr_assert (chains_figure (scores, "customers", "k", "receipts_per_effort") == 20);
  cr_assert (chains_figure (scores, "customers", "l", "effort") == 0, "listed, though nobody serves it");
  cr_assert (chains_figure (scores, "customers", "l", "receipts") == 7);
  assert_null (scores, "customers", "l", "receipts_per_effort");
  assert_null (scores, "customers", "l", "distance");
  cr_assert (chains_figure (scores, "customers", "m", "receipts") == 0, "it has paid nothing");
  cr_assert (chains_figure (scores, "summary", "revenue_attributed", "value") == 80);
  cr_assert (chains_figure (scores, "summary", "revenue_attributed", "n") == 2);
  cr_assert (chains_figure (scores, "summary", "revenue_unattributed", "value") == 7);
  cr_assert (chains_figure (scores, "summary", "revenue_unattributed", "n") == 1);
  assert_word (scores, "summary", "revenue_attributed", "unit", "EUR");
}

Test (alignment_corners, credit_notes_alone)
{
  g_autoptr (VcScores) scores
    = chains_score ("party k customer\nparty l customer\nparty a person\nparty b person\nparty z person\n"
                    "work a k 1\nwork a l 1\nwork b l 1\nwork z a 1\n"
                    "receipt k 30\nreceipt l -30\n",
                    NULL);

  cr_assert (chains_figure (scores, "summary", "revenue_attributed", "value") == 0);
  cr_assert (fabs (chains_figure (scores, "parties", "b", "revenue") + 12) < 1e-13);
}

Test (alignment_corners, without_receipts)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person\nwork a k 1\n", NULL);

  assert_null (scores, "parties", "a", "revenue");
  assert_null (scores, "customers", "k", "receipts");
  assert_null (scores, "customers", "k", "receipts_per_effort");
  assert_word (scores, "summary", "revenue_attributed", "status", "EMPTY");
}

Test (alignment_corners, origins_of_instructions)
{
  g_autoptr (VcScores) scores
    = chains_score ("party k customer\nparty boss person\nparty a person manager=boss\nparty b person\n"
                    "party o person\nparty p person\nparty q person\n"
                    "instruction k a 1\ninstruction boss a 2\ninstruction o a 1\ninstruction a b 5\n"
                    "instruction p q 1\ninstruction q p 1\ninstruction p k 3\ninstruction b b 7\n",
                    NULL);
  static const char *const names[] = { "pull", "top_down", "bottom_up", "origin_loop" };
  static const double a[] = { 0.25, 0.5, 0.25, 0 };

  for (guint i = 0; i < 4; i++) {
    cr_assert (chains_figure (scores, "parties", "a", names[i]) == a[i]);
    cr_assert (chains_figure (scores, "parties", "b", names[i]) == a[i]);
    cr_assert (chains_figure (scores, "parties", "q", names[i]) == (i == 3));
    assert_null (scores, "parties", "boss", names[i]);
    assert_null (scores, "parties", "o", names[i]);
  }
  cr_assert (chains_figure (scores, "summary", "top_down", "value") == 0.5 * 9 / 11);
  cr_assert (chains_figure (scores, "summary", "pull", "n") == 4);
}

Test (alignment_corners, levels_of_components)
{
  g_autoptr (VcScores) scores
    = chains_score ("party a person\nparty b person\nparty c person\nparty d person\nparty e person\nparty f person\n"
                    "work a b 1\nwork c d 9\nwork f f 1\n",
                    NULL);

  cr_assert (chains_figure (scores, "parties", "a", "level") == 0);
  cr_assert (fabs (chains_figure (scores, "parties", "d", "level") - 1) < 1e-12);
  assert_null (scores, "parties", "e", "level");
  assert_null (scores, "parties", "f", "level");
  /* The self flow counts as one that leads nowhere. */
  cr_assert (fabs (chains_figure (scores, "summary", "coherence", "value") - 10.0 / 11) < 1e-12);
  cr_assert (chains_figure (scores, "summary", "coherence", "n") == 3);
}

Test (alignment_corners, amounts_of_all_sizes)
{
  g_autoptr (VcScores) scores = chains_score ("party k customer\nparty a person\nparty b person\nparty z person\n"
                                              "work a b 1e-300\nwork b k 1e300\nwork b z 1e-300\n",
                                              NULL);

  assert_shares (scores, "b", (double[]) { 1, 0, 0, 0, 0 });
  cr_assert (chains_figure (scores, "parties", "a", "distance") == 2);
  cr_assert (chains_flow (scores, "a", "b", "carried") == 1e-300);
}

/* Passing 1e15 times, more effort than there are numbers for: an error, never a number. */
Test (alignment_corners, effort_that_passes_too_often)
{
  g_autoptr (VcChain) chain = chains_new ("party k customer\nparty a person\nparty b person\n"
                                          "work a b 1e300\nwork b a 1e300\nwork a k 1e285\n");
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_alignment_new ());
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = vc_measure_run (measure, chain, NULL, NULL, &error);

  cr_assert_null (scores);
  cr_assert_eq (error->domain, VC_MEASURE_ERROR);
}
