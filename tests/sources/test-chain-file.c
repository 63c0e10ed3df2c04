/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "faults.h"
#include "folders.h"
#include "random-chain.h"

/* Each is made durable, which a busy disk takes its time for. */
#define N_RANDOM 60

static void
save (const char *path, VcChain *chain)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (GError) error = NULL;

  cr_assert (vc_chain_file_save (file, chain, NULL, NULL, &error), "%s", error != NULL ? error->message : "");
}

static VcChain *
load (const char *path, GError **error)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);

  return vc_source_load (VC_SOURCE (file), NULL, NULL, error);
}

static VcChain *
expect_loads (const char *path)
{
  g_autoptr (GError) error = NULL;
  VcChain *chain = load (path, &error);

  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "no error");
  return chain;
}

static void
expect_not_loaded (const char *path, GQuark domain, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) chain = load (path, &error);

  cr_assert_null (chain);
  cr_assert (g_error_matches (error, domain, code), "%s %d: %s", g_quark_to_string (error->domain), error->code,
             error->message);
  if (message != NULL)
    cr_assert_str_eq (error->message, message);
}

/* Another program's change. */
static void
change (const char *path, const char *statements)
{
  sqlite3 *db;

  cr_assert_eq (sqlite3_open (path, &db), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (db, statements, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg (db));
  cr_assert_eq (sqlite3_close (db), SQLITE_OK);
}

/* A file of a small chain, changed so. */
static void
expect_refusal (const char *statements, int code, const char *message)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChain) chain = hard_chain (3);

  save (path, chain);
  change (path, statements);
  expect_not_loaded (path, VC_IMPORT_ERROR, code, message);
  drop_folder (root);
}

Test (chain_file, comes_back_to_the_last_bit)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL), *again = g_build_filename (root, "y.vchain", NULL),
                  *names = NULL;
  g_autofree char *one = NULL, *other = NULL;
  g_autoptr (VcChain) chain = hard_chain (3), found = NULL;
  gsize size, other_size;
  gint64 start, end;

  save (path, chain);
  found = expect_loads (path);
  cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain));
  cr_assert_str_eq (vc_chain_get_title (found), vc_chain_get_title (chain));
  cr_assert_str_eq (vc_chain_get_effort_unit (found), "hours");
  cr_assert (vc_chain_get_window (found, &start, &end));
  cr_assert (start == 1699999999999999 && end == 1800000000000000);
  save (again, found);
  names = list_folder (root);
  cr_assert_str_eq (names, "x.vchain y.vchain");
  cr_assert (g_file_get_contents (path, &one, &size, NULL) && g_file_get_contents (again, &other, &other_size, NULL));
  cr_assert (size == other_size && memcmp (one, other, size) == 0, "the same chain is the same file");
  drop_folder (root);
}

Test (chain_file, random_chains_come_back, .timeout = 120)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL);

  for (guint i = 0; i < N_RANDOM; i++) {
    g_autoptr (VcChain) chain = random_chain (i, i % 10 == 0 ? 2000 : 12), found = NULL;

    save (path, chain);
    found = expect_loads (path);
    cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain), "chain %u", i);
    cr_assert_eq (g_strcmp0 (vc_chain_get_title (found), vc_chain_get_title (chain)), 0);
  }
  drop_folder (root);
}

Test (chain_file, is_known_by_its_content)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "anything.csv", NULL);
  g_autoptr (VcChain) chain = hard_chain (0);
  g_autoptr (VcSource) source = NULL;
  g_autoptr (VcTable) check = NULL;

  save (path, chain);
  source = vc_source_for_path (path, NULL);
  cr_assert (VC_IS_CHAIN_FILE (source));
  check = vc_source_check (source, NULL, NULL, NULL);
  cr_assert_not_null (check);
  cr_assert_eq (report_count (source, "parties"), 4);
  cr_assert_eq (report_count (source, "flows"), 3);
  drop_folder (root);
}

Test (chain_file, is_private_whatever_the_umask)
{
  static const mode_t masks[] = { 0, 0777 };

  for (guint i = 0; i < G_N_ELEMENTS (masks); i++) {
    char *root = make_folder ();
    g_autofree char *path = g_build_filename (root, "x.vchain", NULL);
    g_autoptr (VcChain) chain = hard_chain (0);
    mode_t before = umask (masks[i]);
    struct stat info;

    save (path, chain);
    umask (before);
    cr_assert (stat (path, &info) == 0 && (info.st_mode & 07777) == 0600, "%o", info.st_mode);
    drop_folder (root);
  }
}

