/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-ocel-private.h"

G_BEGIN_DECLS

typedef enum {
  VC_OCEL_ROLE_ATTRIBUTE, /* the value of the first of these attributes that there is */
  VC_OCEL_ROLE_OBJECT,    /* an object of one of these types */
  VC_OCEL_ROLE_ONLY,      /* an object of the one type there is */
  VC_OCEL_ROLE_TIME,      /* of the event */
  VC_OCEL_ROLE_TYPE,      /* of the event */
} VcOcelRoleKind;

/* Where a role is found, as a mapping writes it:
 *
 *   attribute:NAME   object:TYPE   object:TYPE:QUALIFIER   object   event:time   event:type   NAME
 *
 * with several NAMEs or TYPEs between "|", and a backslash before a ":" or "|" that belongs to a name. */
typedef struct {
  VcOcelRoleKind kind;
  char         **names;
  char         **qualifiers; /* of each name; "" for any */
} VcOcelRole;

/* `bare`: what a text without a prefix names. FALSE: `text` says nothing that there is. */
gboolean vc_ocel_role_parse (VcOcelRole *self, const char *text, VcOcelRoleKind bare);
void     vc_ocel_role_clear (VcOcelRole *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcOcelRole, vc_ocel_role_clear)

G_END_DECLS
