/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-configuration.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-anderson.h"
#include "vcn-keyed.h"
#include "vcn-poles.h"
#include "vcn-private.h"
#include "vcn-sum.h"

#define ROWS_PER_PART 1024
/* Of the unknown of one node, given all others. A step from as near as this is the last: it squares what is off. */
#define NEWTON 64
#define CLOSE 1e-4
/* How often what seems solved may fail to be. */
#define PROOFS 8
/* Less than this of all flow past a hub is rounding. */
#define ROUNDING 1e-12

/* One side of the model: offsets t of the nodes that send, given offsets tau of those that receive, the least of which
 * is 0. From t to tau flows 1 / (exp (t + tau) - 1) = (1 - v) / (delta + v) or 1 / (t + tau) = 1 / (delta + v), with v
 * = 1 - exp (-t) or t, and delta = exp (tau) - 1 or tau: what a node sends is a sum of simple poles. As a sum of
 * logarithmically convex functions of t it is one, so that Newton's method on its logarithm goes straight down. */
typedef struct {
  VcnNull       null;
  guint32       n;
  const double *many;
  const double *target; /* n: what each should send, or NULL: what it does is wanted */
  double       *t, *tau;
  double       *mean;   /* n: what each sends at the t before, 0 if nothing */
  double       *weight; /* n: how much less all of a class would send for each t more */
  double       *image;  /* n: where t goes; may be t itself */
  VcnPoles      poles;
  double       *other;  /* n: delta without the lone node */
  guint32       lone;   /* the only node at tau = 0, which is not in its own sum; else n */
  double        second; /* the least tau beside it */
  VcnLook      *look;
} Side;

static void
side_clear (Side *self)
{
  vcn_poles_clear (&self->poles);
  vc_buffer_free (self->mean);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->other);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Side, side_clear)

static gboolean
side_init (Side *self, const double range[2])
{
  const double v[2] = { self->null == VCN_NULL_COUNTS ? -expm1 (-range[0]) : range[0],
                        self->null == VCN_NULL_COUNTS ? -expm1 (-range[1]) : range[1] };

  self->mean = vc_buffer_new (double, self->n);
  self->weight = vc_buffer_new (double, self->n);
  self->other = vc_buffer_new (double, self->n);
  return vcn_poles_init (&self->poles, self->n, self->many, v) && self->mean != NULL && self->weight != NULL
         && self->other != NULL;
}

typedef struct {
  Side  *side;
  double least;
} Shift;

static void
shift_range (gpointer data, gsize start, gsize end)
{
  const Shift *shift = data;
  Side *self = shift->side;

  if (!vcn_look_now (self->look))
    return;
  for (gsize i = start; i < end; i++) {
    self->tau[i] -= shift->least;
    self->t[i] += shift->least;
    self->poles.delta[i] = self->null == VCN_NULL_COUNTS ? expm1 (self->tau[i]) : self->tau[i];
    if (self->lone < self->n)
      self->other[i] = i == self->lone || isinf (self->tau[i]) ? INFINITY
                       : self->null == VCN_NULL_COUNTS         ? expm1 (self->tau[i] - self->second)
                                                               : self->tau[i] - self->second;
  }
}

/* Moves all tau so that the least is 0, and all t the other way: no sum changes, and offsets of those that send and
 * receive much stay precise. FALSE: stopped. */
static gboolean
settle (Side *self, guint n_threads)
{
  double least = INFINITY;
  guint32 node = 0;
  guint64 done = 0;

  self->second = INFINITY;
  for (guint32 i = 0; i < self->n; i++) {
    if (!vcn_look (self->look, &done, 1))
      return FALSE;
    if (self->tau[i] < least) {
      self->second = least;
      least = self->tau[i];
      node = i;
    } else {
      self->second = MIN (self->second, self->tau[i]);
    }
  }
  self->second -= least;
  self->lone = self->many[node] == 1 && isfinite (self->t[node]) ? node : self->n;
  vc_parallel_ranges (n_threads, self->n, shift_range, &(Shift) { self, least });
  return !vcn_look_is_stopped (self->look);
}

