/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chains.h"

#include <math.h>
#include <string.h>

static gboolean
parse_kind (const char *word, VcPartyKind *kind)
{
  for (*kind = VC_PARTY_KIND_CUSTOMER; *kind <= VC_PARTY_KIND_SUPPLIER; (*kind)++)
    if (g_str_equal (word, vc_party_kind_get_name (*kind)))
      return TRUE;
  return FALSE;
}

static gboolean
read_party (VcChainBuilder *builder, char **words)
{
  VcPartyKind kind;

  if (!parse_kind (words[2], &kind))
    return FALSE;
  vc_chain_builder_add_party (builder, words[1], kind);
  for (guint i = 3; words[i] != NULL; i++) {
    char *value = strchr (words[i], '=');

    if (value == NULL)
      return FALSE;
    *value++ = '\0';
    if (g_str_equal (words[i], "effort"))
      vc_chain_builder_set_effort (builder, words[1], g_ascii_strtod (value, NULL));
    else
      vc_chain_builder_set_party_field (builder, words[1], words[i], value);
  }
  return TRUE;
}

static gboolean
read_flow (VcChainBuilder *builder, char **words)
{
  for (VcFlowKind kind = VC_FLOW_KIND_WORK; kind <= VC_FLOW_KIND_INSTRUCTION; kind++)
    if (g_str_equal (words[0], vc_flow_kind_get_name (kind))) {
      vc_chain_builder_add_flow (builder, words[1], words[2], kind, g_ascii_strtod (words[3], NULL));
      return TRUE;
    }
  return FALSE;
}

static const struct {
  const char  *name;
  VcColumnType type;
} fields[] = {
  { "from", VC_COLUMN_TYPE_TEXT }, { "to", VC_COLUMN_TYPE_TEXT }, { "what", VC_COLUMN_TYPE_TEXT },
  { "made", VC_COLUMN_TYPE_TIME }, { "due", VC_COLUMN_TYPE_TIME }, { "closed", VC_COLUMN_TYPE_TIME },
  { "state", VC_COLUMN_TYPE_TEXT }, { "closed_by", VC_COLUMN_TYPE_TEXT }, { "reopened", VC_COLUMN_TYPE_INT64 },
  { "weight", VC_COLUMN_TYPE_DOUBLE }, { "id", VC_COLUMN_TYPE_TEXT },
};

/* A row of CSV. */
static gboolean
read_commitment (GString *rows, char **words)
{
  const char *values[G_N_ELEMENTS (fields)] = { words[1], words[2] };

  for (guint i = 3; words[i] != NULL; i++) {
    char *value = strchr (words[i], '=');
    guint field = 0;

    if (value == NULL)
      return FALSE;
    *value++ = '\0';
    while (field < G_N_ELEMENTS (fields) && !g_str_equal (fields[field].name, words[i]))
      field++;
    if (field == G_N_ELEMENTS (fields))
      return FALSE;
    values[field] = value;
  }
  for (guint field = 0; field < G_N_ELEMENTS (fields); field++)
    g_string_append_printf (rows, "%s%s", field > 0 ? "," : "", values[field] != NULL ? values[field] : "");
  g_string_append_c (rows, '\n');
  return TRUE;
}

static gboolean
add_commitments (VcChainBuilder *builder, const GString *rows)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (VcTable) table = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    vc_csv_reader_add_column (reader, fields[i].name, fields[i].type, FALSE);
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", fields[i].name);
  }
  g_string_append_printf (text, "\n%s", rows->str);
  stream = g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  table = vc_csv_reader_read_stream (reader, stream, "commitments", NULL, NULL);
  if (table != NULL)
    vc_chain_builder_add_commitments (builder, table, NULL);
  return table != NULL;
}

static gboolean
read_line (VcChainBuilder *builder, GString *commitments, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  guint n = g_strv_length (words);

  if (n == 0)
    return TRUE;
  if (n >= 3 && g_str_equal (words[0], "party"))
    return read_party (builder, words);
  if (n >= 3 && g_str_equal (words[0], "commitment"))
    return read_commitment (commitments, words);
  if (n == 3 && g_str_equal (words[0], "receipt"))
    vc_chain_builder_add_receipt (builder, words[1], g_ascii_strtod (words[2], NULL));
  else if (n == 2 && g_str_equal (words[0], "unit-of-effort"))
    g_object_set (builder, "effort-unit", words[1], NULL);
  else if (n == 2 && g_str_equal (words[0], "currency"))
    g_object_set (builder, "currency", words[1], NULL);
  else
    return n == 4 && read_flow (builder, words);
  return TRUE;
}

VcChainBuilder *
chains_read_builder (const char *text)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (GString) commitments = g_string_new (NULL);
  const char *const all = text + strlen (text);

  /* Not by g_strsplit(): a sanitizer that checks strings would go through the whole rest for every line. */
  while (text < all) {
    const char *found = memchr (text, '\n', (gsize) (all - text)), *end = found != NULL ? found : all;
    g_autofree char *line = g_strndup (text, (gsize) (end - text));

    if (!read_line (builder, commitments, line))
      return NULL;
    text = end + 1;
  }
  if (commitments->len > 0 && !add_commitments (builder, commitments))
    return NULL;
  return g_steal_pointer (&builder);
}

VcChain *
chains_new (const char *text)
{
  g_autoptr (VcChainBuilder) builder = chains_read_builder (text);
  g_autoptr (GError) error = NULL;
  VcChain *chain = builder == NULL ? NULL : vc_chain_builder_build (builder, NULL, NULL, &error);

  if (chain == NULL)
    g_error ("no chain: %s", error != NULL ? error->message : text);
  return chain;
}

