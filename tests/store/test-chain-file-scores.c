/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <float.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include "../reference/same-scores.h"
#include "faults.h"
#include "folders.h"
#include "looks.h"

typedef struct {
  char        *root;
  char        *path;
  VcChain     *chain;
  VcChainFile *file;
} Scene;

static void
scene_open (Scene *self)
{
  self->root = make_folder ();
  self->path = g_build_filename (self->root, "x.vchain", NULL);
  self->chain = hard_chain (2);
  self->file = vc_chain_file_new (self->path);
  cr_assert (vc_chain_file_save (self->file, self->chain, NULL, NULL, NULL));
}

static void
scene_close (Scene *self)
{
  g_object_unref (self->file);
  g_object_unref (self->chain);
  g_free (self->path);
  drop_folder (self->root);
}

static void
save (const Scene *self, VcScores *scores, VcChain *chain)
{
  g_autoptr (GError) error = NULL;

  cr_assert (vc_chain_file_save_scores (self->file, scores, chain, NULL, NULL, &error), "%s",
             error != NULL ? error->message : "");
}

static VcScores *
load (const Scene *self, const char *measure, const char *party)
{
  g_autoptr (GError) error = NULL;
  VcScores *scores = vc_chain_file_load_scores (self->file, measure, party, self->chain, NULL, &error);

  cr_assert_not_null (scores, "%s", error != NULL ? error->message : "");
  return scores;
}

static VcChain *
load_chain (const Scene *self)
{
  VcChain *chain = vc_source_load (VC_SOURCE (self->file), NULL, NULL, NULL);

  cr_assert_not_null (chain);
  return chain;
}

static void
run_sql (const Scene *self, const char *sql)
{
  sqlite3 *db;

  cr_assert_eq (sqlite3_open (self->path, &db), SQLITE_OK);
  cr_assert_eq (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK, "%s: %s", sql, sqlite3_errmsg (db));
  sqlite3_close (db);
}

/* ---- what is equal ---- */

static void
expect_same (VcScores *a, VcScores *b)
{
  g_autofree char *difference = difference_of_scores (a, b);

  cr_assert_null (difference, "%s", difference);
}

/* ---- what is kept ---- */

Test (scores_file, bundled_company_comes_back_to_the_last_bit)
{
  g_auto (GStrv) names = vc_measure_list_names ();
  g_autofree char *company = g_build_filename (g_getenv ("VC_TEST_SOURCE_DIR"), "examples", "company", NULL);
  Scene scene;

  scene_open (&scene);
  g_object_unref (scene.chain);
  scene.chain = expect_chain (company);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr (VcMeasure) measure = vc_measure_for_name (names[i], NULL);
    g_autoptr (VcScores) scores = vc_measure_run (measure, scene.chain, NULL, NULL, NULL);
    g_autoptr (VcScores) about = vc_measure_explain (measure, scene.chain, "greta.holm", NULL, NULL, NULL);
    g_autoptr (VcScores) again = NULL, about_again = NULL;

    cr_assert (scores != NULL && about != NULL);
    save (&scene, scores, scene.chain);
    save (&scene, about, scene.chain);
    again = load (&scene, names[i], NULL);
    about_again = load (&scene, names[i], "greta.holm");
    expect_same (scores, again);
    expect_same (about, about_again);
  }
  scene_close (&scene);
}

