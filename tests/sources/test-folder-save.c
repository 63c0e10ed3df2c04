/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "folders.h"
#include "random-chain.h"

static void
save (const char *path, VcChain *chain)
{
  g_autoptr (VcFolder) folder = vc_folder_new (path);
  g_autoptr (GError) error = NULL;

  cr_assert (vc_folder_save (folder, chain, NULL, &error), "%s", error != NULL ? error->message : "");
}

static void
expect_refusal (const char *path, VcChain *chain, int code)
{
  g_autoptr (VcFolder) folder = vc_folder_new (path);
  g_autoptr (GError) error = NULL;

  cr_assert_not (vc_folder_save (folder, chain, NULL, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, code), "%s %d: %s", g_quark_to_string (error->domain), error->code,
             error->message);
}

static void
assert_same (const char *path, VcChain *chain)
{
  g_autoptr (VcChain) found = expect_chain (path);

  cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain));
}

static void
assert_listed (const char *folder, const char *expected)
{
  g_autofree char *names = list_folder (folder);

  cr_assert_str_eq (names, expected);
}

Test (folder_save, comes_back_to_the_last_bit)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL), *again = g_build_filename (root, "y", NULL);
  g_autoptr (VcChain) chain = hard_chain (3), found = NULL;
  gint64 start, end;

  save (path, chain);
  assert_listed (root, "x");
  assert_listed (path, "commitments.csv datapackage.json flows.csv parties.csv receipts.csv");
  found = expect_chain (path);
  cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain));
  cr_assert_str_eq (vc_chain_get_title (found), vc_chain_get_title (chain));
  cr_assert_str_eq (vc_chain_get_currency (found), "EUR");
  cr_assert_str_eq (vc_chain_get_effort_unit (found), "hours");
  cr_assert (vc_chain_get_window (found, &start, &end));
  cr_assert (start == 1699999999999999 && end == 1800000000000000);
  cr_assert_geq (vc_chain_lookup_party (found, "=cmd"), 0, "no guard stands before an id");

  save (again, found);
  for (guint i = 0; i < 5; i++) {
    static const char *const names[]
      = { "commitments.csv", "datapackage.json", "flows.csv", "parties.csv", "receipts.csv" };
    g_autofree char *one = get_file (path, names[i]), *other = get_file (again, names[i]);

    cr_assert_str_eq (one, other, "%s", names[i]);
  }
  drop_folder (root);
}

static void
save_arrow (const char *path, VcChain *chain)
{
  g_autoptr (VcFolder) folder = vc_folder_new (path);
  g_autoptr (GError) error = NULL;
  gboolean arrow = TRUE;

  g_object_get (folder, "arrow", &arrow, NULL);
  cr_assert_not (arrow);
  g_object_set (folder, "arrow", TRUE, NULL);
  cr_assert (vc_folder_save (folder, chain, NULL, &error), "%s", error != NULL ? error->message : "");
}

/* By way of each form, and each form in the other's place. */
Test (folder_save, arrow_comes_back_to_the_last_bit)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL), *file = g_build_filename (root, "y.vchain", NULL);

  for (guint i = 0; i < 40; i++) {
    g_autoptr (VcChain) chain = i == 0 ? hard_chain (3) : random_chain (i, 30), found = NULL, kept = NULL;
    g_autoptr (VcChainFile) target = vc_chain_file_new (file);

    save_arrow (path, chain);
    if (i == 0)
      assert_listed (path, "commitments.arrow datapackage.json flows.arrow parties.arrow receipts.arrow");
    found = expect_chain (path);
    cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain), "chain %u", i);
    cr_assert (vc_chain_file_save (target, found, NULL, NULL, NULL));
    kept = vc_source_load (VC_SOURCE (target), NULL, NULL, NULL);
    cr_assert_not_null (kept);
    save (path, kept);
    assert_same (path, chain);
  }
  assert_listed (root, "x y.vchain");
  drop_folder (root);
}

Test (folder_save, two_forms_of_one_table)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL);
  g_autoptr (VcChain) chain = hard_chain (1);

  save_arrow (path, chain);
  put_file (path, "flows.csv", "from,to\n", -1);
  expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_DUPLICATE,
                "flows.csv and flows.arrow are both there: which holds?");
  drop_folder (root);
}

