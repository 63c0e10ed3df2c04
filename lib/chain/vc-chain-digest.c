/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-chain-private.h"

#include <string.h>

#include "table/vc-table-private.h"
#include "vc-fields-private.h"

/* What is hashed, all numbers little-endian:
 *
 *   "valuechain-chain-1\n"
 *   text currency, text effort unit       a text is its length as 64 bits, then its bytes; 64 one-bits for none
 *   window: 0, or 1, start, end           64 bits each
 *   for each table, parties, flows, receipts, commitments:
 *     text name, rows, columns            64 bits each
 *     for each column:
 *       text name, type, has nulls        64 bits each
 *       if it has nulls: one bit a row, least significant first, unused bits 0
 *       values as Arrow lays them out, 0 where null
 *       text: number of labels, then each label as a text; 64 one-bits instead where codes are rows of the parties
 *
 * Rows are in canonical order, labels too and all of them in use, so equal content gives equal bytes. */

#define BLOCK 8192
#define LARGEST ((gsize) 1 << 30)

static void
add_number (GChecksum *checksum, guint64 number)
{
  guint64 bytes = GUINT64_TO_LE (number);

  g_checksum_update (checksum, (const guchar *) &bytes, sizeof bytes);
}

static void
add_bytes (GChecksum *checksum, const guint8 *bytes, gsize size)
{
  for (gsize at = 0; at < size; at += LARGEST)
    g_checksum_update (checksum, bytes + at, (gssize) MIN (LARGEST, size - at));
}

static void
add_text (GChecksum *checksum, const char *text, gsize length)
{
  add_number (checksum, length);
  add_bytes (checksum, (const guint8 *) text, length);
}

static void
add_string (GChecksum *checksum, const char *string)
{
  if (string != NULL)
    add_text (checksum, string, strlen (string));
  else
    add_number (checksum, G_MAXUINT64);
}

/* Bits as bytes, those after the last row cleared. */
static void
add_bits (GChecksum *checksum, const guint8 *bits, guint64 n)
{
  guint8 last;

  add_bytes (checksum, bits, n / 8);
  if (n % 8 == 0)
    return;
  last = bits[n / 8] & (guint8) ((1u << (n % 8)) - 1);
  g_checksum_update (checksum, &last, 1);
}

static void
add_word (guint8 *place, const guint8 *word, gsize size)
{
  for (gsize i = 0; i < size; i++)
    place[i] = word[G_BYTE_ORDER == G_LITTLE_ENDIAN ? i : size - 1 - i];
}

/* Values of 4 or 8 bytes. What is null counts as 0, whatever stands there. */
static void
add_words (GChecksum *checksum, VcColumn *column, const guint8 *values, gsize size)
{
  const guint8 *validity = vc_column_get_n_nulls (column) > 0 ? vc_column_peek_validity (column) : NULL;
  guint64 n = vc_column_get_n_rows (column);
  guint8 block[BLOCK];

  if (validity == NULL && G_BYTE_ORDER == G_LITTLE_ENDIAN) {
    add_bytes (checksum, values, n * size);
    return;
  }
  for (guint64 start = 0; start < n; start += BLOCK / 8) {
    guint64 end = MIN (n, start + BLOCK / 8);

    memset (block, 0, sizeof block);
    for (guint64 row = start; row < end; row++)
      if (vc_bit_is_set (validity, row))
        add_word (block + (row - start) * size, values + row * size, size);
    g_checksum_update (checksum, block, (gssize) ((end - start) * size));
  }
}

static void
add_labels (GChecksum *checksum, const VcStrings *labels)
{
  add_number (checksum, labels->n_labels);
  for (guint32 i = 0; i < labels->n_labels; i++) {
    gsize length;
    const char *text = vc_strings_peek (labels, i, &length);

    add_text (checksum, text, length);
  }
}

static void
add_values (GChecksum *checksum, VcColumn *column, const VcStrings *known)
{
  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_DOUBLE:
      add_words (checksum, column, (const guint8 *) vc_column_peek_doubles (column), 8);
      break;
    case VC_COLUMN_TYPE_TEXT:
      add_words (checksum, column, (const guint8 *) vc_column_peek_codes (column), 4);
      if (vc_column_peek_strings (column) == known)
        add_number (checksum, G_MAXUINT64);
      else
        add_labels (checksum, vc_column_peek_strings (column));
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      add_bits (checksum, vc_column_peek_bits (column), vc_column_get_n_rows (column));
      break;
    default:
      add_words (checksum, column, (const guint8 *) vc_column_peek_int64s (column), 8);
  }
}

static void
add_column (GChecksum *checksum, VcColumn *column, const VcStrings *known)
{
  gboolean has_nulls = vc_column_get_n_nulls (column) > 0;

  add_string (checksum, vc_column_get_name (column));
  add_number (checksum, vc_column_get_column_type (column));
  add_number (checksum, has_nulls);
  if (has_nulls)
    add_bits (checksum, vc_column_peek_validity (column), vc_column_get_n_rows (column));
  add_values (checksum, column, known);
}

static void
add_table (GChecksum *checksum, VcTable *table, const VcStrings *ids, gboolean ids_stand_here)
{
  guint n = vc_table_get_n_columns (table);

  add_string (checksum, vc_table_get_name (table));
  add_number (checksum, vc_table_get_n_rows (table));
  add_number (checksum, n);
  for (guint i = 0; i < n; i++) {
    VcColumn *column = vc_table_get_column (table, i);
    gboolean is_id = i == VC_PARTY_ID && ids_stand_here;

    add_column (checksum, column, is_id ? NULL : ids);
  }
}

char *
vc_chain_compute_digest (VcChain *self)
{
  static const char magic[] = "valuechain-chain-1\n";
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const VcChainFrame *frame = vc_chain_peek_frame (self);
  const VcStrings *ids = vc_chain_peek_arrays (self)->ids;

  g_checksum_update (checksum, (const guchar *) magic, sizeof magic - 1);
  add_string (checksum, frame->currency);
  add_string (checksum, frame->effort_unit);
  add_number (checksum, frame->has_window);
  if (frame->has_window) {
    add_number (checksum, (guint64) frame->start);
    add_number (checksum, (guint64) frame->end);
  }
  add_table (checksum, vc_chain_get_parties (self), ids, TRUE);
  add_table (checksum, vc_chain_get_flows (self), ids, FALSE);
  add_table (checksum, vc_chain_get_receipts (self), ids, FALSE);
  add_table (checksum, vc_chain_get_commitments (self), ids, FALSE);
  return g_strdup (g_checksum_get_string (checksum));
}
