#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Scores a generated network with libvaluechain and solves reach alone with SciPy's BiCGSTAB, side by side:
benchmark-alignment.py PROGRAM [FLOWS] [growth]

A line of FLOWS / 10 people: 65 % of the steps ahead and 35 % back, their lengths normal with a deviation of 5 % of the line, 2 % of the flows
to customers (a hundredth of the people), log-normal amounts. Numbered along the line, then shuffled. BiCGSTAB solves to a residual of 1e-10
with the matrix made ready, which is timed by itself (ready); libvaluechain computes all columns of all tables from the chain, with its
proofs. The best of three counts.
With `growth`: the time from 10^4 flows on, each time twice as many, and how much more each doubling costs, on all threads and on one.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import scipy.sparse
import scipy.sparse.linalg


def make(folder, n_flows, shuffled):
    """People are numbered after customers."""
    dice = numpy.random.default_rng(1)
    people, customers = n_flows // 10, max(1, n_flows // 1000)
    source = dice.integers(0, people, n_flows)
    step = numpy.abs(dice.normal(0, 0.05 * people, n_flows)).astype(int) + 1
    target = numpy.clip(numpy.where(dice.random(n_flows) < 0.65, source + step, source - step), 0, people - 1)
    if shuffled:
        order = dice.permutation(people)
        source, target = order[source], order[target]
    target = target + customers
    to_customer = dice.random(n_flows) < 0.02
    target[to_customer] = dice.integers(0, customers, to_customer.sum())
    amount = dice.lognormal(0, 1, n_flows)
    (source + customers).astype("int32").tofile(folder / "from.i32")
    target.astype("int32").tofile(folder / "to.i32")
    amount.tofile(folder / "amount.f64")
    return people, customers


def make_ready(folder, people, customers):
    """From flows to the matrix, what passes on and the right side."""
    source = numpy.fromfile(folder / "from.i32", "int32").astype(int) - customers
    target = numpy.fromfile(folder / "to.i32", "int32").astype(int) - customers
    amount = numpy.fromfile(folder / "amount.f64")
    amount[source == target] = 0
    outflow = numpy.bincount(source, amount, people)
    outflow[outflow == 0] = 1
    share, inside = amount / outflow[source], target >= 0
    passing = scipy.sparse.csr_matrix((share[inside], (source[inside], target[inside])), shape=(people, people))
    ending = numpy.bincount(source[~inside], share[~inside], people)
    return (scipy.sparse.identity(people, format="csr") - passing).tocsr(), passing, ending


def solve_with_scipy(folder, people, customers):
    ready, (matrix, passing, ending) = best_of_three(lambda: make_ready(folder, people, customers))
    seconds, (reach, info) = best_of_three(
        lambda: scipy.sparse.linalg.bicgstab(matrix, ending, **{tolerance_name(): 1e-10}, atol=0))
    return {"seconds": round(seconds, 4), "ready": round(ready, 4), "info": int(info),
            "residual": float(numpy.abs(ending + passing @ reach - reach).max())}, reach


def best_of_three(work):
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best, answer


def tolerance_name():
    return "rtol" if "rtol" in scipy.sparse.linalg.bicgstab.__doc__.split("atol")[0] else "tol"


def score(program, folder, people, customers, runs, threads=0):
    command = [program, str(folder), str(people), str(customers), str(runs), str(threads)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(program, n_flows):
    for shuffled in (False, True):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            people, customers = make(folder, n_flows, shuffled)
            ours = score(program, folder, people, customers, 3)
            theirs, reach = solve_with_scipy(folder, people, customers)
            mine = numpy.fromfile(folder / "reach.f64")
            print(json.dumps({"flows": n_flows, "shuffled": shuffled, "valuechain": ours, "scipy": theirs,
                              "times": round(theirs["seconds"] / ours["seconds"], 2),
                              "difference": float(numpy.abs(mine - reach).max())}), flush=True)


def grow(program):
    before, n_flows = {}, 10_000
    while n_flows <= 10_240_000:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            people, customers = make(folder, n_flows, False)
            runs = max(3, min(50, 5_000_000 // n_flows))
            seconds = {threads: score(program, folder, people, customers, runs, threads)["seconds"] for threads in (0, 1)}
        times = {threads: round(seconds[threads] / before[threads], 2) if before else None for threads in seconds}
        print(json.dumps({"flows": n_flows, "seconds": seconds[0], "times": times[0],
                          "one_thread": seconds[1], "one_thread_times": times[1]}), flush=True)
        before, n_flows = seconds, 2 * n_flows


if __name__ == "__main__":
    if sys.argv[2:] == ["growth"]:
        grow(sys.argv[1])
    else:
        compare(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000)
