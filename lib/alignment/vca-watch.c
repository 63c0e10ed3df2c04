/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-watch.h"

/* Where each stage starts, as a share of the time that a large chain takes. */
static const struct {
  const char *name;
  double      start;
} stages[VCA_N_STAGES + 1] = {
  [VCA_STAGE_NETWORK] = { "network", 0 },
  [VCA_STAGE_ARRIVALS] = { "arrivals", 0.2 },
  [VCA_STAGE_ENDS] = { "ends", 0.4 },
  [VCA_STAGE_LEVELS] = { "levels", 0.7 },
  [VCA_STAGE_INSTRUCTIONS] = { "instructions", 0.85 },
  [VCA_STAGE_TABLES] = { "tables", 0.9 },
  [VCA_N_STAGES] = { NULL, 1 },
};

static gboolean
step_of_stage (gpointer data, double fraction)
{
  const VcaWatch *self = data;
  double start = stages[self->stage].start;

  if (self->step == NULL)
    return TRUE;
  return self->step (self->data, start + CLAMP (fraction, 0, 1) * (stages[self->stage + 1].start - start),
                     stages[self->stage].name);
}

void
vca_watch_init (VcaWatch *self, gboolean (*step) (gpointer data, double fraction, const char *stage), gpointer data)
{
  *self = (VcaWatch) { .step = step, .data = data, .monitor = { step_of_stage, self } };
}

gboolean
vca_watch_enter (VcaWatch *self, VcaStage stage, GError **error)
{
  self->stage = stage;
  return vca_watch_check (self, 0, error);
}

gboolean
vca_watch_check (VcaWatch *self, double fraction, GError **error)
{
  if (step_of_stage (self, fraction))
    return TRUE;
  return vcn_fail_cancelled (error);
}

VcnLook
vca_watch_look (const VcaWatch *self, double fraction)
{
  return (VcnLook) { &self->monitor, fraction, FALSE };
}
