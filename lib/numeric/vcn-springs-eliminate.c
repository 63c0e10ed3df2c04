/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs.h"

#include <string.h>

#include "vcn-private.h"
#include "vcn-springs-order.h"

#define NOBODY G_MAXUINT32
/* Of so few nodes, it is always quick. With more springs than these to a node it never is. */
#define FEW 48
#define MANY_SPRINGS 6
/* Springs across meshes that take no longer than conjugate gradients, for each of the network's; and that take a
 * quarter of a minute. */
#define QUICK 3.0
#define LONGEST 0x1p32

/* A component whose nodes are taken out one after the other: a star becomes a mesh, its neighbours hang together pair
 * by pair from then on (as in Grassmann, Taksar, Heyman 1985: nothing is subtracted, so that each weight is right to
 * some roundings, however widely they differ). Two springs side by side are one of both weights, that wants the mean of
 * their steps. Column k has the springs by which the k-th node hung when it went, in the places of VcnSpringsOrder. */
typedef struct {
  VcnSpringsRows  rows;
  VcnSpringsOrder order;
  guint64         room;          /* in weight, share and step */
  double         *weight;
  double         *share;         /* of the weight of the column */
  double         *step;          /* from the k-th node */
  double         *row_weight;    /* n: the column that is at work, by place; else 0 */
  double         *row_step;
  double         *height;        /* n, by place */
  guint64        *at;            /* n: how far a column is ... */
  guint32        *first, *next;  /* n: ... and which columns are to be handed on to a place */
} Elimination;

static void
elimination_clear (Elimination *self)
{
  vcn_springs_rows_clear (&self->rows);
  vcn_springs_order_clear (&self->order);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->share);
  vc_buffer_free (self->step);
  vc_buffer_free (self->row_weight);
  vc_buffer_free (self->row_step);
  vc_buffer_free (self->height);
  vc_buffer_free (self->at);
  vc_buffer_free (self->first);
  vc_buffer_free (self->next);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Elimination, elimination_clear)

static gboolean
elimination_init (Elimination *self, guint32 n, guint64 n_springs, GError **error)
{
  self->row_weight = vc_buffer_new0 (double, n);
  self->row_step = vc_buffer_new0 (double, n);
  self->height = vc_buffer_new (double, n);
  self->at = vc_buffer_new (guint64, n);
  self->first = vc_buffer_new (guint32, n);
  self->next = vc_buffer_new (guint32, n);
  if (self->row_weight == NULL || self->row_step == NULL || self->height == NULL || self->at == NULL
      || self->first == NULL || self->next == NULL)
    return vcn_fail_memory (error);
  return vcn_springs_rows_make (&self->rows, n, n_springs, error)
         && vcn_springs_order_init (&self->order, n, n_springs, error);
}

/* For the columns of what was found. */
static gboolean
make_room (Elimination *self, GError **error)
{
  if (self->order.room <= self->room)
    return TRUE;
  vc_buffer_free (self->weight);
  vc_buffer_free (self->share);
  vc_buffer_free (self->step);
  self->room = self->order.room;
  self->weight = vc_buffer_new (double, self->room);
  self->share = vc_buffer_new (double, self->room);
  self->step = vc_buffer_new (double, self->room);
  return (self->weight != NULL && self->share != NULL && self->step != NULL) || vcn_fail_memory (error);
}

/* Springs of a node to those who go later. What they want is what heights leave of it. */
static void
load (Elimination *self, guint32 k)
{
  const VcnSpringsRows *rows = &self->rows;
  const guint32 i = self->order.node[k];

  for (guint64 p = rows->start[i]; p < rows->start[i] + rows->degree[i]; p++) {
    const guint32 place = self->order.place[rows->column[p]];

    if (place < k)
      continue;
    self->row_weight[place] = rows->weight[p];
    self->row_step[place] = rows->step[p] - (self->height[place] - self->height[k]);
  }
}

/* One more spring, across a mesh: by the larger of both shares, so that no weight that a double holds gets lost. */
static inline void
tie (double *weight, double *step, double more, double wanted)
{
  const double both = *weight + more;

  *step += (wanted - *step) * (more / (both > 0 ? both : 1));
  *weight = both;
}

