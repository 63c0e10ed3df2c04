/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "numeric/vcn-look.h"

G_BEGIN_DECLS

/* What an alignment does, in this order; a stage that has nothing to do is skipped. */
typedef enum {
  VCA_STAGE_NETWORK,
  VCA_STAGE_ARRIVALS,
  VCA_STAGE_ENDS,
  VCA_STAGE_LEVELS,
  VCA_STAGE_INSTRUCTIONS,
  VCA_STAGE_TABLES,
  VCA_N_STAGES,
} VcaStage;

/* Who looks on while an alignment runs. Every point at which a run may stop passes through here. */
typedef struct {
  gboolean (*step) (gpointer data, double fraction, const char *stage); /* FALSE: stop. NULL: nobody looks on */
  gpointer   data;
  VcaStage   stage;
  VcnMonitor monitor; /* the same for the numeric room, whose fraction is of the stage under way */
} VcaWatch;

/* The watch must not move afterwards: its monitor points to it. */
void     vca_watch_init  (VcaWatch  *self,
                          gboolean (*step) (gpointer data, double fraction, const char *stage),
                          gpointer   data);
/* FALSE and G_IO_ERROR_CANCELLED where the one who looks on says stop. */
gboolean vca_watch_enter (VcaWatch  *self,
                          VcaStage   stage,
                          GError   **error);
gboolean vca_watch_check (VcaWatch  *self,
                          double     fraction,
                          GError   **error);
/* For loops: `fraction` of the stage under way. */
VcnLook  vca_watch_look  (const VcaWatch *self,
                          double          fraction);

G_END_DECLS
