# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each hostile input in tests/hostile.md names tests that exist."""
import re

import tree


def rows():
    for line in tree.text(tree.ROOT / "tests/hostile.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.match(r"\| [A-Z]\d\d ", line):
            yield cells[0], cells[3]


def test_ids_stand_once():
    ids = [id for id, _ in rows()]
    assert len(ids) > 60 and len(set(ids)) == len(ids)


def test_each_case_has_a_test():
    missing = []
    for id, tests in rows():
        named = re.findall(r"`([^`]+)` ([^,`]+)", tests)
        if not named:
            missing.append(id)
        missing += [f"{id}: {path}: {name}" for path, name in named if name.strip() not in tree.text(tree.ROOT / "tests" / path)]
    assert missing == []
