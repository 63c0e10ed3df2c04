/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-report-private.h"

#include "valuechain/vc-error.h"

/**
 * VcReport:
 *
 * A chain and its scores, ready to be shown or kept.
 *
 * Text and HTML are for people: [property@Report:max-rows] rows of each table. JSON and CSV are for programs: all
 * rows, numbers that read back to the same bits, the same bytes for the same chain and options.
 */

enum {
  PROP_0,
  PROP_WIDTH,
  PROP_MAX_ROWS,
  PROP_COLOR,
  N_PROPS
};

struct _VcReport
{
  GObject       parent_instance;

  VcReportParts parts;
  VcShow        show;
  char        **tables; /* what `show` points to */
};

G_DEFINE_FINAL_TYPE (VcReport, vc_report, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
vc_report_finalize (GObject *object)
{
  VcReport *self = VC_REPORT (object);

  g_clear_object (&self->parts.chain);
  g_ptr_array_unref (self->parts.scores);
  g_strfreev (self->tables);

  G_OBJECT_CLASS (vc_report_parent_class)->finalize (object);
}

static void
vc_report_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcReport *self = VC_REPORT (object);

  switch (prop_id) {
    case PROP_WIDTH:
      g_value_set_uint (value, self->show.width);
      break;
    case PROP_MAX_ROWS:
      g_value_set_uint (value, self->show.max_rows);
      break;
    case PROP_COLOR:
      g_value_set_boolean (value, self->show.color);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_report_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcReport *self = VC_REPORT (object);

  switch (prop_id) {
    case PROP_WIDTH:
      self->show.width = g_value_get_uint (value);
      break;
    case PROP_MAX_ROWS:
      self->show.max_rows = g_value_get_uint (value);
      break;
    case PROP_COLOR:
      self->show.color = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_report_class_init (VcReportClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = vc_report_finalize;
  object_class->get_property = vc_report_get_property;
  object_class->set_property = vc_report_set_property;

  /**
   * VcReport:width:
   *
   * Characters a line of text; 0: no limit.
   */
  properties[PROP_WIDTH] = g_param_spec_uint ("width", NULL, NULL, 0, G_MAXUINT, 80, flags);

  /**
   * VcReport:max-rows:
   *
   * Rows of a table that text and HTML show; 0: all.
   */
  properties[PROP_MAX_ROWS] = g_param_spec_uint ("max-rows", NULL, NULL, 0, G_MAXUINT, 20, flags);

  /**
   * VcReport:color:
   *
   * Whether text has escapes that terminals show as bold and dim.
   */
  properties[PROP_COLOR] = g_param_spec_boolean ("color", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_report_init (VcReport *self)
{
  self->parts.scores = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * vc_report_new:
 * @chain: the chain that was scored
 *
 * Makes a report without scores.
 *
 * Returns: (transfer full): a new report
 */
VcReport *
vc_report_new (VcChain *chain)
{
  VcReport *self;

  g_return_val_if_fail (VC_IS_CHAIN (chain), NULL);

  self = g_object_new (VC_TYPE_REPORT, NULL);
  self->parts.chain = g_object_ref (chain);
  return self;
}

/**
 * vc_report_add_scores:
 * @self: a report
 * @scores: scores of the chain
 *
 * Adds the scores of a measure; they replace those of a measure of the same name.
 */
void
vc_report_add_scores (VcReport *self, VcScores *scores)
{
  GPtrArray *all;

  g_return_if_fail (VC_IS_REPORT (self));
  g_return_if_fail (VC_IS_SCORES (scores));

  all = self->parts.scores;
  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (vc_scores_get_measure (g_ptr_array_index (all, i)), vc_scores_get_measure (scores))) {
      g_ptr_array_remove_index (all, i);
      break;
    }
  g_ptr_array_add (all, g_object_ref (scores));
}

/**
 * vc_report_set_tables:
 * @self: a report
 * @tables: (nullable) (array zero-terminated=1): names of tables, or %NULL for all
 *
 * Says which tables the report has.
 */
void
vc_report_set_tables (VcReport *self, const char *const *tables)
{
  char **copy;

  g_return_if_fail (VC_IS_REPORT (self));

  copy = g_strdupv ((char **) tables);
  g_strfreev (self->tables);
  self->tables = copy;
  self->show.tables = (const char *const *) copy;
}

/* Measure by measure: two may call a table alike. */
static char *
list_all_tables (VcReport *self)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < self->parts.scores->len; i++) {
    VcScores *scores = g_ptr_array_index (self->parts.scores, i);
    g_auto (GStrv) tables = vc_scores_list_tables (scores);
    g_autofree char *joined = g_strjoinv (", ", tables);

    if (joined[0] != '\0')
      g_string_append_printf (names, "%s%s of %s", names->len > 0 ? "; " : "", joined, vc_scores_get_measure (scores));
  }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static gboolean
has_table (VcReport *self, const char *name)
{
  for (guint i = 0; i < self->parts.scores->len; i++)
    if (vc_scores_get_table (g_ptr_array_index (self->parts.scores, i), name) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
check_tables (VcReport *self, GError **error)
{
  for (guint i = 0; self->tables != NULL && self->tables[i] != NULL; i++) {
    g_autofree char *known = NULL;
    g_autofree char *asked = NULL;

    if (has_table (self, self->tables[i]))
      continue;
    known = list_all_tables (self);
    asked = g_utf8_make_valid (self->tables[i], -1);
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN, "no table is called \"%s\"; there are: %s", asked,
                 known);
    return FALSE;
  }
  return TRUE;
}

/* CSV holds one table: the one that is asked for, or the only one there is. */
static VcTable *
the_only_table (VcReport *self, GError **error)
{
  VcTable *only = NULL;
  guint n_tables = 0;

  for (guint i = 0; i < self->parts.scores->len; i++) {
    g_autoptr (GPtrArray) tables = vc_scores_pick_tables (g_ptr_array_index (self->parts.scores, i), &self->show);

    n_tables += tables->len;
    only = tables->len > 0 ? g_ptr_array_index (tables, 0) : only;
  }
  if (n_tables != 1) {
    g_autofree char *known = list_all_tables (self);

    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN,
                 "CSV holds one table, and here are %u: choose a measure and one of its tables: %s", n_tables,
                 known);
    return NULL;
  }
  return only;
}

static gboolean
write_csv (VcReport *self, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  VcTable *table = the_only_table (self, error);

  return table != NULL && vc_table_write_csv (table, stream, TRUE, cancellable, error);
}

static const VcPut puts_of_formats[] = {
  [VC_REPORT_FORMAT_TEXT] = vc_report_put_text,
  [VC_REPORT_FORMAT_JSON] = vc_report_put_json,
  [VC_REPORT_FORMAT_CSV] = NULL,
  [VC_REPORT_FORMAT_HTML] = vc_report_put_html,
};

static gboolean
put (VcReport *self, VcReportFormat format, GOutputStream *stream, VcWriter *writer, GCancellable *cancellable,
     GError **error)
{
  if (!check_tables (self, error))
    return FALSE;
  if (format == VC_REPORT_FORMAT_CSV)
    return write_csv (self, stream, cancellable, error);
  return puts_of_formats[format](&self->parts, &self->show, writer, error);
}

/**
 * vc_report_write:
 * @self: a report
 * @format: the format
 * @stream: where to write; it is flushed and stays open
 * @cancellable: (nullable): stops the writing, or %NULL
 * @error: return location for an error
 *
 * Writes the report, as UTF-8. Fails with %VC_MEASURE_ERROR_UNKNOWN where a table that was asked for is not there, or
 * where CSV would have to hold several; nothing is written then.
 *
 * Returns: %TRUE if all is written
 */
gboolean
vc_report_write (VcReport *self, VcReportFormat format, GOutputStream *stream, GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (VcWriter) writer = NULL;

  g_return_val_if_fail (VC_IS_REPORT (self), FALSE);
  g_return_val_if_fail ((guint) format < G_N_ELEMENTS (puts_of_formats), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  writer = vc_writer_new (stream, cancellable);
  return put (self, format, stream, writer, cancellable, error) && vc_writer_finish (writer, error);
}

/**
 * vc_report_to_string:
 * @self: a report
 * @format: the format
 * @error: return location for an error
 *
 * The report as a string. Fails as [method@Report.write] does.
 *
 * Returns: (transfer full): the report
 */
char *
vc_report_to_string (VcReport *self, VcReportFormat format, GError **error)
{
  g_autoptr (GOutputStream) memory = NULL;
  g_autoptr (VcWriter) writer = NULL;
  char *text;

  g_return_val_if_fail (VC_IS_REPORT (self), NULL);
  g_return_val_if_fail ((guint) format < G_N_ELEMENTS (puts_of_formats), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  writer = vc_render_writer_new (&memory);
  if (!put (self, format, memory, writer, NULL, error))
    return NULL;
  text = vc_render_writer_finish (writer, memory);
  if (text == NULL)
    vc_show_no_memory (error);
  return text;
}
