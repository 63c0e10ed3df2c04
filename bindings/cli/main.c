/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

static const CliCommand *const commands[]
  = { &cli_score, &cli_explain, &cli_check, &cli_import, &cli_convert, &cli_append, &cli_kept, &cli_measures };

static const CliCommand *
find_command (const char *name, GError **error)
{
  g_autofree char *shown = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  shown = g_utf8_make_valid (name, -1);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "no command is called \"%s\"; there are: score, explain, check, import, convert, append, kept, measures",
               shown);
  return NULL;
}

static CliStatus
show_help (const CliCommand *command, GError **error)
{
  g_autofree char *help = cli_options_help (command);

  return cli_puts (help, error) ? CLI_OK : cli_status_of (*error);
}

static CliStatus
run_command (const CliCommand *command, char ***arguments, CliOptions *options, GError **error)
{
  g_autofree char *name = g_strconcat ("valuechain ", command->name, NULL);

  g_set_prgname (name);
  if (!cli_options_parse (options, command, arguments, error))
    return CLI_USAGE;
  return options->help ? show_help (command, error) : cli_session_run (command, options, error);
}

static CliStatus
run_program (char ***arguments, CliOptions *options, GError **error)
{
  if (!cli_options_parse (options, NULL, arguments, error))
    return CLI_USAGE;
  if (options->help)
    return show_help (NULL, error);
  if (options->version)
    return cli_puts ("valuechain " VC_VERSION_S "\n", error) ? CLI_OK : cli_status_of (*error);
  g_set_error_literal (
    error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
    "a command is needed: score, explain, check, import, convert, append, kept or measures (see valuechain --help)");
  return CLI_USAGE;
}

static CliStatus
run (char ***arguments, CliOptions *options, GError **error)
{
  const char *first = (*arguments)[0] != NULL ? (*arguments)[1] : NULL;
  const CliCommand *command;

  if (first == NULL || first[0] == '-')
    return run_program (arguments, options, error);
  command = find_command (first, error);
  if (command == NULL)
    return CLI_USAGE;
  /* The command takes the program's place as argument 0. */
  g_free ((*arguments)[0]);
  memmove (*arguments, *arguments + 1, g_strv_length (*arguments + 1) * sizeof (char *) + sizeof (char *));
  return run_command (command, arguments, options, error);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = g_strdupv (argv);
  g_autoptr (GError) error = NULL;
  CliOptions options = { 0 };
  CliStatus status;

  /* Only for the characters of arguments: numbers and messages are the same everywhere. */
  setlocale (LC_CTYPE, "");
  /* A reader that goes away is an error like any other; it ends the program without a word. */
  signal (SIGPIPE, SIG_IGN);
  g_set_prgname ("valuechain");
  status = run (&arguments, &options, &error);
  if (error != NULL && status != CLI_BROKEN_PIPE)
    cli_say ("%s", error->message);
  cli_options_clear (&options);
  return (int) status;
}
