/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who works together, and how often a pair is counted, beside tables that have a place for every pair. */
#include <criterion/criterion.h>
#include <string.h>
#include "sources/vc-event-company-private.h"

#define MAX_PARTIES 300
#define MAX_CASES   60

typedef struct {
  guint32  n_parties;
  guint32  n_cases;
  gboolean met[MAX_CASES][MAX_PARTIES];
  guint32  order[MAX_PARTIES];
} Meetings;

static void
make_meetings (Meetings *self, GRand *random)
{
  const double share = g_rand_double (random);

  memset (self, 0, sizeof *self);
  self->n_parties = (guint32) g_rand_int_range (random, 1, MAX_PARTIES + 1);
  self->n_cases = (guint32) g_rand_int_range (random, 0, MAX_CASES + 1);
  for (guint32 i = 0; i < self->n_cases; i++)
    for (guint32 k = 0; k < self->n_parties; k++)
      self->met[i][k] = g_rand_double (random) < share * share * share;
  for (guint32 i = 0; i < self->n_parties; i++) {
    guint32 k = (guint32) g_rand_int_range (random, 0, (gint32) i + 1);

    self->order[i] = self->order[k];
    self->order[k] = i;
  }
}

/* Each party that was met comes twice. */
static void
tell (const Meetings *self, VcEventCompany *company)
{
  cr_assert (vc_event_company_init (company, (gsize) self->n_cases * self->n_parties, self->n_cases, self->n_parties));
  for (guint32 i = 0; i < self->n_cases; i++) {
    gsize n = 0;

    for (guint32 k = 0; k < 2 * self->n_parties; k++)
      if (self->met[i][k % self->n_parties])
        vc_event_company_meet (company, (gint32) (k % self->n_parties), i);
    for (guint32 k = 0; k < self->n_parties; k++)
      n += self->met[i][k];
    cr_assert_eq (vc_event_company_end_case (company), n);
  }
}

static guint32
count_cases (const Meetings *self, guint32 a, guint32 b)
{
  guint32 n = 0;

  for (guint32 i = 0; i < self->n_cases; i++)
    n += self->met[i][a] && self->met[i][b];
  return n;
}

static void
expect_pairs (const Meetings *self, const VcEventPair *pairs, guint64 n)
{
  guint64 next = 0;

  for (guint32 i = 0; i < self->n_parties; i++)
    for (guint32 k = i + 1; k < self->n_parties; k++) {
      const guint32 a = self->order[i], b = self->order[k], cases = count_cases (self, a, b);

      if (cases == 0)
        continue;
      cr_assert_lt (next, n);
      cr_assert (pairs[next].from == (gint32) a && pairs[next].to == (gint32) b && pairs[next].cases == cases
                 && pairs[next].count == cases);
      next++;
    }
  cr_assert_eq (next, n);
}

Test (event_company, is_that_of_each_pair)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  g_autofree Meetings *meetings = g_new (Meetings, 1);
  guint n_few = 0;

  for (guint i = 0; i < 200; i++) {
    g_auto (VcEventCompany) company = { NULL };
    g_autofree VcEventPair *pairs = NULL;
    guint64 n, some;

    make_meetings (meetings, random);
    tell (meetings, &company);
    n_few += (gsize) company.n_parties * (company.n_parties - 1) / 2 <= company.n;
    cr_assert (vc_event_company_count (&company, G_MAXUINT64, &n, NULL));
    cr_assert (vc_event_company_count (&company, n / 2, &some, NULL));
    cr_assert (n == 0 ? some == 0 : some > n / 2 && some <= n);
    pairs = g_new0 (VcEventPair, n);
    cr_assert (vc_event_company_list (&company, meetings->order, pairs, n, NULL));
    expect_pairs (meetings, pairs, n);
  }
  cr_assert (n_few > 10 && n_few < 190, "%u: each way is gone", n_few);
}

Test (event_company, stops_where_it_is_cancelled)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (VcEventCompany) company = { NULL };
  const guint32 order[] = { 0, 1 };
  VcEventPair pair;
  guint64 n;

  cr_assert (vc_event_company_init (&company, 2, 1, 2));
  vc_event_company_meet (&company, 0, 0);
  vc_event_company_meet (&company, 1, 0);
  cr_assert_eq (vc_event_company_end_case (&company), 2u);
  g_cancellable_cancel (cancellable);
  cr_assert_not (vc_event_company_count (&company, 9, &n, cancellable));
  cr_assert_not (vc_event_company_list (&company, order, &pair, 1, cancellable));
}

#define SIDE 400

Test (event_pairs, are_counted_each_by_itself)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autofree VcEventPair *expected = g_new0 (VcEventPair, SIDE * SIDE), *pairs = NULL;
  g_auto (VcEventPairs) counted = { .n = 0 };
  gsize n = 0;

  for (guint i = 0; i < 300000; i++) {
    const gint32 from = g_rand_int_range (random, 0, SIDE), to = g_rand_int_range (random, 0, 1 + from);
    const guint32 in_case = i / 1000;
    const double weight = (double) (i % 4) / 4;
    VcEventPair *pair = &expected[from * SIDE + to];
    const gboolean is_first = pair->cases == 0 || pair->newest != in_case;
    gboolean found_first;

    n += pair->cases == 0;
    *pair = (VcEventPair) { from, to, pair->count + weight, pair->cases + is_first, in_case };
    cr_assert (vc_event_pairs_add (&counted, from, to, weight, in_case, &found_first));
    cr_assert_eq (found_first, is_first);
    cr_assert_eq (counted.n, n);
  }
  pairs = g_new (VcEventPair, n);
  cr_assert (vc_event_pairs_take (&counted, pairs, NULL));
  cr_assert_eq (counted.n, 0u);
  for (gsize i = 0; i < n; i++) {
    VcEventPair *pair = &expected[pairs[i].from * SIDE + pairs[i].to];

    cr_assert (pair->cases == pairs[i].cases && pair->count == pairs[i].count && pair->newest == pairs[i].newest);
    pair->cases = 0; /* none comes twice */
  }
}
