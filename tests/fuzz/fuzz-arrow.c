/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes are a producer of an Arrow C stream: of its columns' types, its batches' lengths, offsets, validity and
 * values, and of one place where it contradicts itself. A slow model says what each cell should be, or that the stream
 * must be refused; every buffer is exactly as large as the stream says, and everything is released once. What was read
 * is exported and read again. */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "table/vc-arrow-abi-private.h"
#include "valuechain/valuechain.h"

#define MAX_COLUMNS 4
#define MAX_BATCHES 3

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* ---- what there is to choose from ---- */

typedef struct {
  const char *format;
  const char *labels; /* format of the dictionary */
} Type;

static const Type types[] = {
  { "g", NULL }, { "f", NULL }, { "l", NULL },       { "c", NULL },    { "S", NULL },   { "L", NULL },
  { "b", NULL }, { "n", NULL }, { "tsm:UTC", NULL }, { "tsn:", NULL }, { "tdD", NULL }, { "d:9,2", NULL },
  { "u", NULL }, { "U", NULL }, { "vu", NULL },      { "i", "u" },     { "C", "U" },    { "l", "vu" },
};
static const double doubles[] = { 0, -0.0, 1.5, 0x1p-1074, 0x1.fffffffffffffp+1023, -7, NAN, INFINITY };
static const gint64 integers[] = { 0, -1, 1, 1000, -1000001, 86400, G_MAXINT64, G_MININT64 };
static const struct { const char *text; gsize length; gboolean bad;
} texts[] = {
  { "", 0, FALSE },
  { "a", 1, FALSE },
  { "bc", 2, FALSE },
  { "\xc3\xa9", 2, FALSE },
  { "longer than twelve bytes", 24, FALSE },
  { "~", 1, FALSE },
  { "\xff", 1, TRUE },
  { "a\0b", 3, TRUE },
};

typedef struct {
  const uint8_t *data;
  size_t         size;
  guint          n_live;   /* arrays and schemas that are not released */
  gboolean       bad;      /* the stream must be refused */
  guint          bend;     /* which contradiction there is; most are none */
  guint          n_columns, n_batches, n_given;
  gboolean       misaligned, same_name;
  const Type    *types[MAX_COLUMNS];
  GString       *cells[MAX_COLUMNS]; /* what should be read */
} Producer;

static guint
take (Producer *self, guint n)
{
  if (self->size == 0)
    return 0;
  self->size--;
  return *self->data++ % n;
}

/* ---- memory ---- */

typedef struct {
  Producer  *producer;
  GPtrArray *buffers;
} Owned;

static void
owned_free (Owned *self)
{
  self->producer->n_live--;
  g_ptr_array_unref (self->buffers);
  g_free (self);
}

