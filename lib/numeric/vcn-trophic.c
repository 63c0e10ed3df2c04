/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-trophic.h"

#include <math.h>
#include <string.h>

#include "vcn-absorb-private.h"
#include "vcn-sum.h"

/* Nodes with so many times the mean number of neighbours are hubs. */
#define HUB 64
/* Levels with the hubs at 0, and the hubs' responses times their levels, are solved to the tolerance each: together they are no more than so many
 * times as large as the levels that they add up to. */
#define SLACK 32

/* The equations are those of an absorbing chain on the flows in both directions, that ends at one node of each weakly connected component, the one with
 * the most neighbours (a star then falls apart into single nodes): level = v / u + P level, where u is the flow in and out and v = in - out. */
typedef struct {
  VcnCsr   both;
  guint32 *component; /* n */
  guint32 *stack;     /* n; later each component's end */
  double  *balance;   /* n: v / u */
  guint    n_hubs;
  guint32  hub[VCN_COARSE_HUBS];
  guint64  hub_size[VCN_COARSE_HUBS]; /* arcs of a hub's row */
  guint32 *hub_column[VCN_COARSE_HUBS];
  double  *hub_value[VCN_COARSE_HUBS];
} Levels;

static void
levels_clear (Levels *self)
{
  vcn_csr_clear (&self->both);
  vc_buffer_free (self->component);
  vc_buffer_free (self->stack);
  vc_buffer_free (self->balance);
  for (guint k = 0; k < VCN_COARSE_HUBS; k++) {
    vc_buffer_free (self->hub_column[k]);
    vc_buffer_free (self->hub_value[k]);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Levels, levels_clear)

/* Row i of W + W', from row i of W and of W'. Answers its end. */
static guint64
merge_row (VcnCsr *both, guint64 at, const VcnCsr *a, const VcnCsr *b, guint32 i)
{
  guint64 k = a->start[i], l = b->start[i];

  while (k < a->start[i + 1] || l < b->start[i + 1]) {
    const guint32 p = k < a->start[i + 1] ? a->column[k] : G_MAXUINT32;
    const guint32 q = l < b->start[i + 1] ? b->column[l] : G_MAXUINT32;
    double value = 0;

    if (p <= q)
      value += a->value[k++];
    if (q <= p)
      value += b->value[l++];
    both->column[at] = MIN (p, q);
    both->value[at++] = value;
  }
  return at;
}

static gboolean
levels_init (Levels *self, const VcnCsr *flows, const VcnCsr *transposed, GError **error)
{
  const guint32 n = flows->n;
  const guint64 n_arcs = flows->start[n];
  guint64 at = 0;

  self->both = (VcnCsr) { n, vc_buffer_new (guint64, (gsize) n + 1), vc_buffer_new (guint32, 2 * n_arcs), vc_buffer_new (double, 2 * n_arcs) };
  self->component = vc_buffer_new (guint32, n);
  self->stack = vc_buffer_new (guint32, n);
  self->balance = vc_buffer_new (double, n);
  if (self->both.start == NULL || self->both.column == NULL || self->both.value == NULL || self->component == NULL
      || self->stack == NULL || self->balance == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < n; i++) {
    const double out = vcn_sum (flows->value + flows->start[i], flows->start[i + 1] - flows->start[i]);
    const double in = vcn_sum (transposed->value + transposed->start[i], transposed->start[i + 1] - transposed->start[i]);

    if (!vcn_is_weight (out + in))
      return vcn_fail_value (error, "the flow in and out of party", i);
    self->balance[i] = out + in > 0 ? (in - out) / (out + in) : 0;
    self->both.start[i] = at;
    at = merge_row (&self->both, at, flows, transposed, i);
  }
  self->both.start[n] = at;
  return TRUE;
}

/* Labels weakly connected components by their first node's order; answers how many. The last node put on the stack of each that has the most
 * neighbours is left in stack[component]: at most as many components as nodes were finished. */
static guint32
find_components (Levels *self)
{
  const VcnCsr *both = &self->both;
  guint32 n_components = 0;

  for (guint32 i = 0; i < both->n; i++)
    self->component[i] = G_MAXUINT32;
  for (guint32 i = 0; i < both->n; i++) {
    guint32 depth = n_components;

    if (self->component[i] != G_MAXUINT32)
      continue;
    self->component[i] = n_components;
    self->stack[depth++] = i;
    while (depth > n_components) {
      const guint32 node = self->stack[--depth];

      for (guint64 k = both->start[node]; k < both->start[node + 1]; k++) {
        if (self->component[both->column[k]] != G_MAXUINT32)
          continue;
        self->component[both->column[k]] = n_components;
        self->stack[depth++] = both->column[k];
      }
    }
    n_components++;
  }
  return n_components;
}

/* Each component's end: the node with the most neighbours. */
static void
find_ends (Levels *self, guint32 n_components)
{
  const VcnCsr *both = &self->both;

  for (guint32 c = 0; c < n_components; c++)
    self->stack[c] = G_MAXUINT32;
  for (guint32 i = 0; i < both->n; i++) {
    guint32 *end = &self->stack[self->component[i]];

    if (*end == G_MAXUINT32 || both->start[i + 1] - both->start[i] > both->start[*end + 1] - both->start[*end])
      *end = i;
  }
}

/* Other nodes with far more neighbours than most: given, too, so that what is left has the shape it has without them. */
static void
find_hubs (Levels *self)
{
  const VcnCsr *both = &self->both;
  guint64 limit = HUB * (1 + both->start[both->n] / MAX (1, both->n));

  do {
    self->n_hubs = 0;
    for (guint32 i = 0; i < both->n && self->n_hubs <= VCN_COARSE_HUBS; i++)
      if (both->start[i + 1] - both->start[i] > limit && self->stack[self->component[i]] != i) {
        if (self->n_hubs < VCN_COARSE_HUBS)
          self->hub[self->n_hubs] = i;
        self->n_hubs++;
      }
    limit *= 2;
  } while (self->n_hubs > VCN_COARSE_HUBS);
}

static gboolean
is_given (const Levels *self, guint32 i)
{
  gboolean given = self->stack[self->component[i]] == i;

  for (guint k = 0; k < self->n_hubs; k++)
    given = given || self->hub[k] == i;
  return given;
}

/* The chain: all rows but those of given nodes; hubs' rows are kept apart. */
static gboolean
ground (Levels *self, GError **error)
{
  VcnCsr *both = &self->both;
  guint64 at = 0;

  for (guint k = 0; k < self->n_hubs; k++) {
    const guint64 start = both->start[self->hub[k]], n = both->start[self->hub[k] + 1] - start;

    self->hub_size[k] = n;
    self->hub_column[k] = vc_buffer_new (guint32, n);
    self->hub_value[k] = vc_buffer_new (double, n);
    if (self->hub_column[k] == NULL || self->hub_value[k] == NULL)
      return vcn_fail_memory (error);
    memcpy (self->hub_column[k], both->column + start, n * sizeof (guint32));
    memcpy (self->hub_value[k], both->value + start, n * sizeof (double));
  }
  for (guint32 i = 0; i < both->n; i++) {
    const guint64 start = both->start[i], n = both->start[i + 1] - start;

    both->start[i] = at;
    if (is_given (self, i))
      continue;
    memmove (both->column + at, both->column + start, n * sizeof (guint32));
    memmove (both->value + at, both->value + start, n * sizeof (double));
    at += n;
  }
  both->start[both->n] = at;
  return TRUE;
}

/* What a hub's own equation takes from x. */
static double
hub_inflow (const Levels *self, guint hub, const double *x)
{
  const double whole = vcn_sum (self->hub_value[hub], self->hub_size[hub]);
  VcnSum sum = { 0, 0 };

  for (guint64 k = 0; k < self->hub_size[hub]; k++)
    vcn_sum_add (&sum, self->hub_value[hub][k] / whole * x[self->hub_column[hub][k]]);
  return vcn_sum_total (&sum);
}

/* Adds to levels for hubs at 0 what their levels add: a Schur complement, each column of which is how all others respond to one hub. */
static gboolean
lift_hubs (const Levels *self, VcnAbsorb *chain, double *level, const VcnMonitor *monitor, GError **error)
{
  const guint32 n = self->both.n;
  VC_BUFFER (double) responses = vc_buffer_new (double, (gsize) n * MAX (1, self->n_hubs));
  VC_BUFFER (double) boundary = vc_buffer_new0 (double, n);
  double loop[VCN_COARSE_HUBS][VCN_COARSE_HUBS], height[VCN_COARSE_HUBS];

  if (responses == NULL || boundary == NULL)
    return vcn_fail_memory (error);
  for (guint k = 0; k < self->n_hubs; k++) {
    height[k] = self->balance[self->hub[k]] + hub_inflow (self, k, level);
    boundary[self->hub[k]] = 1;
    if (!vcn_absorb_forward (chain, boundary, NULL, responses + (gsize) k * n, NULL, monitor, error))
      return FALSE;
    boundary[self->hub[k]] = 0;
    for (guint other = 0; other < self->n_hubs; other++)
      loop[other][k] = hub_inflow (self, other, responses + (gsize) k * n);
  }
  vcn_hubs_eliminate (self->n_hubs, loop[0], height);
  for (guint k = 0; k < self->n_hubs; k++)
    for (guint32 i = 0; i < n; i++)
      level[i] += height[k] * responses[(gsize) k * n + i];
  return TRUE;
}

/* The lowest of each component at 0. `lowest`: for each component. */
static void
shift (const Levels *self, guint32 n_components, double *lowest, double *level)
{
  for (guint32 c = 0; c < n_components; c++)
    lowest[c] = G_MAXDOUBLE;
  for (guint32 i = 0; i < self->both.n; i++)
    lowest[self->component[i]] = MIN (lowest[self->component[i]], level[i]);
  for (guint32 i = 0; i < self->both.n; i++)
    level[i] -= lowest[self->component[i]];
}

/* How far the levels miss their equations, relative to the largest. Those of a component's end follow from all others. */
static double
find_residual (const Levels *self, const VcnAbsorb *chain, const double *level)
{
  const VcnCsr *both = &self->both;
  double most = 0, largest = 1;

  for (guint32 i = 0; i < both->n; i++) {
    VcnSum sum = { self->balance[i], 0 };

    largest = vcn_larger (largest, level[i]);
    if (both->start[i] == both->start[i + 1])
      continue;
    for (guint64 k = both->start[i]; k < both->start[i + 1]; k++)
      vcn_sum_add (&sum, vcn_absorb_share (chain, i, k) * level[both->column[k]]);
    vcn_sum_add (&sum, -level[i]);
    most = vcn_larger (most, fabs (vcn_sum_total (&sum)));
  }
  for (guint k = 0; k < self->n_hubs; k++)
    most = vcn_larger (most, fabs (self->balance[self->hub[k]] + hub_inflow (self, k, level) - level[self->hub[k]]));
  return most / largest;
}

/* F0, with all flows divided by the largest so that no sum overflows. */
static double
incoherence (const VcnCsr *flows, const double *diagonal, const double *level)
{
  VcnSum above = { 0, 0 }, below = { 0, 0 };
  double most = 0;

  for (guint64 k = 0; k < flows->start[flows->n]; k++)
    most = MAX (most, flows->value[k]);
  for (guint32 i = 0; diagonal != NULL && i < flows->n; i++)
    most = MAX (most, diagonal[i]);
  for (guint32 i = 0; i < flows->n; i++) {
    const double self_flow = diagonal != NULL && diagonal[i] > 0 ? diagonal[i] / most : 0;

    vcn_sum_add (&above, self_flow);
    vcn_sum_add (&below, self_flow);
    for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++) {
      const double step = level[flows->column[k]] - level[i] - 1, weight = flows->value[k] / most;

      vcn_sum_add (&above, weight * step * step);
      vcn_sum_add (&below, weight);
    }
  }
  return most > 0 ? vcn_sum_total (&above) / vcn_sum_total (&below) : NAN;
}

