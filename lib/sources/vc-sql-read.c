/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-sql-table-private.h"

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"

#include <math.h>
#include <string.h>

/* Rows between two looks at how far it has come. */
#define ROWS_PER_LOOK 65536
#define TWO_TO_62 0x1p62

/* A column that is being read. */
typedef struct {
  const VcSqlColumn *column;
  gpointer           values;
  guint8            *validity;
  gsize              n_nulls;
  VcInterner        *interner; /* text */
  gint32             last;     /* the code of the row above, which the next often has too; -1: none */
} Store;

typedef struct {
  VcSqlite     *file;
  const char   *sql_table;
  VcSqlParties *parties;
  VcLimits     *limits;
  sqlite3_stmt *statement;
  gint64        key; /* of the row that is read */
  gsize         n;   /* rows read */
  gsize         capacity;
  Store        *stores;
  gsize         n_stores;
} Reader;

static void
reader_clear (Reader *self)
{
  for (gsize i = 0; self->stores != NULL && i < self->n_stores; i++) {
    vc_buffer_free (self->stores[i].values);
    vc_buffer_free (self->stores[i].validity);
    g_clear_pointer (&self->stores[i].interner, vc_interner_free);
  }
  g_free (self->stores);
  sqlite3_finalize (self->statement);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

void
vc_sql_parties_clear (VcSqlParties *self)
{
  g_clear_pointer (&self->keys, vc_buffer_free);
  g_clear_pointer (&self->ids, vc_strings_unref);
}

/* ---- what is wrong ---- */

static gboolean
refuse_cell (const Reader *self, const Store *store, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s %" G_GINT64_FORMAT ", %s: %s", vc_sqlite_name (self->file), self->sql_table,
               self->key, store != NULL ? store->column->name : "key", what);
  return FALSE;
}

static gboolean
refuse_damage (const Reader *self, GError **error)
{
  return vc_sqlite_fail (self->file, SQLITE_CORRUPT, error);
}

static gboolean
refuse_memory (const Reader *self, GError **error)
{
  return vc_sqlite_fail (self->file, SQLITE_NOMEM, error);
}

/* ---- cells ---- */

