# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares the library's explanations with the slow twin: compare_records.py PROGRAM N

On N random chains, one party each: the records are the party's, each on its side and with its outcome; what each adds and how far it
moves the share kept is the exact difference that taking it away would make; and what they add is the share in the table of parties.
"""
import json
import random
import sys
from fractions import Fraction

import compare_reference
from compare_reference import Mismatch, compare, twin

SIDES = (("owes", ""), ("owed", "owed_"))
OUTCOMES = ("broken", "overdue", "late", "kept", "open", "withdrawn")
counts = {"explained": 0, "refused": 0, "records": 0}


def cases(n):
    for seed in range(n):
        chain, options = compare_reference.random_chain(seed)
        yield chain, options, random.Random(f"party {seed}").choice(list(chain.parties))


def to_words(chain, options, party):
    words = compare_reference.to_words(chain, options)
    return words.replace("\nscore measure", f"\nexplain {party} measure")


def assert_close(what, found, exact):
    compare_reference.check_cell(what, found, exact)


def rate(records):
    weight = sum((record.weight for record in records), Fraction(0))
    return sum((record.weight for record in records if record.outcome == "kept"), Fraction(0)) / weight if weight else None


def told(record, records, side):
    """(side, outcome, from, to, adds, moves)."""
    decided = twin.decided(records)
    whole = sum((other.weight for other in decided), Fraction(0))
    adds = moves = None
    if record in decided and whole:
        adds = record.weight / whole if record.outcome == "kept" else Fraction(0)
        without = rate([other for other in decided if other is not record])
        moves = None if without is None else rate(decided) - without
    return side, record.outcome, record.owes, record.owed, adds, moves


def sort_key(row):
    return row[:4], *(-1e9 if value is None else float(value) for value in row[4:])


def check_records(found, exact):
    order = [([name for name, _ in SIDES].index(row["side"]), OUTCOMES.index(row["outcome"]), row["record"]) for row in found]
    if order != sorted(order):
        raise Mismatch("the records are not in order")
    found = sorted((tuple(row[name] for name in ("side", "outcome", "from", "to", "adds", "moves")) for row in found), key=sort_key)
    exact = sorted(exact, key=sort_key)
    if [row[:4] for row in found] != [row[:4] for row in exact]:
        raise Mismatch(f"records {found}, exactly {exact}")
    for row, exact_row in zip(found, exact):
        for what, value, exact_value in zip(("adds", "moves"), row[4:], exact_row[4:]):
            assert_close(f"{row}: {what}", value, exact_value)


def check_side(summary, records, volume, prefix, run):
    name = "owed" if prefix else "owes"
    assert_close(name, summary[name]["value"], volume)
    for outcome in ("kept", "late", "broken", "overdue"):
        row = summary[prefix + outcome]
        figures = twin.share(twin.decided(records), lambda record: record.outcome == outcome, run.z)
        for column, value in zip(("value", "low", "high", "n"), figures):
            assert_close(prefix + outcome + " " + column, row[column], value)
    for outcome in ("open", "withdrawn"):
        weight = sum((record.weight for record in records if record.outcome == outcome), Fraction(0))
        assert_close(prefix + outcome, summary[prefix + outcome]["value"], weight)
    for figure, some, is_yes in (("closed_by_owed", twin.closings, twin.is_closed_by_owed), ("reopened", twin.reopenings, twin.is_reopened)):
        assert_close(prefix + figure, summary[prefix + figure]["value"], twin.share(some(records), is_yes, run.z)[0])


def check(chain, options, party, answer):
    found, run = json.loads(answer), twin.Run(chain, **options)
    group = twin.group_function(run)
    if group(party) != party:
        counts["refused"] += 1
        if "error" not in found:
            raise Mismatch("a party without a row is explained")
        return
    if "error" in found:
        raise Mismatch(found["error"])
    summary = {row["name"]: row for row in found["summary"]}
    row = next(row for row in twin.parties_table(run) if row["party"] == party)
    exact = []
    for side, prefix in SIDES:
        records = [record for record in run.records if group(record.owed if prefix else record.owes) == party]
        check_side(summary, records, row[side], prefix, run)
        exact += [told(record, records, side) for record in records]
    check_records(found["records"], exact)
    adds = [record["adds"] for record in found["records"] if record["side"] == "owes" and record["adds"] is not None]
    if row["kept"] is not None:
        assert_close("what the records add", sum(adds), row["kept"])
    counts["explained"] += 1
    counts["records"] += len(exact)


def main():
    compare(sys.argv[1], cases(int(sys.argv[2])), to_words, check)
    print(counts)
    if not all(counts.values()):
        sys.exit("too little was compared")


if __name__ == "__main__":
    main()
