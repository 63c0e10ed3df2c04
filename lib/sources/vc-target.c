/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-target-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "valuechain/vc-error.h"

/* How often a file that another process is replacing is looked at: at first at once, then every 20 ms, so that a slow
 * disk has ten seconds to make its folder durable. */
#define MAX_LOOKS 550
#define QUICK_LOOKS 50
#define WAIT 20000

gboolean
vc_target_fail (const VcTarget *self, const char *doing, int code, GError **error)
{
  g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (code), "%s: %s: %s", self->path, doing,
               g_strerror (code));
  return FALSE;
}

gboolean
vc_target_refuse (const VcTarget *self, const char *why, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s: %s", self->path, why);
  return FALSE;
}

gboolean
vc_target_not_durable (const VcTarget *self, GError *reason, GError **error)
{
  g_set_error (error, VC_SAVE_ERROR, VC_SAVE_ERROR_NOT_DURABLE,
               "%s: this is in place, but may not survive a power cut, after which what stood there before may stand "
               "there again: %s",
               self->path, reason->message);
  g_error_free (reason);
  return FALSE;
}

gboolean
vc_target_say_name (const char *name, GError **error)
{
  g_autofree char *message = NULL;

  if (name == NULL || error == NULL)
    return FALSE;
  message = g_steal_pointer (&(*error)->message);
  (*error)->message = g_strdup_printf ("%s; what stood there has the name %s now", message, name);
  return FALSE;
}

gboolean
vc_target_hides_other (const VcTarget *self, GError **error)
{
  return vc_target_not_durable (
    self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "another program was there meanwhile"), error);
}

gboolean
vc_target_open (VcTarget *self, const char *path, GError **error)
{
  g_autofree char *trimmed = g_strdup (path), *parent = NULL;

  for (gsize n = strlen (trimmed); n > 1 && trimmed[n - 1] == '/'; n--)
    trimmed[n - 1] = '\0';
  self->path = g_filename_display_name (trimmed);
  self->name = g_path_get_basename (trimmed);
  parent = g_path_get_dirname (trimmed);
  if (trimmed[0] == '\0' || strcmp (self->name, ".") == 0 || strcmp (self->name, "..") == 0 || self->name[0] == '/') {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "%s: this names nothing that can be written",
                 self->path);
    return FALSE;
  }
  self->parent = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return self->parent >= 0 || vc_target_fail (self, "opening the folder that it is to stand in", errno, error);
}

void
vc_target_clear (VcTarget *self)
{
  if (self->parent >= 0)
    close (self->parent);
  self->parent = -1;
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->name, g_free);
}

gboolean
vc_target_make_name (const VcTarget *self, char name[VC_TARGET_NAME_SIZE], GError **error)
{
  guint64 number;

  if (getrandom (&number, sizeof number, 0) != sizeof number)
    return vc_target_fail (self, "asking for a random name", errno, error);
  g_snprintf (name, VC_TARGET_NAME_SIZE, ".valuechain-%016" G_GINT64_MODIFIER "x", number);
  return TRUE;
}

gboolean
vc_target_sync (const VcTarget *self, int fd, GError **error)
{
  int result;

  do
    result = fsync (fd);
  while (result != 0 && errno == EINTR);
  return result == 0 || vc_target_fail (self, "making it durable", errno, error);
}

gboolean
vc_target_move (const VcTarget *self, const char *from, const char *to, unsigned int flags)
{
  return renameat2 (self->parent, from, self->parent, to, flags) == 0;
}

gboolean
vc_target_is (const VcTarget *self, const char *name, const struct stat *info)
{
  struct stat found;

  if (fstatat (self->parent, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
    return FALSE;
  if (found.st_dev == info->st_dev && found.st_ino == info->st_ino)
    return TRUE;
  errno = ESTALE;
  return FALSE;
}

gboolean
vc_target_wait (const VcTarget *self, guint i, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (i + 1 == MAX_LOOKS) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: another process is replacing it", self->path);
    return FALSE;
  }
  g_usleep (i < QUICK_LOOKS ? 0 : WAIT);
  return TRUE;
}

gboolean
vc_target_lacks (int code)
{
  return code == EINVAL || code == ENOSYS || code == ENOTSUP;
}
