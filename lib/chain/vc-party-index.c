/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-party-index-private.h"

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "vc-sort-private.h"

struct _VcPartyIndex {
  /* Codes in order of addition; once finished, in order of the ids, so that they are the indices. */
  VcInterner *interner;
  guint32    *order;    /* number of the addition of each index */
  VcStrings  *ids;
};

VcPartyIndex *
vc_party_index_new (guint32 n_ids)
{
  VcPartyIndex *self = g_new0 (VcPartyIndex, 1);

  self->interner = vc_interner_new ();
  if (self->interner != NULL && !vc_interner_reserve (self->interner, n_ids))
    g_clear_pointer (&self->interner, vc_interner_free);
  return self;
}

void
vc_party_index_free (VcPartyIndex *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->interner, vc_interner_free);
  g_clear_pointer (&self->ids, vc_strings_unref);
  vc_buffer_free (self->order);
  g_free (self);
}

static VcSlice
slice_of (const VcStrings *labels, guint32 code)
{
  return (VcSlice) { (guint32) labels->offsets[code], (guint32) (labels->offsets[code + 1] - labels->offsets[code]) };
}

gboolean
vc_party_index_add (VcPartyIndex *self, const VcStrings *labels, const gint32 *codes, guint n, gboolean *is_new)
{
  VcSlice slices[VC_INDEX_BATCH];
  gint32 given[VC_INDEX_BATCH];
  gint32 next;

  if (self->interner == NULL)
    return FALSE;
  next = (gint32) vc_interner_size (self->interner);
  for (guint i = 0; i < n; i++)
    slices[i] = slice_of (labels, (guint32) codes[i]);
  if (!vc_interner_add_many (self->interner, labels->text, slices, n, given))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    is_new[i] = given[i] == next;
    next += is_new[i];
  }
  return TRUE;
}

static gboolean
are_in_order (const VcStrings *labels)
{
  for (guint32 i = 1; i < labels->n_labels; i++)
    if (vc_strings_compare (labels, i - 1, i) > 0)
      return FALSE;
  return TRUE;
}

/* Where ids do not come in order, sorting needs as much memory as finding does: the one makes room for the other, and
 * what finds them is made anew, of the sorted ids. */
gboolean
vc_party_index_finish (VcPartyIndex *self, GCancellable *cancellable)
{
  g_autoptr (VcStrings) labels = self->interner != NULL ? vc_interner_share (self->interner) : NULL;
  const gboolean in_order = labels != NULL && are_in_order (labels);
  guint32 n;

  if (labels == NULL)
    return FALSE;
  if (!in_order)
    g_clear_pointer (&self->interner, vc_interner_free);
  self->order = vc_sort_labels (labels, NULL, &n, cancellable);
  if (self->order == NULL)
    return FALSE;
  self->ids = in_order ? g_steal_pointer (&labels) : vc_labels_pick (labels, self->order, n);
  g_clear_pointer (&labels, vc_strings_unref);
  if (self->interner == NULL && self->ids != NULL)
    self->interner = vc_interner_new_of (self->ids);
  return self->interner != NULL && self->ids != NULL;
}

gint32
vc_party_index_lookup (const VcPartyIndex *self, const char *id, gsize length)
{
  return vc_interner_lookup (self->interner, id, length);
}

typedef struct {
  const VcPartyIndex *index;
  const VcStrings *labels;
  gint32 *indices;
  GCancellable *cancellable;
} Mapping;

static void
map_range (gpointer data, gsize first, gsize last)
{
  const Mapping *self = data;
  VcSlice slices[VC_INDEX_BATCH];

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (gsize start = first; start < last; start += VC_INDEX_BATCH) {
    gsize n = MIN (VC_INDEX_BATCH, last - start);
    gint32 *indices = self->indices + start;

    for (gsize i = 0; i < n; i++)
      slices[i] = slice_of (self->labels, (guint32) (start + i));
    vc_interner_lookup_many (self->index->interner, self->labels->text, slices, n, indices);
  }
}

gboolean
vc_party_index_map (const VcPartyIndex *self, const VcStrings *labels, gint32 *indices, GCancellable *cancellable)
{
  Mapping mapping = { self, labels, indices, cancellable };

  vc_parallel_ranges (0, labels->n_labels, map_range, &mapping);
  return !g_cancellable_is_cancelled (cancellable);
}

void
vc_party_index_shrink (VcPartyIndex *self)
{
  g_clear_pointer (&self->interner, vc_interner_free);
}

guint32
vc_party_index_size (const VcPartyIndex *self)
{
  return self->ids != NULL ? self->ids->n_labels : 0;
}

VcStrings *
vc_party_index_ids (const VcPartyIndex *self)
{
  return self->ids;
}

const guint32 *
vc_party_index_order (const VcPartyIndex *self)
{
  return self->order;
}
