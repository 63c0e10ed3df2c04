/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <gio/gio.h>

#include <valuechain/vc-chain.h>
#include <valuechain/vc-progress.h>
#include <valuechain/vc-scores.h>

G_BEGIN_DECLS

/**
 * VcGrouping:
 * @VC_GROUPING_NONE: a row for each party
 * @VC_GROUPING_UNIT: a row for each unit, with its people rolled up into it
 *
 * What a row of the parties table stands for, in measures that have the option.
 */
typedef enum {
  VC_GROUPING_NONE,
  VC_GROUPING_UNIT,
} VcGrouping;

#define VC_TYPE_MEASURE (vc_measure_get_type ())

/* A way to score a chain. Its options are the readable and writable properties that subclasses add; `threads` (guint, 0
 * = all processors) belongs to every measure, never changes a result and is no option. Derive it, in any language, by
 * overriding run() and get_name(), and explain() where it can say what is behind a score. */
VC_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (VcMeasure, vc_measure, VC, MEASURE, GObject)

/**
 * VcMeasureClass:
 * @parent_class: the parent class
 * @get_name: the lower-case name, as in "alignment"; where it is not overridden, that of the class
 * @run: scores a chain
 * @runs_in_thread: whether @run and @explain may be called from another thread than the caller's, which is what
 *   [method@Measure.run_async] does then; else it calls @run from the caller's main context
 * @explain: says what is behind the scores of one party; where it is not overridden, the measure cannot
 *
 * The class of measures.
 */
struct _VcMeasureClass
{
  GObjectClass parent_class;

  const char *(*get_name) (VcMeasure     *self);
  VcScores   *(*run)      (VcMeasure     *self,
                           VcChain       *chain,
                           VcProgress    *progress,
                           GCancellable  *cancellable,
                           GError       **error);
  gboolean      runs_in_thread;
  VcScores   *(*explain)  (VcMeasure     *self,
                           VcChain       *chain,
                           const char    *party,
                           VcProgress    *progress,
                           GCancellable  *cancellable,
                           GError       **error);

  /*< private >*/
  gpointer padding[7];
};

/* The measures that come with the library. */
VC_AVAILABLE_IN_ALL
char      **vc_measure_list_names   (void) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
VcMeasure  *vc_measure_for_name     (const char           *name,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
const char *vc_measure_get_name     (VcMeasure            *self);
VC_AVAILABLE_IN_ALL
guint       vc_measure_get_threads  (VcMeasure            *self);
VC_AVAILABLE_IN_ALL
void        vc_measure_set_threads  (VcMeasure            *self,
                                     guint                 threads);
/* Table "options": name, type, default, value, minimum, maximum, description; all text, null where there is none. */
VC_AVAILABLE_IN_ALL
VcTable    *vc_measure_list_options (VcMeasure            *self) G_GNUC_WARN_UNUSED_RESULT;
/* Sets an option from text, as on a command line; never depends on the locale. */
VC_AVAILABLE_IN_ALL
gboolean    vc_measure_set_option   (VcMeasure            *self,
                                     const char           *name,
                                     const char           *value,
                                     GError              **error);
VC_AVAILABLE_IN_ALL
VcScores   *vc_measure_run          (VcMeasure            *self,
                                     VcChain              *chain,
                                     VcProgress           *progress,
                                     GCancellable         *cancellable,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
void        vc_measure_run_async    (VcMeasure            *self,
                                     VcChain              *chain,
                                     VcProgress           *progress,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
VC_AVAILABLE_IN_ALL
VcScores   *vc_measure_run_finish   (VcMeasure            *self,
                                     GAsyncResult         *result,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is behind the scores of one party, as tables again. */
VC_AVAILABLE_IN_ALL
VcScores   *vc_measure_explain      (VcMeasure            *self,
                                     VcChain              *chain,
                                     const char           *party,
                                     VcProgress           *progress,
                                     GCancellable         *cancellable,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
void        vc_measure_explain_async (VcMeasure           *self,
                                     VcChain              *chain,
                                     const char           *party,
                                     VcProgress           *progress,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
VC_AVAILABLE_IN_ALL
VcScores   *vc_measure_explain_finish (VcMeasure          *self,
                                     GAsyncResult         *result,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
