/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a commitment can contradict itself or another one. Of several, the first counts where it is left out. */
typedef enum {
  VC_CONTRADICTION_SELF,
  VC_CONTRADICTION_CLOSED_EARLY,
  VC_CONTRADICTION_KEPT_UNCLOSED,
  VC_CONTRADICTION_OPEN_CLOSED,
  VC_CONTRADICTION_OPEN_CLOSED_BY,
  VC_CONTRADICTION_LATE_IN_TIME,
  VC_CONTRADICTION_TWO_STATES,
  VC_N_CONTRADICTIONS,
} VcContradiction;

/* What such records are, for a report: "owed to oneself". */
const char *vc_contradiction_describe (VcContradiction contradiction);

G_END_DECLS
