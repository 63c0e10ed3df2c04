/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables as Arrow IPC files. Every column is written as it lies in memory, text as codes into a dictionary of the
 * labels that the table has. */
#include "vc-arrow-ipc-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "vc-arrow-private.h"
#include "vc-table-private.h"

#define ALIGN 64
/* Between looks at the cancellable. */
#define PIECE ((gsize) 1 << 20)

typedef struct {
  gint64 offset;
  gint64 metadata;
  gint64 body;
} Place;

/* A buffer of a body. */
typedef struct {
  const void *bytes;
  gsize       size;
} Part;

/* The labels of a column that rows have, in the order in which rows have them, and the rows' codes. */
typedef struct {
  gint32 *codes;
  gint32 *offsets;
  char   *text;
  gsize   n_labels, text_size;
} Labels;

typedef struct {
  VcTable       *table;
  gsize          n_columns, n_rows;
  Labels        *labels; /* of each column */
  Place         *places; /* of each dictionary, then of the batch */
  gsize          n_places;
  GOutputStream *stream;
  GCancellable  *cancellable;
  GError       **error;
  gsize          at;
} Writer;

static void
writer_clear (Writer *self)
{
  for (gsize i = 0; i < self->n_columns && self->labels != NULL; i++) {
    vc_buffer_free (self->labels[i].codes);
    vc_buffer_free (self->labels[i].offsets);
    vc_buffer_free (self->labels[i].text);
  }
  vc_buffer_free (self->labels);
  vc_buffer_free (self->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static gboolean
fail_for_memory (const Writer *self)
{
  g_set_error_literal (self->error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory to write Arrow data");
  return FALSE;
}

/* ---- labels ---- */

/* `map`: from the column's codes to those that are written; -1: no row has had it yet. */
static gboolean
collect_codes (const Writer *writer, Labels *self, VcColumn *column, gint32 *map)
{
  const gint32 *codes = vc_column_peek_codes (column);
  const guint8 *validity = vc_column_peek_validity (column);
  const VcStrings *labels = vc_column_peek_strings (column);
  gsize length;

  for (gsize i = 0; i < vc_column_get_n_rows (column); i++) {
    if (i % VC_ARROW_BLOCK == 0 && g_cancellable_set_error_if_cancelled (writer->cancellable, writer->error))
      return FALSE;
    if (!vc_bit_is_set (validity, i)) {
      self->codes[i] = 0;
      continue;
    }
    if (map[codes[i]] < 0) {
      map[codes[i]] = (gint32) self->n_labels++;
      vc_strings_peek (labels, (guint32) codes[i], &length);
      self->text_size += length;
    }
    self->codes[i] = map[codes[i]];
  }
  return TRUE;
}

static void
collect_texts (Labels *self, VcColumn *column)
{
  const gint32 *codes = vc_column_peek_codes (column);
  const guint8 *validity = vc_column_peek_validity (column);
  gsize n = 0, at = 0, length;

  self->offsets[0] = 0;
  for (gsize i = 0; n < self->n_labels; i++) {
    const char *text;

    if (!vc_bit_is_set (validity, i) || self->codes[i] != (gint32) n)
      continue;
    text = vc_strings_peek (vc_column_peek_strings (column), (guint32) codes[i], &length);
    memcpy (self->text + at, text, length);
    self->offsets[++n] = (gint32) (at += length);
  }
}

static gboolean
collect_labels (const Writer *writer, Labels *self, VcColumn *column)
{
  const gsize n_labels = vc_column_peek_strings (column)->n_labels;
  VC_BUFFER (gint32) map = vc_buffer_new (gint32, n_labels);

  self->codes = vc_buffer_new (gint32, vc_column_get_n_rows (column));
  if (map == NULL || self->codes == NULL)
    return fail_for_memory (writer);
  memset (map, 0xff, n_labels * sizeof *map);
  if (!collect_codes (writer, self, column, map))
    return FALSE;
  self->offsets = vc_buffer_new (gint32, self->n_labels + 1);
  self->text = vc_buffer_new (char, self->text_size);
  if (self->offsets == NULL || self->text == NULL)
    return fail_for_memory (writer);
  collect_texts (self, column);
  return TRUE;
}

/* ---- bytes ---- */

static gboolean
put (Writer *self, const void *bytes, gsize size)
{
  for (gsize done = 0; done < size;) {
    const gsize n = MIN (size - done, PIECE);

    if (!g_output_stream_write_all (self->stream, (const char *) bytes + done, n, NULL, self->cancellable, self->error))
      return FALSE;
    done += n;
  }
  self->at += size;
  return TRUE;
}

static gsize
padding_of (gsize size)
{
  return (ALIGN - size % ALIGN) % ALIGN;
}

static gboolean
put_padded (Writer *self, const Part *part)
{
  static const guint8 padding[ALIGN];

  return put (self, part->bytes, part->size) && put (self, padding, padding_of (part->size));
}

/* A message, its metadata padded so that the body begins on a multiple of 64. */
static gboolean
put_message (Writer *self, const VcFlatWriter *metadata, const Part *parts, gsize n, Place *place)
{
  static const guint8 padding[ALIGN];
  const gsize at = self->at, pad = padding_of (at + 8 + metadata->length);
  const guint32 head[2] = { VC_ARROW_IPC_CONTINUATION, GUINT32_TO_LE ((guint32) (metadata->length + pad)) };
  gsize body;

  if (metadata->failed)
    return fail_for_memory (self);
  if (!put (self, head, sizeof head) || !put (self, metadata->bytes, metadata->length) || !put (self, padding, pad))
    return FALSE;
  body = self->at;
  for (gsize i = 0; i < n; i++)
    if (!put_padded (self, &parts[i]))
      return FALSE;
  *place = (Place) { (gint64) at, (gint64) (body - at), (gint64) (self->at - body) };
  return TRUE;
}

/* ---- metadata ---- */

/* Begins a root table, behind the offset that leads to it. */
static void
put_root (VcFlatWriter *metadata, const guint8 *sizes, guint n, gsize *slots)
{
  vc_flat_put_zeros (metadata, 4);
  vc_flat_lead (metadata, 0, vc_flat_put_table (metadata, sizes, n, slots));
}

/* Returns where the offset of the header stands. */
static gsize
open_message (VcFlatWriter *metadata, guint type, gsize body)
{
  static const guint8 sizes[VC_IPC_MESSAGE_N] = { 2, 1, 4, 8 };
  gsize slots[VC_IPC_MESSAGE_N] = { 0 };

  put_root (metadata, sizes, VC_IPC_MESSAGE_N, slots);
  vc_flat_set (metadata, slots[VC_IPC_MESSAGE_VERSION], 2, VC_ARROW_IPC_V5);
  vc_flat_set (metadata, slots[VC_IPC_MESSAGE_TYPE], 1, type);
  vc_flat_set (metadata, slots[VC_IPC_MESSAGE_BODY_LENGTH], 8, (gint64) body);
  return slots[VC_IPC_MESSAGE_HEADER];
}

static gsize
put_integer_type (VcFlatWriter *metadata, gint64 bits)
{
  gsize slots[2] = { 0 };
  const gsize at = vc_flat_put_table (metadata, (const guint8[]) { 4, 1 }, 2, slots);

  vc_flat_set (metadata, slots[0], 4, bits);
  vc_flat_set (metadata, slots[1], 1, 1);
  return at;
}

/* A type that an enumeration says more of, or nothing (`detail` < 0). */
static gsize
put_plain_type (VcFlatWriter *metadata, gint64 detail)
{
  gsize slots[1] = { 0 };
  const gsize at = vc_flat_put_table (metadata, (const guint8[]) { 2 }, detail < 0 ? 0 : 1, slots);

  if (detail >= 0)
    vc_flat_set (metadata, slots[0], 2, detail);
  return at;
}

static gsize
put_time_type (VcFlatWriter *metadata)
{
  gsize slots[2] = { 0 };
  const gsize at = vc_flat_put_table (metadata, (const guint8[]) { 2, 4 }, 2, slots);

  vc_flat_set (metadata, slots[0], 2, 2); /* microseconds */
  vc_flat_lead (metadata, slots[1], vc_flat_put_text (metadata, "UTC"));
  return at;
}

static gsize
put_type (VcFlatWriter *metadata, VcColumnType type, gint64 *which)
{
  switch (type) {
    case VC_COLUMN_TYPE_DOUBLE:
      *which = VC_IPC_TYPE_FLOAT;
      return put_plain_type (metadata, 2);
    case VC_COLUMN_TYPE_INT64:
      *which = VC_IPC_TYPE_INT;
      return put_integer_type (metadata, 64);
    case VC_COLUMN_TYPE_BOOLEAN:
      *which = VC_IPC_TYPE_BOOLEAN;
      return put_plain_type (metadata, -1);
    case VC_COLUMN_TYPE_TIME:
      *which = VC_IPC_TYPE_TIMESTAMP;
      return put_time_type (metadata);
    case VC_COLUMN_TYPE_TEXT:
    default:
      *which = VC_IPC_TYPE_TEXT;
      return put_plain_type (metadata, -1);
  }
}

static gsize
put_encoding (VcFlatWriter *metadata, gsize id)
{
  gsize slots[VC_IPC_ENCODING_N] = { 0 };
  const gsize at = vc_flat_put_table (metadata, (const guint8[]) { 8, 4 }, VC_IPC_ENCODING_N, slots);

  vc_flat_set (metadata, slots[VC_IPC_ENCODING_ID], 8, (gint64) id);
  vc_flat_lead (metadata, slots[VC_IPC_ENCODING_INDEX], put_integer_type (metadata, 32));
  return at;
}

static gsize
put_pair (VcFlatWriter *metadata, const char *key, const char *value)
{
  gsize slots[VC_IPC_PAIR_N] = { 0 };
  const gsize at = vc_flat_put_table (metadata, (const guint8[]) { 4, 4 }, VC_IPC_PAIR_N, slots);

  vc_flat_lead (metadata, slots[VC_IPC_PAIR_KEY], vc_flat_put_text (metadata, key));
  vc_flat_lead (metadata, slots[VC_IPC_PAIR_VALUE], vc_flat_put_text (metadata, value));
  return at;
}

/* Unit and description, as far as others read them back (vc_table_export_arrow_stream()). */
static gsize
put_pairs (VcFlatWriter *metadata, VcColumn *column)
{
  const char *const pairs[][2]
    = { { "unit", vc_column_get_unit (column) }, { "description", vc_column_get_description (column) } };
  gsize n = 0, place = 0, at;

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    n += vc_arrow_can_tell (pairs[i][1]);
  at = vc_flat_put_vector (metadata, n, 4, 4);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (vc_arrow_can_tell (pairs[i][1]))
      vc_flat_lead (metadata, at + 4 + 4 * place++, put_pair (metadata, pairs[i][0], pairs[i][1]));
  return at;
}

static gsize
put_field (VcFlatWriter *metadata, VcColumn *column, gsize id)
{
  const VcColumnType type = vc_column_get_column_type (column);
  const guint8 sizes[VC_IPC_FIELD_N] = { 4, 1, 1, 4, type == VC_COLUMN_TYPE_TEXT ? 4 : 0, 4, 4 };
  gsize slots[VC_IPC_FIELD_N] = { 0 };
  const gsize at = vc_flat_put_table (metadata, sizes, VC_IPC_FIELD_N, slots);
  gint64 which;

  vc_flat_set (metadata, slots[VC_IPC_FIELD_NULLABLE], 1, 1);
  vc_flat_lead (metadata, slots[VC_IPC_FIELD_NAME], vc_flat_put_text (metadata, vc_column_get_name (column)));
  vc_flat_lead (metadata, slots[VC_IPC_FIELD_TYPE], put_type (metadata, type, &which));
  vc_flat_set (metadata, slots[VC_IPC_FIELD_TYPE_TYPE], 1, which);
  if (type == VC_COLUMN_TYPE_TEXT)
    vc_flat_lead (metadata, slots[VC_IPC_FIELD_DICTIONARY], put_encoding (metadata, id));
  vc_flat_lead (metadata, slots[VC_IPC_FIELD_CHILDREN], vc_flat_put_vector (metadata, 0, 4, 4));
  vc_flat_lead (metadata, slots[VC_IPC_FIELD_METADATA], put_pairs (metadata, column));
  return at;
}

/* Returns where it stands. Dictionaries have the numbers of their columns. */
static gsize
put_schema (const Writer *self, VcFlatWriter *metadata)
{
  gsize slots[VC_IPC_SCHEMA_N] = { 0 };
  const gsize at = vc_flat_put_table (metadata, (const guint8[]) { 2, 4 }, VC_IPC_SCHEMA_N, slots);
  const gsize fields = vc_flat_put_vector (metadata, self->n_columns, 4, 4);

  vc_flat_set (metadata, slots[VC_IPC_SCHEMA_ENDIANNESS], 2, G_BYTE_ORDER == G_BIG_ENDIAN);
  vc_flat_lead (metadata, slots[VC_IPC_SCHEMA_FIELDS], fields);
  for (gsize i = 0; i < self->n_columns; i++)
    vc_flat_lead (metadata, fields + 4 + 4 * i, put_field (metadata, vc_table_get_column (self->table, (guint) i), i));
  return at;
}

/* `parts` are the buffers; `nulls` how many of each of the `n` columns' rows are null. */
static gsize
put_batch (VcFlatWriter *metadata, gsize n_rows, const guint64 *nulls, gsize n, const Part *parts, gsize n_parts)
{
  gsize slots[VC_IPC_BATCH_BUFFERS + 1] = { 0 };
  const gsize at = vc_flat_put_table (metadata, (const guint8[]) { 8, 4, 4 }, VC_IPC_BATCH_BUFFERS + 1, slots);
  const gsize nodes = vc_flat_put_vector (metadata, n, 16, 8), buffers = vc_flat_put_vector (metadata, n_parts, 16, 8);
  gsize offset = 0;

  vc_flat_set (metadata, slots[VC_IPC_BATCH_LENGTH], 8, (gint64) n_rows);
  vc_flat_lead (metadata, slots[VC_IPC_BATCH_NODES], nodes);
  vc_flat_lead (metadata, slots[VC_IPC_BATCH_BUFFERS], buffers);
  for (gsize i = 0; i < n; i++) {
    vc_flat_set (metadata, nodes + 4 + 16 * i, 8, (gint64) n_rows);
    vc_flat_set (metadata, nodes + 12 + 16 * i, 8, (gint64) nulls[i]);
  }
  for (gsize i = 0; i < n_parts; i++) {
    vc_flat_set (metadata, buffers + 4 + 16 * i, 8, (gint64) offset);
    vc_flat_set (metadata, buffers + 12 + 16 * i, 8, (gint64) parts[i].size);
    offset += parts[i].size + padding_of (parts[i].size);
  }
  return at;
}

static gsize
body_size (const Part *parts, gsize n)
{
  gsize size = 0;

  for (gsize i = 0; i < n; i++)
    size += parts[i].size + padding_of (parts[i].size);
  return size;
}

/* ---- messages ---- */

static gboolean
write_schema (Writer *self)
{
  g_auto (VcFlatWriter) metadata = { 0 };
  const gsize header = open_message (&metadata, VC_IPC_HEADER_SCHEMA, 0);
  Place place;

  vc_flat_lead (&metadata, header, put_schema (self, &metadata));
  return put_message (self, &metadata, NULL, 0, &place);
}

static gboolean
write_dictionary (Writer *self, gsize i)
{
  const Labels *labels = &self->labels[i];
  const Part parts[] = { { NULL, 0 },
                         { labels->offsets, (labels->n_labels + 1) * sizeof (gint32) },
                         { labels->text, labels->text_size } };
  const guint64 no_nulls = 0;
  g_auto (VcFlatWriter) metadata = { 0 };
  const gsize header = open_message (&metadata, VC_IPC_HEADER_DICTIONARY, body_size (parts, G_N_ELEMENTS (parts)));
  gsize slots[VC_IPC_DICTIONARY_DATA + 1] = { 0 };

  vc_flat_lead (&metadata, header,
                vc_flat_put_table (&metadata, (const guint8[]) { 8, 4 }, VC_IPC_DICTIONARY_DATA + 1, slots));
  vc_flat_set (&metadata, slots[VC_IPC_DICTIONARY_ID], 8, (gint64) i);
  vc_flat_lead (&metadata, slots[VC_IPC_DICTIONARY_DATA],
                put_batch (&metadata, labels->n_labels, &no_nulls, 1, parts, G_N_ELEMENTS (parts)));
  return put_message (self, &metadata, parts, G_N_ELEMENTS (parts), &self->places[self->n_places++]);
}

static const void *
peek_values (VcColumn *column, const Labels *labels)
{
  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_DOUBLE:
      return vc_column_peek_doubles (column);
    case VC_COLUMN_TYPE_INT64:
    case VC_COLUMN_TYPE_TIME:
      return vc_column_peek_int64s (column);
    case VC_COLUMN_TYPE_BOOLEAN:
      return vc_column_peek_bits (column);
    case VC_COLUMN_TYPE_TEXT:
    default:
      return labels->codes;
  }
}

static gboolean
write_batch (Writer *self)
{
  const gsize n = self->n_columns;
  VC_BUFFER (Part) parts = vc_buffer_new0 (Part, 2 * n);
  VC_BUFFER (guint64) nulls = vc_buffer_new0 (guint64, n);
  g_auto (VcFlatWriter) metadata = { 0 };
  gsize header;

  if (parts == NULL || nulls == NULL)
    return fail_for_memory (self);
  for (gsize i = 0; i < n; i++) {
    VcColumn *column = vc_table_get_column (self->table, (guint) i);
    const guint8 *validity = vc_column_peek_validity (column);

    nulls[i] = vc_column_get_n_nulls (column);
    if (nulls[i] > 0)
      parts[2 * i] = (Part) { validity, vc_bits_size (self->n_rows) };
    parts[2 * i + 1] = (Part) { peek_values (column, &self->labels[i]),
                               vc_values_size (vc_column_get_column_type (column), self->n_rows) };
  }
  header = open_message (&metadata, VC_IPC_HEADER_BATCH, body_size (parts, 2 * n));
  vc_flat_lead (&metadata, header, put_batch (&metadata, self->n_rows, nulls, n, parts, 2 * n));
  return put_message (self, &metadata, parts, 2 * n, &self->places[self->n_places++]);
}

static gsize
put_places (VcFlatWriter *metadata, const Place *places, gsize n)
{
  const gsize at = vc_flat_put_vector (metadata, n, VC_ARROW_IPC_BLOCK_SIZE, 8);

  for (gsize i = 0; i < n; i++) {
    const gsize to = at + 4 + VC_ARROW_IPC_BLOCK_SIZE * i;

    vc_flat_set (metadata, to, 8, places[i].offset);
    vc_flat_set (metadata, to + 8, 4, places[i].metadata);
    vc_flat_set (metadata, to + 16, 8, places[i].body);
  }
  return at;
}

/* After the mark that ends the stream, the table of contents, its size and the magic word again. */
static gboolean
write_footer (Writer *self)
{
  const guint32 end[2] = { VC_ARROW_IPC_CONTINUATION, 0 };
  const gsize n_dictionaries = self->n_places - 1;
  g_auto (VcFlatWriter) footer = { 0 };
  gsize slots[VC_IPC_FOOTER_N] = { 0 };
  guint32 size;

  put_root (&footer, (const guint8[]) { 2, 4, 4, 4 }, VC_IPC_FOOTER_N, slots);
  vc_flat_set (&footer, slots[VC_IPC_FOOTER_VERSION], 2, VC_ARROW_IPC_V5);
  vc_flat_lead (&footer, slots[VC_IPC_FOOTER_SCHEMA], put_schema (self, &footer));
  vc_flat_lead (&footer, slots[VC_IPC_FOOTER_DICTIONARIES], put_places (&footer, self->places, n_dictionaries));
  vc_flat_lead (&footer, slots[VC_IPC_FOOTER_BATCHES], put_places (&footer, self->places + n_dictionaries, 1));
  if (footer.failed)
    return fail_for_memory (self);
  size = GUINT32_TO_LE ((guint32) footer.length);
  return put (self, end, sizeof end) && put (self, footer.bytes, footer.length) && put (self, &size, sizeof size)
         && put (self, VC_ARROW_IPC_MAGIC, strlen (VC_ARROW_IPC_MAGIC));
}

static gboolean
write_dictionaries (Writer *self)
{
  for (gsize i = 0; i < self->n_columns; i++) {
    VcColumn *column = vc_table_get_column (self->table, (guint) i);

    if (vc_column_get_column_type (column) != VC_COLUMN_TYPE_TEXT)
      continue;
    if (!collect_labels (self, &self->labels[i], column) || !write_dictionary (self, i))
      return FALSE;
  }
  return TRUE;
}

gboolean
vc_arrow_ipc_write (VcTable *table, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  g_auto (Writer) writer = {
    .table = table,
    .n_columns = vc_table_get_n_columns (table),
    .n_rows = (gsize) vc_table_get_n_rows (table),
    .stream = stream,
    .cancellable = cancellable,
    .error = error,
  };

  writer.labels = vc_buffer_new0 (Labels, writer.n_columns);
  writer.places = vc_buffer_new0 (Place, writer.n_columns + 1);
  if (writer.labels == NULL || writer.places == NULL)
    return fail_for_memory (&writer);
  return put (&writer, VC_ARROW_IPC_MAGIC "\0\0", 8) && write_schema (&writer) && write_dictionaries (&writer)
         && write_batch (&writer) && write_footer (&writer);
}
