# SPDX-License-Identifier: LGPL-2.1-or-later
"""A measure of one's own: how much work each party gives and gets. own-measure.py FOLDER"""
import sys

import valuechain
from gi.repository import GObject


class Balance(valuechain.Measure):
    """Its option, the property `minimum`: deliveries below it do not count."""

    __gtype_name__ = "Balance"
    minimum = GObject.Property(type=float, default=0, minimum=0, blurb="deliveries below this do not count")

    def do_get_name(self):
        return "balance"

    def do_run(self, chain, progress, cancellable):
        gives = dict.fromkeys(chain.get_parties()["id"], 0.0)
        gets = dict(gives)
        for flow in chain.get_flows():
            if flow["kind"] == "work" and flow["from"] != flow["to"] and flow["amount"] >= self.minimum:
                gives[flow["from"]] += flow["amount"]
                gets[flow["to"]] += flow["amount"]
        columns = {"party": list(gives), "gives": list(gives.values()), "gets": list(gets.values())}
        return valuechain.Scores.new("balance", [valuechain.table(columns, "parties")], None, None)


chain = valuechain.load(sys.argv[1] if len(sys.argv) > 1 else "examples/company")
for row in chain.score(Balance, minimum=2)["parties"]:
    if row["gets"] > 2000:
        print(f"{row['party']} gets {row['gets']:.2f} and gives {row['gives']:.2f}")