static void
expect_not_saved (const char *path, VcChain *chain, int code)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (GError) error = NULL;

  cr_assert_not (vc_chain_file_save (file, chain, NULL, NULL, &error), "%s", path);
  cr_assert (g_error_matches (error, G_IO_ERROR, code), "%s %d: %s", g_quark_to_string (error->domain), error->code,
             error->message);
}

Test (chain_file, replaces_chain_files_and_leaves_alone_what_is_none)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL),
                  *link = g_build_filename (root, "link.vchain", NULL);
  g_autofree char *other = g_build_filename (root, "thesis.tex", NULL),
                  *database = g_build_filename (root, "x.db", NULL);
  g_autofree char *nowhere = g_build_filename (root, "no", "where", NULL), *names = NULL;
  g_autoptr (VcChain) old = hard_chain (0), new = hard_chain (1), found = NULL;

  put_file (root, "x.vchain", "", 0);
  save (path, old);
  save (path, new);
  found = expect_loads (path);
  cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (new));
  put_file (root, "thesis.tex", "x", -1);
  change (database, "CREATE TABLE t (a)");
  cr_assert_eq (symlink ("x.vchain", link), 0);
  expect_not_saved (other, new, G_IO_ERROR_EXISTS);
  expect_not_saved (database, new, G_IO_ERROR_EXISTS);
  expect_not_saved (root, new, G_IO_ERROR_EXISTS);
  expect_not_saved (link, new, G_IO_ERROR_EXISTS);
  expect_not_saved (nowhere, new, G_IO_ERROR_NOT_FOUND);
  expect_not_saved ("", new, G_IO_ERROR_INVALID_FILENAME);
  names = list_folder (root);
  cr_assert_str_eq (names, "link.vchain thesis.tex x.db x.vchain");
  drop_folder (root);
}

/* SQLite would apply what is in them to the new file. */
Test (chain_file, what_another_program_left_beside_it_is_not_mixed_in)
{
  static const char *const suffixes[] = { "-journal", "-wal" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    char *root = make_folder ();
    g_autofree char *path = g_build_filename (root, "x.vchain", NULL),
                    *name = g_strconcat ("x.vchain", suffixes[i], NULL);
    g_autofree char *before = NULL, *after = NULL;
    g_autoptr (VcChain) old = hard_chain (0), new = hard_chain (1);

    save (path, old);
    before = get_file (root, "x.vchain");
    put_file (root, name, "\x37\x7f\x06\x82", 4);
    expect_not_saved (path, new, G_IO_ERROR_BUSY);
    after = get_file (root, "x.vchain");
    cr_assert_str_eq (after, before);
    put_file (root, name, "", 0);
    save (path, new);
    drop_folder (root);
  }
}

Test (chain_file, cancelled_leaves_nothing_behind)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL), *names = NULL;
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcChain) chain = hard_chain (0);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  cr_assert_not (vc_chain_file_save (file, chain, NULL, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  names = list_folder (root);
  cr_assert_str_eq (names, "");
  drop_folder (root);
}

/* Keys may have gaps, parties any order, and rows be anybody's. */
Test (chain_file, rows_of_other_programs_count)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChain) chain = hard_chain (0), found = NULL;

  save (path, chain);
  change (path,
          "INSERT INTO party (party, id, kind, unit) VALUES (1000, 'aa', 'person', 4), (-5, 'ab', 'customer', NULL);"
          "INSERT INTO flow (\"from\", \"to\", kind, amount, at) VALUES (1000, -5, 'work', 2, 1700000000000000)");
  found = expect_loads (path);
  cr_assert_eq (vc_chain_get_n_parties (found), vc_chain_get_n_parties (chain) + 2);
  cr_assert_eq (vc_chain_get_n_flows (found), vc_chain_get_n_flows (chain) + 1);
  cr_assert_eq (vc_chain_get_party_kind (found, (guint) vc_chain_lookup_party (found, "ab")), VC_PARTY_KIND_CUSTOMER);
  drop_folder (root);
}

