/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-paths.h"

#include "vcn-ways.h"

#define NONE G_MAXUINT32

/* A walk is told by its last step: the steps before it are those of its parents. */
typedef struct {
  VcnWide share;  /* of all that is followed, what comes this way */
  guint32 parent; /* NONE: a start, `rank` is its number */
  guint32 node;
  guint32 rank;   /* among the neighbours of the parent's node */
  guint32 length; /* steps from the start */
} Step;

/* An open walk, by the best way to end it. */
typedef struct {
  double  bound;
  guint32 length; /* of the whole way */
  guint32 step;
} Open;

typedef struct {
  const VcnWalks *walks;
  VcnWays         ways;
  Step           *steps;
  Open           *heap;
  guint32         n_steps, n_open;
  guint64         room;    /* for steps and for open walks */
  guint32        *found;   /* steps at which walks of the answer end */
  guint32         n_found;
  gboolean        is_cut;  /* a share was too small to be followed */
} Search;

/* By the nodes from the start on: what decides is the first pair that differs, just below the last step that both have
 * in common. */
static gboolean
is_before (const Search *self, guint32 a, guint32 b)
{
  const Step *one = &self->steps[a], *other = &self->steps[b];

  while (one->length > other->length)
    one = &self->steps[one->parent];
  while (other->length > one->length)
    other = &self->steps[other->parent];
  while (one->parent != other->parent) {
    one = &self->steps[one->parent];
    other = &self->steps[other->parent];
  }
  return one->node != other->node ? one->node < other->node : a < b;
}

static gboolean
is_better (const Search *self, const Open *a, const Open *b)
{
  if (a->bound != b->bound)
    return a->bound > b->bound;
  return a->length != b->length ? a->length < b->length : is_before (self, a->step, b->step);
}

static void
rise (Search *self, guint32 at)
{
  const Open open = self->heap[at];

  while (at > 0 && is_better (self, &open, &self->heap[(at - 1) / 2])) {
    self->heap[at] = self->heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  self->heap[at] = open;
}

static guint32
take_best (Search *self)
{
  const guint32 best = self->heap[0].step;
  const Open last = self->heap[--self->n_open];
  guint32 at = 0;

  while (2 * (guint64) at + 1 < self->n_open) {
    guint32 child = 2 * at + 1;

    if (child + 1 < self->n_open && is_better (self, &self->heap[child + 1], &self->heap[child]))
      child++;
    if (!is_better (self, &self->heap[child], &last))
      break;
    self->heap[at] = self->heap[child];
    at = child;
  }
  self->heap[at] = last;
  return best;
}

static gboolean
make_room (Search *self, GError **error)
{
  const guint64 room = MIN (MAX (2 * self->room, 1024), self->walks->max_steps);
  Step *steps;
  Open *heap;

  if (self->n_steps < self->room)
    return TRUE;
  if (room == self->room) {
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_LIMIT, "the paths have more than %u steps",
                 self->walks->max_steps);
    return FALSE;
  }
  steps = vc_buffer_realloc (self->steps, self->room, room, sizeof (Step));
  if (steps == NULL)
    return vcn_fail_memory (error);
  self->steps = steps;
  heap = vc_buffer_realloc (self->heap, self->room, room, sizeof (Open));
  if (heap == NULL)
    return vcn_fail_memory (error);
  self->heap = heap;
  self->room = room;
  return TRUE;
}

static gboolean
is_done (const Search *self, const Step *step)
{
  return self->walks->is_end[step->node] || (step->parent == NONE && self->walks->starts[step->rank].stays);
}

static gboolean
add (Search *self, Step step, GError **error)
{
  const gboolean done = is_done (self, &step);
  const double bound
    = vcn_wide_round (done ? step.share : vcn_wide_times (step.share, self->ways.share[step.node]));

  if (bound < VCN_WIDE_MIN) {
    self->is_cut = self->is_cut || step.parent != NONE || self->walks->starts[step.rank].part > 0;
    return TRUE;
  }
  if (!make_room (self, error))
    return FALSE;
  self->steps[self->n_steps] = step;
  self->heap[self->n_open] = (Open) { bound, step.length + (done ? 0 : self->ways.steps[step.node]), self->n_steps++ };
  rise (self, self->n_open++);
  return TRUE;
}

