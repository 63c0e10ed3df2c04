/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain-helpers.h"

#include "base/vc-parallel-private.h"
#include "table/vc-table-private.h"

static VcTable *
few_parties (void)
{
  return TABLE (TEXTS ("id", "anna", "team", "cust"), TEXTS ("kind", "person", "unit", "customer"));
}

/* All that check() says of tables of one kind added to a few good parties. */
static VcTable *
check_with (VcTable *flows, VcTable *receipts, VcTable *commitments)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) parties = few_parties ();
  g_autoptr (VcTable) own_flows = flows;
  g_autoptr (VcTable) own_receipts = receipts;
  g_autoptr (VcTable) own_commitments = commitments;

  vc_chain_builder_add_parties (builder, parties, "parties.csv");
  if (flows != NULL)
    vc_chain_builder_add_flows (builder, flows, "flows.csv");
  if (receipts != NULL)
    vc_chain_builder_add_receipts (builder, receipts, "receipts.csv");
  if (commitments != NULL)
    vc_chain_builder_add_commitments (builder, commitments, "commitments.csv");
  return vc_chain_builder_check (builder, NULL, NULL, NULL);
}

static guint
n_errors (VcTable *check)
{
  guint n = 0;

  for (guint64 row = 0; row < vc_table_get_n_rows (check); row++) {
    g_autofree char *severity = vc_column_dup_text (vc_table_lookup_column (check, "severity"), row);

    n += strcmp (severity, "error") == 0;
  }
  return n;
}

/* The only error of a check has this code and field and stands in this line (0: null). */
static void
assert_one_error (VcTable *check, const char *code, const char *field, gint64 line)
{
  g_autofree char *severity = NULL;
  g_autofree char *found_code = NULL;
  g_autofree char *found_field = NULL;
  VcColumn *lines = vc_table_lookup_column (check, "line");

  cr_assert_eq (n_errors (check), 1u, "%s %s: %u errors", code, field, n_errors (check));
  severity = vc_column_dup_text (vc_table_lookup_column (check, "severity"), 0);
  found_code = vc_column_dup_text (vc_table_lookup_column (check, "code"), 0);
  found_field = vc_column_dup_text (vc_table_lookup_column (check, "field"), 0);
  cr_assert_str_eq (severity, "error", "errors come first");
  cr_assert_str_eq (found_code, code);
  cr_assert_str_eq (found_field, field);
  if (line == 0)
    cr_assert (vc_column_is_null (lines, 0));
  else
    cr_assert_eq (vc_column_get_int64 (lines, 0), line);
  g_object_unref (check);
}

static VcTable *
with_lines (VcTable *table)
{
  vc_table_set_lines (table, 2, NULL, NULL, 0);
  return table;
}

#define FLOWS(...) check_with (with_lines (TABLE (__VA_ARGS__)), NULL, NULL)
#define RECEIPTS(...) check_with (NULL, with_lines (TABLE (__VA_ARGS__)), NULL)
#define COMMITMENTS(...) check_with (NULL, NULL, with_lines (TABLE (__VA_ARGS__)))
#define A_FLOW TEXTS ("from", "anna", "anna"), TEXTS ("to", "cust", "cust")

Test (check, a_wrong_column_is_told_once)
{
  assert_one_error (RECEIPTS (DOUBLES ("amount", 1, 2)), "missing", "customer", 0);
  assert_one_error (COMMITMENTS (A_FLOW, DOUBLES ("id", 1, 2)), "format", "id", 0);
}

