/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <gio/gio.h>
#include <string.h>
#include "folders.h"

/* Published data beside the project, where it is there. */
static char *
find_data (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("VC_TEST_SOURCE_DIR"), "..", "shared", "data", name, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  return g_steal_pointer (&path);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* "from,to,count" for each pair, in the order of the texts. */
static char *
count_flows (VcChain *chain)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  VcTable *flows = vc_chain_get_flows (chain);
  VcColumn *from = vc_table_lookup_column (flows, "from"), *to = vc_table_lookup_column (flows, "to");
  VcColumn *amount = vc_table_lookup_column (flows, "amount");
  GHashTableIter iter;
  gpointer key, value;

  for (guint64 i = 0; i < vc_table_get_n_rows (flows); i++) {
    g_autofree char *a = vc_column_dup_text (from, i), *b = vc_column_dup_text (to, i);
    char *pair = g_strconcat (a, ",", b, NULL);

    cr_assert (vc_column_get_double (amount, i) == 1);
    g_hash_table_insert (counts, pair, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, pair)) + 1));
  }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_ptr_array_add (lines, g_strdup_printf ("%s,%u", (char *) key, GPOINTER_TO_UINT (value)));
  g_ptr_array_sort (lines, compare);
  g_ptr_array_add (lines, g_strdup (""));
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* What the reference twin counts, in the same form. */
static char *
count_by_twin (const char *const *arguments)
{
  g_autofree char *script
    = g_build_filename (g_getenv ("VC_TEST_SOURCE_DIR"), "tests", "reference", "event_log.py", NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  int status;

  g_ptr_array_add (argv, (gpointer) g_getenv ("VC_TEST_PYTHON"));
  g_ptr_array_add (argv, script);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  cr_assert (
    g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error));
  cr_assert (g_spawn_check_wait_status (status, &error), "%s", error != NULL ? error->message : "");
  lines = g_strsplit (output, "\n", -1);
  g_qsort_with_data (lines, (gint) g_strv_length (lines) - 1, sizeof (char *),
                     (GCompareDataFunc) (void (*) (void)) compare, NULL);
  return g_strjoinv ("\n", lines);
}

/* Van der Aalst's running example: six cases, 36 steps. The matrix is that of direct succession, counted by hand from
 * the resources of its cases and by pm4py (its mean times 6). */
Test (event_log_data, running_example)
{
  static const char *const expected = "Ellen,Mike,3\nEllen,Sara,1\nMike,Ellen,2\nMike,Mike,1\nMike,Pete,1\nMike,Sara,"
                                      "3\nMike,Sean,2\nPete,Mike,2\nPete,Sara,3\nPete,Sue,1\n"
                                      "Sara,Ellen,4\nSara,Mike,2\nSara,Pete,1\nSara,Sara,3\nSara,Sean,1\nSara,Sue,"
                                      "1\nSean,Pete,1\nSean,Sara,2\nSue,Mike,1\nSue,Pete,1\n";
  g_autofree char *path = find_data ("running-example.csv"), *counted = NULL, *twin = NULL;
  g_autoptr (VcEventLog) log = NULL;
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    cr_skip_test ("../shared/data/running-example.csv is not there");
  log = vc_event_log_new (path, "case:concept:name", "org:resource", "time:timestamp");
  chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
  counted = count_flows (chain);
  cr_assert_str_eq (counted, expected);
  cr_assert_eq (report_count (VC_SOURCE (log), "events"), 42);
  cr_assert_eq (report_count (VC_SOURCE (log), "cases"), 6);
  cr_assert_eq (report_count (VC_SOURCE (log), "hand-overs") + report_count (VC_SOURCE (log), "self hand-overs"), 36);
  twin = count_by_twin ((const char *const[]) {
    path, "--case", "case:concept:name", "--party", "org:resource", "--time", "time:timestamp", NULL });
  cr_assert_str_eq (twin, expected);
}

