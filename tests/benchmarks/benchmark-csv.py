#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads a generated flows.csv with libvaluechain and with polars, side by side: benchmark-csv.py PROGRAM [ROWS]

PROGRAM is benchmark-csv. Each reads in a process of its own, in turns, and the best of five counts.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

POLARS = """
import json, resource, sys, time
import polars
peak = lambda: resource.getrusage (resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak ()
start = time.perf_counter ()
frame = polars.read_csv (sys.argv[1])
seconds = time.perf_counter () - start
print (json.dumps ({"seconds": round (seconds, 3), "rows": frame.height, "peak_bytes_per_row": round ((peak () - before) / frame.height, 1)}))
"""


def run(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    program = sys.argv[1]
    rows = sys.argv[2] if len(sys.argv) > 2 else "10000000"
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "flows.csv")
        subprocess.run([program, "make", rows, path], check=True)
        ours, theirs = [], []
        for _ in range(5):
            ours.append(run(program, "read", path))
            theirs.append(run(sys.executable, "-c", POLARS, path))
    best = [min(runs, key=lambda one: one["seconds"]) for runs in (ours, theirs)]
    print(json.dumps({"valuechain": best[0], "polars": best[1], "ratio": round(best[0]["seconds"] / best[1]["seconds"], 2)}))


if __name__ == "__main__":
    main()
