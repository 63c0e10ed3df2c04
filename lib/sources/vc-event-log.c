/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-event-log.h"

#include "valuechain/vc-enum-types.h"
#include "valuechain/vc-error.h"
#include "base/vc-input-private.h"
#include "base/vc-progress-private.h"
#include "table/vc-number-private.h"
#include "vc-event-causes-private.h"
#include "vc-event-chain-private.h"
#include "vc-event-commitments-private.h"
#include "vc-event-format-private.h"
#include "vc-event-walk-private.h"

#define ROWS_PER_LOOK 65536 /* at the cancellable */

/**
 * VcEventLog:
 *
 * An event log, plain or gzip: events, each with the case it belongs to, the party that did it and the time.
 *
 * The format is known by the content. Which of the log's attributes says what, the properties name; where a standard
 * has a name of its own for it, that is what they mean by default:
 *
 * | format | case | party | time | activity | lifecycle |
 * |---|---|---|---|---|---|
 * | CSV | must be named | must be named | must be named | | |
 * | XES (IEEE 1849) | `concept:name` of the trace | `org:resource` | `time:timestamp` | `concept:name` | `lifecycle:transition` |
 * | OCEL 2.0 (JSON, XML, SQLite) | `object`: the one type that nothing else is | `attribute:org:resource\|resource` | `event:time` | `event:type` | |
 *
 * In CSV an attribute is a column. In XES it is an attribute of the event; of the case and its customer the trace may
 * say it as well, once for all its events, and `case:NAME` means that of the trace only. `classifier:NAME` means what
 * the classifier of that name makes of its attributes, joined by "+". Traces with the same name are one case; an event
 * outside traces has no case. Attributes of attributes, lists, and the defaults of global attributes are not read, and
 * what a value is matters only where it is asked for. A DOCTYPE is refused, and nothing that a log names is ever
 * opened.
 *
 * In OCEL a case is an object: `object:TYPE` names its type, and an event is a step of each object of the type that it
 * is related to, so that an event of two cases counts twice. Anything else is `attribute:NAME`, or NAME alone, of the
 * event; or `object:TYPE`, an object of that type that the event is related to. `object:TYPE:QUALIFIER` means only
 * those that are related in that way, and `A|B` several types, or the first of several attributes that an event has; a
 * backslash stands before a ":" or "|" that belongs to a name. Of several objects the first in order of the bytes of
 * their ids counts. What is true of a case (its customer, and all about promises) its object may say as well, by an
 * attribute, whose last value counts, or by a relation to an object, from either end. A log that contradicts itself is
 * refused, as where ids stand twice or nowhere, types or attributes are not declared, or times are missing;
 * [method@Source.check] lists each place. Members of JSON that the format does not have are left out and counted.
 *
 * Within a case, in order of time (at the same time: in order of the file), each step from one party to the next is one
 * unit of work that the first delivers to the second, at the time of the second's event. A step to oneself is rework,
 * and stays in the chain as a flow of a party to itself. The last party delivers one unit to the case's customer at the
 * time of its last event. (Van der Aalst, Reijers and Song 2005, hand-over by direct succession.)
 *
 * An event whose lifecycle is "start" and the next one of the same activity that is "complete" are one activity. Work
 * is handed over when an activity starts, by the party that completed one last; nobody hands over from what has not
 * been completed. Where another party completes than started, the one hands over to the other. All other events are
 * activities of their own.
 *
 * Steps that happen side by side are successions too, unless [property@EventLog:causal] is set. Then a step takes over
 * from those that cause it: activity a causes b where, in the whole log, b has followed a directly and never a has
 * followed b (the relation a → b of the alpha algorithm: van der Aalst, Weijters and Maruster 2004), and no later step
 * of the case stands in between: one of b itself, or one that a causes and that belongs to another branch of a choice
 * than b, or one that causes b and belongs to another than a. Two activities belong to different branches where neither
 * has ever followed the other directly. A step that nothing causes takes over from nobody; one may have several causes.
 * Logs of at most 1,024 activities can be read so.
 *
 * Each hand-over weighs one, or as much as the event that is handed over says ([property@EventLog:amount-column]; one
 * that does not say is left out). [property@EventLog:weight] counts a pair once in a case instead, or makes parties
 * hand over to all that come after them, a step n later with the weight decay^(n - 1); what weighs less than 1e-12 is
 * forgotten.
 *
 * A log is refused where it makes more than its size allows: 131,072 flows, and one for each event or one for each 10
 * bytes of it, unpacked, whichever are more. With [property@EventLog:weight] case an event counts twice here, and a
 * pair of parties in a case as a flow; a pair of a relation counts as two. Neither flows nor the pairs of any one
 * relation may be more than [property@Limits:max-flows].
 *
 * Ids of parties are what stands in the column; ids of customers get the prefix `customer:`, so that group 70 and
 * caller 70 are two parties. The customer of a case is the last that any of its events names. A log without a column
 * for customers delivers nothing to anybody, and its chain has no customers.
 *
 * What is missing is treated as [property@EventLog:missing-policy] says:
 *
 * | missing | skip | break | error |
 * |---|---|---|---|
 * | party | the event is left out | nobody hands over to it or from it | error |
 * | case | the event is left out | the event is left out | error |
 * | time | the event is left out | error | error |
 *
 * Whatever is left out is counted in the report ([method@Source.get_report]). A time that is no time is always an
 * error, with its line. The window of the chain is from the first event to just after the last.
 *
 * Where a property says which column holds something about promises ([property@EventLog:due-column], `made-column`,
 * `closed-column`, `kept-column`, `closed-by-column`, `reopened-column` or `owed-to-column`), each case is also a
 * commitment. Its last party owes it to the case's customer, or to whom the column of those who are owed names. Of each
 * column the last word of the case's events counts. It is kept where it was closed (in time or late, as a due time
 * says) and open where it was not; without a due time, the column for kept says whether it was kept, and what was not
 * is late where it was closed and broken where it was not. Who is owed or closes it by the word of a column of its own
 * is a person, with the prefix `person:` where parties are not persons; equal words in the columns of who is owed and
 * who closed mean the same party. The id of the commitment is the case's.
 *
 * Loading takes O(n log m) time for n events of at most m in a case, and O(1) more for each flow. Relations take as
 * long as it takes to go through the pairs of parties of each case.
 */

