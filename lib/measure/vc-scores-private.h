/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-scores.h"
#include "vc-show-private.h"

G_BEGIN_DECLS

/* The tables that are to be shown, borrowed: the summary first, the others as the measure made them. */
GPtrArray *vc_scores_pick_tables (VcScores     *self,
                                  const VcShow *show) G_GNUC_WARN_UNUSED_RESULT;
/* VcPut functions of scores. */
gboolean   vc_scores_put_text    (gpointer      scores,
                                  const VcShow *show,
                                  VcWriter     *writer,
                                  GError      **error);
gboolean   vc_scores_put_html    (gpointer      scores,
                                  const VcShow *show,
                                  VcWriter     *writer,
                                  GError      **error);

G_END_DECLS
