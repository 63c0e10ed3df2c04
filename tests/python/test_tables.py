# SPDX-License-Identifier: LGPL-2.1-or-later
import html.parser
import json

import pytest
from gi.repository import Gio, GLib

import valuechain
from valuechain import Column, Table


@pytest.fixture
def table():
    return Table.new("t", [Column.new_doubles("x", [1.5, 0.1]), Column.new_texts("name", ["a", "=b"])])


def test_columns_and_rows(table):
    assert (table.get_name(), table.get_n_columns(), table.get_n_rows(), len(table)) == ("t", 2, 2, 2)
    assert table["x"].get_name() == table.get_column(0).get_name() == "x"
    assert table.lookup_column("y") is None and "y" not in table and "x" in table
    with pytest.raises(KeyError):
        table["y"]
    assert table[1] == table[-1] == {"x": 0.1, "name": "=b"}
    assert table[:1] == [{"x": 1.5, "name": "a"}]
    assert list(table) == table.to_dicts() == [{"x": 1.5, "name": "a"}, {"x": 0.1, "name": "=b"}]
    with pytest.raises(IndexError):
        table[2]


def test_unequal_or_repeated_columns_are_refused():
    with pytest.raises(GLib.Error, match="rows"):
        Table.new("t", [Column.new_doubles("x", [1]), Column.new_doubles("y", [1, 2])])
    with pytest.raises(GLib.Error):
        Table.new("t", [Column.new_doubles("x", [1]), Column.new_doubles("x", [1])])


def test_is_a_list_model_of_rows(table):
    assert isinstance(table, Gio.ListModel)
    assert Gio.ListModel.get_n_items(table) == 2
    row = Gio.ListModel.get_item(table, 1)
    assert (row.get_position(), row.get_table().get_name()) == (1, "t")
    assert (row.get_double("x"), row.dup_text("name"), row.is_null("x")) == (0.1, "=b", False)
    assert row["x"] == 0.1 and dict(row) == table[1]
    assert row.format("x") == "0.1"


def test_row_of_whole_numbers_and_booleans():
    table = valuechain.table({"n": [7], "is": [True]})
    row = Gio.ListModel.get_item(table, 0)
    assert row.get_int64("n") == 7 and row.get_boolean("is") is True


def test_text_fits_the_terminal(table):
    for line in table.to_text(20, 0).splitlines():
        assert len(line) <= 20
    assert repr(table).count("\n") >= 3 and "0.1" in repr(table)


class _Balance(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.cells = [], 0

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.cells += tag in ("td", "th")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_balanced_and_escaped():
    table = Table.new("t", [Column.new_texts("<b>", ["<script>alert(1)</script>", "x&y"])])
    page = table._repr_html_()
    assert page == table.to_html(20)
    assert "<script>" not in page and "&lt;script&gt;" in page and "x&amp;y" in page
    balance = _Balance()
    balance.feed(page)
    assert balance.open == [] and balance.cells >= 3


def test_csv_guards_formulas(table, tmp_path):
    assert "'=b" in table.to_csv() and "'=b" not in table.to_csv(guard_formulas=False)
    table.to_csv(tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().decode() == table.to_csv()


def test_json_numbers_read_back_to_the_same_bits():
    numbers = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 2.0**53 + 2, 123456789.125]
    stream = Gio.MemoryOutputStream.new_resizable()
    assert Table.new("t", [Column.new_doubles("x", numbers)]).write_json(stream, None)
    stream.close()
    rows = json.loads(stream.steal_as_bytes().get_data())
    assert [row["x"] for row in rows] == numbers


def test_repr_of_an_empty_table():
    table = Table.new("none", [Column.new_doubles("x", [])])
    assert list(table) == [] and repr(table) and bool(table)
