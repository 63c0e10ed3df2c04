/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <string.h>

/* Every option of every command, once; the manual page and the completion are tested against what this prints. */
#define PROGRAM  "-"
#define ALL      "score explain check import convert append kept measures"
#define SHOWN    "score explain check kept measures"
#define MEASURED "score explain"
#define KEPT     "score kept"
#define TABLES   "score explain kept"
#define READING  "score explain check import convert append"

typedef struct {
  const char *commands; /* words */
  const char *name;
  char        letter;
  GOptionArg  type;
  gsize       offset;
  const char *description;
  const char *argument;
} Option;

#define FIELD(name) G_STRUCT_OFFSET (CliOptions, name)
#define TEXT        G_OPTION_ARG_STRING
#define LIST        G_OPTION_ARG_STRING_ARRAY
#define PATH        G_OPTION_ARG_FILENAME
#define FLAG        G_OPTION_ARG_NONE

static const Option all_options[] = {
  { KEPT, "measure", 'm', LIST, FIELD (measures), "This measure (repeat for several; score: all)", "NAME" },
  { TABLES, "table", 't', LIST, FIELD (tables), "Show this table (repeat for several; all)", "NAME" },
  { MEASURED, "group-by", 'g', TEXT, FIELD (group_by), "Roll people up: none or unit", "WHAT" },
  { MEASURED, "at", 0, TEXT, FIELD (at), "Promises as they stood at this time (ISO 8601)", "TIME" },
  { TABLES, "window", 'w', TEXT, FIELD (window), "Only records from A until before B (ISO 8601)", "A/B" },
  { MEASURED, "option", 'O', LIST, FIELD (options), "Set an option of a measure", "NAME=VALUE" },
  { MEASURED, "threads", 'j', TEXT, FIELD (threads), "Threads to use (0: all processors)", "N" },
  { "score", "save", 0, FLAG, FIELD (save), "Keep the scores in CHAIN, a .vchain file", NULL },
  { SHOWN, "format", 'f', TEXT, FIELD (format), "text, json, csv or html (text)", "FORMAT" },
  { SHOWN, "output", 'o', PATH, FIELD (output), "Write to this file, readable by its owner only", "FILE" },
  { SHOWN, "max-rows", 'n', TEXT, FIELD (max_rows), "Rows of a table in text and html (20; 0: all)", "N" },
  { "import", "case", 0, TEXT, FIELD (case_column), "Column of the case", "COLUMN" },
  { "import", "party", 0, TEXT, FIELD (party_column), "Column of the party that worked on it", "COLUMN" },
  { "import", "time", 0, TEXT, FIELD (time_column), "Column of the time of the event", "COLUMN" },
  { "import", "time-format", 0, TEXT, FIELD (time_format), "How times are written: see strptime (ISO 8601)", "FORMAT" },
  { "import", "time-zone", 0, TEXT, FIELD (time_zone), "Zone of times that do not say theirs (UTC)", "ZONE" },
  { "import", "customer", 0, TEXT, FIELD (customer_column), "Column of the case's customer", "COLUMN" },
  { "import", "activity", 0, TEXT, FIELD (activity_column), "Column of what was done", "COLUMN" },
  { "import", "lifecycle", 0, TEXT, FIELD (lifecycle_column), "Column that says start or complete", "COLUMN" },
  { "import", "amount", 0, TEXT, FIELD (amount_column), "Column of how much work it was (1)", "COLUMN" },
  { "import", "causal", 0, FLAG, FIELD (causal), "Only what causes a step hands over to it", NULL },
  { "import", "weight", 0, TEXT, FIELD (weight), "count, case or decay=FACTOR (count)", "RULE" },
  { "import", "relations", 0, PATH, FIELD (relations), "Write who works with whom to this CSV file", "FILE" },
  { "import", "made", 0, TEXT, FIELD (made_column), "Column of when a commitment was made (first event)", "COLUMN" },
  { "import", "due", 0, TEXT, FIELD (due_column), "Column of when it is due", "COLUMN" },
  { "import", "closed", 0, TEXT, FIELD (closed_column), "Column of when it was done (last event)", "COLUMN" },
  { "import", "kept", 0, TEXT, FIELD (kept_column), "Column that says whether it was kept", "COLUMN" },
  { "import", "closed-by", 0, TEXT, FIELD (closed_by_column), "Column of who closed it", "COLUMN" },
  { "import", "reopened", 0, TEXT, FIELD (reopened_column), "Column of how often it was reopened", "COLUMN" },
  { "import", "owed-to", 0, TEXT, FIELD (owed_to_column), "Column of who is owed (the customer)", "COLUMN" },
  { "import", "unknown", 0, TEXT, FIELD (unknown), "Id of who owes or is owed where none is named", "ID" },
  { "import", "missing", 0, TEXT, FIELD (missing), "Text that stands for a missing value", "TEXT" },
  { "import", "missing-policy", 0, TEXT, FIELD (missing_policy), "Events without party: skip, break, error", "POLICY" },
  { "import", "delimiter", 0, TEXT, FIELD (delimiter), "Character between fields (,)", "CHARACTER" },
  { READING, "mapping", 0, PATH, FIELD (mapping), "File that says which column of an event log is what", "FILE" },
  { READING " kept", "lenient", 0, FLAG, FIELD (lenient), "Leave out commitments that contradict themselves", NULL },
  { ALL, "color", 0, TEXT, FIELD (color), "auto, always or never (auto; NO_COLOR is obeyed)", "WHEN" },
  { ALL, "progress", 0, TEXT, FIELD (progress), "auto or never (auto: on a terminal, for long work)", "WHEN" },
  { ALL, "quiet", 'q', FLAG, FIELD (quiet), "Say nothing but errors", NULL },
  { PROGRAM " " ALL, "help", 'h', FLAG, FIELD (help), "Show this help", NULL },
  { PROGRAM, "version", 0, FLAG, FIELD (version), "Show the version", NULL },
};

