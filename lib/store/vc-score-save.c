/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-score-save-private.h"

#include "base/vc-progress-private.h"
#include "valuechain/vc-error.h"
#include "valuechain/vc-version.h"
#include "vc-settings-private.h"

#include <string.h>

#define SCHEMA \
  "CREATE TABLE scores (\n" \
  "  scores INTEGER PRIMARY KEY,\n" \
  "  measure TEXT NOT NULL,\n" \
  "  party TEXT,\n" \
  "  options TEXT NOT NULL,\n" \
  "  options_type TEXT NOT NULL,\n" \
  "  proof TEXT NOT NULL,\n" \
  "  proof_type TEXT NOT NULL,\n" \
  "  digest TEXT NOT NULL,\n" \
  "  library TEXT NOT NULL,\n" \
  "  made INTEGER NOT NULL\n" \
  ");\n" \
  "CREATE TABLE score_table (\n" \
  "  score_table INTEGER PRIMARY KEY,\n" \
  "  scores INTEGER NOT NULL REFERENCES scores,\n" \
  "  name TEXT NOT NULL\n" \
  ");\n" \
  "CREATE TABLE score_column (\n" \
  "  score_column INTEGER PRIMARY KEY,\n" \
  "  score_table INTEGER NOT NULL REFERENCES score_table,\n" \
  "  name TEXT NOT NULL,\n" \
  "  type TEXT NOT NULL,\n" \
  "  unit TEXT,\n" \
  "  description TEXT,\n" \
  "  stored TEXT NOT NULL\n" \
  ");"

/* Longer names are stored by their number, and have no view. */
#define MAX_PLAIN_NAME 40
/* Of the progress: the file is checked as a whole. */
#define CHECKED 0.4
/* Keys after which there is none left. */
#define LAST_KEY (G_MAXINT64 / 2)

/* A save under way. */
typedef struct {
  VcScores    *scores;
  const char  *digest;
  char        *options, *options_type, *proof, *proof_type;
  VcScoreIndex index; /* the file as it is */
  const VcSqlWriter *writer;
  gint64       last_scores, last_table, last_column;
} Save;

static void
save_clear (Save *self)
{
  vc_score_index_clear (&self->index);
  g_free (self->options);
  g_free (self->options_type);
  g_free (self->proof);
  g_free (self->proof_type);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Save, save_clear)

/* ---- names ---- */

/* Letters, digits and underscores, so that nobody need quote it. */
static gboolean
is_plain (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return FALSE;
  return g_ascii_isalpha (name[0]) && strlen (name) <= MAX_PLAIN_NAME;
}

/* Whether SQLite would know no difference between it and another: it does not look at case. */
static gboolean
is_taken (VcTable *table, guint index, const char *name)
{
  for (guint i = 0; i < vc_table_get_n_columns (table); i++)
    if (i != index && g_ascii_strcasecmp (vc_column_get_name (vc_table_get_column (table, i)), name) == 0)
      return TRUE;
  return FALSE;
}

static char *
stored_name (VcTable *table, guint index, const char *sql_table)
{
  const char *name = vc_column_get_name (vc_table_get_column (table, index));

  if (is_plain (name) && !is_taken (table, index, name) && g_ascii_strncasecmp (name, "column_", 7) != 0
      && g_ascii_strcasecmp (name, sql_table) != 0 && g_ascii_strcasecmp (name, "rowid") != 0
      && g_ascii_strcasecmp (name, "oid") != 0)
    return g_strdup (name);
  return g_strdup_printf ("column_%u", index + 1);
}

/* "alignment_parties"; NULL where it would be no plain name. */
static char *
view_name (const char *measure, const char *table)
{
  g_autofree char *name = is_plain (table) && is_plain (measure) ? g_strconcat (measure, "_", table, NULL) : NULL;

  return name != NULL && !g_str_has_prefix (name, "score_") && !g_str_has_prefix (name, "sqlite_")
           ? g_steal_pointer (&name)
           : NULL;
}

/* ---- writing ---- */

