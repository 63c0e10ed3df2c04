/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcm-groups.h"

#include <string.h>

#include "numeric/vcn-private.h"

#define UNKNOWN G_MAXUINT32
#define NONE (G_MAXUINT32 - 1)

/* The nearest unit at or above a party, or NONE. Each party is passed once in all: what is found goes to all on the
 * way. */
static guint32
find_unit (const VcChainArrays *chain, guint32 *unit, guint32 party)
{
  guint32 top = party, found;

  while (unit[top] == UNKNOWN && chain->kind[top] != VC_PARTY_KIND_UNIT && chain->unit[top] >= 0)
    top = (guint32) chain->unit[top];
  if (unit[top] != UNKNOWN)
    found = unit[top];
  else
    found = chain->kind[top] == VC_PARTY_KIND_UNIT ? top : NONE;

  unit[top] = found;
  while (party != top) {
    unit[party] = found;
    party = (guint32) chain->unit[party];
  }
  return found;
}

static void
list_members (VcmGroups *self, guint32 n)
{
  memset (self->start, 0, ((gsize) n + 1) * sizeof (guint32));
  for (guint32 i = 0; i < n; i++)
    self->start[self->group[i]]++;
  /* Each start becomes the end of its group, and moves back to its start as the members come in from the last to the
   * first. */
  for (guint32 i = 0, sum = 0; i <= n; i++)
    self->start[i] = sum += i < n ? self->start[i] : 0;
  for (guint32 i = n; i-- > 0;)
    self->members[--self->start[self->group[i]]] = i;
}

gboolean
vcm_groups_init (VcmGroups *self, const VcChainArrays *chain, GError **error)
{
  guint32 n = chain->n_parties;
  VC_BUFFER (guint32) unit = vc_buffer_new (guint32, n);

  *self = (VcmGroups) { 0 };
  self->group = vc_buffer_new (guint32, n);
  self->start = vc_buffer_new (guint32, (gsize) n + 1);
  self->members = vc_buffer_new (guint32, n);
  if (unit == NULL || self->group == NULL || self->start == NULL || self->members == NULL)
    return vcn_fail_memory (error);

  memset (unit, 0xff, n * sizeof (guint32));
  for (guint32 i = 0; i < n; i++) {
    guint32 found = find_unit (chain, unit, i);

    self->group[i] = found == NONE || chain->kind[i] == VC_PARTY_KIND_CUSTOMER ? i : found;
  }
  list_members (self, n);
  return TRUE;
}

void
vcm_groups_clear (VcmGroups *self)
{
  g_clear_pointer (&self->group, vc_buffer_free);
  g_clear_pointer (&self->start, vc_buffer_free);
  g_clear_pointer (&self->members, vc_buffer_free);
}
