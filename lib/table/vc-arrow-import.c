/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrow C streams as tables. All batches are collected first, then each column is made: of one batch by taking over its
 * buffers where they lie as ours do, of several by copying. Every structure that a producer hands over is moved out of
 * its reach and released exactly once. */
#include "vc-table-private.h"

#include <errno.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-progress-private.h"
#include "valuechain/vc-error.h"
#include "vc-arrow-private.h"

typedef struct {
  struct ArrowArrayStream stream;
  struct ArrowSchema      schema;
  VcArrowField           *fields;
  gsize                   n_fields;
  struct ArrowArray      *batches;
  gsize                   n_batches, batches_size;
  gsize                   n_rows;
  VcProgress             *progress;
  GCancellable           *cancellable;
} Import;

static void
import_clear (Import *self)
{
  for (gsize i = 0; i < self->n_batches; i++)
    if (self->batches[i].release != NULL)
      self->batches[i].release (&self->batches[i]);
  for (gsize i = 0; i < self->n_fields; i++)
    vc_arrow_field_clear (&self->fields[i]);
  if (self->schema.release != NULL)
    self->schema.release (&self->schema);
  if (self->stream.release != NULL)
    self->stream.release (&self->stream);
  vc_buffer_free (self->batches);
  vc_buffer_free (self->fields);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

static gboolean
refuse (GError **error, VcImportError code, const char *problem)
{
  g_set_error (error, VC_IMPORT_ERROR, (int) code, "Arrow stream: %s", problem);
  return FALSE;
}

/* What the producer says, as far as it is text of a decent length. */
static gboolean
refuse_failure (Import *self, int code, GError **error)
{
  const char *message = self->stream.get_last_error != NULL ? self->stream.get_last_error (&self->stream) : NULL;
  const VcImportError reason = code == ENOMEM ? VC_IMPORT_ERROR_NO_MEMORY : VC_IMPORT_ERROR_FAILED;
  g_autofree char *text = NULL;

  if (message == NULL)
    return refuse (error, reason, g_strerror (code));
  text = g_utf8_make_valid (message, (gssize) strnlen (message, 500));
  return refuse (error, reason, text);
}

static gboolean
read_schema (Import *self, GError **error)
{
  const int code = self->stream.get_schema (&self->stream, &self->schema);
  gint64 n;

  if (code != 0) {
    self->schema.release = NULL;
    return refuse_failure (self, code, error);
  }
  n = self->schema.n_children;
  if (self->schema.release == NULL || self->schema.format == NULL || !g_str_equal (self->schema.format, "+s"))
    return refuse (error, VC_IMPORT_ERROR_FORMAT, "it is not one of tables");
  if (n < 0 || n > G_MAXINT32 || (n > 0 && self->schema.children == NULL))
    return refuse (error, VC_IMPORT_ERROR_FORMAT, "the schema has an impossible number of fields");
  self->fields = vc_buffer_new0 (VcArrowField, n);
  if (self->fields == NULL)
    return refuse (error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for so many fields");
  for (; self->n_fields < (gsize) n; self->n_fields++)
    if (!vc_arrow_field_init (&self->fields[self->n_fields], self->schema.children[self->n_fields], error)) {
      vc_arrow_field_clear (&self->fields[self->n_fields]);
      return FALSE;
    }
  return TRUE;
}

/* Rows of a batch can be null as a whole; no table can hold that. */
static gboolean
has_null_rows (const struct ArrowArray *batch)
{
  const guint8 *validity = batch->n_buffers > 0 && batch->buffers != NULL ? batch->buffers[0] : NULL;

  if (validity == NULL)
    return batch->null_count > 0;
  for (gint64 i = 0; i < batch->length && batch->null_count != 0; i++)
    if (!vc_bit_is_set (validity, (gsize) (batch->offset + i)))
      return TRUE;
  return FALSE;
}

static gboolean
check_batch (Import *self, const struct ArrowArray *batch, GError **error)
{
  if (batch->length < 0 || batch->length > G_MAXINT64 / 64 || batch->offset < 0 || batch->offset > G_MAXINT64 / 64)
    return refuse (error, VC_IMPORT_ERROR_FORMAT, "a batch has an impossible length or offset");
  if (batch->n_children != (gint64) self->n_fields || (batch->n_children > 0 && batch->children == NULL)
      || batch->dictionary != NULL)
    return refuse (error, VC_IMPORT_ERROR_FORMAT, "a batch is not as its schema says");
  if (has_null_rows (batch))
    return refuse (error, VC_IMPORT_ERROR_FORMAT, "a batch has rows that are null as a whole");
  if (__builtin_add_overflow (self->n_rows, (gsize) batch->length, &self->n_rows) || self->n_rows > G_MAXINT64 / 64)
    return refuse (error, VC_IMPORT_ERROR_LIMIT, "there are too many rows");
  return TRUE;
}

static gboolean
reserve_batch (Import *self)
{
  const gsize size = MAX (16, self->batches_size * 2);
  struct ArrowArray *moved;

  if (self->n_batches < self->batches_size)
    return TRUE;
  moved = vc_buffer_realloc (self->batches, self->n_batches, size, sizeof *moved);
  if (moved == NULL)
    return FALSE;
  self->batches = moved;
  self->batches_size = size;
  return TRUE;
}

/* Batches without rows are dropped at once. */
static gboolean
read_batches (Import *self, GError **error)
{
  for (;;) {
    struct ArrowArray *batch;
    int code;

    if (!reserve_batch (self))
      return refuse (error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for so many batches");
    batch = &self->batches[self->n_batches];
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    *batch = (struct ArrowArray) { .release = NULL };
    code = self->stream.get_next (&self->stream, batch);
    if (code != 0)
      return refuse_failure (self, code, error);
    if (batch->release == NULL)
      return TRUE;
    self->n_batches++;
    if (!check_batch (self, batch, error))
      return FALSE;
    if (batch->length == 0) {
      batch->release (batch);
      self->n_batches--;
    }
  }
}

static VcColumn *
describe (const VcArrowField *field, VcColumn *column)
{
  VcColumn *described;

  if (column == NULL || (field->unit == NULL && field->description == NULL))
    return column;
  described = vc_column_described (column, NULL, field->unit, field->description);
  g_object_unref (column);
  return described;
}

static VcColumn *
read_column (Import *self, gsize i, VcArrowChunk *chunks, GError **error)
{
  const VcArrowField *field = &self->fields[i];
  const VcArrowPieces pieces
    = { field, chunks, self->n_batches, self->n_rows, self->progress, self->cancellable };

  for (gsize k = 0; k < self->n_batches; k++) {
    const struct ArrowArray *batch = &self->batches[k];

    if (!vc_arrow_chunk_init (&chunks[k], field, batch->children[i], batch->offset, batch->length, error))
      return NULL;
  }
  return describe (field, field->type == VC_COLUMN_TYPE_TEXT ? vc_arrow_read_texts (&pieces, error)
                                                             : vc_arrow_read_values (&pieces, error));
}

static VcColumn *
read_column_of_many (Import *self, gsize i, VcArrowChunk *chunks, GError **error)
{
  const VcProgressSpan outer = vc_progress_enter (self->progress, (double) i / (double) self->n_fields,
                                                  (double) (i + 1) / (double) self->n_fields);
  VcColumn *column = read_column (self, i, chunks, error);

  vc_progress_leave (self->progress, outer);
  return column;
}

static VcTable *
read_columns (Import *self, const char *name, GError **error)
{
  VC_BUFFER (VcColumn *) columns = vc_buffer_new0 (VcColumn *, self->n_fields);
  VC_BUFFER (VcArrowChunk) chunks = vc_buffer_new0 (VcArrowChunk, self->n_batches);
  VcTable *table = NULL;
  gsize n = 0;

  if (columns == NULL || chunks == NULL) {
    refuse (error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for so many columns or batches");
    return NULL;
  }
  while (n < self->n_fields && (columns[n] = read_column_of_many (self, n, chunks, error)) != NULL)
    n++;
  if (n == self->n_fields)
    table = vc_table_new (name, columns, n, error);
  for (gsize i = 0; i < n; i++)
    g_object_unref (columns[i]);
  return table;
}

gboolean
vc_arrow_look (const VcArrowPieces *pieces, gsize row, GError **error)
{
  if (pieces->progress != NULL && pieces->n_rows > 0)
    vc_progress_update (pieces->progress, (double) row / (double) pieces->n_rows, NULL);
  return !g_cancellable_set_error_if_cancelled (pieces->cancellable, error);
}

VcTable *
vc_arrow_import (const char *name, struct ArrowArrayStream *source, VcProgress *progress, GCancellable *cancellable,
                 GError **error)
{
  g_auto (Import) import = { .stream = *source, .progress = progress, .cancellable = cancellable };

  source->release = NULL;
  if (import.stream.release == NULL || import.stream.get_schema == NULL || import.stream.get_next == NULL) {
    refuse (error, VC_IMPORT_ERROR_FORMAT, "it is released already, or incomplete");
    return NULL;
  }
  if (!read_schema (&import, error) || !read_batches (&import, error))
    return NULL;
  return read_columns (&import, name, error);
}

/**
 * vc_table_new_from_arrow_stream:
 * @name: (nullable): a name, or %NULL for an empty one
 * @address: where a `struct ArrowArrayStream` lies; the stream is consumed, whatever happens: its `release` is called
 * and the one at @address is marked as released
 * @error: where an error is returned
 *
 * Reads a table from an [Arrow C stream](https://arrow.apache.org/docs/format/CStreamInterface.html), to its end.
 *
 * Integers of any size become 64-bit integers, floats doubles; decimals become the nearest doubles, or 64-bit integers
 * where they have no digits after the point; timestamps in any unit and dates become times (in whole
 * microseconds, rounded down; without a zone they count as UTC); text of any layout, and dictionaries of text, become
 * text; a column without a type becomes text that is all null. NaN becomes null: it is how data frames mark what is
 * missing. `unit` and `description` in the metadata of a field are kept. Other types are refused.
 *
 * A column that comes in one batch and has the layout of ours (`g`, `l`, `tsu`, `i` with a dictionary without
 * repetition) is not copied: the producer's memory is kept until nobody needs the column any more. As Arrow demands,
 * nobody may write to it.
 *
 * Errors: %VC_IMPORT_ERROR_FORMAT for types that are not supported and streams that contradict themselves,
 * %VC_IMPORT_ERROR_RANGE for infinite numbers and for integers, times and indices out of range,
 * %VC_IMPORT_ERROR_ENCODING and %VC_IMPORT_ERROR_NUL for text, %VC_IMPORT_ERROR_HEADER where a name stands twice,
 * %VC_IMPORT_ERROR_NO_MEMORY, %VC_IMPORT_ERROR_FAILED where the producer reports a failure. Messages name the column
 * and the row.
 *
 * Returns: (transfer full): a new table, or %NULL
 */
VcTable *
vc_table_new_from_arrow_stream (const char *name, guint64 address, GError **error)
{
  g_return_val_if_fail (address != 0, NULL);

  return vc_arrow_import (name, (struct ArrowArrayStream *) (guintptr) address, NULL, NULL, error);
}
