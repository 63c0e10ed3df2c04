/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-alignment-private.h"

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "measure/vc-measure-private.h"
#include "valuechain/vc-enum-types.h"
#include "vca-explanation.h"
#include "vca-stages.h"

/**
 * VcAlignment:
 *
 * Does the work reach the customer?
 *
 * Every unit of effort is followed from hand-over to hand-over until it ends: at a customer, at somebody who passes
 * nothing on, or in a closed loop. With W_ij the work that i delivered to j, f_i the sum of W_ij over all others, P_ij
 * = W_ij / f_i and N = (I - P)^-1 over the parties that pass work on, the chance that a unit delivered by i ends at a
 * customer is the sum of (N R)_ic over customers c, with R the columns of P that lead to customers: the minimal
 * non-negative solution of a = P a, a = 1 at customers (Kemeny and Snell 1960, chapter III; Norris 1997,
 * theorem 1.3.2). The expected number of hand-overs of what gets there is (N^2 R)_i / (N R)_i. Levels are those of
 * MacKay, Johnson and Sansom (2020).
 *
 * Only work flows count, and instructions for `pull`, `top_down`, `bottom_up` and `origin_loop`. What flows out of a
 * customer is not followed. Self flows are rework and change nothing else, but for the summary's coherence. Flows from
 * one party to another add up. The effort E_i is what was given where that covers f_i, else f_i; without either it is
 * null and so are all shares; where it is given as 0 and nothing flows out, the shares are null. Who delivers to nobody
 * but itself passes nothing on.
 *
 * The scores have the tables
 *
 * - `summary`: name, value, unit, low, high, n, status. The figures have no sampling error: low and high are null.
 * Where nothing can be computed, the value is null and the status %VC_STATUS_EMPTY by name.
 * - `parties`, a row for each party but customers: party, kind, effort, reach, hierarchy, stranded, loop, undelivered,
 *   rework, distance, level, pull, top_down, bottom_up, origin_loop, revenue.
 * - `sinks`: party, kind (manager, other, loop), effort, share: where work that never reaches a customer ends, largest
 * first, then by id; the members of a loop joined by spaces.
 * - `customers`: customer, effort, receipts, receipts_per_effort, distance. In a chain with receipts, a customer
 * without any has paid 0.
 * - `flows`: from, to, amount, carried, reaching, without self flows and what flows out of customers. Inside a closed
 * loop `carried` is null, since the same effort passes again and again, and `reaching` is 0.
 *
 * All run in O(m) memory for m flows. Closed loops and parties without a way to a customer are found by their
 * structure, never by rounding. Each kind of end is solved for on its own and the sum of a party's five shares is then
 * checked, as are the effort that arrives at customers and the receipts, to 1e-9 relative: a run that misses it fails
 * with %VC_MEASURE_ERROR_CONSERVATION. The proof of the scores (`a{sv}`) has the residual, the proven bound of the
 * error, the iterations and the method of each system, and these three errors. Nothing in it depends on threads or
 * time.
 *
 * [method@Measure.explain] follows what a party delivers along the paths of largest share, each to where it ends: at a
 * customer, at a manager or another party who passes nothing on, in a closed loop, or with nobody where it was not
 * delivered. The share of a path is the product of the P_ij along it (Defourny and Thorbecke 1984). The tables are
 *
 * - `summary`: name, value, shown, remainder, unit, n, status: the effort of the party and its five shares as in
 * `parties`, what the paths that are shown add up to, what all others do, and how many are shown; `all` is the sum of
 * the five.
 * - `paths`: rank, kind (customer, manager, other, loop, undelivered), end, hand_overs, share, effort, path: the
 *   [property@Alignment:paths] paths of largest share; of equal shares the shorter comes first, then the one whose ids
 * come first. In a circle that work can leave there are infinitely many paths: each round is one of its own. A path
 * into a closed loop ends where it enters.
 *
 * By unit, the paths start at all who count to the unit, weighted by effort. A customer cannot be explained, nor, by
 * unit, who is no row of its own. The search is exact: best first, bounded by the best way that each party has to an
 * end, O(m log n) for m flows and n parties, and memory for the steps of the paths beside that of the network. Shares
 * below 2^-960 are left to the remainder. More than 100,000,000 steps in all, and a path of more than 1 MiB of text,
 * are %VC_MEASURE_ERROR_LIMIT.
 */

enum {
  PROP_0,
  PROP_GROUP_BY,
  PROP_TOLERANCE,
  PROP_MAX_ITERATIONS,
  PROP_PATHS,
  N_PROPS
};

