/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "measure/vcm-groups.h"
#include "vca-solution.h"

G_BEGIN_DECLS

/* The columns of the table of parties that are figures. */
enum {
  VCA_EFFORT,
  VCA_REACH,
  VCA_HIERARCHY,
  VCA_STRANDED,
  VCA_LOOP,
  VCA_UNDELIVERED,
  VCA_REWORK,
  VCA_DISTANCE,
  VCA_LEVEL,
  VCA_PULL,
  VCA_TOP_DOWN,
  VCA_BOTTOM_UP,
  VCA_ORIGIN_LOOP,
  VCA_REVENUE,
  VCA_N_FIGURES,
};

typedef struct {
  const char *name;
  const char *unit; /* NULL: that of the chain */
  const char *description;
} VcaFigure;

extern const VcaFigure vca_figures[VCA_N_FIGURES];

/* The figures of a row: of the party, or with `groups` of all who count to it. NaN: null. FALSE: stopped. */
gboolean vca_figures_of_row (const VcaSolution *solution,
                             const VcmGroups   *groups,
                             guint32            party,
                             double             figures[VCA_N_FIGURES],
                             VcnLook           *look,
                             guint64           *done);

/* What a party costs, in arcs. */
#define VCA_COST_OF_PARTY 16

G_END_DECLS
