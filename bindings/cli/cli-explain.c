/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

static VcReport *
explain (CliSession *session, VcChain *chain, VcMeasure *measure, GError **error)
{
  const char *party = session->options->arguments[2];
  g_autoptr (VcScores) scores
    = vc_measure_explain (measure, chain, party, cli_session_next (session), session->cancellable, error);
  VcReport *report;

  if (scores == NULL)
    return NULL;
  report = vc_report_new (chain);
  vc_report_add_scores (report, scores);
  return report;
}

static CliStatus
run (CliSession *session, GError **error)
{
  VcMeasure *measure = vc_measure_for_name (session->options->arguments[1], error);
  g_autoptr (GPtrArray) measures = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcReport) report = NULL;

  if (measure == NULL)
    return CLI_USAGE;
  g_ptr_array_add (measures, measure);
  if (!cli_set_options (measures, session->options, error))
    return CLI_USAGE;
  chain = cli_load (session, error);
  if (chain == NULL)
    return CLI_FAILURE;
  report = explain (session, chain, measure, error);
  return report != NULL && cli_write_report (session, report, error) ? CLI_OK : CLI_FAILURE;
}

const CliCommand cli_explain = {
  .name = "explain",
  .arguments = "CHAIN MEASURE PARTY",
  .min_arguments = 3,
  .max_arguments = 3,
  .summary = "Says what is behind the scores of a party: the paths of its work, the records of a rate.",
  .example = "valuechain explain company alignment tilda.moen --option paths=20",
  .run = run,
};
