# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stubs: right calls pass a strict type check, wrong ones do not."""
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

RIGHT = """
import valuechain
from valuechain import Alignment, Grouping, Measure

chain = valuechain.load("folder")
scores = chain.score("alignment", group_by="unit")
reach: list[float] = [row for row in scores["parties"].to_pandas()["reach"]]
scores.save("x.vchain", chain)
kept: valuechain.Scores = valuechain.load_scores("x.vchain", "alignment", chain=chain)
listed: valuechain.Table = valuechain.list_scores("x.vchain", chain)
found: valuechain.Scores = chain.explain("alignment", "team", paths=3)
about: str | None = found.get_party()
count: int = chain.get_n_parties()
title: str | None = chain.get_title()
made = valuechain.chain([{"id": "a"}], {"sender": ["a"]}, columns={"flows": {"from": "sender", "kind": None}})
table: valuechain.Table = valuechain.table(made.get_flows(), columns={"source": "from"})
measure: Measure = Alignment(group_by=Grouping.UNIT)
"""
WRONG = [
    "import valuechain; valuechain.load(7)",
    "import valuechain; valuechain.table([], columns={'from': 7})",
    "import valuechain; valuechain.load('x').score(7)",
    "import valuechain; valuechain.load('x').explain('alignment', 7)",
    "import valuechain; valuechain.load('x').get_n_parties() + 'x'",
    "import valuechain; valuechain.load_scores('x', 7)",
    "from valuechain import Alignment; Alignment(colour=1)",
    "from valuechain import Limits; Limits(max_rows='many')",
]


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    folder = tmp_path_factory.mktemp("types")
    bindings = pathlib.Path(os.environ["VC_TEST_SOURCE_DIR"]) / "bindings/python"
    shutil.copytree(bindings / "valuechain", folder / "site/valuechain")
    shutil.copy(pathlib.Path(os.environ["VC_TEST_BUILD_DIR"]) / "bindings/python/_types.pyi", folder / "site/valuechain")

    def run(code):
        (folder / "program.py").write_text(code)
        return subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports", "--allow-subclassing-any",
             "--cache-dir", folder / "cache", folder / "program.py"],
            env={**os.environ, "MYPYPATH": str(folder / "site")}, capture_output=True, text=True, cwd=folder,
        )

    return run


def test_right_calls_pass(check):
    answer = check(RIGHT)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("code", WRONG)
def test_wrong_calls_are_found(check, code):
    answer = check(code)
    assert answer.returncode == 1 and "program.py:1" in answer.stdout, answer.stdout
