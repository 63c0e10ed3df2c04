/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrow arrays of text, plain or coded, as columns of codes into distinct labels. */
#include "vc-arrow-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"

/* An array of text, its own or a dictionary. */
typedef struct {
  const struct ArrowArray *array;
  const guint8            *validity;
  gsize                    start;
  gsize                    length;
  char                     storage;
} Texts;

typedef struct {
  const VcArrowPieces *pieces;
  VcInterner          *interner;
  gint32              *codes;    /* all rows */
  guint8              *validity; /* all rows; NULL: no null yet */
  gint32              *map;      /* from code of the dictionary at hand to ours; -1 where that is null */
  Texts                mapped;   /* the dictionary that `map` is of */
} Reader;

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->interner, vc_interner_free);
  vc_buffer_free (self->codes);
  vc_buffer_free (self->validity);
  vc_buffer_free (self->map);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* String views: 16 bytes each, the length first; up to 12 bytes of text follow in place, else 4 bytes of it, the number
 * of a buffer and the offset in there. The last buffer holds the sizes of the others but for the first two. */
static gboolean
peek_view (const Texts *texts, gsize i, const char **text, gsize *length)
{
  const guint8 *view = (const guint8 *) texts->array->buffers[1] + 16 * i;
  const gint64 n_variadic = texts->array->n_buffers - 3;
  gint32 parts[4];
  gint64 size;

  memcpy (parts, view, sizeof parts);
  if (parts[0] < 0)
    return FALSE;
  *length = (gsize) parts[0];
  *text = (const char *) view + 4;
  if (parts[0] <= 12)
    return TRUE;
  if (parts[2] < 0 || parts[2] >= n_variadic || parts[3] < 0 || texts->array->buffers[2 + parts[2]] == NULL
      || texts->array->buffers[texts->array->n_buffers - 1] == NULL)
    return FALSE;
  memcpy (&size, (const char *) texts->array->buffers[texts->array->n_buffers - 1] + 8 * (gsize) parts[2], sizeof size);
  *text = (const char *) texts->array->buffers[2 + parts[2]] + parts[3];
  return (gint64) parts[3] + parts[0] <= size;
}

static gint64
load_offset (const Texts *texts, gsize i)
{
  const guint8 *offsets = texts->array->buffers[1];
  gint32 narrow;
  gint64 wide;

  if (texts->storage == 'u') {
    memcpy (&narrow, offsets + 4 * i, sizeof narrow);
    return narrow;
  }
  memcpy (&wide, offsets + 8 * i, sizeof wide);
  return wide;
}

/* FALSE where the array is malformed. Offsets are held against the last one: how long the text is the producer does not
 * say. */
static gboolean
peek_text (const Texts *texts, gsize i, const char **text, gsize *length)
{
  gint64 begin, end, last;

  if (texts->storage == 'v')
    return peek_view (texts, texts->start + i, text, length);
  begin = load_offset (texts, texts->start + i);
  end = load_offset (texts, texts->start + i + 1);
  last = load_offset (texts, (gsize) (texts->array->offset + texts->array->length));
  if (begin < 0 || end < begin || end > last || (end > begin && texts->array->buffers[2] == NULL))
    return FALSE;
  *length = (gsize) (end - begin);
  *text = end > begin ? (const char *) texts->array->buffers[2] + begin : "";
  return TRUE;
}

static gboolean
refuse_text (Reader *self, GError **error, gsize row, const char *text, gsize length)
{
  if (memchr (text, '\0', length) != NULL)
    vc_arrow_refuse_row (self->pieces->field, error, VC_IMPORT_ERROR_NUL, row, "there is a NUL in the text");
  else
    vc_arrow_refuse_row (self->pieces->field, error, VC_IMPORT_ERROR_ENCODING, row, "the text is not valid UTF-8");
  return FALSE;
}