/* Every type, what is null in each, and names that SQLite would not tell apart, or not take. */
static VcScores *
odd_scores (const char *option)
{
  static const double doubles[] = { -0.0, 0, 1, DBL_MIN / 4, -DBL_MAX, 0.1, 9007199254740993.0, 5 };
  static const gint64 integers[] = { G_MININT64, G_MAXINT64, 0, -1, 1, 2, 3, 4 };
  static const guint8 booleans[] = { 1, 0, 1, 1, 0, 0, 0, 1 }, some = 0x5b, none = 0;
  static const char *const texts[] = { "", "a", "NULL", "1", "\xc3\xa4", "'\"", "0x1", "1e5", NULL };
  g_autoptr (GBytes) eight = g_bytes_new_static (integers, sizeof integers),
                     bits = g_bytes_new_static (booleans, sizeof booleans);
  g_autoptr (GBytes) validity = g_bytes_new_static (&some, 1), nothing = g_bytes_new_static (&none, 1);
  VcColumn *plain = vc_column_new_doubles ("a", doubles, 8, NULL);
  VcColumn *columns[] = {
    vc_column_described (plain, NULL, "EUR", "what it is"),
    vc_column_new_doubles ("A", doubles, 8, NULL),
    vc_column_new_from_bytes ("rowid", VC_COLUMN_TYPE_INT64, eight, validity, NULL),
    vc_column_new_from_bytes ("a \"b\"; DROP TABLE party", VC_COLUMN_TYPE_TIME, eight, NULL, NULL),
    vc_column_new_from_bytes ("column_1", VC_COLUMN_TYPE_BOOLEAN, bits, validity, NULL),
    vc_column_new_texts ("score_1", texts, NULL),
    vc_column_new_from_bytes ("select", VC_COLUMN_TYPE_DOUBLE, eight, nothing, NULL),
    plain,
  };
  g_autoptr (VcTable) table = vc_table_new ("odd table's", columns, 7, NULL);
  g_autoptr (VcTable) empty = vc_table_new ("party", NULL, 0, NULL);
  VcScores *scores;

  cr_assert (table != NULL && empty != NULL);
  scores = vc_scores_new ("own", (VcTable *[]) { table, empty }, 2,
                          g_variant_new_parsed ("{'option': <%s>, 'nothing': <@ms nothing>}", option),
                          g_variant_new_parsed ("{'bound': <inf>, 'zero': <-0.0>, 'list': <['a']>}"));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_object_unref (columns[i]);
  return scores;
}

Test (scores_file, all_types_come_back)
{
  g_autoptr (VcScores) scores = odd_scores ("x"), again = NULL;
  g_autoptr (VcChain) chain = NULL;
  GStatBuf buffer;
  Scene scene;

  scene_open (&scene);
  save (&scene, scores, scene.chain);
  again = load (&scene, "own", NULL);
  expect_same (scores, again);
  chain = load_chain (&scene);
  cr_assert_str_eq (vc_chain_get_digest (chain), vc_chain_get_digest (scene.chain));
  cr_assert (g_stat (scene.path, &buffer) == 0 && (buffer.st_mode & 07777) == 0600);
  scene_close (&scene);
}

static void
expect_list (const Scene *self, VcChain *chain, guint64 n, guint64 n_current)
{
  g_autoptr (VcTable) list = vc_chain_file_list_scores (self->file, chain, NULL, NULL);
  guint64 found = 0;

  cr_assert_not_null (list);
  cr_assert_eq (vc_table_get_n_rows (list), n, "%d", (int) vc_table_get_n_rows (list));
  for (guint64 row = 0; row < n; row++)
    found += vc_column_get_boolean (vc_table_lookup_column (list, "of_chain"), row);
  cr_assert_eq (found, n_current);
}

/* The same options and digest replace; others stay beside, and each has its key. */
Test (scores_file, only_the_same_is_replaced)
{
  g_autoptr (VcScores) x = odd_scores ("x"), y = odd_scores ("y"), newest = NULL, first = NULL;
  g_autoptr (VcChain) other = hard_chain (1);
  g_autoptr (VcTable) list = NULL;
  Scene scene;

  scene_open (&scene);
  expect_list (&scene, scene.chain, 0, 0);
  save (&scene, x, scene.chain);
  save (&scene, x, scene.chain);
  expect_list (&scene, scene.chain, 1, 1);
  save (&scene, y, scene.chain);
  save (&scene, x, other);
  expect_list (&scene, scene.chain, 3, 2);
  newest = load (&scene, "own", NULL);
  expect_same (newest, y);
  list = vc_chain_file_list_scores (scene.file, NULL, NULL, NULL);
  cr_assert_null (vc_table_lookup_column (list, "of_chain"));
  first = vc_chain_file_load_scores_at (scene.file, vc_column_get_int64 (vc_table_lookup_column (list, "scores"), 0),
                                        NULL, NULL);
  expect_same (first, x);
  scene_close (&scene);
}

static VcChain *
make_day (const char *root, const char *day)
{
  g_autofree char *flows = g_strdup_printf ("from,to,at\na,b,%s\n", day);
  g_autofree char *folder
    = put_files (root, day, "parties.csv", "id,kind\na,unit\nb,customer\n", "flows.csv", flows, NULL);

  return expect_chain (folder);
}

