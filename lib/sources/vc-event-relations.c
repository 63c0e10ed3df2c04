/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vc-buffer-private.h"
#include "chain/vc-sort-private.h"
#include "table/vc-table-private.h"
#include "vc-event-walk-private.h"

#define ROWS_PER_LOOK 65536

static const char *const names[VC_N_RELATIONS] = {
  [VC_RELATION_HAND_OVER] = "hand-over",
  [VC_RELATION_SELF_HAND_OVER] = "self-hand-over",
  [VC_RELATION_SUBCONTRACTING] = "subcontracting",
  [VC_RELATION_WORKING_TOGETHER] = "working-together",
};

/* Pairs in order of the ids, and what that goes by. */
typedef struct {
  const VcEventPair *pairs;
  const guint32     *rank; /* of parties */
} Pairs;

void
vc_event_relations_clear (VcEventRelations *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->pairs); i++)
    vc_event_pairs_clear (&self->pairs[i]);
  vc_event_company_clear (&self->company);
  *self = (VcEventRelations) { 0 };
}

static int
compare_numbers (guint32 a, guint32 b)
{
  return (a > b) - (a < b);
}

static int
compare_pairs (guint32 a, guint32 b, gconstpointer data)
{
  const Pairs *self = data;
  const VcEventPair *one = &self->pairs[a], *other = &self->pairs[b];
  int order = compare_numbers (self->rank[one->from], self->rank[other->from]);

  return order != 0 ? order : compare_numbers (self->rank[one->to], self->rank[other->to]);
}

/* The parties by their ids; each is named once, so that all of them are there. */
typedef struct {
  guint32 *order;
  guint32 *rank;
} Ranking;

static void
ranking_clear (Ranking *self)
{
  vc_buffer_free (self->order);
  vc_buffer_free (self->rank);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ranking, ranking_clear)

static gboolean
ranking_init (Ranking *self, const VcStrings *labels, GCancellable *cancellable)
{
  guint32 n = 0;

  *self = (Ranking) {
    .order = vc_sort_labels (labels, NULL, &n, cancellable),
    .rank = vc_buffer_new (guint32, labels->n_labels),
  };
  if (self->order == NULL || self->rank == NULL)
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    self->rank[self->order[i]] = i;
  return TRUE;
}

static VcStrings *
label_relations (void)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();

  for (guint i = 0; interner != NULL && i < VC_N_RELATIONS; i++)
    if (vc_interner_add (interner, names[i], strlen (names[i])) < 0)
      return NULL;
  return interner != NULL ? vc_interner_finish (interner) : NULL;
}

enum {
  RELATION,
  FROM,
  TO,
  COUNT,
  OF,
  SHARE,
  CASES,
  OF_CASES,
  CASE_SHARE,
  N_COLUMNS
};

static const struct {
  const char  *name;
  VcColumnType type;
  const char  *unit;
  const char  *description;
} columns_of[N_COLUMNS] = {
  [RELATION] = { "relation", VC_COLUMN_TYPE_TEXT, NULL, "What one has to do with the other" },
  [FROM] = { "from", VC_COLUMN_TYPE_TEXT, NULL, "Who hands over, subcontracts or works with the other" },
  [TO] = { "to", VC_COLUMN_TYPE_TEXT, NULL, "The other" },
  [COUNT] = { "count", VC_COLUMN_TYPE_DOUBLE, NULL, "How often, by the weight" },
  [OF] = { "of", VC_COLUMN_TYPE_DOUBLE, NULL, "How often it could have been: all such steps of the log" },
  [SHARE] = { "share", VC_COLUMN_TYPE_DOUBLE, "share", "count / of" },
  [CASES] = { "cases", VC_COLUMN_TYPE_INT64, "cases", "Cases in which it happens" },
  [OF_CASES] = { "of_cases", VC_COLUMN_TYPE_INT64, "cases", "All cases" },
  [CASE_SHARE] = { "case_share", VC_COLUMN_TYPE_DOUBLE, "share", "cases / of_cases" },
};

/* Columns of so many rows, of which the first `n` are filled. */
typedef struct {
  gpointer                values[N_COLUMNS];
  gsize                   n;
  const VcEventRelations *relations;
  GCancellable           *cancellable;
} Rows;

