/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A year in one file, quarter by quarter: one-file CHAIN */
#include <glib/gstdio.h>
#include <valuechain/valuechain.h>

static const char *const quarters[] = { "2025-01/2025-04", "2025-04/2025-07", "2025-07/2025-10", "2025-10/2026-01" };

static VcChain *
load (const char *path, GError **error)
{
  g_autoptr (VcSource) source = vc_source_for_path (path, error);

  return source != NULL ? vc_source_load (source, NULL, NULL, error) : NULL;
}

static gboolean
add_quarter (VcChainFile *file, VcChain *year, const char *quarter, gboolean is_first, GError **error)
{
  g_autoptr (VcChain) period = vc_chain_window_text (year, quarter, NULL, NULL, error);
  g_autoptr (VcChain) whole = NULL;

  if (period == NULL || !(is_first ? vc_chain_file_save (file, period, NULL, NULL, error)
                                   : vc_chain_file_append (file, period, NULL, NULL, error)))
    return FALSE;
  whole = vc_source_load (VC_SOURCE (file), NULL, NULL, error);
  if (whole != NULL)
    g_print ("until %s: %" G_GUINT64_FORMAT " flows\n", quarter + 8, vc_chain_get_n_flows (whole));
  return whole != NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) year = load (argc > 1 ? argv[1] : "examples/company", &error);
  g_autofree char *folder = g_dir_make_tmp ("one-file-XXXXXX", NULL),
                  *path = g_build_filename (folder, "year.vchain", NULL);
  g_autoptr (VcChainFile) file = vc_chain_file_new (path);
  gboolean ok = year != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (quarters) && ok; i++)
    ok = add_quarter (file, year, quarters[i], i == 0, &error);
  if (ok)
    g_print ("of the year: %" G_GUINT64_FORMAT " flows\n", vc_chain_get_n_flows (year));
  else
    g_printerr ("%s\n", error->message);
  g_unlink (path);
  g_rmdir (folder);
  return ok ? 0 : 1;
}
