/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain-helpers.h"

static VcTable *
check_of (VcChainBuilder *builder)
{
  g_autoptr (VcChain) chain = build (builder);
  g_autoptr (VcTable) own = vc_chain_check (chain);
  VcTable *check = vc_chain_builder_check (builder, NULL, NULL, NULL);

  cr_assert_eq (vc_table_get_n_rows (own), vc_table_get_n_rows (check), "the chain keeps what its builder found");
  return check;
}

static VcChainBuilder *
three (void)
{
  VcChainBuilder *builder = vc_chain_builder_new ();

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "b", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "c", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_add_flow (builder, "a", "b", VC_FLOW_KIND_WORK, 1);
  vc_chain_builder_add_flow (builder, "b", "c", VC_FLOW_KIND_WORK, 2);
  return builder;
}

Test (oddities, of_a_clean_chain_are_none)
{
  g_autoptr (VcChainBuilder) builder = three ();
  g_autoptr (VcTable) check = check_of (builder);

  cr_assert_eq (vc_table_get_n_rows (check), 0u);
}

Test (oddities, of_a_whole_table_are_told_by_its_name)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) flows = TABLE (TEXTS ("from", "a"), TEXTS ("to", "a"));
  g_autoptr (VcTable) check = NULL;
  g_autofree char *file = NULL;
  gint64 row;

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_flows (builder, flows, "work.csv");
  check = check_of (builder);
  row = find_problem (check, "self-flow", NULL);
  cr_assert_geq (row, 0);
  file = vc_column_dup_text (vc_table_lookup_column (check, "file"), (guint64) row);
  cr_assert_str_eq (file, "work.csv");
}

Test (oddities, work_out_of_a_customer)
{
  g_autoptr (VcChainBuilder) builder = three ();
  g_autoptr (VcTable) check = NULL;

  vc_chain_builder_add_flow (builder, "c", "a", VC_FLOW_KIND_WORK, 1);
  vc_chain_builder_add_flow (builder, "c", "b", VC_FLOW_KIND_WORK, 1);
  vc_chain_builder_add_flow (builder, "c", "b", VC_FLOW_KIND_INSTRUCTION, 1);
  check = check_of (builder);
  cr_assert_eq (vc_table_get_n_rows (check), 1u);
  cr_assert_eq (count_of (check, "customer-outflow", NULL), 2);
}

Test (oddities, effort_below_outflow_and_given_for_some)
{
  g_autoptr (VcChainBuilder) builder = three ();
  g_autoptr (VcTable) check = NULL;
  g_autoptr (VcTable) fine = NULL;

  vc_chain_builder_set_effort (builder, "b", 1.5);
  check = check_of (builder);
  cr_assert_eq (vc_table_get_n_rows (check), 2u);
  cr_assert_eq (count_of (check, "effort-below-outflow", "effort"), 1);
  cr_assert_eq (count_of (check, "some-effort", "effort"), 1);
  vc_chain_builder_set_effort (builder, "b", 2);
  vc_chain_builder_set_effort (builder, "a", 2);
  fine = check_of (builder);
  cr_assert_eq (vc_table_get_n_rows (fine), 0u);
}

Test (oddities, who_is_alone_and_who_is_not_served)
{
  g_autoptr (VcChainBuilder) builder = three ();
  g_autoptr (VcTable) check = NULL;

  vc_chain_builder_add_party (builder, "d", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_add_party (builder, "e", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_receipt (builder, "d", 5);
  check = check_of (builder);
  cr_assert_eq (count_of (check, "unserved", NULL), 1);
  cr_assert_eq (count_of (check, "no-flow", NULL), 2);
  cr_assert_eq (count_of (check, "no-receipts", NULL), 1);
  cr_assert_eq (vc_table_get_n_rows (check), 3u);
}

Test (oddities, rework_and_nothing)
{
  g_autoptr (VcChainBuilder) builder = three ();
  g_autoptr (VcTable) check = NULL;
  g_autoptr (VcChain) chain = NULL;

  vc_chain_builder_add_flow (builder, "a", "a", VC_FLOW_KIND_WORK, 1);
  vc_chain_builder_add_flow (builder, "a", "b", VC_FLOW_KIND_WORK, 0);
  vc_chain_builder_add_flow (builder, "a", "b", VC_FLOW_KIND_WORK, -0.0);
  check = check_of (builder);
  chain = build (builder);
  cr_assert_eq (count_of (check, "self-flow", NULL), 1);
  cr_assert_eq (count_of (check, "zero-amount", "amount"), 2);
  cr_assert_eq (vc_chain_get_n_flows (chain), 3u);
}

Test (oddities, managers_in_a_circle_and_units_that_are_none)
{
  g_autoptr (VcChainBuilder) builder = three ();
  g_autoptr (VcTable) check = NULL;

  vc_chain_builder_set_party_field (builder, "a", "manager", "b");
  vc_chain_builder_set_party_field (builder, "b", "manager", "a");
  vc_chain_builder_set_party_field (builder, "c", "manager", "a");
  vc_chain_builder_set_party_field (builder, "a", "unit", "b");
  check = check_of (builder);
  cr_assert_eq (count_of (check, "manager-cycle", "manager"), 1);
  cr_assert_eq (count_of (check, "unit-kind", "unit"), 1);
  cr_assert_eq (vc_table_get_n_rows (check), 2u);
}

Test (oddities, attributes_by_name)
{
  g_autoptr (VcChainBuilder) builder = three ();
  g_autoptr (VcTable) flows
    = TABLE (TEXTS ("from", "a"), TEXTS ("to", "b"), TEXTS ("colour", "red"), DOUBLES ("price", 3));
  g_autoptr (VcTable) check = NULL;

  vc_chain_builder_add_flows (builder, flows, "flows.csv");
  check = check_of (builder);
  cr_assert_eq (count_of (check, "attribute", "colour"), 1);
  cr_assert_eq (count_of (check, "attribute", "price"), 1);
  cr_assert_eq (vc_table_get_n_rows (check), 2u);
}

Test (oddities, times_outside_the_window_or_missing)
{
  g_autoptr (VcChainBuilder) builder = three ();
  g_autoptr (VcTable) flows
    = TABLE (TEXTS ("from", "a", "a", "a"), TEXTS ("to", "b", "b", "b"), TIMES ("at", 99, 100, 200));
  g_autoptr (VcTable) check = NULL;

  vc_chain_builder_add_flows (builder, flows, NULL);
  vc_chain_builder_set_window (builder, 100, 200);
  check = check_of (builder);
  cr_assert_eq (count_of (check, "outside-window", "at"), 2);
  cr_assert_eq (count_of (check, "no-time", "at"), 2);
}
