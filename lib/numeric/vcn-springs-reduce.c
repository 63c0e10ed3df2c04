/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs-rows.h"

#include <string.h>

#include "vcn-private.h"
#include "vcn-sum.h"

#define MAX_ROUNDS 64
#define GONE G_MAXUINT32
/* A round is worth it where it takes away at least this part of the nodes. */
#define WORTH 16

/* Nodes with one neighbour follow it at the step wanted. Chains of nodes with two become one spring: resistances and
 * steps add up. Both are exact, and where only trees and rings are left in a component all of it is solved. */
typedef struct {
  VcnSpringsRows springs;
  guint32       *degree;  /* n: springs left; GONE of nodes that were peeled */
  guint32        n_peeled;
  guint32       *peeled;  /* in order */
  guint32       *parent;  /* of peeled[k] */
  double        *step;    /* from peeled[k] to its parent */
  guint8        *passed;  /* n: nodes of chains already walked */
  guint32        n_kept;
  guint32       *kept;    /* n: number in what is left, or GONE */
  double        *level;   /* n, but of the first round */
  VcnCsr         rows;    /* of what is left */
  double        *left_step;
  VcnSprings     left;
} Round;

static void
round_clear (Round *self)
{
  vc_buffer_free (self->degree);
  vc_buffer_free (self->peeled);
  vc_buffer_free (self->parent);
  vc_buffer_free (self->step);
  vc_buffer_free (self->passed);
  vc_buffer_free (self->kept);
  vc_buffer_free (self->level);
  vcn_springs_clear (&self->left);
  vcn_csr_clear (&self->rows);
  vc_buffer_free (self->left_step);
  vcn_springs_rows_clear (&self->springs);
}

static gboolean
round_init (Round *self, const VcnSprings *springs, const VcnSpringsOptions *options, GError **error)
{
  const guint32 n = springs->n;

  *self = (Round) { .degree = vc_buffer_new (guint32, n),
                    .peeled = vc_buffer_new (guint32, n),
                    .parent = vc_buffer_new (guint32, n),
                    .step = vc_buffer_new (double, n),
                    .passed = vc_buffer_new0 (guint8, n),
                    .kept = vc_buffer_new (guint32, n) };
  if (self->degree == NULL || self->peeled == NULL || self->parent == NULL || self->step == NULL || self->passed == NULL
      || self->kept == NULL)
    return vcn_fail_memory (error);
  return vcn_springs_rows_init (&self->springs, springs, options, error);
}

static void
peel (Round *self)
{
  const VcnSpringsRows *springs = &self->springs;
  guint32 n_queued = 0;

  memcpy (self->degree, springs->degree, springs->n * sizeof (guint32));
  for (guint32 i = 0; i < springs->n; i++)
    if (self->degree[i] == 1)
      self->peeled[n_queued++] = i;
  for (guint32 q = 0; q < n_queued; q++) {
    const guint32 i = self->peeled[q];
    guint64 k = springs->start[i];

    if (self->degree[i] != 1)
      continue; /* the last of its tree */
    while (self->degree[springs->column[k]] == GONE)
      k++;
    self->peeled[self->n_peeled] = i;
    self->parent[self->n_peeled] = springs->column[k];
    self->step[self->n_peeled++] = springs->step[k];
    self->degree[i] = GONE;
    if (--self->degree[springs->column[k]] == 1)
      self->peeled[n_queued++] = springs->column[k];
  }
}

/* A walk from a node that is kept to the next. */
typedef struct {
  guint32 from, at;
  double  resistance;
  double  step;
} Walk;

static void
walk_begin (Walk *walk, const Round *round, guint32 node, guint64 spring)
{
  *walk
    = (Walk) { node, round->springs.column[spring], 1 / round->springs.weight[spring], round->springs.step[spring] };
}

/* FALSE: the walk is at its end. */
static gboolean
walk_on (Walk *walk, const Round *round, guint64 *spring)
{
  const VcnSpringsRows *springs = &round->springs;
  guint64 k = springs->start[walk->at];

  if (round->kept[walk->at] != GONE)
    return FALSE;
  while (springs->column[k] == walk->from || round->degree[springs->column[k]] == GONE)
    k++;
  walk->from = walk->at;
  walk->at = springs->column[k];
  walk->resistance += 1 / springs->weight[k];
  walk->step += springs->step[k];
  *spring = k;
  return TRUE;
}

static void
pass (Round *self, guint32 node)
{
  const VcnSpringsRows *springs = &self->springs;

  for (guint64 k = springs->start[node]; k < springs->start[node] + springs->degree[node]; k++) {
    guint64 spring;
    Walk walk;

    if (self->degree[springs->column[k]] == GONE || self->kept[springs->column[k]] != GONE
        || self->passed[springs->column[k]])
      continue;
    walk_begin (&walk, self, node, k);
    do
      self->passed[walk.at] = TRUE;
    while (walk_on (&walk, self, &spring));
    self->passed[walk.at] = FALSE;
  }
}

