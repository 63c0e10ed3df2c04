/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-chain-file-private.h"

#include "base/vc-progress-private.h"
#include "chain/vc-chain-builder-private.h"
#include "valuechain/vc-error.h"
#include "vc-folder-private.h"

/**
 * VcChainFile:
 *
 * A chain in one file, `company.vchain`: parties, flows, receipts, commitments, and what they mean.
 *
 * The file is an SQLite database of a fixed, versioned schema, which any tool for SQLite opens: the views `parties`,
 * `flows`, `receipts` and `commitments` have the columns of a chain folder. The guide describes the tables behind them.
 * Other programs may add and change rows; what they wrote is checked like any other input.
 *
 * Nobody ever sees half of it. [method@ChainFile.save] and [method@ChainFile.append] write a new file and put it in the
 * place of the old one in one step, so who reads meanwhile reads the old one to its end, and who is killed leaves the
 * old one.
 *
 * What is read may come from a stranger. The file is opened for reading alone; journals beside it are not applied;
 * views, triggers and virtual tables in it are never run; and a file that is damaged is an error
 * (%VC_IMPORT_ERROR_CORRUPT). Files of up to 16 MiB are checked page by page beforehand. In larger ones, where that
 * would take as long as reading does, keys that do not ascend give a damaged tree away, and numbers in damaged pages
 * may go unnoticed.
 *
 * While the library reads or replaces the file, no other SQLite connection of the same process may be in a transaction
 * on it, nor have it open in write-ahead mode: when any descriptor of a file is closed, POSIX takes from the process
 * all its locks on that file, and that connection would go on without them. So close it, or end its transaction,
 * before. Connections of other processes are safe.
 */

/* Checked as a whole before they are read: a few hundredths of a second. */
#define CHECK_UP_TO (16 << 20)

struct _VcChainFile
{
  VcSource parent_instance;
};

G_DEFINE_FINAL_TYPE (VcChainFile, vc_chain_file, VC_TYPE_SOURCE)

void
vc_chain_file_reading_clear (VcChainFileReading *self)
{
  g_clear_object (&self->attributes);
  vc_sql_parties_clear (&self->parties);
  g_clear_pointer (&self->database, vc_sqlite_close);
}

static gboolean
refuse (const VcChainFileReading *self, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", vc_sqlite_name (self->database), what);
  return FALSE;
}

gboolean
vc_chain_file_reading_check (const VcChainFileReading *self, GError **error)
{
  const guint32 version = vc_sqlite_user_version (self->database);

  if (vc_sqlite_application_id (self->database) != VC_CHAIN_FILE_APPLICATION)
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "this database is no chain file", error);
  if (!vc_sqlite_is_utf8 (self->database))
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "the texts of this database are not in UTF-8", error);
  if (version > VC_CHAIN_FILE_VERSION)
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "this chain file was written by a newer version of the library",
                   error);
  return version == VC_CHAIN_FILE_VERSION
         || refuse (self, VC_IMPORT_ERROR_FORMAT, "this chain file has no version of the schema that there ever was",
                    error);
}

/* ---- what the records mean ---- */

static char *
dup_text (VcTable *table, guint column, guint64 row)
{
  VcColumn *texts = vc_table_get_column (table, column);

  return vc_column_is_null (texts, row) ? NULL : vc_column_dup_text (texts, row);
}

static gboolean
read_frame (VcChainFileReading *self, VcChainBuilder *builder, GError **error)
{
  enum { TITLE, CURRENCY, EFFORT_UNIT, START, END, FOR_WINDOW };
  static const VcSqlColumn columns[] = {
    [TITLE] = { "title", "title", VC_COLUMN_TYPE_TEXT },
    [CURRENCY] = { "currency", "currency", VC_COLUMN_TYPE_TEXT },
    [EFFORT_UNIT] = { "effort_unit", "effort_unit", VC_COLUMN_TYPE_TEXT },
    [START] = { "window_start", "window_start", VC_COLUMN_TYPE_INT64 },
    [END] = { "window_end", "window_end", VC_COLUMN_TYPE_INT64 },
    [FOR_WINDOW] = { "effort_is_for_window", "effort_is_for_window", VC_COLUMN_TYPE_BOOLEAN },
  };
  g_autoptr (VcTable) table = vc_sql_read_table (self->database, "chain", "chain", columns, G_N_ELEMENTS (columns),
                                                 NULL, self->limits, NULL, error);
  VcChainFrame frame = { 0 };

  if (table == NULL)
    return FALSE;
  if (vc_table_get_n_rows (table) != 1)
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "chain: this table has one row", error);
  frame.has_window = !vc_column_is_null (vc_table_get_column (table, START), 0);
  if (frame.has_window == vc_column_is_null (vc_table_get_column (table, END), 0))
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "chain: a window has a start and an end", error);
  frame.title = dup_text (table, TITLE, 0);
  frame.currency = dup_text (table, CURRENCY, 0);
  frame.effort_unit = dup_text (table, EFFORT_UNIT, 0);
  frame.start = vc_column_get_int64 (vc_table_get_column (table, START), 0);
  frame.end = vc_column_get_int64 (vc_table_get_column (table, END), 0);
  frame.effort_is_for_window = vc_column_get_boolean (vc_table_get_column (table, FOR_WINDOW), 0);
  vc_chain_builder_set_frame (builder, &frame);
  vc_chain_frame_clear (&frame);
  return TRUE;
}

/* ---- records ---- */

enum { ATTRIBUTE_NUMBER, ATTRIBUTE_RECORDS, ATTRIBUTE_NAME, ATTRIBUTE_TYPE };

