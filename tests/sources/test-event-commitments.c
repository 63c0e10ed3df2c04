/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <string.h>
#include "folders.h"

/* A log with these columns, each of whose roles is its own name. */
static VcEventLog *
new_log (const char *root, const char *content)
{
  static const char *const roles[] = { "case",   "party", "time",      "customer", "made",   "due",
                                       "closed", "kept",  "closed-by", "reopened", "owed-to" };
  g_autofree char *path = g_build_filename (root, "log.csv", NULL);
  g_autofree char *header = g_strndup (content, strcspn (content, "\n"));
  g_auto (GStrv) columns = g_strsplit (header, ",", -1);
  VcEventLog *log = g_object_new (VC_TYPE_EVENT_LOG, "path", path, NULL);

  put_file (root, "log.csv", content, -1);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++) {
    g_autofree char *property = g_strconcat (roles[i], "-column", NULL);

    if (g_strv_contains ((const char *const *) columns, roles[i]))
      g_object_set (log, property, roles[i], NULL);
  }
  return log;
}

/* "from>to state made due closed closed_by reopened id", what is missing as a dash, a line each. */
static char *
show (VcChain *chain)
{
  static const char *const names[] = { "to", "state", "made", "due", "closed", "closed_by", "reopened", "id" };
  VcTable *table = vc_chain_get_commitments (chain);
  GString *text = g_string_new (NULL);

  for (guint64 row = 0; row < vc_table_get_n_rows (table); row++) {
    g_autofree char *from = vc_column_dup_text (vc_table_lookup_column (table, "from"), row);

    g_string_append (text, from);
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
      VcColumn *column = vc_table_lookup_column (table, names[i]);
      g_autofree char *cell = vc_column_is_null (column, row) ? g_strdup ("-") : vc_column_format (column, row);

      if (strstr (cell, "T00:00:00Z") != NULL)
        *strstr (cell, "T00:00:00Z") = '\0';
      g_string_append_printf (text, "%s%s", i == 0 ? ">" : " ", cell);
    }
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

static VcChain *
expect_log (VcEventLog *log)
{
  g_autoptr (GError) error = NULL;
  VcChain *chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);

  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
  return chain;
}

static void
assert_commitments (VcEventLog *log, const char *expected)
{
  g_autoptr (VcChain) chain = expect_log (log);
  g_autofree char *shown = show (chain);

  cr_assert_str_eq (shown, expected);
}

static void
assert_refused (VcEventLog *log, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);

  cr_assert_null (chain);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s", error->message);
  cr_assert (g_str_has_suffix (error->message, message), "%s", error->message);
}

static VcPartyKind
kind_of (VcChain *chain, const char *id)
{
  gint64 party = vc_chain_lookup_party (chain, id);

  cr_assert (party >= 0, "%s", id);
  return vc_chain_get_party_kind (chain, (guint) party);
}

Test (event_commitments, of_due_times)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root,
    "case,party,time,customer,due,closed\n"
    "1,desk,2025-01-01,ann,2025-01-05,\n"
    "1,net,2025-01-02,ann,,2025-01-04\n"  /* the due time above still holds */
    "2,desk,2025-01-01,bob,2025-01-02,\n" /* put off below */
    "2,desk,2025-01-03,bob,2025-01-08,2025-01-09\n"
    "3,desk,2025-01-01,bob,2025-01-02,\n"
    "4,desk,2025-01-01,bob,,2025-01-02\n");

  assert_commitments (log, "desk>customer:bob kept 2025-01-01 - 2025-01-02 - - 4\n"
                           "desk>customer:bob open 2025-01-01 2025-01-02 - - - 3\n"
                           "desk>customer:bob kept 2025-01-01 2025-01-08 2025-01-09 - - 2\n"
                           "net>customer:ann kept 2025-01-01 2025-01-05 2025-01-04 - - 1\n");
  cr_assert_eq (report_count (VC_SOURCE (log), "commitments"), 4);
  drop_folder (root);
}