/* What a node at t sends to all but itself, and the derivative. The lone node's t counts from the second here. */
static double
mean (const Side *self, guint32 i, double t, double *slope)
{
  const double left = self->null == VCN_NULL_COUNTS ? exp (-t) : 1;
  const double v = self->null == VCN_NULL_COUNTS ? (t > 0.5 ? 1 - left : -expm1 (-t)) : t;
  double sum, term;

  if (i == self->lone) {
    sum = vcn_poles_add (&self->poles, self->other, v, slope);
  } else {
    sum = vcn_poles_sum (&self->poles, v, slope);
    term = 1 / (self->poles.delta[i] + v);
    sum -= term;
    *slope += term * term;
  }
  *slope = self->null == VCN_NULL_COUNTS ? left * (left * *slope - sum) : *slope;
  return left * sum;
}

/* The t at which a node would send its target to so many as heavy as the heaviest. */
static double
bound (const Side *self, guint32 i, double n_receivers)
{
  const double u = n_receivers / self->target[i];

  return self->null == VCN_NULL_COUNTS ? log1p (u) : u;
}

/* The t at which a node sends its target, from one with the mean and slope that are known. Before `least`, even the
 * heaviest receiver alone gets more; after `most`, all together would get less, were they as heavy. */
static double
solve (const Side *self, guint32 i, double t, double slope, double least, double most)
{
  double sent = self->mean[i];

  for (guint k = 0; k < NEWTON; k++) {
    const double excess = log (sent / self->target[i]);

    t = CLAMP (t - excess * sent / slope, least, most);
    if (fabs (excess) <= CLOSE)
      break;
    sent = mean (self, i, t, &slope);
  }
  return t;
}

typedef struct {
  Side    *side;
  double   n_receivers;
  gboolean update;
} Relaxation;

static void
relax_part (gpointer data, guint part)
{
  const Relaxation *relaxation = data;
  Side *side = relaxation->side;
  const guint32 begin = part * ROWS_PER_PART, end = begin + MIN (ROWS_PER_PART, side->n - begin);

  if (!vcn_look_now (side->look))
    return;
  for (guint32 i = begin; i < end; i++) {
    const double shift = i == side->lone ? side->second : 0;
    double t = side->t[i] + shift, least = t, most = t, slope;

    side->mean[i] = side->weight[i] = 0;
    if (!isfinite (t))
      continue;
    if (relaxation->update) {
      least = bound (side, i, 1);
      most = bound (side, i, relaxation->n_receivers);
      t = CLAMP (t, least, most);
      side->t[i] = t - shift;
    }
    side->mean[i] = mean (side, i, t, &slope);
    side->weight[i] = -slope * side->many[i];
    if (relaxation->update)
      side->image[i] = solve (side, i, t, slope, least, most) - shift;
  }
}

/* What all nodes send at their offsets, which are put within their bounds before, and where the offsets would have to
 * go for them to send what they should. Answers how far from it they are; anything where it was stopped. */
static double
relax (Side *self, gboolean update, guint n_threads)
{
  Relaxation relaxation = { self, 0, update };
  guint64 done = 0;
  double worst = 0;

  if (!settle (self, n_threads))
    return worst;
  for (guint32 i = 0; i < self->n && vcn_look (self->look, &done, 1); i++)
    relaxation.n_receivers += self->many[i];
  vcn_poles_fit (&self->poles, n_threads, self->look);
  vc_parallel (n_threads, (self->n + ROWS_PER_PART - 1) / ROWS_PER_PART, relax_part, &relaxation);
  for (guint32 i = 0; i < self->n && self->target != NULL && vcn_look (self->look, &done, 1); i++)
    if (self->target[i] > 0)
      worst = vcn_larger (worst, fabs (self->mean[i] - self->target[i]) / self->target[i]);
  return worst;
}

/* Between which offsets nodes with these targets lie. */
static void
find_range (const VcnConfiguration *self, const double *target, double range[2])
{
  double least = INFINITY, most = 0, n = 0;

  for (guint32 i = 0; i < self->n; i++) {
    least = target[i] > 0 ? MIN (least, target[i]) : least;
    most = MAX (most, target[i]);
    n += self->many[i];
  }
  range[0] = self->null == VCN_NULL_COUNTS ? log1p (1 / most) : 1 / most;
  range[1] = self->null == VCN_NULL_COUNTS ? log1p (n / least) : n / least;
}

typedef struct {
  Side        senders, receivers;
  double     *image; /* of alpha */
  VcnAnderson anderson;
} Solver;

