/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public constructors of VcColumn: each copies once and checks all it copies. */
#include "vc-column-private.h"

#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"

/* Names, never contents: a message may go where the data may not. */
static gboolean
refuse (GError **error, VcImportError code, const char *name, const char *problem)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "column \"%s\": %s", name, problem);
  return FALSE;
}

static gboolean
refuse_row (GError **error, VcImportError code, const char *name, gsize row, const char *problem)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "column \"%s\", row %" G_GSIZE_FORMAT " (counted from 0): %s", name, row,
               problem);
  return FALSE;
}

static gboolean
refuse_memory (GError **error, const char *name)
{
  return refuse (error, VC_IMPORT_ERROR_NO_MEMORY, name, "no memory for the values");
}

static gboolean
check_name (const char *name, GError **error)
{
  if (!g_utf8_validate (name, -1, NULL)) {
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_ENCODING, "the name of a column is not valid UTF-8");
    return FALSE;
  }
  return TRUE;
}

static gpointer
copy_values (const char *name, const void *source, gsize n, gsize size, GError **error)
{
  gpointer values = vc_buffer_alloc (n, size);

  if (values == NULL)
    refuse_memory (error, name);
  else if (n > 0)
    memcpy (values, source, n * size);
  return values;
}

/* Doubles must be finite where valid; where null they become 0, so that no buffer that leaves here holds a NaN. */
gboolean
vc_column_settle_doubles (const char *name, double *values, gsize n, const guint8 *validity, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    if (!vc_bit_is_set (validity, i))
      values[i] = 0;
    else if (!isfinite (values[i]))
      return refuse_row (error, VC_IMPORT_ERROR_RANGE, name, i, "the number is not finite");
  }
  return TRUE;
}

static void
settle_int64s (gint64 *values, gsize n, const guint8 *validity)
{
  for (gsize i = 0; i < n && validity != NULL; i++)
    if (!vc_bit_is_set (validity, i))
      values[i] = 0;
}

static gboolean
settle_codes (const char *name, gint32 *codes, gsize n, const guint8 *validity, guint32 n_labels, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    if (!vc_bit_is_set (validity, i))
      codes[i] = 0;
    else if ((guint32) codes[i] >= n_labels)
      return refuse_row (error, VC_IMPORT_ERROR_RANGE, name, i, "the code is outside the labels");
  }
  return TRUE;
}

/* Bits outside the rows and under nulls are cleared. */
static void
settle_bits (guint8 *bits, gsize n, const guint8 *validity)
{
  for (gsize i = 0; i < vc_bits_size (n) && validity != NULL; i++)
    bits[i] &= validity[i];
}

/**
 * vc_column_new_doubles:
 * @name: a name
 * @values: (array length=n_values): numbers, each finite
 * @n_values: how many
 * @error: where an error is returned
 *
 * Makes a column of doubles without nulls. Through a binding this is for small inputs; large ones come by address or
 * as an Arrow stream.
 *
 * Errors: %VC_IMPORT_ERROR_RANGE for a number that is not finite, %VC_IMPORT_ERROR_ENCODING for a name that is not
 * UTF-8, %VC_IMPORT_ERROR_NO_MEMORY.
 *
 * Returns: (transfer full): a new column, or %NULL
 */
VcColumn *
vc_column_new_doubles (const char *name, const double *values, gsize n_values, GError **error)
{
  VC_BUFFER (double) copy = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (values != NULL || n_values == 0, NULL);

  if (!check_name (name, error))
    return NULL;
  copy = copy_values (name, values, n_values, sizeof (double), error);
  if (copy == NULL || !vc_column_settle_doubles (name, copy, n_values, NULL, error))
    return NULL;
  return vc_column_new_take (name, VC_COLUMN_TYPE_DOUBLE, n_values, g_steal_pointer (&copy), NULL, NULL);
}

/* Checked and interned; `distinct`: a label that stands twice is refused. Codes may be NULL. */
static VcStrings *
intern_texts (const char *name, const char *const *texts, gint32 *codes, gboolean distinct, GError **error)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  VcStrings *labels;

  for (gsize i = 0; interner != NULL && texts[i] != NULL; i++) {
    const gsize length = strlen (texts[i]);
    gint32 code;

    if (!g_utf8_validate (texts[i], (gssize) length, NULL)) {
      refuse_row (error, VC_IMPORT_ERROR_ENCODING, name, i, "the text is not valid UTF-8");
      return NULL;
    }
    code = vc_interner_add (interner, texts[i], length);
    if (code < 0) {
      refuse_memory (error, name);
      return NULL;
    }
    if (distinct && (gsize) code != i) {
      refuse_row (error, VC_IMPORT_ERROR_DUPLICATE, name, i, "the label stands twice");
      return NULL;
    }
    if (codes != NULL)
      codes[i] = code;
  }
  labels = interner != NULL ? vc_interner_finish (interner) : NULL;
  if (labels == NULL)
    refuse_memory (error, name);
  return labels;
}