Test (check, names_what_is_wrong_with_a_flow_and_its_line)
{
  assert_one_error (FLOWS (TEXTS ("from", "anna")), "missing", "to", 0);
  assert_one_error (FLOWS (TEXTS ("from", "anna", ""), TEXTS ("to", "cust", "cust")), "missing", "from", 3);
  assert_one_error (FLOWS (TEXTS ("from", "anna", "anna"), TEXTS ("to", "cust", "nobody")), "reference", "to", 3);
  assert_one_error (FLOWS (A_FLOW, TEXTS ("kind", "work", "labour")), "value", "kind", 3);
  assert_one_error (FLOWS (A_FLOW, DOUBLES ("amount", 1, -1e-300)), "range", "amount", 3);
  assert_one_error (FLOWS (A_FLOW, INT64S ("amount", -1, 1)), "range", "amount", 2);
  assert_one_error (FLOWS (A_FLOW, TEXTS ("at", "2025-02-28", "2025-02-29")), "time", "at", 3);
  assert_one_error (FLOWS (A_FLOW, TEXTS ("amount", "1", "2")), "format", "amount", 0);
  assert_one_error (FLOWS (A_FLOW, DOUBLES ("case", 1, 2)), "format", "case", 0);
  assert_one_error (FLOWS (A_FLOW, DOUBLES ("at", 1, 2)), "format", "at", 0);
  assert_one_error (FLOWS (A_FLOW, INT64S ("kind", 1, 2)), "format", "kind", 0);
  assert_one_error (FLOWS (DOUBLES ("from", 1), TEXTS ("to", "anna")), "format", "from", 0);
  assert_one_error (FLOWS (A_FLOW, DOUBLES ("amount", 1e308, 1e308)), "range", "amount", 0);
}

Test (check, names_what_is_wrong_with_a_receipt)
{
  assert_one_error (RECEIPTS (TEXTS ("customer", "cust")), "missing", "amount", 0);
  assert_one_error (RECEIPTS (TEXTS ("customer", "anna"), DOUBLES ("amount", 1)), "reference", "customer", 2);
  assert_one_error (RECEIPTS (TEXTS ("customer", "x"), DOUBLES ("amount", 1)), "reference", "customer", 2);
  assert_one_error (RECEIPTS (TEXTS ("customer", "cust", "cust"), DOUBLES ("amount", -1e308, -1e308)), "range",
                    "amount", 0);
}

Test (check, names_what_is_wrong_with_a_commitment)
{
#define OWED TEXTS ("from", "anna", "team"), TEXTS ("to", "cust", "anna")
  assert_one_error (COMMITMENTS (OWED, TEXTS ("state", "kept", "lost")), "value", "state", 3);
  assert_one_error (COMMITMENTS (OWED, TEXTS ("closed_by", "anna", "x")), "reference", "closed_by", 3);
  assert_one_error (COMMITMENTS (OWED, INT64S ("reopened", 0, -1)), "range", "reopened", 3);
  assert_one_error (COMMITMENTS (OWED, INT64S ("reopened", 0, (gint64) 1 << 53)), "range", "reopened", 3);
  assert_one_error (COMMITMENTS (OWED, DOUBLES ("reopened", 0, 0x1p53)), "range", "reopened", 3);
  assert_one_error (COMMITMENTS (OWED, DOUBLES ("reopened", 0.5, 1)), "number", "reopened", 2);
  assert_one_error (COMMITMENTS (OWED, DOUBLES ("weight", 1, -1)), "range", "weight", 3);
  assert_one_error (COMMITMENTS (OWED, TEXTS ("due", "2025-13-01", "2025-01-01")), "time", "due", 2);
  assert_one_error (COMMITMENTS (OWED, TEXTS ("id", "1", "1")), "duplicate", "id", 3);
  assert_one_error (COMMITMENTS (OWED, TIMES ("made", 0, 2), TIMES ("closed", 0, 1)), "contradiction", "closed", 3);
}

static VcTable *
check_parties (VcTable *table)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) parties = with_lines (table);

  vc_chain_builder_add_parties (builder, parties, "parties.csv");
  return vc_chain_builder_check (builder, NULL, NULL, NULL);
}

