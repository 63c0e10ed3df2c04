/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-chain-builder.h"
#include "vc-chain-private.h"
#include "vc-commitments-private.h"

G_BEGIN_DECLS

/* The next two are for builders that nobody else knows yet, and look for no other call. */
/* Title, units and window of a chain at once. */
void vc_chain_builder_set_frame (VcChainBuilder *self, const VcChainFrame *frame);
/* A note that check() and the chain will show: what whoever fills the builder has left out. Texts are static. Nothing
 * where `count` is 0. */
void vc_chain_builder_add_note  (VcChainBuilder *self, const char *origin, const char *code, guint64 count,
                                 const char *message);
/* Commitments that the last check or build has left out for this reason, with `lenient`. */
guint64 vc_chain_builder_get_n_dropped (VcChainBuilder *self, VcContradiction why);

G_END_DECLS
