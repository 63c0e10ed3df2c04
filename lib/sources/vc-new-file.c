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
#define FD_PATH_SIZE 32
/* Copied at a time. */
#define BLOCK ((gsize) 1 << 20)
/* Waited for at a time while the file goes to the disk. */
#define SYNCED_BLOCK ((off_t) 16 << 20)

static void
drop_aside (VcNewFile *self)
{
  if (self->aside[0] != '\0')
    unlinkat (self->target.parent, self->aside, 0);
  self->aside[0] = '\0';
}

void
vc_new_file_clear (VcNewFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  if (self->temporary[0] != '\0' && !self->hides_other)
    unlinkat (self->target.parent, self->temporary, 0);
  self->temporary[0] = '\0';
  drop_aside (self);
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

/* Answers how many bytes: 0 at the end, -1 where it fails. */
static gssize
copy_block (const VcNewFile *self, int from, guint8 *block, off_t at, GError **error)
{
  gssize n;

  do
    n = pread (from, block, BLOCK, at);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    fail (self, "reading it", error);
  for (gssize done = 0; done < n;) {
    const gssize written = pwrite (self->fd, block + done, (gsize) (n - done), at + done);

    if (written < 0 && errno != EINTR) {
      fail (self, "copying it", error);
      return -1;
    }
    done += MAX (written, 0);
  }
  return n;
}

/* Some file systems share the blocks of a copy until one is written to. */
gboolean
vc_new_file_copy (const VcNewFile *self, int from, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  VC_BUFFER (guint8) block = NULL;
  struct stat info;
  gssize n = 1;

  if (ioctl (self->fd, FICLONE, from) == 0)
    return TRUE;
  if (fstat (from, &info) != 0)
    return fail (self, "reading it", error);
  block = vc_buffer_new (guint8, BLOCK);
  if (block == NULL) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory to copy it",
                 self->target.path);
    return FALSE;
  }
  for (off_t at = 0; n > 0; at += n) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (progress != NULL)
      vc_progress_update (progress, MIN (1, (double) at / ((double) info.st_size + 1)), "copying");
    n = copy_block (self, from, block, at, error);
  }
  return n == 0;
}

/* ---- putting in place ---- */

/* What one try at the target came to. */
typedef enum {
  PLACED_NEW,       /* nothing stood there */
  PLACED_EXCHANGED, /* the old file has the temporary name */
  PLACED_OVER,      /* the old file has the name `aside`, or, where the file system has no second names, is gone */
  AGAIN,            /* another process was there in between */
  OUTDATED,
  FAILED,
} Placement;

/* A further name, which is hidden, for `path` in `folder`; errno where it fails. */
static gboolean
link_hidden (const VcNewFile *self, int folder, const char *path, int flags, char name[VC_TARGET_NAME_SIZE])
{
  for (guint i = 0; i < MAX_TRIES && vc_target_make_name (&self->target, name, NULL); i++) {
    if (linkat (folder, path, self->target.parent, name, flags) == 0)
      return TRUE;
    if (errno != EEXIST)
      break;
  }
  name[0] = '\0';
  return FALSE;
}

/* For as long as it takes to exchange it for the old file. */
static gboolean
give_name (VcNewFile *self, GError **error)
{
  char path[FD_PATH_SIZE];

  descriptor_path (self->fd, path);
  return self->temporary[0] != '\0' || link_hidden (self, AT_FDCWD, path, AT_SYMLINK_FOLLOW, self->temporary)
         || fail (self, "giving it a name", error);
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

/* Exchanges the temporary name with the target, where `expected` must stand; else all is as it was, with the errno of
 * vc_target_is(). What another process has put there just now is not ours to remove: where it cannot be put back it
 * keeps the hidden name. */
static gboolean
exchange_for (VcNewFile *self, const struct stat *expected)
{
  int code;

  if (!vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE))
    return FALSE;
  if (vc_target_is (&self->target, self->temporary, expected))
    return TRUE;
  code = errno;
  if (vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE)) {
    errno = code;
    return FALSE;
  }
  self->hides_other = TRUE;
  return FALSE;
}

/* For file systems that cannot exchange two files: the old one gets a second name, by which it can be brought back. */
static gboolean
rename_over (VcNewFile *self, const struct stat *old)
{
  drop_aside (self);
  link_hidden (self, self->target.parent, self->target.name, 0, self->aside);
  if ((self->aside[0] != '\0' && !vc_target_is (&self->target, self->aside, old))
      || !vc_target_is (&self->target, self->target.name, old))
    return FALSE;
  if (renameat (self->target.parent, self->temporary, self->target.parent, self->target.name) != 0)
    return FALSE;
  self->temporary[0] = '\0';
  return TRUE;
}

static Placement
exchange (VcNewFile *self, const struct stat *old, GError **error)
{
  if (!give_name (self, error))
    return FAILED;
  if (exchange_for (self, old))
    return PLACED_EXCHANGED;
  if (self->hides_other) {
    vc_target_hides_other (&self->target, error);
    return FAILED;
  }
  if (vc_target_lacks (errno) && rename_over (self, old))
    return PLACED_OVER;
  if (errno == ENOENT || errno == ESTALE)
    return AGAIN;
  fail (self, "putting it in place", error);
  return FAILED;
}

