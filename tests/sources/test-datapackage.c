/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include "folders.h"

#define PARTIES "id,kind,level,since,active,score\na,unit,7,2025-01-31,true,0.5\nb,unit,,,,\n"

typedef struct {
  const char *text;
  int         code;
  const char *message;
} Case;

Test (datapackage, says_what_the_chain_is)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (
    root, "x", "parties.csv", PARTIES, "datapackage.json",
    "{\"name\": \"x\", \"title\": \"North\\u00fd\", \"licenses\": [{\"name\": \"CC0\"}], \"valuechain\": {"
    "\"currency\": \"EUR\", \"effort_unit\": \"hours\", \"window\": \"2025-01-01/2026-01-01T12:00:00+02:00\"},"
    "\"resources\": [{\"path\": \"parties.csv\"}, {\"path\": [\"a.csv\", \"b.csv\"]}, {\"data\": []}]}",
    NULL);
  g_autoptr (VcChain) chain = expect_chain (path);
  gint64 start, end;

  cr_assert_str_eq (vc_chain_get_title (chain), "North\xc3\xbd");
  cr_assert_str_eq (vc_chain_get_currency (chain), "EUR");
  cr_assert_str_eq (vc_chain_get_effort_unit (chain), "hours");
  cr_assert (vc_chain_get_window (chain, &start, &end));
  cr_assert_eq (start, G_GINT64_CONSTANT (1735689600000000));
  cr_assert_eq (end, G_GINT64_CONSTANT (1767261600000000));
  drop_folder (root);
}

Test (datapackage, may_say_nothing)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, "datapackage.json", "{}", NULL);
  g_autoptr (VcChain) chain = expect_chain (path);

  cr_assert_null (vc_chain_get_title (chain));
  cr_assert_null (vc_chain_get_currency (chain));
  cr_assert_not (vc_chain_get_window (chain, NULL, NULL));
  drop_folder (root);
}

Test (datapackage, that_is_wrong_is_refused)
{
  static const Case cases[] = {
    { "", VC_IMPORT_ERROR_EMPTY, "datapackage.json:1:1: the text is empty" },
    { "[]", VC_IMPORT_ERROR_FORMAT, "datapackage.json:1:1: an object must stand here" },
    { "null", VC_IMPORT_ERROR_FORMAT, NULL },
    { "5", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"title\": 5}", VC_IMPORT_ERROR_FORMAT, "datapackage.json:1:11: \"title\" must be text" },
    { "{\"title\": null}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"title\": \"a\", \"title\": \"b\"}", VC_IMPORT_ERROR_DUPLICATE, NULL },
    { "{\"title\": \"a\\u0000b\"}", VC_IMPORT_ERROR_NUL, NULL },
    { "{\"title\": \"\xff\"}", VC_IMPORT_ERROR_ENCODING, NULL },
    { "{\"valuechain\": []}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"valuechain\": {\"curency\": \"EUR\"}}", VC_IMPORT_ERROR_VALUE,
      "datapackage.json:1:16: \"valuechain\" has members beside currency, effort_unit and window" },
    { "{\"valuechain\": {\"currency\": {}}}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"valuechain\": {\"effort_unit\": 1}}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"valuechain\": {\"window\": 1}}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"valuechain\": {\"window\": \"2025-01-01\"}}", VC_IMPORT_ERROR_TIME, NULL },
    { "{\"valuechain\": {\"window\": \"2025-01-01/x\"}}", VC_IMPORT_ERROR_TIME, NULL },
    { "{\"valuechain\": {\"window\": \"2025-01-01/2025-02-30\"}}", VC_IMPORT_ERROR_TIME, NULL },
    { "{\"valuechain\": {\"window\": \"2025-01-01/2025-01-01\"}}", VC_IMPORT_ERROR_RANGE, NULL },
    { "{\"resources\": {}}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"resources\": [5]}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"resources\": [{\"path\": 5}]}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"resources\": [{\"path\": [5]}]}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"resources\": [{\"path\": \"parties.csv\", \"schema\": {\"fields\": 1}}]}", VC_IMPORT_ERROR_FORMAT, NULL },
    { "{\"title\": \"x\"} {}", VC_IMPORT_ERROR_FORMAT, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    char *root = make_folder ();
    g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, "datapackage.json", cases[i].text, NULL);

    expect_error (path, VC_IMPORT_ERROR, cases[i].code, cases[i].message);
    drop_folder (root);
  }
}

