/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-solution.h"

#include <math.h>

#include "base/vc-buffer-private.h"
#include "numeric/vcn-sum.h"
#include "valuechain/vc-error.h"

/* What may be lost on the way, relative to the whole. */
#define MAX_ERROR 1e-9

static double
relative_error (double a, double b, double whole)
{
  if (a == b)
    return 0;
  return fabs (a - b) / (whole > 0 ? whole : 1);
}

static gboolean
add_up_efforts (VcaSolution *self, VcmWatch *watch, GError **error)
{
  VcaTotals *totals = &self->totals;
  guint32 n = self->chain->n_parties;

  totals->effort = vcn_sum (self->effort, n);
  totals->delivered = vcn_sum (self->work.outflow, n);
  totals->rework = vcn_sum (self->work.self, n);
  totals->steps = vcn_dot (self->work.outflow, self->steps, n);
  for (VcaEnd end = 0; end < VCA_N_ENDS; end++) {
    if (!vcm_watch_check (watch, 1, error))
      return FALSE;
    totals->shares[end] = vcn_dot (self->work.outflow, self->shares[end], n);
  }
  for (guint32 i = 0; i < n; i++) {
    totals->n_effort += self->effort[i] > 0;
    totals->n_reaching += self->work.outflow[i] > 0 && self->shares[VCA_END_CUSTOMER][i] > 0;
  }
  return vcm_watch_check (watch, 1, error);
}

static gboolean
add_up_instructions (VcaSolution *self, VcmWatch *watch, GError **error)
{
  guint32 n = self->chain->n_parties;

  if (!self->has_instructions)
    return TRUE;
  self->totals.instructions = vcn_sum (self->instructions.outflow, n);
  for (VcaEnd end = 0; end < VCA_N_ENDS; end++)
    self->totals.origins[end] = vcn_dot (self->instructions.outflow, self->origins[end], n);
  for (guint32 i = 0; i < n; i++)
    self->totals.n_instructed += self->instructions.outflow[i] > 0;
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
  totals->attributed = vcn_dot (self->work.outflow, self->support, chain->n_parties);
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

  if (!add_up_efforts (self, watch, error) || !add_up_instructions (self, watch, error)
      || !add_up_receipts (self, watch, error))
    return FALSE;
  if (!is_finite (&self->totals)) {
    g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE,
                         "the amounts are too large to be added up");
    return FALSE;
  }

  for (guint32 i = 0; i < self->chain->n_parties; i++) {
    if (vca_solution_is_customer (self, i))
      vcn_sum_add (&arrived, self->visits[i]);
    else if (self->effort[i] > 0)
      self->errors.shares = MAX (self->errors.shares, error_of_shares (self, i));
  }
  reaching = self->totals.shares[VCA_END_CUSTOMER];
  self->errors.effort = relative_error (reaching, vcn_sum_total (&arrived), reaching);
  return check ("shares", self->errors.shares, error)
         && check ("effort", self->errors.effort, error)
         && check ("revenue", self->errors.revenue, error);
}
