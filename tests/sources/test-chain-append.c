/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "faults.h"
#include "folders.h"
#include "sources/vc-period-private.h"

/* January is in the file; the rest comes to it. */
#define PARTIES "id,kind,name,unit,effort\nc,customer,Customer,,\nu,unit,,,\np,person,P,u,100\n"
#define WINDOW(window) "{\"valuechain\": {\"currency\": \"EUR\", \"effort_unit\": \"h\", \"window\": \"" window "\"}}"
#define JANUARY                                                                                                        \
  "parties.csv", PARTIES, "flows.csv", "from,to,amount,at,case\np,c,1,2025-01-02,k\np,p,2,2025-01-03,\n",              \
    "receipts.csv", "customer,amount,at\nc,5,2025-01-09\n", "datapackage.json", WINDOW ("2025-01-01/2025-02-01")
#define FEBRUARY_FLOWS "from,to,amount,at,tool\nq,p,3,2025-02-02,saw\np,c,1,2025-02-02,\nq,c,7,2025-02-01,\n"
#define FEBRUARY_PARTIES "id,kind,name,unit,effort\nc,customer,,,\nu,unit,,,\np,person,P,u,50\nq,person,Q,u,20\n"

typedef struct {
  char *root;
  char *path; /* of the file */
} Scene;

static void
put_period (const Scene *self, const char *name, VcChain **chain, va_list files)
{
  g_autofree char *folder = put_files (self->root, name, NULL);
  const char *file;

  while ((file = va_arg (files, const char *)) != NULL)
    put_file (folder, file, va_arg (files, const char *), -1);
  *chain = expect_chain (folder);
}

static G_GNUC_NULL_TERMINATED VcChain *
period (const Scene *self, const char *name, ...)
{
  VcChain *chain;
  va_list files;

  va_start (files, name);
  put_period (self, name, &chain, files);
  va_end (files);
  return chain;
}

static void
scene_open (Scene *self)
{
  g_autoptr (VcChainFile) file = NULL;
  g_autoptr (VcChain) january = NULL;

  self->root = make_folder ();
  self->path = g_build_filename (self->root, "x.vchain", NULL);
  january = period (self, "january", JANUARY, NULL);
  file = vc_chain_file_new (self->path);
  cr_assert (vc_chain_file_save (file, january, NULL, NULL, NULL));
}

static void
scene_close (Scene *self)
{
  g_free (self->path);
  drop_folder (self->root);
}

static gboolean
append (const Scene *self, VcChain *chain, GError **error)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (self->path);

  return vc_chain_file_append (file, chain, NULL, NULL, error);
}

static void
expect_appended (const Scene *self, VcChain *chain)
{
  g_autoptr (GError) error = NULL;

  cr_assert (append (self, chain, &error), "%s", error != NULL ? error->message : "");
}

static VcChain *
load (const Scene *self)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (self->path);
  g_autoptr (GError) error = NULL;
  VcChain *chain = vc_source_load (VC_SOURCE (file), NULL, NULL, &error);

  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
  return chain;
}

static void
expect_holds (const Scene *self, VcChain *chain)
{
  g_autoptr (VcChain) found = load (self);

  cr_assert_str_eq (vc_chain_get_digest (found), vc_chain_get_digest (chain));
}

/* The file stays as it was, to the byte. */
static void
expect_refused (const Scene *self, VcChain *chain, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL, *names = NULL;
  gsize size, size_after;

  cr_assert (g_file_get_contents (self->path, &before, &size, NULL));
  cr_assert_not (append (self, chain, &error), "%s", message);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s %d: %s", g_quark_to_string (error->domain),
             error->code, error->message);
  if (message != NULL)
    cr_assert_str_eq (error->message, message);
  cr_assert (g_file_get_contents (self->path, &after, &size_after, NULL));
  cr_assert (size == size_after && memcmp (before, after, size) == 0);
  names = list_folder (self->root);
  cr_assert_null (strstr (names, ".valuechain"));
}

/* A new party, an attribute that the file had not, efforts of both months, and the rest as it was. */
Test (chain_append, both_periods_are_there)
{
  Scene scene;
  g_autoptr (VcChain) february = NULL, both = NULL;

  scene_open (&scene);
  february
    = period (&scene, "february", "parties.csv", FEBRUARY_PARTIES, "flows.csv", FEBRUARY_FLOWS, "commitments.csv",
              "from,to,id\nq,c,1\n", "datapackage.json", WINDOW ("2025-02-01/2025-03-01"), NULL);
  both = period (&scene, "both", "parties.csv",
                 "id,kind,name,unit,effort\nc,customer,Customer,,\nu,unit,,,\np,person,P,u,150\nq,person,Q,u,20\n",
                 "flows.csv",
                 "from,to,amount,at,case,tool\np,c,1,2025-01-02,k,\np,p,2,2025-01-03,,\nq,p,3,2025-02-02,,saw\np,c,1,"
                 "2025-02-02,,\nq,c,7,2025-02-01,,\n",
                 "receipts.csv", "customer,amount,at\nc,5,2025-01-09\n", "commitments.csv", "from,to,id\nq,c,1\n",
                 "datapackage.json", WINDOW ("2025-01-01/2025-03-01"), NULL);
  expect_appended (&scene, february);
  expect_holds (&scene, both);
  scene_close (&scene);
}

