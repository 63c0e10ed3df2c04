#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads a generated object-centric log, in each format, side by side: benchmark-ocel.py make FOLDER [EVENTS], then
benchmark-ocel.py read FOLDER READER...

READER is valuechain (which also makes a chain of hand-overs of it), r4pm, pm4py or both; each reads in a process of its own. Prints seconds,
and the peak of memory beyond what was in use before.
"""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "python"))
import ocel_files

READERS = {
    "valuechain": """
import gi
gi.require_version ("Valuechain", "1")
from gi.repository import Valuechain
log = Valuechain.EventLog (path=path, case_column="object:Order", party_column="attribute:resource", customer_column="object:Customer")
def read ():
    return log.load (None, None).get_n_flows ()
""",
    "r4pm": """
import r4pm
def read ():
    return len (r4pm.df.import_ocel (path)["events"])
""",
    "pm4py": """
import pm4py
def read ():
    kind = {"jsonocel": pm4py.read_ocel2_json, "xmlocel": pm4py.read_ocel2_xml, "sqlite": pm4py.read_ocel2_sqlite}[path.rsplit (".", 1)[1]]
    return len (kind (path).events)
""",
}
TIMED = """
import json, resource, sys, time
path = sys.argv[1]
{reader}
peak = lambda: resource.getrusage (resource.RUSAGE_SELF).ru_maxrss
before = peak ()
start = time.perf_counter ()
n = read ()
print (json.dumps ({{"seconds": round (time.perf_counter () - start, 2), "peak_mib": round ((peak () - before) / 1024), "n": n}}))
"""
STEPS = ["Place", "Check", "Pick", "Pack", "Ship"]


def make_log(n_events):
    """Orders of five steps each, of 200 people; four in five events name an item too."""
    n_orders = n_events // len(STEPS)

    def objects():
        for i in range(n_orders // 10 + 1):
            yield f"customer-{i}", "Customer", {"region": f"R{i % 12}"}, []
        for i in range(n_orders):
            yield f"order-{i}", "Order", {"price": round(i * 7 % 1000 / 8, 2)}, [(f"customer-{i % (n_orders // 10 + 1)}", "placed by")]
            yield f"item-{i}", "Item", {}, []

    def events():
        for i in range(n_orders * len(STEPS)):
            order, step = divmod(i, len(STEPS))
            related = [(f"order-{order}", "order")] + ([(f"item-{order}", "item")] if step else [])
            minute = i // 60
            time = f"20{20 + minute // 525600 % 10:02}-{1 + minute // 40320 % 12:02}-{1 + minute // 1440 % 28:02}T{minute // 60 % 24:02}:{minute % 60:02}:{i % 60:02}Z"
            yield f"event-{i}", STEPS[step], time, {"resource": f"person-{i * 7919 % 200}", "cost": i % 97}, related

    return ocel_files.Log({step: {"resource": "string", "cost": "integer"} for step in STEPS},
                          {"Customer": {"region": "string"}, "Order": {"price": "float"}, "Item": {}}, events, objects)


def make(folder, n_events="1000000"):
    for suffix, write in ocel_files.WRITERS.items():
        path = pathlib.Path(folder) / f"log-{n_events}.{suffix}"
        path.unlink(missing_ok=True)
        write(make_log(int(n_events)), path)


def read(folder, *readers):
    for path in sorted(pathlib.Path(folder).iterdir()):
        for reader in readers or ["valuechain"]:
            done = subprocess.run([sys.executable, "-c", TIMED.format(reader=READERS[reader]), path], capture_output=True, text=True)
            figures = json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr.strip().splitlines()[-1]}
            print(json.dumps({"file": path.name, "mib": round(path.stat().st_size / 2**20), "reader": reader, **figures}))


if __name__ == "__main__":
    {"make": make, "read": read}[sys.argv[1]](*sys.argv[2:])
