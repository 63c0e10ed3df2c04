/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "faults.h"
#include "folders.h"

#define PARTIES "id,kind\na,unit\nb,unit\nc,customer\n"
#define FLOWS "from,to,amount\na,b,2\nb,c,0.5\n"

static void
assert_counts (const char *path, guint parties, guint64 flows)
{
  g_autoptr (VcChain) chain = expect_chain (path);

  cr_assert_eq (vc_chain_get_n_parties (chain), parties);
  cr_assert_eq (vc_chain_get_n_flows (chain), flows);
}

Test (folder, is_read)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (
    root, "x", "parties.csv", "id,kind,name,unit,manager,effort\na,unit,A,,,\nb,person,,a,a,1.5\nc,customer,,,,\n",
    "flows.csv", FLOWS, "receipts.csv", "customer,at,amount\nc,2025-01-31,12.25\n", "commitments.csv",
    "from,to,state,weight\nb,a,kept,2\n", NULL);
  g_autoptr (VcChain) chain = expect_chain (path);

  cr_assert_eq (vc_chain_get_n_parties (chain), 3u);
  cr_assert_eq (vc_chain_get_n_flows (chain), 2u);
  cr_assert (vc_chain_is_manager (chain, 0));
  cr_assert_eq (vc_chain_get_party_kind (chain, 2), VC_PARTY_KIND_CUSTOMER);
  cr_assert_eq (vc_table_get_n_rows (vc_chain_get_receipts (chain)), 1u);
  cr_assert_eq (vc_table_get_n_rows (vc_chain_get_commitments (chain)), 1u);
  cr_assert_null (vc_chain_get_title (chain));
  cr_assert_not (vc_chain_get_window (chain, NULL, NULL));
  drop_folder (root);
}

Test (folder, needs_parties_alone)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, NULL);
  g_autofree char *empty = put_files (root, "y", "flows.csv", FLOWS, NULL);

  assert_counts (path, 3, 0);
  expect_error (empty, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "parties.csv: a chain folder must have this file");
  drop_folder (root);
}

Test (folder, knows_gzip_by_content)
{
  char *root = make_folder ();
  g_autofree char *packed = put_files (root, "packed", "parties.csv", PARTIES, NULL);
  g_autofree char *lying = put_files (root, "lying", "parties.csv", PARTIES, "flows.csv.gz", FLOWS, NULL);
  g_autofree char *hidden = put_files (root, "hidden", "parties.csv", PARTIES, NULL);

  put_gzip (packed, "flows.csv.gz", FLOWS);
  put_gzip (hidden, "flows.csv", FLOWS);
  assert_counts (packed, 3, 2);
  assert_counts (lying, 3, 2);
  assert_counts (hidden, 3, 2);
  put_file (packed, "flows.csv", FLOWS, -1);
  expect_error (packed, VC_IMPORT_ERROR, VC_IMPORT_ERROR_DUPLICATE,
                "flows.csv and flows.csv.gz are both there: which holds?");
  drop_folder (root);
}

Test (folder, reports_what_it_read_and_what_not)
{
  char *root = make_folder ();
  g_autofree char *path
    = put_files (root, "x", "parties.csv", PARTIES, "flows.csv", FLOWS, "flow.csv", "typo", ".hidden", "x", NULL);
  g_autoptr (VcSource) source = vc_source_for_path (path, NULL);
  g_autoptr (VcProgress) progress = vc_progress_new ();

  for (guint i = 0; i < 2; i++) {
    g_autoptr (VcChain) chain = vc_source_load (source, progress, NULL, NULL);

    cr_assert_not_null (chain);
    cr_assert_eq (report_count (source, "parties"), 3);
    cr_assert_eq (report_count (source, "flows"), 2);
    cr_assert_eq (report_count (source, "receipts"), -1);
    cr_assert_eq (report_count (source, "other files"), 1);
  }
  cr_assert (vc_progress_get_fraction (progress) >= 0.7);
  drop_folder (root);
}

