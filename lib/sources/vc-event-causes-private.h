/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which activities follow each other causally: van der Aalst, Weijters and Maruster (2004), Workflow mining:
 * discovering process models from event logs, IEEE Transactions on Knowledge and Data Engineering 16:1128-1142,
 * definition 3.2. Of the whole log, a > b says that b once followed a directly; a -> b that a > b and never b > a: a
 * causes b; a # b that neither ever followed the other: they are steps of different branches of a choice, or far from
 * each other. Two that followed each other both ways are concurrent.
 *
 * Within a case, what causes a step are the latest steps of those activities that cause its own, unless a step in
 * between stands for them: one of the same activity as the step or of another branch (#) than it, caused by the same,
 * has taken the work already; or one that causes the step is of another branch than the cause, and brings the work. */
typedef struct {
  guint32  n;         /* activities */
  gsize    words;     /* of a row of bits */
  guint64 *follows;   /* n rows: a > b */
  guint64 *causes;    /* a -> b */
  guint64 *caused_by; /* the same the other way round */
  guint64 *apart;     /* a # b */
  guint64 *later;     /* one row, of activities */
  gint32  *last;      /* the latest step of each activity in the case */
  gint32  *recent;    /* activities of the case, the latest last */
  guint32  n_recent;
} VcEventCauses;

#define VC_EVENT_MAX_ACTIVITIES 1024

/* At most VC_EVENT_MAX_ACTIVITIES. FALSE: no memory. */
gboolean vc_event_causes_init   (VcEventCauses *self, guint32 n_activities);
void     vc_event_causes_clear  (VcEventCauses *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventCauses, vc_event_causes_clear)
/* First tells it which activities follow each other directly, then settles. */
void     vc_event_causes_note   (VcEventCauses *self, gint32 from, gint32 to);
void     vc_event_causes_settle (VcEventCauses *self);
gboolean vc_event_causes_has    (const VcEventCauses *self, gint32 from, gint32 to);
/* Then, for each case: forget, and for each step find its causes and say when it is done. */
void     vc_event_causes_forget (VcEventCauses *self);
void     vc_event_causes_done   (VcEventCauses *self, gint32 activity, gint32 step);
/* Puts the steps that cause one of that activity into `steps`, which has room for n. Time: the activities of the
 * case, and n/64 for each that causes this one. */
guint32  vc_event_causes_find   (VcEventCauses *self, gint32 activity, gint32 *steps);

G_END_DECLS
