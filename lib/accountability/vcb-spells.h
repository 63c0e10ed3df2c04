/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "numeric/vcn-survival.h"
#include "vcb-records.h"

G_BEGIN_DECLS

/* How long some commitments took. */
typedef struct {
  double *days, *weight;
  guint8 *end;
  gsize   n, room;
} VcbSpells;

/* Room for `more`; FALSE: no memory. */
gboolean vcb_spells_reserve (VcbSpells        *self,
                             gsize             more);
/* A record, where its times say how long it took. */
void     vcb_spells_add     (VcbSpells        *self,
                             const VcbRecords *records,
                             guint64           record);
/* When half was kept. OK only with an upper end, else TOO_FEW. */
gboolean vcb_spells_median  (const VcbSpells  *self,
                             double            z,
                             guint             n_threads,
                             VcnLook          *look,
                             VcnFigure        *median,
                             GError          **error);
void     vcb_spells_clear   (VcbSpells        *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcbSpells, vcb_spells_clear)

G_END_DECLS
