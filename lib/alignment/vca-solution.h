/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "numeric/vcn-trophic.h"
#include "vca-network.h"

G_BEGIN_DECLS

/* Sums over all parties, and how many parties stand behind each. */
typedef struct {
  double effort, delivered, rework; /* of all parties but customers */
  double shares[VCA_N_ENDS];    /* delivered effort that ends at each kind of end */
  double steps;                 /* of the effort that reaches a customer */
  double instructions;          /* received by all but customers */
  double origins[VCA_N_ENDS];   /* of them, those that go back to each kind of end */
  double receipts, attributed, unattributed;
  guint64 n_effort, n_reaching, n_instructed, n_attributed, n_unattributed;
} VcaTotals;

/* How far each law of conservation is missed: relative errors. */
typedef struct {
  double shares, effort, revenue;
} VcaConservation;

/* All that is solved for, by party. n = number of parties. */
typedef struct {
  const VcChainArrays *chain;       /* borrowed */
  VcaNetwork           work;
  VcaNetwork           instructions; /* from who receives to who gives */
  gboolean             has_instructions;

  double *effort;                   /* E; 0 where a party has none, see vca_solution_has_effort() */
  double *shares[VCA_N_ENDS];       /* of what it delivers, by where that ends */
  double *steps;                    /* expected hand-overs, times shares[VCA_END_CUSTOMER] */
  double *visits;                   /* effort that passes through or ends at it */
  double *again;                    /* visits, times the mean number of hand-overs behind them */
  double *level;
  double *receipts;                 /* of a customer; NULL in a chain without receipts */
  double *support;                  /* receipts that a unit of delivered effort supports; NULL likewise */
  double *origins[VCA_N_ENDS];      /* of the instructions that it receives; NULL in a chain without any */

  VcaTotals       totals;
  VcaConservation errors;
  VcnProof        forward, backward, backtrack;
  VcnTrophicProof levels;
  guint           n_threads;
} VcaSolution;

/* Solves everything and proves that nothing was lost on the way. Errors: those of the numeric room; NOT_FINITE;
 * CONSERVATION. */
gboolean vca_solution_init  (VcaSolution            *self,
                             const VcChainArrays    *chain,
                             const VcnAbsorbOptions *options,
                             VcmWatch               *watch,
                             GError                **error);
void     vca_solution_clear (VcaSolution            *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcaSolution, vca_solution_clear)

/* Fills totals and errors; FALSE where a law of conservation is broken. */
gboolean vca_solution_add_up (VcaSolution *self, VcmWatch *watch, GError **error);

static inline gboolean
vca_solution_is_customer (const VcaSolution *self, guint32 party)
{
  return self->chain->kind[party] == VC_PARTY_KIND_CUSTOMER;
}

/* A party has effort where it is given or where something flows out. */
static inline gboolean
vca_solution_has_effort (const VcaSolution *self, guint32 party)
{
  return self->effort[party] > 0
         || (self->chain->effort[party] >= 0 && !vca_solution_is_customer (self, party)); /* NaN: not given */
}

static inline gboolean
vca_solution_has_work (const VcaSolution *self, guint32 party)
{
  return self->work.outflow[party] > 0 || self->work.fed[party];
}

G_END_DECLS
