/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-trophic.h"

#include <math.h>

#include "vcn-look.h"
#include "vcn-springs.h"
#include "vcn-sum.h"

/* What may pull regions that hang together by next to nothing; each party is held to the tolerance. */
#define TIES 1e-6

/* The lowest of each component at 0. `least`: n doubles to work in. */
static void
shift (guint32 n, const guint32 *lowest, double *least, double *level)
{
  for (guint32 i = 0; i < n; i++)
    least[i] = level[i];
  for (guint32 i = 0; i < n; i++)
    least[lowest[i]] = MIN (least[lowest[i]], level[i]);
  for (guint32 i = 0; i < n; i++)
    level[i] -= least[lowest[i]];
}

/* F0, with all flows divided by the largest so that no sum overflows. FALSE: stopped. */
static gboolean
find_incoherence (const VcnCsr *flows, const double *diagonal, const double *level, double *incoherence, VcnLook *look)
{
  VcnSum above = { 0, 0 }, below = { 0, 0 };
  guint64 done = VCN_LOOK_EVERY;
  double most = 0;

  for (guint64 k = 0; k < flows->start[flows->n]; k++)
    most = MAX (most, flows->value[k]);
  for (guint32 i = 0; diagonal != NULL && i < flows->n; i++)
    most = MAX (most, diagonal[i]);
  for (guint32 i = 0; i < flows->n; i++) {
    const double self_flow = diagonal != NULL && diagonal[i] > 0 ? diagonal[i] / most : 0;

    if (!vcn_look (look, &done, 1 + flows->start[i + 1] - flows->start[i]))
      return FALSE;
    vcn_sum_add (&above, self_flow);
    vcn_sum_add (&below, self_flow);
    for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++) {
      const double step = level[flows->column[k]] - level[i] - 1, weight = flows->value[k] / most;

      vcn_sum_add (&above, weight * step * step);
      vcn_sum_add (&below, weight);
    }
  }
  *incoherence = vcn_sum_total (&below) > 0 ? vcn_sum_total (&above) / vcn_sum_total (&below) : NAN;
  return TRUE;
}

gboolean
vcn_trophic (const VcnCsr *flows, const double *diagonal, double tolerance, guint max_iterations, guint n_threads, double *level,
             VcnTrophicProof *proof, const VcnMonitor *monitor, GError **error)
{
  const VcnSpringsOptions options = { tolerance, max_iterations, n_threads, monitor };
  VC_BUFFER (guint32) lowest = vc_buffer_new (guint32, flows->n);
  VC_BUFFER (double) least = vc_buffer_new (double, flows->n);
  VcnLook look = { monitor, 1, FALSE };
  double ties = 0;
  g_auto (VcnSprings) springs = { 0 };

  if (lowest == NULL || least == NULL)
    return vcn_fail_memory (error);
  if (!vcn_monitor_step (monitor, 0, error) || !vcn_springs_from_flows (&springs, flows, n_threads, monitor, error)
      || !vcn_springs_solve (&springs, &options, level, &proof->iterations, error) || !vcn_monitor_step (monitor, 1, error))
    return FALSE;
  proof->n_components = vcn_springs_components (&springs, lowest);
  if (!vcn_monitor_step (monitor, 1, error))
    return FALSE;
  shift (flows->n, lowest, least, level);
  proof->residual = vcn_springs_residual (&springs, level, NULL, n_threads);
  if (!(proof->residual <= tolerance))
    return vcn_fail_residual (error, proof->residual, proof->iterations);
  if (!vcn_monitor_step (monitor, 1, error))
    return FALSE;
  if (proof->iterations > 0 && !vcn_springs_check_ties (&springs, level, n_threads, &ties, error))
    return FALSE;
  if (!(ties <= TIES))
    return vcn_fail_residual (error, ties, proof->iterations);
  return find_incoherence (flows, diagonal, level, &proof->incoherence, &look) || vcn_fail_cancelled (error);
}
