# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares the library's explanations with their slow twin: compare_paths.py PROGRAM N

On all small chains, alike ones once, and on N random ones of up to 9 parties, one party each: the paths are the ones, in that order, and no other; a share is the double nearest to the
exact one; what is shown and what is left add up to the exact shares of the party. Where the library says that there are no other
paths, those that it shows make up the whole, exactly.
"""
import json
import pathlib
import random
import sys
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reference"))
import alignment as twin  # noqa: E402
import compare_reference  # noqa: E402
import paths as twin_of_paths  # noqa: E402
from comparison import Mismatch, compare  # noqa: E402

# Whole numbers, whose sums are exact, so that ties are ties for both.
AMOUNTS = ((1,), (1, 2, 3), (1, 2, 4), (0, 1, 5), (1, 1, 1, 97), (1, 20), (3, 5, 7, 11))
FEWEST_COMPARED = 0.9
counts = {"compared": 0, "paths": 0, "ties": 0, "whole": 0, "too many": 0}


def cases(n):
    small = (case for size, weights in ((3, (0, 1, 2)), (4, (0, 1))) for case in compare_reference.every_chain(size, weights))
    for number, (chain, group_by) in enumerate(small):
        others = chain.others()
        if others:
            yield chain, group_by, others[number % len(others)], 6
    for seed in range(n):
        dice = random.Random(f"path {seed}")
        chain, group_by = compare_reference.random_chain(seed, AMOUNTS)
        party = dice.choice(list(chain.parties))
        yield chain, group_by, party, dice.choice((1, 2, 3, 5, 10, 40))


def to_words(chain, group_by, party, n_paths):
    words = compare_reference.to_words(chain, group_by)
    return words[:words.rindex("score")] + f"explain {party} group-by={group_by} paths={n_paths}\n"


def check_cover(explanation, found, shown):
    summary = {row["name"]: row for row in found["summary"]}
    for name, kind in zip(twin.SHARES, twin_of_paths.KINDS):
        exact, row = explanation.row[name], summary[name]
        covered = sum((walk[0] for walk in shown if walk[1] == kind), Fraction(0))
        for column, value in (("value", exact), ("shown", covered), ("remainder", exact - covered)):
            if abs(row[column] - value) > 1e-11:
                raise Mismatch(f"{name}: {column} {row[column]}, exactly {float(value)}")
        if row["n"] != sum(walk[1] == kind for walk in shown):
            raise Mismatch(f"{name}: n")
    if abs(summary["all"]["value"] - 1) > 1e-11 or abs(summary["all"]["shown"] + summary["all"]["remainder"] - 1) > 1e-11:
        raise Mismatch(f"all: {summary['all']}")


def check_paths(explanation, table, n_paths):
    floor = Fraction(table[-1]["share"]) * (1 - Fraction(1, 2**50)) if len(table) == n_paths else Fraction(1, 10**12)
    walks = explanation.walks(floor)
    if len(walks) < len(table):
        raise Mismatch(f"{len(table)} paths, exactly {len(walks)}")
    for rank, (row, walk) in enumerate(zip(table, walks), 1):
        exact = {"rank": rank, "kind": walk[1], "end": walk[2], "hand_overs": len(walk[3]) - 1, "share": float(walk[0]),
                 "path": " -> ".join(walk[3])}
        if any(row[name] != value for name, value in exact.items()):
            raise Mismatch(f"path {row}, exactly {exact}")
    counts["ties"] += sum(a[0] == b[0] for a, b in zip(walks, walks[1:]))
    return walks[:len(table)]


def check(chain, group_by, party, n_paths, answer):
    found = json.loads(answer)
    explanation = twin_of_paths.Explanation(chain, party, group_by)
    if explanation.row is None:
        if "error" not in found:
            raise Mismatch("a party without a row is explained")
        return
    if not explanation.row["effort"]:
        if found["paths"] or any(row["value"] is not None or row["shown"] is not None for row in found["summary"][1:]):
            raise Mismatch("something comes of nothing")
        return
    try:
        shown = check_paths(explanation, found["paths"], n_paths)
    except twin_of_paths.TooMany:
        counts["too many"] += 1
        return
    check_cover(explanation, found, shown)
    is_whole = len(shown) < n_paths
    if is_whole and sum(walk[0] for walk in shown) != 1:
        raise Mismatch("some paths are missing")
    counts["compared"] += 1
    counts["paths"] += len(shown)
    counts["whole"] += is_whole


def main():
    program, n = sys.argv[1], int(sys.argv[2])
    n_cases = compare(program, cases(n), to_words, check)
    print(n_cases, counts)
    if counts["too many"] > (1 - FEWEST_COMPARED) * n_cases or counts["ties"] == 0:
        sys.exit("too little was compared")


if __name__ == "__main__":
    main()
