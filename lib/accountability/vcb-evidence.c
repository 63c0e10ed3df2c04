/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The records of an explanation, a row for each. */
#include "numeric/vcn-private.h"
#include "vcb-explanation.h"

#define N_COLUMNS 18

static const char *const outcomes[VCB_N_OUTCOMES] = {
  [VCB_KEPT] = "kept",       [VCB_LATE] = "late", [VCB_BROKEN] = "broken",
  [VCB_OVERDUE] = "overdue", [VCB_OPEN] = "open", [VCB_WITHDRAWN] = "withdrawn",
};

typedef struct {
  VcbExplanation *explanation;
  VcTable        *commitments;
  VcColumn       *columns[N_COLUMNS];
  guint           n;
  VcnLook         look;
  guint64         done;
} Evidence;

/* Before each row of a column. */
static gboolean
go_on (Evidence *self)
{
  return vcn_look (&self->look, &self->done, 4);
}

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
  for (guint64 i = 0; i < explanation->n && go_on (self); i++)
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
  for (guint64 i = 0; i < explanation->n && go_on (self); i++)
    codes[i] = is_side ? explanation->is_owed[i] : explanation->context->records->outcome[explanation->record[i]];
  return put (self, is_side ? vcm_column_of_codes ("side", codes, explanation->n, sides, G_N_ELEMENTS (sides),
                                                   "whether the party owes it, or is owed it", error)
                            : vcm_column_of_codes ("outcome", codes, explanation->n, outcomes, G_N_ELEMENTS (outcomes),
                                                   "what it counts as at the reference time", error));
}

/* A figure of each record, where there is one. */
typedef double (*Figure) (const VcbExplanation *explanation, guint64 place);

static double
weigh (const VcbExplanation *explanation, guint64 place)
{
  return explanation->context->records->weight[explanation->record[place]];
}

static gboolean
put_figures (Evidence *self, Figure figure, const char *name, const char *unit, const char *description, GError **error)
{
  g_auto (VcmColumn) column = { 0 };

  if (!vcm_column_init (&column, self->explanation->n, error))
    return FALSE;
  for (guint64 i = 0; i < column.n_rows && go_on (self); i++)
    column.values[i] = figure (self->explanation, i);
  if (!vcn_look_end (&self->look, error))
    return FALSE;
  vcm_column_seal (&column, 0, column.n_rows);
  return put (self, vcm_column_finish (&column, name, unit, description, error));
}

static gboolean
put_addition (Evidence *self, VcbQuestion question, const char *name, const char *description, GError **error)
{
  return put (self, vcm_column_finish (&self->explanation->adds[question], name, "share", description, error));
}

static gboolean
put_weights (Evidence *self, GError **error)
{
  return put_figures (self, weigh, "weight", NULL, "how much it counts, at its age", error)
         && put_addition (self, VCB_KEPT_IN_TIME, "adds",
                          "what it adds to the share kept of its side; null where it counts neither way", error)
         && put_figures (self, vcb_explanation_move, "moves", "share",
                         "how much higher that share is than without it; null where nothing else counts", error)
         && put_addition (self, VCB_KEPT_LATE, "adds_late",
                          "what it adds to the share kept late; null where it counts neither way", error)
         && put_addition (self, VCB_CLOSED_BY_OWED, "adds_closed_by_owed",
                          "what it adds to the share closed by the one who was owed; null where it counts neither way",
                          error)
         && put_addition (self, VCB_OPENED_AGAIN, "adds_reopened",
                          "what it adds to the share opened again; null where it counts neither way", error);
}

static gboolean
fill_texts (Evidence *self, VcColumn *given, VcInterner *interner, gint32 *codes, guint8 *valid)
{
  const VcbExplanation *explanation = self->explanation;
  const guint8 *validity = vc_column_peek_validity (given);

  for (guint64 i = 0; i < explanation->n && go_on (self); i++) {
    const guint32 row = explanation->record[i];
    const gboolean is_given = vc_bit_is_set (validity, row);
    gsize length = 0;
    const char *text = is_given ? vc_strings_peek (vc_column_peek_strings (given),
                                                   (guint32) vc_column_peek_codes (given)[row], &length)
                                : "";

    codes[i] = vc_interner_add (interner, text, length);
    if (codes[i] < 0)
      return FALSE;
    if (is_given)
      vc_bit_set (valid, i);
  }
  return TRUE;
}

/* With the texts of these records alone: what others were promised stays where it is. */
static gboolean
put_texts (Evidence *self, VcColumn *given, GError **error)
{
  const guint64 n = self->explanation->n;
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, n);
  VC_BUFFER (guint8) valid = vc_buffer_new0 (guint8, vc_bits_size (n));
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) labels = NULL;
  g_autoptr (VcColumn) plain = NULL;

  if (codes != NULL && valid != NULL && interner != NULL
      && fill_texts (self, given, interner, codes, valid))
    labels = vc_interner_finish (interner);
  if (labels == NULL)
    return vcn_fail_memory (error);
  plain = vc_column_new_take (vc_column_get_name (given), VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&codes),
                              g_steal_pointer (&valid), labels);
  return put (self, vc_column_described (plain, NULL, NULL, vc_column_get_description (given)));
}

/* A column of the chain, as far as it has it. */
static gboolean
put_given (Evidence *self, const char *name, GError **error)
{
  VcColumn *column = vc_table_lookup_column (self->commitments, name);

  if (column != NULL && vc_column_get_column_type (column) == VC_COLUMN_TYPE_TEXT
      && vc_column_peek_strings (column) != self->explanation->context->chain->ids)
    return put_texts (self, column, error);
  return column == NULL
         || put (self, vc_column_take_rows (column, self->explanation->record, self->explanation->n, NULL, error));
}

static gboolean
put_all (Evidence *self, GError **error)
{
  static const char *const given[] = { "from", "to", "what", "made", "due", "closed", "closed_by", "reopened", "id" };

  if (!put_places (self, error) || !put_words (self, TRUE, error) || !put_words (self, FALSE, error)
      || !put_weights (self, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (given); i++) {
    if (!vcn_look_now (&self->look))
      return vcn_fail_cancelled (error);
    if (!put_given (self, given[i], error))
      return FALSE;
  }
  return vcn_look_end (&self->look, error);
}

VcTable *
vcb_table_of_records (VcbExplanation *self, VcTable *commitments, GError **error)
{
  Evidence evidence = { .explanation = self,
                        .commitments = commitments,
                        .look = vcm_watch_look (self->context->watch, 0.8),
                        .done = VCN_LOOK_EVERY };

  if (put_all (&evidence, error))
    return vcm_table_of ("records", evidence.columns, evidence.n, error);
  for (guint i = 0; i < evidence.n; i++)
    g_clear_object (&evidence.columns[i]);
  return NULL;
}
