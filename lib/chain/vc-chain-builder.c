/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-chain-builder.h"

#include <string.h>

#include "table/vc-number-private.h"
#include "vc-assembly-private.h"
#include "vc-chain-builder-private.h"
#include "vc-staging-private.h"

/**
 * VcChainBuilder:
 *
 * Collects records, checks them all, and makes a [class@Chain].
 *
 * Records come as whole tables with the columns of a chain folder, from files or from data frames, or one by one.
 * Nothing is checked while they come: [method@ChainBuilder.check] lists everything that is wrong or odd at once, and
 * [method@ChainBuilder.build] makes a chain if nothing is wrong.
 *
 * Tables may come as a reader of CSV types them or as a data frame has them: whole numbers where numbers are wanted,
 * ids that are whole numbers (they become their decimal digits), times as times or as ISO 8601 text, in the years 1 to
 * 9999. Columns that may be missing may be missing. An empty text is a missing value. Columns that no chain knows are
 * kept as attributes; two tables of a kind must agree on the type of these.
 *
 * A builder belongs to one thread at a time, and to one call: what runs during a call, as a handler of
 * [signal@Gio.Cancellable::cancelled], may not use it either, whatever thread it runs in. A call, or a look at a
 * property, that comes while another is not done yet is told by a critical warning and does nothing;
 * [method@ChainBuilder.check] and [method@ChainBuilder.build] fail with %G_IO_ERROR_BUSY, too.
 */

enum {
  PROP_0,
  PROP_TITLE,
  PROP_CURRENCY,
  PROP_EFFORT_UNIT,
  PROP_LIMITS,
  PROP_LENIENT,
  N_PROPS
};

typedef struct {
  char       *origin;
  const char *code;
  guint64     count;
  const char *message;
} Note;

struct _VcChainBuilder
{
  GObject      parent_instance;

  int          busy;    /* atomic: a call is being done */
  VcChainInput input;   /* tables as they came */
  VcStaging   *staging; /* records that came one by one */
  GArray      *notes;
  guint64      n_dropped[VC_N_CONTRADICTIONS]; /* in the last check or build */
};

