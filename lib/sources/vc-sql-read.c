/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-sql-table-private.h"

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "valuechain/vc-error.h"

#include <math.h>
#include <string.h>

/* Rows between two looks at how far it has come. */
#define ROWS_PER_LOOK 65536
#define TWO_TO_62 0x1p62
/* A table of fewer rows is read by one thread. */
#define ROWS_PER_LANE ((gsize) 1 << 18)
#define MAX_LANES 16

/* A column that is being read: what all lanes fill. */
typedef struct {
  const VcSqlColumn *column;
  gpointer           values;
  guint8            *validity;
} Store;

typedef struct {
  VcSqlite     *file;
  const char   *sql_table;
  VcSqlParties *parties;
  VcLimits     *limits;
  VcProgress   *progress;
  guint64       max_rows;
  gsize         n; /* rows read, once all lanes are through */
  gsize         capacity;
  Store        *stores;
  gsize         n_stores;
  struct Lane  *lanes;
  guint         n_lanes;
} Reader;

/* What a lane knows of a column. Memory is touched where there is a value to put into it: a column of nulls costs
 * nothing. */
typedef struct {
  VcInterner *interner; /* text */
  gint32      last;     /* the code of the row above, which the next often has too; -1: none */
  gboolean    has_begun;
  gsize       n_nulls;
} Cursor;

/* A range of keys, read by a thread through a connection of its own into a range of rows that begins at `start`. Where
 * keys are missing the range has room to spare, which is closed up afterwards. */
typedef struct Lane {
  Reader       *reader;
  VcSqlite     *file;
  sqlite3_stmt *statement;
  gint64        first;
  gint64        last;
  gsize         start;
  gint64        key; /* of the row that is read */
  gsize         n;   /* rows read */
  Cursor       *cursors;
  GError       *error;
} Lane;

static void
lane_clear (Lane *self)
{
  for (gsize i = 0; self->cursors != NULL && i < self->reader->n_stores; i++)
    g_clear_pointer (&self->cursors[i].interner, vc_interner_free);
  g_free (self->cursors);
  sqlite3_finalize (self->statement);
  if (self->file != self->reader->file)
    vc_sqlite_close (self->file);
  g_clear_error (&self->error);
}

