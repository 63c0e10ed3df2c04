/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields and arrays of Arrow IPC messages. The importer of C data trusts a producer with the sizes of buffers; a file
 * is trusted with nothing. */
#include "vc-arrow-ipc-private.h"

#include <string.h>

#include "vc-arrow-private.h"

#define MAX_ROWS (G_MAXINT64 / 64)
#define VIEW_SIZE 16
#define VIEW_INSIDE 12
#define MAX_SCALE 1000

/* What stands where a buffer of nothing is expected: also an offset of 0. */
static const guint8 nothing[64];

/* ---- types ---- */

static const char *
integer_format (const VcFlatTable *type)
{
  const gboolean is_signed = vc_flat_integer (type, 1, 1, 0) != 0;

  switch (vc_flat_integer (type, 0, 4, 0)) {
    case 8:
      return is_signed ? "c" : "C";
    case 16:
      return is_signed ? "s" : "S";
    case 32:
      return is_signed ? "i" : "I";
    case 64:
      return is_signed ? "l" : "L";
    default:
      return NULL;
  }
}

static const char *
pick (const char *const *formats, guint n, gint64 which)
{
  return which >= 0 && which < n ? formats[which] : NULL;
}

/* Of a time zone it matters only that there may be one: times count from 1970 in UTC. */
static const char *
plain_format (gint64 type, const VcFlatTable *details)
{
  static const char *const floats[] = { NULL, "f", "g" };
  static const char *const dates[] = { "tdD", "tdm" };
  static const char *const times[] = { "tss:", "tsm:", "tsu:", "tsn:" };

  switch (type) {
    case VC_IPC_TYPE_INT:
      return integer_format (details);
    case VC_IPC_TYPE_FLOAT:
      return pick (floats, G_N_ELEMENTS (floats), vc_flat_integer (details, 0, 2, 0));
    case VC_IPC_TYPE_TEXT:
      return "u";
    case VC_IPC_TYPE_BOOLEAN:
      return "b";
    case VC_IPC_TYPE_DATE:
      return pick (dates, G_N_ELEMENTS (dates), vc_flat_integer (details, 0, 2, 1));
    case VC_IPC_TYPE_TIMESTAMP:
      return pick (times, G_N_ELEMENTS (times), vc_flat_integer (details, 0, 2, 0));
    case VC_IPC_TYPE_LARGE_TEXT:
      return "U";
    case VC_IPC_TYPE_TEXT_VIEW:
      return "vu";
    default:
      return NULL;
  }
}

static gboolean
decimal_format (const VcFlatTable *details, char format[32])
{
  const gint64 precision = vc_flat_integer (details, 0, 4, 0), scale = vc_flat_integer (details, 1, 4, 0);
  const gint64 bits = vc_flat_integer (details, 2, 4, 128);

  if (precision < 1 || precision > 76 || ABS (scale) > MAX_SCALE
      || (bits != 32 && bits != 64 && bits != 128 && bits != 256))
    return FALSE;
  g_snprintf (format, 32, "d:%d,%d,%d", (int) precision, (int) scale, (int) bits);
  return TRUE;
}

static const char *
read_encoding (VcArrowIpcField *self, const VcFlatTable *encoding)
{
  const VcFlatTable index = vc_flat_table (encoding, VC_IPC_ENCODING_INDEX);
  const char *format = index.at != 0 ? integer_format (&index) : "i";

  if (strlen (self->format) >= sizeof self->labels || strchr ("uUv", self->format[0]) == NULL)
    return "of dictionaries, only those of text are supported";
  if (format == NULL)
    return "the indices of the dictionary are no integers";
  self->dictionary = vc_flat_integer (encoding, VC_IPC_ENCODING_ID, 8, 0);
  g_strlcpy (self->labels, self->format, sizeof self->labels);
  g_strlcpy (self->format, format, sizeof self->format);
  return NULL;
}