G_DEFINE_FINAL_TYPE (VcChainBuilder, vc_chain_builder, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/* Two atomic instructions a call are little beside what the call does, and find out what else would corrupt memory. The
 * turn is given back at the end of the scope; NULL: another call has it, of whatever thread. */
typedef VcChainBuilder Turn;

static Turn *
turn_take (VcChainBuilder *self)
{
  if (g_atomic_int_compare_and_exchange (&self->busy, FALSE, TRUE))
    return self;
  g_critical ("A VcChainBuilder belongs to one call at a time: this one came during another, and does nothing");
  return NULL;
}

static void
turn_give_back (Turn *self)
{
  g_atomic_int_set (&self->busy, FALSE);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Turn, turn_give_back)

/* For calls that can fail: who looks at errors only is told, too. */
static Turn *
turn_take_or_fail (VcChainBuilder *self, GError **error)
{
  Turn *turn = turn_take (self);

  if (turn == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "the builder is used by another call");
  return turn;
}

static void
vc_chain_builder_finalize (GObject *object)
{
  VcChainBuilder *self = VC_CHAIN_BUILDER (object);

  vc_chain_frame_clear (&self->input.frame);
  g_clear_object (&self->input.limits);
  for (guint i = 0; i < VC_N_RECORDS; i++)
    g_clear_pointer (&self->input.parts[i], g_ptr_array_unref);
  g_clear_pointer (&self->staging, vc_staging_free);
  g_clear_pointer (&self->notes, g_array_unref);

  G_OBJECT_CLASS (vc_chain_builder_parent_class)->finalize (object);
}

static void
vc_chain_builder_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcChainBuilder *self = VC_CHAIN_BUILDER (object);
  g_autoptr (Turn) turn = turn_take (self);

  if (turn == NULL)
    return;
  switch (prop_id) {
    case PROP_TITLE:
      g_value_set_string (value, self->input.frame.title);
      break;
    case PROP_CURRENCY:
      g_value_set_string (value, self->input.frame.currency);
      break;
    case PROP_EFFORT_UNIT:
      g_value_set_string (value, self->input.frame.effort_unit);
      break;
    case PROP_LIMITS:
      g_value_set_object (value, self->input.limits);
      break;
    case PROP_LENIENT:
      g_value_set_boolean (value, self->input.lenient);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
set_text (char **place, const GValue *value)
{
  g_free (*place);
  *place = g_value_dup_string (value);
}

static void
vc_chain_builder_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcChainBuilder *self = VC_CHAIN_BUILDER (object);
  g_autoptr (Turn) turn = turn_take (self);

  if (turn == NULL)
    return;
  switch (prop_id) {
    case PROP_TITLE:
      set_text (&self->input.frame.title, value);
      break;
    case PROP_CURRENCY:
      set_text (&self->input.frame.currency, value);
      break;
    case PROP_EFFORT_UNIT:
      set_text (&self->input.frame.effort_unit, value);
      break;
    case PROP_LIMITS:
      if (g_value_get_object (value) != NULL)
        g_set_object (&self->input.limits, g_value_get_object (value));
      break;
    case PROP_LENIENT:
      self->input.lenient = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_chain_builder_class_init (VcChainBuilderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = vc_chain_builder_finalize;
  object_class->get_property = vc_chain_builder_get_property;
  object_class->set_property = vc_chain_builder_set_property;

  /**
   * VcChainBuilder:title:
   *
   * What the chain will be called, or %NULL.
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);

  /**
   * VcChainBuilder:currency:
   *
   * The currency of receipts, as "EUR", or %NULL.
   */
  properties[PROP_CURRENCY] = g_param_spec_string ("currency", NULL, NULL, NULL, flags);

  /**
   * VcChainBuilder:effort-unit:
   *
   * The unit of effort and of the amounts of flows, as "hours", or %NULL.
   */
  properties[PROP_EFFORT_UNIT] = g_param_spec_string ("effort-unit", NULL, NULL, NULL, flags);

  /**
   * VcChainBuilder:limits:
   *
   * How large a chain may be. %NULL leaves it at what it was; at first these are the default limits.
   */
  properties[PROP_LIMITS] = g_param_spec_object ("limits", NULL, NULL, VC_TYPE_LIMITS, flags);

  /**
   * VcChainBuilder:lenient:
   *
   * Whether commitments that contradict themselves are left out, with a warning for each in [method@ChainBuilder.check]
   * and in [method@Chain.check], instead of being errors.
   *
   * A commitment contradicts itself that is owed to the party that owes it; that was closed before it was made; that is
   * kept and was due at a time but has no closing time; that is open and has a closing time or somebody who closed it;
   * that is late and was closed by the time it was due; or that has another state than another one of its id.
   */
  properties[PROP_LENIENT] = g_param_spec_boolean ("lenient", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
note_clear (gpointer data)
{
  g_free (((Note *) data)->origin);
}

static void
vc_chain_builder_init (VcChainBuilder *self)
{
  self->input.limits = vc_limits_new ();
  self->input.n_dropped = self->n_dropped;
  for (guint i = 0; i < VC_N_RECORDS; i++)
    self->input.parts[i] = g_ptr_array_new_with_free_func (vc_part_free);
  self->staging = vc_staging_new ();
  self->notes = g_array_new (FALSE, TRUE, sizeof (Note));
  g_array_set_clear_func (self->notes, note_clear);
}

/**
 * vc_chain_builder_new:
 *
 * Makes an empty builder.
 *
 * Returns: (transfer full): a new builder
 */
VcChainBuilder *
vc_chain_builder_new (void)
{
  return g_object_new (VC_TYPE_CHAIN_BUILDER, NULL);
}

void
vc_chain_builder_set_frame (VcChainBuilder *self, const VcChainFrame *frame)
{
  vc_chain_frame_clear (&self->input.frame);
  vc_chain_frame_copy (&self->input.frame, frame);
}

void
vc_chain_builder_add_note (VcChainBuilder *self, const char *origin, const char *code, guint64 count,
                           const char *message)
{
  const Note note = { g_strdup (origin), code, count, message };

  g_array_append_val (self->notes, note);
}

guint64
vc_chain_builder_get_n_dropped (VcChainBuilder *self, VcContradiction why)
{
  g_autoptr (Turn) turn = turn_take (self);

  return turn != NULL ? self->n_dropped[why] : 0;
}

/* ---- one record at a time ---- */

/**
 * vc_chain_builder_add_party:
 * @self: a builder
 * @id: the party's id, which no other party has
 * @kind: what it is
 *
 * Adds a party.
 */
void
vc_chain_builder_add_party (VcChainBuilder *self, const char *id, VcPartyKind kind)
{
  g_autoptr (Turn) turn = NULL;

  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (kind <= VC_PARTY_KIND_SUPPLIER);

  turn = turn_take (self);
  if (turn != NULL)
    vc_staging_add_party (self->staging, id, kind);
}

/**
 * vc_chain_builder_set_party_field:
 * @self: a builder
 * @id: the id of a party of the chain, added before or later, in whatever way
 * @field: "name", "unit" (the id of the unit that it belongs to) or "manager" (the id of the party that it reports to)
 * @value: the value
 *
 * Sets a field of a party. What is set here wins over what a table says, and a later call over an earlier one.
 */
void
vc_chain_builder_set_party_field (VcChainBuilder *self, const char *id, const char *field, const char *value)
{
  int place;
  g_autoptr (Turn) turn = NULL;

  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (field != NULL);
  g_return_if_fail (value != NULL);

  turn = turn_take (self);
  if (turn == NULL)
    return;
  place = vc_fields_find (VC_RECORDS_PARTIES, field);
  g_return_if_fail (place == VC_PARTY_NAME || place == VC_PARTY_UNIT || place == VC_PARTY_MANAGER);

  vc_staging_set_text (self->staging, id, (guint) place, value);
}

/**
 * vc_chain_builder_set_effort:
 * @self: a builder
 * @id: the id of a party of the chain, added before or later, in whatever way
 * @effort: its capacity in the chain's window, in the chain's unit of effort; finite and not negative
 *
 * Sets the effort of a party. What is set here wins over what a table says, and a later call over an earlier one.
 */
void
vc_chain_builder_set_effort (VcChainBuilder *self, const char *id, double effort)
{
  g_autoptr (Turn) turn = NULL;

  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (id != NULL);

  turn = turn_take (self);
  if (turn != NULL)
    vc_staging_set_effort (self->staging, id, effort);
}

/**
 * vc_chain_builder_add_flow:
 * @self: a builder
 * @from: the id of the party that delivers
 * @to: the id of the party that receives
 * @kind: what flows
 * @amount: how much, in the chain's unit of effort; finite and not negative
 *
 * Adds a flow. Flows of one kind from one party to another add up; a flow of amount 0 is left out.
 */
void
vc_chain_builder_add_flow (VcChainBuilder *self, const char *from, const char *to, VcFlowKind kind, double amount)
{
  g_autoptr (Turn) turn = NULL;

  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (from != NULL);
  g_return_if_fail (to != NULL);
  g_return_if_fail (kind <= VC_FLOW_KIND_INSTRUCTION);

  turn = turn_take (self);
  if (turn != NULL)
    vc_staging_add_flow (self->staging, from, to, kind, amount);
}

/**
 * vc_chain_builder_add_receipt:
 * @self: a builder
 * @customer: the id of the customer that paid
 * @amount: the money, in the chain's currency; finite, and negative for what was paid back
 *
 * Adds a receipt.
 */
void
vc_chain_builder_add_receipt (VcChainBuilder *self, const char *customer, double amount)
{
  g_autoptr (Turn) turn = NULL;

  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (customer != NULL);

  turn = turn_take (self);
  if (turn != NULL)
    vc_staging_add_receipt (self->staging, customer, amount);
}

/**
 * vc_chain_builder_add_commitment:
 * @self: a builder
 * @from: the id of the party that owes
 * @to: the id of the party that is owed
 *
 * Adds a commitment. What else there is to know about it is set with [method@ChainBuilder.set_commitment_field] and
 * [method@ChainBuilder.set_commitment_number]; until then nothing is known, and its weight is 1.
 *
 * Returns: the number of the commitment for these calls: 0 for the first, 1 for the second and so on; %G_MAXUINT, which
 *   none has, where another call is not done yet
 */
guint
vc_chain_builder_add_commitment (VcChainBuilder *self, const char *from, const char *to)
{
  g_autoptr (Turn) turn = NULL;

  g_return_val_if_fail (VC_IS_CHAIN_BUILDER (self), G_MAXUINT);
  g_return_val_if_fail (from != NULL, G_MAXUINT);
  g_return_val_if_fail (to != NULL, G_MAXUINT);

  turn = turn_take (self);
  return turn != NULL ? vc_staging_add_commitment (self->staging, from, to) : G_MAXUINT;
}

/**
 * vc_chain_builder_set_commitment_field:
 * @self: a builder
 * @commitment: what [method@ChainBuilder.add_commitment] returned
 * @field: "what", "made", "due", "closed", "state", "closed_by" or "id"
 * @value: the value: ISO 8601 for times, one of open, kept, late, broken and withdrawn for the state, the id of a party
 * for who closed it
 *
 * Sets a field of a commitment; a later call wins over an earlier one.
 */
void
vc_chain_builder_set_commitment_field (VcChainBuilder *self, guint commitment, const char *field, const char *value)
{
  int place;
  g_autoptr (Turn) turn = NULL;

  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));

  turn = turn_take (self);
  if (turn == NULL)
    return;
  g_return_if_fail (commitment < vc_staging_get_n_commitments (self->staging));
  g_return_if_fail (field != NULL);
  g_return_if_fail (value != NULL);
  place = vc_fields_find (VC_RECORDS_COMMITMENTS, field);
  g_return_if_fail ((place >= VC_COMMITMENT_WHAT && place <= VC_COMMITMENT_CLOSED_BY) || place == VC_COMMITMENT_ID);

  vc_staging_set_commitment_text (self->staging, commitment, (guint) place, value);
}

/**
 * vc_chain_builder_set_commitment_number:
 * @self: a builder
 * @commitment: what [method@ChainBuilder.add_commitment] returned
 * @field: "weight" (how much it counts) or "reopened" (how often it was opened again)
 * @value: the value: finite and not negative, and whole for "reopened"
 *
 * Sets a number of a commitment; a later call wins over an earlier one.
 */
void
vc_chain_builder_set_commitment_number (VcChainBuilder *self, guint commitment, const char *field, double value)
{
  int place;
  g_autoptr (Turn) turn = NULL;

  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));

  turn = turn_take (self);
  if (turn == NULL)
    return;
  g_return_if_fail (commitment < vc_staging_get_n_commitments (self->staging));
  g_return_if_fail (field != NULL);
  place = vc_fields_find (VC_RECORDS_COMMITMENTS, field);
  g_return_if_fail (place == VC_COMMITMENT_REOPENED || place == VC_COMMITMENT_WEIGHT);

  vc_staging_set_commitment_number (self->staging, commitment, (guint) place, value);
}

/* ---- whole tables ---- */

static void
add_table (VcChainBuilder *self, VcRecordsKind kind, VcTable *table, const char *origin)
{
  g_autoptr (Turn) turn = turn_take (self);

  if (turn != NULL)
    g_ptr_array_add (self->input.parts[kind], vc_part_new (table, origin, FALSE));
}

/**
 * vc_chain_builder_add_parties:
 * @self: a builder
 * @table: columns `id` and `kind` (customer, unit, person, supplier), and where there are such `name`, `unit`,
 * `manager`, `effort`
 * @origin: (nullable): what messages call the table, as the name of its file
 *
 * Adds the parties of a table.
 */
void
vc_chain_builder_add_parties (VcChainBuilder *self, VcTable *table, const char *origin)
{
  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (VC_IS_TABLE (table));

  add_table (self, VC_RECORDS_PARTIES, table, origin);
}

/**
 * vc_chain_builder_add_flows:
 * @self: a builder
 * @table: columns `from` and `to`, and where there are such `kind` (work, information, instruction; missing: work),
 * `amount` (missing: 1), `at`, `case`
 * @origin: (nullable): what messages call the table, as the name of its file
 *
 * Adds the flows of a table.
 */
void
vc_chain_builder_add_flows (VcChainBuilder *self, VcTable *table, const char *origin)
{
  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (VC_IS_TABLE (table));

  add_table (self, VC_RECORDS_FLOWS, table, origin);
}

/**
 * vc_chain_builder_add_receipts:
 * @self: a builder
 * @table: columns `customer` and `amount`, and where there is one `at`
 * @origin: (nullable): what messages call the table, as the name of its file
 *
 * Adds the receipts of a table.
 */
void
vc_chain_builder_add_receipts (VcChainBuilder *self, VcTable *table, const char *origin)
{
  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (VC_IS_TABLE (table));

  add_table (self, VC_RECORDS_RECEIPTS, table, origin);
}

/**
 * vc_chain_builder_add_commitments:
 * @self: a builder
 * @table: columns `from` and `to`, and where there are such `what`, `made`, `due`, `closed`, `state` (open, kept,
 * late, broken, withdrawn), `closed_by`, `reopened`, `weight` (missing: 1), `id`
 * @origin: (nullable): what messages call the table, as the name of its file
 *
 * Adds the commitments of a table.
 */
void
vc_chain_builder_add_commitments (VcChainBuilder *self, VcTable *table, const char *origin)
{
  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));
  g_return_if_fail (VC_IS_TABLE (table));

  add_table (self, VC_RECORDS_COMMITMENTS, table, origin);
}

