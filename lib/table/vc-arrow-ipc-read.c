/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrow IPC files and streams as tables. All is read into memory and checked; the arrays that the importer of C data
 * then makes a table of lie where they were read. */
#include "vc-arrow-ipc-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-progress-private.h"
#include "valuechain/vc-error.h"
#include "vc-arrow-private.h"

/* What 1,024 columns with the longest units and descriptions take, and as much again. */
#define MAX_METADATA (128 << 20)
#define CHUNK ((gsize) 1 << 20)

/* A batch of rows or a dictionary, in one piece of memory with its arrays. */
typedef struct _Block Block;
struct _Block {
  Block             *next;
  gint64             n_rows;
  struct ArrowArray *arrays;
  struct ArrowArray **children;
  const void        *no_validity[1];
};

typedef struct {
  Block *first, **end;
} Blocks;

/* Everything that was read; arrays that a column keeps keep all of it. */
typedef struct {
  gatomicrefcount      references;
  guint8              *bytes;
  gsize                size;
  VcArrowIpcField     *fields;
  struct ArrowSchema  *schemas; /* of each field, then of each dictionary */
  struct ArrowSchema **children;
  gsize                n_fields;
  Blocks               batches, dictionaries;
  Block              **next;  /* the batch that is to be asked for */
} Content;

typedef struct {
  Content      *content;
  const char   *file;
  VcLimits     *limits;
  GCancellable *cancellable;
  GError      **error;
  gsize         at;       /* the next message */
  guint64       n_rows;
} Reader;

/* ---- life ---- */

static void
free_blocks (Blocks *blocks)
{
  while (blocks->first != NULL) {
    Block *next = blocks->first->next;

    vc_buffer_free (blocks->first);
    blocks->first = next;
  }
}

static void
content_unref (Content *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  free_blocks (&self->batches);
  free_blocks (&self->dictionaries);
  for (gsize i = 0; i < self->n_fields; i++)
    vc_buffer_free (self->fields[i].metadata);
  vc_buffer_free (self->fields);
  vc_buffer_free (self->schemas);
  vc_buffer_free (self->children);
  vc_buffer_free (self->bytes);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Content, content_unref)

static Content *
content_new (void)
{
  Content *self = g_new0 (Content, 1);

  g_atomic_ref_count_init (&self->references);
  self->batches.end = self->next = &self->batches.first;
  self->dictionaries.end = &self->dictionaries.first;
  return self;
}

static gboolean
refuse (const Reader *self, VcImportError code, const char *problem)
{
  g_set_error (self->error, VC_IMPORT_ERROR, (int) code, "%s: %s", self->file, problem);
  return FALSE;
}

static gboolean
refuse_field (const Reader *self, VcImportError code, const VcArrowIpcField *field, const char *problem)
{
  g_set_error (self->error, VC_IMPORT_ERROR, (int) code, "%s: column \"%s\": %s", self->file, field->name, problem);
  return FALSE;
}

static gboolean
refuse_damage (const Reader *self)
{
  return refuse (self, VC_IMPORT_ERROR_CORRUPT, "the Arrow data are damaged or cut off");
}

static gboolean
refuse_memory (const Reader *self)
{
  return refuse (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the Arrow data");
}

/* ---- schema ---- */

static gsize
length_of (const char *text)
{
  return text != NULL ? strlen (text) : 0;
}

/* Texts that lie on top of each other could add up to much more than there is. */
static gboolean
read_field (Reader *self, gsize i, const VcFlatTable *field, gsize *n_texts)
{
  VcArrowIpcField *into = &self->content->fields[i];
  const char *problem = vc_arrow_ipc_field_init (into, field);

  if (field->flat->damaged)
    return refuse_damage (self);
  if (problem != NULL)
    return refuse_field (self, VC_IMPORT_ERROR_FORMAT, into, problem);
  *n_texts += strlen (into->name) + length_of (into->unit) + length_of (into->description);
  if (*n_texts > field->flat->size)
    return refuse_damage (self);
  if (!vc_arrow_write_metadata (into->unit, into->description, &into->metadata))
    return refuse_memory (self);
  for (gsize k = 0; k < i && into->labels[0] != '\0'; k++)
    if (self->content->fields[k].labels[0] != '\0' && self->content->fields[k].dictionary == into->dictionary)
      return refuse_field (self, VC_IMPORT_ERROR_FORMAT, into, "the dictionary is that of another column, too");
  return TRUE;
}

static gboolean
read_schema (Reader *self, const VcFlatTable *schema)
{
  Content *content = self->content;
  const VcFlatVector fields = vc_flat_vector (schema, VC_IPC_SCHEMA_FIELDS, 4);
  gsize n_texts = 0;

  if (schema->flat->damaged || schema->at == 0)
    return refuse_damage (self);
  if ((vc_flat_integer (schema, VC_IPC_SCHEMA_ENDIANNESS, 2, 0) != 0) != (G_BYTE_ORDER == G_BIG_ENDIAN))
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "the numbers have another byte order than this machine's");
  if (fields.n > vc_limits_get_max_columns (self->limits))
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "there are more columns than allowed");
  content->fields = vc_buffer_new0 (VcArrowIpcField, fields.n);
  content->schemas = vc_buffer_new0 (struct ArrowSchema, 2 * fields.n);
  content->children = vc_buffer_new0 (struct ArrowSchema *, fields.n);
  if (content->fields == NULL || content->schemas == NULL || content->children == NULL)
    return refuse_memory (self);
  content->n_fields = fields.n;
  for (gsize i = 0; i < fields.n; i++) {
    const VcFlatTable field = vc_flat_element (&fields, i);

    if (!read_field (self, i, &field, &n_texts))
      return FALSE;
  }
  return TRUE;
}

