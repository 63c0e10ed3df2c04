/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-alignment.h"
#include "measure/vcm-watch.h"

G_BEGIN_DECLS

/* What run() and explain() do, with any `watch`. */
VcScores *vc_alignment_run_watched (VcAlignment *self,
                                    VcChain     *chain,
                                    VcmWatch    *watch,
                                    GError     **error) G_GNUC_WARN_UNUSED_RESULT;
VcScores *vc_alignment_explain_watched (VcAlignment *self,
                                    VcChain     *chain,
                                    const char  *party,
                                    VcmWatch    *watch,
                                    GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
