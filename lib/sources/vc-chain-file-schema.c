/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-chain-file-private.h"

#include "vc-folder-private.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char *const tables[VC_N_RECORDS] = {
  [VC_RECORDS_PARTIES] = "party",
  [VC_RECORDS_FLOWS] = "flow",
  [VC_RECORDS_RECEIPTS] = "receipt",
  [VC_RECORDS_COMMITMENTS] = "commitment",
};

static const char *const type_words[] = {
  [VC_COLUMN_TYPE_DOUBLE] = "double",   [VC_COLUMN_TYPE_INT64] = "int64", [VC_COLUMN_TYPE_TEXT] = "text",
  [VC_COLUMN_TYPE_BOOLEAN] = "boolean", [VC_COLUMN_TYPE_TIME] = "time",
};

/* Longer names are shown by their number in a view: its definition must stay one that is read (vc-sqlite.c limits it).
 */
#define MAX_SHOWN_NAME 40

const char *
vc_chain_file_table (VcRecordsKind kind)
{
  return tables[kind];
}

const char *
vc_chain_file_type_word (VcColumnType type)
{
  return type_words[type];
}

gboolean
vc_chain_file_type_of_word (const char *word, VcColumnType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_words); i++)
    if (strcmp (type_words[i], word) == 0) {
      *type = (VcColumnType) i;
      return TRUE;
    }
  return FALSE;
}

void
vc_chain_file_attribute_name (gint64 number, char name[VC_ATTRIBUTE_NAME_SIZE])
{
  g_snprintf (name, VC_ATTRIBUTE_NAME_SIZE, "attribute_%" G_GINT64_FORMAT, number);
}

/* ---- columns ---- */

VcChainFileLayout *
vc_chain_file_layout_new (VcRecordsKind kind)
{
  VcChainFileLayout *self = g_new0 (VcChainFileLayout, 1);
  guint n_fields;
  const VcField *fields = vc_fields_of (kind, &n_fields);

  self->columns = g_array_new (FALSE, TRUE, sizeof (VcSqlColumn));
  self->names = g_string_chunk_new (1024);
  for (guint i = 0; i < n_fields; i++) {
    const VcSqlColumn column = {
      .sql_name = fields[i].name,
      .name = fields[i].name,
      .type = vc_folder_column_type (fields[i].role),
      .is_party = fields[i].role == VC_ROLE_PARTY,
      .is_optional = !fields[i].required,
    };

    g_array_append_val (self->columns, column);
  }
  return self;
}

void
vc_chain_file_layout_free (VcChainFileLayout *self)
{
  g_array_unref (self->columns);
  g_string_chunk_free (self->names);
  g_free (self);
}

void
vc_chain_file_layout_add (VcChainFileLayout *self, gint64 number, const char *name, VcColumnType type)
{
  char sql_name[VC_ATTRIBUTE_NAME_SIZE];
  VcSqlColumn column = { .type = type };

  vc_chain_file_attribute_name (number, sql_name);
  column.sql_name = g_string_chunk_insert (self->names, sql_name);
  column.name = g_string_chunk_insert (self->names, name);
  g_array_append_val (self->columns, column);
}

gboolean
vc_chain_file_layout_has (const VcChainFileLayout *self, const char *name)
{
  gsize n;
  const VcSqlColumn *columns = vc_chain_file_layout_peek (self, &n);

  for (gsize i = 0; i < n; i++)
    if (strcmp (columns[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

/* ---- definitions ---- */

const char *
vc_chain_file_sql_type (const VcSqlColumn *column)
{
  if (column->is_party)
    return "INTEGER";
  switch (column->type) {
    case VC_COLUMN_TYPE_DOUBLE:
      return "REAL";
    case VC_COLUMN_TYPE_TEXT:
      return "TEXT";
    default:
      return "INTEGER";
  }
}

gboolean
vc_chain_file_create_table (const VcSqlWriter *writer, VcRecordsKind kind, const VcChainFileLayout *layout,
                            GError **error)
{
  sqlite3_str *sql = sqlite3_str_new (writer->db);
  gsize n;
  guint n_fields;
  const VcSqlColumn *columns = vc_chain_file_layout_peek (layout, &n);
  const VcField *fields = vc_fields_of (kind, &n_fields);

  sqlite3_str_appendf (sql, "CREATE TABLE %s (\n  %s INTEGER PRIMARY KEY", tables[kind], tables[kind]);
  for (gsize i = 0; i < n; i++)
    sqlite3_str_appendf (sql, ",\n  \"%w\" %s%s%s", columns[i].sql_name, vc_chain_file_sql_type (&columns[i]),
                         i < n_fields && (fields[i].required || fields[i].has_default) ? " NOT NULL" : "",
                         columns[i].is_party ? " REFERENCES party" : "");
  sqlite3_str_appendall (sql, "\n)");
  return vc_sql_run (writer, sqlite3_str_finish (sql), error);
}

/* Whole seconds round down, before 1970 too. */
static void
append_time (sqlite3_str *sql, const char *column)
{
  sqlite3_str_appendf (sql,
                       "strftime ('%%Y-%%m-%%dT%%H:%%M:%%S', (r.\"%w\" - (r.\"%w\" %% 1000000 + 1000000) %% 1000000) / "
                       "1000000, 'unixepoch')"
                       " || printf ('.%%06dZ', (r.\"%w\" %% 1000000 + 1000000) %% 1000000)",
                       column, column, column);
}

static void
append_shown (sqlite3_str *sql, const VcSqlColumn *column)
{
  sqlite3_str_appendall (sql, ",\n  ");
  if (column->is_party)
    sqlite3_str_appendf (sql, "(SELECT id FROM party WHERE party = r.\"%w\")", column->sql_name);
  else if (column->type == VC_COLUMN_TYPE_TIME)
    append_time (sql, column->sql_name);
  else
    sqlite3_str_appendf (sql, "r.\"%w\"", column->sql_name);
  sqlite3_str_appendf (sql, " AS \"%w\"", strlen (column->name) <= MAX_SHOWN_NAME ? column->name : column->sql_name);
}

gboolean
vc_chain_file_create_view (const VcSqlWriter *writer, VcRecordsKind kind, const VcChainFileLayout *layout,
                           GError **error)
{
  sqlite3_str *sql = sqlite3_str_new (writer->db);
  gsize n;
  const VcSqlColumn *columns = vc_chain_file_layout_peek (layout, &n);

  sqlite3_str_appendf (sql, "CREATE VIEW %s AS SELECT\n  r.%s", vc_records_name (kind), tables[kind]);
  for (gsize i = 0; i < n; i++)
    append_shown (sql, &columns[i]);
  sqlite3_str_appendf (sql, "\nFROM %s AS r", tables[kind]);
  return vc_sql_run (writer, sqlite3_str_finish (sql), error);
}

gboolean
vc_chain_file_is_ours (int fd)
{
  guint8 header[72];
  guint32 number;

  if (pread (fd, header, sizeof header, 0) != sizeof header || memcmp (header, "SQLite format 3", 16) != 0)
    return FALSE;
  memcpy (&number, header + 68, sizeof number);
  return GUINT32_FROM_BE (number) == VC_CHAIN_FILE_APPLICATION;
}

gboolean
vc_chain_file_is_at (const char *path)
{
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  const gboolean is_ours = fd >= 0 && vc_chain_file_is_ours (fd);

  if (fd >= 0)
    close (fd);
  return is_ours;
}
