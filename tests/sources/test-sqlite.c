/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Databases of strangers. S01 to S13 are what may be wrong with one. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "folders.h"
#include "sources/vc-sqlite-private.h"

/* A database that these statements make. */
static char *
make_database (const char *folder, const char *statements)
{
  char *path = g_build_filename (folder, "x.db", NULL);
  sqlite3 *db;

  cr_assert_eq (sqlite3_open (path, &db), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (db, statements, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg (db));
  cr_assert_eq (sqlite3_close (db), SQLITE_OK);
  return path;
}

static VcSqlite *
open_it (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();

  return vc_sqlite_open (path, limits, VC_SQLITE_CHECK_ALWAYS, cancellable, error);
}

/* The sum of column "a" of table "t", or -1 and an error. */
static gint64
sum (const char *path, GError **error)
{
  static const char *const columns[] = { "a", NULL };
  g_autoptr (VcSqlite) file = open_it (path, NULL, error);
  VC_STATEMENT statement = file != NULL ? vc_sqlite_select (file, "t", columns, error) : NULL;
  gboolean has_row = statement != NULL;
  gint64 total = 0;

  while (has_row && vc_sqlite_step (file, statement, &has_row, error))
    total += has_row ? sqlite3_column_int64 (statement, 0) : 0;
  return statement != NULL && !has_row && (error == NULL || *error == NULL) && vc_sqlite_finish (file, error) ? total
                                                                                                              : -1;
}

static void
expect_sum (const char *path, gint64 expected)
{
  g_autoptr (GError) error = NULL;
  gint64 found = sum (path, &error);

  cr_assert_eq (found, expected, "%" G_GINT64_FORMAT ": %s", found, error != NULL ? error->message : "no error");
}

static void
expect_refused (const char *path, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  cr_assert_eq (sum (path, &error), -1);
  cr_assert_not_null (error);
  cr_assert (g_error_matches (error, domain, code), "%s %d: %s", g_quark_to_string (error->domain), error->code,
             error->message);
}

/* Makes, expects, and drops. */
static void
expect_refusal (const char *statements, int code)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, statements);

  expect_refused (path, VC_IMPORT_ERROR, code);
  drop_folder (root);
}

#define TABLE "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2), (4);"

Test (sqlite, reads_a_table)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE "PRAGMA application_id = 1447249998; PRAGMA user_version = 7");
  g_autoptr (VcSqlite) file = open_it (path, NULL, NULL);
  g_auto (GStrv) columns = NULL, none = NULL;

  expect_sum (path, 7);
  cr_assert_eq (vc_sqlite_application_id (file), 1447249998);
  cr_assert_eq (vc_sqlite_user_version (file), 7);
  cr_assert_str_eq (vc_sqlite_name (file), "x.db");
  cr_assert (vc_sqlite_list_columns (file, "t", &columns, NULL) && g_strv_length (columns) == 1);
  cr_assert_str_eq (columns[0], "a");
  cr_assert (vc_sqlite_list_columns (file, "u", &none, NULL) && none == NULL);
  drop_folder (root);
}

Test (sqlite, s01_a_view_in_place_of_a_table_is_refused)
{
  expect_refusal ("CREATE VIEW t AS WITH RECURSIVE r (a) AS (SELECT 1 UNION ALL SELECT a FROM r) SELECT a FROM r",
                  VC_IMPORT_ERROR_FORMAT);
}

/* What stands in the list of tables is not what the definition says. */
Test (sqlite, s01_a_view_that_poses_as_a_table_is_refused)
{
  expect_refusal (TABLE "CREATE VIEW v AS SELECT 1 AS a; PRAGMA writable_schema = 1;"
                        "UPDATE sqlite_master SET sql = 'CREATE TABLE u (a)' WHERE name = 't';"
                        "UPDATE sqlite_master SET sql = 'CREATE VIEW t AS SELECT 1 AS a' WHERE name = 'v'",
                  VC_IMPORT_ERROR_CORRUPT);
}

Test (sqlite, s03_virtual_tables_are_refused_where_needed_and_else_ignored)
{
  char *root = make_folder ();
  g_autofree char *path
    = make_database (root, TABLE "CREATE VIRTUAL TABLE v USING fts5 (a); INSERT INTO v VALUES ('x');"
                                 "CREATE VIRTUAL TABLE r USING rtree (id, x, y);");

  expect_sum (path, 7);
  drop_folder (root);
  expect_refusal ("CREATE VIRTUAL TABLE t USING fts5 (a)", VC_IMPORT_ERROR_FORMAT);
  expect_refusal ("CREATE VIRTUAL TABLE t USING rtree (id, a, y)", VC_IMPORT_ERROR_FORMAT);
}

Test (sqlite, s03_triggers_defaults_and_generated_columns_do_nothing)
{
  char *root = make_folder ();
  g_autofree char *path
    = make_database (root, "CREATE TABLE t (a INTEGER DEFAULT (abs (-9)), b AS (abs (a)) VIRTUAL, CHECK (a > 0));"
                           "INSERT INTO t (a) VALUES (3);"
                           "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END;");

  expect_sum (path, 3);
  drop_folder (root);
}

