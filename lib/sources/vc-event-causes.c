/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-causes-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"

static inline gboolean
has_bit (const guint64 *bits, guint32 i)
{
  return bits[i / 64] >> (i % 64) & 1;
}

static inline void
set_bit (guint64 *bits, guint32 i)
{
  bits[i / 64] |= G_GUINT64_CONSTANT (1) << (i % 64);
}

gboolean
vc_event_causes_init (VcEventCauses *self, guint32 n_activities)
{
  gsize words = (n_activities + 63) / 64, size = words * n_activities;

  *self = (VcEventCauses) {
    .n = n_activities,
    .words = words,
    .follows = vc_buffer_new0 (guint64, size),
    .causes = vc_buffer_new0 (guint64, size),
    .caused_by = vc_buffer_new0 (guint64, size),
    .apart = vc_buffer_new0 (guint64, size),
    .later = vc_buffer_new0 (guint64, words),
    .last = vc_buffer_new (gint32, n_activities),
    .recent = vc_buffer_new (gint32, n_activities),
  };
  if (self->follows == NULL || self->causes == NULL || self->caused_by == NULL || self->apart == NULL
      || self->later == NULL || self->last == NULL || self->recent == NULL)
    return FALSE;
  for (guint32 i = 0; i < n_activities; i++)
    self->last[i] = -1;
  return TRUE;
}

void
vc_event_causes_clear (VcEventCauses *self)
{
  vc_buffer_free (self->follows);
  vc_buffer_free (self->causes);
  vc_buffer_free (self->caused_by);
  vc_buffer_free (self->apart);
  vc_buffer_free (self->later);
  vc_buffer_free (self->last);
  vc_buffer_free (self->recent);
  *self = (VcEventCauses) { 0 };
}

void
vc_event_causes_note (VcEventCauses *self, gint32 from, gint32 to)
{
  if (from >= 0 && to >= 0)
    set_bit (self->follows + (gsize) from * self->words, (guint32) to);
}

void
vc_event_causes_settle (VcEventCauses *self)
{
  for (guint32 a = 0; a < self->n; a++)
    for (guint32 b = 0; b < self->n; b++) {
      gboolean forth = has_bit (self->follows + a * self->words, b),
               back = has_bit (self->follows + b * self->words, a);

      if (forth && !back) {
        set_bit (self->causes + a * self->words, b);
        set_bit (self->caused_by + b * self->words, a);
      } else if (!forth && !back) {
        set_bit (self->apart + a * self->words, b);
      }
    }
}

gboolean
vc_event_causes_has (const VcEventCauses *self, gint32 from, gint32 to)
{
  return from >= 0 && to >= 0 && has_bit (self->causes + (gsize) from * self->words, (guint32) to);
}

void
vc_event_causes_forget (VcEventCauses *self)
{
  for (guint32 i = 0; i < self->n_recent; i++)
    self->last[self->recent[i]] = -1;
  self->n_recent = 0;
}

void
vc_event_causes_done (VcEventCauses *self, gint32 activity, gint32 step)
{
  guint32 i = 0;

  if (activity < 0)
    return;
  if (self->last[activity] >= 0) {
    while (self->recent[i] != activity)
      i++;
    memmove (self->recent + i, self->recent + i + 1, (self->n_recent - i - 1) * sizeof *self->recent);
    self->n_recent--;
  }
  self->recent[self->n_recent++] = activity;
  self->last[activity] = step;
}

/* Whether an activity that came later than `from` stands for it, or has taken its work. */
static gboolean
is_replaced (const VcEventCauses *self, guint32 from, guint32 to)
{
  const guint64 *causes = self->causes + from * self->words, *from_apart = self->apart + from * self->words;
  const guint64 *caused_by = self->caused_by + to * self->words, *to_apart = self->apart + to * self->words;

  if (has_bit (self->later, to))
    return TRUE;
  for (gsize i = 0; i < self->words; i++)
    if (self->later[i] & ((causes[i] & to_apart[i]) | (caused_by[i] & from_apart[i])))
      return TRUE;
  return FALSE;
}

guint32
vc_event_causes_find (VcEventCauses *self, gint32 activity, gint32 *steps)
{
  guint32 n = 0;

  if (activity < 0)
    return 0;
  memset (self->later, 0, self->words * sizeof *self->later);
  for (guint32 i = self->n_recent; i > 0; i--) {
    gint32 from = self->recent[i - 1];

    if (vc_event_causes_has (self, from, activity) && !is_replaced (self, (guint32) from, (guint32) activity))
      steps[n++] = self->last[from];
    set_bit (self->later, (guint32) from);
  }
  return n;
}
