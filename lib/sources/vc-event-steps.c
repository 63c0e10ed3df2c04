/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-steps-private.h"

#include "base/vc-buffer-private.h"

#define LOOK_EVERY 65536 /* events between two looks at the cancellable */

enum {
  OTHER,
  START,
  COMPLETE,
  N_TRANSITIONS
};

static guint8
transition_of (const VcStrings *labels, guint32 code)
{
  gsize length;
  const char *label = vc_strings_peek (labels, code, &length);

  if (length == 5 && g_ascii_strncasecmp (label, "start", 5) == 0)
    return START;
  return length == 8 && g_ascii_strncasecmp (label, "complete", 8) == 0 ? COMPLETE : OTHER;
}

static gboolean
has_pairs (const VcEvents *events)
{
  const VcStrings *labels = events->fields[VC_EVENT_ROLE_LIFECYCLE].labels;
  gboolean has[N_TRANSITIONS] = { FALSE };

  if (labels == NULL || events->fields[VC_EVENT_ROLE_ACTIVITY].codes == NULL)
    return FALSE;
  for (guint32 i = 0; i < labels->n_labels; i++)
    has[transition_of (labels, i)] = TRUE;
  return has[START] && has[COMPLETE];
}

static gboolean
prepare_pairs (VcSteps *self, gsize longest)
{
  const VcStrings *labels = self->events->fields[VC_EVENT_ROLE_LIFECYCLE].labels;
  gsize n_activities = vc_event_field_n_labels (&self->events->fields[VC_EVENT_ROLE_ACTIVITY]);

  self->transitions = vc_buffer_new (guint8, labels->n_labels);
  self->first_open = vc_buffer_new (gint32, n_activities);
  self->last_open = vc_buffer_new (gint32, n_activities);
  self->next_open = vc_buffer_new (gint32, longest);
  if (self->transitions == NULL || self->first_open == NULL || self->last_open == NULL || self->next_open == NULL)
    return FALSE;
  for (guint32 i = 0; i < labels->n_labels; i++)
    self->transitions[i] = transition_of (labels, i);
  for (gsize i = 0; i < n_activities; i++)
    self->first_open[i] = -1;
  return TRUE;
}

gboolean
vc_steps_init (VcSteps *self, const VcEvents *events, gsize longest, gboolean breaks)
{
  *self = (VcSteps) { .events = events, .breaks = breaks, .steps = vc_buffer_new (VcStep, longest) };
  return self->steps != NULL && (!has_pairs (events) || prepare_pairs (self, longest));
}

void
vc_steps_clear (VcSteps *self)
{
  vc_buffer_free (self->transitions);
  vc_buffer_free (self->first_open);
  vc_buffer_free (self->last_open);
  vc_buffer_free (self->next_open);
  vc_buffer_free (self->steps);
  *self = (VcSteps) { 0 };
}

static gint32
code_of (const VcEventField *field, guint32 row)
{
  return field->codes != NULL && vc_bit_is_set (field->validity, row) ? field->codes[row] : -1;
}

static void
open_step (VcSteps *self, gint32 i)
{
  gint32 activity = self->steps[i].activity;

  if (self->first_open[activity] < 0)
    self->first_open[activity] = i;
  else
    self->next_open[self->last_open[activity]] = i;
  self->last_open[activity] = i;
  self->next_open[i] = -1;
}

static void
close_step (VcSteps *self, gint32 i)
{
  VcStep *step = &self->steps[i];
  gint32 partner = self->first_open[step->activity];

  if (partner < 0)
    return;
  self->first_open[step->activity] = self->next_open[partner];
  step->kind = VC_STEP_END;
  step->partner = partner;
  self->steps[partner].kind = VC_STEP_BEGIN;
  self->steps[partner].partner = i;
}

static void
pair (VcSteps *self, gint32 i)
{
  const VcEventField *lifecycle = &self->events->fields[VC_EVENT_ROLE_LIFECYCLE];
  gint32 code = code_of (lifecycle, self->steps[i].row);

  if (self->steps[i].activity < 0 || code < 0)
    return;
  if (self->transitions[code] == START)
    open_step (self, i);
  else if (self->transitions[code] == COMPLETE)
    close_step (self, i);
}

gboolean
vc_steps_make (VcSteps *self, const guint32 *rows, gsize n, GCancellable *cancellable)
{
  const VcEventField *fields = self->events->fields;

  self->n = 0;
  for (gsize i = 0; i < n; i++) {
    VcStep *step = &self->steps[self->n];
    gint32 party = code_of (&fields[VC_EVENT_ROLE_PARTY], rows[i]);

    if (i % LOOK_EVERY == LOOK_EVERY - 1 && g_cancellable_is_cancelled (cancellable))
      return FALSE;
    self->n_no_party += party < 0;
    if (party < 0 && !self->breaks)
      continue;
    *step = (VcStep) {
      .row = rows[i], .kind = party >= 0 ? VC_STEP_WHOLE : VC_STEP_GAP, .party = party, .partner = -1, .before = -1
    };
    step->activity = code_of (&fields[VC_EVENT_ROLE_ACTIVITY], rows[i]);
    if (self->transitions != NULL && party >= 0)
      pair (self, (gint32) self->n);
    self->n++;
  }
  /* What was never completed stays open in this case, and is whole. */
  for (gsize i = 0; self->transitions != NULL && i < self->n; i++)
    if (self->steps[i].activity >= 0)
      self->first_open[self->steps[i].activity] = -1;
  return TRUE;
}
