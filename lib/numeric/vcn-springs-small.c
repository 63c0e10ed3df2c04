/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs.h"

#include <string.h>

#include "vcn-private.h"

#define SMALL VCN_SPRINGS_SMALL

/* One component as a dense network. weight[i][j] = weight[j][i], step[i][j] = -step[j][i]. */
typedef struct {
  guint   n;
  guint32 node[SMALL];
  double  weight[SMALL][SMALL];
  double  step[SMALL][SMALL];
} Small;

/* Two springs side by side are one of both weights, that wants the mean of their steps. Half of it: as i sees it. */
static inline void
add (Small *self, guint i, guint j, double weight, double step)
{
  const double both = self->weight[i][j] + weight;

  if (self->weight[i][j] > 0)
    step = self->step[i][j] * (self->weight[i][j] / both) + step * (weight / both);
  self->weight[i][j] = both;
  self->step[i][j] = step;
}

static void
join (Small *self, guint i, guint j, double weight, double step)
{
  if (!(weight > 0))
    return;
  add (self, i, j, weight, step);
  add (self, j, i, weight, -step);
}

/* `local`: each node's place in its component. */
static void
gather (Small *self, const VcnSprings *springs, const guint32 *local)
{
  for (guint i = 0; i < self->n; i++) {
    memset (self->weight[i], 0, self->n * sizeof (double));
    memset (self->step[i], 0, self->n * sizeof (double));
    for (guint s = 0; s < springs->n_sides; s++) {
      const VcnSpringsSide *side = &springs->side[s];

      for (guint64 k = side->rows->start[self->node[i]]; k < side->rows->start[self->node[i] + 1]; k++)
        add (self, i, local[side->rows->column[k]], side->rows->value[k], vcn_springs_step (side, k));
    }
  }
}

/* A star becomes a mesh: without node k, its neighbours hang together pair by pair (as in Grassmann, Taksar, Heyman
 * 1985: nothing is subtracted). Its row keeps shares of its whole weight, for the way back. */
static void
eliminate (Small *self, guint k)
{
  double whole = 0;

  for (guint i = 0; i < k; i++)
    whole += self->weight[k][i];
  for (guint i = 0; i < k; i++) {
    const double share = whole > 0 ? self->weight[k][i] / whole : 0;

    for (guint j = 0; share > 0 && j < i; j++)
      if (self->weight[j][k] > 0)
        join (self, i, j, share * self->weight[j][k], self->step[k][j] - self->step[k][i]);
  }
  for (guint i = 0; i < k; i++)
    self->weight[k][i] = whole > 0 ? self->weight[k][i] / whole : 0;
}

static void
solve (Small *self, double *level)
{
  double height[SMALL];

  for (guint k = self->n - 1; k > 0; k--)
    eliminate (self, k);
  for (guint k = 0; k < self->n; k++) {
    height[k] = 0;
    for (guint i = 0; i < k; i++)
      height[k] += self->weight[k][i] * (height[i] - self->step[k][i]);
    level[self->node[k]] = height[k];
  }
}

/* Nodes by component: those of component c end before end[c] and stand in ascending order. */
static void
sort_nodes (guint32 n, const guint32 *lowest, guint32 *size, guint32 *nodes, guint32 *local)
{
  guint32 total = 0;

  for (guint32 i = 0; i < n; i++)
    local[i] = size[lowest[i]]++;
  for (guint32 i = 0; i < n; i++) {
    const guint32 own = size[i];

    size[i] = total;
    total += own;
  }
  for (guint32 i = 0; i < n; i++)
    nodes[size[lowest[i]] + local[i]] = i;
}

gboolean
vcn_springs_solve_small (const VcnSprings *self, const guint32 *lowest, double *level, gboolean *is_all, GError **error)
{
  const guint32 n = self->n;
  VC_BUFFER (guint32) first = vc_buffer_new0 (guint32, (gsize) n + 1);
  VC_BUFFER (guint32) nodes = vc_buffer_new (guint32, n);
  VC_BUFFER (guint32) local = vc_buffer_new (guint32, n);
  VC_BUFFER (Small) small = vc_buffer_new (Small, 1);

  if (first == NULL || nodes == NULL || local == NULL || small == NULL)
    return vcn_fail_memory (error);
  sort_nodes (n, lowest, first, nodes, local);
  first[n] = n;
  *is_all = TRUE;
  for (guint32 i = 0; i < n; i++) {
    const guint32 size = first[i + 1] - first[i];

    if (size > SMALL)
      *is_all = FALSE;
    if (size < 2 || size > SMALL)
      continue;
    small->n = size;
    memcpy (small->node, nodes + first[i], size * sizeof (guint32));
    gather (small, self, local);
    solve (small, level);
  }
  return TRUE;
}
