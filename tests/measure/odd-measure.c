/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "odd-measure.h"
#include "measure/vc-measure-private.h"

enum {
  PROP_0,
  PROP_RATIO,
  PROP_ROUNDS,
  PROP_OFFSET,
  PROP_LARGE,
  PROP_DEEP,
  PROP_STRICT,
  PROP_LABEL,
  PROP_KIND,
  PROP_READ_ONLY,
  PROP_MADE_WITH,
  N_PROPS
};

typedef struct {
  OddBehaviour behaviour;
  GThread     *thread;
  GValue       values[N_PROPS];
} OddMeasurePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (OddMeasure, odd_measure, VC_TYPE_MEASURE)

static const char *
odd_measure_get_name (VcMeasure *measure)
{
  return "odd";
}

static VcScores *
wait_for_cancel (GCancellable *cancellable, GError **error)
{
  while (!g_cancellable_is_cancelled (cancellable))
    g_usleep (1000);
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return NULL;
}

static VcScores *
odd_measure_run (VcMeasure *measure, VcChain *chain, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  OddMeasurePrivate *priv = odd_measure_get_instance_private (ODD_MEASURE (measure));

  priv->thread = g_thread_self ();
  if (progress != NULL)
    vc_progress_update (progress, 1, "odd");
  if (priv->behaviour == ODD_FAILS || priv->behaviour == ODD_GIVES_BOTH)
    g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE, "told to fail");
  if (priv->behaviour == ODD_WAITS_FOR_CANCEL)
    return wait_for_cancel (cancellable, error);
  return priv->behaviour == ODD_GIVES_SCORES || priv->behaviour == ODD_GIVES_BOTH ? odd_scores_new () : NULL;
}

/* Explains whom it was asked about. */
static VcScores *
odd_measure_explain (VcMeasure *measure, VcChain *chain, const char *party, VcProgress *progress,
                     GCancellable *cancellable, GError **error)
{
  const char *const asked[] = { party, NULL };
  g_autoptr (VcScores) scores = odd_measure_run (measure, chain, progress, cancellable, error);
  g_autoptr (VcColumn) column = NULL;
  g_autoptr (VcTable) table = NULL;

  if (scores == NULL)
    return NULL;
  column = vc_column_new_texts ("party", asked, NULL);
  table = vc_table_new ("asked", (VcColumn *[]) { column }, 1, NULL);
  return vc_scores_new ("odd", (VcTable *[]) { table }, 1, vc_scores_get_options (scores),
                        vc_scores_get_proof (scores));
}

static void
odd_measure_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  OddMeasurePrivate *priv = odd_measure_get_instance_private (ODD_MEASURE (object));

  if (G_IS_VALUE (&priv->values[prop_id]))
    g_value_copy (&priv->values[prop_id], value);
  else
    g_param_value_set_default (pspec, value);
}

static void
odd_measure_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  OddMeasurePrivate *priv = odd_measure_get_instance_private (ODD_MEASURE (object));

  if (!G_IS_VALUE (&priv->values[prop_id]))
    g_value_init (&priv->values[prop_id], pspec->value_type);
  g_value_copy (value, &priv->values[prop_id]);
}

static void
odd_measure_finalize (GObject *object)
{
  OddMeasurePrivate *priv = odd_measure_get_instance_private (ODD_MEASURE (object));

  for (guint i = 0; i < N_PROPS; i++)
    if (G_IS_VALUE (&priv->values[i]))
      g_value_unset (&priv->values[i]);
  G_OBJECT_CLASS (odd_measure_parent_class)->finalize (object);
}

