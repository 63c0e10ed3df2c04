/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain-helpers.h"

#include "chain/vc-chain-private.h"

/* A company of two teams, a boss and two customers. */
static VcChainBuilder *
company (void)
{
  VcChainBuilder *builder = vc_chain_builder_new ();

  vc_chain_builder_add_party (builder, "zoe", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "shop", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "adam", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "buyer", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_set_party_field (builder, "adam", "manager", "zoe");
  vc_chain_builder_set_party_field (builder, "adam", "unit", "shop");
  vc_chain_builder_set_effort (builder, "adam", 40);
  vc_chain_builder_add_flow (builder, "adam", "zoe", VC_FLOW_KIND_WORK, 2);
  vc_chain_builder_add_flow (builder, "zoe", "adam", VC_FLOW_KIND_INSTRUCTION, 1);
  vc_chain_builder_add_flow (builder, "adam", "buyer", VC_FLOW_KIND_WORK, 3);
  vc_chain_builder_add_receipt (builder, "buyer", 100);
  vc_chain_builder_add_receipt (builder, "buyer", -20);
  return builder;
}

Test (chain, is_ordered_by_id_and_reads_back)
{
  g_autoptr (VcChainBuilder) builder = company ();
  g_autoptr (VcChain) chain = build (builder);
  g_autofree char *first = vc_chain_dup_party_id (chain, 0);
  const VcChainArrays *arrays = vc_chain_peek_arrays (chain);

  cr_assert_eq (vc_chain_get_n_parties (chain), 4u);
  cr_assert_eq (vc_chain_get_n_flows (chain), 3u);
  cr_assert_str_eq (first, "adam");
  cr_assert_eq (vc_chain_lookup_party (chain, "buyer"), 1);
  cr_assert_eq (vc_chain_lookup_party (chain, "shop"), 2);
  cr_assert_eq (vc_chain_lookup_party (chain, "zoe"), 3);
  cr_assert_eq (vc_chain_lookup_party (chain, "zo"), -1);
  cr_assert_eq (vc_chain_lookup_party (chain, ""), -1);
  cr_assert_eq (vc_chain_get_party_kind (chain, 1), VC_PARTY_KIND_CUSTOMER);
  cr_assert (vc_chain_is_manager (chain, 3));
  cr_assert_not (vc_chain_is_manager (chain, 0));
  cr_assert_eq (arrays->unit[0], 2);
  cr_assert_eq (arrays->unit[1], -1);
  cr_assert (arrays->effort[0] == 40);
  cr_assert (isnan (arrays->effort[1]));
}

Test (chain, flows_stand_by_kind_from_and_to)
{
  g_autoptr (VcChainBuilder) builder = company ();
  g_autoptr (VcChain) chain = build (builder);
  const VcChainArrays *arrays = vc_chain_peek_arrays (chain);

  cr_assert_eq (arrays->kind_start[VC_FLOW_KIND_WORK], 0u);
  cr_assert_eq (arrays->kind_start[VC_FLOW_KIND_INFORMATION], 2u);
  cr_assert_eq (arrays->kind_start[VC_FLOW_KIND_INSTRUCTION], 2u);
  cr_assert_eq (arrays->kind_start[3], 3u);
  cr_assert_eq (arrays->to[0], 1);
  cr_assert (arrays->amount[0] == 3);
  cr_assert_eq (arrays->to[1], 3);
  cr_assert_eq (arrays->from[2], 3);
  cr_assert_eq (arrays->n_receipts, 2u);
  cr_assert (arrays->receipt_amount[0] == -20);
}

Test (chain, of_nothing_is_a_chain)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = build (builder);
  g_autoptr (VcTable) check = vc_chain_check (chain);
  g_autofree char *text = vc_chain_to_text (chain);

  cr_assert_eq (vc_chain_get_n_parties (chain), 0u);
  cr_assert_eq (vc_chain_lookup_party (chain, "a"), -1);
  cr_assert_eq (vc_table_get_n_rows (vc_chain_get_flows (chain)), 0u);
  cr_assert_eq (vc_table_get_n_rows (check), 0u);
  cr_assert_eq (strlen (vc_chain_get_digest (chain)), 64u);
  cr_assert_not_null (strstr (text, "parties"));
}

Test (chain, builder_can_be_used_again)
{
  g_autoptr (VcChainBuilder) builder = company ();
  g_autoptr (VcChain) first = build (builder);
  g_autoptr (VcChain) second = build (builder);
  g_autoptr (VcChain) third = NULL;

  cr_assert_str_eq (vc_chain_get_digest (first), vc_chain_get_digest (second));
  vc_chain_builder_add_flow (builder, "zoe", "buyer", VC_FLOW_KIND_WORK, 1);
  third = build (builder);
  cr_assert_eq (vc_chain_get_n_flows (first), 3u);
  cr_assert_eq (vc_chain_get_n_flows (third), 4u);
  cr_assert_str_neq (vc_chain_get_digest (first), vc_chain_get_digest (third));
}

Test (chain, edited_without_a_change_is_the_same)
{
  g_autoptr (VcChainBuilder) builder = company ();
  g_autoptr (VcChain) chain = build (builder);
  g_autoptr (VcChainBuilder) edit = vc_chain_edit (chain);
  g_autoptr (VcChain) same = build (edit);
  g_autoptr (VcChain) other = NULL;

  cr_assert_str_eq (vc_chain_get_digest (chain), vc_chain_get_digest (same));
  vc_chain_builder_set_effort (edit, "adam", 39);
  other = build (edit);
  cr_assert_str_neq (vc_chain_get_digest (chain), vc_chain_get_digest (other));
  cr_assert (vc_chain_peek_arrays (other)->effort[0] == 39);
  cr_assert (vc_chain_peek_arrays (chain)->effort[0] == 40);
}

Test (chain, shows_itself)
{
  g_autoptr (VcChainBuilder) builder = company ();
  g_autoptr (VcChain) chain = NULL;
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;

  g_object_set (builder, "title", "A & B", "currency", "EUR", "effort-unit", "hours", NULL);
  vc_chain_builder_set_window (builder, 0, G_GINT64_CONSTANT (86400000000));
  chain = build (builder);
  text = vc_chain_to_text (chain);
  html = vc_chain_to_html (chain);
  cr_assert_str_eq (text, "A & B\n"
                          "window        1970-01-01T00:00:00Z/1970-01-02T00:00:00Z\n"
                          "parties       4: 1 customer, 1 unit, 2 persons\n"
                          "work          2 flows, 5 hours\n"
                          "instruction   1 flow, 1 hours\n"
                          "receipts      2, 80 EUR\n");
  cr_assert_not_null (strstr (html, "<caption>A &amp; B</caption>"));
  cr_assert_null (strstr (html, "A & B"));
}