/* Nodes of three and more springs are kept, and the first of each ring. */
static void
choose (Round *self)
{
  const guint32 n = self->springs.n;

  for (guint32 i = 0; i < n; i++)
    self->kept[i] = self->degree[i] != GONE && self->degree[i] != 2 ? 0 : GONE;
  for (guint32 i = 0; i < n; i++)
    if (self->kept[i] != GONE)
      pass (self, i);
  for (guint32 i = 0; i < n; i++)
    if (self->degree[i] == 2 && !self->passed[i]) {
      self->kept[i] = 0;
      pass (self, i);
    }
  for (guint32 i = 0; i < n; i++)
    if (self->kept[i] != GONE)
      self->kept[i] = self->n_kept++;
}

/* One row of what is left. `place`: where in it each neighbour stands, from 1. */
static void
contract_row (Round *self, guint32 node, guint64 *place)
{
  const VcnSpringsRows *springs = &self->springs;
  VcnCsr *rows = &self->rows;
  const guint32 i = self->kept[node];
  guint64 at = rows->start[i], spring;

  for (guint64 k = springs->start[node]; k < springs->start[node] + springs->degree[node]; k++) {
    double weight = springs->weight[k];
    guint32 other;
    Walk walk;

    if (self->degree[springs->column[k]] == GONE)
      continue;
    walk_begin (&walk, self, node, k);
    while (walk_on (&walk, self, &spring))
      weight = 1 / MIN (walk.resistance, G_MAXDOUBLE);
    other = self->kept[walk.at];
    if (other == i)
      continue;
    if (place[other] > rows->start[i]) {
      const guint64 p = place[other] - 1;
      const double both = rows->value[p] + weight;

      self->left_step[p] = self->left_step[p] * (rows->value[p] / both) + walk.step * (weight / both);
      rows->value[p] = both;
      continue;
    }
    rows->column[at] = other;
    rows->value[at] = weight;
    self->left_step[at++] = walk.step;
    place[other] = at;
  }
  rows->start[i + 1] = at;
}

static gboolean
contract (Round *self, const VcnSpringsOptions *options, GError **error)
{
  const guint32 n = self->springs.n;
  VC_BUFFER (guint64) place = vc_buffer_new0 (guint64, self->n_kept);
  guint64 room = 0;

  for (guint32 i = 0; i < n; i++)
    room += self->kept[i] != GONE ? self->degree[i] : 0;
  self->rows = (VcnCsr) { self->n_kept, vc_buffer_new (guint64, (gsize) self->n_kept + 1),
                          vc_buffer_new (guint32, room), vc_buffer_new (double, room) };
  self->left_step = vc_buffer_new (double, room);
  if (place == NULL || self->rows.start == NULL || self->rows.column == NULL || self->rows.value == NULL
      || self->left_step == NULL)
    return vcn_fail_memory (error);
  self->rows.start[0] = 0;
  for (guint32 i = 0; i < n; i++)
    if (self->kept[i] != GONE)
      contract_row (self, i, place);
  return vcn_springs_init (&self->left, &self->rows, self->left_step, options, error);
}

/* Levels along a chain: each spring is off its step by the same pull. What rounding leaves at its end is spread over
 * all of it. */
static void
lift_chain (Round *self, guint32 node, guint64 first, double *level)
{
  const VcnSpringsRows *springs = &self->springs;
  VcnSum climb = { level[node], 0 };
  guint64 spring = first;
  double pull, gap, whole;
  Walk walk;

  walk_begin (&walk, self, node, first);
  while (walk_on (&walk, self, &spring))
    continue;
  whole = walk.resistance;
  pull = (level[walk.at] - level[node] - walk.step) / whole;
  spring = first;
  walk_begin (&walk, self, node, first);
  do {
    vcn_sum_add (&climb, springs->step[spring]);
    vcn_sum_add (&climb, pull / springs->weight[spring]);
    if (self->kept[walk.at] == GONE)
      level[walk.at] = vcn_sum_total (&climb);
  } while (walk_on (&walk, self, &spring));
  gap = level[walk.at] - vcn_sum_total (&climb);
  for (walk_begin (&walk, self, node, first); self->kept[walk.at] == GONE; walk_on (&walk, self, &spring)) {
    level[walk.at] += gap * (walk.resistance / whole);
    self->passed[walk.at] = FALSE;
  }
}

static void
lift_chains (Round *self, guint32 node, double *level)
{
  const VcnSpringsRows *springs = &self->springs;

  for (guint64 k = springs->start[node]; k < springs->start[node] + springs->degree[node]; k++)
    if (self->degree[springs->column[k]] != GONE && self->passed[springs->column[k]])
      lift_chain (self, node, k, level);
}

