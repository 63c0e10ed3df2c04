/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-assembly-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"

static gboolean
stopped (VcAssembly *self)
{
  return self->failed || g_cancellable_is_cancelled (self->cancellable);
}

static void
progress (VcAssembly *self, double fraction, const char *stage)
{
  if (self->progress != NULL)
    vc_progress_update (self->progress, fraction, stage);
}

/* ---- places ---- */

static const VcPart *
part_of_row (const GPtrArray *parts, guint64 row)
{
  guint low = 0;
  guint high = parts->len;

  while (high - low > 1) {
    guint middle = low + (high - low) / 2;

    if (((const VcPart *) parts->pdata[middle])->first_row <= row)
      low = middle;
    else
      high = middle;
  }
  return parts->pdata[low];
}

VcPlace
vc_assembly_place (const VcAssembly *self, VcRecordsKind kind, guint64 row, const char *field)
{
  const VcPart *part = part_of_row (self->input->parts[kind], row);

  return vc_part_place (part, row - part->first_row, field);
}

VcPlace
vc_assembly_whole_place (const VcAssembly *self, VcRecordsKind kind, const char *field)
{
  const GPtrArray *parts = self->input->parts[kind];
  const char *origin = parts->len == 1 ? ((const VcPart *) parts->pdata[0])->origin : NULL;

  return (VcPlace) { .origin = origin != NULL ? origin : vc_records_name (kind), .field = field };
}

VcPlace
vc_assembly_party_place (const VcAssembly *self, guint32 party, const char *field)
{
  return vc_assembly_place (self, VC_RECORDS_PARTIES, self->party_rows[party], field);
}

/* ---- how much there is ---- */

static guint64
limit_of (const VcAssembly *self, VcRecordsKind kind)
{
  switch (kind) {
    case VC_RECORDS_PARTIES:
      return MIN (vc_limits_get_max_parties (self->input->limits), G_MAXINT32 - 1);
    case VC_RECORDS_FLOWS:
      return MIN (vc_limits_get_max_flows (self->input->limits), G_MAXUINT32 - 1);
    default:
      return G_MAXUINT32 - 1;
  }
}

static gboolean
count_rows (VcAssembly *self, VcRecordsKind kind)
{
  const VcPlace place = vc_assembly_whole_place (self, kind, NULL);
  guint64 settable = 0;

  for (guint i = 0; i < self->input->parts[kind]->len; i++) {
    VcPart *part = self->input->parts[kind]->pdata[i];
    guint64 n = vc_table_get_n_rows (part->table);

    part->first_row = self->n_rows[kind];
    self->n_rows[kind] += n;
    settable += part->patch ? n : 0;
  }
  if (self->n_rows[kind] - settable <= limit_of (self, kind) && self->n_rows[kind] < G_MAXUINT32)
    return TRUE;
  vc_problems_add_error (self->problems, &place, VC_IMPORT_ERROR_LIMIT, "are more than the limit allows");
  return FALSE;
}

/* ---- ids ---- */

typedef struct {
  guint32 *rows; /* row of each id, in order of addition */
  guint32  n;
} Added;

static void
tell_id (VcAssembly *self, const VcPart *part, guint64 row, VcImportError code, const char *message)
{
  VcPlace place = vc_part_place (part, row, "id");

  vc_problems_add_error (self->problems, &place, code, message);
}

/* The codes of the rows of a batch that have an id. */
static guint
choose_ids (VcColumn *column, guint64 start, guint64 end, gint32 *codes, gboolean *has_id)
{
  const VcStrings *labels = vc_column_peek_strings (column);
  const guint8 *validity = vc_column_peek_validity (column);
  guint n = 0;

  for (guint64 row = start; row < end; row++) {
    gint32 code = vc_column_peek_codes (column)[row];

    has_id[row - start] = vc_bit_is_set (validity, row) && labels->offsets[code] < labels->offsets[code + 1];
    if (has_id[row - start])
      codes[n++] = code;
  }
  return n;
}

