/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain-helpers.h"

#include <string.h>

#include "chain/vc-chain-private.h"

#define N_PARTIES 2000
#define N_FLOWS 300000

/* Enough for every pass to be worth stopping; many flows agree in parties, so that ties are merged too. */
static VcChainBuilder *
large (void)
{
  VcChainBuilder *builder = vc_chain_builder_new ();
  guint64 state = 3;

  for (guint i = 0; i < N_PARTIES; i++)
    vc_chain_builder_add_party (builder, numbered ("party-", i),
                                i % 10 == 0 ? VC_PARTY_KIND_CUSTOMER : VC_PARTY_KIND_UNIT);
  for (guint i = 0; i < N_FLOWS; i++) {
    state = state * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;
    vc_chain_builder_add_flow (builder, numbered ("party-", (guint) (state >> 33) % 50),
                               numbered ("party-", (guint) (state >> 45) % N_PARTIES), VC_FLOW_KIND_WORK,
                               (double) (state >> 60));
  }
  return builder;
}

typedef struct {
  GCancellable *cancellable;
  gulong        delay;
} Stop;

static gpointer
stop_later (gpointer data)
{
  const Stop *stop = data;

  g_usleep (stop->delay);
  g_cancellable_cancel (stop->cancellable);
  return NULL;
}

/* Stopped at any moment, it says so or has finished; the builder is as good as before. */
Test (builder, can_be_stopped_anywhere)
{
  g_autoptr (VcChainBuilder) builder = large ();
  g_autoptr (VcChain) chain = build (builder);
  guint n_stopped = 0;

  for (guint run = 0; run < 40; run++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;
    g_autoptr (VcChain) other = NULL;
    Stop stop = { cancellable, run * 1000 };
    GThread *thread;

    if (run == 0)
      g_cancellable_cancel (cancellable);
    thread = g_thread_new ("stop", stop_later, &stop);
    other = vc_chain_builder_build (builder, NULL, cancellable, &error);
    g_thread_join (thread);
    cr_assert ((other == NULL) == (error != NULL));
    if (error != NULL)
      cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED), "%s", error->message);
    else
      cr_assert_str_eq (vc_chain_get_digest (other), vc_chain_get_digest (chain));
    n_stopped += error != NULL;
  }
  cr_assert_gt (n_stopped, 0u);
}

Test (builder, tells_how_far_it_has_come)
{
  g_autoptr (VcChainBuilder) builder = large ();
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (VcChain) chain = vc_chain_builder_build (builder, progress, NULL, NULL);
  g_autofree char *stage = vc_progress_dup_stage (progress);

  cr_assert_not_null (chain);
  cr_assert (vc_progress_get_fraction (progress) == 1);
  cr_assert_not_null (stage);
}

static gpointer
digest_of (gpointer chain)
{
  return (gpointer) vc_chain_get_digest (chain);
}

Test (builder, digest_is_made_once_for_all_threads)
{
  g_autoptr (VcChainBuilder) builder = large ();
  g_autoptr (VcChain) chain = build (builder);
  GThread *threads[16];
  gpointer first;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("digest", digest_of, chain);
  first = g_thread_join (threads[0]);
  for (guint i = 1; i < G_N_ELEMENTS (threads); i++)
    cr_assert_eq (g_thread_join (threads[i]), first);
}

/* ---- one thread at a time ---- */

static _Thread_local guint n_told;

static void
count_critical (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  cr_assert_not_null (strstr (message, "belongs to one call at a time"), "%s", message);
  n_told++;
}

static void
count_criticals (void)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_handler ("Valuechain", G_LOG_LEVEL_CRITICAL, count_critical, NULL);
}

typedef struct {
  VcChainBuilder *builder;
  int             done;
  int             n_busy; /* builds that found another call */
} Shared;

static gpointer
build_until_done (gpointer data)
{
  Shared *shared = data;

  while (!g_atomic_int_get (&shared->done)) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcChain) chain = vc_chain_builder_build (shared->builder, NULL, NULL, &error);

    cr_assert (chain != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY));
    if (chain == NULL)
      g_atomic_int_inc (&shared->n_busy);
  }
  return NULL;
}

