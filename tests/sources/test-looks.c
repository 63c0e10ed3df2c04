/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where work may stop: each loop over what a file holds looks at the cancellable. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "../reference/ocel-log.h"
#include "faults.h"
#include "folders.h"
#include "looks.h"
#include "save-scene.h"
#include "sources/vc-period-private.h"

static gboolean
load (gpointer source, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcChain) chain = vc_source_load (source, NULL, cancellable, error);

  return chain != NULL;
}

/* ---- event logs ---- */

/* A log whose columns are called like their roles. */
static VcEventLog *
new_log (const char *root, const char *content)
{
  g_autofree char *path = g_build_filename (root, "log.csv", NULL);
  g_autofree char *header = g_strndup (content, strcspn (content, "\n"));
  g_auto (GStrv) columns = g_strsplit (header, ",", -1);
  VcEventLog *log = g_object_new (VC_TYPE_EVENT_LOG, "path", path, NULL);

  put_file (root, "log.csv", content, -1);
  for (guint i = 0; columns[i] != NULL; i++) {
    g_autofree char *property = g_strconcat (columns[i], "-column", NULL);

    g_object_set (log, property, columns[i], NULL);
  }
  return log;
}

#define DAY(day) "2025-01-0" #day
#define FULL_LOG                                                                                                       \
  "case,party,time,activity,customer,amount,made,due,closed,kept,closed-by\n"                                          \
  "1,a," DAY (1) ",x,k,1," DAY (1) "," DAY (9) "," DAY (3) ",true,b\n"                                                 \
  "1,b," DAY (2) ",y,k,2," DAY (1) "," DAY (9) "," DAY (3) ",true,b\n"                                                 \
  "2,a," DAY (2) ",x,k,1," DAY (2) "," DAY (9) ",,,\n"                                                                 \
  "2,c," DAY (4) ",y,k,1," DAY (2) "," DAY (9) ",,,\n"

Test (looks, event_log)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, FULL_LOG);

  g_object_set (log, "missing-policy", VC_MISSING_POLICY_ERROR, "relations", TRUE, NULL);
  stop_at_every_look (load, log, 318);
  drop_folder (root);
}

Test (looks, causal_event_log)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_log (root, "case,party,time,activity\n1,a," DAY (1) ",x\n1,b," DAY (2) ",y\n");

  g_object_set (log, "causal", TRUE, NULL);
  stop_at_every_look (load, log, 79);
  drop_folder (root);
}

Test (looks, xes)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "log.xes", NULL);
  g_autoptr (VcEventLog) log = g_object_new (VC_TYPE_EVENT_LOG, "path", path, NULL);

  put_file (root, "log.xes",
            "<log><trace><string key='concept:name' value='1'/><event><string key='org:resource' value='a'/>"
            "<date key='time:timestamp' value='2025-01-01T10:00:00Z'/></event></trace></log>",
            -1);
  stop_at_every_look (load, log, 64);
  drop_folder (root);
}

/* Cases, parties and customers are objects, the amount is an attribute of events, the due time one of objects. */
Test (looks, ocel)
{
  static const char orders[] = "E Take|worth:float\nO Order|due:time\nO Clerk\nO Customer\n"
                               "e e1|Take|2024-01-01T10:00:00Z|worth=5|>o1|>a\n"
                               "e e2|Take|2024-01-02T10:00:00Z|worth=5|>o1|>b\n"
                               "o o1|Order|due=2024-02-01T00:00:00Z@1970-01-01T00:00:00Z|>c1\no a|Clerk\no b|Clerk\n"
                               "o c1|Customer\n";
  char *root = make_folder ();
  g_autofree char *text = ocel_write_json (orders), *path = g_build_filename (root, "log.json", NULL);
  g_autoptr (VcEventLog) log
    = g_object_new (VC_TYPE_EVENT_LOG, "path", path, "case-column", "object:Order", "party-column", "object:Clerk",
                    "customer-column", "object:Customer", "amount-column", "attribute:worth", "due-column",
                    "attribute:due", NULL);

  put_file (root, "log.json", text, -1);
  stop_at_every_look (load, log, 111);
  drop_folder (root);
}

/* One case of many events from the last to the first, each of another party than the one before. */
static char *
long_case (guint n)
{
  GString *text = g_string_new ("case,party,time,customer\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "1,p%u,2025-01-01T%02u:%02u:%02uZ,k\n", i % 500, (n - i) / 3600, (n - i) / 60 % 60,
                            (n - i) % 60);
  return g_string_free (text, FALSE);
}

/* Loops that look only after they have gone through many. */
Test (looks, long_case)
{
  enum { N = 80000 };
  char *root = make_folder ();
  g_autofree char *text = long_case (N);
  g_autoptr (VcEventLog) log = new_log (root, text);
  guint n;

  g_object_set (log, "relations", TRUE, NULL);
  n = count_looks (load, log);
  cr_expect_geq (n, 901u, "%u looks", n);
  for (guint at = 1; at <= n; at += n / 15)
    stop_at_look (at, load, log);
  drop_folder (root);
}

/* ---- chains ---- */

static gboolean
save_new (gpointer data, GCancellable *cancellable, GError **error)
{
  const Scene *self = data;

  return save (self, self->new, cancellable, error);
}

static void
stop_saving_and_loading (const char *name, guint n_saving, guint n_loading)
{
  g_autoptr (VcSource) source = NULL;
  Scene scene;

  scene_open (&scene, name, FALSE);
  stop_at_every_look (save_new, &scene, n_saving);
  source = vc_source_for_path (scene.path, NULL);
  stop_at_every_look (load, source, n_loading);
  scene_close (&scene);
}

