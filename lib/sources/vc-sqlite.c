/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-sqlite-private.h"

#include "valuechain/vc-error.h"
#include "vc-sqlite-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_SIZE 100
/* The first byte of those that SQLite locks. */
#define PENDING_BYTE 0x40000000
/* A writer is waited for in so many steps of 20 ms. */
#define MAX_WAITS 100
/* Steps of SQLite's machine between two looks at the cancellable: well under a millisecond. */
#define STEPS_PER_LOOK 10000
/* How many steps a file may cost in all: each column of each row takes about one, and at least a byte of the file. */
#define MIN_STEPS 50000000
#define STEPS_PER_BYTE 8

struct _VcSqlite
{
  char         *name;
  int           fd;
  struct stat   opened;
  guint8        header[HEADER_SIZE];
  sqlite3      *db;
  GCancellable *cancellable;
  guint64       steps_left;
  gboolean      checking;  /* quick_check may read everything */
  gboolean      borrowed;  /* the open file lives on, and must not keep its lock */
  const char   *reading;   /* the one table that a statement that is being prepared may read */
};

static gboolean
refuse (const VcSqlite *self, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", self->name, what);
  return FALSE;
}

static gboolean
fail_with_errno (const VcSqlite *self, int code, GError **error)
{
  g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (code), "%s: %s", self->name, g_strerror (code));
  return FALSE;
}

static gboolean
refuse_busy (const VcSqlite *self, const char *what, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: %s", self->name, what);
  return FALSE;
}

