/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vc-buffer-private.h"
#include "chain/vc-sort-private.h"
#include "table/vc-table-private.h"
#include "vc-event-walk-private.h"

static const char *const names[VC_N_RELATIONS] = {
  [VC_RELATION_HAND_OVER] = "hand-over",
  [VC_RELATION_SELF_HAND_OVER] = "self-hand-over",
  [VC_RELATION_SUBCONTRACTING] = "subcontracting",
  [VC_RELATION_WORKING_TOGETHER] = "working-together",
};

typedef struct {
  VcRelation  relation;
  VcEventPair pair;
} Row;

/* Rows and what their order goes by: relation, then the ids. */
typedef struct {
  Row     *rows;
  guint32 *rank; /* of parties */
} Rows;

void
vc_event_relations_clear (VcEventRelations *self)
{
  for (guint i = 0; i < VC_N_RELATIONS; i++)
    vc_event_pairs_clear (&self->pairs[i]);
  *self = (VcEventRelations) { 0 };
}

static int
compare_numbers (guint32 a, guint32 b)
{
  return (a > b) - (a < b);
}

static int
compare_rows (guint32 a, guint32 b, gconstpointer data)
{
  const Rows *self = data;
  const Row *one = &self->rows[a], *other = &self->rows[b];
  int order = compare_numbers (one->relation, other->relation);

  if (order == 0)
    order = compare_numbers (self->rank[one->pair.from], self->rank[other->pair.from]);
  return order != 0 ? order : compare_numbers (self->rank[one->pair.to], self->rank[other->pair.to]);
}

/* Who work together have no direction: the first is the one whose id is. */
static void
list_pairs (const VcEventRelations *self, Rows *all)
{
  gsize n = 0;

  for (guint i = 0; i < VC_N_RELATIONS; i++)
    for (gsize k = 0; k < self->pairs[i].n_slots; k++) {
      VcEventPair pair = self->pairs[i].slots[k];

      if (pair.from < 0)
        continue;
      if (i == VC_RELATION_WORKING_TOGETHER && all->rank[pair.from] > all->rank[pair.to])
        pair = (VcEventPair) { pair.to, pair.from, pair.count, pair.cases, pair.newest };
      all->rows[n++] = (Row) { i, pair };
    }
}

static guint32 *
rank_labels (const VcStrings *labels, GCancellable *cancellable)
{
  guint32 n;
  VC_BUFFER (guint32) order = vc_sort_labels (labels, NULL, &n, cancellable);
  guint32 *rank = vc_buffer_new (guint32, labels->n_labels);

  if (order == NULL) {
    vc_buffer_free (rank);
    return NULL;
  }
  for (guint32 i = 0; rank != NULL && i < n; i++)
    rank[order[i]] = i;
  return rank;
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

static void
set_row (const VcEventRelations *self, const Row *row, gsize i, gpointer values[N_COLUMNS])
{
  ((gint32 *) values[RELATION])[i] = (gint32) row->relation;
  ((gint32 *) values[FROM])[i] = row->pair.from;
  ((gint32 *) values[TO])[i] = row->pair.to;
  ((double *) values[COUNT])[i] = row->pair.count;
  ((double *) values[OF])[i] = self->n_possible[row->relation];
  ((double *) values[SHARE])[i] = row->pair.count / self->n_possible[row->relation];
  ((gint64 *) values[CASES])[i] = row->pair.cases;
  ((gint64 *) values[OF_CASES])[i] = (gint64) self->n_cases;
  ((double *) values[CASE_SHARE])[i] = (double) row->pair.cases / (double) self->n_cases;
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
make_table (const VcEventRelations *self, const Rows *all, const guint32 *order, gsize n, const VcStrings *parties)
{
  g_autoptr (VcStrings) relations = label_relations ();
  gpointer values[N_COLUMNS];
  VcColumn *columns[N_COLUMNS];
  gboolean ok = relations != NULL;

  for (guint i = 0; i < N_COLUMNS; i++) {
    values[i] = vc_buffer_alloc (vc_values_size (columns_of[i].type, n), 1);
    ok &= values[i] != NULL;
  }
  for (gsize i = 0; ok && i < n; i++)
    set_row (self, &all->rows[order[i]], i, values);
  for (guint i = 0; i < N_COLUMNS; i++) {
    if (ok)
      columns[i] = make_column (i, n, values[i], i == RELATION ? relations : i <= TO ? (VcStrings *) parties : NULL);
    else
      vc_buffer_free (values[i]);
  }
  return ok ? vc_table_new_take ("relations", columns, N_COLUMNS) : NULL;
}

VcTable *
vc_event_relations_tabulate (const VcEventRelations *self, const VcStrings *parties, GCancellable *cancellable)
{
  gsize n = 0;
  VC_BUFFER (guint32) rank = rank_labels (parties, cancellable);
  VC_BUFFER (Row) rows = NULL;
  VC_BUFFER (guint32) order = NULL;
  VC_BUFFER (guint32) scratch = NULL;
  Rows all;

  for (guint i = 0; i < VC_N_RELATIONS; i++)
    n += self->pairs[i].n;
  if (n > G_MAXUINT32)
    return NULL;
  rows = vc_buffer_new (Row, n);
  order = vc_buffer_new (guint32, n);
  scratch = vc_buffer_new (guint32, n);
  if (rank == NULL || rows == NULL || order == NULL || scratch == NULL)
    return NULL;
  all = (Rows) { rows, rank };
  list_pairs (self, &all);
  for (gsize i = 0; i < n; i++)
    order[i] = (guint32) i;
  if (!vc_sort_items (order, scratch, n, compare_rows, &all, cancellable))
    return NULL;
  return make_table (self, &all, order, n, parties);
}
