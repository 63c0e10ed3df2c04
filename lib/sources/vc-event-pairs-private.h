/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is counted of two parties, in their order. */
typedef struct {
  gint32  from;   /* -1: free */
  gint32  to;
  double  count;
  guint32 cases;  /* with at least one */
  guint32 newest; /* the latest of them */
} VcEventPair;

#define VC_EVENT_PAIR_SHARDS 64

/* A table that grows by itself: of all memory only a little is there twice at any time. */
typedef struct {
  VcEventPair *slots;
  gsize        n_slots;
  gsize        n;
} VcEventPairShard;

/* Counts pairs: open addressing under a secret hash, between half and three quarters full, so that a pair takes at most
 * 48 bytes. */
typedef struct {
  VcEventPairShard shards[VC_EVENT_PAIR_SHARDS];
  gsize            n;
  guint64          secret;
} VcEventPairs;

/* Counts one more, of weight `weight`, in a case that comes after or is that of the one before. Says whether it is
 * the first of the case. FALSE: no memory. */
gboolean vc_event_pairs_add   (VcEventPairs *self, gint32 from, gint32 to, double weight, guint32 in_case,
                               gboolean *is_first);
/* Moves the pairs to `pairs`, which has room for them, in no order. FALSE: cancelled. */
gboolean vc_event_pairs_take  (VcEventPairs *self, VcEventPair *pairs, GCancellable *cancellable);
void     vc_event_pairs_clear (VcEventPairs *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventPairs, vc_event_pairs_clear)

G_END_DECLS
