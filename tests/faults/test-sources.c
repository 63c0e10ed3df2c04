/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sources where memory ends. */
#include "operations.h"

#include <criterion/criterion.h>
#include <string.h>

#include "../reference/ocel-log.h"
#include "folders.h"

static const char parties[] = "id,kind,unit,manager,effort,city\nc,customer,,,,\"Oslo, "
                              "west\"\nu,unit,,,,\np,person,u,m,5,Bergen\nm,person,u,,2,\n";
static const char flows[] = "from,to,kind,amount,at,case\np,c,work,1.5,2025-01-02,k1\nm,p,instruction,1,2025-01-03T10:"
                            "00:00+01:00,k1\np,c,,2,,\n";
static const char package[]
  = "{\"title\": \"A t\\u00eft\\nle\", \"valuechain\": {\"currency\": \"EUR\", \"effort_unit\": \"h\","
    " \"window\": \"2025-01-01/2026-01-01\"}, \"other\": [1, {\"a\": null}]}";

static char *
load (gconstpointer data, GError **error)
{
  g_autoptr (VcFolder) folder = vc_folder_new (data);

  return tell_chain (vc_source_load (VC_SOURCE (folder), NULL, NULL, error));
}

static char *
tell_report (gconstpointer data, GError **error)
{
  g_autoptr (VcSource) source = VC_SOURCE (vc_folder_new (data));

  vc_source_add_report (source, "rows", 3, "of several");
  vc_source_add_report (source, "files", 1, NULL);
  return tell_table (vc_source_get_report (source));
}

static char *
check (gconstpointer data, GError **error)
{
  g_autoptr (VcFolder) folder = vc_folder_new (data);
  g_autofree char *list = tell_table (vc_source_check (VC_SOURCE (folder), NULL, NULL, error));

  if (list == NULL || strstr (list, "no-memory") == NULL)
    return g_steal_pointer (&list);
  g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "as the list says");
  return NULL;
}

static char *
make_source (const char *root)
{
  char *path = put_files (root, "chain", "parties.csv", parties, "flows.csv", flows, "datapackage.json", package, NULL);

  put_gzip (path, "receipts.csv.gz", "customer,amount,at\nc,5,2025-01-05\nc,-1,\n");
  put_file (path, "commitments.csv", "from,to,what,made,state\np,c,\"a\"\"b\",2025-01-01,open\n", -1);
  return path;
}

Test (faults_sources, folder_is_loaded)
{
  char *root = make_folder ();
  g_autofree char *path = make_source (root);

  expect_no_harm (load, path);
  drop_folder (root);
}

Test (faults_sources, folder_is_checked)
{
  char *root = make_folder ();
  g_autofree char *path = make_source (root);

  expect_no_harm (check, path);
  drop_folder (root);
}

Test (faults_sources, what_was_read_is_reported)
{
  expect_no_harm_plain (tell_report, "nowhere");
}

static char *
load_file (gconstpointer data, GError **error)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (data);

  return tell_chain (vc_source_load (VC_SOURCE (file), NULL, NULL, error));
}

Test (faults_sources, chain_file_is_saved_and_loaded)
{
  char *root = make_folder ();
  g_autofree char *folder = make_source (root), *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChain) chain = expect_chain (folder);
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);

  cr_assert (vc_chain_file_save (file, chain, NULL, NULL, NULL));
  expect_no_harm (load_file, path);
  drop_folder (root);
}

typedef struct {
  VcScores   *scores;
  VcChain    *chain;
  const char *path;
} Keep;

static char *
keep_scores (gconstpointer data, GError **error)
{
  const Keep *self = data;
  g_autoptr (VcChainFile) file = vc_chain_file_new (self->path);
  g_autoptr (VcScores) kept = NULL;
  const gboolean saved = vc_chain_file_save_scores (file, self->scores, self->chain, NULL, NULL, error);

  if (saved)
    kept = vc_chain_file_load_scores (file, "alignment", NULL, self->chain, NULL, error);
  memory_disarm ();
  return kept != NULL ? tell_table (g_object_ref (vc_scores_get_table (kept, "parties"))) : NULL;
}