Test (check, names_what_is_wrong_with_a_party)
{
#define IDS TEXTS ("id", "a", "b"), TEXTS ("kind", "unit", "unit")
  assert_one_error (check_parties (TABLE (TEXTS ("id", "a", "a"), TEXTS ("kind", "unit", "unit"))), "duplicate", "id",
                    3);
  assert_one_error (check_parties (TABLE (TEXTS ("id", "", "a"), TEXTS ("kind", "unit", "unit"))), "missing", "id", 2);
  assert_one_error (check_parties (TABLE (TEXTS ("id", "a", "b"), TEXTS ("kind", "unit", ""))), "missing", "kind", 3);
  assert_one_error (check_parties (TABLE (TEXTS ("id", "a", "b"))), "missing", "kind", 0);
  assert_one_error (check_parties (TABLE (TEXTS ("kind", "unit"))), "missing", "id", 0);
  assert_one_error (check_parties (TABLE (IDS, TEXTS ("unit", "b", "c"))), "reference", "unit", 3);
  assert_one_error (check_parties (TABLE (IDS, TEXTS ("unit", "b", "a"))), "cycle", "unit", 2);
  assert_one_error (check_parties (TABLE (IDS, TEXTS ("unit", "", "b"))), "cycle", "unit", 3);
  assert_one_error (check_parties (TABLE (IDS, TEXTS ("manager", "x", "a"))), "reference", "manager", 2);
  assert_one_error (check_parties (TABLE (IDS, DOUBLES ("effort", 1, -2))), "range", "effort", 3);
  assert_one_error (check_parties (TABLE (IDS, DOUBLES ("effort", 1e308, 1e308))), "range", "effort", 0);
  assert_one_error (check_parties (TABLE (IDS, DOUBLES ("name", 1, 2))), "format", "name", 0);
  assert_one_error (check_parties (TABLE (DOUBLES ("id", 1), TEXTS ("kind", "unit"))), "format", "id", 0);
}

/* Twelve mistakes at once, each found, each with its place. */
Test (check, tells_everything_at_once)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) parties = with_lines (
    TABLE (TEXTS ("id", "a", "a", "", "c", "u", "v"), TEXTS ("kind", "person", "unit", "unit", "customer", "x", "unit"),
           TEXTS ("unit", "u", "", "", "nowhere", "v", "u"), TEXTS ("manager", "", "", "", "", "", "z"),
           DOUBLES ("effort", -1, 0, 0, 0, 0, 0)));
  g_autoptr (VcTable) flows
    = with_lines (TABLE (TEXTS ("from", "a", "b"), TEXTS ("to", "", "c"), TEXTS ("kind", "w", "work"),
                         INT64S ("amount", 1, -1), TEXTS ("at", "now", "2025-01-01")));
  g_autoptr (VcTable) check = NULL;
  g_autoptr (GError) error = NULL;
  static const char *const expected[][2] = {
    { "duplicate", "id" },      { "missing", "id" },   { "value", "kind" }, { "reference", "unit" },
    { "reference", "manager" }, { "range", "effort" }, { "cycle", "unit" }, { "reference", "from" },
    { "missing", "to" },        { "range", "amount" }, { "time", "at" },
  };

  vc_chain_builder_add_parties (builder, parties, "parties.csv");
  vc_chain_builder_add_flows (builder, flows, "flows.csv");
  check = vc_chain_builder_check (builder, NULL, NULL, NULL);
  cr_assert_eq (n_errors (check), 12u); /* `kind` is wrong in both */
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    cr_expect (count_of (check, expected[i][0], expected[i][1]) > 0, "%s %s", expected[i][0], expected[i][1]);
  cr_assert_null (vc_chain_builder_build (builder, NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_DUPLICATE));
  cr_assert_str_eq (error->message, "parties.csv:3: field id: stands there already (the first of 12 errors)");
}

static VcTable *
repeated (guint n, const char *from)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (values, (gpointer) from);
  g_ptr_array_add (values, NULL);
  return TABLE (texts ("from", (const char *const *) values->pdata), texts ("to", (const char *const *) values->pdata));
}

Test (check, lists_a_hundred_and_counts_the_rest)
{
  g_autoptr (VcTable) check = check_with (with_lines (repeated (250, "stranger")), NULL, NULL);
  VcColumn *counts = vc_table_lookup_column (check, "count");
  VcColumn *lines = vc_table_lookup_column (check, "line");

  cr_assert_eq (vc_table_get_n_rows (check), 202u);
  cr_assert_eq (vc_column_get_int64 (counts, 99), 1);
  cr_assert_eq (vc_column_get_int64 (lines, 99), 101);
  cr_assert_eq (vc_column_get_int64 (counts, 100), 150);
  cr_assert (vc_column_is_null (lines, 100));
}

