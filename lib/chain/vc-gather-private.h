/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "table/vc-table-private.h"
#include "vc-fields-private.h"
#include "vc-party-index-private.h"
#include "vc-problems-private.h"

G_BEGIN_DECLS

/* A table whose rows are records of one kind, and the number of its first row when all tables of that kind stand one
 * under the other. */
typedef struct {
  VcTable *table;
  char    *origin;
  guint64  first_row;
  gboolean patch; /* each row sets some fields of a party that other tables have */
} VcPart;

VcPart  *vc_part_new   (VcTable *table, const char *origin, gboolean patch) G_GNUC_WARN_UNUSED_RESULT;
void     vc_part_free  (gpointer part);
/* Where a row of a part stands. */
VcPlace  vc_part_place (const VcPart *part, guint64 row, const char *field);

/* What gathering needs and tells. */
typedef struct {
  GPtrArray          *parts; /* of VcPart, all of one kind */
  guint64             n_rows;
  VcProblems         *problems;
  VcPartyIndex       *parties;
  GCancellable       *cancellable;
  gboolean            failed; /* no memory, or cancelled */
} VcGather;

/* One field of all parts as one column: values in range, -0 as 0, words as codes of the field's list, parties as
 * indices, labels canonical; every value that is wrong is told. The input's own column is shared where nothing has to
 * change. NULL: no part has the field, or `failed` was set. */
VcColumn *vc_gather_field     (VcGather *self, const VcField *field) G_GNUC_WARN_UNUSED_RESULT;
/* Text made of whole numbers; the column itself where it is text. NULL: no memory. */
VcColumn *vc_gather_as_text   (VcColumn *column) G_GNUC_WARN_UNUSED_RESULT;
/* The labels of a list of words. */
VcStrings *vc_words_to_labels (const char *const *words) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