/* What the mesh of column c ties to the place where it is. Places without a gap are a loop of their own: most of the
 * work is at the end, where all who are left are tied to all. */
static void
hand_on (Elimination *self, guint32 c)
{
  const guint64 at = self->at[c], n = self->order.start[c + 1] - at;
  const guint32 *place = self->order.mesh + at;
  const double *weight = self->weight + at, *share = self->share + at, *step = self->step + at;
  double *restrict row_weight = self->row_weight, *restrict row_step = self->row_step;

  if (place[n - 1] - place[0] == n - 1) {
    row_weight += place[0];
    row_step += place[0];
    for (guint64 q = 1; q < n; q++)
      tie (row_weight + q, row_step + q, MAX (share[0], share[q]) * MIN (weight[0], weight[q]), step[q] - step[0]);
    return;
  }
  for (guint64 q = 1; q < n; q++)
    tie (row_weight + place[q], row_step + place[q], MAX (share[0], share[q]) * MIN (weight[0], weight[q]),
         step[q] - step[0]);
}

/* Column c is to be handed on to whoever goes next of its mesh. */
static inline void
pass (Elimination *self, guint32 c, guint64 at)
{
  guint32 place;

  self->at[c] = at;
  if (at == self->order.start[c + 1])
    return;
  place = self->order.mesh[at];
  self->next[c] = self->first[place];
  self->first[place] = c;
}

static void
store (Elimination *self, guint32 k)
{
  const guint64 begin = self->order.start[k], end = self->order.start[k + 1];
  double whole = 0;

  for (guint64 q = begin; q < end; q++) {
    const guint32 place = self->order.mesh[q];

    self->weight[q] = self->row_weight[place];
    self->step[q] = self->row_step[place];
    self->row_weight[place] = self->row_step[place] = 0;
    whole += self->weight[q];
  }
  for (guint64 q = begin; q < end; q++)
    self->share[q] = whole > 0 ? self->weight[q] / whole : 0;
}

/* Column by column, each once all before it are done. */
static gboolean
eliminate (Elimination *self, VcnLook *look, GError **error)
{
  const VcnSpringsOrder *order = &self->order;
  guint64 done = 0;

  for (guint32 k = 0; k < order->n; k++)
    self->first[k] = NOBODY;
  for (guint32 k = 0; k < order->n; k++) {
    load (self, k);
    for (guint32 c = self->first[k], after; c != NOBODY; c = after) {
      after = self->next[c];
      hand_on (self, c);
      if (!vcn_look (look, &done, order->start[c + 1] - self->at[c]))
        return vcn_fail_cancelled (error);
      pass (self, c, self->at[c] + 1);
    }
    store (self, k);
    pass (self, k, order->start[k]);
  }
  return TRUE;
}

/* The last stays where it is; each before it goes where its springs want it. */
static void
lift (Elimination *self)
{
  const VcnSpringsOrder *order = &self->order;
  double *more = self->row_step;

  for (guint32 k = order->n; k-- > 0;) {
    more[k] = 0;
    for (guint64 q = order->start[k]; q < order->start[k + 1]; q++)
      more[k] += self->share[q] * (more[order->mesh[q]] - self->step[q]);
  }
  for (guint32 k = 0; k < order->n; k++) {
    self->height[k] += more[k];
    more[k] = 0;
  }
}

/* Levels of long lines are large: once more for what rounding left of the springs' steps. */
static gboolean
solve (Elimination *self, VcnLook *look, GError **error)
{
  const guint rounds = self->order.n <= FEW ? 1 : 2;

  if (!make_room (self, error))
    return FALSE;
  memset (self->height, 0, self->order.n * sizeof *self->height);
  for (guint round = 0; round < rounds; round++) {
    if (!eliminate (self, look, error))
      return FALSE;
    lift (self);
  }
  return TRUE;
}

/* The components, as runs of nodes that ascend. */
typedef struct {
  const VcnSprings *springs;
  guint32          *first; /* n + 1: where the nodes of the component begin whose lowest is this */
  guint32          *nodes; /* n */
  guint32          *local; /* n: a node's place in its component */
} Parts;

