/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs-order.h"

#include <string.h>

#include "vcn-private.h"

#define NOBODY G_MAXUINT32
/* In meshes, at first; then twice as much. */
#define ROOM 1024
/* At most, and how many times the springs there are beside: no more memory than a few hundred megabytes, or than the
 * network itself takes some times over. */
#define MOST 0x800000
#define MOST_TIMES 4

/* Whoever has the fewest neighbours goes next. Meshes are kept as lists of their nodes, never as pairs, and swallow
 * those that they come from; of neighbours by several meshes, an upper bound is counted (Amestoy, Davis, Duff 1996). */
void
vcn_springs_order_clear (VcnSpringsOrder *self)
{
  vc_buffer_free (self->node);
  vc_buffer_free (self->place);
  vc_buffer_free (self->start);
  vc_buffer_free (self->mesh);
  vc_buffer_free (self->turned);
  vc_buffer_free (self->turn);
  vc_buffer_free (self->lists);
  vc_buffer_free (self->n_near);
  vc_buffer_free (self->n_meshes);
  vc_buffer_free (self->is_gone);
  vc_buffer_free (self->outside);
  vc_buffer_free (self->seen);
  vc_buffer_free (self->seen_mesh);
  vc_buffer_free (self->degree);
  vc_buffer_free (self->first);
  vc_buffer_free (self->next);
  vc_buffer_free (self->previous);
  memset (self, 0, sizeof *self);
}

gboolean
vcn_springs_order_init (VcnSpringsOrder *self, guint32 n, guint64 n_springs, GError **error)
{
  guint32 **const of_nodes[]
    = { &self->node,      &self->place,  &self->n_near, &self->n_meshes, &self->outside, &self->seen,
        &self->seen_mesh, &self->degree, &self->first,  &self->next,     &self->previous };

  memset (self, 0, sizeof *self);
  self->start = vc_buffer_new (guint64, (gsize) n + 1);
  self->turn = vc_buffer_new (guint64, (gsize) n + 1);
  self->lists = vc_buffer_new (guint32, n_springs);
  self->is_gone = vc_buffer_new (guint8, n);
  if (self->start == NULL || self->turn == NULL || self->lists == NULL || self->is_gone == NULL)
    return vcn_fail_memory (error);
  for (guint k = 0; k < G_N_ELEMENTS (of_nodes); k++)
    if ((*of_nodes[k] = vc_buffer_new (guint32, n)) == NULL)
      return vcn_fail_memory (error);
  return TRUE;
}

static void
enqueue (VcnSpringsOrder *self, guint32 i)
{
  const guint32 degree = self->degree[i], next = self->first[degree];

  self->previous[i] = NOBODY;
  self->next[i] = next;
  if (next != NOBODY)
    self->previous[next] = i;
  self->first[degree] = i;
  self->least = MIN (self->least, degree);
}

static void
dequeue (VcnSpringsOrder *self, guint32 i)
{
  const guint32 next = self->next[i], previous = self->previous[i];

  if (previous != NOBODY)
    self->next[previous] = next;
  else
    self->first[self->degree[i]] = next;
  if (next != NOBODY)
    self->previous[next] = previous;
}

static void
begin (VcnSpringsOrder *self, const VcnSpringsRows *rows)
{
  self->n = rows->n;
  self->pairs = 0;
  self->start[0] = 0;
  self->least = 0;
  for (guint32 i = 0; i < rows->n; i++) {
    self->place[i] = self->first[i] = self->seen[i] = self->seen_mesh[i] = NOBODY;
    self->is_gone[i] = FALSE;
    self->n_meshes[i] = 0;
    self->n_near[i] = self->degree[i] = rows->degree[i];
    memcpy (self->lists + rows->start[i], rows->column + rows->start[i], rows->degree[i] * sizeof (guint32));
  }
  for (guint32 i = rows->n; i-- > 0;)
    enqueue (self, i);
}

static gboolean
make_room (VcnSpringsOrder *self, guint64 room, GError **error)
{
  guint32 *longer;

  if (room <= self->room)
    return TRUE;
  room = MAX (MAX (room, ROOM), 2 * self->room);
  longer = vc_buffer_realloc (self->mesh, self->room, room, sizeof (guint32));
  if (longer == NULL)
    return vcn_fail_memory (error);
  self->mesh = longer;
  vc_buffer_free (self->turned);
  self->turned = vc_buffer_new (guint32, room);
  self->room = room;
  return self->turned != NULL || vcn_fail_memory (error);
}

/* One node of the k-th mesh, once. */
static inline guint64
join (VcnSpringsOrder *self, guint32 k, guint32 i, guint64 end)
{
  if (self->seen[i] == k)
    return end;
  self->seen[i] = k;
  self->mesh[end] = i;
  return end + 1;
}

/* The last of the places of meshes stands first. */
static inline guint32 *
meshes_of (VcnSpringsOrder *self, const VcnSpringsRows *rows, guint32 i)
{
  return self->lists + rows->start[i + 1] - 1;
}

/* Who hangs by node i, which goes k-th, directly or by a mesh. */
static guint64
find_mesh (VcnSpringsOrder *self, const VcnSpringsRows *rows, guint32 k, guint32 i)
{
  const guint32 *near = self->lists + rows->start[i], *meshes = meshes_of (self, rows, i);
  guint64 end = self->start[k];

  self->seen[i] = k;
  for (guint32 e = 0; e < self->n_near[i]; e++)
    end = join (self, k, near[e], end);
  for (guint32 e = 0; e < self->n_meshes[i]; e++) {
    const guint32 mesh = *(meshes - e);

    for (guint64 q = self->start[mesh]; q < self->start[mesh + 1]; q++)
      end = join (self, k, self->mesh[q], end);
    self->is_gone[mesh] = TRUE;
  }
  return end;
}

