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
  char      temporary[VC_TARGET_NAME_SIZE]; /* its name until it is placed; empty: not made */
  char      aside[VC_TARGET_NAME_SIZE + 4];
  Placement placement;
  VcFolderFormat format;
} Save;

#define MAX_TRIES 100

/* Removes a folder of ours: the files that chain folders have, then the folder, which stays where anything else is in
 * it. */
static void
remove_folder (int parent, const char *name)
{
  int folder = openat (parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

  if (folder < 0)
    return;
  for (guint i = 0; i < VC_N_RECORDS * VC_N_FOLDER_FORMATS; i++) {
    char file[VC_FILE_NAME_SIZE];

    vc_folder_any_name (i, file);
    unlinkat (folder, file, 0);
  }
  unlinkat (folder, VC_DATAPACKAGE, 0);
  close (folder);
  unlinkat (parent, name, AT_REMOVEDIR);
}

static void
save_clear (Save *self)
{
  if (self->folder >= 0)
    close (self->folder);
  if (self->temporary[0] != '\0' && (self->placement == NOT_PLACED || self->placement == EXCHANGED))
    remove_folder (self->target.parent, self->temporary);
  if (self->placement == SET_ASIDE)
    remove_folder (self->target.parent, self->aside);
  vc_target_clear (&self->target);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Save, save_clear)

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

/* Whether there is a chain folder, or an empty one, to be replaced; fails where anything else stands there. */
static gboolean
look_at_target (const Save *self, gboolean *exists, GError **error)
{
  struct stat info;
  DIR *entries;
  int folder;
  gboolean ok;

  *exists = fstatat (self->target.parent, self->target.name, &info, AT_SYMLINK_NOFOLLOW) == 0;
  if (!*exists)
    return errno == ENOENT || vc_target_fail (&self->target, "looking at it", errno, error);
  if (!S_ISDIR (info.st_mode))
    return vc_target_refuse (&self->target, "this exists and is no folder", error);
  folder = openat (self->target.parent, self->target.name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  entries = folder >= 0 ? fdopendir (folder) : NULL;
  if (entries == NULL) {
    int code = errno;

    if (folder >= 0)
      close (folder);
    return vc_target_fail (&self->target, "looking into it", code, error);
  }
  ok = check_entries (self, entries, error);
  closedir (entries);
  return ok;
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
    if (mkdirat (parent, self->temporary, 0700) == 0) {
      self->folder = openat (parent, self->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
      /* Whatever the umask took away. */
      return (self->folder >= 0 && fchmod (self->folder, 0700) == 0) ||
             vc_target_fail (&self->target, "making a folder beside it", errno, error);
    }
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

/* For file systems that cannot exchange two folders. Not atomic: for a moment there is no folder at the target; whoever
 * is killed then leaves both, whole, under hidden names. */
static gboolean
replace_in_steps (Save *self)
{
  int code;

  g_snprintf (self->aside, sizeof self->aside, "%s-old", self->temporary);
  if (renameat (self->target.parent, self->target.name, self->target.parent, self->aside) != 0)
    return FALSE;
  if (renameat (self->target.parent, self->temporary, self->target.parent, self->target.name) == 0) {
    self->placement = SET_ASIDE;
    return TRUE;
  }
  code = errno;
  renameat (self->target.parent, self->aside, self->target.parent, self->target.name);
  errno = code;
  return FALSE;
}

static gboolean
replace (Save *self)
{
  if (!vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE))
    return vc_target_lacks (errno) && replace_in_steps (self);
  self->placement = EXCHANGED;
  return TRUE;
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

/* Somebody else may put a folder there, or take it away, between the look and the step: then it is looked at again. */
static gboolean
place (Save *self, GError **error)
{
  for (guint i = 0; i < MAX_TRIES; i++) {
    gboolean exists;

    if (!look_at_target (self, &exists, error))
      return FALSE;
    if (exists ? replace (self) : create (self))
      return TRUE;
    if (errno != (exists ? ENOENT : EEXIST))
      break;
  }
  return vc_target_fail (&self->target, "putting the new folder in place", errno, error);
}

/* Whether it is in place no more. What another process has put there since is left alone. */
static gboolean
take_back (Save *self)
{
  struct stat ours;

  if (fstat (self->folder, &ours) != 0)
    return FALSE;
  if (!vc_target_is (&self->target, self->target.name, &ours))
    return TRUE;
  if (!(self->placement == EXCHANGED
          ? vc_target_move (&self->target, self->temporary, self->target.name, RENAME_EXCHANGE)
          : renameat (self->target.parent, self->target.name, self->target.parent, self->temporary) == 0))
    return FALSE;
  if (self->placement == SET_ASIDE
      && renameat (self->target.parent, self->aside, self->target.parent, self->target.name) != 0
      && renameat (self->target.parent, self->temporary, self->target.parent, self->target.name) == 0)
    return FALSE;
  self->placement = NOT_PLACED;
  return TRUE;
}

/* What is not known to be durable is taken back, or said to be in place. */
static gboolean
install (Save *self, GError **error)
{
  GError *reason = NULL;

  if (!place (self, error))
    return FALSE;
  if (vc_target_sync (&self->target, self->target.parent, &reason))
    return TRUE;
  if (!take_back (self))
    return vc_target_not_durable (&self->target, reason, error);
  g_propagate_error (error, reason);
  return FALSE;
}

static gboolean
save_folder (const char *path, VcFolderFormat format, VcChain *chain, GCancellable *cancellable, GError **error)
{
  g_auto (Save) save = { .target.parent = -1, .folder = -1, .format = format };
  gboolean exists;

  return vc_target_open (&save.target, path, error) && look_at_target (&save, &exists, error)
         && make_folder (&save, error) && write_files (&save, chain, cancellable, error)
         && !g_cancellable_set_error_if_cancelled (cancellable, error) && install (&save, error);
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
 * folder is in place, whole, but that it stands there could not be made durable, and it could not be taken back.
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