Test (folder, errors_name_file_line_and_field_but_no_content)
{
  static const char *const files[][2] = {
    { "flows.csv", "from,to,amount\na,b,secret\n" },
    { "flows.csv", "from,to\na,secret\n" },
    { "flows.csv", "from,to,at\na,b,secret\n" },
    { "flows.csv", "from,to,kind\na,b,secret\n" },
    { "receipts.csv", "customer,amount\nc,\n" },
    { "commitments.csv", "from,to,reopened\na,b,1.5\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    char *root = make_folder ();
    g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, files[i][0], files[i][1], NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (VcChain) chain = load_folder (path, &error);

    cr_assert_null (chain);
    cr_assert_eq (error->domain, VC_IMPORT_ERROR);
    cr_assert (g_str_has_prefix (error->message, files[i][0]), "%s", error->message);
    cr_assert_not_null (strchr (error->message + strlen (files[i][0]), '2'), "line 2: %s", error->message);
    cr_assert_null (strstr (error->message, "secret"), "%s", error->message);
    drop_folder (root);
  }
}

Test (folder, check_lists_what_load_refuses)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, "flows.csv", "from,to\na,x\ny,b\n", NULL);
  g_autoptr (VcSource) source = vc_source_for_path (path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) check = vc_source_check (source, NULL, NULL, &error);

  cr_assert_not_null (check);
  cr_assert_geq (vc_table_get_n_rows (check), 2u);
  cr_assert_null (vc_source_load (source, NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_REFERENCE));
  drop_folder (root);
}

Test (folder, that_is_none_is_an_error)
{
  char *root = make_folder ();
  g_autofree char *missing = g_build_filename (root, "missing", NULL),
                  *file = g_build_filename (root, "file.csv", NULL);
  g_autofree char *fifo = g_build_filename (root, "fifo", NULL);
  g_autoptr (GError) error = NULL;

  put_file (root, "file.csv", "case,party,time\n", -1);
  cr_assert_eq (mkfifo (fifo, 0600), 0);
  expect_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, NULL);
  expect_error ("", G_IO_ERROR, G_IO_ERROR_NOT_FOUND, NULL);
  expect_error (file, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY, NULL);
  expect_error (root, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, NULL);

  cr_assert_null (vc_source_for_path (missing, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  g_clear_error (&error);
  cr_assert_null (vc_source_for_path (fifo, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT));
  g_clear_error (&error);
  cr_assert_null (vc_source_for_path (file, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT));
  cr_assert_not_null (strstr (error->message, "event log"), "%s", error->message);
  cr_assert_null (strstr (error->message, "--case"), "a library knows no command line: %s", error->message);
  drop_folder (root);
}

/* The name is that of the files that are there. */
Test (folder, without_parties_names_the_file_that_is_missing)
{
  static const char *const names[] = { "csv", "csv.gz", "arrow" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    char *root = make_folder ();
    g_autofree char *name = g_strconcat ("flows.", names[i], NULL);
    g_autofree char *path = put_files (root, "x", name, FLOWS, NULL);
    g_autofree char *message = g_strdup_printf ("parties.%s: a chain folder must have this file", names[i]);

    expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, message);
    drop_folder (root);
  }
}

typedef struct {
  const char *path;
  gsize       cut;  /* from its end */
  const char *more; /* behind its end; NULL: its whole content once more */
  int         code;
} Change;

static void
change_file (gpointer data)
{
  const Change *change = data;
  g_autofree char *content = NULL;
  const char *more = change->more;
  gsize length;
  FILE *file;

  cr_assert (g_file_get_contents (change->path, &content, &length, NULL));
  if (change->cut > 0) {
    cr_assert_eq (truncate (change->path, (off_t) (length - change->cut)), 0);
    return;
  }
  file = fopen (change->path, "a");
  fwrite (more != NULL ? more : content, 1, more != NULL ? strlen (more) : length, file);
  fclose (file);
}

static void
expect_refusal_of_changed (const Change *change)
{
  g_autofree char *folder = g_path_get_dirname (change->path), *content = NULL;
  gsize length;

  cr_assert (g_file_get_contents (change->path, &content, &length, NULL));
  fault_when_opened (".", change_file, (gpointer) change);
  expect_error (folder, VC_IMPORT_ERROR, change->code, NULL);
  cr_assert (g_file_set_contents (change->path, content, (gssize) length, NULL));
}

/* When all files are open and their sizes are known, the folder is looked through once more: then one changes, so that
 * what there is to be read is a file of its kind all the same. */
