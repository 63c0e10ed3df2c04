/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-beta-binomial.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-keyed.h"
#include "vcn-private.h"
#include "vcn-special.h"
#include "vcn-sum.h"

/* Whole numbers below this are summed term by term, which keeps every digit however large a and b are. */
#define FEW 64
#define ITERATIONS 200
#define STILL 1e-9
/* Rates that spread by less than a thousandth of what one record says do not spread. */
#define MOST 1e7
/* What likelihoods may differ by for their rounding. */
#define ROUNDING 1e-11

/* What was kept, broken, or both, by how many groups. */
typedef struct {
  guint64 n;
  double *value, *many;
} Counts;

enum { KEPT, BROKEN, BOTH, N_COUNTS };

/* log (Gamma (x + s) / Gamma (x)), and its first two derivatives in x. */
typedef struct {
  double value, slope, bend;
} Rise;

typedef struct {
  Counts  counts[N_COUNTS];
  Rise   *parts; /* room for those of any counts */
  guint   n_threads;
  VcnLook look;
} Sample;

static void
sample_clear (Sample *self)
{
  for (guint k = 0; k < N_COUNTS; k++) {
    vc_buffer_free (self->counts[k].value);
    vc_buffer_free (self->counts[k].many);
  }
  vc_buffer_free (self->parts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

static Rise
rise (double x, double s)
{
  Rise found = { 0, 0, 0 };

  if (s >= FEW || s != floor (s))
    return (Rise) { vcn_log_gamma (x + s) - vcn_log_gamma (x), vcn_digamma (x + s) - vcn_digamma (x),
                   vcn_trigamma (x + s) - vcn_trigamma (x) };
  for (guint k = 0; k < s; k++) {
    const double term = 1 / (x + k);

    found.value += log (x + k);
    found.slope += term;
    found.bend -= term * term;
  }
  return found;
}

/* Numbers that are added up by themselves: as many for any number of threads. */
#define PART ((guint64) 4096)
/* What a number costs, in additions. */
#define COST_OF_NUMBER 64

static guint64
n_parts (const Counts *counts)
{
  return (counts->n + PART - 1) / PART;
}

typedef struct {
  VcnSum value, slope, bend;
} Rises;

static void
add (Rises *self, double many, const Rise *one)
{
  vcn_sum_add (&self->value, many * one->value);
  vcn_sum_add (&self->slope, many * one->slope);
  vcn_sum_add (&self->bend, many * one->bend);
}

static Rise
total (const Rises *self)
{
  return (Rise) { vcn_sum_total (&self->value), vcn_sum_total (&self->slope), vcn_sum_total (&self->bend) };
}

typedef struct {
  Sample       *sample;
  const Counts *counts;
  double        x;
} Rising;

static void
rise_part (gpointer data, guint part)
{
  const Rising *rising = data;
  const Counts *counts = rising->counts;
  const guint64 first = part * PART, last = MIN (first + PART, counts->n);
  guint64 done = 0;
  Rises sum = { 0 };

  for (guint64 i = first; i < last && vcn_look (&rising->sample->look, &done, COST_OF_NUMBER); i++) {
    const Rise one = rise (rising->x, counts->value[i]);

    add (&sum, counts->many[i], &one);
  }
  rising->sample->parts[part] = total (&sum);
}

static Rise
rise_all (Sample *sample, guint k, double x)
{
  const Counts *counts = &sample->counts[k];
  Rises sum = { 0 };

  vc_parallel (sample->n_threads, (guint) n_parts (counts), rise_part, &(Rising) { sample, counts, x });
  for (guint64 part = 0; part < n_parts (counts) && !vcn_look_is_stopped (&sample->look); part++)
    add (&sum, 1, &sample->parts[part]);
  return total (&sum);
}

/* The likelihood at (a, b), and its derivatives in log a and log b. */
typedef struct {
  double a, b, value;
  double slope[2];
  double bend[3]; /* aa, ab, bb */
  double terms[2];
} Point;

static Point
look (Sample *sample, double a, double b)
{
  const Rise kept = rise_all (sample, KEPT, a), broken = rise_all (sample, BROKEN, b);
  const Rise both = rise_all (sample, BOTH, a + b);

  return (Point) {
    a, b, kept.value + broken.value - both.value,
    { a * (kept.slope - both.slope), b * (broken.slope - both.slope) },
    { a * (kept.slope - both.slope) + a * a * (kept.bend - both.bend), -a * b * both.bend,
      b * (broken.slope - both.slope) + b * b * (broken.bend - both.bend) },
    { a * kept.slope, b * broken.slope },
  };
}

/* Newton's step where the likelihood is concave. Along a line in which it is not, as far as if it were bent the other
 * way, and so uphill too: the likelihood is a long ridge, on which steps along the slope alone get nowhere (Dauphin and
 * others 2014, arXiv:1406.2572). Neither a nor b changes by more than a factor of e^2. */
static void
choose_step (const Point *here, double step[2])
{
  const double mean = (here->bend[0] + here->bend[2]) / 2, apart = (here->bend[0] - here->bend[2]) / 2;
  const double spread = sqrt (apart * apart + here->bend[1] * here->bend[1]);
  const double most = fabs (mean) + spread, least = most * 1e-12;
  const double over = 1 / MAX (fabs (mean + spread), least), under = 1 / MAX (fabs (mean - spread), least);
  /* 1 / |H| as a combination of 1 and H, from both of its eigenvalues. */
  const double turn = spread > least ? (over - under) / (2 * spread) : 0, plain = (over + under) / 2;
  double length;

  step[0] = plain * here->slope[0] + turn * (apart * here->slope[0] + here->bend[1] * here->slope[1]);
  step[1] = plain * here->slope[1] + turn * (here->bend[1] * here->slope[0] - apart * here->slope[1]);
  length = MAX (fabs (step[0]), fabs (step[1]));
  for (guint k = 0; k < 2 && length > 2; k++)
    step[k] *= 2 / length;
}

/* Climbs until nothing moves, or until steps that no longer become shorter promise less than the likelihood's rounding:
 * where many records say that rates hardly spread, slopes are differences of numbers that are nearly alike. FALSE: it
 * did not come to rest. */
static gboolean
climb (Sample *sample, Point *here, guint *iterations)
{
  double before = INFINITY;

  for (*iterations = 0; *iterations < ITERATIONS && here->a + here->b < MOST; (*iterations)++) {
    double step[2], length;
    Point there;

    choose_step (here, step);
    length = MAX (fabs (step[0]), fabs (step[1]));
    if (length <= STILL
        || (length > before / 2
            && fabs (step[0] * here->slope[0] + step[1] * here->slope[1]) <= ROUNDING * fabs (here->value)))
      return TRUE;
    before = length;
    for (;;) {
      there = look (sample, here->a * exp (step[0]), here->b * exp (step[1]));
      if (vcn_look_is_stopped (&sample->look))
        return FALSE;
      if (there.value >= here->value - ROUNDING * fabs (here->value) || length <= STILL)
        break;
      length /= 2;
      step[0] /= 2;
      step[1] /= 2;
    }
    *here = there;
  }
  return here->a + here->b >= MOST;
}

static gboolean
is_one_of_many (const VcnKeyed *items, guint64 i)
{
  return i > 0 && items[i].key == items[i - 1].key;
}

/* Numbers above 0, each once. FALSE: no memory. */
static gboolean
collect (Counts *counts, VcnKeyed *items, VcnKeyed *spare, guint64 n, Sample *sample)
{
  guint64 n_kept = 0, n_distinct = 0;

  for (guint64 i = 0; i < n; i++)
    if (items[i].key != 0)
      items[n_kept++] = items[i];
  if (!vcn_keyed_sort (items, spare, n_kept, sample->n_threads, &sample->look))
    return TRUE;
  for (guint64 i = 0; i < n_kept; i++)
    n_distinct += !is_one_of_many (items, i);
  counts->value = vc_buffer_new (double, n_distinct);
  counts->many = vc_buffer_new (double, n_distinct);
  if (counts->value == NULL || counts->many == NULL)
    return FALSE;
  for (guint64 i = 0; i < n_kept; i++) {
    if (!is_one_of_many (items, i)) {
      counts->value[counts->n] = vcn_from_bits (items[i].key);
      counts->many[counts->n++] = 0;
    }
    counts->many[counts->n - 1]++;
  }
  return TRUE;
}

static VcnRate
get_rate (const VcnSide *groups, guint64 i)
{
  return (VcnRate) { groups->kept[i], groups->broken[i],
                    groups->squares != NULL ? groups->squares[i] : groups->kept[i] + groups->broken[i] };
}

/* What a group counts for: as many records alike as say as much. */
static void
count_alike (const VcnRate *rate, double counts[N_COUNTS])
{
  const double n = rate->kept + rate->broken, scale = n > 0 ? n / rate->squares : 0;

  counts[KEPT] = rate->kept * scale;
  counts[BROKEN] = rate->broken * scale;
  counts[BOTH] = counts[KEPT] + counts[BROKEN];
}

static gboolean
load (Sample *sample, guint64 n, const VcnSide *groups, GError **error)
{
  VC_BUFFER (VcnKeyed) items = vc_buffer_new (VcnKeyed, n);
  VC_BUFFER (VcnKeyed) spare = vc_buffer_new (VcnKeyed, n);
  guint64 done = 0, most = 0;

  if (items == NULL || spare == NULL)
    return vcn_fail_memory (error);
  for (guint k = 0; k < N_COUNTS; k++) {
    for (guint64 i = 0; i < n && vcn_look (&sample->look, &done, 2); i++) {
      const VcnRate rate = get_rate (groups, i);
      double counts[N_COUNTS];

      count_alike (&rate, counts);
      items[i] = (VcnKeyed) { vcn_bits (counts[k]), 0 };
    }
    if (vcn_look_is_stopped (&sample->look))
      return vcn_fail_cancelled (error);
    if (!collect (&sample->counts[k], items, spare, n, sample))
      return vcn_fail_memory (error);
    most = MAX (most, n_parts (&sample->counts[k]));
  }
  sample->parts = vc_buffer_new (Rise, most);
  if (sample->parts == NULL)
    return vcn_fail_memory (error);
  return vcn_look_end (&sample->look, error);
}

/* What decides which prior can be estimated at all. */
typedef struct {
  guint64 n_groups;   /* with records */
  guint64 n_mixed;    /* of which some were kept and some not */
  guint64 n_several;  /* with more than one record */
} Survey;

static gboolean
survey_groups (guint64 n, const VcnSide *groups, Survey *survey, VcnLook *look, GError **error)
{
  guint64 done = VCN_LOOK_EVERY;

  for (guint64 i = 0; i < n && vcn_look (look, &done, 1); i++) {
    const VcnRate rate = get_rate (groups, i);
    double counts[N_COUNTS];

    if (!vcn_is_weight (rate.kept) || !vcn_is_weight (rate.broken) || !vcn_is_weight (rate.squares))
      return vcn_fail_value (error, "a sum of group", i);
    count_alike (&rate, counts);
    survey->n_groups += counts[BOTH] > 0;
    survey->n_mixed += counts[KEPT] > 0 && counts[BROKEN] > 0;
    survey->n_several += counts[BOTH] > 1 + 1e-9;
  }
  return vcn_look_end (look, error);
}

static double
add_up (const Counts *counts)
{
  return vcn_dot (counts->value, counts->many, counts->n);
}

static void
set_prior (VcnBetaBinomial *self, VcStatus status, double a, double b)
{
  self->status = status;
  self->a = a;
  self->b = b;
  self->mean = isfinite (a) ? a / (a + b) : self->pooled.kept / (self->pooled.kept + self->pooled.broken);
}

/* Where the sample leaves nothing to estimate. */
static gboolean
set_special_prior (VcnBetaBinomial *self, const Survey *survey)
{
  if (survey->n_groups == 0)
    *self = (VcnBetaBinomial) { .a = (double) NAN, .b = (double) NAN, .mean = (double) NAN, .status = VC_STATUS_EMPTY };
  else if (survey->n_groups == 1 || survey->n_several == 0)
    set_prior (self, VC_STATUS_TOO_FEW, INFINITY, INFINITY);
  else if (!(self->pooled.kept > 0 && self->pooled.broken > 0))
    set_prior (self, VC_STATUS_NO_VARIANCE, 0.5, 0.5);
  else if (survey->n_mixed == 0)
    set_prior (self, VC_STATUS_SINGULAR, 0.5, 0.5);
  else
    return FALSE;
  return TRUE;
}

/* The best of some spreads around the mean of all, to climb from. */
static Point
find_start (Sample *sample, double mean)
{
  Point best = look (sample, mean * 0x1p-6, (1 - mean) * 0x1p-6);

  for (int k = -4; k <= 20; k += 2) {
    const Point here = look (sample, ldexp (mean, k), ldexp (1 - mean, k));

    if (here.value > best.value)
      best = here;
  }
  return best;
}

static void
estimate (VcnBetaBinomial *self, Sample *sample)
{
  const double n = self->pooled.kept + self->pooled.broken, mean = self->pooled.kept / n;
  const double alike = self->pooled.kept * log (mean) + self->pooled.broken * log1p (-mean);
  Point here = find_start (sample, mean);
  const gboolean at_rest = climb (sample, &here, &self->iterations);

  self->log_likelihood = here.value;
  self->residual = vcn_larger (fabs (here.slope[0]) / here.terms[0], fabs (here.slope[1]) / here.terms[1]);
  if (!at_rest) {
    set_prior (self, VC_STATUS_NOT_CONVERGED, (double) NAN, (double) NAN);
  } else if (here.a + here.b >= MOST || here.value <= alike + ROUNDING * MAX (fabs (alike), 1)) {
    set_prior (self, VC_STATUS_NO_VARIANCE, INFINITY, INFINITY);
    self->log_likelihood = alike;
    self->residual = 0;
  } else {
    set_prior (self, VC_STATUS_OK, here.a, here.b);
  }
}

gboolean
vcn_beta_binomial_fit (VcnBetaBinomial *self, guint64 n, const VcnSide *groups, guint n_threads,
                       const VcnMonitor *monitor, GError **error)
{
  g_auto (Sample) sample = { .n_threads = n_threads, .look = { monitor, 0.5, FALSE } };
  Survey survey = { 0 };

  memset (self, 0, sizeof *self);
  if (!survey_groups (n, groups, &survey, &sample.look, error) || !load (&sample, n, groups, error))
    return FALSE;
  self->pooled = (VcnRate) { add_up (&sample.counts[KEPT]), add_up (&sample.counts[BROKEN]), 0 };
  self->pooled.squares = self->pooled.kept + self->pooled.broken;
  if (!set_special_prior (self, &survey))
    estimate (self, &sample);
  return vcn_look_end (&sample.look, error);
}

VcnFigure
vcn_beta_binomial_shrink (const VcnBetaBinomial *self, const VcnRate *rate, double level)
{
  VcnFigure figure;
  double counts[N_COUNTS];

  count_alike (rate, counts);
  if (!(counts[BOTH] > 0) || self->status == VC_STATUS_NOT_CONVERGED)
    return vcn_figure_undefined (counts[BOTH], counts[BOTH] > 0 ? VC_STATUS_NOT_CONVERGED : VC_STATUS_EMPTY);
  if (isfinite (self->a)) {
    const double a = self->a + counts[KEPT], b = self->b + counts[BROKEN];

    figure = (VcnFigure) { a / (a + b), vcn_beta_quantile (a, b, (1 - level) / 2),
                          vcn_beta_quantile (a, b, (1 + level) / 2), counts[BOTH], self->status };
  } else {
    figure = vcn_wilson (&self->pooled, vcn_normal_within (level));
    figure.n = counts[BOTH];
    figure.status = self->status;
  }
  return figure;
}
