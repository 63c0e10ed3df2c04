/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <string.h>
#include <sys/stat.h>

static gboolean
needs (const char *option, const char *value, GError **error)
{
  if (value == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "import needs --%s", option);
  return value != NULL;
}

static gboolean
check_delimiter (const char *delimiter, GError **error)
{
  if (delimiter == NULL || (delimiter[0] > 0 && delimiter[1] == '\0' && strchr ("\"\r\n", delimiter[0]) == NULL))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--delimiter must be one ASCII character, and no quote or line end");
  return FALSE;
}

/* Formats of a standard say themselves what is what; of a CSV file nobody knows. */
static gboolean
has_columns (const CliOptions *options, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (VcSource) source = NULL;

  if (options->case_column != NULL && options->party_column != NULL && options->time_column != NULL)
    return TRUE;
  source = vc_source_for_path (options->arguments[0], &reason);
  if (VC_IS_EVENT_LOG (source))
    return TRUE;
  if (source == NULL && !g_error_matches (reason, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT)) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  return needs ("case", options->case_column, error) && needs ("party", options->party_column, error) &&
         needs ("time", options->time_column, error);
}

/* Options that are properties of the log. What is not given stays as the mapping has it. */
static void
set_texts (VcEventLog *log, const CliOptions *options)
{
  const struct {
    const char *property;
    const char *value;
  } texts[] = {
    { "case-column", options->case_column },
    { "party-column", options->party_column },
    { "time-column", options->time_column },
    { "customer-column", options->customer_column },
    { "activity-column", options->activity_column },
    { "lifecycle-column", options->lifecycle_column },
    { "amount-column", options->amount_column },
    { "made-column", options->made_column },
    { "due-column", options->due_column },
    { "closed-column", options->closed_column },
    { "kept-column", options->kept_column },
    { "closed-by-column", options->closed_by_column },
    { "reopened-column", options->reopened_column },
    { "owed-to-column", options->owed_to_column },
    { "unknown", options->unknown },
    { "time-format", options->time_format },
    { "time-zone", options->time_zone },
    { "missing", options->missing },
    { "delimiter", options->delimiter },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].value != NULL)
      g_object_set (log, texts[i].property, texts[i].value, NULL);
}

/* "count", "case" or "decay=0.5". */
static gboolean
set_weight (VcEventLog *log, const char *text, GError **error)
{
  static const char *const words[] = { "count", "case", "decay", NULL };
  g_auto (GStrv) parts = g_strsplit (text, "=", 2);
  int weight = cli_pick_word ("weight", parts[0] != NULL ? parts[0] : "", words, error);
  char *end = NULL;
  double decay = parts[0] != NULL && parts[1] != NULL ? g_ascii_strtod (parts[1], &end) : 0;

  if (weight < 0)
    return FALSE;
  if ((weight == VC_EVENT_WEIGHT_DECAY) != (end != NULL)
      || (end != NULL && (*end != '\0' || !(decay >= 0.01 && decay <= 0.99)))) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "--weight must be count, case or decay=FACTOR with a factor from 0.01 to 0.99");
    return FALSE;
  }
  g_object_set (log, "weight", (VcEventWeight) weight, NULL);
  if (end != NULL)
    g_object_set (log, "decay", decay, NULL);
  return TRUE;
}

static VcEventLog *
make_log (const CliOptions *options, GError **error)
{
  static const char *const policies[] = { "skip", "break", "error", NULL };
  int policy = cli_pick_word ("missing-policy", options->missing_policy, policies, error);
  g_autoptr (VcEventLog) log = NULL;

  if (policy < 0 || !check_delimiter (options->delimiter, error))
    return NULL;
  if (options->mapping == NULL && !has_columns (options, error))
    return NULL;
  log = g_object_new (VC_TYPE_EVENT_LOG, "path", options->arguments[0], NULL);
  if (options->mapping != NULL && !vc_event_log_load_mapping (log, options->mapping, error))
    return NULL;
  set_texts (log, options);
  if (options->missing_policy != NULL)
    g_object_set (log, "missing-policy", (VcMissingPolicy) policy, NULL);
  if (options->lenient)
    g_object_set (log, "lenient", TRUE, NULL);
  if (options->causal)
    g_object_set (log, "causal", TRUE, NULL);
  if (options->relations != NULL)
    g_object_set (log, "relations", TRUE, NULL);
  if (options->weight != NULL && !set_weight (log, options->weight, error))
    return NULL;
  return g_steal_pointer (&log);
}

static gboolean
write_relations (GOutputStream *stream, gpointer table, GCancellable *cancellable, GError **error)
{
  return vc_table_write_csv (table, stream, TRUE, cancellable, error);
}

/* Whether two paths are one place, be there anything or not. */
static gboolean
is_same_place (const char *one, const char *other)
{
  g_autofree char *one_name = g_path_get_basename (one), *other_name = g_path_get_basename (other);
  g_autofree char *one_folder = g_path_get_dirname (one), *other_folder = g_path_get_dirname (other);
  struct stat first, second;

  return strcmp (one_name, other_name) == 0 && stat (one_folder, &first) == 0 && stat (other_folder, &second) == 0
         && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

static gboolean
check_places (const CliOptions *options, GError **error)
{
  if (options->relations == NULL || !is_same_place (options->relations, options->arguments[1]))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--relations and OUT are the same file");
  return FALSE;
}

/* The table waits beside its place until the chain is in its own, so that killing the program leaves no table without
 * its chain. A chain that may not survive a power cut is in its place all the same. */
static gboolean
save_both (CliSession *session, VcChain *chain, VcTable *relations, GError **error)
{
  const char *path = session->options->relations;
  GError *reason = NULL;

  if (relations != NULL && !cli_prepare (session, path, write_relations, relations, error))
    return FALSE;
  if (cli_save (session, chain, session->options->arguments[1], &reason))
    return cli_place_prepared (session, path, error);
  if (g_error_matches (reason, VC_SAVE_ERROR, VC_SAVE_ERROR_NOT_DURABLE))
    cli_place_prepared (session, path, NULL);
  else
    cli_drop_prepared (session);
  g_propagate_error (error, reason);
  return FALSE;
}

static CliStatus
run (CliSession *session, GError **error)
{
  g_autoptr (VcEventLog) log = make_log (session->options, error);
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcTable) relations = NULL;

  if (log == NULL || !check_places (session->options, error))
    return cli_status_of (*error);
  chain = vc_source_load (VC_SOURCE (log), cli_session_next (session), session->cancellable, error);
  if (chain == NULL)
    return CLI_FAILURE;
  relations = vc_event_log_get_relations (log);
  if (!save_both (session, chain, relations, error))
    return CLI_FAILURE;
  cli_say_report (session, VC_SOURCE (log), "");
  return CLI_OK;
}

const CliCommand cli_import = {
  .name = "import",
  .arguments = "LOG OUT",
  .min_arguments = 2,
  .max_arguments = 2,
  .summary = "Makes the chain OUT, one file where it ends in .vchain and else a chain folder, of an\n"
             "event log, which may be CSV, XES or OCEL: each step of a case from one party to the\n"
             "next is one unit of work, and the last party delivers to the case's customer.",
  .example = "valuechain import tickets.csv.gz company --case ticket --party team --time opened",
  .run = run,
};
