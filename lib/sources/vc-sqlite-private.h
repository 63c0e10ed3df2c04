/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "valuechain/vc-limits.h"

G_BEGIN_DECLS

/* Somebody else's SQLite database, opened so that nothing in it or beside it can make us do more than read tables.
 *
 * SQLite runs on one open descriptor (vc-sqlite-file.c): it sees no journal, no write-ahead log, no temporary file and
 * no other path. A database that another program is in the middle of changing is refused rather than repaired. Views,
 * triggers, virtual tables, functions and every statement but a SELECT of one ordinary table are out of reach; values,
 * statements and steps are limited; and what takes long can be cancelled. Used by one thread at a time.
 *
 * Closing it takes from all other connections of the same process, those of other libraries too, their locks on the
 * file: the kernel does. */
typedef struct _VcSqlite VcSqlite;

/* Files of up to so many bytes are checked page by page before anything is read; see vc_sqlite_open(). */
#define VC_SQLITE_CHECK_ALWAYS G_MAXUINT64

/* Opens what stands at `path`. Waits two seconds for a writer at most (%G_IO_ERROR_BUSY).
 *
 * `check_up_to`: PRAGMA quick_check runs first where the file has at most so many bytes. It costs as much as reading
 * every row. Without it, damage is found where it is read, as far as SQLite and the caller look: whoever leaves it out
 * reads rowids too and refuses those that do not ascend, which no tree with a circle in it survives. */
VcSqlite     *vc_sqlite_open             (const char    *path,
                                          VcLimits      *limits,
                                          guint64        check_up_to,
                                          GCancellable  *cancellable,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of what is open already, as `path`, on a descriptor that stays the caller's; -1: on none, for it is no file,
 * which is refused. */
VcSqlite     *vc_sqlite_open_descriptor  (int            fd,
                                          const char    *path,
                                          VcLimits      *limits,
                                          guint64        check_up_to,
                                          GCancellable  *cancellable,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether no other program is changing the database `path` of the open `folder`, nor has left changes in a journal or a
 * write-ahead log beside it. `fd`: the database, -1: there is none yet. */
gboolean      vc_sqlite_is_at_rest       (int            folder,
                                          const char    *path,
                                          int            fd);
/* Statements must be finalized before. */
void          vc_sqlite_close            (VcSqlite      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcSqlite, vc_sqlite_close)
/* After the last row: fails where the file was changed while it was read, so that the rows may be of two states. */
gboolean      vc_sqlite_finish           (VcSqlite      *self,
                                          GError       **error);

/* PRAGMA application_id and user_version. */
guint32       vc_sqlite_application_id   (const VcSqlite *self);
guint32       vc_sqlite_user_version     (const VcSqlite *self);
/* Whether its texts are in UTF-8, not UTF-16. */
gboolean      vc_sqlite_is_utf8          (const VcSqlite *self);
const char   *vc_sqlite_name             (const VcSqlite *self);

/* The names of the columns of a table; NULL in *columns where there is no table of that name. Fails where it is a view
 * or a virtual table. `table` may come from the file: it is quoted. */
gboolean      vc_sqlite_list_columns     (VcSqlite           *self,
                                          const char         *table,
                                          char             ***columns,
                                          GError            **error);
/* SELECT of these columns (NULL-terminated; they must exist; "rowid" is one of every table with rowids) of all rows of
 * one ordinary table, in the order of its rowids. Names may come from the file: they are quoted. */
sqlite3_stmt *vc_sqlite_select           (VcSqlite           *self,
                                          const char         *table,
                                          const char *const  *columns,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of the rows whose rowids are from `first` to `last`. */
sqlite3_stmt *vc_sqlite_select_range     (VcSqlite           *self,
                                          const char         *table,
                                          const char *const  *columns,
                                          gint64              first,
                                          gint64              last,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* Another connection to the same state of the same file, for another thread. */
VcSqlite     *vc_sqlite_share            (VcSqlite           *self,
                                          VcLimits           *limits,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* The largest rowid of a table, whose name is a constant: about how many rows it has where nothing was removed. 0 where
 * it has none. */
gboolean      vc_sqlite_last_key         (VcSqlite           *self,
                                          const char         *table,
                                          gint64             *key,
                                          GError            **error);
guint64       vc_sqlite_size             (const VcSqlite     *self);
/* The open file and what it was when it was opened; borrowed. */
int           vc_sqlite_descriptor       (const VcSqlite     *self);
const struct stat *vc_sqlite_stat        (const VcSqlite     *self);
/* The next row; FALSE in *has_row after the last. */
gboolean      vc_sqlite_step             (VcSqlite           *self,
                                          sqlite3_stmt       *statement,
                                          gboolean           *has_row,
                                          GError            **error);
/* FALSE where it has been cancelled: for what takes long between two steps. */
gboolean      vc_sqlite_goes_on          (const VcSqlite     *self,
                                          GError            **error);
/* What a result code of SQLite is as an error of ours; always FALSE. */
gboolean      vc_sqlite_fail             (VcSqlite           *self,
                                          int                 code,
                                          GError            **error);

static inline void
vc_sqlite_finalize (sqlite3_stmt **statement)
{
  sqlite3_finalize (*statement);
}
/* `VC_STATEMENT statement = vc_sqlite_select (...);` */
#define VC_STATEMENT __attribute__ ((cleanup (vc_sqlite_finalize))) sqlite3_stmt *

G_END_DECLS
