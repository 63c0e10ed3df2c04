#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Flows from data frames: how long the table takes and what it copies, beside pyarrow's own reading of the same frame, and
the chain that is made of it.

    frames-in.py [FLOWS]   (in `meson devenv -C build`)
"""
import sys
import time

import duckdb
import numpy
import pandas
import polars
import pyarrow

import valuechain

PARTIES = 100_000
ROUNDS = 3


def best(function):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        kept = function()
        times.append(time.perf_counter() - start)
    return min(times), kept


def frames(flows):
    """(name, frame, its `hours` as Arrow sees them) of the same rows."""
    random = numpy.random.default_rng(1)
    ids = pyarrow.array([f"party-{i:06d}" for i in range(PARTIES)])
    columns = {name: pyarrow.DictionaryArray.from_arrays(random.integers(0, PARTIES, flows, dtype="<i4"), ids)
               for name in ("sender", "receiver")}
    coded = pyarrow.table({**columns, "hours": random.lognormal(0, 1, flows)})
    plain = coded.cast(pyarrow.schema([("sender", pyarrow.string()), ("receiver", pyarrow.string()), ("hours", pyarrow.float64())]))
    polar = polars.from_arrow(plain)
    return {
        "pyarrow, dictionaries": coded,
        "pyarrow, strings": plain,
        "polars, categories": polar.with_columns(polars.col("sender", "receiver").cast(polars.Categorical)),
        "polars, strings": polar,
        "duckdb, relation": duckdb.from_arrow(plain),
        "pandas, categories": coded.to_pandas(),
        "pandas, objects": pandas.DataFrame({"sender": plain["sender"].to_pandas().astype(object),
                                             "receiver": plain["receiver"].to_pandas().astype(object), "hours": coded["hours"]}),
    }


def addresses(frame, columns):
    """Where pyarrow finds the buffers of the columns: what is copied lies elsewhere."""
    table = pyarrow.Table.from_pandas(frame, preserve_index=False) if isinstance(frame, pandas.DataFrame) else pyarrow.table(frame)
    chunks = {name: table[name].chunks for name in columns}
    return {name: chunk[0].indices.buffers()[1].address if pyarrow.types.is_dictionary(chunk[0].type) else chunk[0].buffers()[1].address
            for name, chunk in chunks.items() if len(chunk) == 1}


def main(flows):
    parties = {"id": [f"party-{i:06d}" for i in range(PARTIES)], "kind": ["unit"] * PARTIES}
    columns = {"from": "sender", "to": "receiver", "amount": "hours"}
    print(f"{flows:,} flows of {PARTIES:,} parties; seconds")
    print(f"{'':22}{'pyarrow':>9}{'table':>9}{'chain':>9}  shared")
    for name, frame in frames(flows).items():
        if isinstance(frame, pandas.DataFrame):
            other, _ = best(lambda: pyarrow.Table.from_pandas(frame))
        else:
            other, _ = best(lambda: pyarrow.table(frame))
        ours, table = best(lambda: valuechain.table(frame, "flows", columns))
        there = addresses(frame, columns.values())
        shared = [field for field, column in columns.items() if table[field].get_values_address() == there.get(column)]
        start = time.perf_counter()
        valuechain.chain(parties, table, progress=False)
        print(f"{name:22}{other:9.2f}{ours:9.2f}{time.perf_counter() - start:9.2f}  {', '.join(shared) or 'nothing'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
