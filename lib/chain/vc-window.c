/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-window-private.h"

#include <string.h>

#include "table/vc-number-private.h"
#include "valuechain/vc-error.h"

#define LONGEST 64

/* A year or a month is the date of its first day. */
static VcParseResult
parse_side (const char *text, gsize length, gint64 *value)
{
  char date[LONGEST];

  if (length > 10 || length < 4)
    return vc_parse_time (text, length, value);
  memcpy (date, text, length);
  if (length == 4)
    memcpy (date + length, "-01-01", 6);
  else if (length == 7)
    memcpy (date + length, "-01", 3);
  else
    return vc_parse_time (text, length, value);
  return vc_parse_time (date, 10, value);
}

static gboolean
set_error (GError **error, VcImportError code, const char *message)
{
  g_set_error_literal (error, VC_IMPORT_ERROR, (int) code, message);
  return FALSE;
}

gboolean
vc_window_parse (const char *text, gint64 *start, gint64 *end, GError **error)
{
  const char *slash = strchr (text, '/');
  const char *second = slash != NULL ? slash + 1 : NULL;

  if (slash == NULL || strchr (second, '/') != NULL || strlen (text) > LONGEST)
    return set_error (error, VC_IMPORT_ERROR_TIME,
                      "a window is two times with a slash between them, as 2025-01-01/2025-04-01");
  *start = G_MININT64;
  *end = G_MAXINT64;
  if (slash > text && parse_side (text, (gsize) (slash - text), start) != VC_PARSE_OK)
    return set_error (error, VC_IMPORT_ERROR_TIME, "the start of the window is no time of ISO 8601");
  if (*second != '\0' && parse_side (second, strlen (second), end) != VC_PARSE_OK)
    return set_error (error, VC_IMPORT_ERROR_TIME, "the end of the window is no time of ISO 8601");
  if (*start >= *end)
    return set_error (error, VC_IMPORT_ERROR_RANGE, "the window ends before it has begun");
  return TRUE;
}

static void
append_side (GString *text, gint64 time, gint64 open)
{
  char buffer[VC_NUMBER_SIZE];

  if (time != open)
    g_string_append_len (text, buffer, (gssize) vc_format_time (time, buffer));
}

char *
vc_window_format (gint64 start, gint64 end)
{
  GString *text = g_string_new (NULL);

  append_side (text, start, G_MININT64);
  g_string_append_c (text, '/');
  append_side (text, end, G_MAXINT64);
  return g_string_free (text, FALSE);
}