/* Of each mesh that shares a node with the k-th, how many it does not share. */
static void
count_outside (VcnSpringsOrder *self, const VcnSpringsRows *rows, guint32 k)
{
  for (guint64 q = self->start[k]; q < self->start[k + 1]; q++) {
    const guint32 *meshes = meshes_of (self, rows, self->mesh[q]);

    for (guint32 e = 0; e < self->n_meshes[self->mesh[q]]; e++) {
      const guint32 mesh = *(meshes - e);

      if (self->seen_mesh[mesh] != k)
        self->outside[mesh] = (guint32) (self->start[mesh + 1] - self->start[mesh]);
      self->seen_mesh[mesh] = k;
      self->outside[mesh]--;
    }
  }
}

/* Node i of the k-th mesh: springs within that, and meshes that are part of it, are forgotten. At least one of either
 * is, so that there is room for the mesh. */
static void
update (VcnSpringsOrder *self, const VcnSpringsRows *rows, guint32 k, guint32 i)
{
  const guint32 others = (guint32) (self->start[k + 1] - self->start[k]) - 1;
  guint32 *near = self->lists + rows->start[i], *meshes = meshes_of (self, rows, i);
  guint32 n_near = 0, n_meshes = 0, degree = others;

  for (guint32 e = 0; e < self->n_near[i]; e++)
    if (self->seen[near[e]] != k)
      near[n_near++] = near[e];
  for (guint32 e = 0; e < self->n_meshes[i]; e++) {
    const guint32 mesh = *(meshes - e);

    if (self->is_gone[mesh] || self->outside[mesh] == 0)
      continue;
    degree = MIN (degree + self->outside[mesh], self->n);
    *(meshes - n_meshes++) = mesh;
  }
  *(meshes - n_meshes++) = k;
  self->n_near[i] = n_near;
  self->n_meshes[i] = n_meshes;
  dequeue (self, i);
  self->degree[i] = MIN (MIN (degree + n_near, self->degree[i] + others), self->n - k - 2);
  enqueue (self, i);
}

static guint32
take_next (VcnSpringsOrder *self, guint32 k)
{
  guint32 i;

  while (self->first[self->least] == NOBODY)
    self->least++;
  i = self->first[self->least];
  dequeue (self, i);
  self->node[k] = i;
  self->place[i] = k;
  return i;
}

/* From nodes in any order to places that ascend: by turning twice who is in which mesh. */
static gboolean
sort_meshes (VcnSpringsOrder *self, VcnLook *look, GError **error)
{
  guint64 *turn = self->turn, total = 0, done = 0;

  memset (turn, 0, ((gsize) self->n + 1) * sizeof *turn);
  for (guint64 q = 0; q < self->start[self->n]; q++)
    turn[self->place[self->mesh[q]]]++;
  for (guint32 k = 0; k < self->n; k++) {
    const guint64 own = turn[k];

    turn[k] = total;
    total += own;
  }
  for (guint32 k = 0; k < self->n; k++) {
    for (guint64 q = self->start[k]; q < self->start[k + 1]; q++)
      self->turned[turn[self->place[self->mesh[q]]]++] = k;
    if (!vcn_look (look, &done, self->start[k + 1] - self->start[k]))
      return vcn_fail_cancelled (error);
  }
  /* Each place's part of turned now ends where turn says. start moves on to the end of each mesh, and back. */
  for (guint32 place = 0; place < self->n; place++) {
    const guint64 begin = place > 0 ? turn[place - 1] : 0;

    for (guint64 q = begin; q < turn[place]; q++)
      self->mesh[self->start[self->turned[q]]++] = place;
    if (!vcn_look (look, &done, turn[place] - begin))
      return vcn_fail_cancelled (error);
  }
  memmove (self->start + 1, self->start, self->n * sizeof *self->start);
  self->start[0] = 0;
  return TRUE;
}

/* Pairs in the meshes still to come of n nodes, if none of these is smaller than the last was but for want of nodes. */
static double
foretell (double n, double size)
{
  const double all = MIN (n, size);

  return (n - all) * size * (size + 1) / 2 + all * (all + 1) * (all + 2) / 6;
}

gboolean
vcn_springs_order_find (VcnSpringsOrder *self, const VcnSpringsRows *rows, double most_pairs, gboolean *found,
                        VcnLook *look, GError **error)
{
  const guint64 most = MOST + MOST_TIMES * rows->start[rows->n];
  guint64 done = 0;

  begin (self, rows);
  *found = FALSE;
  for (guint32 k = 0; k < rows->n; k++) {
    const guint32 i = take_next (self, k);
    double size;

    if (self->start[k] + self->degree[i] > most)
      return TRUE;
    if (!make_room (self, self->start[k] + self->degree[i], error))
      return FALSE;
    self->start[k + 1] = find_mesh (self, rows, k, i);
    size = (double) (self->start[k + 1] - self->start[k]);
    self->pairs += size * (size + 1) / 2;
    if (self->pairs + foretell (rows->n - k - 1, size - 1) > most_pairs)
      return TRUE;
    count_outside (self, rows, k);
    for (guint64 q = self->start[k]; q < self->start[k + 1]; q++)
      update (self, rows, k, self->mesh[q]);
    if (!vcn_look (look, &done, 1 + 8 * (guint64) size))
      return vcn_fail_cancelled (error);
  }
  *found = TRUE;
  return sort_meshes (self, look, error);
}