static void
parts_clear (Parts *self)
{
  vc_buffer_free (self->first);
  vc_buffer_free (self->nodes);
  vc_buffer_free (self->local);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parts, parts_clear)

static gboolean
parts_init (Parts *self, const guint32 *lowest, GError **error)
{
  const guint32 n = self->springs->n;
  guint32 total = 0;

  self->first = vc_buffer_new0 (guint32, (gsize) n + 1);
  self->nodes = vc_buffer_new (guint32, n);
  self->local = vc_buffer_new (guint32, n);
  if (self->first == NULL || self->nodes == NULL || self->local == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < n; i++)
    self->local[i] = self->first[lowest[i]]++;
  for (guint32 i = 0; i <= n; i++) {
    const guint32 own = self->first[i];

    self->first[i] = total;
    total += own;
  }
  for (guint32 i = 0; i < n; i++)
    self->nodes[self->first[lowest[i]] + self->local[i]] = i;
  return TRUE;
}

typedef struct {
  const guint32 *nodes;
  guint32        n;
  guint64        n_springs;
  double         most_pairs; /* 0: not to be tried */
} Part;

/* The component whose lowest node is i; without nodes where i is no lowest. */
static Part
part_of (const Parts *self, guint32 i, gboolean quickly)
{
  Part part = { self->nodes + self->first[i], self->first[i + 1] - self->first[i], 0, LONGEST };

  for (guint32 k = 0; k < part.n; k++)
    part.n_springs += self->springs->degree[part.nodes[k]];
  if (quickly && part.n > FEW)
    part.most_pairs = part.n_springs <= (guint64) MANY_SPRINGS * part.n ? QUICK * (double) part.n_springs : 0;
  return part;
}

/* Room for the largest of those that are tried. */
static gboolean
make_ready (Elimination *self, const Parts *parts, gboolean quickly, GError **error)
{
  guint32 n = 0;
  guint64 n_springs = 0;

  for (guint32 i = 0; i < parts->springs->n; i++) {
    const Part part = part_of (parts, i, quickly);

    if (part.n < 2 || part.most_pairs == 0)
      continue;
    n = MAX (n, part.n);
    n_springs = MAX (n_springs, part.n_springs);
  }
  return elimination_init (self, n, n_springs, error);
}

/* *found: FALSE where it would take too long. */
static gboolean
solve_part (Elimination *self, const Parts *parts, const Part *part, VcnLook *look, gboolean *found, GError **error)
{
  *found = FALSE;
  if (part->most_pairs == 0)
    return TRUE;
  return vcn_springs_rows_gather (&self->rows, parts->springs, part->nodes, part->n, parts->local, look, error)
         && vcn_springs_order_find (&self->order, &self->rows, part->most_pairs, found, look, error)
         && (!*found || solve (self, look, error));
}

gboolean
vcn_springs_eliminate (const VcnSprings *self, const VcnSpringsOptions *options, const guint32 *lowest,
                       gboolean quickly, double *level, gboolean *is_all, GError **error)
{
  g_auto (Parts) parts = { .springs = self };
  g_auto (Elimination) elimination = { 0 };
  VcnLook look = { options->monitor, 0, FALSE };
  guint64 done = 0;

  *is_all = TRUE;
  if (!parts_init (&parts, lowest, error) || !make_ready (&elimination, &parts, quickly, error))
    return FALSE;
  for (guint32 i = 0; i < self->n; i++) {
    const Part part = part_of (&parts, i, quickly);
    gboolean found;

    if (part.n < 2)
      continue;
    if (!solve_part (&elimination, &parts, &part, &look, &found, error))
      return FALSE;
    for (guint32 k = 0; found && k < part.n; k++)
      level[part.nodes[k]] = elimination.height[elimination.order.place[k]];
    *is_all = *is_all && found;
    /* Components may be too small to look for themselves. */
    if (!vcn_look (&look, &done, found ? part.n_springs + (guint64) elimination.order.pairs : 0))
      return vcn_fail_cancelled (error);
  }
  return TRUE;
}
