/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-accountability-private.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "measure/vc-measure-private.h"
#include "numeric/vcn-private.h"
#include "table/vc-number-private.h"
#include "valuechain/vc-enum-types.h"
#include "valuechain/vc-error.h"
#include "vcb-explanation.h"
#include "vcb-stages.h"
#include "vcb-tables.h"

/**
 * VcAccountability:
 *
 * Does accountability run both ways?
 *
 * Managers answer to their people as their people answer to them, functions answer to those whom they serve, and only
 * the one who asked may say that it is done. Measured from the commitments of a chain: who owes whom, and what became
 * of it.
 *
 * At the reference time a commitment counts as kept where its state is kept and it was not closed after it was due; as
 * late where it was or its state says so; as broken where its state is broken, where it is late, or where it is still
 * open after it was due. What is open and not yet due, and what was withdrawn, counts neither way. Without a due time,
 * only the state counts; without a state, what has a closing time was kept. What was made after the reference time is
 * not there yet, and what was closed after it is still open. What somebody owes itself counts nowhere.
 *
 * Rates have intervals by Wilson (1927); differences by Newcombe (1998), where ties are matched for pairs, with
 * McNemar's mid-p test (Fagerland, Lydersen, Laake 2013) beside them. Records count with their weights; an interval is
 * as wide as that of as many records alike as say as much, (sum w)^2 / sum w^2 (Kish 1965): that is what a column `_n`
 * tells. Weights below 2^-500 of the heaviest count as 0 in rates. `kept_shrunk` is drawn towards the rate of all rows
 * by a beta-binomial prior of the largest marginal likelihood. `median_days` is the time from made to kept after which
 * half of all are kept, by Aalen and Johansen (1978): what is open is censored, what was broken or withdrawn competes.
 * Reciprocity is weighted, its null the weighted configuration model (Squartini and others 2013): of whole numbers
 * where all weights between two parties are whole, else of amounts. The shape of the reporting lines is Krackhardt's
 * (1994).
 *
 * The scores have the tables
 *
 * - `summary`: name, value, unit, low, high, n, status.
 * - `pairs`, a row for each two with a commitment either way: a, b, owed_ab, owed_ba, balance, kept_ab, kept_ba,
 *   difference, status.
 * - `lines`, a row for each party with a manager, unless either is a customer: manager, report, owed_down, owed_up,
 *   relation, kept_down, kept_up, difference, status.
 * - `parties`, a row for each: party, owes, owed, kept, late, kept_shrunk, median_days, overdue, oldest_overdue_days,
 *   closed_by_owed, reopened, reciprocity, of what it owes.
 * - `functions`, a row for each unit that owes something to somebody outside it: unit and the same columns, of what it
 * and all in it owe those outside; and again, with `owed_` before their names, of what those outside owe them.
 *
 * kept, kept_shrunk, median_days and difference stand in four columns: NAME, NAME_low, NAME_high, NAME_n. What is null
 * for more than one reason has NAME_status.
 *
 * [method@Measure.explain] lists the records behind the row that a party has in `parties`, what it owes and what it is
 * owed. The tables are
 *
 * - `summary`: name, value, unit, low, high, n, status: of what it owes, and with `owed_` before their names of what it
 * is owed, owes, kept, late, broken and overdue, which are shares of what is decided and add up to 1, open and
 * withdrawn, which are weights, closed_by_owed and reopened.
 * - `records`: record, side (owes, owed), outcome (kept, late, broken, overdue, open, withdrawn), weight, adds, moves,
 * adds_late, adds_closed_by_owed, adds_reopened, and from, to, what, made, due, closed, closed_by, reopened and id as
 * far as the chain has them: what it owes first, then what was broken, overdue, late, kept, open, withdrawn. What the
 * records of a side add is its share kept, or kept late, closed by the one who was owed, opened again: exactly, in
 * doubles, in any order, since each is its part of the whole to one unit in the last place of the share. A record moves
 * the share kept by so much as it would be lower without it.
 *
 * By unit, those of all who count to it; a record between two of them stands on both sides. Who is no row of its own by
 * unit cannot be explained.
 *
 * All run in O(m log m) time and O(m) memory for m commitments; functions take as many times m as units are nested. The
 * null is found in as many rounds as its equations need, each O(m).
 * That what all owe is what all are owed is checked to 1e-9 relative: a run that misses it fails with
 * %VC_MEASURE_ERROR_CONSERVATION. The proof of the scores (`a{sv}`) has the reference time, the records by what they
 * count as, the residual of the null's equations, and of the priors'. Nothing in it depends on threads or time.
 */

