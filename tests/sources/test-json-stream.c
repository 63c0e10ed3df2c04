/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include "sources/vc-json-stream-private.h"

static char *
tell_text (const VcJson *json)
{
  gsize length;
  const char *text = vc_json_peek_text (json, VC_JSON_ROOT, &length);

  return vc_json_get_type (json, VC_JSON_ROOT) < VC_JSON_ARRAY ? g_strndup (text, length) : g_strdup ("..");
}

/* The items as text: "a=5;", "b[1:x;2:y;". NULL: refused. */
static char *
read_items (const char *text, gsize length, gsize window, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_auto (VcInput) input = { 0 };
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (VcJsonStream) items = NULL;
  VcJsonItem item;

  cr_assert (vc_input_init (&input, stream, "x.json", limits, error));
  items = vc_json_stream_new (&input, window, NULL, error);
  cr_assert_not_null (items);
  do {
    g_autofree char *value = NULL;

    if (!vc_json_stream_next (items, &item, error))
      return NULL;
    if (item.type == VC_JSON_ITEM_LIST) {
      g_string_append_printf (seen, "%s[", item.member);
    } else if (item.type != VC_JSON_ITEM_END) {
      guint line, column;

      value = tell_text (item.json);
      vc_json_locate (item.json, VC_JSON_ROOT, &line, &column);
      g_string_append_printf (seen, "%s=%s@%u:%u;", item.type == VC_JSON_ITEM_MEMBER ? item.member : "", value, line,
                              column);
    }
  } while (item.type != VC_JSON_ITEM_END);
  return g_strdup (seen->str);
}

Test (json_stream, reads_members_and_elements)
{
  static const char text[] = "\xEF\xBB\xBF {\"a\": 12,\r\n\"l\\u0069st\":[ {\"x\": [1, 2]}, "
                             "\"t\\ud83d\\ude00\xc3\xa9\" ,3],\r\"b\":{}, \"e\":[]\n}\n";

  for (gsize window = 8; window < 120; window++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *seen = read_items (text, sizeof text - 1, window, &error);

    cr_assert_not_null (seen, "%zu: %s", window, error != NULL ? error->message : "");
    cr_assert_str_eq (seen, "a=12@1:8;list[=..@2:15;=t\xf0\x9f\x98\x80\xc3\xa9@2:30;=3@2:48;b=..@3:5;e[", "%zu",
                      window);
  }
}

static void
expect_refused (const char *text, gsize length, int code, const char *message)
{
  static const gsize windows[] = { 8, 9, 10, 64, 4096 };

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *part = g_memdup2 (text, length), *seen = read_items (part, length, windows[i], &error);

    cr_assert_null (seen, "%.60s", text);
    cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%.60s: %d: %s", text, error->code, error->message);
    if (message != NULL)
      cr_assert_str_eq (error->message, message);
  }
}

static void
expect_text_refused (const char *text, int code, const char *message)
{
  expect_refused (text, strlen (text), code, message);
}

Test (json_stream, refuses_what_the_grammar_lacks)
{
  static const char *const texts[] = {
    "[]",
    "5",
    "{",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "{\"a\":[",
    "{\"a\":[1",
    "{\"a\":[1,",
    "{\"a\":[1]",
    "{\"a\":[1,]}",
    "{\"a\":[,1]}",
    "{\"a\":1,}",
    "{,}",
    "{\"a\":[1 2]}",
    "{\"a\":[1]\"b\":2}",
    "{\"a\":1 \"b\":2}",
    "{a:1}",
    "{\"a\" 1}",
    "{\"a\":010}",
    "{\"a\":[010]}",
    "{\"a\":[1}",
    "{\"a\":{]}",
    "{\"a\":1]",
    "{} {}",
    "{\"a\":1}x",
    "{\"a\":[\"\n\"]}",
    "{\"a\":NaN}",
    "{\"a\":// c\n1}",
    "{\"a\":[1],\"b\":}",
    "{]}",
    "{\"a\":[tru]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    expect_text_refused (texts[i], VC_IMPORT_ERROR_FORMAT, NULL);
  expect_text_refused ("", VC_IMPORT_ERROR_EMPTY, NULL);
  expect_text_refused (" \n", VC_IMPORT_ERROR_EMPTY, NULL);
  expect_text_refused ("{\"a\": [1,\n 2,\r\n  x]}", VC_IMPORT_ERROR_FORMAT, "x.json:3:3: this is no JSON value");
  expect_text_refused ("{\"a\": [\"\\ud83d\"]}", VC_IMPORT_ERROR_ENCODING,
                       "x.json:1:9: half a surrogate pair is no character");
  expect_text_refused ("{\"a\": [\n\"\xC0\x80\"]}", VC_IMPORT_ERROR_ENCODING,
                       "x.json:2:2: the text is not valid UTF-8");
  expect_text_refused ("{\"a\": \"\xE2\x82", VC_IMPORT_ERROR_ENCODING, NULL);
  expect_refused ("{\"a\": [\0]}", 10, VC_IMPORT_ERROR_NUL, "x.json:1:8: a NUL byte stands in the text");
  expect_refused ("\xFF\xFE{\0}\0", 6, VC_IMPORT_ERROR_ENCODING, NULL);
}

static char *
repeated (const char *before, const char *unit, guint n, const char *after)
{
  GString *text = g_string_new (before);

  for (guint i = 0; i < n; i++)
    g_string_append (text, unit);
  g_string_append (text, after);
  return g_string_free (text, FALSE);
}

Test (json_stream, limits_what_it_takes)
{
  g_autofree char *deep = repeated ("{\"a\":[", "[", 10000000, ""),
                  *large = repeated ("{\"a\":[\"", "0123456789abcdef", 1100000, "\"]}");
  g_autofree char *many = repeated ("{\"a\":[0", ",1", 1000000, "]}"),
                  *members = repeated ("{\"a\":0", ",\"b\":0", 65536, "}");
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = read_items (many, strlen (many), VC_JSON_STREAM_WINDOW, &error), *refused = NULL;

  cr_assert_not_null (seen);
  refused = read_items (deep, strlen (deep), VC_JSON_STREAM_WINDOW, &error);
  cr_assert (refused == NULL && g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT), "%s", error->message);
  g_clear_error (&error);
  refused = read_items (large, strlen (large), VC_JSON_STREAM_WINDOW, &error);
  cr_assert (refused == NULL && g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT), "%s", error->message);
  g_clear_error (&error);
  refused = read_items (members, strlen (members), VC_JSON_STREAM_WINDOW, &error);
  cr_assert (refused == NULL && g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT));
}
