/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-source.h"

#include "base/vc-buffer-private.h"
#include "base/vc-input-private.h"
#include "base/vc-progress-private.h"
#include "chain/vc-chain-builder-private.h"
#include "table/vc-column-private.h"
#include "table/vc-table-private.h"
#include "valuechain/vc-error.h"
#include "valuechain/vc-event-log.h"
#include "valuechain/vc-folder.h"
#include "vc-chain-file-private.h"
#include "vc-source-private.h"
#include "vc-event-format-private.h"

#include <string.h>

/**
 * VcSource:
 *
 * Where a chain comes from: the first room of the house.
 *
 * A source reads records into a [class@ChainBuilder], which checks them; [method@Source.load] does both, and either
 * gives a whole chain or an error with its place. [class@Folder] reads a chain folder, [class@EventLog] an event log.
 * To read anything else, derive this class in any language and override `read()`: add tables or records to the builder
 * it is given, and say with [method@Source.add_report] what was left out.
 *
 * One source loads one chain at a time. Its properties must not change while it does.
 */

typedef struct {
  char   *what;
  guint64 count;
  char   *note;
} ReportRow;

typedef struct {
  char       *path;
  VcLimits   *limits;
  gboolean    lenient;
  GMutex      mutex;
  GPtrArray  *report;   /* ReportRow; guarded by the mutex: a load may run in another thread */
  VcProblems *problems; /* of the last read(), where it failed and said more than its error; or NULL */
} VcSourcePrivate;

