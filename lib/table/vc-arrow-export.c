/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables as Arrow C streams of one batch. Each exported structure holds a reference to what its buffers belong to, so
 * that a consumer may move a child out of its parent, drop the rest and keep the child as long as it likes. */
#include "vc-table-private.h"

#include <errno.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "vc-arrow-private.h"

/* What stands where a buffer of nothing is expected. */
static const guint8 padding[64];

typedef struct {
  char              *name;
  char              *metadata; /* vc_buffer */
  struct ArrowSchema dictionary;
} SchemaExport;

typedef struct {
  VcColumn         *column;
  const void       *buffers[2];
  struct ArrowArray dictionary;
} ColumnExport;

typedef struct {
  VcTable *table;
  gboolean finished;
} StreamExport;

static void
release_schema (struct ArrowSchema *schema)
{
  SchemaExport *export = schema->private_data;

  if (schema->dictionary != NULL && schema->dictionary->release != NULL)
    schema->dictionary->release (schema->dictionary);
  g_free (export->name);
  vc_buffer_free (export->metadata);
  g_free (export);
  schema->release = NULL;
}

static void
release_static_schema (struct ArrowSchema *schema)
{
  schema->release = NULL;
}

static void
release_parent_schema (struct ArrowSchema *schema)
{
  for (gint64 i = 0; i < schema->n_children; i++)
    if (schema->children[i]->release != NULL)
      schema->children[i]->release (schema->children[i]);
  vc_buffer_free (schema->children);
  vc_buffer_free (schema->private_data);
  schema->release = NULL;
}

static const char *
arrow_format (VcColumnType type)
{
  static const char *const formats[] = {
    [VC_COLUMN_TYPE_DOUBLE] = "g",
    [VC_COLUMN_TYPE_INT64] = "l",
    [VC_COLUMN_TYPE_TEXT] = "i",
    [VC_COLUMN_TYPE_BOOLEAN] = "b",
    [VC_COLUMN_TYPE_TIME] = "tsu:UTC",
  };

  return formats[type];
}

static gboolean
export_column_schema (VcColumn *column, struct ArrowSchema *schema)
{
  SchemaExport *export = g_new0 (SchemaExport, 1);

  export->name = g_strdup (vc_column_get_name (column));
  *schema = (struct ArrowSchema) {
    .format = arrow_format (vc_column_get_column_type (column)),
    .name = export->name,
    .flags = ARROW_FLAG_NULLABLE,
    .release = release_schema,
    .private_data = export,
  };
  if (vc_column_get_column_type (column) == VC_COLUMN_TYPE_TEXT) {
    export->dictionary = (struct ArrowSchema) { .format = "u", .name = "", .release = release_static_schema };
    schema->dictionary = &export->dictionary;
  }
  if (!vc_arrow_write_metadata (vc_column_get_unit (column), vc_column_get_description (column), &export->metadata))
    return FALSE;
  schema->metadata = export->metadata;
  return TRUE;
}

static int
stream_get_schema (struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  VcTable *table = ((StreamExport *) stream->private_data)->table;
  const guint n = vc_table_get_n_columns (table);
  VC_BUFFER (struct ArrowSchema) children = vc_buffer_new0 (struct ArrowSchema, n);
  VC_BUFFER (struct ArrowSchema *) pointers = vc_buffer_new (struct ArrowSchema *, n);
  gboolean complete = TRUE;

  if (children == NULL || pointers == NULL)
    return ENOMEM;
  for (guint i = 0; i < n; i++) {
    pointers[i] = &children[i];
    complete = export_column_schema (vc_table_get_column (table, i), &children[i]) && complete;
  }
  *out = (struct ArrowSchema) {
    .format = "+s",
    .name = "",
    .n_children = n,
    .children = g_steal_pointer (&pointers),
    .release = release_parent_schema,
    .private_data = g_steal_pointer (&children),
  };
  if (complete)
    return 0;
  out->release (out);
  return ENOMEM;
}

static void
release_column (struct ArrowArray *array)
{
  ColumnExport *export = array->private_data;

  if (array->dictionary != NULL && array->dictionary->release != NULL)
    array->dictionary->release (array->dictionary);
  g_object_unref (export->column);
  g_free (export);
  array->release = NULL;
}

static void
release_dictionary (struct ArrowArray *array)
{
  g_free (array->buffers);
  vc_strings_unref (array->private_data);
  array->release = NULL;
}

static void
release_batch (struct ArrowArray *array)
{
  for (gint64 i = 0; i < array->n_children; i++)
    if (array->children[i]->release != NULL)
      array->children[i]->release (array->children[i]);
  g_free (array->buffers);
  vc_buffer_free (array->children);
  vc_buffer_free (array->private_data);
  array->release = NULL;
}

static const void *
buffer_or_padding (const void *buffer)
{
  return buffer != NULL ? buffer : padding;
}

