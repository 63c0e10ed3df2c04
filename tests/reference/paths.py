# SPDX-License-Identifier: LGPL-2.1-or-later
"""The slow and obvious twin of the explanation that "alignment" gives of a party.

All walks whose share is at least some floor are listed, with exact fractions, by going on and on from each start: a walk that has
fallen below the floor cannot rise again. There is no bound, no queue, and nothing is shared with the library.
"""
import alignment

KINDS = alignment.ENDS + ("undelivered",)


class TooMany(Exception):
    """More walks than anybody wants to wait for."""


class Explanation:
    def __init__(self, chain, party, group_by="none"):
        found = alignment.Alignment(chain)
        self.work = found.work
        rows = found.parties_table(group_by == "unit")
        self.row = next((row for row in rows if row["party"] == party), None)
        members = [party] if group_by == "none" else [other for other in chain.others() if chain.unit_of(other) == party]
        self.efforts = {member: found.effort.get(member) or 0 for member in members}

    def end_of(self, node):
        if self.work.end[node] == "loop":
            return " ".join(other for other in self.work.nodes if other in self.work.reachable[node])
        return node

    def walks(self, floor, most=100_000):
        """(share, kind, end, nodes) of all walks of at least the share `floor`, the largest first, then the shorter, then by ids, then
        what was delivered, if only within a loop, before what was not."""
        whole, found, to_do = sum(self.efforts.values()), [], []
        for member, effort in self.efforts.items():
            passed = self.work.outflow[member]
            if effort > passed:
                found.append(((effort - passed) / whole, "undelivered", None, (member,)))
            if passed:
                to_do.append((passed / whole, (member,)))
        while to_do:
            share, nodes = to_do.pop()
            if share < floor:
                continue
            if len(found) + len(to_do) > most or len(nodes) > 2000:
                raise TooMany
            kind = self.work.end[nodes[-1]]
            if kind is not None:
                found.append((share, kind, self.end_of(nodes[-1]), nodes))
                continue
            to_do += [(share * part, (*nodes, target)) for (source, target), part in self.work.share.items() if source == nodes[-1]]
        found = [walk for walk in found if walk[0] >= floor]
        return sorted(found, key=lambda walk: (-walk[0], len(walk[3]), [node.encode() for node in walk[3]],
                                           walk[1] == "undelivered"))
