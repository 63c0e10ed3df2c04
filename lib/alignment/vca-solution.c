/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-solution.h"

#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "numeric/vcn-sum.h"
#include "valuechain/vc-error.h"
#include "vca-stages.h"

/* The effort that was given counts as far as it covers what was delivered. */
static gboolean
find_effort (VcaSolution *self, GError **error)
{
  self->effort = vc_buffer_new (double, self->chain->n_parties);
  if (self->effort == NULL)
    return vca_no_memory (error);

  for (guint32 i = 0; i < self->chain->n_parties; i++) {
    double given = self->chain->effort[i], delivered = self->work.outflow[i];

    self->effort[i] = !vca_solution_is_customer (self, i) && given > delivered ? given : delivered;
  }
  return TRUE;
}

static void
scale (double *values, guint32 n, double factor)
{
  for (guint32 i = 0; i < n; i++)
    values[i] *= factor;
}

/* A power of two, by which small figures can be divided without rounding, so that the largest is about 1: the solver's
 * tolerance is relative to the largest, but absolute below 1. */
static double
size_of (const double *values, guint32 n)
{
  double most = 0;
  int exponent;

  for (guint32 i = 0; i < n; i++)
    most = MAX (most, values[i]);
  frexp (most, &exponent);
  return ldexp (1, CLAMP (exponent, -1000, 0));
}

/* What everybody delivers, followed down the line. */
static gboolean
solve_arrivals (VcaSolution *self, VcmWatch *watch, GError **error)
{
  guint32 n = self->chain->n_parties;
  VC_BUFFER (double) source = vc_buffer_new (double, n);
  double size = size_of (self->work.outflow, n);

  self->visits = vc_buffer_new (double, n);
  self->again = vc_buffer_new (double, n);
  if (source == NULL || self->visits == NULL || self->again == NULL)
    return vca_no_memory (error);
  memcpy (source, self->work.outflow, n * sizeof (double));
  scale (source, n, 1 / size);
  if (!vcn_absorb_visits (self->work.absorb, source, self->visits, self->again, &self->backward, &watch->monitor,
                          error))
    return FALSE;
  scale (self->visits, n, size);
  scale (self->again, n, size);
  return TRUE;
}

static gboolean
read_receipts (VcaSolution *self, VcmWatch *watch, GError **error)
{
  const VcChainArrays *chain = self->chain;
  VcnLook look = vcm_watch_look (watch, 0);
  guint64 i = 0, done = 0;

  self->receipts = vc_buffer_new0 (double, chain->n_parties);
  self->support = vc_buffer_new0 (double, chain->n_parties);
  if (self->receipts == NULL || self->support == NULL)
    return vca_no_memory (error);

  while (i < chain->n_receipts) {
    gint32 customer = chain->receipt_customer[i];
    guint64 first = i;

    while (i < chain->n_receipts && chain->receipt_customer[i] == customer)
      i++;
    if (!vcn_look (&look, &done, i - first))
      return vcn_fail_cancelled (error);
    self->receipts[customer] = vcn_sum (chain->receipt_amount + first, i - first);
  }
  return TRUE;
}

/* What a unit of effort that ends at a customer supports, on one side of zero. FALSE where it is nothing. */
static gboolean
fill_support (const VcaSolution *self, double sign, double *boundary)
{
  gboolean is_any = FALSE;

  for (guint32 i = 0; i < self->chain->n_parties; i++) {
    boundary[i] = 0;
    if (vca_solution_is_customer (self, i) && self->visits[i] > 0)
      boundary[i] = MAX (0, sign * self->receipts[i] / self->visits[i]);
    is_any = is_any || boundary[i] > 0;
  }
  return is_any;
}

/* A system for what is supported on one side of zero; `size` is what its answer is to be multiplied by. */
static gboolean
add_support (VcaSolution *self, double sign, double *support, VcaSystems *systems, double *size, GError **error)
{
  guint32 n = self->chain->n_parties;
  double *boundary = vca_systems_add (systems, n, support);

  if (boundary == NULL)
    return vca_no_memory (error);
  *size = 0;
  if (fill_support (self, sign, boundary)) {
    *size = size_of (boundary, n);
    scale (boundary, n, 1 / *size);
  } else {
    vc_buffer_free (boundary);
    systems->n--;
  }
  return TRUE;
}

/* The share of each that reaches customers, and on how long a way. This system comes first, fed or not. */
static gboolean
add_reach (VcaSolution *self, VcaSystems *systems, GError **error)
{
  const guint32 n = self->chain->n_parties;
  double *boundary = vca_systems_add (systems, n, self->shares[VCA_END_CUSTOMER]);

  if (boundary == NULL)
    return vca_no_memory (error);
  for (guint32 i = 0; i < n; i++)
    boundary[i] = vca_solution_is_customer (self, i) ? 1 : 0;
  return TRUE;
}

/* Where work ends, and what work that reaches customers is worth: a customer's receipts are divided among all effort
 * that ends there, each unit of it supports receipts / effort. Who received more credit than it paid is a system of its
 * own, so that nothing cancels within one. */