Test (folder, a_file_that_changes_while_it_is_read_is_refused)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "flows.csv", FLOWS, NULL);
  g_autofree char *flows = g_build_filename (path, "flows.csv", NULL),
                  *parties = g_build_filename (path, "parties.csv.gz", NULL);
  g_autofree char *arrow = g_build_filename (root, "y", NULL), *file = g_build_filename (arrow, "flows.arrow", NULL);
  g_autoptr (VcFolder) folder = vc_folder_new (arrow);
  const Change changes[] = {
    { flows, 0, "a,b,1\n", VC_IMPORT_ERROR_FAILED }, { flows, strlen ("b,c,0.5\n"), NULL, VC_IMPORT_ERROR_FAILED },
    { parties, 0, NULL, VC_IMPORT_ERROR_FAILED },    { parties, 1, NULL, VC_IMPORT_ERROR_FAILED },
    { file, 0, NULL, VC_IMPORT_ERROR_FAILED },       { file, 8, NULL, VC_IMPORT_ERROR_FAILED },
  };
  g_autoptr (VcChain) chain = NULL;

  put_gzip (path, "parties.csv.gz", PARTIES);
  chain = expect_chain (path);
  g_object_set (folder, "arrow", TRUE, NULL);
  cr_assert (vc_folder_save (folder, chain, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    expect_refusal_of_changed (&changes[i]);
  assert_counts (path, 3, 2);
  assert_counts (arrow, 3, 2);
  drop_folder (root);
}

/* A pipe would make a reader wait for ever. */
Test (folder, files_must_be_regular, .timeout = 20)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, NULL),
                  *flows = g_build_filename (path, "flows.csv", NULL);

  cr_assert_eq (mkfifo (flows, 0600), 0);
  expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "flows.csv: this is no regular file");
  g_remove (flows);
  cr_assert_eq (g_mkdir (flows, 0700), 0);
  expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "flows.csv: this is no regular file");
  g_rmdir (flows);
  cr_assert_eq (symlink ("/dev/zero", flows), 0);
  expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "flows.csv: this is no regular file");
  g_remove (flows);
  cr_assert_eq (symlink ("nowhere", flows), 0);
  assert_counts (path, 3, 0);
  drop_folder (root);
}

Test (folder, links_that_somebody_made_are_followed)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, NULL),
                  *flows = g_build_filename (path, "flows.csv", NULL);
  g_autofree char *link = g_build_filename (root, "link", NULL);

  put_file (root, "elsewhere.csv", FLOWS, -1);
  cr_assert_eq (symlink ("../elsewhere.csv", flows), 0);
  cr_assert_eq (symlink ("x", link), 0);
  assert_counts (link, 3, 2);
  drop_folder (root);
}

Test (folder, unreadable_file_is_an_error)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, "flows.csv", FLOWS, NULL);
  g_autofree char *flows = g_build_filename (path, "flows.csv", NULL);

  if (geteuid () == 0) {
    drop_folder (root);
    cr_skip_test ("root can read everything");
  }
  g_chmod (flows, 0);
  expect_error (path, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, NULL);
  drop_folder (root);
}

Test (folder, limits_hold)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, "flows.csv", FLOWS, NULL);
  g_autoptr (VcSource) source = vc_source_for_path (path, NULL);
  g_autoptr (VcLimits) rows = g_object_new (VC_TYPE_LIMITS, "max-rows", (guint64) 1, NULL);
  g_autoptr (VcLimits) parties = g_object_new (VC_TYPE_LIMITS, "max-parties", (guint64) 2, NULL);
  g_autoptr (GError) error = NULL;

  vc_source_set_limits (source, rows);
  cr_assert_eq (vc_source_get_limits (source), rows);
  cr_assert_null (vc_source_load (source, NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT));
  g_clear_error (&error);
  vc_source_set_limits (source, parties);
  cr_assert_null (vc_source_load (source, NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT));
  drop_folder (root);
}

Test (folder, cancelled_is_an_error)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", PARTIES, NULL);
  g_autoptr (VcFolder) folder = vc_folder_new (path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  cr_assert_null (vc_source_load (VC_SOURCE (folder), NULL, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  drop_folder (root);
}

/* What contradicts itself is an error, or left out and reported; of the same load never both. */
Test (folder, may_be_read_leniently)
{
  char *root = make_folder ();
  g_autofree char *path
    = put_files (root, "x", "parties.csv", "id,kind\na,unit\nb,unit\n", "commitments.csv",
                 "from,to,state,closed\na,a,kept,\nb,a,open,2025-01-01\na,b,open,2025-01-01\na,b,open,\n", NULL);
  g_autoptr (VcSource) source = VC_SOURCE (vc_folder_new (path));
  g_autoptr (VcChain) chain = NULL;

  expect_error (path, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CONTRADICTION,
                "commitments.csv:2: field to: names the party that owes (the first of 3 errors)");
  vc_source_set_lenient (source, TRUE);
  cr_assert (vc_source_get_lenient (source));
  for (guint i = 0; i < 2; i++) {
    g_clear_object (&chain);
    chain = vc_source_load (source, NULL, NULL, NULL);
    cr_assert_not_null (chain);
    cr_assert_eq (vc_table_get_n_rows (vc_chain_get_commitments (chain)), 1u);
    cr_assert_eq (report_count (source, "commitments left out"), 1, "owed to oneself comes first");
  }
  drop_folder (root);
}