/* ---- batches and dictionaries ---- */

static Block *
add_block (Blocks *blocks, const VcArrowIpcBody *body, gsize n_arrays)
{
  const gsize arrays = sizeof (Block), children = arrays + n_arrays * sizeof (struct ArrowArray);
  const gsize pointers = children + n_arrays * sizeof (struct ArrowArray *);
  const gsize sizes = pointers + (body->buffers.n + n_arrays) * sizeof (void *);
  guint8 *memory = vc_buffer_alloc0 (sizes + body->buffers.n * sizeof (gint64), 1);
  Block *block = (gpointer) memory;

  if (block == NULL)
    return NULL;
  block->n_rows = body->n_rows;
  block->arrays = (gpointer) (memory + arrays);
  block->children = (gpointer) (memory + children);
  *blocks->end = block;
  blocks->end = &block->next;
  return block;
}

static gboolean
open_body (const Reader *self, VcArrowIpcBody *body, const VcFlatTable *batch)
{
  body->n_rows = vc_flat_integer (batch, VC_IPC_BATCH_LENGTH, 8, 0);
  body->nodes = vc_flat_vector (batch, VC_IPC_BATCH_NODES, 16);
  body->buffers = vc_flat_vector (batch, VC_IPC_BATCH_BUFFERS, 16);
  body->variadic = vc_flat_vector (batch, VC_IPC_BATCH_VARIADIC, 8);
  body->max_text = (gsize) vc_limits_get_max_field_size (self->limits);
  if (vc_flat_table (batch, VC_IPC_BATCH_COMPRESSION).at != 0)
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "the buffers are compressed: write the file without compression");
  return (!batch->flat->damaged && batch->at != 0 && body->n_rows >= 0) || refuse_damage (self);
}

/* The arrays of `n` fields, or of the dictionary of one. */
static gboolean
take_arrays (Reader *self, Block *block, VcArrowIpcBody *body, VcArrowIpcField *fields, gsize n, gboolean is_dictionary)
{
  body->pointers = (gpointer) (block->children + n);
  body->sizes = (gpointer) (body->pointers + body->buffers.n + n);
  for (gsize i = 0; i < n; i++) {
    const char *format = is_dictionary ? fields[i].labels : fields[i].format;
    const char *problem = vc_arrow_ipc_take_array (body, format, &block->arrays[i]);

    if (g_cancellable_set_error_if_cancelled (self->cancellable, self->error))
      return FALSE;
    if (problem != NULL)
      return refuse_field (self, VC_IMPORT_ERROR_CORRUPT, &fields[i], problem);
    block->children[i] = &block->arrays[i];
  }
  return (body->node == body->nodes.n && body->buffer == body->buffers.n && body->view == body->variadic.n)
         || refuse_damage (self);
}

static void
release_nothing (struct ArrowArray *array)
{
  array->release = NULL;
}

