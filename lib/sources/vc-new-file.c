/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-new-file-private.h"

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_TRIES 100
/* Between two looks at a file that another process is replacing just now. */
#define WAIT 20000
#define FD_PATH_SIZE 32
/* Copied at a time. */
#define BLOCK ((gsize) 1 << 20)

void
vc_new_file_clear (VcNewFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  if (self->temporary[0] != '\0')
    unlinkat (self->target.parent, self->temporary, 0);
  self->temporary[0] = '\0';
  vc_target_clear (&self->target);
}

static gboolean
fail (const VcNewFile *self, const char *doing, GError **error)
{
  return vc_target_fail (&self->target, doing, errno, error);
}

/* ---- opening ---- */

/* A file without a name gets one through /proc. */
static void
descriptor_path (int fd, char path[FD_PATH_SIZE])
{
  g_snprintf (path, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
}

static int
open_nameless (const VcNewFile *self)
{
  char path[FD_PATH_SIZE];
  int fd = openat (self->target.parent, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    return -1;
  descriptor_path (fd, path);
  if (access (path, F_OK) == 0)
    return fd;
  close (fd);
  errno = ENOTSUP;
  return -1;
}

static int
open_hidden (VcNewFile *self, GError **error)
{
  for (guint i = 0; i < MAX_TRIES; i++) {
    int fd;

    if (!vc_target_make_name (&self->target, self->temporary, error))
      break;
    fd = openat (self->target.parent, self->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
      return fd;
    if (errno == EEXIST && i + 1 < MAX_TRIES)
      continue;
    fail (self, "making a file beside it", error);
    break;
  }
  self->temporary[0] = '\0';
  return -1;
}

gboolean
vc_new_file_open (VcNewFile *self, const char *path, GError **error)
{
  if (!vc_target_open (&self->target, path, error))
    return FALSE;
  self->fd = open_nameless (self);
  if (self->fd < 0 && (vc_target_lacks (errno) || errno == EISDIR || errno == ENOENT))
    self->fd = open_hidden (self, error);
  else if (self->fd < 0)
    return fail (self, "making a file beside it", error);
  /* Whatever the umask took away. */
  return self->fd >= 0 && (fchmod (self->fd, 0600) == 0 || fail (self, "making it private", error));
}

/* ---- copying ---- */

/* Some file systems share the blocks of a copy until one is written to. */
gboolean
vc_new_file_copy (const VcNewFile *self, int from, GCancellable *cancellable, GError **error)
{
  VC_BUFFER (guint8) block = NULL;
  gssize n = 1;

  if (ioctl (self->fd, FICLONE, from) == 0)
    return TRUE;
  block = vc_buffer_new (guint8, BLOCK);
  for (off_t at = 0; block != NULL && n > 0; at += n) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    do
      n = pread (from, block, BLOCK, at);
    while (n < 0 && errno == EINTR);
    for (gssize done = 0; done < n;) {
      const gssize written = pwrite (self->fd, block + done, (gsize) (n - done), at + done);

      if (written < 0 && errno != EINTR)
        return fail (self, "copying it", error);
      done += MAX (written, 0);
    }
  }
  if (block == NULL)
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: not enough memory to copy it",
                 self->target.path);
  return block != NULL && (n == 0 || fail (self, "reading it", error));
}

/* ---- putting in place ---- */

/* What one try at the target came to. */
typedef enum {
  PLACED_NEW,      /* nothing stood there */
  PLACED_EXCHANGED, /* the old file has the temporary name */
  PLACED_OVER,     /* the old file is gone: the file system cannot exchange two */
  AGAIN,           /* another process was there in between */
  OUTDATED,
  FAILED,
} Placement;

/* Under a hidden name, for as long as it takes to exchange it for the old file. */
static gboolean
give_name (VcNewFile *self, GError **error)
{
  char path[FD_PATH_SIZE];

  descriptor_path (self->fd, path);
  for (guint i = 0; self->temporary[0] == '\0' && i < MAX_TRIES; i++) {
    char name[VC_TARGET_NAME_SIZE];

    if (!vc_target_make_name (&self->target, name, error))
      return FALSE;
    if (linkat (AT_FDCWD, path, self->target.parent, name, AT_SYMLINK_FOLLOW) == 0)
      g_strlcpy (self->temporary, name, sizeof self->temporary);
    else if (errno != EEXIST)
      break;
  }
  return self->temporary[0] != '\0' || fail (self, "giving it a name", error);
}

/* Where nothing stands yet. */
static Placement
place_new (VcNewFile *self, GError **error)
{
  char path[FD_PATH_SIZE];
  gboolean placed;

  if (self->temporary[0] == '\0') {
    descriptor_path (self->fd, path);
    placed = linkat (AT_FDCWD, path, self->target.parent, self->target.name, AT_SYMLINK_FOLLOW) == 0;
  } else {
    placed = vc_target_move (&self->target, self->temporary, self->target.name, RENAME_NOREPLACE)
             || (vc_target_lacks (errno)
                 && linkat (self->target.parent, self->temporary, self->target.parent, self->target.name, 0) == 0);
  }
  if (placed)
    return PLACED_NEW;
  if (errno == EEXIST)
    return AGAIN;
  fail (self, "putting it in place", error);
  return FAILED;
}

static Placement
exchange (VcNewFile *self, GError **error)
{
  if (!give_name (self, error))
    return FAILED;
  if (vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE))
    return PLACED_EXCHANGED;
  if (errno == ENOENT)
    return AGAIN;
  if (vc_target_lacks (errno)
      && renameat (self->target.parent, self->temporary, self->target.parent, self->target.name) == 0) {
    self->temporary[0] = '\0';
    return PLACED_OVER;
  }
  fail (self, "putting it in place", error);
  return FAILED;
}

