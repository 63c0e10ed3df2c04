/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-network.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "measure/vcm-column.h"
#include "valuechain/vc-error.h"

gboolean
vca_no_memory (GError **error)
{
  g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_MEMORY, "no memory for the alignment");
  return FALSE;
}

/* Customers absorb: what flows out of them is not followed. */
static gboolean
drop_rows_of_customers (VcnCsr *flows, double *self_flows, const guint8 *kind, VcmWatch *watch, GError **error)
{
  VcnLook look = vcm_watch_look (watch, 0.5);
  guint64 first = 0, kept = 0, done = VCN_LOOK_EVERY;

  for (guint32 i = 0; i < flows->n; i++) {
    guint64 end = flows->start[i + 1];

    if (!vcn_look (&look, &done, 1 + end - first))
      return vcn_fail_cancelled (error);
    if (kind[i] == VC_PARTY_KIND_CUSTOMER) {
      self_flows[i] = 0;
    } else {
      if (kept < first && first < end) {
        memmove (flows->column + kept, flows->column + first, (end - first) * sizeof (guint32));
        memmove (flows->value + kept, flows->value + first, (end - first) * sizeof (double));
      }
      kept += end - first;
    }
    first = end;
    flows->start[i + 1] = kept;
  }
  return TRUE;
}

static gboolean
read_flows (VcaNetwork *self, VcFlowKind kind, gboolean reversed, VcmWatch *watch, GError **error)
{
  const VcChainArrays *chain = self->chain;
  guint64 first = chain->kind_start[kind], n = chain->kind_start[kind + 1] - first;
  const gint32 *from = chain->from + first, *to = chain->to + first;

  return vcn_csr_from_triples (&self->flows, chain->n_parties, n, reversed ? to : from, reversed ? from : to,
                               chain->amount + first, self->self, self->n_threads, &watch->monitor, error)
         && drop_rows_of_customers (&self->flows, self->self, chain->kind, watch, error);
}

static VcaEnd
classify (const VcaNetwork *self, guint8 class, guint32 party)
{
  if (class == VCN_LIVE)
    return VCA_PASSES;
  if (class == VCN_LOOP)
    return VCA_END_LOOP;
  if (self->chain->kind[party] == VC_PARTY_KIND_CUSTOMER)
    return VCA_END_CUSTOMER;
  return self->chain->is_manager[party] ? VCA_END_MANAGER : VCA_END_OTHER;
}

typedef struct {
  VcaNetwork *network;
  VcnLook     look;
} Marking;

/* Several threads may say so at once. */
static void
mark_fed (gpointer data, guint chunk)
{
  Marking *marking = data;
  VcaNetwork *self = marking->network;
  guint64 done = VCN_LOOK_EVERY;
  guint32 first = (guint32) (chunk * VCM_CHUNK);
  guint32 last = (guint32) MIN (first + VCM_CHUNK, self->flows.n);

  for (guint32 i = first; i < last; i++) {
    if (self->end[i] != VCA_PASSES)
      continue;
    if (!vcn_look (&marking->look, &done, self->flows.start[i + 1] - self->flows.start[i]))
      return;
    for (guint64 k = self->flows.start[i]; k < self->flows.start[i + 1]; k++)
      __atomic_store_n (&self->fed[self->flows.column[k]], 1, __ATOMIC_RELAXED);
  }
}

static gboolean
find_ends (VcaNetwork *self, VcmWatch *watch, GError **error)
{
  const guint8 *classes = vcn_absorb_classes (self->absorb);
  Marking marking = { self, vcm_watch_look (watch, 1) };

  self->outflow = vcn_absorb_outflow (self->absorb);
  self->loops = vcn_absorb_loops (self->absorb, &self->n_loops);
  for (guint32 i = 0; i < self->flows.n; i++)
    self->end[i] = (guint8) classify (self, classes[i], i);
  vc_parallel (self->n_threads, vcm_n_chunks (self->flows.n), mark_fed, &marking);
  if (!vcn_look_end (&marking.look, error))
    return FALSE;
  for (guint32 i = 0; i < self->flows.n; i++)
    if (self->end[i] != VCA_PASSES && self->fed[i])
      self->is_fed[self->end[i]] = TRUE;
  return TRUE;
}

gboolean
vca_network_init (VcaNetwork             *self,
                  const VcChainArrays    *chain,
                  VcFlowKind              kind,
                  gboolean                reversed,
                  const VcnAbsorbOptions *options,
                  VcmWatch               *watch,
                  GError                **error)
{
  *self = (VcaNetwork) { .chain = chain, .n_threads = options->n_threads };
  self->self = vc_buffer_new0 (double, chain->n_parties);
  self->end = vc_buffer_new (guint8, chain->n_parties);
  self->fed = vc_buffer_new0 (guint8, chain->n_parties);
  if (self->self == NULL || self->end == NULL || self->fed == NULL)
    return vca_no_memory (error);

  if (!read_flows (self, kind, reversed, watch, error))
    return FALSE;
  self->absorb = vcn_absorb_new (&self->flows, options, &watch->monitor, error);
  return self->absorb != NULL && vcm_watch_check (watch, 1, error) && find_ends (self, watch, error);
}

void
vca_network_clear (VcaNetwork *self)
{
  g_clear_pointer (&self->absorb, vcn_absorb_free);
  vcn_csr_clear (&self->flows);
  g_clear_pointer (&self->self, vc_buffer_free);
  g_clear_pointer (&self->end, vc_buffer_free);
  g_clear_pointer (&self->fed, vc_buffer_free);
}

static void
fill_boundary (const VcaNetwork *self, VcaEnd end, double *boundary)
{
  for (guint32 i = 0; i < self->flows.n; i++)
    boundary[i] = self->end[i] == end ? 1 : 0;
}

double *
vca_systems_add (VcaSystems *self, guint32 n, double *x)
{
  double *boundary = vc_buffer_new0 (double, n);

  g_assert (self->n < G_N_ELEMENTS (self->x));
  self->boundary[self->n] = boundary;
  self->x[self->n++] = x;
  return boundary;
}

void
vca_systems_clear (VcaSystems *self)
{
  for (guint i = 0; i < self->n; i++)
    vc_buffer_free (self->boundary[i]);
  self->n = 0;
}

gboolean
vca_network_add_ends (VcaNetwork *self, VcaEnd first, double *shares[VCA_N_ENDS], VcaSystems *systems, GError **error)
{
  for (VcaEnd end = first; end < VCA_N_ENDS; end++) {
    double *boundary = self->is_fed[end] ? vca_systems_add (systems, self->flows.n, shares[end]) : shares[end];

    if (boundary == NULL)
      return vca_no_memory (error);
    fill_boundary (self, end, boundary);
  }
  return TRUE;
}

gboolean
vca_network_solve (VcaNetwork *self, VcaSystems *systems, double *steps, VcnProof *proof, VcmWatch *watch,
                   GError **error)
{
  const VcnEnds ends = { systems->n, (const double *const *) systems->boundary, systems->x, steps };

  return vcn_absorb_forward (self->absorb, &ends, proof, &watch->monitor, error);
}