/* What stands in a field may be personal: no message has it. */
Test (check, never_says_what_stands_there)
{
  g_autoptr (VcTable) check = FLOWS (TEXTS ("from", "secret-1", "anna"), TEXTS ("to", "anna", "secret-2"),
                                     TEXTS ("kind", "secret-3", "work"), TEXTS ("at", "secret-4", ""));

  cr_assert_eq (n_errors (check), 4u);
  for (guint64 row = 0; row < vc_table_get_n_rows (check); row++)
    for (guint i = 0; i < vc_table_get_n_columns (check); i++) {
      g_autofree char *cell = vc_column_format (vc_table_get_column (check, i), row);

      cr_assert (cell == NULL || strstr (cell, "secret") == NULL);
    }
}

Test (check, of_records_that_came_one_by_one)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) check = NULL;

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "c", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_add_party (builder, "", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "\xff\xfe", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_flow (builder, "a", "c", VC_FLOW_KIND_WORK, NAN);
  vc_chain_builder_add_flow (builder, "a", "c", VC_FLOW_KIND_WORK, INFINITY);
  vc_chain_builder_add_flow (builder, "a", "c", VC_FLOW_KIND_WORK, -1);
  vc_chain_builder_add_receipt (builder, "c", -INFINITY);
  vc_chain_builder_set_effort (builder, "a", NAN);
  vc_chain_builder_set_effort (builder, "nobody", 1);
  vc_chain_builder_set_party_field (builder, "a", "unit", "nobody");
  vc_chain_builder_set_window (builder, 10, 10);
  check = vc_chain_builder_check (builder, NULL, NULL, NULL);
  cr_assert_eq (n_errors (check), 10u);
  cr_assert_eq (count_of (check, "number", "amount"), 1);
  cr_assert_eq (count_of (check, "range", "amount"), 1);
  cr_assert_eq (count_of (check, "number", "effort"), 1);
  cr_assert_eq (count_of (check, "reference", "id"), 1);
  cr_assert_eq (count_of (check, "reference", "unit"), 1);
  cr_assert_eq (count_of (check, "missing", "id"), 1);
  cr_assert_eq (count_of (check, "encoding", NULL), 1);
  cr_assert_eq (count_of (check, "range", "window"), 1);
}

Test (check, refuses_what_is_over_a_limit)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcLimits) limits
    = g_object_new (VC_TYPE_LIMITS, "max-parties", (guint64) 2, "max-flows", (guint64) 1, NULL);
  g_autoptr (VcTable) check = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (builder, "limits", limits, NULL);
  for (char id[] = "a"; *id < 'd'; ++*id)
    vc_chain_builder_add_party (builder, id, VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_flow (builder, "a", "b", VC_FLOW_KIND_WORK, 1);
  vc_chain_builder_add_flow (builder, "b", "a", VC_FLOW_KIND_WORK, 1);
  check = vc_chain_builder_check (builder, NULL, NULL, NULL);
  cr_assert_eq (n_errors (check), 2u);
  cr_assert_null (vc_chain_builder_build (builder, NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT));
}

Test (check, tables_must_agree_on_the_type_of_an_attribute)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) first = TABLE (TEXTS ("id", "a"), TEXTS ("kind", "unit"), TEXTS ("site", "x"));
  g_autoptr (VcTable) second = TABLE (TEXTS ("id", "b"), TEXTS ("kind", "unit"), DOUBLES ("site", 1));

  vc_chain_builder_add_parties (builder, first, "1.csv");
  vc_chain_builder_add_parties (builder, second, "2.csv");
  assert_one_error (vc_chain_builder_check (builder, NULL, NULL, NULL), "format", "site", 0);
}

