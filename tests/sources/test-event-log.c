/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include "event-logs.h"
#include "sources/vc-event-walk-private.h"

static VcEventLog *
new_log (const char *root, const char *content)
{
  g_autofree char *path = g_build_filename (root, "log.csv", NULL);

  put_file (root, "log.csv", content, -1);
  return vc_event_log_new (path, "case", "party", "time");
}

#define PLAIN                                  \
  "case,party,time,who,category,category\n"    \
  "1,a,2025-01-01,70,x,y\n"                    \
  "1,b,2025-01-02,70,x,y\n"                    \
  "2,b,2025-01-01T12:00,71,x,y\n"              \
  "1,b,2025-01-03,70,x,y\n"                    \
  "2,70,2025-01-05,71,x,y\n"                   \
  "3,c,2025-01-04,70,x,y\n"

Test (event_log, steps_reworks_and_deliveries)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, PLAIN);
  g_autoptr (VcChain) chain = NULL;
  g_autofree char *first_case = NULL;
  VcTable *flows;
  gint64 start, end;

  g_object_set (log, "customer-column", "who", NULL);
  assert_flows (log, "70>customer:71*1 a>b*1 b>70*1 b>b*1 b>customer:70*1 c>customer:70*1");
  assert_report (log, "events", 6, "cases", 3, "hand-overs", 2, "self hand-overs", 1, "deliveries", 3,
                 "events without party", -1, "cases without customer", -1, "cases whose customer changed", -1, "ties",
                 -1, "cases out of order", -1, NULL);

  chain = expect_log (log);
  cr_assert_eq (vc_chain_get_n_parties (chain), 6u);
  cr_assert_eq (vc_chain_get_party_kind (chain, (guint) vc_chain_lookup_party (chain, "70")), VC_PARTY_KIND_UNIT);
  cr_assert_eq (vc_chain_get_party_kind (chain, (guint) vc_chain_lookup_party (chain, "customer:70")),
                VC_PARTY_KIND_CUSTOMER);
  cr_assert (vc_chain_get_window (chain, &start, &end));
  cr_assert_eq (start, G_GINT64_CONSTANT (1735689600000000), "the first event");
  cr_assert_eq (end, G_GINT64_CONSTANT (1736035200000001), "just after the last");
  /* The first flow, of case 2, is at its last event. */
  flows = vc_chain_get_flows (chain);
  cr_assert_eq (vc_column_get_int64 (vc_table_lookup_column (flows, "at"), 0), G_GINT64_CONSTANT (1736035200000000));
  first_case = vc_column_dup_text (vc_table_lookup_column (flows, "case"), 0);
  cr_assert_str_eq (first_case, "2");
  drop_folder (root);
}

Test (event_log, without_customers_delivers_to_nobody)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, PLAIN);

  g_object_set (log, "party-kind", VC_PARTY_KIND_PERSON, NULL);
  assert_flows (log, "a>b*1 b>70*1 b>b*1");
  assert_report (log, "deliveries", 0, "cases without customer", -1, NULL);
  drop_folder (root);
}

Test (event_log, order_of_the_file_is_no_matter_but_for_ties)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (
    root, "case,party,time\n1,c,2025-01-03\n1,a,2025-01-01\n1,e,2025-01-05\n1,b,2025-01-02\n1,d,2025-01-04\n");

  assert_flows (log, "a>b*1 b>c*1 c>d*1 d>e*1");
  assert_report (log, "cases out of order", 1, "ties", -1, NULL);
  put_file (root, "log.csv", "case,party,time\n1,z,2025-01-02\n1,c,2025-01-01\n1,a,2025-01-01\n1,b,2025-01-01\n", -1);
  assert_flows (log, "a>b*1 b>z*1 c>a*1");
  assert_report (log, "cases out of order", 1, "ties", 2, NULL);
  drop_folder (root);
}

/* Many events of one case in each order that a merge sort can stumble over. */
Test (event_log, sorts_as_a_sort_does)
{
  for (guint n = 1; n < 70; n++) {
    char *root = make_folder ();
    g_autoptr (GString) text = g_string_new ("case,party,time\n"), expected = g_string_new (NULL);
    g_autoptr (VcEventLog) log = NULL;

    for (guint i = 0; i < n; i++) {
      guint place = (i * 71 + 13) % n;

      /* 71 is prime and larger than n: each place once. */
      g_string_append_printf (text, "1,p%02u,2025-01-01T00:%02u:%02u\n", place, place / 60, place % 60);
      if (i > 0)
        g_string_append_printf (expected, "%sp%02u>p%02u*1", i > 1 ? " " : "", i - 1, i);
    }
    log = new_log (root, text->str);
    assert_flows (log, expected->str);
    drop_folder (root);
  }
}

