/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "faults.h"
#include "folders.h"

#define N_KILLS 200
#define MAX_CALLS 1000

/* What is saved: a folder or a file of this name. */
#define FOLDER "x"
#define FILE_NAME "x.vchain"

typedef struct {
  VcChain    *old; /* NULL: the target does not exist */
  VcChain    *new;
  const char *name;
  char       *root;
  char       *path;
} Scene;

static gboolean
save (const Scene *self, VcChain *chain, GError **error)
{
  g_autoptr (VcFolder) folder = NULL;
  g_autoptr (VcChainFile) file = NULL;

  if (strcmp (self->name, FILE_NAME) == 0) {
    file = vc_chain_file_new (self->path);
    return vc_chain_file_save (file, chain, NULL, NULL, error);
  }
  folder = vc_folder_new (self->path);
  return vc_folder_save (folder, chain, NULL, error);
}

static void
scene_open (Scene *self, const char *name, gboolean exists)
{
  self->old = exists ? hard_chain (0) : NULL;
  self->new = hard_chain (2);
  self->name = name;
  self->root = make_folder ();
  self->path = g_build_filename (self->root, name, NULL);
  if (exists)
    cr_assert (save (self, self->old, NULL));
}

static void
scene_close (Scene *self)
{
  g_clear_object (&self->old);
  g_clear_object (&self->new);
  drop_folder (self->root);
  g_free (self->path);
}

static VcChain *
load (const char *path, GError **error)
{
  g_autoptr (VcSource) source = vc_source_for_path (path, error);

  return source != NULL ? vc_source_load (source, NULL, NULL, error) : NULL;
}

/* It is replaced while it is looked at: one look decides. */
static gboolean
is_either (const Scene *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) found = load (self->path, &error);

  cr_assert_not_null (found, "%s", error != NULL ? error->message : "");
  return strcmp (vc_chain_get_digest (found), vc_chain_get_digest (self->old)) == 0 ||
         strcmp (vc_chain_get_digest (found), vc_chain_get_digest (self->new)) == 0;
}

static gboolean
is_chain (const char *path, VcChain *chain)
{
  g_autoptr (VcChain) found = load (path, NULL);

  return found != NULL && strcmp (vc_chain_get_digest (found), vc_chain_get_digest (chain)) == 0;
}

/* As it was before the save: nothing, or the old chain whole. */
static gboolean
is_old (const Scene *self)
{
  return self->old != NULL ? is_chain (self->path, self->old) : !g_file_test (self->path, G_FILE_TEST_EXISTS);
}

/* Between the two steps of a file system that cannot exchange: both are there under hidden names. */
static gboolean
is_between (const Scene *self)
{
  g_autofree char *names = list_folder (self->root);
  g_auto (GStrv) parts = g_strsplit (names, " ", -1);
  guint n = 0;

  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *path = g_build_filename (self->root, parts[i], NULL);

    n += is_chain (path, self->old) || is_chain (path, self->new);
  }
  return n == 2 && !g_file_test (self->path, G_FILE_TEST_EXISTS);
}

/* How many hidden names a folder holds. */
static guint
count_hidden (const Scene *self)
{
  g_autofree char *names = list_folder (self->root);
  g_auto (GStrv) parts = g_strsplit (names, " ", -1);
  guint n = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    n += parts[i][0] == '.';
  return n;
}

static gboolean
save_with_fault (Scene *self, Fault fault, guint n, gboolean no_exchange, guint *n_calls, GError **error)
{
  gboolean saved;

  fault_arm (fault, n, no_exchange);
  saved = save (self, self->new, error);
  *n_calls = fault_disarm ();
  return saved;
}

/* What the answer of a save says of what stands at the target. */
static gboolean
is_as_told (const Scene *self, const GError *error)
{
  if (error == NULL || g_error_matches (error, VC_SAVE_ERROR, VC_SAVE_ERROR_NOT_DURABLE))
    return is_chain (self->path, self->new);
  return error->domain == G_IO_ERROR && is_old (self);
}

/* Each call fails in turn: what stood there is whole, or the error says that the new one is in place; and nothing else
 * is left. Answers how often the error said so. */