/* A column for kept counts where no due time does. */
Test (event_commitments, of_the_word_of_a_column)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root,
    "case,party,time,customer,made,due,closed,kept\n"
    "1,desk,2025-01-05,ann,2025-01-02,,2025-01-04,true\n"
    "2,desk,2025-01-05,ann,2025-01-02,,,true\n"
    "3,desk,2025-01-05,ann,2025-01-02,,2025-01-04,false\n"
    "4,desk,2025-01-05,ann,2025-01-02,,,false\n"
    "5,desk,2025-01-05,ann,2025-01-02,2025-01-03,2025-01-04,true\n"
    "6,desk,2025-01-05,ann,2025-01-02,,,\n"
    "7,desk,2025-01-05,ann,,,2025-01-06,\n"
    "8,desk,2025-01-05,ann,2025-01-02,,2025-01-04,true\n"
    "8,desk,2025-01-06,ann,,,,false\n");

  assert_commitments (log, "desk>customer:ann open 2025-01-02 - - - - 6\n"
                           "desk>customer:ann kept 2025-01-02 - - - - 2\n"
                           "desk>customer:ann broken 2025-01-02 - - - - 4\n"
                           "desk>customer:ann kept 2025-01-02 - 2025-01-04 - - 1\n"
                           "desk>customer:ann late 2025-01-02 - 2025-01-04 - - 3\n"
                           "desk>customer:ann late 2025-01-02 - 2025-01-04 - - 8\n"
                           "desk>customer:ann kept 2025-01-02 2025-01-03 2025-01-04 - - 5\n"
                           "desk>customer:ann kept 2025-01-05 - 2025-01-06 - - 7\n");
  drop_folder (root);
}

/* Nothing said of times: made with the first event, done with the last. */
Test (event_commitments, of_a_log_without_times_of_its_own)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time,customer,reopened\n"
                                              "1,net,2025-01-03,ann,2\n1,desk,2025-01-01,ann,0\n");

  assert_commitments (log, "net>customer:ann kept 2025-01-01 - 2025-01-03 - 2 1\n");
  drop_folder (root);
}

Test (event_commitments, of_people_beside_teams_with_the_same_numbers)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root,
    "case,party,time,owed-to,closed-by\n"
    "1,7,2025-01-01,7,7\n"          /* person 7 says so who had asked team 7 */
    "2,7,2025-01-02,8,9\n"
    "3,7,2025-01-03,8,\n");
  g_autoptr (VcChain) chain = NULL;

  assert_commitments (log, "7>person:7 kept 2025-01-01 - 2025-01-01 person:7 - 1\n"
                           "7>person:8 kept 2025-01-02 - 2025-01-02 person:9 - 2\n"
                           "7>person:8 kept 2025-01-03 - 2025-01-03 - - 3\n");
  chain = expect_log (log);
  cr_assert_eq (vc_chain_get_n_parties (chain), 4u);
  cr_assert_eq (kind_of (chain, "7"), VC_PARTY_KIND_UNIT);
  cr_assert_eq (kind_of (chain, "person:9"), VC_PARTY_KIND_PERSON);
  drop_folder (root);
}

/* Where parties are people, people are parties, and who asked himself owes nothing: told with the line of the log. */
Test (event_commitments, of_people_among_people)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root,
    "case,party,time,owed-to,closed-by\n"
    "1,ann,2025-01-01,bob,cyd\n"
    "2,bob,2025-01-02,bob,bob\n"
    "1,bob,2025-01-03,bob,cyd\n"
    "3,bob,2025-01-04,ann,dan\n");
  g_autoptr (VcChain) chain = NULL;

  g_object_set (log, "party-kind", VC_PARTY_KIND_PERSON, NULL);
  assert_refused (log, VC_IMPORT_ERROR_CONTRADICTION,
                  "log.csv:4: field to: names the party that owes (the first of 2 errors)");
  vc_source_set_lenient (VC_SOURCE (log), TRUE);
  assert_commitments (log, "bob>ann kept 2025-01-04 - 2025-01-04 dan - 3\n");
  cr_assert_eq (report_count (VC_SOURCE (log), "commitments left out"), 2);
  chain = expect_log (log);
  cr_assert_eq (kind_of (chain, "dan"), VC_PARTY_KIND_PERSON);
  cr_assert_eq (vc_chain_get_n_parties (chain), 4u);
  drop_folder (root);
}