/* The same log in XES, whose attributes nobody needs to name. */
Test (event_log_data, running_example_in_xes)
{
  g_autofree char *path = find_data ("running-example.xes"), *other_path = find_data ("running-example.csv");
  g_autofree char *counted = NULL, *other_counted = NULL, *twin = NULL;
  g_autoptr (VcSource) log = NULL;
  g_autoptr (VcEventLog) other = NULL;
  g_autoptr (VcChain) chain = NULL, other_chain = NULL;

  if (path == NULL || other_path == NULL)
    cr_skip_test ("../shared/data/running-example.xes is not there");
  log = vc_source_for_path (path, NULL);
  other = vc_event_log_new (other_path, "case:concept:name", "org:resource", "time:timestamp");
  chain = vc_source_load (log, NULL, NULL, NULL);
  other_chain = vc_source_load (VC_SOURCE (other), NULL, NULL, NULL);
  cr_assert (chain != NULL && other_chain != NULL);
  counted = count_flows (chain);
  other_counted = count_flows (other_chain);
  cr_assert_str_eq (counted, other_counted);
  twin = count_by_twin ((const char *const[]) { path, "--case", "concept:name", "--party", "org:resource", "--time",
                                               "time:timestamp", NULL });
  cr_assert_str_eq (counted, twin);
}

static void
compare_xes_with_twin (const char *name, const char *party, const char *customer, gint64 n_events, gint64 n_cases)
{
  g_autofree char *path = find_data (name), *counted = NULL, *twin = NULL;
  g_autoptr (VcEventLog) log = NULL;
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    cr_skip_test ("../shared/data/%s is not there", name);
  log = g_object_new (VC_TYPE_EVENT_LOG, "path", path, "party-column", party, "customer-column", customer, NULL);
  chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
  cr_assert_eq (report_count (VC_SOURCE (log), "events"), n_events);
  cr_assert_eq (report_count (VC_SOURCE (log), "cases"), n_cases);
  counted = count_flows (chain);
  twin
    = count_by_twin ((const char *const[]) { path, "--case", "concept:name", "--party", party, "--time",
                                            "time:timestamp", customer != NULL ? "--customer" : NULL, customer, NULL });
  cr_assert (strcmp (counted, twin) == 0, "the twin counts otherwise");
}

Test (event_log_data, bpi_challenge_2013, .timeout = 120)
{
  compare_xes_with_twin ("bpic2013-incidents.xes.gz", "org:resource", NULL, 65533, 7554);
}

Test (event_log_data, help_desk, .timeout = 120)
{
  compare_xes_with_twin ("helpdesk.xes.gz", "org:resource", "customer", 21348, 4580);
}

static void
compare_with_twin (const char *path, const char *policy, VcMissingPolicy missing_policy)
{
  g_autoptr (VcEventLog) log = vc_event_log_new (path, "number", "assignment_group", "sys_updated_at");
  g_autofree char *counted = NULL, *twin = NULL;
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (log, "customer-column", "caller_id", "time-format", "%d/%m/%Y %H:%M", "missing", "?", "missing-policy",
                missing_policy, NULL);
  chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
  cr_assert_eq (report_count (VC_SOURCE (log), "events"), 141712);
  cr_assert_eq (report_count (VC_SOURCE (log), "cases"), 24918);
  counted = count_flows (chain);
  twin = count_by_twin ((const char *const[]) { path, "--case", "number", "--party", "assignment_group", "--customer",
                                               "caller_id", "--time", "sys_updated_at", "--time-format",
                                               "%d/%m/%Y %H:%M", "--missing", "?", "--missing-policy", policy, NULL });
  cr_assert (strcmp (counted, twin) == 0, "the twin counts otherwise (%s)", policy);
}

/* 141,712 updates of 24,918 incidents, a header that repeats a name, days before months. */
Test (event_log_data, incidents, .timeout = 120)
{
  g_autofree char *path = find_data ("servicenow-incidents.csv.gz");

  if (path == NULL)
    cr_skip_test ("../shared/data/servicenow-incidents.csv.gz is not there");
  compare_with_twin (path, "skip", VC_MISSING_POLICY_SKIP);
  compare_with_twin (path, "break", VC_MISSING_POLICY_BREAK);
}
