/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sys/stat.h>

#include "valuechain/vc-progress.h"
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
  char     aside[VC_TARGET_NAME_SIZE];     /* a second name of the old file where two cannot be exchanged; or empty */
  gboolean hides_other;                    /* what could not be put back has the temporary name */
} VcNewFile;

#define VC_NEW_FILE_INIT { .target.parent = -1, .fd = -1 }

/* What a new file may take the place of. An empty file may always be replaced. */
typedef struct {
  /* Whether the open file that stands at the target may be replaced. */
  gboolean (*is_ours)    (int              fd);
  /* Asked last before each try, while `old`, the file at the target, is locked; -1: nothing stands there. */
  gboolean (*is_at_rest) (const VcTarget  *target,
                          int              old,
                          GError         **error);
} VcNewFileRules;

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
                               VcProgress        *progress,
                               GCancellable      *cancellable,
                               GError           **error);
/* Makes it durable and puts it in place. `expected`: what must stand there, as fstat() told of it, or it is not
 * replaced; NULL: anything that the rules allow, or nothing. What else stands there is left alone (%G_IO_ERROR_EXISTS).
 *
 * After an error what stood there stands there still, with one exception, which has an error of its own:
 * %VC_SAVE_ERROR_NOT_DURABLE where the new file is in place, the folder could not be made durable, and taking the file
 * back failed too or is beyond the file system, which knows neither exchanging two files nor second names; or where
 * another process's file has come out from there and could not be put back, whose name the message says. Nothing that
 * another process puts there meanwhile is ever removed, but for the moment between a look and a rename() on a file
 * system that cannot exchange. */
VcInstall vc_new_file_install (VcNewFile            *self,
                               const struct stat    *expected,
                               const VcNewFileRules *rules,
                               GCancellable         *cancellable,
                               GError              **error);
void      vc_new_file_clear   (VcNewFile         *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcNewFile, vc_new_file_clear)

G_END_DECLS
