# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the program computes, and in which formats."""
import csv
import io
import json
import os
import stat
import struct
import subprocess
from html.parser import HTMLParser

import pytest

from conftest import PROGRAM, environment, run, write


def bits(number):
    return struct.pack("<d", number)


def scores(folder, *arguments):
    result = run("score", folder, "--format", "json", *arguments)
    assert result.status == 0, result.err
    return json.loads(result.out)


def test_json_has_the_promised_shape(chain):
    document = scores(chain)
    assert list(document) == ["chain", "scores"]
    assert list(document["chain"]) == ["title", "currency", "effort_unit", "window", "parties", "customers", "flows", "receipts",
                                       "commitments", "digest"]
    assert document["chain"]["parties"] == 37 and document["chain"]["customers"] == 3
    assert document["chain"]["flows"] == 200 and document["chain"]["receipts"] == 6
    alignment = document["scores"]["alignment"]
    assert list(alignment) == ["options", "proof", "tables"]
    assert "threads" not in alignment["options"] and alignment["options"]["group-by"] == "none"
    assert {"summary", "parties", "sinks", "customers", "flows"} <= set(alignment["tables"])
    assert list(alignment["tables"]["summary"][0]) == ["name", "value", "unit", "low", "high", "n", "status"]


def test_json_numbers_are_those_of_the_library(chain):
    import gi
    try:
        gi.require_version("Valuechain", "1")
    except ValueError:
        pytest.skip("without introspection")
    from gi.repository import Valuechain

    document = scores(chain)["scores"]["alignment"]["tables"]
    loaded = Valuechain.Source.for_path(str(chain)).load(None, None)
    computed = Valuechain.Measure.for_name("alignment").run(loaded, None, None)
    n_doubles = 0
    for name in computed.list_tables():
        table = computed.get_table(name)
        assert table.get_n_rows() == len(document[name])
        for c in range(table.get_n_columns()):
            column = table.get_column(c)
            cells = [row[column.get_name()] for row in document[name]]
            assert [cell is None for cell in cells] == [column.is_null(i) for i in range(len(cells))]
            if column.get_column_type() != Valuechain.ColumnType.DOUBLE:
                continue
            for i, cell in enumerate(cells):
                if cell is not None:
                    assert bits(cell) == bits(column.get_double(i))
                    n_doubles += 1
    assert n_doubles > 300


def test_json_is_the_same_for_threads_row_orders_and_locales(chain, shuffled):
    expected = run("score", chain, "--format", "json", "--threads", 1)
    assert expected.status == 0
    for arguments in (["--threads", 2], ["--threads", 0], ["--option", "threads=2"], ["--color", "always"]):
        assert run("score", chain, "--format", "json", *arguments).out == expected.out
    assert run("score", shuffled, "--format", "json", "--threads", 2).out == expected.out
    for locale in ("C", "de_DE.UTF-8", "tr_TR.UTF-8", "nonsense"):
        assert run("score", chain, "--format", "json", env=environment(LC_ALL=locale)).out == expected.out
    assert run("score", chain, "--format", "json", env=environment(TZ="Asia/Tokyo")).out == expected.out


def test_csv_is_one_table_with_the_numbers_of_json(chain):
    result = run("score", chain, "--measure", "alignment", "--table", "parties", "--format", "csv")
    assert result.status == 0
    rows = list(csv.DictReader(io.StringIO(result.out.decode(), newline="")))
    expected = scores(chain)["scores"]["alignment"]["tables"]["parties"]
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected):
        assert list(row) == list(wanted)
        for name, value in wanted.items():
            if isinstance(value, float):
                assert bits(float(row[name])) == bits(value)
            elif value is None:
                assert row[name] == ""


