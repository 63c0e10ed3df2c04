/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain-helpers.h"

#include <stdlib.h>

#include "chain/vc-chain-private.h"
#include "table/vc-table-private.h"

/* One content, one chain: whatever the order of rows, the number of tables and the types that the input has it in. */

static guint64
next (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  return z ^ (z >> 27);
}

static guint
below (guint64 *state, guint n)
{
  return (guint) ((next (state) >> 20) % n);
}

static void
shuffle (guint32 *rows, guint n, guint64 *state)
{
  for (guint i = n; i > 1; i--) {
    guint j = below (state, i);
    guint32 swap = rows[i - 1];

    rows[i - 1] = rows[j];
    rows[j] = swap;
  }
}

/* Small pools, so that many rows agree in some columns and some agree in all. */
static VcTable *
random_flows (guint n, guint n_parties, guint64 *state)
{
  static const char *const kinds[] = { "work", "instruction", "", "information" };
  static const char *const times[] = { "", "2025-01-01", "2025-01-02", "1969-12-31T23:59:59.5Z" };
  static const char *const cases[] = { "", "x", "\xc3\xa9", "y" };
  g_autofree const char **from = g_new0 (const char *, n + 1);
  g_autofree const char **to = g_new0 (const char *, n + 1);
  g_autofree const char **kind = g_new0 (const char *, n + 1);
  g_autofree const char **at = g_new0 (const char *, n + 1);
  g_autofree const char **cas = g_new0 (const char *, n + 1);
  g_autofree double *amount = g_new (double, n);
  g_autofree double *price = g_new (double, n);

  for (guint i = 0; i < n; i++) {
    from[i] = numbered ("p", below (state, n_parties));
    to[i] = numbered ("p", below (state, n_parties));
    kind[i] = kinds[below (state, 4)];
    at[i] = times[below (state, 4)];
    cas[i] = cases[below (state, 4)];
    amount[i] = below (state, 4);
    price[i] = below (state, 3) - 1.0;
  }
  return TABLE (texts ("from", from), texts ("to", to), texts ("kind", kind), texts ("at", at), texts ("case", cas),
                doubles ("amount", amount, n), doubles ("price", price, n));
}

static VcTable *
random_parties (guint n)
{
  g_autofree const char **id = g_new0 (const char *, n + 1);
  g_autofree const char **kind = g_new0 (const char *, n + 1);
  g_autofree const char **unit = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++) {
    id[i] = numbered ("p", i);
    kind[i] = i == 0 ? "unit" : i % 3 == 0 ? "customer" : "person";
    unit[i] = i == 0 ? "" : "p0";
  }
  return TABLE (texts ("id", id), texts ("kind", kind), texts ("unit", unit));
}

static VcTable *
pick (VcTable *table, const guint32 *rows, gsize n)
{
  VcColumn *columns[16];
  guint n_columns = vc_table_get_n_columns (table);

  for (guint i = 0; i < n_columns; i++)
    columns[i] = vc_column_take_rows (vc_table_get_column (table, i), rows, n, NULL, NULL);
  return vc_table_new_take (vc_table_get_name (table), columns, n_columns);
}

/* The rows in a random order, in up to three tables. */
static void
add_shuffled (VcChainBuilder *builder, VcTable *table, void (*add) (VcChainBuilder *, VcTable *, const char *),
              guint64 *state)
{
  guint n = (guint) vc_table_get_n_rows (table);
  g_autofree guint32 *rows = g_new (guint32, n);
  guint cuts[4] = { 0, n > 0 ? below (state, n + 1) : 0, 0, n };

  cuts[2] = cuts[1] + (n > cuts[1] ? below (state, n - cuts[1] + 1) : 0);
  for (guint i = 0; i < n; i++)
    rows[i] = i;
  shuffle (rows, n, state);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (VcTable) part = pick (table, rows + cuts[i], cuts[i + 1] - cuts[i]);

    add (builder, part, NULL);
  }
}

static void
assert_same_column (VcColumn *a, VcColumn *b)
{
  g_autoptr (GBytes) values_a = vc_column_get_values_bytes (a);
  g_autoptr (GBytes) values_b = vc_column_get_values_bytes (b);

  cr_assert_str_eq (vc_column_get_name (a), vc_column_get_name (b));
  cr_assert_eq (vc_column_get_n_nulls (a), vc_column_get_n_nulls (b));
  cr_assert (g_bytes_equal (values_a, values_b), "%s", vc_column_get_name (a));
  for (guint64 row = 0; row < vc_column_get_n_rows (a); row++) {
    g_autofree char *cell_a = vc_column_format (a, row);
    g_autofree char *cell_b = vc_column_format (b, row);

    cr_assert_eq (g_strcmp0 (cell_a, cell_b), 0);
  }
}

