/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-arcs.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "numeric/vcn-private.h"
#include "numeric/vcn-sum.h"

static guint32
node_of (const guint32 *group, gint32 party)
{
  return group != NULL ? group[party] : (guint32) party;
}

static void
list_counted (const VcbRecords *records, guint32 *order, VcnLook *look)
{
  guint64 done = 0;
  guint32 n = 0;

  for (guint64 i = 0; i < records->given->n && vcn_look (look, &done, 1); i++)
    if (records->outcome[i] != VCB_APART)
      order[n++] = (guint32) i;
}

static void
add_up (guint32 *start, guint32 n)
{
  for (guint32 i = 0, sum = 0; i < n; i++) {
    guint32 count = start[i];

    start[i] = sum;
    sum += count;
  }
}

/* By both nodes; records of one arc stay in their order. */
static gboolean
sort_by_group (VcbArcs *self, guint32 n, const guint32 *group, VcnLook *look, GError **error)
{
  guint64 done = VCN_LOOK_EVERY;
  const VcCommitmentArrays *given = self->records->given;
  VC_BUFFER (guint32) start = vc_buffer_new (guint32, self->n);
  VC_BUFFER (guint32) spare = vc_buffer_new (guint32, n);
  const gint32 *ends[2] = { given->to, given->from };
  guint32 *rows[3] = { self->order, spare, self->order };

  if (start == NULL || spare == NULL)
    return vcn_fail_memory (error);
  for (guint pass = 0; pass < 2; pass++) {
    memset (start, 0, self->n * sizeof *start);
    for (guint32 i = 0; i < n; i++) {
      if (!vcn_look (look, &done, 1))
        return vcn_fail_cancelled (error);
      start[group[ends[pass][rows[pass][i]]]]++;
    }
    add_up (start, self->n);
    for (guint32 i = 0; i < n; i++) {
      if (!vcn_look (look, &done, 1))
        return vcn_fail_cancelled (error);
      rows[pass + 1][start[group[ends[pass][rows[pass][i]]]]++] = rows[pass][i];
    }
  }
  return TRUE;
}

static gboolean
order_records (VcbArcs *self, const guint32 *group, guint32 *n, VcmWatch *watch, GError **error)
{
  const VcbRecords *records = self->records;
  VcnLook look = vcm_watch_look (watch, 0.1);

  *n = (guint32) (records->given->n - records->counts[VCB_APART]);
  if (*n == records->given->n && group == NULL)
    return TRUE;
  self->order = vc_buffer_new (guint32, records->given->n);
  if (self->order == NULL)
    return vcn_fail_memory (error);
  list_counted (records, self->order, &look);
  return vcn_look_end (&look, error) && (group == NULL || sort_by_group (self, *n, group, &look, error));
}

typedef struct {
  guint32 from, to;
} Ends;

static Ends
ends_of (const VcbArcs *self, const guint32 *group, guint32 place)
{
  const VcCommitmentArrays *given = self->records->given;
  guint64 record = vcb_arcs_record (self, place);

  return (Ends) { node_of (group, given->from[record]), node_of (group, given->to[record]) };
}

/* Where each arc begins. First only counted, by `first` NULL. FALSE: stopped. */
static gboolean
cut_arcs (VcbArcs *self, const guint32 *group, guint32 n, VcnLook *look)
{
  guint64 done = VCN_LOOK_EVERY;
  guint32 n_arcs = 0;
  Ends last = { 0, 0 };

  for (guint32 i = 0; i < n; i++) {
    const Ends ends = ends_of (self, group, i);

    if (!vcn_look (look, &done, 1))
      return FALSE;
    if (i > 0 && ends.from == last.from && ends.to == last.to)
      continue;
    if (self->first != NULL) {
      self->first[n_arcs] = i;
      self->to[n_arcs] = ends.to;
      self->out_start[ends.from + 1]++;
    }
    n_arcs++;
    last = ends;
  }
  self->n_arcs = n_arcs;
  return TRUE;
}

static gboolean
find_arcs (VcbArcs *self, const guint32 *group, guint32 n, VcmWatch *watch, GError **error)
{
  VcnLook look = vcm_watch_look (watch, 0.3);

  if (!cut_arcs (self, group, n, &look))
    return vcn_fail_cancelled (error);
  self->out_start = vc_buffer_new0 (guint32, (gsize) self->n + 1);
  self->to = vc_buffer_new (guint32, self->n_arcs);
  self->volume = vc_buffer_new (double, self->n_arcs);
  self->first = vc_buffer_new (guint32, (gsize) self->n_arcs + 1);
  if (self->out_start == NULL || self->to == NULL || self->volume == NULL || self->first == NULL)
    return vcn_fail_memory (error);
  if (!cut_arcs (self, group, n, &look))
    return vcn_fail_cancelled (error);
  self->first[self->n_arcs] = n;
  for (guint32 i = 0; i < self->n; i++)
    self->out_start[i + 1] += self->out_start[i];
  return TRUE;
}

typedef struct {
  VcbArcs *arcs;
  VcnLook  look;
} Adding;

static void
add_volumes (gpointer data, gsize start, gsize end)
{
  Adding *adding = data;
  VcbArcs *self = adding->arcs;
  guint64 done = VCN_LOOK_EVERY;

  for (gsize arc = start; arc < end; arc++) {
    VcnSum sum = { 0, 0 };

    for (guint32 i = self->first[arc]; i < self->first[arc + 1]; i++) {
      if (!vcn_look (&adding->look, &done, 1))
        return;
      vcn_sum_add (&sum, self->records->weight[vcb_arcs_record (self, i)]);
    }
    self->volume[arc] = vcn_sum_total (&sum);
  }
}

