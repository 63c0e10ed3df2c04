/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-chain-private.h"
#include "table/vc-table-private.h"

G_BEGIN_DECLS

/* A column of numbers on its way: NaN where it is null. Any part of it that starts at a multiple of 8 may be filled and
 * sealed by a thread of its own. */
typedef struct {
  double *values;
  guint8 *validity;
  guint64 n_rows;
  guint   has_nulls, has_infinities; /* atomic */
} VcmColumn;

gboolean  vcm_column_init     (VcmColumn *self,
                               guint64    n_rows,
                               GError   **error);
void      vcm_column_clear    (VcmColumn *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcmColumn, vcm_column_clear)
/* Turns NaN into null in the rows [start, end). */
void      vcm_column_seal     (VcmColumn *self,
                               guint64    start,
                               guint64    end);
/* Sealed, it becomes a column of a table. NOT_FINITE where a number is infinite. */
VcColumn *vcm_column_finish   (VcmColumn  *self,
                               const char *name,
                               const char *unit,
                               const char *description,
                               GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* One chunk of rows for each thread to take at a time; a multiple of 8, so that no two chunks share a byte of validity.
 */
#define VCM_CHUNK ((guint64) 16384)

static inline guint
vcm_n_chunks (guint64 n)
{
  return (guint) ((n + VCM_CHUNK - 1) / VCM_CHUNK);
}

/* Parties by their index, in the words of the chain. Takes `parties`. */
VcColumn *vcm_column_of_parties (const VcChainArrays *chain,
                                 gint32              *parties,
                                 guint64              n_rows,
                                 const char          *name,
                                 const char          *description) G_GNUC_WARN_UNUSED_RESULT;
/* A few numbers, copied; NaN where null. */
VcColumn *vcm_column_of_few     (const char   *name,
                                 const double *values,
                                 guint         n_rows,
                                 const char   *description,
                                 GError      **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of whole numbers, none of them null. */
VcColumn *vcm_column_of_few_counts (const char    *name,
                                    const guint64 *counts,
                                    guint          n_rows,
                                    const char    *description,
                                    GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes `counts`. */
VcColumn *vcm_column_of_counts  (const char *name,
                                 gint64     *counts,
                                 guint64     n_rows,
                                 const char *unit,
                                 const char *description) G_GNUC_WARN_UNUSED_RESULT;
/* A few words, NULL where null. */
VcColumn *vcm_column_of_words   (const char         *name,
                                 const char * const *words,
                                 guint               n_rows,
                                 const char         *description,
                                 GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* Codes into a fixed list of words. Takes `codes`. */
VcColumn *vcm_column_of_codes   (const char         *name,
                                 gint32             *codes,
                                 guint64             n_rows,
                                 const char * const *words,
                                 guint               n_words,
                                 const char         *description,
                                 GError            **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the columns, on failure too; those that are NULL have failed: NULL and an error then. */
VcTable  *vcm_table_of (const char *name,
                        VcColumn  **columns,
                        guint       n_columns,
                        GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
