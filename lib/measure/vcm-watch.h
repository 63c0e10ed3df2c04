/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "numeric/vcn-look.h"
#include "valuechain/vc-progress.h"

G_BEGIN_DECLS

/* Where a stage starts, as a share of the time that a large chain takes. A list ends with one that has no name and
 * starts at 1. */
typedef struct {
  const char *name;
  double      start;
} VcmStage;

/* Who looks on while a measure runs. Every point at which a run may stop passes through here. */
typedef struct {
  gboolean (*step) (gpointer data, double fraction, const char *stage); /* FALSE: stop. NULL: nobody looks on */
  gpointer        data;
  const VcmStage *stage;
  VcnMonitor      monitor; /* the same for the numeric room, whose fraction is of the stage under way */
} VcmWatch;

/* The watch must not move afterwards: its monitor points to it. */
void     vcm_watch_init   (VcmWatch       *self,
                           gboolean      (*step) (gpointer data, double fraction, const char *stage),
                           gpointer        data);
/* FALSE and G_IO_ERROR_CANCELLED where the one who looks on says stop. */
gboolean vcm_watch_enter  (VcmWatch       *self,
                           const VcmStage *stage,
                           GError        **error);
gboolean vcm_watch_check  (VcmWatch       *self,
                           double          fraction,
                           GError        **error);
/* For loops: `fraction` of the stage under way. */
VcnLook  vcm_watch_look   (const VcmWatch *self,
                           double          fraction);

/* Who looks on with what run() is given; either may be NULL. */
typedef struct {
  VcProgress   *progress;
  GCancellable *cancellable;
  VcmWatch      watch;
} VcmOnlooker;

/* The watch, which like the onlooker must not move until the end. */
VcmWatch *vcm_onlooker_begin (VcmOnlooker  *self,
                              VcProgress   *progress,
                              GCancellable *cancellable);
/* All is done, unless `result` is NULL. Answers it. */
gpointer  vcm_onlooker_end   (VcmOnlooker  *self,
                              gpointer      result);

G_END_DECLS