#define DEFAULT_TOLERANCE 1e-12
#define MIN_TOLERANCE 1e-14
#define MAX_TOLERANCE 1e-6
#define DEFAULT_ITERATIONS 100000
#define DEFAULT_PATHS 10
#define MAX_PATHS 1000000

struct _VcAlignment
{
  VcMeasure  parent_instance;

  VcGrouping group_by;
  double     tolerance;
  guint      max_iterations;
  guint      paths;
};

G_DEFINE_FINAL_TYPE (VcAlignment, vc_alignment, VC_TYPE_MEASURE)

static GParamSpec *properties[N_PROPS];

static const char *
vc_alignment_get_name (VcMeasure *measure)
{
  return "alignment";
}

static VcScores *
vc_alignment_run (VcMeasure *measure, VcChain *chain, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  VcmOnlooker onlooker;
  VcmWatch *watch = vcm_onlooker_begin (&onlooker, progress, cancellable);

  return vcm_onlooker_end (&onlooker, vc_alignment_run_watched (VC_ALIGNMENT (measure), chain, watch, error));
}

static VcScores *
vc_alignment_explain (VcMeasure *measure, VcChain *chain, const char *party, VcProgress *progress,
                      GCancellable *cancellable, GError **error)
{
  VcmOnlooker onlooker;
  VcmWatch *watch = vcm_onlooker_begin (&onlooker, progress, cancellable);

  return vcm_onlooker_end (&onlooker,
                           vc_alignment_explain_watched (VC_ALIGNMENT (measure), chain, party, watch, error));
}

static gboolean
make_tables (VcaSolution *solution, const VcmGroups *groups, VcChain *chain, VcTable *tables[5], VcmWatch *watch,
             GError **error)
{
  g_autofree char *ratio = NULL;
  VcaUnits units = { vc_chain_get_effort_unit (chain), vc_chain_get_currency (chain), NULL };

  if (units.effort != NULL && units.money != NULL)
    units.money_per_effort = ratio = g_strconcat (units.money, "/", units.effort, NULL);

  return vcm_watch_enter (watch, &vca_stages[VCA_STAGE_TABLES], error)
         && (tables[0] = vca_table_of_summary (solution, &units, error)) != NULL
         && (tables[1] = vca_table_of_parties (solution, groups, &units, watch, error)) != NULL
         && (tables[2] = vca_table_of_sinks (solution, &units, watch, error)) != NULL
         && vcm_watch_check (watch, 0.4, error)
         && (tables[3] = vca_table_of_customers (solution, &units, error)) != NULL
         && vcm_watch_check (watch, 0.5, error)
         && (tables[4] = groups != NULL ? vca_table_of_group_flows (solution, groups, &units, watch, error)
                                        : vca_table_of_flows (solution, &units, watch, error)) != NULL;
}

VcScores *
vc_alignment_run_watched (VcAlignment *self, VcChain *chain, VcmWatch *watch, GError **error)
{
  g_auto (VcBufferScope) buffers = { 0 };
  g_auto (VcParallelScope) threads = { 0 };
  const VcChainArrays *arrays = vc_chain_peek_arrays (chain);
  const VcnAbsorbOptions options
    = { self->tolerance, self->max_iterations, vc_measure_get_threads (VC_MEASURE (self)), 0 };
  g_autoptr (GVariant) told = g_variant_ref_sink (vc_measure_options_to_variant (VC_MEASURE (self)));
  g_auto (VcaSolution) solution = { 0 };
  g_auto (VcmGroups) groups = { 0 };
  VcTable *tables[5] = { NULL };
  gboolean is_grouped = self->group_by == VC_GROUPING_UNIT;
  VcScores *scores = NULL;

  vc_buffer_scope_open (&buffers);
  vc_parallel_scope_open (&threads);
  if (vca_solution_init (&solution, arrays, &options, watch, error)
      && (!is_grouped || vcm_groups_init (&groups, arrays, error))
      && make_tables (&solution, is_grouped ? &groups : NULL, chain, tables, watch, error))
    scores = vc_scores_new (vc_measure_get_name (VC_MEASURE (self)), tables, G_N_ELEMENTS (tables), told,
                            vca_proof_to_variant (&solution));
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_clear_object (&tables[i]);
  return scores;
}

/* Paths take the place of the tables of a run. */
static const VcmStage stage_of_paths[] = { { "paths", 0.9 }, { NULL, 1 } };

