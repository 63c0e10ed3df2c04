/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-duels.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "numeric/vcn-private.h"
#include "numeric/vcn-special.h"
#include "vcb-tally.h"

/* Rows that a thread fills at a time, a multiple of 8: what it needs for them stays in the cache. */
#define CHUNK ((guint64) 2048)

enum { KEPT, BROKEN, SQUARES, N_SUMS };

typedef struct {
  VcbDuels *duels;
  double    z;
  VcnLook   look;
  gint      failed; /* atomic: no memory */
} Filling;

gboolean
vcb_duels_init (VcbDuels *self, const VcbArcs *arcs, guint64 n_rows, GError **error)
{
  *self = (VcbDuels) { .arcs = arcs, .n_rows = n_rows };
  self->first = vc_buffer_new (guint32, n_rows);
  self->second = vc_buffer_new (guint32, n_rows);
  self->status = vc_buffer_new (gint32, n_rows);
  if (self->first == NULL || self->second == NULL || self->status == NULL)
    return vcn_fail_memory (error);
  return vcb_columns_init (self->figures, VCB_DUELS_N_FIGURES, n_rows, error);
}

void
vcb_duels_clear (VcbDuels *self)
{
  for (guint i = 0; i < VCB_DUELS_N_FIGURES; i++)
    vcm_column_clear (&self->figures[i]);
  vc_buffer_free (self->first);
  vc_buffer_free (self->second);
  vc_buffer_free (self->status);
  memset (self, 0, sizeof *self);
}

VcnRate
vcb_arc_rate (const VcbArcs *arcs, guint32 arc)
{
  const VcbRecords *records = arcs->records;
  VcbShare kept = { 0 };

  if (arc >= arcs->n_arcs)
    return (VcnRate) { 0, 0, 0 };
  for (guint32 i = arcs->first[arc]; i < arcs->first[arc + 1]; i++) {
    const guint64 record = vcb_arcs_record (arcs, i);
    gboolean is_yes;

    if (vcb_answer (records, record, VCB_KEPT_IN_TIME, &is_yes))
      vcb_share_add (&kept, is_yes, vcb_records_weigh (records, record));
  }
  return vcb_share_rate (&kept);
}

/* FALSE: stopped. */
static gboolean
sum_up (Filling *filling, const guint32 *side, guint64 n, double *sums[N_SUMS], guint64 *done)
{
  const VcbArcs *arcs = filling->duels->arcs;

  for (guint64 i = 0; i < n; i++) {
    const VcnRate rate = vcb_arc_rate (arcs, side[i]);
    const guint64 n_records = side[i] < arcs->n_arcs ? arcs->first[side[i] + 1] - arcs->first[side[i]] : 0;

    if (!vcn_look (&filling->look, done, n_records + 8))
      return FALSE;
    sums[KEPT][i] = rate.kept;
    sums[BROKEN][i] = rate.broken;
    sums[SQUARES][i] = rate.squares;
  }
  return TRUE;
}

static VcnBand
band_of (const VcmColumn figures[4], guint64 first)
{
  return (VcnBand) { figures[0].values + first, figures[1].values + first, figures[2].values + first };
}

static void
complete_side (const VcbDuels *self, VcbDuelsFigure figure, guint64 first, guint64 n, double *sums[N_SUMS])
{
  const VcmColumn *figures = &self->figures[figure];

  for (guint64 i = 0; i < n; i++) {
    const double decided = sums[KEPT][i] + sums[BROKEN][i];
    const VcnFigure rate = { figures[0].values[first + i], figures[1].values[first + i], figures[2].values[first + i],
                             decided > 0 ? decided / sums[SQUARES][i] * decided : 0, VC_STATUS_OK };

    vcb_put_figure ((VcmColumn *) figures, first + i, &rate);
  }
}

