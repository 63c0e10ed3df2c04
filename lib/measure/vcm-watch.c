/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcm-watch.h"

static gboolean
step_of_stage (gpointer data, double fraction)
{
  const VcmWatch *self = data;
  const VcmStage *stage = self->stage;

  if (self->step == NULL)
    return TRUE;
  return self->step (self->data, stage->start + CLAMP (fraction, 0, 1) * (stage[1].start - stage->start), stage->name);
}

void
vcm_watch_init (VcmWatch *self, gboolean (*step) (gpointer data, double fraction, const char *stage), gpointer data)
{
  static const VcmStage whole[] = { { NULL, 0 }, { NULL, 1 } };

  *self = (VcmWatch) { .step = step, .data = data, .stage = whole, .monitor = { step_of_stage, self } };
}

gboolean
vcm_watch_enter (VcmWatch *self, const VcmStage *stage, GError **error)
{
  self->stage = stage;
  return vcm_watch_check (self, 0, error);
}

gboolean
vcm_watch_check (VcmWatch *self, double fraction, GError **error)
{
  if (step_of_stage (self, fraction))
    return TRUE;
  return vcn_fail_cancelled (error);
}

VcnLook
vcm_watch_look (const VcmWatch *self, double fraction)
{
  return (VcnLook) { &self->monitor, fraction, FALSE };
}

static gboolean
look_on (gpointer data, double fraction, const char *stage)
{
  const VcmOnlooker *self = data;

  if (g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  if (self->progress != NULL)
    vc_progress_update (self->progress, fraction, stage);
  return TRUE;
}

VcmWatch *
vcm_onlooker_begin (VcmOnlooker *self, VcProgress *progress, GCancellable *cancellable)
{
  self->progress = progress;
  self->cancellable = cancellable;
  vcm_watch_init (&self->watch, look_on, self);
  return &self->watch;
}

gpointer
vcm_onlooker_end (VcmOnlooker *self, gpointer result)
{
  if (result != NULL && self->progress != NULL)
    vc_progress_update (self->progress, 1, NULL);
  return result;
}