/* What does nothing where it is told. */
static void
call (VcChainBuilder *builder, guint which, guint *n_added)
{
  const guint before = n_told;
  g_autofree char *title = NULL;
  guint commitment;

  switch (which) {
    case 0:
      vc_chain_builder_add_party (builder, numbered ("added-", *n_added), VC_PARTY_KIND_UNIT);
      *n_added += n_told == before;
      break;
    case 1:
      commitment = vc_chain_builder_add_commitment (builder, "party-1", "party-2");
      cr_assert_eq (commitment == G_MAXUINT, n_told > before);
      break;
    case 2:
      g_object_set (builder, "title", "other", NULL);
      break;
    default:
      g_object_get (builder, "title", &title, NULL);
  }
}

/* Calls while another thread builds, and builds while another thread checks. */
Test (builder, calls_during_another_thread_s_are_told_and_do_nothing, .timeout = 60)
{
  g_autoptr (VcChainBuilder) builder = large ();
  g_autoptr (VcChain) chain = NULL;
  Shared shared = { builder, FALSE, 0 };
  GThread *thread;
  guint n_added = 0;

  count_criticals ();
  thread = g_thread_new ("build", build_until_done, &shared);
  for (guint which = 0; which < 4; which++)
    for (const guint before = n_told; n_told == before;)
      call (builder, which, &n_added);
  while (g_atomic_int_get (&shared.n_busy) == 0) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcTable) check = vc_chain_builder_check (builder, NULL, NULL, &error);

    cr_assert (check != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY));
  }
  g_atomic_int_set (&shared.done, TRUE);
  g_thread_join (thread);
  chain = build (builder);
  cr_assert_eq (vc_chain_get_n_parties (chain), N_PARTIES + n_added);
}

#define N_CALLS 200000

/* Returns how many it was told of. */
static gpointer
add_flows (gpointer builder)
{
  for (guint i = 0; i < N_CALLS; i++)
    vc_chain_builder_add_flow (builder, "a", "b", VC_FLOW_KIND_WORK, 1);
  return GUINT_TO_POINTER (n_told);
}

/* What was not told was done. */
Test (builder, calls_of_two_threads_at_once_are_done_or_told, .timeout = 60)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;
  GThread *thread;
  guint n_told_in_all;

  count_criticals ();
  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "b", VC_PARTY_KIND_CUSTOMER);
  thread = g_thread_new ("add", add_flows, builder);
  n_told_in_all = GPOINTER_TO_UINT (add_flows (builder));
  n_told_in_all += GPOINTER_TO_UINT (g_thread_join (thread));
  chain = build (builder);
  cr_assert_eq (vc_chain_get_n_flows (chain) + n_told_in_all, 2 * N_CALLS);
}

Test (builder, and_chain_let_go_of_what_they_hold)
{
  VcChainBuilder *builder = vc_chain_builder_new ();
  VcTable *parties = TABLE (TEXTS ("id", "a", "b"), TEXTS ("kind", "unit", "customer"));
  VcTable *flows = TABLE (TEXTS ("from", "a", "b"), TEXTS ("to", "b", "a"), DOUBLES ("amount", 1, 2));
  VcChain *chain;
  VcTable *own;
  gpointer weak[] = { builder, parties, flows, NULL, NULL };

  vc_chain_builder_add_parties (builder, parties, NULL);
  vc_chain_builder_add_flows (builder, flows, NULL);
  weak[3] = chain = build (builder);
  weak[4] = own = g_object_ref (vc_chain_get_flows (chain));
  for (guint i = 0; i < G_N_ELEMENTS (weak); i++)
    g_object_add_weak_pointer (weak[i], &weak[i]);
  g_object_unref (parties);
  g_object_unref (flows);
  cr_assert_not_null (weak[1]);
  g_object_unref (builder);
  cr_assert_null (weak[0]);
  cr_assert_null (weak[1]);
  cr_assert_null (weak[2]);
  g_object_unref (chain);
  cr_assert_null (weak[3]);
  cr_assert (vc_column_get_double (vc_table_lookup_column (own, "amount"), 0) == 1, "tables outlive their chain");
  g_object_unref (own);
  cr_assert_null (weak[4]);
}

