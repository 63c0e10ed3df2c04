/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-chain.h"

#include <math.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "vc-chain-builder-private.h"
#include "vc-fields-private.h"

/**
 * VcChain:
 *
 * Who delivers to whom, and who pays: parties, flows, receipts and commitments.
 *
 * A chain is made by a [class@ChainBuilder] or a [class@Source] and never changes, so any number of threads may read
 * it. [method@Chain.window] and [method@Chain.edit] make another one.
 *
 * Parties are ordered by the bytes of their ids; the index of a party is its row in the table of parties and its code
 * in every column that names parties. Records are ordered too: flows by kind, from, to, time (those without one first),
 * amount, case and attributes; receipts by customer, time and amount; commitments by from, to and times. So the same
 * records in another order, in several files instead of one or from another source give the same chain, bit for bit,
 * and the same [method@Chain.get_digest].
 */

struct _VcChain
{
  GObject       parent_instance;

  VcChainFrame  frame;
  VcTable      *tables[VC_N_RECORDS];
  VcTable      *check;
  VcChainArrays arrays;
  guint8       *kinds;
  gint32       *units;
  gint32       *managers;
  guint8       *is_manager;
  double       *efforts;
  char         *digest; /* once */
};

G_DEFINE_FINAL_TYPE (VcChain, vc_chain, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_CURRENCY,
  PROP_EFFORT_UNIT,
  PROP_N_PARTIES,
  PROP_N_FLOWS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
vc_chain_finalize (GObject *object)
{
  VcChain *self = VC_CHAIN (object);

  vc_chain_frame_clear (&self->frame);
  for (guint i = 0; i < VC_N_RECORDS; i++)
    g_clear_object (&self->tables[i]);
  g_clear_object (&self->check);
  vc_buffer_free (self->kinds);
  vc_buffer_free (self->units);
  vc_buffer_free (self->managers);
  vc_buffer_free (self->is_manager);
  vc_buffer_free (self->efforts);
  g_free (self->digest);

  G_OBJECT_CLASS (vc_chain_parent_class)->finalize (object);
}

static void
vc_chain_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcChain *self = VC_CHAIN (object);

  switch (prop_id) {
    case PROP_TITLE:
      g_value_set_string (value, self->frame.title);
      break;
    case PROP_CURRENCY:
      g_value_set_string (value, self->frame.currency);
      break;
    case PROP_EFFORT_UNIT:
      g_value_set_string (value, self->frame.effort_unit);
      break;
    case PROP_N_PARTIES:
      g_value_set_uint (value, vc_chain_get_n_parties (self));
      break;
    case PROP_N_FLOWS:
      g_value_set_uint64 (value, vc_chain_get_n_flows (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_chain_class_init (VcChainClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = vc_chain_finalize;
  object_class->get_property = vc_chain_get_property;

  /**
   * VcChain:title: (getter get_title)
   *
   * What the chain is called.
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);

  /**
   * VcChain:currency: (getter get_currency)
   *
   * The currency of receipts, as "EUR".
   */
  properties[PROP_CURRENCY] = g_param_spec_string ("currency", NULL, NULL, NULL, flags);

  /**
   * VcChain:effort-unit: (getter get_effort_unit)
   *
   * The unit of effort and of the amounts of flows, as "hours".
   */
  properties[PROP_EFFORT_UNIT] = g_param_spec_string ("effort-unit", NULL, NULL, NULL, flags);

  /**
   * VcChain:n-parties: (getter get_n_parties)
   *
   * The number of parties.
   */
  properties[PROP_N_PARTIES] = g_param_spec_uint ("n-parties", NULL, NULL, 0, G_MAXINT32, 0, flags);

  /**
   * VcChain:n-flows: (getter get_n_flows)
   *
   * The number of flows of all kinds.
   */
  properties[PROP_N_FLOWS] = g_param_spec_uint64 ("n-flows", NULL, NULL, 0, G_MAXUINT32, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_chain_init (VcChain *self)
{
}

/* ---- making ---- */

void
vc_chain_frame_copy (VcChainFrame *to, const VcChainFrame *from)
{
  *to = *from;
  to->title = g_strdup (from->title);
  to->currency = g_strdup (from->currency);
  to->effort_unit = g_strdup (from->effort_unit);
}

void
vc_chain_frame_clear (VcChainFrame *self)
{
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->currency, g_free);
  g_clear_pointer (&self->effort_unit, g_free);
}

static gint32 *
copy_pointers (VcColumn *column)
{
  gsize n = vc_column_get_n_rows (column);
  const guint8 *validity = vc_column_peek_validity (column);
  const gint32 *codes = vc_column_peek_codes (column);
  gint32 *pointers = vc_buffer_new (gint32, n);

  for (gsize i = 0; pointers != NULL && i < n; i++)
    pointers[i] = vc_bit_is_set (validity, i) ? codes[i] : -1;
  return pointers;
}

static double *
copy_efforts (VcColumn *column)
{
  gsize n = vc_column_get_n_rows (column);
  const guint8 *validity = vc_column_peek_validity (column);
  const double *values = vc_column_peek_doubles (column);
  double *efforts = vc_buffer_new (double, n);

  for (gsize i = 0; efforts != NULL && i < n; i++)
    efforts[i] = vc_bit_is_set (validity, i) ? values[i] : (double) NAN;
  return efforts;
}

static guint8 *
copy_kinds (VcColumn *column)
{
  gsize n = vc_column_get_n_rows (column);
  const gint32 *codes = vc_column_peek_codes (column);
  guint8 *kinds = vc_buffer_new (guint8, n);

  for (gsize i = 0; kinds != NULL && i < n; i++)
    kinds[i] = (guint8) codes[i];
  return kinds;
}

static gboolean
fill_parties (VcChain *self)
{
  VcTable *parties = self->tables[VC_RECORDS_PARTIES];
  VcChainArrays *arrays = &self->arrays;

  arrays->n_parties = (guint32) vc_table_get_n_rows (parties);
  arrays->ids = vc_column_peek_strings (vc_table_get_column (parties, VC_PARTY_ID));
  arrays->kind = self->kinds = copy_kinds (vc_table_get_column (parties, VC_PARTY_KIND));
  arrays->unit = self->units = copy_pointers (vc_table_get_column (parties, VC_PARTY_UNIT));
  arrays->manager = self->managers = copy_pointers (vc_table_get_column (parties, VC_PARTY_MANAGER));
  arrays->effort = self->efforts = copy_efforts (vc_table_get_column (parties, VC_PARTY_EFFORT));
  arrays->is_manager = self->is_manager = vc_buffer_new0 (guint8, arrays->n_parties);
  if (!self->kinds || !self->units || !self->managers || !self->efforts || !self->is_manager)
    return FALSE;
  for (guint32 i = 0; i < arrays->n_parties; i++)
    if (self->managers[i] >= 0)
      self->is_manager[self->managers[i]] = 1;
  return TRUE;
}

static void
fill_flows (VcChain *self)
{
  VcTable *flows = self->tables[VC_RECORDS_FLOWS];
  VcTable *receipts = self->tables[VC_RECORDS_RECEIPTS];
  VcChainArrays *arrays = &self->arrays;
  const gint32 *kinds = vc_column_peek_codes (vc_table_get_column (flows, VC_FLOW_KIND));
  guint64 row = 0;

  arrays->n_flows = vc_table_get_n_rows (flows);
  arrays->from = vc_column_peek_codes (vc_table_get_column (flows, VC_FLOW_FROM));
  arrays->to = vc_column_peek_codes (vc_table_get_column (flows, VC_FLOW_TO));
  arrays->amount = vc_column_peek_doubles (vc_table_get_column (flows, VC_FLOW_AMOUNT));
  for (gint32 kind = 0; kind < 4; kind++) {
    while (row < arrays->n_flows && kinds[row] < kind)
      row++;
    arrays->kind_start[kind] = row;
  }
  arrays->n_receipts = vc_table_get_n_rows (receipts);
  arrays->receipt_customer = vc_column_peek_codes (vc_table_get_column (receipts, VC_RECEIPT_CUSTOMER));
  arrays->receipt_amount = vc_column_peek_doubles (vc_table_get_column (receipts, VC_RECEIPT_AMOUNT));
}

static VcWords
peek_words (VcTable *table, guint field)
{
  VcColumn *column = vc_table_get_column (table, field);

  return (VcWords) { vc_column_peek_int64s (column),
                    vc_column_get_n_nulls (column) > 0 ? vc_column_peek_validity (column) : NULL };
}

static VcCodes
peek_codes (VcTable *table, guint field)
{
  VcColumn *column = vc_table_get_column (table, field);

  return (VcCodes) { vc_column_peek_codes (column),
                    vc_column_get_n_nulls (column) > 0 ? vc_column_peek_validity (column) : NULL };
}

static void
fill_commitments (VcChain *self)
{
  VcTable *table = self->tables[VC_RECORDS_COMMITMENTS];

  self->arrays.commitments = (VcCommitmentArrays) {
    vc_table_get_n_rows (table),
    vc_column_peek_codes (vc_table_get_column (table, VC_COMMITMENT_FROM)),
    vc_column_peek_codes (vc_table_get_column (table, VC_COMMITMENT_TO)),
    peek_words (table, VC_COMMITMENT_MADE),
    peek_words (table, VC_COMMITMENT_DUE),
    peek_words (table, VC_COMMITMENT_CLOSED),
    peek_codes (table, VC_COMMITMENT_STATE),
    peek_codes (table, VC_COMMITMENT_CLOSED_BY),
    peek_words (table, VC_COMMITMENT_REOPENED),
    vc_column_peek_doubles (vc_table_get_column (table, VC_COMMITMENT_WEIGHT)),
  };
}

VcChain *
vc_chain_new (const VcChainFrame *frame, VcTable *const tables[4])
{
  g_autoptr (VcChain) self = g_object_new (VC_TYPE_CHAIN, NULL);

  vc_chain_frame_copy (&self->frame, frame);
  for (guint i = 0; i < VC_N_RECORDS; i++)
    self->tables[i] = g_object_ref (tables[i]);
  if (!fill_parties (self))
    return NULL;
  fill_flows (self);
  fill_commitments (self);
  return g_steal_pointer (&self);
}

void
vc_chain_set_check (VcChain *self, VcTable *check)
{
  g_set_object (&self->check, check);
}

const VcChainFrame *
vc_chain_peek_frame (VcChain *self)
{
  return &self->frame;
}

const VcChainArrays *
vc_chain_peek_arrays (VcChain *self)
{
  return &self->arrays;
}

/* ---- reading ---- */

/**
 * vc_chain_get_parties:
 * @self: a chain
 *
 * The parties, in the order of the bytes of their ids.
 *
 * Columns: `id`, `kind`, `name`, `unit`, `manager`, `effort` (in the chain's unit of effort, per window), always; then
 * attributes, by name. The codes of `id`, `unit` and `manager` are rows of this table.
 *
 * Returns: (transfer none): a table named "parties"
 */
VcTable *
vc_chain_get_parties (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  return self->tables[VC_RECORDS_PARTIES];
}

/**
 * vc_chain_get_flows:
 * @self: a chain
 *
 * The flows, ordered by kind, from, to, time, amount, case and attributes.
 *
 * Columns: `from`, `to`, `kind`, `amount` (positive, in the chain's unit of effort), always; `at` and `case` where some
 * flow has one; then attributes, by name. The codes of `from` and `to` are rows of the table of parties. Flows of
 * amount 0 are left out.
 *
 * Returns: (transfer none): a table named "flows"
 */
VcTable *
vc_chain_get_flows (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  return self->tables[VC_RECORDS_FLOWS];
}

/**
 * vc_chain_get_receipts:
 * @self: a chain
 *
 * The receipts, ordered by customer, time and amount.
 *
 * Columns: `customer`, `at`, `amount` (in the chain's currency; negative for what was paid back), always; then
 * attributes, by name.
 *
 * Returns: (transfer none): a table named "receipts"
 */
VcTable *
vc_chain_get_receipts (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  return self->tables[VC_RECORDS_RECEIPTS];
}

/**
 * vc_chain_get_commitments:
 * @self: a chain
 *
 * The commitments, ordered by from, to and their times.
 *
 * Columns: `from` (who owes), `to` (who is owed), `what`, `made`, `due`, `closed`, `state`, `closed_by`, `reopened`,
 * `weight`, `id`, always; then attributes, by name.
 *
 * Returns: (transfer none): a table named "commitments"
 */
VcTable *
vc_chain_get_commitments (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  return self->tables[VC_RECORDS_COMMITMENTS];
}

/**
 * vc_chain_get_n_parties:
 * @self: a chain
 *
 * The number of parties.
 *
 * Returns: the number
 */
guint
vc_chain_get_n_parties (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), 0);

  return self->arrays.n_parties;
}

/**
 * vc_chain_get_n_flows:
 * @self: a chain
 *
 * The number of flows of all kinds.
 *
 * Returns: the number
 */
guint64
vc_chain_get_n_flows (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), 0);

  return self->arrays.n_flows;
}

static int
compare_with_id (const VcStrings *ids, guint32 party, const char *id, gsize length)
{
  gsize other_length;
  const char *other = vc_strings_peek (ids, party, &other_length);
  int order = memcmp (id, other, MIN (length, other_length));

  return order != 0 ? order : (length > other_length) - (length < other_length);
}

/**
 * vc_chain_lookup_party:
 * @self: a chain
 * @id: the id of a party
 *
 * Finds a party, in O(log n).
 *
 * Returns: the row of the party, or -1 where the chain has none of that id
 */
gint64
vc_chain_lookup_party (VcChain *self, const char *id)
{
  guint32 low = 0;
  guint32 high;
  gsize length;

  g_return_val_if_fail (VC_IS_CHAIN (self), -1);
  g_return_val_if_fail (id != NULL, -1);

  length = strlen (id);
  high = self->arrays.n_parties;
  while (low < high) {
    guint32 middle = low + (high - low) / 2;
    int order = compare_with_id (self->arrays.ids, middle, id, length);

    if (order == 0)
      return middle;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return -1;
}

/**
 * vc_chain_dup_party_id:
 * @self: a chain
 * @party: the row of a party
 *
 * The id of a party.
 *
 * Returns: (transfer full): a copy of the id
 */
char *
vc_chain_dup_party_id (VcChain *self, guint party)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);
  g_return_val_if_fail (party < self->arrays.n_parties, NULL);

  return vc_strings_dup (self->arrays.ids, party);
}