static void
assert_same (VcChain *a, VcChain *b)
{
  VcTable *tables[][2] = {
    { vc_chain_get_parties (a), vc_chain_get_parties (b) },
    { vc_chain_get_flows (a), vc_chain_get_flows (b) },
    { vc_chain_get_receipts (a), vc_chain_get_receipts (b) },
    { vc_chain_get_commitments (a), vc_chain_get_commitments (b) },
  };

  cr_assert_str_eq (vc_chain_get_digest (a), vc_chain_get_digest (b));
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++) {
    cr_assert_eq (vc_table_get_n_columns (tables[t][0]), vc_table_get_n_columns (tables[t][1]));
    for (guint i = 0; i < vc_table_get_n_columns (tables[t][0]); i++)
      assert_same_column (vc_table_get_column (tables[t][0], i), vc_table_get_column (tables[t][1], i));
  }
}

static VcTable *
random_receipts (guint n, guint n_parties, guint64 *state)
{
  g_autofree const char **customer = g_new0 (const char *, n + 1);
  g_autofree gint64 *amount = g_new (gint64, n);

  for (guint i = 0; i < n; i++) {
    customer[i] = numbered ("p", 3 * (1 + below (state, (n_parties - 1) / 3)));
    amount[i] = below (state, 5) - 2;
  }
  return TABLE (texts ("customer", customer), words (VC_COLUMN_TYPE_INT64, "amount", amount, n));
}

Test (canonical, order_and_number_of_tables_do_not_matter)
{
  guint64 state = 1;

  for (guint run = 0; run < 60; run++) {
    guint n_parties = 4 + below (&state, run < 30 ? 4 : 300);
    guint n = below (&state, 400);
    g_autoptr (VcTable) parties = random_parties (n_parties);
    g_autoptr (VcTable) flows = random_flows (n, n_parties, &state);
    g_autoptr (VcTable) receipts = random_receipts (n / 4, n_parties, &state);
    g_autoptr (VcTable) commitments = random_flows (n / 2, n_parties, &state);
    VcChain *chains[2] = { NULL };

    for (guint i = 0; i < 2; i++) {
      g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
      g_autoptr (VcTable) owed = TABLE (g_object_ref (vc_table_get_column (commitments, 0)),
                                        g_object_ref (vc_table_get_column (commitments, 1)),
                                        vc_column_described (vc_table_get_column (commitments, 3), "made", NULL, NULL),
                                        vc_column_described (vc_table_get_column (commitments, 4), "what", NULL, NULL));

      g_object_set (builder, "lenient", TRUE, NULL); /* some are owed to oneself */
      add_shuffled (builder, parties, vc_chain_builder_add_parties, &state);
      add_shuffled (builder, flows, vc_chain_builder_add_flows, &state);
      add_shuffled (builder, receipts, vc_chain_builder_add_receipts, &state);
      add_shuffled (builder, owed, vc_chain_builder_add_commitments, &state);
      chains[i] = build (builder);
    }
    assert_same (chains[0], chains[1]);
    g_clear_object (&chains[0]);
    g_clear_object (&chains[1]);
  }
}

/* ---- the order, against sorting texts ---- */

static int
compare_strings (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* A row as a text that sorts as the row should: fields of fixed width, nulls first. */
static char *
row_as_text (VcTable *flows, guint64 row)
{
  static const char *const names[] = { "from", "to", "at", "amount", "case", "price" };
  g_autofree char *kind = vc_column_dup_text (vc_table_lookup_column (flows, "kind"), row);
  g_autoptr (GString) text = g_string_new (strcmp (kind, "work") == 0          ? "0"
                                           : strcmp (kind, "information") == 0 ? "1"
                                                                               : "2");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    VcColumn *column = vc_table_lookup_column (flows, names[i]);

    g_string_append_c (text, '\x01');
    if (vc_column_is_null (column, row))
      continue;
    g_string_append_c (text, '\x02');
    if (vc_column_get_column_type (column) == VC_COLUMN_TYPE_TEXT) {
      g_autofree char *value = vc_column_dup_text (column, row);

      g_string_append (text, value);
    } else if (vc_column_get_column_type (column) == VC_COLUMN_TYPE_TIME) {
      g_string_append_printf (text, "%020" G_GINT64_FORMAT,
                              vc_column_get_int64 (column, row) + G_GINT64_CONSTANT (1000000000));
    } else {
      g_string_append_printf (text, "%03d", (int) vc_column_get_double (column, row) + 100);
    }
  }
  return g_strdup (text->str);
}

