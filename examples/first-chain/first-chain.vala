// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds a chain of three parties in code and asks how much of each one's work reaches the customer.
using Vc;

Chain build_chain () throws Error {
  var builder = new ChainBuilder ();
  builder.add_party ("design", PartyKind.UNIT);
  builder.add_party ("workshop", PartyKind.UNIT);
  builder.add_party ("director", PartyKind.PERSON);
  builder.add_party ("bakery", PartyKind.CUSTOMER);
  builder.set_party_field ("workshop", "manager", "director");

  builder.add_flow ("design", "workshop", FlowKind.WORK, 30);
  builder.add_flow ("design", "director", FlowKind.WORK, 10);
  builder.add_flow ("workshop", "bakery", FlowKind.WORK, 60);
  builder.add_receipt ("bakery", 9000);
  return builder.build (null, null);
}

int main () {
  try {
    var scores = new Alignment ().run (build_chain (), null, null);
    var parties = scores.get_table ("parties");
    var party = parties.lookup_column ("party");
    var reach = parties.lookup_column ("reach");
    var revenue = parties.lookup_column ("revenue");

    for (uint64 row = 0; row < parties.get_n_rows (); row++) {
      // The director neither has effort nor passes work on: there is nothing to take a share of.
      if (reach.is_null (row))
        print ("%s: undefined\n", party.dup_text (row));
      else
        print ("%s: %.0f %% reaches the customer, for %.0f\n", party.dup_text (row), 100 * reach.get_double (row),
               revenue.get_double (row));
    }
    return 0;
  } catch (Error error) {
    printerr ("%s\n", error.message);
    return 1;
  }
}
