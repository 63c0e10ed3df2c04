/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "../reference/ocel-log.h"
#include "folders.h"
#include "sources/vc-ocel-read-private.h"

static const char good[]
  = "E Place|price:float|by:string|first:boolean\n"
    "E Pack|by:string\n"
    "O Order|size:integer|due:time\n"
    "O Customer\n"
    "O Idle type|nothing:string\n"
    "e e1|Place|2024-01-01T10:00:00Z|price=5.5|by=Ann & Bob|first=true|>o1:places|>c1:asks\n"
    "e e2|Pack|2024-01-01T12:00:00+01:00|by=Bob|>o1\n"
    "e e3|Pack|2024-01-02 09:00:00.5|>o1:twice|>o1:twice or more\n"
    "e e4|Pack|2024-01-03\n"
    "o o1|Order|size=3@1970-01-01T00:00:00Z|size=4@2024-01-02T00:00:00Z|due=2024-02-01@1970-01-01T00:00:00Z|>c1:for\n"
    "o c1|Customer\n"
    "o alone|Customer|>o1:\xc3\xa9\"'<\n";

/* The three writings of a description; the file is gone afterwards. */
typedef struct {
  char *texts[2]; /* JSON, XML */
  char *root;
  char *path;
} Writings;

static void
write_all (Writings *self, const char *description)
{
  self->texts[0] = ocel_write_json (description);
  self->texts[1] = ocel_write_xml (description);
  self->root = make_folder ();
  self->path = g_build_filename (self->root, "log.sqlite", NULL);
  cr_assert (ocel_write_sqlite (description, self->path));
}

static void
drop_all (Writings *self)
{
  g_free (self->texts[0]);
  g_free (self->texts[1]);
  g_free (self->path);
  drop_folder (self->root);
}

static VcOcel *
read_writing (const Writings *self, guint which, GError **error)
{
  return which < 2 ? ocel_read (self->texts[which], strlen (self->texts[which]), NULL, VC_OCEL_WINDOW, error)
                   : ocel_read (NULL, 0, self->path, 0, error);
}

Test (ocel, three_formats_say_the_same)
{
  g_autofree char *expected = NULL;
  Writings writings;

  write_all (&writings, good);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcOcel) ocel = read_writing (&writings, i, &error);
    g_autofree char *told = NULL;

    cr_assert_not_null (ocel, "%u: %s", i, error != NULL ? error->message : "");
    told = ocel_tell (ocel);
    if (i == 0)
      expected = g_steal_pointer (&told);
    else
      cr_assert_str_eq (told, expected, "%u", i);
    cr_assert_eq (ocel->rows[VC_OCEL_EVENTS].n_defined, 4);
    cr_assert_eq (ocel->rows[VC_OCEL_OBJECTS].n_defined, 3);
  }
  cr_assert_not_null (strstr (expected, "0 e2 Pack 1704106800000000 1"), "%s", expected);
  cr_assert_not_null (strstr (expected, "0 e1 by=Ann & Bob@0"));
  cr_assert_not_null (strstr (expected, "0 e2>o1:-\n"));
  cr_assert_not_null (strstr (expected, "1 alone>o1:\xc3\xa9\"'<\n"));
  cr_assert_not_null (strstr (expected, "1 o1 size=4@1704153600000000"));
  drop_all (&writings);
}

typedef struct {
  const char *what;    /* is wrong */
  const char *from;    /* in the good description */
  const char *to;
  int         code;
  const char *word;    /* on the line of the texts that is told; NULL: not looked at */
  const char *message; /* of the tables; or NULL */
} Wrong;

/* "log:LINE: ..." */
static gboolean
tells_line_of (const char *message, const char *text, const char *word)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint64 line = g_str_has_prefix (message, "log:") ? g_ascii_strtoull (message + strlen ("log:"), NULL, 10) : 0;

  return line > 0 && line <= g_strv_length (lines) && strstr (lines[line - 1], word) != NULL;
}

