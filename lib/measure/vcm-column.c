/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcm-column.h"

#include <string.h>

#include "numeric/vcn-private.h"

gboolean
vcm_column_init (VcmColumn *self, guint64 n_rows, GError **error)
{
  *self = (VcmColumn) { .n_rows = n_rows };
  self->values = vc_buffer_new (double, n_rows);
  self->validity = vc_buffer_new (guint8, n_rows / 8 + 1);
  return (self->values != NULL && self->validity != NULL) || vcn_fail_memory (error);
}

void
vcm_column_clear (VcmColumn *self)
{
  g_clear_pointer (&self->values, vc_buffer_free);
  g_clear_pointer (&self->validity, vc_buffer_free);
}

void
vcm_column_seal (VcmColumn *self, guint64 start, guint64 end)
{
  guint n_nulls = 0, n_infinities = 0;

  for (guint64 first = start; first < end; first += 8) {
    guint64 last = MIN (first + 8, end);
    guint8 valid = 0;

    for (guint64 i = first; i < last; i++) {
      gboolean is_null = isnan (self->values[i]);

      n_infinities += isinf (self->values[i]) != 0;
      n_nulls += is_null;
      self->values[i] = is_null ? 0 : self->values[i];
      valid |= (guint8) (!is_null << (i - first));
    }
    self->validity[first / 8] = valid;
  }
  if (n_nulls > 0)
    __atomic_store_n (&self->has_nulls, 1, __ATOMIC_RELAXED);
  if (n_infinities > 0)
    __atomic_store_n (&self->has_infinities, 1, __ATOMIC_RELAXED);
}

/* Takes `column`. */
static VcColumn *
describe (VcColumn *column, const char *unit, const char *description)
{
  g_autoptr (VcColumn) plain = column;

  return vc_column_described (plain, NULL, unit, description);
}

VcColumn *
vcm_column_finish (VcmColumn *self, const char *name, const char *unit, const char *description, GError **error)
{
  if (self->has_infinities) {
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE, "the amounts are too large for column \"%s\"",
                 name);
    return NULL;
  }
  if (!self->has_nulls)
    g_clear_pointer (&self->validity, vc_buffer_free);
  return describe (vc_column_new_take (name, VC_COLUMN_TYPE_DOUBLE, self->n_rows, g_steal_pointer (&self->values),
                                       g_steal_pointer (&self->validity), NULL),
                   unit, description);
}

VcColumn *
vcm_column_of_parties (const VcChainArrays *chain, gint32 *parties, guint64 n_rows, const char *name,
                       const char *description)
{
  return describe (vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, n_rows, parties, NULL, (VcStrings *) chain->ids),
                   NULL, description);
}

VcColumn *
vcm_column_of_counts (const char *name, gint64 *counts, guint64 n_rows, const char *unit, const char *description)
{
  return describe (vc_column_new_take (name, VC_COLUMN_TYPE_INT64, n_rows, counts, NULL, NULL), unit, description);
}

VcColumn *
vcm_column_of_few (const char *name, const double *values, guint n_rows, const char *description, GError **error)
{
  g_auto (VcmColumn) column = { 0 };

  if (!vcm_column_init (&column, n_rows, error))
    return NULL;
  memcpy (column.values, values, n_rows * sizeof *values);
  vcm_column_seal (&column, 0, n_rows);
  return vcm_column_finish (&column, name, NULL, description, error);
}

VcColumn *
vcm_column_of_few_counts (const char *name, const guint64 *counts, guint n_rows, const char *description,
                          GError **error)
{
  VC_BUFFER (gint64) copies = vc_buffer_new (gint64, n_rows);

  if (copies == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  for (guint i = 0; i < n_rows; i++)
    copies[i] = (gint64) counts[i];
  return vcm_column_of_counts (name, g_steal_pointer (&copies), n_rows, NULL, description);
}

static VcStrings *
intern_words (const char *const *words, guint n_words, gint32 *codes)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();

  if (interner == NULL)
    return NULL;
  for (guint i = 0; i < n_words; i++) {
    const char *word = words[i] != NULL ? words[i] : "";

    codes[i] = vc_interner_add (interner, word, strlen (word));
    if (codes[i] < 0)
      return NULL;
  }
  return vc_interner_finish (interner);
}

VcColumn *
vcm_column_of_words (const char *name, const char *const *words, guint n_rows, const char *description, GError **error)
{
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, n_rows);
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, n_rows / 8 + 1);
  g_autoptr (VcStrings) labels = NULL;
  guint n_nulls = 0;

  if (codes != NULL && validity != NULL)
    labels = intern_words (words, n_rows, codes);
  if (labels == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  for (guint i = 0; i < n_rows; i++) {
    if (words[i] != NULL)
      vc_bit_set (validity, i);
    else
      n_nulls++;
  }
  if (n_nulls == 0)
    g_clear_pointer (&validity, vc_buffer_free);
  return describe (vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, n_rows, g_steal_pointer (&codes),
                                       g_steal_pointer (&validity), labels),
                   NULL, description);
}

VcColumn *
vcm_column_of_codes (const char *name, gint32 *codes, guint64 n_rows, const char *const *words, guint n_words,
                     const char *description, GError **error)
{
  VC_BUFFER (gint32) taken = codes;
  VC_BUFFER (gint32) in_order = vc_buffer_new (gint32, n_words);
  g_autoptr (VcStrings) labels = in_order == NULL ? NULL : intern_words (words, n_words, in_order);

  if (labels == NULL) {
    vcn_fail_memory (error);
    return NULL;
  }
  return describe (vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, n_rows, g_steal_pointer (&taken), NULL, labels), NULL,
                   description);
}

VcTable *
vcm_table_of (const char *name, VcColumn **columns, guint n_columns, GError **error)
{
  VcTable *table = vc_table_new_take (name, columns, n_columns);

  if (table == NULL && error != NULL && *error == NULL)
    vcn_fail_memory (error);
  return table;
}
