/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes are read as XES, in large pieces and in small ones: both must say the same, to the message where that
 * can be. What is accepted is written as plain as can be, a trace for each event, and read again: it must be the
 * same events. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "sources/vc-event-format-private.h"
#include "valuechain/valuechain.h"
#include "expect.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Roles of each type; the activity is a classifier if the log has one. */
static const VcEventMapping mappings[] = {
  { .attributes
    = { "concept:name", "org:resource", "time:timestamp", "customer", "concept:name", "lifecycle:transition",
        "cost", [VC_EVENT_ROLE_KEPT] = "kept", [VC_EVENT_ROLE_REOPENED] = "reopened" } },
  { .attributes = { "concept:name", "case:group", "time:timestamp", NULL, "classifier:c" }, .missing = "UNKNOWN" },
};

static VcTable *
read_events (const char *text, gsize length, const VcEventMapping *mapping, gsize piece_size, GError **error)
{
  g_autoptr (VcLimits) limits = g_object_new (VC_TYPE_LIMITS, "max-field-size", (guint64) 4096, NULL);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (VcSource) source = g_object_new (VC_TYPE_EVENT_LOG, NULL);
  g_auto (VcInput) input = { 0 };
  VcEventReading reading = { .input = &input, .mapping = mapping, .source = source, .piece_size = piece_size };
  VcTable *table;

  expect (vc_input_init (&input, stream, "x", limits, NULL), "an input");
  table = vc_event_format_xes.read (&reading, error);
  expect ((table != NULL) == (*error == NULL), "events and an error, or neither");
  expect (table != NULL || ((*error)->domain == VC_IMPORT_ERROR && g_utf8_validate ((*error)->message, -1, NULL)),
          "a bad error");
  return table;
}

static const struct {
  const char *key;
  const char *element;
} attributes[VC_EVENT_N_ROLES] = {
  [VC_EVENT_ROLE_PARTY] = { "org:resource", "string" },
  [VC_EVENT_ROLE_TIME] = { "time:timestamp", "date" },
  [VC_EVENT_ROLE_CUSTOMER] = { "customer", "string" },
  [VC_EVENT_ROLE_ACTIVITY] = { "concept:name", "string" },
  [VC_EVENT_ROLE_LIFECYCLE] = { "lifecycle:transition", "string" },
  [VC_EVENT_ROLE_AMOUNT] = { "cost", "float" },
  [VC_EVENT_ROLE_KEPT] = { "kept", "boolean" },
  [VC_EVENT_ROLE_REOPENED] = { "reopened", "int" },
};

/* Spaces other than the plain one would be taken for one in the value of an attribute. */
static void
write_attribute (GString *text, const char *element, const char *key, const char *value)
{
  g_string_append_printf (text, "<%s key='%s' value='", element, key);
  for (const char *at = value; *at != '\0'; at++)
    if (strchr ("<&'\t\r\n", *at) != NULL)
      g_string_append_printf (text, "&#%d;", *at);
    else
      g_string_append_c (text, *at);
  g_string_append (text, "'/>");
}

static char *
value_of (VcTable *events, const char *column, guint64 row)
{
  VcColumn *found = vc_table_lookup_column (events, column);

  return found == NULL || vc_column_is_null (found, row) ? NULL : vc_column_format (found, row);
}

static char *
write_events (VcTable *events)
{
  GString *text = g_string_new ("<log>");

  for (guint64 row = 0; row < vc_table_get_n_rows (events); row++) {
    g_autofree char *name = value_of (events, vc_event_role_name (VC_EVENT_ROLE_CASE), row);

    g_string_append (text, name != NULL ? "<trace>" : "");
    if (name != NULL)
      write_attribute (text, "string", "concept:name", name);
    g_string_append (text, "<event>");
    for (guint i = VC_EVENT_ROLE_PARTY; i < VC_EVENT_N_ROLES; i++) {
      g_autofree char *value = value_of (events, vc_event_role_name (i), row);

      if (value != NULL)
        write_attribute (text, attributes[i].element, attributes[i].key, value);
    }
    g_string_append (text, name != NULL ? "</event></trace>" : "</event>");
  }
  return g_string_free (g_string_append (text, "</log>"), FALSE);
}

static void
compare (VcTable *events, VcTable *again)
{
  expect (vc_table_get_n_rows (events) == vc_table_get_n_rows (again), "other events");
  for (guint64 row = 0; row < vc_table_get_n_rows (events); row++)
    for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
      g_autofree char *one = value_of (events, vc_event_role_name (i), row),
                      *other = value_of (again, vc_event_role_name (i), row);

      expect_same (g_strcmp0 (one, other) == 0, vc_event_role_name (i), one != NULL ? one : "null",
                   other != NULL ? other : "null");
    }
}

static void
go_round (VcTable *events)
{
  g_autofree char *text = write_events (events);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) again = read_events (text, strlen (text), &mappings[0], 0, &error);

  expect_same (again != NULL, "what was accepted is refused", error != NULL ? error->message : "", text);
  compare (events, again);
}

/* What is no XML is in the same line; what expat calls it, and in which column, is by how much of a broken token it had
 * seen. */
static gboolean
say_alike (const GError *one, const GError *other)
{
  static const char broken[] = "not well-formed (invalid token)";
  g_auto (GStrv) first = g_strsplit (one->message, ":", 3), second = g_strsplit (other->message, ":", 3);

  if (strcmp (one->message, other->message) == 0)
    return TRUE;
  if (!g_str_has_suffix (one->message, broken) && !g_str_has_suffix (other->message, broken))
    return FALSE;
  return one->code == other->code && one->code == VC_IMPORT_ERROR_FORMAT && g_strv_length (first) == 3
         && g_strv_length (second) == 3 && strcmp (first[1], second[1]) == 0;
}

static void
read_in_pieces (const char *text, gsize length, const VcEventMapping *mapping, gboolean goes_round)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcTable) events = read_events (text, length, mapping, 0, &error);
  /* What is packed may be wrong in two places, and the piece says which is seen first; so may UTF-16. */
  gboolean tells_alike = memchr (text, '\0', length) == NULL && (length < 2 || memcmp (text, "\x1f\x8b", 2) != 0);

  for (gsize piece = 1; piece < 60; piece += 29) {
    g_autoptr (GError) reason = NULL;
    g_autoptr (VcTable) again = read_events (text, length, mapping, piece, &reason);

    expect_same ((error == NULL) == (reason == NULL)
                   && (error == NULL || !tells_alike || say_alike (error, reason)),
                 "pieces matter", error != NULL ? error->message : "read", reason != NULL ? reason->message : "read");
    if (events != NULL)
      compare (events, again);
  }
  if (events != NULL && goes_round && vc_table_get_n_rows (events) > 0)
    go_round (events);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  read_in_pieces ((const char *) data, size, &mappings[0], TRUE);
  read_in_pieces ((const char *) data, size, &mappings[1], FALSE);
  return 0;
}
