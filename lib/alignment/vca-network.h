/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-chain-private.h"
#include "numeric/vcn-absorb.h"
#include "measure/vcm-watch.h"

G_BEGIN_DECLS

/* Where what flows comes to rest. VCA_PASSES: it does not rest here. */
typedef enum {
  VCA_END_CUSTOMER,
  VCA_END_MANAGER,
  VCA_END_OTHER,
  VCA_END_LOOP,
  VCA_N_ENDS,
  VCA_PASSES = VCA_N_ENDS,
} VcaEnd;

/* The flows of one kind as an absorbing chain in which customers absorb: what flows out of them is left out, and self
 * flows are kept apart. Reversed, it leads from who receives to who gives. */
typedef struct {
  const VcChainArrays *chain;   /* borrowed */
  VcnCsr               flows;
  double              *self;    /* n: self flows; 0 at customers */
  VcnAbsorb           *absorb;  /* of `flows` */
  const double        *outflow; /* n, owned by absorb */
  const guint32       *loops;   /* n, owned by absorb: loop of each party in one */
  guint32              n_loops;
  guint8              *end;     /* n: VcaEnd */
  guint8              *fed;     /* n: whether something flows in from a party that passes on */
  gboolean             is_fed[VCA_N_ENDS]; /* whether something flows to any end of the kind */
  guint                n_threads;
} VcaNetwork;

/* Cleared or not, `self` may be given to vca_network_clear() afterwards. O(m + n) when the chain's flows are in their
 * order. */
gboolean vca_network_init  (VcaNetwork             *self,
                            const VcChainArrays    *chain,
                            VcFlowKind              kind,
                            gboolean                reversed,
                            const VcnAbsorbOptions *options,
                            VcmWatch               *watch,
                            GError                **error);
void     vca_network_clear (VcaNetwork             *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcaNetwork, vca_network_clear)

/* Systems of equations on one network: x = P x where work passes on, x = boundary at ends. Several are solved in little
 * more time than one. */
typedef struct {
  double *boundary[VCA_N_ENDS + 2]; /* owned */
  double *x[VCA_N_ENDS + 2];
  guint n;
} VcaSystems;

/* The boundary to be filled, at 0; NULL: no memory. */
double  *vca_systems_add   (VcaSystems *self,
                            guint32     n,
                            double     *x);
void     vca_systems_clear (VcaSystems *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcaSystems, vca_systems_clear)

/* shares[end][i]: the share of what i passes on that comes to rest at each kind of end, for the ends from `first` on.
 * Each kind is a system of its own, so that their sum proves something; where nothing flows to any end of a kind, its
 * share is known and is filled in. */
gboolean vca_network_add_ends (VcaNetwork *self,
                               VcaEnd      first,
                               double     *shares[VCA_N_ENDS],
                               VcaSystems *systems,
                               GError    **error);
/* steps (n, or NULL): of the first system, see vcn_absorb_forward(). */
gboolean vca_network_solve    (VcaNetwork *self,
                               VcaSystems *systems,
                               double     *steps,
                               VcnProof   *proof,
                               VcmWatch   *watch,
                               GError    **error);

gboolean vca_no_memory (GError **error);

G_END_DECLS