enum {
  PROP_0,
  PROP_AT,
  PROP_GROUP_BY,
  PROP_HALF_LIFE,
  PROP_CONFIDENCE,
  N_PROPS
};

#define DEFAULT_CONFIDENCE 0.95
#define MIN_CONFIDENCE 0.5
#define MAX_CONFIDENCE 0.9999
#define MAX_HALF_LIFE 1e6

struct _VcAccountability
{
  VcMeasure  parent_instance;

  char      *at;
  VcGrouping group_by;
  double     half_life;
  double     confidence;
};

G_DEFINE_FINAL_TYPE (VcAccountability, vc_accountability, VC_TYPE_MEASURE)

static GParamSpec *properties[N_PROPS];

static const char *
vc_accountability_get_name (VcMeasure *measure)
{
  return "accountability";
}

static VcScores *
vc_accountability_run (VcMeasure *measure, VcChain *chain, VcProgress *progress, GCancellable *cancellable,
                       GError **error)
{
  VcmOnlooker onlooker;
  VcmWatch *watch = vcm_onlooker_begin (&onlooker, progress, cancellable);

  return vcm_onlooker_end (&onlooker, vc_accountability_run_watched (VC_ACCOUNTABILITY (measure), chain, watch, error));
}

static VcScores *
vc_accountability_explain (VcMeasure *measure, VcChain *chain, const char *party, VcProgress *progress,
                           GCancellable *cancellable, GError **error)
{
  VcmOnlooker onlooker;
  VcmWatch *watch = vcm_onlooker_begin (&onlooker, progress, cancellable);

  return vcm_onlooker_end (&onlooker,
                           vc_accountability_explain_watched (VC_ACCOUNTABILITY (measure), chain, party, watch, error));
}

/* ---- running ---- */

/* All that a run works with. */
typedef struct {
  VcbRecords  records;
  VcbArcs     arcs, group_arcs;
  VcmGroups   groups;
  VcbVolumes  volumes;
  VcbLines    lines;
  VcbContext  context;
  VcbFindings findings;
  gboolean    is_grouped;
  VcTable    *tables[5]; /* summary, pairs, lines, parties, functions */
} Run;

static void
run_clear (Run *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->tables); i++)
    g_clear_object (&self->tables[i]);
  vcb_lines_clear (&self->lines);
  vcb_volumes_clear (&self->volumes);
  vcm_groups_clear (&self->groups);
  vcb_arcs_clear (&self->group_arcs);
  vcb_arcs_clear (&self->arcs);
  vcb_records_clear (&self->records);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* NULL or empty: not set. */
static gboolean
parse_at (const char *text, gint64 *at, GError **error)
{
  if (text == NULL || text[0] == '\0' || vc_parse_time (text, strlen (text), at) == VC_PARSE_OK)
    return TRUE;
  g_set_error_literal (
    error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION,
    "option \"at\" of measure \"accountability\" must be: a time of ISO 8601, as 2025-12-31 or 2025-12-31T18:00:00Z");
  return FALSE;
}

/* What all owe is what all are owed: both are added up from the same arcs, each in its own order. */
static gboolean
check_conservation (Run *self, GError **error)
{
  const double owes = vcn_sum (self->volumes.owes, self->arcs.n), owed = vcn_sum (self->volumes.owed, self->arcs.n);

  self->findings.conservation = MAX (owes, owed) > 0 ? fabs (owes - owed) / MAX (owes, owed) : 0;
  if (self->findings.conservation <= 1e-9)
    return TRUE;
  g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_CONSERVATION, "what all owe is not what all are owed");
  return FALSE;
}

static gboolean
read_records (Run *self, VcChain *chain, const gint64 *at, double half_life, GError **error)
{
  VcmWatch *watch = self->context.watch;
  const guint32 n = self->context.chain->n_parties;

  return vcm_watch_enter (watch, &vcb_stages[VCB_STAGE_RECORDS], error)
         && vcb_records_init (&self->records, chain, at, half_life, watch, error)
         && vcb_arcs_init (&self->arcs, &self->records, n, NULL, watch, error)
         && vcb_volumes_init (&self->volumes, &self->context, error) && check_conservation (self, error)
         && (!self->is_grouped
             || (vcm_groups_init (&self->groups, self->context.chain, error)
                 && vcb_arcs_init (&self->group_arcs, &self->records, n, self->groups.group, watch, error)));
}

