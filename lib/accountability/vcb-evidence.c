/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records of an explanation, a row for each. */
#include "numeric/vcn-private.h"
#include "vcb-explanation.h"

#define N_COLUMNS 14

static const char *const outcomes[VCB_N_OUTCOMES] = {
  [VCB_KEPT] = "kept", [VCB_LATE] = "late", [VCB_BROKEN] = "broken", [VCB_OVERDUE] = "overdue", [VCB_OPEN] = "open", [VCB_WITHDRAWN] = "withdrawn",
};

typedef struct {
  const VcbExplanation *explanation;
  VcTable              *commitments;
  VcColumn             *columns[N_COLUMNS];
  guint                 n;
} Evidence;

/* Takes `column`. FALSE: there is none. */
static gboolean
put (Evidence *self, VcColumn *column)
{
  self->columns[self->n++] = column;
  return column != NULL;
}

static gboolean
put_places (Evidence *self, GError **error)
{
  const VcbExplanation *explanation = self->explanation;
  VC_BUFFER (gint64) places = vc_buffer_new (gint64, explanation->n);

  if (places == NULL)
    return vcn_fail_memory (error);
  for (guint64 i = 0; i < explanation->n; i++)
    places[i] = explanation->record[i];
  return put (self, vcm_column_of_counts ("record", g_steal_pointer (&places), explanation->n, NULL,
                                          "row in the chain's table of commitments, from 0"));
}

static gboolean
put_words (Evidence *self, gboolean is_side, GError **error)
{
  static const char *const sides[] = { "owes", "owed" };
  const VcbExplanation *explanation = self->explanation;
  gint32 *codes = vc_buffer_new (gint32, explanation->n);

  if (codes == NULL)
    return vcn_fail_memory (error);
  for (guint64 i = 0; i < explanation->n; i++)
    codes[i] = is_side ? explanation->is_owed[i] : explanation->context->records->outcome[explanation->record[i]];
  return put (self, is_side ? vcm_column_of_codes ("side", codes, explanation->n, sides, G_N_ELEMENTS (sides),
                                                   "whether the party owes it, or is owed it", error)
                            : vcm_column_of_codes ("outcome", codes, explanation->n, outcomes, G_N_ELEMENTS (outcomes),
                                                   "what it counts as at the reference time", error));
}

static gboolean
put_weights (Evidence *self, GError **error)
{
  const VcbExplanation *explanation = self->explanation;
  VcmColumn figures[2] = { { 0 } };
  gboolean is_put = vcb_columns_init (figures, 2, explanation->n, error);

  for (guint64 i = 0; i < explanation->n && is_put; i++)
    vcb_explanation_weigh (explanation, i, &figures[0].values[i], &figures[1].values[i]);
  for (guint k = 0; k < 2 && is_put; k++)
    vcm_column_seal (&figures[k], 0, explanation->n);
  is_put = is_put
           && put (self, vcm_column_finish (&figures[0], "adds", "share", "what it adds to the share that is kept, of its side; null where it counts neither way", error))
           && put (self, vcm_column_finish (&figures[1], "moves", "share", "how much higher that share is than without it; null where nothing else counts", error));
  for (guint k = 0; k < 2; k++)
    vcm_column_clear (&figures[k]);
  return is_put;
}

/* A column of the chain, as far as it has it. */
static gboolean
put_given (Evidence *self, const char *name, GError **error)
{
  VcColumn *column = vc_table_lookup_column (self->commitments, name);

  return column == NULL || put (self, vc_column_take_rows (column, self->explanation->record, self->explanation->n, NULL, error));
}

static gboolean
put_all (Evidence *self, GError **error)
{
  static const char *const given[] = { "from", "to", "what", "made", "due", "closed", "closed_by", "reopened", "id" };

  if (!put_places (self, error) || !put_words (self, TRUE, error) || !put_words (self, FALSE, error) || !put_weights (self, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    if (!vcm_watch_check (self->explanation->context->watch, 0.8, error) || !put_given (self, given[i], error))
      return FALSE;
  return TRUE;
}

VcTable *
vcb_table_of_records (const VcbExplanation *self, VcTable *commitments, GError **error)
{
  Evidence evidence = { .explanation = self, .commitments = commitments };

  if (put_all (&evidence, error))
    return vcm_table_of ("records", evidence.columns, evidence.n, error);
  for (guint i = 0; i < evidence.n; i++)
    g_clear_object (&evidence.columns[i]);
  return NULL;
}
