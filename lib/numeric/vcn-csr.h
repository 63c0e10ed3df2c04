/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A sparse matrix of non-negative weights by rows: row i holds column[start[i]] .. column[start[i + 1] - 1], ascending,
 * each once. */
typedef struct {
  guint32  n;      /* rows and columns */
  guint64 *start;  /* n + 1 */
  guint32 *column;
  double  *value;
} VcnCsr;

/* How long work reports and stops: step() is called often enough (every 50 ms of work or so), by any of its threads;
 * FALSE: stop, answer G_IO_ERROR_CANCELLED. All members may be NULL. */
typedef struct {
  gboolean (*step) (gpointer data, double fraction);
  gpointer   data;
} VcnMonitor;

/* From triples in any order. Parallel entries add up by a compensated sum in ascending order of value, so that the
 * order of the triples never shows; entries of value 0 are left out; entries on the diagonal go to `diagonal` (n
 * doubles, or NULL to drop them). Errors (VC_MEASURE_ERROR): NOT_FINITE for NaN, infinite or negative values or an
 * overflowing sum, LIMIT, NO_MEMORY, and being stopped. O(m + n). */
gboolean vcn_csr_from_triples (VcnCsr         *self,
                               guint32         n,
                               guint64         n_triples,
                               const gint32   *from,
                               const gint32   *to,
                               const double   *value,
                               double         *diagonal,
                               guint           n_threads,
                               const VcnMonitor *monitor,
                               GError        **error);
gboolean vcn_csr_transpose    (VcnCsr         *self,
                               const VcnCsr   *other,
                               guint           n_threads,
                               const VcnMonitor *monitor,
                               GError        **error);
/* The same network by other numbers: node i becomes place[i]. */
gboolean vcn_csr_renumber     (VcnCsr         *self,
                               const VcnCsr   *other,
                               const guint32  *place,
                               guint           n_threads,
                               const VcnMonitor *monitor,
                               GError        **error);
void     vcn_csr_clear        (VcnCsr         *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnCsr, vcn_csr_clear)

G_END_DECLS