/* Which attribute has a role says the property with the role's number and one more, if there is one. */
enum {
  PROP_0,
  PROP_CUSTOMER_COLUMN = 1 + VC_EVENT_ROLE_CUSTOMER,
  N_ROLES = 1 + VC_EVENT_N_ROLES, /* the properties above are those of roles */
  PROP_TIME_FORMAT = N_ROLES,
  PROP_TIME_ZONE,
  PROP_MISSING,
  PROP_DELIMITER,
  PROP_UNKNOWN,
  N_TEXTS, /* the properties above are text */
  PROP_MISSING_POLICY = N_TEXTS,
  PROP_PARTY_KIND,
  PROP_CAUSAL,
  PROP_WEIGHT,
  PROP_DECAY,
  PROP_RELATIONS,
  N_PROPS
};

struct _VcEventLog
{
  VcSource        parent_instance;

  char           *texts[N_TEXTS];
  VcMissingPolicy missing_policy;
  VcPartyKind     party_kind;
  gboolean        causal;
  VcEventWeight   weight;
  double          decay;
  gboolean        wants_relations;
  VcTable        *relations;
};

G_DEFINE_FINAL_TYPE (VcEventLog, vc_event_log, VC_TYPE_SOURCE)

static GParamSpec *properties[N_PROPS];

static void
vc_event_log_finalize (GObject *object)
{
  VcEventLog *self = VC_EVENT_LOG (object);

  for (guint i = 0; i < N_TEXTS; i++)
    g_free (self->texts[i]);
  g_clear_object (&self->relations);

  G_OBJECT_CLASS (vc_event_log_parent_class)->finalize (object);
}

