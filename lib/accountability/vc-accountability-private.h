/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "measure/vcm-watch.h"
#include "valuechain/vc-accountability.h"

G_BEGIN_DECLS

/* What run() does, with any `watch`. */
VcScores *vc_accountability_run_watched (VcAccountability *self,
                                         VcChain          *chain,
                                         VcmWatch         *watch,
                                         GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
