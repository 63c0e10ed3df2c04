/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-progress-private.h"

#include <math.h>

/**
 * VcProgress:
 *
 * How far long work has come.
 *
 * Work updates it from any thread. `notify::fraction` and `notify::stage` are emitted in the thread-default main
 * context of the thread that made the object, several updates at once as one; who runs no main loop, as a notebook,
 * reads the properties whenever it wants to.
 */

enum {
  PROP_0,
  PROP_FRACTION,
  PROP_STAGE,
  N_PROPS
};

struct _VcProgress
{
  GObject        parent_instance;

  GMainContext  *context;
  GMutex         mutex;
  double         fraction;
  VcProgressSpan span;      /* of the part that is being worked on */
  const char    *stage;     /* interned */
  gboolean       announced; /* a source that will notify is attached */
};

G_DEFINE_FINAL_TYPE (VcProgress, vc_progress, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
vc_progress_finalize (GObject *object)
{
  VcProgress *self = VC_PROGRESS (object);

  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (vc_progress_parent_class)->finalize (object);
}

static void
vc_progress_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcProgress *self = VC_PROGRESS (object);

  switch (prop_id) {
    case PROP_FRACTION:
      g_value_set_double (value, vc_progress_get_fraction (self));
      break;
    case PROP_STAGE:
      g_value_take_string (value, vc_progress_dup_stage (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_progress_class_init (VcProgressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = vc_progress_finalize;
  object_class->get_property = vc_progress_get_property;

  /**
   * VcProgress:fraction:
   *
   * The share of the work that is done, from 0 to 1; it never falls.
   */
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0,
                                                   G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * VcProgress:stage:
   *
   * What is being done, in a word or two.
   */
  properties[PROP_STAGE] = g_param_spec_string ("stage", NULL, NULL, NULL,
                                                G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_progress_init (VcProgress *self)
{
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->mutex);
  self->span.width = 1;
}

/**
 * vc_progress_new:
 *
 * Makes a progress that is at 0.
 *
 * Returns: (transfer full): a new progress
 */
VcProgress *
vc_progress_new (void)
{
  return g_object_new (VC_TYPE_PROGRESS, NULL);
}

/**
 * vc_progress_get_fraction:
 * @self: a progress
 *
 * The share of the work that is done.
 *
 * Returns: 0 to 1
 */
double
vc_progress_get_fraction (VcProgress *self)
{
  double fraction;

  g_return_val_if_fail (VC_IS_PROGRESS (self), 0);

  g_mutex_lock (&self->mutex);
  fraction = self->fraction;
  g_mutex_unlock (&self->mutex);
  return fraction;
}

/**
 * vc_progress_dup_stage:
 * @self: a progress
 *
 * What is being done.
 *
 * Returns: (transfer full) (nullable): a copy of the stage
 */
char *
vc_progress_dup_stage (VcProgress *self)
{
  const char *stage;

  g_return_val_if_fail (VC_IS_PROGRESS (self), NULL);

  g_mutex_lock (&self->mutex);
  stage = self->stage;
  g_mutex_unlock (&self->mutex);
  return g_strdup (stage);
}

static gboolean
notify_in_context (gpointer data)
{
  VcProgress *self = data;

  g_mutex_lock (&self->mutex);
  self->announced = FALSE;
  g_mutex_unlock (&self->mutex);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STAGE]);
  return G_SOURCE_REMOVE;
}

/* A source, never g_main_context_invoke(): that could run the handlers in the worker's thread, where JavaScript must
 * not run. */
static void
announce (VcProgress *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, notify_in_context, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

/**
 * vc_progress_update:
 * @self: a progress
 * @fraction: the share of the work that is done; a smaller one than before is ignored
 * @stage: (nullable): what is being done, or %NULL to leave it
 *
 * Says how far the work has come. May be called from any thread.
 */
void
vc_progress_update (VcProgress *self, double fraction, const char *stage)
{
  gboolean attach;

  g_return_if_fail (VC_IS_PROGRESS (self));
  g_return_if_fail (isfinite (fraction));

  g_mutex_lock (&self->mutex);
  fraction = self->span.start + self->span.width * CLAMP (fraction, 0, 1);
  self->fraction = CLAMP (fraction, self->fraction, 1);
  if (stage != NULL)
    self->stage = g_intern_string (stage);
  attach = !self->announced;
  self->announced = TRUE;
  g_mutex_unlock (&self->mutex);

  if (attach)
    announce (self);
}

VcProgressSpan
vc_progress_enter (VcProgress *self, double from, double to)
{
  VcProgressSpan outer = { 0, 1 };

  if (self == NULL)
    return outer;
  g_mutex_lock (&self->mutex);
  outer = self->span;
  self->span.start = outer.start + outer.width * from;
  self->span.width = outer.width * (to - from);
  g_mutex_unlock (&self->mutex);
  return outer;
}

void
vc_progress_leave (VcProgress *self, VcProgressSpan outer)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->span = outer;
  g_mutex_unlock (&self->mutex);
}