static gboolean
is_same (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The old file is locked while it is looked at and replaced: of all who do so in this way, one is first. */
static Placement
replace (VcNewFile *self, int old, const struct stat *expected, VcIsOurs is_ours, GError **error)
{
  struct stat opened, found;

  if (fstat (old, &opened) != 0) {
    fail (self, "looking at it", error);
    return FAILED;
  }
  if (expected != NULL && !is_same (&opened, expected))
    return OUTDATED;
  if (!S_ISREG (opened.st_mode) || (opened.st_size > 0 && !is_ours (old))) {
    vc_target_refuse (&self->target, "this exists and is no file that may be replaced", error);
    return FAILED;
  }
  if (flock (old, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return AGAIN;
  if (fstatat (self->target.parent, self->target.name, &found, AT_SYMLINK_NOFOLLOW) != 0 || !is_same (&opened, &found))
    return AGAIN;
  return exchange (self, error);
}

/* The lock is let go of when `old` is closed. */
static Placement
try_to_place (VcNewFile *self, const struct stat *expected, VcIsOurs is_ours, int *old, GError **error)
{
  *old = openat (self->target.parent, self->target.name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (*old >= 0)
    return replace (self, *old, expected, is_ours, error);
  if (errno == ENOENT)
    return expected != NULL ? OUTDATED : place_new (self, error);
  if (errno == ELOOP)
    vc_target_refuse (&self->target, "this is a symbolic link", error);
  else
    fail (self, "looking at it", error);
  return FAILED;
}

/* What is not known to be durable is taken back. */
static void
take_back (VcNewFile *self, Placement placement)
{
  if (placement == PLACED_EXCHANGED)
    vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE);
  else if (placement == PLACED_NEW)
    unlinkat (self->target.parent, self->target.name, 0);
}

static Placement
place (VcNewFile *self, const struct stat *expected, VcIsOurs is_ours, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < MAX_TRIES; i++) {
    int old = -1;
    Placement placement = try_to_place (self, expected, is_ours, &old, error);

    if (placement <= PLACED_OVER && !vc_target_sync (&self->target, self->target.parent, error)) {
      take_back (self, placement);
      placement = FAILED;
    }
    if (old >= 0)
      close (old);
    if (placement != AGAIN)
      return placement;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FAILED;
    g_usleep (i < MAX_TRIES / 2 ? 0 : WAIT);
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: another process is replacing it", self->target.path);
  return FAILED;
}

VcInstall
vc_new_file_install (VcNewFile *self, const struct stat *expected, VcIsOurs is_ours, GCancellable *cancellable,
                     GError **error)
{
  Placement placement;

  if (!vc_target_sync (&self->target, self->fd, error) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return VC_INSTALL_FAILED;
  placement = place (self, expected, is_ours, cancellable, error);
  if (placement == OUTDATED)
    return VC_INSTALL_OUTDATED;
  return placement == FAILED ? VC_INSTALL_FAILED : VC_INSTALLED;
}