/**
 * vc_chain_get_party_kind:
 * @self: a chain
 * @party: the row of a party
 *
 * What a party is.
 *
 * Returns: the kind
 */
VcPartyKind
vc_chain_get_party_kind (VcChain *self, guint party)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), VC_PARTY_KIND_UNIT);
  g_return_val_if_fail (party < self->arrays.n_parties, VC_PARTY_KIND_UNIT);

  return (VcPartyKind) self->kinds[party];
}

/**
 * vc_chain_is_manager:
 * @self: a chain
 * @party: the row of a party
 *
 * Whether somebody reports to a party: whether it is named in somebody's `manager`.
 *
 * Returns: %TRUE if it is
 */
gboolean
vc_chain_is_manager (VcChain *self, guint party)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), FALSE);
  g_return_val_if_fail (party < self->arrays.n_parties, FALSE);

  return self->is_manager[party];
}

/**
 * vc_chain_get_title: (get-property title)
 * @self: a chain
 *
 * What the chain is called.
 *
 * Returns: (nullable): the title
 */
const char *
vc_chain_get_title (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  return self->frame.title;
}

/**
 * vc_chain_get_currency: (get-property currency)
 * @self: a chain
 *
 * The currency of receipts.
 *
 * Returns: (nullable): the currency, as "EUR"
 */
