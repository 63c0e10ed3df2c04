/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "vc-event-pairs-private.h"

G_BEGIN_DECLS

/* Who has a step in which case, and so who works together with whom. Memory: 4 bytes for each step at most, and for
 * each case and party. */
typedef struct {
  guint32 *parties; /* of one case after the other, each once in each */
  gsize    n;
  gsize   *starts;  /* of each case in `parties`, and the end */
  guint32  n_cases; /* of two parties or more; others are not kept */
  guint32 *met;     /* by party: the case that it was met in last, and one more */
  guint32  n_parties;
} VcEventCompany;

/* At most so many steps, cases and parties. FALSE: no memory. */
gboolean vc_event_company_init     (VcEventCompany *self, gsize n_steps, guint32 n_cases, guint32 n_parties);
void     vc_event_company_clear    (VcEventCompany *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcEventCompany, vc_event_company_clear)
/* A party has a step in the case `in_case`, which is that of the one before or comes after it. */
void     vc_event_company_meet     (VcEventCompany *self, gint32 party, guint32 in_case);
/* Returns how many parties had a step in the case. */
gsize    vc_event_company_end_case (VcEventCompany *self);

/* How many pairs there are, or some number over `most`. Here and below: the time is that of going through the pairs
 * of each case, the memory that of the steps. FALSE: cancelled, or no memory. */
gboolean vc_event_company_count    (const VcEventCompany *self, guint64 most, guint64 *n, GCancellable *cancellable);
/* All of them, in the order of the parties in `order`, which names each once. `pairs` has room for as many as were
 * counted. */
gboolean vc_event_company_list     (const VcEventCompany *self, const guint32 *order, VcEventPair *pairs, gsize n,
                                    GCancellable *cancellable);

G_END_DECLS