static void
solver_clear (Solver *self)
{
  side_clear (&self->senders);
  side_clear (&self->receivers);
  vcn_anderson_clear (&self->anderson);
  vc_buffer_free (self->image);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Solver, solver_clear)

static gboolean
solver_init (Solver *self, const VcnConfiguration *model, VcnLook *look)
{
  double range[2];

  self->image = vc_buffer_new (double, model->n);
  self->senders
    = (Side) { model->null, model->n, model->many, model->out, model->alpha, model->beta, .image = self->image };
  self->receivers
    = (Side) { model->null, model->n, model->many, model->in, model->beta, model->alpha, .image = model->beta };
  self->senders.look = self->receivers.look = look;
  if (self->image == NULL || !vcn_anderson_init (&self->anderson, model->n))
    return FALSE;
  memcpy (self->image, model->alpha, model->n * sizeof *self->image);
  find_range (model, model->out, range);
  if (!side_init (&self->senders, range))
    return FALSE;
  find_range (model, model->in, range);
  return side_init (&self->receivers, range);
}

/* Senders and receivers in turn, those accelerated, until senders are exact enough. */
static void
iterate (Solver *self, VcnConfiguration *model, const VcnConfigurationOptions *options)
{
  VcnLook *look = self->senders.look;
  double off = INFINITY;

  while (model->iterations < options->max_iterations && !(off <= options->tolerance / 2)) {
    look->fraction = model->iterations++ / (double) options->max_iterations;
    off = relax (&self->senders, TRUE, options->n_threads);
    vcn_anderson_next (&self->anderson, self->image, self->senders.weight, model->alpha, options->n_threads, look);
    relax (&self->receivers, TRUE, options->n_threads);
    if (vcn_look_is_stopped (look))
      return;
  }
}

static gboolean
solve_sides (VcnConfiguration *self, const VcnConfigurationOptions *options, VcnLook *look, GError **error)
{
  g_auto (Solver) solver = { 0 };
  guint proofs = 0;

  if (!solver_init (&solver, self, look))
    return vcn_fail_memory (error);
  do {
    iterate (&solver, self, options);
    self->residual = vcn_larger (relax (&solver.senders, FALSE, options->n_threads),
                                 relax (&solver.receivers, FALSE, options->n_threads));
  } while (!(self->residual <= options->tolerance) && self->iterations < options->max_iterations && ++proofs < PROOFS
           && !vcn_look_is_stopped (look));
  return vcn_look_end (look, error);
}

static gboolean
allocate (VcnConfiguration *self, guint32 n)
{
  self->many = vc_buffer_new (double, n);
  self->out = vc_buffer_new (double, n);
  self->in = vc_buffer_new (double, n);
  return self->many != NULL && self->out != NULL && self->in != NULL;
}

/* Nodes that send and receive alike become one class; those that do neither, none. FALSE: no memory. */
static gboolean
classify (VcnConfiguration *self, guint32 n, const double *const strengths[2], guint n_threads, VcnLook *look)
{
  VC_BUFFER (VcnKeyed) nodes = vc_buffer_new (VcnKeyed, n);
  VC_BUFFER (VcnKeyed) spare = vc_buffer_new (VcnKeyed, n);
  guint32 n_nodes = 0, n_classes = 0;

  if (nodes == NULL || spare == NULL)
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    if (strengths[0][i] > 0 || strengths[1][i] > 0)
      nodes[n_nodes++] = (VcnKeyed) { vcn_bits (strengths[0][i]), strengths[1][i] };
  if (!vcn_keyed_sort (nodes, spare, n_nodes, n_threads, look))
    return TRUE;
  for (guint32 i = 0; i < n_nodes; i++)
    n_classes += i == 0 || nodes[i].key != nodes[i - 1].key || nodes[i].value != nodes[i - 1].value;
  if (!allocate (self, n_classes))
    return FALSE;
  for (guint32 i = 0; i < n_nodes; i++) {
    if (i == 0 || nodes[i].key != nodes[i - 1].key || nodes[i].value != nodes[i - 1].value) {
      self->many[self->n] = 0;
      self->out[self->n] = vcn_from_bits (nodes[i].key);
      self->in[self->n++] = nodes[i].value;
    }
    self->many[self->n - 1]++;
  }
  return TRUE;
}

