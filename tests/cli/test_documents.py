# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manual page and the completion know what --help knows."""
import pathlib
import re
import shlex
import subprocess

import pytest

from conftest import PROGRAM, SOURCE, environment, run

FOLDER = pathlib.Path(SOURCE) / "bindings" / "cli"
COMMANDS = ["score", "explain", "check", "import", "convert", "append", "kept", "measures"]


def options(*command):
    """Pairs of letter (or None) and name, as --help lists them."""
    found = re.findall(r"^  (?:-(\w), )?--([\w-]+)", run(*command, "--help").out.decode(), re.M)
    assert found
    return found


def complete(line):
    """What bash would offer at the end of `line`."""
    words = re.findall(r"=|[^\s=]+|(?<=\s)$", line)
    script = (f'source "{FOLDER}/valuechain.bash"; compopt () {{ :; }}\n'
              f'COMP_WORDS=({" ".join(repr(w) for w in words)}); COMP_CWORD={len(words) - 1}\n'
              '_valuechain; printf "%s\\n" "${COMPREPLY[@]}"')
    path = f"{pathlib.Path(PROGRAM).parent}:/usr/bin:/bin"
    done = subprocess.run(["bash", "-c", script], env=environment(PATH=path), capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return set(done.stdout.split())


def told():
    """The command lines of the guide and of README.md, as words."""
    for page in [*(pathlib.Path(SOURCE) / "doc").glob("*.md"), pathlib.Path(SOURCE) / "README.md"]:
        for block in re.findall(r"^```(?:sh|text)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            for line in re.findall(r"^(?:build/bindings/cli/)?valuechain ([a-z].*)$", block, re.M):
                yield shlex.split(line)


def test_the_guide_tells_commands_and_options_that_there_are():
    lines = list(told())
    assert len(lines) > 20
    for command, *rest in lines:
        known = {f"-{letter}" for letter, _ in options(command) if letter} | {f"--{name}" for _, name in options(command)}
        assert {word.split("=")[0] for word in rest if word.startswith("-")} <= known, (command, rest)


@pytest.mark.parametrize("command", [[], *[[c] for c in COMMANDS]], ids=str)
def test_completion_offers_every_option(command):
    assert complete(" ".join(["valuechain", *command, "--"])) == {f"--{name}" for _, name in options(*command)}


def test_completion_offers_commands_words_and_measures():
    assert complete("valuechain ") == set(COMMANDS)
    assert complete("valuechain s") == {"score"}
    assert complete("valuechain score --format ") == {"text", "json", "csv", "html"}
    assert complete("valuechain score --format=j") == {"json"}
    assert complete("valuechain score --format=") == {"text", "json", "csv", "html"}
    assert "alignment" in complete("valuechain score --measure ")
    assert "alignment" in complete("valuechain measures ")
    assert "alignment" in complete("valuechain explain company ")
    assert "alignment" not in complete("valuechain explain company alignment ")


def test_the_manual_has_every_option_and_no_other():
    page = (FOLDER / "valuechain.1").read_text().replace("\\-", "-").split("\n.SH OPTIONS\n")[1]
    documented = set(re.findall(r'^\.BR? (?:-(\w) ", " )?--([\w-]+)', page, re.M))
    known = {option for command in ([], *[[c] for c in COMMANDS]) for option in options(*command)}
    assert documented == known


def test_the_manual_has_every_command_and_status():
    page = (FOLDER / "valuechain.1").read_text()
    for command in COMMANDS:
        assert f"\n.B {command}\n" in page
    for status in (0, 1, 2, 3, 4, 130, 141):
        assert f"\n.TP\n.B {status}\n" in page


def test_the_manual_is_well_formed():
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", str(FOLDER / "valuechain.1")], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""
