/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a refused file costs: at most eight times its size and 16 MiB. The peak is that of the process, so each test has
 * one file. */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>

#include "folders.h"

#define ROWS 1000000
#define MAX_TIMES 8

static const char two_parties[] = "id,kind\na,unit\nb,customer\n";

typedef struct {
  const char *head;
  guint       n;
  void (*write_row) (FILE *, guint);
  const char *tail;
} Content;

/* Written piece by piece, so that this process has never had the file in memory. Returns its size. */
static gint64
write_content (const char *folder, const char *name, const Content *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  FILE *file = fopen (path, "w");
  gint64 size;

  fputs (content->head, file);
  for (guint i = 0; i < content->n; i++)
    content->write_row (file, i);
  fputs (content->tail, file);
  size = ftell (file);
  fclose (file);
  return size;
}

static gint64
write_rows (const char *folder, const char *name, const char *head, void (*write_row) (FILE *, guint), const char *tail)
{
  return write_content (folder, name, &(Content) { head, ROWS, write_row, tail });
}

static long
peak_kib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static void
expect_cost_of (VcSource *source, gint64 size, VcImportError code)
{
  g_autoptr (GError) error = NULL;
  const long before = peak_kib ();
  long used;

  cr_expect_null (vc_source_load (source, NULL, NULL, &error));
  used = peak_kib () - before;
  cr_expect (g_error_matches (error, VC_IMPORT_ERROR, (int) code), "%s", error != NULL ? error->message : "no error");
  cr_expect_leq ((gint64) used * 1024, MAX_TIMES * size + (16 << 20), "%ld KiB for a file of %ld KiB", used,
                 (long) (size / 1024));
}

static void
expect_cost (const char *folder, gint64 size, VcImportError code)
{
  g_autoptr (VcSource) source = VC_SOURCE (vc_folder_new (folder));

  expect_cost_of (source, size, code);
}

static void
row_ab (FILE *file, guint i)
{
  fputs ("a,b\n", file);
}

static void
row_zero (FILE *file, guint i)
{
  fputs ("0,", file);
}

static void
row_id (FILE *file, guint i)
{
  fprintf (file, "%x,unit\n", (i * 2654435761u) % (1u << 24));
}

static void
row_commitment (FILE *file, guint i)
{
  fputs ("a,b,,,,,,,,,\n", file);
}

static void
row_case (FILE *file, guint i)
{
  fprintf (file, "a,b,%x\n", i);
}

Test (refused, flows_that_end_with_an_unknown_party)
{
  char *folder = make_folder ();

  put_file (folder, "parties.csv", two_parties, -1);
  expect_cost (folder, write_rows (folder, "flows.csv", "from,to\n", row_ab, "a,z\n"), VC_IMPORT_ERROR_REFERENCE);
  drop_folder (folder);
}

Test (refused, flows_all_of_which_are_wrong)
{
  char *folder = make_folder ();

  put_file (folder, "parties.csv", "id,kind\n", -1);
  expect_cost (folder, write_rows (folder, "flows.csv", "from,to\n", row_ab, ""), VC_IMPORT_ERROR_REFERENCE);
  drop_folder (folder);
}

Test (refused, flows_of_as_many_cases)
{
  char *folder = make_folder ();

  put_file (folder, "parties.csv", two_parties, -1);
  expect_cost (folder, write_rows (folder, "flows.csv", "from,to,case\n", row_case, "a,z,\n"),
               VC_IMPORT_ERROR_REFERENCE);
  drop_folder (folder);
}

Test (refused, parties_that_end_with_one_twice)
{
  char *folder = make_folder ();

  expect_cost (folder, write_rows (folder, "parties.csv", "id,kind\n", row_id, "0,unit\n"), VC_IMPORT_ERROR_DUPLICATE);
  drop_folder (folder);
}

Test (refused, commitments_that_say_little)
{
  const char head[] = "from,to,what,made,due,closed,state,closed_by,reopened,weight,id\n";
  char *folder = make_folder ();

  put_file (folder, "parties.csv", two_parties, -1);
  expect_cost (folder, write_rows (folder, "commitments.csv", head, row_commitment, "a,z,,,,,,,,,\n"),
               VC_IMPORT_ERROR_REFERENCE);
  drop_folder (folder);
}

Test (refused, json_of_nothing_but_values)
{
  char *folder = make_folder ();

  put_file (folder, "parties.csv", two_parties, -1);
  expect_cost (folder, write_rows (folder, "datapackage.json", "{\"resources\": [", row_zero, "0]}"),
               VC_IMPORT_ERROR_LIMIT);
  drop_folder (folder);
}