Test (canonical, order_is_that_of_sorted_texts)
{
  guint64 state = 9;
  g_autoptr (VcTable) parties = random_parties (9);
  g_autoptr (VcTable) flows = random_flows (3000, 9, &state);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  VcTable *ordered;
  guint64 n;

  vc_chain_builder_add_parties (builder, parties, NULL);
  vc_chain_builder_add_flows (builder, flows, NULL);
  chain = build (builder);
  ordered = vc_chain_get_flows (chain);
  n = vc_table_get_n_rows (ordered);
  cr_assert (n > 2000 && n < 3000, "some flows are of nothing");
  for (guint64 row = 0; row < n; row++)
    g_ptr_array_add (lines, row_as_text (ordered, row));
  for (guint i = 1; i < n; i++)
    cr_assert (compare_strings (&lines->pdata[i - 1], &lines->pdata[i]) <= 0, "row %u", i);
}

/* ---- types and defaults ---- */

Test (canonical, types_of_the_input_do_not_matter)
{
  g_autoptr (VcTable) parties = TABLE (TEXTS ("id", "-1", "0", "9223372036854775807"),
                                       TEXTS ("kind", "unit", "unit", "customer"), DOUBLES ("effort", 5, 6, 0));
  g_autoptr (VcTable) flows
    = TABLE (TEXTS ("from", "-1", "0"), TEXTS ("to", "0", "9223372036854775807"), TEXTS ("kind", "work", "work"),
             DOUBLES ("amount", 2, 1), TIMES ("at", 0, 1000000));
  g_autoptr (VcTable) number_parties
    = TABLE (INT64S ("id", 0, G_MAXINT64, -1), TEXTS ("kind", "unit", "customer", "unit"), INT64S ("effort", 6, 0, 5));
  g_autoptr (VcTable) number_flows
    = TABLE (INT64S ("from", 0, -1), INT64S ("to", G_MAXINT64, 0), INT64S ("amount", 1, 2),
             TEXTS ("at", "1970-01-01T00:00:01", "1970-01-01T01:00:00+01:00"));
  g_autoptr (VcChainBuilder) typed = vc_chain_builder_new ();
  g_autoptr (VcChainBuilder) loose = vc_chain_builder_new ();
  g_autoptr (VcChain) a = NULL;
  g_autoptr (VcChain) b = NULL;

  vc_chain_builder_add_parties (typed, parties, NULL);
  vc_chain_builder_add_flows (typed, flows, NULL);
  vc_chain_builder_add_parties (loose, number_parties, NULL);
  vc_chain_builder_add_flows (loose, number_flows, NULL);
  a = build (typed);
  b = build (loose);
  assert_same (a, b);
}

Test (canonical, defaults_are_as_good_as_written_out)
{
  g_autoptr (VcTable) plain = TABLE (TEXTS ("from", "a", "b"), TEXTS ("to", "b", "a"));
  g_autoptr (VcTable) full
    = TABLE (TEXTS ("from", "b", "a", "a"), TEXTS ("to", "a", "b", "a"), TEXTS ("kind", "", "work", "work"),
             DOUBLES ("amount", 1, 1, 0), TEXTS ("at", "", "", ""), TEXTS ("case", "", "", "unused"));
  VcTable *tables[] = { plain, full };
  VcChain *chains[2] = { NULL };

  for (guint i = 0; i < 2; i++) {
    g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();

    vc_chain_builder_add_party (builder, "b", VC_PARTY_KIND_UNIT);
    vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
    vc_chain_builder_add_flows (builder, tables[i], NULL);
    chains[i] = build (builder);
  }
  cr_assert_eq (vc_chain_get_n_flows (chains[1]), 2u);
  cr_assert_null (vc_table_lookup_column (vc_chain_get_flows (chains[0]), "at"), "no flow has a time");
  cr_assert (vc_chain_peek_arrays (chains[0])->amount[1] == 1);
  cr_assert_eq (vc_table_get_n_columns (vc_chain_get_parties (chains[0])), 6u);
  cr_assert_eq (vc_table_get_n_columns (vc_chain_get_commitments (chains[0])), 11u);
  g_clear_object (&chains[0]);
  g_clear_object (&chains[1]);
}

