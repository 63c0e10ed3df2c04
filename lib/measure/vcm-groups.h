/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-chain-private.h"

G_BEGIN_DECLS

/* People in their units. A unit stands for itself and for all who belong to it, nested units apart; who belongs to no
 * unit, and each customer, stands for itself. */
typedef struct {
  guint32 *group;   /* n: the party that stands for each party */
  guint32 *start;   /* n + 1: members of group g are members[start[g]] .. members[start[g + 1] - 1], ascending */
  guint32 *members; /* n */
} VcmGroups;

gboolean vcm_groups_init  (VcmGroups           *self,
                           const VcChainArrays *chain,
                           GError             **error);
void     vcm_groups_clear (VcmGroups           *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcmGroups, vcm_groups_clear)

G_END_DECLS
