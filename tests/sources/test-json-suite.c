/* SPDX-License-Identifier: LGPL-2.1-or-later AND MIT */
/* The inputs of JSONTestSuite (https://github.com/nst/JSONTestSuite) with what RFC 8259 makes of them, but for those
 * that test-json.c has. The inputs, and nothing else here, are under these terms:
 *
 * Copyright (c) 2016 Nicolas Seriot
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
 * documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
 * rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
 * permit persons to whom the Software is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
 * Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
 * WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS
 * OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
 * OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE. */
#include <criterion/criterion.h>
#include <string.h>
#include "sources/vc-json-private.h"

#define BYTES(literal) literal, sizeof literal - 1
#define ACCEPTED (-1)
#define REFUSED (-2) /* with whatever code */

typedef struct {
  const char *bytes;
  gsize       length;
  int         answer; /* where the RFC leaves it to the reader: a code of VcImportError, or ACCEPTED */
} Case;

#define Y(bytes) { BYTES (bytes), ACCEPTED }
#define N(bytes) { BYTES (bytes), REFUSED }

/* What a reader must accept. */
static const Case demanded[] = {
    Y ("[[]   ]"), Y ("[\"\"]"), Y ("[\"a\"]"), Y ("[false]"), Y ("[null, 1, \"1\", {}]"), Y ("[null]"), Y ("[1\n]"),
    Y (" [1]"), Y ("[1,null,null,null,2]"), Y ("[2] "), Y ("[123e65]"), Y ("[0e1]"), Y ("[ 4]"),
    Y ("[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]\n"), Y ("[20e1]"),
    Y ("[-0]"), Y ("[-123]"), Y ("[-1]"), Y ("[1E22]"), Y ("[1E-2]"), Y ("[1E+2]"), Y ("[123e45]"), Y ("[123.456e78]"),
    Y ("[1e-2]"), Y ("[1e+2]"), Y ("[123]"), Y ("[123.456789]"), Y ("{\"asd\":\"sdf\", \"dfg\":\"fgh\"}"),
    Y ("{\"asd\":\"sdf\"}"), Y ("{\"a\":\"b\",\"a\":\"c\"}"), Y ("{\"a\":\"b\",\"a\":\"b\"}"),
    Y ("{\"foo\\u0000bar\": 42}"), Y ("{ \"min\": -1.0e+28, \"max\": 1.0e+28 }"),
    Y ("{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id"
       "\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}"),
    Y ("{\"a\":[]}"),
    Y ("{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u04"
       "30 \\u0417\\u0435\\u043c\\u043b\\u0435\\u043a\\u043e\\u043f\\u0430\" }"),
    Y ("{\n\"a\": \"b\"\n}"), Y ("[\"\\u0060\\u012a\\u12AB\"]"), Y ("[\"\\uD801\\udc37\"]"),
    Y ("[\"\\ud83d\\ude39\\ud83d\\udc8d\"]"), Y ("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"), Y ("[\"\\\\u0000\"]"),
    Y ("[\"\\\"\"]"), Y ("[\"a/*b*/c/*d//e\"]"), Y ("[\"\\\\a\"]"), Y ("[\"\\\\n\"]"), Y ("[\"\\u0012\"]"),
    Y ("[\"\\uFFFF\"]"), Y ("[\"asd\"]"), Y ("[ \"asd\"]"), Y ("[\"\\uDBFF\\uDFFF\"]"), Y ("[\"new\\u00A0line\"]"),
    Y ("[\"\xf4\x8f\xbf\xbf\"]"), Y ("[\"\xef\xbf\xbf\"]"), Y ("[\"\\u0000\"]"), Y ("[\"\\u002c\"]"),
    Y ("[\"\xcf\x80\"]"), Y ("[\"\xf0\x9b\xbf\xbf\"]"), Y ("[\"asd \"]"), Y ("\" \""), Y ("[\"\\uD834\\uDd1e\"]"),
    Y ("[\"\\u0821\"]"), Y ("[\"\\u0123\"]"), Y ("[\"\xe2\x80\xa8\"]"), Y ("[\"\xe2\x80\xa9\"]"),
    Y ("[\"\\u0061\\u30af\\u30EA\\u30b9\"]"), Y ("[\"new\\u000Aline\"]"), Y ("[\"\x7f\"]"), Y ("[\"\\uA66D\"]"),
    Y ("[\"\\u005C\"]"), Y ("[\"\xe2\x8d\x82\xe3\x88\xb4\xe2\x8d\x82\"]"), Y ("[\"\\uDBFF\\uDFFE\"]"),
    Y ("[\"\\uD83F\\uDFFE\"]"), Y ("[\"\\u200B\"]"), Y ("[\"\\u2064\"]"), Y ("[\"\\uFDD0\"]"), Y ("[\"\\uFFFE\"]"),
    Y ("[\"\\u0022\"]"), Y ("[\"\xe2\x82\xac\xf0\x9d\x84\x9e\"]"), Y ("[\"a\x7f" "a\"]"), Y ("false"), Y ("42"),
    Y ("-0.1"), Y ("null"), Y ("\"asd\""), Y ("\"\""), Y ("[\"a\"]\n"), Y ("[true]"), Y (" [] "),
};

