/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vca-network.h"

G_BEGIN_DECLS

/* The members of each closed loop, linked in order of their ids. */
typedef struct {
  guint32 *first; /* of each loop */
  guint32 *next;  /* n: the next member of the same loop, or G_MAXUINT32 */
} VcaLoops;

gboolean vca_loops_init   (VcaLoops         *self,
                           const VcaNetwork *network,
                           GError          **error);
void     vca_loops_clear  (VcaLoops         *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcaLoops, vca_loops_clear)
/* The ids of the members from `first` on, joined by spaces. FALSE: no memory, or more text than a column can hold. */
gboolean vca_loops_intern (const VcaLoops   *self,
                           const VcStrings  *ids,
                           guint32           first,
                           VcInterner       *interner,
                           gint32           *code);

G_END_DECLS
