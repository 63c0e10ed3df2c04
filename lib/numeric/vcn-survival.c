/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-survival.h"

#include <string.h>

#include "vcn-private.h"
#include "vcn-sum.h"

/* What is left at risk, to what the event has not happened, the integral of that over time, and how the errors of all
 * three go together. */
typedef struct {
  double   left, open, area;
  double   left_left, left_open, open_open, area_left, area_open, area_area;
  gboolean competed; /* before that, what is open is what is left */
} State;

/* Time passes and nothing happens. */
static void
wait (State *state, double time)
{
  state->area += time * state->open;
  state->area_area += time * (2 * state->area_open + time * state->open_open);
  state->area_left += time * state->left_open;
  state->area_open += time * state->open_open;
}

/* Something ends: the state goes through a linear map, whose coefficients are shares of a multinomial sample. */
static void
end (State *state, const VcnStep *step)
{
  const double h = (step->events + step->competing) / step->at_risk;
  const double stay = MAX (step->at_risk - step->events - step->competing, 0) / step->at_risk;
  const double spread = state->left * state->left / step->alike;

  state->competed |= step->competing > 0;
  if (state->competed) {
    const double h1 = step->events / step->at_risk;

    state->open -= state->left * h1;
    state->open_open
      = MAX (state->open_open - h1 * (2 * state->left_open - h1 * state->left_left) + spread * h1 * (1 - h1), 0);
    state->left_open = stay * (state->left_open - h1 * state->left_left + spread * h1);
    state->area_open -= h1 * state->area_left;
  }
  state->left_left = stay * (stay * state->left_left + spread * h);
  state->area_left *= stay;
  state->left *= stay;
  if (!state->competed) {
    state->open = state->left;
    state->open_open = state->left_open = state->left_left;
    state->area_open = state->area_left;
  }
}

static double
alike (const VcnSum *sum, const VcnSum *squares)
{
  return vcn_sum_total (sum) / vcn_sum_total (squares) * vcn_sum_total (sum);
}

/* From the last spell back: those at risk are added up, never taken away, so that nothing is left of rounding in the
 * end. */
static void
fill_steps (VcnSurvival *self, const VcnKeyed *spells, guint64 n, VcnLook *look)
{
  VcnSum at_risk = { 0, 0 }, squares = { 0, 0 };
  VcnStep *step = self->room + n;
  guint64 done = 0;

  for (guint64 i = n; i > 0;) {
    const guint64 now = vcn_spell_instant (&spells[i - 1]);
    const double time = vcn_spell_time (&spells[i - 1]);
    double ended[2] = { 0, 0 };

    for (; i > 0 && vcn_spell_instant (&spells[i - 1]) == now; i--) {
      if (!vcn_look (look, &done, 1))
        return;
      const double weight = fabs (spells[i - 1].value);

      vcn_sum_add (&at_risk, weight);
      vcn_sum_add (&squares, weight * weight);
      if (!vcn_spell_is_censored (&spells[i - 1]))
        ended[spells[i - 1].value < 0] += weight;
    }
    if (ended[0] + ended[1] > 0)
      *--step = (VcnStep) { time, vcn_sum_total (&at_risk), alike (&at_risk, &squares), ended[0], ended[1], 0, 0 };
  }
  self->n = n > 0 ? alike (&at_risk, &squares) : 0;
  self->n_steps = (guint64) (self->room + n - step);
  self->steps = step;
}

static void
fill_values (VcnSurvival *self, VcnLook *look)
{
  State state = { .left = 1, .open = 1 };
  guint64 done = 0;

  for (guint64 i = 0; i < self->n_steps && vcn_look (look, &done, 1); i++) {
    end (&state, &self->steps[i]);
    self->steps[i].value = state.open;
    self->steps[i].variance = state.open_open;
  }
}