static gboolean
belongs_to (const Option *option, const CliCommand *command)
{
  g_auto (GStrv) commands = g_strsplit (option->commands, " ", -1);

  return g_strv_contains ((const char *const *) commands, command != NULL ? command->name : PROGRAM);
}

static GOptionContext *
make_context (CliOptions *options, const CliCommand *command)
{
  GOptionContext *context = g_option_context_new (command != NULL ? command->arguments : "COMMAND ...");
  GOptionEntry entries[G_N_ELEMENTS (all_options) + 2];
  gsize n = 0;

  memset (entries, 0, sizeof entries);
  for (gsize i = 0; i < G_N_ELEMENTS (all_options); i++) {
    const Option *option = &all_options[i];

    if (belongs_to (option, command))
      entries[n++] = (GOptionEntry) { option->name,        option->letter,
                                      0,                   option->type,
                                      G_STRUCT_MEMBER_P (options, option->offset),
                                      option->description, option->argument };
  }
  if (command != NULL)
    entries[n] = (GOptionEntry) { .long_name = G_OPTION_REMAINING,
                                  .arg = G_OPTION_ARG_FILENAME_ARRAY,
                                  .arg_data = &options->arguments };
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_help_enabled (context, FALSE);
  return context;
}

static gboolean
check_count (const CliOptions *options, const CliCommand *command, GError **error)
{
  guint n = options->arguments != NULL ? g_strv_length (options->arguments) : 0;

  if (options->help || (n >= command->min_arguments && n <= command->max_arguments))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "usage: valuechain %s [OPTION...] %s", command->name,
               command->arguments);
  return FALSE;
}

gboolean
cli_options_parse (CliOptions *options, const CliCommand *command, char ***arguments, GError **error)
{
  g_autoptr (GOptionContext) context = make_context (options, command);

  return g_option_context_parse_strv (context, arguments, error) &&
         (command == NULL || check_count (options, command, error));
}

static const char program_summary[] =
  "How much of the work reaches a paying customer?\n\n"
  "Commands:\n"
  "  score CHAIN                  Compute measures of a chain: a folder or a .vchain file\n"
  "  explain CHAIN MEASURE PARTY  Say what is behind the scores of one party\n"
  "  check CHAIN                  List what is wrong or odd in a chain\n"
  "  import LOG OUT               Make a chain of an event log\n"
  "  convert CHAIN OUT            Write a chain as a folder or as one file (.vchain)\n"
  "  append CHAIN FILE            Add a new period to a .vchain file\n"
  "  kept FILE                    List or show the scores that a .vchain file keeps\n"
  "  measures [NAME]              List the measures, or the options of one";

static const char program_description[] =
  "Each command has its own help: valuechain score --help\n\n"
  "Example:\n"
  "  valuechain score company";

char *
cli_options_help (const CliCommand *command)
{
  CliOptions unused = { 0 };
  g_autoptr (GOptionContext) context = make_context (&unused, command);
  g_autofree char *description = NULL;
  g_autofree char *name = g_strdup (g_get_prgname ());
  char *help;

  if (command != NULL)
    description = g_strconcat ("Example:\n  ", command->example, NULL);
  g_option_context_set_summary (context, command != NULL ? command->summary : program_summary);
  g_option_context_set_description (context, command != NULL ? description : program_description);
  help = g_option_context_get_help (context, TRUE, NULL);
  return help;
}

int
cli_pick_word (const char *option, const char *value, const char *const *words, GError **error)
{
  g_autofree char *allowed = NULL;

  for (int i = 0; words[i] != NULL; i++)
    if (value == NULL || g_str_equal (value, words[i]))
      return i;
  allowed = g_strjoinv (", ", (char **) words);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s must be one of: %s", option, allowed);
  return -1;
}

void
cli_options_clear (CliOptions *options)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_options); i++) {
    gpointer field = G_STRUCT_MEMBER_P (options, all_options[i].offset);

    if (all_options[i].type == LIST)
      g_clear_pointer ((char ***) field, g_strfreev);
    else if (all_options[i].type != FLAG)
      g_clear_pointer ((char **) field, g_free);
  }
  g_clear_pointer (&options->arguments, g_strfreev);
}
