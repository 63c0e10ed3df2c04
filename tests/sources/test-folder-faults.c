/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "faults.h"
#include "folders.h"

#define N_KILLS 200
#define MAX_CALLS 1000

typedef struct {
  VcChain *old; /* NULL: the target does not exist */
  VcChain *new;
  char    *root;
  char    *path;
} Scene;

static void
scene_open (Scene *self, gboolean exists)
{
  g_autoptr (VcFolder) folder = NULL;

  self->old = exists ? hard_chain (0) : NULL;
  self->new = hard_chain (2);
  self->root = make_folder ();
  self->path = g_build_filename (self->root, "x", NULL);
  folder = vc_folder_new (self->path);
  if (exists)
    cr_assert (vc_folder_save (folder, self->old, NULL, NULL));
}

static void
scene_close (Scene *self)
{
  g_clear_object (&self->old);
  g_clear_object (&self->new);
  drop_folder (self->root);
  g_free (self->path);
}

/* The folder is replaced while it is looked at: one look decides. */
static gboolean
is_either (const Scene *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) found = load_folder (self->path, &error);

  cr_assert_not_null (found, "%s", error != NULL ? error->message : "");
  return strcmp (vc_chain_get_digest (found), vc_chain_get_digest (self->old)) == 0 ||
         strcmp (vc_chain_get_digest (found), vc_chain_get_digest (self->new)) == 0;
}

static gboolean
is_chain (const char *path, VcChain *chain)
{
  g_autoptr (VcChain) found = load_folder (path, NULL);

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

static gboolean
save_with_fault (Scene *self, Fault fault, guint n, gboolean no_exchange, guint *n_calls, GError **error)
{
  g_autoptr (VcFolder) folder = vc_folder_new (self->path);
  gboolean saved;

  fault_arm (fault, n, no_exchange);
  saved = vc_folder_save (folder, self->new, NULL, error);
  *n_calls = fault_disarm ();
  return saved;
}

/* Each call fails in turn: the old folder is whole, and nothing else is left. */
static void
fail_once_everywhere (gboolean exists, gboolean no_exchange)
{
  guint n_calls = 1, n_failed = 0;

  for (guint n = 1; n <= n_calls && n < MAX_CALLS; n++) {
    g_autoptr (GError) error = NULL;
    Scene scene;

    scene_open (&scene, exists);
    if (save_with_fault (&scene, FAULT_ONCE, n, no_exchange, &n_calls, &error)) {
      cr_assert (is_chain (scene.path, scene.new), "call %u", n);
    } else {
      g_autofree char *names = list_folder (scene.root);

      n_failed++;
      cr_assert_eq (error->domain, G_IO_ERROR);
      cr_assert (is_old (&scene), "call %u: %s", n, error->message);
      cr_assert_str_eq (names, exists ? "x" : "", "call %u: %s", n, error->message);
    }
    scene_close (&scene);
  }
  cr_assert_geq (n_failed, 15u, "only %u calls failed", n_failed);
}

Test (folder_faults, one_call_fails)
{
  fail_once_everywhere (FALSE, FALSE);
  fail_once_everywhere (TRUE, FALSE);
  fail_once_everywhere (FALSE, TRUE);
  fail_once_everywhere (TRUE, TRUE);
}

/* From some call on nothing works, the cleaning neither: what stands at the target is whole. */
Test (folder_faults, all_calls_fail_from_one_on)
{
  guint n_calls = 1;

  for (guint n = 1; n <= n_calls && n < MAX_CALLS; n++) {
    g_autoptr (GError) error = NULL;
    Scene scene;
    gboolean saved;

    scene_open (&scene, TRUE);
    saved = save_with_fault (&scene, FAULT_FOREVER, n, FALSE, &n_calls, &error);
    cr_assert_eq (saved, error == NULL);
    cr_assert (is_chain (scene.path, scene.new) || (!saved && is_old (&scene)), "call %u", n);
    scene_close (&scene);
  }
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
kill_everywhere (gboolean exists, gboolean no_exchange)
{
  int status = 0;

  for (guint n = 1; n < MAX_CALLS && (n == 1 || !WIFEXITED (status)); n++) {
    Scene scene;
    pid_t child;

    scene_open (&scene, exists);
    child = fork_bound ();
    if (child == 0) {
      guint n_calls;

      _exit (save_with_fault (&scene, FAULT_KILL, n, no_exchange, &n_calls, NULL) ? 0 : 1);
    }
    cr_assert_eq (waitpid (child, &status, 0), child);
    cr_assert (is_old (&scene) || is_chain (scene.path, scene.new) || (no_exchange && exists && is_between (&scene)), "call %u", n);
    if (WIFEXITED (status))
      cr_assert (n > 20 && WEXITSTATUS (status) == 0 && is_chain (scene.path, scene.new), "call %u", n);
    scene_close (&scene);
  }
  cr_assert (WIFEXITED (status));
}

Test (folder_faults, killed_before_each_call)
{
  kill_everywhere (FALSE, FALSE);
  kill_everywhere (TRUE, FALSE);
  kill_everywhere (TRUE, TRUE);
}

static void
save_for_ever (const Scene *scene)
{
  g_autoptr (VcFolder) folder = vc_folder_new (scene->path);

  for (guint i = 0;; i++)
    if (!vc_folder_save (folder, i % 2 == 0 ? scene->new : scene->old, NULL, NULL))
      _exit (1);
}

/* Killed at any time, and read at any time while it is replaced again and again: one of the two chains, whole. */
Test (folder_faults, killed_at_any_time, .timeout = 120)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261121);
  guint n_new = 0;
  Scene scene;

  scene_open (&scene, TRUE);
  for (guint i = 0; i < N_KILLS; i++) {
    pid_t child = fork_bound ();
    int status;

    if (child == 0)
      save_for_ever (&scene);
    for (guint j = 0; j < i % 4; j++)
      cr_assert (is_either (&scene), "read while it is replaced");
    g_usleep ((gulong) g_rand_int_range (random, 0, 5000));
    kill (child, SIGKILL);
    cr_assert_eq (waitpid (child, &status, 0), child);
    cr_assert (WIFSIGNALED (status), "a save failed");
    cr_assert (is_either (&scene), "kill %u", i);
    n_new += is_chain (scene.path, scene.new);
  }
  cr_assert (n_new > 0 && n_new < N_KILLS, "%u of %u", n_new, N_KILLS);
  scene_close (&scene);
}

/* Two that save the same folder at once. */
Test (folder_faults, two_writers, .timeout = 120)
{
  pid_t children[2];
  Scene scene;

  scene_open (&scene, FALSE);
  for (guint i = 0; i < 2; i++) {
    children[i] = fork_bound ();
    if (children[i] == 0) {
      g_autoptr (VcFolder) folder = vc_folder_new (scene.path);

      for (guint j = 0; j < 100; j++)
        if (!vc_folder_save (folder, scene.new, NULL, NULL))
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
  scene_close (&scene);
}