/* A copy of a good file in which bytes are flipped is refused or read; a checksum of the rows is not promised. */
Test (sqlite, s04_flipped_bytes, .timeout = 120)
{
  char *root = make_folder ();
  g_autofree char *path
    = make_database (root, "CREATE TABLE t (a INTEGER, b TEXT);"
                           "WITH RECURSIVE r (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM r WHERE a < 300) "
                           "INSERT INTO t SELECT a, hex (zeroblob (40)) FROM r; CREATE INDEX i ON t (b);");
  g_autofree char *good = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  gsize size;
  guint n_refused = 0;

  cr_assert (g_file_get_contents (path, &good, &size, NULL));
  for (guint i = 0; i < 3000; i++) {
    g_autofree char *bad = g_memdup2 (good, size);
    g_autoptr (GError) error = NULL;
    const guint n_flips = 1 + g_rand_int (random) % 8;

    for (guint j = 0; j < n_flips; j++)
      bad[g_rand_int (random) % (i % 2 ? size : 512)] = (char) g_rand_int (random);
    put_file (root, "x.db", bad, (gssize) size);
    if (sum (path, &error) < 0) {
      cr_assert_not_null (error);
      n_refused++;
    }
  }
  cr_assert (n_refused > 300 && n_refused < 3000, "%u", n_refused);
  drop_folder (root);
}

Test (sqlite, s04_cut_off)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE);
  struct stat info;

  cr_assert_eq (stat (path, &info), 0);
  for (off_t size = info.st_size - 1; size > 0; size -= 511) {
    cr_assert_eq (truncate (path, size), 0);
    expect_refused (path, VC_IMPORT_ERROR, size < 100 ? VC_IMPORT_ERROR_FORMAT : VC_IMPORT_ERROR_CORRUPT);
  }
  cr_assert_eq (truncate (path, 0), 0);
  expect_refused (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_EMPTY);
  drop_folder (root);
}

static void
patch (const char *path, off_t at, const char *bytes, gsize n)
{
  int fd = open (path, O_WRONLY);

  cr_assert (pwrite (fd, bytes, n, at) == (gssize) n && close (fd) == 0);
}

/* The table's root is page 2; it is made an inner page whose only child is itself. */
Test (sqlite, s06_a_circle_of_pages_is_found)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, "PRAGMA page_size = 512;" TABLE);

  patch (path, 512, "\x05\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x02", 12);
  expect_refused (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CORRUPT);
  drop_folder (root);
}

/* A free list that names the table's own page. */
Test (sqlite, s06_a_circle_in_the_list_of_free_pages_is_found)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE);

  patch (path, 32, "\x00\x00\x00\x02\x00\x00\x00\x05", 8);
  expect_refused (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CORRUPT);
  drop_folder (root);
}

/* Files beside it that are nobody's journals are not looked at and stay as they are; nothing is made. */
Test (sqlite, s07_files_beside_it)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE), *names = NULL;
  g_autofree char *link = g_build_filename (root, "x.db-wal", NULL);

  put_file (root, "x.db-journal", "\0\0\0\0\0\0\0\0rest", 12);
  put_file (root, "x.db-shm", "anything", -1);
  cr_assert_eq (symlink ("/etc/passwd", link), 0);
  expect_sum (path, 7);
  names = list_folder (root);
  cr_assert_str_eq (names, "x.db x.db-journal x.db-shm x.db-wal");
  drop_folder (root);
}

/* Neither replayed nor passed over: with it the database is another one, without it perhaps half of one. */
Test (sqlite, s07_unfinished_work_beside_it_is_refused)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE), *journal = NULL;

  put_file (root, "x.db-journal", "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
  expect_refused (path, G_IO_ERROR, G_IO_ERROR_BUSY);
  journal = get_file (root, "x.db-journal");
  cr_assert_eq (journal[0], '\xd9');
  drop_folder (root);
}

Test (sqlite, s07_write_ahead_mode_is_read_without_a_log)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, "PRAGMA journal_mode = WAL;" TABLE), *names = NULL;
  sqlite3 *db;

  expect_sum (path, 7);
  cr_assert_eq (sqlite3_open (path, &db), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (db, "INSERT INTO t VALUES (8)", NULL, NULL, NULL), SQLITE_OK);
  expect_refused (path, G_IO_ERROR, G_IO_ERROR_BUSY);
  cr_assert_eq (sqlite3_close (db), SQLITE_OK);
  expect_sum (path, 15);
  names = list_folder (root);
  cr_assert_str_eq (names, "x.db");
  drop_folder (root);
}