static void
odd_measure_class_init (OddMeasureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags rw = G_PARAM_READWRITE;

  object_class->get_property = odd_measure_get_property;
  object_class->set_property = odd_measure_set_property;
  object_class->finalize = odd_measure_finalize;
  VC_MEASURE_CLASS (klass)->get_name = odd_measure_get_name;
  VC_MEASURE_CLASS (klass)->run = odd_measure_run;
  VC_MEASURE_CLASS (klass)->explain = odd_measure_explain;

#define INSTALL(id, pspec) g_object_class_install_property (object_class, id, pspec)
  INSTALL (PROP_RATIO, g_param_spec_double ("ratio", NULL, "a share", 0, 1, 0.1, rw));
  INSTALL (PROP_ROUNDS, g_param_spec_uint ("rounds", NULL, "how often", 1, 1000, 3, rw));
  INSTALL (PROP_OFFSET, g_param_spec_int ("offset", NULL, "how far", -5, 5, 0, rw));
  INSTALL (PROP_LARGE, g_param_spec_uint64 ("large", NULL, NULL, 0, G_MAXUINT64, 7, rw));
  INSTALL (PROP_DEEP, g_param_spec_int64 ("deep", NULL, NULL, G_MININT64, G_MAXINT64, -7, rw));
  INSTALL (PROP_STRICT, g_param_spec_boolean ("strict", NULL, NULL, TRUE, rw));
  INSTALL (PROP_LABEL, g_param_spec_string ("label", NULL, NULL, NULL, rw));
  INSTALL (PROP_KIND, g_param_spec_enum ("kind", NULL, NULL, VC_TYPE_FLOW_KIND, VC_FLOW_KIND_WORK, rw));
  INSTALL (PROP_READ_ONLY, g_param_spec_int ("read-only", NULL, NULL, 0, 1, 0, G_PARAM_READABLE));
  INSTALL (PROP_MADE_WITH, g_param_spec_int ("made-with", NULL, NULL, 0, 1, 0, rw | G_PARAM_CONSTRUCT_ONLY));
#undef INSTALL
}

static void
odd_measure_init (OddMeasure *self)
{
}

typedef OddMeasure OddThreaded;
typedef OddMeasureClass OddThreadedClass;
G_DEFINE_TYPE (OddThreaded, odd_threaded, ODD_TYPE_MEASURE)

static void
odd_threaded_class_init (OddThreadedClass *klass)
{
  VC_MEASURE_CLASS (klass)->runs_in_thread = TRUE;
}

static void
odd_threaded_init (OddThreaded *self)
{
}

typedef VcMeasure OddEmpty;
typedef VcMeasureClass OddEmptyClass;
G_DEFINE_TYPE (OddEmpty, odd_empty, VC_TYPE_MEASURE)

static void
odd_empty_class_init (OddEmptyClass *klass)
{
}

static void
odd_empty_init (OddEmpty *self)
{
}

VcMeasure *
odd_measure_new (GType type, OddBehaviour behaviour)
{
  OddMeasure *self = g_object_new (type, NULL);
  OddMeasurePrivate *priv = odd_measure_get_instance_private (self);

  priv->behaviour = behaviour;
  return VC_MEASURE (self);
}

GThread *
odd_measure_thread (VcMeasure *self)
{
  OddMeasurePrivate *priv = odd_measure_get_instance_private (ODD_MEASURE (self));

  return priv->thread;
}

static VcTable *
make_table (const char *name, const double *values, gsize n_values)
{
  static const char *const labels[] = { "plain", "=1+1", "a \"b\"\n<c> & ü", NULL };
  g_autoptr (VcColumn) label = vc_column_new_texts ("name", labels, NULL);
  g_autoptr (VcColumn) value = vc_column_new_doubles ("value", values, n_values, NULL);

  return vc_table_new (name, (VcColumn *[]) { label, value }, 2, NULL);
}

VcScores *
odd_scores_new (void)
{
  static const double one[] = { 0.1, 1e300, 5e-324 };
  static const double two[] = { 1, -2, 1.0 / 3 };
  g_autoptr (VcTable) parties = make_table ("parties", one, 3);
  g_autoptr (VcTable) summary = make_table ("summary", two, 3);
  g_autoptr (GVariant) proof = g_variant_ref_sink (
    g_variant_new_parsed ("{'zeta': <[1.5, 2.0]>, 'alpha': <uint64 18446744073709551615>, 'deep': <{'b': "
                          "<true>, 'a': <'x\"y'>}>, 'none': <@ms nothing>, 'byte': <byte 0x10>, "
                          "'ratios': <{'b': 0.5, 'a': 0.25}>}"));

  return vc_scores_new ("odd", (VcTable *[]) { parties, summary }, 2, NULL, proof);
}

VcChain *
odd_chain_new (void)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();

  g_object_set (builder, "title", "Odd & \"even\"", "currency", "EUR", NULL);
  vc_chain_builder_add_party (builder, "acme", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_add_party (builder, "zeta", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_add_party (builder, "ann", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "team", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_flow (builder, "ann", "team", VC_FLOW_KIND_WORK, 2);
  vc_chain_builder_add_flow (builder, "team", "acme", VC_FLOW_KIND_WORK, 3);
  vc_chain_builder_add_receipt (builder, "acme", 100);
  return vc_chain_builder_build (builder, NULL, NULL, NULL);
}
