#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads and scores the accountability of a generated chain, all tables, side by side with polars, which reads the same commitments and groups them by
(from, to):

    benchmark-accountability.py PROGRAM [COMMITMENTS]     ten to a party; 10,000,000
    benchmark-accountability.py PROGRAM growth            from 100,000 on, each time twice as many
    benchmark-accountability.py make FOLDER COMMITMENTS   only makes the chain
    benchmark-accountability.py PROGRAM in FOLDER         compares in a chain that is there

A tenth of the commitments goes up the reporting lines and as much down; nine of ten are closed, six of seven of these kept, some late; every fiftieth party
is a unit. Scored twice: with all records alike, whose null model is one of counts, and with a half-life of HALF_LIFE days, which makes all weights
differ. Needs polars from PyPI. Each run is a process of its own.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import polars

DAY = 86_400_000_000
HALF_LIFE = 100
POLARS = """
import json, sys, time, polars
start = time.perf_counter()
frame = polars.read_csv(sys.argv[1])
read = time.perf_counter() - start
frame.group_by("from", "to").agg(polars.len())
print(json.dumps({"read": round(read, 3), "both": round(time.perf_counter() - start, 3)}))
"""


def make_parties(folder, n):
    number = numpy.arange(n)
    is_unit = number % 50 == 0
    ids = polars.Series([f"p{i:07d}" for i in range(n)])
    manager = polars.Series(ids.gather(number // 7)).set(polars.Series(is_unit | (number < 7)), None)
    unit = polars.Series(ids.gather(number // 50 * 50)).set(polars.Series(is_unit), None)
    polars.DataFrame({"id": ids, "kind": numpy.where(is_unit, "unit", "person"), "manager": manager, "unit": unit}).write_csv(folder / "parties.csv")
    return ids


def make(folder, n):
    dice = numpy.random.default_rng(1)
    n_parties = max(n // 10, 10)
    ids = make_parties(folder, n_parties)
    source = dice.integers(7, n_parties, n)
    target = (source + dice.geometric(0.001, n)) % n_parties
    way = dice.random(n)
    target = numpy.where(way < 0.2, source // 7, target)
    source, target = numpy.where(way < 0.1, target, source), numpy.where(way < 0.1, source, target)
    target = numpy.where(target == source, (source + 1) % n_parties, target)
    made = 1_704_067_200_000_000 + dice.integers(0, 700, n) * DAY + dice.integers(0, DAY // 1_000_000, n) * 1_000_000
    due, took = made + dice.integers(1, 30, n) * DAY, (dice.exponential(10, n) * DAY).astype(int) // 1_000_000 * 1_000_000
    state = dice.choice(["kept", "broken", "withdrawn", "open"], n, p=[0.77, 0.1, 0.03, 0.1])
    is_open = polars.Series(state == "open")
    closer = polars.Series(ids.gather(numpy.where(dice.random(n) < 0.3, source, target))).set(is_open, None)

    def times(values):
        return polars.Series(values).cast(polars.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    polars.DataFrame({"from": ids.gather(source), "to": ids.gather(target), "made": times(made), "due": times(due),
                      "closed": times(made + took).set(is_open, None), "state": state, "closed_by": closer}).write_csv(folder / "commitments.csv")


def run(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(program, folder):
    ours = run(program, str(folder))
    theirs = run(sys.executable, "-c", POLARS, str(folder / "commitments.csv"))
    decayed = run(program, str(folder), "0", str(HALF_LIFE))
    times = [round((one["read"] + one["score"]) / theirs["both"], 2) for one in (ours, decayed)]
    print(json.dumps({"valuechain": ours, "half-life": decayed, "polars": theirs, "times": times}), flush=True)


def grow(program):
    before, n = None, 100_000
    while n <= 6_400_000:
        with tempfile.TemporaryDirectory() as name:
            make(pathlib.Path(name), n)
            found = [run(program, name) for _ in range(3)]
        seconds = min(one["read"] + one["score"] for one in found)
        print(json.dumps({"commitments": n, "seconds": seconds, "score": min(one["score"] for one in found),
                          "times": before and round(seconds / before, 2)}), flush=True)
        before, n = seconds, 2 * n


def main():
    program, words = sys.argv[1], sys.argv[2:]
    if program == "make":
        make(pathlib.Path(words[0]), int(words[1]))
    elif words == ["growth"]:
        grow(program)
    elif words[:1] == ["in"]:
        compare(program, pathlib.Path(words[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            make(pathlib.Path(name), int(words[0]) if words else 10_000_000)
            compare(program, pathlib.Path(name))


if __name__ == "__main__":
    main()
