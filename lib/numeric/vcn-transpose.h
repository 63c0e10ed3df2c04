/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* Fills `to`, which has room for as many rows and arcs, with the transposed of `from`. A column may have n added to it,
 * a mark that its arc keeps: the column it becomes has n added too. `fraction` is what the monitor is told.
 * O(m + n). */
gboolean vcn_transpose (const VcnCsr     *from,
                        const VcnCsr     *to,
                        guint             n_threads,
                        const VcnMonitor *monitor,
                        double            fraction,
                        GError          **error);

G_END_DECLS