Test (chain_append, other_programs_rows_and_modes_do_no_harm)
{
  Scene scene;
  g_autoptr (VcChain) february = NULL, found = NULL;
  sqlite3 *db;

  scene_open (&scene);
  february = period (&scene, "february", "parties.csv", FEBRUARY_PARTIES, "flows.csv", FEBRUARY_FLOWS,
                     "datapackage.json", WINDOW ("2025-02-01/2025-03-01"), NULL);
  cr_assert_eq (sqlite3_open (scene.path, &db), SQLITE_OK);
  cr_assert_eq (
    sqlite3_exec (db,
                  "PRAGMA journal_mode = WAL; INSERT INTO party (party, id, kind) VALUES (70, 'aa', 'unit');"
                  "CREATE TRIGGER t AFTER INSERT ON flow BEGIN DELETE FROM flow; END;"
                  "DROP VIEW flows; CREATE VIEW flows AS SELECT 1",
                  NULL, NULL, NULL),
    SQLITE_OK);
  cr_assert_eq (sqlite3_close (db), SQLITE_OK);
  expect_appended (&scene, february);
  found = load (&scene);
  cr_assert_eq (vc_chain_get_n_flows (found), 5);
  cr_assert_eq (vc_chain_get_n_parties (found), 5);
  scene_close (&scene);
}

Test (chain_append, what_contradicts_the_file_is_refused)
{
  static const struct {
    const char *parties, *package;
    int code;
    const char *message;
  } cases[] = {
    { "id,kind\nc,unit\n", WINDOW ("2025-02-01/2025-03-01"), VC_IMPORT_ERROR_CONTRADICTION,
      "the new period: parties, row 1, field kind: the file says something else of this party" },
    { "id,kind,name\np,person,R\n", WINDOW ("2025-02-01/2025-03-01"), VC_IMPORT_ERROR_CONTRADICTION, NULL },
    { "id,kind,unit\nc,customer,\np,person,c\n", WINDOW ("2025-02-01/2025-03-01"), VC_IMPORT_ERROR_CONTRADICTION,
      NULL },
    { "id,kind,town\np,person,Oslo\n", WINDOW ("2025-02-01/2025-03-01"), VC_IMPORT_ERROR_CONTRADICTION, NULL },
    { "id,kind\np,person\n", WINDOW ("2025-03-01/2025-04-01"), VC_IMPORT_ERROR_CONTRADICTION,
      "the new period: its window does not begin where that of the file ends" },
    { "id,kind\np,person\n", WINDOW ("2025-01-15/2025-03-01"), VC_IMPORT_ERROR_CONTRADICTION, NULL },
    { "id,kind\np,person\n", "{\"valuechain\": {\"currency\": \"USD\", \"window\": \"2025-02-01/2025-03-01\"}}",
      VC_IMPORT_ERROR_CONTRADICTION, "the new period: its currency is another" },
    { "id,kind\np,person\n", "{}", VC_IMPORT_ERROR_CONTRADICTION,
      "the new period: either both chains have a window or none" },
  };
  Scene scene;

  scene_open (&scene);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = g_strdup_printf ("case%u", i);
    g_autoptr (VcChain) chain
      = period (&scene, name, "parties.csv", cases[i].parties, "datapackage.json", cases[i].package, NULL);

    expect_refused (&scene, chain, cases[i].code, cases[i].message);
  }
  scene_close (&scene);
}

