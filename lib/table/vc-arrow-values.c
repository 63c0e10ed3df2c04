/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrow arrays of numbers, booleans and times as columns. Buffers of a stranger may lie anywhere: values are read with
 * memcpy(), which costs nothing where they are aligned. */
#include "vc-arrow-private.h"

#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"

#define MAX_ROWS (G_MAXINT64 / 64)

static gboolean
has_bad_shape (const struct ArrowArray *array, gint64 offset, gint64 length)
{
  return array->length < 0 || array->length > MAX_ROWS || array->offset < 0 || array->offset > MAX_ROWS
         || offset > array->length || length > array->length - offset || array->null_count < -1
         || array->null_count > array->length;
}

/* A validity buffer first, but for 'n'; string views have any number of buffers and a last one with their sizes. */
static gboolean
has_bad_buffers (const struct ArrowArray *array, char storage, gsize length)
{
  const gint64 expected = storage == 'n' ? 0 : storage == 'u' || storage == 'U' || storage == 'v' ? 3 : 2;

  if (array->n_buffers < expected || (array->n_buffers > expected && storage != 'v')
      || (array->n_buffers > 0 && array->buffers == NULL) || array->n_buffers > G_MAXINT32)
    return TRUE;
  if (array->null_count > 0 && expected > 0 && array->buffers[0] == NULL)
    return TRUE;
  return expected > 0 && length > 0 && array->buffers[1] == NULL;
}

gboolean
vc_arrow_chunk_init (VcArrowChunk *chunk, const VcArrowField *field, struct ArrowArray *array, gint64 offset,
                     gint64 length, GError **error)
{
  const char *problem = NULL;

  if (array == NULL || array->release == NULL)
    problem = "an array is missing or released already";
  else if (has_bad_shape (array, offset, length))
    problem = "an array has an impossible length, offset or number of nulls";
  else if (has_bad_buffers (array, field->storage, (gsize) array->length))
    problem = "an array lacks a buffer";
  else if (array->n_children != 0 || (array->dictionary != NULL) != field->coded)
    problem = "an array is not as its schema says";
  if (problem != NULL) {
    vc_arrow_refuse (field, error, VC_IMPORT_ERROR_FORMAT, problem);
    return FALSE;
  }
  *chunk = (VcArrowChunk) {
    .array = array,
    .start = (gsize) (array->offset + offset),
    .length = (gsize) length,
    .validity = field->storage != 'n' && array->null_count != 0 ? array->buffers[0] : NULL,
  };
  return TRUE;
}

static gboolean
has_null (const VcArrowPieces *pieces)
{
  for (gsize k = 0; k < pieces->n_chunks; k++) {
    const VcArrowChunk *chunk = &pieces->chunks[k];

    for (gsize i = 0; i < chunk->length && chunk->validity != NULL; i++)
      if (!vc_bit_is_set (chunk->validity, chunk->start + i))
        return TRUE;
  }
  return FALSE;
}

gboolean
vc_arrow_gather_validity (const VcArrowPieces *pieces, guint8 **validity)
{
  gsize row = 0;

  *validity = NULL;
  if (!has_null (pieces))
    return TRUE;
  *validity = vc_buffer_new0 (guint8, vc_bits_size (pieces->n_rows));
  if (*validity == NULL)
    return FALSE;
  for (gsize k = 0; k < pieces->n_chunks; k++) {
    const VcArrowChunk *chunk = &pieces->chunks[k];

    for (gsize i = 0; i < chunk->length; i++, row++)
      if (vc_bit_is_set (chunk->validity, chunk->start + i))
        vc_bit_set (*validity, row);
  }
  return TRUE;
}

const void *
vc_arrow_peek_adoptable (const VcArrowPieces *pieces, gsize size)
{
  const guint8 *values;

  if (pieces->n_chunks != 1)
    return NULL;
  values = (const guint8 *) pieces->chunks[0].array->buffers[1] + pieces->chunks[0].start * size;
  return (guintptr) values % 8 == 0 ? values : NULL;
}

