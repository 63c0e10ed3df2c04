/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-sweep.h"

G_BEGIN_DECLS

/* Hubs are solved for by a Schur complement: sweeps answer for given hubs; how all others respond to each hub is found once; then the hubs' own rows are a
 * small dense system. A response has two columns, x for 1 at the hub, and x again with that as its source. */
typedef struct {
  const VcnSweep *sweep;
  gboolean        is_ready;
  guint32         n;
  float          *response[VCN_COARSE_HUBS];                /* 2 times nodes */
  double          loop[VCN_COARSE_HUBS][VCN_COARSE_HUBS];   /* flow of responses back into hubs: first column, */
  double          again[VCN_COARSE_HUBS][VCN_COARSE_HUBS];  /* second */
} VcnHubs;

gboolean vcn_hubs_init  (VcnHubs *self, const VcnSweep *sweep, guint *effort, const VcnMonitor *monitor, GError **error);
void     vcn_hubs_clear (VcnHubs *self);
/* Takes the hubs' entries out of a right-hand side, leaving 0. */
void     vcn_hubs_take  (const VcnHubs *self, guint width, float *b, double rest[2][VCN_COARSE_HUBS]);
/* Completes the answer z for hubs 0 with what the hubs add. */
void     vcn_hubs_give  (const VcnHubs *self, const VcnSweepColumns *columns, float *z, double rest[2][VCN_COARSE_HUBS]);

G_END_DECLS