/* The walk goes on to the neighbour of that rank. */
static gboolean
add_next (Search *self, guint32 parent, guint32 rank, GError **error)
{
  const Step *from = &self->steps[parent];
  const guint64 flow = vcn_ways_flow (&self->ways, from->node, rank);

  if (flow == G_MAXUINT64)
    return TRUE;
  return add (self, (Step) { vcn_wide_times (from->share, vcn_ways_ratio (&self->ways, from->node, flow)), parent,
                              self->walks->flows->column[flow], rank, from->length + 1 }, error);
}

static gboolean
add_starts (Search *self, GError **error)
{
  for (guint32 i = 0; i < self->walks->n_starts; i++) {
    const VcnStart *start = &self->walks->starts[i];

    if (!add (self, (Step) { vcn_wide_ratio (start->part, start->whole), NONE, start->node, i, 0 }, error))
      return FALSE;
  }
  return TRUE;
}

/* What a step costs, in arcs. */
#define COST_OF_STEP 64

static gboolean
search (Search *self, const VcnMonitor *monitor, GError **error)
{
  VcnLook look = { monitor, 0.7, FALSE };
  guint64 done = VCN_LOOK_EVERY;

  if (!add_starts (self, error))
    return FALSE;
  while (self->n_open > 0 && self->n_found < self->walks->n_paths) {
    const guint32 best = take_best (self);
    const Step step = self->steps[best];

    if (!vcn_look (&look, &done, COST_OF_STEP + step.length))
      return vcn_fail_cancelled (error);
    if (is_done (self, &step))
      self->found[self->n_found++] = best;
    else if (!vcn_ways_open (&self->ways, step.node, &look, &done))
      return vcn_fail_cancelled (error);
    else if (!add_next (self, best, 0, error))
      return FALSE;
    if (step.parent != NONE && !add_next (self, step.parent, step.rank + 1, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_paths (const Search *self, VcnPaths *paths, GError **error)
{
  guint64 n_nodes = 0;

  paths->first = vc_buffer_new0 (guint64, (gsize) self->n_found + 1);
  paths->start = vc_buffer_new (guint32, self->n_found);
  paths->share = vc_buffer_new (double, self->n_found);
  for (guint32 p = 0; p < self->n_found; p++)
    n_nodes += self->steps[self->found[p]].length + 1;
  paths->node = vc_buffer_new (guint32, n_nodes);
  if (paths->first == NULL || paths->start == NULL || paths->share == NULL || paths->node == NULL)
    return vcn_fail_memory (error);

  for (guint32 p = 0; p < self->n_found; p++) {
    const Step *step = &self->steps[self->found[p]];
    guint64 at = paths->first[p + 1] = paths->first[p] + step->length + 1;

    paths->share[p] = vcn_wide_round (step->share);
    paths->node[--at] = step->node;
    for (; step->parent != NONE; paths->node[--at] = step->node)
      step = &self->steps[step->parent];
    paths->start[p] = step->rank;
  }
  paths->n = self->n_found;
  paths->is_whole = self->n_open == 0 && !self->is_cut;
  return TRUE;
}

gboolean
vcn_paths_find (VcnPaths *self, const VcnWalks *walks, const VcnMonitor *monitor, GError **error)
{
  Search search_of = { .walks = walks };
  gboolean is_found;

  *self = (VcnPaths) { 0 };
  search_of.found = vc_buffer_new (guint32, walks->n_paths);
  is_found = (search_of.found != NULL || vcn_fail_memory (error))
             && vcn_ways_init (&search_of.ways, walks, monitor, error)
             && search (&search_of, monitor, error)
             && write_paths (&search_of, self, error);
  vcn_ways_clear (&search_of.ways);
  vc_buffer_free (search_of.steps);
  vc_buffer_free (search_of.heap);
  vc_buffer_free (search_of.found);
  return is_found;
}

void
vcn_paths_clear (VcnPaths *self)
{
  g_clear_pointer (&self->first, vc_buffer_free);
  g_clear_pointer (&self->node, vc_buffer_free);
  g_clear_pointer (&self->start, vc_buffer_free);
  g_clear_pointer (&self->share, vc_buffer_free);
}
