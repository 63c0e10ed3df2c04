#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A log of 10,000,000 events of 2,000,000 tickets as flows and as commitments, against polars reading and sorting it.

    benchmark-tickets.py [ROWS]   (in `meson devenv -C build`)

Each runs in a process of its own, in turns, and the best of three counts. Memory is the peak of the whole process.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

EVENTS_PER_TICKET = 5


def generate(path, rows):
    import numpy
    import polars

    random = numpy.random.default_rng(1)
    tickets = rows // EVENTS_PER_TICKET
    start = numpy.datetime64("2025-01-01T00:00:00", "ms")
    opened = start + random.integers(0, 31_000_000, tickets).astype("timedelta64[s]")
    ticket = random.permutation(numpy.repeat(numpy.arange(tickets), EVENTS_PER_TICKET))
    at = opened[ticket] + random.integers(0, 800_000, rows).astype("timedelta64[s]")
    teams = polars.Series([f"team {i:03d}" for i in range(200)])
    callers = polars.Series([f"caller {i:06d}" for i in range(50_000)])
    polars.DataFrame({
        "ticket": polars.Series(ticket).cast(polars.String).str.zfill(8),
        "team": teams.gather(random.integers(0, 200, rows)),
        "changed": at, "caller": callers.gather(ticket % 50_000), "opened": opened[ticket],
        "due": (opened + numpy.timedelta64(5, "D"))[ticket], "solved": (opened + numpy.timedelta64(9, "D"))[ticket],
        "in_time": ticket % 3 > 0, "solver": callers.gather(ticket * 7 % 50_000),
    }).write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%S")


def peak_bytes():
    status = pathlib.Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s*(\d+)", status).group(1)) * 1024


def read_with_polars(path):
    import polars

    start = time.perf_counter()
    frame = polars.read_csv(path).sort("ticket", "changed")
    return time.perf_counter() - start, frame.height


def read_with_valuechain(path, **more):
    from gi.repository import Valuechain

    log = Valuechain.EventLog(path=path, case_column="ticket", party_column="team", time_column="changed",
                              customer_column="caller", **more)
    start = time.perf_counter()
    chain = log.load(None, None)
    return time.perf_counter() - start, len(chain.get_commitments())


def read_promises(path):
    return read_with_valuechain(path, made_column="opened", due_column="due", closed_column="solved",
                                kept_column="in_time", closed_by_column="solver")


READERS = {"polars": read_with_polars, "flows": read_with_valuechain, "flows and commitments": read_promises}


def main():
    if len(sys.argv) > 2:
        seconds, rows = READERS[sys.argv[2]](sys.argv[1])
        print(json.dumps({"seconds": round(seconds, 2), "rows": rows, "peak_MiB": peak_bytes() >> 20}))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = os.environ.get("TICKETS", str(pathlib.Path(folder) / "tickets.csv"))
        if not os.path.exists(path):
            generate(path, rows)
        runs = {name: [] for name in READERS}
        for _ in range(3):
            for name, found in runs.items():
                done = subprocess.run([sys.executable, __file__, path, name], check=True, capture_output=True,
                                      text=True)
                found.append(json.loads(done.stdout))
    for name, found in runs.items():
        print(name, json.dumps(min(found, key=lambda one: one["seconds"])))


if __name__ == "__main__":
    main()
