/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "table/vc-column-private.h"
#include "table/vc-strings-private.h"
#include "valuechain/vc-error.h"
#include "vc-event-format-private.h"

G_BEGIN_DECLS

/* A value of a role's type. Text is valid UTF-8, borrowed. */
typedef struct {
  const char *text;
  gsize       length;
  gint64      int64; /* times too */
  double      number;
  gboolean    boolean;
} VcEventValue;

typedef enum {
  VC_EVENT_VALUE_OK,
  VC_EVENT_VALUE_MISSING, /* the text is what stands for a missing value */
  VC_EVENT_VALUE_WRONG,
} VcEventValueResult;

/* Reads text as a value of that type. Where it is wrong, says how. */
typedef struct {
  VcImportError code;
  const char   *what;
} VcEventValueProblem;

VcEventValueResult vc_event_value_read (VcEventValue *self, VcColumnType type, const char *text, gsize length,
                                        const VcEventMapping *mapping, VcEventValueProblem *problem);

typedef struct {
  union {
    gpointer any;
    gint32  *codes;
    gint64  *int64s;
    double  *doubles;
    guint8  *bits;
  };
  guint8     *validity;
  VcInterner *interner;
  gboolean    has_values;
} VcEventStore;

/* The table of events (see VcEventFormat) as it grows, for formats that meet the events one by one. Memory: 4 bytes
 * a row for text, 8 for times and numbers, and one bit. */
typedef struct {
  VcEventStore stores[VC_EVENT_N_ROLES]; /* `any` is NULL where the mapping names no attribute */
  gint64      *lines;
  gsize        n_rows;
  gsize        room;
} VcEventRows;

/* A column for each role that the mapping gives an attribute. FALSE here and below: no memory. */
gboolean vc_event_rows_init        (VcEventRows *self, const VcEventMapping *mapping);
/* A new last row, of nulls. */
gboolean vc_event_rows_add         (VcEventRows *self, guint64 line);
/* Sets what a role is in one row; `role` must have a column. */
gboolean vc_event_rows_set         (VcEventRows *self, VcEventRole role, gsize row, const VcEventValue *value);
/* The same in all rows from `start` on that have no value yet. */
gboolean vc_event_rows_fill        (VcEventRows *self, VcEventRole role, gsize start, const VcEventValue *value);
static inline gboolean
vc_event_rows_has (const VcEventRows *self, VcEventRole role, gsize row)
{
  return vc_bit_is_set (self->stores[role].validity, row);
}

/* Fails where a required role, or one that somebody named an attribute for, has no value in any row: `defaults` are
 * the format's. */
gboolean vc_event_rows_check       (const VcEventRows    *self,
                                    const VcEventReading *reading,
                                    const char *const    *defaults,
                                    GError              **error);
VcTable *vc_event_rows_finish      (VcEventRows *self) G_GNUC_WARN_UNUSED_RESULT;
void     vc_event_rows_clear       (VcEventRows *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventRows, vc_event_rows_clear)

G_END_DECLS