const char *
vc_chain_get_currency (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  return self->frame.currency;
}

/**
 * vc_chain_get_effort_unit: (get-property effort-unit)
 * @self: a chain
 *
 * The unit of effort and of the amounts of flows.
 *
 * Returns: (nullable): the unit, as "hours"
 */
const char *
vc_chain_get_effort_unit (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  return self->frame.effort_unit;
}

/**
 * vc_chain_get_window:
 * @self: a chain
 * @start: (out) (optional): the first microsecond since 1970-01-01T00:00:00Z, %G_MININT64 for an open side
 * @end: (out) (optional): the first microsecond after it, %G_MAXINT64 for an open side
 *
 * The half-open window of time that the chain is about.
 *
 * Returns: %FALSE if the chain has none; both are 0 then
 */
gboolean
vc_chain_get_window (VcChain *self, gint64 *start, gint64 *end)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), FALSE);

  if (start != NULL)
    *start = self->frame.has_window ? self->frame.start : 0;
  if (end != NULL)
    *end = self->frame.has_window ? self->frame.end : 0;
  return self->frame.has_window;
}

/**
 * vc_chain_get_digest:
 * @self: a chain
 *
 * The SHA-256 of the chain's content: its parties, its records, their attributes, the units, and the window; not its
 * title.
 *
 * The same for the same content, in whatever order and from whatever source it came. Computed when first asked for, at
 * about 150 megabytes a second, and kept; safe to call from several threads.
 *
 * Returns: 64 hexadecimal digits
 */
