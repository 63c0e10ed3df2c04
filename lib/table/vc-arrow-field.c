/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the fields of an Arrow schema mean. */
#include "vc-arrow-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"

#define MICROSECONDS G_GINT64_CONSTANT (1000000)
#define MAX_SCALE 1000
#define MAX_METADATA (1 << 26)

void
vc_arrow_refuse (const VcArrowField *field, GError **error, int code, const char *problem)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "column \"%s\": %s", field->name, problem);
}

void
vc_arrow_refuse_row (const VcArrowField *field, GError **error, int code, gsize row, const char *problem)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "column \"%s\", row %" G_GSIZE_FORMAT " (counted from 0): %s", field->name,
               row, problem);
}

gsize
vc_arrow_storage_size (char storage)
{
  switch (storage) {
    case 'c':
    case 'C':
      return 1;
    case 's':
    case 'S':
      return 2;
    case 'i':
    case 'I':
    case 'f':
      return 4;
    case 'l':
    case 'L':
    case 'g':
      return 8;
    default:
      return 0;
  }
}

static gboolean
is_index_storage (char storage)
{
  return storage != '\0' && strchr ("cCsSiIlL", storage) != NULL;
}

static void
set_time (VcArrowField *self, char storage, gint64 multiply, gint64 divide)
{
  self->type = VC_COLUMN_TYPE_TIME;
  self->storage = storage;
  self->multiply = multiply;
  self->divide = divide;
}

/* Timestamps with a zone count from 1970 in UTC, whatever the zone; those without are taken to be UTC. */
static gboolean
read_time_format (VcArrowField *self, const char *format)
{
  if (g_str_has_prefix (format, "tss:"))
    set_time (self, 'l', MICROSECONDS, 1);
  else if (g_str_has_prefix (format, "tsm:"))
    set_time (self, 'l', 1000, 1);
  else if (g_str_has_prefix (format, "tsu:"))
    set_time (self, 'l', 1, 1);
  else if (g_str_has_prefix (format, "tsn:"))
    set_time (self, 'l', 1, 1000);
  else if (g_str_equal (format, "tdD"))
    set_time (self, 'i', 86400 * MICROSECONDS, 1);
  else if (g_str_equal (format, "tdm"))
    set_time (self, 'l', 1000, 1);
  else
    return FALSE;
  return TRUE;
}

/* 'v' where `format` is that of string views; '\0' where it is of no text. */
static char
text_storage (const char *format)
{
  if (g_str_equal (format, "vu"))
    return 'v';
  return g_str_equal (format, "u") || g_str_equal (format, "U") ? format[0] : '\0';
}

static gboolean
take_number (const char **text, int *number)
{
  char *end;
  const gint64 value = g_ascii_strtoll (*text, &end, 10);

  if (end == *text || value != CLAMP (value, -MAX_SCALE, MAX_SCALE))
    return FALSE;
  *number = (int) value;
  *text = end;
  return TRUE;
}

/* "d:PRECISION,SCALE", or with ",BITS" behind where these are not 128. Without a fraction they are whole numbers, as
 * ids and sums of integers are in databases. */
static gboolean
read_decimal_format (VcArrowField *self, const char *format)
{
  const char *rest = format + strlen ("d:");
  int precision, bits = 128;

  if (!take_number (&rest, &precision) || *rest++ != ',' || !take_number (&rest, &self->scale))
    return FALSE;
  if (*rest == ',' && (rest++, !take_number (&rest, &bits)))
    return FALSE;
  if (*rest != '\0' || precision < 1 || (bits != 32 && bits != 64 && bits != 128 && bits != 256))
    return FALSE;
  self->storage = 'd';
  self->width = (guint) bits / 8;
  self->type = self->scale == 0 ? VC_COLUMN_TYPE_INT64 : VC_COLUMN_TYPE_DOUBLE;
  return TRUE;
}

static gboolean
read_format (VcArrowField *self, const char *format)
{
  self->multiply = self->divide = 1;
  self->storage = text_storage (format);
  if (self->storage != '\0') {
    self->type = VC_COLUMN_TYPE_TEXT;
    return TRUE;
  }
  if (format[0] == 't')
    return read_time_format (self, format);
  if (g_str_has_prefix (format, "d:"))
    return read_decimal_format (self, format);
  if (format[0] == '\0' || format[1] != '\0')
    return FALSE;
  self->storage = format[0];
  if (is_index_storage (format[0]))
    self->type = VC_COLUMN_TYPE_INT64;
  else if (format[0] == 'f' || format[0] == 'g')
    self->type = VC_COLUMN_TYPE_DOUBLE;
  else if (format[0] == 'b')
    self->type = VC_COLUMN_TYPE_BOOLEAN;
  else if (format[0] == 'n')
    /* A frame's column of nothing but missing objects, which text columns are made of. */
    self->type = VC_COLUMN_TYPE_TEXT;
  else
    return FALSE;
  return TRUE;
}

static const char *
why_not (const char *format)
{
  switch (format[0]) {
    case 'd':
      return "decimals of this form are not supported: convert them to double";
    case '+':
      return "nested types are not supported";
    case 'z':
    case 'Z':
    case 'w':
      return "binary data are not supported";
    case 'e':
      return "half-precision numbers are not supported: convert them to double";
    case 't':
      return "of time types, timestamps and dates are supported, no durations or times of day";
    default:
      return g_str_equal (format, "vz") ? "binary data are not supported" : "the type is not supported";
  }
}