enum {
  PROP_0,
  PROP_PATH,
  PROP_LIMITS,
  PROP_LENIENT,
  N_PROPS
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (VcSource, vc_source, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
report_row_free (gpointer data)
{
  ReportRow *row = data;

  g_free (row->what);
  g_free (row->note);
  g_free (row);
}

static void
vc_source_finalize (GObject *object)
{
  VcSourcePrivate *priv = vc_source_get_instance_private (VC_SOURCE (object));

  g_free (priv->path);
  g_clear_object (&priv->limits);
  g_ptr_array_unref (priv->report);
  g_clear_pointer (&priv->problems, vc_problems_free);
  g_mutex_clear (&priv->mutex);

  G_OBJECT_CLASS (vc_source_parent_class)->finalize (object);
}

static void
vc_source_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcSource *self = VC_SOURCE (object);

  switch (prop_id) {
    case PROP_PATH:
      g_value_set_string (value, vc_source_get_path (self));
      break;
    case PROP_LIMITS:
      g_value_set_object (value, vc_source_get_limits (self));
      break;
    case PROP_LENIENT:
      g_value_set_boolean (value, vc_source_get_lenient (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_source_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcSource *self = VC_SOURCE (object);
  VcSourcePrivate *priv = vc_source_get_instance_private (self);

  switch (prop_id) {
    case PROP_PATH:
      priv->path = g_value_dup_string (value);
      break;
    case PROP_LIMITS:
      if (g_value_get_object (value) != NULL)
        vc_source_set_limits (self, g_value_get_object (value));
      break;
    case PROP_LENIENT:
      vc_source_set_lenient (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_source_class_init (VcSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = vc_source_finalize;
  object_class->get_property = vc_source_get_property;
  object_class->set_property = vc_source_set_property;

  /**
   * VcSource:path:
   *
   * The file or folder that is read, in the encoding of file names; %NULL for a source that has none.
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL,
                                               G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * VcSource:limits:
   *
   * How large the input may be. Default: the limits of [ctor@Limits.new].
   */
  properties[PROP_LIMITS] = g_param_spec_object ("limits", NULL, NULL, VC_TYPE_LIMITS,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * VcSource:lenient:
   *
   * Whether commitments that contradict themselves are left out instead of being errors, as with
   * [property@ChainBuilder:lenient]. The report and [method@Source.check] say how many, and why.
   */
  properties[PROP_LENIENT] = g_param_spec_boolean (
    "lenient", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_source_init (VcSource *self)
{
  VcSourcePrivate *priv = vc_source_get_instance_private (self);

  g_mutex_init (&priv->mutex);
  priv->limits = vc_limits_new ();
  priv->report = g_ptr_array_new_with_free_func (report_row_free);
}

/* Whether the file is of a standard that names each attribute that is needed. Does not wait for the other end of a
 * pipe. */
static gboolean
knows_its_attributes (const char *path, gboolean *is_complete, GError **error)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_auto (VcInput) input = { 0 };
  const VcEventFormat *format;

  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  if (!vc_input_open (&input, path, limits, NULL, error))
    return FALSE;
  format = vc_event_format_find (&input, NULL, error);
  *is_complete = format != NULL && vc_event_format_is_complete (format);
  return format != NULL;
}

/**
 * vc_source_for_path:
 * @path: (type filename): a path in the encoding of file names
 * @error: return location for an error
 *
 * Makes the source for what stands at @path, known by its content and not by its name.
 *
 * A folder is a chain folder, and an SQLite database with the number of chain files is a [class@ChainFile]. Another
 * file is an event log ([class@EventLog]) where it is of a standard that says itself which attributes name the case,
 * the party and the time. Any other is refused, with %VC_IMPORT_ERROR_FORMAT: of the columns of a CSV file nobody can
 * tell. What does not exist or cannot be looked at fails with a #GIOErrorEnum.
 *
 * Returns: (transfer full): a source
 */
VcSource *
vc_source_for_path (const char *path, GError **error)
{
  g_autofree char *name = NULL;
  gboolean is_complete = FALSE;

  g_return_val_if_fail (path != NULL, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return VC_SOURCE (vc_folder_new (path));
  if (vc_chain_file_is_at (path))
    return VC_SOURCE (vc_chain_file_new (path));
  if (!knows_its_attributes (path, &is_complete, error))
    return NULL;
  if (is_complete)
    return g_object_new (VC_TYPE_EVENT_LOG, "path", path, NULL);
  name = g_filename_display_name (path);
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT,
               "%s: this is no chain folder and no chain file; an event log is read by naming its columns of cases, "
               "parties and times",
               name);
  return NULL;
}

/**
 * vc_source_get_path:
 * @self: a source
 *
 * What is read.
 *
 * Returns: (transfer none) (nullable) (type filename): the path, or %NULL for a source that has none
 */
const char *
vc_source_get_path (VcSource *self)
{
  VcSourcePrivate *priv;

  g_return_val_if_fail (VC_IS_SOURCE (self), NULL);

  priv = vc_source_get_instance_private (self);
  return priv->path;
}

/**
 * vc_source_get_limits:
 * @self: a source
 *
 * How large the input may be.
 *
 * Returns: (transfer none): the limits
 */
VcLimits *
vc_source_get_limits (VcSource *self)
{
  VcSourcePrivate *priv;

  g_return_val_if_fail (VC_IS_SOURCE (self), NULL);

  priv = vc_source_get_instance_private (self);
  return priv->limits;
}

/**
 * vc_source_set_limits:
 * @self: a source
 * @limits: limits
 *
 * Sets how large the input may be.
 */
void
vc_source_set_limits (VcSource *self, VcLimits *limits)
{
  VcSourcePrivate *priv;

  g_return_if_fail (VC_IS_SOURCE (self));
  g_return_if_fail (VC_IS_LIMITS (limits));

  priv = vc_source_get_instance_private (self);
  if (g_set_object (&priv->limits, limits))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMITS]);
}

/**
 * vc_source_get_lenient:
 * @self: a source
 *
 * Whether commitments that contradict themselves are left out.
 *
 * Returns: %FALSE if they are errors
 */
gboolean
vc_source_get_lenient (VcSource *self)
{
  VcSourcePrivate *priv;

  g_return_val_if_fail (VC_IS_SOURCE (self), FALSE);

  priv = vc_source_get_instance_private (self);
  return priv->lenient;
}

/**
 * vc_source_set_lenient:
 * @self: a source
 * @lenient: whether commitments that contradict themselves are left out
 *
 * Sets what becomes of commitments that contradict themselves.
 */
void
vc_source_set_lenient (VcSource *self, gboolean lenient)
{
  VcSourcePrivate *priv;

  g_return_if_fail (VC_IS_SOURCE (self));

  priv = vc_source_get_instance_private (self);
  if (priv->lenient == !!lenient)
    return;
  priv->lenient = !!lenient;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LENIENT]);
}

static void
clear_report (VcSource *self)
{
  VcSourcePrivate *priv = vc_source_get_instance_private (self);

  g_mutex_lock (&priv->mutex);
  g_ptr_array_set_size (priv->report, 0);
  g_mutex_unlock (&priv->mutex);
  g_clear_pointer (&priv->problems, vc_problems_free);
}

void
vc_source_take_problems (VcSource *self, VcProblems *problems)
{
  VcSourcePrivate *priv = vc_source_get_instance_private (self);

  g_clear_pointer (&priv->problems, vc_problems_free);
  priv->problems = problems;
}

/* A builder with everything that the source has; the first 7 tenths of the progress. */
static VcChainBuilder *
read_records (VcSource *self, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  VcSourcePrivate *priv = vc_source_get_instance_private (self);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (GError) reason = NULL;
  VcProgressSpan outer;
  gboolean ok;

  clear_report (self);
  if (VC_SOURCE_GET_CLASS (self)->read == NULL) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FAILED, "%s has no read()", G_OBJECT_TYPE_NAME (self));
    return NULL;
  }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  g_object_set (builder, "limits", priv->limits, "lenient", priv->lenient, NULL);
  outer = vc_progress_enter (progress, 0, 0.7);
  ok = VC_SOURCE_GET_CLASS (self)->read (self, builder, progress, cancellable, &reason);
  vc_progress_leave (progress, outer);
  if (ok && reason == NULL)
    return g_steal_pointer (&builder);
  if (reason == NULL)
    g_set_error (&reason, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FAILED, "%s failed and did not say why",
                 G_OBJECT_TYPE_NAME (self));
  g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

static void
report_dropped (VcSource *self, VcChainBuilder *builder)
{
  for (VcContradiction why = 0; why < VC_N_CONTRADICTIONS; why++)
    if (vc_chain_builder_get_n_dropped (builder, why) > 0)
      vc_source_add_report (self, "commitments left out", vc_chain_builder_get_n_dropped (builder, why),
                            vc_contradiction_describe (why));
}

/**
 * vc_source_load:
 * @self: a source
 * @progress: (nullable): told how far it has come
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Reads everything and builds the chain: all of it or none. What the source cannot read and what contradicts itself are
 * errors, most of them of the domain [error@ImportError]; they name the file, the line and the field, never what stands
 * there.
 *
 * Returns: (transfer full): a chain
 */
VcChain *
vc_source_load (VcSource *self, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcChainBuilder) builder = NULL;
  VcProgressSpan outer;
  VcChain *chain;

  g_return_val_if_fail (VC_IS_SOURCE (self), NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  builder = read_records (self, progress, cancellable, error);
  if (builder == NULL)
    return NULL;
  outer = vc_progress_enter (progress, 0.7, 1);
  chain = vc_chain_builder_build (builder, progress, cancellable, error);
  vc_progress_leave (progress, outer);
  report_dropped (self, builder);
  return chain;
}

static void
load_in_task (GTask *task, gpointer source, gpointer progress, GCancellable *cancellable)
{
  GError *error = NULL;
  VcChain *chain = vc_source_load (source, progress, cancellable, &error);

  if (chain != NULL)
    g_task_return_pointer (task, chain, g_object_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
load_when_idle (gpointer data)
{
  GTask *task = data;

  load_in_task (task, g_task_get_source_object (task), g_task_get_task_data (task), g_task_get_cancellable (task));
  return G_SOURCE_REMOVE;
}

/**
 * vc_source_load_async:
 * @self: a source
 * @progress: (nullable): told how far it has come
 * @cancellable: (nullable): stops it
 * @callback: (scope async): called when the chain is there
 * @user_data: data of @callback
 *
 * Like [method@Source.load], without making the caller wait: sources of the library read in another thread. One that is
 * derived in another language reads in the thread-default main context of the caller, where its interpreter must run.
 */
void
vc_source_load_async (VcSource *self, VcProgress *progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VC_IS_SOURCE (self));
  g_return_if_fail (progress == NULL || VC_IS_PROGRESS (progress));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vc_source_load_async);
  if (progress != NULL)
    g_task_set_task_data (task, g_object_ref (progress), g_object_unref);
  if (VC_SOURCE_GET_CLASS (self)->runs_in_thread) {
    g_task_run_in_thread (task, load_in_task);
  } else {
    g_autoptr (GSource) idle = g_idle_source_new ();

    g_task_attach_source (task, idle, load_when_idle);
  }
}

/**
 * vc_source_load_finish:
 * @self: a source
 * @result: what the callback was given
 * @error: return location for an error
 *
 * The outcome of [method@Source.load_async].
 *
 * Returns: (transfer full): a chain
 */
VcChain *
vc_source_load_finish (VcSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (VC_IS_SOURCE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, vc_source_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What a read() that failed found, in place of its error; NULL where the error is all. */
static VcTable *
list_problems (VcSource *self, GError **error)
{
  VcSourcePrivate *priv = vc_source_get_instance_private (self);
  VcTable *list = priv->problems != NULL ? vc_problems_to_table (priv->problems) : NULL;

  if (list != NULL)
    g_clear_error (error);
  return list;
}

/**
 * vc_source_check:
 * @self: a source
 * @progress: (nullable): told how far it has come
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Reads everything and lists all that is wrong or odd in it, as [method@ChainBuilder.check] does, rather than failing
 * at the first error. Of a log in OCEL that contradicts itself it lists each contradiction with its place. It fails
 * only where the source cannot be read: a file that is missing or is no CSV, a field that is no number.
 *
 * Returns: (transfer full): a table "check"
 */
VcTable *
vc_source_check (VcSource *self, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcChainBuilder) builder = NULL;
  VcProgressSpan outer;
  VcTable *list;

  g_return_val_if_fail (VC_IS_SOURCE (self), NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  builder = read_records (self, progress, cancellable, error);
  if (builder == NULL)
    return list_problems (self, error);
  outer = vc_progress_enter (progress, 0.7, 1);
  list = vc_chain_builder_check (builder, progress, cancellable, error);
  vc_progress_leave (progress, outer);
  report_dropped (self, builder);
  return list;
}

static VcColumn *
text_column (const char *name, GPtrArray *values)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) labels = NULL;
  VC_BUFFER (gint32) codes = vc_buffer_new0 (gint32, values->len);
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, vc_bits_size (values->len));

  if (interner == NULL || codes == NULL || validity == NULL)
    return NULL;
  for (guint i = 0; i < values->len; i++) {
    const char *value = g_ptr_array_index (values, i);

    if (value == NULL)
      continue;
    codes[i] = vc_interner_add (interner, value, strlen (value));
    if (codes[i] < 0)
      return NULL;
    vc_bit_set (validity, i);
  }
  labels = vc_interner_finish (interner);
  if (labels == NULL)
    return NULL;
  return vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, values->len, g_steal_pointer (&codes),
                             g_steal_pointer (&validity), labels);
}

/**
 * vc_source_get_report:
 * @self: a source
 *
 * What the last load or check read, what it left out and why: a table "report" with the columns `what` (text), `count`
 * (int64) and `note` (text, null where there is nothing to say). It has no rows before the first load.
 *
 * Returns: (transfer full) (nullable): a table, or %NULL if memory for it could not be had
 */
VcTable *
vc_source_get_report (VcSource *self)
{
  VcSourcePrivate *priv;
  g_autoptr (GPtrArray) whats = g_ptr_array_new (), notes = g_ptr_array_new ();
  VcColumn *columns[3];
  gint64 *counts;

  g_return_val_if_fail (VC_IS_SOURCE (self), NULL);

  priv = vc_source_get_instance_private (self);
  g_mutex_lock (&priv->mutex);
  counts = vc_buffer_new (gint64, priv->report->len);
  for (guint i = 0; i < priv->report->len; i++) {
    const ReportRow *row = g_ptr_array_index (priv->report, i);

    g_ptr_array_add (whats, row->what);
    g_ptr_array_add (notes, row->note);
    if (counts != NULL)
      counts[i] = (gint64) MIN (row->count, (guint64) G_MAXINT64);
  }
  columns[0] = text_column ("what", whats);
  columns[1]
    = counts != NULL ? vc_column_new_take ("count", VC_COLUMN_TYPE_INT64, whats->len, counts, NULL, NULL) : NULL;
  columns[2] = text_column ("note", notes);
  g_mutex_unlock (&priv->mutex);
  return vc_table_new_take ("report", columns, 3);
}

/**
 * vc_source_add_report:
 * @self: a source
 * @what: what was read, left out or found
 * @count: how many there are of it
 * @note: (nullable): what else there is to know; no content of records
 *
 * Adds a row to the report. To be called from `read()`.
 */
void
vc_source_add_report (VcSource *self, const char *what, guint64 count, const char *note)
{
  VcSourcePrivate *priv;
  ReportRow *row;

  g_return_if_fail (VC_IS_SOURCE (self));
  g_return_if_fail (what != NULL);

  priv = vc_source_get_instance_private (self);
  row = g_new0 (ReportRow, 1);
  row->what = g_strdup (what);
  row->count = count;
  row->note = g_strdup (note);
  g_mutex_lock (&priv->mutex);
  g_ptr_array_add (priv->report, row);
  g_mutex_unlock (&priv->mutex);
}
