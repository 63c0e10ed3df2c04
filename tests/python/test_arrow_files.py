# SPDX-License-Identifier: LGPL-2.1-or-later
"""Chain folders in Arrow: pyarrow, Polars and pandas read what is written, and what they write is read."""
import csv
import datetime
import gzip
import pathlib

import pytest
from gi.repository import GLib

import valuechain

pyarrow = pytest.importorskip("pyarrow")
polars = pytest.importorskip("polars")
feather = pytest.importorskip("pyarrow.feather")

COMPANY = pathlib.Path(__file__).resolve().parents[2] / "examples" / "company"
KINDS = ("parties", "flows", "receipts", "commitments")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The same chain in CSV and in Arrow."""
    root = tmp_path_factory.mktemp("arrow")
    chain = valuechain.load(COMPANY)
    chain.save(root / "csv")
    chain.save(root / "x.arrows")
    return root


def cell(text, value):
    """The text of a CSV file as the value should be."""
    if text == "":
        return None
    if isinstance(value, datetime.datetime):
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return type(value)(text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("read", [
    lambda path: feather.read_table(path).to_pylist(),
    lambda path: pyarrow.ipc.open_file(path).read_all().to_pylist(),
    lambda path: polars.read_ipc(path).to_dicts(),
    lambda path: pyarrow.Table.from_pandas(pytest.importorskip("pandas").read_feather(path)).to_pylist(),
], ids=["feather", "ipc", "polars", "pandas"])
def test_others_read_what_is_written(folders, kind, read):
    with open(folders / "csv" / f"{kind}.csv", encoding="utf-8", newline="") as lines:
        expected = list(csv.DictReader(lines))
    found = read(str(folders / "x.arrows" / f"{kind}.arrow"))
    assert len(found) == len(expected) > 0
    for row, texts in zip(found, expected):
        assert row.keys() == texts.keys()
        for name, value in row.items():
            assert value == cell(texts[name], value), name


def plain(table):
    """Without dictionaries."""
    types = [field.type.value_type if pyarrow.types.is_dictionary(field.type) else field.type for field in table.schema]
    return table.cast(pyarrow.schema(list(zip(table.column_names, types))))


def write_stream(table, path):
    with pyarrow.ipc.new_stream(path, table.schema) as stream:
        stream.write_table(table, max_chunksize=7)


def nanoseconds(table):
    types = [pyarrow.timestamp("ns", "Europe/Oslo") if pyarrow.types.is_timestamp(field.type) else field.type for field in table.schema]
    return table.cast(pyarrow.schema(list(zip(table.column_names, types))))


WRITERS = {
    "feather": lambda table, path: feather.write_feather(table, path, compression="uncompressed"),
    "batches": lambda table, path: feather.write_feather(plain(table), path, compression="uncompressed", chunksize=5),
    "stream": write_stream,
    "large": lambda table, path: write_stream(polars.from_arrow(plain(table)).to_arrow(compat_level=polars.CompatLevel.oldest()), path),
    "zones": lambda table, path: write_stream(nanoseconds(table), path),
    "polars": lambda table, path: polars.from_arrow(table).write_ipc(path),
    "polars-oldest": lambda table, path: polars.from_arrow(table).write_ipc(path, compat_level=polars.CompatLevel.oldest()),
    "polars-views": lambda table, path: polars.from_arrow(plain(table)).write_ipc(path),
    "polars-stream": lambda table, path: polars.from_arrow(table).write_ipc_stream(path),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_what_others_write_is_read(folders, write, tmp_path):
    for kind in KINDS:
        write(feather.read_table(folders / "x.arrows" / f"{kind}.arrow"), str(tmp_path / f"{kind}.arrow"))
    (tmp_path / "datapackage.json").write_bytes((folders / "x.arrows" / "datapackage.json").read_bytes())
    assert valuechain.load(tmp_path).get_digest() == valuechain.load(COMPANY).get_digest()


def told(column):
    """The metadata that a column should have."""
    pairs = {b"unit": column.get_unit(), b"description": column.get_description()}
    return {key: text.encode() for key, text in pairs.items() if text is not None}


def test_units_and_descriptions_are_metadata_of_fields(folders):
    chain = valuechain.load(COMPANY)
    n_units = 0
    for kind in KINDS:
        table = getattr(chain, f"get_{kind}")()
        for field in feather.read_table(folders / "x.arrows" / f"{kind}.arrow").schema:
            expected = told(table[field.name])
            assert (field.metadata or {}) == expected, field.name
            n_units += b"unit" in expected
    assert n_units > 0


@pytest.mark.parametrize("write", [WRITERS["feather"], write_stream], ids=["feather", "stream"])
def test_metadata_of_others_are_units_and_descriptions(write, tmp_path):
    said = {"unit": "steps", "description": "from the top", "unknown": "x" * 100_000}
    fields = [pyarrow.field("id", "string"), pyarrow.field("kind", "string"), pyarrow.field("level", "int64", metadata=said),
              pyarrow.field("site", "string", metadata={"unit": "\u00e9"}), pyarrow.field("plain", "double", metadata={b"unit": b"\xff"})]
    table = pyarrow.table([["b", "a"], ["unit", "customer"], [1, 2], ["x", None], [1.5, 2.5]], schema=pyarrow.schema(fields))
    write(table, str(tmp_path / "parties.arrow"))
    parties = valuechain.load(tmp_path).get_parties()
    assert (parties["level"].get_unit(), parties["level"].get_description()) == ("steps", "from the top")
    assert (parties["site"].get_unit(), parties["site"].get_description()) == ("\u00e9", None)
    assert parties["plain"].get_unit() is None
    valuechain.load(tmp_path).save(tmp_path / "again.arrows")
    again = feather.read_table(tmp_path / "again.arrows" / "parties.arrow").schema
    assert again.field("level").metadata == {b"unit": b"steps", b"description": b"from the top"}


@pytest.mark.parametrize("write", [WRITERS["feather"], write_stream], ids=["feather", "stream"])
@pytest.mark.parametrize("first, held", [("days", "days"), ("x" * 32768, None), (b"\xff", None)], ids=["short", "long", "bytes"])
def test_the_first_pair_of_a_key_holds_in_files_and_frames(write, first, held, tmp_path):
    pairs = pyarrow.KeyValueMetadata([("unit", first), ("unit", "hours"), ("description", "why")])
    fields = [pyarrow.field("id", "string"), pyarrow.field("kind", "string"), pyarrow.field("level", "int64", metadata=pairs)]
    table = pyarrow.table([["a"], ["unit"], [1]], schema=pyarrow.schema(fields))
    write(table, str(tmp_path / "parties.arrow"))
    for column in valuechain.load(tmp_path).get_parties()["level"], valuechain.table(table)["level"]:
        assert (column.get_unit(), column.get_description()) == (held, "why")


def refused(tmp_path, **columns):
    options = {"compression": columns.pop("compression", "uncompressed")}
    table = pyarrow.table({"id": ["a", "b"], "kind": ["unit", "unit"], **columns})
    feather.write_feather(table, str(tmp_path / "parties.arrow"), **options)
    with pytest.raises(GLib.Error) as caught:
        valuechain.load(tmp_path)
    return str(caught.value)


def test_what_is_not_supported(tmp_path):
    assert "parties.arrow: the buffers are compressed" in refused(tmp_path, compression="lz4")
    assert 'parties.arrow: column "x": nested types are not supported' in refused(tmp_path, x=[[1], [2]])
    assert 'parties.arrow: column "x": the type is not supported' in refused(tmp_path, x=[b"a", b"b"])
    assert 'parties.arrow: column "x": the type is not supported' in refused(tmp_path, x=pyarrow.nulls(2))
    numbers = pyarrow.array([1, 2]).dictionary_encode()
    assert 'parties.arrow: column "x": of dictionaries, only those of text' in refused(tmp_path, x=numbers)
    chunks = pyarrow.chunked_array([pyarrow.array(["p"]).dictionary_encode(), pyarrow.array(["q"]).dictionary_encode()])
    write_stream(pyarrow.table({"id": ["a", "b"], "kind": ["unit", "unit"], "x": chunks}), str(tmp_path / "parties.arrow"))
    with pytest.raises(GLib.Error, match='column "x": dictionaries that are continued or replaced'):
        valuechain.load(tmp_path)


def test_gzip_and_a_wrong_name(tmp_path):
    write_stream(pyarrow.table({"id": ["a", "b"], "kind": ["unit", "customer"]}), str(tmp_path / "parties.arrow"))
    (tmp_path / "parties.arrow").write_bytes(gzip.compress((tmp_path / "parties.arrow").read_bytes()))
    assert valuechain.load(tmp_path).get_n_parties() == 2
    (tmp_path / "parties.arrow").rename(tmp_path / "flows.arrow")
    with pytest.raises(GLib.Error, match="parties.arrow: a chain folder must have this file"):
        valuechain.load(tmp_path)