static gboolean
read_dictionary (VcArrowField *self, const struct ArrowSchema *dictionary, GError **error)
{
  if (!is_index_storage (self->storage) || self->type != VC_COLUMN_TYPE_INT64 || dictionary->format == NULL) {
    vc_arrow_refuse (self, error, VC_IMPORT_ERROR_FORMAT, "the indices of the dictionary are no integers");
    return FALSE;
  }
  self->labels = text_storage (dictionary->format);
  if (self->labels == '\0' || dictionary->dictionary != NULL) {
    vc_arrow_refuse (self, error, VC_IMPORT_ERROR_FORMAT, "of dictionaries, only those of text are supported");
    return FALSE;
  }
  self->type = VC_COLUMN_TYPE_TEXT;
  self->coded = TRUE;
  return TRUE;
}

static const char *
take_int32 (const char *from, gint32 *value)
{
  memcpy (value, from, sizeof *value);
  return from + sizeof *value;
}

/* What is told, and where to; the place is NULL once it has been. */
typedef struct {
  const char *key;
  char      **place;
} Told;

/* The first pair of a key holds, as in files; what is too long or not UTF-8 says nothing to us. */
static void
read_pair (Told *told, const char *key, gint32 key_length, const char *value, gint32 length)
{
  if (told->place == NULL || (gsize) key_length != strlen (told->key)
      || memcmp (key, told->key, (gsize) key_length) != 0)
    return;
  if (length <= VC_ARROW_MAX_TOLD && g_utf8_validate (value, length, NULL))
    *told->place = g_strndup (value, (gsize) length);
  told->place = NULL;
}

/* Nobody knows how long the metadata are but they themselves: an impossible length ends the reading. */
static void
read_metadata (VcArrowField *self, const char *metadata)
{
  Told told[] = { { "unit", &self->unit }, { "description", &self->description } };
  gint32 n;

  metadata = take_int32 (metadata, &n);
  for (gint32 i = 0; i < n && n <= VC_ARROW_MAX_PAIRS; i++) {
    const char *key;
    gint32 key_length, length;

    key = metadata = take_int32 (metadata, &key_length);
    if (key_length < 0 || key_length > MAX_METADATA)
      return;
    metadata = take_int32 (metadata + key_length, &length);
    if (length < 0 || length > MAX_METADATA)
      return;
    for (guint k = 0; k < G_N_ELEMENTS (told); k++)
      read_pair (&told[k], key, key_length, metadata, length);
    metadata += length;
  }
}

static char *
put_int32 (char *to, gsize value)
{
  const gint32 number = (gint32) value;

  memcpy (to, &number, sizeof number);
  return to + sizeof number;
}

static char *
put_text (char *to, const char *text)
{
  const gsize length = strlen (text);

  to = put_int32 (to, length);
  memcpy (to, text, length);
  return to + length;
}

gboolean
vc_arrow_can_tell (const char *text)
{
  return text != NULL && strlen (text) <= VC_ARROW_MAX_TOLD;
}

gboolean
vc_arrow_write_metadata (const char *unit, const char *description, char **metadata)
{
  const char *const pairs[] = { "unit", unit, "description", description };
  gsize size = sizeof (gint32), n = 0;
  char *to;

  *metadata = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i += 2) {
    if (!vc_arrow_can_tell (pairs[i + 1]))
      continue;
    size += 2 * sizeof (gint32) + strlen (pairs[i]) + strlen (pairs[i + 1]);
    n++;
  }
  if (n == 0)
    return TRUE;
  *metadata = to = vc_buffer_new (char, size);
  if (to == NULL)
    return FALSE;
  to = put_int32 (to, n);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i += 2) {
    if (!vc_arrow_can_tell (pairs[i + 1]))
      continue;
    to = put_text (to, pairs[i]);
    to = put_text (to, pairs[i + 1]);
  }
  return TRUE;
}

gboolean
vc_arrow_field_init (VcArrowField *self, const struct ArrowSchema *schema, GError **error)
{
  *self = (VcArrowField) { .name = NULL };
  if (schema == NULL || schema->release == NULL || schema->format == NULL) {
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "a field of the Arrow schema is incomplete");
    return FALSE;
  }
  if (schema->name != NULL && !g_utf8_validate (schema->name, -1, NULL)) {
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_ENCODING, "the name of a column is not valid UTF-8");
    return FALSE;
  }
  self->name = g_strdup (schema->name != NULL ? schema->name : "");
  if (!read_format (self, schema->format)) {
    vc_arrow_refuse (self, error, VC_IMPORT_ERROR_FORMAT, why_not (schema->format));
    return FALSE;
  }
  if (schema->dictionary != NULL && !read_dictionary (self, schema->dictionary, error))
    return FALSE;
  if (schema->n_children != 0) {
    vc_arrow_refuse (self, error, VC_IMPORT_ERROR_FORMAT, "nested types are not supported");
    return FALSE;
  }
  if (schema->metadata != NULL)
    read_metadata (self, schema->metadata);
  return TRUE;
}

void
vc_arrow_field_clear (VcArrowField *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->unit, g_free);
  g_clear_pointer (&self->description, g_free);
}