static void
export_labels (VcStrings *labels, struct ArrowArray *array)
{
  const void **buffers = g_new0 (const void *, 3);

  buffers[1] = labels->offsets;
  buffers[2] = buffer_or_padding (labels->text);
  *array = (struct ArrowArray) {
    .length = labels->n_labels,
    .n_buffers = 3,
    .buffers = buffers,
    .release = release_dictionary,
    .private_data = vc_strings_ref (labels),
  };
}

static void
export_column (VcColumn *column, struct ArrowArray *array)
{
  ColumnExport *export = g_new0 (ColumnExport, 1);

  export->column = g_object_ref (column);
  export->buffers[0] = vc_column_peek_validity (column);
  export->buffers[1] = buffer_or_padding ((const void *) (guintptr) vc_column_get_values_address (column));
  *array = (struct ArrowArray) {
    .length = (gint64) vc_column_get_n_rows (column),
    .null_count = (gint64) vc_column_get_n_nulls (column),
    .n_buffers = 2,
    .buffers = export->buffers,
    .release = release_column,
    .private_data = export,
  };
  if (vc_column_get_column_type (column) == VC_COLUMN_TYPE_TEXT) {
    export_labels ((VcStrings *) vc_column_peek_strings (column), &export->dictionary);
    array->dictionary = &export->dictionary;
  }
}

static int
export_batch (VcTable *table, struct ArrowArray *out)
{
  const guint n = vc_table_get_n_columns (table);
  VC_BUFFER (struct ArrowArray) children = vc_buffer_new0 (struct ArrowArray, n);
  VC_BUFFER (struct ArrowArray *) pointers = vc_buffer_new (struct ArrowArray *, n);

  if (children == NULL || pointers == NULL)
    return ENOMEM;
  for (guint i = 0; i < n; i++) {
    pointers[i] = &children[i];
    export_column (vc_table_get_column (table, i), &children[i]);
  }
  *out = (struct ArrowArray) {
    .length = (gint64) vc_table_get_n_rows (table),
    .n_buffers = 1,
    .n_children = n,
    .buffers = g_new0 (const void *, 1),
    .children = g_steal_pointer (&pointers),
    .release = release_batch,
    .private_data = g_steal_pointer (&children),
  };
  return 0;
}

static int
stream_get_next (struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  StreamExport *export = stream->private_data;
  int result;

  if (export->finished) {
    *out = (struct ArrowArray) { .release = NULL };
    return 0;
  }
  result = export_batch (export->table, out);
  export->finished = result == 0;
  return result;
}

/* The one thing that can go wrong. */
static const char *
stream_get_last_error (struct ArrowArrayStream *stream)
{
  return "no memory for the structures of the stream";
}

static void
stream_release (struct ArrowArrayStream *stream)
{
  StreamExport *export = stream->private_data;

  g_object_unref (export->table);
  g_free (export);
  stream->release = NULL;
}

/**
 * vc_table_export_to_arrow: (skip)
 * @self: a table
 * @stream: memory for the stream; what stands there is overwritten
 *
 * Makes an Arrow C stream of a table, for C: see [method@Table.export_arrow_stream]. The structure is declared as the
 * [specification](https://arrow.apache.org/docs/format/CStreamInterface.html) has it, by any header that does.
 */
void
vc_table_export_to_arrow (VcTable *self, struct ArrowArrayStream *stream)
{
  StreamExport *export;

  g_return_if_fail (VC_IS_TABLE (self));
  g_return_if_fail (stream != NULL);

  export = g_new0 (StreamExport, 1);
  export->table = g_object_ref (self);
  *stream = (struct ArrowArrayStream) {
    .get_schema = stream_get_schema,
    .get_next = stream_get_next,
    .get_last_error = stream_get_last_error,
    .release = stream_release,
    .private_data = export,
  };
}

/**
 * vc_table_export_arrow_stream:
 * @self: a table
 * @address: where a `struct ArrowArrayStream` (five pointers) may be written
 *
 * Makes an [Arrow C stream](https://arrow.apache.org/docs/format/CStreamInterface.html) of a table.
 *
 * The stream gives one batch and shares the memory of the table, in constant time for each column; it may be made any
 * number of times and outlive the table. Doubles are `g`, integers `l`, booleans `b`, times `tsu:UTC`, text 32-bit
 * indices (`i`) into a dictionary of `u`. Units and descriptions are in the metadata of the fields, under `unit` and
 * `description`, where they are no longer than 32,767 bytes.
 *
 * The consumer calls the `release` of the stream, as always.
 */
void
vc_table_export_arrow_stream (VcTable *self, guint64 address)
{
  g_return_if_fail (VC_IS_TABLE (self));
  g_return_if_fail (address != 0);

  vc_table_export_to_arrow (self, (struct ArrowArrayStream *) (guintptr) address);
}
