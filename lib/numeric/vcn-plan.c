/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include <math.h>

/* Up to here a block is stored as a dense matrix, in any order. */
#define DENSE 8
/* Multiplications of an elimination that are always worth it; and for each arc, about what an iteration costs
 * otherwise. */
#define CHEAP 1e7
#define PER_ARC 2000.0
/* Up to here another order is always tried. */
#define ALWAYS 200000
/* Of all nodes, the mean length of arcs in an order that puts neighbours together: well below the third that chance
 * gives. */
#define LOCAL (1.0 / 6)
/* Nodes looked at to see how long arcs are. */
#define SAMPLES 8192

typedef enum { AUTOMATIC, ELIMINATION, ITERATION } Method;

static guint64
count_arcs (const VcnAbsorb *self, guint32 block)
{
  guint64 n = 0;

  for (guint32 p = self->first[block]; p < self->first[block + 1]; p++)
    n += self->flows->start[self->order[p] + 1] - self->flows->start[self->order[p]];
  return n;
}

/* The envelope of P + P' among n nodes in the order as it is. FALSE: stopped, or some arc is longer than that. */
static gboolean
find_low (VcnAbsorb *self, guint32 first, guint32 n, double longest, VcnLook *look)
{
  guint32 *low = self->low + first;
  guint64 done = 0;

  for (guint32 p = 0; p < n; p++)
    low[p] = n <= DENSE ? 0 : p;
  for (guint32 p = 0; n > DENSE && p < n; p++) {
    const guint32 i = self->order[first + p];

    if (!vcn_look (look, &done, 1 + self->flows->start[i + 1] - self->flows->start[i]))
      return FALSE;
    for (guint64 k = self->flows->start[i]; k < self->flows->start[i + 1]; k++) {
      const guint32 q = self->position[self->flows->column[k]] - first;

      if (q < p)
        low[p] = MIN (low[p], q);
      else if (q < n)
        low[q] = MIN (low[q], p);
      if (q < n && fabs ((double) q - (double) p) > longest)
        return FALSE;
    }
  }
  return TRUE;
}

/* Mean length of arcs in the order at hand. */
static double
mean_length (const VcnAbsorb *self, guint32 block)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first, stride = 1 + n / SAMPLES;
  double length = 0, count = 0;

  for (guint32 p = 0; p < n; p += MIN (stride, n - p)) {
    const guint32 i = self->order[first + p];

    for (guint64 k = self->flows->start[i]; k < self->flows->start[i + 1]; k++) {
      const guint32 q = self->position[self->flows->column[k]] - first;

      if (q < n) {
        length += q > p ? q - p : p - q;
        count++;
      }
    }
  }
  return count > 0 ? length / count : 0;
}

static inline gboolean
is_local (double length, guint32 n)
{
  return length <= n * LOCAL;
}

/* How many multiplications an elimination may take. */
static double
most_work (const VcnAbsorb *self, guint64 n_arcs)
{
  return self->options.method == ELIMINATION ? INFINITY : MAX (CHEAP, PER_ARC * (double) n_arcs);
}

/* One arc over L nodes alone takes L^3 / 3 multiplications: where there is a longer one, no need to look at others. */
static double
longest_arc (double most)
{
  return cbrt (3 * most) + 1;
}

/* Where it is stopped, that shows in `look`. */
static gboolean
is_cheap (VcnAbsorb *self, guint32 block, guint64 begin, double most, VcnLook *look)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first;

  return find_low (self, first, n, longest_arc (most), look)
         && vcn_envelope_lay_out (n, self->low + first, begin, self->row + first) <= most;
}

/* Takes twigs out where what then is left is so small that it can be eliminated in any order. */
static gboolean
strip (VcnAbsorb *self, guint32 block, guint64 n_arcs, VcnLook *look, GError **error)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  const guint64 begin = self->row[first];
  guint32 n_twigs;

  if (!vcn_absorb_strip (self, block, n_arcs, cbrt (3 * most_work (self, n_arcs)), look, error))
    return FALSE;
  n_twigs = self->twigs[block].n;
  if (n_twigs == 0)
    return TRUE;
  for (guint32 p = 0; p < n_twigs; p++)
    self->row[first + p] = begin + VCN_TWIG * (guint64) p;
  if (find_low (self, first + n_twigs, n - n_twigs, INFINITY, look))
    vcn_envelope_lay_out (n - n_twigs, self->low + first + n_twigs, begin + VCN_TWIG * (guint64) n_twigs,
                          self->row + first + n_twigs);
  return vcn_look_end (look, error);
}

