# SPDX-License-Identifier: LGPL-2.1-or-later
"""Data frames in and out, by readers and writers that are not ours."""
import datetime
import decimal
import gc

import numpy
import pandas
import pytest
from gi.repository import GLib

import valuechain

duckdb = pytest.importorskip("duckdb")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")
pytest.importorskip("pyarrow.parquet")

FRAME = pandas.DataFrame(
    {
        "a": [1.5, None, 3.0],
        "n": [1, 2, 3],
        "s": ["x", "y", None],
        "d": [True, False, True],
        "t": pandas.to_datetime(["2025-01-01T00:00:00.000000", "2025-01-02T03:04:05.000006", None]),
        "c": pandas.Categorical(["u", None, "u"]),
        "m": pandas.array([1, None, 3], dtype="Int64"),
        "f": pandas.array([True, None, False], dtype="boolean"),
    }
)
UTC = datetime.timezone.utc
ROWS = [
    {"a": 1.5, "n": 1, "s": "x", "d": True, "t": datetime.datetime(2025, 1, 1, tzinfo=UTC), "c": "u", "m": 1, "f": True},
    {"a": None, "n": 2, "s": "y", "d": False, "t": datetime.datetime(2025, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "c": None,
     "m": None, "f": None},
    {"a": 3.0, "n": 3, "s": None, "d": True, "t": None, "c": "u", "m": 3, "f": False},
]


def test_from_pandas():
    assert list(valuechain.table(FRAME)) == ROWS


def test_from_polars():
    assert list(valuechain.table(polars.DataFrame(ROWS, infer_schema_length=None))) == ROWS


def test_from_pyarrow_in_batches():
    table = pyarrow.Table.from_pylist(ROWS)
    pieces = pyarrow.concat_tables([table.slice(0, 1), table.slice(1, 2)])
    assert list(valuechain.table(pieces)) == ROWS
    assert list(valuechain.table(table.slice(1))) == ROWS[1:]


def test_from_lists_of_dicts_and_dicts_of_lists():
    assert list(valuechain.table(ROWS)) == ROWS
    assert list(valuechain.table({key: [row[key] for row in ROWS] for key in ROWS[0]})) == ROWS


def test_arrays_of_pandas_in_a_dict():
    table = valuechain.table({"c": pandas.Categorical(["u", None, "u"]), "m": pandas.array([1, None, 3], dtype="Int64")})
    assert list(table) == [{"c": "u", "m": 1}, {"c": None, "m": None}, {"c": "u", "m": 3}]


def test_to_pandas_and_back():
    frame = valuechain.table(FRAME).to_pandas()
    assert list(frame.columns) == list(FRAME.columns) and len(frame) == 3
    assert numpy.isnan(frame["a"][1]) and frame["s"].isna().tolist() == [False, False, True]
    assert frame["t"].isna().tolist() == [False, False, True] and str(frame["t"].dt.tz) == "UTC"
    assert frame["m"].isna()[1] and frame["f"].isna()[1]
    assert list(valuechain.table(frame)) == ROWS


def test_to_pandas_shares_or_copies():
    table = valuechain.table({"x": numpy.ones(5)})
    address = table["x"].get_values_address()
    assert table.to_pandas()["x"].to_numpy().ctypes.data == address
    copied = table.to_pandas(copy=True)
    copied.loc[0, "x"] = 7.0
    assert copied["x"][0] == 7 and table["x"][0] == 1


@pytest.mark.parametrize("with_pyarrow", [True, False])
def test_mostly_distinct_texts_are_strings(with_pyarrow, monkeypatch):
    ids = [f"é{i:05d}" for i in range(5000)]
    table = valuechain.table({"id": [None] + ids})
    if not with_pyarrow:
        monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    column = table.to_pandas()["id"]
    assert column.isna()[0] and list(column[1:]) == ids


def test_to_polars_and_arrow():
    table = valuechain.table(FRAME)
    frame = table.to_polars()
    assert frame["a"].to_list() == [1.5, None, 3.0] and frame["s"].to_list() == ["x", "y", None]
    assert frame["t"].to_list()[0] == ROWS[0]["t"]
    arrow = table.to_arrow()
    assert arrow.num_rows == 3 and arrow["n"].to_pylist() == [1, 2, 3] and arrow["f"].to_pylist() == [True, None, False]
    arrow.validate(full=True)


def test_the_stream_can_be_read_twice_and_outlives_the_table():
    table = valuechain.table(FRAME)
    first, second = pyarrow.table(table), pyarrow.table(table)
    del table
    gc.collect()
    assert first.equals(second) and first["a"].to_pylist() == [1.5, None, 3.0]


def test_a_capsule_that_nobody_takes_is_released():
    table = valuechain.table({"x": [1.0]})
    for _ in range(1000):
        table.__arrow_c_stream__()


def test_arrow_memory_is_shared_where_the_layout_allows():
    array = pyarrow.array(numpy.arange(1000, dtype="<f8"))
    column = valuechain.table(pyarrow.table({"x": array}))["x"]
    address = array.buffers()[1].address
    assert column.get_values_address() == address
    del array
    gc.collect()
    assert column[999] == 999


@pytest.mark.parametrize(
    "array",
    [
        pyarrow.array([1, 2, None], type)
        for type in (pyarrow.int8(), pyarrow.uint8(), pyarrow.int16(), pyarrow.uint16(), pyarrow.int32(), pyarrow.uint32(),
                     pyarrow.int64(), pyarrow.uint64(), pyarrow.float32(), pyarrow.float64())
    ],
    ids=lambda array: str(array.type),
)
def test_numbers_of_every_width(array):
    assert list(valuechain.table(pyarrow.table({"x": array}))["x"]) == [1, 2, None]


@pytest.mark.parametrize("type", [pyarrow.string(), pyarrow.large_string(), pyarrow.string_view(),
                                  pyarrow.dictionary(pyarrow.int8(), pyarrow.string()),
                                  pyarrow.dictionary(pyarrow.uint32(), pyarrow.large_string())], ids=str)
def test_texts_of_every_layout(type):
    if pyarrow.types.is_dictionary(type):
        array = pyarrow.array(["a", None, "ü", "a"]).dictionary_encode().cast(type)
    else:
        array = pyarrow.array(["a", None, "ü", "a"], type)
    assert list(valuechain.table(pyarrow.table({"x": array}))["x"]) == ["a", None, "ü", "a"]
    assert list(valuechain.table(pyarrow.table({"x": array.slice(1)}))["x"]) == [None, "ü", "a"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_every_unit(unit):
    at = datetime.datetime(2025, 6, 1, 12, tzinfo=UTC)
    array = pyarrow.array([at, None], pyarrow.timestamp(unit, "UTC"))
    assert list(valuechain.table(pyarrow.table({"x": array}))["x"]) == [at, None]


def test_dates_are_times():
    array = pyarrow.array([datetime.date(2025, 6, 1)])
    assert valuechain.table(pyarrow.table({"x": array}))["x"][0] == datetime.datetime(2025, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("array", [pyarrow.array([[1]]), pyarrow.array([float("inf")]), pyarrow.array([2**64 - 1], pyarrow.uint64()),
                                   pyarrow.array([2**62], pyarrow.timestamp("s"))], ids=["nested", "infinite", "too large", "too late"])
def test_what_no_column_can_hold_is_refused(array):
    with pytest.raises(GLib.Error, match="x"):
        valuechain.table(pyarrow.table({"x": array}))


@pytest.mark.parametrize("data", [7, {"x": [object()]}, {"x": [1, "a"]}, {"x": ["a", 1]}, {"x": numpy.array([1j])}])
def test_what_is_no_table_is_refused(data):
    with pytest.raises(TypeError):
        valuechain.table(data)


TEAMS = [{"key": "a", "type": "unit"}, {"key": "b", "type": "unit"}, {"key": "c", "type": "customer"}]
SENT = {
    "sender": ["a", "b"],
    "receiver": ["b", "c"],
    "hours": [1.25, 0.75],
    "done": [datetime.datetime(2025, 1, 2, tzinfo=UTC), datetime.datetime(2025, 1, 3, tzinfo=UTC)],
    "kind": ["incident", "request"],
}
COLUMNS = {
    "parties": {"id": "key", "kind": "type"},
    "flows": {"from": "sender", "to": "receiver", "amount": "hours", "at": "done", "kind": None},
    "receipts": {"customer": "payer", "amount": "paid"},
    "commitments": {"from": "debtor", "to": "creditor"},
}


def reader(table):
    return pyarrow.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1))


@pytest.mark.parametrize("make", [
    lambda table: table, lambda table: table.to_pandas(), reader, lambda table: table.to_batches()[0], lambda table: table.to_pydict(),
    lambda table: table.to_pylist(), lambda table: polars.from_arrow(table), lambda table: duckdb.from_arrow(table),
    lambda table: valuechain.table(table),
], ids=["table", "pandas", "reader", "batch", "dict", "dicts", "polars", "duckdb", "ours"])
def test_a_chain_of_any_frame_with_names_of_its_own(make):
    frames = {
        "parties": make(pyarrow.Table.from_pylist(TEAMS)),
        "flows": make(pyarrow.table(SENT)),
        "receipts": make(pyarrow.table({"payer": ["c"], "paid": [decimal.Decimal("100.10")]})),
        "commitments": make(pyarrow.table({"debtor": ["a"], "creditor": ["b"]})),
    }
    chain = valuechain.chain(**frames, columns=COLUMNS)
    assert list(chain.get_flows()) == [
        {"from": "a", "to": "b", "kind": "work", "amount": 1.25, "at": SENT["done"][0]},
        {"from": "b", "to": "c", "kind": "work", "amount": 0.75, "at": SENT["done"][1]},
    ]
    assert [(row["customer"], row["amount"]) for row in chain.get_receipts()] == [("c", 100.1)]
    assert [(row["from"], row["to"]) for row in chain.get_commitments()] == [("a", "b")]


def test_parquet_through_duckdb(tmp_path):
    pyarrow.parquet.write_table(pyarrow.table(SENT), tmp_path / "sent.parquet")
    rows = duckdb.sql(f"SELECT sender, receiver, sum(hours)::DECIMAL(9, 2) AS hours FROM '{tmp_path}/sent.parquet' "
                      "WHERE done >= '2025-01-03' GROUP BY ALL")
    columns = {"parties": COLUMNS["parties"], "flows": {"from": "sender", "to": "receiver", "amount": "hours"}}
    flows = valuechain.chain(TEAMS, rows, columns=columns).get_flows()
    assert list(flows) == [{"from": "b", "to": "c", "kind": "work", "amount": 0.75}]


def test_other_names_share_the_memory():
    array = pyarrow.array(numpy.arange(1000, dtype="<f8"))
    table = valuechain.table(pyarrow.table({"hours": array}), columns={"amount": "hours"})
    assert table["amount"].get_values_address() == array.buffers()[1].address
    assert list(table.renamed(["x", "y"], ["amount", "amount"]).columns[1].values) == list(range(1000))


@pytest.mark.parametrize("columns, message", [
    ({"flows": {"form": "sender"}}, "flows have no field 'form'; they have from, to, kind"),
    ({"flow": {"from": "sender"}}, "no such table"),
    ({"receipts": {"customer": "payer"}}, "no such table"),
])
def test_a_field_that_is_none_is_told(columns, message):
    with pytest.raises(ValueError, match=message):
        valuechain.chain(TEAMS, SENT, columns={"parties": COLUMNS["parties"], **columns})


def test_a_column_that_is_not_there_is_told():
    with pytest.raises(GLib.Error, match='no column "sendr"'):
        valuechain.chain(TEAMS, SENT, columns={"parties": COLUMNS["parties"], "flows": {"from": "sendr"}})


def test_fields_are_listed_required_ones_first():
    assert valuechain.ChainBuilder.list_fields("receipts") == ["customer", "amount", "at"]
    assert valuechain.ChainBuilder.list_fields("nothing") == []


def test_decimals_of_every_width():
    for type in (pyarrow.decimal32(9, 2), pyarrow.decimal64(18, 2), pyarrow.decimal128(38, 2), pyarrow.decimal256(76, 2)):
        array = pyarrow.array([decimal.Decimal("1.10"), None, decimal.Decimal("-9.99")], type)
        assert list(valuechain.table(pyarrow.table({"x": array}))["x"]) == [1.1, None, -9.99]


def test_random_decimals_are_the_nearest_doubles():
    random = numpy.random.default_rng(1)
    texts = [f"{random.integers(0, 2)}" + "".join(map(str, random.integers(0, 10, random.integers(1, 37)))) for _ in range(5000)]
    values = [decimal.Decimal(text).scaleb(-9) * (-1) ** (len(text) % 2) for text in texts]
    column = valuechain.table(pyarrow.table({"x": pyarrow.array(values, pyarrow.decimal256(60, 9))}))["x"]
    assert list(column) == [float(value) for value in values]


def test_pandas_index_and_object_columns():
    frame = pandas.DataFrame({"when": [datetime.date(2025, 1, 1), None], "n": pandas.Series([1, None], dtype=object)})
    assert list(valuechain.table(frame)) == [{"when": datetime.datetime(2025, 1, 1, tzinfo=UTC), "n": 1}, {"when": None, "n": None}]
