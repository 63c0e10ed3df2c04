/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs body (data, part) for each part below `n_parts` on up to `n_threads` threads, the caller's among them, and waits for all. Falls back
 * to the caller's where no other can be had. Parts are taken in no fixed order: what they do must not depend on it. */
void  vc_parallel           (guint    n_threads,
                             guint    n_parts,
                             void   (*body) (gpointer data, guint part),
                             gpointer data);
/* `n_threads`, or where it is 0 the number of processors. */
guint vc_parallel_n_threads (guint    n_threads);

G_END_DECLS
