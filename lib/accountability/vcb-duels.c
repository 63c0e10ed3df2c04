/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-duels.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "numeric/vcn-private.h"
#include "numeric/vcn-special.h"
#include "vcb-tally.h"

/* Rows that a thread fills at a time, a multiple of 8: what it needs for them stays in the cache. */
#define CHUNK ((guint64) 2048)

#define N_SUMS 6u

typedef struct {
  VcbDuels *duels;
  double    z;
  VcnLook   look;
  gint      failed; /* atomic: no memory */
} Filling;

static void
place_sums (VcbSums sums[2], double *room, guint64 n)
{
  for (guint side = 0; side < 2; side++)
    sums[side] = (VcbSums) { room + 3 * side * n, room + (3 * side + 1) * n, room + (3 * side + 2) * n };
}

gboolean
vcb_duels_init (VcbDuels *self, const VcbArcs *arcs, guint64 n_rows, gboolean keeps_sums, GError **error)
{
  *self = (VcbDuels) { .arcs = arcs, .n_rows = n_rows };
  if (keeps_sums) {
    self->room = vc_buffer_new (double, N_SUMS * n_rows);
    if (self->room == NULL)
      return vcn_fail_memory (error);
    place_sums (self->sums, self->room, n_rows);
  }
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
  vc_buffer_free (self->room);
  memset (self, 0, sizeof *self);
}

/* How the records of an arc were kept; nothing where there is none. FALSE: stopped. */
static gboolean
rate_arc (Filling *filling, guint32 arc, VcnRate *rate, guint64 *done)
{
  const VcbArcs *arcs = filling->duels->arcs;
  const guint32 first = arc < arcs->n_arcs ? arcs->first[arc] : 0;
  const guint32 last = arc < arcs->n_arcs ? arcs->first[arc + 1] : 0;
  VcbShare kept = { 0 };

  for (guint32 i = first; i < last; i++) {
    const guint64 record = vcb_arcs_record (arcs, i);
    gboolean is_yes;

    if (!vcn_look (&filling->look, done, 1))
      return FALSE;
    if (vcb_answer (arcs->records, record, VCB_KEPT_IN_TIME, &is_yes))
      vcb_share_add (&kept, is_yes, vcb_records_weigh (arcs->records, record));
  }
  *rate = vcb_share_rate (&kept);
  return TRUE;
}

/* FALSE: stopped. */
static gboolean
sum_up (Filling *filling, const guint32 *arcs, guint64 n, const VcbSums *sums, guint64 *done)
{
  for (guint64 i = 0; i < n; i++) {
    VcnRate rate;

    if (!vcn_look (&filling->look, done, 8) || !rate_arc (filling, arcs[i], &rate, done))
      return FALSE;
    sums->kept[i] = rate.kept;
    sums->broken[i] = rate.broken;
    sums->squares[i] = rate.squares;
  }
  return TRUE;
}

static VcnBand
band_of (const VcmColumn figures[4], guint64 first)
{
  return (VcnBand) { figures[0].values + first, figures[1].values + first, figures[2].values + first,
                     figures[3].values + first };
}

static VcnSide
side_of (const VcbDuels *self, VcbDuelsFigure figure, guint64 first, const VcbSums *sums)
{
  return (VcnSide) { sums->kept, sums->broken, sums->squares, band_of (&self->figures[figure], first) };
}

/* A side without a rate has no limits either. */
static void
complete (const VcbDuels *self, guint64 first, guint64 last)
{
  for (guint figure = VCB_DUELS_FIRST; figure < VCB_DUELS_DIFFERENCE; figure += 4)
    for (guint64 row = first; row < last; row++)
      if (isnan (self->figures[figure].values[row]))
        self->figures[figure + 1].values[row] = self->figures[figure + 2].values[row] = (double) NAN;
  for (guint64 row = first; row < last; row++)
    self->status[row] = isnan (self->figures[VCB_DUELS_DIFFERENCE].values[row]) ? VC_STATUS_EMPTY : VC_STATUS_OK;
}

static void
fill_chunk (gpointer data, guint chunk)
{
  Filling *filling = data;
  VcbDuels *self = filling->duels;
  const guint64 first = chunk * CHUNK, n = MIN (CHUNK, self->n_rows - first);
  VC_BUFFER (double) room = self->room == NULL ? vc_buffer_new (double, N_SUMS * n) : NULL;
  guint64 done = VCN_LOOK_EVERY;
  VcnComparison comparison;
  VcbSums sums[2];

  if (self->room == NULL && room == NULL) {
    g_atomic_int_set (&filling->failed, TRUE);
    return;
  }
  for (guint side = 0; side < 2 && self->room != NULL; side++)
    sums[side] = (VcbSums) { self->sums[side].kept + first, self->sums[side].broken + first,
                             self->sums[side].squares + first };
  if (self->room == NULL)
    place_sums (sums, room, n);
  if (!sum_up (filling, self->first + first, n, &sums[0], &done)
      || !sum_up (filling, self->second + first, n, &sums[1], &done))
    return;
  comparison = (VcnComparison) { n, filling->z, side_of (self, VCB_DUELS_FIRST, first, &sums[0]),
                                 side_of (self, VCB_DUELS_SECOND, first, &sums[1]),
                                 band_of (&self->figures[VCB_DUELS_DIFFERENCE], first) };
  vcn_compare (&comparison, 1);
  complete (self, first, first + n);
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
