/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "table/vc-strings-private.h"

G_BEGIN_DECLS

/* From ids to dense indices in byte order. First all ids are added, then finish() sorts them, then they are looked up.
 */
typedef struct _VcPartyIndex VcPartyIndex;

/* `n_ids`: how many there may be. */
VcPartyIndex    *vc_party_index_new    (guint32 n_ids) G_GNUC_WARN_UNUSED_RESULT;
void             vc_party_index_free   (VcPartyIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcPartyIndex, vc_party_index_free)

/* Adds labels; `is_new[i]` becomes whether the i-th was not there yet. At most VC_INDEX_BATCH at a time. FALSE: no
 * memory. */
#define VC_INDEX_BATCH 512
gboolean         vc_party_index_add    (VcPartyIndex *self, const VcStrings *labels, const gint32 *codes, guint n,
                                        gboolean *is_new);
/* FALSE: no memory or cancelled. */
gboolean         vc_party_index_finish (VcPartyIndex *self, GCancellable *cancellable);
/* The index of an id, or -1. */
gint32           vc_party_index_lookup (const VcPartyIndex *self, const char *id, gsize length);
/* The index of each label, or -1, into `indices`. FALSE: cancelled. */
gboolean         vc_party_index_map    (const VcPartyIndex *self, const VcStrings *labels, gint32 *indices,
                                        GCancellable *cancellable);
/* Ids and order stay; no look-ups any more. */
void             vc_party_index_shrink (VcPartyIndex *self);
guint32          vc_party_index_size   (const VcPartyIndex *self);
/* Once finished: all ids in order; and the number of the addition that each came with. */
VcStrings       *vc_party_index_ids    (const VcPartyIndex *self);
const guint32   *vc_party_index_order  (const VcPartyIndex *self);

G_END_DECLS
