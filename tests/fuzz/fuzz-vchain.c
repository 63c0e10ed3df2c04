/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes are read as a chain file. What is a chain is saved and read again, and is the same; what is none has an
 * error that says so; scores that are kept in it are kept in another file and are the same there; and the bytes stay as
 * they are. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../reference/same-scores.h"
#include "expect.h"

/* More take longer and show no more. */
#define MAX_SCORES 4

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* An answer or an error of ours. Answers whether there is one. */
static gboolean
is_answered (gconstpointer answer, const GError *error)
{
  expect ((answer == NULL) == (error != NULL), "an answer or an error");
  expect (error == NULL || error->domain == VC_IMPORT_ERROR || error->domain == G_IO_ERROR, "an error of ours");
  return answer != NULL;
}

static VcChain *
load (const char *path)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (GError) error = NULL;
  VcChain *chain = vc_source_load (VC_SOURCE (file), NULL, NULL, &error);

  is_answered (chain, error);
  return chain;
}

/* A file in a folder of its own. */
typedef struct {
  char        *folder, *path;
  VcChainFile *file;
} Home;

static void
home_open (Home *self)
{
  self->folder = g_dir_make_tmp ("valuechain-fuzz-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "x.vchain", NULL);
  self->file = vc_chain_file_new (self->path);
}

static void
home_close (Home *self)
{
  expect (g_unlink (self->path) == 0 && g_rmdir (self->folder) == 0, "one file in it");
  g_object_unref (self->file);
  g_free (self->path);
  g_free (self->folder);
}

static void
expect_same_again (VcChain *chain)
{
  g_autoptr (VcChain) again = NULL;
  Home home;

  home_open (&home);
  expect (vc_chain_file_save (home.file, chain, NULL, NULL, NULL), "what was read can be written");
  again = load (home.path);
  expect (again != NULL && strcmp (vc_chain_get_digest (again), vc_chain_get_digest (chain)) == 0, "and read again");
  home_close (&home);
}

static VcChain *
new_chain (void)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  return vc_chain_builder_build (builder, NULL, NULL, NULL);
}

static void
expect_same_scores_again (const Home *home, VcScores *scores, VcChain *chain)
{
  const char *measure = vc_scores_get_measure (scores), *party = vc_scores_get_party (scores);
  g_autoptr (VcScores) again = NULL;
  g_autofree char *difference = NULL;

  expect (vc_chain_file_save_scores (home->file, scores, chain, NULL, NULL, NULL), "what was read can be kept");
  again = vc_chain_file_load_scores (home->file, measure, party, chain, NULL, NULL);
  expect (again != NULL, "and read again");
  difference = difference_of_scores (scores, again);
  expect (difference == NULL, difference);
}

/* The list says of whom and what they are. */
static void
expect_as_listed (VcScores *scores, VcTable *list, guint64 row)
{
  VcColumn *parties = vc_table_lookup_column (list, "party");
  g_autofree char *measure = vc_column_dup_text (vc_table_lookup_column (list, "measure"), row);
  g_autofree char *party = vc_column_is_null (parties, row) ? NULL : vc_column_dup_text (parties, row);

  expect (strcmp (vc_scores_get_measure (scores), measure) == 0, "the measure that the list tells");
  expect (g_strcmp0 (vc_scores_get_party (scores), party) == 0, "the party that the list tells");
}

/* All that are kept in the file at `path`. */
static void
expect_scores_again (const char *path)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) list = vc_chain_file_list_scores (file, NULL, NULL, &error);
  g_autoptr (VcChain) chain = NULL;
  Home home;

  if (!is_answered (list, error) || vc_table_get_n_rows (list) == 0)
    return;
  home_open (&home);
  chain = new_chain ();
  expect (vc_chain_file_save (home.file, chain, NULL, NULL, NULL), "a chain can be written");
  for (guint64 row = 0; row < MIN (vc_table_get_n_rows (list), MAX_SCORES); row++) {
    const gint64 key = vc_column_get_int64 (vc_table_lookup_column (list, "scores"), row);
    g_autoptr (GError) refused = NULL;
    g_autoptr (VcScores) scores = vc_chain_file_load_scores_at (file, key, NULL, &refused);

    if (!is_answered (scores, refused))
      continue;
    expect_as_listed (scores, list, row);
    expect_same_scores_again (&home, scores, chain);
  }
  home_close (&home);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const int fd = memfd_create ("vchain", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree guint8 *after = g_malloc (size + 1);
  g_autoptr (VcChain) chain = NULL;

  expect (fd >= 0 && write (fd, data, size) == (gssize) size, "a file");
  chain = load (path);
  expect_scores_again (path);
  expect (pread (fd, after, size + 1, 0) == (gssize) size && memcmp (after, data, size) == 0, "the file is as it was");
  close (fd);
  if (chain != NULL)
    expect_same_again (chain);
  return 0;
}
