/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-chain-file-private.h"

#include "base/vc-buffer-private.h"
#include "base/vc-progress-private.h"
#include "valuechain/vc-error.h"
#include "vc-folder-private.h"
#include "vc-period-private.h"

/* Of the progress: reading and checking take most of the time. */
#define READ 0.8
/* Parties between two looks at the cancellable. */
#define PARTIES_PER_LOOK 16384

/* What one try knows. */
typedef struct {
  VcChain           *chain;
  VcLimits          *limits;
  GCancellable      *cancellable;
  VcChainFileReading reading; /* the file as it is */
  VcChain           *old;     /* what it holds */
  VcPeriod           period;
  VcTable           *new_parties;
  gint64             last_keys[VC_N_RECORDS];
  gint64             last_attribute;
  gint64            *party_keys; /* of the new chain's parties */
} Append;

static void
append_clear (Append *self)
{
  g_clear_pointer (&self->party_keys, vc_buffer_free);
  g_clear_object (&self->new_parties);
  vc_period_clear (&self->period);
  g_clear_object (&self->old);
  vc_chain_file_reading_clear (&self->reading);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Append, append_clear)

/* ---- what the file holds ---- */

/* Whatever is appended has keys after the last one, which is anybody's choice. */
static gboolean
read_last_key (Append *self, const char *table, gint64 *key, GError **error)
{
  if (!vc_sqlite_last_key (self->reading.database, table, key, error))
    return FALSE;
  if (*key <= G_MAXINT64 - G_MAXUINT32)
    return TRUE;
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: %s: the last key leaves none for further rows",
               vc_sqlite_name (self->reading.database), table);
  return FALSE;
}

/* Checked page by page, whatever its size: its pages are written to. */
static gboolean
read_old (Append *self, const char *path, GError **error)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();

  self->reading.limits = self->limits;
  self->reading.database = vc_sqlite_open (path, self->limits, VC_SQLITE_CHECK_ALWAYS, self->cancellable, error);
  g_object_set (builder, "limits", self->limits, NULL);
  if (self->reading.database == NULL || !vc_chain_file_reading_run (&self->reading, builder, error))
    return FALSE;
  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS; kind++)
    if (!read_last_key (self, vc_chain_file_table (kind), &self->last_keys[kind], error))
      return FALSE;
  if (!read_last_key (self, "attribute", &self->last_attribute, error))
    return FALSE;
  self->old = vc_chain_builder_build (builder, NULL, self->cancellable, error);
  return self->old != NULL;
}

