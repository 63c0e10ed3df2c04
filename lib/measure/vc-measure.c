/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-measure-private.h"

#include "valuechain/vc-error.h"
#include "vc-scores-private.h"

#include <string.h>

/**
 * VcMeasure:
 *
 * A way to score a chain.
 *
 * The options of a measure are the readable and writable properties that its class adds, so that keyword arguments,
 * [method@Measure.set_option] and the command line set the same thing. [property@Measure:threads] is no option: it
 * never changes a result.
 *
 * A measure of one's own is a subclass, in any language, that overrides `run()` and `get_name()`, and `explain()` where
 * it can say what is behind the figures of one party. Both must give either scores or an error. Where its class does
 * not say that it `runs_in_thread`, [method@Measure.run_async] and [method@Measure.explain_async] call them from the
 * caller's main context, as JavaScript needs it.
 */

typedef struct {
  guint threads;
} VcMeasurePrivate;

enum {
  PROP_0,
  PROP_THREADS,
  N_PROPS
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (VcMeasure, vc_measure, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/* Python puts the module and a plus before the name of a class. */
static const char *
vc_measure_real_get_name (VcMeasure *self)
{
  const char *name = G_OBJECT_TYPE_NAME (self);
  const char *plus = strrchr (name, '+');

  return plus != NULL ? plus + 1 : name;
}

static void
vc_measure_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcMeasure *self = VC_MEASURE (object);

  switch (prop_id) {
    case PROP_THREADS:
      g_value_set_uint (value, vc_measure_get_threads (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_measure_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcMeasure *self = VC_MEASURE (object);

  switch (prop_id) {
    case PROP_THREADS:
      vc_measure_set_threads (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static VcScores *
vc_measure_real_run (VcMeasure *self, VcChain *chain, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_FAILED, "measure \"%s\": run() is not implemented",
               vc_measure_get_name (self));
  return NULL;
}

static VcScores *
vc_measure_real_explain (VcMeasure *self, VcChain *chain, const char *party, VcProgress *progress,
                         GCancellable *cancellable, GError **error)
{
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNSUPPORTED, "measure \"%s\" cannot explain its scores",
               vc_measure_get_name (self));
  return NULL;
}

static void
vc_measure_class_init (VcMeasureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = vc_measure_get_property;
  object_class->set_property = vc_measure_set_property;
  klass->get_name = vc_measure_real_get_name;
  klass->run = vc_measure_real_run;
  klass->explain = vc_measure_real_explain;

  /**
   * VcMeasure:threads:
   *
   * How many threads may work at once; 0: as many as there are processors. It never changes a result.
   */
  properties[PROP_THREADS] = g_param_spec_uint ("threads", NULL, "threads that may work at once; 0: all processors",
                                                0, VC_MEASURE_MAX_THREADS, 0,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_measure_init (VcMeasure *self)
{
}

/**
 * vc_measure_get_name:
 * @self: a measure
 *
 * The name of the measure, as in "alignment".
 *
 * Returns: the name
 */
const char *
vc_measure_get_name (VcMeasure *self)
{
  const char *name;

  g_return_val_if_fail (VC_IS_MEASURE (self), NULL);

  name = VC_MEASURE_GET_CLASS (self)->get_name (self);
  /* Interned, since what an interpreter returns lives no longer than its own string. */
  return name != NULL ? g_intern_string (name) : vc_measure_real_get_name (self);
}

/**
 * vc_measure_get_threads:
 * @self: a measure
 *
 * How many threads may work at once.
 *
 * Returns: 0 for as many as there are processors, else the number
 */
guint
vc_measure_get_threads (VcMeasure *self)
{
  VcMeasurePrivate *priv = vc_measure_get_instance_private (self);

  g_return_val_if_fail (VC_IS_MEASURE (self), 0);

  return priv->threads;
}

/**
 * vc_measure_set_threads:
 * @self: a measure
 * @threads: 1 to 1024, or 0 for as many as there are processors
 *
 * Sets how many threads may work at once. It never changes a result.
 */
void
vc_measure_set_threads (VcMeasure *self, guint threads)
{
  VcMeasurePrivate *priv = vc_measure_get_instance_private (self);

  g_return_if_fail (VC_IS_MEASURE (self));
  g_return_if_fail (threads <= VC_MEASURE_MAX_THREADS);

  if (priv->threads == threads)
    return;
  priv->threads = threads;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_THREADS]);
}

/* Whatever a subclass did, the caller gets either scores or an error. Takes `scores` and `failure`. */
static VcScores *
either (VcMeasure *self, VcScores *scores, GError *failure, const char *verb, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcScores) found = scores;

  if (failure != NULL)
    g_propagate_error (error, failure);
  else if (found != NULL)
    return g_steal_pointer (&found);
  else if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_FAILED,
                 "measure \"%s\": %s() gave neither scores nor an error", vc_measure_get_name (self), verb);
  return NULL;
}

static gboolean
has_party (VcChain *chain, const char *party, GError **error)
{
  g_autofree char *asked = NULL;

  if (vc_chain_lookup_party (chain, party) >= 0)
    return TRUE;
  asked = g_utf8_make_valid (party, -1);
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN, "the chain has no party with the id \"%s\"", asked);
  return FALSE;
}

/**
 * vc_measure_run:
 * @self: a measure
 * @chain: the chain to score
 * @progress: (nullable): where to say how far the work has come, or %NULL
 * @cancellable: (nullable): stops the work, or %NULL
 * @error: return location for an error
 *
 * Scores a chain. The measure must not be changed meanwhile.
 *
 * Fails with a #VcMeasureError where nothing can be computed, with `G_IO_ERROR_CANCELLED` within 100 ms of
 * cancelling; a single figure that is undefined is no failure.
 *
 * Returns: (transfer full): the scores
 */
VcScores *
vc_measure_run (VcMeasure *self, VcChain *chain, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  GError *failure = NULL;
  VcScores *scores;

  g_return_val_if_fail (VC_IS_MEASURE (self), NULL);
  g_return_val_if_fail (VC_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  scores = VC_MEASURE_GET_CLASS (self)->run (self, chain, progress, cancellable, &failure);
  return either (self, scores, failure, "run", cancellable, error);
}

/**
 * vc_measure_explain:
 * @self: a measure
 * @chain: the chain that was scored
 * @party: the id of one of its parties
 * @progress: (nullable): where to say how far the work has come, or %NULL
 * @cancellable: (nullable): stops the work, or %NULL
 * @error: return location for an error
 *
 * Says what is behind the scores of one party, as tables again. The figures that it starts from are those that
 * [method@Measure.run] gives with the same options, and what is listed adds up to them. The measure must not be changed
 * meanwhile.
 *
 * Fails with %VC_MEASURE_ERROR_UNKNOWN where the chain has no such party, with %VC_MEASURE_ERROR_UNSUPPORTED where the
 * measure cannot explain, or not this party, and else as [method@Measure.run] does.
 *
 * Returns: (transfer full): the explanation
 */
VcScores *
vc_measure_explain (VcMeasure *self, VcChain *chain, const char *party, VcProgress *progress, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (VcScores) scores = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (VC_IS_MEASURE (self), NULL);
  g_return_val_if_fail (VC_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (party != NULL, NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !has_party (chain, party, error))
    return NULL;
  scores = VC_MEASURE_GET_CLASS (self)->explain (self, chain, party, progress, cancellable, &failure);
  scores = either (self, g_steal_pointer (&scores), failure, "explain", cancellable, error);
  return scores != NULL ? vc_scores_new_about (scores, party) : NULL;
}

typedef struct {
  VcChain    *chain;
  char       *party; /* NULL: all are scored */
  VcProgress *progress;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->chain);
  g_clear_object (&job->progress);
  g_free (job->party);
  g_free (job);
}

static void
run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  VcScores *scores = job->party != NULL
                       ? vc_measure_explain (source, job->chain, job->party, job->progress, cancellable, &error)
                       : vc_measure_run (source, job->chain, job->progress, cancellable, &error);

  if (scores != NULL)
    g_task_return_pointer (task, scores, g_object_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
run_in_context (gpointer data)
{
  GTask *task = data;

  run_job (task, g_task_get_source_object (task), g_task_get_task_data (task), g_task_get_cancellable (task));
  return G_SOURCE_REMOVE;
}

/* A source, never g_main_context_invoke(): the work must not start before the caller of it has gone on. */
static void
run_when_idle (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, run_in_context, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

/* Takes `task`. */
static void
start (GTask *task, VcChain *chain, const char *party, VcProgress *progress)
{
  g_autoptr (GTask) taken = task;
  Job *job = g_new0 (Job, 1);

  job->chain = g_object_ref (chain);
  job->party = g_strdup (party);
  job->progress = progress != NULL ? g_object_ref (progress) : NULL;
  g_task_set_return_on_cancel (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  if (VC_MEASURE_GET_CLASS (g_task_get_source_object (task))->runs_in_thread)
    g_task_run_in_thread (task, run_job);
  else
    run_when_idle (task);
}

/**
 * vc_measure_run_async:
 * @self: a measure
 * @chain: the chain to score
 * @progress: (nullable): where to say how far the work has come, or %NULL
 * @cancellable: (nullable): stops the work, or %NULL
 * @callback: (scope async) (closure user_data): called when the scores are there
 * @user_data: for @callback
 *
 * Scores a chain without blocking: in a thread of its own where the class of the measure allows it, else in the
 * caller's thread-default main context when nothing else is to be done there. The measure must not be changed
 * meanwhile.
 */
void
vc_measure_run_async (VcMeasure *self, VcChain *chain, VcProgress *progress, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (VC_IS_MEASURE (self));
  g_return_if_fail (VC_IS_CHAIN (chain));
  g_return_if_fail (progress == NULL || VC_IS_PROGRESS (progress));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vc_measure_run_async);
  start (task, chain, NULL, progress);
}

/**
 * vc_measure_run_finish:
 * @self: the measure
 * @result: what the callback got
 * @error: return location for an error
 *
 * The scores that [method@Measure.run_async] computed. Fails as [method@Measure.run] does.
 *
 * Returns: (transfer full): the scores
 */
VcScores *
vc_measure_run_finish (VcMeasure *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (VC_IS_MEASURE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, vc_measure_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * vc_measure_explain_async:
 * @self: a measure
 * @chain: the chain that was scored
 * @party: the id of one of its parties
 * @progress: (nullable): where to say how far the work has come, or %NULL
 * @cancellable: (nullable): stops the work, or %NULL
 * @callback: (scope async) (closure user_data): called when the explanation is there
 * @user_data: for @callback
 *
 * Says what is behind the scores of one party without blocking: where and when, see [method@Measure.run_async].
 */
void
vc_measure_explain_async (VcMeasure *self, VcChain *chain, const char *party, VcProgress *progress,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (VC_IS_MEASURE (self));
  g_return_if_fail (VC_IS_CHAIN (chain));
  g_return_if_fail (party != NULL);
  g_return_if_fail (progress == NULL || VC_IS_PROGRESS (progress));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vc_measure_explain_async);
  start (task, chain, party, progress);
}

/**
 * vc_measure_explain_finish:
 * @self: the measure
 * @result: what the callback got
 * @error: return location for an error
 *
 * What [method@Measure.explain_async] found. Fails as [method@Measure.explain] does.
 *
 * Returns: (transfer full): the explanation
 */
VcScores *
vc_measure_explain_finish (VcMeasure *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (VC_IS_MEASURE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, vc_measure_explain_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
