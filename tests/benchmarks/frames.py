#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Scores of 1,000,000 parties as a pandas frame, against pandas copying that frame; a numpy view of short and long columns.

    frames.py   (in `meson devenv -C build`)
"""
import sys
import time

import numpy
import pandas

import valuechain
from valuechain import Column, ColumnType

PARTIES = 1_000_000
ROUNDS = 7


def best(function, rounds=ROUNDS):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        kept = function()
        times.append(time.perf_counter() - start)
        del kept
    return min(times)


def scores():
    random = numpy.random.default_rng(1)
    ids = numpy.array([f"p{i:07d}" for i in range(PARTIES)], dtype=object)
    parties = {"id": numpy.append(ids, "payer"), "kind": pandas.Categorical(["unit"] * PARTIES + ["customer"])}
    flows = {
        "from": pandas.Categorical.from_codes(numpy.arange(PARTIES), ids),
        "to": pandas.Categorical.from_codes(numpy.minimum(numpy.arange(PARTIES) + 1, PARTIES), numpy.append(ids, "payer")),
        "amount": random.lognormal(0, 1, PARTIES),
    }
    return valuechain.chain(parties, flows).score(progress=False)["parties"]


def main():
    table = scores()
    frame = table.to_pandas()
    print(f"{len(frame):,} parties, {len(frame.columns)} columns; pandas {pandas.__version__}")
    ours, copy = best(table.to_pandas), best(lambda: frame.copy())
    writable = best(lambda: table.to_pandas(copy=True))
    print(f"to_pandas()           {ours * 1e3:9.2f} ms")
    print(f"to_pandas(copy=True)  {writable * 1e3:9.2f} ms")
    print(f"frame.copy()          {copy * 1e3:9.2f} ms   (ours / pandas: {ours / copy:.2f})")
    for rows in (10**3, 10**7):
        array = numpy.zeros(rows)
        column = Column.new_from_address("x", ColumnType.DOUBLE, array.ctypes.data, rows)
        print(f"numpy view, {rows:>10,} rows  {best(lambda: numpy.asarray(column), 1000) * 1e6:7.2f} us")
    return 0 if ours <= copy else 1


if __name__ == "__main__":
    sys.exit(main())
