# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares the library with its slow twin: compare_reference.py PROGRAM [exhaustive|random] [N]

Exhaustively: all chains of up to 4 parties over small weights, alike ones once. At random: chains of up to 9 parties with all that a chain can
hold. A figure agrees where it is null in both, or equal to 1e-10 relative; where the exact figure is 0 or 1, so is the library's.
"""

import itertools
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reference"))
import alignment as twin  # noqa: E402
from comparison import Mismatch, check_table, compare, party_words, read_tables  # noqa: E402

KINDS = ("customer", "manager", "person")
EXACT = ("reach", "hierarchy", "stranded", "loop", "undelivered", "pull", "top_down", "bottom_up", "origin_loop")


def to_words(chain, group_by):
    """The chain in the words that the program reads."""
    lines = [party_words(party, fields) for party, fields in chain.parties.items()]
    lines += [f"{kind} {source} {target} {float(amount)!r}" for source, target, kind, amount in chain.flows]
    lines += [f"receipt {customer} {float(amount)!r}" for customer, amount in chain.receipts]
    lines.append(f"score group-by={group_by}\n")
    return "\n".join(lines)


def check_cell(name, found, exact):
    if isinstance(exact, float):
        raise TypeError(f"{name}: the twin has rounded")
    if isinstance(exact, str) or exact is None or found is None:
        same = found == exact
    elif name in EXACT and exact in (0, 1):
        same = found == exact
    else:
        same = abs(found - float(exact)) <= 1e-10 * abs(float(exact)) + 1e-12
    if not same:
        raise Mismatch(f"{name}: found {found!r}, exactly {exact if not isinstance(exact, twin.Fraction) else float(exact)!r}")


def in_order_of_id(table):
    return sorted(table, key=lambda row: row["party"].encode())


def check_order(sinks):
    efforts = [row["effort"] for row in sinks]
    if efforts != sorted(efforts, reverse=True):
        raise Mismatch("sinks are not in order")


def check(chain, group_by, answer):
    exact = twin.tables(chain, group_by)
    for name, found in read_tables(answer, exact).items():
        if name == "sinks":
            check_order(found)
            check_table(name, in_order_of_id(found), in_order_of_id(exact[name]), check_cell)
        else:
            check_table(name, found, exact[name], check_cell)


def make_parties(kinds, efforts):
    """Managers are named by the first other party, or by a helper who stands apart."""
    parties = {f"p{i}": {"kind": "customer" if kind == "customer" else "person", "effort": effort}
               for i, (kind, effort) in enumerate(zip(kinds, efforts))}
    for i, kind in enumerate(kinds):
        if kind == "manager":
            parties[f"q{i}"] = {"kind": "person", "manager": f"p{i}"}
    return parties


def is_smallest(code, kinds, n, orders):
    """Whether no renumbering of the parties gives a smaller code: only one of all alike chains is compared."""
    for order in orders:
        if [kinds[i] for i in order] == list(kinds) and tuple(code[a * n + b] for a in order for b in order) < code:
            return False
    return True


def every_chain(n, weights):
    """All chains of n parties; efforts, receipts, self flows and instructions follow from the number of the chain."""
    orders = list(itertools.permutations(range(n)))[1:]
    arcs = [(i, j) for i in range(n) for j in range(n) if i != j]
    number = 0
    for kinds in itertools.combinations_with_replacement(KINDS, n):
        passing = [(i, j) for i, j in arcs if kinds[i] != "customer"]
        for choice in itertools.product(weights, repeat=len(passing)):
            code = [0] * (n * n)
            for (i, j), weight in zip(passing, choice):
                code[i * n + j] = weight
            if is_smallest(tuple(code), kinds, n, orders):
                number += 1
                yield small_chain(n, kinds, arcs, code, number)


def small_chain(n, kinds, arcs, code, number):
    dice = random.Random(number)
    efforts = [dice.choice((None, None, 0, 1, 4)) if kind != "customer" else None for kind in kinds]
    flows = [(f"p{i}", f"p{j}", "work", code[i * n + j]) for i, j in arcs if code[i * n + j]]
    flows += [(target, source, "instruction", amount + 1) for source, target, _, amount in flows if dice.random() < 0.7]
    flows += [(f"p{i}", f"p{i}", "work", 2) for i in range(n) if dice.random() < 0.2]
    receipts = [(f"p{i}", dice.choice((100, 7, -3))) for i in range(n) if kinds[i] == "customer" and dice.random() < 0.8]
    return twin.Chain(make_parties(kinds, efforts), flows, receipts), "none"


AMOUNTS = ((1,), (1, 2, 3), (0.1, 0.2, 0.7), (0.01, 1, 100), (1e-9, 1, 1e9), (0, 1, 5))


def random_chain(seed, choices=AMOUNTS):
    dice = random.Random(seed)
    n = dice.randint(1, 9)
    ids = dice.sample([f"{letter}{i}" for letter in "aBé" for i in range(5)], n)
    amounts = dice.choice(choices)
    parties = {}
    for party in ids:
        kind = dice.choice(("customer", "unit", "person", "person", "supplier"))
        parties[party] = {"kind": kind, "effort": dice.choice((None, None, None, 0, 1.5, 1000)) if kind != "customer" else None}
    for i, party in enumerate(ids[1:], 1):  # upwards only: nobody contains itself
        above = dice.choice(ids[:i])
        if parties[above]["kind"] == "unit" and dice.random() < 0.6:
            parties[party]["unit"] = above
        if parties[above]["kind"] == "person" and parties[party]["kind"] == "person" and dice.random() < 0.4:
            parties[party]["manager"] = above
    flows = [(dice.choice(ids), dice.choice(ids), dice.choice(("work", "work", "work", "instruction", "information")),
              dice.choice(amounts)) for _ in range(dice.randint(0, 4 * n))]
    customers = [party for party in ids if parties[party]["kind"] == "customer"]
    receipts = [(dice.choice(customers), dice.choice((10, 0.5, -2))) for _ in range(dice.randint(0, 4)) if customers]
    return twin.Chain(parties, flows, receipts), dice.choice(("none", "unit"))


def main():
    program, how = sys.argv[1:3]
    if how == "random":
        chains = (random_chain(seed) for seed in range(int(sys.argv[3])))
    else:
        sizes = ((1, (0, 1, 2, 5)), (2, (0, 1, 2, 5)), (3, (0, 1, 3)), (4, (0, 1)))
        chains = itertools.chain.from_iterable(every_chain(n, weights) for n, weights in sizes)
    n = compare(program, chains, to_words, check)
    print(f"{n} chains agree")


if __name__ == "__main__":
    main()
