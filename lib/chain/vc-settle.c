/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-assembly-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "vc-order-private.h"
#include "vc-sort-private.h"

/* From gathered columns to tables in canonical order. */

/* ---- columns nobody gave ---- */

static VcStrings *
labels_for (const VcAssembly *self, const VcField *field)
{
  static const char *const none[] = { NULL };

  if (field->role == VC_ROLE_PARTY)
    return vc_strings_ref (vc_party_index_ids (self->index));
  return vc_words_to_labels (field->words != NULL ? field->words : none);
}

static VcColumnType
type_of_field (const VcField *field)
{
  switch (field->role) {
    case VC_ROLE_TIME:
      return VC_COLUMN_TYPE_TIME;
    case VC_ROLE_AMOUNT:
    case VC_ROLE_MONEY:
      return VC_COLUMN_TYPE_DOUBLE;
    case VC_ROLE_COUNT:
      return VC_COLUMN_TYPE_INT64;
    default:
      return VC_COLUMN_TYPE_TEXT;
  }
}

/* All default, or all null. */
static VcColumn *
make_absent (const VcAssembly *self, const VcField *field, gsize n)
{
  VcColumnType type = type_of_field (field);
  g_autoptr (VcStrings) labels = type == VC_COLUMN_TYPE_TEXT ? labels_for (self, field) : NULL;
  VC_BUFFER (char) values = vc_buffer_alloc0 (n, type == VC_COLUMN_TYPE_TEXT ? 4 : 8);
  VC_BUFFER (guint8) validity = field->has_default ? NULL : vc_buffer_new0 (guint8, n / 8 + 1);

  if (values == NULL || (type == VC_COLUMN_TYPE_TEXT && labels == NULL) || (!field->has_default && validity == NULL))
    return NULL;
  if (field->has_default && type == VC_COLUMN_TYPE_DOUBLE)
    for (gsize i = 0; i < n; i++)
      ((double *) (gpointer) values)[i] = 1;
  return vc_column_new_take (field->name, type, n, g_steal_pointer (&values), g_steal_pointer (&validity), labels);
}

/* ---- rows of a column ---- */

/* Labels that no picked row uses any more go away. */
static VcColumn *
pick_text (VcAssembly *self, VcColumn *column, const guint32 *rows, gsize n)
{
  g_autoptr (VcColumn) picked = vc_column_take_rows (column, rows, n, self->cancellable, NULL), plain = NULL;
  VC_BUFFER (gint32) codes = picked != NULL ? vc_buffer_new (gint32, n) : NULL;
  VC_BUFFER (guint8) validity = NULL;
  g_autoptr (VcStrings) labels = NULL;

  if (codes == NULL)
    return NULL;
  memcpy (codes, vc_column_peek_codes (picked), n * sizeof *codes);
  if (vc_column_get_n_nulls (picked) > 0) {
    validity = vc_buffer_new0 (guint8, n / 8 + 1);
    if (validity == NULL)
      return NULL;
    memcpy (validity, vc_column_peek_validity (picked), (n + 7) / 8);
  }
  labels = vc_labels_canonical ((VcStrings *) vc_column_peek_strings (picked), codes, validity, n, self->cancellable);
  if (labels == NULL)
    return NULL;
  plain = vc_column_new_take (vc_column_get_name (column), VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&codes),
                              g_steal_pointer (&validity), labels);
  return vc_column_described (plain, NULL, vc_column_get_unit (column), vc_column_get_description (column));
}

/* Which rows are picked. */
typedef struct {
  const guint32 *rows; /* NULL: all as they are */
  gsize          n;
  gpointer       room; /* a buffer of `n` words that the first column of words takes, or NULL: fresh memory costs more
                        * than what is written into it */
} Picks;

/* Doubles, whole numbers and times take a word each. */
static gboolean
is_of_words (VcColumn *column)
{
  VcColumnType type = vc_column_get_column_type (column);

  return type != VC_COLUMN_TYPE_TEXT && type != VC_COLUMN_TYPE_BOOLEAN;
}