gboolean
vc_sqlite_fail (VcSqlite *self, int code, GError **error)
{
  switch (code & 0xff) {
    case SQLITE_INTERRUPT:
      return !g_cancellable_set_error_if_cancelled (self->cancellable, error) &&
             refuse (self, VC_IMPORT_ERROR_LIMIT, "the database takes more steps to read than its size allows", error);
    case SQLITE_NOMEM:
      return refuse (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the database", error);
    case SQLITE_TOOBIG:
      return refuse (self, VC_IMPORT_ERROR_LIMIT, "a value or a definition in the database is too large", error);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return refuse (self, VC_IMPORT_ERROR_CORRUPT, "the database is damaged", error);
    case SQLITE_IOERR:
      if (code != SQLITE_IOERR_SHORT_READ)
        return fail_with_errno (self, vc_sqlite_file_errno (), error);
      return refuse (self, VC_IMPORT_ERROR_CORRUPT, "the database is cut off", error);
    default:
      /* What SQLite says of it may quote the file. */
      return refuse (self, VC_IMPORT_ERROR_FORMAT, "the tables of the database are not as they have to be", error);
  }
}

/* ---- opening ---- */

/* As SQLite's own readers lock (https://sqlite.org/lockingv3.html), but of this descriptor and not of the process, so
 * that it also holds against connections of our own process. It does not help those: when any descriptor of a file is
 * closed, and this one will be, the process loses all locks that it has on the file, which only SQLite itself could
 * hold off (https://sqlite.org/howtocorrupt.html, 2.2). The documentation says so. */
static int
lock_range (int fd, short type, off_t start, off_t length)
{
  struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };

  return fcntl (fd, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

static gboolean
try_lock (int fd)
{
  int code = lock_range (fd, F_RDLCK, PENDING_BYTE, 1);

  if (code == 0) {
    code = lock_range (fd, F_RDLCK, PENDING_BYTE + 2, 510);
    lock_range (fd, F_UNLCK, PENDING_BYTE, 1);
  }
  /* A file system without locks has no writers that heed them. */
  return code != EAGAIN && code != EACCES;
}

/* Whether another program has left work beside the file: a journal that is not empty and not zeroed, or a write-ahead
 * log. What is no regular file is not looked into. */
static gboolean
has_begun (int folder, const char *path, const char *suffix)
{
  g_autofree char *beside = g_strconcat (path, suffix, NULL);
  int fd = openat (folder, beside, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY);
  guint8 first = 0;
  gboolean has_some;

  if (fd < 0)
    return FALSE;
  has_some = pread (fd, &first, 1, 0) == 1 && first != 0;
  close (fd);
  return has_some;
}

static gboolean
has_work_beside (int folder, const char *path)
{
  return has_begun (folder, path, "-journal") || has_begun (folder, path, "-wal");
}

/* A writer locks a byte of its own before it changes anything, and another one before it waits for readers to end. */
static gboolean
has_writer (int fd)
{
  struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = PENDING_BYTE, .l_len = 2 };

  return fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

gboolean
vc_sqlite_is_at_rest (int folder, const char *path, int fd)
{
  return !(fd >= 0 && has_writer (fd)) && !has_work_beside (folder, path);
}

/* While another program is at it, the lock is not held: it could not finish. */
static gboolean
wait_for_writer (VcSqlite *self, const char *path, GError **error)
{
  for (guint i = 0;; i++) {
    const gboolean locked = try_lock (self->fd);

    if (locked && !has_work_beside (AT_FDCWD, path))
      return TRUE;
    if (locked)
      lock_range (self->fd, F_UNLCK, 0, 0);
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    if (i == MAX_WAITS)
      return refuse_busy (
        self,
        locked
          ? "another program left changes in a file beside the database, -journal or -wal; open it there and close it"
          : "another program is writing to the database",
        error);
    g_usleep (20000);
  }
}

static guint32
header_number (const VcSqlite *self, guint at)
{
  guint32 number;

  memcpy (&number, self->header + at, sizeof number);
  return GUINT32_FROM_BE (number);
}

/* Pages are whole, and there are as many as the header says, where what wrote last kept that number
 * (https://sqlite.org/fileformat2.html, 1.3). */
static gboolean
has_all_pages (const VcSqlite *self)
{
  const guint32 given = self->header[16] * 256u + self->header[17];
  const guint64 page = given == 1 ? 65536 : given, size = (guint64) self->opened.st_size;

  return page > 0 && size % page == 0 &&
         (header_number (self, 24) != header_number (self, 92) || size / page >= header_number (self, 28));
}

static gboolean
read_header (VcSqlite *self, VcLimits *limits, GError **error)
{
  gssize n;

  if (fstat (self->fd, &self->opened) != 0)
    return fail_with_errno (self, errno, error);
  if (!S_ISREG (self->opened.st_mode))
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "this is no regular file", error);
  if (self->opened.st_size == 0)
    return refuse (self, VC_IMPORT_ERROR_EMPTY, "the file is empty", error);
  if ((guint64) self->opened.st_size > vc_limits_get_max_file_size (limits))
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "the file is larger than allowed", error);
  do
    n = pread (self->fd, self->header, HEADER_SIZE, 0);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return fail_with_errno (self, errno, error);
  if (n < HEADER_SIZE || memcmp (self->header, "SQLite format 3", 16) != 0)
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "this is no SQLite database", error);
  return has_all_pages (self) || refuse (self, VC_IMPORT_ERROR_CORRUPT, "the database is cut off", error);
}

/* SQLITE_OK: allowed. Called while a statement is prepared. */
static int
authorize (gpointer data, int action, const char *first, const char *second, const char *schema, const char *inner)
{
  const VcSqlite *self = data;

  if (self->checking)
    return SQLITE_OK;
  if (action == SQLITE_SELECT)
    return SQLITE_OK;
  if (action == SQLITE_READ && inner == NULL && self->reading != NULL && first != NULL &&
      sqlite3_stricmp (first, self->reading) == 0)
    return SQLITE_OK;
  return SQLITE_DENY;
}

static int
look (gpointer data)
{
  VcSqlite *self = data;

  if (self->steps_left < STEPS_PER_LOOK)
    return 1;
  self->steps_left -= STEPS_PER_LOOK;
  return g_cancellable_is_cancelled (self->cancellable);
}