static void
reader_clear (Reader *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    lane_clear (&self->lanes[i]);
  for (gsize i = 0; i < self->n_stores; i++) {
    vc_buffer_free (self->stores[i].values);
    vc_buffer_free (self->stores[i].validity);
  }
  g_free (self->lanes);
  g_free (self->stores);
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
refuse_cell (const Reader *self, gint64 key, const Store *store, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s %" G_GINT64_FORMAT ", %s: %s", vc_sqlite_name (self->file),
               self->sql_table, key, store->column->name, what);
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

/* A cell that is being read, and whatever is said of it. */
typedef struct {
  Lane  *lane;
  Store *store;
  Cursor *cursor;
  int    index; /* of the column in the statement */
  int    type;  /* what SQLite says that it holds */
  gsize  row;
} Cell;

static gboolean
refuse (const Cell *self, VcImportError code, const char *what)
{
  return refuse_cell (self->lane->reader, self->lane->key, self->store, code, what, &self->lane->error);
}

/* The row of the party with that key, or -1. */
static gint64
find_party (const VcSqlParties *parties, gint64 key)
{
  gsize low = 0, high = parties->n;

  if (parties->is_dense)
    return key >= 1 && (guint64) key <= parties->n ? key - 1 : -1;
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
read_party (const Cell *self)
{
  gint64 row;

  if (self->type != SQLITE_INTEGER)
    return refuse (self, VC_IMPORT_ERROR_NUMBER, "is no key of a party");
  row = find_party (self->lane->reader->parties, sqlite3_column_int64 (self->lane->statement, self->index));
  if (row < 0)
    return refuse (self, VC_IMPORT_ERROR_REFERENCE, "names no known party");
  ((gint32 *) self->store->values)[self->row] = (gint32) row;
  return TRUE;
}

static gboolean
add_label (const Cell *self, const char *text, gsize length)
{
  Cursor *cursor = self->cursor;
  const guint32 n_labels = vc_interner_size (cursor->interner);

  if (length > vc_limits_get_max_field_size (self->lane->reader->limits))
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "is longer than allowed");
  cursor->last = vc_interner_add (cursor->interner, text, length);
  if (cursor->last < 0)
    return refuse_memory (self->lane->reader, &self->lane->error);
  if (vc_interner_size (cursor->interner) == n_labels || g_utf8_validate (text, (gssize) length, NULL))
    return TRUE;
  if (memchr (text, '\0', length) != NULL)
    return refuse (self, VC_IMPORT_ERROR_NUL, "holds a NUL byte");
  return refuse (self, VC_IMPORT_ERROR_ENCODING, "is not valid UTF-8");
}

static gboolean
is_last (const Cursor *cursor, const char *text, gsize length)
{
  gsize last_length;
  const char *last
    = cursor->last >= 0 ? vc_interner_peek (cursor->interner, (guint32) cursor->last, &last_length) : NULL;

  return last != NULL && last_length == length && memcmp (last, text, length) == 0;
}

/* As a blob: SQLite would copy a text to end it with NUL. The database is in UTF-8 throughout. */
static gboolean
read_text (const Cell *self)
{
  const char *text;
  gsize length;

  if (self->type != SQLITE_TEXT)
    return refuse (self, VC_IMPORT_ERROR_VALUE, "is no text");
  text = sqlite3_column_blob (self->lane->statement, self->index);
  length = (gsize) sqlite3_column_bytes (self->lane->statement, self->index);
  if (text == NULL)
    text = "";
  if (!is_last (self->cursor, text, length) && !add_label (self, text, length))
    return FALSE;
  ((gint32 *) self->store->values)[self->row] = self->cursor->last;
  return TRUE;
}

/* Whole numbers are numbers too, where a double holds them. */
static gboolean
read_double (const Cell *self)
{
  double *place = (double *) self->store->values + self->row;

  if (self->type != SQLITE_FLOAT && self->type != SQLITE_INTEGER)
    return refuse (self, VC_IMPORT_ERROR_NUMBER, "is no number");
  *place = sqlite3_column_double (self->lane->statement, self->index);
  if (self->type == SQLITE_INTEGER &&
      (gint64) CLAMP (*place, -TWO_TO_62, TWO_TO_62) != sqlite3_column_int64 (self->lane->statement, self->index))
    return refuse (self, VC_IMPORT_ERROR_RANGE, "is a whole number that no double holds");
  return isfinite (*place) || refuse (self, VC_IMPORT_ERROR_RANGE, "is not finite");
}

static gboolean
read_integer (const Cell *self)
{
  gint64 value;

  if (self->type != SQLITE_INTEGER)
    return refuse (self, VC_IMPORT_ERROR_NUMBER, "is no whole number");
  value = sqlite3_column_int64 (self->lane->statement, self->index);
  if (self->store->column->type != VC_COLUMN_TYPE_BOOLEAN)
    ((gint64 *) self->store->values)[self->row] = value;
  else if (value == 1)
    vc_bit_set (self->store->values, self->row);
  else if (value != 0)
    return refuse (self, VC_IMPORT_ERROR_VALUE, "is neither 0 nor 1");
  return TRUE;
}

/* Rows of nulls: bits are 0 already. */
static void
put_zeros (const Store *store, gsize start, gsize n)
{
  const VcColumnType type = store->column->type;

  if (type != VC_COLUMN_TYPE_BOOLEAN && n > 0)
    memset ((guint8 *) store->values + vc_values_size (type, start), 0, vc_values_size (type, n));
}

static gboolean
read_cell (const Cell *self)
{
  Lane *lane = self->lane;

  if (self->type == SQLITE_NULL) {
    self->cursor->n_nulls++;
    if (self->cursor->has_begun)
      put_zeros (self->store, self->row, 1);
    return TRUE;
  }
  if (!self->cursor->has_begun) {
    put_zeros (self->store, lane->start, lane->n);
    self->cursor->has_begun = TRUE;
  }
  vc_bit_set (self->store->validity, self->row);
  if (self->store->column->is_party)
    return read_party (self);
  switch (self->store->column->type) {
    case VC_COLUMN_TYPE_TEXT:
      return read_text (self);
    case VC_COLUMN_TYPE_DOUBLE:
      return read_double (self);
    default:
      return read_integer (self);
  }
}

/* ---- rows ---- */

static gboolean
resize (gpointer *buffer, gsize old_size, gsize new_size)
{
  gpointer larger = vc_buffer_realloc (*buffer, old_size, new_size, 1);

  if (larger != NULL)
    *buffer = larger;
  return larger != NULL;
}

/* The same for what is made of bits, which are 0 until they are set. */
static gboolean
resize_bits (gpointer *bits, gsize old_n, gsize new_n)
{
  const gsize old_size = vc_bits_size (old_n), new_size = vc_bits_size (new_n);

  if (!resize (bits, old_size, new_size))
    return FALSE;
  if (new_size > old_size)
    memset ((guint8 *) *bits + old_size, 0, new_size - old_size);
  return TRUE;
}

static gboolean
set_capacity (Reader *self, gsize capacity)
{
  for (gsize i = 0; i < self->n_stores && capacity != self->capacity; i++) {
    Store *store = &self->stores[i];
    const VcColumnType type = store->column->type;
    gpointer validity = store->validity;

    if (!(type == VC_COLUMN_TYPE_BOOLEAN
            ? resize_bits (&store->values, self->capacity, capacity)
            : resize (&store->values, vc_values_size (type, self->capacity), vc_values_size (type, capacity))))
      return FALSE;
    if (!resize_bits (&validity, self->capacity, capacity))
      return FALSE;
    store->validity = validity;
  }
  self->capacity = capacity;
  return TRUE;
}

/* A tree of pages that runs in a circle, or into another, does not ascend. */
static gboolean
read_key (Lane *self)
{
  Reader *reader = self->reader;
  const gint64 key = sqlite3_column_int64 (self->statement, 0);

  if (key < self->first || key > self->last || (self->n > 0 && key <= self->key))
    return refuse_damage (reader, &self->error);
  self->key = key;
  if (self->n < reader->max_rows)
    return TRUE;
  g_set_error (&self->error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: %s: there are more rows than allowed",
               vc_sqlite_name (reader->file), reader->sql_table);
  return FALSE;
}

static gboolean
read_row (Lane *self)
{
  Reader *reader = self->reader;
  Cell cell = { .lane = self, .row = self->start + self->n };

  if (!read_key (self))
    return FALSE;
  if (cell.row == reader->capacity && !set_capacity (reader, cell.row + cell.row / 2 + 64))
    return refuse_memory (reader, &self->error);
  for (gsize i = 0; i < reader->n_stores; i++) {
    cell.store = &reader->stores[i];
    cell.cursor = &self->cursors[i];
    cell.index = (int) i + 1;
    cell.type = sqlite3_column_type (self->statement, cell.index);
    if (!read_cell (&cell))
      return FALSE;
  }
  self->n++;
  return TRUE;
}

/* Lanes have about as many rows: how far the first is tells of all. */
static void
tell_progress (const Lane *self)
{
  const Reader *reader = self->reader;
  const gsize expected = reader->capacity / reader->n_lanes + 1;

  if (self == &reader->lanes[0] && reader->progress != NULL)
    vc_progress_update (reader->progress, MIN (1, (double) self->n / (double) expected), reader->sql_table);
}

static void
read_lane (gpointer data, guint number)
{
  Lane *self = &((Reader *) data)->lanes[number];
  gboolean has_row = TRUE;

  while (vc_sqlite_step (self->file, self->statement, &has_row, &self->error) && has_row && read_row (self))
    if (self->n % ROWS_PER_LOOK == 0)
      tell_progress (self);
}

/* ---- lanes ---- */

static sqlite3_stmt *
select_lane (Lane *self, gboolean all)
{
  Reader *reader = self->reader;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *const *columns;

  g_ptr_array_add (names, (gpointer) reader->sql_table);
  for (gsize i = 0; i < reader->n_stores; i++)
    g_ptr_array_add (names, (gpointer) reader->stores[i].column->sql_name);
  g_ptr_array_add (names, NULL);
  columns = (const char *const *) names->pdata;
  return all ? vc_sqlite_select (self->file, reader->sql_table, columns, &self->error)
             : vc_sqlite_select_range (self->file, reader->sql_table, columns, self->first, self->last, &self->error);
}

static gboolean
open_lane (Lane *self, gboolean all)
{
  Reader *reader = self->reader;

  self->cursors = g_new0 (Cursor, reader->n_stores + 1);
  for (gsize i = 0; i < reader->n_stores; i++) {
    const VcSqlColumn *column = reader->stores[i].column;

    self->cursors[i].last = -1;
    if (column->type == VC_COLUMN_TYPE_TEXT && !column->is_party
        && (self->cursors[i].interner = vc_interner_new ()) == NULL)
      return refuse_memory (reader, &self->error);
  }
  self->file = self == &reader->lanes[0] ? reader->file : vc_sqlite_share (reader->file, reader->limits, &self->error);
  self->statement = self->file != NULL ? select_lane (self, all) : NULL;
  return self->statement != NULL;
}

/* Rows of a file that was saved whole have the keys 1, 2, 3 ...: their number is the last key, and the key tells the
 * row. Where the file cannot hold so many rows (one takes a byte for itself, for its length and for each cell) there is
 * one lane, and room is made when it is needed. */
static gboolean
plan_lanes (Reader *self, GError **error)
{
  const guint64 most = MIN (vc_sqlite_size (self->file) / (self->n_stores + 2), self->max_rows);
  gint64 last;
  gboolean known;

  if (!vc_sqlite_last_key (self->file, self->sql_table, &last, error))
    return FALSE;
  known = last > 0 && (guint64) last <= most;
  if (known && !set_capacity (self, (gsize) last))
    return refuse_memory (self, error);
  self->n_lanes = 1;
  if (known)
    self->n_lanes = MIN (vc_parallel_n_threads (0), CLAMP ((guint) ((gsize) last / ROWS_PER_LANE), 1, MAX_LANES));
  self->lanes = g_new0 (Lane, self->n_lanes);
  for (guint i = 0; i < self->n_lanes; i++) {
    /* Multiples of 64: no two lanes share a byte of bits. */
    const gsize start = (gsize) last / self->n_lanes / 64 * 64 * i;

    self->lanes[i]
      = (Lane) { .reader = self, .start = i > 0 ? start : 0, .first = i > 0 ? (gint64) start + 1 : G_MININT64 };
    self->lanes[i].last = G_MAXINT64;
    if (i > 0)
      self->lanes[i - 1].last = (gint64) start;
  }
  return TRUE;
}

/* A key before 1 in the first lane would have no row. */
static gboolean
read_lanes (Reader *self, GError **error)
{
  if (!plan_lanes (self, error))
    return FALSE;
  if (self->n_lanes > 1)
    self->lanes[0].first = 1;
  for (guint i = 0; i < self->n_lanes; i++)
    if (!open_lane (&self->lanes[i], self->n_lanes == 1)) {
      g_propagate_error (error, g_steal_pointer (&self->lanes[i].error));
      return FALSE;
    }
  vc_parallel (self->n_lanes, self->n_lanes, read_lane, self);
  for (guint i = 0; i < self->n_lanes; i++)
    if (self->lanes[i].error != NULL) {
      g_propagate_error (error, g_steal_pointer (&self->lanes[i].error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
goes_on (const Reader *self, gsize row, GError **error)
{
  return row % ROWS_PER_LOOK != 0 || vc_sqlite_goes_on (self->file, error);
}

/* Which codes of the first lane, whose interner knows all labels in the end, a lane's texts have. */
static gboolean
add_labels (const Reader *self, VcInterner *from, VcInterner *into, gint32 *codes, GError **error)
{
  const guint32 n = vc_interner_size (from);

  for (guint32 i = 0; i < n; i++) {
    gsize length;
    const char *text = vc_interner_peek (from, i, &length);

    if (!goes_on (self, i, error))
      return FALSE;
    codes[i] = vc_interner_add (into, text, length);
    if (codes[i] < 0)
      return refuse_memory (self, error);
  }
  return TRUE;
}

static gboolean
join_labels (const Reader *self, Store *store, gsize index, const Lane *lane, GError **error)
{
  VcInterner *from = lane->cursors[index].interner;
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, vc_interner_size (from));
  gint32 *values = (gint32 *) store->values + lane->start;

  if (codes == NULL)
    return refuse_memory (self, error);
  if (!add_labels (self, from, self->lanes[0].cursors[index].interner, codes, error))
    return FALSE;
  for (gsize i = 0; i < lane->n; i++) {
    if (!goes_on (self, i, error))
      return FALSE;
    if (vc_bit_is_set (store->validity, lane->start + i))
      values[i] = codes[values[i]];
  }
  return TRUE;
}

static gboolean
move_bits (const Reader *self, guint8 *bits, const Lane *lane, gsize to, GError **error)
{
  for (gsize i = 0; i < lane->n; i++) {
    if (!goes_on (self, i, error))
      return FALSE;
    if (vc_bit_is_set (bits, lane->start + i))
      vc_bit_set (bits, to + i);
    else
      vc_bit_clear (bits, to + i);
  }
  return TRUE;
}

static gboolean
move_values (const Reader *self, const Store *store, const Lane *lane, gsize to, GError **error)
{
  const VcColumnType type = store->column->type;
  guint8 *values = store->values;

  if (type == VC_COLUMN_TYPE_BOOLEAN)
    return move_bits (self, values, lane, to, error);
  for (gsize i = 0; i < lane->n; i += ROWS_PER_LOOK) {
    if (!vc_sqlite_goes_on (self->file, error))
      return FALSE;
    memmove (values + vc_values_size (type, to + i), values + vc_values_size (type, lane->start + i),
             vc_values_size (type, MIN (lane->n - i, ROWS_PER_LOOK)));
  }
  return TRUE;
}

/* Rows of a lane close up with those before, where keys are missing. */
static gboolean
close_up (const Reader *self, const Store *store, const Lane *lane, gsize to, GError **error)
{
  return lane->start == to
         || (move_bits (self, store->validity, lane, to, error) && move_values (self, store, lane, to, error));
}

/* One range of rows of all lanes. Answers how many rows are null in *n_nulls. */
static gboolean
join_store (Reader *self, gsize index, gsize *n_nulls, GError **error)
{
  Store *store = &self->stores[index];
  gsize n = 0;

  *n_nulls = 0;
  for (guint i = 0; i < self->n_lanes; i++) {
    const Lane *lane = &self->lanes[i];
    const Cursor *cursor = &lane->cursors[index];

    *n_nulls += cursor->n_nulls;
    if (!cursor->has_begun)
      put_zeros (store, lane->start, lane->n);
    else if (i > 0 && cursor->interner != NULL && !join_labels (self, store, index, lane, error))
      return FALSE;
    if (!close_up (self, store, lane, n, error))
      return FALSE;
    n += lane->n;
  }
  return TRUE;
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
    return refuse_cell (self, self->parties->keys[i], store,
                        missing ? VC_IMPORT_ERROR_MISSING : VC_IMPORT_ERROR_DUPLICATE,
                        missing ? "is missing" : "stands there already", error);
  }
  self->parties->ids = vc_strings_ref (labels);
  return TRUE;
}

static VcStrings *
take_labels (Reader *self, gsize index)
{
  if (self->stores[index].column->is_party)
    return vc_strings_ref (self->parties->ids);
  return vc_interner_finish (self->lanes[0].cursors[index].interner);
}

static VcColumn *
take_column (Reader *self, gsize index, gsize n_nulls, GError **error)
{
  Store *store = &self->stores[index];
  g_autoptr (VcStrings) labels = NULL;
  VcColumn *column;

  if (store->column->type == VC_COLUMN_TYPE_TEXT && (labels = take_labels (self, index)) == NULL) {
    refuse_memory (self, error);
    return NULL;
  }
  if (self->parties != NULL && self->parties->ids == NULL && !settle_ids (self, store, labels, error))
    return NULL;
  if (n_nulls == 0)
    g_clear_pointer (&store->validity, vc_buffer_free);
  column = vc_column_new_take (store->column->name, store->column->type, self->n, g_steal_pointer (&store->values),
                               g_steal_pointer (&store->validity), labels);
  if (column == NULL)
    refuse_memory (self, error);
  return column;
}

static gboolean
has_begun (const Reader *self, gsize index)
{
  for (guint i = 0; i < self->n_lanes; i++)
    if (self->lanes[i].cursors[index].has_begun)
      return TRUE;
  return FALSE;
}

static VcTable *
take_table (Reader *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);
  VcTable *table;

  for (guint i = 0; i < self->n_lanes; i++)
    self->n += self->lanes[i].n;
  for (gsize i = 0; i < self->n_stores; i++) {
    VcColumn *column;
    gsize n_nulls;

    if (self->stores[i].column->is_optional && !has_begun (self, i))
      continue;
    if (!join_store (self, i, &n_nulls, error))
      return NULL;
    column = take_column (self, i, n_nulls, error);
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

VcTable *
vc_sql_read_table (VcSqlite *file, const char *sql_table, const char *name, const VcSqlColumn *columns, gsize n_columns,
                   VcSqlParties *parties, VcLimits *limits, VcProgress *progress, GError **error)
{
  g_auto (Reader) self = {
    .file = file,
    .sql_table = sql_table,
    .parties = parties,
    .limits = limits,
    .progress = progress,
    .max_rows = MIN (vc_limits_get_max_rows (limits), G_MAXINT32 - 1),
  };

  self.stores = g_new0 (Store, n_columns);
  self.n_stores = n_columns;
  for (gsize i = 0; i < n_columns; i++)
    self.stores[i].column = &columns[i];
  if (!read_lanes (&self, error))
    return NULL;
  return take_table (&self, name, error);
}

/* The keys alone, which other rows of the same table name. */
gboolean
vc_sql_read_keys (VcSqlite *file, const char *sql_table, VcSqlParties *parties, VcLimits *limits, GError **error)
{
  const char *const columns[] = { sql_table, NULL };
  const guint64 max_rows = MIN (vc_limits_get_max_rows (limits), G_MAXINT32 - 1);
  VC_STATEMENT statement = vc_sqlite_select (file, sql_table, columns, error);
  gsize capacity = 0;
  gboolean has_row = TRUE;

  parties->is_dense = TRUE;
  while (statement != NULL && vc_sqlite_step (file, statement, &has_row, error)) {
    if (!has_row)
      return TRUE;
    if (parties->n == max_rows)
      return vc_sqlite_fail (file, SQLITE_TOOBIG, error);
    if (parties->n == capacity) {
      gpointer larger = vc_buffer_realloc (parties->keys, capacity, capacity * 2 + 64, sizeof (gint64));

      if (larger == NULL)
        return vc_sqlite_fail (file, SQLITE_NOMEM, error);
      parties->keys = larger;
      capacity = capacity * 2 + 64;
    }
    parties->keys[parties->n] = sqlite3_column_int64 (statement, 0);
    parties->is_dense &= parties->keys[parties->n] == (gint64) parties->n + 1;
    parties->n++;
  }
  return FALSE;
}
