/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes are read as a chain file. What is a chain is saved and read again, and is the same; what is none has an
 * error that says so; and the bytes stay as they are. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "valuechain/valuechain.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
expect (gboolean ok, const char *what)
{
  if (ok)
    return;
  g_printerr ("%s\n", what);
  abort ();
}

static VcChain *
load (const char *path)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (GError) error = NULL;
  VcChain *chain = vc_source_load (VC_SOURCE (file), NULL, NULL, &error);

  expect ((chain == NULL) == (error != NULL), "a chain or an error");
  expect (error == NULL || error->domain == VC_IMPORT_ERROR || error->domain == G_IO_ERROR, "an error of ours");
  return chain;
}

static void
expect_same_again (VcChain *chain)
{
  g_autofree char *folder = g_dir_make_tmp ("valuechain-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.vchain", NULL);
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  g_autoptr (VcChain) again = NULL;

  expect (vc_chain_file_save (file, chain, NULL, NULL, NULL), "what was read can be written");
  again = load (path);
  expect (again != NULL && strcmp (vc_chain_get_digest (again), vc_chain_get_digest (chain)) == 0, "and read again");
  g_unlink (path);
  g_rmdir (folder);
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
  expect (pread (fd, after, size + 1, 0) == (gssize) size && memcmp (after, data, size) == 0, "the file is as it was");
  close (fd);
  if (chain != NULL)
    expect_same_again (chain);
  return 0;
}