Test (refused, an_open_quote)
{
  char *folder = make_folder ();

  expect_cost (folder, write_rows (folder, "parties.csv", "id,kind\n\"", row_ab, ""), VC_IMPORT_ERROR_UNCLOSED_QUOTE);
  drop_folder (folder);
}

static void
row_json_object (FILE *file, guint i)
{
  fprintf (file, "{\"id\":\"%x\",\"type\":\"t\"},", (i * 2654435761u) % (1u << 24));
}

static void
row_json_relation (FILE *file, guint i)
{
  fprintf (file, "{\"id\":\"%x\",\"type\":\"t\",\"time\":\"2024-01-01\",\"relationships\":[{\"objectId\":\"0\"}]},", i);
}

static void
row_xml_object (FILE *file, guint i)
{
  fprintf (file, "<object id='%x' type='t'/>", (i * 2654435761u) % (1u << 24));
}

static void
expect_cost_of_log (const char *folder, gint64 size, VcImportError code)
{
  g_autofree char *path = g_build_filename (folder, "log", NULL);
  g_autoptr (VcSource) log = VC_SOURCE (vc_event_log_new (path, "object:t", "by", "event:time"));

  expect_cost_of (log, size, code);
}

Test (refused, objects_that_end_with_one_twice_in_json)
{
  const char json[] = "{\"eventTypes\":[],\"objectTypes\":[{\"name\":\"t\"}],\"events\":[],\"objects\":[";
  char *folder = make_folder ();

  expect_cost_of_log (folder, write_rows (folder, "log", json, row_json_object, "{\"id\":\"0\",\"type\":\"t\"}]}"),
                      VC_IMPORT_ERROR_DUPLICATE);
  drop_folder (folder);
}

Test (refused, objects_that_end_with_one_twice_in_xml)
{
  const char xml[] = "<log><event-types/><object-types><object-type name='t'/></object-types><events/><objects>";
  char *folder = make_folder ();

  expect_cost_of_log (folder,
                      write_rows (folder, "log", xml, row_xml_object, "<object id='0' type='t'/></objects></log>"),
                      VC_IMPORT_ERROR_DUPLICATE);
  drop_folder (folder);
}

Test (refused, events_of_one_object_that_is_missing)
{
  const char json[]
    = "{\"eventTypes\":[{\"name\":\"t\"}],\"objectTypes\":[{\"name\":\"t\"}],\"objects\":[],\"events\":[";
  char *folder = make_folder ();

  expect_cost_of_log (
    folder,
    write_rows (folder, "log", json, row_json_relation, "{\"id\":\"x\",\"type\":\"t\",\"time\":\"2024-01-01\"}]}"),
    VC_IMPORT_ERROR_REFERENCE);
  drop_folder (folder);
}

/* Nothing but short ids, each in one row of a few bytes. */
Test (refused, tables_of_short_ids)
{
  static const char sql[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE event_map_type "
                            "(ocel_type, ocel_type_map); CREATE TABLE object_map_type (ocel_type, ocel_type_map);"
                            "CREATE TABLE event (ocel_id, ocel_type); CREATE TABLE object (ocel_id, ocel_type); CREATE "
                            "TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier);"
                            "CREATE TABLE object_object (ocel_source_id, ocel_target_id, ocel_qualifier); CREATE TABLE "
                            "object_T (ocel_id, ocel_time);"
                            "INSERT INTO object_map_type VALUES ('t', 'T');"
                            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000) INSERT "
                            "INTO object SELECT i, 't' FROM n;"
                            "INSERT INTO object VALUES (1, 't');";
  char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "log", NULL);
  sqlite3 *database;
  gint64 size = 0;

  cr_assert_eq (sqlite3_open (path, &database), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (database, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg (database));
  sqlite3_close (database);
  {
    FILE *file = fopen (path, "r");

    fseek (file, 0, SEEK_END);
    size = ftell (file);
    fclose (file);
  }
  expect_cost_of_log (folder, size, VC_IMPORT_ERROR_DUPLICATE);
  drop_folder (folder);
}

static void
row_xes_event (FILE *file, guint i)
{
  fputs ("<event/>", file);
}

static void
row_xes_trace (FILE *file, guint i)
{
  fputs ("<trace/>", file);
}