static guint
fail_once_everywhere (const char *name, gboolean exists, gboolean no_exchange)
{
  guint n_calls = 1, n_failed = 0, n_placed = 0;

  for (guint n = 1; n <= n_calls && n < MAX_CALLS; n++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *names = NULL;
    Scene scene;
    gboolean saved;

    scene_open (&scene, name, exists);
    saved = save_with_fault (&scene, FAULT_ONCE, n, no_exchange, &n_calls, &error);
    names = list_folder (scene.root);
    cr_assert (saved == (error == NULL) && is_as_told (&scene, error), "call %u: %s", n,
               error != NULL ? error->message : "saved");
    n_placed += !saved && error->domain == VC_SAVE_ERROR;
    n_failed += !saved;
    if (!saved)
      cr_assert_str_eq (names, exists || error->domain == VC_SAVE_ERROR ? name : "", "call %u: %s", n, names);
    scene_close (&scene);
  }
  cr_assert_geq (n_failed, strcmp (name, FILE_NAME) == 0 ? 6u : 15u, "only %u calls failed", n_failed);
  return n_placed;
}

/* What can be taken back is taken back. */
static void
fail_once_in_every_way (const char *name)
{
  for (guint i = 0; i < 4; i++)
    cr_assert_eq (fail_once_everywhere (name, i % 2, i / 2), 0);
}

Test (folder_faults, one_call_fails)
{
  fail_once_in_every_way (FOLDER);
}

Test (file_faults, one_call_fails)
{
  fail_once_in_every_way (FILE_NAME);
}

/* The same where a file has a name from the start. */
Test (file_faults, one_call_fails_without_nameless_files)
{
  fault_set_features (FALSE, FALSE);
  fail_once_in_every_way (FILE_NAME);
}

/* Neither exchanges nor second names: what has been replaced is gone. */
Test (file_faults, what_cannot_be_taken_back_is_said_to_be_in_place)
{
  fault_set_links (FALSE);
  cr_assert_eq (fail_once_everywhere (FILE_NAME, TRUE, TRUE), 1);
  cr_assert_eq (fail_once_everywhere (FILE_NAME, TRUE, FALSE), 0);
}

/* A write that writes half of what it was given is gone on with. */
Test (file_faults, short_writes)
{
  Scene scene;

  fault_set_features (TRUE, TRUE);
  scene_open (&scene, FILE_NAME, FALSE);
  cr_assert (save (&scene, scene.new, NULL));
  cr_assert (is_chain (scene.path, scene.new));
  scene_close (&scene);
}

/* No file may become larger than so many bytes, as on a disk that is full in the middle of a write; the limit is the
 * system's own, so that whatever writes meets it. */
static void
save_where_files_end (const char *name, gsize step)
{
  const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
  guint n_failed = 0;
  gboolean saved = FALSE;

  signal (SIGXFSZ, SIG_IGN);
  for (gsize size = 0; !saved; size += step) {
    const struct rlimit limit = { size, RLIM_INFINITY };
    g_autoptr (GError) error = NULL;
    g_autofree char *names = NULL;
    Scene scene;

    scene_open (&scene, name, TRUE);
    cr_assert_eq (setrlimit (RLIMIT_FSIZE, &limit), 0);
    saved = save (&scene, scene.new, &error);
    cr_assert_eq (setrlimit (RLIMIT_FSIZE, &none), 0);
    names = list_folder (scene.root);
    cr_assert_str_eq (names, name);
    cr_assert (saved ? is_chain (scene.path, scene.new) : is_old (&scene), "%zu bytes", size);
    cr_assert (saved || error->domain == G_IO_ERROR, "%zu bytes: %s", size, error->message);
    n_failed += !saved;
    scene_close (&scene);
  }
  cr_assert_geq (n_failed, 5u, "%u", n_failed);
}

Test (folder_faults, files_that_cannot_grow)
{
  save_where_files_end (FOLDER, 97);
}

Test (file_faults, files_that_cannot_grow)
{
  save_where_files_end (FILE_NAME, 4000);
}

