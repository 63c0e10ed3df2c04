/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-folder-private.h"

#include "table/vc-arrow-ipc-private.h"
#include "valuechain/vc-error.h"
#include "vc-datapackage-private.h"
#include "vc-target-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* How the new folder came to stand at the target. */
typedef enum {
  NOT_PLACED,
  CREATED,    /* there was none */
  EXCHANGED,  /* the old one has the temporary name */
  SET_ASIDE,  /* the old one has the name `aside` */
} Placement;

/* The new folder is written beside the old one under a hidden name, made durable, and put in its place in one step. */
typedef struct {
  VcTarget  target;
  int       folder;                         /* the new folder, -1: not there */
  DIR      *old;                            /* the one to be replaced, as it was looked at last; NULL: there is none */
  char      temporary[VC_TARGET_NAME_SIZE]; /* its name until it is placed; empty: not made */
  char      aside[VC_TARGET_NAME_SIZE + 4];
  const char *stranded;                     /* the hidden name of what could not be put back; NULL: there is none */
  Placement placement;
  VcFolderFormat format;
} Save;

#define MAX_TRIES 100

/* Whether that name is the open folder's: as long as it is open, no other has its inode. If not, as vc_target_is(). */
static gboolean
is_folder (const Save *self, const char *name, int folder)
{
  struct stat info;

  return fstat (folder, &info) == 0 && vc_target_is (&self->target, name, &info);
}

/* Nothing that somebody else put into the folder may get lost with the old chain. */
static gboolean
check_entries (const Save *self, DIR *entries, GError **error)
{
  gboolean has_parties = FALSE, has_others = FALSE, is_empty = TRUE;

  for (struct dirent *entry = readdir (entries); entry != NULL; entry = readdir (entries)) {
    if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
      continue;
    is_empty = FALSE;
    has_parties |= g_str_has_prefix (entry->d_name, "parties.") && vc_folder_owns (entry->d_name);
    has_others |= !vc_folder_owns (entry->d_name);
  }
  if (!is_empty && !has_parties)
    return vc_target_refuse (&self->target, "this folder exists and is no chain folder", error);
  return !has_others
         || vc_target_refuse (&self->target, "this folder holds other files beside a chain, which would be lost",
                              error);
}

/* Whether that name is the one of the folder that was looked at, and nothing of others has come into it since. */
static gboolean
is_looked_at (const Save *self, const char *name)
{
  if (!is_folder (self, name, dirfd (self->old)))
    return FALSE;
  rewinddir (self->old);
  return check_entries (self, self->old, NULL);
}

static void
close_old (Save *self)
{
  if (self->old != NULL)
    closedir (self->old);
  self->old = NULL;
}

