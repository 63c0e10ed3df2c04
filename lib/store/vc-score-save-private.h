/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-score-index-private.h"

G_BEGIN_DECLS

/* What is to be kept. `digest` is of the chain that the scores are of. */
typedef struct {
  VcScores     *scores;
  const char   *digest;
  VcProgress   *progress;
  GCancellable *cancellable;
} VcScoreOrder;

/* Puts scores into a copy of the file, which takes its place: one try. `data` is a VcScoreOrder. */
VcInstall vc_score_save (VcChainFile *file, gpointer data, GError **error);

G_END_DECLS