static gboolean
solve_ends (VcaSolution *self, VcmWatch *watch, GError **error)
{
  guint32 n = self->chain->n_parties;
  gboolean has_receipts = self->chain->n_receipts > 0;
  VC_BUFFER (double) credit = has_receipts ? vc_buffer_new0 (double, n) : NULL;
  g_auto (VcaSystems) systems = { 0 };
  double paid_size = 0, credit_size = 0;

  if (!add_reach (self, &systems, error)
      || !vca_network_add_ends (&self->work, VCA_END_MANAGER, self->shares, &systems, error)
      || !vcm_watch_check (watch, 0, error))
    return FALSE;
  if (has_receipts
      && ((credit == NULL && !vca_no_memory (error)) || !read_receipts (self, watch, error)
          || !add_support (self, 1, self->support, &systems, &paid_size, error)
          || !add_support (self, -1, credit, &systems, &credit_size, error)))
    return FALSE;
  if (!vca_network_solve (&self->work, &systems, self->steps, &self->forward, watch, error))
    return FALSE;
  for (guint32 i = 0; has_receipts && i < n; i++)
    self->support[i] = paid_size * self->support[i] - credit_size * credit[i];
  return TRUE;
}

/* On the network as it was solved, with rows by node. */
static gboolean
solve_renumbered (VcaSolution *self, const VcnCsr *flows, const guint32 *node, const VcnAbsorbOptions *options,
                  VcmWatch *watch, GError **error)
{
  VC_BUFFER (double) own = vc_buffer_new (double, flows->n);
  VC_BUFFER (double) level = vc_buffer_new (double, flows->n);

  if (own == NULL || level == NULL)
    return vca_no_memory (error);
  for (guint32 p = 0; p < flows->n; p++)
    own[p] = self->work.self[node[p]];
  if (!vcn_trophic (flows, own, options->tolerance, options->max_iterations, options->n_threads, level, &self->levels,
                    &watch->monitor, error))
    return FALSE;
  for (guint32 p = 0; p < flows->n; p++)
    self->level[node[p]] = level[p];
  return TRUE;
}

static gboolean
solve_levels (VcaSolution *self, const VcnAbsorbOptions *options, VcmWatch *watch, GError **error)
{
  const guint32 *node;
  const VcnCsr *flows = vcn_absorb_renumbered (self->work.absorb, &node);

  self->level = vc_buffer_new (double, self->chain->n_parties);
  if (self->level == NULL)
    return vca_no_memory (error);
  if (node != NULL)
    return solve_renumbered (self, flows, node, options, watch, error);
  return vcn_trophic (flows, self->work.self, options->tolerance, options->max_iterations, options->n_threads,
                      self->level, &self->levels, &watch->monitor, error);
}

static gboolean
allocate_shares (double *shares[VCA_N_ENDS], guint32 n, GError **error)
{
  for (VcaEnd end = 0; end < VCA_N_ENDS; end++) {
    shares[end] = vc_buffer_new (double, n);
    if (shares[end] == NULL)
      return vca_no_memory (error);
  }
  return TRUE;
}

static gboolean
solve_instructions (VcaSolution *self, const VcnAbsorbOptions *options, VcmWatch *watch, GError **error)
{
  g_auto (VcaSystems) systems = { 0 };

  self->has_instructions = self->chain->kind_start[VC_FLOW_KIND_INSTRUCTION + 1]
                           > self->chain->kind_start[VC_FLOW_KIND_INSTRUCTION];
  if (!self->has_instructions)
    return TRUE;
  return vcm_watch_enter (watch, &vca_stages[VCA_STAGE_INSTRUCTIONS], error)
         && vca_network_init (&self->instructions, self->chain, VC_FLOW_KIND_INSTRUCTION, TRUE, options, watch, error)
         && allocate_shares (self->origins, self->chain->n_parties, error)
         && vca_network_add_ends (&self->instructions, VCA_END_CUSTOMER, self->origins, &systems, error)
         && vca_network_solve (&self->instructions, &systems, NULL, &self->backtrack, watch, error);
}

static gboolean
solve_work (VcaSolution *self, const VcnAbsorbOptions *options, VcmWatch *watch, GError **error)
{
  return vcm_watch_enter (watch, &vca_stages[VCA_STAGE_NETWORK], error)
         && vca_network_init (&self->work, self->chain, VC_FLOW_KIND_WORK, FALSE, options, watch, error)
         && find_effort (self, error)
         && vcm_watch_enter (watch, &vca_stages[VCA_STAGE_ARRIVALS], error)
         && solve_arrivals (self, watch, error)
         && vcm_watch_enter (watch, &vca_stages[VCA_STAGE_ENDS], error)
         && solve_ends (self, watch, error);
}

gboolean
vca_solution_init (VcaSolution            *self,
                   const VcChainArrays    *chain,
                   const VcnAbsorbOptions *options,
                   VcmWatch               *watch,
                   GError                **error)
{
  *self = (VcaSolution) { .chain = chain, .n_threads = options->n_threads };
  self->steps = vc_buffer_new (double, chain->n_parties);
  if (self->steps == NULL)
    return vca_no_memory (error);
  if (!allocate_shares (self->shares, chain->n_parties, error) || !solve_work (self, options, watch, error))
    return FALSE;
  vcn_absorb_finish (self->work.absorb);

  return vcm_watch_enter (watch, &vca_stages[VCA_STAGE_LEVELS], error)
         && solve_levels (self, options, watch, error)
         && solve_instructions (self, options, watch, error)
         && vca_solution_add_up (self, watch, error);
}

void
vca_solution_clear (VcaSolution *self)
{
  double **arrays[] = { &self->effort, &self->steps, &self->visits, &self->again,
                        &self->level, &self->receipts, &self->support };

  vca_network_clear (&self->work);
  vca_network_clear (&self->instructions);
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_clear_pointer (arrays[i], vc_buffer_free);
  for (VcaEnd end = 0; end < VCA_N_ENDS; end++) {
    g_clear_pointer (&self->shares[end], vc_buffer_free);
    g_clear_pointer (&self->origins[end], vc_buffer_free);
  }
}
