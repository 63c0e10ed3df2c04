/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-solution.h"

#include <math.h>

#include "base/vc-parallel-private.h"
#include "measure/vcm-column.h"
#include "numeric/vcn-sum.h"
#include "valuechain/vc-error.h"

/* What may be lost on the way, relative to the whole. */
#define MAX_ERROR 1e-9

/* Few parties are not worth a second thread. */
static guint
n_threads_for (const VcaSolution *self)
{
  return self->chain->n_parties < VCM_CHUNK ? 1 : self->n_threads;
}

static double
relative_error (double a, double b, double whole)
{
  if (a == b)
    return 0;
  return fabs (a - b) / (whole > 0 ? whole : 1);
}

/* One of the sums over all parties, each in an order of its own: threads take them by turns. */
typedef struct {
  const double *weights; /* NULL: 1 */
  const double *values;
  double       *total;
} Addend;

#define MOST_ADDENDS (6 + 2 * VCA_N_ENDS)

typedef struct {
  VcaSolution *solution;
  guint        n;
  Addend       addends[MOST_ADDENDS];
  VcnLook      look;
} Addition;

static void
add (Addition *self, const double *weights, const double *values, double *total)
{
  g_assert (self->n < MOST_ADDENDS);
  self->addends[self->n++] = (Addend) { weights, values, total };
}

static void
add_up (gpointer data, guint k)
{
  Addition *self = data;
  const Addend *addend = &self->addends[k];
  const guint32 n = self->solution->chain->n_parties;

  if (vcn_look_now (&self->look))
    *addend->total
      = addend->weights != NULL ? vcn_dot (addend->weights, addend->values, n) : vcn_sum (addend->values, n);
}

static void
count_parties (VcaSolution *self)
{
  VcaTotals *totals = &self->totals;

  for (guint32 i = 0; i < self->chain->n_parties; i++) {
    totals->n_effort += self->effort[i] > 0;
    totals->n_reaching += self->work.outflow[i] > 0 && self->shares[VCA_END_CUSTOMER][i] > 0;
    totals->n_instructed += self->has_instructions && self->instructions.outflow[i] > 0;
  }
}

static gboolean
add_up_parties (VcaSolution *self, VcmWatch *watch, GError **error)
{
  VcaTotals *totals = &self->totals;
  const double *work = self->work.outflow, *instructions = self->instructions.outflow;
  Addition addition = { .solution = self, .look = vcm_watch_look (watch, 1) };

  add (&addition, NULL, self->effort, &totals->effort);
  add (&addition, NULL, work, &totals->delivered);
  add (&addition, NULL, self->work.self, &totals->rework);
  add (&addition, work, self->steps, &totals->steps);
  for (VcaEnd end = 0; end < VCA_N_ENDS; end++)
    add (&addition, work, self->shares[end], &totals->shares[end]);
  if (self->has_instructions)
    add (&addition, NULL, instructions, &totals->instructions);
  for (VcaEnd end = 0; self->has_instructions && end < VCA_N_ENDS; end++)
    add (&addition, instructions, self->origins[end], &totals->origins[end]);
  if (self->chain->n_receipts > 0)
    add (&addition, work, self->support, &totals->attributed);
  vc_parallel (n_threads_for (self), addition.n, add_up, &addition);
  if (!vcn_look_end (&addition.look, error))
    return FALSE;
  count_parties (self);
  return vcm_watch_check (watch, 1, error);
}

