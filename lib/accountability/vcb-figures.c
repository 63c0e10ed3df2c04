/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-figures.h"

static gboolean
fill (const VcbFigure *figures, guint n, VcmColumn numbers[4], GError **error)
{
  if (!vcb_columns_init (numbers, 4, n, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    vcb_put_figure (numbers, i, &figures[i].figure);
  for (guint i = 0; i < 4; i++)
    vcm_column_seal (&numbers[i], 0, n);
  return TRUE;
}

static VcTable *
finish (const VcbFigure *figures, guint n, VcmColumn numbers[4], GError **error)
{
  const char *names[VCB_MOST_FIGURES], *units[VCB_MOST_FIGURES], *statuses[VCB_MOST_FIGURES];
  VcColumn *columns[7] = { NULL };

  for (guint i = 0; i < n; i++) {
    names[i] = figures[i].name;
    units[i] = figures[i].unit;
    statuses[i] = vc_status_get_name (figures[i].figure.status);
  }
  columns[0] = vcm_column_of_words ("name", names, n, "name of the figure", error);
  if (columns[0] != NULL)
    columns[1] = vcm_column_finish (&numbers[0], "value", NULL, "the figure, in its unit", error);
  if (columns[1] != NULL)
    columns[2]
      = vcm_column_of_words ("unit", units, n, "what the figure is counted in; null: weight, or nothing", error);
  if (columns[2] != NULL)
    columns[3]
      = vcm_column_finish (&numbers[1], "low", NULL, "lower end of its interval; null where it has none", error);
  if (columns[3] != NULL)
    columns[4]
      = vcm_column_finish (&numbers[2], "high", NULL, "upper end of its interval; null where it has none", error);
  if (columns[4] != NULL)
    columns[5] = vcm_column_finish (
      &numbers[3], "n", NULL, "commitments, pairs, ties or parties behind the figure, as many alike as say as much",
      error);
  if (columns[5] != NULL)
    columns[6] = vcm_column_of_words ("status", statuses, n,
                                      "OK, or why there is no figure, or no upper end of its interval", error);
  return vcm_table_of ("summary", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vcb_table_of_figures (const VcbFigure *figures, guint n_figures, GError **error)
{
  VcmColumn numbers[4] = { { 0 } };
  VcTable *table = NULL;

  g_assert (n_figures <= VCB_MOST_FIGURES);
  if (fill (figures, n_figures, numbers, error))
    table = finish (figures, n_figures, numbers, error);
  for (guint i = 0; i < 4; i++)
    vcm_column_clear (&numbers[i]);
  return table;
}