static gboolean
read_dictionary (Reader *self, const VcFlatTable *dictionary, VcArrowIpcBody *body)
{
  const gint64 id = vc_flat_integer (dictionary, VC_IPC_DICTIONARY_ID, 8, 0);
  const VcFlatTable data = vc_flat_table (dictionary, VC_IPC_DICTIONARY_DATA);
  VcArrowIpcField *field = self->content->fields, *end = field + self->content->n_fields;
  Block *block;

  while (field < end && (field->labels[0] == '\0' || field->dictionary != id))
    field++;
  if (!open_body (self, body, &data))
    return FALSE;
  if (field == end)
    return refuse (self, VC_IMPORT_ERROR_CORRUPT, "there is a dictionary of no column");
  if (field->values != NULL || vc_flat_integer (dictionary, VC_IPC_DICTIONARY_IS_DELTA, 1, 0) != 0)
    return refuse_field (self, VC_IMPORT_ERROR_FORMAT, field,
                         "dictionaries that are continued or replaced are not supported");
  block = add_block (&self->content->dictionaries, body, 1);
  if (block == NULL)
    return refuse_memory (self);
  if (!take_arrays (self, block, body, field, 1, TRUE))
    return FALSE;
  block->arrays[0].release = release_nothing;
  field->values = &block->arrays[0];
  return TRUE;
}

static gboolean
read_batch (Reader *self, const VcFlatTable *batch, VcArrowIpcBody *body)
{
  Content *content = self->content;
  Block *block;

  if (!open_body (self, body, batch))
    return FALSE;
  self->n_rows += (guint64) body->n_rows;
  if (self->n_rows > vc_limits_get_max_rows (self->limits))
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "there are more rows than allowed");
  block = add_block (&content->batches, body, content->n_fields);
  if (block == NULL)
    return refuse_memory (self);
  if (!take_arrays (self, block, body, content->fields, content->n_fields, FALSE))
    return FALSE;
  for (gsize i = 0; i < content->n_fields; i++) {
    block->arrays[i].dictionary = content->fields[i].values;
    if (content->fields[i].labels[0] != '\0' && content->fields[i].values == NULL)
      return refuse_field (self, VC_IMPORT_ERROR_CORRUPT, &content->fields[i], "its dictionary is not there");
  }
  return TRUE;
}

/* ---- messages ---- */

static guint32
load_word (const Reader *self, gsize at)
{
  guint32 word;

  memcpy (&word, self->content->bytes + at, sizeof word);
  return GUINT32_FROM_LE (word);
}

static gboolean
read_message (Reader *self, VcFlat *metadata, gsize *length)
{
  const VcFlatTable message = vc_flat_root (metadata);
  const VcFlatTable header = vc_flat_table (&message, VC_IPC_MESSAGE_HEADER);
  const gint64 type = vc_flat_integer (&message, VC_IPC_MESSAGE_TYPE, 1, 0);
  const gint64 size = vc_flat_integer (&message, VC_IPC_MESSAGE_BODY_LENGTH, 8, 0);
  VcArrowIpcBody body = { .body = metadata->bytes + metadata->size };

  if (metadata->damaged || header.at == 0 || size < 0 || size % 8 != 0
      || (guint64) size > self->content->size - self->at - *length)
    return refuse_damage (self);
  if (vc_flat_integer (&message, VC_IPC_MESSAGE_VERSION, 2, 0) != VC_ARROW_IPC_V5)
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "this is another version of Arrow's format than 1.0 (V5)");
  if ((type == VC_IPC_HEADER_SCHEMA) != (self->content->fields == NULL))
    return refuse (self, VC_IMPORT_ERROR_CORRUPT, "the schema must come first, and once");
  body.size = (gsize) size;
  *length += body.size;
  switch (type) {
    case VC_IPC_HEADER_SCHEMA:
      return read_schema (self, &header);
    case VC_IPC_HEADER_DICTIONARY:
      return read_dictionary (self, &header, &body);
    case VC_IPC_HEADER_BATCH:
      return read_batch (self, &header, &body);
    default:
      return refuse (self, VC_IMPORT_ERROR_FORMAT, "there is more in it than a table");
  }
}

/* The message at `at`, which is then behind it. */
static gboolean
read_next (Reader *self, gboolean *is_end)
{
  const Content *content = self->content;
  VcFlat metadata = { .bytes = content->bytes + self->at + 8 };
  gsize length = 8;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, self->error))
    return FALSE;
  if (content->size - self->at < 8 || load_word (self, self->at) != VC_ARROW_IPC_CONTINUATION)
    return refuse_damage (self);
  metadata.size = load_word (self, self->at + 4);
  *is_end = metadata.size == 0;
  if (metadata.size > MAX_METADATA)
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "a message is described in more than 128 MiB");
  if (metadata.size % 8 != 0 || metadata.size > content->size - self->at - 8)
    return refuse_damage (self);
  length += metadata.size;
  if (!*is_end && !read_message (self, &metadata, &length))
    return FALSE;
  self->at += length;
  return TRUE;
}

