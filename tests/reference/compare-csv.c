/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare-csv.h"

#include <string.h>

#include "reference-csv.h"
#include "slow-stream.h"
#include "table/vc-csv-private.h"
#include "table/vc-table-private.h"
#include "valuechain/valuechain.h"

typedef struct {
  ReferenceCsv reference;
  gsize step; /* bytes that the stream gives at a time */
  gsize block;
  guint threads;
} Setup;

static Setup
choose (const guint8 *data)
{
  return (Setup) {
    .reference = {
      .delimiter = data[0] & 1 ? ';' : ',',
      .missing = data[0] & 2 ? '?' : '\0',
      .require = (data[0] & 4) != 0,
      .skip_undeclared = (data[0] & 8) != 0,
      .max_field = data[0] & 16 ? 12 : 4096,
      .max_columns = data[0] & 32 ? 3 : 100,
      .max_rows = data[0] & 64 ? 4 : 10000,
    },
    .step = 1 + data[2] / 5,
    .block = 4 + data[1],
    .threads = 1 + data[2] % 5,
  };
}

static VcCsvReader *
make_reader (const ReferenceCsv *options)
{
  g_autoptr (VcLimits) limits
    = g_object_new (VC_TYPE_LIMITS, "max-field-size", (guint64) options->max_field, "max-columns",
                    (guint64) options->max_columns, "max-rows", (guint64) options->max_rows, NULL);
  const char delimiter[] = { options->delimiter, '\0' };
  const char missing[] = { options->missing, '\0' };
  VcCsvReader *reader = g_object_new (VC_TYPE_CSV_READER, "delimiter", delimiter, "missing",
                                      *missing != '\0' ? missing : NULL, "limits", limits, NULL);

  vc_csv_reader_add_column (reader, "n", VC_COLUMN_TYPE_DOUBLE, FALSE);
  vc_csv_reader_add_column (reader, "i", VC_COLUMN_TYPE_INT64, FALSE);
  vc_csv_reader_add_column (reader, "b", VC_COLUMN_TYPE_BOOLEAN, FALSE);
  vc_csv_reader_add_column (reader, "t", VC_COLUMN_TYPE_TIME, FALSE);
  vc_csv_reader_add_column (reader, "x", VC_COLUMN_TYPE_TEXT, FALSE);
  vc_csv_reader_add_column (reader, "r", VC_COLUMN_TYPE_TEXT, options->require);
  vc_csv_reader_set_skip_undeclared (reader, options->skip_undeclared);
  return reader;
}

static VcTable *
read_bytes (const ReferenceCsv *options, const char *text, gsize length, const Setup *pieces, GError **error)
{
  g_autoptr (VcCsvReader) reader = make_reader (options);
  g_autoptr (GInputStream) stream
    = slow_stream_new (text, length, pieces != NULL ? pieces->step : MAX (length, 1), NULL);

  if (pieces != NULL)
    vc_csv_reader_set_blocks (reader, pieces->block, pieces->threads);
  else
    vc_csv_reader_set_blocks (reader, 0, 1);
  return vc_csv_reader_read_stream (reader, stream, "in", NULL, error);
}

static void
show_cell (GString *out, VcColumn *column, guint64 row)
{
  g_autofree char *text = NULL;
  const char *kind = "x";

  if (vc_column_is_null (column, row)) {
    reference_csv_cell (out, NULL, NULL, 0);
    return;
  }
  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_DOUBLE:
      kind = "n";
      text = g_strdup_printf ("%a", vc_column_get_double (column, row));
      break;
    case VC_COLUMN_TYPE_INT64:
    case VC_COLUMN_TYPE_TIME:
      kind = vc_column_get_column_type (column) == VC_COLUMN_TYPE_TIME ? "t" : "i";
      text = g_strdup_printf ("%" G_GINT64_FORMAT, vc_column_get_int64 (column, row));
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      kind = "b";
      text = g_strdup_printf ("%d", vc_column_get_boolean (column, row));
      break;
    case VC_COLUMN_TYPE_TEXT:
    default:
      text = vc_column_dup_text (column, row);
  }
  reference_csv_cell (out, kind, text, strlen (text));
}

