/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads chains in the words of chains.h from the standard input, each ended by a line "score [OPTION=VALUE]..." or
 * "explain PARTY [OPTION=VALUE]...", and answers each with a line of JSON: all tables, or {"error": MESSAGE}. */
#include "chains.h"

#include <stdio.h>
#include <string.h>

/* The ids of these chains need no escapes. */
static void
print_cell (VcColumn *column, guint64 row)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = NULL;

  printf ("\"%s\": ", vc_column_get_name (column));
  if (vc_column_is_null (column, row)) {
    fputs ("null", stdout);
  } else if (vc_column_get_column_type (column) == VC_COLUMN_TYPE_DOUBLE) {
    fputs (g_ascii_dtostr (number, sizeof number, vc_column_get_double (column, row)), stdout);
  } else if (vc_column_get_column_type (column) != VC_COLUMN_TYPE_TEXT) {
    printf ("%" G_GINT64_FORMAT, vc_column_get_int64 (column, row));
  } else {
    text = vc_column_dup_text (column, row);
    printf ("\"%s\"", text);
  }
}

static void
print_table (VcTable *table)
{
  for (guint64 row = 0; row < vc_table_get_n_rows (table); row++)
    for (guint i = 0; i < vc_table_get_n_columns (table); i++) {
      fputs (i > 0 ? ", " : row > 0 ? "}, {" : "{", stdout);
      print_cell (vc_table_get_column (table, i), row);
    }
  if (vc_table_get_n_rows (table) > 0)
    putchar ('}');
}

static void
print_scores (VcScores *scores)
{
  g_auto (GStrv) names = vc_scores_list_tables (scores);

  putchar ('{');
  for (guint i = 0; names[i] != NULL; i++) {
    printf ("%s\"%s\": [", i > 0 ? ", " : "", names[i]);
    print_table (vc_scores_get_table (scores, names[i]));
    putchar (']');
  }
  puts ("}");
}

/* `words`: what is asked, and the options. */
static void
answer (const char *text, char **words)
{
  const char *party = g_str_equal (words[0], "explain") ? words[1] : NULL;
  g_autoptr (VcChainBuilder) builder = chains_read_builder (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) chain = builder == NULL ? NULL : vc_chain_builder_build (builder, NULL, NULL, &error);
  g_autofree char *options = g_strjoinv (" ", words + (party != NULL ? 2 : 1));
  g_autoptr (VcMeasure) measure = chain != NULL ? chains_measure (options, &error) : NULL;
  g_autoptr (VcScores) scores = NULL;

  if (measure != NULL)
    scores = party != NULL ? vc_measure_explain (measure, chain, party, NULL, NULL, &error)
                           : vc_measure_run (measure, chain, NULL, NULL, &error);
  if (scores != NULL)
    print_scores (scores);
  else
    printf ("{\"error\": \"%s\"}\n", error != NULL ? error->message : "not understood");
}

int
main (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char line[1024];

  while (fgets (line, sizeof line, stdin) != NULL) {
    g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);

    if (g_strcmp0 (words[0], "score") != 0 && g_strcmp0 (words[0], "explain") != 0) {
      g_string_append_printf (text, "%s\n", line);
      continue;
    }
    answer (text->str, words);
    fflush (stdout);
    g_string_truncate (text, 0);
  }
  return 0;
}