/**
 * vc_column_new_texts:
 * @name: a name
 * @values: (array zero-terminated=1): texts
 * @error: where an error is returned
 *
 * Makes a column of text without nulls. Where the texts are coded already, [ctor@Column.new_coded] is much faster.
 *
 * Errors: %VC_IMPORT_ERROR_ENCODING for what is not UTF-8, %VC_IMPORT_ERROR_NO_MEMORY.
 *
 * Returns: (transfer full): a new column, or %NULL
 */
VcColumn *
vc_column_new_texts (const char *name, const char *const *values, GError **error)
{
  VC_BUFFER (gint32) codes = NULL;
  g_autoptr (VcStrings) labels = NULL;
  gsize n_rows = 0;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (values != NULL, NULL);

  if (!check_name (name, error))
    return NULL;
  while (values[n_rows] != NULL)
    n_rows++;
  codes = vc_buffer_new (gint32, n_rows);
  if (codes == NULL) {
    refuse_memory (error, name);
    return NULL;
  }
  labels = intern_texts (name, values, codes, FALSE, error);
  if (labels == NULL)
    return NULL;
  return vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, n_rows, g_steal_pointer (&codes), NULL, labels);
}

/* A copy of the bits with what lies behind the last row cleared; *copy is NULL where there is nothing to copy. */
static gboolean
copy_bits (const char *name, GBytes *bytes, gsize n_rows, guint8 **copy, GError **error)
{
  *copy = NULL;
  if (bytes == NULL)
    return TRUE;
  if (g_bytes_get_size (bytes) < vc_bits_size (n_rows))
    return refuse (error, VC_IMPORT_ERROR_FIELD_COUNT, name, "there are fewer bits than rows");
  *copy = copy_values (name, g_bytes_get_data (bytes, NULL), vc_bits_size (n_rows), 1, error);
  if (*copy == NULL)
    return FALSE;
  if (n_rows % 8 != 0)
    (*copy)[n_rows / 8] &= (guint8) ((1u << (n_rows % 8)) - 1);
  return TRUE;
}

/* A bit a row from a byte a row. */
static guint8 *
pack_booleans (const char *name, const guint8 *source, gsize n_rows, GError **error)
{
  guint8 *bits = vc_buffer_new0 (guint8, vc_bits_size (n_rows));

  if (bits == NULL) {
    refuse_memory (error, name);
    return NULL;
  }
  for (gsize i = 0; i < n_rows; i++)
    if (source[i] != 0)
      vc_bit_set (bits, i);
  return bits;
}

/**
 * vc_column_new_from_bytes:
 * @name: a name
 * @type: what the values are; text needs labels too: see [ctor@Column.new_coded]
 * @values: 8 bytes a row, or a byte a row for booleans (0 is false)
 * @validity: (nullable): a bit a row, set where the row has a value, or %NULL where every row has
 * @error: where an error is returned
 *
 * Makes a column of numbers, times or booleans from a copy of bytes in the machine's order.
 *
 * Errors: %VC_IMPORT_ERROR_FIELD_COUNT where sizes disagree, %VC_IMPORT_ERROR_RANGE for a number that is valid but not
 * finite, %VC_IMPORT_ERROR_VALUE for text, %VC_IMPORT_ERROR_ENCODING for the name, %VC_IMPORT_ERROR_NO_MEMORY.
 *
 * Returns: (transfer full): a new column, or %NULL
 */