Test (chain_file, what_is_wrong_is_told_with_its_place)
{
  expect_refusal ("UPDATE flow SET amount = 'much' WHERE flow = 2", VC_IMPORT_ERROR_NUMBER,
                  "x.vchain: flow 2, amount: is no number");
  expect_refusal ("PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace (sql, '\"amount\" REAL', "
                  "'\"amount\" BLOB') WHERE name = 'flow';"
                  "PRAGMA writable_schema = RESET; UPDATE flow SET amount = 9007199254740993 WHERE flow = 2",
                  VC_IMPORT_ERROR_RANGE, "x.vchain: flow 2, amount: is a whole number that no double holds");
  expect_refusal ("UPDATE flow SET amount = 9e999 WHERE flow = 2", VC_IMPORT_ERROR_RANGE,
                  "x.vchain: flow 2, amount: is not finite");
  expect_refusal ("UPDATE flow SET amount = -1 WHERE flow = 2", VC_IMPORT_ERROR_RANGE, NULL);
  expect_refusal ("UPDATE flow SET \"to\" = 77 WHERE flow = 1", VC_IMPORT_ERROR_REFERENCE,
                  "x.vchain: flow 1, to: names no known party");
  expect_refusal ("UPDATE flow SET \"to\" = 'p' WHERE flow = 1", VC_IMPORT_ERROR_NUMBER,
                  "x.vchain: flow 1, to: is no key of a party");
  expect_refusal ("UPDATE flow SET kind = 'play'", VC_IMPORT_ERROR_VALUE, NULL);
  expect_refusal ("UPDATE flow SET kind = x'ff'", VC_IMPORT_ERROR_VALUE, "x.vchain: flow 1, kind: is no text");
  expect_refusal ("UPDATE flow SET at = 'today'", VC_IMPORT_ERROR_NUMBER, "x.vchain: flow 1, at: is no whole number");
  expect_refusal ("UPDATE flow SET \"case\" = CAST (x'61ff' AS TEXT)", VC_IMPORT_ERROR_ENCODING,
                  "x.vchain: flow 1, case: is not valid UTF-8");
  expect_refusal ("UPDATE flow SET \"case\" = CAST (x'610062' AS TEXT)", VC_IMPORT_ERROR_NUL,
                  "x.vchain: flow 1, case: holds a NUL byte");
  expect_refusal ("UPDATE flow SET \"case\" = CAST (zeroblob (2000000) AS TEXT)", VC_IMPORT_ERROR_LIMIT,
                  "x.vchain: flow 1, case: is longer than allowed");
  expect_refusal ("UPDATE party SET id = 'a' WHERE party < 3", VC_IMPORT_ERROR_DUPLICATE,
                  "x.vchain: party 2, id: stands there already");
  expect_refusal ("PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace (sql, 'TEXT NOT NULL', 'TEXT') "
                  "WHERE name = 'party';"
                  "PRAGMA writable_schema = RESET; UPDATE party SET id = NULL WHERE party = 3",
                  VC_IMPORT_ERROR_MISSING, "x.vchain: party 3, id: is missing");
  expect_refusal ("UPDATE party SET unit = 1 WHERE party = 1", VC_IMPORT_ERROR_CYCLE, NULL);
}

Test (chain_file, tables_that_are_not_as_they_have_to_be)
{
  expect_refusal ("DROP TABLE receipt", VC_IMPORT_ERROR_MISSING, "x.vchain: a table of the database is missing");
  expect_refusal ("DROP VIEW flows; ALTER TABLE flow RENAME TO f; CREATE VIEW flow AS SELECT * FROM f",
                  VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refusal ("DROP VIEW flows; ALTER TABLE flow DROP COLUMN at", VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refusal ("DELETE FROM chain", VC_IMPORT_ERROR_FORMAT, "x.vchain: chain: this table has one row");
  expect_refusal ("UPDATE chain SET window_end = NULL", VC_IMPORT_ERROR_FORMAT,
                  "x.vchain: chain: a window has a start and an end");
  expect_refusal ("INSERT INTO attribute VALUES (1, 'flow', 'amount', 'double')", VC_IMPORT_ERROR_DUPLICATE, NULL);
  expect_refusal ("INSERT INTO attribute VALUES (1, 'flow', 'x', 'money')", VC_IMPORT_ERROR_VALUE, NULL);
  expect_refusal ("INSERT INTO attribute VALUES (1, 'flow', 'x', 'double')", VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refusal ("WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000) "
                  "INSERT INTO attribute SELECT i, 'flow', 'x' || i, 'double' FROM r", VC_IMPORT_ERROR_LIMIT, NULL);
  expect_refusal ("PRAGMA user_version = 2", VC_IMPORT_ERROR_FORMAT,
                  "x.vchain: this chain file was written by a newer version of the library");
  expect_refusal ("PRAGMA user_version = 0", VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refusal ("PRAGMA application_id = 1", VC_IMPORT_ERROR_FORMAT, "x.vchain: this database is no chain file");
}

/* As S13: what a stranger may put beside our tables costs nothing and runs nothing. */
Test (chain_file, views_and_triggers_of_others_are_not_run)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChain) chain = hard_chain (2), found = NULL;

  save (path, chain);
  change (path, "DROP VIEW flows; CREATE VIEW flows AS WITH RECURSIVE r (a) AS (SELECT 1 UNION ALL SELECT a FROM r) "
                "SELECT a FROM r;"
                "CREATE TRIGGER t AFTER INSERT ON flow BEGIN DELETE FROM flow; END; CREATE TABLE other (a); CREATE "
                "INDEX i ON flow (at)");
  found = expect_loads (path);
  cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain));
  drop_folder (root);
}

