/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-krackhardt.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"
#include "vcn-scc.h"

#define NONE G_MAXUINT32
/* Words of bits that are compared between two looks at the monitor. */
#define WORDS_PER_LOOK ((guint64) 1 << 26)

/* The strongly connected components and who stands above them: numbers are such that superiors have the higher ones.
 * Those of which somebody below, or themselves, has several superiors form the SKELETON, whose ancestors are kept as
 * bits; all others hang below it, or below a root, by trees, in which any two have a least upper bound: that of the two
 * skeleton nodes that they hang by. */
typedef struct {
  const VcnCsr *lines;
  guint         n_threads;
  guint32      *component; /* n: strong component of a node */
  guint32       n_components;
  VcnCsr        superiors; /* of each strong component */
  guint64      *size;      /* of each strong component */
  guint64      *above;     /* nodes above each */
  guint32      *bone;      /* of each strong component: the skeleton node that it is or hangs by, or NONE */
  guint32      *weak;      /* n: lowest node of the weak component */
  guint32      *whole;     /* of each strong component: the weak one that it is in */

  guint32       n_bones;   /* from the top down */
  guint32      *inside;    /* strong component of each */
  guint64      *start;     /* n_bones + 1: where its bits begin; it has one for each bone up to itself */
  guint64      *bits;      /* of its ancestors and itself */
  guint64      *weight;    /* nodes in it and hanging by it */
  guint64      *missing;   /* pairs with an earlier bone that have no least upper bound */
} Order;

static void
order_clear (Order *self)
{
  vcn_csr_clear (&self->superiors);
  vc_buffer_free (self->component);
  vc_buffer_free (self->size);
  vc_buffer_free (self->above);
  vc_buffer_free (self->bone);
  vc_buffer_free (self->weak);
  vc_buffer_free (self->whole);
  vc_buffer_free (self->inside);
  vc_buffer_free (self->start);
  vc_buffer_free (self->bits);
  vc_buffer_free (self->weight);
  vc_buffer_free (self->missing);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

static guint32
find (guint32 *lowest, guint32 i)
{
  while (lowest[i] != i)
    i = lowest[i] = lowest[lowest[i]];
  return i;
}

/* Nodes that hang together by any lines, whatever their direction. */
static gboolean
find_weak (Order *self, GError **error)
{
  const VcnCsr *lines = self->lines;

  self->weak = vc_buffer_new (guint32, lines->n);
  if (self->weak == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < lines->n; i++)
    self->weak[i] = i;
  for (guint32 i = 0; i < lines->n; i++)
    for (guint64 k = lines->start[i]; k < lines->start[i + 1]; k++) {
      const guint32 a = find (self->weak, i), b = find (self->weak, lines->column[k]);

      self->weak[MAX (a, b)] = MIN (a, b);
    }
  for (guint32 i = 0; i < lines->n; i++)
    self->weak[i] = find (self->weak, i);
  return TRUE;
}

static gboolean
find_superiors (Order *self, const VcnMonitor *monitor, GError **error)
{
  const VcnCsr *lines = self->lines;
  const guint64 m = lines->start[lines->n];
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) one = vc_buffer_new (double, m);

  if (from == NULL || to == NULL || one == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < lines->n; i++)
    for (guint64 k = lines->start[i]; k < lines->start[i + 1]; k++) {
      from[k] = (gint32) self->component[lines->column[k]];
      to[k] = (gint32) self->component[i];
      one[k] = 1;
    }
  return vcn_csr_from_triples (&self->superiors, self->n_components, m, from, to, one, NULL, self->n_threads, monitor,
                               error);
}

static gboolean
find_components (Order *self, const VcnMonitor *monitor, GError **error)
{
  self->component = vc_buffer_new (guint32, self->lines->n);
  if (self->component == NULL)
    return vcn_fail_memory (error);
  if (!vcn_scc (self->lines, self->component, &self->n_components, self->n_threads, monitor, error)
      || !find_superiors (self, monitor, error))
    return FALSE;
  self->size = vc_buffer_new0 (guint64, self->n_components);
  self->above = vc_buffer_new0 (guint64, self->n_components);
  self->bone = vc_buffer_new (guint32, self->n_components);
  self->whole = vc_buffer_new (guint32, self->n_components);
  if (self->size == NULL || self->above == NULL || self->bone == NULL || self->whole == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < self->lines->n; i++) {
    self->size[self->component[i]]++;
    self->whole[self->component[i]] = self->weak[i];
  }
  return TRUE;
}