/* What a reader must refuse. */
static const Case forbidden[] = {
    N ("[1 true]"), N ("[a\xe5]"), N ("[\"\": 1]"), N ("[\"\"],"), N ("[\"x\",,]"), N ("[\"x\"]]"), N ("[\"\",]"),
    N ("[\"x\""), N ("[x"), N ("[3[4]]"), N ("[\xff]"), N ("[1:2]"), N ("[,]"), N ("[-]"), N ("[   , \"\"]"),
    N ("[1,,]"), N ("[\"\x0b" "a\"\\f]"), N ("[*]"), N ("[\"\""), N ("[1,"), N ("[1,\n1\n,1"), N ("[{}"), N ("[fals]"),
    N ("[nul]"), N ("[tru]"), N ("123\x00"), N ("[++1234]"), N ("[+1]"), N ("[+Inf]"), N ("[-01]"), N ("[-1.0.]"),
    N ("[-2.]"), N ("[-NaN]"), N ("[.-1]"), N ("[.2e-3]"), N ("[0.1.2]"), N ("[0.3e+]"), N ("[0.3e]"), N ("[0.e1]"),
    N ("[0E+]"), N ("[0E]"), N ("[0e+]"), N ("[0e]"), N ("[1.0e+]"), N ("[1.0e-]"), N ("[1.0e]"), N ("[1 000.0]"),
    N ("[1eE2]"), N ("[2.e+3]"), N ("[2.e-3]"), N ("[2.e3]"), N ("[9.e+]"), N ("[Inf]"), N ("[NaN]"),
    N ("[\xef\xbc\x91]"), N ("[1+2]"), N ("[0x1]"), N ("[0x42]"), N ("[Infinity]"), N ("[0e+-1]"), N ("[-123.123foo]"),
    N ("[123\xe5]"), N ("[1e1\xe5]"), N ("[0\xe5]\n"), N ("[-Infinity]"), N ("[-foo]"), N ("[- 1]"), N ("[-012]"),
    N ("[-.123]"), N ("[-1x]"), N ("[1ea]"), N ("[1e\xe5]"), N ("[1.]"), N ("[.123]"), N ("[1.2a-3]"),
    N ("[1.8011670033376514H-308]"), N ("[012]"), N ("[\"x\", truth]"), N ("{[: \"x\"}\n"), N ("{\"x\", null}"),
    N ("{\"x\"::\"b\"}"), N ("{\xf0\x9f\x87\xa8\xf0\x9f\x87\xad}"), N ("{\"a\":\"a\" 123}"), N ("{key: 'value'}"),
    N ("{\"\xb9\":\"0\",}"), N ("{\"a\" b}"), N ("{:\"b\"}"), N ("{\"a\" \"b\"}"), N ("{\"a\":"), N ("{\"a\""),
    N ("{9999E9999:1}"), N ("{null:null,null:null}"), N ("{\"id\":0,,,,,}"), N ("{'a':0}"), N ("{\"id\":0,}"),
    N ("{\"a\":\"b\"}/**/"), N ("{\"a\":\"b\"}/**//"), N ("{\"a\":\"b\"}//"), N ("{\"a\":\"b\"}/"),
    N ("{\"a\":\"b\",,\"c\":\"d\"}"), N ("{a: \"b\"}"), N ("{\"a\":\"a"), N ("{ \"foo\" : \"bar\", \"a\" }"),
    N ("{\"a\":\"b\"}#"), N (" "), N ("[\"\\uD800\\\"]"), N ("[\"\\uD800\\u\"]"), N ("[\"\\uD800\\u1\"]"),
    N ("[\"\\uD800\\u1x\"]"), N ("[\xc3\xa9]"), N ("[\"\\\x00\"]"), N ("[\"\\x00\"]"), N ("[\"\\\\\\\"]"),
    N ("[\"\\\t\"]"), N ("[\"\\\xf0\x9f\x8c\x80\"]"), N ("[\"\\\"]"), N ("[\"\\u00A\"]"), N ("[\"\\uD834\\uDd\"]"),
    N ("[\"\\uD800\\uD800\\x\"]"), N ("[\"\\u\xe5\"]"), N ("[\"\\a\"]"), N ("[\"\\uqqqq\"]"), N ("[\"\\\xe5\"]"),
    N ("[\\u0020\"asd\"]"), N ("[\\n]"), N ("['single quote']"), N ("abc"), N ("[\"\\"), N ("[\"a\x00" "a\"]"),
    N ("[\"new\nline\"]"), N ("[\"\t\"]"), N ("\"\\UA66D\""), N ("\"\"x"), N ("[\xe2\x81\xa0]"), N ("\xef\xbb\xbf"),
    N ("<.>"), N ("[<null>]"), N ("[1]x"), N ("[1]]"), N ("[\"asd]"), N ("a\xc3\xa5"), N ("[True]"), N ("1]"),
    N ("{\"x\": true,"), N ("[][]"), N ("\xef\xbb{}"), N ("\xe5"), N ("["), N (""), N ("[\x00]"), N ("2@"), N ("{}}"),
    N ("{\"\":"), N ("{\"a\":/*comment*/\"b\"}"), N ("{\"a\": true} \"x\""), N ("['"), N ("[,"), N ("[{"), N ("[\"a"),
    N ("[\"a\""), N ("{"), N ("{,"), N ("{["), N ("{\"a"), N ("{'a'"), N ("[\"\\{[\"\\{[\"\\{[\"\\{"), N ("\xe9"),
    N ("*"), N ("{\"a\":\"b\"}#{}"), N ("[\\u000A\"\"]"), N ("[1"), N ("[ false, nul"), N ("[ true, fals"),
    N ("[ false, tru"), N ("{\"asd\":\"asd\""), N ("\xc3\xa5"), N ("[\x0c]"),
};

