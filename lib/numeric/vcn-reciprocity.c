/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-reciprocity.h"

#include "base/vc-parallel-private.h"
#include "vcn-look.h"
#include "vcn-sum.h"

typedef struct {
  const VcnCsr *flows;
  VcnCsr        back; /* transposed */
  double       *out, *in, *mutual;
  VcnLook       look;
} Strengths;

static void
strengths_clear (Strengths *self)
{
  vcn_csr_clear (&self->back);
  vc_buffer_free (self->out);
  vc_buffer_free (self->in);
  vc_buffer_free (self->mutual);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Strengths, strengths_clear)

static double
add_row (const VcnCsr *flows, guint32 i)
{
  VcnSum sum = { 0, 0 };

  for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++)
    vcn_sum_add (&sum, flows->value[k]);
  return vcn_sum_total (&sum);
}

/* What goes from i to others and comes back from them: both rows ascend. */
static double
add_mutual (const VcnCsr *flows, const VcnCsr *back, guint32 i)
{
  guint64 a = flows->start[i], b = back->start[i];
  VcnSum sum = { 0, 0 };

  while (a < flows->start[i + 1] && b < back->start[i + 1]) {
    const guint32 there = flows->column[a], here = back->column[b];

    if (there == here)
      vcn_sum_add (&sum, MIN (flows->value[a], back->value[b]));
    a += there <= here;
    b += here <= there;
  }
  return vcn_sum_total (&sum);
}

/* Nodes that a thread takes at a time. */
#define NODES 1024u

static void
add_nodes (gpointer data, guint part)
{
  Strengths *self = data;
  const guint32 first = part * NODES, last = MIN (first + NODES, self->flows->n);
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 i = first; i < last; i++) {
    const guint64 n = self->flows->start[i + 1] - self->flows->start[i] + self->back.start[i + 1] - self->back.start[i];

    if (!vcn_look (&self->look, &done, n + 1))
      return;
    self->out[i] = add_row (self->flows, i);
    self->in[i] = add_row (&self->back, i);
    self->mutual[i] = add_mutual (self->flows, &self->back, i);
  }
}

static gboolean
strengths_init (Strengths *self, guint n_threads, const VcnMonitor *monitor, GError **error)
{
  const guint32 n = self->flows->n;

  self->out = vc_buffer_new (double, n);
  self->in = vc_buffer_new (double, n);
  self->mutual = vc_buffer_new (double, n);
  if (self->out == NULL || self->in == NULL || self->mutual == NULL)
    return vcn_fail_memory (error);
  if (!vcn_csr_transpose (&self->back, self->flows, 1, monitor, error))
    return FALSE;
  self->look = (VcnLook) { monitor, 0, FALSE };
  vc_parallel (n_threads, (n + NODES - 1) / NODES, add_nodes, self);
  return vcn_look_end (&self->look, error);
}

static gboolean
check_whole (const VcnCsr *flows, const VcnMonitor *monitor, GError **error)
{
  VcnLook look = { monitor, 0, FALSE };
  guint64 done = 0;

  for (guint64 k = 0; k < flows->start[flows->n] && vcn_look (&look, &done, 1); k++) {
    if (flows->value[k] == floor (flows->value[k]))
      continue;
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION,
                 "flow %" G_GUINT64_FORMAT " is no whole number and cannot be counted", k);
    return FALSE;
  }
  return vcn_look_end (&look, error);
}

static gboolean
compare_with_null (VcnReciprocity *self, const Strengths *strengths, const VcnConfigurationOptions *options,
                   const VcnMonitor *monitor, GError **error)
{
  const double *const sides[2] = { strengths->out, strengths->in };
  g_auto (VcnConfiguration) null = { 0 };
  VcnLook look = { monitor, 1, FALSE };
  double mutual;

  if (!vcn_configuration_fit (&null, strengths->flows->n, sides, options, monitor, error))
    return FALSE;
  self->residual = null.residual;
  self->iterations = null.iterations;
  if (!(null.residual <= options->tolerance)) {
    self->null_status = VC_STATUS_NOT_CONVERGED;
    return TRUE;
  }
  mutual = vcn_configuration_mutual (&null, options->n_threads, &look);
  if (vcn_look_is_stopped (&look))
    return vcn_fail_cancelled (error);
  if (isnan (mutual))
    return vcn_fail_memory (error);
  self->null = mutual / self->total;
  self->rho = (self->r - self->null) / (1 - self->null);
  return TRUE;
}

gboolean
vcn_reciprocity (VcnReciprocity *self, const VcnCsr *flows, const VcnConfigurationOptions *options, double *nodes,
                 const VcnMonitor *monitor, GError **error)
{
  g_auto (Strengths) strengths = { flows };

  *self = (VcnReciprocity) { .r = (double) NAN, .null = (double) NAN, .rho = (double) NAN };
  if (!vcn_monitor_step (monitor, 0, error)
      || (options->null == VCN_NULL_COUNTS && !check_whole (flows, monitor, error))
      || !strengths_init (&strengths, options->n_threads, monitor, error))
    return FALSE;
  for (guint32 i = 0; i < flows->n && nodes != NULL; i++)
    nodes[i] = strengths.out[i] > 0 ? strengths.mutual[i] / strengths.out[i] : (double) NAN;
  self->total = vcn_sum (strengths.out, flows->n);
  self->mutual = vcn_sum (strengths.mutual, flows->n);
  if (!isfinite (self->total)) {
    g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE,
                         "the flows add up to more than can be counted");
    return FALSE;
  }
  if (!(self->total > 0)) {
    self->status = self->null_status = VC_STATUS_EMPTY;
    return TRUE;
  }
  self->r = self->mutual / self->total;
  return compare_with_null (self, &strengths, options, monitor, error);
}