Test (faults_sources, scores_are_kept_and_loaded)
{
  char *root = make_folder ();
  g_autofree char *folder = make_source (root), *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChain) chain = expect_chain (folder);
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (VcMeasure) measure = vc_measure_for_name ("alignment", NULL);
  g_autoptr (VcScores) scores = vc_measure_run (measure, chain, NULL, NULL, NULL);
  Keep data = { scores, chain, path };

  cr_assert (vc_chain_file_save (file, chain, NULL, NULL, NULL));
  expect_no_harm (keep_scores, &data);
  drop_folder (root);
}

typedef struct {
  VcChain    *chain;
  const char *path;
} Save;

/* What a folder holds after it was saved, or after it was not: then what it held before, a chain of the same name. */
static char *
save (gconstpointer data, GError **error)
{
  const Save *self = data;
  g_autoptr (VcFolder) folder = vc_folder_new (self->path);
  gboolean saved;
  g_autofree char *list = NULL, *kept = NULL;

  saved = vc_folder_save (folder, self->chain, NULL, error);
  memory_disarm ();
  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    return NULL;
  list = list_folder (self->path);
  kept = load (self->path, NULL);
  cr_assert_not_null (kept);
  cr_assert_null (strstr (list, ".tmp"));
  return saved ? g_strconcat (list, kept, NULL) : NULL;
}

Test (faults_sources, folder_is_saved)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "saved", NULL);
  g_autoptr (VcChain) chain = hard_chain (2);
  Save data = { chain, path };

  expect_no_harm (save, &data);
  drop_folder (root);
}

static char *
follow (gconstpointer data, GError **error)
{
  g_autoptr (VcEventLog) log = vc_event_log_new (data, "case", "party", "time");
  g_autofree char *chain = NULL, *report = NULL;

  g_object_set (log, "customer-column", "customer", NULL);
  chain = tell_chain (vc_source_load (VC_SOURCE (log), NULL, NULL, error));
  if (chain == NULL)
    return NULL;
  report = tell_table (vc_source_get_report (VC_SOURCE (log)));
  return g_strconcat (chain, report, NULL);
}

static char *
promise (gconstpointer data, GError **error)
{
  g_autoptr (VcEventLog) log = vc_event_log_new (data, "case", "party", "time");

  g_object_set (log, "due-column", "due", "kept-column", "kept", "closed-by-column", "closer", "owed-to-column", "owed",
                "unknown", "?", "lenient", TRUE, NULL);
  return tell_chain (vc_source_load (VC_SOURCE (log), NULL, NULL, error));
}

Test (faults_sources, promises_of_an_event_log)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "log.csv", NULL);

  put_file (root, "log.csv",
            "case,party,time,due,kept,closer,owed\n1,a,2025-01-01,,true,x,x\n1,b,2025-01-02,,false,y,x\n2,a,2025-01-02,"
            "2025-01-04,,,\n"
            "3,,2025-01-01,2025-01-01,,z,z\n4,c,2025-01-01,,,,x\n",
            -1);
  expect_no_harm (promise, path);
  drop_folder (root);
}

Test (faults_sources, event_log_is_followed)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "log.csv", NULL);

  put_file (root, "log.csv",
            "case,party,time,customer\n1,a,2025-01-01,x\n1,b,2025-01-02,x\n2,a,2025-01-02,y\n2,a,2025-01-03,y\n2,b,"
            "2025-01-01,y\n,b,2025-01-01,\n"
            "3,,2025-01-01,\n3,b,,\n",
            -1);
  expect_no_harm (follow, path);
  drop_folder (root);
}