/* What a reader may accept or refuse, and what ours does. Numbers of any size are read as text; half a surrogate pair
 * is no character, and only UTF-8 is read, with or without a byte-order mark. */
static const Case left_open[] = {
    { BYTES ("[123.456e-789]"), ACCEPTED },
    { BYTES ("[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999"
       "999999999999999999999999999999999999999969999999006]"), ACCEPTED },
    { BYTES ("[-1e+9999]"), ACCEPTED },
    { BYTES ("[1.5e+9999]"), ACCEPTED },
    { BYTES ("[-123123e100000]"), ACCEPTED },
    { BYTES ("[123123e100000]"), ACCEPTED },
    { BYTES ("[123e-10000000]"), ACCEPTED },
    { BYTES ("[-123123123123123123123123123123]"), ACCEPTED },
    { BYTES ("[100000000000000000000]"), ACCEPTED },
    { BYTES ("[-237462374673276894279832749832423479823246327846]"), ACCEPTED },
    { BYTES ("{\"\\uDFAA\":0}"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\uDADA\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\uD888\\u1234\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("\xff\xfe[\x00\"\x00\xe9\x00\"\x00]\x00"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xe6\x97\xa5\xd1\x88\xfa\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xed\xa0\x80\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\uD800\\n\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\uDd1ea\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\uD800\\uD800\\n\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\ud800\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\ud800abc\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xff\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\uDd1e\\uD834\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xe9\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\\uDFAA\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\x81\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xf4\xbf\xbf\xbf\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xc0\xaf\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xfc\x83\xbf\xbf\xbf\xbf\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xfc\x80\x80\x80\x80\x80\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("[\"\xe0\xff\"]"), VC_IMPORT_ERROR_ENCODING },
    { BYTES ("\x00[\x00\"\x00\xe9\x00\"\x00]"), VC_IMPORT_ERROR_NUL },
    { BYTES ("[\x00\"\x00\xe9\x00\"\x00]\x00"), VC_IMPORT_ERROR_NUL },
};

/* The copy ends where the text does, so that a sanitizer sees a read past it. */
static VcJson *
parse (const Case *one, GError **error)
{
  g_autofree char *copy = g_memdup2 (one->bytes, one->length);

  return vc_json_parse (copy != NULL ? copy : "", one->length, "x.json", error);
}

static void
expect_accepted (const Case *one)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcJson) json = parse (one, &error);

  cr_expect_not_null (json, "%s: %s", one->bytes, error != NULL ? error->message : "");
}

