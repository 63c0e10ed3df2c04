# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bundled company is what its generator writes, byte for byte."""
import filecmp
import os
import pathlib
import subprocess
import sys

EXAMPLES = pathlib.Path(os.environ["VC_TEST_SOURCE_DIR"]) / "examples"


def test_generator_writes_the_company(tmp_path):
    subprocess.run([sys.executable, EXAMPLES / "company.py", tmp_path / "company"], check=True)
    comparison = filecmp.dircmp(EXAMPLES / "company", tmp_path / "company", ignore=[])
    assert comparison.left_only == comparison.right_only == []
    _, different, unreadable = filecmp.cmpfiles(comparison.left, comparison.right, comparison.common_files, shallow=False)
    assert different == unreadable == []
