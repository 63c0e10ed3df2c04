/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vc-buffer-private.h"
#include "vc-csv-private.h"

#define FIRST_ROWS ((gsize) 1024)

gboolean
vc_csv_store_init (VcCsvStore *self, const VcCsvField *field)
{
  *self = (VcCsvStore) { .field = field };
  self->values = vc_buffer_alloc0 (vc_values_size (field->type, FIRST_ROWS), 1);
  self->room = FIRST_ROWS;
  if (field->type == VC_COLUMN_TYPE_TEXT)
    self->interner = vc_interner_new ();
  return self->values != NULL && (field->type != VC_COLUMN_TYPE_TEXT || self->interner != NULL);
}

static guint8 *
grow_bits (guint8 *bits, gsize old_rows, gsize new_rows)
{
  guint8 *grown = vc_buffer_realloc (bits, vc_bits_size (old_rows), vc_bits_size (new_rows), 1);

  if (grown != NULL)
    memset (grown + vc_bits_size (old_rows), 0, vc_bits_size (new_rows) - vc_bits_size (old_rows));
  return grown;
}

/* To the rows expected in all, where they are known; pages that are never written cost nothing. Otherwise by half. */
static gboolean
grow (VcCsvStore *self, gsize least, gsize expected)
{
  gsize room = MAX (least, expected > least ? expected : self->room + self->room / 2);
  VcColumnType type = self->field->type;
  gpointer values;

  if (type == VC_COLUMN_TYPE_BOOLEAN)
    values = grow_bits (self->values, self->room, room);
  else
    values = vc_buffer_realloc (self->values, vc_values_size (type, self->n_rows), vc_values_size (type, room), 1);
  if (values == NULL)
    return FALSE;
  self->values = values;
  if (self->validity != NULL) {
    guint8 *validity = grow_bits (self->validity, self->room, room);

    if (validity == NULL)
      return FALSE;
    self->validity = validity;
  }
  self->room = room;
  return TRUE;
}

static void
set_bits (guint8 *bits, gsize start, gsize end)
{
  for (; start < end && start % 8 != 0; start++)
    vc_bit_set (bits, start);
  memset (bits + start / 8, 0xff, (end - start) / 8);
  for (start = MAX (start, end & ~(gsize) 7); start < end; start++)
    vc_bit_set (bits, start);
}

static gboolean
append_validity (VcCsvStore *self, const VcCsvScratch *scratch, gsize n_rows)
{
  if (self->validity == NULL) {
    if (scratch->n_nulls == 0)
      return TRUE;
    self->validity = vc_buffer_alloc0 (vc_bits_size (self->room), 1);
    if (self->validity == NULL)
      return FALSE;
    set_bits (self->validity, 0, self->n_rows);
  }
  set_bits (self->validity, self->n_rows, self->n_rows + n_rows);
  for (gsize i = 0; i < scratch->n_nulls; i++)
    vc_bit_clear (self->validity, self->n_rows + scratch->nulls[i]);
  return TRUE;
}

/* Codes stand without the nulls first, and are then moved to their rows, from the last. */
static gboolean
append_codes (VcCsvStore *self, const VcCsvLane *lane, const VcCsvScratch *scratch)
{
  gint32 *codes = (gint32 *) self->values + self->n_rows;
  gsize n_nulls = scratch->n_nulls;

  if (!vc_interner_add_many (self->interner, lane->base, scratch->slices, lane->n_rows - n_nulls, codes))
    return FALSE;
  for (gsize row = lane->n_rows; n_nulls > 0; row--) {
    if (scratch->nulls[n_nulls - 1] == row - 1) {
      n_nulls--;
      codes[row - 1] = 0;
    } else {
      codes[row - 1] = codes[row - 1 - n_nulls];
    }
  }
  return TRUE;
}

/* Where no two of an eighth of all rows have the same text, most of the others will not either: what finds them is made
 * as large as it will be at once, and never stands beside one of half the size. Told from fewer rows, that would be a
 * guess too dear: the first of many flows may well each come from another party. */
static gboolean
reserve_labels (VcCsvStore *self, gsize expected)
{
  if (self->interner == NULL || vc_interner_size (self->interner) < MAX (self->n_rows, 1) || self->n_rows < expected / 8
      || expected > G_MAXINT32)
    return TRUE;
  return vc_interner_reserve (self->interner, (guint32) expected);
}

gboolean
vc_csv_store_append (VcCsvStore *self, const VcCsvLane *lane, guint field, gsize expected)
{
  const VcCsvScratch *scratch = &lane->scratch[field];

  if (!reserve_labels (self, expected))
    return FALSE;
  if (self->room - self->n_rows < lane->n_rows && !grow (self, self->n_rows + lane->n_rows, expected))
    return FALSE;
  switch (self->field->type) {
    case VC_COLUMN_TYPE_TEXT:
      if (!append_codes (self, lane, scratch))
        return FALSE;
      break;
    case VC_COLUMN_TYPE_BOOLEAN:
      for (gsize i = 0; i < lane->n_rows; i++)
        if (scratch->bytes[i])
          vc_bit_set (self->values, self->n_rows + i);
      break;
    case VC_COLUMN_TYPE_DOUBLE:
    case VC_COLUMN_TYPE_INT64:
    case VC_COLUMN_TYPE_TIME:
    default:
      memcpy ((gint64 *) self->values + self->n_rows, scratch->any, lane->n_rows * sizeof (gint64));
  }
  if (!append_validity (self, scratch, lane->n_rows))
    return FALSE;
  self->n_rows += lane->n_rows;
  return TRUE;
}

VcColumn *
vc_csv_store_finish (VcCsvStore *self)
{
  g_autoptr (VcStrings) labels = NULL;

  if (self->interner != NULL) {
    labels = vc_interner_finish (self->interner);
    if (labels == NULL)
      return NULL;
  }
  return vc_column_new_take (self->field->name, self->field->type, self->n_rows, g_steal_pointer (&self->values),
                             g_steal_pointer (&self->validity), labels);
}

void
vc_csv_store_clear (VcCsvStore *self)
{
  g_clear_pointer (&self->values, vc_buffer_free);
  g_clear_pointer (&self->validity, vc_buffer_free);
  g_clear_pointer (&self->interner, vc_interner_free);
}