/* Revenue and the sum of all receipts, whatever their sign: a credit note is a receipt below zero. */
static gboolean
add_up_receipts (VcaSolution *self, VcmWatch *watch, GError **error)
{
  const VcChainArrays *chain = self->chain;
  VcaTotals *totals = &self->totals;
  VcnSum unattributed = { 0 }, all = { 0 }, size = { 0 };
  VcnLook look = vcm_watch_look (watch, 1);
  guint64 done = 0;

  if (chain->n_receipts == 0)
    return TRUE;
  for (guint64 i = 0; i < chain->n_receipts; i++) {
    gboolean reached = self->visits[chain->receipt_customer[i]] > 0;

    if (!vcn_look (&look, &done, 1))
      return vcn_fail_cancelled (error);
    vcn_sum_add (&all, chain->receipt_amount[i]);
    vcn_sum_add (&size, fabs (chain->receipt_amount[i]));
    if (!reached)
      vcn_sum_add (&unattributed, chain->receipt_amount[i]);
    totals->n_attributed += reached;
    totals->n_unattributed += !reached;
  }
  totals->receipts = vcn_sum_total (&all);
  totals->unattributed = vcn_sum_total (&unattributed);
  self->errors.revenue
    = relative_error (totals->attributed + totals->unattributed, totals->receipts, vcn_sum_total (&size));
  return TRUE;
}

/* The five shares of a party: what it does not deliver, and the rest by where it ends. */
static double
error_of_shares (const VcaSolution *self, guint32 party)
{
  double effort = self->effort[party], passed = self->work.outflow[party] / effort;
  VcnSum sum = { (effort - self->work.outflow[party]) / effort, 0 };

  for (VcaEnd end = 0; end < VCA_N_ENDS; end++)
    vcn_sum_add (&sum, passed * self->shares[end][party]);
  return fabs (vcn_sum_total (&sum) - 1);
}

#define PARTS 64

typedef struct {
  const VcaSolution *solution;
  double             worst[PARTS];
} Balance;

static void
weigh_part (gpointer data, guint part)
{
  Balance *self = data;
  const guint64 n = self->solution->chain->n_parties;

  for (guint32 i = (guint32) (n * part / PARTS); i < n * (part + 1) / PARTS; i++)
    if (!vca_solution_is_customer (self->solution, i) && self->solution->effort[i] > 0)
      self->worst[part] = MAX (self->worst[part], error_of_shares (self->solution, i));
}

static double
worst_error_of_shares (const VcaSolution *solution)
{
  Balance balance = { solution, { 0 } };
  double worst = 0;

  vc_parallel (n_threads_for (solution), PARTS, weigh_part, &balance);
  for (guint part = 0; part < PARTS; part++)
    worst = MAX (worst, balance.worst[part]);
  return worst;
}

static gboolean
check (const char *law, double found, GError **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (found <= MAX_ERROR)
    return TRUE;
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_CONSERVATION,
               "conservation of %s is missed by %s of the whole", law, g_ascii_dtostr (text, sizeof text, found));
  return FALSE;
}

static gboolean
is_finite (const VcaTotals *totals)
{
  double all = totals->effort + totals->delivered + totals->rework + totals->steps + totals->instructions
               + totals->receipts + totals->attributed + totals->unattributed;

  for (VcaEnd end = 0; end < VCA_N_ENDS; end++)
    all += totals->shares[end] + totals->origins[end];
  return isfinite (all);
}

gboolean
vca_solution_add_up (VcaSolution *self, VcmWatch *watch, GError **error)
{
  VcnSum arrived = { 0 };
  double reaching;

  if (!add_up_parties (self, watch, error) || !add_up_receipts (self, watch, error))
    return FALSE;
  if (!is_finite (&self->totals)) {
    g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE,
                         "the amounts are too large to be added up");
    return FALSE;
  }

  for (guint32 i = 0; i < self->chain->n_parties; i++)
    if (vca_solution_is_customer (self, i))
      vcn_sum_add (&arrived, self->visits[i]);
  self->errors.shares = worst_error_of_shares (self);
  reaching = self->totals.shares[VCA_END_CUSTOMER];
  self->errors.effort = relative_error (reaching, vcn_sum_total (&arrived), reaching);
  return check ("shares", self->errors.shares, error)
         && check ("effort", self->errors.effort, error)
         && check ("revenue", self->errors.revenue, error);
}
