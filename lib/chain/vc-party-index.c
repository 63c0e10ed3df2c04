/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-party-index-private.h"

#include "base/vc-buffer-private.h"
#include "vc-sort-private.h"

struct _VcPartyIndex {
  VcInterner *interner; /* codes in order of addition */
  guint32    *order;    /* code of each index */
  gint32     *indices;  /* index of each code */
  VcStrings  *ids;
};

VcPartyIndex *
vc_party_index_new (void)
{
  VcPartyIndex *self = g_new0 (VcPartyIndex, 1);

  self->interner = vc_interner_new ();
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
  vc_buffer_free (self->indices);
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

gboolean
vc_party_index_finish (VcPartyIndex *self, GCancellable *cancellable)
{
  g_autoptr (VcStrings) labels = self->interner != NULL ? vc_labels_of_interner (self->interner) : NULL;
  guint32 n = 0;

  if (labels == NULL)
    return FALSE;
  self->order = vc_sort_labels (labels, NULL, &n, cancellable);
  self->indices = vc_buffer_new (gint32, n);
  if (self->order == NULL || self->indices == NULL)
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    self->indices[self->order[i]] = (gint32) i;
  self->ids = vc_labels_pick (labels, self->order, n);
  return self->ids != NULL;
}

gint32
vc_party_index_lookup (const VcPartyIndex *self, const char *id, gsize length)
{
  gint32 code = vc_interner_lookup (self->interner, id, length);

  return code >= 0 && (guint32) code < self->ids->n_labels ? self->indices[code] : -1;
}

gboolean
vc_party_index_map (VcPartyIndex *self, const VcStrings *labels, gint32 *indices, GCancellable *cancellable)
{
  VcSlice slices[VC_INDEX_BATCH];

  for (guint32 start = 0; start < labels->n_labels; start += VC_INDEX_BATCH) {
    guint32 n = MIN (VC_INDEX_BATCH, labels->n_labels - start);

    if (start % (VC_INDEX_BATCH * 128) == 0 && g_cancellable_is_cancelled (cancellable))
      return FALSE;
    for (guint32 i = 0; i < n; i++)
      slices[i] = slice_of (labels, start + i);
    if (!vc_interner_add_many (self->interner, labels->text, slices, n, indices + start))
      return FALSE;
    for (guint32 i = start; i < start + n; i++)
      indices[i] = (guint32) indices[i] < self->ids->n_labels ? self->indices[indices[i]] : -1;
  }
  return TRUE;
}

void
vc_party_index_shrink (VcPartyIndex *self)
{
  g_clear_pointer (&self->interner, vc_interner_free);
  g_clear_pointer (&self->indices, vc_buffer_free);
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