Test (check, can_be_stopped_and_tells_how_far_it_has_come)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) found = NULL;

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  found = vc_chain_builder_check (builder, progress, cancellable, &error);
  cr_assert_not_null (found);
  cr_assert (vc_progress_get_fraction (progress) == 1);
  g_cancellable_cancel (cancellable);
  cr_assert_null (vc_chain_builder_check (builder, NULL, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

/* Times that no text can say come through Arrow, or by hand; a folder that has them could not be read. */
Test (check, times_are_in_the_years_that_text_can_say)
{
  const gint64 first = G_GINT64_CONSTANT (-62135596800000000), last = G_GINT64_CONSTANT (253402300799999999);
  const gint64 outside[] = { first - 1, last + 1, G_MININT64, G_MAXINT64 };
  g_autoptr (VcTable) good = FLOWS (A_FLOW, TIMES ("at", first, last), TIMES ("seen", last, first));

  cr_assert_eq (n_errors (good), 0u);
  for (guint i = 0; i < G_N_ELEMENTS (outside); i++) {
    assert_one_error (FLOWS (A_FLOW, TIMES ("at", 0, outside[i])), "range", "at", 3);
    assert_one_error (FLOWS (A_FLOW, TIMES ("seen", outside[i], 0)), "range", "seen", 2);
    assert_one_error (COMMITMENTS (A_FLOW, TIMES ("due", 0, outside[i])), "range", "due", 3);
    assert_one_error (RECEIPTS (TEXTS ("customer", "cust"), DOUBLES ("amount", 1), TIMES ("at", outside[i])), "range",
                      "at", 2);
  }
}

Test (check, a_window_has_the_same_years_or_is_open)
{
  const gint64 first = G_GINT64_CONSTANT (-62135596800000000), last = G_GINT64_CONSTANT (253402300799999999);
  const struct { gint64 start, end; gboolean good; } windows[] = {
    { first, last, TRUE }, { G_MININT64, G_MAXINT64, TRUE }, { G_MININT64, 0, TRUE }, { first - 1, 0, FALSE },
    { 0, last + 1, FALSE }, { G_MININT64 + 1, G_MAXINT64, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++) {
    g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
    g_autoptr (VcTable) parties = few_parties ();
    g_autoptr (VcChain) chain = NULL;
    g_autoptr (GError) error = NULL;

    vc_chain_builder_add_parties (builder, parties, NULL);
    vc_chain_builder_set_window (builder, windows[i].start, windows[i].end);
    chain = vc_chain_builder_build (builder, NULL, NULL, &error);
    cr_assert_eq (chain != NULL, windows[i].good, "%u", i);
    if (!windows[i].good)
      cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_RANGE)
                 && strstr (error->message, "9999") != NULL);
  }
}

/* Threads go over ranges of the rows; what is wrong is told in order of the rows all the same, and nothing of what is
 * right. */
Test (check, problems_of_many_rows_come_in_order)
{
  static const gsize bad[]
    = { 0, 5, VC_PARALLEL_RANGE - 1, VC_PARALLEL_RANGE, 2 * VC_PARALLEL_RANGE + 9, 3 * VC_PARALLEL_RANGE };
  const gsize n = 3 * VC_PARALLEL_RANGE + 1;
  g_autofree const char **from = g_new (const char *, n + 1), **to = g_new (const char *, n + 1);
  g_autoptr (VcTable) check = NULL;

  for (gsize i = 0; i < n; i++)
    from[i] = "anna", to[i] = "cust";
  from[n] = to[n] = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    to[bad[i]] = i % 2 == 0 ? "nobody" : "";
  check = check_with (TABLE (texts ("from", from), texts ("to", to)), NULL, NULL);
  cr_assert_eq (n_errors (check), G_N_ELEMENTS (bad));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *code = vc_column_dup_text (vc_table_lookup_column (check, "code"), i);
    g_autofree char *message = vc_column_dup_text (vc_table_lookup_column (check, "message"), i);
    g_autofree char *row = g_strdup_printf ("row %" G_GSIZE_FORMAT, bad[i] + 1);

    cr_assert_str_eq (code, i % 2 == 0 ? "reference" : "missing");
    cr_assert (strstr (message, row) != NULL, "%s: %s", row, message);
  }
}
