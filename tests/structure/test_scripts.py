# SPDX-License-Identifier: LGPL-2.1-or-later
"""What examples/run and tests/run do where they lack something or end early, with stand-ins for what only root may do."""
import os
import shutil
import subprocess

import pytest

import tree

TOOLS = ("cat", "env", "mktemp", "rm", "sh", "sort", "tr")


@pytest.fixture
def script(tmp_path):
    """Runs lines after setup.sh as the user `uid`, with the commands `stubs`; answers the process and where it could leave things."""
    tools, temporary = tmp_path / "tools", tmp_path / "temporary"

    def run(lines, uid, stubs=(), **environment):
        tools.mkdir()
        temporary.mkdir()
        for tool in TOOLS:
            (tools / tool).symlink_to(shutil.which(tool))
        for name, answer in {"id": f"echo {uid}", **dict(stubs)}.items():
            (tools / name).write_text(f"#!/bin/sh\n{answer}\n")
            (tools / name).chmod(0o755)
        text = f"set -eu\nroot='{tmp_path}'\n. '{tree.ROOT}/build-aux/setup.sh'\n{lines}"
        done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, timeout=60,
                              env={"PATH": str(tools), "TMPDIR": str(temporary), **environment})
        return done, os.listdir(temporary)

    return run


def test_who_cannot_install_is_told(script):
    done, left = script("need 'cmd:no-such-command some-package some-package some-package'", 1000)
    assert done.returncode == 1 and left == []
    assert "some-package" in done.stderr and ("install sudo" in done.stderr or "Please install" in done.stderr)


def test_what_root_built_is_given_back_though_it_failed(script, tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    done, left = script(f"trap 'leave \"{folder}\"' EXIT\nquietly no-such-command", 0, {"chown": 'echo "chown $*"'},
                        SUDO_UID="1000", SUDO_GID="100")
    assert done.returncode == 1 and "no-such-command" in done.stderr and left == []
    assert f"chown -R 1000:100 {folder}" in done.stdout


def test_a_signal_leaves_nothing(script):
    done, left = script("kill -TERM $$\nsay unreachable", 1000)
    assert done.returncode == 143 and left == []