static void
release_adopted (gpointer data)
{
  struct ArrowArray *array = data;

  array->release (array);
  g_free (array);
}

GBytes *
vc_arrow_adopt (const VcArrowPieces *pieces, const void *values, gsize size)
{
  struct ArrowArray *moved = g_new (struct ArrowArray, 1);

  *moved = *pieces->chunks[0].array;
  pieces->chunks[0].array->release = NULL;
  return g_bytes_new_with_free_func (values, size, release_adopted, moved);
}

#define WIDEN(FROM, TO) \
  for (gsize i = 0; i < n; i++) { \
    FROM value; \
    memcpy (&value, source + i * sizeof value, sizeof value); \
    ((TO *) target)[i] = (TO) value; \
  }

static void
widen (gpointer target, const VcArrowChunk *chunk, char storage)
{
  const gsize n = chunk->length;
  const guint8 *source = (const guint8 *) chunk->array->buffers[1] + chunk->start * vc_arrow_storage_size (storage);

  switch (storage) {
    case 'c':
      WIDEN (gint8, gint64);
      break;
    case 'C':
      WIDEN (guint8, gint64);
      break;
    case 's':
      WIDEN (gint16, gint64);
      break;
    case 'S':
      WIDEN (guint16, gint64);
      break;
    case 'i':
      WIDEN (gint32, gint64);
      break;
    case 'I':
      WIDEN (guint32, gint64);
      break;
    case 'f':
      WIDEN (float, double);
      break;
    default: /* l L g */
      memcpy (target, source, n * 8);
  }
}

