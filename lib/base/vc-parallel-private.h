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

#define VC_PARALLEL_MOST_THREADS 64

typedef struct _VcParallelScope VcParallelScope;
typedef struct _VcParallelWork  VcParallelWork;

typedef struct {
  VcParallelScope *scope;
  GThread         *thread;
  guint            index;
  gint             turn; /* the last it has seen */
} VcParallelHelper;

/* To make threads takes longer than many a small work. While a scope is open, those that its thread's calls make stay,
 * and wait for the next: awake for some microseconds, then asleep. A scope within a scope is the outer one. */
struct _VcParallelScope {
  gboolean          is_open;
  gboolean          is_busy;
  GMutex            mutex;
  GCond             wake, done;
  guint             n_helpers; /* made so far */
  VcParallelHelper  helpers[VC_PARALLEL_MOST_THREADS];
  /* Of the work at hand */
  VcParallelWork   *work;
  guint             n_wanted;  /* helpers that take part, the first ones */
  gint              turn;      /* how many there have been */
  gint              n_left;    /* helpers that are not done */
  gboolean          is_closing;
};

void  vc_parallel_scope_open  (VcParallelScope *self);
void  vc_parallel_scope_close (VcParallelScope *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcParallelScope, vc_parallel_scope_close)

G_END_DECLS
