/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-period-private.h"

#include "base/vc-buffer-private.h"
#include "chain/vc-chain-builder-private.h"
#include "chain/vc-fields-private.h"
#include "valuechain/vc-error.h"

#include <math.h>
#include <string.h>

/* Rows between two looks at the cancellable. */
#define ROWS_PER_LOOK 65536

static gboolean
refuse (VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "the new period: %s", what);
  return FALSE;
}

static gboolean
refuse_row (VcImportError code, const char *records, guint64 row, const char *field, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "the new period: %s, row %" G_GUINT64_FORMAT "%s%s: %s", records, row + 1,
               field != NULL ? ", field " : "", field != NULL ? field : "", what);
  return FALSE;
}

void
vc_period_clear (VcPeriod *self)
{
  g_clear_pointer (&self->old_parties, vc_buffer_free);
  vc_chain_frame_clear (&self->frame);
}

/* ---- what both mean ---- */

static gboolean
agree (const char *old, const char *new)
{
  return new == NULL || g_strcmp0 (old, new) == 0;
}

/* The windows of two periods have to meet: a gap would be time in which nothing was recorded and efforts were counted,
 * and what overlaps would be there twice. */
static gboolean
join_frames (VcPeriod *self, GError **error)
{
  const VcChainFrame *old = vc_chain_peek_frame (self->old), *new = vc_chain_peek_frame (self->new);

  if (!agree (old->currency, new->currency))
    return refuse (VC_IMPORT_ERROR_CONTRADICTION, "its currency is another", error);
  if (!agree (old->effort_unit, new->effort_unit))
    return refuse (VC_IMPORT_ERROR_CONTRADICTION, "its unit of effort is another", error);
  if (old->has_window != new->has_window)
    return refuse (VC_IMPORT_ERROR_CONTRADICTION, "either both chains have a window or none", error);
  if (old->has_window && old->end != new->start)
    return refuse (VC_IMPORT_ERROR_CONTRADICTION, "its window does not begin where that of the file ends", error);
  if (old->effort_is_for_window != new->effort_is_for_window)
    return refuse (VC_IMPORT_ERROR_CONTRADICTION, "efforts are for a window in one of the chains only", error);
  vc_chain_frame_copy (&self->frame, old);
  self->frame.end = old->has_window ? new->end : old->end;
  self->adds_efforts = old->has_window && old->effort_is_for_window;
  return TRUE;
}

/* ---- parties in both ---- */