/* Up to the mark at the end, which must be there: without it nobody knows whether something is missing. */
static gboolean
read_stream (Reader *self)
{
  gboolean is_end = FALSE;

  while (!is_end)
    if (!read_next (self, &is_end))
      return FALSE;
  return (self->content->fields != NULL && self->at == self->content->size) || refuse_damage (self);
}

/* ---- files ---- */

/* Those that a list of the table of contents has, which may not go back: what is listed again and again could stand for
 * any amount of memory. Polars writes dictionaries behind the rows that need them. */
static gboolean
read_listed (Reader *self, const VcFlatVector *places)
{
  self->at = 8;
  for (gsize i = 0; i < places->n; i++) {
    const gsize at = VC_ARROW_IPC_BLOCK_SIZE * i;
    const gint64 offset = vc_flat_peek (places, at), metadata = (gint32) vc_flat_peek (places, at + 8),
                 body = vc_flat_peek (places, at + 16);
    gboolean is_end;

    if (offset < 0 || (guint64) offset < self->at || (guint64) offset > self->content->size)
      return refuse_damage (self);
    self->at = (gsize) offset;
    if (!read_next (self, &is_end))
      return FALSE;
    if (is_end || metadata < 0 || body < 0 || self->at - (gsize) offset != (guint64) metadata + (guint64) body)
      return refuse_damage (self);
  }
  return TRUE;
}

/* By the table of contents at the end, as everybody does: what Polars writes cannot be read as a stream. */
static gboolean
read_file (Reader *self)
{
  const gsize size = self->content->size, tail = 4 + strlen (VC_ARROW_IPC_MAGIC);
  VcFlat footer = { 0 };
  VcFlatTable root, schema;
  VcFlatVector dictionaries, batches;

  if (size < 8 + tail
      || memcmp (self->content->bytes + size - strlen (VC_ARROW_IPC_MAGIC), VC_ARROW_IPC_MAGIC,
                 strlen (VC_ARROW_IPC_MAGIC))
           != 0)
    return refuse_damage (self);
  footer.size = load_word (self, size - tail);
  if (footer.size > size - 8 - tail)
    return refuse_damage (self);
  footer.bytes = self->content->bytes + size - tail - footer.size;
  root = vc_flat_root (&footer);
  schema = vc_flat_table (&root, VC_IPC_FOOTER_SCHEMA);
  dictionaries = vc_flat_vector (&root, VC_IPC_FOOTER_DICTIONARIES, VC_ARROW_IPC_BLOCK_SIZE);
  batches = vc_flat_vector (&root, VC_IPC_FOOTER_BATCHES, VC_ARROW_IPC_BLOCK_SIZE);
  if (footer.damaged)
    return refuse_damage (self);
  return read_schema (self, &schema) && read_listed (self, &dictionaries) && read_listed (self, &batches);
}

static gboolean
read_all (Reader *self)
{
  const Content *content = self->content;

  if (content->size == 0)
    return refuse (self, VC_IMPORT_ERROR_EMPTY, "the file is empty");
  if (content->size >= 8 && memcmp (content->bytes, VC_ARROW_IPC_MAGIC, strlen (VC_ARROW_IPC_MAGIC)) == 0)
    return read_file (self);
  if (content->size < 8 || load_word (self, 0) != VC_ARROW_IPC_CONTINUATION)
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "this is no Arrow file");
  return read_stream (self);
}

/* ---- as a stream of C data ---- */

static void
release_array (struct ArrowArray *array)
{
  array->release = NULL;
  content_unref (array->private_data);
}

static void
release_batch (struct ArrowArray *array)
{
  for (gint64 i = 0; i < array->n_children; i++)
    if (array->children[i]->release != NULL)
      array->children[i]->release (array->children[i]);
  release_array (array);
}

static void
release_field (struct ArrowSchema *schema)
{
  schema->release = NULL;
}

static void
release_schema (struct ArrowSchema *schema)
{
  schema->release = NULL;
  content_unref (schema->private_data);
}

