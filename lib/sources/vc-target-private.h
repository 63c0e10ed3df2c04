/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/* Where something is to be written: a name in an open folder, so that what is done to it in several steps is done in
 * one place. */
typedef struct {
  char *path;   /* for messages */
  char *name;   /* in its folder */
  int   parent; /* the folder, -1: not open */
} VcTarget;

#define VC_TARGET_NAME_SIZE 32

/* A path ends in a name; "." and ".." are names of nothing that can be put in place. */
gboolean vc_target_open      (VcTarget *self, const char *path, GError **error);
void     vc_target_clear     (VcTarget *self);
/* A hidden name that nobody else uses. */
gboolean vc_target_make_name (const VcTarget *self, char name[VC_TARGET_NAME_SIZE], GError **error);
gboolean vc_target_sync      (const VcTarget *self, int fd, GError **error);
/* Renames within the folder; flags of renameat2(). */
gboolean vc_target_move      (const VcTarget *self, const char *from, const char *to, unsigned int flags);
/* Whether errno says that the file system has no such thing. */
gboolean vc_target_lacks     (int code);
/* Whether what stands in the folder under that name is the file or folder that `info` is of, which is open. If not,
 * errno is ESTALE where something else stands there, ENOENT where nothing does, and else says why it cannot be told. */
gboolean vc_target_is        (const VcTarget *self, const char *name, const struct stat *info);
/* After look number `i`, from 0 on, at what another process is replacing: waits for a moment, and fails after ten
 * seconds in all. */
gboolean vc_target_wait      (const VcTarget *self, guint i, GCancellable *cancellable, GError **error);
/* These answer FALSE. */
gboolean vc_target_fail      (const VcTarget *self, const char *doing, int code, GError **error);
gboolean vc_target_refuse    (const VcTarget *self, const char *why, GError **error);
/* What was put in place stays there, although making that durable failed for this `reason`, which is freed. */
gboolean vc_target_not_durable (const VcTarget *self, GError *reason, GError **error);
/* The same where it was not tried, because what another program put there could not be put back. */
gboolean vc_target_hides_other (const VcTarget *self, GError **error);
/* What could not be put back is not removed, and the error says its hidden name; NULL: there is no such thing. */
gboolean vc_target_say_name  (const char *name, GError **error);

G_END_DECLS
