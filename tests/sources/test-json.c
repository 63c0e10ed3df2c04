/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include "sources/vc-json-private.h"

typedef struct {
  const char *text;
  int         code;
} Case;

static VcJson *
parse (const char *text, GError **error)
{
  return vc_json_parse (text, strlen (text), "x.json", error);
}

static void
assert_refused (const char *text, gsize length, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcJson) json = vc_json_parse (text, length, "x.json", &error);

  cr_assert_null (json, "accepted: %s", text);
  cr_assert_not_null (error);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s: code %d: %s", text, error->code, error->message);
}

static void
assert_text (const VcJson *json, guint32 value, const char *expected)
{
  gsize length;
  const char *text = vc_json_peek_text (json, value, &length);

  cr_assert_eq (length, strlen (expected));
  cr_assert (memcmp (text, expected, length) == 0, "%.*s is not %s", (int) length, text, expected);
}

Test (json, reads_a_document)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcJson) json = parse (
    " {\"a\": [1, -2.5e+3, true, null, {}], \"b\\u00e9\": \"x\\ty\\ud83d\\ude00\",\r\n\"c\": {\"d\": []}}\n", &error);
  guint32 a, b, c, d;
  guint line, column;

  cr_assert_not_null (json, "%s", error != NULL ? error->message : "");
  cr_assert (vc_json_member (json, VC_JSON_ROOT, "a", &a, NULL) && vc_json_get_type (json, a) == VC_JSON_ARRAY);
  a = vc_json_first (json, a);
  assert_text (json, a, "1");
  a = vc_json_next (json, a);
  cr_assert_eq (vc_json_get_type (json, a), VC_JSON_NUMBER);
  assert_text (json, a, "-2.5e+3");
  a = vc_json_next (json, a);
  cr_assert_eq (vc_json_get_type (json, a), VC_JSON_BOOLEAN);
  a = vc_json_next (json, a);
  cr_assert_eq (vc_json_get_type (json, a), VC_JSON_NULL);
  a = vc_json_next (json, a);
  cr_assert_eq (vc_json_get_type (json, a), VC_JSON_OBJECT);
  cr_assert_eq (vc_json_first (json, a), VC_JSON_NONE);
  cr_assert_eq (vc_json_next (json, a), VC_JSON_NONE);

  cr_assert (vc_json_member (json, VC_JSON_ROOT, "b\xc3\xa9", &b, NULL));
  assert_text (json, b, "x\ty\xf0\x9f\x98\x80");
  cr_assert (vc_json_member (json, VC_JSON_ROOT, "c", &c, NULL));
  vc_json_locate (json, c, &line, &column);
  cr_assert (line == 2 && column == 6, "%u:%u", line, column);
  cr_assert (vc_json_member (json, c, "d", &d, NULL) && d != VC_JSON_NONE);
  cr_assert (vc_json_member (json, c, "e", &d, NULL) && d == VC_JSON_NONE);
}

Test (json, accepts_what_the_grammar_has)
{
  static const char *const texts[] = {
    "0",
    "-0",
    "1E5",
    "1e-2",
    "123.456e78",
    "\"\"",
    "[]",
    "{}",
    "true",
    " false ",
    "null\r\n",
    "[[[]]]",
    "\xEF\xBB\xBF{}",
    "\"\\u0000\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "[1,\t2 ,\n3]",
    "{\"\":0}",
    "{\"a\":1,\"a\":1}",
    "\"\\uDBFF\\uDFFF\"",
    "[0e+1]",
    "[123123123123123123123123123123]",
    "\"\x7f\"",
    "\"\xe2\x80\xa8\"",
    "99999999999999999999",
    "1e400",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcJson) json = parse (texts[i], &error);

    cr_assert_not_null (json, "%s: %s", texts[i], error != NULL ? error->message : "");
  }
}

