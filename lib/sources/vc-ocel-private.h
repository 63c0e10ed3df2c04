/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-problems-private.h"
#include "table/vc-strings-private.h"
#include "valuechain/vc-limits.h"

G_BEGIN_DECLS

/* An object-centric event log, OCEL 2.0 (Berti and others 2024, arXiv 2403.01975), in columns: what the three readers
 * fill, and what is the same whichever did. */

typedef enum {
  VC_OCEL_EVENTS,
  VC_OCEL_OBJECTS,
  VC_OCEL_N_SIDES,
} VcOcelSide;

typedef enum {
  VC_OCEL_STRING,
  VC_OCEL_TIME,
  VC_OCEL_INTEGER,
  VC_OCEL_FLOAT,
  VC_OCEL_BOOLEAN,
  VC_OCEL_N_KINDS,
} VcOcelKind;

/* Not NUL-terminated; `text` is NULL where there is none. */
typedef struct {
  const char *text;
  gsize       length;
} VcOcelText;

/* Where what is being read stands. */
typedef struct {
  const char *list; /* of the format: "events", "object_object", ...; static */
  guint64     line; /* 0: unknown */
  guint64     row;  /* of the list, 1-based */
} VcOcelPlace;

/* Where an event or object was first named; larger places are cut. */
typedef struct {
  guint32     line;
  guint32     row;
  const char *list;
} VcOcelMention;

/* Relations from events or objects to objects, in order of the file. */
typedef struct {
  gsize   n;
  gsize   room;
  gint32 *from;
  gint32 *to;
  gint32 *qualifiers; /* in `texts`; -1: none */
} VcOcelRelations;

/* Values of attributes, in order of the file; of events `times` is NULL. */
typedef struct {
  gsize   n;
  gsize   room;
  gint32 *owners;
  gint32 *names; /* in `names` */
  gint32 *values; /* in `texts` */
  gint64 *times;
} VcOcelValues;

/* Events or objects: the code of an id is its row. Events are numbered as they stand in the file; objects as they
 * are first named. */
typedef struct {
  VcInterner     *ids;
  gint32         *types; /* in `type_names`; -1: only referred to */
  gint64         *times; /* of events; VC_OCEL_NO_TIME: none */
  VcOcelMention  *mentions;
  gsize           room;
  guint32         n_defined;
  VcInterner     *type_names;
  VcOcelRelations relations;
  VcOcelValues    values;
} VcOcelRows;

#define VC_OCEL_NO_TIME G_MININT64

typedef struct _VcOcelDeclarations VcOcelDeclarations;

typedef struct {
  char               *name; /* what messages call the log */
  VcLimits           *limits;
  int                 zone; /* minutes east of UTC, of times that do not say */
  const char *const  *kept; /* names of attributes whose values are kept, borrowed; NULL: all */
  VcOcelRows          rows[VC_OCEL_N_SIDES];
  VcInterner         *names; /* of attributes */
  VcInterner         *texts; /* values and qualifiers */
  VcOcelDeclarations *declarations;
  VcProblems         *problems;
  guint64             n_ignored; /* members that the format does not have */
  VcOcelPlace         place; /* set by the reader before each call */
  VcOcelSide          side;  /* of the current event or object */
  gint32              row;   /* -1: none */
} VcOcel;

/* NULL: no memory. `kept` is borrowed. */
VcOcel     *vc_ocel_new               (const char *name, VcLimits *limits, int zone, const char *const *kept,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void        vc_ocel_free              (VcOcel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcOcel, vc_ocel_free)

/* What the readers call. Each answers FALSE only where memory or a limit is exhausted: what is wrong with the log is
 * noted in `problems`. */
gboolean    vc_ocel_declare_type      (VcOcel *self, VcOcelSide side, VcOcelText name, gint32 *type, GError **error);
gboolean    vc_ocel_declare_attribute (VcOcel *self, VcOcelSide side, gint32 type, VcOcelText name, VcOcelText kind,
                                       GError **error);
/* A new event or object, the current one from here on. */
gboolean    vc_ocel_begin             (VcOcel *self, VcOcelSide side, VcOcelText id, VcOcelText type, GError **error);
/* Makes current what was begun before; notes it where there is no such. */
void        vc_ocel_resume            (VcOcel *self, VcOcelSide side, VcOcelText id);
/* Of the current event. */
void        vc_ocel_set_time          (VcOcel *self, VcOcelText time);
/* Of the current event or object; `time` counts for objects. */
gboolean    vc_ocel_add_value         (VcOcel *self, VcOcelText name, VcOcelText value, VcOcelText time,
                                       GError **error);
/* Of the current event or object to an object. */
gboolean    vc_ocel_relate            (VcOcel *self, VcOcelText target, VcOcelText qualifier, GError **error);
/* Whether the format has a type of attributes called so. */
gboolean    vc_ocel_knows_kind        (VcOcelText name);
void        vc_ocel_add_problem       (VcOcel *self, VcImportError code, const char *what);
/* Looks for what can be known only at the end: what is referred to and not there. */
void        vc_ocel_finish            (VcOcel *self);

G_END_DECLS
