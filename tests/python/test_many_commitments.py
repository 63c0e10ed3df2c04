# SPDX-License-Identifier: LGPL-2.1-or-later
"""A million commitments: rates, their intervals and median times of every party, against whole columns of NumPy. Other twins go record by record, and so
never beyond what a chunk holds."""
import math

import pytest

import valuechain

numpy = pytest.importorskip("numpy")
polars = pytest.importorskip("polars")

DAY = 86_400_000_000
START = 1_704_067_200_000_000
AT = START + 400 * DAY
N, PARTIES = 1_000_000, 60_000
Z = 1.959963984540054
KEPT, BROKEN, WITHDRAWN, OPEN = range(4)


@pytest.fixture(scope="module")
def records():
    """No two take equally long, so that each step of a curve is one record."""
    dice = numpy.random.default_rng(20)
    source = dice.integers(0, PARTIES, N)
    target = (source + dice.integers(1, PARTIES, N)) % PARTIES
    state = dice.choice([KEPT, BROKEN, WITHDRAWN, OPEN], N, p=[0.6, 0.15, 0.05, 0.2])
    took = (dice.permutation(N) + 1) * 30_000_000
    made = AT - numpy.where(state == OPEN, took, took + dice.integers(0, 30 * DAY, N))
    return {"from": source, "to": target, "state": state, "took": took / DAY, "made": made, "closed": made + took,
            "due": made + dice.integers(DAY, 400 * DAY, N), "reopened": dice.integers(0, 2, N), "by_owed": dice.random(N) < 0.4}


@pytest.fixture(scope="module")
def parties(records):
    ids = polars.Series([f"p{i:05}" for i in range(PARTIES)])

    def time(values, unknown):
        return polars.Series(values).set(polars.Series(unknown), None).cast(polars.Datetime("us", "UTC"))
    is_open, never = records["state"] == OPEN, numpy.zeros(N, dtype=bool)
    closer = ids.gather(numpy.where(records["by_owed"], records["to"], records["from"])).set(polars.Series(is_open), None)
    commitments = polars.DataFrame({
        "from": ids.gather(records["from"]), "to": ids.gather(records["to"]), "made": time(records["made"], never), "due": time(records["due"], never),
        "closed": time(records["closed"], is_open), "state": numpy.array(["kept", "broken", "withdrawn", "open"])[records["state"]],
        "closed_by": closer, "reopened": records["reopened"]})
    chain = valuechain.chain(polars.DataFrame({"id": ids, "kind": ["person"] * PARTIES}), commitments=commitments)
    scores = chain.score("accountability", at="2025-02-04")
    return polars.DataFrame(scores["parties"]).sort("party")


def close(found, expected):
    found, expected = found.to_numpy(), numpy.asarray(expected, dtype=float)
    assert numpy.array_equal(numpy.isnan(found.astype(float)), numpy.isnan(expected))
    assert numpy.allclose(found.astype(float), expected, rtol=1e-12, atol=1e-12, equal_nan=True)


def count(records, which):
    return numpy.bincount(records["from"][which], minlength=PARTIES).astype(float)


def check_share(parties, name, yes, n):
    """Wilson's interval, in the form of the textbook."""
    with numpy.errstate(invalid="ignore", divide="ignore"):
        share = yes / n
        centre, spread = share + Z * Z / (2 * n), Z * numpy.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        close(parties[name], share)
        close(parties[name + "_low"], (centre - spread) / (1 + Z * Z / n))
        close(parties[name + "_high"], (centre + spread) / (1 + Z * Z / n))
    close(parties[name + "_n"], n)


def test_rates(records, parties):
    state, closed = records["state"], records["state"] != OPEN
    late = (state == KEPT) & (records["closed"] > records["due"])
    overdue = (state == OPEN) & (records["due"] < AT)
    decided = count(records, (state == KEPT) | (state == BROKEN) | overdue)
    close(parties["owes"], count(records, slice(None)))
    close(parties["overdue"], count(records, overdue))
    check_share(parties, "kept", count(records, (state == KEPT) & ~late), decided)
    check_share(parties, "late", count(records, late), decided)
    check_share(parties, "closed_by_owed", count(records, closed & records["by_owed"]), count(records, closed))
    again = records["reopened"] > 0
    check_share(parties, "reopened", count(records, again), count(records, closed | again))


def test_median_days(records, parties):
    """Aalen and Johansen's curve, a column of all parties' records at a time: their first, their second, and so on."""
    order = numpy.lexsort((records["took"], records["from"]))
    source, took, state = (records[name][order] for name in ("from", "took", "state"))
    size = numpy.bincount(source, minlength=PARTIES)
    start = numpy.cumsum(size) - size
    left, waiting = numpy.ones(PARTIES), numpy.ones(PARTIES)
    median, is_half = numpy.full(PARTIES, math.nan), numpy.zeros(PARTIES, dtype=bool)
    for k in range(size.max()):
        here = numpy.flatnonzero(size > k)
        row = start[here] + k
        at_risk, is_kept = size[here] - k, state[row] == KEPT
        middle = is_half[here] & is_kept
        median[here[middle]] = (median[here[middle]] + took[row][middle]) / 2
        is_half[here[middle]] = False
        waiting[here] -= numpy.where(is_kept, left[here] / at_risk, 0)
        left[here] *= numpy.where(state[row] == OPEN, 1, 1 - 1 / at_risk)
        reached = here[numpy.isnan(median[here]) & (waiting[here] <= 0.5 + 1e-13)]
        median[reached] = took[start[reached] + k]
        is_half[reached] = waiting[reached] >= 0.5 - 1e-13
    close(parties["median_days"], median)
    close(parties["median_days_n"], size)
