/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-events-private.h"

G_BEGIN_DECLS

typedef enum {
  VC_STEP_WHOLE, /* an activity of one event */
  VC_STEP_BEGIN, /* the start of one that is completed later */
  VC_STEP_END,   /* its completion */
  VC_STEP_GAP,   /* nobody knows whose event this was */
} VcStepKind;

/* What happens in a case, in order of time. */
typedef struct {
  guint32    row;
  VcStepKind kind;
  gint32     party;
  gint32     activity; /* -1: none */
  gint32     partner;  /* of BEGIN and END: the other one */
  gint32     before;   /* for whoever walks: the step that ended last before this one began; -1: none */
} VcStep;

/* Makes the events of one case after the other into steps. An event whose lifecycle transition is "start" and a
 * later one of the same activity that is "complete" are one activity, first started, first completed; letters may be
 * of any case. Every other event is an activity of its own, whatever its transition. */
typedef struct {
  const VcEvents *events;
  gboolean        breaks;      /* events without a party are gaps and not left out */
  guint8         *transitions; /* by label; NULL: the log has not both transitions */
  gint32         *first_open;  /* by activity: the first step that was started and not completed; -1: none */
  gint32         *last_open;
  gint32         *next_open;   /* by step */
  VcStep         *steps;
  gsize           n;
  guint64         n_no_party;  /* of all cases so far */
} VcSteps;

/* `longest`: the most events of a case. FALSE: no memory. */
gboolean vc_steps_init  (VcSteps *self, const VcEvents *events, gsize longest, gboolean breaks);
/* FALSE: cancelled. */
gboolean vc_steps_make  (VcSteps *self, const guint32 *rows, gsize n, GCancellable *cancellable);
void     vc_steps_clear (VcSteps *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcSteps, vc_steps_clear)

G_END_DECLS
