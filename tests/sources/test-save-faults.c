/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saves of which calls to the system fail, and saves beside another program. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>
#include "save-scene.h"

#define MAX_CALLS 1000

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
  cr_assert (save (&scene, scene.new, NULL, NULL));
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
    saved = save (&scene, scene.new, NULL, &error);
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

/* Where the old file cannot have a second name either, one look before the step is all there is. */
Test (file_faults, what_another_program_puts_there_stays_without_second_names)
{
  fault_set_visitor (put_mine);
  fault_set_links (FALSE);
  cr_assert_geq (visit_everywhere (TRUE, TRUE, 1, 0), 10);
}

/* An empty file, which may be replaced. */
static void
put_nothing (const char *call, const char *path)
{
  other.n_calls++;
  if (other.n_calls == other.at)
    cr_assert (g_file_set_contents (other.scene->path, "", 0, NULL));
}

/* Each try gives what it replaces a second name of its own, and takes away the one before. */
Test (file_faults, what_is_tried_again_leaves_nothing)
{
  guint n_calls = 1;

  fault_set_visitor (put_nothing);
  for (other.at = 1; other.at <= n_calls; other.at++) {
    g_autoptr (GError) error = NULL;
    Scene scene;

    scene_open (&scene, FILE_NAME, TRUE);
    other.scene = &scene;
    other.n_calls = 0;
    save_with_fault (&scene, FAULT_NONE, 0, TRUE, &n_calls, &error);
    cr_assert_null (error, "call %u: %s", other.at, error != NULL ? error->message : "");
    cr_assert_eq (count_hidden (&scene), 0, "call %u", other.at);
    scene_close (&scene);
  }
}

/* Whether another program could lock what stands at the target, to replace it. */
static void
try_to_lock (const char *call, const char *path)
{
  int fd;

  if (strcmp (call, "fsync") != 0)
    return;
  fd = g_open (other.scene->path, O_RDONLY | O_CLOEXEC, 0);
  other.came = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0;
  if (fd >= 0)
    close (fd);
}

/* Until it is known that the new file stays there nobody replaces it: it may have to be taken back. */
Test (file_faults, what_is_not_durable_yet_is_locked)
{
  fault_set_visitor (try_to_lock);
  for (guint i = 0; i < 4; i++) {
    guint n_calls;
    Scene scene;

    scene_open (&scene, FILE_NAME, i % 2);
    other.scene = &scene;
    other.came = TRUE;
    cr_assert (save_with_fault (&scene, FAULT_NONE, 0, i / 2, &n_calls, NULL));
    cr_assert_not (other.came, "%u", i);
    scene_close (&scene);
  }
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

/* Another program replaces the folder, and begins to empty the old one. */
static void
replace_and_empty (gpointer data)
{
  const Scene *scene = data;
  g_autofree char *gone = g_build_filename (scene->root, "gone", NULL);
  g_autofree char *parties = g_build_filename (gone, "parties.csv", NULL);
  g_autoptr (VcFolder) folder = vc_folder_new (scene->path);

  cr_assert_eq (g_rename (scene->path, gone), 0);
  cr_assert_eq (g_unlink (parties), 0);
  cr_assert (vc_folder_save (folder, scene->old, NULL, NULL));
}

/* What is found in a folder that is being emptied says nothing of the one that stands there. */
Test (folder_faults, a_folder_that_is_replaced_while_it_is_looked_at)
{
  g_autoptr (GError) error = NULL;
  Scene scene;

  scene_open (&scene, FOLDER, TRUE);
  fault_when_listed (replace_and_empty, &scene);
  cr_assert (save (&scene, scene.new, NULL, &error), "%s", error != NULL ? error->message : "");
  cr_assert (is_chain (scene.path, scene.new));
  cr_assert_eq (count_hidden (&scene), 0);
  scene_close (&scene);
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

/* From a call on nobody can see what stands where. */
static void
lose_sight (const char *call, const char *path)
{
  other.n_calls++;
  if (other.at == 0 && strcmp (call, "fsync") == 0)
    other.last_sync = other.n_calls;
  if (other.at > 0 && other.n_calls == other.at)
    fault_set_looks (FALSE);
}

/* From so many calls after the one that does not make the new one durable. What cannot be seen counts as there. */
static void
save_without_sight (const char *name, guint later, guint n_ways)
{
  fault_set_visitor (lose_sight);
  for (guint i = 0; i < n_ways; i++) {
    g_autoptr (GError) error = NULL;
    guint n_calls;
    Scene scene;

    other.at = other.n_calls = 0;
    scene_open (&scene, name, i % 2);
    cr_assert (save_with_fault (&scene, FAULT_NONE, 0, i / 2, &n_calls, NULL));
    scene_close (&scene);

    other.at = other.last_sync + later;
    other.n_calls = 0;
    scene_open (&scene, name, i % 2);
    cr_assert_not (save_with_fault (&scene, FAULT_ONCE, other.last_sync, i / 2, &n_calls, &error));
    fault_set_looks (TRUE);
    cr_assert (g_error_matches (error, VC_SAVE_ERROR, VC_SAVE_ERROR_NOT_DURABLE), "%u: %s", i, error->message);
    cr_assert (is_chain (scene.path, scene.new));
    scene_close (&scene);
  }
}

Test (folder_faults, what_cannot_be_seen_is_not_taken_for_gone)
{
  save_without_sight (FOLDER, 0, 4);
}

Test (file_faults, what_cannot_be_seen_is_not_taken_for_gone)
{
  save_without_sight (FILE_NAME, 0, 4);
}

/* What has been moved away to see whether it is ours, and cannot be seen, goes back. A second name is nobody else's. */
Test (file_faults, what_cannot_be_seen_any_more_goes_back)
{
  save_without_sight (FILE_NAME, 1, 3);
}
