/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must hold for every chain: tried on random ones. */
#include "chains.h"

#include <criterion/criterion.h>
#include <math.h>

#include "test-helpers.h"

#define N_CHAINS 60
#define MAX_FLOWS 48

static const char *const figures[]
  = { "effort",   "reach", "hierarchy", "stranded", "loop",      "undelivered", "rework",
      "distance", "level", "pull",      "top_down", "bottom_up", "origin_loop", "revenue" };

typedef struct {
  guint from, to, amount;
  gboolean is_order;
} Flow;

/* Parties 0 and 1 are customers, the others people; 2 manages 3. */
typedef struct {
  guint n_parties, n_flows;
  Flow  flows[MAX_FLOWS];
} Sketch;

static guint
roll (guint64 *dice, guint n)
{
  *dice = *dice * 6364136223846793005u + 1442695040888963407u;
  return (guint) ((*dice >> 33) % n);
}

static Sketch
sketch_new (guint64 seed)
{
  Sketch self = { 4 + roll (&seed, 8), 0, { { 0 } } };

  self.n_flows = roll (&seed, MAX_FLOWS / 2);
  for (guint i = 0; i < self.n_flows; i++) {
    Flow *flow = &self.flows[i];

    flow->from = roll (&seed, self.n_parties);
    flow->to = roll (&seed, self.n_parties);
    flow->amount = 1 + roll (&seed, 9);
    flow->is_order = roll (&seed, 4) == 0;
  }
  return self;
}

/* Party i is called after letter, and after (i + shift) modulo the number of parties. */
static void
write_words (const Sketch *self, GString *text, char letter, guint shift)
{
  guint n = self->n_parties;
#define NAME(i) letter, ((i) + shift) % n

  for (guint i = 0; i < n; i++) {
    g_string_append_printf (text, "party %c%02u %s", NAME (i), i < 2 ? "customer" : "person");
    if (i == 3)
      g_string_append_printf (text, " manager=%c%02u", NAME (2));
    if (i % 3 == 2)
      g_string_append_printf (text, " effort=%u", 4 * i);
    g_string_append_c (text, '\n');
  }
  for (guint i = 0; i < self->n_flows; i++)
    g_string_append_printf (text, "%s %c%02u %c%02u %u\n", self->flows[i].is_order ? "instruction" : "work",
                            NAME (self->flows[i].from), NAME (self->flows[i].to), self->flows[i].amount);
  g_string_append_printf (text, "receipt %c%02u 100\nreceipt %c%02u 17\n", NAME (0), NAME (1));
#undef NAME
}

static VcScores *
score (const Sketch *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  write_words (self, text, 'p', 0);
  return chains_score (text->str, NULL);
}

static double
figure (VcScores *scores, char letter, guint party, const char *name)
{
  g_autofree char *id = g_strdup_printf ("%c%02u", letter, party);

  return chains_figure (scores, "parties", id, name);
}

static gboolean
same (double a, double b)
{
  return isnan (a) ? isnan (b) : vc_test_close (a, b, 1e-11);
}

/* All figures of a party but those that are named. */
static void
assert_same (VcScores *a, VcScores *b, guint party, const char *const *but)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++) {
    double one = figure (a, 'p', party, figures[i]), other = figure (b, 'p', party, figures[i]);

    if (!g_strv_contains (but, figures[i]))
      cr_assert (same (one, other), "%s of %u: %.17g, %.17g", figures[i], party, one, other);
  }
}

static const char *const nothing[] = { NULL };

/* A party's shares do not depend on the unit that its work is counted in, nor do those of anybody else. */
Test (alignment_properties, scaling_what_one_party_delivers)
{
  static const char *const but[]
    = { "effort", "undelivered", "reach", "hierarchy", "stranded", "loop", "level", "revenue", "rework", NULL };

  for (guint64 seed = 0; seed < N_CHAINS; seed++) {
    Sketch plain = sketch_new (seed), scaled = plain;
    g_autoptr (VcScores) before = score (&plain);
    g_autoptr (VcScores) after = NULL;

    for (guint i = 0; i < scaled.n_flows; i++)
      if (scaled.flows[i].from == 4 && !scaled.flows[i].is_order)
        scaled.flows[i].amount *= 3;
    after = score (&scaled);
    for (guint party = 2; party < plain.n_parties; party++) {
      double passed_before = 1 - figure (before, 'p', party, "undelivered"),
             passed_after = 1 - figure (after, 'p', party, "undelivered");

      assert_same (before, after, party, but);
      for (guint i = 1; i < 5; i++)
        cr_assert (same (figure (before, 'p', party, figures[i]) * passed_after,
                         figure (after, 'p', party, figures[i]) * passed_before));
    }
  }
}

