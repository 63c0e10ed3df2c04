/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-table.h"
#include "vc-column-private.h"

G_BEGIN_DECLS

/* 1-based line of the file that a row was read from; 0 where the table comes from no file. */
guint64  vc_table_get_line       (VcTable *self, guint64 row);
/* Where rows stand on lines of their own but for those that span several: `first_line` is the line of row 0;
 * `extra_rows[i]` is a row after which `extra_lines[i]` lines more have passed in all (ascending). Copies both arrays.
 */
void     vc_table_set_lines      (VcTable *self, guint64 first_line,
                                  const guint64 *extra_rows, const guint64 *extra_lines, gsize n_extra);
/* Takes what another table, of as many rows and let go of soon, knows of lines. */
void     vc_table_move_lines     (VcTable *self, VcTable *from);
/* Like vc_table_new(), but takes the columns' references, and relies on the caller for equal lengths and unique names.
 * NULL where memory is short, for the table or already for one of the columns, which is NULL then; the others are let
 * go of all the same. */
VcTable *vc_table_new_take       (const char *name, VcColumn **columns, gsize n_columns) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
