/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chains where memory ends. */
#include "operations.h"

#include <criterion/criterion.h>
#include <string.h>

static VcTable *
read_table (const char *text, const char *name)
{
  static const struct {
    const char  *name;
    VcColumnType type;
  } typed[]
    = { { "effort", VC_COLUMN_TYPE_DOUBLE }, { "amount", VC_COLUMN_TYPE_DOUBLE }, { "at", VC_COLUMN_TYPE_TIME } };
  g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, -1, NULL);
  VcTable *table;

  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    vc_csv_reader_add_column (reader, typed[i].name, typed[i].type, FALSE);
  table = vc_csv_reader_read_stream (reader, stream, name, NULL, NULL);
  cr_assert_not_null (table);
  return table;
}

/* Tables of a chain, or with `faulty` of one that has errors of several kinds. */
typedef struct {
  VcTable *parties, *flows, *receipts;
} Tables;

static void
tables_init (Tables *tables, gboolean faulty)
{
  tables->parties
    = read_table ("id,kind,unit,manager,effort,city\nc,customer,,,,Oslo\nu,unit,,,,\np,person,u,m,5,Bergen\n"
                  "m,person,u,,2,Oslo\nq,person,,m,,\nlonely,person,,,,\n",
                  "parties.csv");
  tables->flows = read_table (
    faulty ? "from,to,amount,at\np,nobody,-1,2025-01-02\n,q,1,\np,c,,2026-01-01\n"
           : "from,to,kind,amount,at,case,ticket\np,q,work,1,2025-01-02,k1,7\nq,p,work,1,2025-01-03,k1,8\n"
             "q,c,work,2,2025-02-01,k2,\np,c,,3,2025-02-02,k2,x\np,q,work,1,2025-01-02,k1,6\n"
             "c,m,instruction,1,2025-01-04,,\nm,p,instruction,2,2025-01-05,,\n",
    "flows.csv");
  tables->receipts = read_table ("customer,at,amount\nc,2025-01-31,100\nc,2025-02-28,-3\n", "receipts.csv");
}

static void
tables_clear (Tables *tables)
{
  g_clear_object (&tables->parties);
  g_clear_object (&tables->flows);
  g_clear_object (&tables->receipts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tables, tables_clear)

static VcChainBuilder *
new_builder (const Tables *tables)
{
  VcChainBuilder *builder = vc_chain_builder_new ();

  vc_chain_builder_add_parties (builder, tables->parties, "parties.csv");
  vc_chain_builder_add_flows (builder, tables->flows, "flows.csv");
  vc_chain_builder_add_receipts (builder, tables->receipts, "receipts.csv");
  return builder;
}

static VcChain *
new_chain (void)
{
  g_auto (Tables) tables = { 0 };
  g_autoptr (VcChainBuilder) builder = NULL;
  VcChain *chain;

  tables_init (&tables, FALSE);
  builder = new_builder (&tables);
  chain = vc_chain_builder_build (builder, NULL, NULL, NULL);
  cr_assert_not_null (chain);
  return chain;
}

static char *
build_of_tables (gconstpointer data, GError **error)
{
  g_autoptr (VcChainBuilder) builder = new_builder (data);

  return tell_chain (vc_chain_builder_build (builder, NULL, NULL, error));
}

Test (faults_chain, built_of_tables)
{
  g_auto (Tables) tables = { 0 };

  tables_init (&tables, FALSE);
  expect_no_harm (build_of_tables, &tables);
}

static char *
build_again (gconstpointer data, GError **error)
{
  return tell_chain (vc_chain_builder_build ((VcChainBuilder *) data, NULL, NULL, error));
}

Test (faults_chain, a_builder_may_build_again)
{
  g_auto (Tables) tables = { 0 };
  g_autoptr (VcChainBuilder) builder = NULL;

  tables_init (&tables, FALSE);
  builder = new_builder (&tables);
  vc_chain_builder_add_party (builder, "late", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_flow (builder, "late", "c", VC_FLOW_KIND_WORK, 4);
  expect_no_harm (build_again, builder);
}

static char *
build_of_records (gconstpointer data, GError **error)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();

  for (guint i = 0; i < 20; i++) {
    g_autofree char *id = g_strdup_printf ("a rather long name of party %u", i);

    vc_chain_builder_add_party (builder, id, i < 3 ? VC_PARTY_KIND_CUSTOMER : VC_PARTY_KIND_PERSON);
    vc_chain_builder_set_effort (builder, id, i);
    if (i > 3)
      vc_chain_builder_set_party_field (builder, id, "manager", "a rather long name of party 3");
    vc_chain_builder_add_flow (builder, id, "a rather long name of party 0", VC_FLOW_KIND_WORK, 1 + i);
  }
  vc_chain_builder_add_receipt (builder, "a rather long name of party 0", 5);
  g_object_set (builder, "lenient", TRUE, NULL);
  for (guint i = 0; i < 70; i++) {
    guint commitment = vc_chain_builder_add_commitment (builder, "a rather long name of party 0",
                                                        i % 9 == 0 ? "a rather long name of party 0"
                                                                   : "a rather long name of party 3");
    g_autofree char *id = g_strdup_printf ("commitment %u", i % 65);

    vc_chain_builder_set_commitment_field (builder, commitment, "id", id);
    vc_chain_builder_set_commitment_field (builder, commitment, "made", "2025-03-01");
    vc_chain_builder_set_commitment_field (builder, commitment, "state", i < 65 ? "kept" : "withdrawn");
    vc_chain_builder_set_commitment_number (builder, commitment, "weight", i);
  }
  return tell_chain (vc_chain_builder_build (builder, NULL, NULL, error));
}

Test (faults_chain, built_of_records)
{
  expect_no_harm (build_of_records, NULL);
}

static char *
check (gconstpointer data, GError **error)
{
  g_autoptr (VcChainBuilder) builder = new_builder (data);

  return tell_table (vc_chain_builder_check (builder, NULL, NULL, error));
}

Test (faults_chain, checked)
{
  g_auto (Tables) tables = { 0 };

  tables_init (&tables, FALSE);
  expect_no_harm (check, &tables);
}

Test (faults_chain, checked_with_errors)
{
  g_auto (Tables) tables = { 0 };

  tables_init (&tables, TRUE);
  expect_no_harm (check, &tables);
}

static char *
window (gconstpointer data, GError **error)
{
  return tell_chain (vc_chain_window_text ((VcChain *) data, "2025-01-03/2025-02-02", NULL, NULL, error));
}

Test (faults_chain, window)
{
  g_autoptr (VcChain) chain = new_chain ();

  expect_no_harm (window, chain);
}

static char *
edit (gconstpointer data, GError **error)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_edit ((VcChain *) data);

  vc_chain_builder_add_party (builder, "new", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_flow (builder, "new", "c", VC_FLOW_KIND_WORK, 1);
  return tell_chain (vc_chain_builder_build (builder, NULL, NULL, error));
}

Test (faults_chain, edited)
{
  g_autoptr (VcChain) chain = new_chain ();

  expect_no_harm (edit, chain);
}