/**
 * vc_chain_builder_list_fields:
 * @records: "parties", "flows", "receipts" or "commitments"
 *
 * Lists the columns that a table of such records may have, those that it must have first.
 *
 * Where a table has other names, [method@Table.renamed] gives it these.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names; none where there are no such records
 */
char **
vc_chain_builder_list_fields (const char *records)
{
  g_return_val_if_fail (records != NULL, NULL);

  for (guint kind = 0; kind < VC_N_RECORDS; kind++)
    if (strcmp (records, vc_records_name ((VcRecordsKind) kind)) == 0)
      return vc_fields_list ((VcRecordsKind) kind);
  return g_new0 (char *, 1);
}

/**
 * vc_chain_builder_set_window:
 * @self: a builder
 * @start: the first microsecond since 1970-01-01T00:00:00Z, %G_MININT64 for an open side
 * @end: the first microsecond after the window, %G_MAXINT64 for an open side; @start or less is told as an error
 *
 * Says which window of time the records are about: the one that the given efforts are capacities in. Records outside
 * are kept and noted. A side outside the years 1 to 9999 that is not open is told as an error.
 */
void
vc_chain_builder_set_window (VcChainBuilder *self, gint64 start, gint64 end)
{
  g_autoptr (Turn) turn = NULL;

  g_return_if_fail (VC_IS_CHAIN_BUILDER (self));

  turn = turn_take (self);
  if (turn == NULL)
    return;
  self->input.frame.has_window = TRUE;
  self->input.frame.start = start;
  self->input.frame.end = end;
  self->input.frame.effort_is_for_window = TRUE;
}

