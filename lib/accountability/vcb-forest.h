/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-chain-private.h"

G_BEGIN_DECLS

/* Who is in which unit, however deep: what is in a party stands in a row, itself first. A customer is in no unit. */
typedef struct {
  guint32 *place;    /* n: of each party */
  guint32 *size;     /* n: how many are in it, with itself */
  guint32 *at_place; /* n: the party at each */
} VcbForest;

gboolean vcb_forest_init  (VcbForest           *self,
                           const VcChainArrays *chain,
                           GError             **error);
void     vcb_forest_clear (VcbForest           *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbForest, vcb_forest_clear)

G_END_DECLS
