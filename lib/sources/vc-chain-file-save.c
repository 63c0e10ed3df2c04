/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-chain-file-private.h"

#include "valuechain/vc-version.h"
#include "vc-folder-private.h"

#define FRAME_SCHEMA \
  "CREATE TABLE chain (\n" \
  "  chain INTEGER PRIMARY KEY,\n" \
  "  title TEXT,\n" \
  "  currency TEXT,\n" \
  "  effort_unit TEXT,\n" \
  "  window_start INTEGER,\n" \
  "  window_end INTEGER,\n" \
  "  effort_is_for_window INTEGER NOT NULL,\n" \
  "  library TEXT NOT NULL\n" \
  ");\n" \
  "CREATE TABLE attribute (\n" \
  "  attribute INTEGER PRIMARY KEY,\n" \
  "  records TEXT NOT NULL,\n" \
  "  name TEXT NOT NULL,\n" \
  "  type TEXT NOT NULL\n" \
  ");"

static gboolean
write_frame (const VcSqlWriter *writer, VcChain *chain, GError **error)
{
  const VcChainFrame *frame = vc_chain_peek_frame (chain);
  const char *const texts[] = { frame->title, frame->currency, frame->effort_unit, "libvaluechain " VC_VERSION_S };
  g_autofree char *window = frame->has_window
                              ? g_strdup_printf ("%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT, frame->start, frame->end)
                              : g_strdup ("NULL, NULL");

  return vc_sql_run (writer,
                     sqlite3_mprintf ("PRAGMA application_id = %d; PRAGMA user_version = %d", VC_CHAIN_FILE_APPLICATION,
                                      VC_CHAIN_FILE_VERSION),
                     error)
         && vc_sql_run (writer, sqlite3_mprintf ("%s", FRAME_SCHEMA), error)
         && vc_sql_run_with_texts (
           writer,
           sqlite3_mprintf ("INSERT INTO chain VALUES (1, ?, ?, ?, %s, %d, ?)", window, frame->effort_is_for_window),
           texts, G_N_ELEMENTS (texts), error);
}

/* Attributes stand after the fields. */
gboolean
vc_chain_file_add_attributes (const VcSqlWriter *writer, VcRecordsKind kind, VcTable *table, VcChainFileLayout *layout,
                              gint64 *number, GError **error)
{
  for (guint i = 0; i < vc_table_get_n_columns (table); i++) {
    VcColumn *column = vc_table_get_column (table, i);
    const char *name = vc_column_get_name (column);
    const VcColumnType type = vc_column_get_column_type (column);
    const char *const texts[] = { vc_chain_file_table (kind), name, vc_chain_file_type_word (type) };

    if (vc_chain_file_layout_has (layout, name))
      continue;
    vc_chain_file_layout_add (layout, ++*number, name, type);
    if (!vc_sql_run_with_texts (writer,
                                sqlite3_mprintf ("INSERT INTO attribute VALUES (%lld, ?, ?, ?)", (long long) *number),
                                texts, G_N_ELEMENTS (texts), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_records (const VcSqlWriter *writer, VcRecordsKind kind, VcTable *table, gint64 *number, GError **error)
{
  g_autoptr (VcChainFileLayout) layout = vc_chain_file_layout_new (kind);
  const VcSqlColumn *columns;
  gsize n;

  if (!vc_chain_file_add_attributes (writer, kind, table, layout, number, error)
      || !vc_chain_file_create_table (writer, kind, layout, error)
      || !vc_chain_file_create_view (writer, kind, layout, error))
    return FALSE;
  columns = vc_chain_file_layout_peek (layout, &n);
  return vc_sql_write_table (writer, vc_chain_file_table (kind), table, columns, n, 1, NULL, error);
}

static gboolean
write_chain (gpointer data, const VcSqlWriter *writer, GError **error)
{
  VcChain *chain = data;
  gint64 number = 0;

  if (!write_frame (writer, chain, error))
    return FALSE;
  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS; kind++)
    if (!write_records (writer, kind, vc_folder_files[kind].get (chain), &number, error))
      return FALSE;
  return TRUE;
}

static gboolean
save (VcChainFile *self, const VcChainFileWriting *writing, VcChain *chain, GError **error)
{
  g_auto (VcNewFile) file = VC_NEW_FILE_INIT;

  return vc_new_file_open (&file, vc_chain_file_peek_path (self), error)
         && vc_chain_file_write (&file, writing, chain, error)
         && vc_chain_file_install (&file, NULL, writing->cancellable, error) == VC_INSTALLED;
}

/**
 * vc_chain_file_save:
 * @self: a chain file
 * @chain: a chain
 * @progress: (nullable): told how far it has come
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Writes @chain to this file. Read again, it is the same chain, to
 * the last bit; written again, the same file.
 *
 * All or nothing: a new file is written, without a name where the file system can do that and else as `.valuechain-*`
 * beside the target, made durable, and put in the place of the old one in one step. Whoever reads, and whoever is
 * killed, sees the old file whole or the new one whole. A process that is killed in the moment between naming the file
 * and replacing the other, or on a file system that must name it from the start, leaves its hidden file behind.
 *
 * After an error the old file stands there still, whole. The one exception says so, %VC_SAVE_ERROR_NOT_DURABLE: the
 * new file is in place, whole, but that it stands there could not be made durable, and it could not be taken back.
 *
 * What exists at the target and is neither a chain file nor empty is left alone and fails with %G_IO_ERROR_EXISTS; a
 * symbolic link does, too. So is a file that another program is changing, or beside which one left changes in a journal
 * or a write-ahead log (%G_IO_ERROR_BUSY): they would be applied to the new one. That is looked at last, just before
 * the step; who begins to write in between, or keeps the file open over it, writes to the old file, which is gone. The
 * file can be read and written by its owner alone (0600), whatever the umask.
 *
 * Takes O(n): about half a second per million flows.
 *
 * Returns: %TRUE where it succeeded
 */
gboolean
vc_chain_file_save (VcChainFile *self, VcChain *chain, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  VcChainFileWriting writing = { write_chain, progress, cancellable, 0, NULL };

  g_return_val_if_fail (VC_IS_CHAIN_FILE (self), FALSE);
  g_return_val_if_fail (VC_IS_CHAIN (chain), FALSE);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  for (VcRecordsKind kind = 0; kind < VC_N_RECORDS; kind++)
    writing.n_rows += vc_table_get_n_rows (vc_folder_files[kind].get (chain));
  return save (self, &writing, chain, error);
}
