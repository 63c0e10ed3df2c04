/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "measure/vcm-groups.h"
#include "numeric/vcn-krackhardt.h"
#include "numeric/vcn-reciprocity.h"
#include "vcb-duels.h"
#include "vcb-sheet.h"
#include "vcb-tally.h"

G_BEGIN_DECLS

/* What each party owes, is owed, and what of it goes both ways. */
typedef struct {
  double *owes, *owed, *mutual; /* n */
} VcbVolumes;

/* What all tables of a run share. */
typedef struct {
  const VcChainArrays *chain;
  const VcbRecords    *records;
  const VcbArcs       *arcs;       /* between parties */
  const VcbVolumes    *volumes;
  double               confidence;
  guint                n_threads;
  VcmWatch            *watch;
} VcbContext;

/* How much more one owes than the other, of what both owe: -1 to 1; not a number where neither owes anything. */
static inline double
vcb_balance (double there, double back)
{
  return vcb_part (there - back, there + back);
}

/* ---- volumes ---- */

/* What somebody owes some others, is owed by them, and what of it goes both ways. */
typedef struct {
  VcnSum owes, owed, mutual;
} VcbVolume;

static inline void
vcb_volume_add (VcbVolume *self, const VcbArcs *arcs, const VcbTie *tie)
{
  const double there = vcb_arc_volume (arcs, tie->out), back = vcb_arc_volume (arcs, tie->in);

  vcn_sum_add (&self->owes, there);
  vcn_sum_add (&self->owed, back);
  vcn_sum_add (&self->mutual, MIN (there, back));
}

gboolean vcb_volumes_init  (VcbVolumes       *self,
                            const VcbContext *context,
                            GError          **error);
void     vcb_volumes_clear (VcbVolumes       *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbVolumes, vcb_volumes_clear)
/* One of the volumes of all who count to a party, or where `groups` is NULL of the party. */
double   vcb_volumes_of    (const double     *volume,
                            const VcmGroups  *groups,
                            guint32           party);

/* ---- lines ---- */

/* Reporting ties: each party that has a manager, neither of them a customer. */
typedef struct {
  guint64     n;
  gint32     *manager, *report; /* n, in this order */
  VcbDuels    duels;            /* the manager's side first */
  guint64     n_both, n_down, n_up, n_none; /* ties by who owes something */
  VcbShare    down, up;         /* all that managers owe their reports, and the other way round */
  VcnSum matched[4]; /* ties on which both sides have something decided, each counted once: of a commitment drawn from
                      * either side, both are kept, only the manager's, only the report's, neither */
  guint64     n_matched, n_better_down, n_better_up; /* of these: on which one side kept the larger share */
  VcnKrackhardt shape;
} VcbLines;

gboolean vcb_lines_init  (VcbLines         *self,
                          const VcbContext *context,
                          GError          **error);
void     vcb_lines_clear (VcbLines         *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbLines, vcb_lines_clear)

/* ---- tables ---- */

/* What a run found beside its tables. */
typedef struct {
  VcnReciprocity  reciprocity;
  VcnNull         null;
  VcnBetaBinomial parties, functions; /* how rates spread */
  double          conservation;       /* |what is owed by all - what is owed to all|, of the larger */
  double          explanation;        /* by how much the records of a party miss its rate */
} VcbFindings;

/* `arcs`: between what a row of the pairs is about. */
VcTable  *vcb_table_of_pairs     (const VcbContext *context,
                                  const VcbArcs    *arcs,
                                  GError          **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the columns out of the lines. */
VcTable  *vcb_table_of_lines     (const VcbContext *context,
                                  VcbLines         *lines,
                                  GError          **error) G_GNUC_WARN_UNUSED_RESULT;
/* `groups` NULL: a row for each party, and `arcs` those between parties. */
VcTable  *vcb_table_of_parties   (const VcbContext *context,
                                  const VcbArcs    *arcs,
                                  const VcmGroups  *groups,
                                  VcbFindings      *findings,
                                  GError          **error) G_GNUC_WARN_UNUSED_RESULT;
VcTable  *vcb_table_of_functions (const VcbContext *context,
                                  VcbFindings      *findings,
                                  GError          **error) G_GNUC_WARN_UNUSED_RESULT;
VcTable  *vcb_table_of_summary   (const VcbContext *context,
                                  const VcbLines   *lines,
                                  VcbFindings      *findings,
                                  GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* a{sv}, floating; the second one of an explanation. */
GVariant *vcb_proof_to_variant   (const VcbContext  *context,
                                  const VcbFindings *findings) G_GNUC_WARN_UNUSED_RESULT;
GVariant *vcb_proof_of_records   (const VcbContext  *context,
                                  const VcbFindings *findings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