/* Arcs by whom they lead to; those from lower nodes come first. */
static gboolean
turn_round (VcbArcs *self, VcmWatch *watch, GError **error)
{
  VcnLook look = vcm_watch_look (watch, 0.8);
  guint64 done = VCN_LOOK_EVERY;
  VC_BUFFER (guint32) next = vc_buffer_new (guint32, (gsize) self->n + 1);

  self->in_start = vc_buffer_new0 (guint32, (gsize) self->n + 1);
  self->in_arc = vc_buffer_new (guint32, self->n_arcs);
  self->in_from = vc_buffer_new (guint32, self->n_arcs);
  if (next == NULL || self->in_start == NULL || self->in_arc == NULL || self->in_from == NULL)
    return vcn_fail_memory (error);
  for (guint32 arc = 0; arc < self->n_arcs; arc++) {
    if (!vcn_look (&look, &done, 1))
      return vcn_fail_cancelled (error);
    self->in_start[self->to[arc]]++;
  }
  add_up (self->in_start, self->n + 1);
  memcpy (next, self->in_start, ((gsize) self->n + 1) * sizeof *next);
  for (guint32 i = 0; i < self->n; i++)
    for (guint32 arc = self->out_start[i]; arc < self->out_start[i + 1]; arc++) {
      guint32 place = next[self->to[arc]]++;

      if (!vcn_look (&look, &done, 1))
        return vcn_fail_cancelled (error);
      self->in_arc[place] = arc;
      self->in_from[place] = i;
    }
  return TRUE;
}

gboolean
vcb_arcs_init (VcbArcs *self, const VcbRecords *records, guint32 n, const guint32 *group, VcmWatch *watch,
               GError **error)
{
  Adding adding = { self, vcm_watch_look (watch, 0.6) };
  guint32 n_counted;

  *self = (VcbArcs) { .records = records, .n = n };
  if (records->given->n >= G_MAXUINT32) {
    g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_LIMIT,
                         "there are more commitments than can be counted");
    return FALSE;
  }
  if (!order_records (self, group, &n_counted, watch, error) || !find_arcs (self, group, n_counted, watch, error))
    return FALSE;
  vc_parallel_ranges (records->n_threads, self->n_arcs, add_volumes, &adding);
  return vcn_look_end (&adding.look, error) && turn_round (self, watch, error);
}

void
vcb_arcs_clear (VcbArcs *self)
{
  vc_buffer_free (self->order);
  vc_buffer_free (self->first);
  vc_buffer_free (self->out_start);
  vc_buffer_free (self->to);
  vc_buffer_free (self->volume);
  vc_buffer_free (self->in_start);
  vc_buffer_free (self->in_arc);
  vc_buffer_free (self->in_from);
  memset (self, 0, sizeof *self);
}

guint32
vcb_arcs_find (const VcbArcs *self, guint32 from, guint32 to)
{
  guint32 low = self->out_start[from], high = self->out_start[from + 1];

  while (low < high) {
    guint32 middle = low + (high - low) / 2;

    if (self->to[middle] == to)
      return middle;
    if (self->to[middle] < to)
      low = middle + 1;
    else
      high = middle;
  }
  return self->n_arcs;
}

VcbBoth
vcb_both (const VcbArcs *arcs, guint32 node)
{
  return (VcbBoth) { arcs, arcs->out_start[node], arcs->out_start[node + 1], arcs->in_start[node],
                    arcs->in_start[node + 1] };
}

gboolean
vcb_both_next (VcbBoth *self, VcbTie *tie)
{
  const VcbArcs *arcs = self->arcs;
  gboolean has_out = self->out < self->out_end, has_in = self->in < self->in_end;
  guint32 there = has_out ? arcs->to[self->out] : G_MAXUINT32, here = has_in ? arcs->in_from[self->in] : G_MAXUINT32;

  if (!has_out && !has_in)
    return FALSE;
  *tie = (VcbTie) { MIN (there, here), arcs->n_arcs, arcs->n_arcs };
  if (there <= here)
    tie->out = self->out++;
  if (here <= there)
    tie->in = arcs->in_arc[self->in++];
  return TRUE;
}

VcbWalk
vcb_walk (const VcbArcs *arcs, gboolean is_owed, const guint32 *members, guint32 n_members)
{
  return (VcbWalk) { .arcs = arcs, .is_owed = is_owed, .members = members, .end = members + n_members };
}

static void
enter_member (VcbWalk *self, guint32 member)
{
  const guint32 *start = self->is_owed ? self->arcs->in_start : self->arcs->out_start;

  self->arc = start[member];
  self->arc_end = start[member + 1];
}

gboolean
vcb_walk_next (VcbWalk *self, guint32 *arc)
{
  const VcbArcs *arcs = self->arcs;

  for (;;) {
    guint32 other, place;

    if (!vcn_look (self->look, self->done, 1) || (self->arc == self->arc_end && self->members == self->end))
      return FALSE;
    if (self->arc == self->arc_end) {
      enter_member (self, *self->members++);
      continue;
    }
    place = self->arc++;
    other = self->is_owed ? arcs->in_from[place] : arcs->to[place];
    if (self->place != NULL && self->place[other] >= self->low && self->place[other] < self->high)
      continue;
    *arc = self->is_owed ? arcs->in_arc[place] : place;
    return TRUE;
  }
}
