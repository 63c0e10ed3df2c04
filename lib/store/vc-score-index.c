/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-score-index-private.h"

#include "measure/vc-scores-private.h"
#include "valuechain/vc-error.h"
#include "vc-settings-private.h"

static const VcSqlColumn scores_columns[] = {
  [VC_SCORES_KEY] = { "scores", "scores", VC_COLUMN_TYPE_INT64 },
  [VC_SCORES_MEASURE] = { "measure", "measure", VC_COLUMN_TYPE_TEXT },
  [VC_SCORES_PARTY] = { "party", "party", VC_COLUMN_TYPE_TEXT },
  [VC_SCORES_OPTIONS] = { "options", "options", VC_COLUMN_TYPE_TEXT },
  [VC_SCORES_OPTIONS_TYPE] = { "options_type", "options_type", VC_COLUMN_TYPE_TEXT },
  [VC_SCORES_PROOF] = { "proof", "proof", VC_COLUMN_TYPE_TEXT },
  [VC_SCORES_PROOF_TYPE] = { "proof_type", "proof_type", VC_COLUMN_TYPE_TEXT },
  [VC_SCORES_DIGEST] = { "digest", "digest", VC_COLUMN_TYPE_TEXT },
  [VC_SCORES_LIBRARY] = { "library", "library", VC_COLUMN_TYPE_TEXT },
  [VC_SCORES_MADE] = { "made", "made", VC_COLUMN_TYPE_TIME },
};
static const VcSqlColumn table_columns[] = {
  [VC_SCORE_TABLE_KEY] = { "score_table", "score_table", VC_COLUMN_TYPE_INT64 },
  [VC_SCORE_TABLE_SCORES] = { "scores", "scores", VC_COLUMN_TYPE_INT64 },
  [VC_SCORE_TABLE_NAME] = { "name", "name", VC_COLUMN_TYPE_TEXT },
};
static const VcSqlColumn column_columns[] = {
  [VC_SCORE_COLUMN_TABLE] = { "score_table", "score_table", VC_COLUMN_TYPE_INT64 },
  [VC_SCORE_COLUMN_NAME] = { "name", "name", VC_COLUMN_TYPE_TEXT },
  [VC_SCORE_COLUMN_TYPE] = { "type", "type", VC_COLUMN_TYPE_TEXT },
  [VC_SCORE_COLUMN_UNIT] = { "unit", "unit", VC_COLUMN_TYPE_TEXT },
  [VC_SCORE_COLUMN_DESCRIPTION] = { "description", "description", VC_COLUMN_TYPE_TEXT },
  [VC_SCORE_COLUMN_STORED] = { "stored", "stored", VC_COLUMN_TYPE_TEXT },
};

void
vc_score_table_name (gint64 key, char name[VC_SCORE_NAME_SIZE])
{
  g_snprintf (name, VC_SCORE_NAME_SIZE, "score_%" G_GINT64_FORMAT, key);
}

char *
vc_score_index_text (VcTable *table, guint column, guint64 row)
{
  VcColumn *texts = vc_table_get_column (table, column);

  return vc_column_is_null (texts, row) ? NULL : vc_column_dup_text (texts, row);
}

gint64
vc_score_index_number (VcTable *table, guint column, guint64 row)
{
  return vc_column_get_int64 (vc_table_get_column (table, column), row);
}

void
vc_score_index_clear (VcScoreIndex *self)
{
  g_clear_object (&self->columns);
  g_clear_object (&self->tables);
  g_clear_object (&self->scores);
  vc_chain_file_reading_clear (&self->reading);
}

static gboolean
refuse (const VcScoreIndex *self, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", vc_sqlite_name (self->reading.database), what);
  return FALSE;
}

/* ---- what there is ---- */

static VcTable *
read_table (VcScoreIndex *self, const char *name, const VcSqlColumn *columns, gsize n, GError **error)
{
  return vc_sql_read_table (self->reading.database, name, name, columns, n, NULL, self->reading.limits, NULL, error);
}

/* What may be null is what the schema says may be. */
static gboolean
is_filled (const VcScoreIndex *self, VcTable *table, guint optional, guint optional_too, GError **error)
{
  for (guint i = 0; i < vc_table_get_n_columns (table); i++)
    if (i != optional && i != optional_too && vc_column_get_n_nulls (vc_table_get_column (table, i)) > 0)
      return refuse (self, VC_IMPORT_ERROR_MISSING, "what is said of the scores in it is not whole", error);
  return TRUE;
}