Test (folder_save, open_sides_of_a_window_come_back)
{
  static const gint64 windows[][2] = { { 0, G_MAXINT64 }, { G_MININT64, 0 }, { G_MININT64, G_MAXINT64 } };
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++) {
    g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
    g_autoptr (VcChain) chain = NULL, found = NULL;
    gint64 start, end;

    vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
    vc_chain_builder_set_window (builder, windows[i][0], windows[i][1]);
    chain = vc_chain_builder_build (builder, NULL, NULL, NULL);
    save (path, chain);
    found = expect_chain (path);
    cr_assert (vc_chain_get_window (found, &start, &end));
    cr_assert (start == windows[i][0] && end == windows[i][1]);
    cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain));
  }
  drop_folder (root);
}

Test (folder_save, writes_what_has_rows)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;
  g_autofree char *slashed = g_strconcat (path, "//", NULL);

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  chain = vc_chain_builder_build (builder, NULL, NULL, NULL);
  save (slashed, chain);
  assert_listed (path, "datapackage.json parties.csv");
  assert_same (path, chain);
  drop_folder (root);
}

Test (folder_save, keeps_types_of_attributes)
{
  static const double scores[] = { 0.1, 1e300 };
  static const gint64 numbers[] = { 7, -9007199254740993 };
  static const guint8 truths[] = { 1, 0 };
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL);
  g_autoptr (GBytes) int64s = g_bytes_new_static (numbers, sizeof numbers), booleans = g_bytes_new_static (truths, 2);
  VcColumn *columns[] = {
    vc_column_new_texts ("id", (const char *const[]) { "a", "b", NULL }, NULL),
    vc_column_new_texts ("kind", (const char *const[]) { "unit", "customer", NULL }, NULL),
    vc_column_new_doubles ("score", scores, 2, NULL),
    vc_column_new_from_bytes ("level", VC_COLUMN_TYPE_INT64, int64s, NULL, NULL),
    vc_column_new_from_bytes ("since", VC_COLUMN_TYPE_TIME, int64s, NULL, NULL),
    vc_column_new_from_bytes ("active", VC_COLUMN_TYPE_BOOLEAN, booleans, NULL, NULL),
    vc_column_new_texts ("007", (const char *const[]) { "007", "=1+1", NULL }, NULL),
  };
  g_autoptr (VcTable) parties = vc_table_new ("parties", columns, G_N_ELEMENTS (columns), NULL);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;

  vc_chain_builder_add_parties (builder, parties, NULL);
  chain = vc_chain_builder_build (builder, NULL, NULL, NULL);
  cr_assert_not_null (chain);
  save (path, chain);
  assert_same (path, chain);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_object_unref (columns[i]);
  drop_folder (root);
}

Test (folder_save, is_private_whatever_the_umask)
{
  static const mode_t masks[] = { 0, 0777 };

  for (guint i = 0; i < G_N_ELEMENTS (masks); i++) {
    char *root = make_folder ();
    g_autofree char *path = g_build_filename (root, "x", NULL), *file = g_build_filename (path, "flows.csv", NULL);
    g_autoptr (VcChain) chain = hard_chain (0);
    mode_t before = umask (masks[i]);
    struct stat info;

    save (path, chain);
    umask (before);
    cr_assert (stat (path, &info) == 0 && (info.st_mode & 07777) == 0700, "%o", info.st_mode);
    cr_assert (stat (file, &info) == 0 && (info.st_mode & 07777) == 0600, "%o", info.st_mode);
    drop_folder (root);
  }
}

Test (folder_save, replaces_a_chain_and_leaves_nothing_of_it)
{
  char *root = make_folder ();
  g_autofree char *path
    = put_files (root, "x", "parties.csv", "id,kind\nz,unit\n", "receipts.csv", "customer,amount\n", NULL);
  g_autofree char *empty = put_files (root, "empty", NULL);
  g_autoptr (VcChain) chain = hard_chain (1);

  put_gzip (path, "flows.csv.gz", "from,to\n");
  save (path, chain);
  save (empty, chain);
  assert_listed (root, "empty x");
  assert_listed (path, "commitments.csv datapackage.json flows.csv parties.csv receipts.csv");
  assert_same (path, chain);
  assert_same (empty, chain);
  drop_folder (root);
}

