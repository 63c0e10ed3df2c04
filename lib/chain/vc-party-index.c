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

int
vc_party_index_add (VcPartyIndex *self, const char *id, gsize length)
{
  guint32 before;

  if (self->interner == NULL)
    return -1;
  before = vc_interner_size (self->interner);
  if (vc_interner_add (self->interner, id, length) < 0)
    return -1;
  return vc_interner_size (self->interner) > before ? 1 : 0;
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

  return code >= 0 ? self->indices[code] : -1;
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