VcScores *
vc_alignment_explain_watched (VcAlignment *self, VcChain *chain, const char *party, VcmWatch *watch, GError **error)
{
  const VcnAbsorbOptions options
    = { self->tolerance, self->max_iterations, vc_measure_get_threads (VC_MEASURE (self)), 0 };
  const VcaQuestion question = { (guint32) vc_chain_lookup_party (chain, party), self->group_by, self->paths };
  const VcaUnits units = { vc_chain_get_effort_unit (chain), NULL, NULL };
  g_autoptr (GVariant) told = g_variant_ref_sink (vc_measure_options_to_variant (VC_MEASURE (self)));
  g_auto (VcaSolution) solution = { 0 };
  g_auto (VcaExplanation) explanation = { 0 };
  g_autoptr (VcTable) summary = NULL;
  g_autoptr (VcTable) paths = NULL;

  if (!vca_solution_init (&solution, vc_chain_peek_arrays (chain), &options, watch, error)
      || !vcm_watch_enter (watch, stage_of_paths, error)
      || !vca_explanation_init (&explanation, &solution, &question, watch, error))
    return NULL;
  summary = vca_table_of_cover (&explanation, &units, error);
  if (summary != NULL)
    paths = vca_table_of_paths (&explanation, &units, watch, error);
  if (paths == NULL)
    return NULL;
  return vc_scores_new (vc_measure_get_name (VC_MEASURE (self)), (VcTable *[]) { summary, paths }, 2, told,
                        vca_explanation_proof (&explanation));
}

static void
vc_alignment_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcAlignment *self = VC_ALIGNMENT (object);

  switch (prop_id) {
    case PROP_GROUP_BY:
      g_value_set_enum (value, self->group_by);
      break;
    case PROP_TOLERANCE:
      g_value_set_double (value, self->tolerance);
      break;
    case PROP_MAX_ITERATIONS:
      g_value_set_uint (value, self->max_iterations);
      break;
    case PROP_PATHS:
      g_value_set_uint (value, self->paths);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_alignment_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcAlignment *self = VC_ALIGNMENT (object);

  switch (prop_id) {
    case PROP_GROUP_BY:
      self->group_by = g_value_get_enum (value);
      break;
    case PROP_TOLERANCE:
      self->tolerance = g_value_get_double (value);
      break;
    case PROP_MAX_ITERATIONS:
      self->max_iterations = g_value_get_uint (value);
      break;
    case PROP_PATHS:
      self->paths = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_alignment_class_init (VcAlignmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  VcMeasureClass *measure_class = VC_MEASURE_CLASS (klass);

  object_class->get_property = vc_alignment_get_property;
  object_class->set_property = vc_alignment_set_property;
  measure_class->get_name = vc_alignment_get_name;
  measure_class->run = vc_alignment_run;
  measure_class->explain = vc_alignment_explain;
  measure_class->runs_in_thread = TRUE;

  /**
   * VcAlignment:group-by:
   *
   * What a row of the tables `parties` and `flows` stands for.
   *
   * By unit, people are rolled up after solving; nodes are never lumped before. A party counts to itself where it is a
   * unit, else to the nearest unit above it, else to itself. Shares are weighted by effort, rework by all work
   * delivered, the distance by the effort that reaches a customer, the level by effort (equally where there is none),
   * origins by the instructions received; effort and revenue add up. Flows add up by pair of groups, those within a
   * group stay, from it to itself; `carried` is null where it is for one of them. Summary, sinks and customers do not
   * change.
   */
  properties[PROP_GROUP_BY]
    = g_param_spec_enum ("group-by", NULL, "what a row stands for: each party, or each unit with its people",
                         VC_TYPE_GROUPING, VC_GROUPING_NONE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * VcAlignment:tolerance:
   *
   * The residual that each system of equations is solved to, relative to its largest figure.
   */
  properties[PROP_TOLERANCE] = g_param_spec_double (
    "tolerance", NULL, "relative residual that the equations are solved to", MIN_TOLERANCE, MAX_TOLERANCE,
    DEFAULT_TOLERANCE, G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * VcAlignment:max-iterations:
   *
   * The iterations after which a system of equations that has not reached its tolerance is an error.
   */
  properties[PROP_MAX_ITERATIONS]
    = g_param_spec_uint ("max-iterations", NULL, "iterations after which a solver gives up", 1, G_MAXINT,
                         DEFAULT_ITERATIONS, G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * VcAlignment:paths:
   *
   * How many paths [method@Measure.explain] lists; the others are its remainder. It changes no score.
   */
  properties[PROP_PATHS] = g_param_spec_uint ("paths", NULL, "paths that an explanation lists",
                                              1, MAX_PATHS, DEFAULT_PATHS,
                                              G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_alignment_init (VcAlignment *self)
{
}

/**
 * vc_alignment_new:
 *
 * Makes the measure with its default options.
 *
 * Returns: (transfer full): a new measure
 */
VcAlignment *
vc_alignment_new (void)
{
  return g_object_new (VC_TYPE_ALIGNMENT, NULL);
}