/* The rows of the file are in no order; those of the chain are by the bytes of ids. */
static gboolean
find_keys (Append *self, GError **error)
{
  const VcSqlParties *parties = &self->reading.parties;
  const guint32 n_new = vc_chain_get_n_parties (self->chain);
  VC_BUFFER (gint64) old_keys = vc_buffer_new (gint64, vc_chain_get_n_parties (self->old));
  gint64 next = self->last_keys[VC_RECORDS_PARTIES];

  self->party_keys = vc_buffer_new (gint64, n_new);
  if (old_keys == NULL || self->party_keys == NULL)
    return vc_sqlite_fail (self->reading.database, SQLITE_NOMEM, error);
  for (gsize i = 0; i < parties->n; i++) {
    g_autofree char *id = vc_strings_dup (parties->ids, (guint32) i);

    if (i % PARTIES_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    old_keys[vc_chain_lookup_party (self->old, id)] = parties->keys[i];
  }
  for (guint32 i = 0; i < n_new; i++) {
    const gint32 old = self->period.old_parties[i];

    self->party_keys[i] = old >= 0 ? old_keys[old] : ++next;
  }
  return TRUE;
}

/* ---- what is added ---- */

/* Columns for attributes that the file does not know yet, and a view that shows them. */
static gboolean
add_columns (const VcSqlWriter *writer, VcRecordsKind kind, const VcChainFileLayout *layout, gsize n_before,
             GError **error)
{
  gsize n;
  const VcSqlColumn *columns = vc_chain_file_layout_peek (layout, &n);

  for (gsize i = n_before; i < n; i++)
    if (!vc_sql_run (writer,
                     sqlite3_mprintf ("ALTER TABLE %s ADD COLUMN \"%w\" %s", vc_chain_file_table (kind),
                                      columns[i].sql_name, vc_chain_file_sql_type (&columns[i])),
                     error))
      return FALSE;
  if (n == n_before)
    return TRUE;
  return vc_sql_run (writer, sqlite3_mprintf ("DROP VIEW IF EXISTS %s", vc_records_name (kind)), error) &&
         vc_chain_file_create_view (writer, kind, layout, error);
}

static gboolean
append_records (Append *self, const VcSqlWriter *writer, VcRecordsKind kind, VcTable *table, GError **error)
{
  g_autoptr (VcChainFileLayout) layout = vc_chain_file_reading_layout (&self->reading, kind, error);
  const VcSqlColumn *columns;
  gsize n_before, n;

  if (layout == NULL)
    return FALSE;
  n_before = layout->columns->len;
  if (!vc_chain_file_add_attributes (writer, kind, table, layout, &self->last_attribute, error) ||
      !add_columns (writer, kind, layout, n_before, error))
    return FALSE;
  columns = vc_chain_file_layout_peek (layout, &n);
  return vc_sql_write_table (writer, vc_chain_file_table (kind), table, columns, n, self->last_keys[kind] + 1,
                             self->party_keys, error);
}

static gboolean
append_efforts (Append *self, const VcSqlWriter *writer, GError **error)
{
  VC_STATEMENT statement = NULL;
  int code = sqlite3_prepare_v2 (writer->db, "UPDATE party SET effort = ? WHERE party = ?", -1, &statement, NULL);

  for (guint32 i = 0; i < vc_chain_get_n_parties (self->chain) && code == SQLITE_OK; i++) {
    double effort;

    if (i % PARTIES_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    if (!vc_period_get_effort (&self->period, i, &effort))
      continue;
    sqlite3_bind_double (statement, 1, effort);
    sqlite3_bind_int64 (statement, 2, self->party_keys[i]);
    sqlite3_step (statement);
    code = sqlite3_reset (statement);
  }
  return code == SQLITE_OK || vc_sql_fail (writer, code, error);
}

static gboolean
append_all (gpointer data, const VcSqlWriter *writer, GError **error)
{
  Append *self = data;
  const VcChainFrame *frame = &self->period.frame;

  if (frame->has_window
      && !vc_sql_run (writer, sqlite3_mprintf ("UPDATE chain SET window_end = %lld", (long long) frame->end), error))
    return FALSE;
  if (!append_records (self, writer, VC_RECORDS_PARTIES, self->new_parties, error)
      || !append_efforts (self, writer, error))
    return FALSE;
  for (VcRecordsKind kind = VC_RECORDS_FLOWS; kind < VC_N_RECORDS; kind++)
    if (!append_records (self, writer, kind, vc_folder_files[kind].get (self->chain), error))
      return FALSE;
  return TRUE;
}

/* ---- the copy that it is added to ---- */

static gboolean
prepare (Append *self, const char *path, GError **error)
{
  g_autoptr (VcChain) joined = NULL;

  if (!read_old (self, path, error)
      || !vc_period_init (&self->period, self->old, self->chain, self->cancellable, error))
    return FALSE;
  self->new_parties = vc_period_take_new_parties (&self->period, self->cancellable, error);
  if (self->new_parties == NULL || !find_keys (self, error))
    return FALSE;
  joined = vc_period_join (&self->period, self->new_parties, self->limits, self->cancellable, error);
  return joined != NULL;
}

static guint64
count_rows (const Append *self)
{
  guint64 n = vc_table_get_n_rows (self->new_parties);

  for (VcRecordsKind kind = VC_RECORDS_FLOWS; kind < VC_N_RECORDS; kind++)
    n += vc_table_get_n_rows (vc_folder_files[kind].get (self->chain));
  return n;
}

/* What is asked for, whatever the try. */
typedef struct {
  VcChain      *chain;
  VcProgress   *progress;
  GCancellable *cancellable;
} Order;

static VcInstall
try_append (VcChainFile *file, gpointer data, GError **error)
{
  const Order *order = data;
  g_auto (Append) self
    = { .chain = order->chain, .limits = vc_source_get_limits (VC_SOURCE (file)), .cancellable = order->cancellable };
  VcChainFileWriting writing = { append_all, order->progress, order->cancellable, 0, NULL };
  VcProgressSpan outer = vc_progress_enter (order->progress, 0, READ);
  VcInstall installed;
  gboolean ok;

  self.reading.progress = order->progress;
  ok = prepare (&self, vc_chain_file_peek_path (file), error);
  vc_progress_leave (order->progress, outer);
  if (!ok)
    return VC_INSTALL_FAILED;
  writing.n_rows = count_rows (&self);
  outer = vc_progress_enter (order->progress, READ, 1);
  installed = vc_chain_file_write_copy (file, self.reading.database, &writing, &self, error);
  vc_progress_leave (order->progress, outer);
  return installed;
}

/**
 * vc_chain_file_append:
 * @self: a chain file, which exists
 * @chain: a chain of a new period
 * @progress: (nullable): told how far it has come
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Adds the parties and records of @chain to those of the file, in one transaction and as safely as
 * [method@ChainFile.save]: whoever reads or is killed sees the file with all of them or with none. Two processes that
 * append at once do so one after the other, and none of it is lost. Only what is new is written, into a copy of the
 * file that shares its blocks where the file system can do that.
 *
 * What @chain says of a party that is in the file already must be what the file says; what it does not say stays. Where
 * both chains have a window, that of @chain must begin where the file's ends; the file's then ends where @chain's does,
 * and efforts that are capacities in their windows add up. A flow or receipt with a time that is equal to one in the
 * file is refused: it would count twice. Without windows, each must have a time. All that [method@ChainBuilder.build]
 * checks holds for both together.
 *
 * Another program that is changing the file, or has left a journal beside it, when the copy takes its place makes it
 * fail with %G_IO_ERROR_BUSY, as in [method@ChainFile.save].
 *
 * Errors: %VC_IMPORT_ERROR_CONTRADICTION, %VC_IMPORT_ERROR_DUPLICATE, %VC_IMPORT_ERROR_MISSING and all of
 * [method@Source.load] and [method@ChainFile.save]; %G_IO_ERROR_BUSY where other processes replace the file again and
 * again.
 *
 * Takes as long as loading the file, with a check of all its pages, and building the joint chain.
 *
 * Returns: %TRUE where it succeeded
 */
gboolean
vc_chain_file_append (VcChainFile *self, VcChain *chain, VcProgress *progress, GCancellable *cancellable,
                      GError **error)
{
  Order order = { chain, progress, cancellable };

  g_return_val_if_fail (VC_IS_CHAIN_FILE (self), FALSE);
  g_return_val_if_fail (VC_IS_CHAIN (chain), FALSE);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return vc_chain_file_change (self, try_append, &order, error);
}
