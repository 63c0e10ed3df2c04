/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-records.h"

#include <math.h>

#include "base/vc-parallel-private.h"
#include "chain/vc-fields-private.h"
#include "numeric/vcn-private.h"
#include "numeric/vcn-spells.h"
#include "table/vc-number-private.h"
#include "valuechain/vc-error.h"

/* ---- the reference time ---- */

typedef struct {
  gboolean is_set;
  gint64   time;
} Latest;

static void
look_at_times (Latest *latest, const VcWords *times, guint64 n, VcnLook *look)
{
  guint64 done = 0;

  for (guint64 i = 0; i < n && vcn_look (look, &done, 1); i++)
    if (vc_bit_is_set (times->validity, i) && (!latest->is_set || times->values[i] > latest->time))
      *latest = (Latest) { TRUE, times->values[i] };
}

static void
look_at_table (Latest *latest, VcTable *table, VcnLook *look)
{
  VcColumn *column = vc_table_lookup_column (table, "at");
  VcWords times;

  if (column == NULL)
    return;
  times = (VcWords) { vc_column_peek_int64s (column), vc_column_peek_validity (column) };
  look_at_times (latest, &times, vc_column_get_n_rows (column), look);
}

/* When something happened for the last time. A due time is a plan: it does not say how far the records go. */
static void
find_latest (VcbRecords *self, VcChain *chain, VcnLook *look)
{
  Latest latest = { FALSE, 0 };

  look_at_times (&latest, &self->given->made, self->given->n, look);
  look_at_times (&latest, &self->given->closed, self->given->n, look);
  look_at_table (&latest, vc_chain_get_flows (chain), look);
  look_at_table (&latest, vc_chain_get_receipts (chain), look);
  self->has_at = latest.is_set;
  self->at = latest.time;
}

/* ---- outcomes ---- */

static gboolean
get (const VcWords *times, guint64 record, gint64 *time)
{
  *time = times->values[record];
  return vc_bit_is_set (times->validity, record);
}

/* Without a state, what has a closing time was kept. */
static guint
state_of (const VcCommitmentArrays *given, guint64 record, gboolean is_closed)
{
  if (vc_bit_is_set (given->state.validity, record))
    return (guint) given->state.codes[record];
  return is_closed ? VC_STATE_KEPT : VC_STATE_OPEN;
}

static VcbOutcome
judge (const VcbRecords *self, guint64 record)
{
  const VcCommitmentArrays *given = self->given;
  gint64 made, due, closed;
  gboolean has_made = get (&given->made, record, &made), has_due = get (&given->due, record, &due);
  gboolean has_closed = get (&given->closed, record, &closed);
  guint state = state_of (given, record, has_closed);

  if (given->from[record] == given->to[record] || (has_made && self->has_at && made > self->at))
    return VCB_APART;
  /* What was closed later was open then. */
  if (has_closed && self->has_at && closed > self->at)
    state = VC_STATE_OPEN;
  switch (state) {
    case VC_STATE_KEPT:
      return has_closed && has_due && closed > due ? VCB_LATE : VCB_KEPT;
    case VC_STATE_LATE:
      return VCB_LATE;
    case VC_STATE_BROKEN:
      return VCB_BROKEN;
    case VC_STATE_WITHDRAWN:
      return VCB_WITHDRAWN;
    default:
      return has_due && self->has_at && due < self->at ? VCB_OVERDUE : VCB_OPEN;
  }
}

gboolean
vcb_records_time (const VcbRecords *self, guint64 record, double *days, guint8 *end)
{
  static const guint8 ends[VCB_N_OUTCOMES] = {
    [VCB_KEPT] = VCN_EVENT, [VCB_LATE] = VCN_EVENT, [VCB_BROKEN] = VCN_COMPETING,
    [VCB_WITHDRAWN] = VCN_COMPETING, [VCB_OVERDUE] = VCN_CENSORED, [VCB_OPEN] = VCN_CENSORED,
  };
  const VcbOutcome outcome = self->outcome[record];
  gint64 made, ended = self->at;

  if (outcome == VCB_APART || !get (&self->given->made, record, &made))
    return FALSE;
  *end = ends[outcome];
  if (*end == VCN_CENSORED) {
    if (!self->has_at)
      return FALSE;
  } else if (!get (&self->given->closed, record, &ended)) {
    /* It was broken when its time had passed, if nobody says when. */
    if (outcome != VCB_BROKEN || !get (&self->given->due, record, &ended) || (self->has_at && ended > self->at))
      return FALSE;
  }
  *days = ((double) ended - (double) made) / (double) VCB_DAY;
  return ended >= made;
}

/* ---- weights ---- */

#define HALVINGS 52