static gboolean
make_tables (Run *self, GError **error)
{
  const VcbContext *context = &self->context;
  const VcbArcs *arcs = self->is_grouped ? &self->group_arcs : &self->arcs;
  const VcmGroups *groups = self->is_grouped ? &self->groups : NULL;
  VcmWatch *watch = context->watch;

  return vcm_watch_enter (watch, &vcb_stages[VCB_STAGE_LINES], error) && vcb_lines_init (&self->lines, context, error)
         && vcm_watch_enter (watch, &vcb_stages[VCB_STAGE_SUMMARY], error)
         && (self->tables[0] = vcb_table_of_summary (context, &self->lines, &self->findings, error)) != NULL
         && (self->tables[2] = vcb_table_of_lines (context, &self->lines, error)) != NULL
         && vcm_watch_enter (watch, &vcb_stages[VCB_STAGE_PAIRS], error)
         && (self->tables[1] = vcb_table_of_pairs (context, arcs, error)) != NULL
         && vcm_watch_enter (watch, &vcb_stages[VCB_STAGE_PARTIES], error)
         && (self->tables[3] = vcb_table_of_parties (context, arcs, groups, &self->findings, error)) != NULL
         && vcm_watch_enter (watch, &vcb_stages[VCB_STAGE_FUNCTIONS], error)
         && (self->tables[4] = vcb_table_of_functions (context, &self->findings, error)) != NULL;
}

/* Options are read here, once. */
static gboolean
run_init (Run *self, VcAccountability *measure, VcChain *chain, VcmWatch *watch, GError **error)
{
  const guint n_threads = vc_measure_get_threads (VC_MEASURE (measure));
  const gboolean has_at = measure->at != NULL && measure->at[0] != '\0';
  gint64 at;

  if (!parse_at (measure->at, &at, error))
    return FALSE;
  self->is_grouped = measure->group_by == VC_GROUPING_UNIT;
  self->records.n_threads = n_threads;
  self->context
    = (VcbContext) { vc_chain_peek_arrays (chain), &self->records, &self->arcs, &self->volumes, measure->confidence,
                     n_threads, watch };
  return read_records (self, chain, has_at ? &at : NULL, measure->half_life, error);
}

/* Records take the place of the tables of a run. */
static const VcmStage stage_of_records[] = { { "explanation", 0.7 }, { NULL, 1 } };

static gboolean
explain_row (Run *self, guint32 party, VcbExplanation *explanation, GError **error)
{
  if (self->is_grouped && self->groups.group[party] != party) {
    g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNSUPPORTED,
                         "by unit, the party counts to its unit: ask for that, or without grouping");
    return FALSE;
  }
  return vcm_watch_enter (self->context.watch, stage_of_records, error)
         && vcb_explanation_init (explanation, &self->context, self->is_grouped ? &self->group_arcs : &self->arcs,
                                  self->is_grouped ? &self->groups : NULL, party, error);
}

VcScores *
vc_accountability_explain_watched (VcAccountability *self, VcChain *chain, const char *party, VcmWatch *watch,
                                   GError **error)
{
  g_autoptr (GVariant) told = g_variant_ref_sink (vc_measure_options_to_variant (VC_MEASURE (self)));
  g_auto (Run) run = { .is_grouped = FALSE };
  g_auto (VcbExplanation) explanation = { 0 };

  if (!run_init (&run, self, chain, watch, error)
      || !explain_row (&run, (guint32) vc_chain_lookup_party (chain, party), &explanation, error)
      || (run.tables[0] = vcb_table_of_sides (&explanation, error)) == NULL
      || (run.tables[1] = vcb_table_of_records (&explanation, vc_chain_get_commitments (chain), error)) == NULL)
    return NULL;
  run.findings.explanation = explanation.error;
  return vc_scores_new (vc_measure_get_name (VC_MEASURE (self)), run.tables, 2, told,
                        vcb_proof_of_records (&run.context, &run.findings));
}

VcScores *
vc_accountability_run_watched (VcAccountability *self, VcChain *chain, VcmWatch *watch, GError **error)
{
  g_auto (VcBufferScope) buffers = { 0 };
  g_auto (VcParallelScope) threads = { 0 };
  g_autoptr (GVariant) told = g_variant_ref_sink (vc_measure_options_to_variant (VC_MEASURE (self)));
  g_auto (Run) run = { .is_grouped = FALSE };

  vc_buffer_scope_open (&buffers);
  vc_parallel_scope_open (&threads);
  if (!run_init (&run, self, chain, watch, error) || !make_tables (&run, error))
    return NULL;
  return vc_scores_new (vc_measure_get_name (VC_MEASURE (self)), run.tables, G_N_ELEMENTS (run.tables), told,
                        vcb_proof_to_variant (&run.context, &run.findings));
}

