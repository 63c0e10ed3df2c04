/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-log-rank.h"

#include <string.h>

#include "vcn-private.h"
#include "vcn-sum.h"

/* One of both samples on the way back from its last spell. */
typedef struct {
  const VcnKeyed *spells;
  guint64         next;    /* spells not yet at risk */
  guint64         n;       /* at risk */
  VcnSum          weight, squares;
  guint64         n_events; /* at this time */
  double          events;
} Sample;

static guint64
last_instant (const Sample *sample)
{
  return vcn_spell_instant (&sample->spells[sample->next - 1]);
}

static void
step_back (Sample *sample, guint64 now)
{
  sample->n_events = 0;
  sample->events = 0;
  for (; sample->next > 0 && last_instant (sample) == now; sample->next--, sample->n++) {
    const VcnKeyed *spell = &sample->spells[sample->next - 1];
    const double weight = fabs (spell->value);

    vcn_sum_add (&sample->weight, weight);
    vcn_sum_add (&sample->squares, weight * weight);
    if (!vcn_spell_is_censored (spell) && spell->value > 0) {
      sample->n_events++;
      sample->events += weight;
    }
  }
}

typedef struct {
  VcnSum expected[2];
  VcnSum difference, variance;
} Sums;

/* Were both alike, events would fall on the samples as their weights at risk do. */
static void
add_events (const Sample samples[2], Sums *sums)
{
  const double n = (double) (samples[0].n + samples[1].n),
               n_events = (double) (samples[0].n_events + samples[1].n_events);
  const double weight = vcn_sum_total (&samples[0].weight) + vcn_sum_total (&samples[1].weight);
  const double events = samples[0].events + samples[1].events;
  double of[2];

  if (n_events == 0)
    return;
  for (guint k = 0; k < 2; k++) {
    of[k] = vcn_sum_total (&samples[k].weight) / weight;
    vcn_sum_add (&sums->expected[k], events * of[k]);
  }
  vcn_sum_add (&sums->difference, samples[0].events * of[1] - samples[1].events * of[0]);
  if (n > n_events)
    vcn_sum_add (&sums->variance, n_events * (n - n_events) / (n * (n - 1))
                                    * (vcn_sum_total (&samples[0].squares) * of[1] * of[1]
                                       + vcn_sum_total (&samples[1].squares) * of[0] * of[0]));
}

static void
walk_back (VcnLogRank *self, Sample samples[2], VcnLook *look)
{
  VcnSum observed[2] = { { 0, 0 }, { 0, 0 } };
  guint64 done = 0, left = samples[0].next + samples[1].next;
  Sums sums = { 0 };
  double difference;

  while (left > 0) {
    const guint64 before = left;
    const guint64 now = MAX (samples[0].next > 0 ? last_instant (&samples[0]) : 0,
                             samples[1].next > 0 ? last_instant (&samples[1]) : 0);

    for (guint k = 0; k < 2; k++) {
      step_back (&samples[k], now);
      vcn_sum_add (&observed[k], samples[k].events);
    }
    add_events (samples, &sums);
    left = samples[0].next + samples[1].next;
    if (!vcn_look (look, &done, before - left))
      return;
  }
  for (guint k = 0; k < 2; k++) {
    self->observed[k] = vcn_sum_total (&observed[k]);
    self->expected[k] = vcn_sum_total (&sums.expected[k]);
  }
  self->variance = vcn_sum_total (&sums.variance);
  if (!(self->variance > 0)) {
    self->status = VC_STATUS_NO_VARIANCE;
    return;
  }
  difference = vcn_sum_total (&sums.difference);
  self->chi_square = difference * difference / self->variance;
  self->p = erfc (sqrt (self->chi_square / 2));
}

gboolean
vcn_log_rank (VcnLogRank *self, const VcnSpells samples[2], guint n_threads, const VcnMonitor *monitor, GError **error)
{
  VcnLook look = { monitor, 0.5, FALSE };
  guint64 n[2];
  VC_BUFFER (VcnKeyed) first = NULL;
  VC_BUFFER (VcnKeyed) second = NULL;

  if (!vcn_look_now (&look))
    return vcn_fail_cancelled (error);
  first = vcn_spells_sort (&samples[0], n_threads, &n[0], &look, error);
  second = first != NULL ? vcn_spells_sort (&samples[1], n_threads, &n[1], &look, error) : NULL;
  if (first == NULL || second == NULL)
    return FALSE;
  *self = (VcnLogRank) { .chi_square = (double) NAN, .p = (double) NAN, .status = VC_STATUS_OK };
  if (n[0] == 0 || n[1] == 0)
    self->status = VC_STATUS_EMPTY;
  else
    walk_back (self, (Sample[]) { { .spells = first, .next = n[0] }, { .spells = second, .next = n[1] } }, &look);
  return vcn_look_end (&look, error);
}