Test (builder, has_properties)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (VcChainBuilder) builder
    = g_object_new (VC_TYPE_CHAIN_BUILDER, "title", "T", "currency", "EUR", "effort-unit", "hours", NULL);
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcLimits) found = NULL;
  g_autofree char *title = NULL;
  guint n_parties = 1;
  VcColumn *amount;

  g_object_set (builder, "limits", limits, NULL);
  g_object_set (builder, "limits", NULL, NULL);
  g_object_get (builder, "limits", &found, NULL);
  cr_assert_eq (found, limits);
  chain = build (builder);
  g_object_get (chain, "title", &title, "n-parties", &n_parties, NULL);
  cr_assert_str_eq (title, "T");
  cr_assert_eq (n_parties, 0u);
  cr_assert_str_eq (vc_chain_get_currency (chain), "EUR");
  cr_assert_str_eq (vc_chain_get_effort_unit (chain), "hours");
  amount = vc_table_lookup_column (vc_chain_get_flows (chain), "amount");
  cr_assert_str_eq (vc_column_get_unit (amount), "hours");
  cr_assert_not_null (vc_column_get_description (amount));
  amount = vc_table_lookup_column (vc_chain_get_receipts (chain), "amount");
  cr_assert_str_eq (vc_column_get_unit (amount), "EUR");
  cr_assert_not (vc_chain_get_window (chain, NULL, NULL));
}

Test (builder, settings_win_over_tables_and_later_ones_over_earlier)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) parties = TABLE (TEXTS ("id", "b", "a"), TEXTS ("kind", "unit", "unit"),
                                       TEXTS ("name", "Old", "Other"), DOUBLES ("effort", 1, 2));
  g_autoptr (VcChain) chain = NULL;
  g_autofree char *name = NULL;
  VcColumn *names;

  vc_chain_builder_set_party_field (builder, "b", "name", "Newer");
  vc_chain_builder_set_effort (builder, "a", 7);
  vc_chain_builder_add_parties (builder, parties, NULL);
  vc_chain_builder_set_party_field (builder, "b", "name", "Newest");
  chain = build (builder);
  names = vc_table_lookup_column (vc_chain_get_parties (chain), "name");
  name = vc_column_dup_text (names, 1);
  cr_assert_str_eq (name, "Newest");
  cr_assert_eq (vc_column_get_n_labels (names), 2u, "names that were replaced are gone");
  cr_assert (vc_chain_peek_arrays (chain)->effort[0] == 7);
  cr_assert (vc_chain_peek_arrays (chain)->effort[1] == 1);
}

/* What is not UTF-8, far too long, a number larger than any index: ids are text. */
Test (builder, ids_of_all_kinds)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autofree char *longest = g_strnfill (1 << 20, 'x');
  const char *const ids[] = { "18446744073709551615", "-1", "0", " ", "a\tb", "\xf0\x9f\x98\x80", "=1+1", longest };
  g_autoptr (VcChain) chain = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    vc_chain_builder_add_party (builder, ids[i], VC_PARTY_KIND_UNIT);
    vc_chain_builder_add_flow (builder, ids[i], ids[0], VC_FLOW_KIND_WORK, 1e-320);
  }
  chain = build (builder);
  cr_assert_eq (vc_chain_get_n_parties (chain), G_N_ELEMENTS (ids));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    gint64 party = vc_chain_lookup_party (chain, ids[i]);
    g_autofree char *id = NULL;

    cr_assert_geq (party, 0);
    id = vc_chain_dup_party_id (chain, (guint) party);
    cr_assert_str_eq (id, ids[i]);
  }
  cr_assert (vc_chain_peek_arrays (chain)->amount[0] == 1e-320);
}

Test (builder, lists_the_fields_of_records)
{
  static const struct { const char *records, *fields; } cases[] = {
    { "parties", "id kind name unit manager effort" },
    { "flows", "from to kind amount at case" },
    { "receipts", "customer amount at" },
    { "commitments", "from to what made due closed state closed_by reopened weight id" },
    { "others", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) fields = vc_chain_builder_list_fields (cases[i].records);
    g_autofree char *joined = g_strjoinv (" ", fields);

    cr_assert_str_eq (joined, cases[i].fields);
  }
}