static void
set_limits (VcSqlite *self, VcLimits *limits)
{
  /* SQLite's advice for databases of strangers (https://sqlite.org/security.html). No value of a file is larger than
   * the file. */
  static const struct {
    int id, value;
  } fixed[] = {
    { SQLITE_LIMIT_SQL_LENGTH, 100000 }, { SQLITE_LIMIT_EXPR_DEPTH, 10 },          { SQLITE_LIMIT_COMPOUND_SELECT, 3 },
    { SQLITE_LIMIT_VDBE_OP, 25000 },     { SQLITE_LIMIT_FUNCTION_ARG, 8 },         { SQLITE_LIMIT_ATTACHED, 0 },
    { SQLITE_LIMIT_TRIGGER_DEPTH, 10 },  { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50 }, { SQLITE_LIMIT_VARIABLE_NUMBER, 10 },
    { SQLITE_LIMIT_WORKER_THREADS, 0 },
  };
  const guint64 size = (guint64) self->opened.st_size;

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    sqlite3_limit (self->db, fixed[i].id, fixed[i].value);
  sqlite3_limit (self->db, SQLITE_LIMIT_LENGTH, (int) CLAMP (size, 1000000, 1000000000));
  /* The columns that a table of ours has beside those of the records are few. */
  sqlite3_limit (self->db, SQLITE_LIMIT_COLUMN, (int) MIN (vc_limits_get_max_columns (limits) + 32, 2000));
}

