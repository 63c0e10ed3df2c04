/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "numeric/vcn-paths.h"
#include "valuechain/vc-measure.h"
#include "vca-figures.h"
#include "vca-tables.h"

G_BEGIN_DECLS

/* What a path comes to: a VcaEnd, or nobody. */
#define VCA_STAYS ((guint) VCA_N_ENDS)
#define VCA_N_KINDS (VCA_STAYS + 1)

/* Of the paths of one kind. */
typedef struct {
  double  shown;
  double  remainder;
  guint64 n;
} VcaCover;

typedef struct {
  guint32    party;
  VcGrouping group_by;
  guint      n_paths;
} VcaQuestion;

/* The row of the parties table that a party has, and the paths of largest share behind its five shares. */
typedef struct {
  const VcaSolution *solution;
  double             figures[VCA_N_FIGURES];
  VcnPaths           paths;
  guint8            *kind;  /* of each path */
  VcaCover           cover[VCA_N_KINDS];
  double             error; /* by how much paths miss what they are a part of */
} VcaExplanation;

/* Errors: UNSUPPORTED where the party has no row; those of vcn_paths_find(); CONSERVATION. */
gboolean  vca_explanation_init  (VcaExplanation    *self,
                                 const VcaSolution *solution,
                                 const VcaQuestion *question,
                                 VcmWatch          *watch,
                                 GError           **error);
void      vca_explanation_clear (VcaExplanation    *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcaExplanation, vca_explanation_clear)

VcTable  *vca_table_of_cover    (const VcaExplanation *explanation,
                                 const VcaUnits       *units,
                                 GError              **error) G_GNUC_WARN_UNUSED_RESULT;
VcTable  *vca_table_of_paths    (const VcaExplanation *explanation,
                                 const VcaUnits       *units,
                                 VcmWatch             *watch,
                                 GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* That of the solution, and what the paths add to it. Floating. */
GVariant *vca_explanation_proof (const VcaExplanation *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