/* Where one node sends or receives all that flows, nothing flows between others, and the model says what flowed. */
static gboolean
find_hub (VcnConfiguration *self)
{
  const double total = vcn_dot (self->many, self->out, self->n);

  for (self->hub = 0; self->hub < self->n; self->hub++)
    if (self->many[self->hub] == 1 && self->out[self->hub] + self->in[self->hub] >= total * (1 - ROUNDING))
      return TRUE;
  return FALSE;
}

gboolean
vcn_configuration_fit (VcnConfiguration *self, guint32 n, const double *const strengths[2],
                       const VcnConfigurationOptions *options, const VcnMonitor *monitor, GError **error)
{
  VcnLook look = { monitor, 0, FALSE };
  double n_nodes = 0;

  memset (self, 0, sizeof *self);
  self->null = options->null;
  if (!vcn_look_now (&look))
    return vcn_fail_cancelled (error);
  if (!classify (self, n, strengths, options->n_threads, &look))
    return vcn_fail_memory (error);
  if (!vcn_look_now (&look))
    return vcn_fail_cancelled (error);
  if (find_hub (self))
    return TRUE;
  self->alpha = vc_buffer_new (double, self->n);
  self->beta = vc_buffer_new (double, self->n);
  if (self->alpha == NULL || self->beta == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < self->n; i++)
    n_nodes += self->many[i];
  for (guint32 i = 0; i < self->n; i++) {
    const double mean_in = self->in[i] / n_nodes;

    self->alpha[i] = self->out[i] > 0 ? 0 : INFINITY;
    self->beta[i] = !(self->in[i] > 0)              ? INFINITY
                    : self->null == VCN_NULL_COUNTS ? log1p (1 / mean_in) / 2
                                                    : 1 / mean_in / 2;
  }
  return self->n == 0 || solve_sides (self, options, &look, error);
}

void
vcn_configuration_clear (VcnConfiguration *self)
{
  vc_buffer_free (self->many);
  vc_buffer_free (self->out);
  vc_buffer_free (self->in);
  vc_buffer_free (self->alpha);
  vc_buffer_free (self->beta);
  memset (self, 0, sizeof *self);
}

/* Mean of the lesser of two independent flows with these means. */
static double
lesser (VcnNull null, double a, double b)
{
  const double z = a / (1 + a) * (b / (1 + b));

  if (!(a > 0 && b > 0))
    return 0;
  return null == VCN_NULL_COUNTS ? z / (1 - z) : 1 / (1 / a + 1 / b);
}

static double
mutual_of_hub (const VcnConfiguration *self)
{
  VcnSum sum = { 0, 0 };

  for (guint32 i = 0; i < self->n; i++)
    if (i != self->hub)
      vcn_sum_add (&sum, 2 * self->many[i] * lesser (self->null, self->out[i], self->in[i]));
  return vcn_sum_total (&sum);
}

/* The lesser of two geometric or exponential flows is one itself, whose u is the sum of theirs: each node has alpha +
 * beta towards all others. */
double
vcn_configuration_mutual (const VcnConfiguration *self, guint n_threads, VcnLook *look)
{
  VC_BUFFER (double) t = vc_buffer_new (double, self->n);
  VC_BUFFER (double) tau = vc_buffer_new (double, self->n);
  g_auto (Side) side = { self->null, self->n, self->many, NULL, t, tau, .look = look };
  double least = INFINITY, range[2] = { INFINITY, 0 };

  if (t == NULL || tau == NULL)
    return (double) NAN;
  if (self->alpha == NULL)
    return mutual_of_hub (self);
  for (guint32 i = 0; i < self->n; i++) {
    t[i] = tau[i] = self->alpha[i] + self->beta[i];
    least = MIN (least, t[i]);
  }
  for (guint32 i = 0; i < self->n; i++)
    if (isfinite (t[i]) && t[i] + least > 0) {
      range[0] = MIN (range[0], t[i] + least);
      range[1] = MAX (range[1], t[i] + least);
    }
  if (!(range[1] > 0))
    return 0;
  if (!side_init (&side, range))
    return (double) NAN;
  relax (&side, FALSE, n_threads);
  return vcn_dot (self->many, side.mean, self->n);
}
