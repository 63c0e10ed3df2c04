/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "measure/vcm-watch.h"

G_BEGIN_DECLS

/* What an alignment does, in this order; a stage that has nothing to do is skipped. */
enum {
  VCA_STAGE_NETWORK,
  VCA_STAGE_ARRIVALS,
  VCA_STAGE_ENDS,
  VCA_STAGE_LEVELS,
  VCA_STAGE_INSTRUCTIONS,
  VCA_STAGE_TABLES,
  VCA_N_STAGES,
};

static const VcmStage vca_stages[VCA_N_STAGES + 1] = {
  [VCA_STAGE_NETWORK] = { "network", 0 },
  [VCA_STAGE_ARRIVALS] = { "arrivals", 0.2 },
  [VCA_STAGE_ENDS] = { "ends", 0.4 },
  [VCA_STAGE_LEVELS] = { "levels", 0.7 },
  [VCA_STAGE_INSTRUCTIONS] = { "instructions", 0.85 },
  [VCA_STAGE_TABLES] = { "tables", 0.9 },
  [VCA_N_STAGES] = { NULL, 1 },
};

G_END_DECLS