static void
vc_event_log_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcEventLog *self = VC_EVENT_LOG (object);

  if (prop_id > PROP_0 && prop_id < N_TEXTS) {
    g_value_set_string (value, self->texts[prop_id]);
    return;
  }
  switch (prop_id) {
    case PROP_MISSING_POLICY:
      g_value_set_enum (value, self->missing_policy);
      break;
    case PROP_PARTY_KIND:
      g_value_set_enum (value, self->party_kind);
      break;
    case PROP_CAUSAL:
      g_value_set_boolean (value, self->causal);
      break;
    case PROP_WEIGHT:
      g_value_set_enum (value, self->weight);
      break;
    case PROP_DECAY:
      g_value_set_double (value, self->decay);
      break;
    case PROP_RELATIONS:
      g_value_set_boolean (value, self->wants_relations);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_event_log_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcEventLog *self = VC_EVENT_LOG (object);

  if (prop_id > PROP_0 && prop_id < N_TEXTS) {
    g_free (self->texts[prop_id]);
    self->texts[prop_id] = g_value_dup_string (value);
    return;
  }
  switch (prop_id) {
    case PROP_MISSING_POLICY:
      self->missing_policy = g_value_get_enum (value);
      break;
    case PROP_PARTY_KIND:
      self->party_kind = g_value_get_enum (value);
      break;
    case PROP_CAUSAL:
      self->causal = g_value_get_boolean (value);
      break;
    case PROP_WEIGHT:
      self->weight = g_value_get_enum (value);
      break;
    case PROP_DECAY:
      self->decay = g_value_get_double (value);
      break;
    case PROP_RELATIONS:
      self->wants_relations = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static gboolean
fail_in_row (const VcEventReading *reading, const VcEvents *events, gsize row, VcEventRole role, VcImportError code,
             const char *what, GError **error)
{
  g_autofree char *place = vc_events_dup_place (events, row, reading->input->file);

  g_set_error (error, VC_IMPORT_ERROR, code, "%s: field %s: %s", place, reading->mapping->attributes[role], what);
  return FALSE;
}

static gboolean
is_cancelled_at (const VcEventReading *reading, gsize row, GError **error)
{
  return row % ROWS_PER_LOOK == 0 && g_cancellable_set_error_if_cancelled (reading->cancellable, error);
}

static gboolean
check_amounts (const VcEventReading *reading, const VcEvents *events, GError **error)
{
  const VcEventField *amounts = &events->fields[VC_EVENT_ROLE_AMOUNT];

  for (gsize row = 0; amounts->doubles != NULL && row < events->n_rows; row++) {
    if (is_cancelled_at (reading, row, error))
      return FALSE;
    if (vc_bit_is_set (amounts->validity, row) && amounts->doubles[row] < 0)
      return fail_in_row (reading, events, row, VC_EVENT_ROLE_AMOUNT, VC_IMPORT_ERROR_RANGE, "the amount is negative",
                          error);
  }
  return TRUE;
}

/* Fails at the first row, in order of the file, that lacks what must not be missing. */
static gboolean
check_missing (VcEventLog *self, const VcEventReading *reading, const VcEvents *events, GError **error)
{
  gboolean refuses[VC_EVENT_N_REQUIRED] = {
    [VC_EVENT_ROLE_CASE] = self->missing_policy == VC_MISSING_POLICY_ERROR,
    [VC_EVENT_ROLE_PARTY] = self->missing_policy == VC_MISSING_POLICY_ERROR,
    [VC_EVENT_ROLE_TIME] = self->missing_policy != VC_MISSING_POLICY_SKIP,
  };

  for (gsize row = 0; row < events->n_rows && refuses[VC_EVENT_ROLE_TIME]; row++) {
    if (is_cancelled_at (reading, row, error))
      return FALSE;
    for (guint i = 0; i < VC_EVENT_N_REQUIRED; i++)
      if (refuses[i] && !vc_bit_is_set (events->fields[i].validity, row))
        return fail_in_row (reading, events, row, i, VC_IMPORT_ERROR_MISSING, "the field is missing", error);
  }
  return TRUE;
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
report_work (VcEventLog *self, const VcEventCounts *counts)
{
  static const char *const notes[] = {
    [VC_EVENT_WEIGHT_COUNT] = "from one party to another",
    [VC_EVENT_WEIGHT_CASE] = "from one party to another, of which the first in each case counts",
    [VC_EVENT_WEIGHT_DECAY] = "from one party to all others after it in the case, the weaker the later",
  };
  gboolean has_customers = self->texts[PROP_CUSTOMER_COLUMN] != NULL;

  vc_source_add_report (VC_SOURCE (self), "cases", counts->cases, NULL);
  report_if_any (self, "starts with their completion", counts->pairs, "two events, one activity");
  vc_source_add_report (VC_SOURCE (self), "hand-overs", counts->hand_overs, notes[self->weight]);
  vc_source_add_report (VC_SOURCE (self), "self hand-overs", counts->reworks, "from a party to itself: rework");
  report_if_any (self, "hand-overs of a pair again in its case", counts->repeated, "left out");
  report_if_any (self, "successions without cause", counts->no_cause,
                 "left out: their activities follow each other in no causal order");
  vc_source_add_report (VC_SOURCE (self), "deliveries", counts->deliveries,
                        has_customers ? "from the last party of a case to its customer"
                                      : "no column names customers: no work reaches any");
  report_if_any (self, "hand-overs without amount", counts->no_amount, "left out");
  report_if_any (self, "cases without customer", has_customers ? counts->no_customer : 0,
                 "their work is delivered to nobody");
}

static void
report_events (VcEventLog *self, const VcEventCounts *counts, const VcEventOrder *order)
{
  gboolean breaks = self->missing_policy == VC_MISSING_POLICY_BREAK;

  report_if_any (self, "events without party", counts->no_party,
                 breaks ? "nobody hands over to them or from them" : "left out");
  report_if_any (self, "events without case", order->n_no_case, "left out");
  report_if_any (self, "events without time", order->n_no_time, "left out");
  report_if_any (self, "events without activity", counts->no_activity, "nothing causes them");
  report_if_any (self, "cases without party at their end", counts->no_deliverer, "nobody delivers them");
  report_if_any (self, "cases whose customer changed", counts->moved, "the last one counts");
  report_if_any (self, "cases out of order", order->n_unordered, "sorted by time");
  report_if_any (self, "ties", counts->ties,
                 "events at the same time as the one before them in their case: in order of the file");
}

static gboolean
check_rules (VcEventLog *self, const VcEvents *events, const char *name, GError **error)
{
  const VcEventField *fields = events->fields;
  VcImportError code = VC_IMPORT_ERROR_VALUE;
  const char *what = NULL;

  if (self->causal && self->weight == VC_EVENT_WEIGHT_DECAY)
    what = "causes do not decay: causal and a decay exclude each other";
  else if (self->weight != VC_EVENT_WEIGHT_COUNT && fields[VC_EVENT_ROLE_AMOUNT].doubles != NULL)
    what = "hand-overs weigh by their amount or by a rule, not both";
  else if (self->causal && fields[VC_EVENT_ROLE_ACTIVITY].codes == NULL)
    code = VC_IMPORT_ERROR_MISSING, what = "no activity-column is given, by which one step could cause another";
  else if (self->causal && vc_event_field_n_labels (&fields[VC_EVENT_ROLE_ACTIVITY]) > VC_EVENT_MAX_ACTIVITIES)
    code = VC_IMPORT_ERROR_LIMIT, what = "the log has more than 1024 activities, too many to tell causes";
  if (what != NULL)
    g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", name, what);
  return what == NULL;
}

static gboolean
walk_events (VcEventLog *self, const VcEvents *events, const VcEventOrder *order, VcEventFlows *flows,
             VcEventCounts *counts, const VcEventReading *reading, GError **error)
{
  g_auto (VcEventRelations) relations = { 0 };
  VcEventRules rules = {
    .breaks = self->missing_policy == VC_MISSING_POLICY_BREAK,
    .causal = self->causal,
    .weight = self->weight,
    .decay = self->decay,
    .name = reading->input->file,
    .size = vc_input_get_size (reading->input),
    .max_flows = vc_limits_get_max_flows (reading->input->limits),
  };

  if (!vc_event_walk (events, order, &rules, flows, self->wants_relations ? &relations : NULL, counts,
                      reading->cancellable, error))
    return FALSE;
  if (!self->wants_relations)
    return TRUE;
  self->relations
    = vc_event_relations_tabulate (&relations, events->fields[VC_EVENT_ROLE_PARTY].labels, reading->cancellable);
  if (self->relations == NULL && !g_cancellable_set_error_if_cancelled (reading->cancellable, error))
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory for the relations",
                 reading->input->file);
  return self->relations != NULL;
}

/* What is made of the events. Whatever else than flows is, is made here too, of the same events in the same order,
 * before the table is let go of. */
static gboolean
add_events (VcEventLog *self, VcTable **table, VcChainBuilder *builder, const VcEventReading *reading, GError **error)
{
  const char *name = reading->input->file;
  g_auto (VcEventOrder) order = { 0 };
  g_auto (VcEventFlows) flows = { 0 };
  g_auto (VcEventLabels) labels = { 0 };
  VcEvents events;
  VcEventCounts counts;
  const VcEventPromises promises = {
    .events = &events,
    .order = &order,
    .flows = &flows,
    .mapping = reading->mapping,
    .source = VC_SOURCE (self),
    .name = name,
    .unknown
    = self->texts[PROP_UNKNOWN] != NULL && *self->texts[PROP_UNKNOWN] != '\0' ? self->texts[PROP_UNKNOWN] : NULL,
    .party_kind = self->party_kind,
    .breaks = self->missing_policy == VC_MISSING_POLICY_BREAK,
  };

  vc_events_init (&events, *table);
  if (!check_missing (self, reading, &events, error) || !check_rules (self, &events, name, error) ||
      !check_amounts (reading, &events, error) ||
      !vc_event_order_init (&order, &events, reading->cancellable, error) ||
      !walk_events (self, &events, &order, &flows, &counts, reading, error))
    return FALSE;
  report_times (self, &counts, events.n_rows);
  report_work (self, &counts);
  report_events (self, &counts, &order);
  if (vc_event_promises_are_there (reading->mapping)
      && !vc_event_promises_add (&promises, builder, reading->cancellable, error))
    return FALSE;
  vc_event_labels_hold (&labels, &events);
  /* From here on the flows are all that counts. */
  vc_event_order_clear (&order);
  g_clear_object (table);
  /* At the end of the year 9999 no window can close behind the last event. */
  if (counts.cases > 0 && vc_time_can_be_text (counts.last + 1))
    vc_chain_builder_set_window (builder, counts.first, counts.last + 1);
  return vc_event_chain_add (builder, &labels, &flows, self->party_kind, name, error);
}

/* The attributes that the properties name; those of the format where they name none; none at all where they name the
 * empty text. */
static gboolean
make_mapping (VcEventLog *self, const VcEventFormat *format, const char *name, VcEventMapping *mapping, GError **error)
{
  *mapping = (VcEventMapping) {
    .time_format = self->texts[PROP_TIME_FORMAT],
    .missing = self->texts[PROP_MISSING],
    .delimiter = self->texts[PROP_DELIMITER],
  };
  for (guint i = PROP_0 + 1; i < N_ROLES; i++)
    mapping->attributes[i - 1] = self->texts[i];
  if (self->texts[PROP_TIME_ZONE] != NULL && !vc_parse_zone (self->texts[PROP_TIME_ZONE], &mapping->zone)) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_VALUE, "%s: time-zone must be written as Z, +hh or +hh:mm",
                 name);
    return FALSE;
  }
  return vc_event_format_complete (format, name, mapping, error) && vc_event_promises_check (mapping, name, error);
}

