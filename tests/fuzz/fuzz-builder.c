/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes are records of parties, flows and receipts, from pools with what is missing, unknown, too large and written
 * wrongly. A slow model of the rules says whether they are a chain and what flows in it. Two builders get them in
 * different orders, split into different tables, and one record by record: all agree, to the digest, and a builder that
 * refused says the same again. */
#include <gio/gio.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "valuechain/valuechain.h"

#define MAX_RECORDS 24
#define MAX_FIELDS 6

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* ---- what there is to choose from; "" is missing ---- */

static const char *const ids[] = { "a", "b", "c", "\xc3\xa9", "an id of some length", "d", "", "nobody" };
static const char *const party_kinds[] = { "customer", "unit", "person", "supplier", "customer", "person", "", "boss" };
static const char *const flow_kinds[] = { "work", "work", "work", "information", "instruction", "", "", "Work" };
static const char *const cases[] = { "", "", "x", "y" };
static const double numbers[] = { NAN, 1, 0.1, 0.2, 0, 1e16, -1, 1e308 };
static const gint64 times[]
  = { G_MININT64, G_MININT64, 0, 1, -62135596800000000, 253402300799999999, G_MAXINT64, 86400000000 };

#define MISSING 6 /* among the ids */

enum { ID, PARTY_KIND, UNIT, MANAGER, EFFORT };
enum { FROM, TO, FLOW_KIND, AMOUNT, AT, CASE };
enum { CUSTOMER, PAID, PAID_AT };

typedef struct {
  guint  n;
  guint8 fields[MAX_RECORDS][MAX_FIELDS]; /* places in the pools */
} Records;

typedef struct {
  Records parties, flows, receipts;
} Input;

typedef struct {
  const uint8_t *data;
  size_t         size;
} Bytes;

static guint8
take (Bytes *bytes, guint n)
{
  if (bytes->size == 0)
    return 0;
  bytes->size--;
  return (guint8) (*bytes->data++ % n);
}

/* Places in the pools: all, or (so that many inputs are chains) only the first ones, which are right. */
static void
read_records (Records *records, Bytes *bytes, const guint8 (*ranges)[2], guint n_fields, gboolean right)
{
  records->n = take (bytes, MAX_RECORDS + 1);
  for (guint i = 0; i < records->n; i++)
    for (guint k = 0; k < n_fields; k++)
      records->fields[i][k] = take (bytes, ranges[k][right ? 1 : 0]);
}

/* Ids of their own, units above them, a customer first. */
static void
make_right (Input *input)
{
  const guint n = input->parties.n = CLAMP (input->parties.n, 1, 6);

  for (guint i = 0; i < n; i++) {
    guint8 *party = input->parties.fields[i];

    party[ID] = (guint8) i;
    party[PARTY_KIND] = i == 0 ? 0 : party[PARTY_KIND];
    party[UNIT] = party[UNIT] % 2 == 0 || i + 1 == n ? MISSING : (guint8) (i + 1);
    party[MANAGER] = (guint8) (party[MANAGER] % 2 == 0 ? MISSING : party[MANAGER] % n);
  }
  for (guint i = 0; i < input->flows.n; i++) {
    input->flows.fields[i][FROM] %= (guint8) n;
    input->flows.fields[i][TO] %= (guint8) n;
  }
  for (guint i = 0; i < input->receipts.n; i++)
    input->receipts.fields[i][PAID] += 1;
}

/* Then one field may be wrong all the same. */
static void
read_input (Input *input, Bytes *bytes)
{
  static const guint8 party_ranges[][2] = { { 8, 6 }, { 8, 6 }, { 8, 8 }, { 8, 8 }, { 8, 6 } };
  static const guint8 flow_ranges[][2] = { { 8, 6 }, { 8, 6 }, { 8, 7 }, { 8, 6 }, { 8, 6 }, { 4, 4 } };
  static const guint8 receipt_ranges[][2] = { { 8, 1 }, { 8, 5 }, { 8, 6 } };
  const gboolean right = take (bytes, 4) > 0;
  const guint8 where = take (bytes, 64);

  read_records (&input->parties, bytes, party_ranges, 5, right);
  read_records (&input->flows, bytes, flow_ranges, 6, right);
  read_records (&input->receipts, bytes, receipt_ranges, 3, right);
  if (!right)
    return;
  make_right (input);
  if (where < 5)
    input->parties.fields[take (bytes, MAX_RECORDS)][where] = take (bytes, 8);
  else if (where < 10)
    input->flows.fields[take (bytes, MAX_RECORDS)][where - 5] = take (bytes, 8);
  else if (where < 13)
    input->receipts.fields[take (bytes, MAX_RECORDS)][where - 10] = take (bytes, 8);
}

