/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "csv-helpers.h"

#define BYTES(literal) literal, sizeof literal - 1

/* Hostile and odd inputs with the right answer. In all: columns n (double), i (int64), b (boolean), t (time) where the
 * header has them. */
typedef struct {
  const char *id;
  const char *text;
  gsize length;
  const char *expected;
} Case;

static const Case cases[] = {
  { "C01", BYTES (""), "!empty in: the file is empty" },
  { "C01 empty lines", BYTES ("\n\r\n\r"), "!empty in: the file is empty" },
  { "C01 mark alone", BYTES ("\xef\xbb\xbf"), "!empty in: the file is empty" },
  { "C02", BYTES ("a,b"), "a|b" },
  { "C02 line end", BYTES ("a,b\r\n"), "a|b" },
  { "C03",
    BYTES ("\xef\xbb\xbf"
           "a,b\nx,y\n"),
    "a|b\nx|y" },
  { "C03 quoted", BYTES ("\xef\xbb\xbf\"a\",b\nx,y\n"), "a|b\nx|y" },
  { "C05 overlong", BYTES ("a,b\nx,y\xc0\x80\n"), "!encoding in:2:4: field 2: the text is not valid UTF-8" },
  { "C05 continuation", BYTES ("a,b\nxyz\x80,\n"), "!encoding in:2:4: field 1: the text is not valid UTF-8" },
  { "C05 surrogate", BYTES ("a,b\n\"x\n\xed\xa0\x80\",\n"), "!encoding in:3:1: field 1: the text is not valid UTF-8" },
  { "C05 beyond", BYTES ("a,b\n,\xf5\x80\x80\x80"), "!encoding in:2:2: field 2: the text is not valid UTF-8" },
  { "C05 cut off", BYTES ("a,b\n\xc3,\xa9\n"), "!encoding in:2:1: field 1: the text is not valid UTF-8" },
  { "C05 header", BYTES ("a,\xff\n"), "!encoding in:1:3: the text is not valid UTF-8" },
  { "C05 UTF-16",
    BYTES ("\xff\xfe"
           "a\0,\0b\0\n\0"),
    "!encoding in:1:1: the text is not valid UTF-8" },
  { "C05 skipped column", BYTES ("a,skip\nx,\xff\n"), "!encoding in:2:3: field 2: the text is not valid UTF-8" },
  { "C06", BYTES ("a,b\nx,y\0z\n"), "!nul in:2:4: field 2: a NUL byte stands here" },
  { "C06 quoted", BYTES ("a,b\nx,\"y\r\n\0\"\n"), "!nul in:3:1: field 2: a NUL byte stands here" },
  { "C06 header", BYTES ("a\0,b\n"), "!nul in:1:2: a NUL byte stands here" },
  { "C07", BYTES ("a,b\nx,\"y\nz,1\n"), "!unclosed-quote in:2:3: field 2: a quote is opened here and never closed" },
  { "C07 header", BYTES ("a,\"b\nx,y\n"), "!unclosed-quote in:1:3: a quote is opened here and never closed" },
  { "C07 doubled at the end", BYTES ("a,b\nx,\"y\"\""),
    "!unclosed-quote in:2:3: field 2: a quote is opened here and never closed" },
  { "C07 alone", BYTES ("a,b\nx,\""), "!unclosed-quote in:2:3: field 2: a quote is opened here and never closed" },
  { "C08", BYTES ("a,b\na\"b,c\n"),
    "!stray-quote in:2:2: field 1: a quote stands within a field that does not begin with one" },
  { "C08 space", BYTES ("a,b\nx, \"y\"\n"),
    "!stray-quote in:2:4: field 2: a quote stands within a field that does not begin with one" },
  { "C09", BYTES ("a,b\n\"a\"b,c\n"), "!stray-quote in:2:4: field 1: text stands after a closing quote" },
  { "C09 after lines", BYTES ("a,b\n\"a\r\nb\"c,d\n"),
    "!stray-quote in:3:3: field 1: text stands after a closing quote" },
  { "C10", BYTES ("a,b\n\"x \"\"y\"\", z\",\"1\n2\"\n\"\"\"\",\",\"\n"), "a|b\nx \"y\", z|1\n2\n\"|," },
  { "C11 CR", BYTES ("a,b\rx,y\rz,w"), "a|b\nx|y\nz|w" },
  { "C11 LF", BYTES ("a,b\nx,y\nz,w"), "a|b\nx|y\nz|w" },
  { "C11 CRLF", BYTES ("a,b\r\nx,y\r\nz,w\r\n"), "a|b\nx|y\nz|w" },
  { "C11 mixed", BYTES ("a,b\rx,y\r\nz,w\n"), "a|b\nx|y\nz|w" },
  { "C11 quoted CRLF stays", BYTES ("a,b\n\"x\r\ny\",z\n"), "a|b\nx\r\ny|z" },
  { "C11 empty lines", BYTES ("\n\na,b\n\nx,y\n\n\n"), "a|b\nx|y" },
  { "C11 empty lines of one column", BYTES ("a\n\nx\n\n"), "a\n~\nx\n~" },
  { "C12 fewer", BYTES ("a,b\nx,y\nz\n"), "!field-count in:3:2: the row has fewer fields than the header" },
  { "C12 more", BYTES ("a,b\nx,y,z\n"), "!field-count in:2:5: the row has more fields than the header" },
  { "C12 one column", BYTES ("a\nx,\n"), "!field-count in:2:3: the row has more fields than the header" },
  { "C12 last", BYTES ("a,b,c\n1,2,3\n1,2"), "!field-count in:3:4: the row has fewer fields than the header" },
  { "C14 case", BYTES ("a,N\n"),
    "!header in:1:3: field n: the name here differs from it only in case, spaces, Unicode form or characters that are "
    "not seen" },
  { "C14 zero width", BYTES ("n\xe2\x80\x8b\n"),
    "!header in:1:1: field n: the name here differs from it only in case, spaces, Unicode form or characters that are "
    "not seen" },
  { "C14 space", BYTES (" n\n"),
    "!header in:1:1: field n: the name here differs from it only in case, spaces, Unicode form or characters that are "
    "not seen" },
  { "C14 form", BYTES ("e\xcc\x81t\xc3\xa9\n"),
    "!header in:1:1: field \xc3\xa9t\xc3\xa9: the name here differs from it only in case, spaces, Unicode form or "
    "characters that are not seen" },
  { "C14 second line", BYTES ("\n\"x\ny\",N\n"),
    "!header in:3:4: field n: the name here differs from it only in case, spaces, Unicode form or characters that are "
    "not seen" },
  { "duplicate declared", BYTES ("n,a,n\n"), "!header in:1:5: field n: the column stands twice" },
  { "duplicate undeclared", BYTES ("a,a,a_2,a\n1,2,3,4\n"), "a|a_3|a_2|a_4\n1|2|3|4" },
  { "no name", BYTES ("a,,b\n"), "!header in:1:3: a column has no name" },
  { "C16", BYTES ("n\n\"1,5\"\n"), "!number in:2:1: field n: the field is no number" },
  { "C17 nan", BYTES ("n\nnan\n"), "!number in:2:1: field n: the field is no number" },
  { "C17 NaN(123)", BYTES ("n\nNaN(123)\n"), "!number in:2:1: field n: the field is no number" },
  { "C17 inf", BYTES ("n\ninf\n"), "!number in:2:1: field n: the field is no number" },
  { "C17 -infinity", BYTES ("n\n-infinity\n"), "!number in:2:1: field n: the field is no number" },
  { "C17 hex", BYTES ("n\n0x1p3\n"), "!number in:2:1: field n: the field is no number" },
  { "C17 leading space", BYTES ("n\n 1\n"), "!number in:2:1: field n: the field is no number" },
  { "C17 trailing x", BYTES ("n\n1x\n"), "!number in:2:1: field n: the field is no number" },
  { "C17 empty", BYTES ("n,a\n,\n\"\",x\n"), "n|a\n~|~\n~|x" },
  { "C18 1e400", BYTES ("n\n1e400\n"), "!range in:2:1: field n: the value is out of range" },
  { "C18 -1e400", BYTES ("a,n\nx,-1e400\n"), "!range in:2:3: field n: the value is out of range" },
  { "C18 1e999999999", BYTES ("n\n1e999999999\n"), "!range in:2:1: field n: the value is out of range" },
  { "C18 integer", BYTES ("i\n9223372036854775808\n"), "!range in:2:1: field i: the value is out of range" },
  { "C20 -0", BYTES ("n,i\n-0,-0\n"), "n|i\n0|0" },
  { "C20 +5", BYTES ("n\n+5\n"), "!number in:2:1: field n: the field is no number" },
  { "C20 007", BYTES ("i\n007\n"), "!number in:2:1: field i: the field is no whole number" },
  { "C20 1_000", BYTES ("n\n1_000\n"), "!number in:2:1: field n: the field is no number" },
  { "C20 full width", BYTES ("n\n\xef\xbc\x91\xef\xbc\x92\n"), "!number in:2:1: field n: the field is no number" },
  { "C20 Arabic", BYTES ("i\n\xd9\xa1\n"), "!number in:2:1: field i: the field is no whole number" },
  { "C22", BYTES ("a\n=1+1\n+1\n-1\n@x\n\tx\n\xef\xbc\x9dx\n"), "a\n=1+1\n+1\n-1\n@x\n\tx\n\xef\xbc\x9dx" },
  { "C22 CR", BYTES ("a\n\"\rx\"\n"), "a\n\rx" },
  { "boolean", BYTES ("flag\ntrue\nFALSE\n1\n\"0\"\n\n"), "flag\ntrue\nfalse\ntrue\nfalse\n~" },
  { "boolean word", BYTES ("flag\nyes\n"), "!value in:2:1: field flag: the field is neither true nor false" },
  { "time", BYTES ("t,a\n2016-02-29,x\n,y\n"), "t|a\n2016-02-29T00:00:00Z|x\n~|y" },
  { "time syntax", BYTES ("t\n29/2/2016\n"), "!time in:2:1: field t: the field is no time of the expected format" },
  { "time range", BYTES ("t\n2015-02-29\n"), "!range in:2:1: field t: the value is out of range" },
  { "missing text", BYTES ("n,a,r\n?,?,x\n1,\"?\",y\n"), "n|a|r\n~|~|x\n1|~|y" },
  { "quoted empty", BYTES ("a,r\n\"\",x\n,y\n"), "a|r\n|x\n~|y" },
  { "required", BYTES ("a,r\nx,y\nz,\n"), "!missing in:3:3: field r: the field must not be empty" },
  { "required, quoted", BYTES ("r\n\"\"\n"), "!missing in:2:1: field r: the field must not be empty" },
  { "required, missing text", BYTES ("r\n?\n"), "!missing in:2:1: field r: the field must not be empty" },
  { "after quoted lines", BYTES ("a,n\n\"1\n2\r3\r\n4\",5\n\n6,x\n"),
    "!number in:7:3: field n: the field is no number" },
  { "first of two", BYTES ("n,i\nx,y\nz\n"), "!number in:2:1: field n: the field is no number" },
};

