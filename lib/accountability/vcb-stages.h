/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "measure/vcm-watch.h"

G_BEGIN_DECLS

/* What an accountability run does, in this order. */
enum {
  VCB_STAGE_RECORDS,
  VCB_STAGE_LINES,
  VCB_STAGE_SUMMARY,
  VCB_STAGE_PAIRS,
  VCB_STAGE_PARTIES,
  VCB_STAGE_FUNCTIONS,
  VCB_N_STAGES,
};

static const VcmStage vcb_stages[VCB_N_STAGES + 1] = {
  [VCB_STAGE_RECORDS] = { "records", 0 },
  [VCB_STAGE_LINES] = { "lines", 0.15 },
  [VCB_STAGE_SUMMARY] = { "summary", 0.2 },
  [VCB_STAGE_PAIRS] = { "pairs", 0.5 },
  [VCB_STAGE_PARTIES] = { "parties", 0.7 },
  [VCB_STAGE_FUNCTIONS] = { "functions", 0.9 },
  [VCB_N_STAGES] = { NULL, 1 },
};

G_END_DECLS
