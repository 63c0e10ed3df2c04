/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-loops.h"

#include <string.h>

#include "base/vc-buffer-private.h"

gboolean
vca_loops_init (VcaLoops *self, const VcaNetwork *network, GError **error)
{
  self->first = vc_buffer_new (guint32, network->n_loops);
  self->next = vc_buffer_new (guint32, network->flows.n);
  if (self->first == NULL || self->next == NULL)
    return vca_no_memory (error);
  memset (self->first, 0xff, network->n_loops * sizeof (guint32));
  for (guint32 i = network->flows.n; i-- > 0;) {
    guint32 loop = network->loops[i];

    if (loop == G_MAXUINT32)
      continue;
    self->next[i] = self->first[loop];
    self->first[loop] = i;
  }
  return TRUE;
}

void
vca_loops_clear (VcaLoops *self)
{
  g_clear_pointer (&self->first, vc_buffer_free);
  g_clear_pointer (&self->next, vc_buffer_free);
}

gboolean
vca_loops_intern (const VcaLoops *self, const VcStrings *ids, guint32 first, VcInterner *interner, gint32 *code)
{
  VC_BUFFER (char) text = NULL;
  gsize length, size = 0;

  for (guint32 i = first; i != G_MAXUINT32; i = self->next[i]) {
    vc_strings_peek (ids, i, &length);
    size += length + 1;
  }
  text = vc_buffer_new (char, size);
  if (text == NULL || size > G_MAXINT32)
    return FALSE;
  size = 0;
  for (guint32 i = first; i != G_MAXUINT32; i = self->next[i]) {
    const char *id = vc_strings_peek (ids, i, &length);

    memcpy (text + size, id, length);
    text[size + length] = ' ';
    size += length + 1;
  }
  *code = vc_interner_add (interner, text, size - 1);
  return *code >= 0;
}