static VcCsvReader *
reader_for_cases (void)
{
  VcCsvReader *reader = g_object_new (VC_TYPE_CSV_READER, "missing", "?", NULL);

  vc_csv_reader_add_column (reader, "n", VC_COLUMN_TYPE_DOUBLE, FALSE);
  vc_csv_reader_add_column (reader, "i", VC_COLUMN_TYPE_INT64, FALSE);
  vc_csv_reader_add_column (reader, "flag", VC_COLUMN_TYPE_BOOLEAN, FALSE);
  vc_csv_reader_add_column (reader, "t", VC_COLUMN_TYPE_TIME, FALSE);
  vc_csv_reader_add_column (reader, "\xc3\xa9t\xc3\xa9", VC_COLUMN_TYPE_TEXT, FALSE);
  return reader;
}

/* Each case in blocks and steps of many sizes, on one lane and on three: the outcome is the same to the letter. */
static void
run_case (const Case *one)
{
  static const gsize blocks[] = { 0, 4, 5, 7, 16, 64 };

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++) {
    for (guint threads = 1; threads <= 3; threads += 2) {
      g_autoptr (VcCsvReader) reader = reader_for_cases ();
      g_autoptr (GError) error = NULL;
      g_autoptr (VcTable) table = NULL;
      g_autofree char *outcome = NULL;

      if (strstr (one->id, "required") != NULL || strchr (one->text, 'r') == one->text)
        vc_csv_reader_add_column (reader, "r", VC_COLUMN_TYPE_TEXT, TRUE);
      table = csv_read (reader, one->text, (gssize) one->length, blocks[i], threads, &error);
      outcome = csv_outcome (table, error);
      cr_expect_str_eq (outcome, one->expected, "%s, block %" G_GSIZE_FORMAT ", %u threads: %s", one->id, blocks[i],
                        threads, outcome);
    }
  }
}

Test (csv, hostile_and_odd_inputs)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    cr_log_info ("%s", cases[i].id);
    run_case (&cases[i]);
  }
}