Test (alignment_properties, names_do_not_matter)
{
  for (guint64 seed = 0; seed < N_CHAINS; seed++) {
    Sketch sketch = sketch_new (seed);
    g_autoptr (VcScores) before = score (&sketch);
    g_autoptr (VcScores) after = NULL;
    g_autoptr (GString) text = g_string_new (NULL);

    write_words (&sketch, text, 'q', 3);
    after = chains_score (text->str, NULL);
    for (guint party = 2; party < sketch.n_parties; party++)
      for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
        cr_assert (same (figure (before, 'p', party, figures[i]),
                         figure (after, 'q', (party + 3) % sketch.n_parties, figures[i])));
  }
}

/* To the last bit. */
Test (alignment_properties, splitting_a_flow_changes_nothing)
{
  for (guint64 seed = 0; seed < N_CHAINS; seed++) {
    Sketch plain = sketch_new (seed), split = plain;
    g_autoptr (VcScores) before = NULL, after = NULL;
    g_autofree char *one = NULL, *other = NULL;

    for (guint i = 0; i < plain.n_flows; i++) {
      Flow half = plain.flows[i];

      plain.flows[i].amount *= 2;
      split.flows[split.n_flows++] = half;
    }
    before = score (&plain);
    after = score (&split);
    one = chains_dump (before);
    other = chains_dump (after);
    cr_assert_str_eq (one, other);
  }
}

Test (alignment_properties, self_flows_change_only_rework)
{
  static const char *const but[] = { "rework", NULL };

  for (guint64 seed = 0; seed < N_CHAINS; seed++) {
    Sketch plain = sketch_new (seed), more = plain;
    g_autoptr (VcScores) before = score (&plain);
    g_autoptr (VcScores) after = NULL;

    for (guint i = 0; i < plain.n_parties; i++)
      more.flows[more.n_flows++] = (Flow) { i, i, 1 + i, FALSE };
    after = score (&more);
    for (guint party = 2; party < plain.n_parties; party++) {
      assert_same (before, after, party, but);
      cr_assert (figure (after, 'p', party, "rework") > 0);
    }
    for (guint i = 0; i < 5; i++)
      cr_assert (same (chains_figure (before, "summary", figures[1 + i], "value"),
                       chains_figure (after, "summary", figures[1 + i], "value")));
  }
}

static double
value (VcScores *scores, const char *name)
{
  return chains_figure (scores, "summary", name, "value");
}

static double
whole_effort (VcScores *scores)
{
  VcColumn *column = vc_table_lookup_column (vc_scores_get_table (scores, "parties"), "effort");
  double sum = 0;

  for (guint64 row = 0; row < vc_column_get_n_rows (column); row++)
    sum += vc_column_is_null (column, row) ? 0 : vc_column_get_double (column, row);
  return sum;
}

/* Two organisations that have nothing to do with each other. */
Test (alignment_properties, a_union_adds_up)
{
  for (guint64 seed = 0; seed < N_CHAINS; seed++) {
    Sketch first = sketch_new (seed), second = sketch_new (seed + 1000);
    g_autoptr (GString) text = g_string_new (NULL), more = g_string_new (NULL);
    g_autoptr (VcScores) one = NULL, other = NULL, both = NULL;
    double a, b;

    write_words (&first, text, 'p', 0);
    write_words (&second, more, 'r', 0);
    one = chains_score (text->str, NULL);
    other = chains_score (more->str, NULL);
    g_string_append (text, more->str);
    both = chains_score (text->str, NULL);

    for (guint party = 2; party < first.n_parties; party++)
      assert_same (one, both, party, nothing);
    a = whole_effort (one), b = whole_effort (other);
    if (a > 0 && b > 0)
      cr_assert (same (value (both, "reach"), (a * value (one, "reach") + b * value (other, "reach")) / (a + b)));
    cr_assert (same (value (both, "revenue_attributed"),
                     value (one, "revenue_attributed") + value (other, "revenue_attributed")));
  }
}

