// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds a chain of three parties in code and asks how much of each one's work reaches the customer.
import Valuechain from 'gi://Valuechain?version=1';

const {FlowKind, PartyKind} = Valuechain;

const builder = new Valuechain.ChainBuilder();
builder.add_party('design', PartyKind.UNIT);
builder.add_party('workshop', PartyKind.UNIT);
builder.add_party('director', PartyKind.PERSON);
builder.add_party('bakery', PartyKind.CUSTOMER);
builder.set_party_field('workshop', 'manager', 'director');

builder.add_flow('design', 'workshop', FlowKind.WORK, 30);
builder.add_flow('design', 'director', FlowKind.WORK, 10);
builder.add_flow('workshop', 'bakery', FlowKind.WORK, 60);
builder.add_receipt('bakery', 9000);
const chain = builder.build(null, null);

for (const {party, reach, revenue} of chain.score('alignment').table('parties')) {
    // The director neither has effort nor passes work on: there is nothing to take a share of.
    if (reach === null)
        print(`${party}: undefined`);
    else
        print(`${party}: ${(100 * reach).toFixed(0)} % reaches the customer, for ${revenue.toFixed(0)}`);
}
