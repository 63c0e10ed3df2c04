/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-format-private.h"

#include <string.h>

#include "valuechain/vc-error.h"

static const struct {
  const char  *name;
  VcColumnType type;
} roles[VC_EVENT_N_ROLES] = {
  [VC_EVENT_ROLE_CASE] = { "case", VC_COLUMN_TYPE_TEXT },
  [VC_EVENT_ROLE_PARTY] = { "party", VC_COLUMN_TYPE_TEXT },
  [VC_EVENT_ROLE_TIME] = { "time", VC_COLUMN_TYPE_TIME },
  [VC_EVENT_ROLE_CUSTOMER] = { "customer", VC_COLUMN_TYPE_TEXT },
  [VC_EVENT_ROLE_ACTIVITY] = { "activity", VC_COLUMN_TYPE_TEXT },
  [VC_EVENT_ROLE_LIFECYCLE] = { "lifecycle", VC_COLUMN_TYPE_TEXT },
  [VC_EVENT_ROLE_AMOUNT] = { "amount", VC_COLUMN_TYPE_DOUBLE },
  [VC_EVENT_ROLE_MADE] = { "made", VC_COLUMN_TYPE_TIME },
  [VC_EVENT_ROLE_DUE] = { "due", VC_COLUMN_TYPE_TIME },
  [VC_EVENT_ROLE_CLOSED] = { "closed", VC_COLUMN_TYPE_TIME },
  [VC_EVENT_ROLE_KEPT] = { "kept", VC_COLUMN_TYPE_BOOLEAN },
  [VC_EVENT_ROLE_CLOSED_BY] = { "closed-by", VC_COLUMN_TYPE_TEXT },
  [VC_EVENT_ROLE_REOPENED] = { "reopened", VC_COLUMN_TYPE_INT64 },
  [VC_EVENT_ROLE_OWED_TO] = { "owed-to", VC_COLUMN_TYPE_TEXT },
};

/* The first that knows the content. XES takes all other XML for its own, and CSV, which is last, anything. */
static const VcEventFormat *const formats[] = {
  &vc_event_format_ocel_sqlite,
  &vc_event_format_ocel_json,
  &vc_event_format_ocel_xml,
  &vc_event_format_xes,
  &vc_event_format_csv,
};

const char *
vc_event_role_name (VcEventRole role)
{
  return roles[role].name;
}

VcColumnType
vc_event_role_type (VcEventRole role)
{
  return roles[role].type;
}

/* What a web server says instead of the file is often saved in its place. */
static gboolean
is_web_page (const char *head, gsize length)
{
  static const char *const beginnings[] = { "<!doctype html", "<html" };
  gsize start = 0;

  while (start < length && g_ascii_isspace (head[start]))
    start++;
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (length - start >= strlen (beginnings[i])
        && g_ascii_strncasecmp (head + start, beginnings[i], strlen (beginnings[i])) == 0)
      return TRUE;
  return FALSE;
}

const VcEventFormat *
vc_event_format_find (VcInput *input, GCancellable *cancellable, GError **error)
{
  gsize length;
  const char *head = vc_input_peek (input, VC_EVENT_HEAD_SIZE, &length, cancellable, error);
  guint i;

  if (head == NULL)
    return NULL;
  if (is_web_page (head, length)) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT,
                 "%s: this is a web page: neither CSV, nor XES, nor any other log", input->file);
    return NULL;
  }
  for (i = 0; !formats[i]->knows (head, length); i++)
    ;
  return formats[i];
}

gboolean
vc_event_format_is_complete (const VcEventFormat *self)
{
  for (guint i = 0; i < VC_EVENT_N_REQUIRED; i++)
    if (self->defaults[i] == NULL)
      return FALSE;
  return TRUE;
}

gboolean
vc_event_format_complete (const VcEventFormat *self, const char *file, VcEventMapping *mapping, GError **error)
{
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    if (mapping->attributes[i] == NULL)
      mapping->attributes[i] = self->defaults[i];
    else if (*mapping->attributes[i] == '\0')
      mapping->attributes[i] = NULL;
    if (mapping->attributes[i] != NULL || i >= VC_EVENT_N_REQUIRED)
      continue;
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s: no %s-column is given", file, roles[i].name);
    return FALSE;
  }
  return TRUE;
}
