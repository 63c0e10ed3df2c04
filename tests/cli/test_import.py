# SPDX-License-Identifier: LGPL-2.1-or-later
"""From an event log to a chain folder."""
import csv
import gzip
import json
import stat

import pytest

from conftest import run

LOG = """ticket,team,opened,caller
1,desk,01/02/2025 08:00,70
1,network,01/02/2025 09:00,70
1,network,01/02/2025 09:30,70
1,?,01/02/2025 10:00,70
1,desk,01/02/2025 11:00,70
2,70,02/02/2025 08:00,71
"""
COLUMNS = ["--case", "ticket", "--party", "team", "--time", "opened", "--customer", "caller",
           "--time-format", "%d/%m/%Y %H:%M", "--missing", "?"]


def flows(folder):
    totals = {}
    with open(folder / "flows.csv", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            pair = (row["from"], row["to"])
            totals[pair] = totals.get(pair, 0) + float(row.get("amount") or 1)
    return totals


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


def test_steps_become_flows(log, tmp_path):
    result = run("import", log, tmp_path / "out", *COLUMNS)
    assert result.status == 0, result.err
    assert result.out == b"" and result.err.startswith(b"events: 6 (")
    assert flows(tmp_path / "out") == {("desk", "network"): 1, ("network", "network"): 1, ("network", "desk"): 1,
                                       ("desk", "customer:70"): 1, ("70", "customer:71"): 1}
    assert run("score", tmp_path / "out").status == 0
    assert json.loads(run("score", tmp_path / "out", "-f", "json").out)["chain"]["customers"] == 2


def test_a_missing_party_may_break_the_case(log, tmp_path):
    assert run("import", log, tmp_path / "out", *COLUMNS, "--missing-policy", "break").status == 0
    assert ("network", "desk") not in flows(tmp_path / "out")


def test_a_missing_party_may_be_an_error(log, tmp_path):
    result = run("import", log, tmp_path / "out", *COLUMNS, "--missing-policy", "error")
    assert result.status == 3 and b"log.csv:5" in result.err
    assert not (tmp_path / "out").exists()


def test_gzip_and_delimiter(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(LOG.replace(",", ";").encode()))
    assert run("import", path, tmp_path / "out", *COLUMNS, "--delimiter", ";").status == 0
    assert len(flows(tmp_path / "out")) == 5


def test_quiet_says_nothing(log, tmp_path):
    assert run("import", log, tmp_path / "out", *COLUMNS, "--quiet").err == b""


def test_the_folder_is_private(log, tmp_path):
    assert run("import", log, tmp_path / "out", *COLUMNS).status == 0
    assert {stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "out").glob("*.csv")} == {0o600}


@pytest.mark.parametrize("line, place", [
    ("3,SECRET,someday,70", b"log.csv:8"),
    ("3,SECRET", b"log.csv:8"),
    ('3,"SECRET,01/02/2025 08:00,70', b"log.csv:8"),
])
def test_a_bad_log_leaves_no_folder(line, place, log, tmp_path):
    log.write_text(LOG + line + "\n")
    result = run("import", log, tmp_path / "out", *COLUMNS)
    assert result.status == 3 and place in result.err and b"SECRET" not in result.err
    assert not (tmp_path / "out").exists()


def test_columns_that_are_not_there(log, tmp_path):
    result = run("import", log, tmp_path / "out", "--case", "nothing", "--party", "team", "--time", "opened")
    assert result.status == 3 and not (tmp_path / "out").exists()