/* NULL where it is longer: pairs may lie on top of each other, and looking through all of each would never end. */
static const char *
short_text (const VcFlatTable *pair, guint slot, gsize longest)
{
  return vc_flat_vector (pair, slot, 1).n <= longest ? vc_flat_text (pair, slot) : NULL;
}

/* The first pair of that key holds, as in streams of the C data interface; what is too long or not UTF-8 says nothing
 * to us. That the next is not looked for bounds the time: pairs may lie on top of each other. */
static const char *
find_pair (const VcFlatVector *pairs, const char *key)
{
  for (gsize i = 0; i < pairs->n && pairs->n <= VC_ARROW_MAX_PAIRS; i++) {
    const VcFlatTable pair = vc_flat_element (pairs, i);
    const char *value;

    if (g_strcmp0 (short_text (&pair, VC_IPC_PAIR_KEY, strlen (key)), key) != 0)
      continue;
    value = short_text (&pair, VC_IPC_PAIR_VALUE, VC_ARROW_MAX_TOLD);
    return value != NULL && g_utf8_validate (value, -1, NULL) ? value : NULL;
  }
  return NULL;
}

const char *
vc_arrow_ipc_field_init (VcArrowIpcField *self, const VcFlatTable *field)
{
  const gint64 type = vc_flat_integer (field, VC_IPC_FIELD_TYPE_TYPE, 1, 0);
  const VcFlatTable details = vc_flat_table (field, VC_IPC_FIELD_TYPE);
  const VcFlatTable encoding = vc_flat_table (field, VC_IPC_FIELD_DICTIONARY);
  const VcFlatVector pairs = vc_flat_vector (field, VC_IPC_FIELD_METADATA, 4);
  const char *name = vc_flat_text (field, VC_IPC_FIELD_NAME);
  const char *format;

  *self = (VcArrowIpcField) { .name = name != NULL && g_utf8_validate (name, -1, NULL) ? name : "" };
  if (name != NULL && self->name != name)
    return "the name of a column is not valid UTF-8";
  self->unit = find_pair (&pairs, "unit");
  self->description = find_pair (&pairs, "description");
  if (vc_flat_vector (field, VC_IPC_FIELD_CHILDREN, 4).n > 0)
    return "nested types are not supported";
  format = plain_format (type, &details);
  if (format != NULL)
    g_strlcpy (self->format, format, sizeof self->format);
  else if (type != VC_IPC_TYPE_DECIMAL || !decimal_format (&details, self->format))
    return "the type is not supported: integers, floats, decimals, booleans, texts, dates and timestamps are";
  return encoding.at != 0 ? read_encoding (self, &encoding) : NULL;
}

/* ---- arrays ---- */

/* Buffers follow each other: what several columns share could be made to stand for any amount of memory. */
static const guint8 *
take_buffer (VcArrowIpcBody *self, gsize *size)
{
  const gsize i = self->buffer;
  gint64 offset, length;

  *size = 0;
  if (i >= self->buffers.n)
    return NULL;
  self->buffer++;
  offset = vc_flat_peek (&self->buffers, 16 * i);
  length = vc_flat_peek (&self->buffers, 16 * i + 8);
  if (length == 0)
    return nothing;
  if (offset < 0 || length < 0 || (guint64) offset < self->used || (guint64) offset > self->size
      || (guint64) length > self->size - (gsize) offset)
    return NULL;
  *size = (gsize) length;
  self->used = (gsize) (offset + length);
  return self->body + offset;
}

static gint64
load_offset (const guint8 *offsets, gboolean wide, gsize i)
{
  gint32 narrow;
  gint64 value;

  if (wide) {
    memcpy (&value, offsets + 8 * i, sizeof value);
    return value;
  }
  memcpy (&narrow, offsets + 4 * i, sizeof narrow);
  return narrow;
}