gboolean
vcn_survival_fit (VcnSurvival *self, const VcnSpells *spells, guint n_threads, VcnLook *look, GError **error)
{
  guint64 n;
  VC_BUFFER (VcnKeyed) sorted = vcn_spells_sort (spells, n_threads, &n, look, error);

  memset (self, 0, sizeof *self);
  if (sorted == NULL)
    return FALSE;
  self->room = vc_buffer_new (VcnStep, n);
  if (self->room == NULL)
    return vcn_fail_memory (error);
  self->longest = n > 0 ? vcn_spell_time (&sorted[n - 1]) : 0;
  fill_steps (self, sorted, n, look);
  fill_values (self, look);
  return vcn_look_end (look, error);
}

void
vcn_survival_clear (VcnSurvival *self)
{
  vc_buffer_free (self->room);
  memset (self, 0, sizeof *self);
}

void
vcn_step_limits (const VcnStep *step, double z, double *low, double *high)
{
  const double depth = log (step->value);
  double spread;

  *low = *high = (double) NAN;
  if (!(step->value > 0 && step->value < 1))
    return;
  spread = exp (z * sqrt (step->variance) / (step->value * -depth));
  *low = exp (depth * spread);
  *high = exp (depth / spread);
}

/* Whether the lower limit lies above a half for sure: it is beyond if z sigma / (S L) < log (log 2 / L) with L = -log
 * S, and 1 - S <= L <= 1 / S - 1. */
static gboolean
is_above_half (const VcnStep *step, double z)
{
  const double s = step->value, room = s > 0.5 ? s * (1 - s) * (1 - (1 / s - 1) * 1.5) : 0;

  return room > 0 && z * z * step->variance < room * room;
}

/* What limits cost, in additions. */
#define COST_OF_STEP 8

VcnFigure
vcn_survival_median (const VcnSurvival *self, double z, VcnLook *look)
{
  /* Each step multiplies once and adds once. */
  const double rounding = 4 * (double) self->n_steps * 0x1p-53;
  VcnFigure median
    = { (double) NAN, (double) NAN, (double) INFINITY, self->n, self->n > 0 ? VC_STATUS_TOO_FEW : VC_STATUS_EMPTY };
  gboolean is_half = FALSE;
  guint64 done = 0;

  for (guint64 i = 0; i < self->n_steps && isinf (median.high) && vcn_look (look, &done, COST_OF_STEP); i++) {
    const VcnStep *step = &self->steps[i];
    double low, high;

    if (is_half && step->events > 0) {
      median.value = (median.value + step->time) / 2;
      is_half = FALSE;
    }
    if (median.status != VC_STATUS_OK && step->value <= 0.5 + rounding) {
      median.status = VC_STATUS_OK;
      median.value = step->time;
      is_half = step->value >= 0.5 - rounding;
    }
    if (is_above_half (step, z))
      continue;
    vcn_step_limits (step, z, &low, &high);
    if (low <= 0.5 && isnan (median.low))
      median.low = step->time;
    if (high <= 0.5)
      median.high = step->time;
  }
  if (isnan (median.low))
    median.low = 0;
  return median;
}

VcnFigure
vcn_survival_mean (const VcnSurvival *self, double until, double z)
{
  State state = { .left = 1, .open = 1 };
  double before = 0, error;

  if (!(self->n > 0))
    return vcn_figure_undefined (0, VC_STATUS_EMPTY);
  for (guint64 i = 0; i < self->n_steps && self->steps[i].time < until; i++) {
    wait (&state, self->steps[i].time - before);
    end (&state, &self->steps[i]);
    before = self->steps[i].time;
  }
  if (until > self->longest && state.left > 0)
    return vcn_figure_undefined (self->n, VC_STATUS_TOO_FEW);
  wait (&state, until - before);
  error = z * sqrt (MAX (state.area_area, 0));
  return (VcnFigure) { state.area, state.area - error, state.area + error, self->n, VC_STATUS_OK };
}