/* Both are ordered by the bytes of ids: one walk. */
static gboolean
match_parties (VcPeriod *self, GCancellable *cancellable, GError **error)
{
  const VcChainArrays *old = vc_chain_peek_arrays (self->old), *new = vc_chain_peek_arrays (self->new);
  guint32 at = 0;

  self->old_parties = vc_buffer_new (gint32, new->n_parties);
  if (self->old_parties == NULL)
    return refuse (VC_IMPORT_ERROR_NO_MEMORY, "no memory to append it", error);
  for (guint32 i = 0; i < new->n_parties; i++) {
    gsize length, old_length = 0;
    const char *id = vc_strings_peek (new->ids, i, &length), *old_id = NULL;
    int order = -1;

    if (i % ROWS_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    for (; at < old->n_parties && order < 0; at += order < 0) {
      if (at % ROWS_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      old_id = vc_strings_peek (old->ids, at, &old_length);
      order = memcmp (old_id, id, MIN (old_length, length));
      if (order == 0)
        order = (old_length > length) - (old_length < length);
    }
    self->old_parties[i] = order == 0 ? (gint32) at : -1;
  }
  return TRUE;
}

static gboolean
texts_agree (VcColumn *old, guint64 old_row, VcColumn *new, guint64 new_row)
{
  gsize old_length, length;
  const char *old_text
    = vc_strings_peek (vc_column_peek_strings (old), (guint32) vc_column_peek_codes (old)[old_row], &old_length);
  const char *text
    = vc_strings_peek (vc_column_peek_strings (new), (guint32) vc_column_peek_codes (new)[new_row], &length);

  return length == old_length && memcmp (old_text, text, length) == 0;
}

/* What the new period does not say stays. */
static gboolean
cells_agree (VcColumn *old, guint64 old_row, VcColumn *new, guint64 new_row)
{
  if (vc_column_is_null (new, new_row))
    return TRUE;
  if (vc_column_is_null (old, old_row))
    return FALSE;
  switch (vc_column_get_column_type (new)) {
    case VC_COLUMN_TYPE_TEXT:
      return texts_agree (old, old_row, new, new_row);
    case VC_COLUMN_TYPE_DOUBLE:
      return memcmp (&vc_column_peek_doubles (old)[old_row], &vc_column_peek_doubles (new)[new_row], sizeof (double))
             == 0;
    case VC_COLUMN_TYPE_BOOLEAN:
      return vc_column_get_boolean (old, old_row) == vc_column_get_boolean (new, new_row);
    default:
      return vc_column_peek_int64s (old)[old_row] == vc_column_peek_int64s (new)[new_row];
  }
}

static gboolean
check_party_column (const VcPeriod *self, VcColumn *new, GCancellable *cancellable, GError **error)
{
  const char *name = vc_column_get_name (new);
  VcColumn *old = vc_table_lookup_column (vc_chain_get_parties (self->old), name);

  if (self->adds_efforts && strcmp (name, "effort") == 0)
    return TRUE;
  for (guint64 i = 0; i < vc_column_get_n_rows (new); i++) {
    const gint32 row = self->old_parties[i];

    if (i % ROWS_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (row >= 0 && !(old != NULL ? cells_agree (old, (guint64) row, new, i) : vc_column_is_null (new, i)))
      return refuse_row (VC_IMPORT_ERROR_CONTRADICTION, "parties", i, name,
                         "the file says something else of this party", error);
  }
  return TRUE;
}

/* An attribute of one name is of one type. */
static gboolean
check_types (const VcPeriod *self, GError **error)
{
  VcTable *(*const get[]) (VcChain *)
    = { vc_chain_get_parties, vc_chain_get_flows, vc_chain_get_receipts, vc_chain_get_commitments };

  for (guint kind = 0; kind < G_N_ELEMENTS (get); kind++) {
    VcTable *old = get[kind] (self->old), *new = get[kind] (self->new);

    for (guint i = 0; i < vc_table_get_n_columns (new); i++) {
      VcColumn *column = vc_table_get_column (new, i),
               *other = vc_table_lookup_column (old, vc_column_get_name (column));

      if (other != NULL && vc_column_get_column_type (other) != vc_column_get_column_type (column))
        return refuse (VC_IMPORT_ERROR_CONTRADICTION, "an attribute has another type than in the file", error);
    }
  }
  return TRUE;
}

static gboolean
check_parties (const VcPeriod *self, GCancellable *cancellable, GError **error)
{
  VcTable *parties = vc_chain_get_parties (self->new);

  for (guint i = 0; i < vc_table_get_n_columns (parties); i++)
    if (!check_party_column (self, vc_table_get_column (parties, i), cancellable, error))
      return FALSE;
  return TRUE;
}

/* ---- records that are there already ---- */

/* What tells records of a kind apart, most significant first: the order that chains hold them in. */
typedef struct {
  VcColumn *old;
  VcColumn *new;
  gboolean  by_code; /* words, which are ordered by their place in the list */
} Key;

#define MAX_KEYS 6

static int
compare_numbers (double a, double b)
{
  return (a > b) - (a < b);
}

static int
compare_texts (VcColumn *a, guint64 row_a, VcColumn *b, guint64 row_b)
{
  gsize length_a, length_b;
  const char *text_a
    = vc_strings_peek (vc_column_peek_strings (a), (guint32) vc_column_peek_codes (a)[row_a], &length_a);
  const char *text_b
    = vc_strings_peek (vc_column_peek_strings (b), (guint32) vc_column_peek_codes (b)[row_b], &length_b);
  const int order = memcmp (text_a, text_b, MIN (length_a, length_b));

  return order != 0 ? order : (length_a > length_b) - (length_a < length_b);
}

/* What is missing comes first, and a column that a chain lacks is missing throughout. */
static int
compare_cells (const Key *key, guint64 old_row, guint64 new_row)
{
  const gboolean has_old = key->old != NULL && !vc_column_is_null (key->old, old_row);
  const gboolean has_new = key->new != NULL && !vc_column_is_null (key->new, new_row);

  if (!has_old || !has_new)
    return has_old - has_new;
  switch (vc_column_get_column_type (key->new)) {
    case VC_COLUMN_TYPE_TEXT:
      if (key->by_code)
        return vc_column_peek_codes (key->old)[old_row] - vc_column_peek_codes (key->new)[new_row];
      return compare_texts (key->old, old_row, key->new, new_row);
    case VC_COLUMN_TYPE_DOUBLE:
      return compare_numbers (vc_column_peek_doubles (key->old)[old_row], vc_column_peek_doubles (key->new)[new_row]);
    default: {
      const gint64 a = vc_column_peek_int64s (key->old)[old_row], b = vc_column_peek_int64s (key->new)[new_row];

      return (a > b) - (a < b);
    }
  }
}

static int
compare_rows (const Key *keys, guint n_keys, guint64 old_row, guint64 new_row)
{
  int order = 0;

  for (guint i = 0; i < n_keys && order == 0; i++)
    order = compare_cells (&keys[i], old_row, new_row);
  return order;
}

/* A record with a time that stands in the file already would count twice. Where neither a window nor a time says that
 * it is new, nobody can tell. One walk through both, which are in the same order. */
static gboolean
check_records (const VcPeriod *self, VcTable *old, VcTable *new, const char *const *names, GCancellable *cancellable,
               GError **error)
{
  const char *records = vc_table_get_name (new);
  VcColumn *at = vc_table_lookup_column (new, "at");
  Key keys[MAX_KEYS];
  guint n_keys = 0;
  guint64 old_row = 0;

  for (guint i = 0; names[i] != NULL; i++) {
    const Key key = {
      .old = vc_table_lookup_column (old, names[i]),
      .new = vc_table_lookup_column (new, names[i]),
      .by_code = strcmp (names[i], "kind") == 0,
    };

    if (key.old != NULL || key.new != NULL)
      keys[n_keys++] = key;
  }
  for (guint64 row = 0; row < vc_table_get_n_rows (new); row++) {
    int order = -1;

    if (row % ROWS_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (at == NULL || vc_column_is_null (at, row)) {
      if (!self->frame.has_window)
        return refuse_row (VC_IMPORT_ERROR_MISSING, records, row, "at",
                           "without a time or a window nobody can tell whether it is new", error);
      continue;
    }
    while (old_row < vc_table_get_n_rows (old) && (order = compare_rows (keys, n_keys, old_row, row)) < 0)
      if (++old_row % ROWS_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    if (order == 0)
      return refuse_row (VC_IMPORT_ERROR_DUPLICATE, records, row, NULL, "stands in the file already", error);
  }
  return TRUE;
}

gboolean
vc_period_init (VcPeriod *self, VcChain *old, VcChain *new, GCancellable *cancellable, GError **error)
{
  static const char *const flow_names[] = { "kind", "from", "to", "at", "amount", "case", NULL };
  static const char *const receipt_names[] = { "customer", "at", "amount", NULL };

  *self = (VcPeriod) { .old = old, .new = new };
  return join_frames (self, error) && match_parties (self, cancellable, error) && check_types (self, error)
         && check_parties (self, cancellable, error)
         && check_records (self, vc_chain_get_flows (old), vc_chain_get_flows (new), flow_names, cancellable, error)
         && check_records (self, vc_chain_get_receipts (old), vc_chain_get_receipts (new), receipt_names, cancellable,
                           error);
}

/* ---- both together ---- */

static VcTable *
take_rows (VcTable *table, const guint32 *rows, gsize n, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);
  VcTable *taken;

  for (guint i = 0; i < vc_table_get_n_columns (table); i++) {
    VcColumn *column = vc_column_take_rows (vc_table_get_column (table, i), rows, n, cancellable, error);

    if (column == NULL)
      return NULL;
    g_ptr_array_add (columns, column);
  }
  g_ptr_array_set_free_func (columns, NULL);
  taken = vc_table_new_take (vc_table_get_name (table), (VcColumn **) columns->pdata, columns->len);
  if (taken == NULL)
    refuse (VC_IMPORT_ERROR_NO_MEMORY, "no memory to append it", error);
  return taken;
}

VcTable *
vc_period_take_new_parties (const VcPeriod *self, GCancellable *cancellable, GError **error)
{
  const guint32 n_parties = vc_chain_get_n_parties (self->new);
  VC_BUFFER (guint32) rows = vc_buffer_new (guint32, n_parties);
  gsize n = 0;

  if (rows == NULL) {
    refuse (VC_IMPORT_ERROR_NO_MEMORY, "no memory to append it", error);
    return NULL;
  }
  for (guint32 i = 0; i < n_parties; i++)
    if (self->old_parties[i] < 0)
      rows[n++] = i;
  return take_rows (vc_chain_get_parties (self->new), rows, n, cancellable, error);
}

gboolean
vc_period_get_effort (const VcPeriod *self, guint32 party, double *effort)
{
  const gint32 old = self->old_parties[party];
  const double new_effort = vc_chain_peek_arrays (self->new)->effort[party];
  double old_effort;

  if (!self->adds_efforts || old < 0 || isnan (new_effort))
    return FALSE;
  old_effort = vc_chain_peek_arrays (self->old)->effort[old];
  *effort = isnan (old_effort) ? new_effort : old_effort + new_effort;
  return TRUE;
}

VcChain *
vc_period_join (const VcPeriod *self, VcTable *new_parties, VcLimits *limits, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_edit (self->old);

  g_object_set (builder, "limits", limits, NULL);
  vc_chain_builder_set_frame (builder, &self->frame);
  vc_chain_builder_add_parties (builder, new_parties, "new parties");
  vc_chain_builder_add_flows (builder, vc_chain_get_flows (self->new), "new flows");
  vc_chain_builder_add_receipts (builder, vc_chain_get_receipts (self->new), "new receipts");
  vc_chain_builder_add_commitments (builder, vc_chain_get_commitments (self->new), "new commitments");
  for (guint32 i = 0; i < vc_chain_get_n_parties (self->new); i++) {
    double effort;

    if (i % ROWS_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    if (vc_period_get_effort (self, i, &effort)) {
      g_autofree char *id = vc_chain_dup_party_id (self->new, i);

      vc_chain_builder_set_effort (builder, id, effort);
    }
  }
  return vc_chain_builder_build (builder, NULL, cancellable, error);
}