#define GAPS                \
  "case,party,time,who\n"   \
  "1,a,2025-01-01,x\n"      \
  "1,?,2025-01-02,\n"       \
  "1,b,2025-01-03,?\n"      \
  "2,a,2025-01-01,y\n"      \
  "2,,2025-01-02,z\n"       \
  "3,?,2025-01-01,w\n"      \
  "4,c,2025-01-01,\n"

Test (event_log, party_missing)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, GAPS);

  g_object_set (log, "customer-column", "who", "missing", "?", NULL);
  assert_flows (log, "a>b*1 a>customer:z*1 b>customer:x*1");
  assert_report (log, "events", 7, "cases", 4, "events without party", 3, "cases without customer", 1,
                 "cases without party at their end", 1, "cases whose customer changed", 1, "deliveries", 2, NULL);
  g_object_set (log, "missing-policy", VC_MISSING_POLICY_BREAK, NULL);
  assert_flows (log, "b>customer:x*1");
  assert_report (log, "events without party", 3, "cases without party at their end", 2, "deliveries", 1, "hand-overs",
                 0, NULL);
  g_object_set (log, "missing-policy", VC_MISSING_POLICY_ERROR, NULL);
  assert_refused (log, VC_IMPORT_ERROR_MISSING, "/log.csv:3: field party: the field is missing");
  drop_folder (root);
}

Test (event_log, case_or_time_missing)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log
    = new_log (root, "case,party,time\n1,a,2025-01-01\n,b,2025-01-02\n1,c,\n1,d,2025-01-04\n,e,\n");

  assert_flows (log, "a>d*1");
  assert_report (log, "events", 5, "cases", 1, "events without case", 2, "events without time", 1, "ties", -1, NULL);
  g_object_set (log, "missing-policy", VC_MISSING_POLICY_BREAK, NULL);
  assert_refused (log, VC_IMPORT_ERROR_MISSING, "/log.csv:4: field time: the field is missing");
  g_object_set (log, "missing-policy", VC_MISSING_POLICY_ERROR, NULL);
  assert_refused (log, VC_IMPORT_ERROR_MISSING, "/log.csv:3: field case: the field is missing");
  drop_folder (root);
}

Test (event_log, of_nothing_or_of_single_events)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time\n");
  g_autoptr (VcChain) empty = expect_log (log), single = NULL;

  cr_assert_eq (vc_chain_get_n_parties (empty), 0u);
  cr_assert_not (vc_chain_get_window (empty, NULL, NULL));
  assert_report (log, "events", 0, "cases", 0, "hand-overs", 0, NULL);

  put_file (root, "log.csv", "case,party,time,who\n1,a,2025-01-01,k\n2,b,2025-01-01,\n", -1);
  g_object_set (log, "customer-column", "who", NULL);
  single = expect_log (log);
  cr_assert_eq (vc_chain_get_n_parties (single), 3u);
  cr_assert_eq (vc_chain_get_n_flows (single), 1u);
  assert_report (log, "hand-overs", 0, "deliveries", 1, "cases without customer", 1, NULL);
  drop_folder (root);
}

Test (event_log, parties_that_no_event_is_left_of_are_none)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log
    = new_log (root, "case,party,time,who\n,gone,2025-01-01,lost\n1,a,2025-01-01,x\n1,a,2025-01-02,y\n");
  g_autoptr (VcChain) chain = NULL;

  g_object_set (log, "customer-column", "who", NULL);
  chain = expect_log (log);
  cr_assert_eq (vc_chain_lookup_party (chain, "gone"), -1);
  cr_assert_eq (vc_chain_lookup_party (chain, "customer:lost"), -1);
  cr_assert_eq (vc_chain_lookup_party (chain, "customer:x"), -1, "the customer of the case is y");
  cr_assert_eq (vc_chain_get_n_parties (chain), 2u);
  drop_folder (root);
}

Test (event_log, party_that_looks_like_a_customer)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log
    = new_log (root, "case,party,time,who\n1,customer:x,2025-01-01,y\n2,customer:,2025-01-01,y\n");
  g_autoptr (VcChain) chain = NULL;

  g_object_set (log, "customer-column", "who", NULL);
  chain = expect_log (log);
  cr_assert_eq (vc_chain_get_n_parties (chain), 3u);
  put_file (root, "log.csv", "case,party,time,who\n1,customer:x,2025-01-01,x\n", -1);
  assert_refused (log, VC_IMPORT_ERROR_DUPLICATE, NULL);
  drop_folder (root);
}

