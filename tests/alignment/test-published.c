/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Published numbers through the whole library: chain, measure, tables. */
#include "chains.h"

#include <criterion/criterion.h>
#include <math.h>

#include "test-helpers.h"

static void
assert_figure (VcScores *scores, const char *table, const char *row, const char *column, double expected,
               double precision)
{
  double found = chains_figure (scores, table, row, column);

  cr_assert (fabs (found - expected) <= precision, "%s %s %s is %.17g, not %.17g", table, row, column, found, expected);
}

/* Grinstead and Snell, chapter 11: a walk on 0 .. 4 that ends at either side. */
static const char drunkard[] = "party x0 customer\nparty x4 customer\n"
                               "party x1 person\nparty x2 person\nparty x3 person\n"
                               "work x1 x0 1\nwork x1 x2 1\nwork x2 x1 1\nwork x2 x3 1\nwork x3 x2 1\nwork x3 x4 1\n"
                               "receipt x0 100\n";

Test (alignment_published, drunkards_walk)
{
  g_autoptr (VcScores) scores = chains_score (drunkard, NULL);
  static const double steps[] = { 3, 4, 3 }, left[] = { 0.75, 0.5, 0.25 };

  for (guint i = 0; i < 3; i++) {
    char id[] = { 'x', (char) ('1' + i), '\0' };

    assert_figure (scores, "parties", id, "reach", 1, 0);
    assert_figure (scores, "parties", id, "distance", steps[i], 1e-14);
    /* Each delivers 2, of which (N R)_i0 ends at x0; of all 6, 3 end there. */
    assert_figure (scores, "parties", id, "revenue", 100 * 2 * left[i] / 3, 1e-12);
  }
  assert_figure (scores, "customers", "x0", "effort", 3, 1e-14);
  /* d_i0 = 7/3, 4, 5, weighted by what ends at x0. */
  assert_figure (scores, "customers", "x0", "distance", (0.75 * 7 / 3 + 0.5 * 4 + 0.25 * 5) / 1.5, 1e-13);
  assert_figure (scores, "summary", "distance", "value", 10.0 / 3, 1e-14);
}

/* The exercise with a step to the right twice as likely, the right end a customer and the left one a party that passes
 * nothing on: N R and the conditional times (N^2 R) / (N R). */
Test (alignment_published, walk_to_the_right)
{
  g_autoptr (VcScores) scores
    = chains_score ("party x0 person\nparty x4 customer\nparty x1 person\nparty x2 person\nparty x3 person\n"
                    "work x1 x0 1\nwork x1 x2 2\nwork x2 x1 1\nwork x2 x3 2\nwork x3 x2 1\nwork x3 x4 2\n",
                    NULL);
  static const double right[] = { 8.0 / 15, 4.0 / 5, 14.0 / 15 }, steps[] = { 23.0 / 5, 18.0 / 5, 71.0 / 35 };

  for (guint i = 0; i < 3; i++) {
    char id[] = { 'x', (char) ('1' + i), '\0' };

    assert_figure (scores, "parties", id, "reach", right[i], 1e-15);
    assert_figure (scores, "parties", id, "stranded", 1 - right[i], 1e-15);
    assert_figure (scores, "parties", id, "distance", steps[i], 1e-13);
  }
}

/* Integers 1 .. 5, uniformly upwards. */
Test (alignment_published, upwards)
{
  g_autoptr (VcScores) scores
    = chains_score ("party p1 person\nparty p2 person\nparty p3 person\nparty p4 person\nparty p5 customer\n"
                    "work p1 p2 1\nwork p1 p3 1\nwork p1 p4 1\nwork p1 p5 1\nwork p2 p3 1\nwork p2 p4 1\n"
                    "work p2 p5 1\nwork p3 p4 1\nwork p3 p5 1\nwork p4 p5 1\n",
                    NULL);

  assert_figure (scores, "parties", "p1", "distance", 25.0 / 12, 1e-15);
  assert_figure (scores, "parties", "p2", "distance", 11.0 / 6, 1e-15);
  assert_figure (scores, "parties", "p3", "distance", 1.5, 0);
  assert_figure (scores, "parties", "p4", "distance", 1, 0);
}

