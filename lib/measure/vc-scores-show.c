/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-scores-private.h"

#define RULE "\u2500"

static gboolean
is_wanted (const VcShow *show, const char *name)
{
  return show->tables == NULL || g_strv_contains (show->tables, name);
}

GPtrArray *
vc_scores_pick_tables (VcScores *self, const VcShow *show)
{
  g_auto (GStrv) names = vc_scores_list_tables (self);
  GPtrArray *picked = g_ptr_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    if (is_wanted (show, names[i]))
      g_ptr_array_insert (picked, g_str_equal (names[i], "summary") ? 0 : -1, vc_scores_get_table (self, names[i]));
  return picked;
}

/* A line of the head of a table; where the next one starts. */
static const char *
put_head_line (const VcShow *show, const char *style, const char *text, VcWriter *writer)
{
  gsize length = strcspn (text, "\n");

  vc_show_line (show, style, text, length, writer);
  return text + length + (text[length] != '\0');
}

/* The head of a table is a line of names and, above the rule, one of units if there are any. */
static gboolean
put_table_text (VcTable *table, const VcShow *show, VcWriter *writer, GError **error)
{
  g_autofree char *text = vc_table_to_text (table, show->width, show->max_rows);
  const char *rest = text;

  if (text == NULL)
    return vc_show_no_memory (error);
  vc_writer_byte (writer, '\n');
  vc_show_line (show, VC_SHOW_BOLD, vc_table_get_name (table), strlen (vc_table_get_name (table)), writer);
  if (vc_table_get_n_columns (table) > 0) {
    rest = put_head_line (show, VC_SHOW_BOLD, rest, writer);
    if (!g_str_has_prefix (rest, RULE))
      rest = put_head_line (show, VC_SHOW_DIM, rest, writer);
  }
  vc_writer_text (writer, rest);
  return TRUE;
}

gboolean
vc_scores_put_text (gpointer scores, const VcShow *show, VcWriter *writer, GError **error)
{
  g_autoptr (GPtrArray) tables = vc_scores_pick_tables (scores, show);
  g_autofree char *title = vc_scores_dup_title (scores);

  vc_show_line (show, VC_SHOW_BOLD, title, strlen (title), writer);
  for (guint i = 0; i < tables->len; i++)
    if (!put_table_text (g_ptr_array_index (tables, i), show, writer, error))
      return FALSE;
  return TRUE;
}

static void
put_dictionary_html (GVariant *dictionary, const char *title, VcWriter *writer)
{
  g_auto (GStrv) keys = vc_show_keys (dictionary);

  if (keys[0] == NULL)
    return;
  vc_writer_text (writer, "<details><summary>");
  vc_writer_text (writer, title);
  vc_writer_text (writer, "</summary>\n<dl>\n");
  for (guint i = 0; keys[i] != NULL; i++) {
    g_autoptr (GVariant) value = g_variant_lookup_value (dictionary, keys[i], NULL);
    g_autofree char *text = g_variant_print (value, FALSE);

    vc_writer_text (writer, "<dt>");
    vc_show_escaped (keys[i], writer);
    vc_writer_text (writer, "</dt><dd>");
    vc_show_escaped (text, writer);
    vc_writer_text (writer, "</dd>\n");
  }
  vc_writer_text (writer, "</dl>\n</details>\n");
}

/* The first table is open, the others of scores of all a click away: plain HTML, which saved notebooks show as well. */
static gboolean
put_table_html (VcTable *table, gboolean open, const VcShow *show, VcWriter *writer, GError **error)
{
  g_autofree char *html = vc_table_to_html (table, show->max_rows);

  if (html == NULL)
    return vc_show_no_memory (error);
  vc_writer_text (writer, open ? "<details open=\"open\"><summary>" : "<details><summary>");
  vc_show_escaped (vc_table_get_name (table), writer);
  vc_writer_text (writer, "</summary>\n");
  vc_writer_text (writer, html);
  vc_writer_text (writer, "</details>\n");
  return TRUE;
}

gboolean
vc_scores_put_html (gpointer scores, const VcShow *show, VcWriter *writer, GError **error)
{
  g_autoptr (GPtrArray) tables = vc_scores_pick_tables (scores, show);
  g_autofree char *title = vc_scores_dup_title (scores);

  vc_writer_text (writer, "<section class=\"valuechain-scores\">\n<h3>");
  vc_show_escaped (title, writer);
  vc_writer_text (writer, "</h3>\n");
  for (guint i = 0; i < tables->len; i++)
    if (!put_table_html (g_ptr_array_index (tables, i), i == 0 || vc_scores_get_party (scores) != NULL, show, writer,
                         error))
      return FALSE;
  put_dictionary_html (vc_scores_get_options (scores), "options", writer);
  put_dictionary_html (vc_scores_get_proof (scores), "proof", writer);
  vc_writer_text (writer, "</section>\n");
  return TRUE;
}

static char *
show_in_memory (VcPut put, VcScores *self, const VcShow *show)
{
  g_autoptr (GOutputStream) memory = NULL;
  g_autoptr (VcWriter) writer = vc_render_writer_new (&memory);

  return put (self, show, writer, NULL) ? vc_render_writer_finish (writer, memory) : NULL;
}

/**
 * vc_scores_to_text:
 * @self: scores
 * @width: characters a line, or 0 for no limit
 * @max_rows: rows of a table that are shown, or 0 for all
 *
 * The scores for a terminal: all tables, the summary first.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL if memory for it could not be had
 */
char *
vc_scores_to_text (VcScores *self, guint width, guint max_rows)
{
  const VcShow show = { .width = width, .max_rows = max_rows };

  g_return_val_if_fail (VC_IS_SCORES (self), NULL);

  return show_in_memory (vc_scores_put_text, self, &show);
}

/**
 * vc_scores_to_html:
 * @self: scores
 * @max_rows: rows of a table that are shown, or 0 for all
 *
 * The scores as a fragment of HTML, for a notebook: all tables, the summary first and open, of an explanation all of
 * them, with the options and the proof.
 *
 * Returns: (transfer full) (nullable): the fragment, or %NULL if memory for it could not be had
 */
char *
vc_scores_to_html (VcScores *self, guint max_rows)
{
  const VcShow show = { .max_rows = max_rows };

  g_return_val_if_fail (VC_IS_SCORES (self), NULL);

  return show_in_memory (vc_scores_put_html, self, &show);
}