Test (event_log, that_is_wrong_says_where)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time\n1,a,2025-01-01\n1,b,yesterday\n");
  g_autoptr (GError) error = NULL;

  cr_assert_null (vc_source_load (VC_SOURCE (log), NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_TIME));
  cr_assert_not_null (strstr (error->message, "/log.csv:3"), "%s", error->message);
  cr_assert_not_null (strstr (error->message, "time"), "%s", error->message);
  cr_assert_null (strstr (error->message, "yesterday"), "%s", error->message);

  put_file (root, "log.csv", "case,party,time\n1,a,2025-01-01\n", -1);
  g_object_set (log, "party-column", "nobody", NULL);
  assert_refused (log, VC_IMPORT_ERROR_HEADER, "/log.csv:1: field nobody: the header lacks it (party-column)");
  g_object_set (log, "party-column", "case", NULL);
  assert_refused (log, VC_IMPORT_ERROR_VALUE, "/log.csv: case-column and party-column are the same column");
  g_object_set (log, "party-column", NULL, NULL);
  assert_refused (log, VC_IMPORT_ERROR_MISSING, "/log.csv: no party-column is given");
  drop_folder (root);
}

Test (event_log, with_a_bad_time_format_or_delimiter)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case;party;time\n1;a;1.2.2025 8:05\n1;b;1/3/2025\n");
  g_autoptr (GError) error = NULL;

  g_object_set (log, "delimiter", ";", "time-format", "%d.%m.%Y %H:%M", NULL);
  assert_refused (log, VC_IMPORT_ERROR_TIME, NULL);
  g_object_set (log, "time-format", "%Q", NULL);
  cr_assert_null (vc_source_load (VC_SOURCE (log), NULL, NULL, &error));
  cr_assert_eq (error->domain, VC_IMPORT_ERROR);
  put_file (root, "log.csv", "case;party;time\n1;b;1.3.2025 0:00\n1;a;28.2.2025 23:59\n", -1);
  g_object_set (log, "time-format", "%d.%m.%Y %H:%M", NULL);
  assert_flows (log, "a>b*1");
  drop_folder (root);
}

Test (event_log, may_be_packed)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "log.csv.gz", NULL);
  g_autoptr (VcEventLog) log = vc_event_log_new (path, "case", "party", "time");

  put_gzip (root, "log.csv.gz", PLAIN);
  assert_flows (log, "a>b*1 b>70*1 b>b*1");
  drop_folder (root);
}

Test (event_log, has_options_by_name)
{
  static const char *const texts[]
    = { "case-column", "party-column", "time-column", "customer-column", "time-format", "missing", "delimiter" };
  g_autoptr (VcEventLog) log = vc_event_log_new ("x", "c", "p", "t");
  VcMissingPolicy policy;
  VcPartyKind kind;

  g_object_set (log, "missing-policy", VC_MISSING_POLICY_BREAK, "party-kind", VC_PARTY_KIND_PERSON, NULL);
  g_object_get (log, "missing-policy", &policy, "party-kind", &kind, NULL);
  cr_assert (policy == VC_MISSING_POLICY_BREAK && kind == VC_PARTY_KIND_PERSON);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *value = NULL;

    g_object_set (log, texts[i], "v", NULL);
    g_object_get (log, texts[i], &value, NULL);
    cr_assert_str_eq (value, "v", "%s", texts[i]);
  }
}

/* register (a), then examine (b) and check (c) in either order, then decide (d). */
#define SIDE_BY_SIDE                                  \
  "case,party,time,what,hours\n"                      \
  "1,ann,2025-01-01,a,1\n1,bob,2025-01-02,b,2\n"     \
  "1,cy,2025-01-03,c,3\n1,dee,2025-01-04,d,4\n"      \
  "2,ann,2025-01-01,a,1\n2,cy,2025-01-02,c,\n"       \
  "2,bob,2025-01-03,b,2\n2,dee,2025-01-04,d,4\n"

Test (event_log, causes_hand_over_and_what_is_side_by_side_does_not)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, SIDE_BY_SIDE);

  g_object_set (log, "activity-column", "what", NULL);
  assert_flows (log, "ann>bob*1 ann>cy*1 bob>cy*1 bob>dee*1 cy>bob*1 cy>dee*1");
  g_object_set (log, "causal", TRUE, NULL);
  assert_flows (log, "ann>bob*2 ann>cy*2 bob>dee*2 cy>dee*2");
  assert_report (log, "hand-overs", 8, "successions without cause", 2, "events without activity", -1, NULL);
  drop_folder (root);
}