Test (looks, chain_file)
{
  stop_saving_and_loading (FILE_NAME, 6, 123);
}

Test (looks, folder)
{
  stop_saving_and_loading (FOLDER, 5, 128);
}

static VcChain *
make_period (const char *root, const char *name, const char *parties, const char *day,
             const char *window)
{
  g_autofree char *flows = g_strdup_printf ("from,to,at\np,c,%s\np,p,%s\n", day, day);
  g_autofree char *receipts = g_strdup_printf ("customer,amount,at\nc,1,%s\n", day);
  g_autofree char *frame
    = g_strdup_printf ("{\"valuechain\": {\"effort_unit\": \"h\", \"window\": \"%s\"}}", window);
  g_autofree char *folder = put_files (root, name, "parties.csv", parties, "flows.csv", flows, "receipts.csv", receipts,
                                       "datapackage.json", frame, NULL);

  return expect_chain (folder);
}

/* What is appended to goes back to what it was. */
static gboolean
append (gpointer data, GCancellable *cancellable, GError **error)
{
  const Scene *self = data;
  g_autoptr (VcChainFile) file = vc_chain_file_new (self->path);
  g_autofree char *before = NULL;
  gsize size;
  gboolean done;

  cr_assert (g_file_get_contents (self->path, &before, &size, NULL));
  done = vc_chain_file_append (file, self->new, NULL, cancellable, error);
  cr_assert (g_file_set_contents_full (self->path, before, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return done;
}

Test (looks, append)
{
  Scene scene;

  scene_open (&scene, FILE_NAME, FALSE);
  g_object_unref (scene.new);
  scene.new = make_period (scene.root, "first", "id,kind,effort\nc,customer,\np,person,1\n", DAY (1),
                             DAY (1) "/" DAY (2));
  cr_assert (save_new (&scene, NULL, NULL));
  g_object_unref (scene.new);
  scene.new = make_period (scene.root, "second", "id,kind,effort\nc,customer,\np,person,1\nq,person,2\n",
                             DAY (2), DAY (2) "/" DAY (3));
  stop_at_every_look (append, &scene, 247);
  scene_close (&scene);
}

/* Rows of a file and of a chain are looked at when they are many. */
enum { MANY = 70000 };

static VcChain *
many_flows (const char *root, const char *name, guint n, guint day)
{
  g_autoptr (GString) flows = g_string_new ("from,to,at\n");
  g_autofree char *folder = NULL;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (flows, "p,c,2025-01-%02uT%02u:%02u:%02uZ\n", day, i / 3600, i / 60 % 60, i % 60);
  folder = put_files (root, name, "parties.csv", "id,kind\nc,customer\np,person\n", "flows.csv", flows->str, NULL);
  return expect_chain (folder);
}

static guint n_between_steps;

static void
count_between_steps (void)
{
  n_between_steps++;
}

/* How many steps a database takes is its own affair: roughly what it does here. */
Test (looks, long_chain_file)
{
  g_autoptr (VcSource) source = NULL;
  Scene scene;
  guint n;

  scene_open (&scene, FILE_NAME, FALSE);
  g_object_unref (scene.new);
  scene.new = many_flows (scene.root, "x", MANY, 1);
  n = count_looks (save_new, &scene);
  cr_expect_geq (n, 8u, "%u looks", n);
  source = vc_source_for_path (scene.path, NULL);
  fault_set_looker (count_between_steps);
  n = count_looks (load, source);
  fault_set_looker (NULL);
  cr_expect_geq (n_between_steps, 2u, "%u looks", n_between_steps);
  cr_expect_geq (n, 200u, "%u looks", n);
  for (guint at = 1; at <= n; at += n / 15)
    stop_at_look (at, load, source);
  scene_close (&scene);
}

typedef struct {
  VcChain *old, *new;
} Periods;

static gboolean
compare_periods (gpointer data, GCancellable *cancellable, GError **error)
{
  const Periods *self = data;
  g_auto (VcPeriod) period = { NULL };

  return vc_period_init (&period, self->old, self->new, cancellable, error);
}

Test (looks, period_after_a_long_one)
{
  char *root = make_folder ();
  g_autoptr (VcChain) old = many_flows (root, "old", MANY, 1), new = many_flows (root, "new", 1, 2);
  Periods periods = { old, new };

  stop_at_every_look (compare_periods, &periods, 11);
  drop_folder (root);
}

/* ---- waiting for others ---- */

/* Another program holds on to the file. Stopped when the new one is ready, and at each time that it is tried again. */
Test (looks, file_that_is_being_replaced, .timeout = 60)
{
  Scene scene;
  guint n;
  int fd;

  scene_open (&scene, FILE_NAME, FALSE);
  n = count_looks (save_new, &scene);
  fd = g_open (scene.path, O_RDONLY | O_CLOEXEC, 0);
  cr_assert_eq (flock (fd, LOCK_EX), 0);
  for (guint more = 1; more < 4; more++)
    stop_at_look (n + more, save_new, &scene);
  close (fd);
  scene_close (&scene);
}

Test (looks, file_with_a_journal, .timeout = 60)
{
  g_autoptr (VcSource) source = NULL;
  Scene scene;

  scene_open (&scene, FILE_NAME, FALSE);
  cr_assert (save_new (&scene, NULL, NULL));
  put_file (scene.root, FILE_NAME "-journal", "a page", -1);
  source = vc_source_for_path (scene.path, NULL);
  stop_at_look (3, load, source);
  scene_close (&scene);
}