static void
expect_refused (const Case *one)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcJson) json = parse (one, &error);

  cr_expect_null (json, "accepted: %s", one->bytes);
  cr_expect (error != NULL && error->domain == VC_IMPORT_ERROR
               && (one->answer == REFUSED || error->code == one->answer),
             "%s: %s", one->bytes, error != NULL ? error->message : "no error");
}

Test (json_suite, what_must_be_accepted_is)
{
  for (guint i = 0; i < G_N_ELEMENTS (demanded); i++)
    expect_accepted (&demanded[i]);
}

Test (json_suite, what_must_be_refused_is)
{
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++)
    expect_refused (&forbidden[i]);
}

/* 500 arrays in each other, which may be refused; 100,000 that are never closed; 50,000 of an object in an array. */
Test (json_suite, what_is_long_is_refused_for_its_depth)
{
  g_autofree char *arrays = g_strnfill (100000, '['), *closed = g_strnfill (1000, '[');
  g_autoptr (GString) mixed = g_string_new (NULL);

  memset (closed + 500, ']', 500);
  for (guint i = 0; i < 50000; i++)
    g_string_append (mixed, "[{\"\":");
  g_string_append_c (mixed, '\n');
  expect_refused (&(Case) { closed, 1000, VC_IMPORT_ERROR_LIMIT });
  expect_refused (&(Case) { arrays, 100000, VC_IMPORT_ERROR_LIMIT });
  expect_refused (&(Case) { mixed->str, mixed->len, VC_IMPORT_ERROR_LIMIT });
}

Test (json_suite, what_is_left_open_is_answered_as_documented)
{
  for (guint i = 0; i < G_N_ELEMENTS (left_open); i++) {
    if (left_open[i].answer == ACCEPTED)
      expect_accepted (&left_open[i]);
    else
      expect_refused (&left_open[i]);
  }
}

/* As a stream reads it: what may go on is never refused, and is whole where it ends. */
Test (json_suite, what_must_be_accepted_is_in_pieces)
{
  g_autoptr (VcJson) json = vc_json_new ("x.json");

  for (guint i = 0; i < G_N_ELEMENTS (demanded); i++) {
    const char *text = demanded[i].bytes + strspn (demanded[i].bytes, " ");
    const gsize length = demanded[i].length - (gsize) (text - demanded[i].bytes);

    for (gsize n = 1; n <= length; n++) {
      VcJsonPiece piece = { .text = text, .length = n, .partial = n < length, .line = 1, .column = 1 };
      g_autoptr (GError) error = NULL;

      if (g_utf8_validate_len (text, n, NULL))
        cr_expect (vc_json_parse_piece (json, &piece, &error), "%zu bytes of %s", n, text);
      cr_expect_null (error);
    }
    cr_expect (vc_json_get_type (json, VC_JSON_ROOT) <= VC_JSON_OBJECT);
  }
}
