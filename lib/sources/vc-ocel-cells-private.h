/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-event-mapping-private.h"
#include "vc-ocel-role-private.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a log has for a role: a code for each event, or for the object that is its case. */
typedef struct {
  VcOcelRole        role;
  const char       *text;   /* as the mapping has it; NULL: the mapping has no such role */
  const VcInterner *labels; /* of the codes; NULL: the role is the time of the event */
  gint32           *types;  /* of objects, one for each of the role's names */
  gint32           *qualifiers;
  gint32           *of_event;  /* -1: none */
  gint32           *of_object; /* NULL: the case cannot say it */
  guint64           n_several; /* events, or objects, that have several to choose from */
} VcOcelCells;

/* Fills the roles of a log that was read without a problem. Fails where the log does not have what the mapping
 * names. */
gboolean vc_ocel_cells_find  (const VcOcel          *ocel,
                              const VcEventMapping  *mapping,
                              VcOcelCells            cells[VC_EVENT_N_ROLES],
                              GCancellable          *cancellable,
                              GError               **error);
void     vc_ocel_cells_clear (VcOcelCells *self);

/* Whether objects of a type are in the role. */
gboolean vc_ocel_cells_has_type (const VcOcelCells *self, gint32 type, gint32 qualifier);

G_END_DECLS