const char *
vc_chain_get_digest (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  if (g_once_init_enter (&self->digest))
    g_once_init_leave (&self->digest, vc_chain_compute_digest (self));
  return self->digest;
}

/**
 * vc_chain_check:
 * @self: a chain
 *
 * What is odd about the chain though allowed, as the builder found it.
 *
 * Columns: `severity` (warning, note), `file`, `line`, `field`, `code`, `count`, `message`, as in
 * [method@ChainBuilder.check].
 *
 * Returns: (transfer full): a table named "check"
 */
VcTable *
vc_chain_check (VcChain *self)
{
  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  return g_object_ref (self->check);
}

/**
 * vc_chain_edit:
 * @self: a chain
 *
 * Makes a builder that holds what the chain holds. The chain stays as it is; building at once gives an equal chain.
 *
 * Returns: (transfer full): a new builder
 */
VcChainBuilder *
vc_chain_edit (VcChain *self)
{
  VcChainBuilder *builder;

  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  builder = vc_chain_builder_new ();
  vc_chain_builder_set_frame (builder, &self->frame);
  vc_chain_builder_add_parties (builder, self->tables[VC_RECORDS_PARTIES], "parties");
  vc_chain_builder_add_flows (builder, self->tables[VC_RECORDS_FLOWS], "flows");
  vc_chain_builder_add_receipts (builder, self->tables[VC_RECORDS_RECEIPTS], "receipts");
  vc_chain_builder_add_commitments (builder, self->tables[VC_RECORDS_COMMITMENTS], "commitments");
  return builder;
}