static gboolean
vc_event_log_read (VcSource *source, VcChainBuilder *builder, VcProgress *progress, GCancellable *cancellable,
                   GError **error)
{
  VcEventLog *self = VC_EVENT_LOG (source);
  const char *path = vc_source_get_path (source) != NULL ? vc_source_get_path (source) : "";
  g_auto (VcInput) input = { 0 };
  VcEventMapping mapping;
  VcEventReading reading = { &input, path, &mapping, source, progress, cancellable };
  const VcEventFormat *format;
  g_autoptr (VcTable) table = NULL;
  VcProgressSpan outer;

  g_clear_object (&self->relations);
  if (!vc_input_open (&input, path, vc_source_get_limits (source), cancellable, error))
    return FALSE;
  format = vc_event_format_find (&input, cancellable, error);
  if (format == NULL || !make_mapping (self, format, input.file, &mapping, error))
    return FALSE;
  outer = vc_progress_enter (progress, 0, 0.8);
  table = format->read (&reading, error);
  vc_progress_leave (progress, outer);
  return table != NULL && add_events (self, &table, builder, &reading, error);
}

/* The properties that are texts: a name, and what it is at first. Those of roles stand where their role does. */
static const struct {
  const char *name;
  const char *initial;
} text_properties[N_TEXTS] = {
  /**
   * VcEventLog:case-column:
   *
   * The column that names the case. Must be given where the format has no name of its own for it, as for the next two.
   */
  [1 + VC_EVENT_ROLE_CASE] = { "case-column", NULL },

  /**
   * VcEventLog:party-column:
   *
   * The column that names the party.
   */
  [1 + VC_EVENT_ROLE_PARTY] = { "party-column", NULL },

  /**
   * VcEventLog:time-column:
   *
   * The column with the time.
   */
  [1 + VC_EVENT_ROLE_TIME] = { "time-column", NULL },

  /**
   * VcEventLog:customer-column:
   *
   * The column that names the customer of the case; %NULL, the default: there is none.
   */
  [1 + VC_EVENT_ROLE_CUSTOMER] = { "customer-column", NULL },

  /**
   * VcEventLog:activity-column:
   *
   * The column that names what was done; %NULL, the default: what the format calls it, if anything; the empty text:
   * none.
   */
  [1 + VC_EVENT_ROLE_ACTIVITY] = { "activity-column", NULL },

  /**
   * VcEventLog:lifecycle-column:
   *
   * The column that says at which point of its life the activity is; %NULL, the default: what the format calls it, if
   * anything; the empty text: none.
   */
  [1 + VC_EVENT_ROLE_LIFECYCLE] = { "lifecycle-column", NULL },

  /**
   * VcEventLog:amount-column:
   *
   * The column that says how much work the event is, such as hours or costs: so much is handed over to the next. %NULL,
   * the default: each hand-over is one.
   */
  [1 + VC_EVENT_ROLE_AMOUNT] = { "amount-column", NULL },

  /**
   * VcEventLog:made-column:
   *
   * The column with the time at which the commitment was made; %NULL, the default: the case's first event is it.
   */
  [1 + VC_EVENT_ROLE_MADE] = { "made-column", NULL },

  /**
   * VcEventLog:due-column:
   *
   * The column with the time at which the case is due; %NULL, the default: no case is due at any time.
   */
  [1 + VC_EVENT_ROLE_DUE] = { "due-column", NULL },

  /**
   * VcEventLog:closed-column:
   *
   * The column with the time at which the case was done; a case that has none is open. %NULL, the default: it was done
   * with its last event.
   */
  [1 + VC_EVENT_ROLE_CLOSED] = { "closed-column", NULL },

  /**
   * VcEventLog:kept-column:
   *
   * The column that says, true or false, whether the commitment was kept, as one called "made its SLA" does; %NULL, the
   * default: there is none. It counts for cases without a due time.
   */
  [1 + VC_EVENT_ROLE_KEPT] = { "kept-column", NULL },

  /**
   * VcEventLog:closed-by-column:
   *
   * The column that names who said that the case is done; %NULL, the default: there is none.
   */
  [1 + VC_EVENT_ROLE_CLOSED_BY] = { "closed-by-column", NULL },

  /**
   * VcEventLog:reopened-column:
   *
   * The column that counts how often the case was opened again; %NULL, the default: there is none.
   */
  [1 + VC_EVENT_ROLE_REOPENED] = { "reopened-column", NULL },

  /**
   * VcEventLog:owed-to-column:
   *
   * The column that names who is owed, as who raised a ticket inside the organisation; %NULL, the default: the case's
   * customer is.
   */
  [1 + VC_EVENT_ROLE_OWED_TO] = { "owed-to-column", NULL },

  /**
   * VcEventLog:unknown:
   *
   * The id of whoever owes or is owed where no event of a case names one; %NULL, the default: such a case makes no
   * commitment.
   */
  [PROP_UNKNOWN] = { "unknown", NULL },

  /**
   * VcEventLog:time-format:
   *
   * How times are written, as [property@CsvReader:time-format]; %NULL, the default: ISO 8601.
   */
  [PROP_TIME_FORMAT] = { "time-format", NULL },

  /**
   * VcEventLog:time-zone:
   *
   * The zone of times that do not say theirs, as `Z`, `+hh` or `+hh:mm`; %NULL, the default: UTC.
   */
  [PROP_TIME_ZONE] = { "time-zone", NULL },

  /**
   * VcEventLog:missing:
   *
   * Text that stands for a missing value, as an empty field does; %NULL, the default: there is none.
   */
  [PROP_MISSING] = { "missing", NULL },

  /**
   * VcEventLog:delimiter:
   *
   * The character between fields, as [property@CsvReader:delimiter].
   */
  [PROP_DELIMITER] = { "delimiter", "," },
};

