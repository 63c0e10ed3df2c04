/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "measure/vcm-watch.h"
#include "valuechain/vc-accountability.h"

G_BEGIN_DECLS

/* What run() and explain() do, with any `watch`. */
VcScores *vc_accountability_run_watched (VcAccountability *self,
                                         VcChain          *chain,
                                         VcmWatch         *watch,
                                         GError          **error) G_GNUC_WARN_UNUSED_RESULT;
VcScores *vc_accountability_explain_watched (VcAccountability *self,
                                         VcChain          *chain,
                                         const char       *party,
                                         VcmWatch         *watch,
                                         GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
