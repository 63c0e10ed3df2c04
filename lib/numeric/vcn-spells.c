/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-spells.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

#define DIGIT 11
#define BUCKETS (1u << DIGIT)
#define FEW 24
#define PARTS 64u

/* Bits in which weights compare as they do: negative ones are turned round. */
static guint64
weight_bits (double weight)
{
  const union { double weight; guint64 bits; } both = { .weight = weight };

  return both.bits >> 63 ? ~both.bits : both.bits | G_GUINT64_CONSTANT (1) << 63;
}

static guint64
word (const VcnSpell *spell, gboolean by_weight)
{
  return by_weight ? weight_bits (spell->weight) : spell->key;
}

static void
insert (VcnSpell *spells, guint64 n)
{
  for (guint64 i = 1; i < n; i++) {
    const VcnSpell spell = spells[i];
    guint64 k = i;

    for (; k > 0 && (spells[k - 1].key > spell.key || (spells[k - 1].key == spell.key && spells[k - 1].weight > spell.weight)); k--)
      spells[k] = spells[k - 1];
    spells[k] = spell;
  }
}

/* One pass from the front (radix exchange, Hildebrandt, Isbitz 1959), on the digits in which the words really differ: bucket k ends up at
 * there[start[k]] .. there[start[k + 1] - 1]. FALSE: all words are alike. */
static gboolean
distribute (const VcnSpell *here, VcnSpell *there, guint64 n, gboolean by_weight, guint64 *start)
{
  guint64 least = G_MAXUINT64, most = 0, total = 0;
  guint shift = 0;

  for (guint64 i = 0; i < n; i++) {
    const guint64 bits = word (&here[i], by_weight);

    least = MIN (least, bits);
    most = MAX (most, bits);
  }
  if (least == most)
    return FALSE;
  while ((most - least) >> shift >= BUCKETS)
    shift++;
  memset (start, 0, (BUCKETS + 1) * sizeof *start);
  for (guint64 i = 0; i < n; i++)
    start[(word (&here[i], by_weight) - least) >> shift]++;
  for (guint k = 0; k < BUCKETS; k++) {
    const guint64 size = start[k];

    start[k] = total;
    total += size;
  }
  for (guint64 i = 0; i < n; i++)
    there[start[(word (&here[i], by_weight) - least) >> shift]++] = here[i];
  memmove (start + 1, start, BUCKETS * sizeof *start);
  start[0] = 0;
  return TRUE;
}

/* At most seven deep: each time eleven bits of 64 are settled. What is sorted ends up there or stays here. */
static void
sort (VcnSpell *here, VcnSpell *there, guint64 n, gboolean by_weight, gboolean move)
{
  guint64 start[BUCKETS + 1];

  if (n <= FEW) {
    insert (here, n);
  } else if (distribute (here, there, n, by_weight, start)) {
    for (guint k = 0; k < BUCKETS; k++)
      sort (there + start[k], here + start[k], start[k + 1] - start[k], by_weight, !move);
    return;
  } else if (!by_weight) {
    sort (here, there, n, TRUE, move);
    return;
  }
  if (move)
    memcpy (there, here, n * sizeof *here);
}

typedef struct {
  VcnSpell *spells, *spare;
  guint64   start[BUCKETS + 1];
} Buckets;

static void
sort_part (gpointer data, guint part)
{
  Buckets *buckets = data;

  for (guint k = part * (BUCKETS / PARTS); k < (part + 1) * (BUCKETS / PARTS); k++) {
    const guint64 start = buckets->start[k];

    sort (buckets->spare + start, buckets->spells + start, buckets->start[k + 1] - start, FALSE, TRUE);
  }
}

static gboolean
load (const VcnSpells *spells, VcnSpell *loaded, guint64 *n, GError **error)
{
  guint64 kept = 0;

  for (guint64 i = 0; i < spells->n; i++) {
    const double weight = spells->weight != NULL ? spells->weight[i] : 1;
    const union { double time; guint64 bits; } both = { .time = spells->time[i] + 0.0 };

    if (!vcn_is_weight (spells->time[i]))
      return vcn_fail_value (error, "time", i);
    if (!vcn_is_weight (weight))
      return vcn_fail_value (error, "weight", i);
    loaded[kept].key = both.bits << 1 | (spells->end[i] == VCN_CENSORED);
    loaded[kept].weight = spells->end[i] == VCN_COMPETING ? -weight : weight;
    kept += weight > 0;
  }
  *n = kept;
  return TRUE;
}

VcnSpell *
vcn_spells_sort (const VcnSpells *spells, guint n_threads, guint64 *n, const VcnMonitor *monitor, GError **error)
{
  VC_BUFFER (VcnSpell) loaded = vc_buffer_new (VcnSpell, spells->n + 1);
  VC_BUFFER (VcnSpell) spare = vc_buffer_new (VcnSpell, spells->n);
  Buckets buckets = { loaded, spare, { 0 } };

  if (loaded == NULL || spare == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  if (!vcn_monitor_step (monitor, 0, error) || !load (spells, loaded, n, error) || !vcn_monitor_step (monitor, 0.2, error))
    return NULL;
  if (*n <= BUCKETS || !distribute (loaded, spare, *n, FALSE, buckets.start))
    sort (loaded, spare, *n, FALSE, FALSE);
  else if (vcn_monitor_step (monitor, 0.4, error))
    vc_parallel (n_threads, PARTS, sort_part, &buckets);
  else
    return NULL;
  return g_steal_pointer (&loaded);
}