static guint64
n_superiors (const Order *self, guint32 c)
{
  return self->superiors.start[c + 1] - self->superiors.start[c];
}

/* From below: who has several superiors, and all above them. Marks them by 0 in `bone`. */
static void
mark_skeleton (Order *self)
{
  memset (self->bone, 0xff, self->n_components * sizeof *self->bone);
  for (guint32 c = 0; c < self->n_components; c++) {
    if (n_superiors (self, c) > 1)
      self->bone[c] = 0;
    for (guint64 k = self->superiors.start[c]; k < self->superiors.start[c + 1] && self->bone[c] == 0; k++)
      self->bone[self->superiors.column[k]] = 0;
    self->n_bones += self->bone[c] == 0;
  }
}

/* Numbers the bones from the top; what hangs by one takes its number. */
static gboolean
number_skeleton (Order *self, GError **error)
{
  guint32 n = 0;

  mark_skeleton (self);
  self->inside = vc_buffer_new (guint32, self->n_bones);
  self->start = vc_buffer_new (guint64, (gsize) self->n_bones + 1);
  self->weight = vc_buffer_new0 (guint64, self->n_bones);
  self->missing = vc_buffer_new0 (guint64, self->n_bones);
  if (self->inside == NULL || self->start == NULL || self->weight == NULL || self->missing == NULL)
    return vcn_fail_memory (error);
  self->start[0] = 0;
  for (guint32 c = self->n_components; c-- > 0;) {
    if (self->bone[c] == 0) {
      self->inside[n] = c;
      self->start[n + 1] = self->start[n] + n / 64 + 1;
      self->bone[c] = n++;
    } else if (n_superiors (self, c) == 1) {
      self->bone[c] = self->bone[self->superiors.column[self->superiors.start[c]]];
    }
    if (self->bone[c] != NONE)
      self->weight[self->bone[c]] += self->size[c];
  }
  return TRUE;
}

static void
gather_ancestors (Order *self, guint32 b)
{
  const guint32 c = self->inside[b];
  guint64 *bits = self->bits + self->start[b];

  bits[b / 64] |= (guint64) 1 << b % 64;
  for (guint64 k = self->superiors.start[c]; k < self->superiors.start[c + 1]; k++) {
    const guint32 above = self->bone[self->superiors.column[k]];

    for (guint32 w = 0; w <= above / 64; w++)
      bits[w] |= self->bits[self->start[above] + w];
  }
  for (guint32 w = 0; w <= b / 64; w++)
    for (guint64 left = bits[w]; left != 0; left &= left - 1)
      self->above[c] += self->size[self->inside[w * 64 + (guint) __builtin_ctzll (left)]];
  self->above[c] -= self->size[c];
}

/* Who is above whom, and how many. */
static gboolean
find_ancestors (Order *self, const VcnMonitor *monitor, GError **error)
{
  self->bits = vc_buffer_new0 (guint64, self->start[self->n_bones]);
  if (self->bits == NULL)
    return vcn_fail_memory (error);
  for (guint32 b = 0; b < self->n_bones; b++) {
    if (b % 1024 == 0 && !vcn_monitor_step (monitor, 0.5, error))
      return FALSE;
    gather_ancestors (self, b);
  }
  for (guint32 c = self->n_components; c-- > 0;) {
    const guint32 superior = n_superiors (self, c) == 1 ? self->superiors.column[self->superiors.start[c]] : NONE;

    if (superior != NONE)
      self->above[c] = self->above[superior] + self->size[superior];
  }
  return TRUE;
}

/* Whether two bones have a least upper bound. If so, it is the lowest that both have, and nobody is above both who is
 * not above that: each look ends where that shows. */
