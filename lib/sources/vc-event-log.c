/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-event-log.h"

#include "valuechain/vc-csv-reader.h"
#include "valuechain/vc-enum-types.h"
#include "valuechain/vc-error.h"
#include "base/vc-progress-private.h"
#include "table/vc-number-private.h"
#include "table/vc-table-private.h"
#include "vc-event-chain-private.h"
#include "vc-events-private.h"

#include <string.h>

/**
 * VcEventLog:
 *
 * An event log in CSV, plain or gzip: a row for each event, with the case it belongs to, the party that did it and the time.
 *
 * Within a case, in order of time (at the same time: in order of the file), each step from one party to the next is one unit of
 * work that the first delivers to the second, at the time of the second's event. A step to oneself is rework, and stays in the
 * chain as a flow of a party to itself. The last party delivers one unit to the case's customer at the time of its last event.
 * (Van der Aalst, Reijers and Song 2005, hand-over by direct succession. Steps that happen side by side are taken for
 * successions too.)
 *
 * Ids of parties are what stands in the column; ids of customers get the prefix `customer:`, so that group 70 and caller 70 are
 * two parties. The customer of a case is the last that any of its events names. A log without a column for customers delivers
 * nothing to anybody, and its chain has no customers.
 *
 * What is missing is treated as [property@EventLog:missing-policy] says:
 *
 * | missing | skip | break | error |
 * |---|---|---|---|
 * | party | the event is left out | nobody hands over to it or from it | error |
 * | case | the event is left out | the event is left out | error |
 * | time | the event is left out | error | error |
 *
 * Whatever is left out is counted in the report ([method@Source.get_report]). A time that is no time is always an error, with its line. The
 * window of the chain is from the first event to just after the last.
 *
 * Loading takes O(n log m) time for n events of at most m in a case.
 */

enum {
  PROP_0,
  PROP_CASE_COLUMN,
  PROP_PARTY_COLUMN,
  PROP_TIME_COLUMN,
  PROP_CUSTOMER_COLUMN,
  PROP_TIME_FORMAT,
  PROP_MISSING,
  PROP_DELIMITER,
  N_TEXTS, /* the properties above are text */
  PROP_MISSING_POLICY = N_TEXTS,
  PROP_PARTY_KIND,
  N_PROPS
};

struct _VcEventLog
{
  VcSource        parent_instance;

  char           *texts[N_TEXTS];
  VcMissingPolicy missing_policy;
  VcPartyKind     party_kind;
};

G_DEFINE_FINAL_TYPE (VcEventLog, vc_event_log, VC_TYPE_SOURCE)

static GParamSpec *properties[N_PROPS];

static void
vc_event_log_finalize (GObject *object)
{
  VcEventLog *self = VC_EVENT_LOG (object);

  for (guint i = 0; i < N_TEXTS; i++)
    g_free (self->texts[i]);

  G_OBJECT_CLASS (vc_event_log_parent_class)->finalize (object);
}

static void
vc_event_log_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcEventLog *self = VC_EVENT_LOG (object);

  if (prop_id > PROP_0 && prop_id < N_TEXTS)
    g_value_set_string (value, self->texts[prop_id]);
  else if (prop_id == PROP_MISSING_POLICY)
    g_value_set_enum (value, self->missing_policy);
  else if (prop_id == PROP_PARTY_KIND)
    g_value_set_enum (value, self->party_kind);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
vc_event_log_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcEventLog *self = VC_EVENT_LOG (object);

  if (prop_id > PROP_0 && prop_id < N_TEXTS) {
    g_free (self->texts[prop_id]);
    self->texts[prop_id] = g_value_dup_string (value);
  } else if (prop_id == PROP_MISSING_POLICY) {
    self->missing_policy = g_value_get_enum (value);
  } else if (prop_id == PROP_PARTY_KIND) {
    self->party_kind = g_value_get_enum (value);
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static gboolean
fail_in_row (VcTable *events, gsize row, const char *name, const char *column, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s:%" G_GUINT64_FORMAT ": field %s: the field is missing", name,
               vc_table_get_line (events, row), column);
  return FALSE;
}