static void
expect_wrong (const Wrong *wrong)
{
  g_auto (GStrv) parts = g_strsplit (good, wrong->from, 2);
  g_autofree char *description = NULL;
  Writings writings;

  cr_assert_not_null (parts[1], "%s", wrong->what);
  description = g_strconcat (parts[0], wrong->to, parts[1], NULL);
  write_all (&writings, description);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcOcel) ocel = read_writing (&writings, i, &error);

    cr_assert_null (ocel, "%s is accepted: %u", wrong->what, i);
    cr_assert (g_error_matches (error, VC_IMPORT_ERROR, wrong->code), "%s: %u: %d: %s", wrong->what, i, error->code,
               error->message);
    if (i < 2 && wrong->word != NULL)
      cr_assert (tells_line_of (error->message, writings.texts[i], wrong->word), "%s: %s", wrong->what, error->message);
    if (i == 2 && wrong->message != NULL)
      cr_assert_str_eq (error->message, wrong->message);
  }
  drop_all (&writings);
}

Test (ocel, what_is_wrong_is_told_alike)
{
  static const Wrong wrongs[] = {
    { "an object that is not there", ">o1:twice|", ">ghost:twice|", VC_IMPORT_ERROR_REFERENCE, "ghost",
      "log: field event_object: row 4: it refers to an object that the log lacks" },
    { "an object that objects lack", ">c1:for", ">ghost:for", VC_IMPORT_ERROR_REFERENCE, "ghost", NULL },
    { "an event that stands twice", "e e2|", "e e1|", VC_IMPORT_ERROR_DUPLICATE, "\"e1\"",
      "log: field event: row 2: the id stands twice (the first of 2 errors)" },
    { "an object that stands twice", "o c1|", "o o1|", VC_IMPORT_ERROR_DUPLICATE, "\"o1\"", NULL },
    { "a type that is declared twice", "O Customer", "O Order", VC_IMPORT_ERROR_DUPLICATE, "Order", NULL },
    { "an object type that is not declared", "o c1|Customer", "o c1|Client", VC_IMPORT_ERROR_REFERENCE, "Client",
      "log: field object: row 2: the type is not declared" },
    { "a number that is none", "price=5.5", "price=5,5", VC_IMPORT_ERROR_NUMBER, "5,5",
      "log: field event_T0: row 1: the attribute \"price\" has a value that is no float" },
    { "a whole number that is none", "size=4@", "size=4.5@", VC_IMPORT_ERROR_NUMBER, "4.5", NULL },
    { "a truth value that is none", "first=true", "first=yes", VC_IMPORT_ERROR_VALUE, "yes", NULL },
    { "a time that is none", "due=2024-02-01", "due=soon", VC_IMPORT_ERROR_TIME, "soon", NULL },
    { "an event whose time is none", "|2024-01-03\n", "|2024-02-30\n", VC_IMPORT_ERROR_TIME, "e4", NULL },
    { "an event without a time", "|2024-01-03\n", "|\n", VC_IMPORT_ERROR_MISSING, "e4", NULL },
    { "a value without a time", "size=3@1970-01-01T00:00:00Z", "size=3@", VC_IMPORT_ERROR_MISSING, "size", NULL },
    { "a value whose time is none", "size=3@1970-01-01T00:00:00Z", "size=3@noon", VC_IMPORT_ERROR_TIME, "noon", NULL },
    { "an event without an id", "e e4|Pack|2024-01-03\n", "e |Pack|2024-01-03\n", VC_IMPORT_ERROR_MISSING, "2024-01-03",
      NULL },
    { "an object without a type", "o c1|Customer", "o c1|", VC_IMPORT_ERROR_MISSING, "\"c1\"", NULL },
    { "a relation without an object", ">o1:twice|", ">:twice|", VC_IMPORT_ERROR_MISSING, "twice", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++)
    expect_wrong (&wrongs[i]);
}

static void
expect_refused (const char *text, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcOcel) ocel = ocel_read (text, strlen (text), NULL, VC_OCEL_WINDOW, &error);

  cr_assert_null (ocel, "%s", text);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s: %d: %s", text, error->code, error->message);
  if (message != NULL)
    cr_assert_str_eq (error->message, message);
}

