/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-sql-table-private.h"

#include "valuechain/vc-error.h"
#include "vc-sqlite-file-private.h"

/* Rows between two looks at the cancellable. */
#define ROWS_PER_LOOK 16384

/* A column that is being written. */
typedef struct {
  VcColumnType     type;
  gboolean         is_party;
  int              parameter;
  const void      *values;
  const guint8    *validity;
  const VcStrings *labels;
} Binding;

gboolean
vc_sql_fail (const VcSqlWriter *self, int code, GError **error)
{
  const int kind = code & 0xff;

  if (kind == SQLITE_IOERR || kind == SQLITE_FULL) {
    const int reason = vc_sqlite_file_errno ();

    g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (reason), "%s: %s", self->path, g_strerror (reason));
  } else if (kind == SQLITE_NOMEM) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory for the database", self->path);
  } else if (kind == SQLITE_TOOBIG) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: a row is larger than a database holds",
                 self->path);
  } else if (kind == SQLITE_CORRUPT) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CORRUPT, "%s: the database is damaged", self->path);
  } else {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "%s: the database cannot be written: %s", self->path,
                 sqlite3_errstr (code));
  }
  return FALSE;
}

gboolean
vc_sql_run (const VcSqlWriter *self, char *sql, GError **error)
{
  const int code = sql != NULL ? sqlite3_exec (self->db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;

  sqlite3_free (sql);
  return code == SQLITE_OK || vc_sql_fail (self, code, error);
}

gboolean
vc_sql_run_with_texts (const VcSqlWriter *self, char *sql, const char *const *texts, guint n_texts, GError **error)
{
  VC_STATEMENT statement = NULL;
  int code = sql != NULL ? sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) : SQLITE_NOMEM;

  sqlite3_free (sql);
  for (guint i = 0; i < n_texts && code == SQLITE_OK; i++)
    code = sqlite3_bind_text (statement, (int) i + 1, texts[i], -1, SQLITE_STATIC);
  if (code == SQLITE_OK && sqlite3_step (statement) != SQLITE_DONE)
    code = sqlite3_reset (statement);
  return code == SQLITE_OK || vc_sql_fail (self, code, error);
}

static sqlite3_stmt *
prepare (const VcSqlWriter *self, const char *sql_table, const VcSqlColumn *columns, gsize n_columns, GError **error)
{
  sqlite3_str *text = sqlite3_str_new (self->db);
  sqlite3_stmt *statement = NULL;
  int n = 1, code;
  char *sql;

  sqlite3_str_appendf (text, "INSERT INTO \"%w\" (\"%w\"", sql_table, sql_table);
  for (gsize i = 0; i < n_columns; i++)
    if (columns[i].sql_name != NULL) {
      sqlite3_str_appendf (text, ", \"%w\"", columns[i].sql_name);
      n++;
    }
  sqlite3_str_appendall (text, ") VALUES (?");
  for (int i = 1; i < n; i++)
    sqlite3_str_appendall (text, ", ?");
  sqlite3_str_appendall (text, ")");
  sql = sqlite3_str_finish (text);
  code
    = sql != NULL ? sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) : SQLITE_NOMEM;
  sqlite3_free (sql);
  if (code != SQLITE_OK)
    vc_sql_fail (self, code, error);
  return statement;
}

static const void *
peek_values (VcColumn *column)
{
  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_DOUBLE:
      return vc_column_peek_doubles (column);
    case VC_COLUMN_TYPE_TEXT:
      return vc_column_peek_codes (column);
    case VC_COLUMN_TYPE_BOOLEAN:
      return vc_column_peek_bits (column);
    default:
      return vc_column_peek_int64s (column);
  }
}

