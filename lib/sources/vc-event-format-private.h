/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/vc-input-private.h"
#include "valuechain/vc-source.h"
#include "valuechain/vc-table.h"
#include "vc-event-mapping-private.h"

G_BEGIN_DECLS

/* One reading of one log. */
typedef struct {
  VcInput              *input;       /* at its beginning; its limits hold, and `input->file` is what messages call it */
  const char           *path;        /* what the input was opened as, for what may stand beside it */
  const VcEventMapping *mapping;     /* complete: each required role has an attribute */
  VcSource             *source;      /* takes vc_source_add_report() for what only the format knows */
  VcProgress           *progress;    /* from 0 to 1 */
  GCancellable         *cancellable;
  gsize                 piece_size;  /* how many bytes are looked at in one go, for tests; 0: many */
} VcEventReading;

/* How events are written down. What comes of reading is the same for all: a table with a row for each event, in
 * order of the file, and a column for each role that the mapping names, called vc_event_role_name() and of
 * vc_event_role_type(). Nulls are what is missing. An attribute that the format as such cannot have is an error; one
 * that no event has is a column of nulls, or an error too. Messages say where a row stands by the table's lines, or,
 * where it has a column VC_EVENT_LINE of int64, by that. */
typedef struct {
  const char *name;                           /* "CSV" */
  gboolean  (*knows) (const char *head, gsize length); /* the first bytes, unpacked: at most VC_EVENT_HEAD_SIZE */
  const char *defaults[VC_EVENT_N_ROLES];     /* the attributes that the standard names; NULL: none */
  VcTable  *(*read)  (const VcEventReading *reading, GError **error);
} VcEventFormat;

#define VC_EVENT_HEAD_SIZE ((gsize) 4096)
#define VC_EVENT_LINE "line"

extern const VcEventFormat vc_event_format_csv;
extern const VcEventFormat vc_event_format_ocel_json;
extern const VcEventFormat vc_event_format_ocel_sqlite;
extern const VcEventFormat vc_event_format_ocel_xml;
extern const VcEventFormat vc_event_format_xes;

/* The format of what stands at the beginning of the input, which stays there. NULL: it cannot be read. */
const VcEventFormat *vc_event_format_find         (VcInput              *input,
                                                   GCancellable         *cancellable,
                                                   GError              **error);
/* Whether the format names each required role itself. */
gboolean             vc_event_format_is_complete  (const VcEventFormat  *self);
/* Gives roles without an attribute the format's own, and takes the empty text for none. FALSE: a required one is
 * left without. */
gboolean             vc_event_format_complete     (const VcEventFormat  *self,
                                                   const char           *file,
                                                   VcEventMapping       *mapping,
                                                   GError              **error);

G_END_DECLS