static void
rows_clear (Rows *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    vc_buffer_free (self->values[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static gboolean
rows_init (Rows *self, gsize n_rows, const VcEventRelations *relations, GCancellable *cancellable)
{
  gboolean ok = TRUE;

  *self = (Rows) { .relations = relations, .cancellable = cancellable };
  for (guint i = 0; i < N_COLUMNS; i++) {
    self->values[i] = vc_buffer_alloc (vc_values_size (columns_of[i].type, n_rows), 1);
    ok &= self->values[i] != NULL;
  }
  return ok;
}

/* FALSE: cancelled. */
static gboolean
add_row (Rows *self, VcRelation relation, const VcEventPair *pair)
{
  const VcEventRelations *relations = self->relations;
  const gsize i = self->n++;
  gpointer *values = self->values;

  if (i % ROWS_PER_LOOK == 0 && g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  ((gint32 *) values[RELATION])[i] = (gint32) relation;
  ((gint32 *) values[FROM])[i] = pair->from;
  ((gint32 *) values[TO])[i] = pair->to;
  ((double *) values[COUNT])[i] = pair->count;
  ((double *) values[OF])[i] = relations->n_possible[relation];
  ((double *) values[SHARE])[i] = pair->count / relations->n_possible[relation];
  ((gint64 *) values[CASES])[i] = pair->cases;
  ((gint64 *) values[OF_CASES])[i] = (gint64) relations->n_cases;
  ((double *) values[CASE_SHARE])[i] = (double) pair->cases / (double) relations->n_cases;
  return TRUE;
}

/* ---- what each relation adds ---- */

static gboolean
add_counted (Rows *self, VcRelation relation, VcEventPairs *counted, const Ranking *ranking)
{
  const gsize n = counted->n;
  VC_BUFFER (VcEventPair) pairs = vc_buffer_new (VcEventPair, n);
  VC_BUFFER (guint32) order = vc_buffer_new (guint32, n);
  VC_BUFFER (guint32) scratch = vc_buffer_new (guint32, n);
  const Pairs all = { pairs, ranking->rank };

  if (pairs == NULL || order == NULL || scratch == NULL)
    return FALSE;
  if (!vc_event_pairs_take (counted, pairs, self->cancellable))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    order[i] = (guint32) i;
  if (!vc_sort_items (order, scratch, n, compare_pairs, &all, self->cancellable))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!add_row (self, relation, &pairs[order[i]]))
      return FALSE;
  return TRUE;
}

/* Who work together have no direction: the first is the one whose id is. */
static gboolean
add_company (Rows *self, const Ranking *ranking)
{
  const VcEventRelations *relations = self->relations;
  const gsize n = relations->n_together;
  VC_BUFFER (VcEventPair) pairs = vc_buffer_new (VcEventPair, n);

  if (n == 0)
    return TRUE;
  if (pairs == NULL || !vc_event_company_list (&relations->company, ranking->order, pairs, n, self->cancellable))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!add_row (self, VC_RELATION_WORKING_TOGETHER, &pairs[i]))
      return FALSE;
  return TRUE;
}

/* Takes the values. */
static VcColumn *
make_column (guint which, gsize n, gpointer values, VcStrings *labels)
{
  g_autoptr (VcColumn) column
    = vc_column_new_take (columns_of[which].name, columns_of[which].type, n, values, NULL, labels);

  return vc_column_described (column, NULL, columns_of[which].unit, columns_of[which].description);
}

static VcTable *
make_table (Rows *self, const VcStrings *parties)
{
  g_autoptr (VcStrings) relations = label_relations ();
  VcColumn *columns[N_COLUMNS];

  if (relations == NULL)
    return NULL;
  for (guint i = 0; i < N_COLUMNS; i++)
    columns[i] = make_column (i, self->n, g_steal_pointer (&self->values[i]),
                              i == RELATION ? relations : i <= TO ? (VcStrings *) parties : NULL);
  return vc_table_new_take ("relations", columns, N_COLUMNS);
}

VcTable *
vc_event_relations_tabulate (VcEventRelations *self, const VcStrings *parties, GCancellable *cancellable)
{
  g_auto (Ranking) ranking = { NULL };
  g_auto (Rows) rows = { .n = 0 };
  gsize n = self->n_together;

  for (guint i = 0; i < G_N_ELEMENTS (self->pairs); i++)
    n += self->pairs[i].n;
  if (n > G_MAXUINT32 || !ranking_init (&ranking, parties, cancellable) ||
      !rows_init (&rows, n, self, cancellable))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (self->pairs); i++)
    if (!add_counted (&rows, i, &self->pairs[i], &ranking))
      return NULL;
  if (!add_company (&rows, &ranking))
    return NULL;
  return make_table (&rows, parties);
}
