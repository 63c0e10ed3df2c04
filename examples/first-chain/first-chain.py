# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds a chain of three parties in code and asks how much of each one's work reaches the customer."""
import valuechain
from valuechain import FlowKind, PartyKind

builder = valuechain.ChainBuilder()
builder.add_party("design", PartyKind.UNIT)
builder.add_party("workshop", PartyKind.UNIT)
builder.add_party("director", PartyKind.PERSON)
builder.add_party("bakery", PartyKind.CUSTOMER)
builder.set_party_field("workshop", "manager", "director")

builder.add_flow("design", "workshop", FlowKind.WORK, 30)
builder.add_flow("design", "director", FlowKind.WORK, 10)
builder.add_flow("workshop", "bakery", FlowKind.WORK, 60)
builder.add_receipt("bakery", 9000)
chain = builder.build()

for row in chain.score("alignment")["parties"]:
    # The director neither has effort nor passes work on: there is nothing to take a share of.
    if row["reach"] is None:
        print(f"{row['party']}: undefined")
    else:
        print(f"{row['party']}: {row['reach']:.0%} reaches the customer, for {row['revenue']:.0f}".replace("%", " %"))