#define WITH(types, events)                                                                                            \
  "{\"eventTypes\": [" types "],\n\"objectTypes\": [], \"objects\": [],\n\"events\": [" events "]}"

Test (ocel, json_that_is_no_log_is_refused)
{
  expect_refused ("", VC_IMPORT_ERROR_EMPTY, NULL);
  expect_refused ("[]", VC_IMPORT_ERROR_FORMAT, "log:1:1: an object must stand here");
  expect_refused ("{}", VC_IMPORT_ERROR_MISSING, "log: the log has no member \"eventTypes\"");
  expect_refused ("{\"eventTypes\": [], \"objectTypes\": [], \"events\": []}", VC_IMPORT_ERROR_MISSING, NULL);
  expect_refused ("{\"eventTypes\": [],\n\"eventTypes\": []}", VC_IMPORT_ERROR_DUPLICATE, NULL);
  expect_refused ("{\"eventTypes\": 5}", VC_IMPORT_ERROR_FORMAT,
                  "log:1:16: the member \"eventTypes\" must be an array");
  expect_refused ("{\"eventTypes\": [5]}", VC_IMPORT_ERROR_FORMAT, "log:1:17: an object must stand here");
  expect_refused (WITH ("", "{\"id\": 5}"), VC_IMPORT_ERROR_FORMAT, "log:3:19: the member \"id\" must be a string");
  expect_refused (WITH ("", "{\"id\": null}"), VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refused (WITH ("", "{\"id\": \"a\", \"id\": \"b\"}"), VC_IMPORT_ERROR_DUPLICATE, NULL);
  expect_refused (WITH ("", "{\"id\": \"a\", \"attributes\": {}}"), VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refused (WITH ("", "{\"id\": \"a\\u0000\", \"type\": \"t\"}"), VC_IMPORT_ERROR_NUL, NULL);
  expect_refused (WITH ("{\"name\": \"t\", \"attributes\": [{\"name\": \"a\", \"type\": \"GtkWindow\"}]}", ""),
                  VC_IMPORT_ERROR_VALUE,
                  "log:1: field eventTypes: row 1: the attribute \"a\" is of a type that the format lacks");
  expect_refused (WITH ("{\"name\": \"t\"}", "{\"id\": \"a\", \"type\": \"t\", \"time\": \"2024-01-01\", "
                                             "\"attributes\": [{\"name\": \"a\", \"value\": [1]}]}"),
                  VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refused (
    WITH (
      "{\"name\": \"t\"}",
      "{\"id\": \"a\", \"type\": \"t\", \"time\": \"2024-01-01\", \"attributes\": [{\"name\": \"a\", \"value\": 1}]}"),
    VC_IMPORT_ERROR_REFERENCE, "log:3: field events: row 1: an attribute is not declared for its type");
}

/* Numbers are held to the type of their attribute and stay the texts that they are: nothing is rounded. */
Test (ocel, numbers_are_held_to_their_type)
{
#define OF(type, value)                                                                                                \
  WITH ("{\"name\": \"t\", \"attributes\": [{\"name\": \"a\", \"type\": \"" type "\"}]}",                              \
        "{\"id\": \"e\", \"type\": \"t\", \"time\": \"2024-01-01\", "                                                  \
        "\"attributes\": [{\"name\": \"a\", \"value\": " value "}]}")
  static const char *const good_ones[][2] = {
    { OF ("integer", "9007199254740993"), "9007199254740993" },
    { OF ("integer", "9223372036854775807"), "9223372036854775807" },
    { OF ("integer", "-9223372036854775808"), "-9223372036854775808" },
    { OF ("integer", "1.0"), "1.0" },
    { OF ("integer", "1e2"), "1e2" },
    { OF ("float", "9007199254740993"), "9007199254740993" },
  };
  static const char *const bad_ones[] = {
    OF ("integer", "99999999999999999999"), OF ("integer", "9223372036854775808"),
    OF ("integer", "-9223372036854775809"), OF ("integer", "1.5"), OF ("integer", "1e400"), OF ("float", "1e400"),
    OF ("float", "\"NaN\""), OF ("float", "\"Infinity\""), OF ("integer", "\"five\""),
  };

  for (guint i = 0; i < G_N_ELEMENTS (good_ones); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcOcel) ocel = ocel_read (good_ones[i][0], strlen (good_ones[i][0]), NULL, VC_OCEL_WINDOW, &error);

    cr_assert_not_null (ocel, "%s", error != NULL ? error->message : "");
    cr_assert_geq (vc_interner_lookup (ocel->texts, good_ones[i][1], strlen (good_ones[i][1])), 0, "%s",
                   good_ones[i][1]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad_ones); i++)
    expect_refused (bad_ones[i], VC_IMPORT_ERROR_NUMBER, NULL);
  expect_refused (OF ("float", "NaN"), VC_IMPORT_ERROR_FORMAT, NULL);
#undef OF
}

/* An event has one time, and so one value of each attribute; tables could not say it otherwise. */
Test (ocel, an_event_has_one_value_of_an_attribute)
{
  expect_refused (WITH ("{\"name\": \"t\", \"attributes\": [{\"name\": \"a\", \"type\": \"string\"}]}",
                        "{\"id\": \"a\", \"type\": \"t\", \"time\": \"2024-01-01\", \"attributes\": [{\"name\": \"a\", "
                        "\"value\": \"x\"},\n {\"name\": \"a\", \"value\": \"x\"}]}"),
                  VC_IMPORT_ERROR_DUPLICATE, "log:4: field events: row 1: the attribute \"a\" has two values");
}

/* A name that the log does not declare may be anything, and anybody. */
Test (ocel, only_declared_names_are_told)
{
  expect_refused (WITH ("{\"name\": \"t\"}", "{\"id\": \"a\", \"type\": \"t\", \"time\": \"2024-01-01\", "
                                             "\"attributes\": [{\"name\": \"Ann Smith\", \"value\": \"x\"}]}"),
                  VC_IMPORT_ERROR_REFERENCE, "log:3: field events: row 1: an attribute is not declared for its type");
  expect_refused (WITH ("{\"name\": \"t\"}", "{\"id\": \"a\", \"type\": \"t\", \"time\": \"2024-01-01\", "
                                             "\"attributes\": [{\"name\": \"Ann Smith\", \"value\": \"x\"}, "
                                             "{\"name\": \"Ann Smith\", \"value\": \"x\"}]}"),
                  VC_IMPORT_ERROR_DUPLICATE,
                  "log:3: field events: row 1: an attribute has two values (the first of 2 errors)");
}

/* Members may stand in any order, so that what an attribute is may be said after its values; null is no value; what
 * the format does not know is left out and counted. */
Test (ocel, json_may_declare_late)
{
  static const char text[]
    = "{\"version\": 1, \"events\": [{\"attributes\": [{\"value\": 5, \"name\": \"n\"}, {\"name\": \"b\", \"value\": "
      "true}, {\"name\": \"s\", \"value\": null}],"
      " \"time\": \"2024-01-01\", \"type\": \"t\", \"id\": \"a\", \"x\": {}}], \"objects\": [], \"objectTypes\": [],"
      " \"eventTypes\": [{\"name\": \"t\", \"attributes\": [{\"name\": \"n\", \"type\": \"integer\"}, {\"name\": "
      "\"b\", \"type\": \"boolean\"}]}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (VcOcel) ocel = ocel_read (text, strlen (text), NULL, VC_OCEL_WINDOW, &error);
  g_autofree char *told = NULL;
  g_autofree char *wrong = g_strdup (text);

  cr_assert_not_null (ocel, "%s", error != NULL ? error->message : "");
  told = ocel_tell (ocel);
  cr_assert_str_eq (told, "0 a b=true@0\n0 a n=5@0\n0 a t 1704067200000000 0");
  cr_assert_eq (ocel->n_ignored, 2);
  memcpy (strstr (wrong, "\"integer\""), "\"time\"   ", 9);
  expect_refused (wrong, VC_IMPORT_ERROR_TIME,
                  "log:1: field events: row 1: the attribute \"n\" has a value that is no time");
}

Test (ocel, xml_that_is_no_log_is_refused)
{
  expect_refused ("<html><objects/></html>", VC_IMPORT_ERROR_FORMAT, "log:1:1: this is no OCEL 2.0 log");
  expect_refused ("<log><object-types/><event-types/><objects/></log>", VC_IMPORT_ERROR_MISSING,
                  "log: the log has no element \"events\"");
  expect_refused ("<log><events/><events/></log>", VC_IMPORT_ERROR_DUPLICATE, NULL);
  expect_refused ("<log><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/hostname'/></log>",
                  VC_IMPORT_ERROR_FORMAT, "log:1:6: OCEL 2.0 has no such element here");
  expect_refused ("<log><events><event id='a' type='t' time='2024-01-01'>text</event></events></log>",
                  VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refused ("<!DOCTYPE log><log/>", VC_IMPORT_ERROR_FORMAT, NULL);
}

/* Every truncation of a text is refused, and read in pieces of any size it says the same. */
static void
expect_whole_or_nothing (const char *text)
{
  gsize length = strlen (text) - 1;
  g_autoptr (VcOcel) whole = ocel_read (text, length, NULL, VC_OCEL_WINDOW, NULL);
  g_autofree char *expected = ocel_tell (whole);

  for (gsize n = 0; n < length; n++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *part = g_strndup (text, n);
    g_autoptr (VcOcel) ocel = ocel_read (part, n, NULL, 64, &error);

    cr_assert_null (ocel, "%zu bytes", n);
    cr_assert_not_null (error);
  }
  for (gsize window = 8; window < 200; window++) {
    g_autoptr (VcOcel) ocel = ocel_read (text, length, NULL, window, NULL);
    g_autofree char *told = ocel_tell (ocel);

    cr_assert_str_eq (told, expected);
  }
}

Test (ocel, texts_are_whole_or_nothing)
{
  g_autofree char *json = ocel_write_json (good), *xml = ocel_write_xml (good);

  expect_whole_or_nothing (json);
  expect_whole_or_nothing (xml);
}

static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *database;

  cr_assert_eq (sqlite3_open (path, &database), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (database, sql, NULL, NULL, NULL), SQLITE_OK, "%s: %s", sql, sqlite3_errmsg (database));
  sqlite3_close (database);
}

static void
expect_tables_refused (const char *sql, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcOcel) ocel = NULL;
  Writings writings;

  write_all (&writings, good);
  run_sql (writings.path, sql);
  ocel = read_writing (&writings, 2, &error);
  cr_assert_null (ocel, "%s", sql);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s: %d: %s", sql, error->code, error->message);
  if (message != NULL)
    cr_assert_str_eq (error->message, message);
  drop_all (&writings);
}

/* Met in the wild: a type named otherwise by events than by the table of types, which another reader hangs on;
 * tables that fail their own references; types without a table. */
Test (ocel, tables_that_contradict_each_other_are_refused)
{
  expect_tables_refused ("UPDATE event SET ocel_type = 'pack' WHERE ocel_id = 'e2'", VC_IMPORT_ERROR_REFERENCE, NULL);
  expect_tables_refused ("UPDATE event_map_type SET ocel_type = 'pack' WHERE ocel_type = 'Pack'",
                         VC_IMPORT_ERROR_REFERENCE, NULL);
  expect_tables_refused ("DROP TABLE event_T1", VC_IMPORT_ERROR_MISSING,
                         "log: table event_T1: it is not there, and a type needs it");
  expect_tables_refused ("DROP TABLE object_object", VC_IMPORT_ERROR_FORMAT,
                         "log: table object_object: it is not there: this is no OCEL 2.0 log");
  expect_tables_refused ("ALTER TABLE event RENAME COLUMN ocel_type TO type", VC_IMPORT_ERROR_HEADER,
                         "log: table event: it has no column ocel_type");
  expect_tables_refused ("ALTER TABLE event_T0 RENAME COLUMN ocel_time TO time", VC_IMPORT_ERROR_HEADER, NULL);
  expect_tables_refused ("DELETE FROM event_T1 WHERE ocel_id = 'e3'", VC_IMPORT_ERROR_MISSING,
                         "log: field event: row 3: the table of its type does not have the event");
  expect_tables_refused ("INSERT INTO event_T1 (ocel_id, ocel_time) VALUES ('e3', '2024-01-01')",
                         VC_IMPORT_ERROR_DUPLICATE, NULL);
  expect_tables_refused ("INSERT INTO event_T1 (ocel_id, ocel_time) VALUES ('e1', '2024-01-01')",
                         VC_IMPORT_ERROR_REFERENCE, "log: field event_T1: row 4: what it refers to is of another type");
  expect_tables_refused ("INSERT INTO event_T1 (ocel_id, ocel_time) VALUES ('e9', '2024-01-01')",
                         VC_IMPORT_ERROR_REFERENCE, NULL);
  expect_tables_refused ("INSERT INTO event_object VALUES ('e9', 'o1', '')", VC_IMPORT_ERROR_REFERENCE,
                         "log: field event_object: row 6: it refers to an event that the log lacks");
  expect_tables_refused (
    "UPDATE event_map_type SET ocel_type_map = 'T0\"; DROP TABLE event; --' WHERE ocel_type = 'Pack'",
    VC_IMPORT_ERROR_VALUE, NULL);
  expect_tables_refused ("UPDATE event SET ocel_id = CAST (x'C080' AS TEXT) WHERE ocel_id = 'e1'",
                         VC_IMPORT_ERROR_ENCODING, NULL);
  expect_tables_refused ("UPDATE event SET ocel_id = x'00' WHERE ocel_id = 'e1'", VC_IMPORT_ERROR_VALUE, NULL);
  expect_tables_refused ("DROP TABLE event; CREATE VIEW event AS WITH RECURSIVE t(ocel_id, ocel_type) AS (SELECT 'a', "
                         "'Pack' UNION ALL SELECT * FROM t) SELECT * FROM t",
                         VC_IMPORT_ERROR_FORMAT, NULL);
}

/* As pm4py writes them: what an object has from the first has no time, or there is no column for it. */
Test (ocel, tables_may_leave_out_the_first_time)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcOcel) ocel = NULL;
  g_autofree char *told = NULL;
  Writings writings;

  write_all (&writings, good);
  run_sql (writings.path,
           "ALTER TABLE object_T3 DROP COLUMN ocel_time; ALTER TABLE object_T3 DROP COLUMN ocel_changed_field;"
           "INSERT INTO object_T3 VALUES ('c1'); UPDATE object_T2 SET ocel_time = NULL WHERE size = 3");
  ocel = read_writing (&writings, 2, &error);
  cr_assert_not_null (ocel, "%s", error != NULL ? error->message : "");
  told = ocel_tell (ocel);
  cr_assert_not_null (strstr (told, "1 o1 size=3@0"));
  drop_all (&writings);
  expect_tables_refused ("UPDATE object_T2 SET ocel_time = NULL WHERE size = 4", VC_IMPORT_ERROR_MISSING,
                         "log: field object_T2: row 2: the time of a value is missing");
}