/* ---- checking and building ---- */

static gboolean
is_good_side (gint64 time, gint64 open)
{
  return time == open || vc_time_can_be_text (time);
}

static void
add_notes (VcChainBuilder *self, VcProblems *problems)
{
  const VcChainFrame *frame = &self->input.frame;
  const VcPlace nowhere = { .field = "window" };

  if (frame->has_window && frame->start >= frame->end)
    vc_problems_add_error (problems, &nowhere, VC_IMPORT_ERROR_RANGE, "ends before it has begun");
  else if (frame->has_window && !(is_good_side (frame->start, G_MININT64) && is_good_side (frame->end, G_MAXINT64)))
    vc_problems_add_error (problems, &nowhere, VC_IMPORT_ERROR_RANGE, "is outside the years 1 to 9999");
  for (guint i = 0; i < self->notes->len; i++) {
    const Note *note = &g_array_index (self->notes, Note, i);
    const VcPlace place = { .origin = note->origin };

    vc_problems_add_odd (problems, VC_SEVERITY_NOTE, &place, note->code, note->count, note->message);
  }
}

/* The tables, then what came one by one, as tables of this run only: more may come before the next. */
static VcChain *
assemble (VcChainBuilder *self, VcProblems *problems, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  VcChain *chain = NULL;
  guint n_tables[VC_N_RECORDS];
  gboolean staged;

  for (guint i = 0; i < VC_N_RECORDS; i++)
    n_tables[i] = self->input.parts[i]->len;
  memset (self->n_dropped, 0, sizeof self->n_dropped);
  add_notes (self, problems);
  staged = vc_staging_append (self->staging, self->input.parts, problems);
  if (staged)
    chain = vc_assemble (&self->input, problems, progress, cancellable, error);
  else
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the records");
  for (guint i = 0; i < VC_N_RECORDS; i++)
    g_ptr_array_set_size (self->input.parts[i], (int) n_tables[i]);
  return chain;
}

