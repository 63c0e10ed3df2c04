/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saves that are killed, and saves at once. */
#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "save-scene.h"

#define N_KILLS 200
#define MAX_CALLS 1000

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
    if (!save (scene, i % 2 == 0 ? scene->new : scene->old, NULL, NULL))
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
        if (!save (&scene, scene.new, NULL, NULL))
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