VcMeasure *
chains_measure (const char *options, GError **error)
{
  g_auto (GStrv) settings = g_strsplit (options != NULL ? options : "", " ", -1);
  gboolean is_other = settings[0] != NULL && g_str_has_prefix (settings[0], "measure=");
  g_autoptr (VcMeasure) measure
    = vc_measure_for_name (is_other ? settings[0] + strlen ("measure=") : "alignment", error);

  for (guint i = is_other; measure != NULL && settings[i] != NULL; i++) {
    g_auto (GStrv) setting = g_strsplit (settings[i], "=", 2);

    if (!vc_measure_set_option (measure, setting[0], setting[1], error))
      return NULL;
  }
  return g_steal_pointer (&measure);
}

VcScores *
chains_score_chain (VcChain *chain, const char *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcMeasure) measure = chains_measure (options, &error);
  VcScores *scores;

  if (measure == NULL)
    g_error ("no measure: %s", error->message);
  scores = vc_measure_run (measure, chain, NULL, NULL, &error);
  if (scores == NULL)
    g_error ("no scores: %s", error->message);
  return scores;
}

VcScores *
chains_score (const char *text, const char *options)
{
  g_autoptr (VcChain) chain = chains_new (text);

  return chains_score_chain (chain, options);
}

/* Borrowed from the scores, which keep it. */
static VcTable *
get_table (VcScores *scores, const char *name)
{
  VcTable *table = vc_scores_get_table (scores, name);

  if (table == NULL)
    g_error ("no table %s", name);
  return table;
}

static VcColumn *
get_column (VcTable *table, const char *name)
{
  VcColumn *column = vc_table_lookup_column (table, name);

  if (column == NULL)
    g_error ("no column %s", name);
  return column;
}

static gboolean
cell_is (VcTable *table, guint column, guint64 row, const char *text)
{
  g_autofree char *cell = vc_column_dup_text (vc_table_get_column (table, column), row);

  return g_strcmp0 (cell, text) == 0;
}

gint64
chains_find (VcScores *scores, const char *table, const char *first, const char *second)
{
  VcTable *found = get_table (scores, table);

  for (guint64 row = 0; row < vc_table_get_n_rows (found); row++)
    if (cell_is (found, 0, row, first) && (second == NULL || cell_is (found, 1, row, second)))
      return (gint64) row;
  return -1;
}

static double
figure_at (VcScores *scores, const char *table, gint64 row, const char *column)
{
  VcColumn *found = get_column (get_table (scores, table), column);

  if (row < 0)
    g_error ("no such row in %s", table);
  if (vc_column_is_null (found, (guint64) row))
    return NAN;
  if (vc_column_get_column_type (found) == VC_COLUMN_TYPE_INT64)
    return (double) vc_column_get_int64 (found, (guint64) row);
  return vc_column_get_double (found, (guint64) row);
}

double
chains_figure (VcScores *scores, const char *table, const char *row, const char *column)
{
  return figure_at (scores, table, chains_find (scores, table, row, NULL), column);
}

double
chains_flow (VcScores *scores, const char *from, const char *to, const char *column)
{
  return figure_at (scores, "flows", chains_find (scores, "flows", from, to), column);
}

char *
chains_word (VcScores *scores, const char *table, const char *row, const char *column)
{
  gint64 found = chains_find (scores, table, row, NULL);

  if (found < 0)
    g_error ("no row %s in %s", row, table);
  return vc_column_dup_text (get_column (get_table (scores, table), column), (guint64) found);
}

double
chains_proof (VcScores *scores, const char *name)
{
  g_autoptr (GVariant) proof = g_variant_ref (vc_scores_get_proof (scores));
  g_autoptr (GVariant) value = g_variant_lookup_value (proof, name, NULL);

  if (value == NULL)
    return NAN;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_variant_get_double (value);
  return (double) g_variant_get_uint64 (value);
}

static void
dump_cell (GString *dump, VcColumn *column, guint64 row)
{
  g_autofree char *text = NULL;
  double value;
  guint64 bits;

  if (vc_column_get_column_type (column) != VC_COLUMN_TYPE_DOUBLE || vc_column_is_null (column, row)) {
    text = vc_column_format (column, row);
    g_string_append_printf (dump, "%s\t", text != NULL ? text : "-");
    return;
  }
  value = vc_column_get_double (column, row);
  memcpy (&bits, &value, sizeof bits);
  g_string_append_printf (dump, "%.17g %016" G_GINT64_MODIFIER "x\t", value, bits);
}

static void
dump_table (GString *dump, VcTable *table)
{
  g_string_append_printf (dump, "%s\n", vc_table_get_name (table));
  for (guint64 row = 0; row < vc_table_get_n_rows (table); row++) {
    for (guint column = 0; column < vc_table_get_n_columns (table); column++)
      dump_cell (dump, vc_table_get_column (table, column), row);
    g_string_append_c (dump, '\n');
  }
}

char *
chains_dump (VcScores *scores)
{
  g_autoptr (GString) dump = g_string_new (NULL);
  g_auto (GStrv) names = vc_scores_list_tables (scores);
  g_autofree char *proof = g_variant_print (vc_scores_get_proof (scores), TRUE);

  for (guint i = 0; names[i] != NULL; i++)
    dump_table (dump, get_table (scores, names[i]));
  g_string_append (dump, proof);
  return g_string_free (g_steal_pointer (&dump), FALSE);
}