static void
complete (const VcbDuels *self, guint64 first, guint64 n)
{
  const VcmColumn *n_first = &self->figures[VCB_DUELS_FIRST + 3], *n_second = &self->figures[VCB_DUELS_SECOND + 3];

  for (guint64 row = first; row < first + n; row++) {
    self->figures[VCB_DUELS_DIFFERENCE + 3].values[row] = n_first->values[row] + n_second->values[row];
    self->status[row] = isnan (self->figures[VCB_DUELS_DIFFERENCE].values[row]) ? VC_STATUS_EMPTY : VC_STATUS_OK;
  }
}

static void
fill_chunk (gpointer data, guint chunk)
{
  Filling *filling = data;
  VcbDuels *self = filling->duels;
  const guint64 first = chunk * CHUNK, n = MIN (CHUNK, self->n_rows - first);
  VC_BUFFER (double) room = vc_buffer_new (double, 2 * N_SUMS * n);
  guint64 done = VCN_LOOK_EVERY;
  double *sums[2][N_SUMS];
  VcnComparison comparison;

  if (room == NULL) {
    g_atomic_int_set (&filling->failed, TRUE);
    return;
  }
  for (guint i = 0; i < 2 * N_SUMS; i++)
    sums[i / N_SUMS][i % N_SUMS] = room + i * n;
  if (!sum_up (filling, self->first + first, n, sums[0], &done)
      || !sum_up (filling, self->second + first, n, sums[1], &done))
    return;
  comparison = (VcnComparison) {
    n, filling->z,
    { sums[0][KEPT], sums[0][BROKEN], sums[0][SQUARES], band_of (&self->figures[VCB_DUELS_FIRST], first) },
    { sums[1][KEPT], sums[1][BROKEN], sums[1][SQUARES], band_of (&self->figures[VCB_DUELS_SECOND], first) },
    band_of (&self->figures[VCB_DUELS_DIFFERENCE], first),
  };
  vcn_compare (&comparison, 1);
  complete_side (self, VCB_DUELS_FIRST, first, n, sums[0]);
  complete_side (self, VCB_DUELS_SECOND, first, n, sums[1]);
  complete (self, first, n);
  for (guint i = 0; i < VCB_DUELS_N_FIGURES; i++)
    vcm_column_seal (&self->figures[i], first, first + n);
}

gboolean
vcb_duels_fill (VcbDuels *self, double confidence, VcmWatch *watch, GError **error)
{
  Filling filling = { .duels = self, .z = vcn_normal_within (confidence), .look = vcm_watch_look (watch, 0.5) };

  vc_parallel (self->arcs->records->n_threads, (guint) ((self->n_rows + CHUNK - 1) / CHUNK), fill_chunk, &filling);
  if (filling.failed)
    return vcn_fail_memory (error);
  return vcn_look_end (&filling.look, error);
}

/* What follows the name of a figure. */
static const struct {
  const char *suffix, *rate, *difference, *unit;
} parts[4] = {
  { "", "share of the commitments decided that were kept in time", "the first's share kept minus the second's",
    "share" },
  { "_low", "lower end of its interval (Wilson)", "lower end of its interval (Newcombe)", "share" },
  { "_high", "upper end of its interval (Wilson)", "upper end of its interval (Newcombe)", "share" },
  { "_n", "commitments decided, as many alike as say as much",
    "commitments decided on both sides, as many alike as say as much", NULL },
};

gboolean
vcb_duels_finish (VcbDuels *self, const char *names[2], VcColumn **columns, GError **error)
{
  const char *all[3] = { names[0], names[1], "difference" };

  for (guint i = 0; i < VCB_DUELS_N_FIGURES; i++) {
    g_autofree char *name = g_strconcat (all[i / 4], parts[i % 4].suffix, NULL);

    columns[i] = vcm_column_finish (&self->figures[i], name, parts[i % 4].unit,
                                    i < VCB_DUELS_DIFFERENCE ? parts[i % 4].rate : parts[i % 4].difference, error);
    if (columns[i] == NULL)
      return FALSE;
  }
  columns[VCB_DUELS_N_FIGURES] = vcb_column_of_statuses ("status", g_steal_pointer (&self->status), self->n_rows,
                                                         "OK, or EMPTY where a side has nothing decided", error);
  return columns[VCB_DUELS_N_FIGURES] != NULL;
}
