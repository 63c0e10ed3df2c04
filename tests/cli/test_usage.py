# SPDX-License-Identifier: LGPL-2.1-or-later
"""Help, version, exit statuses and messages."""
import os
import subprocess

import pytest

from conftest import PROGRAM, environment, run, write

COMMANDS = ["score", "explain", "check", "import", "measures"]


def test_version():
    result = run("--version")
    assert result.status == 0 and result.err == b""
    assert result.out.startswith(b"valuechain ") and result.out.count(b".") == 2


def test_help_names_each_command():
    result = run("--help")
    assert result.status == 0 and result.err == b""
    for command in COMMANDS:
        assert f"  {command}".encode() in result.out


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_of_a_command_has_an_example(command, flag):
    result = run(command, flag)
    assert result.status == 0 and result.err == b""
    assert f"Usage:\n  valuechain {command} ".encode() in result.out
    assert f"Example:\n  valuechain {command} ".encode() in result.out


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_terminal(command):
    text = run(*command.split(), "--help").out.decode()
    assert max(map(len, text.splitlines())) <= 90


USAGE = [
    [], ["frobnicate"], ["--frobnicate"], ["score"], ["score", "a", "b"], ["check"], ["import", "x"], ["measures", "a", "b"],
    ["score", "{chain}", "--frobnicate"],
    ["score", "{chain}", "--format", "xml"],
    ["score", "{chain}", "--measure", "astrology"],
    ["score", "{chain}", "--table", "nothing"],
    ["score", "{chain}", "--option", "nothing=1"],
    ["score", "{chain}", "--option", "group-by"],
    ["score", "{chain}", "--option", "group-by=moon"],
    ["score", "{chain}", "--group-by", "moon"],
    ["score", "{chain}", "--threads", "-1"],
    ["score", "{chain}", "--threads", "many"],
    ["score", "{chain}", "--max-rows", "-1"],
    ["score", "{chain}", "--max-rows", "1e3"],
    ["score", "{chain}", "--color", "pink"],
    ["score", "{chain}", "--progress", "always"],
    ["score", "{chain}", "--window", "yesterday"],
    ["score", "{chain}", "--window", "2026-01-01/2025-01-01"],
    ["score", "{chain}", "--format", "csv"],
    ["explain", "{chain}"], ["explain", "{chain}", "alignment"], ["explain", "{chain}", "alignment", "p1", "p2"],
    ["explain", "{chain}", "astrology", "p1"],
    ["explain", "{chain}", "alignment", "nobody"],
    ["explain", "{chain}", "alignment", "c0"],
    ["explain", "{chain}", "alignment", "p1", "--measure", "alignment"],
    ["explain", "{chain}", "alignment", "p1", "--option", "paths=0"],
    ["explain", "{chain}", "alignment", "p1", "--table", "parties"],
    ["explain", "{chain}", "alignment", "p1", "--format", "csv"],
    ["explain", "{chain}", "alignment", "p1", "--group-by", "unit"],
    ["measures", "astrology"],
    ["import", "{chain}/flows.csv", "out", "--party", "p", "--time", "t"],
    ["import", "log.csv", "out", "--case", "c", "--party", "p", "--time", "t", "--missing-policy", "guess"],
    ["import", "log.csv", "out", "--case", "c", "--party", "p", "--time", "t", "--delimiter", ";;"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage_is_2(arguments, chain):
    result = run(*(a.format(chain=chain) for a in arguments))
    assert result.status == 2, result.err
    assert result.out == b""
    assert result.err.startswith(b"valuechain: ") and result.err.endswith(b"\n")


@pytest.mark.parametrize("arguments, there", [
    (["frobnicate"], "score, explain, check, import, convert, append, kept, measures"),
    (["score", "{chain}", "--measure", "astrology"], "alignment"),
    (["score", "{chain}", "--table", "nothing"], "parties"),
    (["score", "{chain}", "--option", "nothing=1"], "group-by"),
    (["score", "{chain}", "--option", "group-by=moon"], "none, unit"),
    (["score", "{chain}", "--format", "xml"], "text, json, csv, html"),
    (["explain", "{chain}", "alignment", "nobody"], "no party with the id \"nobody\""),
    (["explain", "{chain}", "alignment", "p1", "--table", "parties"], "summary, paths"),
])
def test_what_is_not_there_says_what_is(arguments, there, chain):
    assert there in run(*(a.format(chain=chain) for a in arguments)).err.decode()


def test_arguments_that_are_no_text(chain):
    for arguments in ([b"\xff\xfe"], [b"score", b"\xff\xfe"], [b"score", os.fsencode(chain), b"--table", b"\xff"]):
        done = subprocess.run([os.fsencode(PROGRAM), *arguments], env=environment(), capture_output=True, timeout=60)
        assert done.returncode in (1, 2, 3) and done.stderr.startswith(b"valuechain: ")


def test_a_chain_that_is_not_there_is_no_success(tmp_path):
    for command in ("score", "check"):
        result = run(command, tmp_path / "nowhere")
        assert result.status in (1, 3) and result.out == b"" and b"nowhere" in result.err


def test_a_file_that_may_be_an_event_log(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("case,party,time\n")
    for command in ("score", "check"):
        result = run(command, log)
        assert result.status == 3 and b"log.csv" in result.err and b"valuechain import" in result.err


HOSTILE = {
    "no parties": ("flows.csv", b"from,to\na,b\n", "parties.csv"),
    "empty": ("parties.csv", b"", "parties.csv"),
    "binary": ("parties.csv", bytes(range(256)) * 64, "parties.csv"),
    "nul": ("parties.csv", b"id,kind\nSECRET\0,person\n", "parties.csv:2"),
    "encoding": ("parties.csv", b"id,kind\nSECRET\xff,person\n", "parties.csv:2"),
    "quote": ("parties.csv", b'id,kind\na,person\n"SECRET,person\n', "parties.csv:3"),
    "kind": ("parties.csv", b"id,kind\na,SECRET\n", "parties.csv:2: field kind: "),
    "number": ("parties.csv", b"id,kind,effort\na,person,1\nb,person,SECRET\n", "parties.csv:3"),
    "infinite": ("parties.csv", b"id,kind,effort\na,person,1e999\n", "parties.csv:2"),
    "twice": ("parties.csv", b"id,kind\nSECRET,person\nSECRET,person\n", "parties.csv:3"),
    "reference": ("parties.csv", b"id,kind,unit\na,person,SECRET\n", "parties.csv:2"),
    "fields": ("parties.csv", b"id,kind\na,person\nb\n", "parties.csv:3"),
    "header": ("parties.csv", b"id,name\na,b\n", "parties.csv:1"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_bad_data_is_3_with_its_place_and_without_its_content(case, tmp_path):
    name, content, place = HOSTILE[case]
    (tmp_path / name).write_bytes(content)
    result = run("score", tmp_path)
    assert result.status == 3, result.err
    assert result.out == b""
    assert place in result.err.decode() and b"SECRET" not in result.err


def test_a_file_gone_bad_in_the_middle(chain):
    write(chain, "flows.csv", "from,to,amount", [("p0", "p1", 1), ("p1", "c0", "SECRET"), ("p1", "c0", 1)])
    result = run("score", chain)
    assert result.status == 3 and b"flows.csv:3" in result.err and b"amount" in result.err and b"SECRET" not in result.err


def test_output_that_cannot_be_written_is_1(chain):
    with open("/dev/full", "wb") as full:
        for arguments in (["score", chain, "--format", "json"], ["--help"], ["--version"], ["measures"], ["check", chain]):
            done = subprocess.run([PROGRAM, *map(str, arguments)], env=environment(), stdout=full, stderr=subprocess.PIPE)
            assert done.returncode == 1 and b"valuechain: " in done.stderr, arguments
    assert run("score", chain, "--output", "/dev/full").status == 1
    assert run("score", chain, "--output", chain / "no" / "such" / "folder").status == 1
    assert run("score", chain, "--output", chain).status == 1
    assert not list(chain.glob(".valuechain*"))