/* The old file is locked while it is looked at and replaced: of all who do so in this way, one is first. */
static Placement
replace (VcNewFile *self, int old, const struct stat *expected, const VcNewFileRules *rules, GError **error)
{
  struct stat opened;

  if (fstat (old, &opened) != 0) {
    fail (self, "looking at it", error);
    return FAILED;
  }
  if (expected != NULL && (opened.st_dev != expected->st_dev || opened.st_ino != expected->st_ino))
    return OUTDATED;
  if (!S_ISREG (opened.st_mode) || (opened.st_size > 0 && !rules->is_ours (old))) {
    vc_target_refuse (&self->target, "this exists and is no file that may be replaced", error);
    return FAILED;
  }
  if (flock (old, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return AGAIN;
  if (!vc_target_is (&self->target, self->target.name, &opened)) {
    if (errno == ENOENT || errno == ESTALE)
      return AGAIN;
    fail (self, "looking at it", error);
    return FAILED;
  }
  return rules->is_at_rest (&self->target, old, error) ? exchange (self, &opened, error) : FAILED;
}

/* The lock is let go of when `old` is closed. */
static Placement
try_to_place (VcNewFile *self, const struct stat *expected, const VcNewFileRules *rules, int *old, GError **error)
{
  *old = openat (self->target.parent, self->target.name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (*old >= 0)
    return replace (self, *old, expected, rules, error);
  if (errno == ENOENT && expected != NULL)
    return OUTDATED;
  if (errno == ENOENT)
    return rules->is_at_rest (&self->target, -1, error) ? place_new (self, error) : FAILED;
  if (errno == ELOOP)
    vc_target_refuse (&self->target, "this is a symbolic link", error);
  else
    fail (self, "looking at it", error);
  return FAILED;
}

/* ---- taking back ---- */

/* Under a hidden name it is seen whether it is ours; if not, it goes back to where it was. */
static gboolean
remove_placed (VcNewFile *self, const struct stat *ours)
{
  char name[VC_TARGET_NAME_SIZE];
  gboolean is_ours, is_known;

  if (!vc_target_make_name (&self->target, name, NULL)
      || renameat (self->target.parent, self->target.name, self->target.parent, name) != 0)
    return errno == ENOENT;
  is_ours = vc_target_is (&self->target, name, ours);
  is_known = is_ours || errno == ESTALE;
  if (is_ours || linkat (self->target.parent, name, self->target.parent, self->target.name, 0) == 0)
    unlinkat (self->target.parent, name, 0);
  return is_known;
}

/* Whether it is in place no more. What another process has put there since is left alone. */
static gboolean
take_back (VcNewFile *self, Placement placement)
{
  struct stat ours;

  if (fstat (self->fd, &ours) != 0)
    return FALSE;
  if (!vc_target_is (&self->target, self->target.name, &ours))
    return errno == ENOENT || errno == ESTALE;
  switch (placement) {
    case PLACED_NEW:
      return remove_placed (self, &ours);
    case PLACED_EXCHANGED:
      return exchange_for (self, &ours) || self->hides_other || errno == ESTALE;
    default:
      return self->aside[0] != '\0'
             && renameat (self->target.parent, self->aside, self->target.parent, self->target.name) == 0;
  }
}

/* What is not known to be durable is taken back, or said to be in place. */
static Placement
settle (VcNewFile *self, Placement placement, GError **error)
{
  GError *reason = NULL;

  if (placement > PLACED_OVER || vc_target_sync (&self->target, self->target.parent, &reason))
    return placement;
  if (take_back (self, placement))
    g_propagate_error (error, reason);
  else
    vc_target_not_durable (&self->target, reason, error);
  return FAILED;
}

static Placement
place (VcNewFile *self, const struct stat *expected, const VcNewFileRules *rules, GCancellable *cancellable,
       GError **error)
{
  for (guint i = 0;; i++) {
    int old = -1;
    const Placement placement = settle (self, try_to_place (self, expected, rules, &old, error), error);

    if (old >= 0)
      close (old);
    if (placement != AGAIN)
      return placement;
    if (!vc_target_wait (&self->target, i, cancellable, error))
      return FAILED;
  }
}

/* fsync() cannot be cancelled while it waits for a large file: most of it goes to the disk before, block by block. */
static gboolean
write_back (const VcNewFile *self, GCancellable *cancellable, GError **error)
{
  struct stat info;

  if (fstat (self->fd, &info) != 0)
    return fail (self, "making it durable", error);
  for (off_t at = 0; at < info.st_size; at += SYNCED_BLOCK) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (sync_file_range (self->fd, at, SYNCED_BLOCK,
                         SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER)
          != 0
        && !vc_target_lacks (errno))
      return fail (self, "making it durable", error);
  }
  return TRUE;
}

VcInstall
vc_new_file_install (VcNewFile *self, const struct stat *expected, const VcNewFileRules *rules,
                     GCancellable *cancellable, GError **error)
{
  Placement placement;

  if (!write_back (self, cancellable, error) || !vc_target_sync (&self->target, self->fd, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return VC_INSTALL_FAILED;
  /* So that nobody replaces it before it is known to stay there. */
  flock (self->fd, LOCK_EX | LOCK_NB);
  placement = place (self, expected, rules, cancellable, error);
  flock (self->fd, LOCK_UN);
  if (placement == OUTDATED)
    return VC_INSTALL_OUTDATED;
  if (self->hides_other)
    vc_target_say_name (self->temporary, error);
  return placement == FAILED ? VC_INSTALL_FAILED : VC_INSTALLED;
}
