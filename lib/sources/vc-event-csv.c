/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-format-private.h"

#include "table/vc-csv-private.h"
#include "table/vc-table-private.h"
#include "valuechain/vc-error.h"

#include <string.h>

/* Event logs in CSV: attributes are columns, of the case as of the event. */

static gboolean
knows (const char *head, gsize length)
{
  return TRUE;
}

/* A column has one meaning to the flows, and one type to all. */
static gboolean
check_columns (const VcEventReading *reading, GError **error)
{
  const VcEventMapping *mapping = reading->mapping;

  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    for (guint j = 0; j < i; j++) {
      gboolean excludes = i <= VC_EVENT_ROLE_CUSTOMER || vc_event_role_type (i) != vc_event_role_type (j);

      if (!excludes || g_strcmp0 (mapping->attributes[i], mapping->attributes[j]) != 0
          || mapping->attributes[i] == NULL)
        continue;
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_VALUE, "%s: %s-column and %s-column are the same column",
                   reading->input->file, vc_event_role_name (j), vc_event_role_name (i));
      return FALSE;
    }
  return TRUE;
}

static VcTable *
read_rows (const VcEventReading *reading, GError **error)
{
  const VcEventMapping *mapping = reading->mapping;
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();

  g_object_set (reader, "missing", mapping->missing, "time-format", mapping->time_format, "delimiter",
                mapping->delimiter, NULL);
  vc_csv_reader_set_skip_undeclared (reader, TRUE);
  vc_csv_reader_set_zone (reader, mapping->zone);
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (mapping->attributes[i] != NULL)
      vc_csv_reader_add_column (reader, mapping->attributes[i], vc_event_role_type (i), FALSE);
  return vc_csv_reader_read_input (reader, reading->input, "events", reading->progress, reading->cancellable, error);
}

static gboolean
check_header (const VcEventReading *reading, VcTable *rows, GError **error)
{
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++) {
    const char *attribute = reading->mapping->attributes[i];

    if (attribute == NULL || vc_table_lookup_column (rows, attribute) != NULL)
      continue;
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_HEADER, "%s:1: field %s: the header lacks it (%s-column)",
                 reading->input->file, attribute, vc_event_role_name (i));
    return FALSE;
  }
  return TRUE;
}

/* From the names of the file to those of the roles. */
static VcTable *
read_events (const VcEventReading *reading, GError **error)
{
  VcColumn *columns[VC_EVENT_N_ROLES];
  gsize n_columns = 0;
  g_autoptr (VcTable) rows = NULL;
  VcTable *events;

  if (!check_columns (reading, error))
    return NULL;
  rows = read_rows (reading, error);
  if (rows == NULL || !check_header (reading, rows, error))
    return NULL;
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    if (reading->mapping->attributes[i] != NULL)
      columns[n_columns++] = vc_column_described (vc_table_lookup_column (rows, reading->mapping->attributes[i]),
                                                  vc_event_role_name (i), NULL, NULL);
  events = vc_table_new_take ("events", columns, n_columns);
  if (events != NULL)
    vc_table_move_lines (events, rows);
  else
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory for the events",
                 reading->input->file);
  return events;
}

const VcEventFormat vc_event_format_csv = {
  .name = "CSV",
  .knows = knows,
  .read = read_events,
};