static Owned *
owned_new (Producer *producer)
{
  Owned *self = g_new0 (Owned, 1);

  producer->n_live++;
  self->producer = producer;
  self->buffers = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* Exactly that large, and not aligned where the producer is careless. */
static gpointer
owned_buffer (Owned *self, gsize size)
{
  const gsize shift = self->producer->misaligned ? 1 : 0;
  char *buffer = g_malloc0 (size + shift + 1);

  buffer = g_realloc (buffer, MAX (size + shift, 1));
  g_ptr_array_add (self->buffers, buffer);
  return buffer + shift;
}

static void
release_array (struct ArrowArray *array)
{
  for (gint64 i = 0; i < array->n_children && array->children != NULL; i++)
    if (array->children[i] != NULL && array->children[i]->release != NULL)
      array->children[i]->release (array->children[i]);
  if (array->dictionary != NULL && array->dictionary->release != NULL)
    array->dictionary->release (array->dictionary);
  owned_free (array->private_data);
  array->release = NULL;
}

static void
release_schema (struct ArrowSchema *schema)
{
  for (gint64 i = 0; i < schema->n_children && schema->children != NULL; i++)
    if (schema->children[i]->release != NULL)
      schema->children[i]->release (schema->children[i]);
  if (schema->dictionary != NULL && schema->dictionary->release != NULL)
    schema->dictionary->release (schema->dictionary);
  owned_free (schema->private_data);
  schema->release = NULL;
}

static struct ArrowArray
new_array (Producer *producer, gint64 n_buffers, gint64 length, gint64 offset)
{
  Owned *owned = owned_new (producer);
  const void **buffers = g_new0 (const void *, MAX (n_buffers, 1));

  g_ptr_array_add (owned->buffers, buffers);
  return (struct ArrowArray) {
    .length = length,
    .offset = offset,
    .null_count = -1,
    .n_buffers = n_buffers,
    .buffers = buffers,
    .release = release_array,
    .private_data = owned,
  };
}

/* ---- values and what they should become ---- */

static void
expect (GString *cells, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_string_append_vprintf (cells, format, arguments);
  va_end (arguments);
  g_string_append_c (cells, '\n');
}

static gint64
floor_divide (gint64 value, gint64 by)
{
  return value / by - (value % by < 0);
}

/* An integer of `width` bytes; what it should be after a multiplication. */
static void
put_integer (Producer *self, guint8 *target, gsize width, gint64 multiply, gboolean is_unsigned, GString *cells)
{
  gint64 value = integers[take (self, G_N_ELEMENTS (integers))];
  gint64 product;

  memcpy (target, &value, width); /* little-endian, as the machines that fuzz */
  if (cells == NULL)
    return;
  if (width < 8) {
    const guint unused = (guint) (64 - 8 * width);

    value
      = is_unsigned ? (gint64) ((guint64) value << unused >> unused) : (gint64) ((guint64) value << unused) >> unused;
  }
  if ((is_unsigned && width == 8 && value < 0) || __builtin_mul_overflow (value, multiply, &product))
    self->bad = TRUE;
  else
    expect (cells, "%" G_GINT64_FORMAT, product);
}

static void
put_double (Producer *self, guint8 *target, gboolean narrow, GString *cells)
{
  double value = doubles[take (self, G_N_ELEMENTS (doubles))];
  const float narrowed = (float) value;

  memcpy (target, narrow ? (const void *) &narrowed : &value, narrow ? 4 : 8);
  value = narrow ? narrowed : value;
  if (cells == NULL)
    return;
  if (isnan (value))
    expect (cells, "~");
  else if (isinf (value))
    self->bad = TRUE;
  else
    expect (cells, "%a", value);
}

static void
put_value (Producer *self, const char *format, guint8 *values, gsize i, GString *cells)
{
  gint64 value = 0;

  if (*format == 'g' || *format == 'f')
    put_double (self, values + i * (*format == 'f' ? 4 : 8), *format == 'f', cells);
  else if (*format == 'l' || *format == 'L')
    put_integer (self, values + 8 * i, 8, 1, *format == 'L', cells);
  else if (*format == 'c' || *format == 'S')
    put_integer (self, values + (*format == 'c' ? i : 2 * i), *format == 'c' ? 1 : 2, 1, *format == 'S', cells);
  else if (g_str_equal (format, "tdD"))
    put_integer (self, values + 4 * i, 4, G_GINT64_CONSTANT (86400000000), FALSE, cells);
  else if (g_str_has_prefix (format, "tsm"))
    put_integer (self, values + 8 * i, 8, 1000, FALSE, cells);
  else if (*format == 'b') {
    value = take (self, 2);
    values[i / 8] |= (guint8) (value << (i % 8));
    if (cells != NULL)
      expect (cells, "%s", value ? "true" : "false");
  } else {
    value = integers[take (self, G_N_ELEMENTS (integers))];
    if (*format == 'd')
      memcpy (values + 16 * i, (gint64[]) { value, value < 0 ? -1 : 0 }, 16);
    else
      memcpy (values + 8 * i, &value, 8);
    if (cells != NULL && *format == 'd')
      expect (cells, "%a", (double) (value / 100.0L));
    else if (cells != NULL)
      expect (cells, "%" G_GINT64_FORMAT, floor_divide (value, 1000));
  }
}

static gsize
values_size (const char *format, gsize n)
{
  switch (*format) {
    case 'b':
      return (n + 7) / 8;
    case 'c':
    case 'C':
      return n;
    case 'S':
      return 2 * n;
    case 'f':
    case 'i':
      return 4 * n;
    case 'd':
      return 16 * n;
    default:
      return g_str_equal (format, "tdD") ? 4 * n : 8 * n;
  }
}

/* Validity of `n` rows from `offset` on: none, or a bit each. */
static guint8 *
put_validity (Producer *self, struct ArrowArray *array, gsize n)
{
  guint8 *validity = take (self, 2) ? owned_buffer (array->private_data, (n + 7) / 8) : NULL;

  for (gsize i = 0; i < n && validity != NULL; i++)
    validity[i / 8] |= (guint8) ((take (self, 4) > 0) << (i % 8));
  array->buffers[0] = validity;
  return validity;
}

static gboolean
is_valid (const guint8 *validity, gsize i)
{
  return validity == NULL || (validity[i / 8] >> (i % 8) & 1);
}

static struct ArrowArray
make_values (Producer *self, const char *format, gint64 length, gint64 offset, GString *cells)
{
  const gsize n = (gsize) (length + offset);
  struct ArrowArray array = new_array (self, *format == 'n' ? 0 : 2, length, offset);
  guint8 *values;

  if (*format == 'n') {
    for (gint64 i = 0; i < length; i++)
      expect (cells, "~");
    return array;
  }
  put_validity (self, &array, n);
  array.buffers[1] = values = owned_buffer (array.private_data, values_size (format, n));
  for (gsize i = 0; i < n; i++) {
    const gboolean seen = i >= (gsize) offset && is_valid (array.buffers[0], i);

    if (i >= (gsize) offset && !seen)
      expect (cells, "~");
    put_value (self, format, values, i, seen ? cells : NULL);
  }
  return array;
}

/* ---- texts ---- */

static void
put_view (guint8 *view, guint which, gint32 at)
{
  const gint32 parts[3] = { 0, 0, at };
  const gint32 length = (gint32) texts[which].length;

  memcpy (view, &length, 4);
  if (length <= 12) {
    memcpy (view + 4, texts[which].text, texts[which].length);
  } else {
    memcpy (view + 4, texts[which].text, 4);
    memcpy (view + 8, parts + 1, 8);
  }
}

static void
put_offset (guint8 *offsets, gboolean wide, gsize i, gint64 offset)
{
  const gint32 narrow = (gint32) offset;

  memcpy (offsets + (wide ? 8 : 4) * i, wide ? (const void *) &offset : &narrow, wide ? 8 : 4);
}

/* Texts of `n` rows; which they are goes to `chosen`. */
static struct ArrowArray
make_texts (Producer *self, const char *format, gint64 length, gint64 offset, guint *chosen)
{
  const gsize n = (gsize) (length + offset);
  const gboolean views = *format == 'v';
  struct ArrowArray array = new_array (self, views ? 4 : 3, length, offset);
  guint8 *places = owned_buffer (array.private_data, views ? 16 * n : (*format == 'U' ? 8 : 4) * (n + 1));
  gsize size = 0;
  char *text;

  put_validity (self, &array, n);
  for (gsize i = 0; i < n; i++)
    size += texts[chosen[i] = take (self, G_N_ELEMENTS (texts))].length;
  text = owned_buffer (array.private_data, size);
  array.buffers[1] = places;
  array.buffers[2] = text;
  if (views)
    array.buffers[3] = memcpy (owned_buffer (array.private_data, 8), &(gint64) { (gint64) size }, 8);
  size = 0;
  for (gsize i = 0; i < n; i++) {
    if (views)
      put_view (places + 16 * i, chosen[i], (gint32) size);
    memcpy (text + size, texts[chosen[i]].text, texts[chosen[i]].length);
    size += texts[chosen[i]].length;
    if (!views)
      put_offset (places, *format == 'U', i + 1, (gint64) size);
  }
  return array;
}

static void
expect_text (Producer *self, GString *cells, guint which)
{
  if (texts[which].bad)
    self->bad = TRUE;
  else
    expect (cells, "'%s", texts[which].text);
}

static struct ArrowArray
make_plain (Producer *self, const char *format, gint64 length, gint64 offset, GString *cells)
{
  guint chosen[64];
  struct ArrowArray array = make_texts (self, format, length, offset, chosen);

  for (gint64 i = offset; i < offset + length; i++)
    if (is_valid (array.buffers[0], (gsize) i))
      expect_text (self, cells, chosen[i]);
    else
      expect (cells, "~");
  return array;
}

/* Each label is looked at, though no index may name it. */
static struct ArrowArray
make_coded (Producer *self, const Type *type, gint64 length, gint64 offset, GString *cells)
{
  const gint64 n_labels = take (self, 6), first = take (self, 3);
  const gsize n = (gsize) (length + offset), width = values_size (type->format, 1);
  struct ArrowArray array = new_array (self, 2, length, offset);
  guint8 *indices = owned_buffer (array.private_data, width * n);
  guint labels[64];

  array.dictionary = g_new (struct ArrowArray, 1);
  g_ptr_array_add (((Owned *) array.private_data)->buffers, array.dictionary);
  *array.dictionary = make_texts (self, type->labels, n_labels, first, labels);
  for (gint64 i = first; i < first + n_labels; i++)
    if (length > 0 && is_valid (array.dictionary->buffers[0], (gsize) i) && texts[labels[i]].bad)
      self->bad = TRUE;
  put_validity (self, &array, n);
  array.buffers[1] = indices;
  for (gsize i = 0; i < n; i++) {
    const gint64 index = take (self, 8) - (*type->format == 'C' ? 0 : 1);

    memcpy (indices + width * i, &index, width);
    if (i < (gsize) offset)
      continue;
    if (!is_valid (array.buffers[0], i))
      expect (cells, "~");
    else if (index < 0 || index >= n_labels)
      self->bad = TRUE;
    else if (!is_valid (array.dictionary->buffers[0], (gsize) (first + index)))
      expect (cells, "~");
    else
      expect_text (self, cells, labels[first + index]);
  }
  return array;
}

/* ---- the stream ---- */

static struct ArrowArray
make_column (Producer *self, guint column, gint64 length)
{
  const Type *type = self->types[column];
  const gint64 offset = take (self, 5);

  if (type->labels != NULL)
    return make_coded (self, type, length, offset, self->cells[column]);
  if (g_str_equal (type->format, "u") || g_str_equal (type->format, "U") || g_str_equal (type->format, "vu"))
    return make_plain (self, type->format, length, offset, self->cells[column]);
  return make_values (self, type->format, length, offset, self->cells[column]);
}

/* Contradictions of a column that has rows. String views can do with one buffer less. */
static void
bend_column (Producer *self, struct ArrowArray *array, gint64 n_rows)
{
  const gboolean has_buffers = array->n_buffers == 2 || array->n_buffers == 3;

  if (n_rows == 0 || self->bend < 1 || self->bend > 7 || ((self->bend == 4 || self->bend == 5) && !has_buffers))
    return;
  self->bad = TRUE;
  switch (self->bend) {
    case 1:
      array->length = -array->length;
      break;
    case 2:
      array->offset = -1;
      break;
    case 3:
      array->null_count = array->length + 1;
      break;
    case 4:
      array->n_buffers--;
      break;
    case 5:
      array->buffers[1] = NULL;
      break;
    case 6:
      array->length--;
      break;
    default:
      array->null_count = -2;
  }
}

static void
bend_batch (Producer *self, struct ArrowArray *batch)
{
  if (self->bend < 8 || self->bend > 11)
    return;
  self->bad = TRUE;
  if (self->bend == 8)
    batch->length = -1;
  else if (self->bend == 9)
    batch->offset = G_MAXINT64;
  else if (self->bend == 10)
    batch->null_count = 1;
  else
    batch->dictionary = batch->children[0];
}

static int
get_next (struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  Producer *self = stream->private_data;
  gint64 length;
  struct ArrowArray *columns;

  if (self->bend == 12 && self->n_given + 1 == self->n_batches) {
    self->bad = TRUE;
    return EIO;
  }
  *out = (struct ArrowArray) { .release = NULL };
  if (self->n_given == self->n_batches)
    return 0;
  self->n_given++;
  length = take (self, 20);
  *out = new_array (self, 1, length, 0);
  out->null_count = 0;
  columns = g_new0 (struct ArrowArray, self->n_columns);
  out->children = g_new0 (struct ArrowArray *, self->n_columns);
  g_ptr_array_add (((Owned *) out->private_data)->buffers, columns);
  g_ptr_array_add (((Owned *) out->private_data)->buffers, out->children);
  out->n_children = self->n_columns;
  for (guint i = 0; i < self->n_columns; i++) {
    columns[i] = make_column (self, i, length);
    out->children[i] = &columns[i];
  }
  if (self->n_given == 1) {
    bend_column (self, &columns[self->n_columns - 1], length);
    bend_batch (self, out);
  }
  return 0;
}

static struct ArrowSchema
new_schema (Producer *self, const char *format, const char *name)
{
  return (
    struct ArrowSchema) { .format = format, .name = name, .release = release_schema, .private_data = owned_new (self) };
}

static int
get_schema (struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  static const char *const names[] = { "a", "b", "c", "d" };
  Producer *self = stream->private_data;
  struct ArrowSchema *fields = g_new0 (struct ArrowSchema, 2 * self->n_columns);

  *out = new_schema (self, "+s", NULL);
  out->n_children = self->n_columns;
  out->children = g_new0 (struct ArrowSchema *, self->n_columns);
  g_ptr_array_add (((Owned *) out->private_data)->buffers, fields);
  g_ptr_array_add (((Owned *) out->private_data)->buffers, out->children);
  for (guint i = 0; i < self->n_columns; i++) {
    out->children[i] = &fields[2 * i];
    fields[2 * i] = new_schema (self, self->types[i]->format, self->same_name ? "a" : names[i]);
    if (self->types[i]->labels != NULL) {
      fields[2 * i].dictionary = &fields[2 * i + 1];
      fields[2 * i + 1] = new_schema (self, self->types[i]->labels, NULL);
    }
  }
  self->bad = self->bad || (self->same_name && self->n_columns > 1) || self->bend == 13 || self->bend == 14;
  if (self->bend == 13)
    fields[0].format = "+l";
  if (self->bend == 14)
    out->format = "g";
  return 0;
}

static const char *
get_last_error (struct ArrowArrayStream *stream)
{
  return "\xff no more";
}

static void
release_stream (struct ArrowArrayStream *stream)
{
  ((Producer *) stream->private_data)->n_live--;
}

/* ---- what came out ---- */

static void
show_cell (GString *cells, VcColumn *column, guint64 row)
{
  g_autofree char *text = NULL;

  if (vc_column_is_null (column, row)) {
    expect (cells, "~");
    return;
  }
  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_DOUBLE:
      expect (cells, "%a", vc_column_get_double (column, row));
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      expect (cells, "%s", vc_column_get_boolean (column, row) ? "true" : "false");
      break;
    case VC_COLUMN_TYPE_TEXT:
      text = vc_column_dup_text (column, row);
      expect (cells, "'%s", text);
      break;
    default:
      expect (cells, "%" G_GINT64_FORMAT, vc_column_get_int64 (column, row));
  }
}

