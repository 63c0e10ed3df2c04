# SPDX-License-Identifier: LGPL-2.1-or-later
"""From an event log to a chain folder."""
import csv
import gzip
import json
import os
import signal
import stat

import pytest

from conftest import environment, run

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


TICKETS = """ticket,team,changed,caller,opened,solved,in_time
1,desk,2025-02-01,70,2025-01-31,2025-02-02,false
2,net,2025-02-01,71,2025-01-31,2025-02-01,true
2,net,2025-02-02,71,2025-01-31,,true
3,,2025-02-02,71,2025-01-31,,false
"""
MAPPING = """[log]
case = ticket
party = team
time = changed
customer = caller
made = opened
kept = in_time
"""


def commitments(folder):
    with open(folder / "commitments.csv", encoding="utf-8", newline="") as lines:
        return [(row["from"], row["to"], row["state"], row["closed"], row["id"]) for row in csv.DictReader(lines)]


def test_tickets_are_promises_and_flags_win_over_the_mapping(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "map.ini").write_text(MAPPING + "closed = changed\n")
    result = run("import", tmp_path / "tickets.csv", tmp_path / "out", "--mapping", tmp_path / "map.ini", "--closed", "solved")
    assert result.status == 0, result.err
    assert sorted(commitments(tmp_path / "out")) == [("desk", "customer:70", "late", "2025-02-02T00:00:00Z", "1"),
                                                     ("net", "customer:71", "kept", "2025-02-01T00:00:00Z", "2")]
    assert b"cases without commitment: 1" in result.err
    options = ["--mapping", tmp_path / "map.ini", "--closed", "solved", "--unknown", "nobody"]
    assert run("import", tmp_path / "tickets.csv", tmp_path / "all", *options).status == 0
    assert ("nobody", "customer:71", "broken", "", "3") in commitments(tmp_path / "all")
    assert run("check", tmp_path / "all").status == 0


def test_a_log_with_a_mapping_is_scored_and_checked_at_once(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "map.ini").write_text(MAPPING)
    arguments = [tmp_path / "tickets.csv", "--mapping", tmp_path / "map.ini", "--format", "json"]
    assert run("import", *arguments[:3], tmp_path / "out").status == 0
    scored = run("score", *arguments)
    assert scored.status == 0 and scored.out == run("score", tmp_path / "out", "--format", "json").out
    assert run("check", *arguments).status == 0
    (tmp_path / "map.ini").write_text("[log]\ncase = ticket\n")
    assert b"no party-column is given" in run("score", *arguments).err
    (tmp_path / "map.ini").unlink()
    assert run("score", *arguments).status == 1


@pytest.mark.parametrize("mapping, status, message", [
    ("[log]\ncase = SECRET\n", 3, b"no party-column is given"),
    ("[log]\nSECRET\n", 3, b"map.ini:2: this is no line of a key file"),
    (MAPPING + "cash = SECRET\n", 3, b"map.ini:8: cash: is no key of a mapping"),
    (None, 1, b"map.ini"),
])
def test_a_mapping_that_is_wrong(mapping, status, message, tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS)
    if mapping is not None:
        (tmp_path / "map.ini").write_text(mapping)
    result = run("import", tmp_path / "tickets.csv", tmp_path / "out", "--mapping", tmp_path / "map.ini")
    assert result.status == status and message in result.err and b"SECRET" not in result.err
    assert not (tmp_path / "out").exists()


def test_contradictions_in_a_log_are_left_out_if_asked(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS.replace("2025-02-02,false", "2025-01-01,false"))
    (tmp_path / "map.ini").write_text(MAPPING + "closed = solved\n")
    arguments = ["import", tmp_path / "tickets.csv", tmp_path / "out", "--mapping", tmp_path / "map.ini"]
    refused = run(*arguments)
    assert refused.status == 3 and b"tickets.csv:2: field closed: is before" in refused.err
    lenient = run(*arguments, "--lenient")
    assert lenient.status == 0 and b"commitments left out: 1 (closed before they were made)" in lenient.err
    assert len(commitments(tmp_path / "out")) == 1


XES = """<log><trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="a"/><string key="org:resource" value="desk"/><date key="time:timestamp" value="2025-01-01T08:00:00Z"/></event>
<event><string key="concept:name" value="b"/><string key="org:resource" value="net"/><date key="time:timestamp" value="2025-01-01T09:00:00Z"/></event>
<event><string key="concept:name" value="c"/><string key="org:resource" value="desk"/><date key="time:timestamp" value="2025-01-01T10:00:00Z"/></event>
</trace></log>"""