/* A table of another program may have the name of a view of ours: it is left alone. */
static gboolean
may_have_view (const Save *self, const char *view, gboolean *may, GError **error)
{
  VC_STATEMENT statement = NULL;
  int code = sqlite3_prepare_v2 (self->writer->db,
                                 "SELECT 1 FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type <> 'view'", -1,
                                 &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_bind_text (statement, 1, view, -1, SQLITE_STATIC);
  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  *may = code == SQLITE_DONE;
  return code == SQLITE_DONE || code == SQLITE_ROW || vc_sql_fail (self->writer, code, error);
}

/* The view of the newest scores, or none where `sql_table` is NULL. */
static gboolean
set_view (const Save *self, const char *table, const char *sql_table, GError **error)
{
  g_autofree char *view = view_name (vc_scores_get_measure (self->scores), table);
  gboolean may = FALSE;

  if (view == NULL || vc_scores_get_party (self->scores) != NULL)
    return TRUE;
  if (!may_have_view (self, view, &may, error))
    return FALSE;
  if (!may)
    return TRUE;
  return vc_sql_run (self->writer, sqlite3_mprintf ("DROP VIEW IF EXISTS \"%w\"", view), error)
         && (sql_table == NULL
             || vc_sql_run (self->writer, sqlite3_mprintf ("CREATE VIEW \"%w\" AS SELECT * FROM %s", view, sql_table),
                            error));
}

/* Doubles stand in a column without a type: in one of REAL, SQLite makes 0 of -0. */
static const char *
sql_type (VcColumnType type)
{
  switch (type) {
    case VC_COLUMN_TYPE_DOUBLE:
      return "";
    case VC_COLUMN_TYPE_TEXT:
      return " TEXT";
    default:
      return " INTEGER";
  }
}

static gboolean
create_table (const Save *self, const char *sql_table, const VcSqlColumn *columns, guint n, GError **error)
{
  sqlite3_str *sql = sqlite3_str_new (self->writer->db);

  sqlite3_str_appendf (sql, "CREATE TABLE %s (\n  %s INTEGER PRIMARY KEY", sql_table, sql_table);
  for (guint i = 0; i < n; i++)
    sqlite3_str_appendf (sql, ",\n  \"%w\"%s", columns[i].sql_name, sql_type (columns[i].type));
  sqlite3_str_appendall (sql, "\n)");
  return vc_sql_run (self->writer, sqlite3_str_finish (sql), error);
}

static gboolean
write_column (Save *self, VcColumn *column, const VcSqlColumn *stored, GError **error)
{
  const char *const texts[] = {
    stored->name,
    vc_chain_file_type_word (stored->type),
    vc_column_get_unit (column),
    vc_column_get_description (column),
    stored->sql_name,
  };

  return vc_sql_run_with_texts (self->writer,
                                sqlite3_mprintf ("INSERT INTO score_column VALUES (%lld, %lld, ?, ?, ?, ?, ?)",
                                                 (long long) ++self->last_column, (long long) self->last_table),
                                texts, G_N_ELEMENTS (texts), error);
}

static gboolean
write_table (Save *self, VcTable *table, GError **error)
{
  const guint n = vc_table_get_n_columns (table);
  const char *name = vc_table_get_name (table);
  g_autofree VcSqlColumn *columns = g_new0 (VcSqlColumn, n + 1);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  char sql_table[VC_SCORE_NAME_SIZE];

  vc_score_table_name (++self->last_table, sql_table);
  if (!vc_sql_run_with_texts (self->writer,
                              sqlite3_mprintf ("INSERT INTO score_table VALUES (%lld, %lld, ?)",
                                               (long long) self->last_table, (long long) self->last_scores),
                              &name, 1, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    VcColumn *column = vc_table_get_column (table, i);
    char *stored = stored_name (table, i, sql_table);

    g_ptr_array_add (names, stored);
    columns[i] = (VcSqlColumn) { .sql_name = stored,
                                .name = vc_column_get_name (column),
                                .type = vc_column_get_column_type (column) };
    if (!write_column (self, column, &columns[i], error))
      return FALSE;
  }
  return create_table (self, sql_table, columns, n, error) && set_view (self, name, sql_table, error) &&
         vc_sql_write_table (self->writer, sql_table, table, columns, n, 1, NULL, error);
}

static gboolean
write_scores (Save *self, GError **error)
{
  const char *const texts[] = {
    vc_scores_get_measure (self->scores),
    vc_scores_get_party (self->scores),
    self->options,
    self->options_type,
    self->proof,
    self->proof_type,
    self->digest,
    "libvaluechain " VC_VERSION_S,
  };
  g_auto (GStrv) names = vc_scores_list_tables (self->scores);

  if (!vc_sql_run_with_texts (self->writer,
                              sqlite3_mprintf ("INSERT INTO scores VALUES (%lld, ?, ?, ?, ?, ?, ?, ?, ?, %lld)",
                                               (long long) ++self->last_scores, (long long) g_get_real_time ()),
                              texts, G_N_ELEMENTS (texts), error))
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++)
    if (!write_table (self, vc_scores_get_table (self->scores, names[i]), error))
      return FALSE;
  return TRUE;
}

/* ---- what it replaces ---- */

static gboolean
is_same (const Save *self, guint64 row)
{
  const char *const texts[] = {
    [VC_SCORES_MEASURE] = vc_scores_get_measure (self->scores), [VC_SCORES_PARTY] = vc_scores_get_party (self->scores),
    [VC_SCORES_OPTIONS] = self->options,                        [VC_SCORES_OPTIONS_TYPE] = self->options_type,
    [VC_SCORES_DIGEST] = self->digest,
  };
  static const guint compared[]
    = { VC_SCORES_MEASURE, VC_SCORES_PARTY, VC_SCORES_OPTIONS, VC_SCORES_OPTIONS_TYPE, VC_SCORES_DIGEST };

  for (guint i = 0; i < G_N_ELEMENTS (compared); i++) {
    g_autofree char *text = vc_score_index_text (self->index.scores, compared[i], row);

    if (g_strcmp0 (text, texts[compared[i]]) != 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
drop_table (Save *self, guint64 row, GError **error)
{
  const long long key = vc_score_index_number (self->index.tables, VC_SCORE_TABLE_KEY, row);
  g_autofree char *name = vc_score_index_text (self->index.tables, VC_SCORE_TABLE_NAME, row);

  return set_view (self, name, NULL, error)
         && vc_sql_run (
           self->writer,
           sqlite3_mprintf ("DROP TABLE IF EXISTS score_%lld; DELETE FROM score_column WHERE score_table = %lld; "
                            "DELETE FROM score_table WHERE score_table = %lld",
                            key, key, key),
           error);
}

static gboolean
drop_scores (Save *self, gint64 key, GError **error)
{
  for (guint64 row = 0; row < vc_table_get_n_rows (self->index.tables); row++)
    if (vc_score_index_number (self->index.tables, VC_SCORE_TABLE_SCORES, row) == key && !drop_table (self, row, error))
      return FALSE;
  return vc_sql_run (self->writer, sqlite3_mprintf ("DELETE FROM scores WHERE scores = %lld", (long long) key), error);
}

static gboolean
drop_same (Save *self, GError **error)
{
  for (guint64 row = 0; row < vc_table_get_n_rows (self->index.scores); row++)
    if (is_same (self, row)
        && !drop_scores (self, vc_score_index_number (self->index.scores, VC_SCORES_KEY, row), error))
      return FALSE;
  return TRUE;
}

/* ---- all of it ---- */

static gboolean
find_last_keys (Save *self, GError **error)
{
  VcSqlite *database = self->index.reading.database;

  if (!self->index.is_made)
    return TRUE;
  if (!vc_sqlite_last_key (database, "scores", &self->last_scores, error) ||
      !vc_sqlite_last_key (database, "score_table", &self->last_table, error) ||
      !vc_sqlite_last_key (database, "score_column", &self->last_column, error))
    return FALSE;
  if (MAX (MAX (self->last_scores, self->last_table), self->last_column) < LAST_KEY)
    return TRUE;
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: there are no more keys for scores",
               vc_sqlite_name (database));
  return FALSE;
}

static gboolean
write_all (gpointer data, const VcSqlWriter *writer, GError **error)
{
  Save *self = data;

  self->writer = writer;
  return (self->index.is_made || vc_sql_run (writer, sqlite3_mprintf ("%s", SCHEMA), error))
         && drop_same (self, error) && write_scores (self, error);
}

static guint64
count_rows (VcScores *scores)
{
  g_auto (GStrv) names = vc_scores_list_tables (scores);
  guint64 n = 0;

  for (guint i = 0; names[i] != NULL; i++)
    n += vc_table_get_n_rows (vc_scores_get_table (scores, names[i]));
  return n;
}

static gboolean
prepare (Save *self, VcChainFile *file, GCancellable *cancellable, GError **error)
{
  return vc_settings_to_text (vc_scores_get_options (self->scores), "options", &self->options, &self->options_type,
                              error)
         && vc_settings_to_text (vc_scores_get_proof (self->scores), "proof", &self->proof, &self->proof_type, error)
         && vc_score_index_open (&self->index, file, VC_SQLITE_CHECK_ALWAYS, cancellable, error)
         && find_last_keys (self, error);
}

VcInstall
vc_score_save (VcChainFile *file, gpointer data, GError **error)
{
  const VcScoreOrder *order = data;
  g_auto (Save) self = { .scores = order->scores, .digest = order->digest };
  const VcChainFileWriting writing
    = { write_all, order->progress, order->cancellable, count_rows (order->scores), "scores" };
  VcProgressSpan outer;
  VcInstall installed;

  if (order->progress != NULL)
    vc_progress_update (order->progress, 0, "checking");
  if (!prepare (&self, file, order->cancellable, error))
    return VC_INSTALL_FAILED;
  outer = vc_progress_enter (order->progress, CHECKED, 1);
  installed = vc_chain_file_write_copy (file, self.index.reading.database, &writing, &self, error);
  vc_progress_leave (order->progress, outer);
  return installed;
}