/* A later row of an object has one new value, or all of them anew. */
Test (ocel, tables_say_what_changed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcOcel) ocel = NULL;
  g_autofree char *told = NULL;
  Writings writings;

  write_all (&writings, good);
  run_sql (writings.path,
           "INSERT INTO object_T2 (ocel_id, ocel_time, ocel_changed_field, size, due) VALUES"
           " ('o1', '2024-01-05 00:00:00', 'size', 7, '2024-03-01'), ('o1', '2024-01-06', NULL, 8, '2024-04-01');"
           "CREATE TABLE other (x); CREATE VIEW v AS SELECT * FROM v2; CREATE TRIGGER t AFTER INSERT ON event BEGIN "
           "SELECT 1; END");
  ocel = read_writing (&writings, 2, &error);
  cr_assert_not_null (ocel, "%s", error != NULL ? error->message : "");
  told = ocel_tell (ocel);
  cr_assert_not_null (strstr (told, "1 o1 size=7@1704412800000000"), "%s", told);
  cr_assert_null (strstr (told, "2024-03-01"));
  cr_assert_not_null (strstr (told, "1 o1 due=2024-04-01@1704499200000000"));
  cr_assert_not_null (strstr (told, "1 o1 size=8@1704499200000000"));
  drop_all (&writings);
}