static char *
follow_objects (gconstpointer data, GError **error)
{
  g_autoptr (VcEventLog) log = vc_event_log_new (data, "object:Order", "attribute:by", "event:time");
  g_autofree char *chain = NULL, *told = NULL;

  g_object_set (log, "customer-column", "object:Customer", "amount-column", "worth", NULL);
  chain = tell_chain (vc_source_load (VC_SOURCE (log), NULL, NULL, error));
  if (chain == NULL)
    return NULL;
  told = tell_table (vc_source_get_report (VC_SOURCE (log)));
  return g_strconcat (chain, told, NULL);
}

Test (faults_sources, object_centric_logs_are_followed)
{
  static const char shop[]
    = "E Take|by:string|worth:float\nO Order|n:integer\nO Customer\ne e1|Take|2024-01-01|by=Ann|worth=5|>o1:at|>c2\n"
      "e e2|Take|2024-01-02|by=Bob|>o1|>o2\ne e3|Take|2024-01-03|by=Cid\no o1|Order|n=1@1970-01-01|>c1:of\no "
      "o2|Order\no c1|Customer\no c2|Customer\n";
  char *root = make_folder ();
  g_autofree char *json = g_build_filename (root, "log.json", NULL), *xml = g_build_filename (root, "log.xml", NULL),
                  *tables = g_build_filename (root, "log.sqlite", NULL);
  g_autofree char *json_text = ocel_write_json (shop), *xml_text = ocel_write_xml (shop);

  put_file (root, "log.json", json_text, -1);
  put_file (root, "log.xml", xml_text, -1);
  cr_assert (ocel_write_sqlite (shop, tables));
  expect_no_harm (follow_objects, json);
  expect_no_harm (follow_objects, xml);
  expect_no_harm (follow_objects, tables);
  drop_folder (root);
}

/* With everything that reads work in another way: a log whose parties are named by a classifier. */
typedef struct {
  const char   *path;
  gboolean      causal;
  VcEventWeight weight;
} Reading;

static char *
relate (gconstpointer data, GError **error)
{
  const Reading *reading = data;
  g_autoptr (VcEventLog) log = g_object_new (VC_TYPE_EVENT_LOG, "path", reading->path, NULL);
  g_autofree char *chain = NULL, *relations = NULL;

  g_object_set (log, "party-column", "classifier:who", "customer-column", "customer", "relations", TRUE, "causal",
                reading->causal, "weight", reading->weight, NULL);
  if (!reading->causal && reading->weight == VC_EVENT_WEIGHT_COUNT)
    g_object_set (log, "amount-column", "cost", NULL);
  chain = tell_chain (vc_source_load (VC_SOURCE (log), NULL, NULL, error));
  if (chain == NULL)
    return NULL;
  relations = tell_table (vc_event_log_get_relations (log));
  return g_strconcat (chain, relations, NULL);
}

#define STEP(activity, state, who, time)                                                                               \
  "<event><string key='concept:name' value='" activity "'/><string key='lifecycle:transition' value='" state "'/>"     \
  "<string key='org:group' value='" who                                                                                \
  "'/><float key='cost' value='2'/><date key='time:timestamp' value='2025-01-0" time "'/></event>"

Test (faults_sources, event_log_in_xes)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "log.xes", NULL);

  put_file (root, "log.xes",
            "<log><classifier name='who' keys='org:group org:role'/><trace><string key='concept:name' "
            "value='1'/><string key='customer' value='x'/>" STEP ("a", "start", "p", "1")
              STEP ("a", "complete", "q", "2") STEP ("b", "complete", "p", "3")
                STEP ("a", "", "q", "4") "</trace><trace><string key='concept:name' value='2'/>" STEP (
                  "a", "complete", "r", "1") STEP ("c", "complete", "p", "2") "</trace></log>",
            -1);
  expect_no_harm (relate, &(Reading) { path, FALSE, VC_EVENT_WEIGHT_COUNT });
  expect_no_harm (relate, &(Reading) { path, TRUE, VC_EVENT_WEIGHT_CASE });
  expect_no_harm (relate, &(Reading) { path, FALSE, VC_EVENT_WEIGHT_DECAY });
  drop_folder (root);
}