Test (sqlite, s09_names_are_quoted)
{
  static const char *const columns[] = { "a\"; DROP TABLE t; --", NULL }, *const wrong[] = { "missing", NULL };
  char *root = make_folder ();
  g_autofree char *path = make_database (root, "CREATE TABLE \"t\"\"; --\" (\"a\"\"; DROP TABLE t; --\"); "
                                               "INSERT INTO \"t\"\"; --\" VALUES (5);" TABLE);
  g_autoptr (VcSqlite) file = open_it (path, NULL, NULL);
  VC_STATEMENT statement = vc_sqlite_select (file, "t\"; --", columns, NULL);
  gboolean has_row;

  cr_assert (vc_sqlite_step (file, statement, &has_row, NULL) && has_row);
  cr_assert_eq (sqlite3_column_int64 (statement, 0), 5);
  cr_assert_null (vc_sqlite_select (file, "t", wrong, NULL));
  cr_assert_null (vc_sqlite_select (file, "t, sqlite_master", wrong, NULL));
  expect_sum (path, 7);
  drop_folder (root);
}

Test (sqlite, s09_a_name_of_a_megabyte)
{
  g_autofree char *name = g_strnfill (1000000, 'n');
  g_autofree char *statements = g_strconcat (TABLE "CREATE TABLE ", name, " (a)", NULL);

  expect_refusal (statements, VC_IMPORT_ERROR_CORRUPT);
}

Test (sqlite, s10_other_files_are_no_databases)
{
  static const char *const contents[] = { "PK\3\4 and more", "\177ELF", "SQLite format 2", "SQLite format 3" };
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x.db", NULL), *nowhere = g_build_filename (root, "y.db", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++) {
    put_file (root, "x.db", contents[i], -1);
    expect_refused (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT);
  }
  expect_refused (root, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT);
  expect_refused (nowhere, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  drop_folder (root);
}

/* A stream that has no descriptor. */
Test (sqlite, s10_what_is_no_file_is_no_database)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (GError) error = NULL;

  cr_assert_null (vc_sqlite_open_descriptor (-1, "log.sqlite", limits, VC_SQLITE_CHECK_ALWAYS, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT));
  cr_assert_str_eq (error->message, "log.sqlite: this is no regular file");
}

Test (sqlite, s11_a_writer_is_waited_for_and_then_told_of, .timeout = 20)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE);
  sqlite3 *db;
  gint64 before;

  cr_assert_eq (sqlite3_open (path, &db), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
  before = g_get_monotonic_time ();
  expect_refused (path, G_IO_ERROR, G_IO_ERROR_BUSY);
  cr_assert_lt (g_get_monotonic_time () - before, 5 * G_USEC_PER_SEC);
  cr_assert_eq (sqlite3_exec (db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
  expect_sum (path, 7);
  cr_assert_eq (sqlite3_close (db), SQLITE_OK);
  drop_folder (root);
}

Test (sqlite, s11_a_writer_waits_for_us)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE);
  g_autoptr (VcSqlite) file = open_it (path, NULL, NULL);
  sqlite3 *db;

  cr_assert_eq (sqlite3_open (path, &db), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (db, "INSERT INTO t VALUES (8)", NULL, NULL, NULL), SQLITE_BUSY);
  g_clear_pointer (&file, vc_sqlite_close);
  cr_assert_eq (sqlite3_exec (db, "INSERT INTO t VALUES (8)", NULL, NULL, NULL), SQLITE_OK);
  cr_assert_eq (sqlite3_close (db), SQLITE_OK);
  expect_sum (path, 15);
  drop_folder (root);
}

Test (sqlite, s11_a_change_by_who_heeds_no_locks_is_told)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE);
  g_autoptr (VcSqlite) file = open_it (path, NULL, NULL);
  g_autoptr (GError) error = NULL;

  cr_assert (vc_sqlite_finish (file, NULL));
  cr_assert_eq (truncate (path, 1 << 20), 0);
  cr_assert_not (vc_sqlite_finish (file, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY));
  drop_folder (root);
}

/* A row of a few bytes with a thousand columns, all but one by default: much work for a small file. Checks (CREATE
 * TABLE t (a CHECK ...)) and indices of expressions cost nothing: SQLite keeps none of them where a file is only read.
 */
Test (sqlite, s13_endless_work_is_stopped, .timeout = 30)
{
  char *root = make_folder ();
  g_autoptr (GString) statements
    = g_string_new ("CREATE TABLE t (a INTEGER);"
                    "WITH RECURSIVE r (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM r WHERE a < 200000) "
                    "INSERT INTO t SELECT a FROM r; PRAGMA writable_schema = 1;"
                    "UPDATE sqlite_master SET sql = 'CREATE TABLE t (a INTEGER");
  g_autofree char *path = NULL;
  gint64 before;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (statements, ", b%u NOT NULL DEFAULT 1", i);
  g_string_append (statements, ")'");
  path = make_database (root, statements->str);
  before = g_get_monotonic_time ();
  expect_refused (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT);
  cr_assert_lt (g_get_monotonic_time () - before, 4 * G_USEC_PER_SEC);
  drop_folder (root);
}

Test (sqlite, can_be_cancelled)
{
  char *root = make_folder ();
  g_autofree char *path = make_database (root, TABLE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  cr_assert_eq (sqlite3_open (path, &db), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
  g_cancellable_cancel (cancellable);
  cr_assert_null (open_it (path, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED), "%s", error->message);
  cr_assert_eq (sqlite3_close (db), SQLITE_OK);
  drop_folder (root);
}
