/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-scores.h"
#include "vc-show-private.h"

G_BEGIN_DECLS

/* The same tables, options and proof, as the explanation of one party. */
VcScores  *vc_scores_new_about   (VcScores     *self,
                                  const char   *party) G_GNUC_WARN_UNUSED_RESULT;
/* "alignment", or "alignment: helpdesk" where they explain a party. */
char      *vc_scores_dup_title   (VcScores     *self) G_GNUC_WARN_UNUSED_RESULT;
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
