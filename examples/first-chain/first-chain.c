/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds a chain of three parties in code and asks how much of each one's work reaches the customer. */
#include <valuechain/valuechain.h>

static VcChain *
build_chain (GError **error)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();

  vc_chain_builder_add_party (builder, "design", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "workshop", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "director", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "bakery", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_set_party_field (builder, "workshop", "manager", "director");

  vc_chain_builder_add_flow (builder, "design", "workshop", VC_FLOW_KIND_WORK, 30);
  vc_chain_builder_add_flow (builder, "design", "director", VC_FLOW_KIND_WORK, 10);
  vc_chain_builder_add_flow (builder, "workshop", "bakery", VC_FLOW_KIND_WORK, 60);
  vc_chain_builder_add_receipt (builder, "bakery", 9000);

  return vc_chain_builder_build (builder, NULL, NULL, error);
}

static void
print_parties (VcScores *scores)
{
  VcTable *parties = vc_scores_get_table (scores, "parties");
  VcColumn *party = vc_table_lookup_column (parties, "party");
  VcColumn *reach = vc_table_lookup_column (parties, "reach");
  VcColumn *revenue = vc_table_lookup_column (parties, "revenue");

  for (guint64 row = 0; row < vc_table_get_n_rows (parties); row++) {
    g_autofree char *name = vc_column_dup_text (party, row);

    /* The director neither has effort nor passes work on: there is nothing to take a share of. */
    if (vc_column_is_null (reach, row))
      g_print ("%s: undefined\n", name);
    else
      g_print ("%s: %.0f %% reaches the customer, for %.0f\n", name, 100 * vc_column_get_double (reach, row),
               vc_column_get_double (revenue, row));
  }
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcMeasure) alignment = VC_MEASURE (vc_alignment_new ());
  g_autoptr (VcChain) chain = build_chain (&error);
  g_autoptr (VcScores) scores = chain ? vc_measure_run (alignment, chain, NULL, NULL, &error) : NULL;

  if (scores == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  print_parties (scores);
  return 0;
}
