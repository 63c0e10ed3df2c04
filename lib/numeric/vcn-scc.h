/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-csr.h"

G_BEGIN_DECLS

/* Strongly connected components, iteratively (Tarjan 1972; Pearce 2016): component[i] numbered so that each arc goes to
 * a component of the same or a LOWER number (reverse topological order: solve in ascending order). O(n + m) time, about
 * 20 n bytes. */
gboolean vcn_scc (const VcnCsr     *graph,
                  guint32          *component,   /* n, out */
                  guint32          *n_components,
                  guint             n_threads,
                  const VcnMonitor *monitor,
                  GError          **error);

G_END_DECLS