/* As the list of a file with scores, but without a row. */
static VcTable *
make_empty (GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  for (guint i = 0; i < G_N_ELEMENTS (scores_columns); i++) {
    const VcSqlColumn *column = &scores_columns[i];
    VcColumn *made = column->type == VC_COLUMN_TYPE_TEXT
                       ? vc_column_new_texts (column->name, (const char *const[]) { NULL }, error)
                       : vc_column_new_from_bytes (column->name, column->type, nothing, NULL, error);

    if (made == NULL)
      return NULL;
    g_ptr_array_add (columns, made);
  }
  return vc_table_new ("scores", (VcColumn **) columns->pdata, columns->len, error);
}

static gboolean
read_index (VcScoreIndex *self, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (!vc_sqlite_list_columns (self->reading.database, "scores", &names, error))
    return FALSE;
  self->is_made = names != NULL;
  if (!self->is_made) {
    self->scores = make_empty (error);
    return self->scores != NULL;
  }
  self->scores = read_table (self, "scores", scores_columns, G_N_ELEMENTS (scores_columns), error);
  if (self->scores == NULL || !is_filled (self, self->scores, VC_SCORES_PARTY, VC_SCORES_PARTY, error))
    return FALSE;
  self->tables = read_table (self, "score_table", table_columns, G_N_ELEMENTS (table_columns), error);
  if (self->tables == NULL || !is_filled (self, self->tables, G_MAXUINT, G_MAXUINT, error))
    return FALSE;
  self->columns = read_table (self, "score_column", column_columns, G_N_ELEMENTS (column_columns), error);
  return self->columns != NULL
         && is_filled (self, self->columns, VC_SCORE_COLUMN_UNIT, VC_SCORE_COLUMN_DESCRIPTION, error);
}

gboolean
vc_score_index_open (VcScoreIndex *self, VcChainFile *file, guint64 check_up_to, GCancellable *cancellable,
                     GError **error)
{
  const char *path = vc_source_get_path (VC_SOURCE (file));

  self->reading.limits = vc_source_get_limits (VC_SOURCE (file));
  self->reading.database
    = vc_sqlite_open (path != NULL ? path : "", self->reading.limits, check_up_to, cancellable, error);
  return self->reading.database != NULL && vc_chain_file_reading_check (&self->reading, error)
         && read_index (self, error);
}

/* ---- tables of scores ---- */

/* A table that is being made. */
typedef struct {
  GArray     *columns; /* of VcSqlColumn */
  GArray     *rows;    /* of guint64: what stands in `columns` of the index */
  GPtrArray  *texts;   /* that columns borrow */
} Plan;

static void
plan_init (Plan *self)
{
  self->columns = g_array_new (FALSE, FALSE, sizeof (VcSqlColumn));
  self->rows = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->texts = g_ptr_array_new_with_free_func (g_free);
}

