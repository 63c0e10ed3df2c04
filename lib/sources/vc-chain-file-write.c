/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-chain-file-private.h"

#include "base/vc-progress-private.h"
#include "vc-sqlite-file-private.h"

#include <sys/stat.h>

/* The file becomes durable and visible as a whole or not at all (vc-new-file.c): within it, SQLite need not see to
 * that. */
#define PRAGMAS "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;"

/* How often it is begun anew because another process has replaced the file meanwhile. */
#define MAX_TRIES 10
/* Of a change: a copy takes about as long as what is written into it. */
#define COPIED 0.5

const char *
vc_chain_file_peek_path (VcChainFile *self)
{
  const char *path = vc_source_get_path (VC_SOURCE (self));

  return path != NULL ? path : "";
}

/* ---- what it may replace ---- */

/* What was left beside the old file would be applied to the new one by whatever program opens it next, and what another
 * program is about to change in the old one would be lost. */
static gboolean
is_at_rest (const VcTarget *target, int old, GError **error)
{
  if (vc_sqlite_is_at_rest (target->parent, target->name, old))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               "%s: another program is changing it, or left changes in a file beside it, -journal or -wal; open it "
               "there and close it, or remove both",
               target->path);
  return FALSE;
}

static const VcNewFileRules rules = { vc_chain_file_is_ours, is_at_rest };

VcInstall
vc_chain_file_install (VcNewFile *file, const struct stat *expected, GCancellable *cancellable, GError **error)
{
  return vc_new_file_install (file, expected, &rules, cancellable, error);
}

/* ---- what is written ---- */

static gboolean
open_database (int fd, VcSqlWriter *writer, GError **error)
{
  int code = vc_sqlite_file_open (fd, TRUE, &writer->db);

  if (code != SQLITE_OK)
    return vc_sql_fail (writer, code, error);
  if (!vc_sql_run (writer, sqlite3_mprintf ("%s", PRAGMAS), error))
    return FALSE;
  /* What may stand in a file that is changed is not run. */
  sqlite3_db_config (writer->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *) NULL);
  sqlite3_db_config (writer->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *) NULL);
  sqlite3_db_config (writer->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, (int *) NULL);
  sqlite3_db_config (writer->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *) NULL);
  sqlite3_drop_modules (writer->db, NULL);
  return vc_sql_run (writer, sqlite3_mprintf ("BEGIN"), error);
}

gboolean
vc_chain_file_write (const VcNewFile *file, const VcChainFileWriting *writing, gpointer data, GError **error)
{
  guint64 n_done = 0;
  VcSqlWriter writer = { .path = file->target.path,
                         .progress = writing->progress,
                         .cancellable = writing->cancellable,
                         .stage = writing->stage,
                         .n_rows = writing->n_rows,
                         .n_done = &n_done };
  const gboolean ok = open_database (file->fd, &writer, error) && writing->write (data, &writer, error)
                      && vc_sql_run (&writer, sqlite3_mprintf ("COMMIT"), error);

  sqlite3_close (writer.db);
  return ok;
}

/* ---- what is changed ---- */

VcInstall
vc_chain_file_write_copy (VcChainFile *self, VcSqlite *database, const VcChainFileWriting *writing, gpointer data,
                          GError **error)
{
  g_auto (VcNewFile) file = VC_NEW_FILE_INIT;
  VcProgressSpan outer;
  gboolean ok;

  if (!vc_new_file_open (&file, vc_chain_file_peek_path (self), error))
    return VC_INSTALL_FAILED;
  outer = vc_progress_enter (writing->progress, 0, COPIED);
  ok = vc_new_file_copy (&file, vc_sqlite_descriptor (database), writing->progress, writing->cancellable, error)
       && vc_sqlite_finish (database, error);
  vc_progress_leave (writing->progress, outer);
  outer = vc_progress_enter (writing->progress, COPIED, 1);
  ok = ok && vc_chain_file_write (&file, writing, data, error);
  vc_progress_leave (writing->progress, outer);
  return ok ? vc_chain_file_install (&file, vc_sqlite_stat (database), writing->cancellable, error) : VC_INSTALL_FAILED;
}

gboolean
vc_chain_file_change (VcChainFile *self, VcChainFileTry try_it, gpointer data, GError **error)
{
  for (guint i = 0; i < MAX_TRIES; i++) {
    const VcInstall installed = try_it (self, data, error);

    if (installed != VC_INSTALL_OUTDATED)
      return installed == VC_INSTALLED;
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: other processes replace it again and again",
               vc_chain_file_peek_path (self));
  return FALSE;
}