/* Columns that are also those of parties and customers have their ids. */
Test (event_commitments, of_columns_with_two_roles)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time,customer\n"
                                              "1,desk,2025-01-01,ann\n1,net,2025-01-02,ann\n");

  g_object_set (log, "closed-by-column", "customer", NULL);
  assert_commitments (log, "net>customer:ann kept 2025-01-01 - 2025-01-02 customer:ann - 1\n");
  g_object_set (log, "closed-by-column", "party", "owed-to-column", "customer", NULL);
  assert_commitments (log, "net>customer:ann kept 2025-01-01 - 2025-01-02 net - 1\n");
  g_object_set (log, "closed-column", "time", "made-column", "time", NULL);
  assert_commitments (log, "net>customer:ann kept 2025-01-02 - 2025-01-02 net - 1\n");
  drop_folder (root);
}

Test (event_commitments, of_nobody)
{
  char *root = make_folder ();
  const char *content = "case,party,time,customer,kept\n"
                        "1,,2025-01-01,ann,true\n"
                        "2,desk,2025-01-01,,true\n"
                        "3,desk,2025-01-01,ann,true\n"
                        "3,,2025-01-02,ann,\n"
                        "4,,2025-01-01,,false\n";
  g_autoptr (VcEventLog) log = new_log (root, content);
  g_autoptr (VcChain) chain = NULL;

  assert_commitments (log, "desk>customer:ann kept 2025-01-01 - 2025-01-02 - - 3\n");
  cr_assert_eq (report_count (VC_SOURCE (log), "cases without commitment"), 3);
  g_object_set (log, "missing-policy", VC_MISSING_POLICY_BREAK, NULL);
  assert_commitments (log, "");
  g_object_set (log, "unknown", "nobody", NULL);
  assert_commitments (log, "desk>customer:nobody kept 2025-01-01 - 2025-01-01 - - 2\n"
                           "nobody>customer:ann kept 2025-01-01 - 2025-01-01 - - 1\n"
                           "nobody>customer:ann kept 2025-01-01 - 2025-01-02 - - 3\n"
                           "nobody>customer:nobody late 2025-01-01 - 2025-01-01 - - 4\n");
  cr_assert_eq (report_count (VC_SOURCE (log), "commitments of the unknown"), 4);
  chain = expect_log (log);
  cr_assert_eq (kind_of (chain, "nobody"), VC_PARTY_KIND_UNIT);
  cr_assert_eq (kind_of (chain, "customer:nobody"), VC_PARTY_KIND_CUSTOMER);
  drop_folder (root);
}

/* Somebody else's id is nobody's. */
Test (event_commitments, do_not_mix_up_ids)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time,owed-to\n"
                                              "1,person:8,2025-01-01,9\n2,desk,2025-01-01,8\n");
  g_autoptr (VcEventLog) other = NULL;

  assert_refused (log, VC_IMPORT_ERROR_DUPLICATE,
                  "log.csv: a party has the id of a person or customer, \"person:\" or \"customer:\" and all");
  other = new_log (root, "case,party,time,owed-to\n1,person:8,2025-01-01,9\n1,net,2025-01-02,9\n2,desk,2025-01-01,8\n");
  assert_refused (other, VC_IMPORT_ERROR_DUPLICATE, "field id: row 1: stands there already");
  drop_folder (root);
}

Test (event_commitments, need_somebody_who_is_owed)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time,due\n1,desk,2025-01-01,2025-01-02\n");

  assert_refused (log, VC_IMPORT_ERROR_MISSING,
                  "commitments need an owed-to-column or a customer-column: whom are they owed to?");
  drop_folder (root);
}

Test (event_commitments, contradict_themselves_with_the_line_of_the_log)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time,customer,made,closed\n"
                                              "1,desk,2025-01-01,ann,2025-01-01,2025-01-01\n"
                                              "2,desk,2025-01-01,\"a\nb\",2025-01-02,2025-01-01\n"
                                              "1,desk,2025-01-03,ann,2025-01-01,\n"
                                              "3,desk,2025-01-04,ann,2025-01-05,2025-01-01\n");
  g_autoptr (VcTable) check = vc_source_check (VC_SOURCE (log), NULL, NULL, NULL);
  VcColumn *lines = vc_table_lookup_column (check, "line");

  cr_assert_eq (vc_column_get_int64 (lines, 0), 3);
  cr_assert_eq (vc_column_get_int64 (lines, 1), 6);
  assert_refused (log, VC_IMPORT_ERROR_CONTRADICTION,
                  "log.csv:3: field closed: is before the commitment was made (the first of 2 errors)");
  drop_folder (root);
}