/* ---- the rules, slowly ---- */

static int
find_party (const Input *input, guint8 id)
{
  for (guint i = 0; i < input->parties.n && *ids[id] != '\0'; i++)
    if (input->parties.fields[i][ID] == id)
      return (int) i;
  return -1;
}

static gboolean
is_reference (const Input *input, guint8 id, gboolean required)
{
  return *ids[id] == '\0' ? !required : find_party (input, id) >= 0;
}

static gboolean
is_bad_time (guint8 time)
{
  return times[time] == G_MAXINT64;
}

static gboolean
is_in_circle (const Input *input, guint party)
{
  int at = (int) party;

  for (guint steps = 0; steps <= input->parties.n && at >= 0; steps++) {
    at = find_party (input, input->parties.fields[at][UNIT]);
    if (at == (int) party)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_right_party (const Input *input, guint i)
{
  const guint8 *party = input->parties.fields[i];

  return *ids[party[ID]] != '\0' && find_party (input, party[ID]) == (int) i && party[PARTY_KIND] < 6
         && is_reference (input, party[UNIT], FALSE) && is_reference (input, party[MANAGER], FALSE)
         && !(numbers[party[EFFORT]] < 0) && !is_in_circle (input, i);
}

static gboolean
is_right_flow (const Input *input, const guint8 *flow)
{
  return is_reference (input, flow[FROM], TRUE) && is_reference (input, flow[TO], TRUE) && flow[FLOW_KIND] < 7
         && !(numbers[flow[AMOUNT]] < 0) && !is_bad_time (flow[AT]);
}

static gboolean
is_right_receipt (const Input *input, const guint8 *receipt)
{
  const int customer = find_party (input, receipt[CUSTOMER]);

  return customer >= 0 && !isnan (numbers[receipt[PAID]]) && !is_bad_time (receipt[PAID_AT])
         && g_str_equal (party_kinds[input->parties.fields[customer][PARTY_KIND]], "customer");
}

static double
amount_of (const guint8 *flow)
{
  return isnan (numbers[flow[AMOUNT]]) ? 1 : numbers[flow[AMOUNT]];
}

static gboolean
is_chain (const Input *input)
{
  double effort = 0, amount = 0, paid = 0;
  gboolean right = TRUE;

  for (guint i = 0; i < input->parties.n; i++) {
    right = right && is_right_party (input, i);
    effort += fabs (isnan (numbers[input->parties.fields[i][EFFORT]]) ? 0 : numbers[input->parties.fields[i][EFFORT]]);
  }
  for (guint i = 0; i < input->flows.n; i++) {
    right = right && is_right_flow (input, input->flows.fields[i]);
    amount += fabs (amount_of (input->flows.fields[i]));
  }
  for (guint i = 0; i < input->receipts.n; i++) {
    right = right && is_right_receipt (input, input->receipts.fields[i]);
    paid += fabs (numbers[input->receipts.fields[i][PAID]]);
  }
  return right && isfinite (effort) && isfinite (amount) && isfinite (paid);
}

/* ---- into builders ---- */

static VcColumn *
column_of (const Records *records, const guint *rows, guint n, guint field, gconstpointer pool, VcColumnType type,
           const char *name)
{
  const char *texts[MAX_RECORDS + 1] = { NULL };
  double doubles[MAX_RECORDS + 1] = { 0 };
  gint64 int64s[MAX_RECORDS + 1] = { 0 };

  for (guint i = 0; i < n; i++) {
    const guint8 place = records->fields[rows[i]][field];

    if (type == VC_COLUMN_TYPE_TEXT)
      texts[i] = ((const char *const *) pool)[place];
    else if (type == VC_COLUMN_TYPE_DOUBLE)
      doubles[i] = ((const double *) pool)[place];
    else
      int64s[i] = ((const gint64 *) pool)[place];
  }
  if (type == VC_COLUMN_TYPE_TEXT)
    return vc_column_new_texts (name, texts, NULL);
  return vc_column_new_from_address (
    name, type, (guintptr) (type == VC_COLUMN_TYPE_DOUBLE ? (gconstpointer) doubles : int64s), n, NULL);
}

typedef struct {
  const char   *name;
  VcColumnType  type;
  gconstpointer pool;
} Field;

static const Field party_fields[] = {
  { "id", VC_COLUMN_TYPE_TEXT, ids },           { "kind", VC_COLUMN_TYPE_TEXT, party_kinds },
  { "unit", VC_COLUMN_TYPE_TEXT, ids },         { "manager", VC_COLUMN_TYPE_TEXT, ids },
  { "effort", VC_COLUMN_TYPE_DOUBLE, numbers },
};
static const Field flow_fields[] = {
  { "from", VC_COLUMN_TYPE_TEXT, ids },        { "to", VC_COLUMN_TYPE_TEXT, ids },
  { "kind", VC_COLUMN_TYPE_TEXT, flow_kinds }, { "amount", VC_COLUMN_TYPE_DOUBLE, numbers },
  { "at", VC_COLUMN_TYPE_TIME, times },        { "case", VC_COLUMN_TYPE_TEXT, cases },
};
static const Field receipt_fields[] = {
  { "customer", VC_COLUMN_TYPE_TEXT, ids },
  { "amount", VC_COLUMN_TYPE_DOUBLE, numbers },
  { "at", VC_COLUMN_TYPE_TIME, times },
};

typedef void (*Add) (VcChainBuilder *, VcTable *, const char *);

static void
add_rows (VcChainBuilder *builder, Add add, const Records *records, const Field *fields, guint n_fields,
          const guint *rows, guint n)
{
  VcColumn *columns[MAX_FIELDS];
  g_autoptr (VcTable) table = NULL;

  for (guint i = 0; i < n_fields; i++)
    columns[i] = column_of (records, rows, n, i, fields[i].pool, fields[i].type, fields[i].name);
  table = vc_table_new ("t", columns, n_fields, NULL);
  for (guint i = 0; i < n_fields; i++)
    g_object_unref (columns[i]);
  add (builder, table, NULL);
}

static guint
below (guint64 *state, guint n)
{
  *state = *state * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;
  return (guint) ((*state >> 33) % n);
}

/* In an order and in tables that `state` says; as it stands, in one table, where that is 0. */
static void
add_records (VcChainBuilder *builder, Add add, const Records *records, const Field *fields, guint n_fields,
             guint64 *state)
{
  guint rows[MAX_RECORDS];
  guint start = 0;

  for (guint i = 0; i < records->n; i++)
    rows[i] = i;
  for (guint i = records->n; i > 1 && *state != 0; i--) {
    const guint k = below (state, i), swap = rows[i - 1];

    rows[i - 1] = rows[k];
    rows[k] = swap;
  }
  while (start < records->n) {
    const guint n = *state == 0 ? records->n : 1 + below (state, records->n - start);

    add_rows (builder, add, records, fields, n_fields, rows + start, n);
    start += n;
  }
}

static VcChainBuilder *
fill (const Input *input, guint64 state)
{
  VcChainBuilder *builder = vc_chain_builder_new ();

  add_records (builder, vc_chain_builder_add_parties, &input->parties, party_fields, G_N_ELEMENTS (party_fields),
               &state);
  add_records (builder, vc_chain_builder_add_flows, &input->flows, flow_fields, G_N_ELEMENTS (flow_fields), &state);
  add_records (builder, vc_chain_builder_add_receipts, &input->receipts, receipt_fields, G_N_ELEMENTS (receipt_fields),
               &state);
  return builder;
}

/* ---- what comes out ---- */

static void
check (gboolean good, const char *what)
{
  if (!good) {
    g_printerr ("%s\n", what);
    abort ();
  }
}

static gboolean
lists_an_error (VcChainBuilder *builder)
{
  g_autoptr (VcTable) list = vc_chain_builder_check (builder, NULL, NULL, NULL);

  for (guint64 row = 0; row < vc_table_get_n_rows (list); row++) {
    g_autofree char *severity = vc_column_dup_text (vc_table_lookup_column (list, "severity"), row);

    if (g_str_equal (severity, "error"))
      return TRUE;
  }
  return FALSE;
}

/* Builds twice: the same comes out. */
static VcChain *
build (VcChainBuilder *builder)
{
  g_autoptr (GError) error = NULL, again = NULL;
  g_autoptr (VcChain) chain = vc_chain_builder_build (builder, NULL, NULL, &error);
  g_autoptr (VcChain) second = NULL;

  check ((chain == NULL) == (error != NULL), "neither a chain nor an error, or both");
  check (lists_an_error (builder) == (chain == NULL), "check() and build() disagree");
  second = vc_chain_builder_build (builder, NULL, NULL, &again);
  check ((second == NULL) == (chain == NULL), "another answer the second time");
  if (error != NULL)
    check (error->domain == VC_IMPORT_ERROR && g_str_equal (error->message, again->message),
           "another error, or one that is not promised");
  else
    check (g_str_equal (vc_chain_get_digest (chain), vc_chain_get_digest (second)), "another chain the second time");
  return g_steal_pointer (&chain);
}

/* What flows from one party to another in all, of one kind. */
static long double
flow_of (VcChain *chain, const char *from, const char *to, const char *kind)
{
  VcTable *flows = vc_chain_get_flows (chain);
  const char *const wanted[] = { from, to, kind }, *const names[] = { "from", "to", "kind" };
  long double sum = 0;

  for (guint64 row = 0; row < vc_table_get_n_rows (flows); row++) {
    gboolean same = TRUE;

    for (guint i = 0; i < 3; i++) {
      g_autofree char *text = vc_column_dup_text (vc_table_lookup_column (flows, names[i]), row);

      same = same && g_str_equal (text, wanted[i]);
    }
    sum += same ? vc_column_get_double (vc_table_lookup_column (flows, "amount"), row) : 0;
  }
  return sum;
}

static void
check_flows (const Input *input, VcChain *chain)
{
  for (guint i = 0; i < input->flows.n; i++) {
    const guint8 *flow = input->flows.fields[i];
    const char *kind = *flow_kinds[flow[FLOW_KIND]] != '\0' ? flow_kinds[flow[FLOW_KIND]] : "work";
    long double expected = 0;

    for (guint k = 0; k < input->flows.n; k++) {
      const guint8 *other = input->flows.fields[k];
      const char *other_kind = *flow_kinds[other[FLOW_KIND]] != '\0' ? flow_kinds[other[FLOW_KIND]] : "work";

      if (other[FROM] == flow[FROM] && other[TO] == flow[TO] && g_str_equal (kind, other_kind))
        expected += amount_of (other);
    }
    check (fabsl (flow_of (chain, ids[flow[FROM]], ids[flow[TO]], kind) - expected) <= 1e-14L * expected,
           "other flows than there were");
  }
}

/* Record by record, where they have nothing that only tables have. */
static void
check_one_by_one (const Input *input, VcChain *chain)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) one_by_one = NULL;
  gboolean plain = TRUE;

  for (guint i = 0; i < input->flows.n; i++)
    plain = plain && times[input->flows.fields[i][AT]] == G_MININT64 && input->flows.fields[i][CASE] < 2;
  for (guint i = 0; i < input->receipts.n; i++)
    plain = plain && times[input->receipts.fields[i][PAID_AT]] == G_MININT64;
  if (!plain)
    return;
  for (guint i = 0; i < input->parties.n; i++) {
    const guint8 *party = input->parties.fields[i];

    vc_chain_builder_add_party (builder, ids[party[ID]],
                                (VcPartyKind) (party[PARTY_KIND] < 4    ? party[PARTY_KIND]
                                               : party[PARTY_KIND] == 4 ? 0
                                                                        : 2));
    if (*ids[party[UNIT]] != '\0')
      vc_chain_builder_set_party_field (builder, ids[party[ID]], "unit", ids[party[UNIT]]);
    if (*ids[party[MANAGER]] != '\0')
      vc_chain_builder_set_party_field (builder, ids[party[ID]], "manager", ids[party[MANAGER]]);
    if (!isnan (numbers[party[EFFORT]]))
      vc_chain_builder_set_effort (builder, ids[party[ID]], numbers[party[EFFORT]]);
  }
  for (guint i = 0; i < input->flows.n; i++) {
    const guint8 *flow = input->flows.fields[i], kind = flow[FLOW_KIND];

    vc_chain_builder_add_flow (builder, ids[flow[FROM]], ids[flow[TO]],
                               (VcFlowKind) (kind == 3 || kind == 4 ? kind - 2 : 0), amount_of (flow));
  }
  for (guint i = 0; i < input->receipts.n; i++)
    vc_chain_builder_add_receipt (builder, ids[input->receipts.fields[i][CUSTOMER]],
                                  numbers[input->receipts.fields[i][PAID]]);
  one_by_one = build (builder);
  check (one_by_one != NULL && g_str_equal (vc_chain_get_digest (one_by_one), vc_chain_get_digest (chain)),
         "another chain record by record");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Bytes bytes = { data, size };
  Input input = { 0 };
  g_autoptr (VcChainBuilder) first = NULL, second = NULL;
  g_autoptr (VcChain) chain = NULL, other = NULL;
  guint64 state;

  state = 1 + (guint64) take (&bytes, 255);
  read_input (&input, &bytes);
  first = fill (&input, 0);
  second = fill (&input, state);
  chain = build (first);
  other = build (second);
  check ((chain != NULL) == is_chain (&input), chain != NULL ? "accepted what is no chain" : "refused a chain");
  check ((chain != NULL) == (other != NULL), "order or tables decide whether it is a chain");
  if (chain == NULL)
    return 0;
  check (g_str_equal (vc_chain_get_digest (chain), vc_chain_get_digest (other)),
         "order or tables decide which chain it is");
  check (vc_chain_get_n_parties (chain) == input.parties.n, "other parties than there were");
  check_flows (&input, chain);
  check_one_by_one (&input, chain);
  return 0;
}