static void
plan_clear (Plan *self)
{
  g_array_unref (self->columns);
  g_array_unref (self->rows);
  g_ptr_array_unref (self->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

static gboolean
plan_has (const Plan *self, const char *name)
{
  for (guint i = 0; i < self->columns->len; i++)
    if (g_str_equal (g_array_index (self->columns, VcSqlColumn, i).name, name))
      return TRUE;
  return FALSE;
}

static gboolean
plan_column (Plan *self, const VcScoreIndex *index, guint64 row, GError **error)
{
  g_autofree char *word = vc_score_index_text (index->columns, VC_SCORE_COLUMN_TYPE, row);
  VcSqlColumn column = { .name = vc_score_index_text (index->columns, VC_SCORE_COLUMN_NAME, row) };

  g_ptr_array_add (self->texts, (gpointer) column.name);
  column.sql_name = vc_score_index_text (index->columns, VC_SCORE_COLUMN_STORED, row);
  g_ptr_array_add (self->texts, (gpointer) column.sql_name);
  if (!vc_chain_file_type_of_word (word, &column.type))
    return refuse (index, VC_IMPORT_ERROR_VALUE, "score_column: type is none of double, int64, text, boolean and time",
                   error);
  if (plan_has (self, column.name))
    return refuse (index, VC_IMPORT_ERROR_DUPLICATE, "score_column: a table has two columns of one name", error);
  if (self->columns->len >= vc_limits_get_max_columns (index->reading.limits))
    return refuse (index, VC_IMPORT_ERROR_LIMIT, "score_column: there are more columns than allowed", error);
  g_array_append_val (self->columns, column);
  g_array_append_val (self->rows, row);
  return TRUE;
}

static gboolean
plan_columns (Plan *self, const VcScoreIndex *index, gint64 key, GError **error)
{
  for (guint64 row = 0; row < vc_table_get_n_rows (index->columns); row++)
    if (vc_score_index_number (index->columns, VC_SCORE_COLUMN_TABLE, row) == key
        && !plan_column (self, index, row, error))
      return FALSE;
  return TRUE;
}

/* With units and descriptions. */
static VcTable *
describe (const Plan *self, const VcScoreIndex *index, VcTable *plain, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->rows->len; i++) {
    const guint64 row = g_array_index (self->rows, guint64, i);
    g_autofree char *unit = vc_score_index_text (index->columns, VC_SCORE_COLUMN_UNIT, row);
    g_autofree char *description = vc_score_index_text (index->columns, VC_SCORE_COLUMN_DESCRIPTION, row);

    g_ptr_array_add (columns, vc_column_described (vc_table_get_column (plain, i), NULL, unit, description));
  }
  return vc_table_new (vc_table_get_name (plain), (VcColumn **) columns->pdata, columns->len, error);
}

static VcTable *
load_table (VcScoreIndex *self, guint64 row, GError **error)
{
  const gint64 key = vc_score_index_number (self->tables, VC_SCORE_TABLE_KEY, row);
  g_autofree char *name = vc_score_index_text (self->tables, VC_SCORE_TABLE_NAME, row);
  g_autoptr (VcTable) plain = NULL;
  char sql_name[VC_SCORE_NAME_SIZE];
  g_auto (Plan) plan = { 0 };

  plan_init (&plan);
  if (!plan_columns (&plan, self, key, error))
    return NULL;
  vc_score_table_name (key, sql_name);
  plain
    = vc_sql_read_table (self->reading.database, sql_name, name, (const VcSqlColumn *) (gpointer) plan.columns->data,
                         plan.columns->len, NULL, self->reading.limits, NULL, error);
  return plain != NULL ? describe (&plan, self, plain, error) : NULL;
}

/* A measure has some ten tables: every pair is looked at. */
static gboolean
add_table (VcScoreIndex *self, GPtrArray *tables, guint64 row, GError **error)
{
  VcTable *table;

  if (tables->len >= vc_limits_get_max_columns (self->reading.limits))
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "score_table: scores have more tables than allowed", error);
  table = load_table (self, row, error);
  if (table == NULL)
    return FALSE;
  g_ptr_array_add (tables, table);
  for (guint i = 0; i + 1 < tables->len; i++)
    if (g_str_equal (vc_table_get_name (g_ptr_array_index (tables, i)), vc_table_get_name (table)))
      return refuse (self, VC_IMPORT_ERROR_DUPLICATE, "score_table: scores have two tables of one name", error);
  return TRUE;
}

static GVariant *
load_settings (const VcScoreIndex *self, guint64 row, guint json, guint types, GError **error)
{
  g_autofree char *text = vc_score_index_text (self->scores, json, row),
                  *type = vc_score_index_text (self->scores, types, row);
  g_autofree char *what
    = g_strdup_printf ("%s: scores %" G_GINT64_FORMAT ", %s", vc_sqlite_name (self->reading.database),
                       vc_score_index_number (self->scores, VC_SCORES_KEY, row), scores_columns[json].name);

  return vc_settings_from_text (text, type, what, error);
}

VcScores *
vc_score_index_load (VcScoreIndex *self, guint64 row, GError **error)
{
  const gint64 key = vc_score_index_number (self->scores, VC_SCORES_KEY, row);
  g_autofree char *measure = vc_score_index_text (self->scores, VC_SCORES_MEASURE, row);
  g_autofree char *party = vc_score_index_text (self->scores, VC_SCORES_PARTY, row);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GVariant) options = load_settings (self, row, VC_SCORES_OPTIONS, VC_SCORES_OPTIONS_TYPE, error);
  g_autoptr (GVariant) proof = NULL;
  g_autoptr (VcScores) scores = NULL;

  if (options == NULL || (proof = load_settings (self, row, VC_SCORES_PROOF, VC_SCORES_PROOF_TYPE, error)) == NULL)
    return NULL;
  for (guint64 i = 0; i < vc_table_get_n_rows (self->tables); i++)
    if (vc_score_index_number (self->tables, VC_SCORE_TABLE_SCORES, i) == key && !add_table (self, tables, i, error))
      return NULL;
  if (!vc_sqlite_finish (self->reading.database, error))
    return NULL;
  scores = vc_scores_new (measure, (VcTable **) tables->pdata, tables->len, options, proof);
  return party != NULL ? vc_scores_new_about (scores, party) : g_steal_pointer (&scores);
}
