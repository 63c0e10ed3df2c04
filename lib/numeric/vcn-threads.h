/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs body(data, chunk) for chunk = 0 .. n_chunks - 1 on up to n_threads threads (0: all processors), the caller's among them. How work is cut into chunks
 * must depend on its size alone. Falls back to the caller's thread where no other can be had. */
void  vcn_parallel (guint n_threads, guint n_chunks, void (*body) (gpointer data, guint chunk), gpointer data);
guint vcn_n_threads (guint n_threads);

G_END_DECLS
