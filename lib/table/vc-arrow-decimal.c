/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrow's decimals: integers of 32 to 256 bits that count units of a power of ten. They are written down in digits and
 * read as text is, which rounds to the nearest double. */
#include "vc-arrow-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "vc-number-private.h"

#define WORDS 8
#define BILLION 1000000000u
#define BILLION_DIGITS 9
/* 2^255 has 77 digits; beside them a sign and an exponent. */
#define DIGITS 81
#define TEXT_SIZE (DIGITS + 8)

typedef struct {
  guint32  words[WORDS]; /* the lowest first */
  gsize    n;            /* of words that may not be 0 */
  gboolean negative;
} Magnitude;

static void
negate (Magnitude *self)
{
  guint64 carry = 1;

  for (gsize i = 0; i < WORDS; i++) {
    carry += (guint32) ~self->words[i];
    self->words[i] = (guint32) carry;
    carry >>= 32;
  }
}

static Magnitude
load (const guint8 *source, gsize width)
{
  Magnitude self = { .n = WORDS };
  guint8 bytes[4 * WORDS];

  for (gsize i = 0; i < width; i++)
    bytes[i] = source[G_BYTE_ORDER == G_LITTLE_ENDIAN ? i : width - 1 - i];
  self.negative = bytes[width - 1] >= 0x80;
  memset (bytes + width, self.negative ? 0xff : 0, sizeof bytes - width);
  for (gsize i = 0; i < sizeof bytes; i++)
    self.words[i / 4] |= (guint32) bytes[i] << (8 * (i % 4));
  if (self.negative)
    negate (&self);
  while (self.n > 0 && self.words[self.n - 1] == 0)
    self.n--;
  return self;
}

/* Divides by a thousand million; returns the remainder. */
static guint32
divide (Magnitude *self)
{
  guint64 rest = 0;

  for (gsize i = self->n; i-- > 0;) {
    rest = rest << 32 | self->words[i];
    self->words[i] = (guint32) (rest / BILLION);
    rest %= BILLION;
  }
  while (self->n > 0 && self->words[self->n - 1] == 0)
    self->n--;
  return (guint32) rest;
}

/* Writes the digits so that they end at `end`; returns where they begin. */
static char *
write_backwards (Magnitude *self, char *end)
{
  const gboolean negative = self->negative;
  char *p = end;

  while (self->n > 0) {
    guint32 part = divide (self);

    for (guint i = 0; i < BILLION_DIGITS && (part > 0 || self->n > 0); i++, part /= 10)
      *--p = (char) ('0' + part % 10);
  }
  if (p == end)
    *--p = '0';
  if (negative)
    *--p = '-';
  return p;
}

static VcParseResult
convert (const guint8 *source, const VcArrowField *field, gpointer target)
{
  Magnitude magnitude = load (source, field->width);
  char text[TEXT_SIZE];
  char *end = text + DIGITS;
  const char *start = write_backwards (&magnitude, end);

  if (field->type == VC_COLUMN_TYPE_INT64)
    return vc_parse_int64 (start, (gsize) (end - start), target);
  end += g_snprintf (end, TEXT_SIZE - DIGITS, "e%d", -field->scale);
  return vc_parse_double (start, (gsize) (end - start), target);
}

gpointer
vc_arrow_read_decimals (const VcArrowPieces *pieces, GError **error)
{
  const VcArrowField *field = pieces->field;
  VC_BUFFER (gint64) values = vc_buffer_new0 (gint64, pieces->n_rows);
  gsize row = 0;

  if (values == NULL) {
    vc_arrow_refuse (field, error, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the values");
    return NULL;
  }
  for (gsize k = 0; k < pieces->n_chunks; k++) {
    const VcArrowChunk *chunk = &pieces->chunks[k];
    const guint8 *source = chunk->array->buffers[1];

    for (gsize i = chunk->start; i < chunk->start + chunk->length; i++, row++) {
      if (row % VC_ARROW_BLOCK == 0 && !vc_arrow_look (pieces, row, error))
        return NULL;
      if (vc_bit_is_set (chunk->validity, i)
          && convert (source + i * field->width, field, &values[row]) != VC_PARSE_OK) {
        vc_arrow_refuse_row (field, error, VC_IMPORT_ERROR_RANGE, row,
                             "the decimal is beyond what a number of a column can be");
        return NULL;
      }
    }
  }
  return g_steal_pointer (&values);
}