/* The same period twice, as a whole and in one record. */
Test (chain_append, what_is_there_already_is_refused)
{
  Scene scene;
  g_autoptr (VcChain) february = NULL, record = NULL, receipt = NULL, plain = NULL, timeless = NULL, commitment = NULL,
                      second = NULL;
  g_autoptr (VcChainFile) file = NULL;

  scene_open (&scene);
  february
    = period (&scene, "february", "parties.csv", FEBRUARY_PARTIES, "flows.csv", FEBRUARY_FLOWS, "commitments.csv",
              "from,to,id\nq,c,1\n", "datapackage.json", WINDOW ("2025-02-01/2025-03-01"), NULL);
  expect_appended (&scene, february);
  expect_refused (&scene, february, VC_IMPORT_ERROR_CONTRADICTION, NULL);
  record = period (&scene, "record", "parties.csv", PARTIES, "flows.csv",
                   "from,to,amount,at,case\np,c,1,2025-01-02,j\np,c,1,2025-01-02,k\n", "datapackage.json",
                   WINDOW ("2025-03-01/2025-04-01"), NULL);
  expect_refused (&scene, record, VC_IMPORT_ERROR_DUPLICATE,
                  "the new period: flows, row 2: stands in the file already");
  receipt = period (&scene, "receipt", "parties.csv", "id,kind\nc,customer\n", "receipts.csv",
                    "customer,amount,at\nc,4,2025-01-09\nc,5,2025-01-09\n", "datapackage.json",
                    WINDOW ("2025-03-01/2025-04-01"), NULL);
  expect_refused (&scene, receipt, VC_IMPORT_ERROR_DUPLICATE,
                  "the new period: receipts, row 2: stands in the file already");
  commitment = period (&scene, "commitment", "parties.csv", "id,kind\nc,customer\nq,person\n", "commitments.csv",
                       "from,to,id\nq,c,1\n", "datapackage.json", WINDOW ("2025-03-01/2025-04-01"), NULL);
  expect_refused (&scene, commitment, VC_IMPORT_ERROR_DUPLICATE, NULL);

  /* Without windows times alone tell. */
  plain = period (&scene, "plain", "parties.csv", PARTIES, "flows.csv", "from,to,at\np,c,2025-01-02\n", NULL);
  file = vc_chain_file_new (scene.path);
  cr_assert (vc_chain_file_save (file, plain, NULL, NULL, NULL));
  timeless = period (&scene, "timeless", "parties.csv", PARTIES, "flows.csv", "from,to\np,c\n", NULL);
  expect_refused (&scene, timeless, VC_IMPORT_ERROR_MISSING, NULL);
  expect_refused (&scene, plain, VC_IMPORT_ERROR_DUPLICATE, NULL);
  second = period (&scene, "second", "parties.csv", PARTIES, "flows.csv", "from,to,at\np,c,2025-01-03\n", NULL);
  expect_appended (&scene, second);
  scene_close (&scene);
}

/* ---- another program at the same database ---- */

static const Scene *visited;

/* Its journal comes after the file was read, just before the new one takes its place. */
static void
leave_journal (const char *call, const char *path)
{
  if (strcmp (call, "openat64") == 0 && strcmp (path, "x.vchain") == 0)
    put_file (visited->root, "x.vchain-journal", "\x37", 1);
}

static void
expect_busy (const Scene *self, VcChain *chain)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = get_file (self->root, "x.vchain"), *after = NULL, *names = NULL;

  cr_assert_not (append (self, chain, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY), "%s", error->message);
  after = get_file (self->root, "x.vchain");
  cr_assert_str_eq (after, before);
  names = list_folder (self->root);
  cr_assert_null (strstr (names, ".valuechain"));
}

Test (chain_append, a_journal_that_comes_meanwhile_is_not_mixed_in)
{
  Scene scene;
  g_autoptr (VcChain) february = NULL;

  scene_open (&scene);
  february = period (&scene, "february", "parties.csv", FEBRUARY_PARTIES, "flows.csv", FEBRUARY_FLOWS,
                     "datapackage.json", WINDOW ("2025-02-01/2025-03-01"), NULL);
  visited = &scene;
  fault_set_visitor (leave_journal);
  fault_arm (FAULT_NONE, 0, FALSE);
  expect_busy (&scene, february);
  fault_disarm ();
  put_file (scene.root, "x.vchain-journal", "", 0);
  expect_appended (&scene, february);
  scene_close (&scene);
}

/* Has begun to write and changed nothing yet, so that there is no journal either. */
static pid_t
begin_elsewhere (const char *path)
{
  int ends[2];
  pid_t child;
  char byte;

  cr_assert_eq (pipe (ends), 0);
  child = fork ();
  if (child == 0) {
    sqlite3 *db;

    /* It does not outlive a test that fails. */
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    if (sqlite3_open (path, &db) == SQLITE_OK && sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK)
      (void) !write (ends[1], "x", 1);
    for (;;)
      pause ();
  }
  cr_assert_eq (read (ends[0], &byte, 1), 1);
  close (ends[0]);
  close (ends[1]);
  return child;
}