/**
 * vc_chain_builder_check:
 * @self: a builder
 * @progress: (nullable): is told how far the work has come
 * @cancellable: (nullable): stops it, within a tenth of a second
 * @error: where to put an error
 *
 * Lists everything that is wrong or odd, in the order errors, warnings, notes.
 *
 * Columns: `severity` (error, warning, note), `file` (the origin of the table), `line` (of that file), `field`, `code`
 * (for an error the nick of a [error@ImportError]), `count` (of what the row stands for), `message`. Of errors of one
 * code in one field of one table the first hundred have a row each, with the line; the rest are counted in one row
 * more. A message names the row of the table where there is no line, and never what stands there.
 *
 * Warnings and notes about the whole (who serves whom) are found only where there is no error.
 *
 * Returns: (transfer full): a table named "check", or %NULL with %VC_IMPORT_ERROR_NO_MEMORY,
 *   %G_IO_ERROR_CANCELLED or %G_IO_ERROR_BUSY
 */
VcTable *
vc_chain_builder_check (VcChainBuilder *self, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcProblems) problems = NULL;
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (GError) failure = NULL;
  g_autoptr (Turn) turn = NULL;
  VcTable *list = NULL;

  g_return_val_if_fail (VC_IS_CHAIN_BUILDER (self), NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  turn = turn_take_or_fail (self, error);
  if (turn == NULL)
    return NULL;
  problems = vc_problems_new ();
  chain = assemble (self, problems, progress, cancellable, &failure);
  if (failure == NULL && (list = vc_problems_to_table (problems)) == NULL)
    failure
      = g_error_new_literal (VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for what is wrong or odd");
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return list;
}

/**
 * vc_chain_builder_build:
 * @self: a builder
 * @progress: (nullable): is told how far the work has come
 * @cancellable: (nullable): stops it, within a tenth of a second
 * @error: where to put an error
 *
 * Makes the chain of all records, if [method@ChainBuilder.check] lists no error.
 *
 * The work grows with the number of records, O(n), but for records that agree in parties and kind, which are sorted by
 * comparison. It needs about 24 bytes a flow beside what it was given; the chain keeps 20 bytes a flow, 8 more for
 * times and 4 more for cases. The builder can be used again.
 *
 * Returns: (transfer full): a new chain, or %NULL with a #VcImportError, which is the first that check() lists, or with
 *   %G_IO_ERROR_CANCELLED or %G_IO_ERROR_BUSY
 */
VcChain *
vc_chain_builder_build (VcChainBuilder *self, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (VcProblems) problems = NULL;
  g_autoptr (GError) failure = NULL;
  g_autoptr (Turn) turn = NULL;
  VcChain *chain;

  g_return_val_if_fail (VC_IS_CHAIN_BUILDER (self), NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  turn = turn_take_or_fail (self, error);
  if (turn == NULL)
    return NULL;
  problems = vc_problems_new ();
  chain = assemble (self, problems, progress, cancellable, &failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (chain == NULL)
    vc_problems_set_error (problems, error);
  return chain;
}