/* Before any other statement: from here on the file can be read and nothing else. */
static gboolean
harden (VcSqlite *self, VcLimits *limits, GError **error)
{
  static const struct {
    int id, value;
  } configs[] = {
    { SQLITE_DBCONFIG_DEFENSIVE, 1 },   { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
    { SQLITE_DBCONFIG_ENABLE_VIEW, 0 }, { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
    { SQLITE_DBCONFIG_DQS_DML, 0 },     { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
  };
  int code = SQLITE_OK;

  for (guint i = 0; i < G_N_ELEMENTS (configs) && code == SQLITE_OK; i++)
    code = sqlite3_db_config (self->db, configs[i].id, configs[i].value, (int *) NULL);
  if (code == SQLITE_OK)
    code = sqlite3_drop_modules (self->db, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec (self->db, "PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;",
                         NULL, NULL, NULL);
  set_limits (self, limits);
  self->steps_left = MIN_STEPS + STEPS_PER_BYTE * (guint64) self->opened.st_size;
  sqlite3_progress_handler (self->db, STEPS_PER_LOOK, look, self);
  if (code == SQLITE_OK)
    code = sqlite3_set_authorizer (self->db, authorize, self);
  return code == SQLITE_OK || vc_sqlite_fail (self, code, error);
}

/* One row that says "ok", or the first problem found. */
static gboolean
check_pages (VcSqlite *self, GError **error)
{
  VC_STATEMENT statement = NULL;
  gboolean has_row = FALSE, ok;
  int code;

  self->checking = TRUE;
  code = sqlite3_prepare_v2 (self->db, "PRAGMA quick_check(1)", -1, &statement, NULL);
  ok = code == SQLITE_OK ? vc_sqlite_step (self, statement, &has_row, error) : vc_sqlite_fail (self, code, error);
  self->checking = FALSE;
  if (!ok)
    return FALSE;
  return (has_row && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0) ||
         refuse (self, VC_IMPORT_ERROR_CORRUPT, "the database is damaged", error);
}

static gboolean
connect (VcSqlite *self, VcLimits *limits, GError **error)
{
  const int code = vc_sqlite_file_open (self->fd, FALSE, &self->db);

  return code == SQLITE_OK ? harden (self, limits, error) : vc_sqlite_fail (self, code, error);
}

static gboolean
open_database (VcSqlite *self, const char *path, VcLimits *limits, guint64 check_up_to, GError **error)
{
  return wait_for_writer (self, path, error) && read_header (self, limits, error) && connect (self, limits, error) &&
         ((guint64) self->opened.st_size > check_up_to || check_pages (self, error));
}

static VcSqlite *
new_sqlite (int fd, char *name, GCancellable *cancellable)
{
  VcSqlite *self = g_new0 (VcSqlite, 1);

  self->fd = fd;
  self->name = name;
  g_set_object (&self->cancellable, cancellable);
  return self;
}

VcSqlite *
vc_sqlite_open (const char *path, VcLimits *limits, guint64 check_up_to, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcSqlite) self = new_sqlite (-1, g_filename_display_basename (path), cancellable);

  self->fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0) {
    fail_with_errno (self, errno, error);
    return NULL;
  }
  return open_database (self, path, limits, check_up_to, error) ? g_steal_pointer (&self) : NULL;
}

VcSqlite *
vc_sqlite_open_descriptor (int fd, const char *path, VcLimits *limits, guint64 check_up_to, GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (VcSqlite) self
    = new_sqlite (fcntl (fd, F_DUPFD_CLOEXEC, 3), g_filename_display_basename (path), cancellable);

  self->borrowed = TRUE;
  if (self->fd < 0) {
    if (fd < 0)
      refuse (self, VC_IMPORT_ERROR_FORMAT, "this is no regular file", error);
    else
      fail_with_errno (self, errno, error);
    return NULL;
  }
  return open_database (self, path, limits, check_up_to, error) ? g_steal_pointer (&self) : NULL;
}

/* The lock goes with the open file, which both have. */
VcSqlite *
vc_sqlite_share (VcSqlite *self, VcLimits *limits, GError **error)
{
  g_autoptr (VcSqlite) other
    = new_sqlite (fcntl (self->fd, F_DUPFD_CLOEXEC, 3), g_strdup (self->name), self->cancellable);

  if (other->fd < 0) {
    fail_with_errno (self, errno, error);
    return NULL;
  }
  other->opened = self->opened;
  memcpy (other->header, self->header, HEADER_SIZE);
  return connect (other, limits, error) ? g_steal_pointer (&other) : NULL;
}

void
vc_sqlite_close (VcSqlite *self)
{
  if (self == NULL)
    return;
  sqlite3_close (self->db);
  if (self->borrowed && self->fd >= 0)
    lock_range (self->fd, F_UNLCK, 0, 0);
  if (self->fd >= 0)
    close (self->fd);
  g_clear_object (&self->cancellable);
  g_free (self->name);
  g_free (self);
}

/* A rename over the file changes nothing in it. */
gboolean
vc_sqlite_finish (VcSqlite *self, GError **error)
{
  const struct stat *then = &self->opened;
  struct stat now;

  if (fstat (self->fd, &now) != 0)
    return fail_with_errno (self, errno, error);
  return (now.st_size == then->st_size && now.st_mtim.tv_sec == then->st_mtim.tv_sec
          && now.st_mtim.tv_nsec == then->st_mtim.tv_nsec)
         || refuse_busy (self, "the database was changed while it was read", error);
}

guint32
vc_sqlite_application_id (const VcSqlite *self)
{
  return header_number (self, 68);
}

guint32
vc_sqlite_user_version (const VcSqlite *self)
{
  return header_number (self, 60);
}

gboolean
vc_sqlite_is_utf8 (const VcSqlite *self)
{
  return header_number (self, 56) == 1;
}

const char *
vc_sqlite_name (const VcSqlite *self)
{
  return self->name;
}

/* ---- reading ---- */

gboolean
vc_sqlite_step (VcSqlite *self, sqlite3_stmt *statement, gboolean *has_row, GError **error)
{
  int code = sqlite3_step (statement);

  *has_row = code == SQLITE_ROW;
  return code == SQLITE_ROW || code == SQLITE_DONE || vc_sqlite_fail (self, code, error);
}

gboolean
vc_sqlite_goes_on (const VcSqlite *self, GError **error)
{
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* `sql` comes from sqlite3_str_finish(). The only table that it can reach is `table`. */
static sqlite3_stmt *
prepare (VcSqlite *self, const char *table, char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code;

  self->reading = table;
  code = sql != NULL ? sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) : SQLITE_NOMEM;
  self->reading = NULL;
  sqlite3_free (sql);
  if (code == SQLITE_OK)
    return statement;
  vc_sqlite_fail (self, code, error);
  return NULL;
}

/* 1: there is an ordinary table of that name; 0: there is nothing of that name; -1: error. */
static int
find_table (VcSqlite *self, const char *table, GError **error)
{
  VC_STATEMENT statement = prepare (
    self, "sqlite_master",
    sqlite3_mprintf ("SELECT type, rootpage FROM sqlite_master WHERE name = %Q COLLATE NOCASE", table), error);
  gboolean has_row;

  if (statement == NULL || !vc_sqlite_step (self, statement, &has_row, error))
    return -1;
  if (!has_row)
    return 0;
  if (g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "table") == 0
      && sqlite3_column_int64 (statement, 1) > 1)
    return 1;
  refuse (self, VC_IMPORT_ERROR_FORMAT, "what must be a table of the database is something else", error);
  return -1;
}

gboolean
vc_sqlite_list_columns (VcSqlite *self, const char *table, char ***columns, GError **error)
{
  VC_STATEMENT statement = NULL;
  g_autoptr (GStrvBuilder) names = NULL;
  int found = find_table (self, table, error);

  *columns = NULL;
  if (found <= 0)
    return found == 0;
  statement = prepare (self, table, sqlite3_mprintf ("SELECT * FROM \"%w\"", table), error);
  if (statement == NULL)
    return FALSE;
  names = g_strv_builder_new ();
  for (int i = 0; i < sqlite3_column_count (statement); i++) {
    const char *name = sqlite3_column_name (statement, i);

    if (name == NULL)
      return vc_sqlite_fail (self, SQLITE_NOMEM, error);
    g_strv_builder_add (names, name);
  }
  *columns = g_strv_builder_end (names);
  return TRUE;
}

static gboolean
need_table (VcSqlite *self, const char *table, GError **error)
{
  const int found = find_table (self, table, error);

  return found > 0
         || (found == 0 && refuse (self, VC_IMPORT_ERROR_MISSING, "a table of the database is missing", error));
}

static sqlite3_stmt *
select_where (VcSqlite *self, const char *table, const char *const *columns, const char *where, GError **error)
{
  sqlite3_str *sql;

  if (!need_table (self, table, error))
    return NULL;
  sql = sqlite3_str_new (self->db);
  sqlite3_str_appendall (sql, "SELECT ");
  for (guint i = 0; columns[i] != NULL; i++)
    sqlite3_str_appendf (sql, "%s\"%w\"", i > 0 ? ", " : "", columns[i]);
  sqlite3_str_appendf (sql, " FROM \"%w\"%s", table, where);
  return prepare (self, table, sqlite3_str_finish (sql), error);
}

sqlite3_stmt *
vc_sqlite_select (VcSqlite *self, const char *table, const char *const *columns, GError **error)
{
  return select_where (self, table, columns, "", error);
}

sqlite3_stmt *
vc_sqlite_select_range (VcSqlite *self, const char *table, const char *const *columns, gint64 first, gint64 last,
                        GError **error)
{
  sqlite3_stmt *statement = select_where (self, table, columns, " WHERE rowid BETWEEN ? AND ?", error);

  if (statement != NULL) {
    sqlite3_bind_int64 (statement, 1, first);
    sqlite3_bind_int64 (statement, 2, last);
  }
  return statement;
}

gboolean
vc_sqlite_last_key (VcSqlite *self, const char *table, gint64 *key, GError **error)
{
  VC_STATEMENT statement = NULL;
  gboolean has_row;

  if (!need_table (self, table, error))
    return FALSE;
  statement
    = prepare (self, table, sqlite3_mprintf ("SELECT rowid FROM \"%w\" ORDER BY rowid DESC LIMIT 1", table), error);
  if (statement == NULL || !vc_sqlite_step (self, statement, &has_row, error))
    return FALSE;
  *key = has_row ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

guint64
vc_sqlite_size (const VcSqlite *self)
{
  return (guint64) self->opened.st_size;
}

int
vc_sqlite_descriptor (const VcSqlite *self)
{
  return self->fd;
}

const struct stat *
vc_sqlite_stat (const VcSqlite *self)
{
  return &self->opened;
}
