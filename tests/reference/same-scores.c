/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "same-scores.h"

#include <string.h>

static gboolean
is_same_cell (VcColumn *a, VcColumn *b, guint64 row)
{
  g_autofree char *text = NULL, *other = NULL;
  double x, y;

  if (vc_column_is_null (a, row) || vc_column_is_null (b, row))
    return vc_column_is_null (a, row) && vc_column_is_null (b, row);
  switch (vc_column_get_column_type (a)) {
    case VC_COLUMN_TYPE_DOUBLE:
      x = vc_column_get_double (a, row);
      y = vc_column_get_double (b, row);
      return memcmp (&x, &y, sizeof x) == 0;
    case VC_COLUMN_TYPE_TEXT:
      text = vc_column_dup_text (a, row);
      other = vc_column_dup_text (b, row);
      return strcmp (text, other) == 0;
    case VC_COLUMN_TYPE_BOOLEAN:
      return vc_column_get_boolean (a, row) == vc_column_get_boolean (b, row);
    default:
      return vc_column_get_int64 (a, row) == vc_column_get_int64 (b, row);
  }
}

static char *
difference_of_columns (VcColumn *a, VcColumn *b)
{
  const char *name = vc_column_get_name (a);

  if (strcmp (name, vc_column_get_name (b)) != 0 || vc_column_get_column_type (a) != vc_column_get_column_type (b)
      || g_strcmp0 (vc_column_get_unit (a), vc_column_get_unit (b)) != 0
      || g_strcmp0 (vc_column_get_description (a), vc_column_get_description (b)) != 0
      || vc_column_get_n_rows (a) != vc_column_get_n_rows (b))
    return g_strdup_printf ("what is said of column %s", name);
  for (guint64 row = 0; row < vc_column_get_n_rows (a); row++)
    if (!is_same_cell (a, b, row))
      return g_strdup_printf ("column %s, row %" G_GUINT64_FORMAT, name, row + 1);
  return NULL;
}

static char *
difference_of_tables (VcTable *a, VcTable *b)
{
  char *difference = NULL;

  if (vc_table_get_n_columns (a) != vc_table_get_n_columns (b))
    return g_strdup_printf ("number of columns of %s", vc_table_get_name (a));
  for (guint i = 0; i < vc_table_get_n_columns (a) && difference == NULL; i++)
    difference = difference_of_columns (vc_table_get_column (a, i), vc_table_get_column (b, i));
  return difference;
}

char *
difference_of_scores (VcScores *a, VcScores *b)
{
  g_auto (GStrv) names = vc_scores_list_tables (a), others = vc_scores_list_tables (b);
  char *difference = NULL;

  if (strcmp (vc_scores_get_measure (a), vc_scores_get_measure (b)) != 0)
    return g_strdup ("measure");
  if (g_strcmp0 (vc_scores_get_party (a), vc_scores_get_party (b)) != 0)
    return g_strdup ("party");
  if (!g_variant_equal (vc_scores_get_options (a), vc_scores_get_options (b)))
    return g_strdup ("options");
  if (!g_variant_equal (vc_scores_get_proof (a), vc_scores_get_proof (b)))
    return g_strdup ("proof");
  if (!g_strv_equal ((const char *const *) names, (const char *const *) others))
    return g_strdup ("names of tables");
  for (guint i = 0; names[i] != NULL && difference == NULL; i++)
    difference = difference_of_tables (vc_scores_get_table (a, names[i]), vc_scores_get_table (b, names[i]));
  return difference;
}
