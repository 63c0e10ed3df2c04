# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares the library with its slow twin: compare_reference.py PROGRAM [N]

N chains of up to 8 parties at random, with all that commitments can have. A figure agrees where it is null in both, or equal to 1e-9 relative
(1e-6 where the twin has searched for what is likeliest); words and counts agree exactly.
"""

import datetime
import os
import pathlib
import random
import sys
from fractions import Fraction

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small: threads would only wait for each other
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reference"))
import accountability as twin  # noqa: E402
from comparison import Mismatch, check_table, compare, party_words, read_tables  # noqa: E402

START = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
TIMES = ("made", "due", "closed")


def time_text(days):
    return (START + datetime.timedelta(days=float(days))).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_words(chain, options):
    """The chain in the words that the program reads."""
    lines = [party_words(party, fields) for party, fields in chain.parties.items()]
    for record in chain.records:
        words = ["commitment", record.owes, record.owed, f"weight={float(record.given)!r}"]
        words += [f"{name}={time_text(getattr(record, name))}" for name in TIMES if getattr(record, name) is not None]
        words += [f"{name}={getattr(record, name)}" for name in ("state", "closed_by", "reopened") if getattr(record, name) is not None]
        lines.append(" ".join(words))
    told = dict(options)
    if "at" in told:
        told["at"] = time_text(told["at"])
    told = {name.replace("_", "-"): value for name, value in told.items()}
    lines.append("score measure=accountability " + " ".join(f"{name}={value}" for name, value in told.items()) + "\n")
    return "\n".join(lines)


def check_cell(name, found, exact):
    if exact is twin.ANY:
        return
    if isinstance(exact, str) or exact is None or found is None:
        same = found == exact
    elif isinstance(exact, int):
        same = found == exact
    else:
        tolerance = 1e-6 if "shrunk" in name or isinstance(exact, float) else 1e-9
        same = abs(found - float(exact)) <= tolerance * abs(float(exact)) + tolerance / 100
    if not same:
        raise Mismatch(f"{name}: found {found!r}, exactly {exact if not isinstance(exact, Fraction) else float(exact)!r}")


def check(chain, options, answer):
    exact = twin.tables(twin.Run(chain, **options))
    for name, found in read_tables(answer, exact).items():
        check_table(name, found, exact[name], check_cell)


def random_parties(dice, n):
    ids = dice.sample([f"{letter}{i}" for letter in "aBé" for i in range(4)], n)
    parties = {party: {"kind": dice.choice(("customer", "unit", "unit", "person", "person", "person", "supplier"))} for party in ids}
    for i, party in enumerate(ids[1:], 1):  # upwards only: nobody contains itself
        if dice.random() < 0.7:
            parties[party]["unit"] = dice.choice(ids[:i])
    for party in ids:  # in any direction: lines may lead in circles
        if dice.random() < 0.5:
            parties[party]["manager"] = dice.choice(ids)
    return ids, parties


def random_record(dice, ids, weights, states):
    owes, owed = dice.sample(ids, 2)
    made = dice.choice((None, *(Fraction(i, 2) for i in range(12))))
    due = dice.choice((None, *(Fraction(i, 2) for i in range(16))))
    closed = dice.choice((None, *((made or 0) + Fraction(i, 2) for i in range(8))))
    state = dice.choice(states)
    if state == "open":
        closed = None
    if state == "kept" and due is not None and closed is None:
        closed = due
        made = None if made is not None and made > due else made
    if state == "late" and None not in (due, closed) and closed <= due:
        due = None
    closed_by = dice.choice((None, owes, owed, dice.choice(ids))) if state != "open" else None
    return twin.Record(**{"from": owes, "to": owed}, made=made, due=due, closed=closed, state=state, closed_by=closed_by,
                       reopened=dice.choice((None, 0, 0, 1, 3)), weight=dice.choice(weights))


def random_chain(seed):
    dice = random.Random(seed)
    n = dice.randint(1, 8)
    ids, parties = random_parties(dice, n)
    weights = dice.choice(((1,), (1,), (1,), (1, 2, 3), (0.5, 1, 2.25), (0, 1), (0, 0.1, 1e6)))
    states = dice.choice((("kept",), ("kept", "broken"), ("kept", "kept", "broken", "open", "withdrawn", None), ("open",),
                          ("kept", "late", "broken")))
    n_records = dice.choice((0, dice.randint(0, 6), dice.randint(0, 60))) if n > 1 else 0
    records = [random_record(dice, ids, weights, states) for _ in range(n_records)]
    options = {"group_by": dice.choice(("none", "none", "unit"))}
    if dice.random() < 0.4:
        options["at"] = Fraction(dice.randint(-2, 30), 2)
    if dice.random() < 0.25:
        options["half_life"] = dice.choice((0.5, 3, 40.25))
    if dice.random() < 0.25:
        options["confidence"] = dice.choice((0.5, 0.8, 0.99))
    return twin.Chain(parties, records), options


def main():
    first, last = (0, int(sys.argv[2])) if len(sys.argv) == 3 else map(int, sys.argv[2:4])
    n = compare(sys.argv[1], (random_chain(seed) for seed in range(first, last)), to_words, check)
    print(f"{n} chains agree")


if __name__ == "__main__":
    main()