/* ---- options ---- */

static void
vc_accountability_finalize (GObject *object)
{
  VcAccountability *self = VC_ACCOUNTABILITY (object);

  g_free (self->at);

  G_OBJECT_CLASS (vc_accountability_parent_class)->finalize (object);
}

static void
vc_accountability_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcAccountability *self = VC_ACCOUNTABILITY (object);

  switch (prop_id) {
    case PROP_AT:
      g_value_set_string (value, self->at);
      break;
    case PROP_GROUP_BY:
      g_value_set_enum (value, self->group_by);
      break;
    case PROP_HALF_LIFE:
      g_value_set_double (value, self->half_life);
      break;
    case PROP_CONFIDENCE:
      g_value_set_double (value, self->confidence);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_accountability_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcAccountability *self = VC_ACCOUNTABILITY (object);

  switch (prop_id) {
    case PROP_AT:
      g_free (self->at);
      self->at = g_value_dup_string (value);
      break;
    case PROP_GROUP_BY:
      self->group_by = g_value_get_enum (value);
      break;
    case PROP_HALF_LIFE:
      self->half_life = g_value_get_double (value);
      break;
    case PROP_CONFIDENCE:
      self->confidence = g_value_get_double (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_accountability_class_init (VcAccountabilityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  VcMeasureClass *measure_class = VC_MEASURE_CLASS (klass);

  object_class->finalize = vc_accountability_finalize;
  object_class->get_property = vc_accountability_get_property;
  object_class->set_property = vc_accountability_set_property;
  measure_class->get_name = vc_accountability_get_name;
  measure_class->run = vc_accountability_run;
  measure_class->explain = vc_accountability_explain;
  measure_class->runs_in_thread = TRUE;

  /**
   * VcAccountability:at:
   *
   * The reference time, as a date or a date and time of ISO 8601; a date stands for its first instant, and what has no
   * zone is UTC. Not set, it is the latest time in the data: at which a commitment was made or closed, a flow arrived
   * or a receipt was paid. A due time is a plan, and does not count.
   *
   * What is due before it and still open is broken; what was made after it is not there yet.
   */
  properties[PROP_AT]
    = g_param_spec_string ("at", NULL, "reference time (ISO 8601); not set: the latest time in the data", NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * VcAccountability:group-by:
   *
   * What a row of the tables `parties` and `pairs` stands for.
   *
   * By unit, a party counts to itself where it is a unit, else to the nearest unit above it, else to itself, as each
   * customer does. All that those in a unit owe adds up, whomever they owe it; reciprocity is still that between
   * parties. Pairs are of two groups: what a group owes within itself is in none. Lines, functions and summary do not
   * change.
   */
  properties[PROP_GROUP_BY]
    = g_param_spec_enum ("group-by", NULL, "what a row stands for: each party, or each unit with its people",
                         VC_TYPE_GROUPING, VC_GROUPING_NONE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * VcAccountability:half-life:
   *
   * After how many days a record weighs half as much, 0 where all weigh the same however old they are.
   *
   * A record's weight is multiplied by 2^(-age / half-life), its age being the days from when it was made to the
   * reference time; where that is not known, from when it was closed, or due; a record without any time does not decay.
   * Intervals widen, as records that weigh little say little. Where by the reference time even the heaviest record has
   * faded to less than 2^-969, a run fails with %VC_MEASURE_ERROR_OPTION: nothing would be left to measure.
   */
  properties[PROP_HALF_LIFE]
    = g_param_spec_double ("half-life", NULL, "days after which a record weighs half as much; 0: never", 0,
                           MAX_HALF_LIFE, 0, G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * VcAccountability:confidence:
   *
   * How often an interval of that kind holds the true figure.
   */
  properties[PROP_CONFIDENCE] = g_param_spec_double ("confidence", NULL, "how often an interval holds the true figure",
                                                     MIN_CONFIDENCE, MAX_CONFIDENCE, DEFAULT_CONFIDENCE,
                                                     G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_accountability_init (VcAccountability *self)
{
}

/**
 * vc_accountability_new:
 *
 * Makes the measure with its default options.
 *
 * Returns: (transfer full): a new measure
 */
VcAccountability *
vc_accountability_new (void)
{
  return g_object_new (VC_TYPE_ACCOUNTABILITY, NULL);
}
