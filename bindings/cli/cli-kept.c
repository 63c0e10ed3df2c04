/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

/* Of each measure that was asked for, the newest scores of the chain as it is. */
static VcReport *
load_report (CliSession *session, VcChainFile *file, VcChain *chain, GError **error)
{
  g_autoptr (VcReport) report = vc_report_new (chain);
  char **names = session->options->measures;

  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr (VcScores) scores = NULL;

    if (g_strv_contains ((const char *const *) names + i + 1, names[i]))
      continue;
    scores = vc_chain_file_load_scores (file, names[i], NULL, chain, session->cancellable, error);
    if (scores == NULL)
      return NULL;
    vc_report_add_scores (report, scores);
  }
  return g_steal_pointer (&report);
}

static CliStatus
run (CliSession *session, GError **error)
{
  g_autoptr (VcChainFile) file = vc_chain_file_new (session->options->arguments[0]);
  g_autoptr (VcChain) chain = cli_load (session, error);
  g_autoptr (VcTable) list = NULL;
  g_autoptr (VcReport) report = NULL;

  if (chain == NULL)
    return CLI_FAILURE;
  if (session->options->measures == NULL) {
    list = vc_chain_file_list_scores (file, chain, session->cancellable, error);
    return list != NULL && cli_write_table (session, list, error) ? CLI_OK : CLI_FAILURE;
  }
  report = load_report (session, file, chain, error);
  return report != NULL && cli_write_report (session, report, error) ? CLI_OK : CLI_FAILURE;
}

const CliCommand cli_kept = {
  .name = "kept",
  .arguments = "FILE",
  .min_arguments = 1,
  .max_arguments = 1,
  .summary = "Lists the scores that are kept in a chain file, or shows those of a measure without\n"
             "computing them. Scores of what the file held before an append are of another chain.",
  .example = "valuechain score company.vchain --save && valuechain kept company.vchain -m alignment",
  .run = run,
};