static char *
show_table (VcTable *table, gboolean lines)
{
  GString *out = g_string_new (NULL);

  for (guint c = 0; c < vc_table_get_n_columns (table); c++) {
    const char *name = vc_column_get_name (vc_table_get_column (table, c));

    reference_csv_cell (out, "", name, strlen (name));
  }
  for (guint64 row = 0; row < vc_table_get_n_rows (table); row++) {
    g_string_append_printf (out, "\n%" G_GUINT64_FORMAT, lines ? vc_table_get_line (table, row) : 0);
    for (guint c = 0; c < vc_table_get_n_columns (table); c++)
      show_cell (out, vc_table_get_column (table, c), row);
  }
  return g_string_free (out, FALSE);
}

static char *
show (VcTable *table, const GError *error)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (VC_TYPE_IMPORT_ERROR);

  if (table != NULL)
    return show_table (table, TRUE);
  return g_strdup_printf ("!%s %s", g_enum_get_value (codes, error->code)->value_nick, error->message);
}

/* A table of no columns has no rows; and that of one column has no empty line for null (other readers skip such). */
static char *
check_round_trip (const ReferenceCsv *options, VcTable *table)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (VcTable) again = NULL;
  g_autoptr (GError) error = NULL;
  ReferenceCsv plain = *options;

  if (vc_table_get_n_columns (table) < 2)
    return NULL;
  plain.delimiter = ',';
  plain.max_field = 4096; /* a date may come back with its time */
  if (!vc_table_write_csv (table, stream, FALSE, NULL, &error))
    return g_strdup_printf ("cannot be written: %s", error->message);
  again = read_bytes (&plain, g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                      g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), NULL, &error);
  if (again == NULL)
    return g_strdup_printf ("what was written cannot be read: %s", error->message);
  before = show_table (table, FALSE);
  after = show_table (again, FALSE);
  return g_str_equal (before, after) ? NULL : g_strdup_printf ("written:\n%s\nread back:\n%s", before, after);
}

char *
compare_csv (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL, pieces_error = NULL;
  g_autoptr (VcTable) table = NULL, pieces_table = NULL;
  g_autofree char *whole = NULL, *pieces = NULL, *reference = NULL;
  Setup setup;

  if (length < 3)
    return NULL;
  setup = choose ((const guint8 *) data);
  data += 3, length -= 3;
  table = read_bytes (&setup.reference, data, length, NULL, &error);
  if ((table == NULL) == (error == NULL))
    return g_strdup ("neither a table nor an error, or both");
  pieces_table = read_bytes (&setup.reference, data, length, &setup, &pieces_error);
  whole = show (table, error);
  pieces = show (pieces_table, pieces_error);
  /* What is wrong with packed bytes is found before or after what is wrong in the text before them, as blocks come. */
  if (g_str_has_prefix (whole, "!format in: the gzip") && *pieces == '!')
    return NULL;
  if (!g_str_equal (whole, pieces))
    return g_strdup_printf ("whole:\n%s\n%" G_GSIZE_FORMAT " bytes at a time, in blocks of %" G_GSIZE_FORMAT
                            " on %u lanes:\n%s",
                            whole, setup.step, setup.block, setup.threads, pieces);
  /* Gzip is for another fuzzer's oracle: the twin reads text. */
  if (length >= 2 && memcmp (data, "\x1f\x8b", 2) == 0)
    return NULL;
  reference = reference_csv_read (&setup.reference, data, length);
  /* A table without columns cannot tell how many rows there were. */
  if (table != NULL && vc_table_get_n_columns (table) == 0)
    return *reference == '!' ? g_strdup_printf ("no error, but %s", reference) : NULL;
  if (table != NULL ? !g_str_equal (whole, reference) : !g_str_has_prefix (whole, reference))
    return g_strdup_printf ("reader:\n%s\ntwin:\n%s", whole, reference);
  return table != NULL ? check_round_trip (&setup.reference, table) : NULL;
}
