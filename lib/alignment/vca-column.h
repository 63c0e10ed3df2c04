/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-chain-private.h"
#include "table/vc-table-private.h"

G_BEGIN_DECLS

/* A column of numbers on its way: NaN where it is null. Any part of it that starts at a multiple of 8 may be filled and sealed by a thread of its own. */
typedef struct {
  double *values;
  guint8 *validity;
  guint64 n_rows;
  guint   has_nulls, has_infinities; /* atomic */
} VcaColumn;

gboolean  vca_column_init     (VcaColumn *self,
                               guint64    n_rows,
                               GError   **error);
void      vca_column_clear    (VcaColumn *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcaColumn, vca_column_clear)
/* Turns NaN into null in the rows [start, end). */
void      vca_column_seal     (VcaColumn *self,
                               guint64    start,
                               guint64    end);
/* Sealed, it becomes a column of a table. NOT_FINITE where a number is infinite. */
VcColumn *vca_column_finish   (VcaColumn  *self,
                               const char *name,
                               const char *unit,
                               const char *description,
                               GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* Parties by their index, in the words of the chain. Takes `parties`. */
VcColumn *vca_column_of_parties (const VcChainArrays *chain,
                                 gint32              *parties,
                                 guint64              n_rows,
                                 const char          *name,
                                 const char          *description) G_GNUC_WARN_UNUSED_RESULT;
/* A few words, NULL where null. */
VcColumn *vca_column_of_words   (const char         *name,
                                 const char * const *words,
                                 guint               n_rows,
                                 const char         *description,
                                 GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* Codes into a fixed list of words. Takes `codes`. */
VcColumn *vca_column_of_codes   (const char         *name,
                                 gint32             *codes,
                                 guint64             n_rows,
                                 const char * const *words,
                                 guint               n_words,
                                 const char         *description,
                                 GError            **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the columns, on failure too; those that are NULL have failed: NULL and an error then. */
VcTable  *vca_table_of (const char *name,
                        VcColumn  **columns,
                        guint       n_columns,
                        GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
