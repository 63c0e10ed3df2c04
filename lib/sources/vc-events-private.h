/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "table/vc-column-private.h"
#include "valuechain/vc-table.h"
#include "vc-event-mapping-private.h"

G_BEGIN_DECLS

/* A column, borrowed. Of its values only those of its type are there; without any, the log has no such column. */
typedef struct {
  const gint32    *codes;    /* text */
  const VcStrings *labels;   /* what the codes stand for */
  const gint64    *int64s;   /* times and whole numbers */
  const double    *doubles;
  const guint8    *bits;     /* truth values */
  const guint8    *validity; /* NULL: all valid */
} VcEventField;

/* The events of a log, a row each, as they stand in the file, whatever its format: the fields of a table that a
 * VcEventFormat read. */
typedef struct {
  VcTable     *table; /* borrowed */
  gsize        n_rows;
  VcEventField fields[VC_EVENT_N_ROLES];
} VcEvents;

void    vc_events_init     (VcEvents *self, VcTable *table);
/* Where a row stands in the file; 0: unknown. */
guint64 vc_events_get_line (const VcEvents *self, gsize row);
/* "log.csv:3", or without the line where nobody knows it. */
char   *vc_events_dup_place (const VcEvents *self, gsize row, const char *name) G_GNUC_WARN_UNUSED_RESULT;

static inline guint32
vc_event_field_n_labels (const VcEventField *self)
{
  return self->labels != NULL ? self->labels->n_labels : 0;
}

/* The rows that have a case and a time, in order of case and, within it, of time; at the same time in order of the
 * file. */
typedef struct {
  guint32  n_cases;     /* labels */
  guint32 *starts;      /* of each case in `rows`, and the end */
  guint32 *rows;
  guint64  n_no_case;   /* rows left out */
  guint64  n_no_time;
  guint64  n_unordered; /* cases whose events stood out of order */
  gsize    longest;     /* the most events of a case */
} VcEventOrder;

/* Time O(n log of the events of a case). Fails where it is cancelled or memory is out. */
gboolean vc_event_order_init  (VcEventOrder    *self,
                               const VcEvents  *events,
                               GCancellable    *cancellable,
                               GError         **error);
void     vc_event_order_clear (VcEventOrder    *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventOrder, vc_event_order_clear)

G_END_DECLS