Test (canonical, minus_zero_is_zero)
{
  g_autoptr (VcTable) parties
    = TABLE (TEXTS ("id", "a", "b"), TEXTS ("kind", "unit", "customer"), DOUBLES ("effort", -0.0, 1));
  g_autoptr (VcTable) receipts = TABLE (TEXTS ("customer", "b"), DOUBLES ("amount", -0.0));
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;

  vc_chain_builder_add_parties (builder, parties, NULL);
  vc_chain_builder_add_receipts (builder, receipts, NULL);
  chain = build (builder);
  cr_assert_eq (signbit (vc_chain_peek_arrays (chain)->effort[0]), 0);
  cr_assert_eq (signbit (vc_chain_peek_arrays (chain)->receipt_amount[0]), 0);
}

Test (canonical, attributes_survive_an_edit)
{
  g_autoptr (VcTable) parties
    = TABLE (TEXTS ("id", "b", "a", "c"), TEXTS ("kind", "unit", "unit", "unit"), TEXTS ("site", "south", "north", ""),
             INT64S ("age", 3, 4, 5), TIMES ("since", 1, 2, 3));
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcChainBuilder) edit = NULL;
  g_autoptr (VcChain) same = NULL;
  g_autofree char *site = NULL;

  vc_chain_builder_add_parties (builder, parties, NULL);
  vc_chain_builder_set_party_field (builder, "c", "name", "Cecil");
  chain = build (builder);
  site = vc_column_dup_text (vc_table_lookup_column (vc_chain_get_parties (chain), "site"), 0);
  cr_assert_str_eq (site, "north");
  cr_assert_eq (vc_column_get_int64 (vc_table_lookup_column (vc_chain_get_parties (chain), "age"), 1), 3);
  cr_assert_str_eq (vc_column_get_name (vc_table_get_column (vc_chain_get_parties (chain), 6)), "age");
  edit = vc_chain_edit (chain);
  same = build (edit);
  assert_same (chain, same);
}

static VcColumn *
described (VcColumn *column)
{
  g_autoptr (VcColumn) plain = column;
  g_autofree char *unit = g_strconcat ("unit of ", vc_column_get_name (column), NULL);

  return vc_column_described (plain, NULL, unit, "as the first table says");
}

static void
assert_described (VcChain *chain)
{
  static const char *const names[] = { "site", "age", "since", "worth" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    VcColumn *column = vc_table_lookup_column (vc_chain_get_parties (chain), names[i]);
    g_autofree char *unit = g_strconcat ("unit of ", names[i], NULL);

    cr_assert_str_eq (vc_column_get_unit (column), unit);
    cr_assert_str_eq (vc_column_get_description (column), "as the first table says");
  }
}

/* Whether the chain takes columns as they are, orders them or puts two together. */
Test (canonical, attributes_keep_unit_and_description)
{
  for (guint n_tables = 1; n_tables <= 2; n_tables++) {
    g_autoptr (VcTable) first
      = TABLE (TEXTS ("id", "b", "a"), TEXTS ("kind", "unit", "unit"), described (TEXTS ("site", "south", "")),
               described (INT64S ("age", 3, 4)), described (TIMES ("since", 1, 2)),
               described (DOUBLES ("worth", 1, 2)));
    g_autoptr (VcTable) second
      = TABLE (TEXTS ("id", "c"), TEXTS ("kind", "unit"), TEXTS ("site", "east"), INT64S ("age", 5));
    g_autoptr (VcChainBuilder) builder = vc_chain_builder_new (), edit = NULL;
    g_autoptr (VcChain) chain = NULL, same = NULL;

    vc_chain_builder_add_parties (builder, first, NULL);
    if (n_tables == 2)
      vc_chain_builder_add_parties (builder, second, NULL);
    chain = build (builder);
    assert_described (chain);
    edit = vc_chain_edit (chain);
    same = build (edit);
    assert_described (same);
  }
}

Test (canonical, title_is_no_content_but_units_and_window_are)
{
  char *digests[5] = { NULL };

  for (guint i = 0; i < 5; i++) {
    g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
    g_autoptr (VcChain) chain = NULL;

    if (i == 1)
      g_object_set (builder, "title", "T", NULL);
    if (i == 2)
      g_object_set (builder, "currency", "EUR", NULL);
    if (i == 3)
      g_object_set (builder, "effort-unit", "EUR", NULL);
    if (i == 4)
      vc_chain_builder_set_window (builder, 0, 1);
    chain = build (builder);
    digests[i] = g_strdup (vc_chain_get_digest (chain));
  }
  cr_assert_str_eq (digests[0], digests[1]);
  for (guint i = 2; i < 5; i++)
    for (guint j = 0; j < i; j++)
      cr_assert (j == 1 || strcmp (digests[i], digests[j]) != 0, "%u %u", i, j);
  for (guint i = 0; i < 5; i++)
    g_free (digests[i]);
}
