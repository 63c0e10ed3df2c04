/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-accountability.h"
#include "valuechain/vc-alignment.h"
#include "valuechain/vc-error.h"
#include "valuechain/vc-measure.h"

/* The one place that knows every measure: a new one is a line here, in the order in which they are shown. */
static const struct {
  const char *name;
  GType (*get_type) (void);
} measures[] = {
  { "alignment", vc_alignment_get_type },
  { "accountability", vc_accountability_get_type },
  { NULL, NULL },
};

/**
 * vc_measure_list_names:
 *
 * The names of the measures that come with the library.
 *
 * Returns: (transfer full): the names
 */
char **
vc_measure_list_names (void)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; measures[i].name != NULL; i++)
    g_strv_builder_add (names, measures[i].name);
  return g_strv_builder_end (names);
}

/**
 * vc_measure_for_name:
 * @name: the name of a measure that comes with the library
 * @error: return location for an error
 *
 * Makes a measure with its default options. Fails with %VC_MEASURE_ERROR_UNKNOWN where there is none of that name.
 *
 * Returns: (transfer full): a new measure
 */
VcMeasure *
vc_measure_for_name (const char *name, GError **error)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *known = NULL;
  g_autofree char *asked = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  for (gsize i = 0; measures[i].name != NULL; i++)
    if (g_str_equal (measures[i].name, name))
      return g_object_new (measures[i].get_type (), NULL);
  names = vc_measure_list_names ();
  known = g_strjoinv (", ", names);
  asked = g_utf8_make_valid (name, -1);
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN, "no measure is called \"%s\"; there are: %s", asked,
               known);
  return NULL;
}
