#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs an example in the source tree and compares what it prints: run-example.py EXPECTED COMMAND..."""
import difflib
import os
import pathlib
import subprocess
import sys


def main(expected, *command):
    # Meson names programs that it built by their place in the build folder.
    command = [os.path.abspath(word) if os.path.isfile(word) else word for word in command]
    run = subprocess.run(command, cwd=os.environ["VC_TEST_SOURCE_DIR"], stdout=subprocess.PIPE, text=True, check=False)
    wanted = pathlib.Path(expected).read_text(encoding="utf-8")
    sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), run.stdout.splitlines(True), "expected", "printed"))
    return run.returncode or run.stdout != wanted


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