Test (alignment_published, closed_loop)
{
  g_autoptr (VcScores) scores = chains_score ("party a person\nparty b person\nparty c person\nparty k customer\n"
                                              "work c a 1\nwork c k 1\nwork a b 3\nwork b a 3\n",
                                              NULL);

  assert_figure (scores, "parties", "c", "reach", 0.5, 0);
  assert_figure (scores, "parties", "c", "loop", 0.5, 0);
  assert_figure (scores, "parties", "c", "distance", 1, 0);
  assert_figure (scores, "parties", "a", "reach", 0, 0);
  assert_figure (scores, "parties", "b", "loop", 1, 0);
  assert_figure (scores, "sinks", "a b", "effort", 7, 0);
}

/* A loop of two with a way out of 1e-14: 0.625 and 0.375, where elimination with subtraction gives 0.6255 and 0.3753.
 */
Test (alignment_published, nearly_closed_loop)
{
  g_autoptr (VcScores) scores = chains_score ("party a person\nparty b person\nparty k customer\nparty z person\n"
                                              "work a b 1\nwork a k 5e-15\nwork b a 1\nwork b z 3e-15\n",
                                              NULL);

  assert_figure (scores, "parties", "a", "reach", 0.625, 1e-12);
  assert_figure (scores, "parties", "a", "stranded", 0.375, 1e-12);
}

/* MacKay, Johnson and Sansom 2020 and their example networks: levels in order of id, and F0. */
static const struct {
  const char *flows;
  double      levels[6], incoherence, precision;
} nets[] = {
  { "a b 1,b c 1", { 0, 1, 2 }, 0, 1e-14 },
  { "a b 1,b c 1,a c 1", { 0, 2.0 / 3, 4.0 / 3 }, 1.0 / 9, 1e-14 },
  { "a b 1,b c 1,c a 1", { 0, 0, 0 }, 1, 1e-14 },
  { "a b 1,b c 1,c a 1,d a 1", { 1, 1, 1, 0 }, 0.75, 1e-14 },
  { "a b 1,b a 1,b c 1,c b 1,a c 1,c a 1,d e 1,e d 1,e f 1,f e 1,d f 1,f d 1,a d 1",
    { 0, 0, 0, 1, 1, 1 },
    12.0 / 13,
    1e-12 },
  { "a b 1,a c 0.2,a d 0.8,b c 0.2,b e 0.3,d c 0.6,d e 0.7,e d 0.2",
    { 0, 0.887324, 1.749541, 0.953460, 1.603593 },
    0.20249,
    5e-7 },
};

Test (alignment_published, trophic_levels)
{
  for (guint i = 0; i < G_N_ELEMENTS (nets); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_auto (GStrv) flows = g_strsplit (nets[i].flows, ",", -1);
    g_autoptr (VcScores) scores = NULL;

    for (guint k = 0; k < 6; k++)
      g_string_append_printf (text, "party %c person\n", 'a' + k);
    for (guint k = 0; flows[k] != NULL; k++)
      g_string_append_printf (text, "work %s\n", flows[k]);
    scores = chains_score (text->str, NULL);
    assert_figure (scores, "summary", "coherence", "value", 1 - nets[i].incoherence, MAX (nets[i].precision, 1e-12));
    for (guint k = 0; k < 6; k++) {
      char id[] = { (char) ('a' + k), '\0' };
      double level = chains_figure (scores, "parties", id, "level");

      /* Those without flows have none. */
      cr_assert (isnan (level) || fabs (level - nets[i].levels[k]) <= MAX (nets[i].precision, 1e-12),
                 "net %u, level of %s: %g", i, id, level);
    }
  }
}