gboolean
vcn_trophic (const VcnCsr *flows, const double *diagonal, double tolerance, guint max_iterations, guint n_threads, double *level,
             VcnTrophicProof *proof, const VcnMonitor *monitor, GError **error)
{
  const VcnAbsorbOptions options = { tolerance, max_iterations, n_threads, 0 };
  g_auto (VcnCsr) transposed = { 0 };
  g_auto (Levels) levels = { 0 };
  g_autoptr (VcnAbsorb) chain = NULL;
  VC_BUFFER (double) lowest = NULL;
  VcnProof solved;
  guint32 n_components;

  if (!vcn_monitor_step (monitor, 0, error) || !vcn_csr_transpose (&transposed, flows, n_threads, error)
      || !levels_init (&levels, flows, &transposed, error))
    return FALSE;
  n_components = find_components (&levels);
  find_ends (&levels, n_components);
  find_hubs (&levels);
  if (!ground (&levels, error))
    return FALSE;
  lowest = vc_buffer_new (double, n_components);
  if (lowest == NULL)
    return vcn_fail_memory (error);

  chain = vcn_absorb_new (&levels.both, &options, monitor, error);
  if (chain == NULL || !vcn_absorb_forward_signed (chain, levels.balance, level, &solved, monitor, error)
      || !lift_hubs (&levels, chain, level, monitor, error))
    return FALSE;
  shift (&levels, n_components, lowest, level);
  *proof = (VcnTrophicProof) { n_components, incoherence (flows, diagonal, level), find_residual (&levels, chain, level),
                               solved.iterations };
  return proof->residual <= SLACK * tolerance || vcn_fail_residual (error, proof->residual, solved.iterations);
}