/* A tree of pages that runs in a circle: the first child of the table's root is made its last, too. */
Test (chain_file, a_circle_of_pages_is_found_in_a_file_that_is_not_checked_first, .timeout = 60)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;
  sqlite3 *db;
  sqlite3_stmt *statement;
  guint8 child[4], pointer[2];
  gint64 page;
  struct stat info;
  int fd;

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  for (guint i = 0; i < 700000; i++)
    vc_chain_builder_add_flow (builder, "a", "a", VC_FLOW_KIND_WORK, 1.1 + i);
  chain = vc_chain_builder_build (builder, NULL, NULL, NULL);
  save (path, chain);
  cr_assert (stat (path, &info) == 0 && info.st_size > 16 << 20, "large enough not to be checked");
  cr_assert_eq (sqlite3_open (path, &db), SQLITE_OK);
  cr_assert_eq (sqlite3_prepare_v2 (db, "SELECT rootpage FROM sqlite_master WHERE name = 'flow'", -1, &statement, NULL),
                SQLITE_OK);
  cr_assert_eq (sqlite3_step (statement), SQLITE_ROW);
  page = (sqlite3_column_int64 (statement, 0) - 1) * 4096;
  sqlite3_finalize (statement);
  sqlite3_close (db);
  fd = open (path, O_RDWR);
  cr_assert_eq (pread (fd, pointer, 2, page + 12), 2);
  cr_assert_eq (pread (fd, child, 4, page + pointer[0] * 256 + pointer[1]), 4);
  cr_assert_eq (pwrite (fd, child, 4, page + 8), 4);
  close (fd);
  expect_not_loaded (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CORRUPT, "x.vchain: the database is damaged");
  drop_folder (root);
}

/* ---- cancelling ---- */

#define N_FLOWS 600000

/* What lanes have read is joined after the last step of the database: looks while the flows are read are looks then. */
static struct {
  VcProgress   *progress;
  GCancellable *cancellable;
  guint         n, at; /* looks; at which of them it is cancelled, 0: none */
} looks;

static void
look (void)
{
  g_autofree char *stage = vc_progress_dup_stage (looks.progress);

  if (g_strcmp0 (stage, "flow") == 0 && ++looks.n == looks.at)
    g_cancellable_cancel (looks.cancellable);
}

static VcChain *
load_looking (const char *path, guint at, GError **error)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  VcChain *chain;

  looks.progress = progress;
  looks.cancellable = cancellable;
  looks.at = at;
  looks.n = 0;
  fault_set_looker (look);
  chain = vc_source_load (VC_SOURCE (file), progress, cancellable, error);
  fault_set_looker (NULL);
  return chain;
}

static VcChain *
many_flows (void)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  VcChain *chain;

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  for (guint i = 0; i < N_FLOWS; i++)
    vc_chain_builder_add_flow (builder, "a", "a", i % 2 ? VC_FLOW_KIND_WORK : VC_FLOW_KIND_INFORMATION, 1.1 + i);
  chain = vc_chain_builder_build (builder, NULL, NULL, NULL);
  cr_assert_not_null (chain);
  return chain;
}

/* Two labels each, of which one alone has a case; some keys are missing. */
static void
save_many (const char *path)
{
  g_autoptr (VcChain) chain = many_flows ();

  save (path, chain);
  change (path, "DELETE FROM flow WHERE flow % 1000 = 7; UPDATE flow SET \"case\" = kind WHERE flow % 2 = 1");
}