Test (chain_append, what_another_program_has_begun_is_not_lost)
{
  Scene scene;
  g_autoptr (VcChain) february = NULL;
  pid_t child;

  scene_open (&scene);
  february = period (&scene, "february", "parties.csv", FEBRUARY_PARTIES, "flows.csv", FEBRUARY_FLOWS,
                     "datapackage.json", WINDOW ("2025-02-01/2025-03-01"), NULL);
  child = begin_elsewhere (scene.path);
  expect_busy (&scene, february);
  cr_assert_eq (kill (child, SIGKILL), 0);
  cr_assert_eq (waitpid (child, NULL, 0), child);
  expect_appended (&scene, february);
  scene_close (&scene);
}

/* Keys are anybody's choice: the largest of all has none after it. */
Test (chain_append, a_last_key_without_a_next_is_refused)
{
  static const char *const changes[] = {
    "INSERT INTO party (party, id, kind) VALUES (9223372036854775807, 'z', 'unit')",
    "UPDATE flow SET flow = 9223372036854775807 WHERE flow = 2",
    "UPDATE receipt SET receipt = 9223372036854775807",
    "INSERT INTO attribute VALUES (9223372036854775807, 'nothing', 'a', 'text')",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    Scene scene;
    g_autoptr (VcChain) february = NULL;
    sqlite3 *db;

    scene_open (&scene);
    february = period (&scene, "february", "parties.csv", FEBRUARY_PARTIES, "flows.csv", FEBRUARY_FLOWS,
                       "datapackage.json", WINDOW ("2025-02-01/2025-03-01"), NULL);
    cr_assert_eq (sqlite3_open (scene.path, &db), SQLITE_OK);
    cr_assert_eq (sqlite3_exec (db, changes[i], NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg (db));
    cr_assert_eq (sqlite3_close (db), SQLITE_OK);
    expect_refused (&scene, february, VC_IMPORT_ERROR_LIMIT, NULL);
    scene_close (&scene);
  }
}

Test (chain_append, needs_a_chain_file)
{
  Scene scene;
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (GError) error = NULL;

  scene_open (&scene);
  chain = period (&scene, "chain", "parties.csv", PARTIES, NULL);
  g_unlink (scene.path);
  cr_assert_not (append (&scene, chain, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  put_file (scene.root, "x.vchain", "text", -1);
  expect_refused (&scene, chain, VC_IMPORT_ERROR_FORMAT, NULL);
  scene_close (&scene);
}

/* Days that two processes append at once: all of them are there in the end. */
Test (chain_append, two_at_once_lose_nothing, .timeout = 120)
{
  enum { N = 8 };
  VcChain *days[2][N];
  pid_t children[2];
  g_autoptr (VcChain) start = NULL, found = NULL;
  g_autoptr (VcChainFile) file = NULL;
  Scene scene;

  scene_open (&scene);
  start = period (&scene, "start", "parties.csv", PARTIES, NULL);
  file = vc_chain_file_new (scene.path);
  cr_assert (vc_chain_file_save (file, start, NULL, NULL, NULL));
  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < N; j++) {
      g_autofree char *name = g_strdup_printf ("day%u%u", i, j),
                      *flow = g_strdup_printf ("from,to,at\np,c,2025-0%u-0%u\n", i + 1, j + 1);

      days[i][j] = period (&scene, name, "parties.csv", PARTIES, "flows.csv", flow, NULL);
    }
  for (guint i = 0; i < 2; i++) {
    children[i] = fork ();
    for (guint j = 0; j < N && children[i] == 0; j++)
      if (!append (&scene, days[i][j], NULL))
        _exit (1);
    if (children[i] == 0)
      _exit (0);
  }
  for (guint i = 0; i < 2; i++) {
    int status;

    cr_assert_eq (waitpid (children[i], &status, 0), children[i]);
    cr_assert (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  }
  found = load (&scene);
  cr_assert_eq (vc_chain_get_n_flows (found), 2 * N);
  for (guint i = 0; i < 2 * N; i++)
    g_object_unref (days[i / N][i % N]);
  scene_close (&scene);
}

/* Parties alone take their time where they are millions. */
Test (chain_append, stops_among_the_parties)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcChain) old = NULL, new = NULL;
  g_auto (VcPeriod) joined = { NULL }, cancelled = { NULL };
  g_autoptr (VcTable) parties = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  Scene scene;

  scene_open (&scene);
  old = period (&scene, "old", "parties.csv", PARTIES, NULL);
  new = period (&scene, "new", "parties.csv", FEBRUARY_PARTIES, NULL);
  cr_assert (vc_period_init (&joined, old, old, NULL, NULL));
  parties = vc_period_take_new_parties (&joined, NULL, NULL);
  cr_assert_eq (vc_table_get_n_rows (parties), 0u);
  g_cancellable_cancel (cancellable);
  none = vc_period_take_new_parties (&joined, cancellable, &error);
  cr_assert (none == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error (&error);
  cr_assert_not (vc_period_init (&cancelled, old, new, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  scene_close (&scene);
}