/* Nothing that a description says leads out of its folder. */
Test (datapackage, paths_are_plain_names)
{
  static const char *const paths[] = {
    "../parties.csv",
    "/etc/passwd",
    "a/../../b.csv",
    "sub/flows.csv",
    "..",
    ".",
    "",
    ".hidden",
    "file:///etc/passwd",
    "C:flows.csv",
    "http://example.org/flows.csv",
    "..\\\\flows.csv",
    "a\\nb.csv",
    "\\u002e\\u002e/x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    char *root = make_folder ();
    g_autofree char *single = g_strdup_printf ("{\"resources\": [{\"path\": \"%s\"}]}", paths[i]);
    g_autofree char *list = g_strdup_printf ("{\"resources\": [{\"path\": [\"ok.csv\", \"%s\"]}]}", paths[i]);
    g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, "datapackage.json", single, NULL);

    expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_VALUE, NULL);
    put_file (path, "datapackage.json", list, -1);
    expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_VALUE, NULL);
    drop_folder (root);
  }
}

Test (datapackage, larger_than_16_mebibytes_is_refused)
{
  char *root = make_folder ();
  g_autofree char *large = g_strnfill ((16 << 20) + 1, ' ');
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, "datapackage.json", large, NULL);

  expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, NULL);
  drop_folder (root);
}

static VcColumnType
attribute_type (const char *package, const char *name)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, "datapackage.json", package, NULL);
  g_autoptr (VcChain) chain = expect_chain (path);
  VcColumn *column = vc_table_lookup_column (vc_chain_get_parties (chain), name);

  cr_assert_not_null (column, "%s is lost", name);
  drop_folder (root);
  return vc_column_get_column_type (column);
}

#define SCHEMA(fields) "\"resources\": [{\"path\": \"parties.csv\", \"schema\": {\"fields\": [" fields "]}}]}"
#define FIELDS                                                                                                         \
  "{\"name\": \"level\", \"type\": \"integer\"}, {\"name\": \"since\", \"type\": \"datetime\", \"format\": \"any\"},"  \
  "{\"name\": \"active\", \"type\": \"boolean\"}, {\"name\": \"score\", \"type\": \"number\"}, {\"name\": \"gone\", "  \
  "\"type\": \"number\"}"

Test (datapackage, types_attributes_where_it_was_made_for_a_chain)
{
  cr_assert_eq (attribute_type ("{\"valuechain\": {}, " SCHEMA (FIELDS), "level"), VC_COLUMN_TYPE_INT64);
  cr_assert_eq (attribute_type ("{\"valuechain\": {}, " SCHEMA (FIELDS), "since"), VC_COLUMN_TYPE_TIME);
  cr_assert_eq (attribute_type ("{\"valuechain\": {}, " SCHEMA (FIELDS), "active"), VC_COLUMN_TYPE_BOOLEAN);
  cr_assert_eq (attribute_type ("{\"valuechain\": {}, " SCHEMA (FIELDS), "score"), VC_COLUMN_TYPE_DOUBLE);
  cr_assert_eq (attribute_type ("{" SCHEMA (FIELDS), "level"), VC_COLUMN_TYPE_TEXT);
  cr_assert_eq (
    attribute_type (
      "{\"valuechain\": {}, " SCHEMA ("{\"name\": \"score\", \"type\": \"number\", \"groupChar\": \",\"}"), "score"),
    VC_COLUMN_TYPE_TEXT);
  cr_assert_eq (
    attribute_type (
      "{\"valuechain\": {}, " SCHEMA ("{\"name\": \"since\", \"type\": \"datetime\", \"format\": \"%d\"}"), "since"),
    VC_COLUMN_TYPE_TEXT);
  /* No type of the program is made of a name. */
  cr_assert_eq (
    attribute_type ("{\"valuechain\": {}, " SCHEMA ("{\"name\": \"level\", \"type\": \"GtkWindow\"}"), "level"),
    VC_COLUMN_TYPE_TEXT);
  /* Ids stay text, whatever somebody says. */
  cr_assert_eq (attribute_type ("{\"valuechain\": {}, " SCHEMA ("{\"name\": \"id\", \"type\": \"integer\"}"), "id"),
                VC_COLUMN_TYPE_TEXT);
}