/* Takes `column`. */
static VcColumn *
pick (VcAssembly *self, VcColumn *column, const VcField *field, Picks *picks)
{
  g_autoptr (VcColumn) owned = column;
  VcColumn *picked;

  if (picks->rows == NULL)
    return g_steal_pointer (&owned);
  if (vc_column_get_column_type (column) == VC_COLUMN_TYPE_TEXT && field->role != VC_ROLE_PARTY &&
      field->role != VC_ROLE_WORD && picks->n < vc_column_get_n_rows (column))
    picked = pick_text (self, column, picks->rows, picks->n);
  else if (picks->room != NULL && is_of_words (column))
    picked
      = vc_column_take_rows_into (column, picks->rows, picks->n, g_steal_pointer (&picks->room), self->cancellable);
  else
    picked = vc_column_take_rows (column, picks->rows, picks->n, self->cancellable, NULL);
  self->failed = self->failed || picked == NULL;
  return picked;
}

/* ---- parties ---- */

/* Rows of a field by party: the party's own, or the last that sets the field. */
static void
apply_settings (VcAssembly *self, VcColumn *column, guint32 *rows)
{
  const GPtrArray *parts = self->input->parts[VC_RECORDS_PARTIES];
  const guint8 *validity = vc_column_peek_validity (column);

  for (guint i = 0; i < parts->len; i++) {
    const VcPart *part = parts->pdata[i];
    VcColumn *ids = part->patch ? vc_table_lookup_column (part->table, "id") : NULL;
    guint64 n = ids != NULL ? vc_column_get_n_rows (ids) : 0;

    for (guint64 row = 0; row < n; row++) {
      gsize length;
      const char *id
        = vc_strings_peek (vc_column_peek_strings (ids), (guint32) vc_column_peek_codes (ids)[row], &length);
      gint32 party = vc_party_index_lookup (self->index, id, length);

      if (party >= 0 && vc_bit_is_set (validity, part->first_row + row))
        rows[party] = (guint32) (part->first_row + row);
    }
  }
}

static void
check_settings (VcAssembly *self)
{
  const GPtrArray *parts = self->input->parts[VC_RECORDS_PARTIES];

  for (guint i = 0; i < parts->len; i++) {
    const VcPart *part = parts->pdata[i];
    VcColumn *ids = part->patch ? vc_table_lookup_column (part->table, "id") : NULL;
    guint64 n = ids != NULL ? vc_column_get_n_rows (ids) : 0;

    for (guint64 row = 0; row < n; row++) {
      VcPlace place = vc_part_place (part, row, "id");
      gsize length;
      const char *id
        = vc_strings_peek (vc_column_peek_strings (ids), (guint32) vc_column_peek_codes (ids)[row], &length);

      if (vc_party_index_lookup (self->index, id, length) < 0)
        vc_problems_add_error (self->problems, &place, VC_IMPORT_ERROR_REFERENCE,
                               "of a party whose field is set names no known party");
    }
  }
}

static gboolean
has_settings (const VcAssembly *self)
{
  const GPtrArray *parts = self->input->parts[VC_RECORDS_PARTIES];

  for (guint i = 0; i < parts->len; i++)
    if (((const VcPart *) parts->pdata[i])->patch)
      return TRUE;
  return FALSE;
}

void
vc_assembly_settle_parties (VcAssembly *self)
{
  guint32 n = vc_party_index_size (self->index);
  GPtrArray *attributes = self->attributes[VC_RECORDS_PARTIES];
  VcColumn **columns = self->fields[VC_RECORDS_PARTIES];
  const VcField attribute = { .role = VC_ROLE_ATTRIBUTE };
  VC_BUFFER (guint32) rows = vc_buffer_new (guint32, n);
  Picks set = { rows, n, NULL }, own = { self->party_rows, n, NULL };
  guint n_fields;
  const VcField *fields = vc_fields_of (VC_RECORDS_PARTIES, &n_fields);

  self->failed = self->failed || rows == NULL;
  if (self->failed)
    return;
  check_settings (self);
  if (!has_settings (self))
    vc_party_index_shrink (self->index);
  for (guint i = 0; i < n_fields && !self->failed; i++) {
    if (columns[i] == NULL)
      continue;
    memcpy (rows, self->party_rows, n * sizeof *rows);
    apply_settings (self, columns[i], rows);
    columns[i] = pick (self, columns[i], &fields[i], &set);
  }
  for (guint i = 0; i < attributes->len && !self->failed; i++) {
    VcColumn *picked = pick (self, g_object_ref (attributes->pdata[i]), &attribute, &own);

    if (picked == NULL)
      return;
    g_object_unref (attributes->pdata[i]);
    attributes->pdata[i] = picked;
  }
}

static VcColumn *
make_ids (const VcAssembly *self)
{
  guint32 n = vc_party_index_size (self->index);
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, n);

  if (codes == NULL)
    return NULL;
  for (guint32 i = 0; i < n; i++)
    codes[i] = (gint32) i;
  return vc_column_new_take ("id", VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&codes), NULL,
                             vc_party_index_ids (self->index));
}