VcColumn *
vc_column_new_from_bytes (const char *name, VcColumnType type, GBytes *values, GBytes *validity, GError **error)
{
  const gboolean is_boolean = type == VC_COLUMN_TYPE_BOOLEAN;
  VC_BUFFER (void) copy = NULL;
  VC_BUFFER (guint8) valid = NULL;
  gsize size, n_rows;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail ((guint) type <= VC_COLUMN_TYPE_TIME, NULL);
  g_return_val_if_fail (values != NULL, NULL);

  if (!check_name (name, error))
    return NULL;
  size = g_bytes_get_size (values);
  n_rows = is_boolean ? size : size / 8;
  if (type == VC_COLUMN_TYPE_TEXT) {
    refuse (error, VC_IMPORT_ERROR_VALUE, name, "text needs labels");
    return NULL;
  }
  if (!is_boolean && size % 8 != 0) {
    refuse (error, VC_IMPORT_ERROR_FIELD_COUNT, name, "the size is no multiple of 8 bytes");
    return NULL;
  }
  copy = is_boolean ? pack_booleans (name, g_bytes_get_data (values, NULL), n_rows, error)
                    : copy_values (name, g_bytes_get_data (values, NULL), size, 1, error);
  if (copy == NULL || !copy_bits (name, validity, n_rows, &valid, error))
    return NULL;
  if (is_boolean)
    settle_bits (copy, n_rows, valid);
  else if (type == VC_COLUMN_TYPE_DOUBLE && !vc_column_settle_doubles (name, copy, n_rows, valid, error))
    return NULL;
  else if (type != VC_COLUMN_TYPE_DOUBLE)
    settle_int64s (copy, n_rows, valid);
  return vc_column_new_take (name, type, n_rows, g_steal_pointer (&copy), g_steal_pointer (&valid), NULL);
}

/**
 * vc_column_new_coded:
 * @name: a name
 * @codes: a 32-bit signed integer a row, in the machine's order
 * @labels: (array zero-terminated=1): the text that each code stands for, from code 0; no label stands twice
 * @validity: (nullable): a bit a row, set where the row has a value, or %NULL where every row has
 * @error: where an error is returned
 *
 * Makes a column of text from codes and labels, as categorical columns of data frames hold them.
 *
 * Errors: %VC_IMPORT_ERROR_RANGE for a valid code that has no label, %VC_IMPORT_ERROR_DUPLICATE for a label that stands
 * twice, %VC_IMPORT_ERROR_FIELD_COUNT where sizes disagree, %VC_IMPORT_ERROR_ENCODING for what is not UTF-8,
 * %VC_IMPORT_ERROR_NO_MEMORY.
 *
 * Returns: (transfer full): a new column, or %NULL
 */
VcColumn *
vc_column_new_coded (const char *name, GBytes *codes, const char *const *labels, GBytes *validity, GError **error)
{
  VC_BUFFER (gint32) copy = NULL;
  VC_BUFFER (guint8) valid = NULL;
  g_autoptr (VcStrings) strings = NULL;
  gsize n_rows;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (codes != NULL, NULL);
  g_return_val_if_fail (labels != NULL, NULL);

  if (!check_name (name, error))
    return NULL;
  n_rows = g_bytes_get_size (codes) / sizeof (gint32);
  if (g_bytes_get_size (codes) % sizeof (gint32) != 0) {
    refuse (error, VC_IMPORT_ERROR_FIELD_COUNT, name, "the size is no multiple of 4 bytes");
    return NULL;
  }
  strings = intern_texts (name, labels, NULL, TRUE, error);
  copy = strings != NULL ? copy_values (name, g_bytes_get_data (codes, NULL), n_rows, sizeof (gint32), error) : NULL;
  if (copy == NULL || !copy_bits (name, validity, n_rows, &valid, error)
      || !settle_codes (name, copy, n_rows, valid, strings->n_labels, error))
    return NULL;
  return vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, n_rows, g_steal_pointer (&copy), g_steal_pointer (&valid),
                             strings);
}

/* Marks row `i` of `n` as null in *validity, which is made when the first null comes. */
static gboolean
mark_null (guint8 **validity, gsize i, gsize n)
{
  if (*validity == NULL) {
    *validity = vc_buffer_new (guint8, vc_bits_size (n));
    if (*validity == NULL)
      return FALSE;
    memset (*validity, 0xff, vc_bits_size (n));
  }
  vc_bit_clear (*validity, i);
  return TRUE;
}

/* Data frames without validity mark what is missing in the values: NaN, NaT (the least integer), -1. */
gboolean
vc_column_find_missing (const char *name, VcColumnType type, const void *values, gsize n, guint8 **validity,
                        GError **error)
{
  for (gsize i = 0; i < n; i++) {
    gboolean missing = FALSE;

    if (type == VC_COLUMN_TYPE_DOUBLE)
      missing = isnan (((const double *) values)[i]);
    else if (type == VC_COLUMN_TYPE_TIME)
      missing = ((const gint64 *) values)[i] == G_MININT64;
    else if (type == VC_COLUMN_TYPE_TEXT)
      missing = ((const gint32 *) values)[i] == -1;
    if (missing && !mark_null (validity, i, n))
      return refuse_memory (error, name);
  }
  return TRUE;
}

