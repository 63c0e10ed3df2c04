/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <gio/gio.h>

#include <valuechain/vc-table.h>

G_BEGIN_DECLS

#define VC_TYPE_SCORES (vc_scores_get_type ())

/* What a measure found: immutable named tables, the options used and the solvers' proof. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcScores, vc_scores, VC, SCORES, GObject)

/* `options`, `proof`: a{sv} or NULL (floating references are sunk). */
VC_AVAILABLE_IN_ALL
VcScores   *vc_scores_new          (const char  *measure,
                                    VcTable    **tables,
                                    gsize        n_tables,
                                    GVariant    *options,
                                    GVariant    *proof) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
const char *vc_scores_get_measure  (VcScores    *self);
/* The party that they explain, or NULL where they are of all. */
VC_AVAILABLE_IN_ALL
const char *vc_scores_get_party    (VcScores    *self);
VC_AVAILABLE_IN_ALL
char      **vc_scores_list_tables  (VcScores    *self) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
VcTable    *vc_scores_get_table    (VcScores    *self,
                                    const char  *name);
VC_AVAILABLE_IN_ALL
GVariant   *vc_scores_get_options  (VcScores    *self);
VC_AVAILABLE_IN_ALL
GVariant   *vc_scores_get_proof    (VcScores    *self);
/* Sinks: all tables, the summary first. `width` and `max_rows` as in VcTable; 0: no limit. */
VC_AVAILABLE_IN_ALL
char       *vc_scores_to_text      (VcScores    *self,
                                    guint        width,
                                    guint        max_rows) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
char       *vc_scores_to_html      (VcScores    *self,
                                    guint        max_rows) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
