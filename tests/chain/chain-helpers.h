/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "valuechain/valuechain.h"

#define cr_assert_no_error(error) cr_assert_null (error, "%s", error != NULL ? error->message : "")

/* Tables in a line: TABLE (TEXTS ("from", "a", "b"), DOUBLES ("amount", 1, 2)). */
static inline VcColumn *
texts (const char *name, const char *const *values)
{
  return vc_column_new_texts (name, values, NULL);
}

static inline VcColumn *
doubles (const char *name, const double *values, gsize n)
{
  return vc_column_new_doubles (name, values, n, NULL);
}

static inline VcColumn *
words (VcColumnType type, const char *name, const gint64 *values, gsize n)
{
  g_autoptr (GBytes) bytes = g_bytes_new (values, n * sizeof *values);
  VcColumn *column = vc_column_new_from_bytes (name, type, bytes, NULL, NULL);

  cr_assert_not_null (column);
  return column;
}

/* Takes the columns, the last of which is NULL. */
static inline VcTable *
table_of (VcColumn **columns)
{
  g_autoptr (GError) error = NULL;
  gsize n = 0;
  VcTable *table;

  while (columns[n] != NULL)
    n++;
  table = vc_table_new ("input", columns, n, &error);
  cr_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    g_object_unref (columns[i]);
  return table;
}

#define TABLE(...) table_of ((VcColumn *[]) { __VA_ARGS__, NULL })
#define TEXTS(name, ...) texts (name, (const char *const[]) { __VA_ARGS__, NULL })
#define DOUBLES(name, ...) \
  doubles (name, (const double[]) { __VA_ARGS__ }, G_N_ELEMENTS (((const double[]) { __VA_ARGS__ })))
#define INT64S(name, ...)                                                                                              \
  words (VC_COLUMN_TYPE_INT64, name, (const gint64[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const gint64[]){ __VA_ARGS__ })))
#define TIMES(name, ...) \
  words (VC_COLUMN_TYPE_TIME, name, (const gint64[]) { __VA_ARGS__ }, G_N_ELEMENTS (((const gint64[]) { __VA_ARGS__ })))


/* A text that lives as long as the program. */
static inline const char *
numbered (const char *prefix, guint number)
{
  static GHashTable *texts;
  char *text = g_strdup_printf ("%s%u", prefix, number);
  char *known;

  if (texts == NULL)
    texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  known = g_hash_table_lookup (texts, text);
  if (known == NULL)
    g_hash_table_insert (texts, text, text);
  else
    g_free (text);
  return known != NULL ? known : text;
}

static inline VcChain *
build (VcChainBuilder *builder)
{
  g_autoptr (GError) error = NULL;
  VcChain *chain = vc_chain_builder_build (builder, NULL, NULL, &error);

  cr_assert_no_error (error);
  cr_assert_not_null (chain);
  return chain;
}

/* The row of the check that has this code (and field, unless NULL), or -1. */
static inline gint64
find_problem (VcTable *check, const char *code, const char *field)
{
  VcColumn *codes = vc_table_lookup_column (check, "code");
  VcColumn *fields = vc_table_lookup_column (check, "field");

  for (guint64 row = 0; row < vc_table_get_n_rows (check); row++) {
    g_autofree char *this_code = vc_column_dup_text (codes, row);
    g_autofree char *this_field = vc_column_dup_text (fields, row);

    if (strcmp (this_code, code) == 0 && (field == NULL || g_strcmp0 (this_field, field) == 0))
      return (gint64) row;
  }
  return -1;
}

static inline gint64
count_of (VcTable *check, const char *code, const char *field)
{
  gint64 row = find_problem (check, code, field);

  return row < 0 ? 0 : vc_column_get_int64 (vc_table_lookup_column (check, "count"), (guint64) row);
}