/* The row of the party with that key, or -1. In a file as we write it, keys are rows + 1. */
static gint64
find_party (const VcSqlParties *parties, gint64 key)
{
  gsize low = 0, high = parties->n;

  if (key >= 1 && (guint64) key <= parties->n && parties->keys[key - 1] == key)
    return key - 1;
  while (low < high) {
    gsize middle = low + (high - low) / 2;

    if (parties->keys[middle] == key)
      return (gint64) middle;
    if (parties->keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return -1;
}

static gboolean
read_party (const Reader *self, Store *store, int index, GError **error)
{
  gint64 row;

  if (sqlite3_column_type (self->statement, index) != SQLITE_INTEGER)
    return refuse_cell (self, store, VC_IMPORT_ERROR_NUMBER, "is no key of a party", error);
  row = find_party (self->parties, sqlite3_column_int64 (self->statement, index));
  if (row < 0)
    return refuse_cell (self, store, VC_IMPORT_ERROR_REFERENCE, "names no known party", error);
  ((gint32 *) store->values)[self->n] = (gint32) row;
  return TRUE;
}

static gboolean
add_label (const Reader *self, Store *store, const char *text, gsize length, GError **error)
{
  const guint32 n_labels = vc_interner_size (store->interner);

  if (length > vc_limits_get_max_field_size (self->limits))
    return refuse_cell (self, store, VC_IMPORT_ERROR_LIMIT, "is longer than allowed", error);
  store->last = vc_interner_add (store->interner, text, length);
  if (store->last < 0)
    return refuse_memory (self, error);
  if (vc_interner_size (store->interner) == n_labels || g_utf8_validate (text, (gssize) length, NULL))
    return TRUE;
  if (memchr (text, '\0', length) != NULL)
    return refuse_cell (self, store, VC_IMPORT_ERROR_NUL, "holds a NUL byte", error);
  return refuse_cell (self, store, VC_IMPORT_ERROR_ENCODING, "is not valid UTF-8", error);
}

static gboolean
is_last (const Store *store, const char *text, gsize length)
{
  gsize last_length;
  const char *last = store->last >= 0 ? vc_interner_peek (store->interner, (guint32) store->last, &last_length) : NULL;

  return last != NULL && last_length == length && memcmp (last, text, length) == 0;
}

/* As a blob: SQLite would copy a text to end it with NUL. The database is in UTF-8 throughout. */
static gboolean
read_text (const Reader *self, Store *store, int index, GError **error)
{
  const char *text;
  gsize length;

  if (sqlite3_column_type (self->statement, index) != SQLITE_TEXT)
    return refuse_cell (self, store, VC_IMPORT_ERROR_VALUE, "is no text", error);
  text = sqlite3_column_blob (self->statement, index);
  length = (gsize) sqlite3_column_bytes (self->statement, index);
  if (text == NULL)
    text = "";
  if (!is_last (store, text, length) && !add_label (self, store, text, length, error))
    return FALSE;
  ((gint32 *) store->values)[self->n] = store->last;
  return TRUE;
}

/* Whole numbers are numbers too, where a double holds them. */
static gboolean
read_double (const Reader *self, Store *store, int index, GError **error)
{
  double *place = (double *) store->values + self->n;
  const int type = sqlite3_column_type (self->statement, index);

  if (type != SQLITE_FLOAT && type != SQLITE_INTEGER)
    return refuse_cell (self, store, VC_IMPORT_ERROR_NUMBER, "is no number", error);
  *place = sqlite3_column_double (self->statement, index);
  if (type == SQLITE_INTEGER && (gint64) CLAMP (*place, -TWO_TO_62, TWO_TO_62) != sqlite3_column_int64 (self->statement, index))
    return refuse_cell (self, store, VC_IMPORT_ERROR_RANGE, "is a whole number that no double holds", error);
  return isfinite (*place) || refuse_cell (self, store, VC_IMPORT_ERROR_RANGE, "is not finite", error);
}

static gboolean
read_integer (const Reader *self, Store *store, int index, GError **error)
{
  gint64 value;

  if (sqlite3_column_type (self->statement, index) != SQLITE_INTEGER)
    return refuse_cell (self, store, VC_IMPORT_ERROR_NUMBER, "is no whole number", error);
  value = sqlite3_column_int64 (self->statement, index);
  if (store->column->type != VC_COLUMN_TYPE_BOOLEAN)
    ((gint64 *) store->values)[self->n] = value;
  else if (value == 1)
    vc_bit_set (store->values, self->n);
  else if (value != 0)
    return refuse_cell (self, store, VC_IMPORT_ERROR_VALUE, "is neither 0 nor 1", error);
  return TRUE;
}

static gboolean
read_cell (const Reader *self, Store *store, int index, GError **error)
{
  if (sqlite3_column_type (self->statement, index) == SQLITE_NULL) {
    store->n_nulls++;
    if (store->column->type == VC_COLUMN_TYPE_TEXT)
      ((gint32 *) store->values)[self->n] = 0;
    else if (store->column->type != VC_COLUMN_TYPE_BOOLEAN)
      ((gint64 *) store->values)[self->n] = 0;
    return TRUE;
  }
  vc_bit_set (store->validity, self->n);
  if (store->column->is_party)
    return read_party (self, store, index, error);
  switch (store->column->type) {
    case VC_COLUMN_TYPE_TEXT:
      return read_text (self, store, index, error);
    case VC_COLUMN_TYPE_DOUBLE:
      return read_double (self, store, index, error);
    default:
      return read_integer (self, store, index, error);
  }
}

/* ---- rows ---- */

static gboolean
resize (gpointer *buffer, gsize old_size, gsize new_size)
{
  gpointer larger = vc_buffer_realloc (*buffer, old_size, new_size, 1);

  if (larger == NULL)
    return FALSE;
  *buffer = larger;
  if (new_size > old_size)
    memset ((guint8 *) larger + old_size, 0, new_size - old_size);
  return TRUE;
}

static gboolean
set_capacity (Reader *self, gsize capacity)
{
  for (gsize i = 0; i < self->n_stores; i++) {
    Store *store = &self->stores[i];
    const VcColumnType type = store->column->type;
    gpointer validity = store->validity;

    if (!resize (&store->values, vc_values_size (type, self->capacity), vc_values_size (type, capacity)))
      return FALSE;
    if (!resize (&validity, vc_bits_size (self->capacity), vc_bits_size (capacity)))
      return FALSE;
    store->validity = validity;
  }
  self->capacity = capacity;
  return TRUE;
}

/* A tree of pages that runs in a circle, or into another, does not ascend. */
static gboolean
read_key (Reader *self, GError **error)
{
  const gint64 key = sqlite3_column_int64 (self->statement, 0);

  if (self->n > 0 && key <= self->key)
    return refuse_damage (self, error);
  self->key = key;
  if (self->n < MIN (vc_limits_get_max_rows (self->limits), G_MAXINT32 - 1))
    return TRUE;
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: %s: there are more rows than allowed", vc_sqlite_name (self->file),
               self->sql_table);
  return FALSE;
}

static gboolean
read_row (Reader *self, GError **error)
{
  if (!read_key (self, error))
    return FALSE;
  if (self->n == self->capacity && !set_capacity (self, self->n + self->n / 2 + 64))
    return refuse_memory (self, error);
  for (gsize i = 0; i < self->n_stores; i++)
    if (!read_cell (self, &self->stores[i], (int) i + 1, error))
      return FALSE;
  self->n++;
  return TRUE;
}

/* How many rows there are is not known: what has come is held against twice as much. */
static gboolean
read_rows (Reader *self, VcProgress *progress, GError **error)
{
  gboolean has_row = TRUE;

  while (vc_sqlite_step (self->file, self->statement, &has_row, error)) {
    if (!has_row)
      return set_capacity (self, self->n) || refuse_memory (self, error);
    if (!read_row (self, error))
      return FALSE;
    if (self->n % ROWS_PER_LOOK == 0 && progress != NULL)
      vc_progress_update (progress, (double) self->n / (double) (self->n + (16 << 20)), self->sql_table);
  }
  return FALSE;
}

/* ---- columns ---- */

/* Ids that are missing or stand twice are no keys to anything. */
static gboolean
settle_ids (Reader *self, Store *store, VcStrings *labels, GError **error)
{
  const gint32 *codes = store->values;

  if (self->n != self->parties->n)
    return refuse_damage (self, error);
  for (gsize i = 0; i < self->n; i++) {
    const gboolean missing = !vc_bit_is_set (store->validity, i);

    if (!missing && (gsize) codes[i] == i)
      continue;
    self->key = self->parties->keys[i];
    return refuse_cell (self, store, missing ? VC_IMPORT_ERROR_MISSING : VC_IMPORT_ERROR_DUPLICATE,
                        missing ? "is missing" : "stands there already", error);
  }
  self->parties->ids = vc_strings_ref (labels);
  return TRUE;
}

static VcColumn *
take_column (Reader *self, Store *store, GError **error)
{
  g_autoptr (VcStrings) labels = NULL;
  VcColumn *column;

  if (store->column->is_party)
    labels = vc_strings_ref (self->parties->ids);
  else if (store->column->type == VC_COLUMN_TYPE_TEXT)
    labels = vc_interner_finish (store->interner);
  if (store->column->type == VC_COLUMN_TYPE_TEXT && labels == NULL) {
    refuse_memory (self, error);
    return NULL;
  }
  if (self->parties != NULL && self->parties->ids == NULL && !settle_ids (self, store, labels, error))
    return NULL;
  if (store->n_nulls == 0)
    g_clear_pointer (&store->validity, vc_buffer_free);
  column = vc_column_new_take (store->column->name, store->column->type, self->n, g_steal_pointer (&store->values),
                               g_steal_pointer (&store->validity), labels);
  if (column == NULL)
    refuse_memory (self, error);
  return column;
}

static VcTable *
take_table (Reader *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);
  VcTable *table;

  for (gsize i = 0; i < self->n_stores; i++) {
    VcColumn *column = take_column (self, &self->stores[i], error);

    if (column == NULL)
      return NULL;
    g_ptr_array_add (columns, column);
  }
  g_ptr_array_set_free_func (columns, NULL);
  table = vc_table_new_take (name, (VcColumn **) columns->pdata, columns->len);
  if (table == NULL)
    refuse_memory (self, error);
  return table;
}

