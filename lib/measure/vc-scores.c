/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-scores-private.h"

/**
 * VcScores:
 *
 * What a measure found, of all parties or behind the figures of one: named tables, the options that it used and the
 * proof of its solvers.
 *
 * Scores never change, and any number of threads may read them.
 */

struct _VcScores
{
  GObject     parent_instance;

  const char *measure; /* interned */
  char       *party;   /* NULL: of all */
  GPtrArray  *tables;
  GVariant   *options;
  GVariant   *proof;
};

G_DEFINE_FINAL_TYPE (VcScores, vc_scores, G_TYPE_OBJECT)

static void
vc_scores_finalize (GObject *object)
{
  VcScores *self = VC_SCORES (object);

  g_clear_pointer (&self->party, g_free);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_clear_pointer (&self->options, g_variant_unref);
  g_clear_pointer (&self->proof, g_variant_unref);

  G_OBJECT_CLASS (vc_scores_parent_class)->finalize (object);
}

static void
vc_scores_class_init (VcScoresClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vc_scores_finalize;
}

static void
vc_scores_init (VcScores *self)
{
  self->tables = g_ptr_array_new_with_free_func (g_object_unref);
}

/* A measure has some ten tables: every pair is looked at. */
static gboolean
are_tables (VcTable **tables, gsize n_tables)
{
  for (gsize i = 0; i < n_tables; i++) {
    if (!VC_IS_TABLE (tables[i]))
      return FALSE;
    for (gsize j = 0; j < i; j++)
      if (g_str_equal (vc_table_get_name (tables[i]), vc_table_get_name (tables[j])))
        return FALSE;
  }
  return TRUE;
}

static gboolean
is_dictionary (GVariant *variant)
{
  return variant == NULL || g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT);
}

static GVariant *
take_dictionary (GVariant *variant)
{
  return g_variant_ref_sink (variant != NULL ? variant : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

/**
 * vc_scores_new:
 * @measure: the name of the measure
 * @tables: (array length=n_tables): tables of different names; the one named "summary" is what is shown first
 * @n_tables: how many
 * @options: (nullable): the options used, of type `a{sv}`; a floating reference is sunk
 * @proof: (nullable): how the solvers checked their answers, of type `a{sv}`; a floating reference is sunk
 *
 * Makes scores, as the last step of a measure's `run()` or `explain()`.
 *
 * Returns: (transfer full): new scores
 */
VcScores *
vc_scores_new (const char *measure, VcTable **tables, gsize n_tables, GVariant *options, GVariant *proof)
{
  VcScores *self;

  g_return_val_if_fail (measure != NULL && g_utf8_validate (measure, -1, NULL), NULL);
  g_return_val_if_fail (tables != NULL || n_tables == 0, NULL);
  g_return_val_if_fail (are_tables (tables, n_tables), NULL);
  g_return_val_if_fail (is_dictionary (options), NULL);
  g_return_val_if_fail (is_dictionary (proof), NULL);

  self = g_object_new (VC_TYPE_SCORES, NULL);
  self->measure = g_intern_string (measure);
  for (gsize i = 0; i < n_tables; i++)
    g_ptr_array_add (self->tables, g_object_ref (tables[i]));
  self->options = take_dictionary (options);
  self->proof = take_dictionary (proof);
  return self;
}

VcScores *
vc_scores_new_about (VcScores *self, const char *party)
{
  VcScores *about
    = vc_scores_new (self->measure, (VcTable **) self->tables->pdata, self->tables->len, self->options, self->proof);

  about->party = g_strdup (party);
  return about;
}

char *
vc_scores_dup_title (VcScores *self)
{
  return self->party != NULL ? g_strconcat (self->measure, ": ", self->party, NULL) : g_strdup (self->measure);
}

/**
 * vc_scores_get_measure:
 * @self: scores
 *
 * The name of the measure that made them.
 *
 * Returns: the name
 */
const char *
vc_scores_get_measure (VcScores *self)
{
  g_return_val_if_fail (VC_IS_SCORES (self), NULL);

  return self->measure;
}

/**
 * vc_scores_get_party:
 * @self: scores
 *
 * The party that the scores explain, where they come from [method@Measure.explain].
 *
 * Returns: (nullable): the id of the party, or %NULL where they are the scores of all
 */
const char *
vc_scores_get_party (VcScores *self)
{
  g_return_val_if_fail (VC_IS_SCORES (self), NULL);

  return self->party;
}

/**
 * vc_scores_list_tables:
 * @self: scores
 *
 * The names of the tables, in the order in which the measure made them.
 *
 * Returns: (transfer full): the names
 */
char **
vc_scores_list_tables (VcScores *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (VC_IS_SCORES (self), NULL);

  for (guint i = 0; i < self->tables->len; i++)
    g_strv_builder_add (names, vc_table_get_name (g_ptr_array_index (self->tables, i)));
  return g_strv_builder_end (names);
}

/**
 * vc_scores_get_table:
 * @self: scores
 * @name: the name of a table
 *
 * One of the tables.
 *
 * Returns: (transfer none) (nullable): the table, or %NULL if there is none of that name
 */
VcTable *
vc_scores_get_table (VcScores *self, const char *name)
{
  g_return_val_if_fail (VC_IS_SCORES (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->tables->len; i++) {
    VcTable *table = g_ptr_array_index (self->tables, i);

    if (g_str_equal (vc_table_get_name (table), name))
      return table;
  }
  return NULL;
}

/**
 * vc_scores_get_options:
 * @self: scores
 *
 * The options that the measure used, each by its name.
 *
 * Returns: (transfer none): a dictionary of type `a{sv}`
 */
GVariant *
vc_scores_get_options (VcScores *self)
{
  g_return_val_if_fail (VC_IS_SCORES (self), NULL);

  return self->options;
}

/**
 * vc_scores_get_proof:
 * @self: scores
 *
 * How the solvers checked their own answers: residuals, iterations, what was conserved.
 *
 * Returns: (transfer none): a dictionary of type `a{sv}`
 */
GVariant *
vc_scores_get_proof (VcScores *self)
{
  g_return_val_if_fail (VC_IS_SCORES (self), NULL);

  return self->proof;
}
