# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is behind the scores of a party, and in which formats."""
import csv
import io
import json

import pytest

from conftest import environment, run


def explanation(chain, party, *arguments):
    result = run("explain", chain, "alignment", party, "--format", "json", *arguments)
    assert result.status == 0, result.err
    return json.loads(result.out)["scores"]["alignment"]


def row_of_table(chain, party, *arguments):
    result = run("score", chain, "--table", "parties", "--format", "json", *arguments)
    rows = json.loads(result.out)["scores"]["alignment"]["tables"]["parties"]
    return next(row for row in rows if row["party"] == party)


def test_json_says_whom_it_is_about(chain):
    found = explanation(chain, "p7")
    assert list(found) == ["party", "options", "proof", "tables"] and found["party"] == "p7"
    assert list(found["tables"]) == ["summary", "paths"]
    assert list(found["tables"]["summary"][0]) == ["name", "value", "shown", "remainder", "unit", "n", "status"]
    assert list(found["tables"]["paths"][0]) == ["rank", "kind", "end", "hand_overs", "share", "effort", "path"]
    assert len(found["tables"]["paths"]) == found["options"]["paths"] == 10


@pytest.mark.parametrize("party, arguments", [("p7", []), ("u1", ["--group-by", "unit"]), ("p7", ["--window", "2025-01-01/2025-07-01"])])
def test_it_starts_from_the_scores_and_adds_up_to_them(chain, party, arguments):
    row, found = row_of_table(chain, party, *arguments), explanation(chain, party, *arguments)
    for figure in found["tables"]["summary"][:-1]:
        assert figure["value"] == row[figure["name"]]
        assert figure["shown"] + figure["remainder"] == pytest.approx(figure["value"], rel=1e-9, abs=1e-12)
    shown = sum(path["share"] for path in found["tables"]["paths"])
    assert found["tables"]["summary"][-1]["shown"] == pytest.approx(shown, rel=1e-12)


def test_more_paths_leave_less(chain):
    few, many = explanation(chain, "p7", "--option", "paths=3"), explanation(chain, "p7", "-O", "paths=500")
    assert many["tables"]["paths"][:3] == few["tables"]["paths"] and len(many["tables"]["paths"]) == 500
    assert 0 < many["tables"]["summary"][-1]["remainder"] < few["tables"]["summary"][-1]["remainder"]


def test_the_same_for_threads_row_orders_and_locales(chain, shuffled):
    expected = run("explain", chain, "alignment", "p7", "--format", "json", "--threads", 1)
    assert expected.status == 0
    assert run("explain", chain, "alignment", "p7", "-f", "json", "-j", 2).out == expected.out
    assert run("explain", shuffled, "alignment", "p7", "-f", "json").out == expected.out
    assert run("explain", chain, "alignment", "p7", "-f", "json", env=environment(LC_ALL="de_DE.UTF-8")).out == expected.out


def test_csv_is_one_table(chain):
    result = run("explain", chain, "alignment", "p7", "--table", "paths", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.out.decode(), newline="")))
    assert [row["path"] for row in rows] == [path["path"] for path in explanation(chain, "p7")["tables"]["paths"]]
    assert all(row["path"].startswith("p7") for row in rows)


def test_text_and_html_are_about_the_party(chain):
    text = run("explain", chain, "alignment", "p7").out.decode()
    assert "\nalignment: p7\n" in text and text.index("\nsummary\n") < text.index("\npaths\n")
    assert max(map(len, text.splitlines())) <= 80
    html = run("explain", chain, "alignment", "p7", "--format", "html").out.decode()
    assert "<h3>alignment: p7</h3>" in html and "p7 -&gt; " in html


def test_output_goes_to_a_file(chain, tmp_path):
    path = tmp_path / "why.json"
    assert run("explain", chain, "alignment", "p7", "-f", "json", "-o", path).out == b""
    assert json.loads(path.read_text())["scores"]["alignment"]["party"] == "p7"


def test_a_party_that_is_not_there_leaves_the_file(chain, tmp_path):
    path = tmp_path / "why.json"
    path.write_text("old")
    assert run("explain", chain, "alignment", "nobody", "--output", path).status == 2
    assert path.read_text() == "old"