/* Fails at the first row, in order of the file, that lacks what must not be missing. */
static gboolean
check_missing (VcEventLog *self, VcTable *events, const VcEvents *fields, const char *name, GError **error)
{
  gboolean refuses_times = self->missing_policy != VC_MISSING_POLICY_SKIP;
  gboolean refuses_all = self->missing_policy == VC_MISSING_POLICY_ERROR;

  for (gsize row = 0; row < fields->n_rows && refuses_times; row++) {
    if (refuses_all && !vc_bit_is_set (fields->cases.validity, row))
      return fail_in_row (events, row, name, self->texts[PROP_CASE_COLUMN], error);
    if (refuses_all && !vc_bit_is_set (fields->parties.validity, row))
      return fail_in_row (events, row, name, self->texts[PROP_PARTY_COLUMN], error);
    if (!vc_bit_is_set (fields->times.validity, row))
      return fail_in_row (events, row, name, self->texts[PROP_TIME_COLUMN], error);
  }
  return TRUE;
}

/* A column has one meaning: each must be named, but for the customers', and no two alike. */
static gboolean
check_columns (VcEventLog *self, const char *name, GError **error)
{
  for (guint i = PROP_CASE_COLUMN; i <= PROP_CUSTOMER_COLUMN; i++) {
    if (self->texts[i] == NULL && i != PROP_CUSTOMER_COLUMN) {
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s: no %s is given", name, properties[i]->name);
      return FALSE;
    }
    for (guint j = PROP_CASE_COLUMN; j < i && self->texts[i] != NULL; j++) {
      if (strcmp (self->texts[i], self->texts[j]) != 0)
        continue;
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_VALUE, "%s: %s and %s are the same column", name, properties[j]->name,
                   properties[i]->name);
      return FALSE;
    }
  }
  return TRUE;
}

static VcTable *
read_events (VcEventLog *self, const char *path, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();

  g_object_set (reader, "limits", vc_source_get_limits (VC_SOURCE (self)), "missing", self->texts[PROP_MISSING], NULL);
  g_object_set (reader, "time-format", self->texts[PROP_TIME_FORMAT], NULL);
  g_object_set (reader, "delimiter", self->texts[PROP_DELIMITER], NULL);
  vc_csv_reader_set_skip_undeclared (reader, TRUE);
  for (guint i = PROP_CASE_COLUMN; i <= PROP_CUSTOMER_COLUMN; i++)
    if (self->texts[i] != NULL)
      vc_csv_reader_add_column (reader, self->texts[i], i == PROP_TIME_COLUMN ? VC_COLUMN_TYPE_TIME : VC_COLUMN_TYPE_TEXT, FALSE);
  return vc_csv_reader_read_path (reader, path, progress, cancellable, error);
}

static VcColumn *
find_column (VcEventLog *self, VcTable *events, guint property, const char *name, GError **error)
{
  VcColumn *column = vc_table_lookup_column (events, self->texts[property]);

  if (column == NULL)
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_HEADER, "%s:1: field %s: the header lacks it (%s)", name, self->texts[property],
                 properties[property]->name);
  return column;
}

static VcEventField
peek_field (VcColumn *column)
{
  gboolean is_text = vc_column_get_column_type (column) == VC_COLUMN_TYPE_TEXT;

  return (VcEventField) {
    .codes = is_text ? vc_column_peek_codes (column) : NULL,
    .times = is_text ? NULL : vc_column_peek_int64s (column),
    .validity = vc_column_peek_validity (column),
  };
}

