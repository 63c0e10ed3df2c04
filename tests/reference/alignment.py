# SPDX-License-Identifier: LGPL-2.1-or-later
"""The slow and obvious twin of the measure "alignment".

Every figure is an exact rational number: equations are solved by Gaussian elimination on fractions, closed loops are found by
comparing who can reach whom. Nothing here is fast, and nothing is shared with the library.

    alignment.py FOLDER [unit]    prints all tables of a chain folder as JSON
"""

import csv
import json
import pathlib
import sys
from fractions import Fraction

from parties import Parties

SHARES = ("reach", "hierarchy", "stranded", "loop", "undelivered")
ORIGINS = ("pull", "top_down", "bottom_up", "origin_loop")
ENDS = ("customer", "manager", "other", "loop")


class Chain(Parties):
    """Parties by id (dicts with kind, unit, manager, effort), flows (from, to, kind, amount) and receipts (customer, amount)."""

    def __init__(self, parties, flows, receipts=(), currency=None, effort_unit=None):
        super().__init__(parties)
        self.flows = [(source, target, kind, Fraction(amount)) for source, target, kind, amount in flows]
        self.receipts = [(customer, Fraction(amount)) for customer, amount in receipts]
        self.currency = currency
        self.effort_unit = effort_unit
        self.managers = {party.get("manager") for party in parties.values()} - {None}

    def others(self):
        return [party for party in self.parties if not self.is_customer(party)]

    def end_kind(self, party):
        if self.is_customer(party):
            return "customer"
        return "manager" if party in self.managers else "other"


def read_rows(path):
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


def load(folder):
    """A chain from a folder of CSV files, each number as the binary64 that is nearest to it."""
    folder = pathlib.Path(folder)
    parties = {}
    for row in read_rows(folder / "parties.csv"):
        effort = row.get("effort")
        parties[row["id"]] = dict(row, effort=None if effort is None else Fraction(float(effort)))
    flows = [(row["from"], row["to"], row.get("kind") or "work", float(row.get("amount") or 1))
             for row in read_rows(folder / "flows.csv")]
    receipts = [(row["customer"], float(row["amount"])) for row in read_rows(folder / "receipts.csv")]
    return Chain(parties, flows, receipts)


