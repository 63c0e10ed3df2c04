# SPDX-License-Identifier: LGPL-2.1-or-later
"""One file to keep: from a folder, from a log, and as Python's own sqlite3 reads it."""
import csv
import datetime
import json
import pathlib
import re
import sqlite3
import stat

import pytest

from conftest import SOURCE, run

KINDS = ("parties", "flows", "receipts")


def rows_of(folder, kind):
    with open(folder / f"{kind}.csv", encoding="utf-8", newline="") as lines:
        return sorted(tuple(row.values()) for row in csv.DictReader(lines))


@pytest.fixture
def file(chain, tmp_path):
    result = run("convert", chain, tmp_path / "company.vchain")
    assert (result.status, result.out, result.err) == (0, b"", b"")
    return tmp_path / "company.vchain"


def test_there_and_back(chain, file, tmp_path):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run("convert", file, tmp_path / "folder").status == 0
    assert run("convert", chain, tmp_path / "again").status == 0
    for kind in KINDS:
        assert (tmp_path / "folder" / f"{kind}.csv").read_bytes() == (tmp_path / "again" / f"{kind}.csv").read_bytes()


def test_by_way_of_arrow(chain, file, tmp_path):
    assert run("convert", chain, tmp_path / "x.arrows").status == 0
    assert {path.name for path in (tmp_path / "x.arrows").iterdir()} == {"datapackage.json", *(f"{kind}.arrow" for kind in KINDS)}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (tmp_path / "x.arrows").iterdir())
    assert run("score", tmp_path / "x.arrows", "-f", "json").out == run("score", chain, "-f", "json").out
    assert run("convert", tmp_path / "x.arrows", tmp_path / "y.vchain").status == 0
    assert run("convert", tmp_path / "y.vchain", tmp_path / "folder").status == 0
    assert run("convert", chain, tmp_path / "again").status == 0
    for kind in KINDS:
        assert (tmp_path / "folder" / f"{kind}.csv").read_bytes() == (tmp_path / "again" / f"{kind}.csv").read_bytes()
    (tmp_path / "x.arrows" / "flows.arrow").write_bytes(b"ARROW1 no more")
    result = run("check", tmp_path / "x.arrows")
    assert result.status != 0 and b"flows.arrow" in result.out + result.err


def test_a_file_is_as_good_as_a_folder(chain, file):
    assert run("score", file, "-f", "json").out == run("score", chain, "-f", "json").out
    assert run("explain", file, "alignment", "p1", "-f", "json").out == run("explain", chain, "alignment", "p1", "-f", "json").out
    assert run("check", file).status == run("check", chain).status == 0


def test_import_writes_one(tmp_path):
    (tmp_path / "log.csv").write_text("case,who,when\n1,a,2025-01-01\n1,b,2025-01-02\n")
    columns = ["--case", "case", "--party", "who", "--time", "when"]
    assert run("import", tmp_path / "log.csv", tmp_path / "x.vchain", *columns).status == 0
    with sqlite3.connect(tmp_path / "x.vchain") as database:
        assert database.execute('SELECT "from", "to", kind, amount FROM flows').fetchall() == [("a", "b", "work", 1.0)]


def test_a_new_period_is_appended(tmp_path):
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "parties.csv").write_text("id,kind\na,unit\nb,customer\n")
        (folder / "flows.csv").write_text(f"from,to,at\na,b,2025-01-0{number}\n")
    assert run("convert", tmp_path / "1", tmp_path / "x.vchain").status == 0
    result = run("append", tmp_path / "2", tmp_path / "x.vchain")
    assert (result.status, result.out, result.err) == (0, b"", b"")
    with sqlite3.connect(tmp_path / "x.vchain") as database:
        assert database.execute("SELECT substr (at, 1, 10) FROM flows ORDER BY 1").fetchall() == [("2025-01-01",), ("2025-01-02",)]
    result = run("append", tmp_path / "2", tmp_path / "x.vchain")
    assert result.status == 3 and b"flows, row 1: stands in the file already" in result.err
    assert run("append", tmp_path / "2", tmp_path / "nowhere.vchain").status == 1


def test_what_is_no_chain_is_left_alone(chain, tmp_path):
    (tmp_path / "thesis.vchain").write_text("mine")
    result = run("convert", chain, tmp_path / "thesis.vchain")
    assert result.status == 1 and (tmp_path / "thesis.vchain").read_text() == "mine"
    assert run("convert", tmp_path / "thesis.vchain", tmp_path / "x").status == 3


def test_a_damaged_file_is_bad_input(file):
    content = bytearray(file.read_bytes())
    content[4096:8192] = bytes(4096)
    file.write_bytes(content)
    result = run("score", file)
    assert result.status == 3 and b"company.vchain: the database is damaged" in result.err


def documented():
    """Each table of the page, without comments and white space."""
    text = pathlib.Path(SOURCE, "doc", "chain-file.md").read_text(encoding="utf-8")
    sql = re.sub(r" *--.*", "", "".join(re.findall(r"```sql\n(.*?)```", text, re.DOTALL)))
    return {re.match(r"CREATE TABLE (\w+)", one.strip()).group(1): squeezed(one) for one in sql.split(";") if one.strip()}


def squeezed(sql):
    return re.sub(r"\s+", " ", sql.replace('"', "")).strip()