/* ---- order ---- */

/* The fields by significance: what the records are between, when they were, the rest as the fields stand. */
static const gint8 field_orders[VC_N_RECORDS][VC_MAX_FIELDS + 1] = {
  [VC_RECORDS_PARTIES] = { -1 },
  [VC_RECORDS_FLOWS] = { VC_FLOW_KIND, VC_FLOW_FROM, VC_FLOW_TO, VC_FLOW_AT, VC_FLOW_AMOUNT, VC_FLOW_CASE, -1 },
  [VC_RECORDS_RECEIPTS] = { VC_RECEIPT_CUSTOMER, VC_RECEIPT_AT, VC_RECEIPT_AMOUNT, -1 },
  [VC_RECORDS_COMMITMENTS] = { VC_COMMITMENT_FROM, VC_COMMITMENT_TO, VC_COMMITMENT_MADE, VC_COMMITMENT_DUE,
                               VC_COMMITMENT_CLOSED, VC_COMMITMENT_STATE, VC_COMMITMENT_WHAT, VC_COMMITMENT_CLOSED_BY,
                               VC_COMMITMENT_REOPENED, VC_COMMITMENT_WEIGHT, VC_COMMITMENT_ID, -1 },
};
static const guint n_leading[VC_N_RECORDS] = { 0, 3, 1, 2 };

/* Records in order, and what of the order the columns are made from. */
typedef struct {
  VcOrder        order;
  VcRows         rows;
  gint8          leading[VC_MAX_LEADING]; /* fields */
  Picks          picks;
} Ordered;