/* Opens the folder that is to be replaced, if there is one; fails where anything else stands there. */
static gboolean
open_old (Save *self, GError **error)
{
  struct stat info;
  int folder;

  close_old (self);
  if (fstatat (self->target.parent, self->target.name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT || vc_target_fail (&self->target, "looking at it", errno, error);
  if (!S_ISDIR (info.st_mode))
    return vc_target_refuse (&self->target, "this exists and is no folder", error);
  folder = openat (self->target.parent, self->target.name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  self->old = folder >= 0 ? fdopendir (folder) : NULL;
  if (self->old == NULL) {
    int code = errno;

    if (folder >= 0)
      close (folder);
    return vc_target_fail (&self->target, "looking into it", code, error);
  }
  return TRUE;
}

/* Opens the chain folder, or the empty one, that is to be replaced. What is found in a folder that another process has
 * replaced meanwhile, and empties, says nothing: it is looked at again. */
static gboolean
look_at_target (Save *self, GCancellable *cancellable, GError **error)
{
  for (guint i = 0;; i++) {
    g_autoptr (GError) problem = NULL;

    if (!open_old (self, error))
      return FALSE;
    if (self->old == NULL || check_entries (self, self->old, &problem))
      return TRUE;
    if (is_folder (self, self->target.name, dirfd (self->old)) || (errno != ESTALE && errno != ENOENT)) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
    if (!vc_target_wait (&self->target, i, cancellable, error))
      return FALSE;
  }
}

/* Removes a folder of ours, where it has that name: the files that chain folders have, then the folder, which stays
 * where anything else is in it. */
static void
remove_folder (const Save *self, const char *name, int folder)
{
  if (name == self->stranded || !is_folder (self, name, folder))
    return;
  for (guint i = 0; i < VC_N_RECORDS * VC_N_FOLDER_FORMATS; i++) {
    char file[VC_FILE_NAME_SIZE];

    vc_folder_any_name (i, file);
    unlinkat (folder, file, 0);
  }
  unlinkat (folder, VC_DATAPACKAGE, 0);
  unlinkat (self->target.parent, name, AT_REMOVEDIR);
}

static void
save_clear (Save *self)
{
  const char *old = self->placement == SET_ASIDE ? self->aside : self->temporary;

  if (self->placement == NOT_PLACED && self->folder >= 0)
    remove_folder (self, self->temporary, self->folder);
  if (self->placement > CREATED && is_looked_at (self, old))
    remove_folder (self, old, dirfd (self->old));
  if (self->folder >= 0)
    close (self->folder);
  close_old (self);
  vc_target_clear (&self->target);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Save, save_clear)

static gboolean
open_made (Save *self, GError **error)
{
  int code;

  self->folder = openat (self->target.parent, self->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  /* Whatever the umask took away. */
  if (self->folder >= 0 && fchmod (self->folder, 0700) == 0)
    return TRUE;
  code = errno;
  if (self->folder < 0)
    unlinkat (self->target.parent, self->temporary, AT_REMOVEDIR);
  return vc_target_fail (&self->target, "making a folder beside it", code, error);
}

static gboolean
make_folder (Save *self, GError **error)
{
  const int parent = self->target.parent;

  for (guint i = 0; i < MAX_TRIES; i++) {
    if (!vc_target_make_name (&self->target, self->temporary, error)) {
      self->temporary[0] = '\0';
      return FALSE;
    }
    if (mkdirat (parent, self->temporary, 0700) == 0)
      return open_made (self, error);
    if (errno != EEXIST)
      break;
  }
  self->temporary[0] = '\0';
  return vc_target_fail (&self->target, "making a folder beside it", errno, error);
}

/* `records`: which table, or VC_N_RECORDS for datapackage.json. */
static gboolean
write_content (const Save *self, VcChain *chain, guint records, GOutputStream *stream, GCancellable *cancellable,
               GError **error)
{
  if (records == VC_N_RECORDS)
    return vc_datapackage_write (chain, self->format, stream, cancellable, error);
  if (self->format == VC_FOLDER_ARROW)
    return vc_arrow_ipc_write (vc_folder_files[records].get (chain), stream, cancellable, error);
  /* No guard against formulas: it would change ids that begin with "=", and what is read back must be what was written.
   */
  return vc_table_write_csv (vc_folder_files[records].get (chain), stream, FALSE, cancellable, error);
}

static gboolean
write_descriptor (const Save *self, int fd, VcChain *chain, guint records, GCancellable *cancellable, GError **error)
{
  g_autoptr (GOutputStream) file = g_unix_output_stream_new (fd, FALSE);
  g_autoptr (GOutputStream) stream = g_buffered_output_stream_new_sized (file, 1 << 16);

  if (fchmod (fd, 0600) != 0)
    return vc_target_fail (&self->target, "making it private", errno, error);
  if (!write_content (self, chain, records, stream, cancellable, error)
      || !g_output_stream_close (stream, cancellable, error)) {
    g_prefix_error (error, "%s: ", self->target.path);
    return FALSE;
  }
  return vc_target_sync (&self->target, fd, error);
}

static gboolean
write_file (const Save *self, VcChain *chain, guint records, GCancellable *cancellable, GError **error)
{
  char name[VC_FILE_NAME_SIZE] = VC_DATAPACKAGE;
  gboolean ok;
  int fd;

  if (records < VC_N_RECORDS)
    vc_folder_file_name (records, self->format, name);
  fd = openat (self->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return vc_target_fail (&self->target, "making a file", errno, error);
  ok = write_descriptor (self, fd, chain, records, cancellable, error);
  /* After an interrupted close() the descriptor is gone all the same, and its data are durable already. */
  if (close (fd) != 0 && errno != EINTR && ok)
    return vc_target_fail (&self->target, "closing a file", errno, error);
  return ok;
}

static gboolean
write_files (const Save *self, VcChain *chain, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < VC_N_RECORDS; i++)
    if (vc_folder_writes (i, vc_folder_files[i].get (chain)) && !write_file (self, chain, i, cancellable, error))
      return FALSE;
  return write_file (self, chain, VC_N_RECORDS, cancellable, error)
         && vc_target_sync (&self->target, self->folder, error);
}

/* ---- putting in place ---- */

/* Gives the target's name to what has a hidden one, where nothing stands there. Where there is no RENAME_NOREPLACE:
 * rename() replaces nothing but an empty folder by a folder, and what is no folder gets its second name by link(). */
static gboolean
give_back (const Save *self, const char *name)
{
  const int parent = self->target.parent;

  if (vc_target_move (&self->target, name, self->target.name, RENAME_NOREPLACE))
    return TRUE;
  if (!vc_target_lacks (errno))
    return FALSE;
  if (linkat (parent, name, parent, self->target.name, 0) == 0)
    return unlinkat (parent, name, 0) == 0;
  return errno == EPERM && renameat (parent, name, parent, self->target.name) == 0;
}

/* For file systems that cannot exchange two folders. Not atomic: for a moment there is no folder at the target; whoever
 * is killed then leaves both, whole, under hidden names. */
static gboolean
replace_in_steps (Save *self)
{
  const int parent = self->target.parent;
  int code;

  g_snprintf (self->aside, sizeof self->aside, "%s-old", self->temporary);
  if (renameat (parent, self->target.name, parent, self->aside) != 0)
    return FALSE;
  if (is_looked_at (self, self->aside)) {
    if (renameat (parent, self->temporary, parent, self->target.name) == 0) {
      self->placement = SET_ASIDE;
      return TRUE;
    }
    code = errno;
  } else {
    code = ESTALE;
  }
  if (!give_back (self, self->aside))
    self->stranded = self->aside;
  errno = code;
  return FALSE;
}

/* What another program has put there since the look is not ours to replace: it gets its place back. */
static gboolean
exchange (Save *self)
{
  if (!vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE))
    return FALSE;
  self->placement = EXCHANGED;
  if (is_looked_at (self, self->temporary))
    return TRUE;
  if (vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE))
    self->placement = NOT_PLACED;
  if (self->placement == EXCHANGED || !is_folder (self, self->temporary, self->folder))
    self->stranded = self->temporary;
  errno = ESTALE;
  return FALSE;
}

/* The old folder is locked while it is replaced: of all who do so in this way, one is first. */
static gboolean
replace (Save *self)
{
  if (flock (dirfd (self->old), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return FALSE;
  if (!is_folder (self, self->target.name, dirfd (self->old)))
    return FALSE;
  return exchange (self) || (self->placement == NOT_PLACED && vc_target_lacks (errno) && replace_in_steps (self));
}

/* Where there is no RENAME_NOREPLACE: rename() replaces nothing but an empty folder. */
static gboolean
create (Save *self)
{
  if (!vc_target_move (&self->target, self->temporary, self->target.name, RENAME_NOREPLACE)
      && !(vc_target_lacks (errno)
           && renameat (self->target.parent, self->temporary, self->target.parent, self->target.name) == 0))
    return FALSE;
  self->placement = CREATED;
  return TRUE;
}

/* Whether another process was there between the look and the step. */
static gboolean
is_passing (const Save *self, int code)
{
  return self->stranded == NULL
         && (self->old != NULL ? code == ENOENT || code == ESTALE || code == EWOULDBLOCK
                               : code == EEXIST || code == ENOTEMPTY);
}

static gboolean
fail_to_place (const Save *self, int code, GError **error)
{
  if (self->placement != NOT_PLACED)
    return vc_target_hides_other (&self->target, error);
  return vc_target_fail (&self->target, "putting the new folder in place", code == ESTALE ? EBUSY : code, error);
}

/* Somebody else may put a folder there, or take it away, between the look and the step: then it is looked at again. */
static gboolean
place (Save *self, GCancellable *cancellable, GError **error)
{
  for (guint i = 0;; i++) {
    if (!look_at_target (self, cancellable, error))
      return FALSE;
    if (self->old != NULL ? replace (self) : create (self))
      return TRUE;
    if (!is_passing (self, errno))
      return fail_to_place (self, errno, error);
    if (!vc_target_wait (&self->target, i, cancellable, error))
      return FALSE;
  }
}

/* ---- taking back ---- */

/* Both answer whether the new folder is in place no more. What comes out from there under the temporary name may be
 * another program's, which was there a moment ago: that gets its place back. */
static gboolean
take_back_exchanged (Save *self)
{
  int code;

  if (!vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE))
    return FALSE;
  if (!is_folder (self, self->temporary, self->folder)) {
    code = errno;
    if (vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE))
      return code == ESTALE;
    self->stranded = self->temporary;
  }
  self->placement = NOT_PLACED;
  return TRUE;
}

static gboolean
take_back_moved (Save *self)
{
  int code;

  if (renameat (self->target.parent, self->target.name, self->target.parent, self->temporary) != 0)
    return errno == ENOENT;
  if (!is_folder (self, self->temporary, self->folder)) {
    code = errno;
    if (give_back (self, self->temporary))
      return code == ESTALE;
    self->stranded = self->temporary;
    return TRUE;
  }
  if (self->placement == SET_ASIDE && !give_back (self, self->aside)) {
    if (give_back (self, self->temporary))
      return FALSE;
    self->stranded = self->aside;
  }
  self->placement = NOT_PLACED;
  return TRUE;
}

/* Whether it is in place no more. What another process has put there since is left alone. */
static gboolean
take_back (Save *self)
{
  if (!is_folder (self, self->target.name, self->folder))
    return errno == ENOENT || errno == ESTALE;
  return self->placement == EXCHANGED ? take_back_exchanged (self) : take_back_moved (self);
}

/* What is not known to be durable is taken back, or said to be in place. */
static gboolean
settle (Save *self, GError **error)
{
  GError *reason = NULL;

  if (vc_target_sync (&self->target, self->target.parent, &reason))
    return TRUE;
  if (!take_back (self))
    return vc_target_not_durable (&self->target, reason, error);
  g_propagate_error (error, reason);
  return FALSE;
}

static gboolean
install (Save *self, GCancellable *cancellable, GError **error)
{
  /* So that nobody replaces it before it is known to stay there. */
  flock (self->folder, LOCK_EX | LOCK_NB);
  return (place (self, cancellable, error) && settle (self, error))
         || vc_target_say_name (self->stranded, error);
}

static gboolean
save_folder (const char *path, VcFolderFormat format, VcChain *chain, GCancellable *cancellable, GError **error)
{
  g_auto (Save) save = { .target.parent = -1, .folder = -1, .format = format };

  return vc_target_open (&save.target, path, error) && look_at_target (&save, cancellable, error)
         && make_folder (&save, error) && write_files (&save, chain, cancellable, error)
         && !g_cancellable_set_error_if_cancelled (cancellable, error) && install (&save, cancellable, error);
}

/**
 * vc_folder_save:
 * @self: a folder
 * @chain: a chain
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Writes @chain to this folder: `parties.csv`, those of `flows.csv`, `receipts.csv` and `commitments.csv` that have
 * rows, and a `datapackage.json` that describes them as a Frictionless Data Package. Where [property@Folder:arrow] is
 * set, the files are Arrow IPC files instead, `parties.arrow` and so on, with `unit` and `description` of each column
 * in the metadata of its field. Read again, it is the same chain, to the last bit.
 *
 * All or nothing: the files are written and made durable in a hidden folder `.valuechain-*` beside the target, which is
 * then put in place in one step (`renameat2()` with `RENAME_EXCHANGE`); whoever reads, and whoever is killed, sees the
 * old folder whole or the new one whole. A process that is killed may leave its hidden folder behind. A file system
 * that cannot exchange folders is served in two steps, between which there is no folder at the target and both are
 * whole under hidden names.
 *
 * After an error the old folder stands there still. The one exception says so, %VC_SAVE_ERROR_NOT_DURABLE: the new
 * folder is in place, whole, but that it stands there could not be made durable, and it could not be taken back. Where
 * a file system that cannot exchange folders refuses to bring the old one back too, the message says the hidden name
 * that it has.
 *
 * What another program puts at the target meanwhile is never removed: it is looked at as what stood there before.
 *
 * What exists at the target and is no chain folder is left alone, and so is a chain folder with other files in it: both
 * fail with %G_IO_ERROR_EXISTS. An empty folder is replaced. A symbolic link is no folder.
 *
 * Files can be read and written by their owner alone (0600, the folder 0700), whatever the umask. Text is written as it
 * is, also where a spreadsheet would take it for a formula: ids must survive. To show records in a spreadsheet, use
 * [method@Table.write_csv] with its guard.
 *
 * Returns: %TRUE where it succeeded
 */
gboolean
vc_folder_save (VcFolder *self, VcChain *chain, GCancellable *cancellable, GError **error)
{
  const char *path;

  g_return_val_if_fail (VC_IS_FOLDER (self), FALSE);
  g_return_val_if_fail (VC_IS_CHAIN (chain), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  path = vc_source_get_path (VC_SOURCE (self));
  return save_folder (path != NULL ? path : "", vc_folder_is_arrow (self) ? VC_FOLDER_ARROW : VC_FOLDER_CSV, chain,
                      cancellable, error);
}
