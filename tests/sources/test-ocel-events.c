/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Object-centric logs as chains. */
#include <criterion/criterion.h>
#include <string.h>

#include "../reference/ocel-log.h"
#include "folders.h"
#include "valuechain/valuechain.h"

/* Two orders; item i1 is shared by both. */
static const char shop[]
  = "E Take|by:string|worth:float\n"
    "E Pack|by:string\n"
    "E Send|by:string\n"
    "O Order|owner:string\n"
    "O Item\n"
    "O Clerk\n"
    "O Customer\n"
    "e e1|Take|2024-01-01T10:00:00Z|by=Ann|worth=5|>o1|>i1|>i2|>a:takes|>b:watches\n"
    "e e2|Take|2024-01-01T11:00:00Z|by=Bob|>o2|>i1|>b:takes|>c2:asks\n"
    "e e3|Pack|2024-01-02T09:00:00Z|by=Cid|>o1:out|>o2:out|>i1|>i2|>c\n"
    "e e4|Send|2024-01-03T09:00:00Z|by=Ann|>o1:first|>o1:second|>a|>b\n"
    "e e5|Send|2024-01-04T09:00:00Z|>o2\n"
    "e e6|Send|2024-01-05T09:00:00Z|by=Bob\n"
    "o o1|Order|owner=Zoe@1970-01-01T00:00:00Z|owner=Yan@2024-01-02T00:00:00Z|owner=Xi@2024-01-01T00:00:00Z|>c1:of\n"
    "o o2|Order\n"
    "o i1|Item\n"
    "o i2|Item\n"
    "o a|Clerk\n"
    "o b|Clerk\n"
    "o c|Clerk\n"
    "o c1|Customer\n"
    "o c2|Customer|>o1:saw\n";

/* The flows as "from>to", in order of the chain. */
static char *
show_flows (VcChain *chain)
{
  VcTable *flows = vc_chain_get_flows (chain);
  GString *text = g_string_new (NULL);

  for (guint64 i = 0; i < vc_table_get_n_rows (flows); i++) {
    g_autofree char *from = vc_column_dup_text (vc_table_lookup_column (flows, "from"), i),
                    *to = vc_column_dup_text (vc_table_lookup_column (flows, "to"), i);

    g_string_append_printf (text, "%s%s>%s", i > 0 ? " " : "", from, to);
  }
  return g_string_free (text, FALSE);
}

typedef struct {
  const char *case_column; /* NULL: the default */
  const char *party_column;
  const char *customer_column;
  const char *flows; /* or the beginning of the message */
} Reading;

static VcEventLog *
new_log (const char *root, const Reading *reading)
{
  g_autofree char *text = ocel_write_json (shop), *path = g_build_filename (root, "log.json", NULL);

  put_file (root, "log.json", text, -1);
  return g_object_new (VC_TYPE_EVENT_LOG, "path", path, "case-column", reading->case_column, "party-column",
                       reading->party_column, "customer-column", reading->customer_column, NULL);
}

static void
expect_flows (const Reading *reading)
{
  g_autoptr (GError) error = NULL;
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, reading);
  g_autoptr (VcChain) chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
  g_autofree char *flows
    = chain != NULL ? show_flows (chain) : g_strdup (strstr (error->message, "log.json: ") + strlen ("log.json: "));

  if (chain != NULL)
    cr_assert_str_eq (flows, reading->flows);
  else
    cr_assert (g_str_has_prefix (flows, reading->flows), "%s: not %s", flows, reading->flows);
  drop_folder (root);
}

