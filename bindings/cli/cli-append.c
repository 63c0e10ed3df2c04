/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

static CliStatus
run (CliSession *session, GError **error)
{
  g_autoptr (VcSource) source = cli_open (session, error);
  g_autoptr (VcChainFile) file = vc_chain_file_new (session->options->arguments[1]);
  g_autoptr (VcChain) chain = NULL;
  VcProgress *progress;

  if (source == NULL)
    return CLI_FAILURE;
  chain = vc_source_load (source, cli_session_next (session), session->cancellable, error);
  if (chain == NULL)
    return CLI_FAILURE;
  progress = cli_session_next (session);
  cli_session_set_saving (session);
  return vc_chain_file_append (file, chain, progress, session->cancellable, error) ? CLI_OK : CLI_FAILURE;
}

const CliCommand cli_append = {
  .name = "append",
  .arguments = "CHAIN FILE",
  .min_arguments = 2,
  .max_arguments = 2,
  .summary = "Adds a new period, the records of CHAIN, to the chain file FILE. What contradicts the\n"
             "file, or stands there already, is refused, and the file stays as it was.",
  .example = "valuechain append company-2026-02 company.vchain",
  .run = run,
};
