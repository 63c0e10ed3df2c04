/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-forest.h"

#include <string.h>

#include "numeric/vcn-private.h"

#define NONE G_MAXUINT32

static guint32
unit_of (const VcChainArrays *chain, guint32 party)
{
  return chain->kind[party] == VC_PARTY_KIND_CUSTOMER || chain->unit[party] < 0 ? NONE : (guint32) chain->unit[party];
}

/* From the leaves up: each party after all that are in it. No chain has units in a circle. */
static void
order_upwards (const VcChainArrays *chain, guint32 *order, guint32 *waiting)
{
  guint32 n = 0;

  memset (waiting, 0, chain->n_parties * sizeof *waiting);
  for (guint32 i = 0; i < chain->n_parties; i++)
    if (unit_of (chain, i) != NONE)
      waiting[unit_of (chain, i)]++;
  for (guint32 i = 0; i < chain->n_parties; i++)
    if (waiting[i] == 0)
      order[n++] = i;
  for (guint32 k = 0; k < n; k++) {
    const guint32 unit = unit_of (chain, order[k]);

    if (unit != NONE && --waiting[unit] == 0)
      order[n++] = unit;
  }
}

/* `next`: where the next party in a unit goes. */
static void
find_places (VcbForest *self, const VcChainArrays *chain, const guint32 *order, guint32 *next)
{
  guint32 top = 0;

  for (guint32 i = 0; i < chain->n_parties; i++)
    self->size[i] = 1;
  for (guint32 k = 0; k < chain->n_parties; k++)
    if (unit_of (chain, order[k]) != NONE)
      self->size[unit_of (chain, order[k])] += self->size[order[k]];
  for (guint32 k = chain->n_parties; k-- > 0;) {
    const guint32 party = order[k], unit = unit_of (chain, party);
    guint32 *free_place = unit != NONE ? &next[unit] : &top;

    self->place[party] = *free_place;
    self->at_place[*free_place] = party;
    next[party] = *free_place + 1;
    *free_place += self->size[party];
  }
}

gboolean
vcb_forest_init (VcbForest *self, const VcChainArrays *chain, GError **error)
{
  const guint32 n = chain->n_parties;
  VC_BUFFER (guint32) order = vc_buffer_new (guint32, n);
  VC_BUFFER (guint32) next = vc_buffer_new (guint32, n);

  self->place = vc_buffer_new (guint32, n);
  self->size = vc_buffer_new (guint32, n);
  self->at_place = vc_buffer_new (guint32, n);
  if (order == NULL || next == NULL || self->place == NULL || self->size == NULL || self->at_place == NULL)
    return vcn_fail_memory (error);
  order_upwards (chain, order, next);
  find_places (self, chain, order, next);
  return TRUE;
}

void
vcb_forest_clear (VcbForest *self)
{
  vc_buffer_free (self->place);
  vc_buffer_free (self->size);
  vc_buffer_free (self->at_place);
  memset (self, 0, sizeof *self);
}