/* Nothing stands at the target, and the old chain has the hidden name that the message ends with. */
static void
expect_told (const Scene *self, const GError *error)
{
  const char *name = strstr (error->message, ".valuechain-");
  g_autofree char *word = NULL, *path = NULL;

  cr_assert_not_null (name, "%s", error->message);
  word = g_strndup (name, strcspn (name, " "));
  path = g_build_filename (self->root, word, NULL);
  cr_assert (is_chain (path, self->old), "%s", error->message);
  cr_assert_not (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

/* From some call on nothing works, taking back neither: what stands at the target is whole, and what the error says.
 * Answers how often that was the new one. */
static guint
fail_from_one_on (const char *name, gboolean exists, gboolean no_exchange)
{
  guint n_calls = 1, n_placed = 0;

  for (guint n = 1; n <= n_calls && n < MAX_CALLS; n++) {
    g_autoptr (GError) error = NULL;
    Scene scene;
    gboolean saved;

    scene_open (&scene, name, exists);
    saved = save_with_fault (&scene, FAULT_FOREVER, n, no_exchange, &n_calls, &error);
    cr_assert (saved == (error == NULL) && is_as_told (&scene, error), "call %u: %s", n,
               error != NULL ? error->message : "saved");
    n_placed += !saved && error->domain == VC_SAVE_ERROR;
    scene_close (&scene);
  }
  return n_placed;
}

Test (folder_faults, all_calls_fail_from_one_on)
{
  cr_assert_eq (fail_from_one_on (FOLDER, FALSE, FALSE), 1);
  cr_assert_eq (fail_from_one_on (FOLDER, TRUE, FALSE), 1);
}

/* Between the two steps, and between those that would take them back: the message says which name the old one has. */
Test (folder_faults, what_cannot_be_brought_back_has_the_name_that_is_told)
{
  guint n_calls = 1, n_told = 0;

  for (guint n = 1; n <= n_calls && n < MAX_CALLS; n++) {
    g_autoptr (GError) error = NULL;
    Scene scene;

    scene_open (&scene, FOLDER, TRUE);
    if (save_with_fault (&scene, FAULT_FOREVER, n, TRUE, &n_calls, &error) || is_as_told (&scene, error)) {
      scene_close (&scene);
      continue;
    }
    expect_told (&scene, error);
    n_told++;
    scene_close (&scene);
  }
  cr_assert_geq (n_told, 1);
}

Test (file_faults, all_calls_fail_from_one_on)
{
  for (guint i = 0; i < 4; i++)
    cr_assert_eq (fail_from_one_on (FILE_NAME, i % 2, i / 2), 1);
}

/* ---- another program at the same place ---- */

#define MINE "somebody else's"

/* Before which call it comes; how many there were, which of them made the folder durable, and whether it came. */
static struct {
  const Scene *scene;
  guint        at, n_calls, last_sync;
  gboolean     no_exchange, came;
} other;

/* Another file takes the target's place. A file system that cannot exchange leaves one moment to do that unseen. */
static void
put_mine (const char *call, const char *path)
{
  other.n_calls++;
  if (strcmp (call, "fsync") == 0)
    other.last_sync = other.n_calls;
  if (other.n_calls != other.at || (other.no_exchange && strcmp (call, "renameat") == 0))
    return;
  other.came = TRUE;
  cr_assert (g_file_set_contents (other.scene->path, MINE, -1, NULL));
}

static void
expect_mine (const Scene *self)
{
  g_autofree char *content = NULL;

  cr_assert (g_file_get_contents (self->path, &content, NULL, NULL), "call %u", other.at);
  cr_assert_str_eq (content, MINE, "call %u", other.at);
}

/* Before each call from the `first` on, another file is put there; and call `failing` fails, 0: none. Answers how often
 * it came. */
static guint
visit_everywhere (gboolean exists, gboolean no_exchange, guint first, guint failing)
{
  guint n_calls = first, n_came = 0;

  for (other.at = first; other.at <= n_calls; other.at++) {
    Scene scene;

    scene_open (&scene, FILE_NAME, exists);
    other.scene = &scene;
    other.no_exchange = no_exchange;
    other.came = FALSE;
    other.n_calls = 0;
    save_with_fault (&scene, failing > 0 ? FAULT_ONCE : FAULT_NONE, failing, no_exchange, &n_calls, NULL);
    if (other.came)
      expect_mine (&scene);
    n_came += other.came;
    cr_assert_eq (count_hidden (&scene), 0, "call %u", other.at);
    scene_close (&scene);
  }
  return n_came;
}

/* While it is put in place, and while it is taken back. */
static void
visit_in_every_way (void)
{
  fault_set_visitor (put_mine);
  for (guint i = 0; i < 4; i++) {
    cr_assert_geq (visit_everywhere (i % 2, i / 2, 1, 0), 10);
    cr_assert_geq (visit_everywhere (i % 2, i / 2, other.last_sync, other.last_sync), 2);
  }
}

Test (file_faults, what_another_program_puts_there_stays, .timeout = 120)
{
  visit_in_every_way ();
}

Test (file_faults, what_another_program_puts_there_stays_without_nameless_files, .timeout = 120)
{
  fault_set_features (FALSE, FALSE);
  visit_in_every_way ();
}

/* What another program does to the folder at the target, and what must be there then. */
typedef enum {
  PUTS_FOLDER, /* moves it away and puts another one there */
  PUTS_FILE,
  ADDS_FILE,   /* in it */
  N_DEEDS,
} Deed;

static Deed deed;

static void
come_to_folder (const char *call, const char *path)
{
  const Scene *scene = other.scene;
  g_autofree char *gone = g_build_filename (scene->root, "gone", NULL);
  g_autofree char *added = g_build_filename (scene->path, "thesis.tex", NULL);

  other.n_calls++;
  if (strcmp (call, "fsync") == 0)
    other.last_sync = other.n_calls;
  if (other.n_calls != other.at)
    return;
  if (deed == ADDS_FILE) {
    other.came = g_file_set_contents (added, MINE, -1, NULL);
    return;
  }
  other.came = TRUE;
  g_rename (scene->path, gone);
  if (deed == PUTS_FOLDER)
    g_free (put_files (scene->root, FOLDER, "parties.csv", "id\n", "thesis.tex", MINE, NULL));
  else
    cr_assert (g_file_set_contents (scene->path, MINE, -1, NULL));
}

/* It stands there, and what it moved away is whole; only where two steps are needed can the old folder not come back to
 * its place: then the error says where it is. */
static void
expect_deed (const Scene *self, gboolean no_exchange, const GError *error)
{
  g_autofree char *content = NULL, *gone = g_build_filename (self->root, "gone", NULL);
  g_autofree char *names = list_folder (self->root);
  const char *hidden = strchr (names, '.');

  if (deed == PUTS_FILE)
    cr_assert (g_file_get_contents (self->path, &content, NULL, NULL), "call %u", other.at);
  else
    content = get_file (self->path, "thesis.tex");
  cr_assert_str_eq (content, MINE, "call %u", other.at);
  if (g_file_test (gone, G_FILE_TEST_EXISTS))
    cr_assert (is_chain (gone, self->new) || is_chain (gone, self->old), "call %u", other.at);
  if (hidden != NULL) {
    g_autofree char *name = g_strndup (hidden, strcspn (hidden, " "));

    cr_assert (no_exchange && count_hidden (self) == 1, "call %u: %s", other.at, names);
    cr_assert (error != NULL && strstr (error->message, name) != NULL, "call %u: %s", other.at, names);
  }
}

static guint
come_everywhere (gboolean exists, gboolean no_exchange, guint first, guint failing)
{
  guint n_calls = first, n_came = 0;

  for (other.at = first; other.at <= n_calls; other.at++) {
    g_autoptr (GError) error = NULL;
    Scene scene;

    scene_open (&scene, FOLDER, exists);
    other.scene = &scene;
    other.came = FALSE;
    other.n_calls = 0;
    save_with_fault (&scene, failing > 0 ? FAULT_ONCE : FAULT_NONE, failing, no_exchange, &n_calls, &error);
    if (other.came)
      expect_deed (&scene, no_exchange, error);
    else
      cr_assert (is_as_told (&scene, error));
    n_came += other.came;
    scene_close (&scene);
  }
  return n_came;
}

/* Before each call of a save, and of taking one back. */
Test (folder_faults, what_another_program_puts_there_stays, .timeout = 120)
{
  fault_set_visitor (come_to_folder);
  for (deed = 0; deed < N_DEEDS; deed++)
    for (guint i = 0; i < 4; i++) {
      cr_assert_geq (come_everywhere (i % 2, i / 2, 1, 0), deed == ADDS_FILE && i % 2 == 0 ? 1 : 10);
      if (deed != ADDS_FILE)
        cr_assert_geq (come_everywhere (i % 2, i / 2, other.last_sync, other.last_sync), 2);
    }
}

/* Before each call another file takes the target's place, and after that call nothing works: the file is there, or has
 * the hidden name that the error says. */
static void
come_before_all_fails (const char *name)
{
  guint n_calls = 1, n_told = 0;

  fault_set_visitor (come_to_folder);
  deed = PUTS_FILE;
  for (other.at = 1; other.at <= n_calls; other.at++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *content = NULL, *path = NULL;
    const char *told;
    Scene scene;

    scene_open (&scene, name, TRUE);
    other.scene = &scene;
    other.n_calls = 0;
    save_with_fault (&scene, FAULT_FOREVER, other.at + 1, FALSE, &n_calls, &error);
    told = error != NULL ? strstr (error->message, ".valuechain-") : NULL;
    path = told != NULL ? g_strdup_printf ("%s/%.*s", scene.root, (int) strcspn (told, " "), told)
                        : g_strdup (scene.path);
    cr_assert (g_file_get_contents (path, &content, NULL, NULL), "call %u: %s", other.at, path);
    cr_assert_str_eq (content, MINE);
    cr_assert (told == NULL || is_as_told (&scene, error));
    n_told += told != NULL;
    scene_close (&scene);
  }
  cr_assert_eq (n_told, 1);
}

Test (folder_faults, what_cannot_be_put_back_has_the_name_that_is_told)
{
  come_before_all_fails (FOLDER);
}

Test (file_faults, what_cannot_be_put_back_has_the_name_that_is_told)
{
  come_before_all_fails (FILE_NAME);
}

/* From the call on that makes the new one durable, nobody can see what stands where. */
static void
lose_sight (const char *call, const char *path)
{
  other.n_calls++;
  if (other.at == 0 && strcmp (call, "fsync") == 0)
    other.last_sync = other.n_calls;
  if (other.at > 0 && other.n_calls == other.at)
    fault_set_looks (FALSE);
}

/* What cannot be seen counts as there. */
static void
save_without_sight (const char *name)
{
  fault_set_visitor (lose_sight);
  for (guint i = 0; i < 4; i++) {
    g_autoptr (GError) error = NULL;
    guint n_calls;
    Scene scene;

    other.at = other.n_calls = 0;
    scene_open (&scene, name, i % 2);
    cr_assert (save_with_fault (&scene, FAULT_NONE, 0, i / 2, &n_calls, NULL));
    scene_close (&scene);

    other.at = other.last_sync;
    other.n_calls = 0;
    scene_open (&scene, name, i % 2);
    cr_assert_not (save_with_fault (&scene, FAULT_ONCE, other.at, i / 2, &n_calls, &error));
    fault_set_looks (TRUE);
    cr_assert (g_error_matches (error, VC_SAVE_ERROR, VC_SAVE_ERROR_NOT_DURABLE), "%u: %s", i, error->message);
    cr_assert (is_chain (scene.path, scene.new));
    scene_close (&scene);
  }
}

Test (folder_faults, what_cannot_be_seen_is_not_taken_for_gone)
{
  save_without_sight (FOLDER);
}

Test (file_faults, what_cannot_be_seen_is_not_taken_for_gone)
{
  save_without_sight (FILE_NAME);
}

/* A child that does not outlive whoever made it. */
static pid_t
fork_bound (void)
{
  const pid_t parent = getpid ();
  const pid_t child = fork ();

  if (child == 0 && (prctl (PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid () != parent))
    _exit (1);
  return child;
}

/* The pipe ends when the last who could write to it is gone. */
Test (folder_faults, children_die_with_their_parent, .timeout = 60)
{
  struct pollfd end = { .events = POLLIN };
  char byte;
  int ends[2];
  pid_t child;

  cr_assert_eq (pipe (ends), 0);
  child = fork ();
  if (child == 0) {
    if (fork_bound () == 0)
      (void) !write (ends[1], "x", 1);
    for (;;)
      pause ();
  }
  close (ends[1]);
  end.fd = ends[0];
  cr_assert_eq (read (ends[0], &byte, 1), 1);
  kill (child, SIGKILL);
  cr_assert_eq (waitpid (child, NULL, 0), child);
  cr_assert_eq (poll (&end, 1, 20000), 1, "a child has outlived its parent");
  cr_assert_eq (read (ends[0], &byte, 1), 0);
  close (ends[0]);
}

static void
kill_everywhere (const char *name, gboolean exists, gboolean no_exchange)
{
  int status = 0;

  for (guint n = 1; n < MAX_CALLS && (n == 1 || !WIFEXITED (status)); n++) {
    Scene scene;
    pid_t child;

    scene_open (&scene, name, exists);
    child = fork_bound ();
    if (child == 0) {
      guint n_calls;

      _exit (save_with_fault (&scene, FAULT_KILL, n, no_exchange, &n_calls, NULL) ? 0 : 1);
    }
    cr_assert_eq (waitpid (child, &status, 0), child);
    cr_assert (is_old (&scene) || is_chain (scene.path, scene.new) || (no_exchange && exists && is_between (&scene)),
               "call %u", n);
    if (WIFEXITED (status))
      cr_assert (n > 10 && WEXITSTATUS (status) == 0 && is_chain (scene.path, scene.new), "call %u", n);
    scene_close (&scene);
  }
  cr_assert (WIFEXITED (status));
}

Test (folder_faults, killed_before_each_call)
{
  kill_everywhere (FOLDER, FALSE, FALSE);
  kill_everywhere (FOLDER, TRUE, FALSE);
  kill_everywhere (FOLDER, TRUE, TRUE);
}

Test (file_faults, killed_before_each_call)
{
  kill_everywhere (FILE_NAME, FALSE, FALSE);
  kill_everywhere (FILE_NAME, TRUE, FALSE);
  fault_set_features (FALSE, FALSE);
  kill_everywhere (FILE_NAME, FALSE, TRUE);
  kill_everywhere (FILE_NAME, TRUE, TRUE);
}

/* The new chain and the old one by turns; which is the first goes by turns too, as nobody knows how many a process gets
 * through before it is killed. */
static void
save_for_ever (const Scene *scene, guint first)
{
  for (guint i = first;; i++)
    if (!save (scene, i % 2 == 0 ? scene->new : scene->old, NULL))
      _exit (1);
}

static guint
n_kills (void)
{
  const char *asked = g_getenv ("VC_TEST_KILLS");

  return asked != NULL ? (guint) g_ascii_strtoull (asked, NULL, 10) : N_KILLS;
}

/* Killed at any time, and read at any time while it is replaced again and again: one of the two chains, whole. Answers
 * how many kills left something behind. */
static guint
kill_at_any_time (const char *name)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261121);
  const guint n = n_kills ();
  guint n_new = 0, n_left;
  Scene scene;

  scene_open (&scene, name, TRUE);
  for (guint i = 0; i < n; i++) {
    pid_t child = fork_bound ();
    int status;

    if (child == 0)
      save_for_ever (&scene, i);
    for (guint j = 0; j < i % 4; j++)
      cr_assert (is_either (&scene), "read while it is replaced");
    g_usleep ((gulong) g_rand_int_range (random, 0, 5000));
    kill (child, SIGKILL);
    cr_assert_eq (waitpid (child, &status, 0), child);
    cr_assert (WIFSIGNALED (status), "a save failed");
    cr_assert (is_either (&scene), "kill %u", i);
    n_new += is_chain (scene.path, scene.new);
  }
  cr_assert (n_new > 0 && n_new < n, "%u of %u", n_new, n);
  n_left = count_hidden (&scene);
  scene_close (&scene);
  return n_left;
}

Test (folder_faults, killed_at_any_time, .timeout = 3000)
{
  kill_at_any_time (FOLDER);
}

/* A new file has a name for as long as it takes to put it in place and make that durable. */
Test (file_faults, killed_at_any_time, .timeout = 3000)
{
  const guint n_left = kill_at_any_time (FILE_NAME);

  cr_assert_leq (n_left, n_kills () / 2, "%u", n_left);
}

/* Two that save to the same place at once: one after the other, each whole. */
static void
save_at_once (const char *name)
{
  pid_t children[2];
  Scene scene;

  scene_open (&scene, name, FALSE);
  for (guint i = 0; i < 2; i++) {
    children[i] = fork_bound ();
    if (children[i] == 0) {
      for (guint j = 0; j < 100; j++)
        if (!save (&scene, scene.new, NULL))
          _exit (1);
      _exit (0);
    }
  }
  for (guint i = 0; i < 2; i++) {
    int status;

    cr_assert_eq (waitpid (children[i], &status, 0), children[i]);
    cr_assert (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  }
  cr_assert (is_chain (scene.path, scene.new));
  cr_assert_eq (count_hidden (&scene), 0);
  scene_close (&scene);
}

Test (folder_faults, two_writers, .timeout = 120)
{
  save_at_once (FOLDER);
}

Test (file_faults, two_writers, .timeout = 120)
{
  save_at_once (FILE_NAME);
}
