# SPDX-License-Identifier: LGPL-2.1-or-later
import datetime
import gc

import numpy
import pytest
from gi.repository import GLib

from valuechain import Column, ColumnType


def doubles(*values):
    return Column.new_doubles("x", list(values))


def from_array(column_type, array):
    return Column.new_from_address("x", column_type, array.ctypes.data, len(array))


def test_indexing_counts_from_both_ends():
    column = doubles(1.5, 2.5, 3.5)
    assert (len(column), column[0], column[-1], column[1:]) == (3, 1.5, 3.5, [2.5, 3.5])
    assert list(column) == [1.5, 2.5, 3.5]
    for beyond in (3, -4):
        with pytest.raises(IndexError):
            column[beyond]


def test_values_share_memory_and_keep_it():
    column = doubles(*range(1000))
    address = column.get_values_address()
    view = column.values
    assert view.__array_interface__["data"] == (address, True)
    del column
    gc.collect()
    assert view.sum() == 499500
    with pytest.raises(ValueError):
        view[0] = 1


def test_asarray_shares_where_nothing_is_null_and_never_shows_a_null_as_zero():
    whole = doubles(1, 2)
    assert numpy.asarray(whole).__array_interface__["data"][0] == whole.get_values_address()
    holed = from_array(ColumnType.DOUBLE, numpy.array([1, numpy.nan, 3]))
    assert holed.get_n_nulls() == 1 and holed.get_validity_address() != 0
    assert holed.get_validity_bytes().get_size() >= 1
    assert list(holed.mask) == [False, True, False]
    seen = numpy.asarray(holed)
    assert numpy.isnan(seen[1]) and seen[2] == 3
    assert holed[1] is None and holed.is_null(1)


def test_each_type_from_an_address():
    whole = from_array(ColumnType.INT64, numpy.array([1, -(2**62)], "<i8"))
    assert list(whole) == [1, -(2**62)] and whole.get_int64(1) == -(2**62)
    flags = from_array(ColumnType.BOOLEAN, numpy.array([1, 0, 1], "u1"))
    assert list(flags) == [True, False, True] and flags.get_boolean(2)
    assert list(numpy.asarray(flags)) == [True, False, True]
    times = from_array(ColumnType.TIME, numpy.array(["2025-01-02T03:04:05", "NaT"], "M8[us]").view("<i8"))
    assert times[0] == datetime.datetime(2025, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc) and times[1] is None
    assert numpy.isnat(numpy.asarray(times)[1])
    assert doubles(2.5).get_double(0) == 2.5


def test_texts_are_codes_and_labels():
    column = Column.new_texts("t", ["b", "a", "b", "ä€"])
    assert list(column.values) == [0, 1, 0, 2] and column.labels == ["b", "a", "ä€"]
    assert list(column) == ["b", "a", "b", "ä€"]
    assert (column.get_n_labels(), column.dup_label(2), column.dup_text(3)) == (3, "ä€", "ä€")
    assert list(numpy.asarray(column)) == ["b", "a", "b", "ä€"]
    assert column.get_label_offsets_address() and column.get_label_text_address()


def test_codes_by_bytes_and_by_address():
    codes = numpy.array([1, 0, -1], "<i4")
    by_address = Column.new_coded_from_address("t", codes.ctypes.data, 3, ["u", "v"])
    assert list(by_address) == ["v", "u", None]
    by_bytes = Column.new_coded("t", GLib.Bytes.new(codes[:2].tobytes()), ["u", "v"], None)
    assert list(by_bytes) == ["v", "u"]
    with pytest.raises(GLib.Error, match="column \"t\""):
        Column.new_coded("t", GLib.Bytes.new(codes.tobytes()), ["u", "v"], None)


def test_bytes_make_columns_and_come_back():
    data = numpy.array([1.0, 2.0])
    column = Column.new_from_bytes("x", ColumnType.DOUBLE, GLib.Bytes.new(data.tobytes()), GLib.Bytes.new(b"\x01"))
    assert list(column) == [1.0, None]
    assert column.get_values_bytes().get_size() == 16
    with pytest.raises(GLib.Error):
        Column.new_from_bytes("x", ColumnType.DOUBLE, GLib.Bytes.new(b"\0" * 7), None)


def test_infinite_numbers_are_refused():
    with pytest.raises(GLib.Error):
        doubles(1, float("inf"))


def test_description_shares_the_values():
    column = doubles(1, 2)
    named = column.described("effort", "hours", "what it took")
    assert (named.get_name(), named.get_unit(), named.get_description()) == ("effort", "hours", "what it took")
    assert named.get_values_address() == column.get_values_address()
    assert (named.get_column_type(), named.get_n_rows()) == (ColumnType.DOUBLE, 2)
    assert "effort" in repr(named) and "hours" in repr(named)
    assert named.format(1) == "2"


def test_empty_columns():
    column = Column.new_texts("t", [])
    assert (len(column), list(column), list(numpy.asarray(column)), column.labels) == (0, [], [], [])


@pytest.mark.parametrize("rows", [1_000, 1_000_000])
def test_a_view_is_the_memory_whatever_the_length(rows):
    column = from_array(ColumnType.DOUBLE, numpy.ones(rows))
    assert column.values.base is not None and column.values.ctypes.data == column.get_values_address()
