/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* A connection of SQLite to an open descriptor and to nothing else: it opens no path, sees no journal and no
 * write-ahead log, and makes no temporary file. Locking and making durable are the caller's. A database in write-ahead
 * mode reads as if its log were empty. The descriptor stays the caller's and must outlive the connection. An SQLite
 * result code; *db as sqlite3_open_v2() leaves it. */
int vc_sqlite_file_open (int       fd,
                         gboolean  writable,
                         sqlite3 **db);
/* errno of the last call that failed in this thread, for a result code SQLITE_IOERR. */
int vc_sqlite_file_errno (void);

G_END_DECLS