Test (event_log, weights_and_amounts)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, SIDE_BY_SIDE "1,ann,2025-01-05,a,1\n1,bob,2025-01-06,b,1\n");

  g_object_set (log, "weight", VC_EVENT_WEIGHT_CASE, NULL);
  assert_flows (log, "ann>bob*1 ann>cy*1 bob>cy*1 bob>dee*1 cy>bob*1 cy>dee*1 dee>ann*1");
  assert_report (log, "hand-overs of a pair again in its case", 1, NULL);
  put_file (root, "log.csv", "case,party,time\n1,a,2025-01-01\n1,b,2025-01-02\n1,a,2025-01-03\n1,c,2025-01-04\n", -1);
  g_object_set (log, "weight", VC_EVENT_WEIGHT_DECAY, "decay", 0.5, NULL);
  assert_flows (log, "a>a*0.5 a>b*1 a>c*1.25 b>a*1 b>c*0.5");
  put_file (root, "log.csv", SIDE_BY_SIDE, -1);
  g_object_set (log, "weight", VC_EVENT_WEIGHT_COUNT, "amount-column", "hours", NULL);
  assert_flows (log, "ann>bob*1 ann>cy*1 bob>cy*2 bob>dee*2 cy>dee*3");
  assert_report (log, "hand-overs without amount", 1, NULL);
  drop_folder (root);
}

Test (event_log, starts_and_completions_are_one_activity)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (
    root, "case,party,time,what,state\n1,a,2025-01-01,x,start\n1,b,2025-01-02,y,START\n1,a,2025-01-03,x,complete\n"
          "1,c,2025-01-04,y,complete\n1,d,2025-01-05,z,schedule\n1,e,2025-01-06,z,start\n");

  g_object_set (log, "activity-column", "what", "lifecycle-column", "state", NULL);
  /* y runs beside x, and changes hands; the last start is never completed. */
  assert_flows (log, "b>c*1 c>d*1 d>e*1");
  assert_report (log, "starts with their completion", 2, "self hand-overs", 0, NULL);
  g_object_set (log, "lifecycle-column", NULL, NULL);
  assert_flows (log, "a>b*1 a>c*1 b>a*1 c>d*1 d>e*1");
  drop_folder (root);
}

static void
assert_relations (VcEventLog *log, const char *expected)
{
  g_autoptr (VcChain) chain = expect_log (log);
  g_autoptr (VcTable) table = vc_event_log_get_relations (log);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint64 i = 0; i < vc_table_get_n_rows (table); i++) {
    g_autofree char *relation = vc_column_dup_text (vc_table_get_column (table, 0), i),
                    *from = vc_column_dup_text (vc_table_get_column (table, 1), i);
    g_autofree char *to = vc_column_dup_text (vc_table_get_column (table, 2), i);

    g_string_append_printf (text, "%s%.4s %s %s %g/%g %d/%d", i > 0 ? ", " : "", relation, from, to,
                            vc_column_get_double (vc_table_lookup_column (table, "count"), i),
                            vc_column_get_double (vc_table_lookup_column (table, "of"), i),
                            (int) vc_column_get_int64 (vc_table_lookup_column (table, "cases"), i),
                            (int) vc_column_get_int64 (vc_table_lookup_column (table, "of_cases"), i));
  }
  cr_assert_str_eq (text->str, expected);
}

Test (event_log, relations_of_parties)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (
    root, "case,party,time\n1,b,2025-01-01\n1,a,2025-01-02\n1,b,2025-01-03\n1,b,2025-01-04\n2,a,2025-01-01\n");

  cr_assert_null (vc_event_log_get_relations (log));
  g_object_set (log, "relations", TRUE, NULL);
  assert_relations (log, "hand a b 1/3 1/2, hand b a 1/3 1/2, self b b 1/3 1/2, subc b a 1/2 1/2, work a b 1/2 1/2");
  put_file (root, "log.csv", "case,party,time\n1,a,2025-01-01\n", -1);
  assert_relations (log, "");
  drop_folder (root);
}

/* What a log may make is bounded by its size; where it is passed, the event says. */
Test (event_log, makes_no_more_than_its_size_allows)
{
  char *root = make_folder ();
  g_autoptr (GString) content = g_string_new ("case,party,time\n");
  g_autoptr (VcEventLog) log = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (content, "1,%u,2025-01-01\n", i);
  log = new_log (root, content->str);
  g_object_unref (expect_log (log));
  g_object_set (log, "weight", VC_EVENT_WEIGHT_DECAY, "decay", 0.99, NULL);
  /* 131,072 and a tenth of its 17 KB are 132,762 flows; the first 516 parties make 515 * 516 / 2 = 132,870. */
  assert_refused (log, VC_IMPORT_ERROR_LIMIT,
                  "log.csv:517: with this event the log makes more flows than its size allows");
  g_object_set (log, "weight", VC_EVENT_WEIGHT_COUNT, "relations", TRUE, NULL);
  assert_refused (
    log, VC_IMPORT_ERROR_LIMIT,
    "log.csv:1001: with this event the log makes more pairs of parties that work together than its size allows");
  cr_assert_null (vc_event_log_get_relations (log));
  drop_folder (root);
}

