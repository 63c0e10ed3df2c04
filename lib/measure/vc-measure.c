/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-measure-private.h"

#include "valuechain/vc-error.h"

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
 * A measure of one's own is a subclass, in any language, that overrides `run()` and `get_name()`. Its `run()` must
 * give either scores or an error. Where its class does not say that it `runs_in_thread`, [method@Measure.run_async]
 * calls it from the caller's main context, as JavaScript needs it.
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

static void
vc_measure_class_init (VcMeasureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = vc_measure_get_property;
  object_class->set_property = vc_measure_set_property;
  klass->get_name = vc_measure_real_get_name;

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

/* Whatever a subclass does, the caller gets either scores or an error. */
static VcScores *
run_checked (VcMeasure *self, VcChain *chain, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  VcMeasureClass *klass = VC_MEASURE_GET_CLASS (self);
  g_autoptr (VcScores) scores = NULL;
  g_autoptr (GError) failure = NULL;

  if (klass->run != NULL)
    scores = klass->run (self, chain, progress, cancellable, &failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (scores != NULL)
    return g_steal_pointer (&scores);
  else if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_FAILED, "measure \"%s\": %s", vc_measure_get_name (self),
                 klass->run != NULL ? "run() gave neither scores nor an error" : "run() is not implemented");
  return NULL;
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
  g_return_val_if_fail (VC_IS_MEASURE (self), NULL);
  g_return_val_if_fail (VC_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return run_checked (self, chain, progress, cancellable, error);
}

typedef struct {
  VcChain    *chain;
  VcProgress *progress;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->chain);
  g_clear_object (&job->progress);
  g_free (job);
}

static void
run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  VcScores *scores = vc_measure_run (source, job->chain, job->progress, cancellable, &error);

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

/* A source, never g_main_context_invoke(): the work must not start before run_async() has returned. */
static void
run_when_idle (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, run_in_context, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
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
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (VC_IS_MEASURE (self));
  g_return_if_fail (VC_IS_CHAIN (chain));
  g_return_if_fail (progress == NULL || VC_IS_PROGRESS (progress));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  job = g_new0 (Job, 1);
  job->chain = g_object_ref (chain);
  job->progress = progress != NULL ? g_object_ref (progress) : NULL;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vc_measure_run_async);
  g_task_set_return_on_cancel (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  if (VC_MEASURE_GET_CLASS (self)->runs_in_thread)
    g_task_run_in_thread (task, run_job);
  else
    run_when_idle (task);
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
