/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs body (data, part) for each part below `n_parts` on up to `n_threads` threads, the caller's among them, and waits
 * for all. Falls back to the caller's where no other can be had. Parts are taken in no fixed order: what they do must
 * not depend on it. */
void  vc_parallel           (guint    n_threads,
                             guint    n_parts,
                             void   (*body) (gpointer data, guint part),
                             gpointer data);
/* The same for runs [start, end) of `n` items, of a length that does not depend on the number of threads. All but the
 * last begin and end at a multiple of VC_PARALLEL_RANGE, and so of 64: each has bytes of bits of its own. */
#define VC_PARALLEL_RANGE ((gsize) 1 << 17)
void  vc_parallel_ranges    (guint    n_threads,
                             gsize    n,
                             void   (*body) (gpointer data, gsize start, gsize end),
                             gpointer data);
/* `n_threads`, or where it is 0 the number of processors. */
guint vc_parallel_n_threads (guint    n_threads);

G_END_DECLS
