/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Fault fault;
static guint at;
static guint n_calls;
static gboolean armed;
static gboolean without_exchange;
static gboolean without_nameless;
static gboolean with_short_writes;
static const char *awaited;
static void (*act_then) (gpointer data);
static gpointer act_data;
static void (*list_then) (gpointer data);
static gpointer list_data;
static gboolean without_links;
static gboolean without_looks;
static FaultVisitor visitor;
static void (*looker) (void);
static GCancellable *looked_at; /* the caller's */
static guint cancelled_at;
static gint n_looks;

void
fault_arm (Fault what, guint n, gboolean no_exchange)
{
  fault = what;
  at = n;
  n_calls = 0;
  without_exchange = no_exchange;
  armed = TRUE;
}

guint
fault_disarm (void)
{
  armed = FALSE;
  return n_calls;
}

void
fault_set_features (gboolean nameless, gboolean short_writes)
{
  without_nameless = !nameless;
  with_short_writes = short_writes;
}

void
fault_when_opened (const char *name, void (*act) (gpointer data), gpointer data)
{
  awaited = name;
  act_then = act;
  act_data = data;
}

void
fault_when_listed (void (*act) (gpointer data), gpointer data)
{
  list_then = act;
  list_data = data;
}

void
fault_set_links (gboolean links)
{
  without_links = !links;
}

void
fault_set_looks (gboolean looks)
{
  without_looks = !looks;
}

void
fault_set_visitor (FaultVisitor called)
{
  visitor = called;
}

void
fault_set_looker (void (*called) (void))
{
  looker = called;
}

void
fault_cancel_at (GCancellable *cancellable, guint look)
{
  looked_at = cancellable;
  cancelled_at = look;
  g_atomic_int_set (&n_looks, 0);
}

guint
fault_count_looks (void)
{
  return (guint) g_atomic_int_get (&n_looks);
}

static gboolean
fails (const char *call, const char *path, int code)
{
  if (!armed)
    return FALSE;
  n_calls++;
  if (visitor != NULL) {
    armed = FALSE;
    visitor (call, path);
    armed = TRUE;
  }
  if (fault == FAULT_KILL && n_calls == at)
    raise (SIGKILL);
  errno = code;
  return (fault == FAULT_ONCE && n_calls == at) || (fault == FAULT_FOREVER && n_calls >= at);
}

gboolean __real_g_cancellable_set_error_if_cancelled (GCancellable *cancellable, GError **error);
gboolean __wrap_g_cancellable_set_error_if_cancelled (GCancellable *cancellable, GError **error);
gboolean __real_g_cancellable_is_cancelled (GCancellable *cancellable);
gboolean __wrap_g_cancellable_is_cancelled (GCancellable *cancellable);
int __real_mkdirat (int folder, const char *path, mode_t mode);
int __real_openat64 (int folder, const char *path, int flags, ...);
int __real_fchmod (int fd, mode_t mode);
DIR *__real_fdopendir (int fd);
DIR *__wrap_fdopendir (int fd);
int __wrap_sync_file_range (int fd, off64_t offset, off64_t n, unsigned int flags);
int __real_close (int fd);
int __real_renameat (int from, const char *old, int to, const char *new);
int __real_renameat2 (int from, const char *old, int to, const char *new, unsigned int flags);
int __real_unlinkat (int folder, const char *path, int flags);
int __real_fstatat64 (int folder, const char *path, struct stat *info, int flags);
int __wrap_fstatat64 (int folder, const char *path, struct stat *info, int flags);
int __real_linkat (int from, const char *old, int to, const char *new, int flags);
ssize_t __real_pwrite64 (int fd, const void *bytes, size_t n, off_t offset);
int __wrap_linkat (int from, const char *old, int to, const char *new, int flags);
ssize_t __wrap_pwrite64 (int fd, const void *bytes, size_t n, off_t offset);
int __wrap_mkdirat (int folder, const char *path, mode_t mode);
int __wrap_openat64 (int folder, const char *path, int flags, ...);
int __wrap_fchmod (int fd, mode_t mode);
int __wrap_fsync (int fd);
int __wrap_ioctl (int fd, unsigned long request, ...);
int __wrap_close (int fd);
int __wrap_renameat (int from, const char *old, int to, const char *new);
int __wrap_renameat2 (int from, const char *old, int to, const char *new, unsigned int flags);
int __wrap_unlinkat (int folder, const char *path, int flags);