static const char *
take_text (VcArrowIpcBody *self, gboolean wide, struct ArrowArray *array)
{
  const gsize n = (gsize) array->length, width = wide ? 8 : 4;
  gsize size, text_size;
  const guint8 *offsets = take_buffer (self, &size);
  const guint8 *text = offsets != NULL ? take_buffer (self, &text_size) : NULL;
  gint64 previous;

  if (text == NULL || (n > 0 && size / width <= n))
    return "a buffer is missing, too small or out of place";
  if (n == 0)
    offsets = nothing;
  previous = load_offset (offsets, wide, 0);
  for (gsize i = 0; i <= n; i++) {
    const gint64 offset = load_offset (offsets, wide, i);

    if (offset < 0 || offset < previous || (guint64) offset > text_size)
      return "a text lies outside its buffer";
    if ((guint64) (offset - previous) > self->max_text)
      return "a text is longer than allowed";
    previous = offset;
  }
  array->n_buffers = 3;
  array->buffers[1] = offsets;
  array->buffers[2] = text;
  return NULL;
}

/* The importer holds each view against the sizes of its buffers. */
static const char *
take_views (VcArrowIpcBody *self, struct ArrowArray *array)
{
  gsize size;
  const guint8 *views = take_buffer (self, &size);
  const gint64 n = self->view < self->variadic.n ? vc_flat_peek (&self->variadic, 8 * self->view) : -1;
  gint32 length;

  if (views == NULL || n < 0 || (guint64) n > self->buffers.n - self->buffer
      || size / VIEW_SIZE < (gsize) array->length)
    return "a buffer is missing, too small or out of place";
  self->view++;
  for (gsize i = 0; i < (gsize) array->length; i++) {
    memcpy (&length, views + VIEW_SIZE * i, sizeof length);
    if (length > 0 && (gsize) length > self->max_text)
      return "a text is longer than allowed";
  }
  array->n_buffers = 3 + n;
  array->buffers[1] = views;
  for (gsize i = 0; i < (gsize) n; i++) {
    array->buffers[2 + i] = take_buffer (self, &size);
    if (array->buffers[2 + i] == NULL)
      return "a buffer is missing, too small or out of place";
    self->sizes[i] = (gint64) size;
  }
  array->buffers[2 + n] = self->sizes;
  self->sizes += n;
  return NULL;
}

static const char *
take_values (VcArrowIpcBody *self, const char *format, struct ArrowArray *array)
{
  const gsize n = (gsize) array->length;
  gsize width = vc_arrow_storage_size (format[0]), size;
  const guint8 *values = take_buffer (self, &size);

  if (format[0] == 'd')
    width = (gsize) g_ascii_strtoull (strrchr (format, ',') + 1, NULL, 10) / 8;
  else if (format[0] == 't')
    width = g_str_equal (format, "tdD") ? 4 : 8;
  if (values == NULL || (format[0] == 'b' ? size < vc_bits_size (n) : size / width < n))
    return "a buffer is missing, too small or out of place";
  array->n_buffers = 2;
  array->buffers[1] = values;
  return NULL;
}

const char *
vc_arrow_ipc_take_array (VcArrowIpcBody *self, const char *format, struct ArrowArray *array)
{
  const char *problem;
  const guint8 *validity;
  gsize size;

  if (self->node >= self->nodes.n)
    return "there are fewer columns than fields";
  array->length = vc_flat_peek (&self->nodes, 16 * self->node);
  array->null_count = vc_flat_peek (&self->nodes, 16 * self->node + 8);
  self->node++;
  if (array->length != self->n_rows || array->length < 0 || array->length > MAX_ROWS || array->null_count < 0
      || array->null_count > array->length)
    return "the number of rows or of nulls is impossible";
  validity = take_buffer (self, &size);
  if (validity == NULL || (array->null_count > 0 && size < vc_bits_size ((gsize) array->length)))
    return "a buffer is missing, too small or out of place";
  array->buffers = self->pointers;
  array->buffers[0] = array->null_count > 0 ? validity : NULL;
  if (format[0] == 'v')
    problem = take_views (self, array);
  else if (format[0] == 'u' || format[0] == 'U')
    problem = take_text (self, format[0] == 'U', array);
  else
    problem = take_values (self, format, array);
  self->pointers += array->n_buffers;
  return problem;
}