static gboolean
find_fields (VcEventLog *self, VcTable *table, const char *name, VcEvents *events, VcEventLabels *labels, GError **error)
{
  VcColumn *columns[PROP_CUSTOMER_COLUMN + 1] = { NULL };

  for (guint i = PROP_CASE_COLUMN; i <= PROP_CUSTOMER_COLUMN; i++)
    if (self->texts[i] != NULL) {
      columns[i] = find_column (self, table, i, name, error);
      if (columns[i] == NULL)
        return FALSE;
    }
  *labels = (VcEventLabels) {
    .cases = vc_column_peek_strings (columns[PROP_CASE_COLUMN]),
    .parties = vc_column_peek_strings (columns[PROP_PARTY_COLUMN]),
    .customers = columns[PROP_CUSTOMER_COLUMN] != NULL ? vc_column_peek_strings (columns[PROP_CUSTOMER_COLUMN]) : NULL,
  };
  *events = (VcEvents) {
    .n_rows = (gsize) vc_table_get_n_rows (table),
    .n_cases = labels->cases->n_labels,
    .n_parties = labels->parties->n_labels,
    .n_customers = labels->customers != NULL ? labels->customers->n_labels : 0,
    .cases = peek_field (columns[PROP_CASE_COLUMN]),
    .parties = peek_field (columns[PROP_PARTY_COLUMN]),
    .times = peek_field (columns[PROP_TIME_COLUMN]),
  };
  if (columns[PROP_CUSTOMER_COLUMN] != NULL)
    events->customers = peek_field (columns[PROP_CUSTOMER_COLUMN]);
  return check_missing (self, table, events, name, error);
}

static void
report_if_any (VcEventLog *self, const char *what, guint64 count, const char *note)
{
  if (count > 0)
    vc_source_add_report (VC_SOURCE (self), what, count, note);
}

static void
report_times (VcEventLog *self, const VcEventCounts *counts, guint64 n_rows)
{
  char first[VC_NUMBER_SIZE + 1] = "", last[VC_NUMBER_SIZE + 1] = "";
  g_autofree char *note = NULL;

  if (counts->cases > 0) {
    first[vc_format_time (counts->first, first)] = '\0';
    last[vc_format_time (counts->last, last)] = '\0';
    note = g_strdup_printf ("from %s to %s", first, last);
  }
  vc_source_add_report (VC_SOURCE (self), "events", n_rows, note);
}

static void
report (VcEventLog *self, const VcEventCounts *counts, guint64 n_rows)
{
  gboolean has_customers = self->texts[PROP_CUSTOMER_COLUMN] != NULL;
  gboolean breaks = self->missing_policy == VC_MISSING_POLICY_BREAK;

  report_times (self, counts, n_rows);
  vc_source_add_report (VC_SOURCE (self), "cases", counts->cases, NULL);
  vc_source_add_report (VC_SOURCE (self), "hand-overs", counts->hand_overs, "from one party to another");
  vc_source_add_report (VC_SOURCE (self), "self hand-overs", counts->reworks, "from a party to itself: rework");
  vc_source_add_report (VC_SOURCE (self), "deliveries", counts->deliveries,
                        has_customers ? "from the last party of a case to its customer"
                                      : "no column names customers: no work reaches any");
  report_if_any (self, "events without party", counts->no_party,
                 breaks ? "nobody hands over to them or from them" : "left out");
  report_if_any (self, "events without case", counts->no_case, "left out");
  report_if_any (self, "events without time", counts->no_time, "left out");
  report_if_any (self, "cases without customer", has_customers ? counts->no_customer : 0, "their work is delivered to nobody");
  report_if_any (self, "cases without party at their end", counts->no_deliverer, "nobody delivers them");
  report_if_any (self, "cases whose customer changed", counts->moved, "the last one counts");
  report_if_any (self, "cases out of order", counts->unordered, "sorted by time");
  report_if_any (self, "ties", counts->ties, "events at the same time as the one before them in their case: in order of the file");
}

static gboolean
add_events (VcEventLog *self, VcTable **table, VcChainBuilder *builder, const char *name, GCancellable *cancellable,
            GError **error)
{
  g_auto (VcEventFlows) flows = { 0 };
  g_auto (VcEventLabels) labels = { 0 };
  VcEvents events;
  VcEventLabels borrowed;
  VcEventCounts counts;
  guint64 n_rows = vc_table_get_n_rows (*table);

  if (!find_fields (self, *table, name, &events, &borrowed, error) ||
      !vc_events_walk (&events, self->missing_policy == VC_MISSING_POLICY_BREAK, &flows, &counts, cancellable, error))
    return FALSE;
  vc_event_labels_hold (&labels, &borrowed);
  /* From here on the flows are all that counts. */
  g_clear_object (table);
  if (!vc_event_chain_add (builder, &labels, &flows, self->party_kind, name, error))
    return FALSE;
  if (counts.cases > 0)
    vc_chain_builder_set_window (builder, counts.first, counts.last + 1);
  report (self, &counts, n_rows);
  return TRUE;
}