/* What the table lacks stays NULL. */
static gsize
bind_columns (VcTable *table, const VcSqlColumn *columns, gsize n_columns, Binding *bindings)
{
  gsize n = 0;
  int parameter = 1;

  for (gsize i = 0; i < n_columns; i++) {
    VcColumn *column = columns[i].sql_name != NULL ? vc_table_lookup_column (table, columns[i].name) : NULL;

    parameter += columns[i].sql_name != NULL;
    if (column == NULL)
      continue;
    bindings[n++] = (Binding) {
      .type = columns[i].type,
      .is_party = columns[i].is_party,
      .parameter = parameter,
      .values = peek_values (column),
      .validity = vc_column_get_n_nulls (column) > 0 ? vc_column_peek_validity (column) : NULL,
      .labels = columns[i].type == VC_COLUMN_TYPE_TEXT ? vc_column_peek_strings (column) : NULL,
    };
  }
  return n;
}

static int
bind_text (sqlite3_stmt *statement, const Binding *binding, gint32 code)
{
  gsize length;
  const char *text = vc_strings_peek (binding->labels, (guint32) code, &length);

  return sqlite3_bind_text (statement, binding->parameter, text, (int) length, SQLITE_STATIC);
}

static int
bind_cell (sqlite3_stmt *statement, const Binding *binding, gsize row, const gint64 *party_keys)
{
  if (!vc_bit_is_set (binding->validity, row))
    return sqlite3_bind_null (statement, binding->parameter);
  switch (binding->type) {
    case VC_COLUMN_TYPE_DOUBLE:
      return sqlite3_bind_double (statement, binding->parameter, ((const double *) binding->values)[row]);
    case VC_COLUMN_TYPE_TEXT: {
      const gint32 code = ((const gint32 *) binding->values)[row];

      if (!binding->is_party)
        return bind_text (statement, binding, code);
      return sqlite3_bind_int64 (statement, binding->parameter,
                                 party_keys != NULL ? party_keys[code] : (gint64) code + 1);
    }
    case VC_COLUMN_TYPE_BOOLEAN:
      return sqlite3_bind_int (statement, binding->parameter, vc_bit_is_set (binding->values, row));
    default:
      return sqlite3_bind_int64 (statement, binding->parameter, ((const gint64 *) binding->values)[row]);
  }
}

static int
insert_row (sqlite3_stmt *statement, const Binding *bindings, gsize n, gsize row, gint64 key, const gint64 *party_keys)
{
  int code = sqlite3_bind_int64 (statement, 1, key);

  for (gsize i = 0; i < n && code == SQLITE_OK; i++)
    code = bind_cell (statement, &bindings[i], row, party_keys);
  if (code == SQLITE_OK && sqlite3_step (statement) != SQLITE_DONE)
    return sqlite3_reset (statement);
  return code == SQLITE_OK ? sqlite3_reset (statement) : code;
}

static void
tell_progress (const VcSqlWriter *self, gsize row, const char *sql_table)
{
  if (self->progress != NULL)
    vc_progress_update (self->progress, MIN (1, (double) (*self->n_done + row) / ((double) self->n_rows + 1)),
                        self->stage != NULL ? self->stage : sql_table);
}

gboolean
vc_sql_write_table (const VcSqlWriter *self, const char *sql_table, VcTable *table, const VcSqlColumn *columns,
                    gsize n_columns, gint64 first_key, const gint64 *party_keys, GError **error)
{
  const gsize n_rows = vc_table_get_n_rows (table);
  g_autofree Binding *bindings = g_new (Binding, n_columns + 1);
  const gsize n = bind_columns (table, columns, n_columns, bindings);
  VC_STATEMENT statement = n_rows > 0 ? prepare (self, sql_table, columns, n_columns, error) : NULL;
  int code = SQLITE_OK;

  if (n_rows > 0 && statement == NULL)
    return FALSE;
  for (gsize row = 0; row < n_rows; row++) {
    if (row % ROWS_PER_LOOK == 0) {
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      tell_progress (self, row, sql_table);
    }
    code = insert_row (statement, bindings, n, row, first_key + (gint64) row, party_keys);
    if (code != SQLITE_OK)
      return vc_sql_fail (self, code, error);
  }
  *self->n_done += n_rows;
  tell_progress (self, 0, sql_table);
  return TRUE;
}
