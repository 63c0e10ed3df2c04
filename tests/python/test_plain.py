# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the package wraps, called as the namespace has it."""
import ctypes

import pytest
from gi.repository import Gio, GLib

import valuechain
from valuechain import Table

ARROW_ARRAY_STREAM_SIZE = 5 * ctypes.sizeof(ctypes.c_void_p)


def test_builder_takes_tables():
    builder = valuechain.ChainBuilder()
    builder.add_parties(valuechain.table({"id": ["a", "b"], "kind": ["unit", "customer"]}), "parties")
    builder.add_flows(valuechain.table({"from": ["a"], "to": ["b"], "amount": [2.0]}), None)
    builder.add_receipts(valuechain.table({"customer": ["b"], "amount": [10.0]}), None)
    builder.add_commitments(valuechain.table({"from": ["a"], "to": ["b"]}), None)
    chain = builder.build()
    tables = (chain.get_parties(), chain.get_flows(), chain.get_receipts(), chain.get_commitments())
    assert [len(table) for table in tables] == [2, 1, 1, 1]


def test_measure_has_options_and_threads():
    measure = valuechain.Alignment()
    measure.set_threads(2)
    assert measure.get_threads() == 2
    assert measure.set_option("tolerance", "1e-10")
    assert measure.props.tolerance == 1e-10
    with pytest.raises(GLib.Error, match="patience"):
        measure.set_option("patience", "1")


def test_arrow_stream_goes_out_and_in_by_address():
    table = valuechain.table({"x": [1.5, None], "name": ["a", "b"]})
    for _ in range(2):
        stream = ctypes.create_string_buffer(ARROW_ARRAY_STREAM_SIZE)
        table.export_arrow_stream(ctypes.addressof(stream))
        back = Table.new_from_arrow_stream("back", ctypes.addressof(stream))
        assert list(back) == list(table)


def test_csv_goes_to_any_stream():
    stream = Gio.MemoryOutputStream.new_resizable()
    assert valuechain.table({"x": [0.1], "name": ["=1"]}).write_csv(stream, True, None)
    stream.close()
    assert stream.steal_as_bytes().get_data().split() == [b"x,name", b"0.1,'=1"]
