# SPDX-License-Identifier: LGPL-2.1-or-later
"""None and NULL for each argument of each public function in turn: what may be null works, all else is an error that can be caught, and
nothing crashes (arguments.py, in a process of its own for each class)."""
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

PROGRAM = pathlib.Path(__file__).with_name("arguments.py")
CORE = "{http://www.gtk.org/introspection/core/1.0}"
GIR = ElementTree.parse(pathlib.Path(os.environ["VC_TEST_BUILD_DIR"]) / "lib" / "Valuechain-1.gir")
OWNERS = ["Namespace"] + [element.get("name") for element in GIR.iter(CORE + "class")]


@pytest.fixture
def run(tmp_path):
    """Runs the program where it may leave files."""
    return lambda language, owner: subprocess.run([sys.executable, PROGRAM, language, owner], capture_output=True, text=True, timeout=100, cwd=tmp_path)


@pytest.mark.parametrize("owner", OWNERS)
def test_none_from_python(run, owner):
    done = run("python", owner)
    # What PyGObject lets through is right: nothing critical is logged.
    assert done.returncode == 0 and re.fullmatch(r"\d+ calls\n", done.stdout) and "CRITICAL" not in done.stderr, done.stdout + done.stderr


@pytest.mark.parametrize("owner", OWNERS)
def test_null_from_c(run, owner):
    done = run("c", owner)
    assert done.returncode == 0 and re.fullmatch(r"\d+ calls\n", done.stdout), done.stdout + done.stderr
    # A mistake of the programmer is told and does nothing; a class whose pointers may all be NULL has none.
    calls = int(done.stdout.split()[0])
    assert "CRITICAL" in done.stderr or calls < 5, done.stderr
