/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-sqlite-file-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* SQLite asks its operating system through a table of functions, a "VFS" (https://sqlite.org/vfs.html). In this one the
 * world is a single file that is open already. It is registered in the process under a name of ours when first needed
 * and takes no other connection's place. */

#define VFS_NAME "valuechain-descriptor"

typedef struct {
  sqlite3_file base;
  int          fd;
  gboolean     writable;
} File;

static __thread int last_errno;

int
vc_sqlite_file_errno (void)
{
  return last_errno;
}

static int
fail (int result)
{
  last_errno = errno;
  return result;
}

static int
file_close (sqlite3_file *file)
{
  return SQLITE_OK;
}

/* In the header of a database in write-ahead mode, the two versions are 2. Its log is not ours to read, and without one
 * SQLite must not ask for it: it is told of the older mode. */
static void
hide_write_ahead (guint8 *bytes, gssize size, sqlite3_int64 offset)
{
  for (sqlite3_int64 at = 18; at <= 19; at++)
    if (at >= offset && at < offset + size && bytes[at - offset] == 2)
      bytes[at - offset] = 1;
}

static int
file_read (sqlite3_file *file, void *buffer, int size, sqlite3_int64 offset)
{
  const File *self = (const File *) file;
  guint8 *bytes = buffer;
  gssize done = 0;

  while (done < size) {
    gssize n = pread (self->fd, bytes + done, (gsize) (size - done), offset + done);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail (SQLITE_IOERR_READ);
    if (n == 0)
      break;
    done += n;
  }
  hide_write_ahead (bytes, done, offset);
  if (done == size)
    return SQLITE_OK;
  memset (bytes + done, 0, (gsize) (size - done));
  return SQLITE_IOERR_SHORT_READ;
}

static int
file_write (sqlite3_file *file, const void *buffer, int size, sqlite3_int64 offset)
{
  const File *self = (const File *) file;
  const guint8 *bytes = buffer;
  gssize done = 0;

  if (!self->writable)
    return SQLITE_READONLY;
  while (done < size) {
    gssize n = pwrite (self->fd, bytes + done, (gsize) (size - done), offset + done);

    if (n < 0 && errno != EINTR)
      return fail (errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE);
    done += MAX (n, 0);
  }
  return SQLITE_OK;
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  const File *self = (const File *) file;

  if (!self->writable)
    return SQLITE_READONLY;
  return ftruncate (self->fd, size) == 0 ? SQLITE_OK : fail (SQLITE_IOERR_TRUNCATE);
}

/* Making durable, locking and unlocking are the caller's. */
static int
leave_it (sqlite3_file *file, int how)
{
  return SQLITE_OK;
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  struct stat info;

  if (fstat (((const File *) file)->fd, &info) != 0)
    return fail (SQLITE_IOERR_FSTAT);
  *size = info.st_size;
  return SQLITE_OK;
}

static int
file_check_reserved_lock (sqlite3_file *file, int *is_reserved)
{
  *is_reserved = 0;
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *file, int operation, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector_size (sqlite3_file *file)
{
  return 0;
}

/* What is only read does not change: the caller sees to that. */
static int
file_characteristics (sqlite3_file *file)
{
  return ((const File *) file)->writable ? 0 : SQLITE_IOCAP_IMMUTABLE;
}

static int
vfs_open (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
  static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = leave_it,
    .xFileSize = file_size,
    .xLock = leave_it,
    .xUnlock = leave_it,
    .xCheckReservedLock = file_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
  };
  File *self = (File *) file;

  self->base.pMethods = NULL;
  if (name == NULL || !(flags & SQLITE_OPEN_MAIN_DB))
    return SQLITE_CANTOPEN;
  self->fd = (int) sqlite3_uri_int64 (name, "descriptor", -1);
  self->writable = (flags & SQLITE_OPEN_READWRITE) != 0;
  self->base.pMethods = &methods;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  return SQLITE_IOERR_DELETE_NOENT;
}

static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *exists)
{
  *exists = 0;
  return SQLITE_OK;
}

static int
vfs_full_name (sqlite3_vfs *vfs, const char *name, int size, char *full)
{
  return g_strlcpy (full, name, (gsize) size) < (gsize) size ? SQLITE_OK : SQLITE_CANTOPEN;
}

/* Seeds SQLite's generator, of which nothing here depends. */
static int
vfs_randomness (sqlite3_vfs *vfs, int size, char *bytes)
{
  memset (bytes, 0, (gsize) size);
  return size;
}

static int
vfs_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return 0;
}

static int
vfs_time (sqlite3_vfs *vfs, double *julian_day)
{
  *julian_day = 2440587.5;
  return SQLITE_OK;
}

static int
vfs_last_error (sqlite3_vfs *vfs, int size, char *message)
{
  return last_errno;
}

static gboolean
register_vfs (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 1,
    .szOsFile = sizeof (File),
    .mxPathname = 64,
    .zName = VFS_NAME,
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_name,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_time,
    .xGetLastError = vfs_last_error,
  };
  static gsize registered;

  if (g_once_init_enter (&registered))
    g_once_init_leave (&registered, sqlite3_vfs_register (&vfs, FALSE) == SQLITE_OK ? 1 : 2);
  return registered == 1;
}

int
vc_sqlite_file_open (int fd, gboolean writable, sqlite3 **db)
{
  const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE |
                    (writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  char name[48];

  *db = NULL;
  if (!register_vfs ())
    return SQLITE_NOMEM;
  g_snprintf (name, sizeof name, "file:open?descriptor=%d", fd);
  return sqlite3_open_v2 (name, db, flags, VFS_NAME);
}
