# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guide's recipes give what the guide says, where their data are."""
import csv
import pathlib
import re

import pytest

from conftest import SOURCE, run

DATA = pathlib.Path(SOURCE) / ".." / "shared" / "data"
PAGE = (pathlib.Path(SOURCE) / "doc" / "event-logs.md").read_text(encoding="utf-8")


def recipe(title):
    """The command of a section, and what the section says that it reports."""
    section = PAGE.split(f"## Recipe: {title}\n")[1].split("\n## ")[0]
    command, report = re.search(r"```sh\nvaluechain (.*)\n```\n\n```text\n(.*?)```", section, re.DOTALL).groups()
    return command.split(), report, section


@pytest.mark.parametrize("title, distance", [("the incidents of the BPI Challenge 2013", "2.652"), ("a help desk", "2.159")])
def test_recipes(title, distance, tmp_path):
    (verb, log, out, *options), report, section = recipe(title)
    if not (DATA / log).exists():
        pytest.skip(f"../shared/data/{log} is not there: shared data")
    done = run(verb, DATA / log, out, *options, cwd=tmp_path)
    assert (done.status, done.err.decode()) == (0, report)
    scores = run("score", out, "--measure", "alignment", "--table", "summary", "--format", "csv", cwd=tmp_path).out.decode()
    (row,) = [row for row in csv.DictReader(scores.splitlines()) if row["name"] == "distance"]
    assert f"{float(row['value']):.3f}" == distance and distance in section


def test_relations_of_the_help_desk(tmp_path):
    (verb, log, out, *options), _, section = recipe("a help desk")
    if not (DATA / log).exists():
        pytest.skip(f"../shared/data/{log} is not there: shared data")
    assert run(verb, DATA / log, out, *options, cwd=tmp_path).status == 0
    with open(tmp_path / "relations.csv", encoding="utf-8", newline="") as file:
        rows = {(row["relation"], row["from"], row["to"]): row for row in csv.DictReader(file)}
    assert rows["hand-over", "Value 2", "Value 5"]["cases"] == "1016" and "1,016" in section
    assert rows["working-together", "Value 2", "Value 5"]["cases"] == "1386" and "1,386" in section
