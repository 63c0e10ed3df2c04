/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

static char *
list_option_names (VcMeasure *measure)
{
  g_autoptr (VcTable) options = vc_measure_list_options (measure);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (guint64 i = 0; i < vc_table_get_n_rows (options); i++) {
    g_autofree char *name = vc_column_dup_text (vc_table_lookup_column (options, "name"), i);

    g_strv_builder_add (builder, name);
  }
  names = g_strv_builder_end (builder);
  return g_strjoinv (" ", names);
}

static VcTable *
list_measures (GError **error)
{
  g_auto (GStrv) names = vc_measure_list_names ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) options = NULL;
  g_autoptr (VcColumn) name = NULL;
  g_autoptr (VcColumn) option = NULL;

  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr (VcMeasure) measure = vc_measure_for_name (names[i], error);
    g_autofree char *joined = measure != NULL ? list_option_names (measure) : NULL;

    if (measure == NULL)
      return NULL;
    g_strv_builder_add (builder, joined);
  }
  options = g_strv_builder_end (builder);
  name = vc_column_new_texts ("name", (const char *const *) names, error);
  option = name != NULL ? vc_column_new_texts ("options", (const char *const *) options, error) : NULL;
  if (option == NULL)
    return NULL;
  return vc_table_new ("measures", (VcColumn *[]){ name, option }, 2, error);
}

static VcTable *
list_options (const char *name, GError **error)
{
  g_autoptr (VcMeasure) measure = vc_measure_for_name (name, error);

  return measure != NULL ? vc_measure_list_options (measure) : NULL;
}

static void
append_option (GString *text, VcTable *options, guint64 row, gboolean color)
{
  static const char *const names[] = { "name", "type", "default", "minimum", "maximum", "description" };
  char *cells[G_N_ELEMENTS (names)];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    VcColumn *column = vc_table_lookup_column (options, names[i]);

    cells[i] = vc_column_is_null (column, row) ? NULL : vc_column_dup_text (column, row);
  }
  g_string_append_printf (text, "%s%s%s: %s", color ? CLI_BOLD : "", cells[0], color ? CLI_NORMAL : "", cells[1]);
  if (cells[3] != NULL && cells[4] != NULL)
    g_string_append_printf (text, " from %s to %s", cells[3], cells[4]);
  if (cells[2] != NULL)
    g_string_append_printf (text, " (default: %s)", cells[2]);
  g_string_append_printf (text, "\n    %s\n", cells[5] != NULL ? cells[5] : "");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_free (cells[i]);
}

static gboolean
write_options (GOutputStream *stream, gpointer data, GCancellable *cancellable, GError **error)
{
  GString *text = data;

  return g_output_stream_write_all (stream, text->str, text->len, NULL, cancellable, error);
}

/* Whole sentences, which a table would cut. */
static gboolean
show_options (CliSession *session, VcTable *options, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint64 i = 0; i < vc_table_get_n_rows (options); i++)
    append_option (text, options, i, cli_has_color (session));
  return cli_write (session, write_options, text, error);
}

static CliStatus
run (CliSession *session, GError **error)
{
  char **arguments = session->options->arguments;
  g_autoptr (VcTable) table = arguments != NULL ? list_options (arguments[0], error) : list_measures (error);
  gboolean sentences = arguments != NULL && session->format == VC_REPORT_FORMAT_TEXT;

  if (table == NULL)
    return CLI_FAILURE;
  return (sentences ? show_options : cli_write_table) (session, table, error) ? CLI_OK : CLI_FAILURE;
}

const CliCommand cli_measures = {
  .name = "measures",
  .arguments = "[NAME]",
  .min_arguments = 0,
  .max_arguments = 1,
  .summary = "Lists the measures or, with NAME, the options of one: what is allowed and what for.",
  .example = "valuechain measures alignment",
  .run = run,
};