def test_csv_says_of_which_measure_each_table_is(chain):
    result = run("score", chain, "--table", "summary", "--format", "csv")
    assert result.status == 2
    assert result.out == b""
    of_measures = result.err.decode().split("tables: ")[1].strip().split("; ")
    assert [names.split(" of ")[1] for names in of_measures] == ["alignment", "accountability"]
    assert all(names.startswith("summary, ") for names in of_measures)


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        if tag not in ("br", "hr", "img", "meta", "col", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_balanced(chain):
    result = run("score", chain, "--format", "html")
    assert result.status == 0
    parser = Balance()
    parser.feed(result.out.decode())
    assert parser.open == [] and {"table", "section", "caption", "details"} <= parser.seen and "script" not in parser.seen


def test_text_shows_the_summary_first_and_fits(chain):
    result = run("score", chain)
    assert result.status == 0
    text = result.out.decode()
    assert text.index("\nsummary\n") < text.index("\nparties\n")
    assert max(map(len, text.splitlines())) <= 80
    assert "reach" in text and "\033" not in text


def test_max_rows_bounds_text_only(chain):
    few, many = (run("score", chain, "--table", "parties", "--max-rows", n).out.count(b"\n") for n in (3, 0))
    assert few < many
    assert run("score", chain, "-f", "json", "-n", 1).out == run("score", chain, "-f", "json").out


def test_tables_are_chosen(chain):
    tables = scores(chain, "--table", "sinks", "-t", "summary")["scores"]["alignment"]["tables"]
    assert set(tables) == {"sinks", "summary"}


def test_measures_are_chosen(chain):
    assert list(scores(chain, "--measure", "alignment", "-m", "alignment")["scores"]) == ["alignment"]


def test_promises_as_they_stood(tmp_path):
    (tmp_path / "parties.csv").write_text("id,kind\na,person\nb,person\n", encoding="utf-8")
    (tmp_path / "commitments.csv").write_text("from,to,made,due,closed,state\na,b,2025-01-01,2025-01-05,2025-01-09,kept\n", encoding="utf-8")

    def outcome(*arguments):
        scores = json.loads(run("score", tmp_path, "-m", "accountability", "-f", "json", *arguments).out)["scores"]["accountability"]
        return [name for name, count in scores["proof"].items() if name.startswith("records_") and count]
    assert outcome() == ["records_late"]
    assert outcome("--at", "2025-01-03") == outcome("--option", "at=2025-01-03") == ["records_open"]
    assert outcome("--at=2025-01-06") == ["records_overdue"]
    failed = run("score", tmp_path, "-m", "accountability", "--at", "soon")
    assert failed.status != 0 and b"ISO 8601" in failed.err and b"soon" not in failed.err


def test_group_by_is_an_option(chain):
    grouped = run("score", chain, "-f", "json", "--group-by", "unit")
    assert grouped.status == 0
    assert grouped.out == run("score", chain, "-f", "json", "-O", "group-by=unit").out
    assert json.loads(grouped.out)["scores"]["alignment"]["options"]["group-by"] == "unit"
    assert grouped.out != run("score", chain, "-f", "json").out


def test_window(chain):
    whole, half = scores(chain)["chain"], scores(chain, "--window", "2025-01-01/2025-07-01")["chain"]
    assert whole["window"] is None
    assert half["window"] == {"start": "2025-01-01T00:00:00Z", "end": "2025-07-01T00:00:00Z"}
    assert 0 < half["flows"] < whole["flows"]


def test_a_chain_without_flows(tmp_path):
    write(tmp_path, "parties.csv", "id,kind", [("c", "customer"), ("a", "person")])
    document = scores(tmp_path)
    reach = next(r for r in document["scores"]["alignment"]["tables"]["summary"] if r["name"] == "reach")
    assert reach["value"] is None and reach["status"] != "OK"
    assert run("score", tmp_path).status == 0


def test_output_is_whole_private_and_the_same(chain, tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")
    path.chmod(0o644)
    old_umask = os.umask(0)
    try:
        result = run("score", chain, "--format", "json", "--output", path)
    finally:
        os.umask(old_umask)
    assert result.status == 0 and result.out == b""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == run("score", chain, "--format", "json").out


def test_output_stays_as_it_was_on_failure(chain, tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")
    assert run("score", chain, "--table", "nothing", "--output", path).status == 2
    write(chain, "flows.csv", "from,to", [("p0", "nobody")])
    assert run("score", chain, "--output", path).status == 3
    assert path.read_text() == "old" and sorted(p.name for p in tmp_path.iterdir()) == ["company", "out.json"]


def test_output_to_a_device_is_no_file(chain):
    assert run("score", chain, "--output", "/dev/null").status == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_check_is_0_for_what_is_odd_and_3_for_what_is_wrong(chain):
    fine = run("check", chain, "--format", "json")
    assert fine.status == 0 and all(row["severity"] != "error" for row in json.loads(fine.out))
    write(chain, "flows.csv", "from,to,amount", [("p0", "nobody", 1), ("p1", "c0", 2), ("p1", "nowhere", 2)])
    wrong = run("check", chain, "--format", "json")
    rows = json.loads(wrong.out)
    assert wrong.status == 3
    assert list(rows[0]) == ["severity", "file", "line", "field", "code", "count", "message"]
    assert any(row["severity"] == "error" and row["file"] == "flows.csv" for row in rows)
    for form in ("text", "csv", "html"):
        assert run("check", chain, "--format", form).status == 3
    lines = run("check", chain).out.decode().splitlines()
    assert lines[0].startswith("error: flows.csv:2: to: ") and lines[-1].startswith("2 errors, ")
    assert "\u2026" in run("check", chain, "--max-rows", 1).out.decode()


def test_contradictory_commitments_are_refused_or_left_out(chain):
    write(chain, "commitments.csv", "from,to,state,made,due,closed",
          [("p0", "p1", "kept", "2025-01-02", "2025-01-05", "2025-01-03"), ("p0", "p0", "open", "", "", ""),
           ("p0", "p2", "kept", "2025-01-02", "2025-01-05", "")])
    refused = run("check", chain)
    assert refused.status == 3 and run("score", chain).status == 3
    assert b"error: commitments.csv:3: to: " in refused.out and b"error: commitments.csv:4: closed: " in refused.out
    lenient = run("check", chain, "--lenient")
    assert lenient.status == 0 and b"warning: commitments.csv:3: to: " in lenient.out
    scored = run("score", chain, "--lenient", "--format", "json")
    assert scored.status == 0
    assert sorted(scored.err.decode().splitlines()) == [
        "commitments left out: 1 (kept and due, without a closing time)", "commitments left out: 1 (owed to oneself)"]
    assert run("score", chain, "--lenient", "--quiet").err == b""


def test_check_says_where_a_file_cannot_be_read(chain):
    write(chain, "flows.csv", "from,to,amount", [("p0", "c0", 1), ("p1", "c0", "much")])
    result = run("check", chain)
    assert result.status == 3 and b"flows.csv:3" in result.err and b"much" not in result.err


def test_nothing_in_a_file_steers_the_terminal(chain):
    write(chain, "flows.csv", "from,to,\033[31mred", [("p0", "c0", "1"), ("\033[2Jp", "c0", "1")])
    for command in ("check", "score"):
        result = run(command, chain)
        assert b"\033" not in result.out + result.err


def test_measures_are_listed(chain):
    rows = json.loads(run("measures", "--format", "json").out)
    assert [row["name"] for row in rows] == list(scores(chain)["scores"])
    assert all("group-by" in row["options"] for row in rows if row["name"] == "alignment")
    assert b"alignment" in run("measures").out


@pytest.mark.parametrize("form", ["text", "json", "csv", "html"])
def test_options_are_listed(form):
    result = run("measures", "alignment", "--format", form)
    assert result.status == 0 and b"group-by" in result.out


def test_options_are_described():
    for row in json.loads(run("measures", "alignment", "--format", "json").out):
        assert row["type"] and row["default"] is not None and row["description"], row


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_path_in_any_characters(chain, locale):
    path = chain.rename(chain.with_name("Größe =1"))
    assert run("score", path, env=environment(LC_ALL=locale)).status == 0


def test_a_reader_that_goes_away_is_no_fuss(large):
    for arguments in (["score", large, "--format", "json"], ["score", large, "--max-rows", "0"], ["--help"]):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([PROGRAM, *map(str, arguments)], stdout=writer, stderr=subprocess.PIPE, env=environment())
        os.close(writer)
        assert done.stderr == b"" and done.returncode == 141