/* A stream that gives one byte at a time, and fails after so many. */
typedef struct {
  GInputStream parent_instance;
  const char  *text;
  gsize        length;
  gsize        at;
  gsize        fails_at;
} Trickle;

typedef GInputStreamClass TrickleClass;

GType trickle_get_type (void);
G_DEFINE_TYPE (Trickle, trickle, G_TYPE_INPUT_STREAM)

static gssize
trickle_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  Trickle *self = (Trickle *) stream;

  if (self->at == self->fails_at) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "gone");
    return -1;
  }
  if (self->at == self->length || count == 0)
    return 0;
  *(char *) buffer = self->text[self->at++];
  return 1;
}

static void
trickle_class_init (TrickleClass *klass)
{
  klass->read_fn = trickle_read;
}

static void
trickle_init (Trickle *self)
{
}

static char *
read_trickle (const char *text, gsize fails_at, GError **error)
{
  g_autoptr (GInputStream) stream = g_object_new (trickle_get_type (), NULL);
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (VcOcel) ocel = vc_ocel_new ("log", limits, 0, NULL, error);
  g_auto (VcInput) input = { 0 };
  VcEventReading reading = { .input = &input };

  ((Trickle *) stream)->text = text;
  ((Trickle *) stream)->length = strlen (text);
  ((Trickle *) stream)->fails_at = fails_at;
  cr_assert (vc_input_init (&input, stream, "log", limits, error));
  return (*text == '<' ? vc_ocel_read_xml : vc_ocel_read_json) (ocel, &reading, VC_OCEL_WINDOW, error)
           ? ocel_tell (ocel)
           : NULL;
}

