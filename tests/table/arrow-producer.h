/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "valuechain/valuechain.h"
#include "table/vc-arrow-abi-private.h"

/* A producer of one column "x" in up to MAX_BATCHES batches, made by hand, that counts every release. Tests bend its
 * structures before they let them be read. */
#define MAX_BATCHES 3

typedef struct {
  struct ArrowSchema schema, field, dictionary, *fields[1];
  struct ArrowArray batches[MAX_BATCHES], columns[MAX_BATCHES], dictionaries[MAX_BATCHES], *children[MAX_BATCHES][1];
  const void *batch_buffers[MAX_BATCHES][1], *buffers[MAX_BATCHES][4], *dictionary_buffers[MAX_BATCHES][4];
  guint n_batches, n_given, fail_at;
  guint streams_released, schemas_released, fields_released, batches_released, columns_released;
} Producer;

static inline void
producer_release_field (struct ArrowSchema *schema)
{
  ((Producer *) schema->private_data)->fields_released++;
  schema->release = NULL;
}

static inline void
producer_release_schema (struct ArrowSchema *schema)
{
  ((Producer *) schema->private_data)->schemas_released++;
  if (schema->n_children == 1 && schema->children != NULL && schema->children[0]->release != NULL)
    schema->children[0]->release (schema->children[0]);
  schema->release = NULL;
}

static inline void
producer_release_column (struct ArrowArray *array)
{
  ((Producer *) array->private_data)->columns_released++;
  array->release = NULL;
}

static inline void
producer_release_batch (struct ArrowArray *array)
{
  ((Producer *) array->private_data)->batches_released++;
  if (array->n_children == 1 && array->children != NULL && array->children[0] != NULL
      && array->children[0]->release != NULL)
    array->children[0]->release (array->children[0]);
  array->release = NULL;
}

static inline int
producer_get_schema (struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  *out = ((Producer *) stream->private_data)->schema;
  return 0;
}

static inline int
producer_get_next (struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  Producer *self = stream->private_data;

  if (self->fail_at != 0 && self->n_given + 1 == self->fail_at)
    return EIO;
  if (self->n_given < self->n_batches)
    *out = self->batches[self->n_given++];
  else
    *out = (struct ArrowArray) { .release = NULL };
  return 0;
}

static inline const char *
producer_get_last_error (struct ArrowArrayStream *stream)
{
  return "the disk is on fire \xff";
}

/* As careless as a producer can be: it leaves the callback where it is. */
static inline void
producer_release_stream (struct ArrowArrayStream *stream)
{
  ((Producer *) stream->private_data)->streams_released++;
}

static inline void
producer_init (Producer *self, const char *format, const char *dictionary_format)
{
  *self = (Producer) { .n_batches = 0 };
  self->dictionary = (struct ArrowSchema) { .format = dictionary_format, .release = producer_release_field,
                                            .private_data = self };
  self->field = (struct ArrowSchema) { .format = format, .name = "x", .release = producer_release_field,
                                       .dictionary = dictionary_format != NULL ? &self->dictionary : NULL,
                                       .private_data = self };
  self->fields[0] = &self->field;
  self->schema = (struct ArrowSchema) { .format = "+s", .n_children = 1, .children = self->fields,
                                        .release = producer_release_schema, .private_data = self };
}

static inline struct ArrowArray *
producer_add (Producer *self, gint64 length, gint64 n_buffers, const void *validity, const void *values,
              const void *text)
{
  const guint i = self->n_batches++;
  const void *buffers[3] = { validity, values, text };

  memcpy (self->buffers[i], buffers, sizeof buffers);
  self->columns[i] = (struct ArrowArray) {
    .length = length, .null_count = validity != NULL ? -1 : 0, .n_buffers = n_buffers, .buffers = self->buffers[i],
    .release = producer_release_column, .private_data = self,
  };
  self->children[i][0] = &self->columns[i];
  self->batches[i] = (struct ArrowArray) {
    .length = length, .n_buffers = 1, .buffers = self->batch_buffers[i], .n_children = 1, .children = self->children[i],
    .release = producer_release_batch, .private_data = self,
  };
  return &self->columns[i];
}

/* Gives the last batch a dictionary. */
static inline struct ArrowArray *
producer_add_dictionary (Producer *self, gint64 length, gint64 n_buffers, const void *validity, const void *values,
                         const void *text)
{
  const guint i = self->n_batches - 1;
  const void *buffers[3] = { validity, values, text };

  memcpy (self->dictionary_buffers[i], buffers, sizeof buffers);
  self->dictionaries[i] = (struct ArrowArray) {
    .length = length, .null_count = validity != NULL ? -1 : 0, .n_buffers = n_buffers,
    .buffers = self->dictionary_buffers[i], .release = producer_release_column, .private_data = self,
  };
  self->columns[i].dictionary = &self->dictionaries[i];
  return &self->dictionaries[i];
}

static inline VcTable *
producer_read (Producer *self, GError **error)
{
  struct ArrowArrayStream stream = {
    .get_schema = producer_get_schema, .get_next = producer_get_next, .get_last_error = producer_get_last_error,
    .release = producer_release_stream, .private_data = self,
  };
  VcTable *table = vc_table_new_from_arrow_stream ("t", (guintptr) &stream, error);

  cr_assert_null (stream.release);
  cr_assert_eq (self->streams_released, 1u);
  return table;
}

/* All that was handed over has been released, once. */
static inline void
producer_assert_released (Producer *self)
{
  cr_assert_eq (self->schemas_released, 1u);
  cr_assert_eq (self->batches_released, self->n_given);
  cr_assert_eq (self->columns_released, self->n_given);
}

static inline VcColumn *
producer_read_column (Producer *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) table = producer_read (self, &error);

  cr_assert_not_null (table, "%s", error != NULL ? error->message : "no error");
  cr_assert_eq (self->schemas_released, 1u);
  cr_assert_eq (self->fields_released, 1u);
  cr_assert_eq (self->batches_released, self->n_given);
  return g_object_ref (vc_table_lookup_column (table, "x"));
}

static inline void
producer_assert_refused (Producer *self, VcImportError code)
{
  g_autoptr (GError) error = NULL;

  cr_assert_null (producer_read (self, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, (int) code), "%s", error->message);
  cr_assert (g_utf8_validate (error->message, -1, NULL));
  producer_assert_released (self);
}