/**
 * vc_column_new_from_address:
 * @name: a name
 * @type: what the values are, but for text: see [ctor@Column.new_coded_from_address]
 * @address: where the values lie: 8 bytes a row in the machine's order, or a byte a row for booleans (0 is false)
 * @n_rows: the number of rows
 * @error: where an error is returned
 *
 * Makes a column from memory that belongs to the caller, as NumPy arrays and typed arrays have it. It is copied once
 * and not looked at again.
 *
 * What data frames mark as missing is null: NaN among doubles, the least 64-bit integer ("NaT") among times.
 *
 * The caller answers for the address: that @n_rows values can be read there.
 *
 * Errors: %VC_IMPORT_ERROR_RANGE for an infinite number, %VC_IMPORT_ERROR_VALUE for text, %VC_IMPORT_ERROR_ENCODING for
 * the name, %VC_IMPORT_ERROR_NO_MEMORY.
 *
 * Returns: (transfer full): a new column, or %NULL
 */
VcColumn *
vc_column_new_from_address (const char *name, VcColumnType type, guint64 address, guint64 n_rows, GError **error)
{
  const void *source = (const void *) (guintptr) address;
  VC_BUFFER (void) copy = NULL;
  VC_BUFFER (guint8) valid = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail ((guint) type <= VC_COLUMN_TYPE_TIME, NULL);
  g_return_val_if_fail (address != 0 || n_rows == 0, NULL);

  if (!check_name (name, error))
    return NULL;
  if (type == VC_COLUMN_TYPE_TEXT) {
    refuse (error, VC_IMPORT_ERROR_VALUE, name, "text needs labels");
    return NULL;
  }
  copy = type == VC_COLUMN_TYPE_BOOLEAN ? pack_booleans (name, source, n_rows, error)
                                        : copy_values (name, source, n_rows, sizeof (gint64), error);
  if (copy == NULL || !vc_column_find_missing (name, type, copy, n_rows, &valid, error))
    return NULL;
  if (type == VC_COLUMN_TYPE_DOUBLE && !vc_column_settle_doubles (name, copy, n_rows, valid, error))
    return NULL;
  if (type == VC_COLUMN_TYPE_INT64 || type == VC_COLUMN_TYPE_TIME)
    settle_int64s (copy, n_rows, valid);
  return vc_column_new_take (name, type, n_rows, g_steal_pointer (&copy), g_steal_pointer (&valid), NULL);
}

/**
 * vc_column_new_coded_from_address:
 * @name: a name
 * @address: where the codes lie: a 32-bit signed integer a row, in the machine's order; -1 is null
 * @n_rows: the number of rows
 * @labels: (array zero-terminated=1): the text that each code stands for, from code 0; no label stands twice
 * @error: where an error is returned
 *
 * Makes a column of text from codes that belong to the caller, as a categorical column of a data frame has them. They
 * are copied once.
 *
 * Errors: those of [ctor@Column.new_coded].
 *
 * Returns: (transfer full): a new column, or %NULL
 */
VcColumn *
vc_column_new_coded_from_address (const char *name, guint64 address, guint64 n_rows, const char *const *labels,
                                  GError **error)
{
  const void *source = (const void *) (guintptr) address;
  VC_BUFFER (gint32) copy = NULL;
  VC_BUFFER (guint8) valid = NULL;
  g_autoptr (VcStrings) strings = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (address != 0 || n_rows == 0, NULL);
  g_return_val_if_fail (labels != NULL, NULL);

  if (!check_name (name, error))
    return NULL;
  strings = intern_texts (name, labels, NULL, TRUE, error);
  copy = strings != NULL ? copy_values (name, source, n_rows, sizeof (gint32), error) : NULL;
  if (copy == NULL || !vc_column_find_missing (name, VC_COLUMN_TYPE_TEXT, copy, n_rows, &valid, error)
      || !settle_codes (name, copy, n_rows, valid, strings->n_labels, error))
    return NULL;
  return vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, n_rows, g_steal_pointer (&copy), g_steal_pointer (&valid),
                             strings);
}