static void
expect_trickled (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcOcel) ocel = ocel_read (text, strlen (text), NULL, VC_OCEL_WINDOW, NULL);
  g_autofree char *expected = ocel_tell (ocel), *told = read_trickle (text, G_MAXSIZE, NULL),
                  *refused = read_trickle (text, strlen (text) / 2, &error);

  cr_assert_str_eq (told, expected);
  cr_assert (refused == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED));
}

/* The format is known by what is open, and that is read too, whatever has taken its name since. */
Test (ocel, a_file_is_opened_once)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (VcOcel) ocel = vc_ocel_new ("log", limits, 0, NULL, NULL);
  g_autoptr (VcOcel) expected = NULL;
  g_auto (VcInput) input = { 0 };
  g_autofree char *other = NULL, *told = NULL, *expected_told = NULL;
  g_autoptr (GError) error = NULL;
  VcEventReading reading = { .input = &input };
  Writings writings;
  const char *head;
  gsize length;

  write_all (&writings, good);
  expected = ocel_read (NULL, 0, writings.path, 0, NULL);
  reading.path = writings.path;
  cr_assert (vc_input_open (&input, writings.path, limits, NULL, NULL));
  head = vc_input_peek (&input, VC_EVENT_HEAD_SIZE, &length, NULL, NULL);
  cr_assert (vc_event_format_ocel_sqlite.knows (head, length));
  other = g_build_filename (writings.root, "other.sqlite", NULL);
  cr_assert (ocel_write_sqlite ("E Pack\nO Order\ne e|Pack|2024-01-01|>o\no o|Order\n", other));
  cr_assert_eq (g_rename (other, writings.path), 0);
  cr_assert (vc_ocel_read_sqlite (ocel, &reading, &error), "%s", error != NULL ? error->message : "");
  told = ocel_tell (ocel);
  expected_told = ocel_tell (expected);
  cr_assert_str_eq (told, expected_told);
  drop_all (&writings);
}