static gboolean
vc_event_log_read (VcSource *source, VcChainBuilder *builder, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  VcEventLog *self = VC_EVENT_LOG (source);
  const char *path = vc_source_get_path (source) != NULL ? vc_source_get_path (source) : "";
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (VcTable) table = NULL;
  VcProgressSpan outer;

  if (!check_columns (self, name, error))
    return FALSE;
  outer = vc_progress_enter (progress, 0, 0.8);
  table = read_events (self, path, progress, cancellable, error);
  vc_progress_leave (progress, outer);
  return table != NULL && add_events (self, &table, builder, name, cancellable, error);
}

static void
install_text (guint id, const char *name, const char *initial)
{
  properties[id] = g_param_spec_string (name, NULL, NULL, initial,
                                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
}

static void
install_texts (void)
{
  /**
   * VcEventLog:case-column:
   *
   * The column that names the case. Must be given.
   */
  install_text (PROP_CASE_COLUMN, "case-column", NULL);

  /**
   * VcEventLog:party-column:
   *
   * The column that names the party. Must be given.
   */
  install_text (PROP_PARTY_COLUMN, "party-column", NULL);

  /**
   * VcEventLog:time-column:
   *
   * The column with the time. Must be given.
   */
  install_text (PROP_TIME_COLUMN, "time-column", NULL);

  /**
   * VcEventLog:customer-column:
   *
   * The column that names the customer of the case; %NULL, the default: there is none.
   */
  install_text (PROP_CUSTOMER_COLUMN, "customer-column", NULL);

  /**
   * VcEventLog:time-format:
   *
   * How times are written, as [property@CsvReader:time-format]; %NULL, the default: ISO 8601.
   */
  install_text (PROP_TIME_FORMAT, "time-format", NULL);

  /**
   * VcEventLog:missing:
   *
   * Text that stands for a missing value, as an empty field does; %NULL, the default: there is none.
   */
  install_text (PROP_MISSING, "missing", NULL);

  /**
   * VcEventLog:delimiter:
   *
   * The character between fields, as [property@CsvReader:delimiter].
   */
  install_text (PROP_DELIMITER, "delimiter", ",");
}

static void
vc_event_log_class_init (VcEventLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  VcSourceClass *source_class = VC_SOURCE_CLASS (klass);

  object_class->finalize = vc_event_log_finalize;
  object_class->get_property = vc_event_log_get_property;
  object_class->set_property = vc_event_log_set_property;
  source_class->read = vc_event_log_read;
  source_class->runs_in_thread = TRUE;

  install_texts ();

  /**
   * VcEventLog:missing-policy:
   *
   * What to do with events that lack what they need.
   */
  properties[PROP_MISSING_POLICY] = g_param_spec_enum ("missing-policy", NULL, NULL, VC_TYPE_MISSING_POLICY, VC_MISSING_POLICY_SKIP,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * VcEventLog:party-kind:
   *
   * What the parties of the log are. Customers are customers.
   */
  properties[PROP_PARTY_KIND] = g_param_spec_enum ("party-kind", NULL, NULL, VC_TYPE_PARTY_KIND, VC_PARTY_KIND_UNIT,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_event_log_init (VcEventLog *self)
{
  self->party_kind = VC_PARTY_KIND_UNIT;
}

/**
 * vc_event_log_new:
 * @path: (type filename): a path in the encoding of file names
 * @case_column: the name of the column that names the case
 * @party_column: the name of the column that names the party
 * @time_column: the name of the column with the time
 *
 * Makes the source for an event log. Nothing is opened yet.
 *
 * Returns: (transfer full): an event log
 */
VcEventLog *
vc_event_log_new (const char *path, const char *case_column, const char *party_column, const char *time_column)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (case_column != NULL, NULL);
  g_return_val_if_fail (party_column != NULL, NULL);
  g_return_val_if_fail (time_column != NULL, NULL);

  return g_object_new (VC_TYPE_EVENT_LOG, "path", path, "case-column", case_column, "party-column", party_column, "time-column",
                       time_column, NULL);
}
