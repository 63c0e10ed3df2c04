/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcb-sheet.h"

G_BEGIN_DECLS

/* Two sides that owe each other, a row for each such two: how each kept what it owed, and the difference. */
typedef enum {
  VCB_DUELS_FIRST = 0,      /* value, low, high, n */
  VCB_DUELS_SECOND = 4,
  VCB_DUELS_DIFFERENCE = 8, /* the first's - the second's */
  VCB_DUELS_N_FIGURES = 12,
} VcbDuelsFigure;

#define VCB_DUELS_N_COLUMNS (VCB_DUELS_N_FIGURES + 1)

/* What a side's records add up to. */
typedef struct {
  double *kept, *broken, *squares;
} VcbSums;

typedef struct {
  const VcbArcs *arcs;
  guint64        n_rows;
  guint32       *first, *second; /* n_rows: arcs of either side, or n_arcs */
  VcmColumn      figures[VCB_DUELS_N_FIGURES];
  gint32        *status;
  double        *room;           /* that the sums stand in, where they are kept */
  VcbSums        sums[2];        /* n_rows, of either side; or NULL */
} VcbDuels;

/* With room for the arcs, which then are to be put in. */
gboolean vcb_duels_init   (VcbDuels      *self,
                           const VcbArcs *arcs,
                           guint64        n_rows,
                           gboolean       keeps_sums,
                           GError       **error);
gboolean vcb_duels_fill   (VcbDuels      *self,
                           double         confidence,
                           VcmWatch      *watch,
                           GError       **error);
/* Puts VCB_DUELS_N_COLUMNS columns; `names` of both rates. */
gboolean vcb_duels_finish (VcbDuels      *self,
                           const char    *names[2],
                           VcColumn     **columns,
                           GError       **error);
void     vcb_duels_clear  (VcbDuels      *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbDuels, vcb_duels_clear)

/* What is owed along it. */
static inline double
vcb_arc_volume (const VcbArcs *arcs, guint32 arc)
{
  return arc < arcs->n_arcs ? arcs->volume[arc] : 0;
}

G_END_DECLS