static void
add_batch (VcAssembly *self, const VcPart *part, VcColumn *column, guint64 start, Added *added)
{
  guint64 end = MIN (vc_column_get_n_rows (column), start + VC_INDEX_BATCH);
  gint32 codes[VC_INDEX_BATCH];
  gboolean has_id[VC_INDEX_BATCH];
  gboolean is_new[VC_INDEX_BATCH];
  guint n = choose_ids (column, start, end, codes, has_id);
  guint k = 0;

  self->failed = !vc_party_index_add (self->index, vc_column_peek_strings (column), codes, n, is_new);
  for (guint64 row = start; row < end && !self->failed; row++)
    if (!has_id[row - start])
      tell_id (self, part, row, VC_IMPORT_ERROR_MISSING, "is missing");
    else if (is_new[k++])
      added->rows[added->n++] = (guint32) (part->first_row + row);
    else
      tell_id (self, part, row, VC_IMPORT_ERROR_DUPLICATE, "stands there already");
}

static void
add_ids_of_column (VcAssembly *self, const VcPart *part, VcColumn *column, Added *added)
{
  guint64 n_rows = vc_column_get_n_rows (column);

  for (guint64 start = 0; start < n_rows && !stopped (self); start += VC_INDEX_BATCH)
    add_batch (self, part, column, start, added);
}

static void
add_ids_of_part (VcAssembly *self, const VcPart *part, Added *added)
{
  VcColumn *column = vc_table_lookup_column (part->table, "id");
  g_autoptr (VcColumn) text = NULL;
  VcColumnType type = column != NULL ? vc_column_get_column_type (column) : VC_COLUMN_TYPE_TEXT;
  const VcPlace place = { .origin = part->origin, .field = "id" };

  if (column == NULL) {
    vc_problems_add_error (self->problems, &place, VC_IMPORT_ERROR_MISSING, "is a column that the table lacks");
  } else if (type != VC_COLUMN_TYPE_TEXT && type != VC_COLUMN_TYPE_INT64) {
    vc_problems_add_error (self->problems, &place, VC_IMPORT_ERROR_FORMAT, "is a column of the wrong type");
  } else {
    text = vc_gather_as_text (column);
    self->failed = self->failed || text == NULL;
    if (text != NULL)
      add_ids_of_column (self, part, text, added);
  }
}

static void
index_parties (VcAssembly *self)
{
  VC_BUFFER (guint32) rows = vc_buffer_new (guint32, self->n_rows[VC_RECORDS_PARTIES]);
  const GPtrArray *parts = self->input->parts[VC_RECORDS_PARTIES];
  Added added = { rows, 0 };

  self->index = vc_party_index_new ((guint32) self->n_rows[VC_RECORDS_PARTIES]);
  self->failed = self->failed || rows == NULL;
  for (guint i = 0; i < parts->len && !stopped (self); i++)
    if (!((VcPart *) parts->pdata[i])->patch)
      add_ids_of_part (self, parts->pdata[i], &added);
  if (stopped (self) || !vc_party_index_finish (self->index, self->cancellable)) {
    self->failed = TRUE;
    return;
  }
  self->party_rows = vc_buffer_new (guint32, added.n);
  self->failed = self->party_rows == NULL;
  for (guint32 i = 0; i < added.n && !self->failed; i++)
    self->party_rows[i] = rows[vc_party_index_order (self->index)[i]];
}

/* ---- all fields ---- */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names of columns that are no field, once each, by their bytes; each is told once a table. */
static GPtrArray *
attribute_names (VcAssembly *self, VcRecordsKind kind)
{
  const GPtrArray *parts = self->input->parts[kind];
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < parts->len; i++) {
    const VcPart *part = parts->pdata[i];

    for (guint k = 0; k < vc_table_get_n_columns (part->table); k++) {
      const char *name = vc_column_get_name (vc_table_get_column (part->table, k));
      const VcPlace place = { .origin = part->origin, .field = name };

      if (vc_fields_find (kind, name) >= 0)
        continue;
      g_ptr_array_add (names, (gpointer) name);
      vc_problems_add_odd (self->problems, VC_SEVERITY_NOTE, &place, "attribute", 1,
                           "is no column of a chain: kept as an attribute");
    }
  }
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
gather_attributes (VcAssembly *self, VcGather *gather, VcRecordsKind kind)
{
  g_autoptr (GPtrArray) names = attribute_names (self, kind);

  for (guint i = 0; i < names->len && !gather->failed; i++) {
    const VcField field = { .name = names->pdata[i], .role = VC_ROLE_ATTRIBUTE };
    VcColumn *column;

    if (i > 0 && strcmp (names->pdata[i - 1], names->pdata[i]) == 0)
      continue;
    column = vc_gather_field (gather, &field);
    if (column != NULL)
      g_ptr_array_add (self->attributes[kind], column);
  }
}