static gboolean
have_bound (const Order *self, guint32 a, guint32 b)
{
  const guint64 *bits_a = self->bits + self->start[a], *bits_b = self->bits + self->start[b], *bits;
  guint32 w = MIN (a, b) / 64 + 1;
  guint64 both = 0;

  while (w > 0 && both == 0) {
    w--;
    both = bits_a[w] & bits_b[w];
  }
  if (both == 0)
    return FALSE;
  bits = self->bits + self->start[w * 64 + 63 - (guint) __builtin_clzll (both)];
  while (both == bits[w] && w > 0) {
    w--;
    both = bits_a[w] & bits_b[w];
  }
  return both == bits[w];
}

typedef struct {
  Order  *order;
  guint32 first;
} Rows;

static void
count_missing (gpointer data, guint row)
{
  const Rows *rows = data;
  Order *self = rows->order;
  const guint32 b = rows->first + row;

  for (guint32 a = 0; a < b; a++)
    if (self->whole[self->inside[a]] == self->whole[self->inside[b]] && !have_bound (self, a, b))
      self->missing[b] += self->weight[a];
  self->missing[b] *= self->weight[b];
}

static gboolean
find_missing (Order *self, const VcnMonitor *monitor, GError **error)
{
  for (guint32 b = 0; b < self->n_bones;) {
    const guint32 rows = (guint32) CLAMP (WORDS_PER_LOOK / (self->start[b] + 1), 1, self->n_bones - b);

    if (!vcn_monitor_step (monitor, (double) b / self->n_bones, error))
      return FALSE;
    vc_parallel (self->n_threads, rows, count_missing, &(Rows) { self, b });
    b += rows;
  }
  return TRUE;
}

static VcnFigure
figure (double part, double whole, double n, VcStatus otherwise)
{
  return whole > 0 ? (VcnFigure) { 1 - part / whole, (double) NAN, (double) NAN, n, VC_STATUS_OK }
                   : vcn_figure_undefined (n, otherwise);
}

static double
pairs (double n)
{
  return n * (n - 1) / 2;
}

/* What the weak components are made of, each counted at its lowest node. */
typedef struct {
  double joined; /* pairs in one component */
  double edges;  /* of a tree in each */
  double spare;  /* lines beyond those that there could be */
  double bounds; /* pairs that no line of a tree joins */
} Census;

static gboolean
take_census (const Order *self, Census *census, GError **error)
{
  VC_BUFFER (guint32) nodes = vc_buffer_new0 (guint32, self->lines->n);

  if (nodes == NULL)
    return vcn_fail_memory (error);
  for (guint32 i = 0; i < self->lines->n; i++)
    nodes[self->weak[i]]++;
  for (guint32 i = 0; i < self->lines->n; i++) {
    const double n = nodes[i];

    if (nodes[i] == 0)
      continue;
    census->joined += pairs (n);
    census->edges += n - 1;
    census->spare += (n - 1) * (n - 1);
    census->bounds += pairs (n - 1);
  }
  return TRUE;
}

static void
sum_up (const Order *self, const Census *census, VcnKrackhardt *found)
{
  const double n = self->lines->n, m = (double) self->lines->start[self->lines->n];
  double mutual = 0, reached = 0, missing = 0;

  for (guint32 c = 0; c < self->n_components; c++) {
    mutual += pairs ((double) self->size[c]);
    reached += (double) self->size[c] * (double) self->above[c];
  }
  for (guint32 b = 0; b < self->n_bones; b++)
    missing += (double) self->missing[b];
  found->connectedness = figure (pairs (n) - census->joined, pairs (n), n, VC_STATUS_TOO_FEW);
  found->hierarchy = figure (mutual, mutual + reached, n, VC_STATUS_EMPTY);
  found->efficiency = figure (m - census->edges, census->spare, n, VC_STATUS_EMPTY);
  found->lub = figure (missing, census->bounds, n, VC_STATUS_TOO_FEW);
}

gboolean
vcn_krackhardt (VcnKrackhardt *self, const VcnCsr *lines, guint n_threads, const VcnMonitor *monitor, GError **error)
{
  g_auto (Order) order = { lines, n_threads };
  Census census = { 0 };

  if (!vcn_monitor_step (monitor, 0, error) || !find_weak (&order, error) || !find_components (&order, monitor, error)
      || !number_skeleton (&order, error) || !find_ancestors (&order, monitor, error)
      || !find_missing (&order, monitor, error) || !take_census (&order, &census, error))
    return FALSE;
  sum_up (&order, &census, self);
  return TRUE;
}