Test (folder_save, leaves_alone_what_is_no_chain)
{
  char *root = make_folder ();
  g_autofree char *other = put_files (root, "other", "thesis.tex", "x", NULL);
  g_autofree char *mixed = put_files (root, "mixed", "parties.csv", "id,kind\n", "notes.md", "x", NULL);
  g_autofree char *file = g_build_filename (root, "file", NULL), *link = g_build_filename (root, "link", NULL);
  g_autofree char *nowhere = g_build_filename (root, "no", "where", NULL);
  g_autofree char *dots = g_build_filename (root, "mixed", "..", NULL),
                  *below = g_build_filename (root, "file", "x", NULL);
  g_autoptr (VcChain) chain = hard_chain (1);

  put_file (root, "file", "x", -1);
  cr_assert_eq (symlink ("mixed", link), 0);
  expect_refusal (other, chain, G_IO_ERROR_EXISTS);
  expect_refusal (mixed, chain, G_IO_ERROR_EXISTS);
  expect_refusal (file, chain, G_IO_ERROR_EXISTS);
  expect_refusal (link, chain, G_IO_ERROR_EXISTS);
  expect_refusal (nowhere, chain, G_IO_ERROR_NOT_FOUND);
  expect_refusal (below, chain, G_IO_ERROR_NOT_DIRECTORY);
  expect_refusal (dots, chain, G_IO_ERROR_INVALID_FILENAME);
  expect_refusal ("", chain, G_IO_ERROR_INVALID_FILENAME);
  expect_refusal ("/", chain, G_IO_ERROR_INVALID_FILENAME);
  assert_listed (root, "file link mixed other");
  assert_listed (other, "thesis.tex");
  assert_listed (mixed, "notes.md parties.csv");
  drop_folder (root);
}

Test (folder_save, cancelled_leaves_nothing_behind)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL);
  g_autoptr (VcFolder) folder = vc_folder_new (path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcChain) old = hard_chain (0), new = hard_chain (1);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  cr_assert_not (vc_folder_save (folder, old, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED), "%s", error->message);
  assert_listed (root, "");
  save (path, old);
  cr_assert_not (vc_folder_save (folder, new, cancellable, NULL));
  assert_listed (root, "x");
  assert_same (path, old);
  drop_folder (root);
}

/* A full disk, in the small: no file may grow beyond so many bytes. */
Test (folder_save, that_finds_no_room_leaves_the_old_folder)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL);
  g_autoptr (VcFolder) folder = vc_folder_new (path);
  g_autoptr (VcChain) old = hard_chain (0), new = hard_chain (40);
  struct rlimit limit;

  save (path, old);
  signal (SIGXFSZ, SIG_IGN);
  cr_assert_eq (getrlimit (RLIMIT_FSIZE, &limit), 0);
  for (rlim_t size = 0; size < 1000; size += 100) {
    g_autoptr (GError) error = NULL;

    limit.rlim_cur = size;
    cr_assert_eq (setrlimit (RLIMIT_FSIZE, &limit), 0);
    cr_assert_not (vc_folder_save (folder, new, NULL, &error), "%d bytes", (int) size);
    cr_assert_eq (error->domain, G_IO_ERROR);
  }
  limit.rlim_cur = limit.rlim_max;
  cr_assert_eq (setrlimit (RLIMIT_FSIZE, &limit), 0);
  assert_listed (root, "x");
  assert_same (path, old);
  drop_folder (root);
}

Test (folder_save, into_a_folder_that_cannot_be_written_is_an_error)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "x", NULL);
  g_autoptr (VcChain) chain = hard_chain (0);

  expect_refusal ("/proc/valuechain-test", chain, G_IO_ERROR_NOT_FOUND);
  if (geteuid () == 0) {
    drop_folder (root);
    cr_skip_test ("root can write everywhere");
  }
  g_chmod (root, 0500);
  expect_refusal (path, chain, G_IO_ERROR_PERMISSION_DENIED);
  g_chmod (root, 0700);
  assert_listed (root, "");
  drop_folder (root);
}