typedef struct {
  guint32  n_iterated;
  gboolean is_scattered; /* a large block was, by the numbers given */
} Layout;

static gboolean
lay_out (VcnAbsorb *self, guint32 block, Layout *layout, VcnLook *look, GError **error)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  const guint64 begin = self->row[first], n_arcs = n > 1 ? count_arcs (self, block) : 0;
  const int method = self->options.method;
  const double most = most_work (self, n_arcs);
  gboolean is_near, is_scattered, is_wide = FALSE;

  if (n > 1 && method != ITERATION && is_cheap (self, block, begin, most, look))
    return vcn_look_end (look, error);
  if (n > DENSE && method != ITERATION && !strip (self, block, n_arcs, look, error))
    return FALSE;
  if (self->twigs[block].n > 0)
    return TRUE;
  is_near = n <= DENSE || is_local (mean_length (self, block), n);
  is_scattered = n > ALWAYS && !is_near;
  layout->is_scattered = layout->is_scattered || is_scattered;
  if (is_scattered && !vcn_absorb_arrange (self, block, &is_wide, look, error))
    return FALSE;
  if (n > DENSE && !is_wide && (n <= ALWAYS || is_scattered)) {
    if (!vcn_look_end (look, error)
        || !vcn_absorb_reorder (self, block, n_arcs, longest_arc (most), is_near, look, error))
      return FALSE;
    if (method != ITERATION && is_cheap (self, block, begin, most, look))
      return TRUE;
  }
  for (guint32 p = 0; p <= n; p++)
    self->row[first + p] = begin;
  layout->n_iterated += n > 1;
  return vcn_look_end (look, error);
}

/* How far arcs lead; small blocks in which they lead anywhere gain nothing from rows of a length. */
static double
reach (const VcnAbsorb *self, guint32 block)
{
  const guint32 n = self->first[block + 1] - self->first[block];
  const double length = mean_length (self, block);

  return n > ALWAYS || is_local (length, n) ? length : 0;
}

static gboolean
prepare (VcnAbsorb *self, guint32 block, double *exits, VcnLook *look, GError **error)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  VcnIteration *iteration;

  if (n == 1)
    return TRUE;
  if (!vcn_absorb_is_iterated (self, block))
    return vcn_absorb_factorize (self, block, exits, look, error);
  if (!vcn_absorb_even (self, block, reach (self, block), look, error))
    return FALSE;
  iteration = vcn_iteration_new (&(VcnComponent) { self->flows, vcn_absorb_row_sums (self), self->order + first,
                                                  self->position, self->low + first, first, n,
                                                  self->options.n_threads, look->monitor },
                                 error);
  if (iteration == NULL)
    return FALSE;
  self->iterations[self->n_iterations++] = iteration;
  return TRUE;
}

gboolean
vcn_absorb_plan (VcnAbsorb *self, const VcnMonitor *monitor, GError **error)
{
  VcnLook look = { monitor, 0.5, FALSE };
  Layout layout = { 0, FALSE };
  guint32 largest = 0;
  VC_BUFFER (double) exits = NULL;

  self->low = vc_buffer_new (guint32, self->n_live);
  self->row = vc_buffer_new0 (guint64, (gsize) self->n_live + 1);
  self->twigs = vc_buffer_new0 (VcnTwigs, self->n_blocks);
  if (self->low == NULL || self->row == NULL || self->twigs == NULL)
    return vcn_fail_memory (error);
  for (guint32 c = 0; c < self->n_blocks; c++) {
    if (((c & 0xffff) == 0 && !vcn_monitor_step (monitor, 0.5, error)) || !lay_out (self, c, &layout, &look, error))
      return FALSE;
    largest = MAX (largest, self->first[c + 1] - self->first[c]);
  }
  if (layout.is_scattered && !vcn_absorb_renumber (self, monitor, error))
    return FALSE;
  self->value = vc_buffer_new0 (double, self->row[self->n_live]);
  self->iterations = vc_buffer_new0 (VcnIteration *, layout.n_iterated);
  exits = vc_buffer_new (double, largest);
  if (self->value == NULL || self->iterations == NULL || exits == NULL)
    return vcn_fail_memory (error);
  for (guint32 c = 0; c < self->n_blocks; c++)
    if (((c & 0xffff) == 0 && !vcn_monitor_step (monitor, 0.5, error)) || !prepare (self, c, exits, &look, error))
      return FALSE;
  return TRUE;
}
