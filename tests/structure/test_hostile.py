# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each hostile input in tests/hostile.md names tests that exist, by their whole names, and that are run."""
import re

import tree

ROWS = re.compile(r"\| ([A-Z]\d\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
# What a test is called: in Criterion suite::test, in pytest its function, in GJS its title. A fuzzer is the test that replays its corpus.
DEFINED = {
    ".c": (r"^(?:Parameterized)?Test \((\w+), (\w+)", "::".join),
    ".py": (r"^def (test_\w+) ?\(", lambda names: names[0]),
    ".js": (r"^test\('((?:[^'\\]|\\.)+)'", lambda names: names[0]),
}


def rows():
    """(id, answer, [(path, name of a test), ...]); a last cell that is anything else has no tests."""
    for line in tree.text(tree.ROOT / "tests/hostile.md").splitlines():
        if match := ROWS.fullmatch(line):
            id, _, answer, tests = match.groups()
            named = [re.fullmatch(r"`([^`]+)` ([^`]+)", part) for part in re.split(r", (?=`)", tests)]
            yield id, answer, [part.groups() for part in named] if all(named) else []
        else:
            assert not re.match(r"\| *[A-Z]\d", line), line


def defined(path):
    """The names of the tests in a file; none where nothing runs it."""
    file = tree.ROOT / "tests" / path
    if not file.is_file():
        return set()
    if fuzzer := re.fullmatch(r"fuzz/fuzz-([\w-]+)\.c", path):
        return {f"fuzz {fuzzer[1]}"} if f"'{fuzzer[1]}': files('{file.name}'" in tree.text(file.parent / "meson.build") else set()
    listed = file.stem.removeprefix("test-") if file.suffix == ".js" else file.name
    if file.suffix != ".py" and f"'{listed}'" not in tree.text(file.parent / "meson.build"):
        return set()
    pattern, name = DEFINED[file.suffix]
    found = re.findall(pattern, tree.text(file), re.MULTILINE)
    return {name([names] if isinstance(names, str) else names) for names in found}


def test_ids_stand_once():
    ids = [id for id, _, _ in rows()]
    assert len(ids) > 100 and len(set(ids)) == len(ids)


def test_each_case_has_tests_that_are_run():
    missing = [id for id, _, tests in rows() if not tests]
    missing += [f"{id}: {path}: {name}" for id, _, tests in rows() for path, name in tests if name not in defined(path)]
    assert missing == []


def test_answers_in_capitals_are_codes():
    codes = set(re.findall(r"VC_(?:IMPORT|MEASURE|SAVE)_ERROR_([A-Z_]+)", tree.text(tree.ROOT / "include/valuechain/vc-error.h")))
    others = {"BUSY", "CANCELLED", "CDATA", "DOCTYPE", "JSON", "UTC", "UTF", "XES"}
    words = {(id, word) for id, answer, _ in rows() for word in re.findall(r"\b[A-Z][A-Z_]{2,}\b", answer)}
    assert sorted(f"{id}: {word}" for id, word in words if word not in codes | others) == []