static void
ordered_clear (Ordered *self)
{
  g_clear_pointer (&self->order.columns, g_free);
  vc_rows_clear (&self->rows);
  g_clear_pointer (&self->picks.room, vc_buffer_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ordered, ordered_clear)

/* Then come attributes, by name. */
static void
choose_order (const VcAssembly *self, VcRecordsKind kind, Ordered *ordered)
{
  const gint8 *fields = field_orders[kind];
  VcOrder *order = &ordered->order;

  order->columns = g_new (VcColumn *, VC_MAX_FIELDS + self->attributes[kind]->len);
  for (guint i = 0; fields[i] >= 0; i++) {
    VcColumn *column = self->fields[kind][fields[i]];

    if (column == NULL)
      continue;
    if (i < n_leading[kind])
      ordered->leading[order->n_leading++] = fields[i];
    order->columns[order->n_columns++] = column;
  }
  for (guint i = 0; i < self->attributes[kind]->len; i++)
    order->columns[order->n_columns++] = self->attributes[kind]->pdata[i];
}

static void
tell_zero_amounts (VcAssembly *self, guint64 count)
{
  const VcPlace place = vc_assembly_whole_place (self, VC_RECORDS_FLOWS, "amount");

  vc_problems_add_odd (self->problems, VC_SEVERITY_NOTE, &place, "zero-amount", count,
                       "is zero: these flows are left out");
}

static gboolean
is_as_it_was (const VcRows *rows, guint64 n)
{
  for (gsize i = 0; i < rows->n; i++)
    if (rows->rows[i] != i)
      return FALSE;
  return rows->n == n;
}

/* The gathered leading columns go as soon as the words have their codes. */
static void
order_records (VcAssembly *self, VcRecordsKind kind, Ordered *ordered)
{
  VcRows *rows = &ordered->rows;
  VcColumn *amounts = kind == VC_RECORDS_FLOWS ? self->fields[kind][VC_FLOW_AMOUNT] : NULL;

  choose_order (self, kind, ordered);
  ordered->order.n_rows = self->n_rows[kind];
  ordered->order.nonzero
    = amounts != NULL ? vc_column_peek_doubles (amounts) : NULL; /* flows of nothing do not exist */
  ordered->order.dropped = kind == VC_RECORDS_COMMITMENTS ? self->dropped : NULL;
  self->failed = !vc_order_leading (&ordered->order, rows, self->cancellable);
  for (guint i = 0; i < ordered->order.n_leading; i++)
    g_clear_object (&self->fields[kind][ordered->leading[i]]);
  if (self->failed || !vc_order_ties (&ordered->order, rows, self->cancellable)) {
    self->failed = TRUE;
    return;
  }
  ordered->picks = (Picks) { is_as_it_was (rows, self->n_rows[kind]) ? NULL : rows->rows, rows->n, NULL };
  if (kind == VC_RECORDS_FLOWS)
    tell_zero_amounts (self, self->n_rows[kind] - rows->n);
}

static int
find_leading (const Ordered *ordered, guint field)
{
  for (guint i = 0; i < ordered->order.n_leading; i++)
    if (ordered->leading[i] == (gint8) field)
      return (int) i;
  return -1;
}

static VcColumn *
make_leading (const VcAssembly *self, const Ordered *ordered, guint leading, const VcField *field)
{
  g_autoptr (VcStrings) labels = labels_for (self, field);
  VC_BUFFER (gint32) codes = vc_order_unpack (&ordered->order, leading, &ordered->rows);

  if (labels == NULL || codes == NULL)
    return NULL;
  return vc_column_new_take (field->name, VC_COLUMN_TYPE_TEXT, ordered->rows.n, g_steal_pointer (&codes), NULL, labels);
}

/* ---- tables ---- */

static VcColumn *
describe (const VcAssembly *self, VcColumn *column, const VcField *field)
{
  const VcChainFrame *frame = &self->input->frame;
  const char *units[] = { NULL, frame->effort_unit, frame->currency };
  g_autoptr (VcColumn) plain = column;

  return vc_column_described (plain, NULL, units[field->unit], field->description);
}

static gboolean
is_left_out (const VcField *field, VcColumn *column)
{
  return field->lean && (column == NULL || vc_column_get_n_nulls (column) == vc_column_get_n_rows (column));
}

/* Each gathered column goes as soon as its ordered one is there: at most one is there twice. */
static VcColumn *
settle_field (VcAssembly *self, VcRecordsKind kind, guint i, Ordered *ordered)
{
  guint n_fields;
  const VcField *field = &vc_fields_of (kind, &n_fields)[i];
  VcColumn *column = g_steal_pointer (&self->fields[kind][i]);
  int leading = find_leading (ordered, i);

  if (is_left_out (field, column)) {
    g_clear_object (&column);
    return NULL;
  }
  if (field->role == VC_ROLE_ID)
    column = make_ids (self);
  else if (leading >= 0)
    column = make_leading (self, ordered, (guint) leading, field);
  else if (column != NULL)
    column = pick (self, column, field, &ordered->picks);
  else
    column = make_absent (self, field, ordered->rows.n);
  self->failed = self->failed || column == NULL;
  return column != NULL ? describe (self, column, field) : NULL;
}

static void
settle_columns (VcAssembly *self, VcRecordsKind kind, Ordered *ordered, GPtrArray *columns)
{
  const VcField attribute = { .role = VC_ROLE_ATTRIBUTE };
  GPtrArray *attributes = self->attributes[kind];
  guint n_made = 0;
  guint n_fields;

  vc_fields_of (kind, &n_fields);
  for (guint i = 0; i < n_fields && !self->failed; i++) {
    VcColumn *column = settle_field (self, kind, i, ordered);

    if (column != NULL)
      g_ptr_array_add (columns, column);
    n_made += find_leading (ordered, i) >= 0;
    if (n_made == ordered->order.n_leading && ordered->picks.rows == NULL)
      g_clear_pointer (&ordered->rows.keys, vc_buffer_free); /* as large as two columns of codes */
    else if (n_made == ordered->order.n_leading && ordered->rows.keys != NULL)
      ordered->picks.room = g_steal_pointer (&ordered->rows.keys);
    self->failed = self->failed || g_cancellable_is_cancelled (self->cancellable);
  }
  for (guint i = 0; i < attributes->len && !self->failed; i++) {
    VcColumn *column = pick (self, g_object_ref (attributes->pdata[i]), &attribute, &ordered->picks);

    if (column != NULL)
      g_ptr_array_add (columns, column);
  }
}

VcTable *
vc_assembly_settle (VcAssembly *self, VcRecordsKind kind)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (Ordered) ordered = { .order = { NULL } };
  VcTable *table;

  if (kind == VC_RECORDS_PARTIES)
    ordered.rows.n = vc_party_index_size (self->index);
  else
    order_records (self, kind, &ordered);
  if (!self->failed)
    settle_columns (self, kind, &ordered, columns);
  if (self->failed)
    return NULL;
  g_ptr_array_set_free_func (columns, NULL);
  table = vc_table_new_take (vc_records_name (kind), (VcColumn **) columns->pdata, columns->len);
  self->failed = table == NULL;
  return table;
}