def test_the_schema_is_as_documented(chain, tmp_path):
    # The company's parties have no attributes, which would be columns more.
    for kind in KINDS:
        assert "attribute_" not in (chain / f"{kind}.csv").read_text()
    assert run("convert", chain, tmp_path / "x.vchain").status == 0
    with sqlite3.connect(tmp_path / "x.vchain") as database:
        tables = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        wanted = documented()
        assert {name: squeezed(sql) for name, sql in tables} == {k: v for k, v in wanted.items() if not k.startswith("score")}
        assert database.execute("PRAGMA application_id").fetchone() == (0x5643686E,)
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_questions_of_the_page_have_answers(file):
    text = pathlib.Path(SOURCE, "doc", "chain-file.md").read_text(encoding="utf-8")
    questions = re.findall(r"^sqlite3 -header \S+ '(.*)'$", text, re.M)
    assert len(questions) == 2
    assert run("score", file, "--save").status == 0
    with sqlite3.connect(file) as database:
        for question in questions:
            assert database.execute(question).fetchall()


def test_another_reader_finds_the_same_rows(chain, file):
    """The views against the folder, cell by cell."""
    with sqlite3.connect(file) as database:
        for kind in KINDS:
            with open(chain / f"{kind}.csv", encoding="utf-8", newline="") as lines:
                wanted = list(csv.DictReader(lines))
            names = ", ".join(f'"{name}"' for name in wanted[0])
            found = database.execute(f"SELECT {names} FROM {kind}").fetchall()
            assert sorted(map(comparable, found)) == sorted(comparable(row.values()) for row in wanted)


def comparable(row):
    """Numbers as numbers, times to the second, nothing as an empty text."""
    cells = []
    for cell in row:
        text = "" if cell is None else str(cell)
        time = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.0*)?Z)?", text)
        if time:
            cells.append(f"{time.group(1)}T{time.group(2) or '00:00:00'}")
        elif re.fullmatch(r"[0-9.e+-]+", text):
            cells.append(repr(float(text)))
        else:
            cells.append(text)
    return tuple(cells)


def test_times_before_1970_and_fractions_are_shown(tmp_path):
    folder = tmp_path / "chain"
    folder.mkdir()
    (folder / "parties.csv").write_text("id,kind\na,unit\nb,customer\n")
    (folder / "flows.csv").write_text("from,to,at\na,b,1969-12-31T23:59:59.25Z\na,b,0001-01-01\na,b,9999-12-31T23:59:59.999999Z\n")
    assert run("convert", folder, tmp_path / "x.vchain").status == 0
    with sqlite3.connect(tmp_path / "x.vchain") as database:
        assert database.execute("SELECT at FROM flows ORDER BY flow").fetchall() == [
            ("0001-01-01T00:00:00.000000Z",), ("1969-12-31T23:59:59.250000Z",), ("9999-12-31T23:59:59.999999Z",)]


def test_scores_are_kept_as_documented(chain, file):
    shown = run("score", file, "--save", "-f", "json")
    assert shown.status == 0, shown.err
    with sqlite3.connect(file) as database:
        tables = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {name: squeezed(sql) for name, sql in tables if not re.fullmatch(r"score_\d+", name)}
        assert found == documented()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run("score", chain, "-f", "json").out == shown.out
    assert run("kept", file, "-m", "alignment", "-m", "accountability", "-f", "json").out == shown.out


def test_another_reader_finds_the_same_scores(file):
    """Every table of every measure, cell by cell, and what made them."""
    scores = json.loads(run("score", file, "--save", "-f", "json").out)["scores"]
    kept = list(csv.DictReader(run("kept", file, "-f", "csv").out.decode().splitlines()))
    assert [(row["measure"], row["of_chain"]) for row in kept] == [(name, "true") for name in scores]
    with sqlite3.connect(file) as database:
        database.row_factory = sqlite3.Row
        for measure, wanted in scores.items():
            row = database.execute("SELECT * FROM scores WHERE measure = ?", (measure,)).fetchone()
            assert (json.loads(row["options"]), json.loads(row["proof"])) == (wanted["options"], wanted["proof"])
            assert row["digest"] == next(line["digest"] for line in kept if line["measure"] == measure)
            assert row["library"].startswith("libvaluechain ")
            for table, rows in wanted["tables"].items():
                found = [dict(row) for row in database.execute(f'SELECT * FROM "{measure}_{table}"')]
                key = next((name for name in found[0] if re.fullmatch(r"score_\d+", name)), None) if found else None
                assert len(found) == len(rows)
                for number, (one, other) in enumerate(zip(found, rows), 1):
                    assert one.pop(key) == number
                    assert list(map(same_kind, one.values())) == [same_kind(other[name]) for name in other]


def same_kind(cell):
    """Booleans are 0 and 1, and times microseconds, in the file."""
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", cell):
        moment = datetime.datetime.fromisoformat(cell.replace("Z", "+00:00"))
        return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)
    return cell


def test_scores_of_an_older_chain_are_not_shown(tmp_path):
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "parties.csv").write_text("id,kind\na,unit\nb,customer\n")
        (folder / "flows.csv").write_text(f"from,to,at\na,b,2025-01-0{number}\n")
    file = tmp_path / "x.vchain"
    assert run("convert", tmp_path / "1", file).status == 0
    assert run("score", file, "--save", "-m", "alignment", "--window", "/2025-01-02").status == 0
    assert run("kept", file, "-m", "alignment").status == 3
    assert run("kept", file, "-m", "alignment", "--window", "/2025-01-02").status == 0
    assert run("score", file, "--save", "-m", "alignment").status == 0
    assert run("append", tmp_path / "2", file).status == 0
    result = run("kept", file, "-m", "alignment")
    assert result.status == 3 and b"it has changed since" in result.err
    assert run("kept", file, "-f", "csv").out.count(b"false") == 2


def test_scores_are_kept_in_chain_files_alone(chain):
    result = run("score", chain, "--save")
    assert result.status != 0 and result.out == b""
