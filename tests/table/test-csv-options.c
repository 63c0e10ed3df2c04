/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "csv-helpers.h"

static void
expect_outcome (VcCsvReader *reader, const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) table = csv_read (reader, text, -1, 0, 0, &error);
  g_autofree char *outcome = csv_outcome (table, error);

  cr_expect_str_eq (outcome, expected);
}

Test (csv_options, delimiter)
{
  static const char *const wrong[] = { "", ",,", "\"", "\n", "\r", "\xc3\xa9", NULL };
  g_autoptr (VcCsvReader) reader = g_object_new (VC_TYPE_CSV_READER, "delimiter", ";", NULL);

  vc_csv_reader_add_column (reader, "n", VC_COLUMN_TYPE_DOUBLE, FALSE);
  expect_outcome (reader, "n;a\n1.5;x,y\n", "n|a\n1.5|x,y");
  expect_outcome (reader, "n;a\n1,5;x\n", "!number in:2:1: field n: the field is no number"); /* C16 */
  g_object_set (reader, "delimiter", "\t", NULL);
  expect_outcome (reader, "n\ta\n1.5\tx y\n", "n|a\n1.5|x y");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_object_set (reader, "delimiter", wrong[i], NULL);
    expect_outcome (reader, "n\n1\n",
                    "!format in: the delimiter is not one ASCII character that is no quote and ends no line");
  }
}

Test (csv_options, time_format)
{
  g_autoptr (VcCsvReader) reader
    = g_object_new (VC_TYPE_CSV_READER, "time-format", "%d/%m/%Y %H:%M", "missing", "?", NULL);
  g_autoptr (GError) error = NULL;

  vc_csv_reader_add_column (reader, "at", VC_COLUMN_TYPE_TIME, FALSE);
  expect_outcome (reader, "at,a\n29/2/2016 1:16,x\n?,y\n", "at|a\n2016-02-29T01:16:00Z|x\n~|y");
  expect_outcome (reader, "at\n29/2/2015 1:16\n", "!range in:2:1: field at: the value is out of range");
  expect_outcome (reader, "at\n2016-02-29\n", "!time in:2:1: field at: the field is no time of the expected format");
  g_object_set (reader, "time-format", "%H:%M", NULL);
  cr_expect_null (csv_read (reader, "at\n", -1, 0, 0, &error));
  cr_expect (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT));
}

Test (csv_options, declared_columns)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();

  vc_csv_reader_add_column (reader, "id", VC_COLUMN_TYPE_DOUBLE, FALSE);
  vc_csv_reader_add_column (reader, "id", VC_COLUMN_TYPE_TEXT, TRUE);
  vc_csv_reader_add_column (reader, "size", VC_COLUMN_TYPE_INT64, FALSE);
  expect_outcome (reader, "b,id,a\n1,x,2\n", "b|id|a\n1|x|2");
  expect_outcome (reader, "b,a\n1,2\n", "!missing in:1:1: field id: the header has no such column");
  vc_csv_reader_set_skip_undeclared (reader, TRUE);
  expect_outcome (reader, "b,id,b,a\n1,x,3,2\n", "id\nx");
  expect_outcome (reader, "b,id,Size\n1,x,2\n",
                  "!header in:1:6: field size: the name here differs from it only in case, spaces, Unicode form or "
                  "characters that are not seen");
}

/* What stands in a cell, or in a header that may be a row of cells, is never in a message. */
Test (csv_options, messages_have_no_content)
{
  static const char *const files[] = {
    "n\nSECRET\n",
    "n,SECRET\n1\n",
    "SECRET,b\nx\n",
    "i\nSECRET\"\n",
    "SECRET,c\n\"SECRET\"SECRET,1\n",
    "SECRET,c\nSECRET\xff,\n",
    "SECRET,n\nx,\"SECRET\n",
    "t\nSECRET\n",
    "flag\nSECRET\n",
    "SECRET,\n",
    "id,SECRET\n,SECRET\n",
    "SECRET\n1\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
    g_autoptr (GError) error = NULL;

    vc_csv_reader_add_column (reader, "n", VC_COLUMN_TYPE_DOUBLE, FALSE);
    vc_csv_reader_add_column (reader, "i", VC_COLUMN_TYPE_INT64, FALSE);
    vc_csv_reader_add_column (reader, "t", VC_COLUMN_TYPE_TIME, FALSE);
    vc_csv_reader_add_column (reader, "flag", VC_COLUMN_TYPE_BOOLEAN, FALSE);
    vc_csv_reader_add_column (reader, "id", VC_COLUMN_TYPE_TEXT, i >= 10);
    cr_expect_null (csv_read (reader, files[i], -1, 0, 0, &error), "%s", files[i]);
    cr_expect_null (strstr (error->message, "SECRET"), "%s", error->message);
  }
}

static void
read_in_locale (const char *language)
{
  g_autoptr (VcCsvReader) reader = NULL;

  if (!csv_enter_locale (language))
    cr_skip_test ("the locale %s is not installed and cannot be made", language);
  reader = g_object_new (VC_TYPE_CSV_READER, "time-format", "%d %B %Y", NULL);
  vc_csv_reader_add_column (reader, "n", VC_COLUMN_TYPE_DOUBLE, FALSE);
  vc_csv_reader_add_column (reader, "at", VC_COLUMN_TYPE_TIME, FALSE);
  vc_csv_reader_add_column (reader, "id", VC_COLUMN_TYPE_TEXT, FALSE);
  expect_outcome (reader, "n,at,id\n1234.5e-1,01 APRIL 2016,I\n", "n|at|id\n123.45|2016-04-01T00:00:00Z|I");
  expect_outcome (reader, "n,at\n\"1,5\",\n", "!number in:2:1: field n: the field is no number");
  expect_outcome (reader, "n,ID\n",
                  "!header in:1:3: field id: the name here differs from it only in case, spaces, Unicode form or "
                  "characters that are not seen");
}

Test (csv_options, C26_locale_de_DE)
{
  read_in_locale ("de_DE");
}

Test (csv_options, C26_locale_tr_TR)
{
  read_in_locale ("tr_TR");
}

Test (csv_options, C26_locale_ar_EG)
{
  read_in_locale ("ar_EG");
}
