/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* benchmark-vchain FLOWS FOLDER: saves a chain of so many flows between a tenth as many parties, and loads it, each
 * beside a bare loop of SQLite's over the same rows: an INSERT that is prepared once in one transaction without a
 * journal, and a SELECT. In turns, three times; the best of each counts. Prints JSON. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <valuechain/valuechain.h>

#define N_ROUNDS 3

static void
expect (gboolean ok, const char *what)
{
  if (ok)
    return;
  g_printerr ("%s\n", what);
  exit (1);
}

/* ---- what is saved ---- */

static VcColumn *
ids (guint n)
{
  g_autofree char **labels = g_new0 (char *, n + 1);
  VcColumn *column;

  for (guint i = 0; i < n; i++)
    labels[i] = g_strdup_printf ("p%07u", i);
  column = vc_column_new_texts ("id", (const char *const *) labels, NULL);
  for (guint i = 0; i < n; i++)
    g_free (labels[i]);
  return column;
}

static VcColumn *
coded (const char *name, VcColumn *labels, const gint32 *codes, gsize n)
{
  g_autofree char **texts = g_new0 (char *, vc_column_get_n_labels (labels) + 1);
  g_autoptr (GBytes) bytes = g_bytes_new (codes, n * sizeof *codes);
  VcColumn *column;

  for (guint32 i = 0; i < vc_column_get_n_labels (labels); i++)
    texts[i] = vc_column_dup_label (labels, i);
  column = vc_column_new_coded (name, bytes, (const char *const *) texts, NULL, NULL);
  for (guint32 i = 0; i < vc_column_get_n_labels (labels); i++)
    g_free (texts[i]);
  return column;
}

static VcTable *
table_of (const char *name, VcColumn **columns, gsize n)
{
  VcTable *table = vc_table_new (name, columns, n, NULL);

  for (gsize i = 0; i < n; i++)
    g_object_unref (columns[i]);
  return table;
}

static VcChain *
make_chain (guint64 n_flows)
{
  const guint n_parties = (guint) MAX (n_flows / 10, 2);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) parties = NULL, flows = NULL;
  g_autoptr (VcColumn) labels = ids (n_parties);
  g_autofree gint32 *from = g_new (gint32, n_flows), *to = g_new (gint32, n_flows), *kinds = g_new0 (gint32, n_parties);
  g_autofree double *amounts = g_new (double, n_flows);
  g_autofree gint64 *times = g_new (gint64, n_flows);
  g_autoptr (GBytes) bytes = NULL, kind_codes = NULL;
  VcColumn *party_columns[2], *flow_columns[4];

  for (guint64 i = 0; i < n_flows; i++) {
    from[i] = g_rand_int_range (random, 0, (gint32) n_parties);
    to[i] = g_rand_int_range (random, 0, (gint32) n_parties);
    amounts[i] = g_rand_int_range (random, 1, 100000) / 100.0;
    times[i] = G_GINT64_CONSTANT (1700000000000000) + (gint64) g_rand_int (random) * 1000;
  }
  kind_codes = g_bytes_new (kinds, n_parties * sizeof *kinds);
  party_columns[0] = g_object_ref (labels);
  party_columns[1] = vc_column_new_coded ("kind", kind_codes, (const char *const[]) { "unit", NULL }, NULL, NULL);
  parties = table_of ("parties", party_columns, 2);
  bytes = g_bytes_new (times, n_flows * sizeof *times);
  flow_columns[0] = coded ("from", labels, from, n_flows);
  flow_columns[1] = coded ("to", labels, to, n_flows);
  flow_columns[2] = vc_column_new_doubles ("amount", amounts, n_flows, NULL);
  flow_columns[3] = vc_column_new_from_bytes ("at", VC_COLUMN_TYPE_TIME, bytes, NULL, NULL);
  flows = table_of ("flows", flow_columns, 4);
  vc_chain_builder_add_parties (builder, parties, NULL);
  vc_chain_builder_add_flows (builder, flows, NULL);
  return vc_chain_builder_build (builder, NULL, NULL, NULL);
}

/* ---- ours ---- */

static double
save (VcChain *chain, const char *path)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  const gint64 start = g_get_monotonic_time ();

  expect (vc_chain_file_save (file, chain, NULL, NULL, NULL), "saving failed");
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static double
load (VcChain *chain, const char *path)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (VcChain) found = vc_source_load (VC_SOURCE (file), NULL, NULL, NULL);
  const gint64 stop = g_get_monotonic_time ();

  expect (found != NULL && vc_chain_get_n_flows (found) == vc_chain_get_n_flows (chain), "loading failed");
  return (double) (stop - start) / 1e6;
}

/* ---- bare loops ---- */

static sqlite3_stmt *
prepare (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  expect (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK, sqlite3_errmsg (db));
  return statement;
}

static void
insert_parties (sqlite3 *db, guint n)
{
  sqlite3_stmt *statement = prepare (db, "INSERT INTO party VALUES (?, ?, ?, NULL, NULL, NULL, NULL)");

  for (guint i = 0; i < n; i++) {
    char id[16];

    g_snprintf (id, sizeof id, "p%07u", i);
    sqlite3_bind_int64 (statement, 1, i + 1);
    sqlite3_bind_text (statement, 2, id, 8, SQLITE_STATIC);
    sqlite3_bind_text (statement, 3, "unit", 4, SQLITE_STATIC);
    expect (sqlite3_step (statement) == SQLITE_DONE, "an insert failed");
    sqlite3_reset (statement);
  }
  sqlite3_finalize (statement);
}

