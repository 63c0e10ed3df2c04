/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "save-scene.h"

#include <criterion/criterion.h>
#include <string.h>

gboolean
save (const Scene *self, VcChain *chain, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcFolder) folder = NULL;
  g_autoptr (VcChainFile) file = NULL;

  if (strcmp (self->name, FILE_NAME) == 0) {
    file = vc_chain_file_new (self->path);
    return vc_chain_file_save (file, chain, NULL, cancellable, error);
  }
  folder = vc_folder_new (self->path);
  return vc_folder_save (folder, chain, cancellable, error);
}

void
scene_open (Scene *self, const char *name, gboolean exists)
{
  self->old = exists ? hard_chain (0) : NULL;
  self->new = hard_chain (2);
  self->name = name;
  self->root = make_folder ();
  self->path = g_build_filename (self->root, name, NULL);
  if (exists)
    cr_assert (save (self, self->old, NULL, NULL));
}

void
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

gboolean
is_either (const Scene *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) found = load (self->path, &error);

  cr_assert_not_null (found, "%s", error != NULL ? error->message : "");
  return strcmp (vc_chain_get_digest (found), vc_chain_get_digest (self->old)) == 0 ||
         strcmp (vc_chain_get_digest (found), vc_chain_get_digest (self->new)) == 0;
}

gboolean
is_chain (const char *path, VcChain *chain)
{
  g_autoptr (VcChain) found = load (path, NULL);

  return found != NULL && strcmp (vc_chain_get_digest (found), vc_chain_get_digest (chain)) == 0;
}

gboolean
is_old (const Scene *self)
{
  return self->old != NULL ? is_chain (self->path, self->old) : !g_file_test (self->path, G_FILE_TEST_EXISTS);
}

gboolean
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

guint
count_hidden (const Scene *self)
{
  g_autofree char *names = list_folder (self->root);
  g_auto (GStrv) parts = g_strsplit (names, " ", -1);
  guint n = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    n += parts[i][0] == '.';
  return n;
}

gboolean
save_with_fault (Scene *self, Fault fault, guint n, gboolean no_exchange, guint *n_calls, GError **error)
{
  gboolean saved;

  fault_arm (fault, n, no_exchange);
  saved = save (self, self->new, NULL, error);
  *n_calls = fault_disarm ();
  return saved;
}
