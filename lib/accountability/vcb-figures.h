/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcb-sheet.h"

G_BEGIN_DECLS

/* A row of a summary. */
typedef struct {
  const char *name;
  VcnFigure   figure;
  const char *unit;
} VcbFigure;

#define VCB_MOST_FIGURES 32u

static inline VcbFigure *
vcb_figure_add (VcbFigure *next, const char *name, VcnFigure figure, const char *unit)
{
  *next = (VcbFigure) { name, figure, unit };
  return next + 1;
}

/* Without an interval. */
static inline VcnFigure
vcb_figure_plain (double value, double n, VcStatus status)
{
  return status == VC_STATUS_OK ? (VcnFigure) { value, (double) NAN, (double) NAN, n, status }
                                : vcn_figure_undefined (n, status);
}

/* At most VCB_MOST_FIGURES, as a table "summary". */
VcTable *vcb_table_of_figures (const VcbFigure *figures,
                               guint            n_figures,
                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