static gboolean
read_attributes (VcChainFileReading *self, GError **error)
{
  static const VcSqlColumn columns[] = {
    [ATTRIBUTE_NUMBER] = { "attribute", "attribute", VC_COLUMN_TYPE_INT64 },
    [ATTRIBUTE_RECORDS] = { "records", "records", VC_COLUMN_TYPE_TEXT },
    [ATTRIBUTE_NAME] = { "name", "name", VC_COLUMN_TYPE_TEXT },
    [ATTRIBUTE_TYPE] = { "type", "type", VC_COLUMN_TYPE_TEXT },
  };

  self->attributes = vc_sql_read_table (self->database, "attribute", "attribute", columns, G_N_ELEMENTS (columns), NULL,
                                        self->limits, NULL, error);
  return self->attributes != NULL;
}

/* Each attribute has a name of its own, and there are no more of them than a table may have columns. */
static gboolean
add_attribute (VcChainFileReading *self, VcChainFileLayout *layout, guint64 row, GError **error)
{
  g_autofree char *name = dup_text (self->attributes, ATTRIBUTE_NAME, row),
                  *word = dup_text (self->attributes, ATTRIBUTE_TYPE, row);
  VcColumnType type;

  if (name == NULL || word == NULL)
    return refuse (self, VC_IMPORT_ERROR_MISSING, "attribute: name or type is missing", error);
  if (!vc_chain_file_type_of_word (word, &type))
    return refuse (self, VC_IMPORT_ERROR_VALUE, "attribute: type is none of double, int64, text, boolean and time",
                   error);
  if (vc_chain_file_layout_has (layout, name))
    return refuse (self, VC_IMPORT_ERROR_DUPLICATE, "attribute: name stands there already, or is that of a field",
                   error);
  if (layout->columns->len >= vc_limits_get_max_columns (self->limits))
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "attribute: there are more columns than allowed", error);
  vc_chain_file_layout_add (layout, vc_column_get_int64 (vc_table_get_column (self->attributes, ATTRIBUTE_NUMBER), row),
                            name, type);
  return TRUE;
}

VcChainFileLayout *
vc_chain_file_reading_layout (VcChainFileReading *self, VcRecordsKind kind, GError **error)
{
  g_autoptr (VcChainFileLayout) layout = vc_chain_file_layout_new (kind);

  for (guint64 row = 0; row < vc_table_get_n_rows (self->attributes); row++) {
    g_autofree char *records = dup_text (self->attributes, ATTRIBUTE_RECORDS, row);

    if (g_strcmp0 (records, vc_chain_file_table (kind)) == 0 && !add_attribute (self, layout, row, error))
      return NULL;
  }
  return g_steal_pointer (&layout);
}

static gboolean
read_records (VcChainFileReading *self, VcRecordsKind kind, VcChainBuilder *builder, GError **error)
{
  g_autoptr (VcChainFileLayout) layout = vc_chain_file_reading_layout (self, kind, error);
  g_autoptr (VcTable) table = NULL;
  const VcSqlColumn *columns;
  gsize n;

  if (layout == NULL)
    return FALSE;
  columns = vc_chain_file_layout_peek (layout, &n);
  table = vc_sql_read_table (self->database, vc_chain_file_table (kind), vc_records_name (kind), columns, n,
                             &self->parties, self->limits, self->progress, error);
  if (table == NULL)
    return FALSE;
  if (self->source != NULL)
    vc_source_add_report (self->source, vc_records_name (kind), vc_table_get_n_rows (table),
                          vc_sqlite_name (self->database));
  vc_folder_files[kind].add (builder, table, vc_chain_file_table (kind));
  return TRUE;
}

gboolean
vc_chain_file_reading_run (VcChainFileReading *self, VcChainBuilder *builder, GError **error)
{
  static const double parts[VC_N_RECORDS + 1] = { 0, 0.15, 0.9, 0.95, 1 };
  gboolean ok = vc_chain_file_reading_check (self, error) && read_frame (self, builder, error)
                && read_attributes (self, error)
                && vc_sql_read_keys (self->database, vc_chain_file_table (VC_RECORDS_PARTIES), &self->parties,
                                     self->limits, error);

  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS && ok; kind++) {
    const VcProgressSpan outer = vc_progress_enter (self->progress, parts[kind], parts[kind + 1]);

    ok = read_records (self, kind, builder, error);
    vc_progress_leave (self->progress, outer);
  }
  return ok && vc_sqlite_finish (self->database, error);
}

static gboolean
vc_chain_file_read (VcSource *source, VcChainBuilder *builder, VcProgress *progress, GCancellable *cancellable,
                    GError **error)
{
  const char *path = vc_source_get_path (source);
  g_auto (VcChainFileReading) reading
    = { .source = source, .limits = vc_source_get_limits (source), .progress = progress };

  reading.database = vc_sqlite_open (path != NULL ? path : "", reading.limits, CHECK_UP_TO, cancellable, error);
  return reading.database != NULL && vc_chain_file_reading_run (&reading, builder, error);
}

static void
vc_chain_file_class_init (VcChainFileClass *klass)
{
  VcSourceClass *source_class = VC_SOURCE_CLASS (klass);

  source_class->read = vc_chain_file_read;
  source_class->runs_in_thread = TRUE;
}

static void
vc_chain_file_init (VcChainFile *self)
{
}

/**
 * vc_chain_file_new:
 * @path: (type filename): a path in the encoding of file names
 *
 * Makes the source for the chain file at @path, or for one that is to be written there. Nothing is opened yet.
 *
 * Returns: (transfer full): a chain file
 */
VcChainFile *
vc_chain_file_new (const char *path)
{
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (VC_TYPE_CHAIN_FILE, "path", path, NULL);
}