/* Who writes to the file need not wait until everything is done with what was read. */
Test (ocel, a_file_is_locked_no_longer_than_it_is_read)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (VcOcel) ocel = vc_ocel_new ("log", limits, 0, NULL, NULL);
  g_auto (VcInput) input = { 0 };
  VcEventReading reading = { .input = &input };
  Writings writings;
  sqlite3 *database;

  write_all (&writings, good);
  reading.path = writings.path;
  cr_assert (vc_input_open (&input, writings.path, limits, NULL, NULL));
  cr_assert (vc_ocel_read_sqlite (ocel, &reading, NULL));
  cr_assert_eq (sqlite3_open (writings.path, &database), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (database, "DELETE FROM event", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (database);
  drop_all (&writings);
}

Test (ocel, a_slow_stream_is_no_other)
{
  g_autofree char *json = ocel_write_json (good), *xml = ocel_write_xml (good);

  expect_trickled (json);
  expect_trickled (xml);
}

/* 65,536 ids that one hash of GLib cannot tell apart: "CA" and "Bb" have the same, and so have all words of the same
 * length made of them. */
Test (ocel, ids_that_collide_cost_nothing)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text
    = g_string_new ("{\"eventTypes\":[],\"objectTypes\":[{\"name\":\"t\"}],\"events\":[],\"objects\":[");
  g_autoptr (VcOcel) ocel = NULL;
  gint64 start;

  for (guint i = 0; i < 65536; i++) {
    g_string_append (text, i > 0 ? ",{\"type\":\"t\",\"id\":\"" : "{\"type\":\"t\",\"id\":\"");
    for (guint bit = 0; bit < 16; bit++)
      g_string_append (text, i >> bit & 1 ? "Bb" : "CA");
    g_string_append (text, "\"}");
  }
  g_string_append (text, "]}");
  cr_assert_eq (g_str_hash ("CA"), g_str_hash ("Bb"));
  start = g_get_monotonic_time ();
  ocel = ocel_read (text->str, text->len, NULL, VC_OCEL_WINDOW, &error);
  cr_assert_not_null (ocel, "%s", error != NULL ? error->message : "");
  cr_assert_eq (ocel->rows[VC_OCEL_OBJECTS].n_defined, 65536);
  cr_assert_lt (g_get_monotonic_time () - start, 5 * G_USEC_PER_SEC);
}

/* Whatever bytes are damaged, the log is read or refused. */
Test (ocel, damaged_tables_are_refused_or_read)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20240101);
  g_autofree char *bytes = NULL;
  gsize length;
  guint n_refused = 0;
  Writings writings;

  write_all (&writings, good);
  cr_assert (g_file_get_contents (writings.path, &bytes, &length, NULL));
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcOcel) ocel = NULL;
    g_autofree char *damaged = g_memdup2 (bytes, length);

    for (guint k = 0; k < 1 + i % 8; k++)
      damaged[g_rand_int_range (random, 0, (gint32) length)] = (char) g_rand_int_range (random, 0, 256);
    cr_assert (g_file_set_contents_full (writings.path, damaged, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    ocel = read_writing (&writings, 2, &error);
    cr_assert_eq (ocel != NULL, error == NULL);
    n_refused += ocel == NULL;
  }
  cr_assert_gt (n_refused, 10u);
  drop_all (&writings);
}
