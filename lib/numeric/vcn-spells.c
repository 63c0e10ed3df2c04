/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-spells.h"

#include "vcn-private.h"

static gboolean
load (const VcnSpells *spells, VcnKeyed *loaded, guint64 *n, GError **error)
{
  guint64 kept = 0;

  for (guint64 i = 0; i < spells->n; i++) {
    const double weight = spells->weight != NULL ? spells->weight[i] : 1;

    if (!vcn_is_weight (spells->time[i]))
      return vcn_fail_value (error, "time", i);
    if (!vcn_is_weight (weight))
      return vcn_fail_value (error, "weight", i);
    loaded[kept].key = vcn_bits (spells->time[i]) << 1 | (spells->end[i] == VCN_CENSORED);
    loaded[kept].value = spells->end[i] == VCN_COMPETING ? -weight : weight;
    kept += weight > 0;
  }
  *n = kept;
  return TRUE;
}

VcnKeyed *
vcn_spells_sort (const VcnSpells *spells, guint n_threads, guint64 *n, const VcnMonitor *monitor, GError **error)
{
  VC_BUFFER (VcnKeyed) loaded = vc_buffer_new (VcnKeyed, spells->n + 1);
  VC_BUFFER (VcnKeyed) spare = vc_buffer_new (VcnKeyed, spells->n);

  if (loaded == NULL || spare == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  if (!vcn_monitor_step (monitor, 0, error) || !load (spells, loaded, n, error)
      || !vcn_monitor_step (monitor, 0.2, error))
    return NULL;
  vcn_keyed_sort (loaded, spare, *n, n_threads);
  return g_steal_pointer (&loaded);
}