int
__wrap_mkdirat (int folder, const char *path, mode_t mode)
{
  return fails ("mkdirat", path, ENOSPC) ? -1 : __real_mkdirat (folder, path, mode);
}

int
__wrap_openat64 (int folder, const char *path, int flags, ...)
{
  va_list rest;
  mode_t mode;

  va_start (rest, flags);
  mode = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg (rest, mode_t) : 0;
  va_end (rest);
  if (awaited != NULL && strcmp (path, awaited) == 0) {
    awaited = NULL;
    act_then (act_data);
  }
  if (without_nameless && (flags & O_TMPFILE) == O_TMPFILE) {
    errno = EOPNOTSUPP;
    return -1;
  }
  return fails ("openat64", path, ENFILE) ? -1 : __real_openat64 (folder, path, flags, mode);
}

DIR *
__wrap_fdopendir (int fd)
{
  void (*act) (gpointer data) = list_then;

  list_then = NULL;
  if (act != NULL)
    act (list_data);
  return __real_fdopendir (fd);
}

int
__wrap_fchmod (int fd, mode_t mode)
{
  return fails ("fchmod", NULL, EROFS) ? -1 : __real_fchmod (fd, mode);
}

/* No test here cuts the power, and on a busy disk each call would take its time. */
int
__wrap_fsync (int fd)
{
  return fails ("fsync", NULL, EIO) ? -1 : 0;
}

/* Some file systems share the blocks of a copy: here it is made everywhere. */
int
__wrap_ioctl (int fd, unsigned long request, ...)
{
  errno = EOPNOTSUPP;
  return -1;
}

int
__wrap_sync_file_range (int fd, off64_t offset, off64_t n, unsigned int flags)
{
  return fails ("sync_file_range", NULL, EIO) ? -1 : 0;
}

/* What fails to close is closed all the same. */
int
__wrap_close (int fd)
{
  gboolean failed = fails ("close", NULL, EIO);
  int result = __real_close (fd);

  if (!failed)
    return result;
  errno = EIO;
  return -1;
}

int
__wrap_renameat (int from, const char *old, int to, const char *new)
{
  return fails ("renameat", new, EIO) ? -1 : __real_renameat (from, old, to, new);
}

int
__wrap_renameat2 (int from, const char *old, int to, const char *new, unsigned int flags)
{
  if (fails ("renameat2", new, EIO))
    return -1;
  if (armed && without_exchange) {
    errno = EINVAL;
    return -1;
  }
  return __real_renameat2 (from, old, to, new, flags);
}

/* What cannot be removed stays: that is no failure of a save. */
int
__wrap_unlinkat (int folder, const char *path, int flags)
{
  if (armed && fault == FAULT_KILL)
    fails ("unlinkat", path, EIO);
  return __real_unlinkat (folder, path, flags);
}

int
__wrap_fstatat64 (int folder, const char *path, struct stat *info, int flags)
{
  if (!without_looks)
    return __real_fstatat64 (folder, path, info, flags);
  errno = EIO;
  return -1;
}

int
__wrap_linkat (int from, const char *old, int to, const char *new, int flags)
{
  if (fails ("linkat", new, EIO))
    return -1;
  if (armed && without_links && from != AT_FDCWD) {
    errno = EPERM;
    return -1;
  }
  return __real_linkat (from, old, to, new, flags);
}

ssize_t
__wrap_pwrite64 (int fd, const void *bytes, size_t n, off_t offset)
{
  return fails ("pwrite64", NULL, n_calls % 2 ? ENOSPC : EIO)
           ? -1
           : __real_pwrite64 (fd, bytes, with_short_writes ? (n + 1) / 2 : n, offset);
}

static void
count_look (GCancellable *cancellable)
{
  if (cancellable != NULL && cancellable == looked_at && (guint) g_atomic_int_add (&n_looks, 1) + 1 == cancelled_at)
    g_cancellable_cancel (cancellable);
}

gboolean
__wrap_g_cancellable_set_error_if_cancelled (GCancellable *cancellable, GError **error)
{
  if (looker != NULL)
    looker ();
  count_look (cancellable);
  return __real_g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
__wrap_g_cancellable_is_cancelled (GCancellable *cancellable)
{
  count_look (cancellable);
  return __real_g_cancellable_is_cancelled (cancellable);
}
