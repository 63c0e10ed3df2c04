/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-chain-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "table/vc-table-private.h"
#include "vc-fields-private.h"

/* What is hashed, all numbers little-endian:
 *
 *   "valuechain-chain-1\n"
 *   text currency, text effort unit       a text is its length as 64 bits, then its bytes; 64 one-bits where there is none
 *   window: 0, or 1, start, end           64 bits each
 *   for each table, parties, flows, receipts, commitments:
 *     text name, rows, columns            64 bits each
 *     for each column:
 *       text name, type, has nulls        64 bits each
 *       if it has nulls: one bit a row, least significant first, unused bits 0
 *       values as Arrow lays them out, 0 where null
 *       text: labels, then the bytes of each label as a text
 *
 * Rows are in canonical order, labels too and all of them in use (those of ids are all parties), so equal content gives equal bytes. */

#define BLOCK 8192

static void
add_number (GChecksum *checksum, guint64 number)
{
  guint64 bytes = GUINT64_TO_LE (number);

  g_checksum_update (checksum, (const guchar *) &bytes, sizeof bytes);
}

static void
add_text (GChecksum *checksum, const char *text, gsize length)
{
  add_number (checksum, length);
  while (length > 0) {
    gsize part = MIN (length, (gsize) 1 << 30);

    g_checksum_update (checksum, (const guchar *) text, (gssize) part);
    text += part;
    length -= part;
  }
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
  guint8 last = 0;

  for (guint64 at = 0; at < n / 8; at += BLOCK)
    g_checksum_update (checksum, bits + at, (gssize) MIN (BLOCK, n / 8 - at));
  if (n % 8 == 0)
    return;
  last = bits[n / 8] & (guint8) ((1u << (n % 8)) - 1);
  g_checksum_update (checksum, &last, 1);
}

static guint64
word_at (gconstpointer values, guint64 row, gboolean narrow)
{
  if (narrow)
    return GUINT32_TO_LE (((const guint32 *) values)[row]);
  return GUINT64_TO_LE (((const guint64 *) values)[row]);
}

static void
add_words (GChecksum *checksum, VcColumn *column, gconstpointer values, gboolean narrow)
{
  const guint8 *validity = vc_column_peek_validity (column);
  guint64 n = vc_column_get_n_rows (column);
  gsize size = narrow ? 4 : 8;
  guint8 block[BLOCK];
  gsize used = 0;

  for (guint64 row = 0; row < n; row++) {
    guint64 word = vc_bit_is_set (validity, row) ? word_at (values, row, narrow) : 0;

    if (narrow) {
      guint32 half = (guint32) word;

      memcpy (block + used, &half, size);
    } else {
      memcpy (block + used, &word, size);
    }
    used += size;
    if (used == BLOCK || row + 1 == n) {
      g_checksum_update (checksum, block, (gssize) used);
      used = 0;
    }
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
add_values (GChecksum *checksum, VcColumn *column)
{
  switch (vc_column_get_column_type (column)) {
    case VC_COLUMN_TYPE_DOUBLE:
      add_words (checksum, column, vc_column_peek_doubles (column), FALSE);
      break;
    case VC_COLUMN_TYPE_TEXT:
      add_words (checksum, column, vc_column_peek_codes (column), TRUE);
      add_labels (checksum, vc_column_peek_strings (column));
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      add_bits (checksum, vc_column_peek_bits (column), vc_column_get_n_rows (column));
      break;
    default:
      add_words (checksum, column, vc_column_peek_int64s (column), FALSE);
  }
}

static void
add_column (GChecksum *checksum, VcColumn *column)
{
  gboolean has_nulls = vc_column_get_n_nulls (column) > 0;

  add_string (checksum, vc_column_get_name (column));
  add_number (checksum, vc_column_get_column_type (column));
  add_number (checksum, has_nulls);
  if (has_nulls)
    add_bits (checksum, vc_column_peek_validity (column), vc_column_get_n_rows (column));
  add_values (checksum, column);
}

static void
add_table (GChecksum *checksum, VcTable *table)
{
  guint n = vc_table_get_n_columns (table);

  add_string (checksum, vc_table_get_name (table));
  add_number (checksum, vc_table_get_n_rows (table));
  add_number (checksum, n);
  for (guint i = 0; i < n; i++)
    add_column (checksum, vc_table_get_column (table, i));
}

char *
vc_chain_compute_digest (VcChain *self)
{
  static const char magic[] = "valuechain-chain-1\n";
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const VcChainFrame *frame = vc_chain_peek_frame (self);

  g_checksum_update (checksum, (const guchar *) magic, sizeof magic - 1);
  add_string (checksum, frame->currency);
  add_string (checksum, frame->effort_unit);
  add_number (checksum, frame->has_window);
  if (frame->has_window) {
    add_number (checksum, (guint64) frame->start);
    add_number (checksum, (guint64) frame->end);
  }
  add_table (checksum, vc_chain_get_parties (self));
  add_table (checksum, vc_chain_get_flows (self));
  add_table (checksum, vc_chain_get_receipts (self));
  add_table (checksum, vc_chain_get_commitments (self));
  return g_strdup (g_checksum_get_string (checksum));
}