/* The code of one text; checked when it is seen for the first time. `row` is for the message. */
static gboolean
intern (Reader *self, const Texts *texts, gsize i, gsize row, gint32 *code, GError **error)
{
  const guint32 n_known = vc_interner_size (self->interner);
  const char *text;
  gsize length;

  if (!peek_text (texts, i, &text, &length)) {
    vc_arrow_refuse_row (self->pieces->field, error, VC_IMPORT_ERROR_FORMAT, row, "the text lies outside its buffer");
    return FALSE;
  }
  *code = vc_interner_add (self->interner, text, length);
  if (*code < 0) {
    vc_arrow_refuse (self->pieces->field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for so much text");
    return FALSE;
  }
  if ((guint32) *code == n_known && !g_utf8_validate_len (text, length, NULL))
    return refuse_text (self, error, row, text, length);
  return TRUE;
}

static gboolean
mark_null (Reader *self, gsize row, GError **error)
{
  const gsize size = vc_bits_size (self->pieces->n_rows);

  self->codes[row] = 0;
  if (self->validity == NULL) {
    self->validity = vc_buffer_new (guint8, size);
    if (self->validity == NULL) {
      vc_arrow_refuse (self->pieces->field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the values");
      return FALSE;
    }
    memset (self->validity, 0xff, size);
  }
  vc_bit_clear (self->validity, row);
  return TRUE;
}

static gboolean
read_plain (Reader *self, const VcArrowChunk *chunk, gsize first_row, GError **error)
{
  const Texts texts = { chunk->array, chunk->validity, chunk->start, chunk->length, self->pieces->field->storage };

  for (gsize i = 0; i < chunk->length; i++) {
    const gboolean is_null = texts.storage == 'n' || !vc_bit_is_set (chunk->validity, chunk->start + i);

    if (i % VC_ARROW_BLOCK == 0 && !vc_arrow_look (self->pieces, first_row + i, error))
      return FALSE;
    if (is_null ? !mark_null (self, first_row + i, error)
                : !intern (self, &texts, i, first_row + i, &self->codes[first_row + i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_same_dictionary (const Texts *a, const Texts *b)
{
  if (a->array == NULL || a->start != b->start || a->length != b->length || a->validity != b->validity)
    return FALSE;
  return a->array == b->array
         || (a->storage != 'v' && a->array->buffers[1] == b->array->buffers[1]
             && a->array->buffers[2] == b->array->buffers[2]);
}

/* Maps the codes of a chunk's dictionary; most producers repeat one dictionary in every batch. */
static gboolean
map_dictionary (Reader *self, const VcArrowChunk *chunk, gsize first_row, GError **error)
{
  const VcArrowField dictionary_field = { .name = self->pieces->field->name, .storage = self->pieces->field->labels };
  struct ArrowArray *dictionary = chunk->array->dictionary;
  VcArrowChunk checked;
  Texts texts;

  if (!vc_arrow_chunk_init (&checked, &dictionary_field, dictionary, 0, dictionary->length, error))
    return FALSE;
  texts = (Texts) { dictionary, checked.validity, checked.start, checked.length, dictionary_field.storage };
  if (is_same_dictionary (&self->mapped, &texts))
    return TRUE;
  vc_buffer_free (self->map);
  self->map = vc_buffer_new (gint32, texts.length);
  if (self->map == NULL) {
    vc_arrow_refuse (self->pieces->field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for so many labels");
    return FALSE;
  }
  self->mapped = texts;
  for (gsize i = 0; i < texts.length; i++) {
    self->map[i] = -1;
    if (i % VC_ARROW_BLOCK == 0 && !vc_arrow_look (self->pieces, first_row, error))
      return FALSE;
    if (vc_bit_is_set (texts.validity, texts.start + i) && !intern (self, &texts, i, first_row, &self->map[i], error))
      return FALSE;
  }
  return TRUE;
}

#define LOAD(TYPE) \
  { \
    TYPE value; \
    memcpy (&value, source + i * sizeof value, sizeof value); \
    return (guint64) value; \
  }

/* Negative indices come out far beyond any dictionary. */
static guint64
load_index (const guint8 *source, char storage, gsize i)
{
  switch (storage) {
    case 'c':
      LOAD (gint8)
    case 'C':
      LOAD (guint8)
    case 's':
      LOAD (gint16)
    case 'S':
      LOAD (guint16)
    case 'i':
      LOAD (gint32)
    case 'I':
      LOAD (guint32)
    default: /* l L */
      LOAD (guint64)
  }
}

static gboolean
read_coded (Reader *self, const VcArrowChunk *chunk, gsize first_row, GError **error)
{
  const guint8 *source = chunk->array->buffers[1];
  const char storage = self->pieces->field->storage;

  if (!map_dictionary (self, chunk, first_row, error))
    return FALSE;
  for (gsize i = 0; i < chunk->length; i++) {
    guint64 index = 0;

    if (i % VC_ARROW_BLOCK == 0 && !vc_arrow_look (self->pieces, first_row + i, error))
      return FALSE;
    if (vc_bit_is_set (chunk->validity, chunk->start + i)) {
      index = load_index (source, storage, chunk->start + i);
      if (index >= self->mapped.length) {
        vc_arrow_refuse_row (self->pieces->field, error, VC_IMPORT_ERROR_RANGE, first_row + i,
                             "the index is outside the dictionary");
        return FALSE;
      }
      self->codes[first_row + i] = self->map[index];
      if (self->map[index] >= 0)
        continue;
    }
    if (!mark_null (self, first_row + i, error))
      return FALSE;
  }
  return TRUE;
}

static VcStrings *
finish_labels (Reader *self, GError **error)
{
  VcStrings *labels = vc_interner_finish (self->interner);

  if (labels == NULL)
    vc_arrow_refuse (self->pieces->field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for so many labels");
  return labels;
}

static gboolean
is_identity (const gint32 *map, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (map[i] != (gint32) i)
      return FALSE;
  return TRUE;
}

/* Codes that are ours already: all valid and in range, and no label twice. NULL without an error: they are not. */
static VcColumn *
adopt_codes (Reader *self, GError **error)
{
  const VcArrowPieces *pieces = self->pieces;
  const gint32 *codes = pieces->field->storage == 'i' ? vc_arrow_peek_adoptable (pieces, 4) : NULL;
  VcStrings *labels;

  if (codes == NULL || pieces->chunks[0].validity != NULL)
    return NULL;
  if (!map_dictionary (self, &pieces->chunks[0], 0, error) || !is_identity (self->map, self->mapped.length))
    return NULL;
  for (gsize i = 0; i < pieces->n_rows; i++)
    if (codes[i] < 0 || (gsize) codes[i] >= self->mapped.length)
      return NULL;
  labels = finish_labels (self, error);
  if (labels == NULL)
    return NULL;
  return vc_column_new_adopt (pieces->field->name, VC_COLUMN_TYPE_TEXT, pieces->n_rows,
                              vc_arrow_adopt (pieces, codes, pieces->n_rows * 4), NULL, labels);
}

static VcColumn *
copy_texts (Reader *self, GError **error)
{
  const VcArrowPieces *pieces = self->pieces;
  g_autoptr (VcStrings) labels = NULL;
  gsize row = 0;

  self->codes = vc_buffer_new (gint32, pieces->n_rows);
  if (self->codes == NULL) {
    vc_arrow_refuse (pieces->field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the values");
    return NULL;
  }
  for (gsize k = 0; k < pieces->n_chunks; k++) {
    if (pieces->field->coded ? !read_coded (self, &pieces->chunks[k], row, error)
                             : !read_plain (self, &pieces->chunks[k], row, error))
      return NULL;
    row += pieces->chunks[k].length;
  }
  labels = finish_labels (self, error);
  if (labels == NULL)
    return NULL;
  return vc_column_new_take (pieces->field->name, VC_COLUMN_TYPE_TEXT, pieces->n_rows, g_steal_pointer (&self->codes),
                             g_steal_pointer (&self->validity), labels);
}

VcColumn *
vc_arrow_read_texts (const VcArrowPieces *pieces, GError **error)
{
  g_auto (Reader) reader = { .pieces = pieces, .interner = vc_interner_new () };
  g_autoptr (GError) failure = NULL;
  VcColumn *column;

  if (reader.interner == NULL) {
    vc_arrow_refuse (pieces->field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the labels");
    return NULL;
  }
  column = adopt_codes (&reader, &failure);
  if (column == NULL && failure == NULL)
    column = copy_texts (&reader, &failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return column;
}