static void
insert_flows (sqlite3 *db, VcTable *flows)
{
  sqlite3_stmt *statement = prepare (db, "INSERT INTO flow VALUES (?, ?, ?, ?, ?, ?, NULL)");
  const gint32 *from = GSIZE_TO_POINTER (vc_column_get_values_address (vc_table_lookup_column (flows, "from")));
  const gint32 *to = GSIZE_TO_POINTER (vc_column_get_values_address (vc_table_lookup_column (flows, "to")));
  const double *amounts = GSIZE_TO_POINTER (vc_column_get_values_address (vc_table_lookup_column (flows, "amount")));
  const gint64 *times = GSIZE_TO_POINTER (vc_column_get_values_address (vc_table_lookup_column (flows, "at")));

  for (guint64 i = 0; i < vc_table_get_n_rows (flows); i++) {
    sqlite3_bind_int64 (statement, 1, (gint64) i + 1);
    sqlite3_bind_int64 (statement, 2, from[i] + 1);
    sqlite3_bind_int64 (statement, 3, to[i] + 1);
    sqlite3_bind_text (statement, 4, "work", 4, SQLITE_STATIC);
    sqlite3_bind_double (statement, 5, amounts[i]);
    sqlite3_bind_int64 (statement, 6, times[i]);
    expect (sqlite3_step (statement) == SQLITE_DONE, "an insert failed");
    sqlite3_reset (statement);
  }
  sqlite3_finalize (statement);
}

static double
insert (VcChain *chain, const char *path)
{
  static const char *const schema = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
                                    "CREATE TABLE party (party INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT "
                                    "NULL, name TEXT, unit INTEGER, manager INTEGER, effort REAL);"
                                    "CREATE TABLE flow (flow INTEGER PRIMARY KEY, \"from\" INTEGER NOT NULL, \"to\" "
                                    "INTEGER NOT NULL, kind TEXT NOT NULL,"
                                    " amount REAL NOT NULL, at INTEGER, \"case\" TEXT);";
  const gint64 start = g_get_monotonic_time ();
  gboolean ok;
  sqlite3 *db;
  int fd;

  expect (sqlite3_open (path, &db) == SQLITE_OK, "no database");
  ok = sqlite3_exec (db, schema, NULL, NULL, NULL) == SQLITE_OK;
  expect (ok, sqlite3_errmsg (db));
  insert_parties (db, vc_chain_get_n_parties (chain));
  insert_flows (db, vc_chain_get_flows (chain));
  expect (sqlite3_exec (db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "no commit");
  sqlite3_close (db);
  fd = open (path, O_RDONLY);
  expect (fsync (fd) == 0 && close (fd) == 0, "not durable");
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static double
select_rows (const char *path)
{
  const gint64 start = g_get_monotonic_time ();
  sqlite3_stmt *statement;
  sqlite3 *db;
  double sum = 0;

  expect (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK, "no database");
  statement = prepare (db, "SELECT party, id, kind, name, unit, manager, effort FROM party");
  while (sqlite3_step (statement) == SQLITE_ROW)
    sum += (double) sqlite3_column_int64 (statement, 0) + sqlite3_column_text (statement, 1)[0]
           + sqlite3_column_text (statement, 2)[0] + (sqlite3_column_text (statement, 3) != NULL)
           + (double) sqlite3_column_int64 (statement, 4) + (double) sqlite3_column_int64 (statement, 5)
           + sqlite3_column_double (statement, 6);
  sqlite3_finalize (statement);
  statement = prepare (db, "SELECT flow, \"from\", \"to\", kind, amount, at, \"case\" FROM flow");
  while (sqlite3_step (statement) == SQLITE_ROW)
    sum += (double) sqlite3_column_int64 (statement, 0) + (double) sqlite3_column_int64 (statement, 1)
           + (double) sqlite3_column_int64 (statement, 2) + sqlite3_column_text (statement, 3)[0]
           + sqlite3_column_double (statement, 4) + (double) sqlite3_column_int64 (statement, 5)
           + (sqlite3_column_text (statement, 6) != NULL);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  expect (sum > 0, "nothing was read");
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static void
keep_best (double *best, double seconds)
{
  *best = MIN (*best, seconds);
}

int
main (int argc, char **argv)
{
  double saving = G_MAXDOUBLE, inserting = G_MAXDOUBLE, loading = G_MAXDOUBLE, selecting = G_MAXDOUBLE;
  g_autofree char *ours = NULL, *bare = NULL;
  g_autoptr (VcChain) chain = NULL;

  expect (argc == 3, "benchmark-vchain FLOWS FOLDER");
  ours = g_build_filename (argv[2], "ours.vchain", NULL);
  bare = g_build_filename (argv[2], "bare.db", NULL);
  chain = make_chain (g_ascii_strtoull (argv[1], NULL, 10));
  expect (chain != NULL, "no chain");
  for (guint i = 0; i < N_ROUNDS; i++) {
    unlink (bare);
    keep_best (&saving, save (chain, ours));
    keep_best (&inserting, insert (chain, bare));
    keep_best (&loading, load (chain, ours));
    keep_best (&selecting, select_rows (ours));
  }
  unlink (bare);
  unlink (ours);
  g_print ("{\"save\": %.2f, \"bare inserts\": %.2f, \"ratio of saving\": %.2f, \"load\": %.2f, \"bare select\": %.2f, "
           "\"ratio of loading\": %.2f}\n",
           saving, inserting, saving / inserting, loading, selecting, loading / selecting);
  return 0;
}
