/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "table/vc-table-private.h"
#include "valuechain/vc-progress.h"
#include "vc-sqlite-private.h"

G_BEGIN_DECLS

/* A VcTable as a table of an SQLite database. Its first column is an integer key that ascends from row to row; parties
 * are named by the keys of their own table; times are microseconds since 1970, booleans 0 and 1. */
typedef struct {
  const char  *sql_name; /* in the database; NULL: there is none, and nothing is read or written */
  const char  *name;     /* of the column of the VcTable */
  VcColumnType type;
  gboolean     is_party;
  gboolean     is_optional; /* a column without a value is not read at all */
} VcSqlColumn;

/* The keys of parties, ascending; the place of a key is the row of the party. */
typedef struct {
  gint64    *keys;
  gsize      n;
  gboolean   is_dense; /* the keys are 1, 2, 3 ..., as in a file that was saved whole: no need to look for one */
  VcStrings *ids; /* labels of columns that name parties; NULL while the parties themselves are read: they have not got
                     any yet */
} VcSqlParties;

void     vc_sql_parties_clear (VcSqlParties *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcSqlParties, vc_sql_parties_clear)
/* Reads the keys of a table in `parties`, whose `ids` stay NULL. */
gboolean vc_sql_read_keys     (VcSqlite          *file,
                               const char        *sql_table,
                               VcSqlParties      *parties,
                               VcLimits          *limits,
                               GError           **error);
/* Reads a table whose key is `sql_table` too. Where `parties->ids` is NULL, the first column holds them, and they are
 * put there: then no id is missing and none stands twice. */
VcTable *vc_sql_read_table    (VcSqlite          *file,
                               const char        *sql_table,
                               const char        *name,
                               const VcSqlColumn *columns,
                               gsize              n_columns,
                               VcSqlParties      *parties,
                               VcLimits          *limits,
                               VcProgress        *progress,
                               GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* What writing needs to know of a database that is open for it. */
typedef struct {
  sqlite3      *db;
  const char   *path; /* for messages */
  VcProgress   *progress;
  GCancellable *cancellable;
  const char   *stage;  /* of the progress; NULL: the name of the table, which then is a constant */
  guint64       n_rows; /* of all tables: what the progress counts */
  guint64      *n_done; /* of these */
} VcSqlWriter;

/* Appends the rows of `table`, keys counting from `first_key`. `party_keys`: the key of each party by its row; NULL:
 * the row + 1. */
gboolean vc_sql_write_table   (const VcSqlWriter *self,
                               const char        *sql_table,
                               VcTable           *table,
                               const VcSqlColumn *columns,
                               gsize              n_columns,
                               gint64             first_key,
                               const gint64      *party_keys,
                               GError           **error);
/* Statements without results; `sql` is of sqlite3_mprintf() and freed; NULL: no memory. */
gboolean vc_sql_run           (const VcSqlWriter *self,
                               char              *sql,
                               GError           **error);
/* One statement with texts in place of its question marks; NULL is NULL. */
gboolean vc_sql_run_with_texts (const VcSqlWriter *self,
                               char              *sql,
                               const char *const *texts,
                               guint              n_texts,
                               GError           **error);
gboolean vc_sql_fail          (const VcSqlWriter *self,
                               int                code,
                               GError           **error);

G_END_DECLS