static void
install_texts (GObjectClass *klass)
{
  for (guint id = PROP_0 + 1; id < N_TEXTS; id++) {
    properties[id]
      = g_param_spec_string (text_properties[id].name, NULL, NULL, text_properties[id].initial,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
    g_object_class_install_property (klass, id, properties[id]);
  }
}

static void
install_rules (GObjectClass *klass)
{
  /**
   * VcEventLog:causal:
   *
   * Whether only those steps hand over that cause the next.
   */
  properties[PROP_CAUSAL]
    = g_param_spec_boolean ("causal", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (klass, PROP_CAUSAL, properties[PROP_CAUSAL]);

  /**
   * VcEventLog:weight:
   *
   * What hand-overs within a case weigh.
   */
  properties[PROP_WEIGHT] = g_param_spec_enum ("weight", NULL, NULL, VC_TYPE_EVENT_WEIGHT, VC_EVENT_WEIGHT_COUNT,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (klass, PROP_WEIGHT, properties[PROP_WEIGHT]);

  /**
   * VcEventLog:decay:
   *
   * By which factor a hand-over weighs less for each step in between, where [property@EventLog:weight] is decay.
   */
  properties[PROP_DECAY]
    = g_param_spec_double ("decay", NULL, NULL, 0.01, 0.99, 0.5, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (klass, PROP_DECAY, properties[PROP_DECAY]);

  /**
   * VcEventLog:relations:
   *
   * Whether loading also counts who works with whom: [method@EventLog.get_relations].
   */
  properties[PROP_RELATIONS]
    = g_param_spec_boolean ("relations", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (klass, PROP_RELATIONS, properties[PROP_RELATIONS]);
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

  install_texts (object_class);

  /**
   * VcEventLog:missing-policy:
   *
   * What to do with events that lack what they need.
   */
  properties[PROP_MISSING_POLICY]
    = g_param_spec_enum ("missing-policy", NULL, NULL, VC_TYPE_MISSING_POLICY, VC_MISSING_POLICY_SKIP,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_MISSING_POLICY, properties[PROP_MISSING_POLICY]);

  /**
   * VcEventLog:party-kind:
   *
   * What the parties of the log are. Customers are customers.
   */
  properties[PROP_PARTY_KIND] = g_param_spec_enum ("party-kind", NULL, NULL, VC_TYPE_PARTY_KIND, VC_PARTY_KIND_UNIT,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_PARTY_KIND, properties[PROP_PARTY_KIND]);

  install_rules (object_class);
}

static void
vc_event_log_init (VcEventLog *self)
{
  self->party_kind = VC_PARTY_KIND_UNIT;
  self->decay = 0.5;
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

  return g_object_new (VC_TYPE_EVENT_LOG, "path", path, "case-column", case_column, "party-column", party_column,
                       "time-column", time_column, NULL);
}

/**
 * vc_event_log_get_relations:
 * @self: an event log
 *
 * Who works with whom in the log that was loaded last, where [property@EventLog:relations] is set: a table "relations"
 * with a row for each pair of parties and relation, in order of relation and ids.
 *
 * | column | type | meaning |
 * |---|---|---|
 * | relation | text | `hand-over`, `self-hand-over`, `subcontracting` or `working-together` |
 * | from, to | text | the parties; of those that work together the first is the one whose id is |
 * | count | double | how often, by the weight; of those that work together: cases |
 * | of | double | what that is a share of: all hand-overs, those to oneself too; all successions of three steps; all cases |
 * | share | double | count / of |
 * | cases | int64 | the cases in which it happens |
 * | of_cases | int64 | all cases |
 * | case_share | double | cases / of_cases |
 *
 * Of three steps that follow each other directly, the first and the last of one party and the second of another, the
 * one subcontracts to the other. Parties work together in a case where both have a step in it.
 *
 * Returns: (transfer full) (nullable): a table, or %NULL where none was asked for or nothing was loaded
 */
VcTable *
vc_event_log_get_relations (VcEventLog *self)
{
  g_return_val_if_fail (VC_IS_EVENT_LOG (self), NULL);

  return self->relations != NULL ? g_object_ref (self->relations) : NULL;
}