static void
own (struct ArrowArray *array, Content *content, void (*release) (struct ArrowArray *))
{
  g_atomic_ref_count_inc (&content->references);
  array->private_data = content;
  array->release = release;
}

static int
get_schema (struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  Content *content = stream->private_data;
  struct ArrowSchema *fields = content->schemas, *labels = fields + content->n_fields;

  for (gsize i = 0; i < content->n_fields; i++) {
    const VcArrowIpcField *field = &content->fields[i];

    fields[i] = (struct ArrowSchema) {
      .format = field->format, .name = field->name, .metadata = field->metadata, .flags = ARROW_FLAG_NULLABLE,
      .release = release_field,
    };
    labels[i] = (struct ArrowSchema) { .format = field->labels, .name = "", .release = release_field };
    if (field->labels[0] != '\0')
      fields[i].dictionary = &labels[i];
    content->children[i] = &fields[i];
  }
  g_atomic_ref_count_inc (&content->references);
  *out = (struct ArrowSchema) {
    .format = "+s",
    .name = "",
    .n_children = (gint64) content->n_fields,
    .children = content->children,
    .release = release_schema,
    .private_data = content,
  };
  return 0;
}

static int
get_next (struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  Content *content = stream->private_data;
  Block *block = *content->next;

  *out = (struct ArrowArray) { .release = NULL };
  if (block == NULL)
    return 0;
  content->next = &block->next;
  for (gsize i = 0; i < content->n_fields; i++)
    own (&block->arrays[i], content, release_array);
  *out = (struct ArrowArray) {
    .length = block->n_rows,
    .n_buffers = 1,
    .buffers = block->no_validity,
    .n_children = (gint64) content->n_fields,
    .children = block->children,
  };
  own (out, content, release_batch);
  return 0;
}

static void
release_stream (struct ArrowArrayStream *stream)
{
  stream->release = NULL;
  content_unref (stream->private_data);
}

static VcTable *
import (Reader *self, const char *name, VcProgress *progress)
{
  Content *content = self->content;
  struct ArrowArrayStream stream
    = { .get_schema = get_schema, .get_next = get_next, .release = release_stream, .private_data = content };
  VcTable *table;

  g_atomic_ref_count_inc (&content->references);
  table = vc_arrow_import (name, &stream, progress, self->cancellable, self->error);
  if (table == NULL)
    g_prefix_error (self->error, "%s: ", self->file);
  return table;
}

/* ---- the file ---- */

/* As much of the time as reading takes, of what is not in memory yet. */
#define LOADED 0.3

/* Fills `room` bytes, a piece at a time: between them is looked whether anybody still waits. */
static gboolean
fill (Reader *self, VcInput *input, gsize room, VcProgress *progress)
{
  Content *content = self->content;
  gssize n = 1;

  while (content->size < room && n > 0) {
    n = vc_input_fill (input, (char *) content->bytes + content->size, MIN (room - content->size, CHUNK),
                       self->cancellable, self->error);
    if (n < 0 || g_cancellable_set_error_if_cancelled (self->cancellable, self->error))
      return FALSE;
    content->size += (gsize) n;
    if (progress != NULL)
      vc_progress_update (progress, LOADED * vc_input_get_fraction (input), NULL);
  }
  return TRUE;
}

/* One byte more than the file has shows that it ends there; room grows where it unpacks to more. */
static gboolean
load (Reader *self, VcInput *input, VcProgress *progress)
{
  Content *content = self->content;
  gsize room = 0;

  for (;;) {
    const gsize more = room == 0 ? (gsize) input->size + 1 : MAX (room / 2, CHUNK);
    guint8 *bytes = room <= G_MAXSSIZE - more ? vc_buffer_realloc (content->bytes, room, room + more, 1) : NULL;

    if (bytes == NULL)
      return refuse_memory (self);
    content->bytes = bytes;
    room += more;
    if (!fill (self, input, room, progress))
      return FALSE;
    if (content->size < room)
      return vc_input_finish (input, self->error);
  }
}

VcTable *
vc_arrow_ipc_read (const char *name, VcInput *input, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (Content) content = content_new ();
  Reader reader
    = { .content = content, .file = input->file, .limits = input->limits, .cancellable = cancellable, .error = error };
  VcProgressSpan outer;
  VcTable *table;

  if (!load (&reader, input, progress) || !read_all (&reader))
    return NULL;
  outer = vc_progress_enter (progress, LOADED, 1);
  table = import (&reader, name, progress);
  vc_progress_leave (progress, outer);
  return table;
}