static void
expect_failure (const Scene *self, const char *measure, VcChain *chain, int code, const char *message)
{
  g_autoptr (GError) error = NULL;

  cr_assert_null (vc_chain_file_load_scores (self->file, measure, NULL, chain, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s", error->message);
  cr_assert (g_str_has_prefix (error->message, "x.vchain: ") && strstr (error->message, message) != NULL, "%s",
             error->message);
}

Test (scores_file, kept_after_an_append_and_known_as_older)
{
  g_autoptr (VcScores) scores = odd_scores ("x"), again = NULL;
  g_autoptr (VcChain) first = NULL, second = NULL, joined = NULL;
  Scene scene;

  scene_open (&scene);
  first = make_day (scene.root, "2025-01-01");
  second = make_day (scene.root, "2025-01-02");
  cr_assert (vc_chain_file_save (scene.file, first, NULL, NULL, NULL));
  save (&scene, scores, first);
  cr_assert (vc_chain_file_append (scene.file, second, NULL, NULL, NULL));
  joined = load_chain (&scene);
  expect_list (&scene, joined, 1, 0);
  expect_failure (&scene, "own", joined, VC_IMPORT_ERROR_CONTRADICTION, "it has changed since");
  expect_failure (&scene, "other", joined, VC_IMPORT_ERROR_MISSING, "no scores of this measure");
  again = vc_chain_file_load_scores (scene.file, "own", NULL, NULL, NULL, NULL);
  expect_same (scores, again);
  scene_close (&scene);
}

/* As many rows as are written between three looks, and one more. */
static VcScores *
long_scores (void)
{
  enum { N = 2 * 16384 + 1 };
  g_autofree double *values = g_new0 (double, N);
  g_autoptr (VcColumn) column = vc_column_new_doubles ("value", values, N, NULL);
  g_autoptr (VcTable) table = vc_table_new ("parties", (VcColumn *[]) { column }, 1, NULL);

  return vc_scores_new ("own", (VcTable *[]) { table }, 1, g_variant_new_parsed ("@a{sv} {}"),
                        g_variant_new_parsed ("@a{sv} {}"));
}

/* What has been told whenever a save looks whether to go on: how far it is, and with what. */
static struct {
  VcProgress *progress;
  GString    *text;
} told;

static void
note_progress (void)
{
  g_autofree char *stage = vc_progress_dup_stage (told.progress);

  g_string_append_printf (told.text, "%s %.2f\n", stage, vc_progress_get_fraction (told.progress));
}

Test (scores_file, saving_tells_how_far_it_has_come)
{
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (VcScores) scores = long_scores ();
  g_autoptr (GString) text = g_string_new (NULL);
  Scene scene;

  scene_open (&scene);
  told.progress = progress;
  told.text = text;
  fault_set_looker (note_progress);
  cr_assert (vc_chain_file_save_scores (scene.file, scores, scene.chain, progress, NULL, NULL));
  fault_set_looker (NULL);
  cr_assert_str_eq (text->str,
                    "checking 0.00\nchecking 0.00\nchecking 0.00\ncopying 0.40\ncopying 0.70\nscores 0.70\n"
                    "scores 0.85\nscores 1.00\nscores 1.00\n",
                    "%s", text->str);
  scene_close (&scene);
}

typedef struct {
  const Scene *scene;
  VcScores    *scores;
} Saving;

static gboolean
save_scores (gpointer data, GCancellable *cancellable, GError **error)
{
  const Saving *self = data;

  return vc_chain_file_save_scores (self->scene->file, self->scores, self->scene->chain, NULL, cancellable, error);
}

Test (scores_file, saving_stops_wherever_it_is_cancelled)
{
  g_autoptr (VcScores) scores = long_scores ();
  Scene scene;
  Saving saving = { &scene, scores };

  scene_open (&scene);
  stop_at_every_look (save_scores, &saving, 7);
  scene_close (&scene);
}

/* ---- what is wrong ---- */

Test (scores_file, damaged_by_others_is_refused)
{
  static const struct {
    const char *sql;
    int         code;
    const char *message;
  } cases[] = {
    { "UPDATE scores SET options = '{\"a\": secret}'", VC_IMPORT_ERROR_FORMAT, "options" },
    { "UPDATE scores SET proof_type = '(t)'", VC_IMPORT_ERROR_FORMAT, "proof: are not of the types" },
    { "DROP VIEW IF EXISTS own_party; DROP TABLE score_1", VC_IMPORT_ERROR_MISSING,
      "a table of the database is missing" },
    { "DROP TABLE score_column", VC_IMPORT_ERROR_MISSING, "a table of the database is missing" },
    { "ALTER TABLE scores DROP COLUMN proof", VC_IMPORT_ERROR_FORMAT, "not as they have to be" },
    { "UPDATE score_column SET stored = 'secret'", VC_IMPORT_ERROR_FORMAT, "not as they have to be" },
    { "UPDATE score_column SET type = 'secret'", VC_IMPORT_ERROR_VALUE, "type is none of" },
    { "UPDATE score_column SET name = 'twice'", VC_IMPORT_ERROR_DUPLICATE, "" },
    { "UPDATE score_table SET name = 'twice'", VC_IMPORT_ERROR_DUPLICATE, "two tables of one name" },
    { "UPDATE score_1 SET column_1 = 'secret'", VC_IMPORT_ERROR_NUMBER, "score_1 1, a: is no number" },
    { "UPDATE score_1 SET column_1 = 9e999", VC_IMPORT_ERROR_RANGE, "is not finite" },
    { "DROP TABLE score_1; CREATE VIEW score_1 AS SELECT * FROM scores", VC_IMPORT_ERROR_FORMAT, "" },
    { "DROP TABLE scores; CREATE VIEW scores AS SELECT * FROM chain", VC_IMPORT_ERROR_FORMAT, "" },
  };
  g_autoptr (VcScores) scores = odd_scores ("x");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Scene scene;

    scene_open (&scene);
    save (&scene, scores, scene.chain);
    run_sql (&scene, cases[i].sql);
    expect_failure (&scene, "own", scene.chain, cases[i].code, cases[i].message);
    scene_close (&scene);
  }
}

/* The file stays as it was, to the byte. */
static void
expect_not_saved (const Scene *self, VcScores *scores, GCancellable *cancellable, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL, *content = NULL, *content_after = NULL;
  gsize size, size_after;

  cr_assert (g_file_get_contents (self->path, &content, &size, NULL));
  cr_assert_not (vc_chain_file_save_scores (self->file, scores, self->chain, NULL, cancellable, &error));
  cr_assert (g_error_matches (error, domain, code), "%s", error->message);
  cr_assert (g_file_get_contents (self->path, &content_after, &size_after, NULL));
  cr_assert (size == size_after && memcmp (content, content_after, size) == 0);
  names = list_folder (self->root);
  cr_assert_str_eq (names, "x.vchain");
}

Test (scores_file, not_saved_leaves_the_file_as_it_was)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcScores) scores = odd_scores ("x");
  Scene scene;

  scene_open (&scene);
  g_cancellable_cancel (cancellable);
  expect_not_saved (&scene, scores, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  run_sql (&scene, "CREATE TABLE score_1 (mine)");
  expect_not_saved (&scene, scores, NULL, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT);
  run_sql (&scene, "DROP TABLE score_1; CREATE TABLE scores (mine)");
  expect_not_saved (&scene, scores, NULL, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT);
  put_file (scene.root, "x.vchain", "text", 4);
  expect_not_saved (&scene, scores, NULL, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT);
  scene_close (&scene);
}

/* A table of others that has the name of a view of ours stays, and so do their triggers, which do not run. */
Test (scores_file, what_others_keep_stays)
{
  g_autoptr (VcScores) scores = odd_scores ("x"), again = NULL;
  Scene scene;

  scene_open (&scene);
  run_sql (&scene, "CREATE TABLE own_party (mine); INSERT INTO own_party VALUES (5); CREATE TABLE log (x)");
  save (&scene, scores, scene.chain);
  run_sql (&scene, "CREATE TRIGGER t AFTER INSERT ON scores BEGIN INSERT INTO log VALUES (1); END");
  save (&scene, scores, scene.chain);
  again = load (&scene, "own", NULL);
  expect_same (scores, again);
  run_sql (&scene, "CREATE TABLE proof (n CHECK (n = 500)); INSERT INTO proof SELECT sum (mine) * 100 + (SELECT count "
                   "(*) FROM log) FROM own_party");
  scene_close (&scene);
}
