/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-report.h"
#include "vc-scores-private.h"

G_BEGIN_DECLS

/* What a report is made of. */
typedef struct {
  VcChain   *chain;
  GPtrArray *scores;
} VcReportParts;

/* VcPut functions of VcReportParts. */
gboolean vc_report_put_text (gpointer parts, const VcShow *show, VcWriter *writer, GError **error);
gboolean vc_report_put_html (gpointer parts, const VcShow *show, VcWriter *writer, GError **error);
gboolean vc_report_put_json (gpointer parts, const VcShow *show, VcWriter *writer, GError **error);

G_END_DECLS