Test (json, refuses_what_the_grammar_lacks)
{
  static const char *const texts[] = {
    "010",
    "0x10",
    ".5",
    "5.",
    "+1",
    "-",
    "1e",
    "1e+",
    "-01",
    "1.e1",
    "NaN",
    "Infinity",
    "-Infinity",
    "1 000",
    "1_000",
    "[1,]",
    "{\"a\":1,}",
    "[1 2]",
    "[,1]",
    "[1,,2]",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{a:1}",
    "{'a':1}",
    "{\"a\" 1}",
    "{1:1}",
    "// x\n1",
    "/* x */ 1",
    "1 // x",
    "'a'",
    "{} {}",
    "[] x",
    "1,",
    "]",
    "}",
    "[}",
    "{]",
    "[1}",
    "{\"a\":1]",
    ":",
    ",",
    "\"a\nb\"",
    "\"\t\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\\u12G4\"",
    "\"\\\"",
    "\"a",
    "tru",
    "True",
    "nul",
    "nulll",
    "[\"a\",\n4\n,1,",
    "\xC2\xA0"
    "1",
    "\f1",
    "\"\\u\xe2\x80\xa8\"",
    "\xEF\xBB\xBF\xEF\xBB\xBF"
    "1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i], strlen (texts[i]), VC_IMPORT_ERROR_FORMAT);
}

Test (json, refuses_what_is_no_text)
{
  static const Case cases[] = {
    { "", VC_IMPORT_ERROR_EMPTY },
    { " \n", VC_IMPORT_ERROR_EMPTY },
    { "\xEF\xBB\xBF", VC_IMPORT_ERROR_EMPTY },
    { "\"\xC0\x80\"", VC_IMPORT_ERROR_ENCODING },
    { "\"\x80\"", VC_IMPORT_ERROR_ENCODING },
    { "\"\xED\xA0\x80\"", VC_IMPORT_ERROR_ENCODING },
    { "\"\xF5\x80\x80\x80\"", VC_IMPORT_ERROR_ENCODING },
    { "\"\xE2\x82", VC_IMPORT_ERROR_ENCODING },
    { "\"\\ud800\"", VC_IMPORT_ERROR_ENCODING },
    { "\"\\udc00\"", VC_IMPORT_ERROR_ENCODING },
    { "\"\\ud800\\u0041\"", VC_IMPORT_ERROR_ENCODING },
    { "\"\\ud800\\n\"", VC_IMPORT_ERROR_ENCODING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, strlen (cases[i].text), cases[i].code);
  assert_refused ("\xFF\xFE{\0}\0", 6, VC_IMPORT_ERROR_ENCODING);
  assert_refused ("{\0}\0", 4, VC_IMPORT_ERROR_NUL);
  assert_refused ("\"a\0b\"", 5, VC_IMPORT_ERROR_NUL);
}

static char *
repeated (const char *unit, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, unit);
  return g_string_free (text, FALSE);
}

Test (json, nests_64_deep_and_no_deeper)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *open = repeated ("[", 64), *close = repeated ("]", 64), *fine = g_strconcat (open, close, NULL);
  g_autofree char *arrays = repeated ("[", 10000000), *objects = repeated ("{\"a\":", 100000);
  g_autoptr (VcJson) json = parse (fine, &error);

  cr_assert_not_null (json);
  cr_assert_null (parse (arrays, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT));
  cr_assert_str_eq (error->message, "x.json:1:65: arrays and objects stand more than 64 deep");
  assert_refused (objects, strlen (objects), VC_IMPORT_ERROR_LIMIT);
}

Test (json, limits_members_and_size)
{
  g_autoptr (GString) text = g_string_new ("{\"0\":0");
  g_autofree char *large = g_strnfill (VC_JSON_MAX_SIZE + 1, ' ');
  g_autoptr (VcJson) json = NULL;
  guint32 value;

  for (guint i = 1; i < VC_JSON_MAX_MEMBERS; i++)
    g_string_append_printf (text, ",\"%u\":%u", i, i);
  g_string_append_c (text, '}');
  json = parse (text->str, NULL);
  cr_assert_not_null (json);
  cr_assert (vc_json_member (json, VC_JSON_ROOT, "65535", &value, NULL));
  assert_text (json, value, "65535");

  g_string_truncate (text, text->len - 1);
  g_string_append (text, ",\"x\":0}");
  assert_refused (text->str, text->len, VC_IMPORT_ERROR_LIMIT);
  assert_refused (large, VC_JSON_MAX_SIZE + 1, VC_IMPORT_ERROR_LIMIT);
}

Test (json, limits_values)
{
  g_autofree char *zeros = repeated ("0,", VC_JSON_MAX_VALUES - 2);
  g_autofree char *most = g_strconcat ("[", zeros, "0]", NULL), *one_more = g_strconcat ("[", zeros, "0,0]", NULL);
  g_autoptr (VcJson) json = parse (most, NULL);

  cr_assert_not_null (json);
  assert_refused (one_more, strlen (one_more), VC_IMPORT_ERROR_LIMIT);
}

/* RFC 8259 lets names repeat; to ask for one that does is to ask for nothing certain. */
Test (json, a_repeated_member_is_an_error_where_it_is_asked_for)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcJson) json = parse ("{\"a\": 1, \"b\": 2,\n \"\\u0061\": 3}", NULL);
  guint32 value;

  cr_assert (vc_json_member (json, VC_JSON_ROOT, "b", &value, NULL));
  cr_assert_not (vc_json_member (json, VC_JSON_ROOT, "a", &value, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_DUPLICATE));
  cr_assert_str_eq (error->message, "x.json:2:12: the member \"a\" stands twice");
  cr_assert_not (vc_json_member (json, 1, "a", &value, NULL), "a number has no members");
}

Test (json, says_where)
{
  static const char *const cases[][2] = {
    { "{\n  \"\xc3\xa9\xc3\xa9\": x}", "x.json:2:9: this is no JSON value" },
    { "[1,\r\n2,\r3,\n4 5]", "x.json:4:3: a comma or the end of the array or object must follow" },
    { "{\"a\"", "x.json:1:5: the text ends before the JSON value does" },
    { "{} {}", "x.json:1:4: nothing may follow the JSON value" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    cr_assert_null (parse (cases[i][0], &error));
    cr_assert_str_eq (error->message, cases[i][1]);
  }
}

/* Each copy ends where the text does, so that a sanitizer sees a read past it. */
Test (json, refuses_every_truncation)
{
  g_autofree char *numbers = repeated ("{\"k\\u00e9\": [1.5e-3, \"\\ud83d\\ude00\", true], \"o\": {\"n\": null}},", 40);
  g_autofree char *text = g_strconcat ("[", numbers, "-7]", NULL);
  gsize length = strlen (text);
  g_autoptr (VcJson) whole = parse (text, NULL);

  cr_assert_not_null (whole);
  for (gsize i = 0; i < length; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *part = g_memdup2 (text, i);

    cr_assert_null (vc_json_parse (part, i, "x.json", &error), "%zu bytes", i);
    cr_assert_not_null (error);
  }
}