def test_a_log_of_a_standard_needs_no_columns(tmp_path):
    log = tmp_path / "log"
    log.write_text(XES)
    assert run("import", log, tmp_path / "out", "--relations", tmp_path / "relations.csv").status == 0
    assert flows(tmp_path / "out") == {("desk", "net"): 1, ("net", "desk"): 1}
    assert (tmp_path / "relations.csv").read_text().splitlines() == [
        "relation,from,to,count,of,share,cases,of_cases,case_share",
        "hand-over,desk,net,1,2,0.5,1,1,1", "hand-over,net,desk,1,2,0.5,1,1,1",
        "subcontracting,desk,net,1,1,1,1,1,1", "working-together,desk,net,1,1,1,1,1,1"]
    assert stat.S_IMODE((tmp_path / "relations.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize("before", [None, "old"])
@pytest.mark.parametrize("chain", ["taken", "taken.vchain", "no/where"])
def test_relations_are_not_left_where_the_chain_cannot_be_saved(chain, before, tmp_path):
    (tmp_path / "log").write_text(XES)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.tex").write_text("mine")
    (tmp_path / "taken.vchain").write_text("mine")
    relations = tmp_path / "relations.csv"
    if before:
        relations.write_text(before)
        inode = relations.stat().st_ino
    names = sorted(tmp_path.iterdir())
    assert run("import", tmp_path / "log", tmp_path / chain, "--relations", relations).status == 1
    assert sorted(tmp_path.iterdir()) == names
    assert not before or (relations.read_text(), relations.stat().st_ino) == (before, inode)


# The last name can be written beside, and not be given.
@pytest.mark.parametrize("relations", ["no/where.csv", "folder", "x" * 256])
def test_no_chain_is_saved_where_its_relations_cannot_be_written(relations, tmp_path):
    (tmp_path / "log").write_text(XES)
    (tmp_path / "folder").mkdir()
    names = sorted(tmp_path.iterdir())
    for out in ("x", "x.vchain"):
        assert run("import", tmp_path / "log", tmp_path / out, "--relations", tmp_path / relations).status == 1
    assert sorted(tmp_path.iterdir()) == names
    assert list((tmp_path / "folder").iterdir()) == []


def run_with_faults(tmp_path, **faults):
    """The table stands there already, the chain does not. LD_PRELOAD takes no path with a space."""
    if "VC_TEST_FAULTS" not in os.environ:
        pytest.skip("the sanitizers come first")
    folder, name = os.path.split(os.environ["VC_TEST_FAULTS"])
    (tmp_path / "log").write_text(XES)
    (tmp_path / "relations.csv").write_text("old")
    result = run("import", tmp_path / "log", tmp_path / "x.vchain", "--relations", tmp_path / "relations.csv",
                 env=environment(LD_PRELOAD=name, LD_LIBRARY_PATH=f"{folder}:{os.environ['LD_LIBRARY_PATH']}", **faults))
    return result, sorted(path.name for path in tmp_path.iterdir())


def test_killed_before_the_relations_get_their_place_the_chain_is_there(tmp_path):
    result, names = run_with_faults(tmp_path, VC_TEST_KILL="rename")
    assert result.status == -signal.SIGKILL
    assert names[0].startswith(".valuechain-") and names[1:] == ["log", "relations.csv", "x.vchain"]
    assert (tmp_path / "relations.csv").read_text() == "old"
    assert (tmp_path / names[0]).read_text().startswith("relation,from,to")
    assert run("check", tmp_path / "x.vchain").status == 0


def test_relations_that_do_not_get_their_place_are_said_to_be_beside_it(tmp_path):
    result, names = run_with_faults(tmp_path, VC_TEST_FAIL="rename")
    assert result.status == 1 and names[0].encode() in result.err and b"the chain is in place" in result.err
    assert (tmp_path / names[0]).read_text().startswith("relation,from,to")
    assert (tmp_path / "relations.csv").read_text() == "old" and run("check", tmp_path / "x.vchain").status == 0


def test_relations_go_with_a_chain_that_may_not_survive(tmp_path):
    result, names = run_with_faults(tmp_path, VC_TEST_FAIL="fsync renameat")
    assert result.status == 1 and b"power cut" in result.err
    assert names == ["log", "relations.csv", "x.vchain"]
    assert (tmp_path / "relations.csv").read_text().startswith("relation,from,to")


@pytest.mark.parametrize("out", ["x.vchain", "here/x.vchain"])
def test_relations_and_chain_are_two_files(out, tmp_path):
    (tmp_path / "log").write_text(XES)
    (tmp_path / "here").symlink_to(".")
    result = run("import", tmp_path / "log", tmp_path / out, "--relations", tmp_path / "x.vchain")
    assert result.status == 2 and b"same file" in result.err
    assert not (tmp_path / "x.vchain").exists()


def test_relations_are_replaced(tmp_path):
    (tmp_path / "log").write_text(XES)
    (tmp_path / "relations.csv").write_text("old")
    assert run("import", tmp_path / "log", tmp_path / "x.vchain", "--relations", tmp_path / "relations.csv").status == 0
    assert (tmp_path / "relations.csv").read_text().startswith("relation,from,to")
    assert {path.name for path in tmp_path.iterdir()} == {"log", "relations.csv", "x.vchain"}
    result = run("import", tmp_path / "log", tmp_path / "y.vchain", "--relations", "/dev/stdout")
    assert result.status == 0 and result.out == (tmp_path / "relations.csv").read_bytes()


@pytest.mark.parametrize("options, expected", [
    (["--weight", "case"], {("desk", "net"): 1, ("net", "desk"): 1}),
    (["--weight", "decay=0.25"], {("desk", "net"): 1, ("net", "desk"): 1, ("desk", "desk"): 0.25}),
    (["--causal"], {("desk", "net"): 1, ("net", "desk"): 1}),
    (["--activity", "org:resource", "--causal"], {}),
])
def test_how_work_is_read(options, expected, tmp_path):
    (tmp_path / "log").write_text(XES)
    assert run("import", tmp_path / "log", tmp_path / "out", *options).status == 0
    assert (flows(tmp_path / "out") if (tmp_path / "out" / "flows.csv").exists() else {}) == expected


@pytest.mark.parametrize("weight", ["heavy", "decay", "decay=", "decay=2", "decay=0.5x", "count=1", "decay=nan", ""])
def test_a_weight_that_is_none(weight, tmp_path):
    (tmp_path / "log").write_text(XES)
    result = run("import", tmp_path / "log", tmp_path / "out", "--weight", weight)
    assert result.status == 2 and b"--weight" in result.err
