/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "faults.h"
#include "folders.h"

/* What is saved: a folder or a file of this name. */
#define FOLDER "x"
#define FILE_NAME "x.vchain"

/* One chain takes another's place, or that of nothing. */
typedef struct {
  VcChain    *old; /* NULL: the target does not exist */
  VcChain    *new;
  const char *name;
  char       *root;
  char       *path;
} Scene;

void     scene_open      (Scene *self, const char *name, gboolean exists);
void     scene_close     (Scene *self);
gboolean save            (const Scene *self, VcChain *chain, GCancellable *cancellable, GError **error);
gboolean save_with_fault (Scene *self, Fault fault, guint n, gboolean no_exchange, guint *n_calls, GError **error);
gboolean is_chain        (const char *path, VcChain *chain);
/* As it was before the save: nothing, or the old chain whole. */
gboolean is_old          (const Scene *self);
/* It is replaced while it is looked at: one look decides. */
gboolean is_either       (const Scene *self);
/* Between the two steps of a file system that cannot exchange: both are there under hidden names. */
gboolean is_between      (const Scene *self);
/* How many hidden names the folder holds. */
guint    count_hidden    (const Scene *self);
