/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sys/stat.h>

#include "vc-target-private.h"

G_BEGIN_DECLS

/* A file that takes another's place in one step. Until then it has no name where the file system knows files without
 * one, so that a process that is killed leaves nothing behind; else it is hidden beside the target. Its owner alone can
 * read and write it, whatever the umask.
 *
 *   g_auto (VcNewFile) file = VC_NEW_FILE_INIT;
 *   vc_new_file_open (&file, path, error) && write (file.fd) && vc_new_file_install (&file, ...);
 */
typedef struct {
  VcTarget target;
  int      fd;                             /* -1: not open */
  char     temporary[VC_TARGET_NAME_SIZE]; /* empty: the file has no name, or its own */
} VcNewFile;

#define VC_NEW_FILE_INIT { .target.parent = -1, .fd = -1 }

/* Whether the open file that stands at the target may be replaced. An empty one always may. */
typedef gboolean (*VcIsOurs) (int fd);

typedef enum {
  VC_INSTALLED,
  VC_INSTALL_FAILED,
  VC_INSTALL_OUTDATED, /* `expected` does not stand there any more */
} VcInstall;

gboolean  vc_new_file_open    (VcNewFile         *self,
                               const char        *path,
                               GError           **error);
/* Fills it, which is empty, with what stands in the file `from`. */
gboolean  vc_new_file_copy    (const VcNewFile   *self,
                               int                from,
                               GCancellable      *cancellable,
                               GError           **error);
/* Makes it durable and puts it in place. `expected`: what must stand there, as fstat() told of it, or it is not
 * replaced; NULL: anything that is_ours(), or nothing. What else stands there is left alone (%G_IO_ERROR_EXISTS), and
 * so is all where an error is told. */
VcInstall vc_new_file_install (VcNewFile         *self,
                               const struct stat *expected,
                               VcIsOurs           is_ours,
                               GCancellable      *cancellable,
                               GError           **error);
void      vc_new_file_clear   (VcNewFile         *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcNewFile, vc_new_file_clear)

G_END_DECLS