static gboolean
reader_open (Reader *self, const VcSqlColumn *columns, gsize n_columns, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  self->stores = g_new0 (Store, n_columns);
  self->n_stores = n_columns;
  g_ptr_array_add (names, (gpointer) self->sql_table);
  for (gsize i = 0; i < n_columns; i++) {
    Store *store = &self->stores[i];

    store->column = &columns[i];
    store->last = -1;
    g_ptr_array_add (names, (gpointer) columns[i].sql_name);
    if (columns[i].type == VC_COLUMN_TYPE_TEXT && !columns[i].is_party && (store->interner = vc_interner_new ()) == NULL)
      return refuse_memory (self, error);
  }
  g_ptr_array_add (names, NULL);
  self->statement = vc_sqlite_select (self->file, self->sql_table, (const char *const *) names->pdata, error);
  return self->statement != NULL;
}

VcTable *
vc_sql_read_table (VcSqlite *file, const char *sql_table, const char *name, const VcSqlColumn *columns, gsize n_columns,
                   VcSqlParties *parties, VcLimits *limits, VcProgress *progress, GError **error)
{
  g_auto (Reader) self = { .file = file, .sql_table = sql_table, .parties = parties, .limits = limits };

  if (!reader_open (&self, columns, n_columns, error) || !read_rows (&self, progress, error))
    return NULL;
  return take_table (&self, name, error);
}

gboolean
vc_sql_read_keys (VcSqlite *file, const char *sql_table, VcSqlParties *parties, VcLimits *limits, GError **error)
{
  g_auto (Reader) self = { .file = file, .sql_table = sql_table, .limits = limits };
  gsize capacity = 0;
  gboolean has_row = TRUE;

  if (!reader_open (&self, NULL, 0, error))
    return FALSE;
  while (vc_sqlite_step (file, self.statement, &has_row, error)) {
    if (!has_row)
      return TRUE;
    if (!read_key (&self, error))
      return FALSE;
    if (self.n == capacity) {
      gpointer larger = vc_buffer_realloc (parties->keys, capacity, capacity * 2 + 64, sizeof (gint64));

      if (larger == NULL)
        return refuse_memory (&self, error);
      parties->keys = larger;
      capacity = capacity * 2 + 64;
    }
    parties->keys[self.n++] = self.key;
    parties->n = self.n;
  }
  return FALSE;
}
