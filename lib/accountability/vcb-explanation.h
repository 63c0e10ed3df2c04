/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcb-tables.h"

G_BEGIN_DECLS

/* What a party owes, or what it is owed, by what its records count as. */
typedef struct {
  double   volume;                    /* of all, as in the table of parties */
  VcbTally tally;
  VcnSum   weights[VCB_N_OUTCOMES];   /* as in rates */
  guint64  counts[VCB_N_OUTCOMES];
  double   kept, decided;             /* weight; what counts for or against kept in all */
} VcbSide;

/* The row of the parties table that a party has, and the records behind it. */
typedef struct {
  const VcbContext *context;
  VcbSide           sides[2];  /* owes, is owed */
  guint64           n;
  guint32 *record; /* n: what it owes first; then what was broken, overdue, late, kept, open, withdrawn; then in the
                      chain's order */
  guint8           *is_owed;   /* n */
  VcmColumn         adds[VCB_N_QUESTIONS]; /* n: what each record adds to each share of its side */
  double            error;     /* by how much the records miss a rate */
} VcbExplanation;

/* `arcs`: between what a row is about, parties or `groups`. Errors: CONSERVATION, NO_MEMORY, being stopped. */
gboolean  vcb_explanation_init  (VcbExplanation   *self,
                                 const VcbContext *context,
                                 const VcbArcs    *arcs,
                                 const VcmGroups  *groups,
                                 guint32           party,
                                 GError          **error);
void      vcb_explanation_clear (VcbExplanation   *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbExplanation, vcb_explanation_clear)

/* How much higher the share kept of its side is than without a record; not a number where it counts neither way, or
 * where nothing else does. */
double    vcb_explanation_move  (const VcbExplanation *self,
                                 guint64               place);

VcTable  *vcb_table_of_sides    (const VcbExplanation *self,
                                 GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the columns out of the explanation. `commitments`: of the chain. */
VcTable  *vcb_table_of_records  (VcbExplanation       *self,
                                 VcTable              *commitments,
                                 GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