/* 2^-x for x >= 0, of square roots and products alone, which are the same everywhere. */
static double
halve (const double roots[HALVINGS], double x)
{
  double whole = floor (x), part = x - whole, product = 1;

  if (!(whole < 1100))
    return 0;
  for (guint k = 0; part > 0 && k < HALVINGS; k++) {
    part *= 2;
    if (part >= 1) {
      part -= 1;
      product *= roots[k];
    }
  }
  return ldexp (product, -(int) whole);
}

/* A record is as old as it was made long ago; where that is not known, closed or due. */
static double
age_of (const VcbRecords *self, guint64 record)
{
  gint64 time;

  if (!self->has_at
      || (!get (&self->given->made, record, &time) && !get (&self->given->closed, record, &time)
          && !get (&self->given->due, record, &time)))
    return 0;
  return MAX (((double) self->at - (double) time) / (double) VCB_DAY, 0);
}

typedef struct {
  VcbRecords *self;
  double      half_life, roots[HALVINGS];
  VcnLook     look;
  GMutex      lock;
  double      heaviest, heaviest_given;
} Judging;

/* What 2^-x costs, in records. */
#define COST_OF_DECAY 16

static void
decay (Judging *judging, gsize start, gsize end)
{
  VcbRecords *self = judging->self;
  guint64 done = 0;

  for (gsize i = start; i < end && vcn_look (&judging->look, &done, COST_OF_DECAY); i++)
    self->decayed[i] = self->given->weight[i] * halve (judging->roots, age_of (self, i) / judging->half_life);
}

static void
judge_range (gpointer data, gsize start, gsize end)
{
  Judging *judging = data;
  VcbRecords *self = judging->self;
  guint64 done = VCN_LOOK_EVERY, counts[VCB_N_OUTCOMES + 1] = { 0 };
  double heaviest = 0, heaviest_given = 0;

  if (!vcn_look (&judging->look, &done, 0))
    return;
  if (self->decayed != NULL)
    decay (judging, start, end);
  for (gsize i = start; i < end; i++) {
    const VcbOutcome outcome = judge (self, i);

    self->outcome[i] = (guint8) outcome;
    counts[outcome]++;
    if (outcome != VCB_APART) {
      heaviest = MAX (heaviest, self->weight[i]);
      heaviest_given = MAX (heaviest_given, self->given->weight[i]);
    }
  }
  g_mutex_lock (&judging->lock);
  for (guint k = 0; k <= VCB_N_OUTCOMES; k++)
    self->counts[k] += counts[k];
  judging->heaviest = MAX (judging->heaviest, heaviest);
  judging->heaviest_given = MAX (judging->heaviest_given, heaviest_given);
  g_mutex_unlock (&judging->lock);
}

static double
scale_for (double heaviest)
{
  int exponent;

  if (!(heaviest > 0))
    return 1;
  frexp (heaviest, &exponent);
  return ldexp (1, CLAMP (1 - exponent, -1000, 1000));
}

/* Below it, weights lose their digits, and at last are 0. */
#define FADED 0x1p-969

static gboolean
check_weights (const Judging *judging, GError **error)
{
  char at[VC_NUMBER_SIZE];

  if (judging->heaviest >= FADED || !(judging->heaviest < judging->heaviest_given))
    return TRUE;
  at[vc_format_time (judging->self->at, at)] = '\0';
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION,
               "option \"half-life\" of measure \"accountability\" leaves nothing to measure: by %s even the heaviest "
               "record weighs less than 2^-969",
               at);
  return FALSE;
}

gboolean
vcb_records_init (VcbRecords *self, VcChain *chain, const gint64 *at, double half_life, VcmWatch *watch, GError **error)
{
  Judging judging = { .self = self, .half_life = half_life, .look = vcm_watch_look (watch, 0) };

  self->given = &vc_chain_peek_arrays (chain)->commitments;
  self->has_at = at != NULL;
  if (at != NULL)
    self->at = *at;
  else
    find_latest (self, chain, &judging.look);
  self->outcome = vc_buffer_new (guint8, self->given->n);
  self->decayed = half_life > 0 ? vc_buffer_new (double, self->given->n) : NULL;
  if (self->outcome == NULL || (half_life > 0 && self->decayed == NULL))
    return vcn_fail_memory (error);
  self->weight = half_life > 0 ? self->decayed : self->given->weight;
  for (guint k = 0; k < HALVINGS; k++)
    judging.roots[k] = sqrt (k > 0 ? judging.roots[k - 1] : 0.5);
  g_mutex_init (&judging.lock);
  vc_parallel_ranges (self->n_threads, self->given->n, judge_range, &judging);
  g_mutex_clear (&judging.lock);
  self->scale = scale_for (judging.heaviest);
  return vcn_look_end (&judging.look, error) && check_weights (&judging, error);
}

void
vcb_records_clear (VcbRecords *self)
{
  g_clear_pointer (&self->outcome, vc_buffer_free);
  g_clear_pointer (&self->decayed, vc_buffer_free);
}