static void
lift (Round *self, const double *left, double *level)
{
  const guint32 n = self->springs.n;

  for (guint32 i = 0; i < n; i++)
    if (self->kept[i] != GONE)
      level[i] = left[self->kept[i]];
  for (guint32 i = 0; i < n; i++)
    if (self->kept[i] != GONE)
      lift_chains (self, i, level);
  for (guint32 k = self->n_peeled; k-- > 0;)
    level[self->peeled[k]] = level[self->parent[k]] - self->step[k];
}

/* By elimination where that is quick, else by conjugate gradients; where these do not get there, by elimination after
 * all, as long as that may take. Only they can leave ties. */
static gboolean
solve_left (const VcnSprings *springs, const VcnSpringsOptions *options, const guint32 *lowest, double *level,
            guint *iterations, double *ties, GError **error)
{
  double left = 0;
  gboolean is_all;

  *ties = 0;
  memset (level, 0, springs->n * sizeof *level);
  if (!vcn_springs_eliminate (springs, options, lowest, TRUE, level, &is_all, error))
    return FALSE;
  if (is_all)
    return TRUE;
  if (!vcn_springs_solve_large (springs, options, level, iterations, &left, error)
      || !vcn_springs_check_ties (springs, level, options->n_threads, ties, error))
    return FALSE;
  if (left <= options->tolerance && *ties <= VCN_SPRINGS_TIES)
    return TRUE;
  *ties = 0;
  return vcn_springs_eliminate (springs, options, lowest, FALSE, level, &is_all, error)
         && (is_all || vcn_springs_check_ties (springs, level, options->n_threads, ties, error));
}

typedef struct {
  guint n;
  Round rounds[MAX_ROUNDS];
} Rounds;

static void
rounds_clear (Rounds *self)
{
  while (self->n > 0)
    round_clear (&self->rounds[--self->n]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rounds, rounds_clear)

/* No more than these nodes can go: those that were peeled and those of two springs. */
static guint32
most_to_go (const Round *round)
{
  guint32 count = round->n_peeled;

  for (guint32 i = 0; i < round->springs.n; i++)
    count += round->degree[i] == 2;
  return count;
}

/* Before anything is built: for each node of one or two neighbours, one of more that comes to have no more than two,
 * once trees are peeled from it. A neighbour is there twice at most. */
static gboolean
may_reduce (const VcnSprings *springs)
{
  const guint32 n = springs->n;
  guint64 count = 0;

  for (guint32 i = 0; i < n; i++)
    count += springs->degree[i] > 0 && springs->degree[i] <= 4;
  return 2 * count > n / WORTH;
}

/* Adds a round; *done: it is not worth it and was left out. */
static gboolean
reduce (Rounds *self, const VcnSprings *springs, const VcnSpringsOptions *options, gboolean *done, GError **error)
{
  const guint32 n = springs->n;
  Round *round = &self->rounds[self->n];

  *done = !may_reduce (springs);
  if (*done)
    return TRUE;
  self->n++;
  if (!round_init (round, springs, options, error))
    return FALSE;
  peel (round);
  *done = most_to_go (round) <= n / WORTH;
  if (!*done) {
    choose (round);
    *done = n - round->n_kept <= n / WORTH;
  }
  if (*done) {
    round_clear (round);
    self->n--;
    return TRUE;
  }
  if (self->n > 1)
    round->level = vc_buffer_new (double, n);
  if (self->n > 1 && round->level == NULL)
    return vcn_fail_memory (error);
  return contract (round, options, error);
}

gboolean
vcn_springs_solve (const VcnSprings *self, const VcnSpringsOptions *options, const guint32 *lowest, double *level,
                   guint *iterations, double *ties, GError **error)
{
  g_auto (Rounds) rounds = { 0 };
  const VcnSprings *left = self;
  VC_BUFFER (double) core = NULL;
  VC_BUFFER (guint32) core_lowest = NULL;
  guint32 n_components;
  gboolean done = FALSE;

  *iterations = 0;
  while (!done && rounds.n < MAX_ROUNDS) {
    if (!vcn_monitor_step (options->monitor, 0, error) || !reduce (&rounds, left, options, &done, error))
      return FALSE;
    if (!done)
      left = &rounds.rounds[rounds.n - 1].left;
  }
  if (rounds.n == 0)
    return solve_left (left, options, lowest, level, iterations, ties, error);
  core = vc_buffer_new (double, left->n);
  core_lowest = vc_buffer_new (guint32, left->n);
  if (core == NULL || core_lowest == NULL)
    return vcn_fail_memory (error);
  if (!vcn_springs_components (left, options->n_threads, core_lowest, &n_components, error)
      || !solve_left (left, options, core_lowest, core, iterations, ties, error))
    return FALSE;
  for (guint k = rounds.n; k-- > 0;)
    lift (&rounds.rounds[k], k + 1 < rounds.n ? rounds.rounds[k + 1].level : core,
          k > 0 ? rounds.rounds[k].level : level);
  return TRUE;
}