static void
gather_records (VcAssembly *self, VcRecordsKind kind)
{
  VcGather gather = {
    .parts = self->input->parts[kind],
    .n_rows = self->n_rows[kind],
    .problems = self->problems,
    .parties = self->index,
    .cancellable = self->cancellable,
  };
  guint n_fields;
  const VcField *fields = vc_fields_of (kind, &n_fields);

  for (guint i = 0; i < n_fields && !gather.failed; i++)
    if (fields[i].role != VC_ROLE_ID)
      self->fields[kind][i] = vc_gather_field (&gather, &fields[i]);
  if (!gather.failed)
    gather_attributes (self, &gather, kind);
  self->failed = self->failed || gather.failed;
}

/* ---- the whole ---- */

static void
gather_all (VcAssembly *self)
{
  static const double fractions[VC_N_RECORDS] = { 0.15, 0.2, 0.45, 0.5 };
  gboolean small_enough = TRUE;

  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS; kind++)
    small_enough = count_rows (self, kind) && small_enough;
  if (!small_enough)
    return;
  progress (self, 0, "reading ids");
  index_parties (self);
  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS && !stopped (self); kind++) {
    progress (self, fractions[kind], vc_records_name (kind));
    gather_records (self, kind);
  }
  if (stopped (self))
    return;
  vc_assembly_settle_parties (self);
  if (!stopped (self))
    vc_assembly_check_commitments (self);
  if (!stopped (self))
    vc_assembly_check_whole (self);
}

static VcChain *
settle_all (VcAssembly *self)
{
  VcTable *tables[VC_N_RECORDS] = { NULL };
  VcChain *chain = NULL;

  progress (self, 0.5, "ordering");
  vc_party_index_shrink (self->index);
  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS && !stopped (self); kind++)
    tables[kind] = vc_assembly_settle (self, kind);
  if (!stopped (self))
    chain = vc_chain_new (&self->input->frame, tables);
  self->failed = self->failed || chain == NULL;
  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS; kind++)
    g_clear_object (&tables[kind]);
  return chain;
}

static void
add_oddities (VcAssembly *self, VcChain *chain)
{
  g_autoptr (VcTable) check = NULL;

  progress (self, 0.9, "checking");
  vc_assembly_find_oddities (self, chain);
  if (!self->failed)
    check = vc_problems_to_table (self->problems);
  self->failed = self->failed || check == NULL;
  if (check != NULL)
    vc_chain_set_check (chain, check);
}

static void
assembly_clear (VcAssembly *self)
{
  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS; kind++) {
    for (guint i = 0; i < VC_MAX_FIELDS; i++)
      g_clear_object (&self->fields[kind][i]);
    g_clear_pointer (&self->attributes[kind], g_ptr_array_unref);
  }
  vc_buffer_free (self->party_rows);
  vc_buffer_free (self->dropped);
  g_clear_pointer (&self->index, vc_party_index_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcAssembly, assembly_clear)

static gboolean
set_failure (const VcAssembly *self, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return TRUE;
  if (self->failed)
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the chain");
  return self->failed;
}

VcChain *
vc_assemble (const VcChainInput *input, VcProblems *problems, VcProgress *progress_object, GCancellable *cancellable,
             GError **error)
{
  g_autoptr (VcChain) chain = NULL;
  g_auto (VcAssembly) self = {
    .input = input,
    .problems = problems,
    .progress = progress_object,
    .cancellable = cancellable,
  };

  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS; kind++)
    self.attributes[kind] = g_ptr_array_new_with_free_func (g_object_unref);
  if (!stopped (&self))
    gather_all (&self);
  if (!stopped (&self) && vc_problems_n_errors (problems) == 0)
    chain = settle_all (&self);
  if (chain != NULL && !stopped (&self))
    add_oddities (&self, chain);
  if (set_failure (&self, error))
    return NULL;
  progress (&self, 1, NULL);
  return g_steal_pointer (&chain);
}
