# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the slow twins of all measures know of parties."""


class Parties:
    """By id, in order: dicts with kind, unit, manager."""

    def __init__(self, parties):
        self.parties = dict(sorted(parties.items(), key=lambda item: item[0].encode()))

    def is_customer(self, party):
        return self.parties[party]["kind"] == "customer"

    def unit_of(self, party):
        """What stands for a party by unit: the nearest unit, itself first, or itself. A customer in the way is passed by, but stands
        for itself."""
        here = party
        while here is not None and not self.is_customer(party):
            if self.parties[here]["kind"] == "unit":
                return here
            here = self.parties[here].get("unit")
        return party
