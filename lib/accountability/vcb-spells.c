/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-spells.h"

#include <string.h>

#include "base/vc-buffer-private.h"

#define LEAST_ROOM ((gsize) 64)

gboolean
vcb_spells_reserve (VcbSpells *self, gsize more)
{
  const gsize room = MAX (MAX (self->room * 2, self->n + more), LEAST_ROOM);
  double *days, *weight;
  guint8 *end;

  if (self->n + more <= self->room)
    return TRUE;
  days = vc_buffer_realloc (self->days, self->n, room, sizeof *days);
  self->days = days != NULL ? days : self->days;
  weight = vc_buffer_realloc (self->weight, self->n, room, sizeof *weight);
  self->weight = weight != NULL ? weight : self->weight;
  end = vc_buffer_realloc (self->end, self->n, room, sizeof *end);
  self->end = end != NULL ? end : self->end;
  if (days == NULL || weight == NULL || end == NULL)
    return FALSE;
  self->room = room;
  return TRUE;
}

void
vcb_spells_add (VcbSpells *self, const VcbRecords *records, guint64 record)
{
  if (!vcb_records_time (records, record, &self->days[self->n], &self->end[self->n]))
    return;
  self->weight[self->n] = vcb_records_weigh (records, record);
  self->n++;
}

gboolean
vcb_spells_median (const VcbSpells *self, double z, guint n_threads, VcnLook *look, VcnFigure *median, GError **error)
{
  const VcnSpells spells = { self->n, self->days, self->end, self->weight };
  g_auto (VcnSurvival) survival = { 0 };

  if (!vcn_survival_fit (&survival, &spells, n_threads, look, error))
    return FALSE;
  *median = vcn_survival_median (&survival, z, look);
  if (median->status == VC_STATUS_OK && isinf (median->high))
    median->status = VC_STATUS_TOO_FEW;
  return vcn_look_end (look, error);
}

void
vcb_spells_clear (VcbSpells *self)
{
  vc_buffer_free (self->days);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->end);
  memset (self, 0, sizeof *self);
}