Test (event_commitments, of_no_event_are_none)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time,customer,due\n");

  assert_commitments (log, "");
  drop_folder (root);
}

/* ---- mapping files ---- */

static gboolean
load_mapping (VcEventLog *log, const char *root, const char *content, GError **error)
{
  g_autofree char *path = g_build_filename (root, "map.ini", NULL);

  put_file (root, "map.ini", content, -1);
  return vc_event_log_load_mapping (log, path, error);
}

Test (event_mapping, sets_properties_and_yields_to_what_comes_later)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = g_object_new (VC_TYPE_EVENT_LOG, "path", "x", NULL);
  g_autofree char *column = NULL, *format = NULL, *owed = NULL;
  VcMissingPolicy policy;
  gboolean lenient;

  cr_assert (load_mapping (log, root,
                           "# A comment\n\n[log]\n case = ticket \nparty-column=team\n"
                           "time-format = %d.%m.%Y\nowed-to = raised by\nmissing-policy = break\nlenient = true\n",
                           NULL));
  g_object_set (log, "party-column", "desk", NULL);
  g_object_get (log, "case-column", &column, "time-format", &format, "owed-to-column", &owed, "missing-policy", &policy,
                "lenient", &lenient, NULL);
  cr_assert_str_eq (column, "ticket");
  cr_assert_str_eq (format, "%d.%m.%Y");
  cr_assert_str_eq (owed, "raised by");
  cr_assert (policy == VC_MISSING_POLICY_BREAK && lenient);
  drop_folder (root);
}

Test (event_mapping, is_all_or_nothing_and_says_where)
{
  static const struct {
    const char *content;
    int code;
    const char *message;
  } cases[] = {
    { "[log]\ncase = new\nsecret\n", VC_IMPORT_ERROR_FORMAT, "map.ini:3: this is no line of a key file" },
    { "case = new\n", VC_IMPORT_ERROR_FORMAT, "map.ini: this is no line of a key file" },
    { "", VC_IMPORT_ERROR_FORMAT, "map.ini: a mapping has one group, [log]" },
    { "[log]\ncase = new\n[more]\nx = 1\n", VC_IMPORT_ERROR_FORMAT, "map.ini: a mapping has one group, [log]" },
    { "[log]\ncase = new\n\ncash = secret\n", VC_IMPORT_ERROR_VALUE, "map.ini:4: cash: is no key of a mapping" },
    { "[log]\ncase = new\npath = secret\n", VC_IMPORT_ERROR_VALUE, "map.ini:3: path: is no key of a mapping" },
    { "[log]\ncase = new\nlimits = secret\n", VC_IMPORT_ERROR_VALUE, "map.ini:3: limits: is no key of a mapping" },
    { "[log]\ncase = new\nmissing-policy = secret\n", VC_IMPORT_ERROR_VALUE,
      "map.ini:3: missing-policy: has a value that it cannot have" },
    { "[log]\ncase = new\nlenient = maybe\n", VC_IMPORT_ERROR_VALUE,
      "map.ini:3: lenient: has a value that it cannot have" },
    { "[log]\ncase = new\ntime-format = \\d\n", VC_IMPORT_ERROR_VALUE,
      "map.ini:3: time-format: has a value that it cannot have" },
    { "[log]\ncase = \xff\n", VC_IMPORT_ERROR_ENCODING, "map.ini: the text is not UTF-8" },
  };
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = g_object_new (VC_TYPE_EVENT_LOG, "path", "x", "case-column", "old", NULL);
  g_autofree char *large = g_strnfill (70000, '#'), *column = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    cr_assert (!load_mapping (log, root, cases[i].content, &error), "%u", i);
    cr_assert (g_error_matches (error, VC_IMPORT_ERROR, cases[i].code), "%u: %s", i, error->message);
    cr_assert_str_eq (error->message, cases[i].message);
    g_clear_error (&error);
  }
  cr_assert (!load_mapping (log, root, large, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT));
  g_clear_error (&error);
  cr_assert (!vc_event_log_load_mapping (log, "/nowhere/at all", &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  g_object_get (log, "case-column", &column, NULL);
  cr_assert_str_eq (column, "old");
  drop_folder (root);
}
