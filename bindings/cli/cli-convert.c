/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

/* The name says what is wanted: what is not there has no content to go by. */
static gboolean
save (VcChain *chain, const char *path, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcChainFile) file = NULL;
  g_autoptr (VcFolder) folder = NULL;

  if (g_str_has_suffix (path, ".vchain")) {
    file = vc_chain_file_new (path);
    return vc_chain_file_save (file, chain, progress, cancellable, error);
  }
  folder = vc_folder_new (path);
  g_object_set (folder, "arrow", g_str_has_suffix (path, ".arrows"), NULL);
  return vc_folder_save (folder, chain, cancellable, error);
}

gboolean
cli_save (CliSession *session, VcChain *chain, const char *path, GError **error)
{
  VcProgress *progress = cli_session_next (session);

  cli_session_set_saving (session);
  return save (chain, path, progress, session->cancellable, error);
}

static CliStatus
run (CliSession *session, GError **error)
{
  g_autoptr (VcSource) source = cli_open (session, error);
  g_autoptr (VcChain) chain = NULL;

  if (source == NULL)
    return CLI_FAILURE;
  chain = vc_source_load (source, cli_session_next (session), session->cancellable, error);
  if (chain == NULL || !cli_save (session, chain, session->options->arguments[1], error))
    return CLI_FAILURE;
  return CLI_OK;
}

const CliCommand cli_convert = {
  .name = "convert",
  .arguments = "CHAIN OUT",
  .min_arguments = 2,
  .max_arguments = 2,
  .summary = "Writes a chain anew: to one file where OUT ends in .vchain, to a folder of Arrow files where\n"
             "it ends in .arrows, and else to a folder of CSV files.\n"
             "What stands at OUT is replaced when all is written, if it is a chain.",
  .example = "valuechain convert company company.vchain",
  .run = run,
};
