/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-report-private.h"

#include "table/vc-json-writer-private.h"

/* A key and what comes before its value; all that `key` may hold is escaped. */
static void
put_key (VcWriter *writer, const char *before, const char *key)
{
  vc_writer_text (writer, before);
  vc_json_text (writer, key);
  vc_writer_text (writer, ": ");
}

static void
put_text (VcWriter *writer, const char *key, const char *value)
{
  put_key (writer, "    ", key);
  if (value != NULL)
    vc_json_text (writer, value);
  else
    vc_json_null (writer);
  vc_writer_text (writer, ",\n");
}

static void
put_count (VcWriter *writer, const char *key, guint64 value)
{
  put_key (writer, "    ", key);
  vc_json_int64 (writer, (gint64) value);
  vc_writer_text (writer, ",\n");
}

static void
put_side (VcWriter *writer, const char *before, const char *key, gint64 time, gint64 open)
{
  put_key (writer, before, key);
  if (time != open)
    vc_json_time (writer, time);
  else
    vc_json_null (writer);
}

static void
put_window (VcWriter *writer, VcChain *chain)
{
  gint64 start, end;

  put_key (writer, "    ", "window");
  if (vc_chain_get_window (chain, &start, &end)) {
    put_side (writer, "{", "start", start, G_MININT64);
    put_side (writer, ", ", "end", end, G_MAXINT64);
    vc_writer_text (writer, "},\n");
  } else {
    vc_writer_text (writer, "null,\n");
  }
}

static guint64
count_customers (VcChain *chain)
{
  guint64 n_customers = 0;

  for (guint i = 0; i < vc_chain_get_n_parties (chain); i++)
    n_customers += vc_chain_get_party_kind (chain, i) == VC_PARTY_KIND_CUSTOMER;
  return n_customers;
}

static void
put_chain (VcWriter *writer, VcChain *chain)
{
  put_key (writer, "  ", "chain");
  vc_writer_text (writer, "{\n");
  put_text (writer, "title", vc_chain_get_title (chain));
  put_text (writer, "currency", vc_chain_get_currency (chain));
  put_text (writer, "effort_unit", vc_chain_get_effort_unit (chain));
  put_window (writer, chain);
  put_count (writer, "parties", vc_chain_get_n_parties (chain));
  put_count (writer, "customers", count_customers (chain));
  put_count (writer, "flows", vc_chain_get_n_flows (chain));
  put_count (writer, "receipts", vc_table_get_n_rows (vc_chain_get_receipts (chain)));
  put_count (writer, "commitments", vc_table_get_n_rows (vc_chain_get_commitments (chain)));
  put_key (writer, "    ", "digest");
  vc_json_text (writer, vc_chain_get_digest (chain));
  vc_writer_text (writer, "\n  }");
}

static void put_variant (VcWriter *writer, GVariant *value);

static void
put_dictionary (VcWriter *writer, GVariant *dictionary)
{
  g_auto (GStrv) keys = vc_show_keys (dictionary);

  vc_writer_text (writer, "{");
  for (guint i = 0; keys[i] != NULL; i++) {
    g_autoptr (GVariant) value = g_variant_lookup_value (dictionary, keys[i], NULL);

    put_key (writer, i > 0 ? ", " : "", keys[i]);
    put_variant (writer, value);
  }
  vc_writer_text (writer, "}");
}

static void
put_array (VcWriter *writer, GVariant *array)
{
  vc_writer_text (writer, "[");
  for (gsize i = 0; i < g_variant_n_children (array); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (array, i);

    vc_writer_text (writer, i > 0 ? ", " : "");
    put_variant (writer, child);
  }
  vc_writer_text (writer, "]");
}

/* Variants and maybes: what is inside; an empty maybe is null. */
static void
put_inside (VcWriter *writer, GVariant *box)
{
  g_autoptr (GVariant) inside = NULL;

  if (g_variant_n_children (box) == 0) {
    vc_json_null (writer);
    return;
  }
  inside = g_variant_get_child_value (box, 0);
  put_variant (writer, inside);
}

/* Booleans and integers print as JSON writes them, but for bytes, which print in hexadecimal. */
static void
put_plain (VcWriter *writer, GVariant *value)
{
  g_autofree char *text = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTE)) {
    vc_json_int64 (writer, g_variant_get_byte (value));
    return;
  }
  text = g_variant_print (value, FALSE);
  vc_writer_text (writer, text);
}

/* Recursion is bounded: GLib makes no variant that is nested more than 128 deep. */
static void
put_variant (VcWriter *writer, GVariant *value)
{
  switch (g_variant_classify (value)) {
    case G_VARIANT_CLASS_DOUBLE:
      vc_json_double (writer, g_variant_get_double (value));
      break;
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      vc_json_text (writer, g_variant_get_string (value, NULL));
      break;
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
      put_inside (writer, value);
      break;
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
      if (g_variant_is_of_type (value, G_VARIANT_TYPE ("a{s*}")))
        put_dictionary (writer, value);
      else
        put_array (writer, value);
      break;
    default:
      put_plain (writer, value);
  }
}

static gboolean
put_tables (VcWriter *writer, GPtrArray *tables, GError **error)
{
  put_key (writer, ",\n      ", "tables");
  vc_writer_text (writer, "{");
  for (guint i = 0; i < tables->len; i++) {
    VcTable *table = g_ptr_array_index (tables, i);

    put_key (writer, i > 0 ? ",\n        " : "\n        ", vc_table_get_name (table));
    if (!vc_json_table (writer, table, error))
      return FALSE;
  }
  vc_writer_text (writer, tables->len > 0 ? "\n      }" : "}");
  return TRUE;
}

static gboolean
put_scores (VcWriter *writer, VcScores *scores, const VcShow *show, GError **error)
{
  g_autoptr (GPtrArray) tables = vc_scores_pick_tables (scores, show);

  vc_writer_text (writer, "{");
  if (vc_scores_get_party (scores) != NULL) {
    put_key (writer, "\n      ", "party");
    vc_json_text (writer, vc_scores_get_party (scores));
    vc_writer_text (writer, ",");
  }
  put_key (writer, "\n      ", "options");
  put_dictionary (writer, vc_scores_get_options (scores));
  put_key (writer, ",\n      ", "proof");
  put_dictionary (writer, vc_scores_get_proof (scores));
  if (!put_tables (writer, tables, error))
    return FALSE;
  vc_writer_text (writer, "\n    }");
  return TRUE;
}

gboolean
vc_report_put_json (gpointer subject, const VcShow *show, VcWriter *writer, GError **error)
{
  const VcReportParts *parts = subject;

  vc_writer_text (writer, "{\n");
  put_chain (writer, parts->chain);
  put_key (writer, ",\n  ", "scores");
  vc_writer_text (writer, "{");
  for (guint i = 0; i < parts->scores->len; i++) {
    VcScores *scores = g_ptr_array_index (parts->scores, i);

    put_key (writer, i > 0 ? ",\n    " : "\n    ", vc_scores_get_measure (scores));
    if (!put_scores (writer, scores, show, error))
      return FALSE;
  }
  vc_writer_text (writer, parts->scores->len > 0 ? "\n  }\n}\n" : "}\n}\n");
  return TRUE;
}
