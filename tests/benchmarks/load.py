#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A flows.csv of 10,000,000 rows into a chain, against polars.read_csv of that file; seconds and peak bytes a flow.

    load.py [FLOWS]   (in `meson devenv -C build`)
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import numpy
import polars

PARTIES = 1_000_000


def generate(folder, flows):
    random = numpy.random.default_rng(1)
    ids = polars.Series([f"p{i:07d}" for i in range(PARTIES)])
    polars.DataFrame({"id": ids, "kind": ["unit"] * (PARTIES - 1) + ["customer"]}).write_csv(folder / "parties.csv")
    polars.DataFrame(
        {
            "from": ids.gather(random.integers(0, PARTIES - 1, flows)),
            "to": ids.gather(random.integers(0, PARTIES, flows)),
            "amount": random.lognormal(0, 1, flows).round(2) + 0.01,
        }
    ).write_csv(folder / "flows.csv")


def peak_bytes():
    """Of this program: getrusage() would count what its parent had before it became this one."""
    status = pathlib.Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s*(\d+)", status).group(1)) * 1024


def read_with_polars(folder):
    start = time.perf_counter()
    rows = len(polars.read_csv(pathlib.Path(folder) / "flows.csv"))
    return rows, time.perf_counter() - start


def read_with_us(folder):
    import valuechain

    start = time.perf_counter()
    rows = valuechain.load(folder, progress=False).get_n_flows()
    return rows, time.perf_counter() - start


READERS = {"polars.read_csv": read_with_polars, "valuechain.load": read_with_us}


def measure(name, folder):
    """In a process of its own, so that the peak is the reader's."""
    answer = subprocess.run([sys.executable, __file__, "--reader", name, folder], check=True, capture_output=True, text=True)
    rows, seconds, used = answer.stdout.split()
    return int(rows), float(seconds), int(used)


def child(name, folder):
    before = peak_bytes()
    rows, seconds = READERS[name](folder)
    print(rows, seconds, peak_bytes() - before)


def main(flows):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        generate(folder, flows)
        print(f"flows.csv: {flows:,} rows, {(folder / 'flows.csv').stat().st_size / 1e6:.0f} MB; {PARTIES:,} parties")
        best = {}
        for _ in range(3):
            for reader in READERS:
                rows, seconds, used = measure(reader, name)
                best[reader] = min(best.get(reader, (9e9, 0)), (seconds, used))
        for reader, (seconds, used) in best.items():
            print(f"{reader:16} {seconds:7.2f} s   peak {used / flows:6.1f} bytes a flow")
        print(f"ours / polars: {best['valuechain.load'][0] / best['polars.read_csv'][0]:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--reader"]:
        child(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