Test (chain_file, joining_what_threads_have_read_can_be_cancelled, .timeout = 60)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChain) chain = NULL;
  guint n;

  if (g_get_num_processors () < 2)
    cr_skip ("one processor reads alone: nothing is joined");
  save_many (path);
  chain = load_looking (path, 0, NULL);
  cr_assert_eq (vc_chain_get_n_flows (chain), N_FLOWS - N_FLOWS / 1000);
  /* The second half of the rows in every 65,536: two texts are joined, and seven columns close up. */
  n = looks.n;
  cr_assert_geq (n, 2 * 4 + 5 * 4, "%u", n);
  for (guint at = 1; at <= n; at += 9) {
    g_autoptr (GError) error = NULL;

    cr_assert_null (load_looking (path, at, &error));
    cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED), "look %u of %u: %s", at, n, error->message);
  }
  drop_folder (root);
}

static guint n_synced;

static void
cancel_syncing (const char *call, const char *path)
{
  if (strcmp (call, "sync_file_range") == 0 && ++n_synced == 1)
    g_cancellable_cancel (looks.cancellable);
}

/* A disk may take its time for a large file: it is not waited for at once. */
Test (chain_file, making_it_durable_can_be_cancelled, .timeout = 60)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL), *names = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (VcChain) chain = many_flows ();
  g_autoptr (GError) error = NULL;

  looks.cancellable = cancellable;
  fault_set_visitor (cancel_syncing);
  fault_arm (FAULT_NONE, 0, FALSE);
  cr_assert_not (vc_chain_file_save (file, chain, NULL, cancellable, &error));
  fault_disarm ();
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  cr_assert_eq (n_synced, 1);
  names = list_folder (root);
  cr_assert_str_eq (names, "");
  drop_folder (root);
}

/* ---- memory of SQLite's ---- */

static sqlite3_mem_methods real_memory;
static guint fail_at;
static guint n_asked;

static gboolean
fails (void)
{
  return ++n_asked == fail_at;
}

static void *
failing_malloc (int size)
{
  return fails () ? NULL : real_memory.xMalloc (size);
}

static void *
failing_realloc (void *block, int size)
{
  return fails () ? NULL : real_memory.xRealloc (block, size);
}

static void
let_memory_fail (void)
{
  sqlite3_mem_methods failing;

  cr_assert_eq (sqlite3_shutdown (), SQLITE_OK);
  cr_assert_eq (sqlite3_config (SQLITE_CONFIG_GETMALLOC, &real_memory), SQLITE_OK);
  failing = real_memory;
  failing.xMalloc = failing_malloc;
  failing.xRealloc = failing_realloc;
  cr_assert_eq (sqlite3_config (SQLITE_CONFIG_MALLOC, &failing), SQLITE_OK);
  cr_assert_eq (sqlite3_initialize (), SQLITE_OK);
}

/* Each allocation of SQLite's fails once: an error that says so, or the chain. */
Test (chain_file, memory_of_sqlite_ends_while_loading)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChain) chain = random_chain (2, 12);
  gboolean done = FALSE;
  guint n_failed = 0;

  let_memory_fail ();
  save (path, chain);
  for (fail_at = 1; !done; fail_at++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcChain) found = NULL;

    n_asked = 0;
    found = load (path, &error);
    done = n_asked < fail_at;
    if (found != NULL)
      cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain));
    else
      cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY), "%u: %s", fail_at,
                 error->message);
    n_failed += found == NULL;
  }
  cr_assert_gt (n_failed, 50, "%u", n_failed);
  drop_folder (root);
}

Test (chain_file, memory_of_sqlite_ends_while_saving)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.vchain", NULL);
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (VcChain) chain = hard_chain (1);
  gboolean done = FALSE;
  guint n_failed = 0;

  let_memory_fail ();
  for (fail_at = 1; !done; fail_at++) {
    g_autoptr (GError) error = NULL;

    n_asked = 0;
    if (vc_chain_file_save (file, chain, NULL, NULL, &error)) {
      done = n_asked < fail_at;
      g_unlink (path);
      continue;
    }
    n_failed++;
    cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY), "%u: %s", fail_at, error->message);
    cr_assert_not (g_file_test (path, G_FILE_TEST_EXISTS));
  }
  cr_assert_gt (n_failed, 50, "%u", n_failed);
  drop_folder (root);
}
