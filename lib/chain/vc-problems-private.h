/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-error.h"
#include "valuechain/vc-table.h"

G_BEGIN_DECLS

typedef enum {
  VC_SEVERITY_ERROR,
  VC_SEVERITY_WARNING,
  VC_SEVERITY_NOTE,
} VcSeverity;

/* Where a problem is. Texts are borrowed for the call. */
typedef struct {
  const char *origin; /* what messages call the table, or NULL */
  guint64     line;   /* 1-based, 0: unknown */
  guint64     row;    /* 1-based, 0: unknown; told where there is no line */
  const char *field;  /* or NULL */
} VcPlace;

/* What is wrong or odd, in the order it was found; of problems of one code and field in one place, the first hundred
 * are kept and the rest are counted. No text of it ever comes from a cell: that may be personal. */
typedef struct _VcProblems VcProblems;

VcProblems *vc_problems_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void        vc_problems_free       (VcProblems *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcProblems, vc_problems_free)

/* `message` is a clause about the field ("is missing"). */
void        vc_problems_add_error  (VcProblems *self, const VcPlace *place, VcImportError code, const char *message);
/* The same with a count of what it stands for and a code of its own; nothing is added where `count` is 0. */
void        vc_problems_add_odd    (VcProblems *self, VcSeverity severity, const VcPlace *place, const char *code,
                                    guint64 count, const char *message);
guint64     vc_problems_n_errors   (const VcProblems *self);
/* The first error, and how many more there are. */
void        vc_problems_set_error  (const VcProblems *self, GError **error);
/* The table "check"; NULL: no memory. */
VcTable    *vc_problems_to_table   (const VcProblems *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
