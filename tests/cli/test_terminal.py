# SPDX-License-Identifier: LGPL-2.1-or-later
"""Colour, progress and signals: on a terminal, and only there."""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios

import pytest

from conftest import PROGRAM, environment, run, write_company, company

ESCAPE = b"\033["


def on_terminal(*arguments, width=80, stdout=True, stderr=True, env=None):
    """What the program writes to a terminal that it has as standard output, standard error or both."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, env=env or environment(),
                               stdout=theirs if stdout else subprocess.DEVNULL,
                               stderr=theirs if stderr else subprocess.DEVNULL)
    os.close(theirs)
    shown = read_all(ours)
    os.close(ours)
    return process.wait(60), shown


def read_all(terminal):
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return shown
        if not piece:
            return shown
        shown += piece


def test_colour_on_a_terminal(chain):
    status, shown = on_terminal("score", chain)
    assert status == 0 and ESCAPE in shown


@pytest.mark.parametrize("changes, arguments, colour", [
    ({"NO_COLOR": "1"}, [], False),
    ({"NO_COLOR": ""}, [], True),
    ({"TERM": "dumb"}, [], False),
    ({}, ["--color", "never"], False),
    ({"NO_COLOR": "1"}, ["--color", "always"], True),
    ({}, ["--format", "json"], False),
    ({}, ["--format", "csv", "--measure", "alignment", "--table", "summary"], False),
])
def test_colour_is_decided(chain, changes, arguments, colour):
    status, shown = on_terminal("score", chain, *arguments, env=environment(**changes))
    assert status == 0 and (ESCAPE in shown) == colour


def test_no_colour_into_pipes_and_files_unless_asked(chain, tmp_path):
    assert ESCAPE not in run("score", chain).out
    assert ESCAPE in run("score", chain, "--color=always").out
    status, shown = on_terminal("score", chain, "--output", tmp_path / "out.txt")
    assert status == 0 and shown == b"" and ESCAPE not in (tmp_path / "out.txt").read_bytes()


def test_text_is_as_wide_as_the_terminal(chain):
    import re
    for width in (60, 200):
        _, shown = on_terminal("score", chain, width=width)
        lines = re.sub(rb"\033\[[0-9;]*[mK]", b"", shown).decode().splitlines()
        assert max(map(len, lines)) <= width
    assert max(map(len, lines)) > 80


def test_short_work_shows_no_bar(chain):
    status, shown = on_terminal("score", chain, stdout=False)
    assert status == 0 and shown == b""


class Blocked:
    """A run that cannot end, because nobody reads the pipe that it writes to; `terminal`: what is on its standard error."""

    def __init__(self, large, *arguments, env=None):
        self.reader, writer = os.pipe()
        self.terminal, theirs = pty.openpty()
        self.process = subprocess.Popen([PROGRAM, "score", str(large), "--format", "json", *map(str, arguments)],
                                        stdin=subprocess.DEVNULL, stdout=writer, stderr=theirs, env=env or environment())
        os.close(writer)
        os.close(theirs)
        select.select([self.reader], [], [], 60)

    def end(self, number):
        self.process.send_signal(number)
        status = self.process.wait(60)
        shown = read_all(self.terminal)
        os.close(self.terminal)
        os.close(self.reader)
        return status, shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_130(large, number):
    status, shown = Blocked(large, "--progress=never").end(number)
    assert status == 130 and ESCAPE not in shown and b"[" not in shown


def test_long_work_shows_a_bar_and_takes_it_away(large):
    blocked = Blocked(large)
    shown = b""
    while b"%" not in shown and select.select([blocked.terminal], [], [], 30)[0]:
        shown += os.read(blocked.terminal, 65536)
    status, rest = blocked.end(signal.SIGINT)
    assert status == 130 and b"\r[" in shown + rest and b"%" in shown + rest
    assert b"\r\033[K" in rest


@pytest.mark.parametrize("arguments, changes", [(["--quiet"], {}), (["--progress", "never"], {}), ([], {"TERM": "dumb"})])
def test_no_bar_where_none_is_wanted(large, arguments, changes):
    blocked = Blocked(large, *arguments, env=environment(**changes))
    quiet = not select.select([blocked.terminal], [], [], 2)[0]
    assert blocked.end(signal.SIGINT)[0] == 130 and quiet


def test_interrupted_or_not_nothing_is_half_written(tmp_path):
    """Wherever the signal comes: either all is there, or nothing is."""
    folder = write_company(tmp_path / "chain", *company(3000, 100000))
    whole = run("score", folder, "--format", "json")
    for delay in (0.0, 0.02, 0.05, 0.1, 0.2, 0.4):
        path = tmp_path / "out.json"
        process = subprocess.Popen([PROGRAM, "score", str(folder), "--format", "json", "--output", str(path)],
                                   stderr=subprocess.DEVNULL, env=environment())
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGTERM)
        status = process.wait(60)
        # A signal that comes before main() has its way.
        assert status in (0, 130, -signal.SIGTERM)
        assert path.exists() == (status == 0)
        if path.exists():
            assert path.read_bytes() == whole.out
            path.unlink()
        assert [p.name for p in tmp_path.iterdir()] == ["chain"]