/* A log of XES that is cut off after rows that say nothing. */
static void
expect_cost_of_xes (const char *head, void (*write_row) (FILE *, guint))
{
  char *folder = make_folder ();
  const gint64 size = write_rows (folder, "log.xes", head, write_row, "");
  g_autofree char *path = g_build_filename (folder, "log.xes", NULL);
  g_autoptr (VcSource) log = g_object_new (VC_TYPE_EVENT_LOG, "path", path, NULL);

  expect_cost_of (log, size, VC_IMPORT_ERROR_FORMAT);
  drop_folder (folder);
}

Test (refused, events_of_one_trace_that_say_nothing)
{
  expect_cost_of_xes ("<log><trace>", row_xes_event);
}

Test (refused, traces_without_events)
{
  expect_cost_of_xes ("<log>", row_xes_trace);
}

/* ---- event logs, which may stand for more flows and pairs than they have events ---- */

/* Everybody once, in one case: all hand over to all who come within reach, and all work together. */
static void
row_once (FILE *file, guint i)
{
  fprintf (file, "1,%x,2025-01-01,,\n", i);
}

/* Each event takes over from five: almost as many flows as a log of this size may make. */
static void
row_in_turn (FILE *file, guint i)
{
  fprintf (file, "1,%c,2025-01-01T00:00:00.000000Z,,%015d\n", "abcde"[i % 5], 0);
}

/* Five who were hardly ever together before: almost as many pairs. */
static void
row_of_five (FILE *file, guint i)
{
  fprintf (file, "%x,%x,2025-01-01T00:00:00.000000Z,,%027d\n", i / 5, (i * i * 2654435761u) >> 15, 0);
}

#define EVENTS "case,party,time,closed,who\n"
/* A ticket that was closed before it was opened. That is found out when everything else is there. */
#define CONTRADICTION "x,a,2025-01-01,2024-01-01,x\n"

typedef struct {
  Content        content;
  VcEventWeight  weight;
  double         decay;
  gboolean       relations;
  VcImportError  code;
} Refusal;

static void
expect_cost_of_events (const Refusal *refusal)
{
  char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "log", NULL);
  const gint64 size = write_content (folder, "log", &refusal->content);
  g_autoptr (VcSource) log = VC_SOURCE (vc_event_log_new (path, "case", "party", "time"));

  g_object_set (log, "closed-column", "closed", "customer-column", "who", "weight", refusal->weight, "relations",
                refusal->relations, NULL);
  if (refusal->decay > 0)
    g_object_set (log, "decay", refusal->decay, NULL);
  expect_cost_of (log, size, refusal->code);
  drop_folder (folder);
}

Test (refused, a_log_that_ends_with_a_contradiction)
{
  const Refusal refusal = { { EVENTS, ROWS, row_once, CONTRADICTION }, .code = VC_IMPORT_ERROR_CONTRADICTION };

  expect_cost_of_events (&refusal);
}

Test (refused, a_log_whose_hand_overs_hardly_decay)
{
  const Refusal refusal
    = { { EVENTS, ROWS, row_once, "" }, VC_EVENT_WEIGHT_DECAY, 0.99, .code = VC_IMPORT_ERROR_LIMIT };

  expect_cost_of_events (&refusal);
}

Test (refused, a_small_log_whose_hand_overs_hardly_decay)
{
  const Refusal refusal
    = { { EVENTS, 2000, row_once, "" }, VC_EVENT_WEIGHT_DECAY, 0.99, .code = VC_IMPORT_ERROR_LIMIT };

  expect_cost_of_events (&refusal);
}

Test (refused, a_log_that_decays_and_ends_with_a_contradiction)
{
  const Refusal refusal = { { EVENTS, ROWS, row_in_turn, CONTRADICTION },
                            VC_EVENT_WEIGHT_DECAY,
                            0.5,
                            .code = VC_IMPORT_ERROR_CONTRADICTION };

  expect_cost_of_events (&refusal);
}

Test (refused, a_log_in_which_all_work_together)
{
  const Refusal refusal = { { EVENTS, ROWS, row_once, "" }, .relations = TRUE, .code = VC_IMPORT_ERROR_LIMIT };

  expect_cost_of_events (&refusal);
}

Test (refused, a_small_log_in_which_all_work_together)
{
  const Refusal refusal
    = { { EVENTS, 360, row_once, CONTRADICTION }, .relations = TRUE, .code = VC_IMPORT_ERROR_CONTRADICTION };

  expect_cost_of_events (&refusal);
}

Test (refused, a_log_of_many_pairs_that_ends_with_a_contradiction)
{
  const Refusal refusal
    = { { EVENTS, ROWS, row_of_five, CONTRADICTION }, .relations = TRUE, .code = VC_IMPORT_ERROR_CONTRADICTION };

  expect_cost_of_events (&refusal);
}
