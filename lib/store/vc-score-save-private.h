/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-score-index-private.h"

G_BEGIN_DECLS

/* Puts scores into a copy of the file, which takes its place: one try. `digest` is of the chain that they are of. */
VcInstall vc_score_save (VcChainFile   *file,
                         VcScores      *scores,
                         const char    *digest,
                         GCancellable  *cancellable,
                         GError       **error);

G_END_DECLS