static gpointer
widen_all (const VcArrowPieces *pieces, GError **error)
{
  VC_BUFFER (gint64) values = vc_buffer_new (gint64, pieces->n_rows);
  gsize row = 0;

  if (values == NULL) {
    vc_arrow_refuse (pieces->field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the values");
    return NULL;
  }
  for (gsize k = 0; k < pieces->n_chunks; k++) {
    const gsize end = row + pieces->chunks[k].length;

    for (VcArrowChunk block = pieces->chunks[k]; row < end; row += block.length, block.start += block.length) {
      if (!vc_arrow_look (pieces, row / 2, error))
        return NULL;
      block.length = MIN (VC_ARROW_BLOCK, end - row);
      widen (values + row, &block, pieces->field->storage);
    }
  }
  return g_steal_pointer (&values);
}

/* To microseconds, down to the next whole one. */
static gboolean
convert_time (gint64 *value, gint64 multiply, gint64 divide)
{
  const gint64 remainder = *value % divide;

  *value = *value / divide - (remainder < 0);
  return !__builtin_mul_overflow (*value, multiply, value);
}

static gboolean
settle_integers (const VcArrowPieces *pieces, gint64 *values, const guint8 *validity, GError **error)
{
  const VcArrowField *field = pieces->field;
  const gboolean convert = field->multiply != 1 || field->divide != 1;

  for (gsize i = 0; i < pieces->n_rows; i++) {
    if (i % VC_ARROW_BLOCK == 0 && !vc_arrow_look (pieces, (pieces->n_rows + i) / 2, error))
      return FALSE;
    if (!vc_bit_is_set (validity, i)) {
      values[i] = 0;
    } else if (field->storage == 'L' && values[i] < 0) {
      vc_arrow_refuse_row (field, error, VC_IMPORT_ERROR_RANGE, i,
                           "the integer is larger than 64 bits with a sign can hold");
      return FALSE;
    } else if (convert && !convert_time (&values[i], field->multiply, field->divide)) {
      vc_arrow_refuse_row (field, error, VC_IMPORT_ERROR_RANGE, i, "the time is beyond what microseconds can count");
      return FALSE;
    }
  }
  return TRUE;
}

/* Whether values can stay where they are: numbers finite, and 0 where null, as in every column. */
static gboolean
is_settled (const void *values, gsize n, const guint8 *validity, VcColumnType type)
{
  for (gsize i = 0; i < n && validity != NULL; i++)
    if (!vc_bit_is_set (validity, i) && ((const gint64 *) values)[i] != 0)
      return FALSE;
  for (gsize i = 0; i < n && type == VC_COLUMN_TYPE_DOUBLE; i++)
    if (!isfinite (((const double *) values)[i]))
      return FALSE;
  return TRUE;
}

static gboolean
settle (const VcArrowPieces *pieces, gpointer values, guint8 **validity, GError **error)
{
  const VcArrowField *field = pieces->field;

  if (field->type != VC_COLUMN_TYPE_DOUBLE)
    return settle_integers (pieces, values, *validity, error);
  return vc_column_find_missing (field->name, field->type, values, pieces->n_rows, validity, error)
         && vc_arrow_look (pieces, pieces->n_rows / 4 * 3, error)
         && vc_column_settle_doubles (field->name, values, pieces->n_rows, *validity, error);
}

static VcColumn *
read_booleans (const VcArrowPieces *pieces, guint8 **validity, GError **error)
{
  VC_BUFFER (guint8) bits = vc_buffer_new0 (guint8, vc_bits_size (pieces->n_rows));
  gsize row = 0;

  if (bits == NULL) {
    vc_arrow_refuse (pieces->field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the values");
    return NULL;
  }
  for (gsize k = 0; k < pieces->n_chunks; k++) {
    const VcArrowChunk *chunk = &pieces->chunks[k];
    const guint8 *source = chunk->array->buffers[1];

    for (gsize i = chunk->start; i < chunk->start + chunk->length; i++, row++) {
      if (row % VC_ARROW_BLOCK == 0 && !vc_arrow_look (pieces, row, error))
        return NULL;
      if (vc_bit_is_set (source, i) && vc_bit_is_set (chunk->validity, i))
        vc_bit_set (bits, row);
    }
  }
  return vc_column_new_take (pieces->field->name, VC_COLUMN_TYPE_BOOLEAN, pieces->n_rows, g_steal_pointer (&bits),
                             g_steal_pointer (validity), NULL);
}

static VcColumn *
adopt_values (const VcArrowPieces *pieces, const void *values, guint8 **validity)
{
  const gsize n = pieces->n_rows;
  guint8 *bits = g_steal_pointer (validity);
  GBytes *valid = bits != NULL ? g_bytes_new_with_free_func (bits, vc_bits_size (n), vc_buffer_free, bits) : NULL;

  return vc_column_new_adopt (pieces->field->name, pieces->field->type, n, vc_arrow_adopt (pieces, values, n * 8),
                              valid, NULL);
}

VcColumn *
vc_arrow_read_values (const VcArrowPieces *pieces, GError **error)
{
  const VcArrowField *field = pieces->field;
  const gboolean same_layout
    = (field->storage == 'l' || field->storage == 'g') && field->multiply == 1 && field->divide == 1;
  const void *there = same_layout ? vc_arrow_peek_adoptable (pieces, 8) : NULL;
  VC_BUFFER (guint8) validity = NULL;
  VC_BUFFER (void) values = NULL;
  VcColumn *column = NULL;

  if (!vc_arrow_look (pieces, 0, error))
    return NULL;
  if (!vc_arrow_gather_validity (pieces, &validity)) {
    vc_arrow_refuse (field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the values");
    return NULL;
  }
  if (there != NULL && is_settled (there, pieces->n_rows, validity, field->type))
    return adopt_values (pieces, there, &validity);
  if (field->type == VC_COLUMN_TYPE_BOOLEAN)
    return read_booleans (pieces, &validity, error);
  values = field->storage == 'd' ? vc_arrow_read_decimals (pieces, error) : widen_all (pieces, error);
  if (values != NULL && settle (pieces, values, &validity, error))
    column = vc_column_new_take (field->name, field->type, pieces->n_rows, g_steal_pointer (&values),
                                 g_steal_pointer (&validity), NULL);
  return column;
}
