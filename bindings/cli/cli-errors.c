/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <stdio.h>

static CliStatus
status_of_measure_error (int code)
{
  switch (code) {
    case VC_MEASURE_ERROR_UNKNOWN:
    case VC_MEASURE_ERROR_OPTION:
    case VC_MEASURE_ERROR_UNSUPPORTED:
      return CLI_USAGE;
    default:
      return CLI_MEASURE;
  }
}

CliStatus
cli_status_of (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CLI_INTERRUPTED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return CLI_BROKEN_PIPE;
  if (error->domain == G_OPTION_ERROR)
    return CLI_USAGE;
  if (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY))
    return CLI_FAILURE;
  if (error->domain == VC_IMPORT_ERROR)
    return CLI_INPUT;
  return error->domain == VC_MEASURE_ERROR ? status_of_measure_error (error->code) : CLI_FAILURE;
}

/* Control characters, and those that turn the direction of writing. */
static gboolean
can_steer (gunichar character)
{
  GUnicodeType type = g_unichar_type (character);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT;
}

char *
cli_safe (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *safe = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);

    g_string_append_unichar (safe, can_steer (character) ? 0xFFFD : character);
  }
  return g_string_free (safe, FALSE);
}

/* Not g_printerr(), which would rewrite what the character set of the locale lacks. */
void
cli_say (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *safe = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  safe = cli_safe (text);
  fprintf (stderr, "valuechain: %s\n", safe);
}

void
cli_blame_usage (GError **error)
{
  GError *blamed;

  if (error == NULL || *error == NULL || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  blamed = g_error_new_literal (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, (*error)->message);
  g_clear_error (error);
  *error = blamed;
}
