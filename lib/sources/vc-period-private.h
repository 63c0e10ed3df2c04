/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-chain-private.h"

G_BEGIN_DECLS

/* A chain of a later period that is to be joined to one: who is in both, and what both mean together. Borrows the
 * chains. */
typedef struct {
  VcChain     *old;
  VcChain     *new;
  gint32      *old_parties;  /* for each party of the new chain its row in the old one, or -1 */
  VcChainFrame frame;        /* of both together */
  gboolean     adds_efforts; /* efforts are capacities in the windows: those of both add up */
} VcPeriod;

/* Fails where the new chain contradicts the old one or has records that stand there already:
 * VC_IMPORT_ERROR_CONTRADICTION, _DUPLICATE, _MISSING. O(n). */
gboolean  vc_period_init  (VcPeriod      *self,
                           VcChain       *old,
                           VcChain       *new,
                           GCancellable  *cancellable,
                           GError       **error);
void      vc_period_clear (VcPeriod      *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcPeriod, vc_period_clear)
/* The parties of the new chain that the old one lacks; columns that name parties have the codes of the new chain. NULL:
 * cancelled, or no memory. */
VcTable  *vc_period_take_new_parties (const VcPeriod *self, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The effort of a party of the new chain in both periods; FALSE: the old one's stays. */
gboolean  vc_period_get_effort (const VcPeriod *self, guint32 party, double *effort);
/* The chain of both, through the builder and all that it checks. */
VcChain  *vc_period_join  (const VcPeriod *self,
                           VcTable        *new_parties,
                           VcLimits       *limits,
                           GCancellable   *cancellable,
                           GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