/* The same of cases each of which alone is small enough. */
Test (event_log, makes_no_more_pairs_than_its_size_allows)
{
  char *root = make_folder ();
  g_autoptr (GString) content = g_string_new ("case,party,time\n");
  g_autoptr (VcEventLog) log = NULL;

  for (guint i = 0; i < 4000; i++)
    g_string_append_printf (content, "%u,%u,2025-01-01\n", i / 100, i * i / 7 % 3989);
  log = new_log (root, content->str);
  g_object_set (log, "relations", TRUE, NULL);
  assert_refused (log, VC_IMPORT_ERROR_LIMIT,
                  "log.csv: more pairs of parties work together than the size of the log allows");
  drop_folder (root);
}

Test (event_log, makes_no_more_flows_than_the_limit)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, PLAIN);
  g_autoptr (VcLimits) limits = g_object_new (VC_TYPE_LIMITS, "max-flows", G_GUINT64_CONSTANT (2), NULL);

  g_object_set (log, "limits", limits, NULL);
  assert_refused (log, VC_IMPORT_ERROR_LIMIT,
                  "log.csv:6: with this event the log makes more flows than the limit allows");
  drop_folder (root);
}

static void
assert_limited (VcEventLog *log, guint64 max_flows, const char *message)
{
  g_autoptr (VcLimits) limits = g_object_new (VC_TYPE_LIMITS, "max-flows", max_flows, NULL);

  g_object_set (log, "limits", limits, NULL);
  assert_refused (log, VC_IMPORT_ERROR_LIMIT, message);
}

/* Three pairs hand over, five work together, three of them in each case; without amounts there is no flow that the
 * limit could strike first. */
Test (event_log, makes_no_more_pairs_of_a_relation_than_the_limit)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log
    = new_log (root, "case,party,time,amount\n1,a,2025-01-01,\n1,b,2025-01-02,\n1,c,2025-01-03,\n"
                     "2,b,2025-01-01,\n2,c,2025-01-02,\n2,d,2025-01-03,\n");
  g_autoptr (VcLimits) enough = g_object_new (VC_TYPE_LIMITS, "max-flows", G_GUINT64_CONSTANT (5), NULL);

  g_object_set (log, "relations", TRUE, "amount-column", "amount", NULL);
  assert_limited (log, 1, "log.csv:4: with this event the log makes more pairs of a relation than the limit allows");
  assert_limited (log, 2,
                  "log.csv:4: with this event the log makes more pairs of parties that work together than the limit "
                  "allows");
  assert_limited (log, 4, "log.csv: more pairs of parties work together than the limit allows");
  g_object_set (log, "limits", enough, NULL);
  assert_relations (log, "hand a b 1/4 1/2, hand b c 2/4 2/2, hand c d 1/4 1/2, work a b 1/2 1/2, work a c 1/2 1/2, "
                         "work b c 2/2 2/2, work b d 1/2 1/2, work c d 1/2 1/2");
  drop_folder (root);
}

/* There may be millions of them to sort. */
Test (event_log, relations_stop_where_they_are_cancelled)
{
  g_auto (VcEventRelations) relations = { .n_cases = 1, .n_possible = { 1, 1, 1, 1 } };
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) parties = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcTable) table = NULL;
  gboolean is_first;

  cr_assert (vc_interner_add (interner, "a", 1) == 0 && vc_interner_add (interner, "b", 1) == 1);
  parties = vc_interner_finish (interner);
  cr_assert (vc_event_pairs_add (&relations.pairs[VC_RELATION_HAND_OVER], 1, 0, 1, 0, &is_first));
  table = vc_event_relations_tabulate (&relations, parties, cancellable);
  cr_assert_eq (vc_table_get_n_rows (table), 1);
  cr_assert (vc_event_pairs_add (&relations.pairs[VC_RELATION_HAND_OVER], 1, 0, 1, 0, &is_first));
  g_cancellable_cancel (cancellable);
  cr_assert_null (vc_event_relations_tabulate (&relations, parties, cancellable));
}
