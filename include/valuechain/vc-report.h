/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <gio/gio.h>

#include <valuechain/vc-chain.h>
#include <valuechain/vc-scores.h>

G_BEGIN_DECLS

/**
 * VcReportFormat:
 * @VC_REPORT_FORMAT_TEXT: for a terminal
 * @VC_REPORT_FORMAT_JSON: one object, numbers that read back to the same bits, undefined as null
 * @VC_REPORT_FORMAT_CSV: one table; where there are several, one must be chosen
 * @VC_REPORT_FORMAT_HTML: for a browser or a notebook
 *
 * How to write a report.
 */
typedef enum {
  VC_REPORT_FORMAT_TEXT,
  VC_REPORT_FORMAT_JSON,
  VC_REPORT_FORMAT_CSV,
  VC_REPORT_FORMAT_HTML,
} VcReportFormat;

#define VC_TYPE_REPORT (vc_report_get_type ())

/* A chain and its scores, ready to be shown or kept. Properties: width (guint, characters a line of text, 0 = no
 * limit), max-rows (guint, rows of a table in text and HTML, 0 = all), color (boolean, ANSI escapes in text). JSON and
 * CSV always have all rows. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcReport, vc_report, VC, REPORT, GObject)

VC_AVAILABLE_IN_ALL
VcReport *vc_report_new        (VcChain             *chain) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
void      vc_report_add_scores (VcReport            *self,
                                VcScores            *scores);
/* Only these tables; NULL: all. */
VC_AVAILABLE_IN_ALL
void      vc_report_set_tables (VcReport            *self,
                                const char * const  *tables);
VC_AVAILABLE_IN_ALL
gboolean  vc_report_write      (VcReport            *self,
                                VcReportFormat       format,
                                GOutputStream       *stream,
                                GCancellable        *cancellable,
                                GError             **error);
VC_AVAILABLE_IN_ALL
char     *vc_report_to_string  (VcReport            *self,
                                VcReportFormat       format,
                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
