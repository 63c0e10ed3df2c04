/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* Sorts arcs into rows, by all threads. All here fill `to`, which has room for as many rows and arcs; `fraction` is
 * what the monitor is told. O(m + n). */

typedef struct {
  guint64       n_triples;
  const gint32 *from, *to; /* below n */
  const double *value;
} VcnTriples;

/* Each row has its triples as they stand. */
gboolean vcn_deal_triples    (const VcnTriples *triples,
                              const VcnCsr     *to,
                              guint             n_threads,
                              const VcnMonitor *monitor,
                              double            fraction,
                              GError          **error);
/* The transposed of `from`. A column may have n added to it, a mark that its arc keeps: the column it becomes has n
 * added too. */
gboolean vcn_deal_transposed (const VcnCsr     *from,
                              const VcnCsr     *to,
                              guint             n_threads,
                              const VcnMonitor *monitor,
                              double            fraction,
                              GError          **error);
/* The same network by other numbers: row i becomes place[i], and column i. Each row has its arcs as they stand. */
gboolean vcn_deal_renumbered (const VcnCsr     *from,
                              const guint32    *place,
                              const VcnCsr     *to,
                              guint             n_threads,
                              const VcnMonitor *monitor,
                              double            fraction,
                              GError          **error);

G_END_DECLS
