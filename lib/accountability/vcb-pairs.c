/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vc-parallel-private.h"
#include "numeric/vcn-private.h"
#include "vcb-duels.h"
#include "vcb-tables.h"

/* Nodes that a thread takes at a time. */
#define NODES 4096u

typedef struct {
  const VcbArcs *arcs;
  VcbDuels      *duels;
  guint64       *start; /* n + 1: rows of the pairs whose lower node is i */
  gint32        *a, *b;
  VcnLook        look;
} Listing;

static void
listing_clear (Listing *self)
{
  vc_buffer_free (self->start);
  vc_buffer_free (self->a);
  vc_buffer_free (self->b);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listing, listing_clear)

/* A pair belongs to its lower node. Counts them, or puts them where they go. */
static void
list_node (Listing *self, guint32 node)
{
  VcbBoth both = vcb_both (self->arcs, node);
  guint64 row = self->duels != NULL ? self->start[node] : 0;
  VcbTie tie;

  while (vcb_both_next (&both, &tie)) {
    if (tie.other <= node)
      continue;
    if (self->duels != NULL) {
      self->a[row] = (gint32) node;
      self->b[row] = (gint32) tie.other;
      self->duels->first[row] = tie.out;
      self->duels->second[row] = tie.in;
    }
    row++;
  }
  if (self->duels == NULL)
    self->start[node + 1] = row;
}

static void
list_nodes (gpointer data, guint part)
{
  Listing *self = data;
  const guint32 first = part * NODES, last = MIN (first + NODES, self->arcs->n);
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 node = first; node < last; node++) {
    const guint64 n = self->arcs->out_start[node + 1] - self->arcs->out_start[node] + self->arcs->in_start[node + 1]
                      - self->arcs->in_start[node];

    if (!vcn_look (&self->look, &done, n + 1))
      return;
    list_node (self, node);
  }
}

static gboolean
list_all (Listing *self, GError **error)
{
  vc_parallel (self->arcs->records->n_threads, (self->arcs->n + NODES - 1) / NODES, list_nodes, self);
  return vcn_look_end (&self->look, error);
}

static gboolean
count_pairs (Listing *self, GError **error)
{
  self->start[0] = 0;
  if (!list_all (self, error))
    return FALSE;
  for (guint32 i = 0; i < self->arcs->n; i++)
    self->start[i + 1] += self->start[i];
  return TRUE;
}

typedef struct {
  const VcbDuels *duels;
  VcmColumn      *volumes; /* 3 */
  VcnLook         look;
} Filling;

static void
fill_chunk (gpointer data, guint chunk)
{
  Filling *filling = data;
  const VcbDuels *duels = filling->duels;
  VcmColumn *volumes = filling->volumes;
  const guint64 first = (guint64) chunk * VCM_CHUNK, last = MIN (first + VCM_CHUNK, duels->n_rows);

  if (!vcn_look_now (&filling->look))
    return;
  for (guint64 row = first; row < last; row++) {
    const double there = vcb_arc_volume (duels->arcs, duels->first[row]),
                 back = vcb_arc_volume (duels->arcs, duels->second[row]);

    volumes[0].values[row] = there;
    volumes[1].values[row] = back;
    volumes[2].values[row] = vcb_balance (there, back);
  }
  for (guint i = 0; i < 3; i++)
    vcm_column_seal (&volumes[i], first, last);
}

static gboolean
fill_volumes (const VcbDuels *duels, const VcbContext *context, VcmColumn volumes[3], GError **error)
{
  Filling filling = { duels, volumes, vcm_watch_look (context->watch, 0.9) };

  if (!vcb_columns_init (volumes, 3, duels->n_rows, error))
    return FALSE;
  vc_parallel (context->n_threads, vcm_n_chunks (duels->n_rows), fill_chunk, &filling);
  return vcn_look_end (&filling.look, error);
}

static VcTable *
finish (Listing *listing, const VcChainArrays *chain, VcmColumn volumes[3], GError **error)
{
  const char *names[2] = { "kept_ab", "kept_ba" };
  const guint64 n = listing->duels->n_rows;
  VcColumn *columns[5 + VCB_DUELS_N_COLUMNS] = { NULL };

  columns[0]
    = vcm_column_of_parties (chain, g_steal_pointer (&listing->a), n, "a", "id of the one that stands first in order");
  columns[1] = vcm_column_of_parties (chain, g_steal_pointer (&listing->b), n, "b", "id of the other");
  columns[2] = vcm_column_finish (&volumes[0], "owed_ab", NULL, "weight of what a owes b", error);
  if (columns[2] != NULL)
    columns[3] = vcm_column_finish (&volumes[1], "owed_ba", NULL, "weight of what b owes a", error);
  if (columns[3] != NULL)
    columns[4]
      = vcm_column_finish (&volumes[2], "balance", NULL, "what a owes more than b, of what both owe: -1 to 1", error);
  if (columns[4] != NULL)
    vcb_duels_finish (listing->duels, names, columns + 5, error);
  return vcm_table_of ("pairs", columns, G_N_ELEMENTS (columns), error);
}

static VcTable *
make (Listing *listing, const VcbContext *context, VcbDuels *duels, GError **error)
{
  VcmColumn volumes[3] = { { 0 } };
  VcTable *table = NULL;

  listing->duels = duels;
  if (list_all (listing, error) && vcb_duels_fill (duels, context->confidence, context->watch, error)
      && fill_volumes (duels, context, volumes, error))
    table = finish (listing, context->chain, volumes, error);
  for (guint i = 0; i < 3; i++)
    vcm_column_clear (&volumes[i]);
  return table;
}

VcTable *
vcb_table_of_pairs (const VcbContext *context, const VcbArcs *arcs, GError **error)
{
  g_auto (Listing) listing = { .arcs = arcs, .look = vcm_watch_look (context->watch, 0) };
  g_auto (VcbDuels) duels = { 0 };

  listing.start = vc_buffer_new (guint64, (gsize) arcs->n + 1);
  if (listing.start == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  if (!count_pairs (&listing, error) || !vcb_duels_init (&duels, arcs, listing.start[arcs->n], FALSE, error))
    return NULL;
  listing.a = vc_buffer_new (gint32, duels.n_rows);
  listing.b = vc_buffer_new (gint32, duels.n_rows);
  if (listing.a == NULL || listing.b == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  return make (&listing, context, &duels, error);
}
