/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* What can be stopped. */
typedef gboolean (*Job) (gpointer data, GCancellable *cancellable, GError **error);

/* How often a job looks at its cancellable when nobody stops it. */
guint count_looks        (Job job, gpointer data);
/* Cancelled just before this look, it must stop soon. */
void  stop_at_look       (guint at, Job job, gpointer data);
/* At its first look, at its second, and so on. There are at least so many: as many as its loops have, so that one that
 * no longer looks is missed. */
void  stop_at_every_look (Job job, gpointer data, guint at_least);
