/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-ocel-private.h"

G_BEGIN_DECLS

/* The types of a log and their attributes, whatever the order of their declaration and their use. */
VcOcelDeclarations *vc_ocel_declarations_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void                vc_ocel_declarations_free (VcOcelDeclarations *self);
/* Notes at the current place that a type is declared (a second time: a problem), or used. FALSE: no memory, or too
 * many. */
gboolean            vc_ocel_note_type         (VcOcel *self, VcOcelSide side, gint32 type, gboolean declared,
                                               GError **error);
/* Notes a value of an attribute of a type. */
gboolean            vc_ocel_note_value        (VcOcel *self, VcOcelSide side, gint32 type, gint32 name,
                                               VcOcelText value, GError **error);
/* Tells what is used and not declared, and values that came before their declaration and do not fit it. */
void                vc_ocel_settle            (VcOcel *self);
/* Microseconds since 1970. */
gboolean            vc_ocel_parse_time        (const VcOcel *self, VcOcelText text, gint64 *time);
/* Whether any type on a side has an attribute of that name declared. */
gboolean            vc_ocel_has_attribute     (const VcOcel *self, VcOcelSide side, gint32 name);
/* A bit for each such name. */
void                vc_ocel_mark_attributes   (const VcOcel *self, VcOcelSide side, guint8 *bits);
void                vc_ocel_add_problem_at    (VcOcel *self, const VcOcelPlace *place, VcImportError code,
                                               const char *what);
gboolean            vc_ocel_no_memory         (const VcOcel *self, GError **error);
/* The code of a text; -1 where it is no text, which was noted. FALSE: no memory, or too large. */
gboolean            vc_ocel_intern            (VcOcel *self, VcInterner *interner, VcOcelText text, gint32 *code,
                                               GError **error);
/* Makes room for one more of `n` in a buffer of `room` items. */
gboolean            vc_ocel_grow              (gpointer buffer, gsize n, gsize room, gsize size);

G_END_DECLS
