/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-spells.h"

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

#define CHUNKS 8u

typedef struct {
  const VcnSpells *spells;
  VcnKeyed        *loaded;
  VcnLook         *look;
  guint64          wrong[CHUNKS]; /* each chunk's first row that says nothing, from 1, or 0 */
} Load;

static double
weight_of (const VcnSpells *spells, guint64 i)
{
  return spells->weight != NULL ? spells->weight[i] : 1;
}

/* Every row at its own place: by as many threads as there are, and each has the pages first that it will use. */
static void
load_chunk (gpointer data, guint chunk)
{
  Load *load = data;
  const VcnSpells *spells = load->spells;
  const guint64 first = spells->n / CHUNKS * chunk;
  const guint64 last = chunk + 1 < CHUNKS ? first + spells->n / CHUNKS : spells->n;
  guint64 done = 0;

  load->wrong[chunk] = 0;
  for (guint64 i = first; i < last && load->wrong[chunk] == 0 && vcn_look (load->look, &done, 1); i++) {
    const double weight = weight_of (spells, i);

    if (!vcn_is_weight (spells->time[i]) || !vcn_is_weight (weight))
      load->wrong[chunk] = i + 1;
    load->loaded[i].key = vcn_bits (spells->time[i]) << 1 | (spells->end[i] == VCN_CENSORED);
    load->loaded[i].value = spells->end[i] == VCN_COMPETING ? -weight : weight;
  }
}

/* What weighs nothing is left out. */
static guint64
close_up (VcnKeyed *loaded, guint64 n, VcnLook *look)
{
  guint64 kept = 0, done = 0;

  for (guint64 i = 0; i < n && vcn_look (look, &done, 1); i++) {
    loaded[kept] = loaded[i];
    kept += loaded[i].value != 0;
  }
  return kept;
}

static gboolean
load (const VcnSpells *spells, VcnKeyed *loaded, guint n_threads, guint64 *n, VcnLook *look, GError **error)
{
  Load all = { spells, loaded, look, { 0 } };

  vc_parallel (n_threads, CHUNKS, load_chunk, &all);
  if (!vcn_look_end (look, error))
    return FALSE;
  for (guint chunk = 0; chunk < CHUNKS; chunk++) {
    const guint64 row = all.wrong[chunk];

    if (row > 0)
      return vcn_fail_value (error, vcn_is_weight (spells->time[row - 1]) ? "weight" : "time", row - 1);
  }
  *n = spells->weight == NULL ? spells->n : close_up (loaded, spells->n, look);
  return vcn_look_end (look, error);
}

VcnKeyed *
vcn_spells_sort (const VcnSpells *spells, guint n_threads, guint64 *n, VcnLook *look, GError **error)
{
  VC_BUFFER (VcnKeyed) loaded = vc_buffer_new (VcnKeyed, spells->n + 1);
  VC_BUFFER (VcnKeyed) spare = vc_buffer_new (VcnKeyed, spells->n);

  if (loaded == NULL || spare == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  if (!load (spells, loaded, n_threads, n, look, error))
    return NULL;
  if (!vcn_keyed_sort (loaded, spare, *n, n_threads, look)) {
    vcn_fail_cancelled (error);
    return NULL;
  }
  return g_steal_pointer (&loaded);
}