/* Worked out by hand. */
Test (ocel_events, a_case_is_an_object)
{
  static const Reading readings[] = {
    /* o1: Ann, Cid, Ann. o2: Bob, Cid, nobody. */
    { "object:Order", "attribute:by", NULL, "Ann>Cid Bob>Cid Cid>Ann" },
    { "Order", "by", NULL, "Ann>Cid Bob>Cid Cid>Ann" },
    /* i1: Ann, Bob, Cid. i2: Ann, Cid. */
    { "object:Item", "attribute:by", NULL, "Ann>Bob Ann>Cid Bob>Cid" },
    { "object:Item|Order", "attribute:none|by", NULL, "Ann>Bob Ann>Cid Ann>Cid Bob>Cid Bob>Cid Cid>Ann" },
    /* Of o1 only e3, of o2 only e3: no hand-over. */
    { "object:Order:out", "attribute:by", NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    expect_flows (&readings[i]);
}

/* Of several the first by id; with a qualifier only those. */
Test (ocel_events, a_party_may_be_an_object)
{
  static const Reading readings[] = {
    { "object:Order", "object:Clerk", NULL, "a>c b>c c>a" },
    { "object:Item", "object:Clerk:takes", NULL, "a>b" },
    { "object:Item", "object:Clerk:watches|Clerk:takes", NULL, "a>b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    expect_flows (&readings[i]);
}

/* Of the event, or of the case. */
Test (ocel_events, a_customer_is_related_or_written_down)
{
  static const Reading readings[] = {
    { "object:Order", "attribute:by", "object:Customer", "Ann>Cid Ann>customer:c1 Bob>Cid Cid>Ann Cid>customer:c2" },
    { "object:Order", "attribute:by", "object:Customer:saw", "Ann>Cid Ann>customer:c2 Bob>Cid Cid>Ann" },
    { "object:Order", "attribute:by", "attribute:owner", "Ann>Cid Ann>customer:Yan Bob>Cid Cid>Ann" },
    { "object:Order", "attribute:by", "attribute:worth|owner", "Ann>Cid Ann>customer:Yan Bob>Cid Cid>Ann" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    expect_flows (&readings[i]);
}

Test (ocel_events, what_the_log_lacks_is_told_with_what_it_has)
{
  static const Reading readings[] = {
    { NULL, NULL, NULL,
      "case-column: the log has several object types: say object:TYPE; object types of the log: \"Order\", \"Item\", "
      "\"Clerk\","
      " \"Customer\"; attributes of its events: \"by\", \"worth\"" },
    { "object:Order", NULL, NULL, "party-column: the log has no such attribute; " },
    { "object:order", "by", NULL, "case-column: the log has no such object type; " },
    { "attribute:by", "by", NULL, "case-column: a case must be an object; " },
    { "object:Order", "event:time", NULL, "party-column: this cannot be what the column is; " },
    { "object:Order|", "by", NULL, "case-column: a name is empty; " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    expect_flows (&readings[i]);
}

static guint64
count_reported (VcEventLog *log, const char *what)
{
  g_autoptr (VcTable) report = vc_source_get_report (VC_SOURCE (log));

  for (guint64 i = 0; i < vc_table_get_n_rows (report); i++) {
    g_autofree char *text = vc_column_dup_text (vc_table_lookup_column (report, "what"), i);

    if (strcmp (text, what) == 0)
      return (guint64) vc_column_get_int64 (vc_table_lookup_column (report, "count"), i);
  }
  return 0;
}

Test (ocel_events, the_report_says_what_counted)
{
  char *root = make_folder ();
  const Reading reading = { "object:Order", "object:Clerk", "object:Customer", "" };
  g_autoptr (VcEventLog) log = new_log (root, &reading);
  g_autoptr (VcChain) chain = vc_source_load (VC_SOURCE (log), NULL, NULL, NULL);

  cr_assert_not_null (chain);
  cr_assert_eq (count_reported (log, "events of the log"), 6);
  cr_assert_eq (count_reported (log, "objects of the log"), 9);
  cr_assert_eq (count_reported (log, "objects without events"), 1);
  cr_assert_eq (count_reported (log, "events"), 7);
  cr_assert_eq (count_reported (log, "events without case"), 1);
  cr_assert_eq (count_reported (log, "events without party"), 1);
  /* e1 and e4 have two clerks; o1 is related to two customers. */
  cr_assert_eq (count_reported (log, "events or cases with several objects to choose from"), 3);
  drop_folder (root);
}

static gboolean
is_line_of (const char *text, gint64 line, const char *word)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  return line > 0 && line <= g_strv_length (lines) && strstr (lines[line - 1], word) != NULL;
}

/* A check lists what a load fails at. */
Test (ocel_events, a_check_lists_all_that_is_wrong)
{
  g_autoptr (GError) error = NULL;
  char *root = make_folder ();
  const Reading reading = { "object:Order", "attribute:by", NULL, "" };
  g_autoptr (VcEventLog) log = new_log (root, &reading);
  g_auto (GStrv) parts = g_strsplit (shop, ">c2:asks", 2);
  g_autofree char *description = g_strconcat (parts[0], ">c9:asks|>c8", parts[1], "e e7|Pack|\n", NULL),
                  *text = ocel_write_json (description);
  g_autoptr (VcTable) list = NULL;
  g_autoptr (VcChain) chain = NULL;

  put_file (root, "log.json", text, -1);
  chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
  cr_assert_null (chain);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING), "%s", error->message);
  cr_assert (g_str_has_suffix (error->message, "(the first of 3 errors)"), "%s", error->message);
  list = vc_source_check (VC_SOURCE (log), NULL, NULL, NULL);
  cr_assert_not_null (list);
  cr_assert_eq (vc_table_get_n_rows (list), 3);
  for (guint64 i = 0; i < 3; i++)
    cr_assert (is_line_of (text, vc_column_get_int64 (vc_table_lookup_column (list, "line"), i),
                           i == 0   ? "\"e7\""
                           : i == 1 ? "\"c9\""
                                    : "\"c8\""));
  drop_folder (root);
}

/* The example of the standard: 13 events of 8 types, 9 objects of 4 types, 20 relations of events, 7 of objects; XML
 * and SQLite have times of a clock an hour east of that of JSON. */
Test (ocel_events, the_example_is_one_chain)
{
  static const char *const names[] = { "ocel20-example.jsonocel", "ocel20-example.xmlocel", "ocel20-example.sqlite" };
  g_autofree char *digest = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = g_build_filename (g_getenv ("VC_TEST_SOURCE_DIR"), "..", "shared", "data", names[i], NULL),
                    *flows = NULL, *digest_of_this = NULL;
    g_autoptr (VcEventLog) log = vc_event_log_new (
      path, "object:Purchase Order",
      "pr_creator|pr_approver|po_creator|po_editor|invoice_inserter|payment_inserter|invoice_blocker|invoice_block_rem",
      "event:time");
    g_autoptr (VcChain) chain = NULL;

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      cr_skip_test ("shared data: ../shared/data/%s is not there", names[i]);
    g_object_set (log, "customer-column", "object:Purchase Requisition", "time-zone", "+01:00", NULL);
    chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
    cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
    flows = show_flows (chain);
    cr_assert_str_eq (flows, "Luke>Luke Luke>customer:PR1 Mike>Luke Mike>Mike");
    digest_of_this = g_strdup (vc_chain_get_digest (chain));
    cr_assert_eq (count_reported (log, "events of the log"), 13);
    cr_assert_eq (count_reported (log, "objects of the log"), 9);
    if (digest == NULL)
      digest = g_steal_pointer (&digest_of_this);
    else
      cr_assert_str_eq (digest_of_this, digest);
  }
}