def solve(matrix, right):
    """Gaussian elimination; the matrix must be regular. Whole numbers become fractions, as their quotients would be rounded."""
    n = len(right)
    rows = [[Fraction(value) for value in (*row, last)] for row, last in zip(matrix, right)]
    for i in range(n):
        pivot = next(k for k in range(i, n) if rows[k][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for k in range(n):
            if k != i and rows[k][i] != 0:
                factor = rows[k][i]
                rows[k] = [value - factor * other for value, other in zip(rows[k], rows[i])]
    return [row[n] for row in rows]


class Network:
    """Flows of one kind between different parties, added up; out of customers nothing flows."""

    def __init__(self, chain, kind, reverse=False):
        self.chain = chain
        self.nodes = list(chain.parties)
        self.weight = {}
        self.self_flow = dict.fromkeys(self.nodes, Fraction(0))
        for source, target, flow_kind, amount in chain.flows:
            if reverse:
                source, target = target, source
            if flow_kind != kind or amount == 0 or chain.is_customer(source):
                continue
            if source == target:
                self.self_flow[source] += amount
            else:
                self.weight[source, target] = self.weight.get((source, target), 0) + amount
        self.outflow = dict.fromkeys(self.nodes, Fraction(0))
        for (source, _), amount in self.weight.items():
            self.outflow[source] += amount
        self.share = {arc: amount / self.outflow[arc[0]] for arc, amount in self.weight.items()}
        self.reachable = {node: self.find_reachable(node) for node in self.nodes}
        self.end = {node: self.find_end(node) for node in self.nodes}

    def find_reachable(self, node):
        found, to_do = set(), [node]
        while to_do:
            here = to_do.pop()
            for source, target in self.weight:
                if source == here and target not in found:
                    found.add(target)
                    to_do.append(target)
        return found

    def find_end(self, node):
        """customer, manager, other, loop; None where things pass on."""
        if not self.reachable[node]:
            return self.chain.end_kind(node)
        if all(node in self.reachable[other] for other in self.reachable[node]):
            return "loop"
        return None

    def absorbed(self, boundary):
        """The minimal non-negative solution of x = P x with x given at ends, and the steps that go with it."""
        known = {node: Fraction(boundary.get(node, 0)) for node in self.nodes if self.end[node] is not None}
        targets = {node for node, value in known.items() if value != 0}
        alive = [node for node in self.nodes if self.end[node] is None and self.reachable[node] & targets]
        matrix = [[(i == j) - self.share.get((i, j), 0) for j in alive] for i in alive]
        right = [sum((self.share.get((i, k), 0) * known[k] for k in targets), Fraction(0)) for i in alive]
        values = dict.fromkeys(self.nodes, Fraction(0)) | known
        values.update(zip(alive, solve(matrix, right)))
        steps = dict.fromkeys(self.nodes, Fraction(0))
        steps.update(zip(alive, solve(matrix, [values[i] for i in alive])))
        return values, steps

    def ends_at(self, kind):
        return self.absorbed({node: 1 for node in self.nodes if self.end[node] == kind})

    def visits(self, source):
        """What passes through each node or arrives at it, and the same counted once for each step behind it and one more."""
        alive = [node for node in self.nodes if self.end[node] is None]
        matrix = [[(i == j) - self.share.get((j, i), 0) for j in alive] for i in alive]
        once = dict(zip(alive, solve(matrix, [source[i] for i in alive])))
        again = dict(zip(alive, solve(matrix, [once[i] for i in alive])))

        def arriving(node, passing):
            return sum((passing[i] * self.share.get((i, node), 0) for i in alive), Fraction(0))

        for node in self.nodes:
            if self.end[node] is not None:
                once[node], again[node] = arriving(node, once) + source[node], arriving(node, again)
        return once, again

    def loops(self):
        """The members of each closed loop."""
        found = []
        for node in self.nodes:
            if self.end[node] == "loop" and not any(node in loop for loop in found):
                found.append([other for other in self.nodes if other in self.reachable[node]])
        return found

    def levels(self):
        """Trophic levels of the nodes that have flows, and the incoherence F0."""
        links = {node: set() for node in self.nodes}
        for source, target in self.weight:
            links[source].add(target)
            links[target].add(source)
        level = {}
        for node in self.nodes:
            if links[node] and node not in level:
                level.update(self.levels_of(component_of(node, links)))
        total = sum(self.weight.values(), sum(self.self_flow.values(), Fraction(0)))
        if total == 0:
            return level, None
        lost = sum(self.self_flow.values(), Fraction(0))
        for (source, target), amount in self.weight.items():
            lost += amount * (level[target] - level[source] - 1) ** 2
        return level, lost / total

    def levels_of(self, nodes):
        def both(i, j):
            return self.weight.get((i, j), 0) + self.weight.get((j, i), 0)

        free = nodes[1:]
        matrix = [[sum(both(i, k) for k in nodes) if i == j else -both(i, j) for j in free] for i in free]
        right = [sum(self.weight.get((k, i), 0) - self.weight.get((i, k), 0) for k in nodes) for i in free]
        level = dict(zip(free, solve(matrix, right)))
        level[nodes[0]] = Fraction(0)
        lowest = min(level.values())
        return {node: value - lowest for node, value in level.items()}


def component_of(node, links):
    found, to_do = {node}, [node]
    while to_do:
        for other in links[to_do.pop()] - found:
            found.add(other)
            to_do.append(other)
    return sorted(found)


def ratio(part, whole):
    return part / whole if whole else None


class Alignment:
    """All figures of a chain, party by party."""

    def __init__(self, chain):
        self.chain = chain
        self.work = work = Network(chain, "work")
        self.orders = Network(chain, "instruction", reverse=True)
        self.effort = {party: self.effort_of(party) for party in chain.others()}
        self.shares = {kind: work.ends_at(kind)[0] for kind in ENDS}
        self.steps = work.ends_at("customer")[1]
        self.visits, self.again = work.visits(work.outflow)
        self.level, self.incoherence = work.levels()
        self.origins = {kind: self.orders.ends_at(kind)[0] for kind in ENDS}
        self.receipts = dict.fromkeys((party for party in chain.parties if chain.is_customer(party)), Fraction(0))
        for customer, amount in chain.receipts:
            self.receipts[customer] += amount
        self.revenue = self.find_revenue()

    def effort_of(self, party):
        given, delivered = self.chain.parties[party].get("effort"), self.work.outflow[party]
        if given is None:
            return delivered or None
        return max(Fraction(given), delivered)

    def find_revenue(self):
        """Customer by customer, by the share of the effort that ends there."""
        if not self.chain.receipts:
            return dict.fromkeys(self.chain.others())
        revenue = {party: None if effort is None else Fraction(0) for party, effort in self.effort.items()}
        for customer, amount in self.receipts.items():
            if self.visits[customer] == 0:
                continue
            ends_here = self.work.absorbed({customer: 1})[0]
            for party in revenue:
                if revenue[party] is not None:
                    revenue[party] += amount * self.work.outflow[party] * ends_here[party] / self.visits[customer]
        return revenue

    def party(self, party):
        effort, delivered, chain = self.effort[party], self.work.outflow[party], self.chain
        row = {"party": party, "kind": chain.parties[party]["kind"], "effort": effort}
        for name, kind in zip(SHARES, ENDS):
            row[name] = delivered / effort * self.shares[kind][party] if effort else None
        row["undelivered"] = 1 - delivered / effort if effort else None
        row["rework"] = ratio(self.work.self_flow[party], self.work.self_flow[party] + delivered)
        row["distance"] = ratio(self.steps[party], self.shares["customer"][party])
        row["level"] = self.level.get(party)
        for name, kind in zip(ORIGINS, ENDS):
            row[name] = self.origins[kind][party] if self.orders.outflow[party] else None
        row["revenue"] = self.revenue[party]
        return row

    def weights(self, party):
        delivered = self.work.outflow[party]
        weights = dict.fromkeys(SHARES + ("level",), self.effort[party] or 0)
        weights["rework"] = self.work.self_flow[party] + delivered
        weights["distance"] = delivered * self.shares["customer"][party]
        weights.update(dict.fromkeys(ORIGINS, self.orders.outflow[party]))
        return weights

    def roll_up(self, group, members):
        row = {"party": group, "kind": self.chain.parties[group]["kind"]}
        figures = [(self.party(member), self.weights(member)) for member in members]
        for name in self.party(members[0]):
            values = [(figure[name], weights.get(name, 0)) for figure, weights in figures
                      if name not in row and figure[name] is not None]
            whole = sum(weight for _, weight in values)
            if name in ("effort", "revenue"):
                row[name] = sum(value for value, _ in values) if values else None
            elif name == "level" and values and whole == 0:
                row[name] = sum(value for value, _ in values) / len(values)
            elif name not in row:
                row[name] = ratio(sum(value * weight for value, weight in values), whole)
        return row

    def parties_table(self, grouped):
        if not grouped:
            return [self.party(party) for party in self.chain.others()]
        groups = {}
        for party in self.chain.others():
            groups.setdefault(self.chain.unit_of(party), []).append(party)
        return [self.roll_up(group, groups[group]) for group in self.chain.parties if group in groups]

    def sinks_table(self):
        found = [(self.visits[party], [party], self.work.end[party]) for party in self.chain.others()
                 if self.work.end[party] in ("manager", "other") and self.visits[party] > 0]
        found += [(sum(self.visits[party] for party in loop), loop, "loop") for loop in self.work.loops()]
        found.sort(key=lambda sink: (-sink[0], sink[1][0].encode()))
        whole = self.whole_effort()
        return [{"party": " ".join(members), "kind": kind, "effort": effort, "share": effort / whole}
                for effort, members, kind in found]

    def customers_table(self):
        table = []
        for customer, paid in self.receipts.items():
            effort, paid = self.visits[customer], paid if self.chain.receipts else None
            table.append({"customer": customer, "effort": effort, "receipts": paid,
                          "receipts_per_effort": None if paid is None else ratio(paid, effort),
                          "distance": ratio(self.again[customer], effort)})
        return table

    def flows_table(self, grouped):
        rows = {}
        for (source, target), amount in self.work.weight.items():
            in_loop = self.work.end[source] == "loop"
            carried = None if in_loop else self.visits[source] * self.work.share[source, target]
            reaching = 0 if in_loop else carried * self.shares["customer"][target]
            pair = (source, target)
            if grouped:
                pair = (self.chain.unit_of(source), self.chain.unit_of(target))
            rows.setdefault(pair, []).append((amount, carried, reaching))
        table = []
        for pair in sorted(rows, key=lambda pair: (pair[0].encode(), pair[1].encode())):
            amounts, carried, reaching = zip(*rows[pair])
            table.append({"from": pair[0], "to": pair[1], "amount": sum(amounts),
                          "carried": None if None in carried else sum(carried), "reaching": sum(reaching)})
        return table

    def whole_effort(self):
        return sum((effort for effort in self.effort.values() if effort), Fraction(0))

    def summary_table(self):
        chain, delivered = self.chain, self.work.outflow
        efforts = [party for party in chain.others() if self.effort[party]]
        reaching = [party for party in chain.others() if delivered[party] * self.shares["customer"][party] > 0]
        ordered = [party for party in chain.others() if self.orders.outflow[party]]
        rows = []

        def add(name, value, unit, n):
            rows.append({"name": name, "value": value, "unit": unit, "low": None, "high": None, "n": n,
                         "status": "EMPTY" if value is None else "OK"})

        whole = self.whole_effort()
        for name in SHARES:
            add(name, ratio(sum(self.party(party)[name] * self.effort[party] for party in efforts), whole), "share", len(efforts))
        arriving = sum(delivered[party] * self.shares["customer"][party] for party in reaching)
        add("distance", ratio(sum(delivered[party] * self.steps[party] for party in reaching), arriving), "hand-overs", len(reaching))
        n_flows = len(self.work.weight) + sum(amount > 0 for amount in self.work.self_flow.values())
        add("coherence", None if self.incoherence is None else 1 - self.incoherence, "share", n_flows)
        received = sum(self.orders.outflow[party] for party in ordered)
        for name, kind in zip(ORIGINS[:3], ENDS):
            sent = sum(self.orders.outflow[party] * self.origins[kind][party] for party in ordered)
            add(name, ratio(sent, received), "share", len(ordered))
        lost = [amount for customer, amount in chain.receipts if self.visits[customer] == 0]
        kept = sum((value for value in self.revenue.values() if value is not None), Fraction(0))
        n = len(chain.receipts)
        add("revenue_attributed", kept if n else None, chain.currency, n - len(lost))
        add("revenue_unattributed", sum(lost, Fraction(0)) if n else None, chain.currency, len(lost))
        return rows


def tables(chain, group_by="none"):
    """All tables, each a list of rows; numbers are fractions, undefined is None."""
    found, grouped = Alignment(chain), group_by == "unit"
    return {
        "summary": found.summary_table(),
        "parties": found.parties_table(grouped),
        "sinks": found.sinks_table(),
        "customers": found.customers_table(),
        "flows": found.flows_table(grouped),
    }


if __name__ == "__main__":
    json.dump(tables(load(sys.argv[1]), *sys.argv[2:]), sys.stdout, indent=1, default=float)
    print()