static void
compare (Producer *self, VcTable *table, const char *when)
{
  for (guint i = 0; i < self->n_columns; i++) {
    VcColumn *column = vc_table_get_column (table, i);
    g_autoptr (GString) cells = g_string_new (NULL);

    for (guint64 row = 0; row < vc_column_get_n_rows (column); row++)
      show_cell (cells, column, row);
    if (!g_string_equal (cells, self->cells[i])) {
      g_printerr ("%s, column %u of type %s:\n%snot\n%s", when, i, self->types[i]->format, cells->str,
                  self->cells[i]->str);
      abort ();
    }
  }
}

static void
check (gboolean good, const char *what)
{
  if (!good) {
    g_printerr ("%s\n", what);
    abort ();
  }
}

static void
read_once (Producer *self)
{
  struct ArrowArrayStream stream = {
    .get_schema = get_schema,
    .get_next = get_next,
    .get_last_error = get_last_error,
    .release = release_stream,
    .private_data = self,
  };
  struct ArrowArrayStream again = { .release = NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) table = NULL;
  g_autoptr (VcTable) back = NULL;

  self->n_live++;
  table = vc_table_new_from_arrow_stream ("t", (guintptr) &stream, &error);
  check (stream.release == NULL, "the stream is not marked as released");
  check ((table == NULL) == self->bad, self->bad ? "read what is to be refused" : "refused what is right");
  check ((table == NULL) == (error != NULL), "neither a table nor an error, or both");
  check (error == NULL || (error->domain == VC_IMPORT_ERROR && g_utf8_validate (error->message, -1, NULL)),
         "another error than promised");
  if (table == NULL)
    return;
  compare (self, table, "read");
  vc_table_export_to_arrow (table, &again);
  back = vc_table_new_from_arrow_stream ("t", (guintptr) &again, NULL);
  check (back != NULL, "what was exported is refused");
  g_clear_object (&table);
  compare (self, back, "exported and read again");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Producer self = { .data = data, .size = size };

  self.n_columns = 1 + take (&self, MAX_COLUMNS);
  self.n_batches = take (&self, MAX_BATCHES + 1);
  self.bend = take (&self, 64);
  self.misaligned = take (&self, 4) == 3;
  self.same_name = take (&self, 16) == 15;
  for (guint i = 0; i < self.n_columns; i++) {
    self.types[i] = &types[take (&self, G_N_ELEMENTS (types))];
    self.cells[i] = g_string_new (NULL);
  }
  read_once (&self);
  check (self.n_live == 0, "not everything was released, or something twice");
  for (guint i = 0; i < self.n_columns; i++)
    g_string_free (self.cells[i], TRUE);
  return 0;
}
