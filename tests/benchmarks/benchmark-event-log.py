#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads event logs with libvaluechain and with others, side by side: benchmark-event-log.py PROGRAM [--log LOG] [--events N]

PROGRAM is benchmark-event-log. Whichever of pm4py, r4pm, rustxes and polars Python has is compared: pm4py reads with its own
parser and counts hand-overs, as PROGRAM does, the next two only read, and polars reads and sorts CSV. Each runs in a process
of its own, in turns, and the best counts.
"""
import argparse
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

LOG = str(pathlib.Path(__file__).parents[2] / ".." / "shared" / "data" / "bpic2013-incidents.xes.gz")
TIMED = """
import json, resource, sys, time, warnings
warnings.filterwarnings("ignore")
{imports}
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
print(json.dumps({{"seconds": round(seconds, 3), "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)}}))
"""
READERS = {
    "pm4py": ("import pm4py", "log = pm4py.read_xes(sys.argv[1], variant='iterparse'); pm4py.discover_handover_of_work_network(log)"),
    "r4pm": ("import r4pm", "r4pm.df.import_xes(sys.argv[1])"),
    "rustxes": ("import rustxes", "rustxes.import_xes(sys.argv[1])"),
}
POLARS = ("import polars", "polars.read_csv(sys.argv[1], try_parse_dates=True).sort(['case', 'time'])")


def run(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def best_of(commands, times=3):
    """{name: figures}: each once in each turn."""
    runs = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            runs[name].append(run(*command))
    return {name: min(figures, key=lambda one: one["seconds"]) for name, figures in runs.items()}


def python(imports, work, path):
    return [sys.executable, "-c", TIMED.format(imports=imports, work=work), path]


def compare(program, path, others, times=3):
    there = {name: code for name, code in others.items() if importlib.util.find_spec(name)}
    return best_of({"valuechain": [program, "read", path], **{name: python(*code, path) for name, code in there.items()}}, times)


def compare_generated(program, events):
    with tempfile.TemporaryDirectory() as folder:
        for format_, number in (("xes", events // 2), ("xes", events), ("csv", events)):
            path = str(pathlib.Path(folder) / f"log.{format_}")
            subprocess.run([program, "make", format_, str(number), path], check=True)
            others = {"polars": POLARS} if format_ == "csv" else {}
            print(json.dumps({format_: number, **compare(program, path, others, 2)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--log", default=LOG, help="a log in XES (the BPI Challenge 2013, where it is)")
    parser.add_argument("--events", type=int, default=10_000_000, help="of generated logs: XES in two sizes, and CSV; 0: none")
    options = parser.parse_args()
    if pathlib.Path(options.log).exists():
        print(json.dumps({"log": options.log, **compare(options.program, options.log, READERS)}), flush=True)
    if options.events > 0:
        compare_generated(options.program, options.events)


if __name__ == "__main__":
    main()