/* Levels of the reversed network are the highest level less the level; the coherence is the same. No customers here,
 * who keep nothing. */
Test (alignment_properties, levels_of_the_reverse)
{
  for (guint64 seed = 0; seed < N_CHAINS; seed++) {
    Sketch sketch = sketch_new (seed);
    g_autoptr (GString) text = g_string_new (NULL), back = g_string_new (NULL);
    g_autoptr (VcScores) before = NULL, after = NULL;

    for (guint i = 0; i < sketch.n_parties; i++)
      g_string_append_printf (text, "party p%02u person\n", i);
    g_string_append (back, text->str);
    /* Connected, so that there is one highest level. */
    for (guint i = 1; i < sketch.n_parties; i++)
      sketch.flows[sketch.n_flows++] = (Flow) { i - 1, i, 1, FALSE };
    for (guint i = 0; i < sketch.n_flows; i++) {
      g_string_append_printf (text, "work p%02u p%02u %u\n", sketch.flows[i].from, sketch.flows[i].to,
                              sketch.flows[i].amount);
      g_string_append_printf (back, "work p%02u p%02u %u\n", sketch.flows[i].to, sketch.flows[i].from,
                              sketch.flows[i].amount);
    }
    before = chains_score (text->str, NULL);
    after = chains_score (back->str, NULL);
    cr_assert (same (value (before, "coherence"), value (after, "coherence")));
    for (guint i = 1; i < sketch.n_parties; i++)
      cr_assert (same (figure (before, 'p', i, "level") + figure (after, 'p', i, "level"),
                       figure (before, 'p', 0, "level") + figure (after, 'p', 0, "level")));
  }
}

static double
sum_of (VcScores *scores, const char *table, const char *name)
{
  VcColumn *column = vc_table_lookup_column (vc_scores_get_table (scores, table), name);
  double sum = 0;

  for (guint64 row = 0; row < vc_column_get_n_rows (column); row++)
    sum += vc_column_is_null (column, row) ? 0 : vc_column_get_double (column, row);
  return sum;
}

/* Across the tables: what they say of the same thing is the same. */
Test (alignment_properties, nothing_is_lost)
{
  for (guint64 seed = 0; seed < N_CHAINS; seed++) {
    Sketch sketch = sketch_new (seed);
    g_autoptr (VcScores) scores = score (&sketch);
    double effort = whole_effort (scores), sunk;

    cr_assert (chains_proof (scores, "conservation_shares") <= 1e-9);
    cr_assert (chains_proof (scores, "conservation_effort") <= 1e-9);
    cr_assert (chains_proof (scores, "conservation_revenue") <= 1e-9);
    cr_assert (
      vc_test_close (sum_of (scores, "parties", "revenue") + value (scores, "revenue_unattributed"), 117, 1e-12));
    if (effort == 0)
      continue;
    cr_assert (same (sum_of (scores, "customers", "effort"), value (scores, "reach") * effort));
    sunk = (value (scores, "hierarchy") + value (scores, "stranded") + value (scores, "loop")) * effort;
    cr_assert (same (sum_of (scores, "sinks", "effort"), sunk));
    cr_assert (same (sum_of (scores, "sinks", "share") + value (scores, "reach") + value (scores, "undelivered"), 1));
  }
}

Test (alignment_properties, somebody_apart_changes_nothing_else)
{
  for (guint64 seed = 0; seed < N_CHAINS; seed++) {
    Sketch sketch = sketch_new (seed);
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (VcScores) before = score (&sketch);
    g_autoptr (VcScores) after = NULL;
    static const char *const tables[] = { "sinks", "customers", "flows" };

    write_words (&sketch, text, 'p', 0);
    g_string_append (text, "party a00 person\n");
    after = chains_score (text->str, NULL);
    for (guint party = 2; party < sketch.n_parties; party++)
      assert_same (before, after, party, nothing);
    for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
      cr_assert_eq (vc_table_get_n_rows (vc_scores_get_table (before, tables[i])),
                    vc_table_get_n_rows (vc_scores_get_table (after, tables[i])));
    for (guint i = 1; i < 6; i++)
      cr_assert (same (value (before, figures[i]), value (after, figures[i])));
  }
}
